//! CSV and its relatives.

use std::io::Read;
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord, Terminator};
use serde_json::Value;

use crate::error::Error;
use crate::input::{Columns, Places, Row, Rows};

/// Separators looked for in the first line.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The rows of a delimited file; `sample` is its decoded beginning.
pub(crate) fn open(path: &Path, text: impl Read + 'static, sample: &str, columns: &Columns) -> Result<Rows, Error> {
    // Only a line feed ends a row: a carriage return alone may stand inside an unquoted field.
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(sample))
        .terminator(Terminator::Any(b'\n'))
        .flexible(true)
        .has_headers(false)
        .from_reader(text);
    let broken =
        |rows: u64, error: &csv::Error| Error::Broken { file: path.to_owned(), rows, reason: error.to_string() };
    let mut record = StringRecord::new();
    reader.read_record(&mut record).map_err(|e| broken(0, &e))?;
    let names: Vec<String> = (0..record.len()).map(|i| cell(&record, i).unwrap_or_default().to_owned()).collect();
    let places = Places::find(path, columns, &names)?;
    Ok(Box::new(DelimitedRows { path: path.to_owned(), reader, places, rows: 0, ended: false }))
}

struct DelimitedRows<R> {
    path: PathBuf,
    reader: csv::Reader<R>,
    places: Places,
    rows: u64,
    ended: bool,
}

impl<R: Read> Iterator for DelimitedRows<R> {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let mut record = StringRecord::new();
        loop {
            match self.reader.read_record(&mut record) {
                Ok(true) if is_blank(&record) => {}
                Ok(true) => break,
                Ok(false) => return None,
                Err(error) => {
                    self.ended = true;
                    let reason = error.to_string();
                    return Some(Err(Error::Broken { file: self.path.clone(), rows: self.rows, reason }));
                }
            }
        }
        self.rows += 1;
        Some(Ok(row(&record, &self.places)))
    }
}

/// A line that holds nothing but its end is no row.
fn is_blank(record: &StringRecord) -> bool {
    record.len() == 1 && &record[0] == "\r"
}

fn row(record: &StringRecord, places: &Places) -> Row {
    let owned = |place: usize| cell(record, place).map(str::to_owned);
    let missing = places.text >= record.len();
    Row {
        line: record.position().map_or(0, csv::Position::line),
        text: owned(places.text),
        title: places.title.and_then(owned),
        lang: places.lang.and_then(owned),
        kept: places.kept.iter().map(|p| owned(*p).map_or(Value::Null, Value::String)).collect(),
        problem: missing.then(|| format!("{} cells, the text is in cell {}", record.len(), places.text + 1)),
    }
}

/// A cell, without the carriage return that ends a line in files of Windows.
fn cell(record: &StringRecord, place: usize) -> Option<&str> {
    let cell = record.get(place)?;
    Some(if place + 1 == record.len() { cell.strip_suffix('\r').unwrap_or(cell) } else { cell })
}

/// The separator met most often in the first line, outside quotes; a comma when there is none.
fn separator(sample: &str) -> u8 {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut quoted = false;
    for byte in sample.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some(at) = SEPARATORS.iter().position(|s| *s == byte) {
                    counts[at] += 1;
                }
            }
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    counts.iter().position(|c| *c == most).map_or(b',', |at| SEPARATORS[at])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn rows(content: &'static str, text: &str, kept: &[&str]) -> Vec<Row> {
        let columns =
            Columns { text: text.into(), kept: kept.iter().map(|k| (*k).to_owned()).collect(), ..Columns::default() };
        open(Path::new("a.csv"), content.as_bytes(), content, &columns).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn separators_quotes_and_ends_of_lines() {
        let found = rows("id;texte\r\n1;\"un; deux\r\ntrois\"\r\n\r\n2;quatre\r\n", "texte", &["id"]);
        let texts: Vec<_> = found.iter().map(|r| r.text.as_deref().unwrap()).collect();
        assert_eq!(texts, ["un; deux\r\ntrois", "quatre"]);
        assert_eq!(found[1].kept, [Value::String("2".into())]);
    }

    #[test]
    fn a_short_row_is_a_row_with_a_problem() {
        let found = rows("id,n,text\n1\n2,3,bon\n", "text", &[]);
        assert!(found[0].problem.is_some() && found[0].text.is_none());
        assert_eq!((found[0].line, found[1].text.as_deref()), (2, Some("bon")));
    }

    #[test]
    fn a_carriage_return_inside_a_field_stays() {
        let found = rows("a,text\n1,one\rtwo\n2,three\n", "text", &[]);
        assert_eq!((found.len(), found[0].text.as_deref()), (2, Some("one\rtwo")));
    }
}
