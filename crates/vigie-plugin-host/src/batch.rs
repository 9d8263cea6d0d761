//! Rows on their way from a plugin to the archive: validated columns, nulls explicit.

use vigie_model::mention::ColumnType;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
        if self.offsets.is_empty() {
            self.offsets.push(0);
        }
        let row = self.offsets.len() - 1;
        push_valid(&mut self.valid, row, value.is_some());
        self.bytes.extend_from_slice(value.unwrap_or_default().as_bytes());
        self.offsets.push(self.bytes.len() as i64);
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
            ColumnType::Text => Self::Text(TextColumn { offsets: vec![0], ..TextColumn::default() }),
            ColumnType::Int => Self::Int(Plain::default()),
            ColumnType::Float => Self::Float(Plain::default()),
            ColumnType::Bool => Self::Bool(Plain::default()),
            ColumnType::Time => Self::Time(Plain::default()),
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
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(c) => c.offsets.len().saturating_sub(1),
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
            Self::Int(c) | Self::Time(c) => c.valid.as_deref(),
            Self::Float(c) => c.valid.as_deref(),
            Self::Bool(c) => c.valid.as_deref(),
        }
    }

    /// Adds one null row.
    pub fn push_null(&mut self) {
        match self {
            Self::Text(c) => c.push(None),
            Self::Int(c) | Self::Time(c) => c.push(None),
            Self::Float(c) => c.push(None),
            Self::Bool(c) => c.push(None),
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

    /// The texts of the column called `name`, if it is a text column.
    pub fn text(&self, name: &str) -> Option<&TextColumn> {
        match &self.column(name)?.values {
            Values::Text(column) => Some(column),
            _ => None,
        }
    }
}
