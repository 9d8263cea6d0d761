//! Table `events/1`: something happened on a watched place: a page added, changed or removed, a redirection.

use crate::column::{ColumnType, Given, column};
use crate::table::Table;

/// One row per event.
pub const EVENTS: Table = Table {
    name: "events/1",
    key: &["source", "entity", "type", "ts", "url"],
    columns: &[
        column("entity", ColumnType::Text, Given::Required),
        column("source", ColumnType::Text, Given::Host),
        column("batch_id", ColumnType::Text, Given::Host),
        column("ts", ColumnType::Time, Given::Required),
        column("ts_precision", ColumnType::Text, Given::Optional),
        column("type", ColumnType::Text, Given::Required),
        column("url", ColumnType::Text, Given::Optional),
        column("title", ColumnType::Text, Given::Optional),
        column("summary", ColumnType::Text, Given::Optional),
        column("added_words", ColumnType::Int, Given::Optional),
        column("removed_words", ColumnType::Int, Given::Optional),
        column("similarity", ColumnType::Float, Given::Optional),
        column("evidence_sha256", ColumnType::Text, Given::Optional),
        column("collected_at", ColumnType::Time, Given::Host),
        // What it said, as a number.
        column("row_hash", ColumnType::Int, Given::Host),
    ],
};
