//! Parquet, through the record interface, with only the columns that are wanted.

use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row as Record};
use parquet::schema::types::Type;
use serde_json::Value;

use crate::error::Error;
use crate::input::{Columns, Places, Row, Rows};

/// The rows of a Parquet file.
pub(crate) fn open(path: &Path, file: File, columns: &Columns) -> Result<Rows, Error> {
    let broken = |error: parquet::errors::ParquetError| Error::Broken {
        file: path.to_owned(),
        rows: 0,
        reason: error.to_string(),
    };
    let reader = SerializedFileReader::new(file).map_err(broken)?;
    let schema = reader.metadata().file_metadata().schema().clone();
    let names: Vec<String> = schema.get_fields().iter().map(|f| f.name().to_owned()).collect();
    let places = Places::find(path, columns, &names)?;
    let mut wanted: Vec<usize> = places.kept.iter().copied().chain([places.text]).collect();
    wanted.extend(places.title.into_iter().chain(places.lang));
    wanted.sort_unstable();
    wanted.dedup();
    let fields = wanted.iter().map(|place| schema.get_fields()[*place].clone()).collect();
    let projection = Type::group_type_builder(schema.name()).with_fields(fields).build().map_err(broken)?;
    let rows = RowIter::from_file_into(Box::new(reader)).project(Some(projection)).map_err(broken)?;
    let at = |place: usize| wanted.binary_search(&place).unwrap_or(usize::MAX);
    let places = Places {
        text: at(places.text),
        title: places.title.map(at),
        lang: places.lang.map(at),
        kept: places.kept.iter().map(|p| at(*p)).collect(),
    };
    Ok(Box::new(ParquetRows { path: path.to_owned(), rows, places, read: 0 }))
}

struct ParquetRows {
    path: PathBuf,
    rows: RowIter<'static>,
    places: Places,
    read: u64,
}

impl Iterator for ParquetRows {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.next()? {
            Ok(record) => {
                self.read += 1;
                Some(Ok(row(&record, self.read, &self.places)))
            }
            Err(error) => {
                let reason = error.to_string();
                Some(Err(Error::Broken { file: self.path.clone(), rows: self.read, reason }))
            }
        }
    }
}

fn row(record: &Record, line: u64, places: &Places) -> Row {
    let fields: Vec<&Field> = record.get_column_iter().map(|(_, field)| field).collect();
    let value = |place: usize| fields.get(place).map_or(Value::Null, |f| value_of(f));
    let text = |place: usize| match value(place) {
        Value::String(text) => Some(text),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    Row {
        line,
        text: text(places.text),
        title: places.title.and_then(text),
        lang: places.lang.and_then(text),
        kept: places.kept.iter().map(|p| value(*p)).collect(),
        problem: None,
    }
}

/// Numbers stay numbers, words words; anything else is told in words.
fn value_of(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(b) => Value::Bool(*b),
        Field::Byte(n) => Value::from(*n),
        Field::Short(n) => Value::from(*n),
        Field::Int(n) => Value::from(*n),
        Field::Long(n) => Value::from(*n),
        Field::UByte(n) => Value::from(*n),
        Field::UShort(n) => Value::from(*n),
        Field::UInt(n) => Value::from(*n),
        Field::ULong(n) => Value::from(*n),
        Field::Float(n) => Value::from(*n),
        Field::Double(n) => Value::from(*n),
        Field::Str(text) => Value::from(text.as_str()),
        Field::Bytes(bytes) => Value::from(String::from_utf8_lossy(bytes.data())),
        other => Value::from(other.to_string()),
    }
}
