//! Compaction: one file a month, one row a key; then a checkpoint, and what nobody needs is deleted.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::Duration;
use deltalake_core::kernel::Action;
use deltalake_core::operations::vacuum::{Clock, VacuumMode};
use deltalake_core::protocol::DeltaOperation;
use deltalake_core::protocol::checkpoints::{cleanup_expired_logs_for, create_checkpoint};
use polars::prelude::*;
use vigie_model::table::{TABLES, Table};

use crate::fingerprint::row_keys;
use crate::months::Month;
use crate::snapshot::time_column;
use crate::stored::{DataFile, Stored, refused};
use crate::{Archive, Error, Snapshot};

/// Days for which files that a commit replaced, and entries of the log, stay for those who are reading them.
const FILE_DAYS: i64 = 7;
const LOG_DAYS: i64 = 30;

/// What compaction did to a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compacted {
    /// The table, `mentions`.
    pub table: &'static str,
    /// Data files before and after.
    pub files: (usize, usize),
    /// Stored rows before and after: the difference are earlier versions of edited rows.
    pub rows: (u64, u64),
    /// Files deleted from the disk.
    pub deleted: usize,
}

impl Archive {
    /// Compacts every table. Versions of the mentions that reports name (`kept`) stay whole. The caller holds the
    /// lock; `now` is in microseconds since 1970.
    ///
    /// # Errors
    /// When a file cannot be read or written; the archive then holds what it held.
    pub fn compact(&mut self, now: i64, kept: &[u64]) -> Result<Vec<Compacted>, Error> {
        self.delete_purged(now)?;
        let mut done = Vec::new();
        for table in TABLES.iter().copied() {
            if self.stored(table).version().is_none() {
                continue;
            }
            let before = self.snapshot(table)?;
            self.rewrite(&before, now)?;
            let after = self.snapshot(table)?;
            let kept = if table.short() == "mentions" { self.readable(table, kept) } else { Vec::new() };
            let deleted = self.clean(table, now, &kept)?;
            done.push(Compacted {
                table: table.short(),
                files: (before.files.len(), after.files.len()),
                rows: (before.stored_rows(), after.stored_rows()),
                deleted,
            });
        }
        Ok(done)
    }

    /// Puts the rows of files that are not compacted yet where they belong.
    fn rewrite(&mut self, snapshot: &Snapshot, now: i64) -> Result<(), Error> {
        let table = snapshot.table;
        let (compacted, loose): (Vec<&DataFile>, Vec<&DataFile>) =
            snapshot.files.iter().partition(|f| f.is_compacted());
        if loose.is_empty() {
            return Ok(());
        }
        let mut gone: HashSet<&str> = loose.iter().map(|f| f.name.as_str()).collect();
        let news = rows_of(&snapshot.of(&loose))?;
        let changed: HashSet<u128> = news.iter().map(|(key, _)| *key).collect();
        let mut months: BTreeSet<Option<Month>> = news.iter().map(|(_, month)| *month).collect();
        // A month's file stays as it is unless a row joins it, or one of its rows has a newer version.
        for file in compacted {
            let rows = rows_of(&snapshot.only(file))?;
            if rows.iter().any(|(key, month)| changed.contains(key) || months.contains(month)) {
                gone.insert(file.name.as_str());
                months.extend(rows.iter().map(|(_, month)| *month));
            }
        }
        let place = self.place().clone();
        let commit = snapshot.version + 1;
        let mut actions = Vec::new();
        for month in months {
            let mut rows = month_rows(snapshot, month)?;
            if rows.height() > 0 {
                let what = month.map_or_else(|| "month-none".to_owned(), |m| format!("month-{m}"));
                let name = DataFile::name(commit, true, &what);
                actions.push(Action::Add(self.stored(table).write_rows(&place, &name, false, &mut rows, now)?));
            }
        }
        let removals = self.stored(table).removals(&place, &|name| gone.contains(name))?;
        actions.extend(removals.into_iter().map(Action::Remove));
        let operation = DeltaOperation::Optimize { predicate: None, target_size: 0 };
        self.stored_mut(table).commit(&place, actions, None, operation)?;
        Ok(())
    }

    /// Those of `versions` that can still be read: a report may name a version of an archive that was made anew.
    fn readable(&self, table: &'static Table, versions: &[u64]) -> Vec<u64> {
        versions.iter().copied().filter(|v| self.snapshot_at(table, *v).is_ok()).collect()
    }

