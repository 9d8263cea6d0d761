//! Scores of the shipped readings, side by side with those of the rules alone.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use vigie_text::language::LanguageHints;
use vigie_text::reading::{Hints, Scratch, read, read_with};
use vigie_text::tone::model::Model;
use vigie_text::tone::{RulesEngine, Target, Tone, ToneClass, ToneEngine, TrainedEngine};

use crate::data::{Example, Failure, Result};
use crate::scores::{Confusion, area};
use crate::sets::{self, Targeted};

/// The weights in a folder.
fn weights(folder: &Path, language: &str) -> Result<Model> {
    let path = folder.join(format!("{language}.bin"));
    let bytes = std::fs::read(&path).map_err(|e| Failure::new(&path, e))?;
    Model::from_bytes(&bytes).ok_or_else(|| Failure::new(&path, "not a file of weights"))
}

fn hints(code: &str) -> Hints<'_> {
    Hints { language: LanguageHints { declared: Some(code), ..LanguageHints::default() }, ..Hints::default() }
}

fn index(class: ToneClass) -> usize {
    match class {
        ToneClass::Negative => 0,
        ToneClass::Positive => 2,
        _ => 1,
    }
}

/// Of two classes, that with the higher probability.
fn of_two(tone: &Tone) -> usize {
    if tone.p_pos >= tone.p_neg { 2 } else { 0 }
}

fn read_all(engine: &dyn ToneEngine, examples: &[Example], code: &str, class: fn(&Tone) -> usize) -> Confusion {
    let mut scratch = Scratch::default();
    let mut confusion = Confusion::default();
    for e in examples {
        let tone = read_with(engine, &e.text, None, &hints(code), &mut scratch).tone;
        confusion.add(e.class, class(&tone));
    }
    confusion
}

/// Prints all scores of the shipped weights, or of those in a folder, and of the rules alone.
pub(crate) fn evaluate(data: &Path, folder: Option<&Path>) -> Result<()> {
    let own = folder.map(|f| Ok((weights(f, "fr")?, weights(f, "en")?))).transpose()?;
    let model = match &own {
        Some((french, english)) => TrainedEngine::new(french, english),
        None => TrainedEngine::shipped(),
    };
    for (name, engine) in [("model", &model as &dyn ToneEngine), ("rules", &RulesEngine)] {
        let three = [
            ("English posts, TweetEval validation", sets::tweeteval(data)?, "en"),
            ("English posts, UMSAB validation", sets::umsab(data, "english", "val")?, "en"),
            (
                "French posts, UMSAB validation (the model learnt from it: see folds)",
                sets::umsab(data, "french", "val")?,
                "fr",
            ),
        ];
        for (set, examples, code) in three {
            let c = read_all(engine, &examples, code, |t| index(t.likeliest()));
            let all = &[0, 1, 2];
            println!(
                "{name}: {set}: macro-recall {:.3}, macro-F1 {:.3}, accuracy {:.3}",
                c.recall(all),
                c.f1(all),
                c.accuracy()
            );
        }
        let two = [
            (
                "French reviews of series",
                [sets::series(data, "train.tsv.gz")?, sets::series(data, "dev.tsv")?].concat(),
            ),
            ("French reviews of insurers", sets::insurers(data)?),
            ("French reviews of shops", sets::shops(data)?),
        ];
        let mut mean = 0.0;
        for (set, examples) in &two {
            let c = read_all(engine, examples, "fr", of_two);
            mean += c.f1(&[0, 2]) / two.len() as f64;
            println!("{name}: {set}: macro-F1 of two classes {:.3}, accuracy {:.3}", c.f1(&[0, 2]), c.accuracy());
        }
        println!("{name}: French reviews, mean of the three sets: macro-F1 {mean:.3}");
        airlines(name, engine, data)?;
        targets(name, engine, data)?;
    }
    languages(data)?;
    complaints(data)
}

/// Recall of languages among posts, all texts counted, and share left undetermined.
fn languages(data: &Path) -> Result<()> {
    let mut scratch = Scratch::default();
    for (language, code) in [("french", "fr"), ("english", "en")] {
        let posts = [sets::umsab(data, language, "train")?, sets::umsab(data, language, "val")?].concat();
        let (mut right, mut undetermined) = (0.0, 0.0);
        for post in &posts {
            match read(&post.text, None, &Hints::default(), &mut scratch).language.code {
                found if found == code => right += 1.0,
                "und" => undetermined += 1.0,
                _ => {}
            }
        }
        let all = posts.len() as f64;
        println!(
            "language: {language} posts ({all}): recall {:.4} of those decided, {:.4} of all; undetermined {:.4}",
            right / (all - undetermined),
            right / all,
            undetermined / all
        );
    }
    Ok(())
}

