//! What a column of an archive table is: name, type, and who gives it.

/// Type of a column, as plugins give it and the archive keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// UTF-8 text.
    Text,
    /// Signed 64-bit integer.
    Int,
    /// 64-bit float.
    Float,
    /// True or false.
    Bool,
    /// Microseconds since 1970-01-01T00:00:00Z.
    Time,
    /// UTF-8 texts, none of them null; an empty list is not a null one.
    TextList,
}

/// Who gives a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// The plugin must give it on every row.
    Required,
    /// The plugin may give it; missing is null, and null is not zero.
    Optional,
    /// Only the host sets it.
    Host,
    /// The plugin may give it so that the host can make a pseudonym and tell own accounts; it is
    /// never stored.
    Transient,
}

/// One column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub kind: ColumnType,
    /// Who gives it.
    pub given: Given,
}

pub(crate) const fn column(name: &'static str, kind: ColumnType, given: Given) -> Column {
    Column { name, kind, given }
}
