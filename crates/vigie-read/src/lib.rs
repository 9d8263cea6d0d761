//! Reads the texts of any table: CSV, NDJSON or Parquet in, one reading per row out, in input order.
//!
//! Rows are read in chunks, so memory does not grow with the file; the chunks are read in parallel and
//! written in order, so the number of threads changes nothing in the output.

mod delimited;
mod entities;
mod error;
mod input;
mod json_lines;
mod output;
mod parquet_rows;
mod parquet_writer;
mod reading;
mod topics;

use std::io::Write;
use std::path::Path;

use rayon::prelude::*;
use vigie_text::signature::{BandKeys, Recent};
use vigie_text::tone::Adjustments;

pub use entities::{BadQuery, Entities, Sought};
pub use error::Error;
pub use input::Columns;
pub use output::Format;
pub use topics::{TopicsJob, TopicsSummary, topics};

use input::Row;
use output::Table;
use reading::{Buffers, RowReading, read_row};

/// Rows read, then written, at a time.
const CHUNK: usize = 4_096;
/// Different texts remembered to find copies.
const REMEMBERED: usize = 65_536;

/// What is to be read, and how.
pub struct Job<'a> {
    /// The table.
    pub file: &'a Path,
    /// Which of its columns hold what.
    pub columns: Columns,
    /// The language of texts that do not say it themselves (BCP 47).
    pub source_language: Option<String>,
    /// Entities looked for in each text.
    pub entities: Entities,
    /// What a project's own labels change in tone.
    pub adjustments: Adjustments,
    /// Emotions are read as well: columns `emotion`, `p_anger` and `p_joy`.
    pub emotion: bool,
    /// Form of the output.
    pub format: Format,
}

/// What was read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Rows written: as many as the file has.
    pub rows: u64,
    /// Rows that are not what the file's form asks for; they are written with the flag `unreadable`.
    pub unreadable: u64,
    /// Line of the first such row, and why.
    pub first_unreadable: Option<(u64, String)>,
    /// Rows without a text.
    pub without_text: u64,
}

/// Reads the table of `job` and writes one reading per row to `out`. `progress` is told how many rows
/// were written so far.
///
/// # Errors
/// When the file cannot be opened or has no such column, when its rest cannot be read, or when `out`
/// cannot be written.
pub fn read(job: &Job<'_>, out: Box<dyn Write + Send>, progress: &mut dyn FnMut(u64)) -> Result<Summary, Error> {
    let mut rows = input::open(job.file, &job.columns)?;
    let mut table = Table::new(out, job)?;
    let (bands, mut recent) = (BandKeys::default(), Recent::new(REMEMBERED));
    let mut summary = Summary::default();
    let mut chunk: Vec<Row> = Vec::with_capacity(CHUNK);
    loop {
        chunk.clear();
        let ended = fill(&mut chunk, rows.as_mut())?;
        let read: Vec<RowReading> =
            chunk.par_iter().map_init(Buffers::default, |buffers, row| read_row(row, job, &bands, buffers)).collect();
        for (row, reading) in chunk.drain(..).zip(read) {
            summary.note(&row);
            let story = recent.story(summary.rows, reading.signature.clone(), reading.keys.clone());
            table.write(&row, &reading, story)?;
        }
        progress(summary.rows);
        if ended {
            break;
        }
    }
    table.finish()?;
    if summary.rows > 0 && summary.without_text == summary.rows && summary.unreadable < summary.rows {
        return Err(Error::NoText { file: job.file.to_owned(), column: job.columns.text.clone(), rows: summary.rows });
    }
    Ok(summary)
}

/// Fills a chunk; true when the file ended.
fn fill(chunk: &mut Vec<Row>, rows: &mut dyn Iterator<Item = Result<Row, Error>>) -> Result<bool, Error> {
    while chunk.len() < CHUNK {
        match rows.next() {
            Some(row) => chunk.push(row?),
            None => return Ok(true),
        }
    }
    Ok(false)
}

impl Summary {
    fn note(&mut self, row: &Row) {
        self.rows += 1;
        self.without_text += u64::from(row.text.as_deref().is_none_or(|t| t.trim().is_empty()));
        if let Some(reason) = &row.problem {
            self.unreadable += 1;
            self.first_unreadable.get_or_insert_with(|| (row.line, reason.clone()));
        }
    }
}
