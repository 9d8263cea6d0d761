//! Records of every kind, from a plugin that is loaded from disk to the Delta tables of the archive and out of them.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use serde_json::{Value, json};
use workshop::Project;

const TABLES: &str = "\"mentions/1\", \"metric_points/1\", \"events/1\", \"coverage/1\"";

/// A project with a good source and source `records`, whose plugin gives its rows in `way`.
fn project(way: &str) -> Project {
    let source = format!(
        "\n[plugins]\nretry_minutes = []\n\n[[source]]\nid = \"records\"\nplugin = \"records\"\n[source.options]\nway = \"{way}\"\n"
    );
    let project = Project::with_good_source(&source);
    project.strange_plugin("plugins/records", "good/records.c", ("records", "1.0.0"), (0, ""));
    for file in ["plugin.toml", "spec.json"] {
        let path = project.dir().join("plugins/records").join(file);
        let papers = std::fs::read_to_string(&path).unwrap().replace("\"mentions/1\"", TABLES);
        let options = r#""config_schema":{"type":"object","properties":{"way":{"type":"string"}}}"#;
        std::fs::write(&path, papers.replace(r#""config_schema":{"type":"object"}"#, options)).unwrap();
    }
    project.vigie(&["plugin", "trust", "records", "--yes"]).expect(0);
    project
}

/// Version, rows, stored rows and files of the tables, as `vigie archive info` tells them.
fn tables(project: &Project) -> Vec<(String, [u64; 4])> {
    let said = project.vigie(&["--language", "en", "archive", "info", "."]);
    let cells = |line: &str| line.split('\t').map(str::to_owned).collect::<Vec<_>>();
    let lines = said.expect(0).out.lines().map(cells).filter(|c| c.len() == 6 && c[0].contains("/1"));
    lines.map(|c| (c[0].clone(), [1, 2, 3, 4].map(|i| c[i].parse().unwrap()))).collect()
}

/// Rows of `table` that source `records` brought.
fn rows(project: &Project, table: &str) -> Vec<Value> {
    project.vigie(&["archive", "export", ".", "--to", "out", "--format", "ndjson"]).expect(0);
    let text = std::fs::read_to_string(project.dir().join(format!("out/{table}.ndjson"))).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.filter(|row| row["source"] == "records").collect()
}

/// The columns `names` of each row.
fn pick(rows: &[Value], names: &[&str]) -> Value {
    rows.iter().map(|row| names.iter().map(|n| row[*n].clone()).collect::<Vec<_>>()).collect()
}

/// What the first reading leaves, in any way.
fn first_rows(project: &Project) {
    let points = rows(project, "metric_points");
    assert_eq!(
        pick(&points, &["series", "entity", "platform", "ts", "value", "dims", "denominator"]),
        json!([["followers", "alto", "forum", "2026-03-01T00:00:00Z", 1000.0, "{\"country\":\"CA\"}", null]])
    );
    assert_eq!(
        pick(&rows(project, "events"), &["entity", "ts", "type", "title", "added_words", "removed_words"]),
        json!([["alto", "2026-03-02T12:00:00Z", "page_changed", "Prix", 12, null]])
    );
    assert_eq!(
        pick(&rows(project, "coverage"), &["window_start", "window_end", "items", "truncated", "reason", "query_id"]),
        json!([["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", 2, true, "cap", null]])
    );
    assert_eq!(pick(&rows(project, "mentions"), &["uid"]), json!([["forum:m"], ["forum:s"]]));
}

#[test]
fn every_kind_of_record_reaches_its_table_and_is_told() {
    let project = project("step");
    let said = project.vigie(&["--language", "en", "run", "."]);
    said.expect(0).says(&["records: 2 read, 2 kept"]);
    first_rows(&project);
    let stub = &rows(&project, "mentions")[1];
    assert_eq!((&stub["text_origin"], &stub["text"]), (&json!("id_only"), &Value::Null));
    let first = tables(&project);
    assert_eq!(first[0], ("mentions/1".to_owned(), [2, 62, 62, 2]));
    for (table, name) in first[1..].iter().zip(["metric_points/1", "events/1", "coverage/1"]) {
        assert_eq!(table, &(name.to_owned(), [1, 1, 1, 1]));
    }

    // The mention and the point are corrected; the window is a new one.
    project.vigie(&["--language", "fr", "collect", "."]).expect(0).says(&["records : 1 lues, 1 retenues"]);
    assert_eq!(pick(&rows(&project, "mentions"), &["text"]), json!([["alto, essai corrigé"], [null]]));
    assert_eq!(pick(&rows(&project, "metric_points"), &["value"]), json!([[1001.0]]));
    assert_eq!(pick(&rows(&project, "coverage"), &["truncated"]), json!([[true], [false]]));
    let numbers = |project: &Project| tables(project).into_iter().map(|(_, n)| n).collect::<Vec<_>>();
    assert_eq!(numbers(&project), [[3, 62, 63, 3], [2, 1, 2, 2], [1, 1, 1, 1], [2, 2, 2, 2]]);

    let before = ["mentions", "metric_points", "events", "coverage"].map(|t| rows(&project, t));
    let said = project.vigie(&["--language", "en", "archive", "compact", "."]);
    said.expect(0).says(&["metric_points: 2 files → 1, 2 rows → 1", "mentions: 3 files → 2, 63 rows → 62"]);
    assert_eq!(["mentions", "metric_points", "events", "coverage"].map(|t| rows(&project, t)).map(|r| r.len()), {
        before.map(|r| r.len())
    });
    let said = project.vigie(&["--language", "fr", "archive", "info", "."]);
    for piece in ["metric_points/1\t", "events/1\t", "coverage/1\t", "records\tmentions/1\t", "\tcontinue"] {
        assert!(said.expect(0).out.contains(piece), "{piece}: {}", said.whole());
    }
    project.vigie(&["report", "."]).expect(0);
    project.documents();
}

#[test]
fn rows_of_other_tables_come_from_inside_an_arrow_stream() {
    let project = project("stream");
    project.vigie(&["--language", "en", "collect", "."]).expect(0).says(&["records: 2 read, 2 kept"]);
    first_rows(&project);
}

#[test]
fn what_no_checkpoint_covers_is_in_no_table() {
    let project = project("crash");
    let said = project.vigie(&["--language", "en", "collect", "."]);
    said.expect(3).says(&["source `records` stopped", "SIGABRT", "records: 2 read, 2 kept"]);
    first_rows(&project);
    // It goes on from there, dies again, and has given what the second checkpoint covers.
    project.vigie(&["collect", "."]).expect(3);
    assert_eq!(pick(&rows(&project, "metric_points"), &["value"]), json!([[1001.0]]));
    assert_eq!(rows(&project, "coverage").len(), 2);
    assert_eq!(rows(&project, "events").len(), 1, "the second has none, the third was not covered");
}
