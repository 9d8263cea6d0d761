//! XLSX and its relatives, through calamine.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Sheets, open_workbook_auto_from_rs};

use crate::cell::{Cell, Cells, number_text};
use crate::dates::{Dates, Precision};
use crate::header::Header;
use crate::notices::{self, Trouble};
use crate::reading::Reading;

/// Rows in which the header must stand.
const HEADER_ROWS: usize = 50;
/// Rows a sheet can hold.
const FULL_SHEET: usize = 1_048_576;

/// Reads a workbook held in memory.
pub(crate) fn read(reading: &mut Reading<'_, '_>, bytes: Cursor<Vec<u8>>) -> Result<(), Trouble> {
    let mut book = open_workbook_auto_from_rs(bytes).map_err(|e| notices::unreadable(reading.name, &e))?;
    let range = sheet(reading, &mut book)?;
    let (preamble, names, header) = find_header(reading, &range)?;
    reading.check_header(&header, &names)?;
    let first = range.start().map_or(0, |(row, _)| row as usize);
    if first + range.height() >= FULL_SHEET {
        reading.shared.context.warn(&notices::full_sheet(reading.name));
    }
    let dates = &reading.shared.plan.dates;
    for (index, row) in range.rows().enumerate().skip(preamble + 1) {
        if row.iter().all(|c| matches!(c, Data::Empty)) {
            continue;
        }
        let cells: Cells<'_> =
            std::array::from_fn(|i| header.sources[i].and_then(|c| row.get(c)).map_or(Cell::Empty, |c| cell(c, dates)));
        let line = (first + index + 1) as u64;
        reading.row(line, &cells, || row.iter().map(ToString::to_string).collect::<Vec<_>>().join("\t"))?;
    }
    Ok(())
}

/// The declared sheet, else the first one with the most wanted columns.
fn sheet(reading: &Reading<'_, '_>, book: &mut Sheets<Cursor<Vec<u8>>>) -> Result<Range<Data>, Trouble> {
    let names = book.sheet_names();
    let mut take =
        |name: &str| book.worksheet_range(name).map_err(|e| Trouble::from(notices::unreadable(reading.name, &e)));
    if let Some(wanted) = &reading.shared.config.sheet {
        return match names.iter().find(|n| n.trim().eq_ignore_ascii_case(wanted.trim())) {
            Some(name) => take(name),
            None => Err(notices::no_sheet(reading.name, wanted, &names.join(", ")).into()),
        };
    }
    let mut best: Option<(usize, Range<Data>)> = None;
    for name in &names {
        let range = take(name)?;
        let score = range
            .rows()
            .take(HEADER_ROWS)
            .map(|row| reading.shared.plan.wanted.score(&texts(row)))
            .max()
            .unwrap_or_default();
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, range));
        }
    }
    best.map(|(_, range)| range).ok_or_else(|| notices::empty(reading.name).into())
}

fn find_header(reading: &Reading<'_, '_>, range: &Range<Data>) -> Result<(usize, Vec<String>, Header), Trouble> {
    if range.is_empty() {
        return Err(notices::empty(reading.name).into());
    }
    let wanted = &reading.shared.plan.wanted;
    let rows = range.rows().take(HEADER_ROWS).map(texts).enumerate();
    // The last of equals would be a data row that repeats the header; the first is taken.
    let best = rows
        .map(|(index, names)| (wanted.score(&names), index, names))
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    match best {
        Some((score, index, names)) if score > 0 => {
            let header = wanted.header(&names);
            Ok((index, names, header))
        }
        _ => {
            let names: Vec<&str> = wanted.paths().map(|(_, name)| name).collect();
            Err(notices::no_header(reading.name, &names).into())
        }
    }
}

fn texts(row: &[Data]) -> Vec<String> {
    row.iter().map(|c| if let Data::Float(n) = c { number_text(*n) } else { c.to_string() }).collect()
}

fn cell<'a>(data: &'a Data, dates: &Dates) -> Cell<'a> {
    match data {
        Data::Empty | Data::Error(_) => Cell::Empty,
        Data::String(text) | Data::DurationIso(text) | Data::DateTimeIso(text) => Cell::borrowed(text),
        Data::Float(number) => Cell::Number(*number),
        Data::Int(number) => Cell::owned(number.to_string()),
        Data::Bool(flag) => Cell::borrowed(if *flag { "true" } else { "false" }),
        Data::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let precision = match (hour, minute, second) {
                (0, 0, 0) => Precision::Day,
                (_, _, 0) => Precision::Minute,
                _ => Precision::Second,
            };
            let civil = jiff::civil::DateTime::new(
                year as i16,
                month as i8,
                day as i8,
                hour as i8,
                minute as i8,
                second as i8,
                0,
            );
            civil.ok().and_then(|civil| dates.civil(civil, precision)).map_or(Cell::Empty, Cell::Moment)
        }
    }
}
