//! Rows on their way from a plugin to the archive: validated columns, nulls explicit.

use serde_json::{Map, Value};
use vigie_model::column::ColumnType;

/// Most rows of one batch. Checked before any buffer is touched.
pub const MAX_ROWS: usize = 1_048_576;
/// Most columns of one batch.
pub const MAX_COLUMNS: usize = 256;
/// Longest column name, in bytes.
pub const MAX_NAME: usize = 64;

/// Rows of one table; every column has `rows` values.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Table and version, `mentions/1`.
    pub table: String,
    /// Number of rows.
    pub rows: usize,
    /// Columns in the plugin's order; a missing optional column is null.
    pub columns: Vec<Column>,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Values.
    pub values: Values,
}

/// UTF-8 texts, one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextColumn {
    /// Text `i` is `bytes[offsets[i]..offsets[i + 1]]`; one more than rows, starting at 0, never falling.
    pub offsets: Vec<i64>,
    /// All texts.
    pub bytes: Vec<u8>,
    /// False where null; `None` means no nulls.
    pub valid: Option<Vec<bool>>,
}

/// Values of one width.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plain<T> {
    /// The values; meaningless where null.
    pub values: Vec<T>,
    /// False where null; `None` means no nulls.
    pub valid: Option<Vec<bool>>,
}

/// Lists of texts, one list per row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextListColumn {
    /// List `i` is `items` from `offsets[i]` to `offsets[i + 1]`; one more than rows, starting at 0, never falling.
    pub offsets: Vec<i64>,
    /// The texts of all lists; none of them is null.
    pub items: TextColumn,
    /// False where null; `None` means no nulls. A null list has no items.
    pub valid: Option<Vec<bool>>,
}

/// The values of a column by type.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Texts.
    Text(TextColumn),
    /// Signed 64-bit integers.
    Int(Plain<i64>),
    /// 64-bit floats.
    Float(Plain<f64>),
    /// True or false.
    Bool(Plain<bool>),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Time(Plain<i64>),
    /// Lists of texts.
    TextList(TextListColumn),
}

impl Default for TextColumn {
    fn default() -> Self {
        Self { offsets: vec![0], bytes: Vec::new(), valid: None }
    }
}

impl Default for TextListColumn {
    fn default() -> Self {
        Self { offsets: vec![0], items: TextColumn::default(), valid: None }
    }
}

impl TextColumn {
    /// Text of row `row`; `None` when null or out of range.
    pub fn get(&self, row: usize) -> Option<&str> {
        if !is_valid(self.valid.as_deref(), row) {
            return None;
        }
        let (start, end) = (*self.offsets.get(row)?, *self.offsets.get(row + 1)?);
        std::str::from_utf8(self.bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)?).ok()
    }

    /// Adds one row.
    pub fn push(&mut self, value: Option<&str>) {
        let row = self.offsets.len() - 1;
        push_valid(&mut self.valid, row, value.is_some());
        self.bytes.extend_from_slice(value.unwrap_or_default().as_bytes());
        self.offsets.push(self.bytes.len() as i64);
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl TextListColumn {
    /// Texts of row `row`; `None` when null or out of range.
    pub fn get(&self, row: usize) -> Option<impl Iterator<Item = &str>> {
        if !is_valid(self.valid.as_deref(), row) {
            return None;
        }
        let (start, end) = (*self.offsets.get(row)? as usize, *self.offsets.get(row + 1)? as usize);
        Some((start..end).map(|item| self.items.get(item).unwrap_or_default()))
    }

    /// Adds one row.
    pub fn push<'a>(&mut self, value: Option<impl Iterator<Item = &'a str>>) {
        push_valid(&mut self.valid, self.offsets.len() - 1, value.is_some());
        for text in value.into_iter().flatten() {
            self.items.push(Some(text));
        }
        self.offsets.push(self.items.len() as i64);
    }
}

impl<T: Copy + Default> Plain<T> {
    /// Value of row `row`; `None` when null or out of range.
    pub fn get(&self, row: usize) -> Option<T> {
        if is_valid(self.valid.as_deref(), row) { self.values.get(row).copied() } else { None }
    }

    /// Adds one row.
    pub fn push(&mut self, value: Option<T>) {
        push_valid(&mut self.valid, self.values.len(), value.is_some());
        self.values.push(value.unwrap_or_default());
    }
}

fn is_valid(valid: Option<&[bool]>, row: usize) -> bool {
    valid.is_none_or(|v| v.get(row).copied().unwrap_or(false))
}

fn push_valid(valid: &mut Option<Vec<bool>>, row: usize, is_valid: bool) {
    if let Some(valid) = valid {
        valid.push(is_valid);
    } else if !is_valid {
        let mut list = vec![true; row];
        list.push(false);
        *valid = Some(list);
    }
}

