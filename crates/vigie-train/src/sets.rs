//! The sets of labelled texts: which are learnt from, which are only measured on.
//!
//! Learnt from: sets whose stated licence allows it, never their test parts. Measured on: parts set aside
//! and sets without a stated licence.

use std::collections::HashSet;
use std::path::Path;

use vigie_text::stop_words::Known;

use crate::data::{Example, Result, essence, parallel, tabbed, table, whole};

/// Weight of an English film subtitle or forum comment beside a post: another register.
const OTHER_REGISTER: f32 = 0.3;
/// Weight of a French film subtitle, whose labels were projected from English.
const FRENCH_SUBTITLE: f32 = 0.03;
/// Weight of a review in the English training.
const REVIEW: f32 = 0.5;

/// English posts of SemEval 2013 to 2016, all released as training data of the 2017 task.
const SEMEVAL: [&str; 7] = [
    "twitter-2013train-A.txt.gz",
    "twitter-2013dev-A.txt.gz",
    "twitter-2015train-A.txt.gz",
    "twitter-2016train-A.txt.gz",
    "twitter-2016dev-A.txt.gz",
    "twitter-2016devtest-A.txt.gz",
    "twitter-2016test-A.tsv.gz",
];

/// Emotions of XED by number: anger, anticipation, disgust, fear, joy, sadness, surprise, trust.
fn tone_of_emotions(numbers: &str) -> Option<usize> {
    let mut found = [false; 2];
    for number in numbers.split(',').map(str::trim) {
        match number {
            "1" | "3" | "4" | "6" => found[0] = true,
            "5" | "8" => found[1] = true,
            _ => {}
        }
    }
    match found {
        [true, false] => Some(0),
        [false, true] => Some(2),
        _ => None,
    }
}

/// Texts to learn from, without those whose essence is in `aside`.
pub(crate) fn training(data: &Path, language: Known, aside: &HashSet<String>) -> Result<Vec<Example>> {
    let mut all = match language {
        Known::English => english(data)?,
        Known::French => french(data)?,
    };
    let mut seen = HashSet::new();
    all.retain(|e| {
        let essence = essence(&e.text);
        !essence.is_empty() && !aside.contains(&essence) && seen.insert(essence)
    });
    Ok(all)
}

fn english(data: &Path) -> Result<Vec<Example>> {
    let mut all = Vec::new();
    for file in SEMEVAL {
        for row in tabbed(&data.join("semeval-en").join(file))? {
            let [_, label, text, ..] = row.as_slice() else { continue };
            let class = match label.trim_matches('"') {
                "negative" => 0,
                "positive" => 2,
                l if l.contains("neutral") || l.contains("objective") => 1,
                _ => continue,
            };
            all.push(Example::new(text, class));
        }
    }
    all.extend(umsab(data, "english", "train")?);
    let posts = data.join("vader-groundtruth/tweets_GroundTruth.txt.gz");
    all.extend(rated(&posts, 0.5, 1.0)?);
    let films = data.join("vader-groundtruth/movieReviewSnippets_GroundTruth.txt.gz");
    all.extend(rated(&films, 0.5, REVIEW)?);
    for row in tabbed(&data.join("goemotions/group/train.tsv.gz"))? {
        // ambiguous, negative, neutral, positive
        let class = match row.get(1).map(String::as_str) {
            Some("1") => 0,
            Some("2") => 1,
            Some("3") => 2,
            _ => continue,
        };
        all.push(Example { weight: OTHER_REGISTER, ..Example::new(&row[0], class) });
    }
    all.extend(subtitles(&data.join("xed-en/en-annotated.tsv.gz"), OTHER_REGISTER)?);
    Ok(all)
}

fn french(data: &Path) -> Result<Vec<Example>> {
    let mut all = umsab(data, "french", "train")?;
    all.extend(umsab(data, "french", "val")?);
    all.extend(subtitles(&data.join("xed-fr/fr-projections.tsv.gz"), FRENCH_SUBTITLE)?);
    Ok(all)
}

/// Posts of one language of UMSAB.
pub(crate) fn umsab(data: &Path, language: &str, part: &str) -> Result<Vec<Example>> {
    let folder = data.join("xlmt-umsab").join(language);
    parallel(&folder.join(format!("{part}_text.txt.gz")), &folder.join(format!("{part}_labels.txt")))
}

/// Texts with a mean rating from -4 to 4; neutral closer to 0 than `border`.
fn rated(path: &Path, border: f64, weight: f32) -> Result<Vec<Example>> {
    let example = |row: &Vec<String>| {
        let rating: f64 = row.get(1)?.parse().ok()?;
        let class = if rating >= border { 2 } else { usize::from(rating > -border) };
        Some(Example { weight, ..Example::new(row.get(2)?, class) })
    };
    Ok(tabbed(path)?.iter().filter_map(example).collect())
}

