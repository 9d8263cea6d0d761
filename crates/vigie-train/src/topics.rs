//! How well topics of short texts are found: texts labelled by subject (measured on only).

use std::collections::BTreeMap;
use std::path::Path;

use vigie_text::language::LanguageHints;
use vigie_text::reading::{Hints, Scratch, read};
use vigie_topics::{Document, Settings, fit};

use crate::data::{Failure, Result, whole};

/// Files of texts and of their subjects.
const SETS: [(&str, &str, &str); 4] = [
    ("posts", "Tweet.txt.gz", "Tweet_LABEL.txt.gz"),
    ("web snippets", "SearchSnippets.txt.gz", "SearchSnippets_label.txt.gz"),
    ("questions", "StackOverflow.txt.gz", "StackOverflow_label.txt.gz"),
    ("headlines", "GoogleNews.txt.gz", "GoogleNews_LABEL.txt.gz"),
];

/// Prints the agreement of topics with subjects.
pub(crate) fn evaluate(data: &Path) -> Result<()> {
    let folder = data.join("topics-short");
    let mut mean = 0.0;
    for (name, texts, labels) in SETS {
        let (lines, subjects) = (whole(&folder.join(texts))?, whole(&folder.join(labels))?);
        let lines: Vec<&str> = lines.trim_end_matches('\n').lines().collect();
        let subjects: Vec<&str> = subjects.split_whitespace().collect();
        if lines.len() != subjects.len() {
            return Err(Failure::new(&folder.join(texts), format!("{} texts, {} labels", lines.len(), subjects.len())));
        }
        let documents = documents(&lines);
        // Every subject counts, however rare: what is too small to be shown is not judged here.
        let settings = Settings { least_share: 0.0, least_authors: 1, refits: 0, ..Settings::default() };
        let topics = fit(&documents, settings);
        let nmi = agreement(topics.of_document.iter().map(|t| t.unwrap_or(usize::MAX)), subjects.iter());
        mean += nmi / SETS.len() as f64;
        let without = topics.of_document.iter().filter(|t| t.is_none()).count();
        println!(
            "topics: {name} ({} texts): {} topics, {without} texts without, NMI {nmi:.3}",
            lines.len(),
            topics.topics.len()
        );
    }
    println!("topics: mean of the four sets: NMI {mean:.3}");
    Ok(())
}

/// The terms of texts, one or two words each.
fn documents(lines: &[&str]) -> Vec<Document> {
    let mut scratch = Scratch::default();
    let language = LanguageHints { declared: Some("en"), ..LanguageHints::default() };
    let hints = Hints { language, terms: true, ..Hints::default() };
    let document = |line: &&str| {
        let terms = read(line, None, &hints, &mut scratch).terms;
        Document { terms: terms.iter().filter(|t| t.words <= 2).map(|t| t.id).collect(), author: None }
    };
    lines.iter().map(document).collect()
}

/// Normalised mutual information of two labellings, over the mean of their entropies.
fn agreement<A: Ord + Copy, B: Ord + Copy>(a: impl Iterator<Item = A>, b: impl Iterator<Item = B>) -> f64 {
    let mut both: BTreeMap<(A, B), f64> = BTreeMap::new();
    let (mut first, mut second): (BTreeMap<A, f64>, BTreeMap<B, f64>) = (BTreeMap::new(), BTreeMap::new());
    let mut all = 0.0;
    for (x, y) in a.zip(b) {
        *both.entry((x, y)).or_default() += 1.0;
        *first.entry(x).or_default() += 1.0;
        *second.entry(y).or_default() += 1.0;
        all += 1.0;
    }
    let entropy = |count: f64| -count / all * libm::log(count / all);
    let of_first: f64 = first.values().map(|n| entropy(*n)).sum();
    let of_second: f64 = second.values().map(|n| entropy(*n)).sum();
    let of_both: f64 = both.values().map(|n| entropy(*n)).sum();
    let shared = of_first + of_second - of_both;
    let mean = f64::midpoint(of_first, of_second);
    if mean > 0.0 { shared / mean } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_of_known_labellings() {
        let nmi = |a: &[u8], b: &[u8]| agreement(a.iter(), b.iter());
        assert!((nmi(&[0, 0, 1, 1], &[5, 5, 9, 9]) - 1.0).abs() < 1e-12);
        assert!(nmi(&[0, 1, 0, 1], &[0, 0, 1, 1]).abs() < 1e-12);
        // As scikit-learn computes it.
        assert!(
            (nmi(&[0, 0, 1, 1, 2, 2], &[0, 0, 0, 1, 1, 1]) - 0.515_803_7).abs() < 1e-6,
            "{}",
            nmi(&[0, 0, 1, 1, 2, 2], &[0, 0, 0, 1, 1, 1])
        );
    }
}
