//! Retention put into effect: what must go is taken out of every file that holds it, and those files are deleted.
//!
//! The terms of a place weigh more than making an old report again: a version that held such rows is not whole
//! afterwards.

use std::collections::HashSet;

use deltalake_core::kernel::Action;
use deltalake_core::protocol::DeltaOperation;
use polars::prelude::*;
use serde::{Deserialize, Serialize};
use vigie_model::mention::MENTIONS;

use crate::fingerprint::row_keys;
use crate::retention::{expires, is_over, must_be_reduced, without_content};
use crate::stored::DataFile;
use crate::{Archive, Error, Place, Snapshot};

/// Files that were replaced because of what they hold, and when.
const LIST: &str = "purged.json";
/// How long such a file stays for those who are reading it, in microseconds: an hour.
const READERS: i64 = 3_600 * 1_000_000;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enforced {
    /// Mentions that went as a whole.
    pub dropped: u64,
    /// Mentions that lost their content and kept their place and counts.
    pub reduced: u64,
}

/// What was read in texts that must go goes with them.
fn forget_readings(place: &Place) -> Result<(), Error> {
    let folder = place.readings();
    match std::fs::remove_dir_all(&folder) {
        Err(problem) if problem.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("cannot delete", &folder)(problem))
        }
        _ => Ok(()),
    }
}

/// A file to delete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Purged {
    table: String,
    file: String,
    /// Microseconds since 1970.
    at: i64,
}

/// The keys of rows that must change.
#[derive(Default)]
struct Due {
    dropped: HashSet<u128>,
    reduced: HashSet<u128>,
}

impl Due {
    fn has(&self, key: u128) -> bool {
        self.dropped.contains(&key) || self.reduced.contains(&key)
    }
}

impl Archive {
    /// Whether a mention's class asks for something at the moment `now`, microseconds since 1970.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub fn is_due(&self, now: i64) -> Result<bool, Error> {
        let due = due(&self.snapshot(&MENTIONS)?, now)?;
        Ok(!due.dropped.is_empty() || !due.reduced.is_empty())
    }

    /// Does what the classes of the mentions ask for at the moment `now`. The caller holds the lock.
    ///
    /// # Errors
    /// When a file cannot be written or the commit is refused; the archive is then as it was.
    pub fn enforce(&mut self, now: i64) -> Result<Enforced, Error> {
        self.delete_purged(now)?;
        let snapshot = self.snapshot(&MENTIONS)?;
        let due = due(&snapshot, now)?;
        let done = Enforced { dropped: due.dropped.len() as u64, reduced: due.reduced.len() as u64 };
        if done == Enforced::default() {
            return Ok(done);
        }
        let place = self.place().clone();
        forget_readings(&place)?;
        let version = snapshot.version + 1;
        let mut actions = Vec::new();
        let mut gone = HashSet::new();
        for file in &snapshot.files {
            let Some(mut rest) = without(&snapshot, file, &due)? else { continue };
            if rest.height() > 0 {
                let name = format!("{}-p{version}.parquet", file.name.trim_end_matches(".parquet"));
                actions.push(Action::Add(self.stored(&MENTIONS).write_rows(&place, &name, false, &mut rest, now)?));
            }
            gone.insert(file.name.clone());
        }
        let mut reduced = reduced(&snapshot, &due)?;
        if reduced.height() > 0 {
            // All versions of these rows went from the other files.
            let name = DataFile::name(version, true, "reduced");
            actions.push(Action::Add(self.stored(&MENTIONS).write_rows(&place, &name, false, &mut reduced, now)?));
        }
        let removals = self.stored(&MENTIONS).removals(&place, &|name| gone.contains(name))?;
        actions.extend(removals.into_iter().map(Action::Remove));
        self.announce(gone, now)?;
        let operation = DeltaOperation::Delete { predicate: Some("retention".to_owned()) };
        self.stored_mut(&MENTIONS).commit(&place, actions, None, operation)?;
        Ok(done)
    }

    /// Puts files on the list before the commit that replaces them, so that a run killed after it forgets none.
    fn announce(&self, files: HashSet<String>, now: i64) -> Result<(), Error> {
        let mut list = self.purged()?;
        let mut files: Vec<String> = files.into_iter().collect();
        files.sort();
        let table = MENTIONS.short().to_owned();
        list.extend(files.into_iter().map(|file| Purged { table: table.clone(), file, at: now }));
        self.write_purged(&list)
    }

    /// Deletes the files on the list that nobody can be reading any more.
    pub(crate) fn delete_purged(&self, now: i64) -> Result<(), Error> {
        let list = self.purged()?;
        if list.is_empty() {
            return Ok(());
        }
        let active: HashSet<String> = self.snapshot(&MENTIONS)?.files.into_iter().map(|f| f.name).collect();
        let mut waiting = Vec::new();
        for purged in &list {
            if active.contains(&purged.file) {
                // The commit that was to replace it never came.
            } else if now - purged.at < READERS {
                waiting.push(purged.clone());
            } else {
                self.place().delete_data(&purged.table, &purged.file)?;
            }
        }
        if waiting.len() < list.len() { self.write_purged(&waiting) } else { Ok(()) }
    }

    fn purged(&self) -> Result<Vec<Purged>, Error> {
        let Some(bytes) = self.place().read(LIST)? else { return Ok(Vec::new()) };
        serde_json::from_slice(&bytes)
            .map_err(|e| Error::io("cannot read", self.place().shown(LIST))(std::io::Error::other(e)))
    }

    fn write_purged(&self, list: &[Purged]) -> Result<(), Error> {
        let bytes = serde_json::to_vec_pretty(list)
            .map_err(|e| Error::io("cannot write", self.place().shown(LIST))(std::io::Error::other(e)))?;
        self.place().write(LIST, &bytes)
    }
}

