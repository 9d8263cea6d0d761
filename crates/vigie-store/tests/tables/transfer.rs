//! Rows taken out and in: every form says the same, twice is once, the newest wins.

use polars::prelude::*;
use vigie_model::mention::MENTIONS;
use vigie_store::{Error, Format, Imported, Stamp, export, import, origins};

use crate::room::{DAY, OCTOBER, Room, Said, mentions, pairs, said};

const HOSTILE: [&str; 6] = ["=HYPERLINK(\"x\")", "'@a", "l'été, \"dit\"\nelle", "+1", "a\u{1f468}\u{200d}b", "-"];

fn filled() -> Room {
    let mut room = Room::new();
    let keys: Vec<String> = (0..HOSTILE.len()).map(|i| format!("k{i}")).collect();
    let rows: Vec<Said<'_>> =
        keys.iter().zip(HOSTILE).enumerate().map(|(i, (k, t))| said(k, t, OCTOBER + 20 * i as i64 * DAY)).collect();
    room.commit(&rows, false);
    room.commit(&[said("k0", "=edited", OCTOBER)], true);
    room
}

fn everything(room: &Room) -> DataFrame {
    let rows = room.archive.snapshot(&MENTIONS).unwrap().rows().unwrap();
    rows.sort(["uid"], SortMultipleOptions::default()).collect().unwrap()
}

fn take_in(room: &mut Room, from: &std::path::Path) -> Imported {
    let mut done = Vec::new();
    for origin in origins(from).unwrap() {
        done.extend(import(&mut room.archive, &origin, Stamp { batch: "import", now: OCTOBER }).unwrap());
    }
    assert_eq!(done.len(), 1);
    done.remove(0).1
}

#[test]
fn every_form_brings_every_row_and_column_back_and_a_second_time_nothing() {
    for format in Format::ALL {
        let (from, folder) = (filled(), tempfile::tempdir().unwrap());
        let (path, rows) = export(&from.archive.snapshot(&MENTIONS).unwrap(), folder.path(), format).unwrap();
        assert_eq!(rows, HOSTILE.len() as u64);
        if format == Format::Csv {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.contains(",'=edited,") && !text.contains(",=edited,"), "{text}");
        }
        let mut to = Room::new();
        let first = take_in(&mut to, folder.path());
        assert_eq!((first.read, first.added, first.updated, first.rejected), (6, 6, 0, 0), "{format:?}");
        assert!(everything(&to).equals_missing(&everything(&from)), "{format:?}");
        let version = to.archive.snapshot(&MENTIONS).unwrap().version;
        let second = take_in(&mut to, &path);
        assert_eq!((second.read, second.added, second.updated), (6, 0, 0), "{format:?}");
        assert_eq!(to.archive.snapshot(&MENTIONS).unwrap().version, version);
    }
}

#[test]
fn another_archive_is_merged_by_key_and_the_version_read_last_counts() {
    let (mut here, mut there) = (Room::new(), Room::new());
    let read = |uid, text, read| Said { read, ..said(uid, text, OCTOBER) };
    here.commit(&[read("a", "here, later", OCTOBER + DAY), read("b", "here", OCTOBER)], false);
    there.commit(&[read("a", "there", OCTOBER), read("b", "there, later", OCTOBER + DAY)], false);
    there.commit(&[read("c", "there", OCTOBER)], false);
    let done = take_in(&mut here, there.folder.path());
    assert_eq!((done.read, done.added, done.updated), (3, 1, 1));
    let merged = pairs(&[("a", "here, later"), ("b", "there, later"), ("c", "there")]);
    assert_eq!(here.texts(), merged);
    let done = take_in(&mut here, there.folder.path());
    assert_eq!((done.added, done.updated), (0, 0));
    let done = take_in(&mut there, here.folder.path());
    assert_eq!((done.added, done.updated), (0, 1));
    assert_eq!(there.texts(), merged);
}

#[test]
fn rows_that_are_none_cost_themselves_and_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mentions.ndjson");
    let good = r#"{"uid":"x:1","native_id":"1","platform":"x","kind":"post","published_at":"2026-10-01T00:00:00Z"}"#;
    let lines = [good, "{", r#"{"uid":"x:2"}"#, "", &good.replace("x:1", "x:3").replace("\"1\"", "7")];
    std::fs::write(&path, lines.join("\n")).unwrap();
    let mut room = Room::new();
    let done = take_in(&mut room, &path);
    assert_eq!((done.read, done.added, done.rejected), (4, 1, 3));
    assert_eq!(done.first_rejected.as_deref(), Some("mentions.ndjson:2 (not JSON)"));
    std::fs::write(folder.path().join("mentions.csv"), "uid,native_id,platform,kind,published_at\nx:9,9,x,post,soon\n")
        .unwrap();
    let done = take_in(&mut room, &folder.path().join("mentions.csv"));
    assert_eq!(done.first_rejected.as_deref(), Some("mentions.csv:2 (published_at is not a time in RFC 3339)"));
    assert!(matches!(origins(folder.path().join("no").as_path()), Err(Error::NothingToImport { .. })));
}

#[test]
fn what_may_only_be_counted_does_not_leave() {
    let mut room = Room::new();
    room.commit(
        &[Said { class: "aggregate_only", ..said("a", "PRIVATE", OCTOBER) }, said("b", "public", OCTOBER)],
        false,
    );
    for format in Format::ALL {
        let folder = tempfile::tempdir().unwrap();
        let (path, rows) = export(&room.archive.snapshot(&MENTIONS).unwrap(), folder.path(), format).unwrap();
        assert_eq!(rows, 2);
        let bytes = std::fs::read(path).unwrap();
        if format != Format::Parquet {
            assert!(!String::from_utf8(bytes).unwrap().contains("PRIVATE"));
        }
    }
    // And what only its identifier may be kept of never comes in.
    let ids = mentions(&[Said { class: "ids_only", ..said("c", "text", OCTOBER) }]);
    let kept = vigie_store::before_writing(ids, &MENTIONS).unwrap();
    for (column, nulls) in [("text", 1), ("author_id", 1), ("likes", 1), ("content_hash", 1), ("uid", 0)] {
        assert_eq!(kept.column(column).unwrap().null_count(), nulls, "{column}");
    }
    assert_eq!(kept.column("quote_ok").unwrap().str().unwrap().get(0), Some("no"));
}
