//! The rows of one version of a table, read lazily: only the columns and the row groups that are asked for.

use std::collections::BTreeSet;

use polars::prelude::*;
use vigie_model::table::Table;

use crate::fingerprint::{ROW_HASH, row_keys};
use crate::stored::DataFile;
use crate::{Error, KnownRows, Place};

/// The rows of one version of a table.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Version of the table; 0 also when there is none yet.
    pub version: u64,
    pub(crate) table: &'static Table,
    pub(crate) files: Vec<DataFile>,
    columns: SchemaRef,
    place: Place,
}

/// Columns that live while the newest versions are looked for: which part of the files a row stands in, the part and the
/// time of its key's last version, when that was first seen.
const PART: &str = "__part";
const LAST_PART: &str = "__last_part";
const LAST_TIME: &str = "__last_time";
const EARLIEST: &str = "__earliest";
/// Column that keeps its earliest value when a row is replaced.
const FIRST_SEEN: &str = "first_seen_at";

/// Rows of `left` beside those of `right` with the same key; nulls are a value. The order of `left` stays.
fn together(left: LazyFrame, right: LazyFrame, key: &[Expr], how: JoinType) -> LazyFrame {
    left.join_builder()
        .with(right)
        .how(how)
        .left_on(key)
        .right_on(key)
        .join_nulls(true)
        .maintain_order(MaintainOrderJoin::Left)
        .coalesce(JoinCoalesce::CoalesceColumns)
        .finish()
}

/// Column of the time that a table's rows are about.
pub(crate) fn time_column(table: &Table) -> &'static str {
    match table.short() {
        "mentions" => "published_at",
        "coverage" => "window_start",
        _ => "ts",
    }
}

impl Snapshot {
    pub(crate) fn new(
        place: Place,
        table: &'static Table,
        version: u64,
        columns: SchemaRef,
        files: Vec<DataFile>,
    ) -> Self {
        Self { version, table, files, columns, place }
    }

    /// Every stored row, earlier versions of edited ones included, in the order of their commits. Columns that a file
    /// was written without are null.
    ///
    /// # Errors
    /// When a file of the version is gone.
    pub fn stored(&self) -> Result<LazyFrame, Error> {
        self.scan(self.files.iter())
    }

    /// One row per key, the newest version of each.
    ///
    /// # Errors
    /// When a file of the version is gone.
    pub fn rows(&self) -> Result<LazyFrame, Error> {
        let distinct = self.files.iter().all(DataFile::is_distinct);
        self.newest(self.stored()?, distinct).map_err(|e| self.unusable(e))
    }

    /// The rows of [`Snapshot::rows`] whose time is in `[from, to)`, microseconds since 1970. Files that replace no
    /// row of another one are read in that time only.
    ///
    /// # Errors
    /// When a file of the version is gone.
    pub fn rows_between(&self, from: i64, to: i64) -> Result<LazyFrame, Error> {
        let instant = |micros| lit(Scalar::new_datetime(micros, TimeUnit::Microseconds, Some(TimeZone::UTC)));
        let inside = |column: &str| col(column).gt_eq(instant(from)).and(col(column).lt(instant(to)));
        if self.files.iter().all(DataFile::is_distinct) {
            return Ok(self.stored()?.filter(inside(time_column(self.table))));
        }
        self.newest_inside(&inside)
    }

    /// The newest version of every row, where that one is inside. Whole rows are read inside only: a row that was
    /// replaced counts by its newest version, wherever in time that one is, so of the files that update others keys and
    /// times are read outside too, and kept for keys that are inside.
    fn newest_inside(&self, inside: &dyn Fn(&str) -> Expr) -> Result<LazyFrame, Error> {
        let unusable = |e| self.unusable(e);
        let key: Vec<Expr> = self.table.key.iter().map(|c| col(*c)).collect();
        let time = time_column(self.table);
        let seen = self.columns.get(FIRST_SEEN).map(|_| FIRST_SEEN);
        let (mut rows, mut updates) = (Vec::new(), Vec::new());
        for (number, files) in self.files.chunk_by(|a, b| a.is_distinct() == b.is_distinct()).enumerate() {
            let scan = self.scan(files.iter())?;
            let part = lit(number as u32).alias(PART);
            rows.push(scan.clone().filter(inside(time)).with_column(part.clone()));
            if !files[0].is_distinct() {
                let columns = self.table.key.iter().copied().chain([time]).chain(seen);
                let columns: BTreeSet<&str> = columns.collect();
                updates.push(scan.select(columns.into_iter().map(col).collect::<Vec<_>>()).with_column(part));
            }
        }
        let rows = concat(rows, UnionArgs::default()).map_err(unusable)?;
        let updates = concat(updates, UnionArgs::default()).map_err(unusable)?;
        let asked = rows.clone().select(key.clone()).unique(None, UniqueKeepStrategy::Any);
        let mut last = vec![col(PART).last().alias(LAST_PART), col(time).last().alias(LAST_TIME)];
        last.extend(seen.map(|seen| col(seen).min().alias(EARLIEST)));
        let last = together(updates, asked, &key, JoinType::Inner).group_by(key.clone()).agg(last);
        let rows = match seen {
            Some(seen) => rows.with_column(col(seen).min().over(key.clone()).map_err(unusable)?),
            None => rows,
        };
        let rows = rows.unique_stable(Some(cols(self.table.key.iter().copied())), UniqueKeepStrategy::Last);
        let newest = col(LAST_PART).is_null().or(col(PART).gt_eq(col(LAST_PART)).and(inside(LAST_TIME)));
        let rows = together(rows, last, &key, JoinType::Left).filter(newest);
        let rows = match seen {
            Some(seen) => rows.with_column(
                polars::lazy::dsl::min_horizontal([col(seen), col(EARLIEST)]).map_err(unusable)?.alias(seen),
            ),
            None => rows,
        };
        Ok(rows.select(self.columns.iter_names().map(|name| col(name.clone())).collect::<Vec<_>>()))
    }

