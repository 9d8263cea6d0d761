//! The archive's rows as columns that can be read from several threads.

use polars::prelude::*;

use crate::Error;

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
    /// Collects the rows published in `[from, to)`, microseconds since 1970, in the order of time, then of `uid`.
    pub(crate) fn collect(mentions: LazyFrame, from: i64, to: i64) -> Result<Self, Error> {
        let columns = [
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
        ];
        let at = || col("published_at").to_physical();
        let inside = mentions.filter(at().gt_eq(lit(from)).and(at().lt(lit(to)))).select(columns.map(col));
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
        })
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
