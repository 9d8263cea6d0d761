//! The words of topics: their terms as people write them, and the text that says most.

use std::collections::{BTreeMap, BTreeSet};

use vigie_text::reading::Scratch;
use vigie_text::terms::Surfaces;
use vigie_topics::{Topic, Topics};

use super::TopicsJob;
use super::gathered::{Gathered, Month, columns, read_terms};
use crate::input;
use crate::{Error, fill};

/// Terms of a label.
const MOST_TERMS: usize = 5;
/// Texts in which the spelling of a term is looked up.
const MOST_TEXTS: usize = 50;
/// Characters of a quote.
const MOST_CHARS: usize = 280;

/// Spellings and quotes.
pub(super) struct Words {
    surfaces: Surfaces,
    /// Text of the rows that are quoted.
    quotes: BTreeMap<u64, String>,
}

impl Words {
    /// Reads the rows that matter again.
    pub(super) fn read(job: &TopicsJob<'_>, gathered: &Gathered, found: &[Topics]) -> Result<Self, Error> {
        let mut words = Self { surfaces: Surfaces::default(), quotes: BTreeMap::new() };
        let quoted: BTreeSet<u64> = gathered
            .months
            .iter()
            .zip(found)
            .flat_map(|(month, topics)| topics.topics.iter().map(|t| month.rows[t.central]))
            .collect();
        let spelled = spelled(gathered, found);
        let Some(last) = quoted.iter().chain(spelled.keys()).max() else { return Ok(words) };
        let mut rows = input::open(job.file, &columns(job))?;
        let mut scratch = Scratch::default();
        let mut at = 0;
        let mut chunk = Vec::new();
        while at <= *last {
            chunk.clear();
            // A file that breaks off breaks off after the rows gathered.
            let ended = fill(&mut chunk, rows.as_mut()).unwrap_or(true);
            for row in chunk.drain(..) {
                let text = row.text.as_deref().unwrap_or_default();
                if quoted.contains(&at) {
                    words.quotes.insert(at, text.trim().chars().take(MOST_CHARS).collect());
                }
                if let Some(wanted) = spelled.get(&at)
                    && let Some(reading) = read_terms(&row, job, &mut scratch)
                {
                    for term in reading.terms.iter().filter(|t| wanted.contains(&t.id)) {
                        let field = if term.in_title { row.title.as_deref().unwrap_or_default().trim() } else { text };
                        words.surfaces.note(term, field);
                    }
                }
                at += 1;
            }
            if ended {
                break;
            }
        }
        Ok(words)
    }

    /// The terms that set a topic apart most, none of which is part of another.
    pub(super) fn label(&self, topic: &Topic) -> Vec<&str> {
        let mut label: Vec<&str> = Vec::new();
        let within = |a: &str, b: &str| format!(" {a} ").contains(&format!(" {b} "));
        for surface in topic.terms.iter().filter_map(|t| self.surfaces.display(*t)) {
            if label.len() < MOST_TERMS && !label.iter().any(|l| within(l, surface) || within(surface, l)) {
                label.push(surface);
            }
        }
        label
    }

    /// The text that says most of a topic.
    pub(super) fn quote(&self, month: &Month, topic: &Topic) -> Option<&str> {
        self.quotes.get(&month.rows[topic.central]).map(String::as_str)
    }
}

/// Which terms are looked up in which rows: those of all topics, each in the first texts that hold it.
fn spelled(gathered: &Gathered, found: &[Topics]) -> BTreeMap<u64, BTreeSet<u64>> {
    let mut left: BTreeMap<u64, usize> =
        found.iter().flat_map(|t| &t.topics).flat_map(|t| &t.terms).map(|term| (*term, MOST_TEXTS)).collect();
    let mut rows: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for month in &gathered.months {
        for (document, row) in month.documents.iter().zip(&month.rows) {
            for term in &document.terms {
                if let Some(left) = left.get_mut(term).filter(|left| **left > 0) {
                    *left -= 1;
                    rows.entry(*row).or_default().insert(*term);
                }
            }
        }
    }
    rows
}
