//! The columns of a table as polars and as Delta know them.

use deltalake_core::kernel::{ArrayType, DataType as DeltaType, PrimitiveType, StructField, StructType};
use polars::prelude::{DataType, Field, Schema, TimeUnit, TimeZone};
use vigie_model::column::{Column, ColumnType};
use vigie_model::table::Table;

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

/// Schema of `table`, in the archive's column order.
pub fn schema(table: &Table) -> Schema {
    table.stored().map(|c| Field::new(c.name.into(), polars_type(c.kind))).collect()
}

/// Every column may be null for Delta: a not-null constraint is a table feature that engines must
/// support to write at all, and the collector checks required columns before any row gets here.
pub(crate) fn delta_columns(table: &Table) -> Vec<StructField> {
    table.stored().map(|c| StructField::new(c.name, delta_type(c), true)).collect()
}

fn delta_type(column: &Column) -> DeltaType {
    DeltaType::Primitive(match column.kind {
        ColumnType::Text => PrimitiveType::String,
        ColumnType::Int => PrimitiveType::Long,
        ColumnType::Float => PrimitiveType::Double,
        ColumnType::Bool => PrimitiveType::Boolean,
        ColumnType::Time => PrimitiveType::Timestamp,
        ColumnType::TextList => {
            let items = ArrayType::new(DeltaType::Primitive(PrimitiveType::String), false);
            return DeltaType::Array(Box::new(items));
        }
    })
}

/// What polars must expect of a table that Delta describes as `stored`: our columns and those a later vigie added.
/// The name of a column whose type no vigie ever wrote is the error.
pub(crate) fn stored_schema(stored: &StructType) -> Result<Schema, String> {
    let fields = stored.fields().map(|field| {
        let kind = column_type(field.data_type()).ok_or_else(|| field.name().clone())?;
        Ok(Field::new(field.name().as_str().into(), polars_type(kind)))
    });
    fields.collect()
}

fn column_type(kind: &DeltaType) -> Option<ColumnType> {
    match kind {
        DeltaType::Primitive(PrimitiveType::String) => Some(ColumnType::Text),
        DeltaType::Primitive(PrimitiveType::Long) => Some(ColumnType::Int),
        DeltaType::Primitive(PrimitiveType::Double) => Some(ColumnType::Float),
        DeltaType::Primitive(PrimitiveType::Boolean) => Some(ColumnType::Bool),
        DeltaType::Primitive(PrimitiveType::Timestamp) => Some(ColumnType::Time),
        DeltaType::Array(list) if column_type(list.element_type()) == Some(ColumnType::Text) => {
            Some(ColumnType::TextList)
        }
        _ => None,
    }
}
