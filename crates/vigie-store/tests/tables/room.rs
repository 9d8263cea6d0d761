//! An archive to try things in, and rows for it.

use polars::prelude::*;
use serde_json::json;
use vigie_model::mention::MENTIONS;
use vigie_model::table::Table;
use vigie_store::{Archive, NewRows, Place, ROW_HASH, Slot, Stamp, polars_type, row_hashes};

/// A day, in microseconds.
pub(crate) const DAY: i64 = 86_400 * 1_000_000;
/// 2026-10-01T00:00:00Z.
pub(crate) const OCTOBER: i64 = 1_790_812_800 * 1_000_000;

/// A folder with an archive, thrown away at the end.
pub(crate) struct Room {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) archive: Archive,
    commits: i64,
}

/// A mention: its key, its text, its time and what else is said about it.
#[derive(Clone)]
pub(crate) struct Said<'a> {
    pub(crate) uid: &'a str,
    pub(crate) text: &'a str,
    pub(crate) at: i64,
    pub(crate) read: i64,
    pub(crate) class: &'a str,
    pub(crate) status: Option<&'a str>,
}

pub(crate) fn said<'a>(uid: &'a str, text: &'a str, at: i64) -> Said<'a> {
    Said { uid, text, at, read: OCTOBER, class: "keep", status: None }
}

/// Rows of `table` with the columns given and null in the others.
pub(crate) fn rows(table: &'static Table, columns: Vec<Column>) -> DataFrame {
    let height = columns[0].len();
    let frame = DataFrame::new(height, columns).unwrap();
    let given = |name: &str| frame.column(name).is_ok();
    let all = table.stored().map(|c| match given(c.name) {
        true => col(c.name).cast(polars_type(c.kind)),
        false => lit(NULL).cast(polars_type(c.kind)).alias(c.name),
    });
    let all: Vec<Expr> = all.collect();
    let frame = frame.lazy().select(all).collect().unwrap();
    let hashes = Series::new(ROW_HASH.into(), row_hashes(&frame, table).unwrap());
    frame.lazy().with_column(lit(hashes)).collect().unwrap()
}

pub(crate) fn mentions(said: &[Said<'_>]) -> DataFrame {
    let text = |name: &str, of: &dyn Fn(&Said<'_>) -> String| {
        Column::new(name.into(), said.iter().map(of).collect::<Vec<_>>())
    };
    let number =
        |name: &str, of: &dyn Fn(&Said<'_>) -> i64| Column::new(name.into(), said.iter().map(of).collect::<Vec<_>>());
    rows(
        &MENTIONS,
        vec![
            text("uid", &|s| s.uid.to_owned()),
            text("native_id", &|s| s.uid.to_owned()),
            text("platform", &|_| "forum".to_owned()),
            text("kind", &|_| "post".to_owned()),
            text("text", &|s| s.text.to_owned()),
            text("author_id", &|_| "f00d".to_owned()),
            text("retention", &|s| s.class.to_owned()),
            Column::new("status".into(), said.iter().map(|s| s.status).collect::<Vec<_>>()),
            number("published_at", &|s| s.at),
            number("first_seen_at", &|s| s.read),
            number("collected_at", &|s| s.read),
            number("likes", &|_| 3),
        ],
    )
}

pub(crate) fn slot() -> Slot {
    Slot::new("source", &MENTIONS, &json!({"query": "alto"}))
}

impl Room {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(Place::folder(folder.path()).unwrap()).unwrap();
        Self { folder, archive, commits: 0 }
    }

    /// The same folder, as the next run finds it.
    pub(crate) fn reopen(&mut self) {
        self.archive = Archive::open(Place::folder(self.folder.path()).unwrap()).unwrap();
    }

    /// Commits mentions, as rows that replace others when `replaces`.
    pub(crate) fn commit(&mut self, said: &[Said<'_>], replaces: bool) -> u64 {
        let new = NewRows { table: &MENTIONS, rows: mentions(said), replaces };
        self.commits += 1;
        let before = self.archive.cursor(&slot()).unwrap();
        let cursor = before.next(OCTOBER, json!({"n": self.commits}), before.rows.clone());
        self.archive.commit(&slot(), Stamp { batch: "run", now: OCTOBER }, vec![new], cursor).unwrap()
    }

    /// Key and text of every mention, sorted.
    pub(crate) fn texts(&self) -> Vec<(String, Option<String>)> {
        texts(self.archive.snapshot(&MENTIONS).unwrap().rows().unwrap())
    }
}

pub(crate) fn texts(rows: LazyFrame) -> Vec<(String, Option<String>)> {
    let frame = rows.select([col("uid"), col("text")]).collect().unwrap();
    let (uids, texts) = (frame.column("uid").unwrap().str().unwrap(), frame.column("text").unwrap().str().unwrap());
    let pairs = uids.iter().zip(texts.iter());
    let mut all: Vec<_> = pairs.map(|(u, t)| (u.unwrap().to_owned(), t.map(str::to_owned))).collect();
    all.sort();
    all
}

pub(crate) fn pairs(of: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    of.iter().map(|(u, t)| ((*u).to_owned(), Some((*t).to_owned()))).collect()
}
