//! The archive opened by other engines: delta-rs from Python, and DuckDB on the files that it names.
//!
//! Runs where a Python is found that has both (`VIGIE_PYTHON`, else `python3`); elsewhere it says that it did not.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]
#![allow(clippy::print_stderr, reason = "a suite that did not run says so")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use workshop::{Project, csv_source};

/// A Python that has both engines.
fn python() -> Option<String> {
    let python = std::env::var("VIGIE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(&python).args(["-c", "import deltalake, duckdb, pyarrow"]).output();
    if output.is_ok_and(|o| o.status.success()) {
        return Some(python);
    }
    eprintln!("not run: {python} has not both deltalake and duckdb (with pyarrow); VIGIE_PYTHON names one that has");
    None
}

/// What the engines see of the mentions, and of earlier versions.
fn seen(python: &str, project: &Project, versions: &[&str]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign_engine/read.py");
    let output =
        Command::new(python).arg(script).arg(project.dir().join("archive/mentions")).args(versions).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn rows(likes: impl Fn(u32) -> u32, count: u32) -> String {
    let mut text = "id,date,author,text,likes\n".to_owned();
    for i in 0..count {
        let (month, day) = (2 + i % 2, i % 28 + 1);
        writeln!(text, "r{i},2026-{month:02}-{day:02} 10:00,user{i},\"Alto, dossier {i}\",{}", likes(i)).unwrap();
    }
    text
}

#[test]
fn other_engines_see_the_same_rows_before_and_after_compaction() {
    let Some(python) = python() else { return };
    let table =
        csv_source("good", "data/good.csv", "").replace("text = \"text\"", "text = \"text\"\nlikes = \"likes\"");
    let project = Project::brands(&table);
    project.write("data/good.csv", rows(|i| i, 100));
    project.vigie(&["collect", "."]).expect(0);
    // Ten rows have one like more.
    project.write("data/good.csv", rows(|i| if i < 10 { i + 1 } else { i }, 100));
    let said = project.vigie(&["--language", "en", "collect", "."]);
    said.expect(0).says(&["100 read, 10 kept, 90 duplicates"]);

    let (before, edited) = ((0..100).sum::<u32>(), (0..10).sum::<u32>() + 10);
    let stored = seen(&python, &project, &["1"]);
    assert_eq!(stored["newest"]["delta"], json!([110, 100, before + edited]));
    assert_eq!(stored["earlier"]["1"]["delta"], json!([100, 100, before]));

    project.vigie(&["archive", "compact", "."]).expect(0);
    let compacted = seen(&python, &project, &["1", "2"]);
    assert_eq!(compacted["newest"]["delta"], json!([100, 100, before + 10]));
    assert_eq!(compacted["earlier"]["2"]["delta"], stored["newest"]["delta"], "an earlier version stays as it was");
    for version in [&stored["newest"], &compacted["newest"], &compacted["earlier"]["1"], &compacted["earlier"]["2"]] {
        assert_eq!(version["delta"], version["duckdb"], "{version}");
    }
    let columns: Vec<&str> =
        compacted["newest"]["columns"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    let ours: Vec<&str> = vigie_model::mention::stored().map(|c| c.name).collect();
    assert_eq!(columns, ours);
}
