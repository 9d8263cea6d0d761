//! Parquet, through the record interface of the parquet crate.

use std::io::Cursor;

use parquet::data_type::Decimal;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};

use crate::cell::{Cell, Cells};
use crate::dates::Precision;
use crate::notices::{self, Trouble};
use crate::reading::Reading;

/// Reads a file held in memory.
pub(crate) fn read(reading: &mut Reading<'_, '_>, bytes: Cursor<Vec<u8>>) -> Result<(), Trouble> {
    let bad = |name: &str, error: &dyn std::fmt::Display| Trouble::from(notices::unreadable(name, error));
    let bytes = parquet::file::serialized_reader::SerializedFileReader::new(bytes::Bytes::from(bytes.into_inner()));
    let file: SerializedFileReader<bytes::Bytes> = bytes.map_err(|e| bad(reading.name, &e))?;
    let schema = file.metadata().file_metadata().schema();
    let names: Vec<String> = schema.get_fields().iter().map(|f| f.name().to_owned()).collect();
    // The first part of a dotted path is the column; the rest leads into a group.
    let paths: Vec<(usize, Vec<String>)> = reading
        .shared
        .plan
        .wanted
        .paths()
        .map(|(field, path)| (field, path.split('.').map(str::to_owned).collect()))
        .collect();
    let heads: Vec<(usize, usize, Vec<String>)> =
        paths.into_iter().filter_map(|(field, path)| head(&names, field, &path)).collect();
    let mut header = reading.shared.plan.wanted.header(&names);
    for (field, column, _) in &heads {
        header.sources[*field] = Some(*column);
    }
    let found: Vec<&str> =
        reading.shared.plan.wanted.paths().filter(|(f, _)| header.sources[*f].is_some()).map(|(_, n)| n).collect();
    header.missing.retain(|name| !found.contains(&name.as_str()));
    reading.check_header(&header, &names)?;
    let rows = file.get_row_iter(None).map_err(|e| bad(reading.name, &e))?;
    for (index, row) in rows.enumerate() {
        let row = row.map_err(|e| notices::cut(reading.name, reading.rows, &e))?;
        let columns: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        let mut cells: Cells<'_> = std::array::from_fn(|_| Cell::Empty);
        for (field, column, rest) in &heads {
            cells[*field] = columns.get(*column).and_then(|value| inside(value, rest)).map_or(Cell::Empty, cell);
        }
        reading.row(index as u64 + 1, &cells, || row.to_string())?;
    }
    Ok(())
}

/// Field, column and the rest of the path; a column whose own name holds dots is found too.
fn head(names: &[String], field: usize, path: &[String]) -> Option<(usize, usize, Vec<String>)> {
    let folded = crate::header::folded;
    let whole = folded(&path.join("."));
    if let Some(column) = names.iter().position(|n| folded(n) == whole) {
        return Some((field, column, Vec::new()));
    }
    let first = folded(path.first()?);
    let column = names.iter().position(|n| folded(n) == first)?;
    Some((field, column, path[1..].to_vec()))
}

fn inside<'a>(field: &'a Field, path: &[String]) -> Option<&'a Field> {
    let Some((first, rest)) = path.split_first() else { return Some(field) };
    let Field::Group(row) = field else { return None };
    let wanted = crate::header::folded(first);
    let group: &Row = row;
    group
        .get_column_iter()
        .find(|(name, _)| crate::header::folded(name) == wanted)
        .and_then(|(_, inner)| inside(inner, rest))
}

fn cell(field: &Field) -> Cell<'_> {
    match field {
        Field::Null | Field::Group(_) | Field::MapInternal(_) => Cell::Empty,
        Field::Str(text) => Cell::borrowed(text),
        Field::Bytes(bytes) => std::str::from_utf8(bytes.data()).map_or(Cell::Empty, Cell::borrowed),
        Field::Float(number) => Cell::Number(f64::from(*number)),
        Field::Double(number) => Cell::Number(*number),
        Field::Float16(number) => Cell::Number(f64::from(*number)),
        Field::Date(days) => Cell::Moment((i64::from(*days) * 86_400_000_000, Precision::Day)),
        Field::TimestampMillis(millis) => Cell::Moment((millis.saturating_mul(1_000), Precision::Second)),
        Field::TimestampMicros(micros) => {
            Cell::Moment((*micros, if micros % 1_000_000 == 0 { Precision::Second } else { Precision::Micros }))
        }
        Field::ListInternal(list) => Cell::owned(
            list.elements()
                .iter()
                .filter_map(|e| cell(e).text().map(std::borrow::Cow::into_owned))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        Field::Decimal(decimal) => Cell::owned(decimal_text(decimal)),
        // Whole numbers as text: an id above 2^53 keeps every digit.
        other => Cell::owned(other.to_string()),
    }
}

fn decimal_text(decimal: &Decimal) -> String {
    Field::Decimal(decimal.clone()).to_string()
}
