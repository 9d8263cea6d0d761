//! Whatever happens to a collection (killed at any moment, a full disk, a folder that cannot be written, company),
//! the archive it leaves is the one of a quiet run, row for row, once it could go on.
//!
//! `VIGIE_KILLS` says how often to kill; without it, forty times.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]
#![allow(clippy::print_stderr, reason = "a suite that did not run says so")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use workshop::{HEAD, Project, Said, csv_source, row};

/// Sources, each with a commit of its own, and rows of each of their two files. The second file repeats some rows of
/// the first, one of them edited, and some rows have no date.
const SOURCES: u32 = 5;
const ROWS: u32 = 150;
/// Kills of one project before it may go on to its end.
const KILLS_EACH: u32 = 8;

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
    let tables: String = (0..SOURCES).map(|s| csv_source(&format!("s{s}"), &format!("data/s{s}-*.csv"), "")).collect();
    let project = Project::brands(&tables);
    project.write("author.key", "the same key in every archive of this test");
    for source in 0..SOURCES {
        for file in 0..2 {
            let mut rows = HEAD.to_owned();
            for i in 0..ROWS {
                let number = file * (ROWS - 20) + i;
                let line = row(&format!("s{source}x"), number, 2 + number % 2);
                let edited = file == 1 && i == 3;
                rows.push_str(&match (number % 50 == 7, edited) {
                    (true, _) => line.replace(",2026-", ",on "),
                    (_, true) => line.replace("dossier", "dossier, edited,"),
                    _ => line,
                });
            }
            project.write(&format!("data/s{source}-{file}.csv"), rows);
        }
    }
    project
}

/// Every mention of the archive without what depends on the run that brought it, sorted.
fn archived(project: &Project) -> Vec<String> {
    let folder = project.dir().join("exported");
    project.vigie(&["archive", "export", ".", "--to", "exported", "--format", "ndjson"]).expect(0);
    let mut rows: Vec<String> = std::fs::read_to_string(folder.join("mentions.ndjson"))
        .unwrap()
        .lines()
        .map(|line| {
            let mut row: Value = serde_json::from_str(line).unwrap();
            for column in ["batch_id", "first_seen_at", "collected_at"] {
                assert!(row.as_object_mut().unwrap().remove(column).is_some(), "{line}");
            }
            row.to_string()
        })
        .collect();
    rows.sort();
    rows
}

/// What a quiet run makes of the project, and how long it takes.
fn quiet() -> (Vec<String>, Duration) {
    let project = project();
    let started = Instant::now();
    project.vigie(&["--quiet", "collect", "."]).expect(3);
    let took = started.elapsed();
    let rows = archived(&project);
    assert!(rows.len() as u32 > SOURCES * ROWS && rows.iter().any(|r| r.contains("edited")));
    (rows, took)
}

/// Lets the project go on to its end and compares.
fn complete(project: &Project, expected: &[String], what: &str) {
    let said = project.vigie(&["--quiet", "collect", "."]);
    assert!(matches!(said.status, Some(0 | 3)), "{what}: {}", said.whole());
    let found = archived(project);
    let missing = expected.iter().filter(|r| !found.contains(r)).count();
    assert!(found == expected, "{what}: {} rows instead of {}, {missing} missing", found.len(), expected.len());
    assert_eq!(project.orphans(), Vec::<String>::new(), "{what}");
}

#[test]
fn killed_at_any_moment_it_ends_as_if_nothing_had_happened() {
    let (expected, took) = quiet();
    let kills: u32 = std::env::var("VIGIE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let (mut early, mut projects) = (0, 0);
    while projects * KILLS_EACH < kills {
        let project = project();
        for _ in 0..KILLS_EACH {
            let mut child = project.start(&["--quiet", "collect", "."]);
            std::thread::sleep(Duration::from_micros(dice.below(took.as_micros() as u64)));
            early += u32::from(child.try_wait().unwrap().is_none());
            child.kill().unwrap();
            child.wait().unwrap();
        }
        complete(&project, &expected, &format!("project {projects}"));
        projects += 1;
    }
    eprintln!("{} kills, {early} of them before the end, over {} ms", projects * KILLS_EACH, took.as_millis());
    assert!(early * 2 > kills, "only {early} of {kills} kills came before the end");
}

/// Runs a shell command in the project's folder with `VIGIE` as the program.
fn shell(project: &Project, script: &str) -> Said {
    let vigie = project.command(&[]);
    let mut shell = Command::new("sh");
    for (name, value) in vigie.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    let shell = shell.env("VIGIE", env!("CARGO_BIN_EXE_vigie")).args(["-c", script]).current_dir(project.dir());
    Said::from(shell.stdin(Stdio::null()).output().unwrap())
}

#[test]
fn files_that_cannot_grow_stop_it_with_a_message_and_cost_nothing() {
    let (expected, _) = quiet();
    let project = project();
    let mut stopped = 0;
    for blocks in [0, 1, 2, 4, 6, 8, 12, 16, 24, 32] {
        // The signal is ignored, so that the write fails as it does on a full disk.
        let said =
            shell(&project, &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$VIGIE\" --language en collect ."));
        assert!(matches!(said.status, Some(0 | 1 | 3)), "{blocks}: {}", said.whole());
        if said.status == Some(1) {
            assert!(said.err.contains("[A001]") && said.err.contains("archive"), "{blocks}: {}", said.whole());
            stopped += 1;
        }
    }
    assert!(stopped >= 4, "only {stopped} runs met the limit");
    complete(&project, &expected, "after the limits");
}

