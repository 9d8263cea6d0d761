//! One commit carries rows and cursor; rows of other tables follow it, whatever happens in between.

use polars::prelude::*;
use serde_json::json;
use vigie_model::coverage::COVERAGE;
use vigie_model::ledger::RowCount;
use vigie_model::mention::MENTIONS;
use vigie_store::{Archive, Cursor, Error, NewRows, Place, Slot, Stamp};

use crate::room::{OCTOBER, Room, mentions, pairs, rows, said, slot};

fn coverage(start: i64) -> DataFrame {
    let columns = vec![
        Column::new("source".into(), ["source"]),
        Column::new("window_start".into(), [start]),
        Column::new("window_end".into(), [start + 1]),
        Column::new("truncated".into(), [true]),
    ];
    rows(&COVERAGE, columns)
}

#[test]
fn a_cursor_is_that_of_its_slot_and_of_the_last_commit() {
    let mut room = Room::new();
    assert_eq!(room.archive.cursor(&slot()).unwrap(), Cursor::default());
    assert_eq!(room.commit(&[said("a", "one", OCTOBER)], false), 1);
    assert_eq!(room.commit(&[said("b", "two", OCTOBER)], false), 2);
    room.reopen();
    let cursor = room.archive.cursor(&slot()).unwrap();
    assert_eq!((cursor.sequence, cursor.state), (OCTOBER + 1, json!({"n": 2})), "the clock did not move");
    let other = Slot::new("source", &MENTIONS, &json!({"query": "boreal"}));
    assert_eq!(room.archive.cursor(&other).unwrap(), Cursor::default());
    assert_eq!(room.texts(), pairs(&[("a", "one"), ("b", "two")]));
}

#[test]
fn an_empty_archive_is_read_without_being_made() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(Place::folder(&folder.path().join("none")).unwrap()).unwrap();
    let snapshot = archive.snapshot(&MENTIONS).unwrap();
    assert_eq!((snapshot.version, snapshot.rows().unwrap().collect().unwrap().height()), (0, 0));
    assert!(!folder.path().join("none").exists());
}

#[test]
fn rows_of_other_tables_come_after_a_run_that_was_killed_before_their_commit() {
    let mut room = Room::new();
    let news = || {
        vec![
            NewRows { table: &MENTIONS, rows: mentions(&[said("a", "one", OCTOBER)]), replaces: false },
            NewRows { table: &COVERAGE, rows: coverage(OCTOBER), replaces: false },
        ]
    };
    let cursor = Cursor::default().next(OCTOBER, json!(1), RowCount::default());
    room.archive.commit(&slot(), Stamp { batch: "run", now: OCTOBER }, news(), cursor).unwrap();
    let heard = |archive: &Archive| archive.snapshot(&COVERAGE).unwrap().rows().unwrap().collect().unwrap().height();
    assert_eq!(heard(&room.archive), 1);

    // The commit of the second table never came: only its log is taken away, its rows are on the disk.
    let log = room.folder.path().join("coverage/_delta_log");
    std::fs::remove_file(log.join(format!("{:020}.json", 1))).unwrap();
    room.reopen();
    assert_eq!(heard(&room.archive), 0);
    room.archive.finish_commits().unwrap();
    assert_eq!(heard(&room.archive), 1);
    room.reopen();
    room.archive.finish_commits().unwrap();
    assert_eq!((heard(&room.archive), room.texts().len()), (1, 1), "a second time changes nothing");
}

#[test]
fn a_table_of_a_later_vigie_is_refused_and_left_alone() {
    let mut room = Room::new();
    room.commit(&[said("a", "one", OCTOBER)], false);
    let log = room.folder.path().join("mentions/_delta_log").join(format!("{:020}.json", 0));
    let first = std::fs::read_to_string(&log).unwrap();
    assert!(first.contains("mentions/1"));
    std::fs::write(&log, first.replace("mentions/1", "mentions/2")).unwrap();
    let error = Archive::open(Place::folder(room.folder.path()).unwrap()).unwrap_err();
    assert!(matches!(error, Error::LaterVersion { .. }), "{error}");
    let words = error.message();
    assert!(words.en.contains("`mentions/2`") && words.en.contains("`mentions/1`"), "{}", words.en);
    assert!(words.fr.contains("plus récent"), "{}", words.fr);
}

#[test]
fn a_source_that_is_reset_starts_anew_and_keeps_its_counts() {
    let mut room = Room::new();
    room.commit(&[said("a", "one", OCTOBER)], false);
    assert_eq!(room.archive.reset("nobody").unwrap(), 0);
    assert_eq!(room.archive.reset("source").unwrap(), 1);
    room.reopen();
    let cursor = room.archive.cursor(&slot()).unwrap();
    assert_eq!((cursor.sequence, cursor.state), (OCTOBER, json!(null)));
    room.commit(&[said("b", "two", OCTOBER)], false);
    assert_eq!(room.archive.cursor(&slot()).unwrap().state, json!({"n": 2}));
}

#[test]
fn of_two_writers_of_one_source_the_second_is_refused_and_of_two_sources_none() {
    let mut room = Room::new();
    room.commit(&[said("a", "one", OCTOBER)], false);
    let other = || Archive::open(Place::folder(room.folder.path()).unwrap()).unwrap();
    let (mut first, mut second, mut third) = (other(), other(), other());
    let stamp = Stamp { batch: "other", now: OCTOBER };
    let rows = |uid| vec![NewRows { table: &MENTIONS, rows: mentions(&[said(uid, "text", OCTOBER)]), replaces: true }];
    let mut now = OCTOBER;
    let mut commit = |archive: &mut Archive, slot: &Slot, uid| {
        now += 1_000;
        let cursor = archive.cursor(slot).unwrap();
        archive.commit(slot, stamp, rows(uid), cursor.next(now, json!(uid), RowCount::default()))
    };
    assert_eq!(commit(&mut first, &slot(), "b").unwrap(), 2);
    let error = commit(&mut second, &slot(), "c").unwrap_err();
    assert!(matches!(error, Error::OtherWriter { .. }), "{error}");
    assert_eq!(commit(&mut third, &Slot::new("another", &MENTIONS, &json!({})), "d").unwrap(), 3);
    let found = other().snapshot(&MENTIONS).unwrap().rows().unwrap();
    assert_eq!(crate::room::texts(found), pairs(&[("a", "one"), ("b", "text"), ("d", "text")]));
    assert_eq!(other().cursor(&slot()).unwrap().state, json!("b"));
}
