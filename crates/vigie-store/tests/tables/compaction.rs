//! Compaction changes nothing that is read, and keeps what reports name.

use std::path::Path;

use vigie_model::mention::MENTIONS;
use vigie_store::Error;

use crate::room::{DAY, OCTOBER, Room, pairs, said, texts};

/// Parquet files of a table's folder.
fn files(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|n| n.ends_with(".parquet")).collect();
    names.sort();
    names
}

fn three_commits() -> Room {
    let mut room = Room::new();
    room.commit(&[said("a", "one", OCTOBER), said("b", "two", OCTOBER + 40 * DAY)], false);
    room.commit(&[said("a", "one, edited", OCTOBER + 40 * DAY)], true);
    room.commit(&[said("c", "three", OCTOBER)], false);
    room
}

#[test]
fn one_file_a_month_and_one_row_a_key() {
    let mut room = three_commits();
    let before = room.texts();
    let done = room.archive.compact(OCTOBER, &[]).unwrap();
    assert_eq!((done[0].table, done[0].files, done[0].rows), ("mentions", (3, 2), (4, 3)));
    assert_eq!(room.texts(), before);
    room.reopen();
    assert_eq!(room.texts(), before);
    let version = room.archive.snapshot(&MENTIONS).unwrap().version;
    let again = room.archive.compact(OCTOBER, &[]).unwrap();
    assert_eq!((again[0].files, again[0].rows), ((2, 2), (3, 3)));
    assert_eq!(room.archive.snapshot(&MENTIONS).unwrap().version, version, "nothing to do, nothing committed");
}

#[test]
fn a_month_in_which_nothing_changed_keeps_its_file() {
    let mut room = three_commits();
    room.archive.compact(OCTOBER, &[]).unwrap();
    let table = room.folder.path().join("mentions");
    let months = |files: &[String]| files.iter().filter(|f| f.contains("month")).cloned().collect::<Vec<_>>();
    let before = months(&files(&table));
    room.commit(&[said("d", "four", OCTOBER + 41 * DAY)], false);
    room.archive.compact(OCTOBER, &[]).unwrap();
    let after = months(&files(&table));
    let new: Vec<&String> = after.iter().filter(|f| !before.contains(f)).collect();
    assert!(new.len() == 1 && new[0].contains("2026-11"), "{before:?} {after:?}");
    // An edit in October of a row of November touches both.
    room.commit(&[said("d", "four, moved", OCTOBER)], true);
    room.archive.compact(OCTOBER, &[]).unwrap();
    let last = months(&files(&table));
    assert_eq!(last.iter().filter(|f| !after.contains(f)).count(), 2, "{after:?} {last:?}");
    let expected = pairs(&[("a", "one, edited"), ("b", "two"), ("c", "three"), ("d", "four, moved")]);
    assert_eq!(room.texts(), expected);
}

#[test]
fn versions_that_reports_name_stay_whole_and_others_go() {
    let mut room = three_commits();
    let table = room.folder.path().join("mentions");
    let named = 2;
    let then = texts(room.archive.snapshot_at(&MENTIONS, named).unwrap().rows().unwrap());
    assert_eq!(then, pairs(&[("a", "one, edited"), ("b", "two")]));
    // A leftover of a killed run, and a version that no archive ever had.
    std::fs::write(table.join("c0000000009-d-left-over.parquet"), "x").unwrap();
    let done = room.archive.compact(now(), &[named, 4_711]).unwrap();
    assert_eq!(done[0].deleted, 0, "somebody may still be reading");
    assert!(room.archive.snapshot_at(&MENTIONS, 3).is_ok());
    let current = room.texts();
    let done = room.archive.compact(now() + 40 * DAY, &[named, 4_711]).unwrap();
    assert_eq!(done[0].deleted, 2, "the leftover, and the one file that only versions nobody names have");
    assert!(!files(&table).iter().any(|f| f.contains("left-over")), "{:?}", files(&table));
    assert_eq!(texts(room.archive.snapshot_at(&MENTIONS, named).unwrap().rows().unwrap()), then);
    let third = room.archive.snapshot_at(&MENTIONS, 3).err();
    assert!(matches!(third, Some(Error::NoVersion { version: 3, .. })), "{third:?}");
    room.reopen();
    assert_eq!(room.texts(), current);
    // The cursor is still known to the log that was cut, and the next commit goes on from there.
    assert_eq!(room.archive.cursor(&crate::room::slot()).unwrap().state["n"], 3);
    room.commit(&[said("d", "four", OCTOBER)], false);
    room.archive.compact(now() + 80 * DAY, &[]).unwrap();
    room.reopen();
    assert_eq!(room.texts().len(), current.len() + 1);
    assert!(room.archive.snapshot_at(&MENTIONS, named).is_err(), "no report names it any more");
    assert_eq!(room.archive.cursor(&crate::room::slot()).unwrap().state["n"], 4);
    let entries = std::fs::read_dir(table.join("_delta_log")).unwrap().map(|e| e.unwrap().file_name());
    assert!(!entries.into_iter().any(|e| e == *format!("{:020}.json", 0)), "the log was cut");
}

/// Microseconds since 1970: files are as old as they are.
fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_micros()).unwrap()
}