    fn newest(&self, rows: LazyFrame, distinct: bool) -> PolarsResult<LazyFrame> {
        if distinct {
            return Ok(rows);
        }
        let key: Vec<Expr> = self.table.key.iter().map(|c| col(*c)).collect();
        let rows = match self.columns.get(FIRST_SEEN) {
            Some(_) => rows.with_column(col(FIRST_SEEN).min().over(key)?),
            None => rows,
        };
        Ok(rows.unique_stable(Some(cols(self.table.key.iter().copied())), UniqueKeepStrategy::Last))
    }

    fn scan<'f>(&self, files: impl Iterator<Item = &'f DataFile>) -> Result<LazyFrame, Error> {
        let mut paths = Vec::new();
        for file in files {
            let path = self.place.fetch_data(self.table.short(), &file.name)?;
            paths.push(PlRefPath::try_from_path(&path).map_err(|e| self.unusable(e))?);
        }
        if paths.is_empty() {
            return Ok(DataFrame::empty_with_schema(&self.columns).lazy());
        }
        let arguments = ScanArgsParquet {
            schema: Some(self.columns.clone()),
            allow_missing_columns: true,
            glob: false,
            ..ScanArgsParquet::default()
        };
        LazyFrame::scan_parquet_files(paths.into_iter().collect(), arguments).map_err(|e| self.unusable(e))
    }

    /// Fingerprints of every row.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub fn known_rows(&self) -> Result<KnownRows, Error> {
        let mut known = KnownRows::default();
        let mut wanted: Vec<&str> = self.table.key.to_vec();
        wanted.extend(self.columns.get(ROW_HASH).map(|_| ROW_HASH));
        let frame = self.stored()?.select(wanted.into_iter().map(col).collect::<Vec<_>>()).collect();
        let frame = frame.map_err(|e| self.unusable(e))?;
        let keys = row_keys(&frame, self.table).map_err(|e| self.unusable(e))?;
        let hashes = match frame.column(ROW_HASH) {
            Ok(column) => column.i64().map_err(|e| self.unusable(e))?.iter().map(Option::unwrap_or_default).collect(),
            // Rows of before there was such a column: whatever comes is newer.
            Err(_) => vec![0; keys.len()],
        };
        for (key, hash) in keys.into_iter().zip(hashes) {
            known.observe(key, hash);
        }
        Ok(known)
    }

    /// The rows of some of its files.
    pub(crate) fn of(&self, files: &[&DataFile]) -> Self {
        Self { files: files.iter().copied().cloned().collect(), ..self.clone() }
    }

    /// The rows of one of its files.
    pub(crate) fn only(&self, file: &DataFile) -> Self {
        self.of(&[file])
    }

    /// Whether every file is still there.
    pub(crate) fn is_whole(&self) -> bool {
        self.files.iter().all(|f| self.place.fetch_data(self.table.short(), &f.name).is_ok_and(|path| path.exists()))
    }

    /// The table's columns at this version.
    pub fn columns(&self) -> &Schema {
        &self.columns
    }

    /// The table.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// Rows stored, earlier versions of edited ones included.
    pub fn stored_rows(&self) -> u64 {
        self.files.iter().map(|f| f.rows).sum()
    }

    pub(crate) fn unusable(&self, source: PolarsError) -> Error {
        Error::Rows { table: self.place.shown(self.table.short()), source }
    }
}
