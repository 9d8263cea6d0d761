//! The topics of a table of texts, month by month.
//!
//! The file is read twice: once for the terms of its texts, and once for the words of the topics found. Copies of a
//! text count once.

mod gathered;
mod words;

use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};
use vigie_topics::{Followed, Origin, Settings, Topic, Topics, fit, track};

use crate::{Error, Summary};
use gathered::{Gathered, Month, gather};
use words::Words;

/// A table whose topics are wanted.
pub struct TopicsJob<'a> {
    /// The table.
    pub file: &'a Path,
    /// Column of the texts.
    pub text: String,
    /// Column of their titles.
    pub title: Option<String>,
    /// Column that states their languages.
    pub lang: Option<String>,
    /// Column of their dates; none: the table is one month.
    pub date: Option<String>,
    /// Column of their authors; none: each text has an author of its own.
    pub author: Option<String>,
    /// The language of texts that do not say it themselves (BCP 47).
    pub source_language: Option<String>,
    /// Fewest authors of a topic.
    pub least_authors: usize,
}

/// What was found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct TopicsSummary {
    /// What was read.
    pub read: Summary,
    /// Rows whose date was not understood: they are in no month.
    pub without_date: u64,
    /// Months with texts.
    pub months: usize,
    /// Topics shown, all months together.
    pub topics: usize,
    /// Topics hidden because other samples of the texts do not show them.
    pub hidden: usize,
}

/// Finds the topics of each month of a table: one JSON object per topic and month to `out`, and to `rows`, when given,
/// one per row of the table in its order. `progress` is told how many rows were read so far.
///
/// # Errors
/// When the file cannot be opened or has no such column, or `out` or `rows` cannot be written. When the rest of the
/// file cannot be read: the topics of the rows before are written.
pub fn topics(
    job: &TopicsJob<'_>,
    out: &mut dyn Write,
    rows: Option<&mut dyn Write>,
    progress: &mut dyn FnMut(u64),
) -> Result<TopicsSummary, Error> {
    let (gathered, broken) = gather(job, progress)?;
    let settings = Settings { least_authors: job.least_authors, ..Settings::default() };
    let found: Vec<Topics> = gathered.months.iter().map(|month| fit(&month.documents, settings)).collect();
    let words = Words::read(job, &gathered, &found)?;
    let mut out = BufWriter::new(out);
    let mut followed: Vec<Vec<Followed>> = Vec::new();
    let mut next = 1;
    for (topics, month) in found.iter().zip(&gathered.months) {
        let before = followed.last().map_or(&[] as &[Followed], Vec::as_slice);
        let users: Vec<&[(u64, u32)]> = topics.topics.iter().map(|t| t.users.as_slice()).collect();
        let now = track(before, &users, &mut next);
        for (topic, follow) in topics.topics.iter().zip(&now) {
            writeln!(out, "{}", told(month, topic, follow, &words))?;
        }
        for ended in before.iter().filter(|b| now.iter().all(|n| n.id != b.id)) {
            writeln!(out, "{}", json!({"month": month.name, "topic": ended.id, "state": "ended", "texts": 0}))?;
        }
        followed.push(now);
    }
    out.flush()?;
    if let Some(rows) = rows {
        write_rows(&gathered, &found, &followed, rows)?;
    }
    let summary = TopicsSummary {
        months: found.len(),
        topics: found.iter().map(|t| t.topics.len()).sum(),
        hidden: found.iter().map(|t| t.hidden).sum(),
        without_date: gathered.without_date,
        read: gathered.summary,
    };
    match broken {
        Some(error) => Err(error),
        None => Ok(summary),
    }
}

/// One topic of one month.
fn told(month: &Month, topic: &Topic, follow: &Followed, words: &Words) -> Value {
    let thousandths = |x: f64| (x * 1e3).round() / 1e3;
    json!({
        "month": month.name,
        "topic": follow.id,
        "state": match follow.origin { Origin::New => "new", Origin::CarriedOn => "continued" },
        "texts": topic.documents,
        "share": thousandths(topic.documents as f64 / month.documents.len() as f64),
        "authors": topic.authors,
        "stability": topic.stability.map(thousandths),
        "label": words.label(topic),
        "quote": words.quote(month, topic),
    })
}

/// The topic of each row; copies have that of the text they copy.
fn write_rows(
    gathered: &Gathered,
    found: &[Topics],
    followed: &[Vec<Followed>],
    rows: &mut dyn Write,
) -> Result<(), Error> {
    let mut rows = BufWriter::new(rows);
    for (at, place) in gathered.of_row.iter().enumerate() {
        let topic = place.and_then(|(month, document)| {
            let topic = found[month as usize].of_document[document as usize]?;
            Some(followed[month as usize][topic].id)
        });
        writeln!(rows, "{}", json!({"row": at + 1, "topic": topic}))?;
    }
    rows.flush()?;
    Ok(())
}
