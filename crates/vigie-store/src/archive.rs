//! A client's archive: its tables, commits that carry rows and cursor, what a killed run left half done.

use deltalake_core::kernel::{Action, Transaction};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use polars::prelude::DataFrame;
use vigie_model::table::{TABLES, Table};

use crate::cursor::{self, Pending};
use crate::stored::{DataFile, Stored};
use crate::{Cursor, Error, KnownRows, Place, Slot, Snapshot};

/// A client's archive, opened.
#[derive(Debug)]
pub struct Archive {
    place: Place,
    tables: Vec<Stored>,
}

/// Rows of a source on their way into a table, in the table's schema.
#[derive(Debug)]
pub struct NewRows {
    /// The table.
    pub table: &'static Table,
    /// The rows.
    pub rows: DataFrame,
    /// One of them may replace a row that is there, or another one of them. Rows that do come after those that do not in
    /// one commit.
    pub replaces: bool,
}

/// What a commit is called: the run that made it, and when.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Name of the run; part of file names.
    pub batch: &'a str,
    /// Microseconds since 1970.
    pub now: i64,
}

impl Archive {
    /// Opens the archive at `place`. Nothing is written: an archive that cannot be written can be read, and one that
    /// does not exist yet is empty.
    ///
    /// # Errors
    /// When a table cannot be read, or was made by a later vigie.
    pub fn open(place: Place) -> Result<Self, Error> {
        let tables = TABLES.iter().map(|table| Stored::open(&place, table)).collect::<Result<_, _>>()?;
        Ok(Self { place, tables })
    }

    /// Where it lies.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The cursor last committed for `slot`; without state when there is none, or when its folder was
    /// deleted to read the source from its beginning.
    ///
    /// # Errors
    /// When the log or the cursor's file cannot be read.
    pub fn cursor(&self, slot: &Slot) -> Result<Cursor, Error> {
        match self.stored(slot.table).transaction(&self.place, &slot.app_id())? {
            Some(sequence) => cursor::read(&self.place, slot, sequence),
            None => Ok(Cursor::default()),
        }
    }

    /// Adds `rows` and moves `slot` to `cursor`, in one commit of the slot's own table. Rows of other tables follow in
    /// commits of theirs: the cursor names them, so that [`Archive::finish_commits`] can make up for a run that was
    /// killed in between. Returns the new version of the slot's table. Without rows the cursor alone is committed.
    ///
    /// # Errors
    /// When a file cannot be written or the commit is refused; the archive is then as it was.
    pub fn commit(
        &mut self,
        slot: &Slot,
        stamp: Stamp<'_>,
        rows: Vec<NewRows>,
        mut cursor: Cursor,
    ) -> Result<u64, Error> {
        let mut own = Vec::new();
        for mut new in rows.into_iter().filter(|n| n.rows.height() > 0) {
            let place = self.place.clone();
            let stored = self.stored_mut(new.table);
            stored.ready_to_write(&place)?;
            // Another machine may have written the same rows meanwhile.
            let distinct = !new.replaces && !place.is_shared();
            let commit = stored.version().unwrap_or_default() + 1;
            let what = format!("{}-{}-{:08}", stamp.batch, slot.source, cursor.sequence);
            let name = DataFile::name(commit, distinct, &what);
            let add = stored.write_rows(&place, &name, true, &mut new.rows, stamp.now)?;
            if new.table == slot.table {
                own.push(Action::Add(add));
            } else {
                cursor.pending.push(Pending { table: new.table.name.to_owned(), add });
            }
        }
        let place = self.place.clone();
        let stored = self.stored_mut(slot.table);
        stored.ready_to_write(&place)?;
        let before = stored.transaction(&place, &slot.app_id())?.unwrap_or_default();
        cursor::create(&place, slot, &cursor)?;
        let version = stored.commit(&place, own, Some(transaction(slot, cursor.sequence)), append())?;
        self.commit_pending(slot, &cursor)?;
        cursor::tidy(&self.place, slot, &cursor, before)?;
        Ok(version)
    }

