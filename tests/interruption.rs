//! Killing a collection at any moment loses nothing and doubles nothing.
//!
//! The moments are drawn from a fixed seed: so many files more in the archive, then so many microseconds. A busy machine
//! does not move them to the end. What the interrupted archives hold is compared with one that was never interrupted.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]
#![allow(clippy::format_push_string, reason = "small texts, written to be read")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use workshop::{HEAD, Project, csv_source, json, row};

/// Sources of the project, each with a commit of its own, of [`FILES`] files.
const SOURCES: u32 = 10;
/// Files of a source.
const FILES: u32 = 2;
/// Rows of a file; about one in a hundred has no date, and every file repeats some rows of the one before.
const ROWS: u32 = 3_000;
/// Archives made, and kills of each.
const TRIALS: u32 = 5;
const KILLS: u32 = 8;

/// A small generator of numbers that only need to look unordered (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

fn project() -> Project {
    let mut tables = String::new();
    for source in 0..SOURCES {
        tables.push_str(&csv_source(&format!("s{source}"), &format!("data/s{source}-*.csv"), ""));
    }
    let project = Project::brands(&tables);
    for source in 0..SOURCES {
        for file in 0..FILES {
            let mut rows = HEAD.to_owned();
            for i in 0..ROWS {
                let number = source * FILES * ROWS + file * (ROWS - 50) + i;
                let line = row("k", number, 2 + number % 2);
                rows.push_str(&if number % 101 == 7 { line.replace(",2026-", ",on ") } else { line });
            }
            project.write(&format!("data/s{source}-{file}.csv"), rows);
        }
    }
    project
}

/// What an archive and the report made from it say; nothing of it may depend on interruptions.
#[derive(Debug, PartialEq)]
struct Result {
    ledger: Value,
    quantities: Value,
    figures: BTreeMap<String, String>,
    /// Rows the table's log names.
    rows: u64,
    /// Where the rejected rows stood, each once.
    quarantine: BTreeSet<String>,
}

/// Collects what is left, makes the report, and reads all of it back.
fn result(project: &Project) -> Result {
    // 3 when this run still met a rejected row, 0 when there was nothing left to read.
    let said = project.vigie(&["run", "."]);
    assert!(matches!(said.status, Some(0 | 3)), "{}", said.whole());
    let report = project.report();
    let folder = project.report_folder().join("figures");
    let mut figures = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "csv") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            figures.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    assert!(!figures.is_empty());
    let places = (0..SOURCES).flat_map(|s| {
        let kept = project.quarantine(&format!("s{s}"));
        kept.into_iter().map(move |q| format!("s{s} {}", q["place"].as_str().unwrap()))
    });
    Result {
        ledger: report["ledger"].clone(),
        quantities: report["quantities"].clone(),
        figures,
        rows: rows_of_log(&project.dir().join("archive/mentions/_delta_log")),
        quarantine: places.collect(),
    }
}

/// Rows that the commits of a Delta table add, by their own statistics.
fn rows_of_log(log: &Path) -> u64 {
    let mut rows = 0;
    for entry in std::fs::read_dir(log).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let action: Value = serde_json::from_str(line).unwrap();
            assert!(action["remove"].is_null(), "an archive only grows: {line}");
            let Some(statistics) = action["add"]["stats"].as_str() else { continue };
            let statistics: Value = serde_json::from_str(statistics).unwrap();
            rows += statistics["numRecords"].as_u64().unwrap();
        }
    }
    rows
}

/// Starts a collection and kills it `wait` after it has put `files` more files into the archive. False when it ended
/// by itself before.
fn kill_after(project: &Project, files: usize, wait: Duration) -> bool {
    let archive = project.dir().join("archive");
    let wanted = count_files(&archive) + files;
    let mut child = project.start(&["--quiet", "collect", "."]);
    while count_files(&archive) < wanted && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(wait);
    let early = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    early
}