/// Complaints told from other posts. The cues were chosen looking at the posts of even rows; those of odd rows
/// only measure.
fn complaints(data: &Path) -> Result<()> {
    let mut scratch = Scratch::default();
    let asked = Hints { signals: true, ..hints("en") };
    let mut scored = Vec::new();
    for (text, complains, at_random) in sets::complaints(data)? {
        let reading = read(&text, None, &asked, &mut scratch);
        scored.push((f64::from(reading.intents.complaint), complains, at_random));
    }
    for (which, all_posts) in [("all posts", true), ("posts to brands", false)] {
        for (rows, keep) in [("all rows", [true, true]), ("even rows", [true, false]), ("odd rows", [false, true])] {
            let kept = scored.iter().enumerate().filter(|(at, s)| keep[at % 2] && (all_posts || !s.2));
            let mut pairs: Vec<(f64, bool)> = kept.map(|(_, (score, complains, _))| (*score, *complains)).collect();
            let right = pairs.iter().filter(|(score, complains)| (*score >= 0.5) == *complains).count();
            let accuracy = right as f64 / pairs.len() as f64;
            let (texts, auc) = (pairs.len(), area(&mut pairs));
            println!("complaints, {which}, {rows} ({texts}): AUC {auc:.3}, accuracy {accuracy:.3}");
        }
    }
    // Not labelled as complaints: bad reviews are most of them.
    let asked = Hints { signals: true, ..hints("fr") };
    for (which, reviews) in [("insurers", sets::insurers(data)?), ("shops", sets::shops(data)?)] {
        let score =
            |e: &Example, scratch: &mut Scratch| f64::from(read(&e.text, None, &asked, scratch).intents.complaint);
        let mut pairs: Vec<(f64, bool)> = reviews.iter().map(|e| (score(e, &mut scratch), e.class == 0)).collect();
        println!(
            "complaints, French reviews of {which}, one or two stars or more ({}): AUC {:.3}",
            pairs.len(),
            area(&mut pairs)
        );
    }
    Ok(())
}

/// Where the names of the airlines stand.
fn names(text: &str) -> Vec<Range<usize>> {
    const NAMES: [&str; 10] = [
        "united",
        "virgin america",
        "virginamerica",
        "southwest",
        "americanair",
        "american airlines",
        "us airways",
        "usairways",
        "jetblue",
        "delta",
    ];
    let lower = text.to_ascii_lowercase();
    NAMES.iter().flat_map(|n| lower.match_indices(n).map(|(at, m)| at..at + m.len()).collect::<Vec<_>>()).collect()
}

fn airlines(name: &str, engine: &dyn ToneEngine, data: &Path) -> Result<()> {
    let mut scratch = Scratch::default();
    let mut confusion = Confusion::default();
    let mut brands: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    for (e, airline) in sets::airlines(data)? {
        let masked = names(&e.text);
        let tone = read_with(engine, &e.text, None, &Hints { masked: &masked, ..hints("en") }, &mut scratch).tone;
        let read = index(tone.likeliest());
        confusion.add(e.class, read);
        let sums = brands.entry(airline).or_default();
        sums[0] += 1.0;
        sums[1] += e.class as f64 - 1.0;
        sums[2] += read as f64 - 1.0;
    }
    let all = &[0, 1, 2];
    println!(
        "{name}: airlines: accuracy {:.3}, macro-recall {:.3}, macro-F1 {:.3}",
        confusion.accuracy(),
        confusion.recall(all),
        confusion.f1(all)
    );
    let (truth, found): (Vec<f64>, Vec<f64>) = brands.values().map(|s| (s[1] / s[0], s[2] / s[0])).unzip();
    let error = truth.iter().zip(&found).map(|(a, b)| (a - b).abs()).sum::<f64>() / truth.len() as f64;
    println!(
        "{name}: airlines: rank correlation {:.2}, mean absolute error of net sentiment {error:.3} (no audit)",
        rank_correlation(&truth, &found)
    );
    Ok(())
}

/// Ranks, ties at their mean.
fn ranks(values: &[f64]) -> Vec<f64> {
    let below = |v: f64| values.iter().filter(|x| **x < v).count() as f64;
    let equal = |v: f64| values.iter().filter(|x| **x == v).count() as f64;
    values.iter().map(|v| below(*v) + (equal(*v) - 1.0) / 2.0).collect()
}

fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (ranks(a), ranks(b));
    let mean = (a.len() as f64 - 1.0) / 2.0;
    let product: f64 = a.iter().zip(&b).map(|(x, y)| (x - mean) * (y - mean)).sum();
    let size = |v: &[f64]| v.iter().map(|x| (x - mean).powi(2)).sum::<f64>().sqrt();
    product / (size(&a) * size(&b))
}

/// Tone towards a target beside the tone of the text, all targets of one text asked about together.
fn targets(name: &str, engine: &dyn ToneEngine, data: &Path) -> Result<()> {
    let folder = data.join("target-tone-en");
    for (set, file) in [("posts with a target", "acl14_train.raw.gz"), ("restaurants", "restaurants_train.xml.seg.gz")]
    {
        let mut texts: BTreeMap<String, Vec<Targeted>> = BTreeMap::new();
        for t in sets::targeted(&folder.join(file))? {
            texts.entry(t.text.clone()).or_default().push(t);
        }
        let (mut document, mut near) =
            ([Confusion::default(), Confusion::default()], [Confusion::default(), Confusion::default()]);
        let mut scratch = Scratch::default();
        for (text, asked) in &texts {
            let spans: Vec<[Range<usize>; 1]> = asked.iter().map(|t| [t.span.clone()]).collect();
            let targets: Vec<Target<'_>> = spans.iter().map(|s| Target { spans: s }).collect();
            let masked: Vec<Range<usize>> = asked.iter().map(|t| t.span.clone()).collect();
            let hints = Hints { masked: &masked, targets: &targets, ..hints("en") };
            let reading = read_with(engine, text, None, &hints, &mut scratch);
            let several = usize::from(asked.len() > 1);
            for (t, tone) in asked.iter().zip(&reading.targets) {
                document[several].add(t.class, index(reading.tone.likeliest()));
                near[several].add(t.class, index(tone.likeliest()));
            }
        }
        for (several, which) in [(0, "one target"), (1, "several targets")] {
            println!(
                "{name}: {set}, {which} ({}): macro-F1 of the text {:.3}, towards the target {:.3}; accuracy {:.3}, {:.3}",
                document[several].texts(),
                document[several].f1(&[0, 1, 2]),
                near[several].f1(&[0, 1, 2]),
                document[several].accuracy(),
                near[several].accuracy()
            );
        }
    }
    Ok(())
}
