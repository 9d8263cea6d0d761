//! A report's tables against what was computed apart.

use std::collections::BTreeMap;
use std::fmt;

use crate::table::Found;

/// A value that a file must hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// These very words.
    Text(String),
    /// This very number of things.
    Count(u64),
    /// This number, to a relative error of 1e-9.
    Real(f64),
    /// Nothing: unknown is never zero.
    Empty,
}

impl Cell {
    pub(crate) fn text(words: &str) -> Self {
        Self::Text(words.to_owned())
    }

    pub(crate) fn real(value: Option<f64>) -> Self {
        value.map_or(Self::Empty, Self::Real)
    }

    pub(crate) fn count(value: Option<u64>) -> Self {
        value.map_or(Self::Empty, Self::Count)
    }

    fn agrees(&self, field: &str) -> bool {
        match self {
            Self::Text(words) => field == words || field.strip_prefix('\'') == Some(words),
            Self::Count(n) => field == n.to_string(),
            Self::Real(value) => field.parse::<f64>().is_ok_and(|found| close(found, *value)),
            Self::Empty => field.is_empty(),
        }
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()) + 1e-11
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(words) => write!(f, "{words}"),
            Self::Count(n) => write!(f, "{n}"),
            Self::Real(value) => write!(f, "{value}"),
            Self::Empty => write!(f, "nothing"),
        }
    }
}

/// A table that a report must hold.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// What it is, for messages.
    pub(crate) name: &'static str,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Expected {
    pub(crate) fn new(name: &'static str, columns: &[&str]) -> Self {
        Self { name, columns: columns.iter().map(|c| (*c).to_owned()).collect(), rows: Vec::new() }
    }
}

/// Compares all files of a report with all tables expected; says every difference at once.
pub(crate) fn compare(found: &BTreeMap<String, Found>, expected: &[Expected]) {
    let mut differences = Vec::new();
    let mut numbers = 0;
    for table in expected {
        let files: Vec<_> = found.iter().filter(|(_, f)| f.columns == table.columns).collect();
        let [(file, there)] = files.as_slice() else {
            differences.push(format!("{}: {} files have its columns {:?}", table.name, files.len(), table.columns));
            continue;
        };
        if there.rows.len() != table.rows.len() {
            differences.push(format!("{file} ({}): {} rows, not {}", table.name, there.rows.len(), table.rows.len()));
        }
        for (number, (row, wanted)) in there.rows.iter().zip(&table.rows).enumerate() {
            for ((field, cell), column) in row.iter().zip(wanted).zip(&table.columns) {
                numbers += usize::from(!matches!(cell, Cell::Text(_)));
                if !cell.agrees(field) {
                    let key = &row[0];
                    differences.push(format!(
                        "{file} ({}), row {} ({key}), {column}: the report says `{field}`, counted apart {cell}",
                        table.name,
                        number + 1
                    ));
                }
            }
        }
    }
    for (file, there) in found {
        if !expected.iter().any(|e| e.columns == there.columns) {
            differences.push(format!("{file}: nothing is computed apart for its columns {:?}", there.columns));
        }
    }
    assert!(differences.is_empty(), "{} of {numbers} numbers differ:\n{}", differences.len(), differences.join("\n"));
    assert!(numbers > 100, "only {numbers} numbers were compared");
}