fn count_files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().map(|e| if e.path().is_dir() { count_files(&e.path()) } else { 1 }).sum()
}

fn kept(ledger: &Value) -> u64 {
    ledger.as_array().unwrap().iter().map(|l| l["rows"]["kept"].as_u64().unwrap()).sum()
}

#[test]
fn forty_kills_lose_nothing_and_double_nothing() {
    let whole = project();
    let expected = result(&whole);
    let total = u64::from(SOURCES * FILES * ROWS);
    let counted =
        |key: &str| expected.ledger.as_array().unwrap().iter().map(|l| l["rows"][key].as_u64().unwrap()).sum::<u64>();
    assert_eq!((counted("read"), expected.rows), (total, kept(&expected.ledger)));
    assert!(counted("duplicates") >= u64::from(SOURCES) * 40 && counted("rejected") >= total / 120);
    assert_eq!(expected.quarantine.len() as u64, counted("rejected"));

    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut stopped_early = 0;
    for trial in 0..TRIALS {
        let project = project();
        for kill in 0..KILLS {
            let files = dice.below(6) as usize;
            let wait = Duration::from_micros(dice.below(25_000));
            stopped_early += u32::from(kill_after(&project, files, wait));
            assert_eq!(project.orphans(), Vec::<String>::new(), "trial {trial}, kill {kill}");
        }
        let found = result(&project);
        assert_eq!(found.rows, kept(&found.ledger), "trial {trial}: rows of the table and of the ledger");
        assert_eq!(found.ledger, expected.ledger, "trial {trial}");
        assert_eq!(found.quarantine, expected.quarantine, "trial {trial}");
        assert!(found == expected, "trial {trial}: figures or quantities differ");
    }
    assert!(stopped_early >= 30, "only {stopped_early} of {} kills came before the end", TRIALS * KILLS);
}

