//! Makes the weights of the emotion model, and measures them on texts they did not learn from.
//!
//! Learnt from: GoEmotions (Apache-2.0), XED (CC BY 4.0), and neutral French posts of UMSAB (Apache-2.0).
//! Measured on: what was left out of them, and the emotion part of TweetEval, whose posts were gathered for
//! research: weights learnt from its training part measure the engine, and are thrown away.

use std::path::Path;

use vigie_text::emotion::{Emotion, EmotionModel};
use vigie_text::stop_words::Known;

use crate::data::{Example, Failure, Result, parallel, tabbed, whole};
use crate::fit::{Seen, Settings, fit_classes, refit_classes, temperature_of_classes};
use crate::scores::area;
use crate::sets::umsab;
use crate::train::{code, seen};

const CLASSES: usize = Emotion::ALL.len();
/// Part of the texts left out: one in so many.
const FOLDS: usize = 5;
/// Weight of a film subtitle beside a forum comment, in English.
const SUBTITLE: f32 = 0.3;

/// Rare emotions count more than their number, not as much as frequent ones: neutral is most of any talk.
const SETTINGS: Settings = Settings { passes: 4, step: 0.03, dense_step: 0.02, decay: 1e-6, balance: 0.5 };

fn of_name(name: &str) -> Option<usize> {
    Emotion::ALL.iter().position(|e| e.as_str() == name)
}

/// One part of GoEmotions in the classes of Ekman; texts with one emotion only.
fn goemotions(data: &Path, part: &str) -> Result<Vec<Example>> {
    let folder = data.join("goemotions/ekman");
    let names = whole(&folder.join("labels.txt"))?;
    let names: Vec<Option<usize>> = names.lines().map(|n| of_name(n.trim())).collect();
    let example = |row: &Vec<String>| {
        let number: usize = row.get(1)?.parse().ok()?;
        Some(Example::new(&row[0], (*names.get(number)?)?))
    };
    Ok(tabbed(&folder.join(part))?.iter().filter_map(example).collect())
}

/// Emotion of a number of XED: anger, anticipation, disgust, fear, joy, sadness, surprise, trust. Those who
/// only wait or trust show none of the emotions read.
fn of_number(number: &str) -> Option<Emotion> {
    match number.trim() {
        "1" => Some(Emotion::Anger),
        "2" | "8" => Some(Emotion::Neutral),
        "3" => Some(Emotion::Disgust),
        "4" => Some(Emotion::Fear),
        "5" => Some(Emotion::Joy),
        "6" => Some(Emotion::Sadness),
        "7" => Some(Emotion::Surprise),
        _ => None,
    }
}

/// Film subtitles with one emotion.
fn subtitles(path: &Path, weight: f32) -> Result<Vec<Example>> {
    let example =
        |row: &Vec<String>| Some(Example { weight, ..Example::new(&row[0], of_number(row.get(1)?)? as usize) });
    Ok(tabbed(path)?.iter().filter_map(example).collect())
}

/// Texts to learn from.
fn training(data: &Path, language: Known) -> Result<Vec<Example>> {
    let neutral = Emotion::Neutral as usize;
    match language {
        Known::English => {
            let mut all = goemotions(data, "train.tsv.gz")?;
            all.extend(subtitles(&data.join("xed-en/en-annotated.tsv.gz"), SUBTITLE)?);
            let lines = whole(&data.join("xed-en/neu_en.txt.gz"))?;
            all.extend(lines.lines().map(|line| Example { weight: SUBTITLE, ..Example::new(line, neutral) }));
            Ok(all)
        }
        Known::French => {
            let mut all = subtitles(&data.join("xed-fr/fr-projections.tsv.gz"), 1.0)?;
            let posts = [umsab(data, "french", "train")?, umsab(data, "french", "val")?].concat();
            all.extend(posts.into_iter().filter(|e| e.class == 1).map(|e| Example { class: neutral, ..e }));
            Ok(all)
        }
    }
}

/// All examples but one in [`FOLDS`], and those.
fn part(examples: &[Seen], fold: usize) -> (Vec<Seen>, Vec<Seen>) {
    let (out, kept): (Vec<_>, Vec<_>) = examples.iter().cloned().enumerate().partition(|(at, _)| at % FOLDS == fold);
    let plain = |all: Vec<(usize, Seen)>| all.into_iter().map(|(_, e)| e).collect();
    (plain(kept), plain(out))
}

/// Fits the weights of both languages and writes them to `out`.
pub(crate) fn train(data: &Path, out: &Path) -> Result<()> {
    for language in [Known::English, Known::French] {
        let examples = seen(&training(data, language)?, language);
        let (kept, left_out) = part(&examples, 0);
        let temperature = temperature_of_classes(&fit_classes::<CLASSES>(&kept, SETTINGS), &left_out);
        let model = EmotionModel { temperature, ..fit_classes(&examples, SETTINGS) };
        let path = out.join(format!("{}.bin", code(language)));
        std::fs::write(&path, model.to_bytes()).map_err(|e| Failure::new(&path, e))?;
        println!("{}", path.display());
    }
    Ok(())
}

