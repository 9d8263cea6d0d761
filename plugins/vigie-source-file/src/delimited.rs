//! CSV and TSV: delimiter sniffed, preamble skipped, ragged rows told.

use std::io::{Cursor, Read};

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use crate::cell::{Cell, Cells};
use crate::header::{Header, Wanted};
use crate::notices::{self, Trouble};
use crate::reading::Reading;

/// Bytes looked at to find delimiter and header.
const SAMPLE: usize = 1 << 18;
/// Rows in which the header must stand.
const HEADER_ROWS: usize = 50;
const DELIMITERS: [u8; 4] = *b",;\t|";

struct Layout {
    delimiter: u8,
    /// Rows before the header.
    preamble: usize,
    names: Vec<String>,
    header: Header,
}

fn reader<R: Read>(delimiter: u8, stream: R) -> csv::Reader<R> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 17)
        .from_reader(stream)
}

/// Reads a stream of UTF-8.
pub(crate) fn read(reading: &mut Reading<'_, '_>, mut stream: impl Read) -> Result<(), Trouble> {
    let mut sample = Vec::new();
    // What a damaged file gives before the damage is still looked at; the damage shows again below.
    let damage = stream.by_ref().take(SAMPLE as u64).read_to_end(&mut sample).err();
    if sample.iter().all(u8::is_ascii_whitespace) {
        return Err(damage
            .map_or_else(|| notices::empty(reading.name), |e| notices::unreadable(reading.name, &e))
            .into());
    }
    let wanted = &reading.shared.plan.wanted;
    let layout = find_layout(&sample, &reading.shared.config.delimiter, wanted).ok_or_else(|| {
        let names: Vec<&str> = wanted.paths().map(|(_, name)| name).collect();
        notices::no_header(reading.name, &names)
    })?;
    reading.check_header(&layout.header, &layout.names)?;
    let tail: Box<dyn Read> = match damage {
        Some(error) => Box::new(Broken(Some(error))),
        // A last line without an end gets one, so that all lines are counted alike.
        None => Box::new((&mut stream).chain(Cursor::new(b"\n"))),
    };
    let odd = std::cell::Cell::new(false);
    let stream = Quotes { inner: Cursor::new(sample).chain(tail), odd: &odd };
    let last = rows(reading, &layout, reader(layout.delimiter, stream))?;
    if odd.get() && last.ends_in_a_break {
        // No line end closed the row, so that it starts one line later than a whole one would.
        reading.shared.context.warn(&notices::quote_open(reading.name, last.line + 1));
    }
    Ok(())
}

/// Where the last row of a file starts, and whether its text holds the line end that should close it.
#[derive(Clone, Copy, Default)]
struct LastRow {
    line: u64,
    ends_in_a_break: bool,
}

/// A stream that remembers whether it gave an odd number of quotation marks.
struct Quotes<'o, R> {
    inner: R,
    odd: &'o std::cell::Cell<bool>,
}

impl<R: Read> Read for Quotes<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let marks = buffer[..count].iter().filter(|b| **b == b'"').fold(false, |odd, _| !odd);
        self.odd.set(self.odd.get() ^ marks);
        Ok(count)
    }
}

/// A stream that gives its error and nothing else.
struct Broken(Option<std::io::Error>);

impl Read for Broken {
    fn read(&mut self, _out: &mut [u8]) -> std::io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// The delimiter and row that show the most wanted columns; the first of equals.
fn find_layout(sample: &[u8], option: &str, wanted: &Wanted) -> Option<Layout> {
    let candidates = match option.as_bytes() {
        [one] => vec![*one],
        _ => DELIMITERS.to_vec(),
    };
    let mut best: Option<(usize, Layout)> = None;
    for delimiter in candidates {
        let mut rows = reader(delimiter, sample);
        let mut record = StringRecord::new();
        for preamble in 0..HEADER_ROWS {
            if !matches!(rows.read_record(&mut record), Ok(true)) {
                break;
            }
            let names: Vec<String> = record.iter().map(str::to_owned).collect();
            let score = wanted.score(&names);
            if score > best.as_ref().map_or(0, |(score, _)| *score) {
                let header = wanted.header(&names);
                best = Some((score, Layout { delimiter, preamble, names, header }));
                if score == wanted.count() {
                    break;
                }
            }
        }
    }
    best.map(|(_, layout)| layout)
}

fn rows<R: Read>(
    reading: &mut Reading<'_, '_>,
    layout: &Layout,
    mut reader: csv::Reader<R>,
) -> Result<LastRow, Trouble> {
    let mut last = LastRow::default();
    let mut record = ByteRecord::new();
    let mut text = StringRecord::new();
    for _ in 0..=layout.preamble {
        reader.read_byte_record(&mut record).map_err(|e| notices::unreadable(reading.name, &e))?;
    }
    let width = layout.names.len();
    loop {
        match reader.read_record(&mut text) {
            Ok(true) => {}
            Ok(false) => return Ok(last),
            Err(error) => return Err(notices::cut(reading.name, reading.rows, &error).into()),
        }
        last = place(&reader, &text);
        let line = last.line;
        let fits = text.len() == width || (text.len() > width && text.iter().skip(width).all(|c| c.trim().is_empty()));
        if !fits {
            if text.iter().any(|c| !c.trim().is_empty()) {
                reading.reject(line, "ragged", joined(&text, layout.delimiter))?;
            }
            continue;
        }
        let cells: Cells<'_> = std::array::from_fn(|i| match layout.header.sources[i] {
            Some(column) => Cell::borrowed(text.get(column).unwrap_or_default()),
            None => Cell::Empty,
        });
        reading.row(line, &cells, || joined(&text, layout.delimiter))?;
    }
}

/// The line a record starts on. The reader's own answer stands before the blank lines it skipped.
fn place<R: Read>(reader: &csv::Reader<R>, record: &StringRecord) -> LastRow {
    let inside = record.as_slice().bytes().filter(|b| *b == b'\n').count() as u64;
    LastRow {
        line: reader.position().line().saturating_sub(inside + 1),
        ends_in_a_break: record.as_slice().ends_with('\n'),
    }
}

fn joined(record: &StringRecord, delimiter: u8) -> String {
    record.iter().collect::<Vec<_>>().join(&char::from(delimiter).to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn layout(text: &str) -> (char, usize) {
        let columns = [("text", "Message"), ("published_at", "Date")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        let wanted = Wanted::new(&columns.into());
        let layout = find_layout(text.as_bytes(), "auto", &wanted).unwrap();
        (char::from(layout.delimiter), layout.preamble)
    }

    #[test]
    fn delimiter_and_header_are_found_together() {
        assert_eq!(layout("Date,Message\n2026-01-01,a;b\n"), (',', 0));
        assert_eq!(layout("Date;Message\n2026-01-01;a,b,c\n"), (';', 0));
        assert_eq!(layout("Report:\nBrand:,X\n\nId\tDate\tMessage\n"), ('\t', 2));
        assert_eq!(layout("\"Date\"|\"Message\"\n"), ('|', 0));
    }
}
