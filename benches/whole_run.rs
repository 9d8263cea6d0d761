//! The whole run as a user pays for it: the real program on whole projects, as child processes.
//!
//! `cargo bench --bench whole_run` measures the example of the repository. With `VIGIE_DATA` set to a folder that holds
//! `airlines-us-2015/Tweets.csv.gz` it also measures that file multiplied to a million rows (`-- --rows 100000` for
//! fewer): new ids, times moved within their day, same texts. `-- --keep FOLDER` leaves the multiplied file there, for
//! other programs to be measured on it.
//!
//! Times are wall time. CPU is the program's and its plugins'. Memory is the highest resident size that the system
//! recorded for the program and for a plugin, and the highest sum of both that was seen every few milliseconds.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints a table, and stops when it cannot run"
)]

#[path = "whole_run/multiply.rs"]
mod multiply;
#[path = "whole_run/watch.rs"]
mod watch;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use watch::{Cost, watch};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| arguments.iter().position(|a| a == name).and_then(|i| arguments.get(i + 1));
    let rows: u64 = value("--rows").map_or(1_000_000, |n| n.replace('_', "").parse().expect("--rows wants a number"));
    let room = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");

    println!("| project | stage | rows | s | rows/s | CPU s | program MiB | plugin MiB | together MiB |");
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|");
    measure("nordet", &copy(&examples.join("nordet"), room.path()), None);
    let Some(data) = std::env::var_os("VIGIE_DATA").map(PathBuf::from) else {
        println!("\nVIGIE_DATA is not set: the airlines were not measured.");
        return;
    };
    let kept = value("--keep").map_or_else(|| room.path().join("data"), PathBuf::from);
    let file = Path::new("airlines-us-2015/Tweets.csv.gz");
    let made = multiply::multiply(&data.join(file), &kept.join(file), rows);
    let name = format!("airlines × {:.0}", made.rows as f64 / made.original as f64);
    measure(&name, &copy(&examples.join("us-airlines"), room.path()), Some(&kept));
}

/// A copy of an example without what earlier runs left in it.
fn copy(example: &Path, room: &Path) -> PathBuf {
    let target = room.join(example.file_name().unwrap());
    copy_folder(example, &target);
    target
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name == "archive" || name == "reports" || name == "generator" {
            continue;
        }
        let target = to.join(&name);
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Collects and reports, and prints a line for each and for the stages of the report.
fn measure(name: &str, project: &Path, data: Option<&Path>) {
    let collect = vigie("collect", project, data);
    let read: u64 = collect.events("source").filter_map(|e| e["rows"]["read"].as_u64()).sum();
    let first = vigie("report", project, data);
    // The second report finds the files in memory, as the first finds what the collection has just written.
    let again = vigie("report", project, data);
    let report = if again.cost.wall < first.cost.wall { again } else { first };
    let event = report.events("report").next().unwrap_or_else(|| panic!("no report: {}", report.err)).clone();
    line(name, "**collect**", read, &collect.cost);
    for (stage, rows, seconds) in stages(&event) {
        let speed = if rows > 0 { format!("{:.0}", rows as f64 / seconds) } else { "–".to_owned() };
        let rows = if rows > 0 { rows.to_string() } else { "–".to_owned() };
        println!("| {name} | {stage} | {rows} | {seconds:.2} | {speed} | | | | |");
    }
    line(name, "**report**", read, &report.cost);
    let mut both = collect.cost.clone();
    both.add(&report.cost);
    line(name, "**collect and report**", read, &both);
}

/// Name, rows and seconds of each stage, in order of first appearance; those done once per edition are added up.
fn stages(event: &Value) -> Vec<(String, u64, f64)> {
    let mut stages: Vec<(String, u64, f64)> = Vec::new();
    for stage in event["stages"].as_array().unwrap() {
        let name = stage["stage"].as_str().unwrap();
        let (rows, seconds) = (stage["rows"].as_u64().unwrap(), stage["seconds"].as_f64().unwrap());
        match stages.iter_mut().find(|s| s.0 == name) {
            Some(known) => (known.1, known.2) = (known.1 + rows, known.2 + seconds),
            None => stages.push((name.to_owned(), rows, seconds)),
        }
    }
    stages
}

fn line(project: &str, stage: &str, rows: u64, cost: &Cost) {
    let seconds = cost.wall.as_secs_f64();
    let mut text = format!("| {project} | {stage} | {rows} | {seconds:.2} | {:.0} |", rows as f64 / seconds);
    match cost.cpu {
        Some(cpu) => write!(text, " {:.2} |", cpu.as_secs_f64()).unwrap(),
        None => text.push_str(" – |"),
    }
    for bytes in [cost.program, cost.plugin, cost.together] {
        match bytes {
            Some(bytes) => write!(text, " {} |", bytes >> 20).unwrap(),
            None => text.push_str(" – |"),
        }
    }
    println!("{text}");
}

/// What the program said and took.
struct Run {
    cost: Cost,
    err: String,
}

impl Run {
    fn events<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Value> + 'a {
        let lines = self.err.lines().filter_map(|l| serde_json::from_str::<Value>(l).ok());
        lines.filter(move |l| l["event"] == name)
    }
}

fn vigie(command: &str, project: &Path, data: Option<&Path>) -> Run {
    let log = project.join("log.json");
    let mut vigie = Command::new(env!("CARGO_BIN_EXE_vigie"));
    vigie
        .args(["--log-format", "json", command])
        .arg(project)
        .stdout(std::process::Stdio::null())
        .stderr(std::fs::File::create(&log).unwrap());
    if let Some(data) = data {
        vigie.env("VIGIE_DATA", data);
    }
    let (status, cost) = watch(&mut vigie);
    let err = std::fs::read_to_string(&log).unwrap();
    assert!(matches!(status.code(), Some(0 | 3)), "{command} {}: {status}\n{err}", project.display());
    Run { cost, err }
}
