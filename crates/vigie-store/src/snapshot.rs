//! The rows of one version of a table, read lazily: only the columns and the row groups that are asked for.

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
        let at = col(time_column(self.table));
        let instant = |micros| lit(Scalar::new_datetime(micros, TimeUnit::Microseconds, Some(TimeZone::UTC)));
        let inside = at.clone().gt_eq(instant(from)).and(at.lt(instant(to)));
        if self.files.iter().all(DataFile::is_distinct) {
            return Ok(self.stored()?.filter(inside));
        }
        // A row that was replaced counts by its newest version, wherever in time that one is: it is in an updating
        // file. All other rows are read inside the period only.
        let mut parts = Vec::with_capacity(self.files.len());
        let mut rest = self.files.as_slice();
        while let Some(first) = rest.first() {
            let same = rest.iter().take_while(|f| f.is_distinct() == first.is_distinct()).count();
            let scan = self.scan(rest[..same].iter())?;
            parts.push(if first.is_distinct() { scan.filter(inside.clone()) } else { scan });
            rest = &rest[same..];
        }
        let whole = concat(parts, UnionArgs::default()).map_err(|e| self.unusable(e))?;
        Ok(self.newest(whole, false).map_err(|e| self.unusable(e))?.filter(inside))
    }

    fn newest(&self, rows: LazyFrame, distinct: bool) -> PolarsResult<LazyFrame> {
        if distinct {
            return Ok(rows);
        }
        let key: Vec<Expr> = self.table.key.iter().map(|c| col(*c)).collect();
        let rows = match self.columns.get("first_seen_at") {
            Some(_) => rows.with_column(col("first_seen_at").min().over(key)?),
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
