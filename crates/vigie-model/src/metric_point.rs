//! Table `metric_points/1`: a figure at a time, counted by somebody else: page views, volumes, averages, followers,
//! the client's own figures. It is never a mention: in one frame it would corrupt the share of voice.

use crate::column::{ColumnType, Given, column};
use crate::table::Table;

/// One row per series, entity, dimensions and time.
pub const METRIC_POINTS: Table = Table {
    name: "metric_points/1",
    key: &["series", "entity", "dims_hash", "ts"],
    columns: &[
        column("series", ColumnType::Text, Given::Required),
        column("entity", ColumnType::Text, Given::Required),
        column("platform", ColumnType::Text, Given::Optional),
        column("source", ColumnType::Text, Given::Host),
        column("batch_id", ColumnType::Text, Given::Host),
        // Beginning of what is counted, and how many seconds it lasts.
        column("ts", ColumnType::Time, Given::Required),
        column("bucket_s", ColumnType::Int, Given::Optional),
        column("value", ColumnType::Float, Given::Required),
        column("denominator", ColumnType::Float, Given::Optional),
        column("unit", ColumnType::Text, Given::Optional),
        // A JSON object of texts, and the fingerprint that tells two of them apart.
        column("dims", ColumnType::Text, Given::Optional),
        column("dims_hash", ColumnType::Text, Given::Host),
        column("provisional", ColumnType::Bool, Given::Optional),
        column("collected_at", ColumnType::Time, Given::Host),
        // What it said, as a number.
        column("row_hash", ColumnType::Int, Given::Host),
    ],
};
