//! The archive's rows as columns that can be read from several threads, and each row as a query sees it.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::ToSpan;
use jiff::tz::TimeZone;
use polars::prelude::*;
use vigie_model::period::{epoch_day, from_epoch_day};
use vigie_query::{Fact, Field, Moment};

use crate::Error;
use crate::calendar::{local_day, local_hour};

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// Columns of words that only some queries ask about.
const WORDS: &[(&str, Field)] =
    &[("url", Field::Url), ("author_id", Field::AuthorId), ("country", Field::Country), ("batch_id", Field::Batch)];
/// Columns of numbers that only some queries ask about.
const NUMBERS: &[(&str, Field)] = &[
    ("author_followers", Field::Followers),
    ("likes", Field::Likes),
    ("shares", Field::Shares),
    ("replies", Field::Comments),
    ("views", Field::Views),
    ("rating_raw", Field::Rating),
];

/// True when a query about one of the `asked` fields needs the column of this field.
fn is_asked(asked: &BTreeSet<Field>, field: Field) -> bool {
    let through: &[Field] = match field {
        Field::Url => &[Field::Site, Field::Host, Field::Has],
        Field::Likes | Field::Shares | Field::Comments => &[Field::Engagement, Field::Has],
        Field::Followers | Field::Rating | Field::Country => &[Field::Has],
        _ => &[],
    };
    asked.contains(&field) || through.iter().any(|f| asked.contains(f))
}

/// The columns reading needs, in the archive's order of time.
pub(crate) struct Mentions {
    pub(crate) rows: usize,
    uid: StringChunked,
    published: Int64Chunked,
    source: StringChunked,
    platform: StringChunked,
    kind: StringChunked,
    voice: StringChunked,
    author: StringChunked,
    bucket: Int64Chunked,
    title: StringChunked,
    text: StringChunked,
    lang: StringChunked,
    precision: StringChunked,
    words: Vec<(Field, StringChunked)>,
    numbers: Vec<(Field, Float64Chunked)>,
    collected: Option<Int64Chunked>,
}

/// One row, borrowed.
#[derive(Clone, Copy)]
pub(crate) struct Mention<'a> {
    pub(crate) uid: &'a str,
    pub(crate) published: i64,
    pub(crate) source: &'a str,
    pub(crate) platform: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) voice: &'a str,
    pub(crate) author: Option<&'a str>,
    pub(crate) bucket: Option<i64>,
    pub(crate) title: Option<&'a str>,
    pub(crate) text: Option<&'a str>,
    pub(crate) lang: Option<&'a str>,
}

impl Mentions {
    /// Collects the rows published in `[from, to)`, microseconds since 1970, in the order of time, then of `uid`,
    /// with what queries on the `asked` fields need.
    pub(crate) fn collect(mentions: LazyFrame, from: i64, to: i64, asked: &BTreeSet<Field>) -> Result<Self, Error> {
        let words: Vec<_> = WORDS.iter().filter(|(_, field)| is_asked(asked, *field)).collect();
        let numbers: Vec<_> = NUMBERS.iter().filter(|(_, field)| is_asked(asked, *field)).collect();
        let collected = asked.contains(&Field::Collected);
        let mut columns = vec![
            "uid",
            "published_at",
            "source",
            "platform",
            "kind",
            "voice",
            "author_id",
            "author_bucket",
            "title",
            "text",
            "lang",
            "published_precision",
        ];
        columns.extend(words.iter().chain(&numbers).map(|(name, _)| *name).filter(|name| *name != "author_id"));
        columns.extend(collected.then_some("first_seen_at"));
        let at = || col("published_at").to_physical();
        let inside = mentions
            .filter(at().gt_eq(lit(from)).and(at().lt(lit(to))))
            .select(columns.into_iter().map(col).collect::<Vec<_>>());
        let mut frame = inside.sort(["published_at", "uid"], SortMultipleOptions::default()).collect()?;
        frame.rechunk_mut();
        let text = |name: &str| -> Result<StringChunked, Error> { Ok(frame.column(name)?.str()?.clone()) };
        Ok(Self {
            rows: frame.height(),
            uid: text("uid")?,
            published: frame.column("published_at")?.to_physical_repr().i64()?.clone(),
            source: text("source")?,
            platform: text("platform")?,
            kind: text("kind")?,
            voice: text("voice")?,
            author: text("author_id")?,
            bucket: frame.column("author_bucket")?.i64()?.clone(),
            title: text("title")?,
            text: text("text")?,
            lang: text("lang")?,
            precision: text("published_precision")?,
            words: words.iter().map(|(name, field)| Ok((*field, text(name)?))).collect::<Result<_, Error>>()?,
            numbers: numbers
                .iter()
                .map(|(name, field)| Ok((*field, frame.column(name)?.cast(&DataType::Float64)?.f64()?.clone())))
                .collect::<Result<_, Error>>()?,
            collected: if collected {
                Some(frame.column("first_seen_at")?.to_physical_repr().i64()?.clone())
            } else {
                None
            },
        })
    }

