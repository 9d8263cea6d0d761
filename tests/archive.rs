//! `vigie archive` and `vigie collect --reset-state`, as a person types them.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use serde_json::Value;
use workshop::{HEAD, Project, csv_source, good_rows, row};

/// A project that collected sixty rows, and then one of them edited and one without a date.
fn collected() -> Project {
    let project = Project::with_good_source("");
    project.vigie(&["collect", "."]).expect(0);
    let edited = row("g", 0, 2).replace("dossier", "edited dossier");
    project.write("data/good.csv", format!("{}{edited}bad,soon,a,b\n", good_rows(60)));
    project
        .vigie(&["--language", "en", "collect", "."])
        .expect(3)
        .says(&["61 read, 1 kept, 60 duplicates, 1 rejected"]);
    project
}

/// The line of `vigie archive info` that begins with `first`, cell by cell.
fn line(project: &Project, first: &str) -> Vec<String> {
    let said = project.vigie(&["--language", "en", "archive", "info", "."]);
    let found = said.expect(0).out.lines().find(|l| l.split('\t').next() == Some(first)).map(str::to_owned);
    let found = found.unwrap_or_else(|| panic!("no line `{first}`\n{}", said.whole()));
    found.split('\t').map(str::to_owned).collect()
}

fn exported(project: &Project, format: &str) -> String {
    project.vigie(&["archive", "export", ".", "--to", "out", "--format", format]).expect(0);
    std::fs::read_to_string(project.dir().join("out/mentions.").with_file_name(format!("mentions.{format}"))).unwrap()
}

#[test]
fn info_says_what_is_there_in_both_languages() {
    let project = collected();
    assert_eq!(line(&project, "mentions/1")[1..5], ["2", "60", "61", "2"], "version, rows, stored rows, files");
    let cursor = line(&project, "good");
    assert_eq!((cursor[1].as_str(), cursor[3].as_str()), ("mentions/1", "goes on"));
    let said = project.vigie(&["--language", "en", "archive", "info", "."]);
    assert!(said.out.contains("good\tfile 0.1.0\t121\t61\t60\t1\t1\t"), "{}", said.out);
    let said = project.vigie(&["--language", "fr", "archive", "info", "."]);
    assert!(said.expect(0).out.contains("lignes enregistrées") && said.out.contains("quarantaine"), "{}", said.out);
    // An archive that is none yet is empty, and is not made by looking.
    let project = Project::with_good_source("");
    project.vigie(&["archive", "info", "."]).expect(0);
    assert!(!project.dir().join("archive").exists());
}

#[test]
fn compaction_leaves_the_report_as_it_was() {
    let project = collected();
    project.vigie(&["report", "."]).expect(0);
    let (before, rows) = (project.report(), exported(&project, "ndjson"));
    let said = project.vigie(&["--language", "en", "archive", "compact", "."]);
    said.expect(0).says(&["mentions: 2 files → 2, 61 rows → 60, 0 files deleted"]);
    assert_eq!(exported(&project, "ndjson"), rows);
    project.vigie(&["report", "."]).expect(0);
    let after = project.report();
    for part in ["quantities", "ledger", "sections", "findings"] {
        assert_eq!(after[part], before[part], "{part}");
    }
    project.vigie(&["--language", "fr", "archive", "compact", "."]).expect(0).says(&["60 lignes → 60"]);
    project.vigie(&["collect", "."]).expect(0);
    assert_eq!(line(&project, "mentions/1")[2..4], ["60", "60"]);
    // The version of the first report can still be taken out.
    let version = before["manifest"]["archive"].as_str().unwrap();
    let arguments =
        ["archive", "export", ".", "--to", "old", "--format", "ndjson", "--table", "mentions", "--version", version];
    project.vigie(&arguments).expect(0);
    assert_eq!(std::fs::read_to_string(project.dir().join("old/mentions.ndjson")).unwrap(), rows);
    let said = project.vigie(&[
        "--language",
        "en",
        "archive",
        "export",
        ".",
        "--to",
        "old",
        "--table",
        "mentions",
        "--version",
        "99",
    ]);
    said.expect(1).says(&["version 99", "vigie archive info"]);
}

#[test]
fn what_was_exported_comes_in_again_and_once() {
    let project = collected();
    for format in ["csv", "ndjson"] {
        exported(&project, format);
        let other = Project::with_good_source("");
        let from = project.dir().join("out").join(format!("mentions.{format}"));
        let import = ["--language", "en", "archive", "import", ".", "--from", from.to_str().unwrap()];
        other.vigie(&import).expect(0).says(&["mentions: 60 rows read, 60 added, 0 updated, 0 rejected"]);
        other.vigie(&import).expect(0).says(&["60 rows read, 0 added, 0 updated"]);
        assert_eq!(exported(&other, "ndjson"), exported(&project, "ndjson"));
    }
    // A whole project, into one that knows some of its rows.
    let other = Project::with_good_source("");
    other.write("author.key", std::fs::read_to_string(project.dir().join("archive/author.key")).unwrap());
    other.vigie(&["collect", "."]).expect(0);
    let from = project.dir();
    let import = ["--language", "fr", "archive", "import", ".", "--from", from.to_str().unwrap()];
    other.vigie(&import).expect(0).says(&["60 lignes lues, 0 ajoutées, 0 mises à jour, 0 rejetées"]);
    let said = other.vigie(&["--language", "fr", "archive", "import", ".", "--from", "data"]);
    said.expect(1).says(&["ni archive, ni fichiers"]);
}