    /// Writes a checkpoint, cuts the log and deletes files, as far as neither readers nor the versions `kept` need them.
    fn clean(&mut self, table: &'static Table, now: i64, kept: &[u64]) -> Result<usize, Error> {
        let place = self.place().clone();
        let refused = refused(&place, table);
        let version = self.stored(table).version().unwrap_or_default();
        let cutoff = now / 1_000 - Duration::days(LOG_DAYS).num_milliseconds();
        let first = kept.iter().copied().chain([version]).min().unwrap_or(version);
        // Before the new checkpoint: whoever is opening the table right now reads from the one before.
        let log = self.stored(table).delta.log_store();
        place.run(cleanup_expired_logs_for(first, log.as_ref(), cutoff, None)).map_err(refused)?;
        *self.stored_mut(table) = Stored::open(&place, table)?;
        let delta = self.stored(table).delta.clone();
        place.run(create_checkpoint(&delta, None)).map_err(refused)?;
        let vacuum = delta.vacuum().with_mode(VacuumMode::Full);
        let vacuum = vacuum.with_keep_versions(kept).with_retention_period(Duration::days(FILE_DAYS));
        let vacuum = vacuum.with_clock(Arc::new(Moment(now)));
        let (_, metrics) = place.run(vacuum.into_future()).map_err(refused)?;
        *self.stored_mut(table) = Stored::open(&place, table)?;
        self.drop_copies(table)?;
        Ok(metrics.files_deleted.len())
    }

    /// Copies of a bucket's files that the newest version does not consist of.
    fn drop_copies(&self, table: &'static Table) -> Result<(), Error> {
        if !self.place().is_shared() {
            return Ok(());
        }
        let active: HashSet<String> = self.snapshot(table)?.files.into_iter().map(|f| f.name).collect();
        let folder = self.place().data_path(table.short(), "");
        let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(()) };
        for entry in entries.flatten().filter(|e| !active.contains(e.file_name().to_string_lossy().as_ref())) {
            std::fs::remove_file(entry.path()).map_err(Error::io("cannot remove", entry.path()))?;
        }
        Ok(())
    }
}

/// The moment of a compaction, microseconds since 1970: everything in it is judged by the same clock.
#[derive(Debug)]
struct Moment(i64);

impl Clock for Moment {
    fn current_timestamp_millis(&self) -> i64 {
        self.0 / 1_000
    }
}

/// Key and month of every stored row.
fn rows_of(snapshot: &Snapshot) -> Result<Vec<(u128, Option<Month>)>, Error> {
    let time = time_column(snapshot.table);
    let mut columns: BTreeSet<&str> = snapshot.table.key.iter().copied().collect();
    columns.insert(time);
    let frame = snapshot.stored()?.select(columns.into_iter().map(col).collect::<Vec<_>>()).collect();
    let frame = frame.map_err(|e| snapshot.unusable(e))?;
    let keys = row_keys(&frame, snapshot.table).map_err(|e| snapshot.unusable(e))?;
    let times = frame.column(time).map_err(|e| snapshot.unusable(e))?.to_physical_repr();
    let times = times.i64().map_err(|e| snapshot.unusable(e))?;
    let mut last: Option<(i64, i64, Month)> = None;
    let months = times.iter().map(|time| {
        let time = time?;
        match last {
            Some((from, to, month)) if (from..to).contains(&time) => Some(month),
            _ => {
                let month = Month::of(time);
                let (from, to) = month.span();
                last = Some((from, to, month));
                Some(month)
            }
        }
    });
    Ok(keys.into_iter().zip(months).collect())
}

/// The newest version of every row of a month, or of those without time, in the order of time and key.
fn month_rows(snapshot: &Snapshot, month: Option<Month>) -> Result<DataFrame, Error> {
    let time = time_column(snapshot.table);
    let rows = match month {
        Some(month) => {
            let (from, to) = month.span();
            snapshot.rows_between(from, to)?
        }
        None => snapshot.rows()?.filter(col(time).is_null()),
    };
    let order: Vec<PlSmallStr> = std::iter::once(time)
        .chain(snapshot.table.key.iter().copied().filter(|k| *k != time))
        .map(PlSmallStr::from_str)
        .collect();
    let sorted = rows.sort(order, SortMultipleOptions::default()).collect();
    sorted.map_err(|e| snapshot.unusable(e))
}

/// Months in which `snapshot` has rows, and whether some have no time.
pub(crate) fn months(snapshot: &Snapshot) -> Result<BTreeSet<Option<Month>>, Error> {
    Ok(rows_of(snapshot)?.into_iter().map(|(_, month)| month).collect())
}

/// The rows of a table, month by month: memory follows the largest month.
pub(crate) fn monthly(snapshot: &Snapshot) -> Result<impl Iterator<Item = Result<DataFrame, Error>> + '_, Error> {
    Ok(months(snapshot)?.into_iter().map(|month| month_rows(snapshot, month)))
}