impl Values {
    /// No rows yet.
    pub fn empty(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Text => Self::Text(TextColumn::default()),
            ColumnType::Int => Self::Int(Plain::default()),
            ColumnType::Float => Self::Float(Plain::default()),
            ColumnType::Bool => Self::Bool(Plain::default()),
            ColumnType::Time => Self::Time(Plain::default()),
            ColumnType::TextList => Self::TextList(TextListColumn::default()),
        }
    }

    /// The type.
    pub fn kind(&self) -> ColumnType {
        match self {
            Self::Text(_) => ColumnType::Text,
            Self::Int(_) => ColumnType::Int,
            Self::Float(_) => ColumnType::Float,
            Self::Bool(_) => ColumnType::Bool,
            Self::Time(_) => ColumnType::Time,
            Self::TextList(_) => ColumnType::TextList,
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(c) => c.len(),
            Self::TextList(c) => c.offsets.len().saturating_sub(1),
            Self::Int(c) | Self::Time(c) => c.values.len(),
            Self::Float(c) => c.values.len(),
            Self::Bool(c) => c.values.len(),
        }
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which rows are not null; `None` means all.
    pub fn validity(&self) -> Option<&[bool]> {
        match self {
            Self::Text(c) => c.valid.as_deref(),
            Self::TextList(c) => c.valid.as_deref(),
            Self::Int(c) | Self::Time(c) => c.valid.as_deref(),
            Self::Float(c) => c.valid.as_deref(),
            Self::Bool(c) => c.valid.as_deref(),
        }
    }

    /// Adds one null row.
    pub fn push_null(&mut self) {
        match self {
            Self::Text(c) => c.push(None),
            Self::TextList(c) => c.push(None::<std::iter::Empty<&str>>),
            Self::Int(c) | Self::Time(c) => c.push(None),
            Self::Float(c) => c.push(None),
            Self::Bool(c) => c.push(None),
        }
    }

    /// The rows where `keep` is true, in order.
    #[must_use]
    pub(crate) fn kept(&self, keep: &[bool]) -> Self {
        fn plain<T: Copy + Default>(column: &Plain<T>, rows: impl Iterator<Item = usize>) -> Plain<T> {
            let mut kept = Plain::default();
            rows.for_each(|row| kept.push(column.get(row)));
            kept
        }
        let rows = (0..self.len()).filter(|row| keep[*row]);
        match self {
            Self::Text(c) => {
                let mut kept = TextColumn::default();
                rows.for_each(|row| kept.push(c.get(row)));
                Self::Text(kept)
            }
            Self::TextList(c) => {
                let mut kept = TextListColumn::default();
                rows.for_each(|row| kept.push(c.get(row)));
                Self::TextList(kept)
            }
            Self::Int(c) => Self::Int(plain(c, rows)),
            Self::Time(c) => Self::Time(plain(c, rows)),
            Self::Float(c) => Self::Float(plain(c, rows)),
            Self::Bool(c) => Self::Bool(plain(c, rows)),
        }
    }

    /// The value of row `row` as JSON, times as RFC 3339.
    pub(crate) fn json(&self, row: usize) -> Value {
        match self {
            Self::Text(c) => c.get(row).into(),
            Self::TextList(c) => c.get(row).map(|texts| texts.map(Value::from).collect::<Vec<_>>()).into(),
            Self::Int(c) => c.get(row).into(),
            Self::Float(c) => c.get(row).into(),
            Self::Bool(c) => c.get(row).into(),
            Self::Time(c) => c
                .get(row)
                .map(|t| jiff::Timestamp::from_microsecond(t).map_or_else(|_| t.to_string(), |t| t.to_string()))
                .into(),
        }
    }

    /// True when every row is null.
    pub fn all_null(&self) -> bool {
        !self.is_empty() && self.validity().is_some_and(|v| v.iter().all(|x| !x))
    }
}

impl Batch {
    /// The column called `name`.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// Row `row` as a JSON object, nulls left out.
    pub fn row(&self, row: usize) -> Map<String, Value> {
        let cells = self.columns.iter().map(|c| (c.name.clone(), c.values.json(row)));
        cells.filter(|(_, value)| !value.is_null()).collect()
    }

    /// The texts of the column called `name`, if it is a text column.
    pub fn text(&self, name: &str) -> Option<&TextColumn> {
        match &self.column(name)?.values {
            Values::Text(column) => Some(column),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_rows_still_begin_at_zero() {
        // Found by fuzzing: lists that are all empty had items without a first offset.
        let mut lists = TextListColumn::default();
        lists.push(Some(std::iter::empty()));
        assert_eq!((lists.offsets.as_slice(), lists.items.offsets.as_slice()), ([0, 0].as_slice(), [0].as_slice()));
        assert_eq!(TextColumn::default().len(), 0);
        assert!(Values::empty(ColumnType::TextList).is_empty());
    }
}
