//! Where a source goes on, and what it has delivered so far.
//!
//! A cursor is a small file whose sequence number is committed with the rows (a Delta `txn` action):
//! the file of the committed number is the truth, any other one is a leftover of an interrupted run.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use vigie_model::ledger::RowCount;

use crate::Error;

/// State of one source after a commit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// Sequence number; 0 before the first commit.
    pub sequence: i64,
    /// The plugin's own state, opaque here.
    pub state: serde_json::Value,
    /// Rows of all runs so far.
    pub rows: RowCount,
}

pub(crate) fn path(folder: &Path, source: &str, sequence: i64) -> PathBuf {
    folder.join("cursors").join(source).join(format!("{sequence:08}.json"))
}

pub(crate) fn write(folder: &Path, source: &str, cursor: &Cursor) -> Result<(), Error> {
    let path = path(folder, source, cursor.sequence);
    let parent = path.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent).map_err(Error::io("cannot create", parent))?;
    let bytes =
        serde_json::to_vec_pretty(cursor).map_err(|e| Error::Cursor { path: path.clone(), reason: e.to_string() })?;
    let mut file = File::create(&path).map_err(Error::io("cannot write", &path))?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(Error::io("cannot write", &path))
}

/// Whether a person deleted the cursors of `source`.
pub(crate) fn is_forgotten(folder: &Path, source: &str) -> bool {
    !folder.join("cursors").join(source).exists()
}

pub(crate) fn read(folder: &Path, source: &str, sequence: i64) -> Result<Cursor, Error> {
    let path = path(folder, source, sequence);
    let bytes = std::fs::read(&path).map_err(|e| Error::Cursor { path: path.clone(), reason: e.to_string() })?;
    serde_json::from_slice(&bytes).map_err(|e| Error::Cursor { path, reason: e.to_string() })
}

/// Removes the files of earlier numbers: only the committed one is ever read again.
pub(crate) fn forget_before(folder: &Path, source: &str, sequence: i64) {
    let Ok(entries) = std::fs::read_dir(folder.join("cursors").join(source)) else { return };
    for entry in entries.flatten() {
        let number = entry.path().file_stem().and_then(|s| s.to_str()).and_then(|s| s.parse::<i64>().ok());
        if number.is_some_and(|n| n < sequence) {
            // A leftover costs a few hundred bytes: failing to delete it is not worth a message.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