    /// Commits the rows of other tables that belong to a cursor which was committed by a run that was then killed.
    /// Whoever writes calls it first, holding the lock.
    ///
    /// # Errors
    /// When a cursor cannot be read or a commit is refused.
    pub fn finish_commits(&mut self) -> Result<(), Error> {
        for slot in cursor::slots(&self.place)? {
            let Some(sequence) = self.stored(slot.table).transaction(&self.place, &slot.app_id())? else { continue };
            // A cursor that cannot be read stops its own source, with a message, when that is collected.
            if let Ok(cursor) = cursor::read(&self.place, &slot, sequence) {
                self.commit_pending(&slot, &cursor)?;
            }
        }
        Ok(())
    }

    fn commit_pending(&mut self, slot: &Slot, cursor: &Cursor) -> Result<(), Error> {
        let tables: Vec<&'static Table> =
            TABLES.iter().copied().filter(|t| cursor.pending.iter().any(|p| p.table == t.name)).collect();
        for table in tables {
            let place = self.place.clone();
            let stored = self.stored_mut(table);
            stored.ready_to_write(&place)?;
            if stored.transaction(&place, &slot.app_id())?.is_some_and(|n| n >= cursor.sequence) {
                continue;
            }
            let of_table = cursor.pending.iter().filter(|p| p.table == table.name);
            let adds = of_table.map(|p| Action::Add(p.add.clone())).collect();
            stored.commit(&place, adds, Some(transaction(slot, cursor.sequence)), append())?;
        }
        Ok(())
    }

    /// Forgets how far `source` was read, in all its slots: it is read from its beginning at the next run, and rows
    /// that are archived already are not doubled. Returns how many cursors were emptied.
    ///
    /// # Errors
    /// When a cursor cannot be written.
    pub fn reset(&mut self, source: &str) -> Result<usize, Error> {
        let mut emptied = 0;
        for slot in cursor::slots(&self.place)?.into_iter().filter(|s| s.source == source) {
            let Some(sequence) = self.stored(slot.table).transaction(&self.place, &slot.app_id())? else { continue };
            // Also one that cannot be read: that is when it is asked for.
            let cursor = cursor::read(&self.place, &slot, sequence).unwrap_or_default();
            let cursor = Cursor { sequence, state: serde_json::Value::Null, ..cursor };
            cursor::write(&self.place, &slot, &cursor)?;
            emptied += 1;
        }
        Ok(emptied)
    }

    /// Whether there is nothing in `table` yet, not even a table.
    pub fn is_empty(&self, table: &Table) -> bool {
        self.stored(table).version().is_none()
    }

    /// The newest version of `table` that was read.
    ///
    /// # Errors
    /// When the table's log cannot be read.
    pub fn snapshot(&self, table: &'static Table) -> Result<Snapshot, Error> {
        self.stored(table).snapshot(&self.place)
    }

    /// `table` as it was at `version`.
    ///
    /// # Errors
    /// When there is no such version, or it is not whole any more.
    pub fn snapshot_at(&self, table: &'static Table, version: u64) -> Result<Snapshot, Error> {
        let mut stored = Stored::open(&self.place, table)?;
        let gone = || Error::NoVersion { table: self.place.shown(table.short()), version };
        stored.load_version(&self.place, version).map_err(|_| gone())?;
        let snapshot = stored.snapshot(&self.place)?;
        if snapshot.is_whole() { Ok(snapshot) } else { Err(gone()) }
    }

    /// Fingerprints of every archived row of `table`.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub fn known_rows(&self, table: &'static Table) -> Result<KnownRows, Error> {
        self.snapshot(table)?.known_rows()
    }

    pub(crate) fn stored(&self, table: &Table) -> &Stored {
        let position = TABLES.iter().position(|t| t.name == table.name);
        &self.tables[position.unwrap_or_default()]
    }

    pub(crate) fn stored_mut(&mut self, table: &Table) -> &mut Stored {
        let position = TABLES.iter().position(|t| t.name == table.name);
        &mut self.tables[position.unwrap_or_default()]
    }
}

fn transaction(slot: &Slot, sequence: i64) -> Transaction {
    Transaction::new(slot.app_id(), sequence)
}

pub(crate) fn append() -> DeltaOperation {
    DeltaOperation::Write { mode: SaveMode::Append, partition_by: None, predicate: None }
}
