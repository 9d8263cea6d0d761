//! Rows of another archive, or of exported files, merged by key: the version read last counts. A second import of
//! the same rows changes nothing.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use deltalake_core::kernel::Action;
use polars::prelude::*;
use serde_json::Value;
use vigie_model::column::{ColumnType, Given};
use vigie_model::table::{TABLES, Table};

use crate::archive::append;
use crate::cells::{Cell, column};
use crate::compact::monthly;
use crate::export::Format;
use crate::fingerprint::{ROW_HASH, row_hashes, row_keys};
use crate::retention::before_writing;
use crate::schema::polars_type;
use crate::stored::DataFile;
use crate::{Archive, Error, Place, Stamp};

/// Rows of a text file that are merged at a time.
const CHUNK: usize = 50_000;

/// Column of the moment a row was read.
const READ: &str = "collected_at";

/// What an import did to a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows met.
    pub read: u64,
    /// Rows the archive did not have.
    pub added: u64,
    /// Rows the archive had in an earlier version.
    pub updated: u64,
    /// Rows that are none: without key, or with a value of another type.
    pub rejected: u64,
    /// Where the first of them stands, and what is wrong with it.
    pub first_rejected: Option<String>,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Another archive.
    Archive(PathBuf),
    /// One file of one table.
    File(PathBuf, &'static Table, Format),
}

/// What can be imported from `path`: an archive, the archive of a project, a folder of exported files, or one of them.
///
/// # Errors
/// When it is none of these.
pub fn origins(path: &Path) -> Result<Vec<Origin>, Error> {
    let is_archive = |p: &Path| TABLES.iter().any(|t| p.join(t.short()).join("_delta_log").is_dir());
    for archive in [path.to_owned(), path.join("archive")] {
        if is_archive(&archive) {
            return Ok(vec![Origin::Archive(archive)]);
        }
    }
    let mut found = Vec::new();
    for table in TABLES.iter().copied() {
        for format in Format::ALL {
            let name = format!("{}.{}", table.short(), format.extension());
            if path.is_file() && path.file_name().is_some_and(|n| n == name.as_str()) {
                found.push(Origin::File(path.to_owned(), table, format));
            } else if path.join(&name).is_file() {
                found.push(Origin::File(path.join(&name), table, format));
            }
        }
    }
    if found.is_empty() { Err(Error::NothingToImport { path: path.to_owned() }) } else { Ok(found) }
}

/// Merges what `origin` holds into `archive`, whose lock the caller holds.
///
/// # Errors
/// When the origin cannot be read or a commit is refused. What was merged before stays; importing again goes on.
pub fn import(
    archive: &mut Archive,
    origin: &Origin,
    stamp: Stamp<'_>,
) -> Result<Vec<(&'static Table, Imported)>, Error> {
    match origin {
        Origin::Archive(folder) => {
            let other = Archive::open(Place::folder(folder)?)?;
            let mut done = Vec::new();
            for table in TABLES.iter().copied() {
                let snapshot = other.snapshot(table)?;
                if snapshot.stored_rows() == 0 {
                    continue;
                }
                let mut merge = Merge::new(archive, table, stamp)?;
                for rows in monthly(&snapshot)? {
                    merge.add(rows?)?;
                }
                done.push((table, merge.done));
            }
            Ok(done)
        }
        Origin::File(path, table, format) => {
            let mut merge = Merge::new(archive, table, stamp)?;
            match format {
                Format::Parquet => parquet(path, &mut merge)?,
                Format::Ndjson => ndjson(path, &mut merge)?,
                Format::Csv => csv(path, &mut merge)?,
            }
            Ok(vec![(*table, merge.done)])
        }
    }
}

/// Rows on their way into one table.
struct Merge<'a> {
    archive: &'a mut Archive,
    table: &'static Table,
    stamp: Stamp<'a>,
    /// What each row says, and when it was read.
    known: HashMap<u128, (i64, i64)>,
    chunks: usize,
    done: Imported,
}

