//! The texts of a table as terms, by month, without their copies.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rayon::prelude::*;
use vigie_text::language::{LanguageHints, code_of_tag};
use vigie_text::reading::{Hints, Reading, Scratch, read};
use vigie_text::signature::{BandKeys, Recent, Signature};
use vigie_topics::Document;

use super::TopicsJob;
use crate::input::{self, Columns, Row};
use crate::output::plain;
use crate::{CHUNK, Error, REMEMBERED, Summary, fill};

/// Most words of a term.
const MOST_WORDS: u8 = 2;

/// The texts of one month.
pub(super) struct Month {
    /// `2026-10`; `None` when the table has no dates.
    pub(super) name: Option<String>,
    /// Its different texts.
    pub(super) documents: Vec<Document>,
    /// The row of each, from 0.
    pub(super) rows: Vec<u64>,
}

/// The texts of a table.
pub(super) struct Gathered {
    /// In the order of time.
    pub(super) months: Vec<Month>,
    /// Month and document of each row with a text and a date.
    pub(super) of_row: Vec<Option<(u32, u32)>>,
    pub(super) summary: Summary,
    pub(super) without_date: u64,
}

/// A row before it is known whether it is a copy.
struct RowTerms {
    /// Its date was understood, or none is asked for.
    dated: bool,
    /// Its month; `None` when the table is one month.
    month: Option<String>,
    document: Document,
    signature: Signature,
    keys: Box<[u64]>,
}

/// The columns of a job, in the form tables are opened with.
pub(super) fn columns(job: &TopicsJob<'_>) -> Columns {
    Columns {
        text: job.text.clone(),
        title: job.title.clone(),
        lang: job.lang.clone(),
        kept: job.date.iter().chain(&job.author).cloned().collect(),
    }
}

/// Reads the whole table. When its rest cannot be read, what came before and the reason.
pub(super) fn gather(job: &TopicsJob<'_>, progress: &mut dyn FnMut(u64)) -> Result<(Gathered, Option<Error>), Error> {
    let mut rows = input::open(job.file, &columns(job))?;
    let bands = BandKeys::default();
    let mut months: BTreeMap<Option<String>, (Month, Recent, u32)> = BTreeMap::new();
    let mut gathered =
        Gathered { months: Vec::new(), of_row: Vec::new(), summary: Summary::default(), without_date: 0 };
    let mut places: Vec<Option<(u32, u32)>> = Vec::new();
    let mut broken = None;
    let mut chunk: Vec<Row> = Vec::with_capacity(CHUNK);
    loop {
        chunk.clear();
        let ended = match fill(&mut chunk, rows.as_mut()) {
            Ok(ended) => ended,
            Err(error) => {
                broken = Some(error);
                true
            }
        };
        let read: Vec<Option<RowTerms>> =
            chunk.par_iter().map_init(Scratch::default, |scratch, row| terms_of(row, job, &bands, scratch)).collect();
        for (row, terms) in chunk.drain(..).zip(read) {
            let at = gathered.summary.rows;
            gathered.summary.note(&row);
            let Some(RowTerms { dated, month: name, document, signature, keys }) = terms else {
                places.push(None);
                continue;
            };
            if !dated {
                gathered.without_date += 1;
                places.push(None);
                continue;
            }
            let number = months.len() as u32;
            let (month, recent, number) = months.entry(name).or_insert_with_key(|name| {
                (Month { name: name.clone(), documents: Vec::new(), rows: Vec::new() }, Recent::new(REMEMBERED), number)
            });
            let own = month.documents.len() as u64;
            let story = recent.story(own, signature, keys);
            if story == own {
                month.documents.push(document);
                month.rows.push(at);
            }
            places.push(Some((*number, story as u32)));
        }
        progress(gathered.summary.rows);
        if ended {
            break;
        }
    }
    // Months were numbered as they were met; they are told in the order of time.
    let mut in_time = vec![0; months.len()];
    for (at, (_, _, number)) in months.values().enumerate() {
        in_time[*number as usize] = at as u32;
    }
    gathered.of_row = places.into_iter().map(|p| p.map(|(month, at)| (in_time[month as usize], at))).collect();
    gathered.months = months.into_values().map(|(month, ..)| month).collect();
    Ok((gathered, broken))
}

/// The terms of a row; `None` when it has no text.
fn terms_of(row: &Row, job: &TopicsJob<'_>, bands: &BandKeys, scratch: &mut Scratch) -> Option<RowTerms> {
    let mut reading = read_terms(row, job, scratch)?;
    let signature = std::mem::take(&mut reading.signature);
    let keys = bands.of(&signature);
    let mut kept = row.kept.iter();
    let month = job.date.as_ref().and_then(|_| kept.next()).and_then(plain).and_then(|date| month_of(&date));
    let dated = job.date.is_none() || month.is_some();
    let author = job.author.as_ref().and_then(|_| kept.next()).and_then(plain).filter(|a| !a.trim().is_empty());
    let terms = reading.terms.iter().filter(|t| t.words <= MOST_WORDS).map(|t| t.id).collect();
    let document = Document { terms, author: author.map(|a| hash(a.trim())) };
    Some(RowTerms { dated, month, document, signature, keys })
}

/// Reads the terms of a row; `None` when it has no text.
pub(super) fn read_terms(row: &Row, job: &TopicsJob<'_>, scratch: &mut Scratch) -> Option<Reading> {
    let text = row.text.as_deref().filter(|t| !t.trim().is_empty())?;
    let declared = row.lang.as_deref().filter(|tag| code_of_tag(tag.trim()).is_some()).map(str::trim);
    let language = LanguageHints { declared, source: job.source_language.as_deref(), ..LanguageHints::default() };
    Some(read(text, row.title.as_deref(), &Hints { language, terms: true, ..Hints::default() }, scratch))
}

fn hash(author: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    author.hash(&mut hasher);
    hasher.finish()
}

/// The month of a date that begins with year and month (`2026-10-31`, `2026-10-31T08:00Z`, `2026-10`).
fn month_of(date: &str) -> Option<String> {
    let month = date.trim().get(..7)?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (_, number) =
        month.split_once('-').filter(|(year, number)| year.len() == 4 && digits(year) && digits(number))?;
    let number: u8 = number.parse().ok()?;
    let ends = date.trim()[7..].chars().next().is_none_or(|c| c == '-');
    ((1..=12).contains(&number) && ends).then(|| month.to_owned())
}

#[cfg(test)]
mod tests {
    use super::month_of;

    #[test]
    fn months_of_dates() {
        for date in ["2026-10-31", " 2026-10-31T23:59:00-04:00", "2026-10", "2026-10-01 00:00:00 -0800"] {
            assert_eq!(month_of(date).as_deref(), Some("2026-10"), "{date}");
        }
        for date in ["", "31/10/2026", "2026-13-01", "2026-1-01", "20261031", "2026-105", "+026-10-01", "é026-10-01"] {
            assert_eq!(month_of(date), None, "{date}");
        }
    }
}