/// A folder on a file system of its own, unmounted at the end. Only root can make one.
struct Mounted(std::path::PathBuf);

impl Mounted {
    fn new(folder: std::path::PathBuf, arguments: &[&str]) -> Option<Self> {
        std::fs::create_dir_all(&folder).unwrap();
        let done = Command::new("mount").args(arguments).arg(&folder).output();
        done.is_ok_and(|o| o.status.success()).then_some(Self(folder))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}

#[test]
fn a_full_disk_stops_it_with_a_message_and_costs_nothing() {
    let (expected, _) = quiet();
    let mut stopped = 0;
    for kilobytes in [16, 40, 64, 96, 128, 192] {
        let project = project();
        let size = format!("size={kilobytes}k");
        let folder = project.dir().join("archive");
        let Some(mounted) = Mounted::new(folder.clone(), &["-t", "tmpfs", "-o", &size, "tmpfs"]) else {
            eprintln!("not run: no small file system can be mounted here (that takes root)");
            return;
        };
        let said = project.vigie(&["--language", "fr", "collect", "."]);
        assert!(matches!(said.status, Some(1 | 3)), "{kilobytes} kB: {}", said.whole());
        if said.status == Some(1) {
            assert!(said.err.contains("erreur[A001]"), "{kilobytes} kB: {}", said.whole());
            stopped += 1;
        }
        let grown = Command::new("mount").args(["-o", "remount,size=64m"]).arg(&folder).output().unwrap();
        assert!(grown.status.success());
        complete(&project, &expected, &format!("{kilobytes} kB"));
        drop(mounted);
    }
    assert!(stopped >= 3, "only {stopped} runs met a full disk");
}

#[test]
fn an_archive_that_cannot_be_written_can_be_read() {
    let (expected, _) = quiet();
    let project = project();
    for source in 1..SOURCES {
        std::fs::rename(project.dir().join(format!("data/s{source}-1.csv")), project.dir().join(format!("{source}")))
            .unwrap();
    }
    project.vigie(&["--quiet", "collect", "."]).expect(3);
    for source in 1..SOURCES {
        std::fs::rename(project.dir().join(format!("{source}")), project.dir().join(format!("data/s{source}-1.csv")))
            .unwrap();
    }
    let folder = project.dir().join("archive");
    let source = folder.to_string_lossy().into_owned();
    let Some(mounted) = Mounted::new(folder.clone(), &["--bind", &source]) else {
        eprintln!("not run: no folder can be mounted for reading only here (that takes root)");
        return;
    };
    let sealed = Command::new("mount").args(["-o", "remount,bind,ro"]).arg(&folder).output().unwrap();
    assert!(sealed.status.success(), "{}", String::from_utf8_lossy(&sealed.stderr));
    for (language, piece) in [("en", "archive"), ("fr", "inutilisable")] {
        project.vigie(&["--language", language, "collect", "."]).expect(1).says(&["A001", piece, "lock"]);
    }
    let before = archived(&project);
    assert!(before.len() < expected.len());
    assert!(matches!(project.vigie(&["report", "."]).status, Some(0 | 3)), "a report only reads");
    project.documents();
    project.vigie(&["archive", "info", "."]).expect(0);
    drop(mounted);
    complete(&project, &expected, "writable again");
}

#[test]
fn readers_see_whole_versions_while_others_collect_and_compact() {
    let project = Project::brands(&csv_source("s", "data/*.csv", ""));
    let done = AtomicBool::new(false);
    let file = |n: u32| {
        // Each file repeats half of the one before, one row of it edited.
        let rows: String = (0..60).map(|i| row("r", n * 30 + i, 3)).collect();
        let last = format!("r{},2026-", n * 30 + 5);
        let edited = |line: &str| {
            if line.starts_with(&last) { line.replace("dossier", "dossier again") } else { line.to_owned() }
        };
        let rows: Vec<String> = rows.lines().map(edited).collect();
        format!("{HEAD}{}\n", rows.join("\n"))
    };
    project.write("data/00.csv", file(0));
    project.vigie(&["--quiet", "collect", "."]).expect(0);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 1..12 {
                project.write(&format!("data/{n:02}.csv"), file(n));
                // The other writer may hold the archive: that is said, and tried again.
                loop {
                    let said = project.vigie(&["--language", "en", "collect", "."]);
                    if said.status == Some(0) {
                        break;
                    }
                    said.expect(1).says(&["another vigie run"]);
                }
            }
        });
        let compacter = scope.spawn(|| {
            let mut compacted = 0;
            while !done.load(Ordering::Relaxed) {
                let said = project.vigie(&["--language", "en", "archive", "compact", "."]);
                if said.status == Some(0) {
                    compacted += 1;
                } else {
                    said.expect(1).says(&["another vigie run"]);
                }
            }
            compacted
        });
        let reader = scope.spawn(|| {
            let (mut reads, mut last) = (0, 0);
            while !done.load(Ordering::Relaxed) {
                let rows = archived(&project);
                assert!(rows.len() >= last && rows.len() % 30 == 0, "{} rows after {last}", rows.len());
                (reads, last) = (reads + 1, rows.len());
            }
            reads
        });
        writer.join().unwrap();
        done.store(true, Ordering::Relaxed);
        let (compacted, reads) = (compacter.join().unwrap(), reader.join().unwrap());
        assert!(compacted >= 2 && reads >= 2, "{compacted} compactions, {reads} reads");
    });
    let rows = archived(&project);
    assert_eq!(rows.len(), 30 * 13);
    assert_eq!(rows.iter().filter(|r| r.contains("dossier again")).count(), 12);
}