#[test]
fn a_reading_goes_on_inside_a_file_after_its_first_commit() {
    const MANY: u32 = 560_000;
    let project = Project::brands(&csv_source("big", "data/big.csv", ""));
    let mut rows = HEAD.to_owned();
    (0..MANY).for_each(|i| rows.push_str(&format!("b{i},2026-03-{:02} 12:00,u{},Alto {i}\n", i % 28 + 1, i % 997)));
    project.write("data/big.csv", rows);
    let log = project.dir().join("archive/mentions/_delta_log");
    let mut child = project.start(&["--quiet", "collect", "."]);
    // Version 0 made the table; version 1 is the first commit with rows, in the middle of the file.
    while !log.join(format!("{:020}.json", 1)).exists() {
        assert!(child.try_wait().unwrap().is_none(), "the collection ended without a commit before its end");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let before = rows_of_log(&log);
    assert!((1..u64::from(MANY)).contains(&before), "{before} rows were committed");

    let said = project.vigie(&["--language", "en", "collect", "."]);
    said.expect(0).says(&[&format!("{} kept, 0 duplicates", u64::from(MANY) - before)]);
    let record = json(&project.dir().join("archive/sources/big.json"));
    assert_eq!(record["ledger"]["rows"]["kept"], MANY);
    assert_eq!(rows_of_log(&log), u64::from(MANY));
}

#[test]
fn two_first_runs_at_once_double_nothing() {
    for round in 0..10 {
        let tables: String = (0..3).map(|i| csv_source(&format!("s{i}"), &format!("data/s{i}.csv"), "")).collect();
        let project = Project::brands(&tables);
        for source in 0..3 {
            let rows: String = (0..200).map(|i| row(&format!("s{source}x"), i, 3)).collect();
            project.write(&format!("data/s{source}.csv"), format!("{HEAD}{rows}"));
        }
        let children = [(); 2].map(|()| project.start(&["--language", "en", "collect", "."]));
        let said = children.map(|child| workshop::Said::from(child.wait_with_output().unwrap()));
        for one in &said {
            assert!(one.status == Some(0) || one.err.contains("another vigie run"), "round {round}: {}", one.whole());
        }
        assert!(said.iter().any(|one| one.status == Some(0)), "round {round}: {}", said[0].whole());
        project.vigie(&["run", "."]).expect(0);
        assert_eq!(kept(&project.report()["ledger"]), 600, "round {round}");
        assert_eq!(rows_of_log(&project.dir().join("archive/mentions/_delta_log")), 600, "round {round}");
    }
}

#[test]
fn a_lost_cursor_reads_its_source_again_and_doubles_nothing() {
    let project = Project::with_good_source("");
    project.vigie(&["collect", "."]).expect(0);
    let cursors = project.dir().join("archive/cursors/good");
    for entry in std::fs::read_dir(&cursors).unwrap() {
        std::fs::write(entry.unwrap().path(), "torn").unwrap();
    }
    for (language, piece) in [("en", "delete the folder"), ("fr", "supprimez son dossier")] {
        project.vigie(&["--language", language, "collect", "."]).expect(1).says(&["cursors/good", piece]);
    }
    // What the message advises.
    std::fs::remove_dir_all(&cursors).unwrap();
    let said = project.vigie(&["--language", "en", "collect", "."]);
    said.expect(0).says(&["good: 60 read, 0 kept, 60 duplicates"]);
    project.vigie(&["--language", "en", "collect", "."]).expect(0).says(&["good: 0 read"]);
    assert_eq!(rows_of_log(&project.dir().join("archive/mentions/_delta_log")), 60);
}

#[test]
fn a_report_that_is_killed_leaves_the_earlier_one_whole() {
    let project = Project::with_good_source("");
    project.vigie(&["collect", "."]).expect(0);
    let started = Instant::now();
    project.vigie(&["report", "."]).expect(0);
    let took = started.elapsed().as_micros() as u64;
    let before = project.report();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for kill in 0..10 {
        let mut child = project.start(&["--quiet", "report", "."]);
        std::thread::sleep(Duration::from_micros(dice.below(took)));
        child.kill().unwrap();
        child.wait().unwrap();
        project.documents();
        assert!(project.report() == before, "kill {kill}");
    }
    project.vigie(&["report", "."]).expect(0);
    project.documents();
    let folders = std::fs::read_dir(project.dir().join("reports")).unwrap().count();
    assert_eq!(folders, 1, "drafts of killed runs are cleared away");
}

#[test]
fn a_second_run_finds_the_archive_locked() {
    // A plugin that keeps silent holds the first run, and the archive, for as long as the test needs.
    let project = Project::brands("\n[[source]]\nid = \"slow\"\nplugin = \"bad\"\n");
    project.bad_plugin("hang", 0, "");

    let mut first = project.start(&["collect", "."]);
    let started = Instant::now();
    while !project.plugin_runs() {
        assert!(started.elapsed() < Duration::from_mins(1), "the plugin never started");
        std::thread::sleep(Duration::from_millis(10));
    }
    let second = [
        project.vigie(&["--language", "en", "collect", "."]),
        project.vigie(&["--language", "fr", "collect", "."]),
        project.vigie(&["--language", "en", "run", "."]),
    ];
    assert!(first.try_wait().unwrap().is_none(), "the first run ended before the second");
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(project.orphans(), Vec::<String>::new(), "the plugin outlives its host");

    second[0].expect(1).says(&["another vigie run is writing to", "lock", "wait for it to end"]);
    second[2].expect(1).says(&["another vigie run is writing to"]);
    assert!(!project.report_folder().exists(), "no report is made of an archive that could not be brought up to date");
    // The lock of a run that was killed is not in the way.
    let mut third = project.start(&["collect", "."]);
    while !project.plugin_runs() && third.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(project.plugin_runs(), "a third run could not take the lock");
    third.kill().unwrap();
    third.wait().unwrap();
    second[1].expect(1);
    assert!(!second[1].err.contains("another vigie run"), "French was asked for: {}", second[1].whole());
}