#[test]
fn a_spreadsheet_gets_no_formula() {
    let project = Project::brands(&csv_source("good", "data/good.csv", ""));
    project.write(
        "data/good.csv",
        format!("{HEAD}a,2026-03-02 10:00,u,\"=HYPERLINK(\"\"x\"\") Alto\"\nb,2026-03-02 10:00,u,@alto\n"),
    );
    project.vigie(&["collect", "."]).expect(0);
    let text = exported(&project, "csv");
    assert!(text.contains("'=HYPERLINK") && text.contains(",'@alto,"), "{text}");
    assert!(!text.contains(",@alto") && !text.contains("\"=HYPER"), "{text}");
    let line: Value = serde_json::from_str(exported(&project, "ndjson").lines().next().unwrap()).unwrap();
    assert_eq!(line["text"], "=HYPERLINK(\"x\") Alto");
}

#[test]
fn a_reset_source_is_read_again_and_nothing_is_doubled() {
    let project = Project::with_good_source("");
    let reset = |language: &str| project.vigie(&["--language", language, "collect", ".", "--reset-state", "good"]);
    reset("en").expect(0).says(&["nothing was collected yet"]);
    project.vigie(&["collect", "."]).expect(0);
    project.vigie(&["--language", "en", "collect", "."]).expect(0).says(&["good: 0 read"]);
    reset("fr").expect(0).says(&["depuis le début"]);
    assert_eq!(line(&project, "good")[3], "from the beginning");
    project.vigie(&["--language", "en", "collect", "."]).expect(0).says(&["good: 60 read, 0 kept, 60 duplicates"]);
    assert_eq!(line(&project, "mentions/1")[2..4], ["60", "60"]);
    let said = project.vigie(&["--language", "fr", "collect", ".", "--reset-state", "goood"]);
    said.expect(2).says(&["aucune source ne s'appelle `goood`", "`good`"]);
}

#[test]
fn another_query_is_another_slot() {
    let project = Project::with_good_source("");
    project.vigie(&["collect", "."]).expect(0);
    let settings = std::fs::read_to_string(project.dir().join("vigie.toml")).unwrap();
    // Another zone is another reading; the rows are the same things at other times.
    project.write("vigie.toml", settings.replace("timezone = \"America/Toronto\"\ndate", "timezone = \"UTC\"\ndate"));
    let said = project.vigie(&["--language", "en", "collect", "."]);
    said.expect(0).says(&["good: 60 read, 60 kept, 0 duplicates"]);
    assert_eq!(line(&project, "mentions/1")[2..4], ["60", "120"]);
    project.write("vigie.toml", settings);
    project.vigie(&["--language", "en", "collect", "."]).expect(0).says(&["good: 0 read"]);
}

#[test]
fn what_a_place_does_not_allow_is_not_kept_or_does_not_leave() {
    for (class, in_archive) in [("ids_only", false), ("aggregate_only", true)] {
        let table = csv_source("good", "data/good.csv", "");
        let project =
            Project::brands(&table.replace("kind = \"post\"", &format!("kind = \"post\"\nretention = \"{class}\"")));
        project.write("data/good.csv", good_rows(60));
        project.vigie(&["run", "."]).expect(0);
        for format in ["csv", "ndjson"] {
            let text = exported(&project, format);
            assert!(!text.contains("dossier") && text.contains("id_only"), "{class}\n{text}");
        }
        // A text that may be counted is read for the report; one that may not be kept cannot be.
        let about = |p: &Project| p.report()["quantities"].to_string();
        let same = Project::with_good_source("");
        same.vigie(&["run", "."]).expect(0);
        assert_eq!(about(&project) == about(&same), in_archive, "{class}");
        // Once read, twice known.
        project.vigie(&["--language", "en", "collect", ".", "--reset-state", "good"]).expect(0);
        project.vigie(&["--language", "en", "collect", "."]).expect(0).says(&["60 read, 0 kept, 60 duplicates"]);
    }
}

#[test]
fn rows_whose_time_is_over_go_before_a_report_is_made() {
    let table = csv_source("good", "data/good.csv", "");
    let project = Project::brands(&table.replace("kind = \"post\"", "kind = \"post\"\nretention = \"refresh_30d\""));
    project.write("data/good.csv", good_rows(60));
    project.vigie(&["collect", "."]).expect(0);
    // The same rows as a machine read them forty days ago: of no use any more.
    let old: String = exported(&project, "ndjson")
        .lines()
        .map(|line| {
            let mut row: Value = serde_json::from_str(line).unwrap();
            let read: jiff::Timestamp = row["collected_at"].as_str().unwrap().parse().unwrap();
            row["collected_at"] = Value::from((read - jiff::SignedDuration::from_hours(24 * 40)).to_string());
            format!("{row}\n")
        })
        .collect();
    let other = Project::brands(&csv_source("good", "data/none.csv", ""));
    other.write("data/none.csv", HEAD);
    other.write("mentions.ndjson", old);
    other.vigie(&["archive", "import", ".", "--from", "mentions.ndjson"]).expect(0);
    assert_eq!(line(&other, "mentions/1")[2..4], ["0", "0"]);
    assert_eq!(line(&project, "mentions/1")[2..4], ["60", "60"]);
}