    /// The months (UTC, `2026-10`) of the rows, with their rows, in order.
    pub(crate) fn months(&self) -> Vec<(String, Range<usize>)> {
        let first_of_month = |row: usize| {
            let day = self.published.get(row).unwrap_or_default().div_euclid(DAY_MICROS);
            from_epoch_day(day as i32).first_of_month()
        };
        let mut months = Vec::new();
        let mut start = 0;
        while start < self.rows {
            let month = first_of_month(start);
            let next = i64::from(epoch_day(month.saturating_add(1.month()))) * DAY_MICROS;
            let end = (start..self.rows).find(|row| self.published.get(*row).unwrap_or_default() >= next);
            let end = end.unwrap_or(self.rows);
            months.push((month.strftime("%Y-%m").to_string(), start..end));
            start = end;
        }
        months
    }

    /// Whether only the day of a row is known, not the hour.
    pub(crate) fn is_dated_to_the_day(&self, row: usize) -> bool {
        self.precision.get(row) == Some("day")
    }

    /// The address of a row, when it is known and was asked for.
    pub(crate) fn url(&self, row: usize) -> Option<&str> {
        self.words.iter().find(|(field, _)| *field == Field::Url).and_then(|(_, column)| column.get(row))
    }

    /// What a query may ask of a row besides its texts.
    pub(crate) fn facts(&self, row: usize, day: i32, zone: &TimeZone) -> Vec<(Field, Fact<'_>)> {
        let mention = self.get(row);
        let hour = if self.is_dated_to_the_day(row) { None } else { local_hour(zone, mention.published) };
        let mut facts = vec![
            (Field::Platform, Fact::Text(mention.platform)),
            (Field::Source, Fact::Text(mention.source)),
            (Field::Is, Fact::Text(if mention.kind == "post" { "original" } else { mention.kind })),
            (Field::Date, Fact::Moment(Moment { day: from_epoch_day(day), hour })),
            (Field::Owned, Fact::Flag(mention.is_own())),
        ];
        facts.extend(mention.lang.map(|lang| (Field::Lang, Fact::Text(lang))));
        facts.extend(self.words.iter().filter_map(|(field, column)| Some((*field, Fact::Text(column.get(row)?)))));
        facts.extend(self.numbers.iter().filter_map(|(field, column)| Some((*field, Fact::Number(column.get(row)?)))));
        let collected = self.collected.as_ref().and_then(|c| local_day(zone, c.get(row)?));
        facts.extend(
            collected.map(|day| (Field::Collected, Fact::Moment(Moment { day: from_epoch_day(day), hour: None }))),
        );
        facts
    }

    pub(crate) fn get(&self, row: usize) -> Mention<'_> {
        Mention {
            uid: self.uid.get(row).unwrap_or_default(),
            published: self.published.get(row).unwrap_or_default(),
            source: self.source.get(row).unwrap_or_default(),
            platform: self.platform.get(row).unwrap_or("unknown"),
            kind: self.kind.get(row).unwrap_or("post"),
            voice: self.voice.get(row).unwrap_or("public"),
            author: self.author.get(row),
            bucket: self.bucket.get(row),
            title: self.title.get(row),
            text: self.text.get(row),
            lang: self.lang.get(row),
        }
    }
}

impl Mention<'_> {
    /// Whether a tracked entity's own account wrote it.
    pub(crate) fn is_own(&self) -> bool {
        matches!(self.voice, "own" | "competitor")
    }
}
