//! Names and types of the archive's `mentions` table.

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

/// One column of `mentions/1`.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub kind: ColumnType,
    /// Who gives it.
    pub given: Given,
}

const fn column(name: &'static str, kind: ColumnType, given: Given) -> Column {
    Column { name, kind, given }
}

/// Columns of `mentions/1` that exist so far, in the archive's order, plus the transient ones.
pub const MENTIONS: &[Column] = &[
    column("uid", ColumnType::Text, Given::Host),
    column("native_id", ColumnType::Text, Given::Required),
    column("platform", ColumnType::Text, Given::Required),
    column("source", ColumnType::Text, Given::Host),
    column("batch_id", ColumnType::Text, Given::Host),
    column("kind", ColumnType::Text, Given::Required),
    column("voice", ColumnType::Text, Given::Host),
    column("owner_entity", ColumnType::Text, Given::Host),
    column("url", ColumnType::Text, Given::Optional),
    column("published_at", ColumnType::Time, Given::Required),
    column("published_precision", ColumnType::Text, Given::Optional),
    column("first_seen_at", ColumnType::Time, Given::Host),
    column("author_id", ColumnType::Text, Given::Optional),
    column("author_handle", ColumnType::Text, Given::Transient),
    column("author_name", ColumnType::Text, Given::Transient),
    column("author_bucket", ColumnType::Int, Given::Host),
    column("author_followers", ColumnType::Int, Given::Optional),
    column("venue_name", ColumnType::Text, Given::Optional),
    column("title", ColumnType::Text, Given::Optional),
    column("text", ColumnType::Text, Given::Optional),
    column("text_origin", ColumnType::Text, Given::Optional),
    column("lang", ColumnType::Text, Given::Optional),
    column("lang_source", ColumnType::Text, Given::Host),
    column("likes", ColumnType::Int, Given::Optional),
    column("shares", ColumnType::Int, Given::Optional),
    column("replies", ColumnType::Int, Given::Optional),
    column("views", ColumnType::Int, Given::Optional),
    column("rating_raw", ColumnType::Float, Given::Optional),
    column("rating_scale", ColumnType::Float, Given::Optional),
    column("country", ColumnType::Text, Given::Optional),
    column("retention", ColumnType::Text, Given::Optional),
    column("quote_ok", ColumnType::Text, Given::Optional),
    column("content_hash", ColumnType::Text, Given::Host),
];

/// The column called `name`.
pub fn find(name: &str) -> Option<&'static Column> {
    MENTIONS.iter().find(|c| c.name == name)
}

/// The columns that are stored, in order.
pub fn stored() -> impl Iterator<Item = &'static Column> {
    MENTIONS.iter().filter(|c| c.given != Given::Transient)
}
