//! Table `coverage/1`: what a source was asked and what it could hear, so that a reader sees what was not heard.

use crate::column::{ColumnType, Given, column};
use crate::table::Table;

/// One row per source, query and window.
pub const COVERAGE: Table = Table {
    name: "coverage/1",
    key: &["source", "query_id", "window_start", "window_end"],
    columns: &[
        column("source", ColumnType::Text, Given::Host),
        column("batch_id", ColumnType::Text, Given::Host),
        // Null: the source as a whole.
        column("query_id", ColumnType::Text, Given::Optional),
        column("window_start", ColumnType::Time, Given::Required),
        column("window_end", ColumnType::Time, Given::Required),
        column("requests", ColumnType::Int, Given::Optional),
        column("items", ColumnType::Int, Given::Optional),
        // A listing ended by its service's cap, not by its end.
        column("truncated", ColumnType::Bool, Given::Required),
        column("gap_from", ColumnType::Time, Given::Optional),
        column("gap_to", ColumnType::Time, Given::Optional),
        column("reason", ColumnType::Text, Given::Optional),
        column("sampled", ColumnType::Bool, Given::Optional),
        column("cost_usd", ColumnType::Float, Given::Optional),
        column("collected_at", ColumnType::Time, Given::Host),
        // What it said, as a number.
        column("row_hash", ColumnType::Int, Given::Host),
    ],
};