/// Film subtitles with emotions.
fn subtitles(path: &Path, weight: f32) -> Result<Vec<Example>> {
    let example = |row: &Vec<String>| {
        let class = tone_of_emotions(row.get(1)?)?;
        Some(Example { weight, ..Example::new(&row[0], class) })
    };
    Ok(tabbed(path)?.iter().filter_map(example).collect())
}

/// The validation part of TweetEval, set aside: it was drawn from the same posts as the training files.
pub(crate) fn tweeteval(data: &Path) -> Result<Vec<Example>> {
    let folder = data.join("tweeteval/sentiment");
    parallel(&folder.join("val_text.txt.gz"), &folder.join("val_labels.txt"))
}

/// What must not be learnt from: the essence of each text set aside.
pub(crate) fn aside(data: &Path) -> Result<HashSet<String>> {
    let mut aside: HashSet<String> = tweeteval(data)?.iter().map(|e| essence(&e.text)).collect();
    aside.extend(umsab(data, "english", "val")?.iter().map(|e| essence(&e.text)));
    Ok(aside)
}

/// French reviews of series, good or bad (measured on only).
pub(crate) fn series(data: &Path, part: &str) -> Result<Vec<Example>> {
    let example = |row: &Vec<String>| Some(Example::new(row.get(1)?, if row[0] == "1" { 2 } else { 0 }));
    Ok(tabbed(&data.join("series-tv-fr").join(part))?.iter().filter_map(example).collect())
}

/// French reviews with stars: one or two are bad, four or five good, three left out (measured on only).
fn starred(rows: Vec<[String; 2]>) -> Vec<Example> {
    let class = |stars: &str| match stars.trim().parse::<f64>().ok()? as i64 {
        1 | 2 => Some(0),
        4 | 5 => Some(2),
        _ => None,
    };
    rows.into_iter().filter_map(|[text, stars]| Some(Example::new(text, class(&stars)?))).collect()
}

/// French reviews of insurers (measured on only).
pub(crate) fn insurers(data: &Path) -> Result<Vec<Example>> {
    Ok(starred(table(&data.join("assurances-fr/avis_1_traduit.csv.gz"), ["avis", "note"])?))
}

/// French reviews of shops (measured on only).
pub(crate) fn shops(data: &Path) -> Result<Vec<Example>> {
    Ok(starred(table(&data.join("trustpilot-fr-2021/trustpilot_to_predict.csv.gz"), ["review", "rating"])?))
}

/// English posts to airlines: text, class, airline (measured on only).
pub(crate) fn airlines(data: &Path) -> Result<Vec<(Example, String)>> {
    let rows = table(&data.join("airlines-us-2015/Tweets.csv.gz"), ["text", "airline_sentiment", "airline"])?;
    let class = |label: &str| ["negative", "neutral", "positive"].iter().position(|l| *l == label);
    Ok(rows
        .into_iter()
        .filter_map(|[text, label, airline]| Some((Example::new(text, class(&label)?), airline)))
        .collect())
}

/// A text, where its target is named, and the tone towards it.
#[derive(Debug, Clone)]
pub(crate) struct Targeted {
    pub(crate) text: String,
    pub(crate) span: std::ops::Range<usize>,
    pub(crate) class: usize,
}

/// Texts in three lines: with `$T$` for the target, the target, the tone from -1 to 1 (measured on only).
pub(crate) fn targeted(path: &Path) -> Result<Vec<Targeted>> {
    let content = whole(path)?;
    let lines: Vec<&str> = content.lines().collect();
    let example = |record: &[&str]| {
        let [text, target, tone] = record else { return None };
        let at = text.find("$T$")?;
        let text = text.replacen("$T$", target.trim(), 1);
        let class = (tone.trim().parse::<i64>().ok()? + 1) as usize;
        Some(Targeted { text, span: at..at + target.trim().len(), class })
    };
    Ok(lines.chunks(3).filter_map(example).collect())
}

/// English posts that are complaints or not; the second is true for posts taken at random rather than sent
/// to a brand (measured on only).
pub(crate) fn complaints(data: &Path) -> Result<Vec<(String, bool, bool)>> {
    let content = whole(&data.join("complaints/complaints-data.csv.gz"))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(content.as_bytes());
    let post = |row: csv::StringRecord| {
        let text = row.get(1)?.to_owned();
        Some((text, row.get(2)? == "1", row.get(3)?.starts_with("random")))
    };
    Ok(reader.records().filter_map(std::result::Result::ok).filter_map(post).collect())
}
