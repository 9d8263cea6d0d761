//! Values as text and JSON, and back: what exported files are made of.

use polars::prelude::*;
use serde_json::{Map, Value};
use vigie_model::column::{Column as Described, ColumnType};

use crate::schema::polars_type;

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// Microseconds since 1970.
    Time(i64),
    List(Vec<String>),
}

impl Cell {
    /// The value as JSON; times as RFC 3339 in UTC, numbers that JSON does not have as null.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Text(text) => text.clone().into(),
            Self::Int(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Bool(yes) => (*yes).into(),
            Self::Time(micros) => time_text(*micros).into(),
            Self::List(texts) => texts.clone().into(),
        }
    }

    /// The value for a CSV file: words that a spreadsheet would take for a formula begin with an apostrophe.
    pub(crate) fn csv(&self) -> String {
        match self {
            Self::Text(text) if is_risky(text) => format!("'{text}"),
            Self::Text(text) => text.clone(),
            Self::Float(number) => number.to_string(),
            Self::List(_) => self.json().to_string(),
            other => match other.json() {
                Value::String(text) => text,
                json => json.to_string(),
            },
        }
    }

    /// Reads a cell of a CSV file written by [`Cell::csv`]. The error names what was expected.
    pub(crate) fn of_csv(kind: ColumnType, text: &str) -> Result<Option<Self>, &'static str> {
        if text.is_empty() {
            return Ok(None);
        }
        let cell = match kind {
            ColumnType::Text => {
                let inside = text.strip_prefix('\'').filter(|inside| is_risky(inside));
                Self::Text(inside.unwrap_or(text).to_owned())
            }
            ColumnType::TextList => {
                return Self::of_json(kind, &serde_json::from_str(text).map_err(|_| "a JSON list")?);
            }
            ColumnType::Int => Self::Int(text.parse().map_err(|_| "a whole number")?),
            ColumnType::Float => Self::Float(text.parse().map_err(|_| "a number")?),
            ColumnType::Bool => Self::Bool(text.parse().map_err(|_| "true or false")?),
            ColumnType::Time => Self::Time(time(text)?),
        };
        Ok(Some(cell))
    }

    /// Reads a value of a JSON row. The error names what was expected.
    pub(crate) fn of_json(kind: ColumnType, value: &Value) -> Result<Option<Self>, &'static str> {
        let cell = match (kind, value) {
            (_, Value::Null) => return Ok(None),
            (ColumnType::Text, Value::String(text)) => Self::Text(text.clone()),
            (ColumnType::Int, number) => Self::Int(number.as_i64().ok_or("a whole number")?),
            (ColumnType::Float, number) => Self::Float(number.as_f64().ok_or("a number")?),
            (ColumnType::Bool, yes) => Self::Bool(yes.as_bool().ok_or("true or false")?),
            (ColumnType::Time, Value::String(text)) => Self::Time(time(text)?),
            (ColumnType::Time, _) => return Err("a time in RFC 3339"),
            (ColumnType::Text, _) => return Err("a text"),
            (ColumnType::TextList, list) => {
                let texts = list.as_array().ok_or("a list of texts")?.iter();
                let texts = texts.map(|t| t.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
                Self::List(texts.ok_or("a list of texts")?)
            }
        };
        Ok(Some(cell))
    }
}

/// Apostrophes before a formula are part of the escape: one more or one less of them must always be told apart.
fn is_risky(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

fn time(text: &str) -> Result<i64, &'static str> {
    text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_microsecond).map_err(|_| "a time in RFC 3339")
}

fn time_text(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map_or_else(|_| micros.to_string(), |t| t.to_string())
}

/// The values of a column, row by row.
pub(crate) fn cells(column: &Column) -> PolarsResult<Vec<Option<Cell>>> {
    Ok(match column.dtype() {
        DataType::String => column.str()?.iter().map(|v| v.map(|v| Cell::Text(v.to_owned()))).collect(),
        DataType::Float64 => column.f64()?.iter().map(|v| v.map(Cell::Float)).collect(),
        DataType::Boolean => column.bool()?.iter().map(|v| v.map(Cell::Bool)).collect(),
        DataType::Int64 => column.i64()?.iter().map(|v| v.map(Cell::Int)).collect(),
        DataType::List(_) => {
            let mut lists = Vec::with_capacity(column.len());
            for list in column.list()?.amortized_iter() {
                let texts = |list: &Series| -> PolarsResult<Cell> {
                    Ok(Cell::List(list.str()?.iter().map(|t| t.unwrap_or_default().to_owned()).collect()))
                };
                lists.push(list.map(|list| texts(list.as_ref())).transpose()?);
            }
            lists
        }
        _ => column.to_physical_repr().i64()?.iter().map(|v| v.map(Cell::Time)).collect(),
    })
}