impl<'a> Merge<'a> {
    fn new(archive: &'a mut Archive, table: &'static Table, stamp: Stamp<'a>) -> Result<Self, Error> {
        let snapshot = archive.snapshot(table)?;
        let mut known = HashMap::new();
        if snapshot.stored_rows() > 0 {
            let mut wanted: Vec<Expr> = table.key.iter().map(|k| col(*k)).collect();
            // Rows of before there were such columns: whatever comes is newer.
            wanted.extend([ROW_HASH, READ].map(|name| match snapshot.columns().get(name) {
                Some(_) => col(name),
                None => lit(0_i64).alias(name),
            }));
            let rows = snapshot.stored()?.select(wanted).collect().map_err(|e| snapshot.unusable(e))?;
            for (key, content) in said(&rows, table).map_err(|e| snapshot.unusable(e))? {
                known.insert(key, content);
            }
        }
        Ok(Self { archive, table, stamp, known, chunks: 0, done: Imported::default() })
    }

    /// Keeps of `rows` what is new or newer, in one commit.
    fn add(&mut self, rows: DataFrame) -> Result<(), Error> {
        let table = self.table;
        let unusable = |source| Error::Rows { table: PathBuf::from(table.short()), source };
        let rows = complete(rows, table).and_then(|rows| before_writing(rows, table)).map_err(unusable)?;
        let hashes = row_hashes(&rows, table).map_err(unusable)?;
        let rows = rows.lazy().with_column(lit(Series::new(ROW_HASH.into(), hashes))).collect().map_err(unusable)?;
        let mut replaces = false;
        let mut keep = Vec::with_capacity(rows.height());
        for (key, (content, read)) in said(&rows, table).map_err(unusable)? {
            self.done.read += 1;
            let before = self.known.get(&key).copied();
            let newer = before.is_none_or(|(same, earlier)| same != content && earlier < read);
            if newer {
                self.known.insert(key, (content, read));
                replaces |= before.is_some();
                *(if before.is_some() { &mut self.done.updated } else { &mut self.done.added }) += 1;
            }
            keep.push(newer);
        }
        let rows = rows.filter(&BooleanChunked::from_slice("keep".into(), &keep)).map_err(unusable)?;
        if rows.height() > 0 {
            self.chunks += 1;
            let what = format!("{}-import-{:04}", self.stamp.batch, self.chunks);
            self.archive.add(table, rows, replaces, &what, self.stamp.now)?;
        }
        Ok(())
    }

    fn reject(&mut self, path: &Path, line: u64, why: &str) {
        self.done.read += 1;
        self.done.rejected += 1;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        self.done.first_rejected.get_or_insert_with(|| format!("{name}:{line} ({why})"));
    }
}

impl Archive {
    /// Adds rows that no source's cursor covers.
    fn add(
        &mut self,
        table: &'static Table,
        mut rows: DataFrame,
        replaces: bool,
        what: &str,
        now: i64,
    ) -> Result<(), Error> {
        let place = self.place().clone();
        let stored = self.stored_mut(table);
        stored.ready_to_write(&place)?;
        let commit = stored.version().unwrap_or_default() + 1;
        let name = DataFile::name(commit, !replaces && !place.is_shared(), what);
        let add = stored.write_rows(&place, &name, false, &mut rows, now)?;
        stored.commit(&place, vec![Action::Add(add)], None, append())?;
        Ok(())
    }
}

/// Key, content and time of reading of every row.
fn said(rows: &DataFrame, table: &Table) -> PolarsResult<Vec<(u128, (i64, i64))>> {
    let keys = row_keys(rows, table)?;
    let contents = rows.column(ROW_HASH)?.i64()?;
    let read = rows.column(READ)?.to_physical_repr();
    let pairs = contents.iter().zip(read.i64()?.iter());
    Ok(keys.into_iter().zip(pairs.map(|(c, r)| (c.unwrap_or_default(), r.unwrap_or_default()))).collect())
}

/// Whether no row can do without the column `name`.
fn is_required(table: &Table, name: &str) -> bool {
    table.key == [name] || table.column(name).is_some_and(|c| c.given == Given::Required)
}

/// `rows` with every column of `table`, and no other.
fn complete(rows: DataFrame, table: &Table) -> PolarsResult<DataFrame> {
    let columns: Vec<Expr> = table
        .stored()
        .map(|c| match rows.column(c.name) {
            Ok(_) => col(c.name).cast(polars_type(c.kind)),
            Err(_) => lit(NULL).cast(polars_type(c.kind)).alias(c.name),
        })
        .collect();
    rows.lazy().select(columns).collect()
}

