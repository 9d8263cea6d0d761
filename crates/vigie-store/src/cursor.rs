//! Where a source goes on, and what it has delivered so far.
//!
//! A cursor is a small file whose sequence number is committed with the rows (a Delta `txn` action):
//! the file of the committed number is the truth, any other one is a leftover of an interrupted run.

use deltalake_core::kernel::Add;
use serde::{Deserialize, Serialize};
use vigie_model::ledger::RowCount;
use vigie_model::table::Table;
use xxhash_rust::xxh3::xxh3_64;

use crate::{Error, Place};

/// How long the cursor of options that are not used any more is kept, in microseconds.
const KEPT: i64 = 90 * 86_400 * 1_000_000;

/// What a cursor belongs to: a source, the table it fills, and the options that decide what it reads. With another
/// query a source starts in a slot of its own; with the earlier one it goes on where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Source id.
    pub source: String,
    /// The table.
    pub table: &'static Table,
    identity: u64,
}

impl Slot {
    /// The slot of `source` for `table`; `identity` are the options that the plugin marks as deciding.
    pub fn new(source: &str, table: &'static Table, identity: &serde_json::Value) -> Self {
        // Objects of serde_json are sorted by key: the same options are the same text.
        Self { source: source.to_owned(), table, identity: xxh3_64(identity.to_string().as_bytes()) }
    }

    fn stem(&self) -> String {
        format!("{}-{:016x}", self.table.short(), self.identity)
    }

    /// Name of the slot in the log of its table.
    pub(crate) fn app_id(&self) -> String {
        format!("vigie.{}.{}", self.source, self.stem())
    }

    fn folder(&self) -> String {
        format!("cursors/{}", self.source)
    }

    fn file(&self, sequence: i64) -> String {
        format!("{}/{}-{sequence:08}.json", self.folder(), self.stem())
    }

    /// The slot and the number that a file in a cursor folder belongs to.
    fn of_file(source: &str, name: &str) -> Option<(Self, i64)> {
        let mut parts = name.strip_suffix(".json")?.split('-');
        let table = vigie_model::table::TABLES.iter().find(|t| Some(t.short()) == parts.clone().next())?;
        parts.next();
        let identity = u64::from_str_radix(parts.next()?, 16).ok()?;
        let sequence = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some((Self { source: source.to_owned(), table, identity }, sequence))
    }
}

/// Rows of another table than the cursor's own that belong to its commit: that table's log may still lack them when
/// a run is killed between the two commits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// Table and number, `coverage/1`.
    pub(crate) table: String,
    /// The file with the rows.
    pub(crate) add: Add,
}

/// State of one source after a commit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// Its number, greater than those before; 0 before the first commit.
    pub sequence: i64,
    /// When it was committed, microseconds since 1970.
    #[serde(default)]
    pub at: i64,
    /// The plugin's own state, opaque here; null: from the beginning.
    pub state: serde_json::Value,
    /// Rows of all runs so far.
    pub rows: RowCount,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) pending: Vec<Pending>,
}

impl Cursor {
    /// The cursor after this one, committed at the moment `now`, microseconds since 1970. The moment is its number:
    /// two machines that commit at once must not write to one file.
    #[must_use]
    pub fn next(&self, now: i64, state: serde_json::Value, rows: RowCount) -> Self {
        Self { sequence: now.max(self.sequence + 1), at: now, state, rows, pending: Vec::new() }
    }
}

/// Writes a cursor over the one of its number.
pub(crate) fn write(place: &Place, slot: &Slot, cursor: &Cursor) -> Result<(), Error> {
    let (name, bytes) = file(place, slot, cursor)?;
    place.write(&name, &bytes)
}

/// Writes a cursor whose number is new; in a bucket, another machine that took the number at the same moment keeps it.
pub(crate) fn create(place: &Place, slot: &Slot, cursor: &Cursor) -> Result<(), Error> {
    let (name, bytes) = file(place, slot, cursor)?;
    place.create(&name, &bytes)
}