/// Which rows must change, judged by the newest version of each.
fn due(snapshot: &Snapshot, now: i64) -> Result<Due, Error> {
    let known = |name: &str| snapshot.columns().get(name).is_some();
    if !["retention", "collected_at", "status", "text_origin"].into_iter().all(known) {
        // Written before there were classes.
        return Ok(Due::default());
    }
    // Most archives have no such row, which a look at the statistics of the files tells.
    let some = snapshot.stored()?.filter(expires()).select([col("retention")]).limit(1).collect();
    if some.map_err(|e| snapshot.unusable(e))?.height() == 0 {
        return Ok(Due::default());
    }
    let keys = |rows: Expr| -> Result<HashSet<u128>, Error> {
        let key = MENTIONS.key.iter().map(|c| col(*c)).collect::<Vec<_>>();
        let frame = snapshot.rows()?.filter(rows).select(key).collect().map_err(|e| snapshot.unusable(e))?;
        Ok(row_keys(&frame, &MENTIONS).map_err(|e| snapshot.unusable(e))?.into_iter().collect())
    };
    let dropped = keys(is_over(now))?;
    let reduced = keys(must_be_reduced(now).and(is_over(now).not()))?;
    Ok(Due { dropped, reduced })
}

/// The rows of a file without those that must change; nothing when the file holds none of them.
fn without(snapshot: &Snapshot, file: &DataFile, due: &Due) -> Result<Option<DataFrame>, Error> {
    let unusable = |e| snapshot.unusable(e);
    let one = snapshot.only(file);
    let key: Vec<Expr> = MENTIONS.key.iter().map(|c| col(*c)).collect();
    let keys = row_keys(&one.stored()?.select(key).collect().map_err(unusable)?, &MENTIONS).map_err(unusable)?;
    let stays: Vec<bool> = keys.iter().map(|key| !due.has(*key)).collect();
    if stays.iter().all(|s| *s) {
        return Ok(None);
    }
    let rows = one.stored()?.collect().map_err(unusable)?;
    rows.filter(&BooleanChunked::from_slice("stays".into(), &stays)).map(Some).map_err(unusable)
}

/// The rows that stay without their content.
fn reduced(snapshot: &Snapshot, due: &Due) -> Result<DataFrame, Error> {
    let unusable = |e| snapshot.unusable(e);
    if due.reduced.is_empty() {
        return Ok(DataFrame::empty());
    }
    let rows = without_content(snapshot.rows()?, &MENTIONS).collect().map_err(unusable)?;
    let keys = row_keys(&rows, &MENTIONS).map_err(unusable)?;
    let wanted: Vec<bool> = keys.iter().map(|key| due.reduced.contains(key)).collect();
    rows.filter(&BooleanChunked::from_slice("wanted".into(), &wanted)).map_err(unusable)
}
