//! What the terms of a place do not allow is gone: from what is read, from every version, from the disk.

use polars::prelude::*;
use vigie_model::mention::MENTIONS;
use vigie_store::Enforced;

use crate::room::{DAY, OCTOBER, Room, Said, said, texts};

fn of_class<'a>(uid: &'a str, class: &'a str, read: i64) -> Said<'a> {
    Said { class, read, ..said(uid, "Alto SECRETWORD", OCTOBER) }
}

/// Whether some file of the table still holds a text.
fn on_disk(room: &Room) -> bool {
    let folder = room.folder.path().join("mentions");
    let files = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file());
    let mut texts = files.flat_map(|file| {
        let frame = ParquetReader::new(std::fs::File::open(file).unwrap()).finish().unwrap();
        let column = frame.column("text").unwrap().str().unwrap().clone();
        column.iter().map(|t| t.unwrap_or_default().contains("SECRETWORD")).collect::<Vec<_>>()
    });
    texts.any(|found| found)
}

#[test]
fn rows_that_were_not_read_again_go_or_lose_their_content() {
    let mut room = Room::new();
    let first =
        room.commit(&[of_class("a", "refresh_30d", OCTOBER), of_class("b", "refresh_or_delete", OCTOBER)], false);
    room.commit(&[of_class("a", "refresh_30d", OCTOBER + 10 * DAY)], true);
    assert!(!room.archive.is_due(OCTOBER + 30 * DAY).unwrap());
    assert_eq!(room.archive.enforce(OCTOBER + 30 * DAY).unwrap(), Enforced::default());

    let later = OCTOBER + 46 * DAY;
    assert!(room.archive.is_due(later).unwrap());
    assert_eq!(room.archive.enforce(later).unwrap(), Enforced { dropped: 1, reduced: 1 });
    assert_eq!(room.texts(), [("b".to_owned(), None)], "the row of the thirty days went, the other one is a stub");
    let frame = room.archive.snapshot(&MENTIONS).unwrap().rows().unwrap().collect().unwrap();
    assert_eq!(frame.column("author_id").unwrap().null_count(), 1);
    assert_eq!(frame.column("likes").unwrap().i64().unwrap().get(0), Some(3), "counts stay");
    assert_eq!(frame.column("text_origin").unwrap().str().unwrap().get(0), Some("id_only"));
    assert!(!room.archive.is_due(later).unwrap());

    // Whoever reads an earlier version has an hour; then the files go, and that version with them.
    assert!(room.archive.snapshot_at(&MENTIONS, first).is_ok());
    room.archive.enforce(later + 3_600 * 1_000_000).unwrap();
    assert!(!on_disk(&room));
    assert!(room.archive.snapshot_at(&MENTIONS, first).is_err());
    room.reopen();
    assert_eq!(room.texts(), [("b".to_owned(), None)]);
}

#[test]
fn what_was_deleted_where_it_was_said_is_deleted_here() {
    let mut room = Room::new();
    let gone = Said { status: Some("gone"), ..of_class("a", "refresh_or_delete", OCTOBER + DAY) };
    room.commit(&[of_class("a", "refresh_or_delete", OCTOBER), of_class("b", "keep", OCTOBER)], false);
    room.commit(&[gone, Said { status: Some("gone"), ..of_class("c", "keep", OCTOBER) }], true);
    assert_eq!(room.archive.enforce(OCTOBER + DAY).unwrap(), Enforced { dropped: 0, reduced: 1 });
    let kept = |uid: &str| (uid.to_owned(), Some("Alto SECRETWORD".to_owned()));
    assert_eq!(room.texts(), [("a".to_owned(), None), kept("b"), kept("c")]);
}

#[test]
fn a_run_that_dies_between_announcing_and_committing_loses_nothing() {
    let mut room = Room::new();
    room.commit(&[of_class("a", "keep", OCTOBER)], false);
    let file = std::fs::read_dir(room.folder.path().join("mentions")).unwrap().map(|e| e.unwrap().path());
    let file = file.into_iter().find(|p| p.is_file()).unwrap().file_name().unwrap().to_string_lossy().into_owned();
    let list = format!("[{{\"table\":\"mentions\",\"file\":\"{file}\",\"at\":0}}]");
    std::fs::write(room.folder.path().join("purged.json"), list).unwrap();
    room.archive.enforce(OCTOBER).unwrap();
    assert_eq!(room.texts().len(), 1);
    assert_eq!(std::fs::read_to_string(room.folder.path().join("purged.json")).unwrap(), "[]");
}

#[test]
fn what_stays_is_what_was_there_before_but_for_the_rows_that_went() {
    let mut room = Room::new();
    room.commit(&[of_class("a", "keep", OCTOBER), of_class("b", "refresh_30d", OCTOBER)], false);
    room.commit(&[Said { text: "newer", ..of_class("a", "keep", OCTOBER) }], true);
    room.commit(&[of_class("b", "keep", OCTOBER + DAY), of_class("c", "refresh_30d", OCTOBER)], true);
    assert_eq!(room.archive.enforce(OCTOBER + 40 * DAY).unwrap(), Enforced { dropped: 1, reduced: 0 });
    let snapshot = room.archive.snapshot(&MENTIONS).unwrap();
    let expected = [("a", "newer"), ("b", "Alto SECRETWORD")];
    assert_eq!(texts(snapshot.rows().unwrap()), crate::room::pairs(&expected), "the newest class of a row decides");
}