fn file(place: &Place, slot: &Slot, cursor: &Cursor) -> Result<(String, Vec<u8>), Error> {
    let name = slot.file(cursor.sequence);
    let bytes = serde_json::to_vec_pretty(cursor)
        .map_err(|e| Error::Cursor { path: place.shown(&name), reason: e.to_string() })?;
    Ok((name, bytes))
}

/// The cursor of number `sequence`. A person who deletes a source's folder wants it read from its beginning.
pub(crate) fn read(place: &Place, slot: &Slot, sequence: i64) -> Result<Cursor, Error> {
    let name = slot.file(sequence);
    let broken = |reason: String| Error::Cursor { path: place.shown(&name), reason };
    match place.read(&name)? {
        Some(bytes) => serde_json::from_slice(&bytes).map_err(|e| broken(e.to_string())),
        None if place.list(&slot.folder())?.is_empty() => Ok(Cursor { sequence, ..Cursor::default() }),
        None => Err(broken("no such file".to_owned())),
    }
}

/// Every slot that has a file.
pub(crate) fn slots(place: &Place) -> Result<Vec<Slot>, Error> {
    let mut slots: Vec<Slot> = Vec::new();
    for source in place.folders("cursors")? {
        for name in place.list(&format!("cursors/{source}"))? {
            match Slot::of_file(&source, &name) {
                Some((slot, _)) if !slots.contains(&slot) => slots.push(slot),
                _ => {}
            }
        }
    }
    Ok(slots)
}

/// After a commit of `slot` that followed number `before`: removes what is never read again, and empties cursors of
/// other options that were not used for ninety days. The file of `before` stays for who has read the log already.
pub(crate) fn tidy(place: &Place, slot: &Slot, cursor: &Cursor, before: i64) -> Result<(), Error> {
    for name in place.list(&slot.folder())? {
        let Some((of, sequence)) = Slot::of_file(&slot.source, &name) else { continue };
        let path = format!("{}/{name}", slot.folder());
        if of == *slot && sequence < before {
            place.remove(&path)?;
        } else if of != *slot
            && let Some(old) = place.read(&path)?.and_then(|b| serde_json::from_slice::<Cursor>(&b).ok())
            && !old.state.is_null()
            && cursor.at - old.at > KEPT
        {
            write(place, &of, &Cursor { state: serde_json::Value::Null, ..old })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use vigie_model::mention::MENTIONS;

    #[test]
    fn another_query_is_another_slot_and_the_same_one_the_same() {
        let slot = |query: &str| Slot::new("hn", &MENTIONS, &json!({"query": query, "paths": ["a"]}));
        assert_eq!(slot("nordet"), slot("nordet"));
        assert_ne!(slot("nordet").app_id(), slot("telvia").app_id());
        let (back, number) = Slot::of_file("hn", slot("nordet").file(12).rsplit('/').next().unwrap()).unwrap();
        assert_eq!((back, number), (slot("nordet"), 12));
        assert_eq!(Slot::of_file("hn", "00000001.json"), None);
    }

    #[test]
    fn a_cursor_nobody_used_for_ninety_days_is_emptied_and_keeps_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::folder(folder.path()).unwrap();
        let (old, new) = (Slot::new("hn", &MENTIONS, &json!("a")), Slot::new("hn", &MENTIONS, &json!("b")));
        let state = |sequence, at| Cursor { sequence, at, state: json!({"high": 7}), ..Cursor::default() };
        write(&place, &old, &state(4, 0)).unwrap();
        tidy(&place, &new, &state(1, KEPT), 0).unwrap();
        assert_eq!(read(&place, &old, 4).unwrap().state, json!({"high": 7}));
        tidy(&place, &new, &state(1, KEPT + 1), 0).unwrap();
        assert_eq!(read(&place, &old, 4).unwrap(), Cursor { state: json!(null), ..state(4, 0) });
    }
}