/// A column of `described`'s type from values, row by row.
pub(crate) fn column(described: &Described, cells: Vec<Option<Cell>>) -> PolarsResult<Column> {
    let name = PlSmallStr::from_str(described.name);
    let rows = cells.into_iter();
    Ok(match described.kind {
        ColumnType::Text => {
            let texts = rows.map(|c| if let Some(Cell::Text(v)) = c { Some(v) } else { None });
            StringChunked::from_iter_options(name, texts).into_column()
        }
        ColumnType::Int => {
            let numbers = rows.map(|c| if let Some(Cell::Int(v)) = c { Some(v) } else { None });
            Int64Chunked::from_iter_options(name, numbers).into_column()
        }
        ColumnType::Float => {
            let numbers = rows.map(|c| if let Some(Cell::Float(v)) = c { Some(v) } else { None });
            Float64Chunked::from_iter_options(name, numbers).into_column()
        }
        ColumnType::Bool => {
            let values = rows.map(|c| if let Some(Cell::Bool(v)) = c { Some(v) } else { None });
            BooleanChunked::from_iter_options(name, values).into_column()
        }
        ColumnType::Time => {
            let times = rows.map(|c| if let Some(Cell::Time(v)) = c { Some(v) } else { None });
            let times = Int64Chunked::from_iter_options(name, times).into_column();
            times.cast(&polars_type(ColumnType::Time))?
        }
        ColumnType::TextList => {
            let count = rows.len();
            let mut lists = ListStringChunkedBuilder::new(name, count, count * 2);
            for cell in rows {
                match cell {
                    Some(Cell::List(texts)) => lists.append_values_iter(texts.iter().map(String::as_str)),
                    _ => lists.append_null(),
                }
            }
            lists.finish().into_column()
        }
    })
}

/// A row as a JSON object, nulls left out.
pub(crate) fn row_json<'c>(cells: impl Iterator<Item = (&'c str, &'c Option<Cell>)>) -> Value {
    let values = cells.filter_map(|(name, cell)| Some((name.to_owned(), cell.as_ref()?.json())));
    Value::Object(values.collect::<Map<String, Value>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula_and_every_text_comes_back() {
        for text in ["=1+1", "'=1", "''@x", "+33", "-", "@nordet", "\tx", "\rx", "'", "l'été", "a,b\n\"c\"", "'x", "x"]
        {
            let written = Cell::Text(text.to_owned()).csv();
            assert!(!written.starts_with(FORMULA), "{written}");
            let back = Cell::of_csv(ColumnType::Text, &written).unwrap();
            assert_eq!(back, Some(Cell::Text(text.to_owned())));
        }
    }

    #[test]
    fn values_come_back_from_csv_and_from_json() {
        for (kind, cell) in [
            (ColumnType::Int, Cell::Int(-9_007_199_254_740_993)),
            (ColumnType::Float, Cell::Float(0.1 + 0.2)),
            (ColumnType::Bool, Cell::Bool(false)),
            (ColumnType::Time, Cell::Time(1_759_276_800_123_456)),
            (ColumnType::TextList, Cell::List(vec!["=a".into(), String::new(), "b,\"c".into()])),
            (ColumnType::TextList, Cell::List(Vec::new())),
        ] {
            assert_eq!(Cell::of_csv(kind, &cell.csv()).unwrap(), Some(cell.clone()), "{cell:?}");
            assert_eq!(Cell::of_json(kind, &cell.json()).unwrap(), Some(cell.clone()), "{cell:?}");
        }
        assert_eq!(Cell::of_csv(ColumnType::Int, "12.5"), Err("a whole number"));
        assert_eq!(Cell::of_json(ColumnType::Time, &Value::from("yesterday")), Err("a time in RFC 3339"));
    }

    #[test]
    fn columns_and_cells_are_the_same_thing() {
        let described = |kind| Described { name: "c", kind, given: vigie_model::column::Given::Optional };
        for (kind, cell) in [
            (ColumnType::Text, Cell::Text("é".into())),
            (ColumnType::Time, Cell::Time(5)),
            (ColumnType::TextList, Cell::List(vec!["a".into(), "b".into()])),
            (ColumnType::TextList, Cell::List(Vec::new())),
            (ColumnType::Bool, Cell::Bool(true)),
        ] {
            let values = vec![None, Some(cell), None];
            let column = column(&described(kind), values.clone()).unwrap();
            assert_eq!(*column.dtype(), polars_type(kind));
            assert_eq!(cells(&column).unwrap(), values);
        }
    }
}
