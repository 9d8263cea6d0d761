//! How well texts are read, on public labelled posts that are not part of the repository.
//!
//! Set `VIGIE_DATA` to the folder that holds `xlmt-umsab` and `airlines-us-2015`, then run
//! `cargo test -p vigie-text --test measures -- --nocapture`. Without it the test says that it did not
//! run. Only validation files are used here, never test files.

#![expect(
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "the figures are what this test is for, and a broken data file must stop it"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use vigie_text::language::LanguageHints;
use vigie_text::reading::{Hints, Scratch, read};
use vigie_text::tone::ToneClass;

const CLASSES: [ToneClass; 3] = [ToneClass::Negative, ToneClass::Neutral, ToneClass::Positive];

fn data(set: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("VIGIE_DATA").map(|root| Path::new(&root).join(set)).filter(|f| f.is_dir());
    if folder.is_none() {
        eprintln!("DID NOT RUN: {set} was not found under VIGIE_DATA");
    }
    folder
}

fn unzip(path: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

/// Posts and labels (0 negative, 1 neutral, 2 positive) of one language.
fn posts(folder: &Path, language: &str, split: &str) -> Vec<(String, usize)> {
    let texts = unzip(&folder.join(language).join(format!("{split}_text.txt.gz")));
    let labels = fs::read_to_string(folder.join(language).join(format!("{split}_labels.txt"))).unwrap();
    let labels = labels.split_whitespace().map(|l| l.parse().unwrap());
    texts.trim_end_matches('\n').split('\n').map(str::to_owned).zip(labels).collect()
}

/// Counts by true class and class read. Unknown counts as neutral.
type Confusion = [[f64; 3]; 3];

fn confusion(posts: &[(String, usize)], code: &str) -> Confusion {
    let hints =
        Hints { language: LanguageHints { declared: Some(code), ..LanguageHints::default() }, ..Hints::default() };
    let mut scratch = Scratch::default();
    let mut counts = Confusion::default();
    for (text, label) in posts {
        let class = read(text, None, &hints, &mut scratch).tone.likeliest();
        counts[*label][CLASSES.iter().position(|c| *c == class).unwrap_or(1)] += 1.0;
    }
    counts
}

/// Mean over the classes of F1 and of recall.
fn macro_scores(counts: &Confusion) -> (f64, f64) {
    let (mut f1, mut recall) = (0.0, 0.0);
    for class in 0..3 {
        let truly: f64 = counts[class].iter().sum();
        let said: f64 = counts.iter().map(|row| row[class]).sum();
        f1 += 2.0 * counts[class][class] / (truly + said).max(1.0) / 3.0;
        recall += counts[class][class] / truly.max(1.0) / 3.0;
    }
    (f1, recall)
}

#[test]
fn tone_of_posts() {
    let Some(folder) = data("xlmt-umsab") else { return };
    for (language, code, floor) in [("french", "fr", 0.60), ("english", "en", 0.60)] {
        let (f1, recall) = macro_scores(&confusion(&posts(&folder, language, "val"), code));
        eprintln!("tone, {language} posts (validation): macro-F1 {f1:.3}, macro-recall {recall:.3}");
        assert!(f1 >= floor, "{language}: {f1}");
    }
}

#[test]
fn language_of_posts() {
    let Some(folder) = data("xlmt-umsab") else { return };
    let mut scratch = Scratch::default();
    for (language, code, floor) in [
        ("french", "fr", 0.97),
        ("english", "en", 0.97),
        ("german", "de", 0.9),
        ("spanish", "es", 0.9),
        ("italian", "it", 0.9),
        ("portuguese", "pt", 0.9),
        ("arabic", "ar", 0.9),
    ] {
        let posts = posts(&folder, language, "val");
        let mut found: BTreeMap<&str, u32> = BTreeMap::new();
        for (text, _) in &posts {
            *found.entry(read(text, None, &Hints::default(), &mut scratch).language.code).or_insert(0) += 1;
        }
        let decided = posts.len() as u32 - found.get("und").copied().unwrap_or(0);
        let recall = f64::from(found.get(code).copied().unwrap_or(0)) / f64::from(decided);
        eprintln!("language, {language} posts: recall {recall:.3} among {decided} decided; read as {found:?}");
        assert!(recall >= floor, "{language}: {recall}");
    }
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

/// Where the names of the airlines stand: their words are brand names, not opinions.
fn names(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let brands = [
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
    brands
        .iter()
        .flat_map(|b| lower.match_indices(b).map(|(at, found)| at..at + found.len()).collect::<Vec<_>>())
        .collect()
}

#[test]
fn airlines_come_in_the_right_order() {
    let Some(folder) = data("airlines-us-2015") else { return };
    let table = unzip(&folder.join("Tweets.csv.gz"));
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let headers = rows.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|h| h == name).unwrap();
    let (label, airline, text) = (column("airline_sentiment"), column("airline"), column("text"));
    let hints =
        Hints { language: LanguageHints { declared: Some("en"), ..LanguageHints::default() }, ..Hints::default() };
    let mut scratch = Scratch::default();
    let mut brands: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    let mut counts = Confusion::default();
    for row in rows.records() {
        let row = row.unwrap();
        let truth = ["negative", "neutral", "positive"].iter().position(|l| *l == &row[label]).unwrap();
        let masked = names(&row[text]);
        let tone = read(&row[text], None, &Hints { masked: &masked, ..hints }, &mut scratch).tone;
        let class = CLASSES.iter().position(|c| *c == tone.likeliest()).unwrap_or(1);
        counts[truth][class] += 1.0;
        let sums = brands.entry(row[airline].to_owned()).or_default();
        sums[0] += 1.0;
        sums[1] += truth as f64 - 1.0;
        sums[2] += class as f64 - 1.0;
    }
    let (f1, recall) = macro_scores(&counts);
    let right: f64 = (0..3).map(|c| counts[c][c]).sum::<f64>() / counts.iter().flatten().sum::<f64>();
    let (truth, found): (Vec<f64>, Vec<f64>) = brands.values().map(|s| (s[1] / s[0], s[2] / s[0])).unzip();
    let order = rank_correlation(&truth, &found);
    eprintln!(
        "tone, airlines: accuracy {right:.3}, macro-F1 {f1:.3}, macro-recall {recall:.3}; order of the six brands {order:.2}"
    );
    for (brand, sums) in &brands {
        eprintln!("  {brand}: net sentiment {:+.3}, read {:+.3}", sums[1] / sums[0], sums[2] / sums[0]);
    }
    assert!(order >= 0.9, "{order}");
    assert!(right >= 0.63, "no better than always saying negative: {right}");
}
