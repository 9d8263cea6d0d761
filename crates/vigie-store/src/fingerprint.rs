//! Which row a row is, and what it says: numbers that are compared instead of the rows.

use polars::prelude::*;
use vigie_model::column::Given;
use vigie_model::table::Table;
use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128_with_seed};

use crate::Retention;

/// A day, in microseconds.
const DAY: i64 = 86_400 * 1_000_000;
/// Column that holds what [`row_hashes`] gives, so that a later run compares without reading every column.
pub const ROW_HASH: &str = "row_hash";

/// The key of every row of `frame`, as a number: rows of one key are versions of one thing.
///
/// At 128 bits, two keys of a billion rows collide with probability 1e-21.
///
/// # Errors
/// When `frame` lacks a column of the key.
pub fn row_keys(frame: &DataFrame, table: &Table) -> PolarsResult<Vec<u128>> {
    let mut keys = vec![0_u128; frame.height()];
    for (position, name) in table.key.iter().enumerate() {
        // A null is a value of its own, and "a" before "b" is another key than "b" before "a".
        let tag = position as u64 + 1;
        for_each_value(frame.column(name)?, |row, bytes| {
            let before = (keys[row] as u64) ^ ((keys[row] >> 64) as u64).rotate_left(17) ^ tag;
            keys[row] = xxh3_128_with_seed(bytes.unwrap_or(&[]), before) ^ u128::from(bytes.is_none());
        })?;
    }
    Ok(keys)
}

/// What every row of `frame` says: a number over all that its source gave. Columns that are null do not count, so
/// that a column added later changes nothing. Where a row must be read again from time to time, the day on which it
/// was read is part of what it says: reading it again is news.
///
/// # Errors
/// When a column has a type that no table has.
pub fn row_hashes(frame: &DataFrame, table: &Table) -> PolarsResult<Vec<i64>> {
    let mut hashes = vec![0_u64; frame.height()];
    for column in table.stored().filter(|c| c.given != Given::Host) {
        let Ok(values) = frame.column(column.name) else { continue };
        if values.null_count() == values.len() {
            continue;
        }
        let name = xxh3_64_with_seed(column.name.as_bytes(), 0);
        for_each_value(values, |row, bytes| {
            if let Some(bytes) = bytes {
                hashes[row] = xxh3_64_with_seed(bytes, hashes[row] ^ name);
            }
        })?;
    }
    if let (Ok(class), Ok(read)) = (frame.column("retention"), frame.column("collected_at")) {
        let days = read.to_physical_repr();
        for (row, (class, read)) in class.str()?.iter().zip(days.i64()?.iter()).enumerate() {
            if class.and_then(Retention::parse).is_some_and(Retention::expires) {
                let day = read.unwrap_or_default().div_euclid(DAY);
                hashes[row] = xxh3_64_with_seed(&day.to_le_bytes(), hashes[row]);
            }
        }
    }
    Ok(hashes.into_iter().map(u64::cast_signed).collect())
}

/// Calls `tell` with the bytes of every value, none where it is null.
fn for_each_value(column: &Column, mut tell: impl FnMut(usize, Option<&[u8]>)) -> PolarsResult<()> {
    match column.dtype() {
        DataType::String => column.str()?.iter().enumerate().for_each(|(row, v)| tell(row, v.map(str::as_bytes))),
        DataType::Float64 => {
            let values = column.f64()?.iter();
            values
                .enumerate()
                .for_each(|(row, v)| tell(row, v.map(|v| v.to_bits().to_le_bytes()).as_ref().map(<[u8; 8]>::as_slice)));
        }
        DataType::Boolean => {
            let values = column.bool()?.iter();
            values
                .enumerate()
                .for_each(|(row, v)| tell(row, v.map(|v| [u8::from(v)]).as_ref().map(<[u8; 1]>::as_slice)));
        }
        DataType::List(_) => {
            let mut bytes = Vec::new();
            for (row, texts) in column.list()?.amortized_iter().enumerate() {
                let Some(texts) = texts else {
                    tell(row, None);
                    continue;
                };
                bytes.clear();
                for text in texts.as_ref().str()?.iter() {
                    let text = text.unwrap_or_default();
                    bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
                    bytes.extend_from_slice(text.as_bytes());
                }
                tell(row, Some(&bytes));
            }
        }
        _ => {
            let numbers = column.to_physical_repr();
            let values = numbers.i64()?.iter();
            values
                .enumerate()
                .for_each(|(row, v)| tell(row, v.map(i64::to_le_bytes).as_ref().map(<[u8; 8]>::as_slice)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_model::coverage::COVERAGE;
    use vigie_model::mention::MENTIONS;

    fn mentions(texts: &[Option<&str>]) -> DataFrame {
        df!("uid" => vec!["x:1"; texts.len()], "text" => texts, "likes" => vec![Some(3_i64); texts.len()]).unwrap()
    }

    #[test]
    fn what_a_row_says_is_all_that_its_source_gave() {
        let hashes = row_hashes(&mentions(&[Some("a"), Some("a"), Some("b"), None]), &MENTIONS).unwrap();
        assert_eq!(hashes[0], hashes[1]);
        assert!(hashes[0] != hashes[2] && hashes[0] != hashes[3]);
        let counted = mentions(&[Some("a")]).lazy().with_column(lit(4_i64).alias("likes")).collect().unwrap();
        assert_ne!(row_hashes(&counted, &MENTIONS).unwrap()[0], hashes[0], "more likes are news");
        let later = mentions(&[Some("a")]).lazy().with_column(lit(7_i64).alias("first_seen_at")).collect().unwrap();
        assert_eq!(row_hashes(&later, &MENTIONS).unwrap()[0], hashes[0], "what the host sets is none");
    }

    #[test]
    fn an_empty_text_is_not_a_missing_one_and_columns_do_not_swap() {
        let frame = df!(
            "source" => ["a", "a", "ab", "a"],
            "query_id" => [Some(""), None, Some(""), Some("b")],
            "window_start" => [1_i64, 1, 1, 1],
            "window_end" => [2_i64, 2, 2, 2]
        );
        let keys = row_keys(&frame.unwrap(), &COVERAGE).unwrap();
        let distinct: std::collections::BTreeSet<u128> = keys.iter().copied().collect();
        assert_eq!(distinct.len(), 4);
    }

    #[test]
    fn reading_again_is_news_for_rows_that_must_be_read_again() {
        let frame = df!(
            "text" => ["a", "a", "a", "a"],
            "retention" => ["keep", "keep", "refresh_30d", "refresh_30d"],
            "collected_at" => [0_i64, DAY, 0, DAY]
        );
        let hashes = row_hashes(&frame.unwrap(), &MENTIONS).unwrap();
        assert_eq!(hashes[0], hashes[1]);
        assert_ne!(hashes[2], hashes[3]);
    }

    #[test]
    fn lists_are_compared_item_by_item() {
        let list = |items: &[&[&str]]| {
            let lists: Vec<Series> = items.iter().map(|i| Series::new("".into(), *i)).collect();
            DataFrame::new(items.len(), vec![Column::new("hashtags".into(), lists)]).unwrap()
        };
        let hashes = row_hashes(&list(&[&["ab"], &["a", "b"], &["ab"]]), &MENTIONS).unwrap();
        assert_eq!(hashes[0], hashes[2]);
        assert_ne!(hashes[0], hashes[1]);
    }
}
