//! Readings as a Parquet file, one row group after the other.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use serde_json::Value;

use crate::error::Error;
use crate::output::plain;

/// Rows in memory before they are written.
const GROUP: usize = 65_536;

/// A column in memory; `None` is null.
enum Column {
    Text(Vec<Option<ByteArray>>),
    Number(Vec<Option<f64>>),
    Int(Vec<Option<i64>>),
}

/// A Parquet file being written.
pub(crate) struct ParquetTable {
    writer: SerializedFileWriter<Box<dyn Write + Send>>,
    columns: Vec<Column>,
    rows: usize,
}

/// Columns of numbers.
fn column_of(key: &str) -> Column {
    match key {
        _ if key.starts_with("p_") => Column::Number(Vec::new()),
        "story_id" => Column::Int(Vec::new()),
        _ => Column::Text(Vec::new()),
    }
}

impl ParquetTable {
    pub(crate) fn new(out: Box<dyn Write + Send>, kept: &[String], keys: &[&str]) -> Result<Self, Error> {
        let mut columns: Vec<Column> = kept.iter().map(|_| Column::Text(Vec::new())).collect();
        columns.extend(keys.iter().map(|key| column_of(key)));
        let names = kept.iter().map(String::as_str).chain(keys.iter().copied());
        let fields = names.zip(&columns).map(|(name, column)| {
            let (physical, logical) = match column {
                Column::Text(_) => (Physical::BYTE_ARRAY, ConvertedType::UTF8),
                Column::Number(_) => (Physical::DOUBLE, ConvertedType::NONE),
                Column::Int(_) => (Physical::INT64, ConvertedType::NONE),
            };
            let field = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
            field.with_converted_type(logical).build().map(Arc::new)
        });
        let fields = fields.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        let schema = Type::group_type_builder("readings").with_fields(fields).build().map_err(failed)?;
        let level = ZstdLevel::try_new(3).map_err(failed)?;
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(failed)?;
        Ok(Self { writer, columns, rows: 0 })
    }

    pub(crate) fn write(&mut self, kept: Vec<Option<String>>, values: &[Value]) -> Result<(), Error> {
        let first = kept.len();
        for (column, text) in self.columns.iter_mut().zip(kept) {
            if let Column::Text(cells) = column {
                cells.push(text.map(|t| ByteArray::from(t.into_bytes())));
            }
        }
        for (column, value) in self.columns[first..].iter_mut().zip(values) {
            match column {
                Column::Text(cells) => cells.push(plain(value).map(|t| ByteArray::from(t.into_bytes()))),
                Column::Number(cells) => cells.push(value.as_f64()),
                Column::Int(cells) => cells.push(value.as_i64()),
            }
        }
        self.rows += 1;
        if self.rows == GROUP { self.flush() } else { Ok(()) }
    }

    /// Writes the rows in memory as one group.
    fn flush(&mut self) -> Result<(), Error> {
        let mut group = self.writer.next_row_group().map_err(failed)?;
        for cells in &mut self.columns {
            let Some(mut column) = group.next_column().map_err(failed)? else { break };
            match cells {
                Column::Text(cells) => {
                    let (levels, values) = split(cells);
                    column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).map_err(failed)?;
                }
                Column::Number(cells) => {
                    let (levels, values) = split(cells);
                    column.typed::<DoubleType>().write_batch(&values, Some(&levels), None).map_err(failed)?;
                }
                Column::Int(cells) => {
                    let (levels, values) = split(cells);
                    column.typed::<Int64Type>().write_batch(&values, Some(&levels), None).map_err(failed)?;
                }
            }
            column.close().map_err(failed)?;
        }
        group.close().map_err(failed)?;
        self.rows = 0;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), Error> {
        if self.rows > 0 {
            self.flush()?;
        }
        self.writer.close().map_err(failed)?;
        Ok(())
    }
}

/// Definition levels, and the values that are there. Empties the cells.
fn split<T>(cells: &mut Vec<Option<T>>) -> (Vec<i16>, Vec<T>) {
    let levels = cells.iter().map(|c| i16::from(c.is_some())).collect();
    (levels, cells.drain(..).flatten().collect())
}

fn failed(error: ParquetError) -> Error {
    Error::Write(io::Error::other(error))
}
