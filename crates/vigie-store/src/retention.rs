//! How long rows may be kept, and what of them: the terms under which a place gave them.

use polars::prelude::*;
use vigie_model::mention::ID_ONLY;
use vigie_model::table::Table;

/// A day, in microseconds.
const DAY: i64 = 86_400 * 1_000_000;
/// Days after which a row of `refresh_30d` that was not read again goes.
const REFRESH_DAYS: i64 = 30;
/// Days after which a row of `refresh_or_delete` that was not read again keeps its place and loses its content: a
/// month of a report, and the two weeks in which that report is made.
const CHECK_DAYS: i64 = 45;

/// Columns that say where a row stands and how it was collected, without what was said or by whom.
const PLACE: &[&str] = &[
    "uid",
    "native_id",
    "platform",
    "source",
    "batch_id",
    "query_ids",
    "kind",
    "voice",
    "owner_entity",
    "published_at",
    "published_precision",
    "published_source",
    "first_seen_at",
    "collected_at",
    "status",
    "status_at",
    "text_origin",
    "lang_source",
    "retention",
    "quote_ok",
    "row_hash",
];
/// Counts, which may stay when the content goes.
const COUNTS: &[&str] = &[
    "likes",
    "dislikes",
    "shares",
    "quotes",
    "replies",
    "bookmarks",
    "views",
    "score",
    "reactions",
    "engagement_total",
    "metrics_at",
    "rating",
    "rating_raw",
    "rating_scale",
    "lang",
    "country",
];
/// Columns that lead to the very post: none is kept of rows that may only be counted.
const LINKS: &[&str] = &["url", "canonical_url", "links", "media_urls"];

/// What a row's place allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retention {
    /// Everything, for good.
    Keep,
    /// Read again or dropped after thirty days.
    Refresh30d,
    /// Content only while it is known to be public still.
    RefreshOrDelete,
    /// The identifier and the time.
    IdsOnly,
    /// Counted, never shown.
    AggregateOnly,
}

impl Retention {
    /// Every class.
    pub const ALL: [Self; 5] =
        [Self::Keep, Self::Refresh30d, Self::RefreshOrDelete, Self::IdsOnly, Self::AggregateOnly];

    /// Its name in manifests and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Refresh30d => "refresh_30d",
            Self::RefreshOrDelete => "refresh_or_delete",
            Self::IdsOnly => "ids_only",
            Self::AggregateOnly => "aggregate_only",
        }
    }

    /// The class called `name`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// A row of this class must be read again from time to time.
    pub fn expires(self) -> bool {
        matches!(self, Self::Refresh30d | Self::RefreshOrDelete)
    }
}

/// Rows that must be read again from time to time.
pub(crate) fn expires() -> Expr {
    class(Retention::Refresh30d).or(class(Retention::RefreshOrDelete))
}

fn class(class: Retention) -> Expr {
    col("retention").eq(lit(class.name()))
}

/// Takes out of rows, before they are written, what their class never allows.
///
/// # Errors
/// When a column has another type than the table's.
pub fn before_writing(rows: DataFrame, table: &Table) -> PolarsResult<DataFrame> {
    let limited = |class: Option<&str>| {
        matches!(class.and_then(Retention::parse), Some(Retention::IdsOnly | Retention::AggregateOnly))
    };
    match rows.column("retention") {
        Ok(classes) if classes.str()?.iter().any(limited) => {}
        _ => return Ok(rows),
    }
    let ids_only = reduced(table, class(Retention::IdsOnly), &|name| PLACE.contains(&name));
    let counted = |name: &str| !LINKS.contains(&name);
    let rows =
        rows.lazy().with_columns(ids_only).with_columns(reduced(table, class(Retention::AggregateOnly), &counted));
    let silent = class(Retention::AggregateOnly).or(class(Retention::IdsOnly));
    rows.with_column(when(silent).then(lit("no")).otherwise(col("quote_ok")).alias("quote_ok")).collect()
}

/// Takes out of rows what may not leave the archive.
pub(crate) fn before_export(rows: LazyFrame, table: &Table) -> LazyFrame {
    if table.column("retention").is_none() {
        return rows;
    }
    let kept = |name: &str| PLACE.contains(&name) || COUNTS.contains(&name) || name == "author_bucket";
    rows.with_columns(reduced(table, class(Retention::AggregateOnly), &kept))
}

/// The columns of `table` with nothing left, where `rows` is true, but those that `kept` names. Where the text goes,
/// `text_origin` says so.
fn reduced(table: &Table, rows: Expr, kept: &dyn Fn(&str) -> bool) -> Vec<Expr> {
    let mut columns: Vec<Expr> = table
        .stored()
        .filter(|c| !kept(c.name))
        .map(|c| when(rows.clone()).then(lit(NULL)).otherwise(col(c.name)).alias(c.name))
        .collect();
    if !kept("text") {
        let origin = when(rows).then(lit(ID_ONLY)).otherwise(col("text_origin"));
        columns.push(origin.alias("text_origin"));
    }
    columns
}

/// Rows that must go as a whole at the moment `now`, microseconds since 1970.
pub(crate) fn is_over(now: i64) -> Expr {
    class(Retention::Refresh30d).and(last_read().lt(lit(now - REFRESH_DAYS * DAY))).fill_null(lit(false))
}

/// Rows that must lose their content at the moment `now` and still have some.
pub(crate) fn must_be_reduced(now: i64) -> Expr {
    let unchecked = class(Retention::RefreshOrDelete).and(last_read().lt(lit(now - CHECK_DAYS * DAY)));
    let gone = ["gone", "removed", "author_gone"].map(|status| col("status").eq(lit(status)));
    let [first, second, third] = gone;
    let deleted = first.or(second).or(third).fill_null(lit(false)).and(expires());
    let has_content = col("text_origin").neq(lit(ID_ONLY)).fill_null(lit(true));
    unchecked.fill_null(lit(false)).or(deleted.fill_null(lit(false))).and(has_content)
}

/// Rows with nothing left but place and counts.
pub(crate) fn without_content(rows: LazyFrame, table: &Table) -> LazyFrame {
    rows.with_columns(reduced(table, lit(true), &|name| PLACE.contains(&name) || COUNTS.contains(&name)))
}

fn last_read() -> Expr {
    coalesce(&[col("collected_at"), col("first_seen_at")]).to_physical()
}
