//! A figure: drawing, data and everything a reader needs to trust it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vigie_model::locale::Localized;

use crate::text::Words;

/// Direction a column's cells are aligned and typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Words, aligned left.
    Text,
    /// Numbers, aligned right.
    Number,
}

/// A column of a figure's data or of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DataColumn {
    /// Name in files, the same in all editions (`sov`, `sov_lo`).
    pub id: String,
    /// Heading as printed, with the unit.
    pub title: Words,
    /// Alignment and type.
    pub kind: ColumnKind,
}

/// One cell: the raw value that goes to files and the words that are printed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// Raw number or text; null when not measured.
    pub raw: serde_json::Value,
    /// As printed; `—` for not applicable, empty for not measured.
    pub shown: Words,
}

/// Rows behind a figure, or a table of their own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Data {
    /// Columns; the first one names the row.
    pub columns: Vec<DataColumn>,
    /// Cells, in the order of the columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A figure of the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// `FIG-01`, in reading order.
    pub id: String,
    /// Number as printed (1 for `FIG-01`).
    pub number: u32,
    /// Identifiers and versions of the measures drawn (`sov@1.0`).
    pub metrics: Vec<String>,
    /// Rule of the title (`sov.stable`), `neutral` when no claim is made.
    pub title_id: String,
    /// Conclusion in one line.
    pub title: Words,
    /// What is measured, unit, period, how to read the marks.
    pub subtitle: Words,
    /// Source, n, gaps and cautions.
    pub note: Words,
    /// What the drawing shows, for those who cannot see it.
    pub alt: Words,
    /// The drawing, one per edition; `viewBox` in points.
    pub svg: Localized<String>,
    /// Width and height of the drawing in points.
    pub size: (f64, f64),
    /// Mentions behind the figure.
    pub n: u64,
    /// Entities drawn, in drawing order.
    pub entities: Vec<String>,
    /// The numbers drawn.
    pub data: Data,
    /// Definition, formula and settings, as `explain` prints them.
    pub method: BTreeMap<String, Words>,
}
