//! What an archive holds, for a person.

use vigie_model::ledger::RowCount;
use vigie_model::table::TABLES;

use crate::{Archive, Error, cursor};

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableInfo {
    /// Name and number, `mentions/1`.
    pub name: &'static str,
    /// Newest version.
    pub version: u64,
    /// Rows, each in its newest version.
    pub rows: u64,
    /// Stored rows, earlier versions included.
    pub stored: u64,
    /// Data files.
    pub files: usize,
    /// Bytes of the data files.
    pub bytes: u64,
}

/// One cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotInfo {
    /// Source id.
    pub source: String,
    /// The table it fills, `mentions/1`.
    pub table: &'static str,
    /// When the last one was made, microseconds since 1970; 0 when not known.
    pub at: i64,
    /// Rows of all runs; nothing when the cursor cannot be read.
    pub rows: Option<RowCount>,
    /// The next run reads from the beginning.
    pub from_beginning: bool,
}

impl Archive {
    /// The tables that exist, in their order.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub fn tables(&self) -> Result<Vec<TableInfo>, Error> {
        let mut tables = Vec::new();
        for table in TABLES.iter().copied() {
            let Some(version) = self.stored(table).version() else { continue };
            let snapshot = self.snapshot(table)?;
            tables.push(TableInfo {
                name: table.name,
                version,
                rows: snapshot.known_rows()?.len() as u64,
                stored: snapshot.stored_rows(),
                files: snapshot.files.len(),
                bytes: snapshot.files.iter().map(|f| f.bytes).sum(),
            });
        }
        Ok(tables)
    }

    /// The committed cursors, by source.
    ///
    /// # Errors
    /// When a log cannot be read.
    pub fn cursors(&self) -> Result<Vec<SlotInfo>, Error> {
        let mut found = Vec::new();
        for slot in cursor::slots(self.place())? {
            let Some(sequence) = self.stored(slot.table).transaction(self.place(), &slot.app_id())? else { continue };
            let cursor = cursor::read(self.place(), &slot, sequence).ok();
            found.push(SlotInfo {
                source: slot.source.clone(),
                table: slot.table.name,
                at: cursor.as_ref().map_or(0, |c| c.at),
                from_beginning: cursor.as_ref().is_some_and(|c| c.state.is_null()),
                rows: cursor.map(|c| c.rows),
            });
        }
        Ok(found)
    }
}
