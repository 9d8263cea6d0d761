//! The `mentions` table's columns as polars and as Delta know them.

use deltalake_core::kernel::{ArrayType, DataType as DeltaType, PrimitiveType, StructField};
use polars::prelude::{DataType, Field, Schema, TimeUnit, TimeZone};
use vigie_model::column::ColumnType;
use vigie_model::mention::stored;

/// The polars type of a column type.
pub fn polars_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Text => DataType::String,
        ColumnType::Int => DataType::Int64,
        ColumnType::Float => DataType::Float64,
        ColumnType::Bool => DataType::Boolean,
        ColumnType::Time => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
        ColumnType::TextList => DataType::List(Box::new(DataType::String)),
    }
}

/// Schema of the `mentions` table, in the archive's column order.
pub fn schema() -> Schema {
    stored().map(|c| Field::new(c.name.into(), polars_type(c.kind))).collect()
}

/// Every column may be null for Delta: a not-null constraint is a table feature that engines must
/// support to write at all, and the collector checks required columns before any row gets here.
pub(crate) fn delta_columns() -> Vec<StructField> {
    stored()
        .map(|c| {
            let kind = match c.kind {
                ColumnType::Text => DeltaType::Primitive(PrimitiveType::String),
                ColumnType::Int => DeltaType::Primitive(PrimitiveType::Long),
                ColumnType::Float => DeltaType::Primitive(PrimitiveType::Double),
                ColumnType::Bool => DeltaType::Primitive(PrimitiveType::Boolean),
                ColumnType::Time => DeltaType::Primitive(PrimitiveType::Timestamp),
                ColumnType::TextList => ArrayType::new(DeltaType::Primitive(PrimitiveType::String), false).into(),
            };
            StructField::new(c.name, kind, true)
        })
        .collect()
}