/// Prints how well emotions are read.
pub(crate) fn evaluate(data: &Path) -> Result<()> {
    let english = seen(&training(data, Known::English)?, Known::English);
    let (kept, left_out) = part(&english, 0);
    let mut model: EmotionModel = fit_classes(&kept, SETTINGS);
    model.temperature = temperature_of_classes(&model, &left_out);
    engine(data, &model)?;
    let comments = seen(&goemotions(data, "dev.tsv.gz")?, Known::English);
    show("English comments, GoEmotions dev", &model, &comments);
    let names = [Some(Emotion::Anger), Some(Emotion::Joy), None, Some(Emotion::Sadness)];
    let posts = seen(&tweeteval(data, "val")?, Known::English);
    let posts = posts.into_iter().filter_map(|e| Some(Seen { class: (*names.get(e.class)?)? as usize, ..e }));
    show("English posts, TweetEval validation without optimism", &model, &posts.collect::<Vec<_>>());
    let french = seen(&training(data, Known::French)?, Known::French);
    let (mut pairs, mut read) = (Vec::new(), 0.0);
    for fold in 0..FOLDS {
        let (kept, left_out) = part(&french, fold);
        let model: EmotionModel = fit_classes(&kept, SETTINGS);
        read += left_out.len() as f64;
        pairs.extend(left_out.iter().map(|e| (model.probabilities(&e.features), e.class)));
    }
    print("French subtitles and posts, five folds", read, &pairs);
    Ok(())
}

/// Emotion posts of TweetEval: 0 anger, 1 joy, 2 optimism, 3 sadness.
fn tweeteval(data: &Path, part: &str) -> Result<Vec<Example>> {
    let folder = data.join("tweeteval/emotion");
    parallel(&folder.join(format!("{part}_text.txt.gz")), &folder.join(format!("{part}_labels.txt")))
}

/// The engine by the protocol of TweetEval: its own classes, learnt from its training part, once from nothing
/// and once from weights that know comments and subtitles.
fn engine(data: &Path, general: &EmotionModel) -> Result<()> {
    let learnt = seen(&tweeteval(data, "train")?, Known::English);
    let asked = seen(&tweeteval(data, "val")?, Known::English);
    let settings = Settings { passes: 6, step: 0.05, dense_step: 0.05, ..SETTINGS };
    // Optimism starts as joy.
    let like = [Emotion::Anger, Emotion::Joy, Emotion::Joy, Emotion::Sadness].map(|e| e as usize);
    let starts = [
        ("from nothing", fit_classes::<4>(&learnt, settings)),
        ("from the general weights", refit_classes(general, like, &learnt, settings)),
    ];
    for (start, model) in starts {
        let pairs: Vec<_> = asked.iter().map(|e| (model.probabilities(&e.features), e.class)).collect();
        let (f1, accuracy) = f1(&pairs, &[0, 1, 2, 3]);
        println!(
            "emotion: engine by the protocol of TweetEval, {start} ({}): macro-F1 {f1:.3}, accuracy {accuracy:.3}",
            asked.len()
        );
    }
    Ok(())
}

fn show(name: &str, model: &EmotionModel, asked: &[Seen]) {
    let pairs: Vec<_> = asked.iter().map(|e| (model.probabilities(&e.features), e.class)).collect();
    print(name, asked.len() as f64, &pairs);
}

fn print(name: &str, texts: f64, pairs: &[([f64; CLASSES], usize)]) {
    let there: Vec<usize> = (0..CLASSES).filter(|c| pairs.iter().any(|(_, truth)| truth == c)).collect();
    let (f1, accuracy) = f1(pairs, &there);
    println!("emotion: {name} ({texts}): macro-F1 of {} classes {f1:.3}, accuracy {accuracy:.3}", there.len());
    for emotion in [Emotion::Anger, Emotion::Joy] {
        let at = emotion as usize;
        let mut scored: Vec<(f64, bool)> = pairs.iter().map(|(p, truth)| (p[at], *truth == at)).collect();
        let truly = scored.iter().filter(|s| s.1).count() as f64 / texts;
        let said = scored.iter().map(|s| s.0).sum::<f64>() / texts;
        println!(
            "emotion: {name}: {}: AUC {:.3}, share {truly:.3}, read {said:.3}",
            emotion.as_str(),
            area(&mut scored)
        );
    }
}

/// Mean F1 over `classes`, of which the likeliest is read, and the share read right.
fn f1<const N: usize>(pairs: &[([f64; N], usize)], classes: &[usize]) -> (f64, f64) {
    let mut counts = [[0.0_f64; N]; N];
    for (p, truth) in pairs {
        let read = classes.iter().copied().max_by(|a, b| p[*a].total_cmp(&p[*b])).unwrap_or(0);
        counts[*truth][read] += 1.0;
    }
    let of = |c: &usize| {
        let truly: f64 = counts[*c].iter().sum();
        let said: f64 = counts.iter().map(|row| row[*c]).sum();
        2.0 * counts[*c][*c] / (truly + said).max(1.0)
    };
    let right: f64 = (0..N).map(|c| counts[c][c]).sum();
    (classes.iter().map(of).sum::<f64>() / classes.len() as f64, right / (pairs.len() as f64).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f1_of_known_counts() {
        let read = |class: usize| std::array::from_fn::<f64, 3, _>(|c| if c == class { 0.8 } else { 0.1 });
        let pairs = [(read(0), 0), (read(1), 0), (read(1), 1), (read(2), 2)];
        let (f1, accuracy) = f1(&pairs, &[0, 1, 2]);
        assert!((f1 - (2.0 / 3.0 + 2.0 / 3.0 + 1.0) / 3.0).abs() < 1e-12 && accuracy == 0.75);
    }

    #[test]
    fn numbers_and_names_are_emotions() {
        assert_eq!((of_number(" 5"), of_number("9")), (Some(Emotion::Joy), None));
        assert_eq!((of_name("anger"), of_name("love")), (Some(0), None));
    }
}