fn parquet(path: &Path, merge: &mut Merge<'_>) -> Result<(), Error> {
    let unusable = |source| Error::Rows { table: path.to_owned(), source };
    let place = PlRefPath::try_from_path(path).map_err(unusable)?;
    let rows = LazyFrame::scan_parquet(place, ScanArgsParquet::default()).map_err(unusable)?;
    let mut first = 0;
    loop {
        let part = rows.clone().slice(first, CHUNK as IdxSize * 10).collect().map_err(unusable)?;
        if part.height() == 0 {
            return Ok(());
        }
        first += part.height() as i64;
        let mut whole = part.clone().lazy();
        for column in merge.table.stored().filter(|c| is_required(merge.table, c.name)) {
            whole = whole.filter(col(column.name).is_not_null());
        }
        let whole = whole.collect().map_err(unusable)?;
        for _ in whole.height()..part.height() {
            merge.reject(path, first as u64, "a required value is missing");
        }
        merge.add(whole)?;
    }
}

fn ndjson(path: &Path, merge: &mut Merge<'_>) -> Result<(), Error> {
    let file = File::open(path).map_err(Error::io("cannot read", path))?;
    let mut chunk = Chunk::new(merge.table);
    for (line, text) in BufReader::new(file).lines().enumerate() {
        let text = text.map_err(Error::io("cannot read", path))?;
        if text.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str::<Value>(&text).map_err(|_| "not JSON".to_owned()).and_then(|value| {
            let fields = value.as_object().ok_or("not a JSON object")?;
            chunk.push(|name, kind| Cell::of_json(kind, fields.get(name).unwrap_or(&Value::Null)))
        });
        if let Err(why) = row {
            merge.reject(path, line as u64 + 1, &why);
        }
        chunk.flush_if(CHUNK, merge)?;
    }
    chunk.flush_if(1, merge)
}

fn csv(path: &Path, merge: &mut Merge<'_>) -> Result<(), Error> {
    let broken = |e: csv::Error| Error::io("cannot read", path)(std::io::Error::other(e));
    let mut reader = csv::Reader::from_path(path).map_err(broken)?;
    let places: HashMap<String, usize> =
        reader.headers().map_err(broken)?.iter().enumerate().map(|(i, name)| (name.to_owned(), i)).collect();
    let mut chunk = Chunk::new(merge.table);
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) if error.is_io_error() => return Err(broken(error)),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                merge.reject(path, line, "another number of cells than columns, or not UTF-8");
                continue;
            }
        };
        let cell = |name: &str| places.get(name).and_then(|i| record.get(*i)).unwrap_or_default();
        if let Err(why) = chunk.push(|name, kind| Cell::of_csv(kind, cell(name))) {
            merge.reject(path, record.position().map_or(0, csv::Position::line), &why);
        }
        chunk.flush_if(CHUNK, merge)?;
    }
    chunk.flush_if(1, merge)
}

/// Rows read from text, column by column.
struct Chunk {
    table: &'static Table,
    columns: Vec<Vec<Option<Cell>>>,
}

impl Chunk {
    fn new(table: &'static Table) -> Self {
        Self { table, columns: table.stored().map(|_| Vec::new()).collect() }
    }

    /// Adds a row, or says why it is none.
    fn push(&mut self, get: impl Fn(&str, ColumnType) -> Result<Option<Cell>, &'static str>) -> Result<(), String> {
        let mut row = Vec::with_capacity(self.columns.len());
        for column in self.table.stored() {
            let cell = get(column.name, column.kind).map_err(|what| format!("{} is not {what}", column.name))?;
            if cell.is_none() && is_required(self.table, column.name) {
                return Err(format!("no {}", column.name));
            }
            row.push(cell);
        }
        for (column, cell) in self.columns.iter_mut().zip(row) {
            column.push(cell);
        }
        Ok(())
    }

    fn flush_if(&mut self, rows: usize, merge: &mut Merge<'_>) -> Result<(), Error> {
        let height = self.columns.first().map_or(0, Vec::len);
        if height < rows {
            return Ok(());
        }
        let unusable = |source| Error::Rows { table: PathBuf::from(self.table.short()), source };
        let columns = self.table.stored().zip(self.columns.iter_mut());
        let columns = columns.map(|(c, cells)| column(c, std::mem::take(cells))).collect::<PolarsResult<Vec<_>>>();
        let frame = DataFrame::new(height, columns.map_err(unusable)?).map_err(unusable)?;
        merge.add(frame)
    }
}
