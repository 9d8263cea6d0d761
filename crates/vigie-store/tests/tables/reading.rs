//! Reads: the newest version of a row counts, a period is enough, and files of before a column read as null.

use std::path::Path;

use polars::prelude::*;
use serde_json::Value;
use vigie_model::mention::MENTIONS;

use crate::room::{DAY, OCTOBER, Room, pairs, said, texts};

#[test]
fn the_newest_version_of_a_row_counts_wherever_it_was_committed() {
    let mut room = Room::new();
    room.commit(&[said("a", "one", OCTOBER), said("b", "two", OCTOBER)], false);
    room.commit(&[said("a", "one, edited", OCTOBER)], true);
    room.commit(&[said("c", "three", OCTOBER)], false);
    let expected = pairs(&[("a", "one, edited"), ("b", "two"), ("c", "three")]);
    assert_eq!(room.texts(), expected);
    assert_eq!(room.archive.known_rows(&MENTIONS).unwrap().len(), 3);
    room.reopen();
    assert_eq!(room.texts(), expected);
}

#[test]
fn a_row_that_moved_out_of_a_period_is_not_in_it_any_more() {
    let mut room = Room::new();
    let november = OCTOBER + 31 * DAY;
    room.commit(&[said("a", "one", OCTOBER), said("b", "two", OCTOBER + DAY)], false);
    room.commit(&[said("a", "one, moved", november), said("c", "three", OCTOBER)], true);
    room.commit(&[said("d", "four", november - 1), said("e", "five", november)], false);
    let period = |from, to| texts(room.archive.snapshot(&MENTIONS).unwrap().rows_between(from, to).unwrap());
    assert_eq!(period(OCTOBER, november), pairs(&[("b", "two"), ("c", "three"), ("d", "four")]));
    assert_eq!(period(november, november + DAY), pairs(&[("a", "one, moved"), ("e", "five")]));
}

#[test]
fn every_period_gives_what_reading_everything_and_filtering_gives() {
    let mut room = Room::new();
    let mut seed = 7_u64;
    let mut dice = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let keys: Vec<String> = (0..40).map(|i| format!("k{i:02}")).collect();
    let mut seen = std::collections::BTreeSet::new();
    for commit in 0..12 {
        let text = format!("text of commit {commit}");
        let mut rows = Vec::new();
        for _ in 0..8 {
            let key = &keys[dice(40) as usize];
            rows.push(said(key, &text, OCTOBER + dice(60) as i64 * DAY));
        }
        let known = rows.iter().filter(|r| !seen.insert(r.uid.to_owned())).count();
        room.commit(&rows, known > 0);
        if commit == 7 {
            room.archive.compact(OCTOBER, &[]).unwrap();
        }
    }
    let snapshot = room.archive.snapshot(&MENTIONS).unwrap();
    let everything = snapshot.rows().unwrap().collect().unwrap();
    assert_eq!(everything.height(), seen.len());
    for (from, to) in [(0, 10), (5, 6), (10, 45), (31, 60), (0, 60), (60, 61)] {
        let (from, to) = (OCTOBER + from * DAY, OCTOBER + to * DAY);
        let at = col("published_at").to_physical();
        let inside = everything.clone().lazy().filter(at.clone().gt_eq(lit(from)).and(at.lt(lit(to))));
        assert_eq!(texts(snapshot.rows_between(from, to).unwrap()), texts(inside));
    }
}

#[test]
fn a_period_is_pushed_down_to_the_files() {
    let mut room = Room::new();
    room.commit(&[said("a", "one", OCTOBER), said("b", "two", OCTOBER + 40 * DAY)], false);
    let rows = room.archive.snapshot(&MENTIONS).unwrap().rows_between(OCTOBER, OCTOBER + DAY).unwrap();
    let plan = rows.select([col("text")]).describe_optimized_plan().unwrap();
    assert!(plan.contains("SELECTION") && !plan.contains("FILTER"), "{plan}");
    assert!(plan.contains("PROJECT") && !plan.contains("*/"), "{plan}");
}

/// Takes a column out of the first entry of a table's log, as if it had been made before the column came.
fn forget_column(log: &Path, column: &str) {
    let text = std::fs::read_to_string(log).unwrap();
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut action: Value = serde_json::from_str(line).unwrap();
        if let Some(schema) = action["metaData"]["schemaString"].as_str() {
            let mut schema: Value = serde_json::from_str(schema).unwrap();
            schema["fields"].as_array_mut().unwrap().retain(|f| f["name"] != column);
            action["metaData"]["schemaString"] = Value::from(schema.to_string());
        }
        lines.push(action.to_string());
    }
    std::fs::write(log, lines.join("\n")).unwrap();
}

#[test]
fn columns_that_came_later_are_null_in_files_of_before() {
    let mut room = Room::new();
    room.commit(&[said("a", "one", OCTOBER)], false);
    // The archive as a vigie without the column `score` would have left it.
    let table = room.folder.path().join("mentions");
    forget_column(&table.join("_delta_log").join(format!("{:020}.json", 0)), "score");
    let file = std::fs::read_dir(&table).unwrap().map(|e| e.unwrap().path()).find(|p| p.is_file()).unwrap();
    let rows = ParquetReader::new(std::fs::File::open(&file).unwrap()).finish().unwrap();
    let mut without = rows.drop("score").unwrap();
    let size = file.metadata().unwrap().len();
    ParquetWriter::new(std::fs::File::create(&file).unwrap()).finish(&mut without).unwrap();
    let commit = table.join("_delta_log").join(format!("{:020}.json", 1));
    let entry = std::fs::read_to_string(&commit).unwrap();
    let size_now = file.metadata().unwrap().len();
    std::fs::write(&commit, entry.replace(&format!("\"size\":{size}"), &format!("\"size\":{size_now}"))).unwrap();

    room.reopen();
    assert_eq!(room.texts(), pairs(&[("a", "one")]), "read as it is");
    assert!(room.archive.snapshot(&MENTIONS).unwrap().columns().get("score").is_none());
    room.commit(&[said("b", "two", OCTOBER)], false);
    let snapshot = room.archive.snapshot(&MENTIONS).unwrap();
    assert_eq!(snapshot.version, 3, "the columns were added in a commit of their own");
    let frame = snapshot.rows().unwrap().select([col("uid"), col("score")]).collect().unwrap();
    assert_eq!((frame.height(), frame.column("score").unwrap().null_count()), (2, 2));
    room.archive.compact(OCTOBER, &[]).unwrap();
    assert_eq!(room.texts(), pairs(&[("a", "one"), ("b", "two")]));
}
