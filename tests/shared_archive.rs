//! An archive in a bucket, on a real server that speaks S3: two machines collect into it, one reports from it.
//!
//! Runs where the server of moto is found (`VIGIE_PYTHON`, else `python3`, with `moto[server]`); elsewhere it says that
//! it did not.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]
#![allow(clippy::print_stderr, reason = "a suite that did not run says so")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use workshop::{HEAD, Project, Said, csv_source, good_rows, row};

/// A server with the bucket `clients`, stopped at the end.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start() -> Option<Self> {
        let python = std::env::var("VIGIE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(&python);
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shared_archive/server.py"));
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let not_run = || eprintln!("not run: `{python}` has no moto; VIGIE_PYTHON names a Python with `moto[server]`");
        let Ok(process) = command.spawn() else {
            not_run();
            return None;
        };
        let mut server = Self { process, port };
        let started = Instant::now();
        while !server.ask("PUT /clients") {
            if matches!(server.process.try_wait(), Ok(Some(_))) {
                not_run();
                return None;
            }
            assert!(started.elapsed() < Duration::from_mins(1), "the server never answered");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(server)
    }

    /// Whether the server does what it is asked.
    fn ask(&self, request: &str) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        let request =
            format!("{request} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let mut answer = String::new();
        let said = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_string(&mut answer));
        said.is_ok() && answer.starts_with("HTTP/1.1 200")
    }

    /// The program on a machine that knows the server.
    fn vigie(&self, machine: &Project, arguments: &[&str]) -> Said {
        ended(self.command(machine, arguments).output().unwrap())
    }

    fn command(&self, machine: &Project, arguments: &[&str]) -> Command {
        let mut command = machine.command(arguments);
        command
            .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port))
            .env("AWS_ALLOW_HTTP", "true")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "an-id")
            .env("AWS_SECRET_ACCESS_KEY", "SECRET-OF-THE-STORE");
        command
    }
}

/// What the program said, in which the secret of the store never is.
fn ended(output: Output) -> Said {
    let said = Said::from(output);
    assert!(!said.whole().contains("SECRET-OF-THE-STORE"), "{}", said.whole());
    said
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A machine with the project; its archive is in the bucket.
fn machine(key: &str) -> Project {
    let project = machine_with("trial", "good", key);
    project.write("data/good.csv", good_rows(60));
    project
}

/// The same with another prefix in the bucket, and source `source` without files.
fn machine_with(prefix: &str, source: &str, key: &str) -> Project {
    let tables = format!("{}\n[archive]\nurl = \"s3://clients/{prefix}\"\n", csv_source(source, "data/*.csv", ""));
    let project = Project::brands(&tables);
    if !key.is_empty() {
        project.write("author.key", key);
    }
    project
}

const KEY: &str = "a key that every machine has";

#[test]
fn two_machines_share_an_archive_in_a_bucket() {
    let Some(server) = Server::start() else { return };
    let (one, two) = (machine(KEY), machine(KEY));
    let english = |machine: &Project, rest: &[&str]| server.vigie(machine, &[&["--language", "en"], rest].concat());

    english(&one, &["collect", "."]).expect(0).says(&["good: 60 read, 60 kept, 0 duplicates"]);
    assert!(!one.dir().join("archive/mentions").exists(), "tables are in the bucket only");
    english(&two, &["collect", "."]).expect(0).says(&["good: 0 read"]);
    two.write("data/more.csv", good_rows(80));
    english(&two, &["collect", "."]).expect(0).says(&["good: 80 read, 20 kept, 60 duplicates"]);

    english(&one, &["report", "."]).expect(0);
    one.documents();
    assert_eq!(one.ledger("good")["rows"]["kept"], 80, "the record of the other machine");
    english(&one, &["archive", "compact", "."]).expect(0).says(&["mentions: 2 files → 2, 80 rows → 80"]);
    let info = english(&two, &["archive", "info", "."]);
    assert!(info.expect(0).out.contains("s3://clients/trial") && info.out.contains("mentions/1\t"), "{}", info.out);
    english(&two, &["archive", "export", ".", "--to", "out", "--format", "ndjson"]).expect(0);
    let rows = std::fs::read_to_string(two.dir().join("out/mentions.ndjson")).unwrap();
    assert_eq!(rows.lines().count(), 80);
    english(&two, &["collect", ".", "--reset-state", "good"]).expect(0);
    english(&one, &["collect", "."]).expect(0).says(&["good: 60 read, 0 kept, 60 duplicates"]);
}

#[test]
fn keys_and_addresses_that_do_not_fit_are_refused() {
    let Some(server) = Server::start() else { return };
    server.vigie(&machine(KEY), &["collect", "."]).expect(0);
    for (key, language, piece) in [
        ("", "en", "put the same key"),
        ("", "fr", "mettez la même clé"),
        ("another key of another machine", "en", "is not the one that the archive"),
        ("another key of another machine", "fr", "n'est pas celle avec laquelle l'archive"),
    ] {
        server.vigie(&machine(key), &["--language", language, "collect", "."]).expect(1).says(&[piece]);
    }
    let elsewhere = machine(KEY);
    let settings = std::fs::read_to_string(elsewhere.dir().join("vigie.toml")).unwrap();
    elsewhere.write("vigie.toml", settings.replace("s3://clients/trial", "s3://nobodys/trial"));
    server.vigie(&elsewhere, &["--language", "en", "collect", "."]).expect(1).says(&["nobodys"]);
    elsewhere.write("vigie.toml", settings.replace("s3://clients", "https://key:secret@clients"));
    server.vigie(&elsewhere, &["--language", "fr", "check", "."]).expect(2).says(&["compartiment"]);
}

/// Rows `from` to `to`, all different.
fn rows(from: u32, to: u32) -> String {
    (from..to).fold(HEAD.to_owned(), |text, i| text + &row("g", i, 2 + i % 2))
}

/// Two machines collect at the same moment, from the first commit on: whoever is too late is told and comes again.
#[test]
fn two_machines_that_collect_at_once_lose_and_double_nothing() {
    let Some(server) = Server::start() else { return };
    let collect = ["--language", "en", "collect", "."];
    let mut too_late = 0;
    for (round, sources) in
        [["good", "good"], ["good", "better"], ["good", "good"], ["good", "better"]].iter().enumerate()
    {
        let machines = sources.map(|source| machine_with(&format!("race-{round}"), source, KEY));
        for step in 0..3 {
            // Each has rows of its own, and rows that the other has too.
            let first = step * 100;
            machines[0].write(&format!("data/one-{step}.csv"), rows(first, first + 60));
            machines[1].write(&format!("data/two-{step}.csv"), rows(first + 30, first + 90));
            let running = [0, 1].map(|i| server.command(&machines[i], &collect).spawn().unwrap());
            let said = running.map(|process| ended(process.wait_with_output().unwrap()));
            for (machine, said) in machines.iter().zip(&said) {
                if said.status != Some(0) {
                    too_late += 1;
                    said.expect(1).says(&["another machine", "run again"]);
                    server.vigie(machine, &collect).expect(0);
                }
            }
        }
        server.vigie(&machines[0], &["archive", "export", ".", "--to", "out", "--format", "ndjson"]).expect(0);
        let text = std::fs::read_to_string(machines[0].dir().join("out/mentions.ndjson")).unwrap();
        let mut ids: Vec<String> = text
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["native_id"].as_str().unwrap().to_owned()
            })
            .collect();
        ids.sort();
        let mut expected: Vec<String> =
            (0..3).flat_map(|s| (0..90).map(move |i| format!("g{}", s * 100 + i))).collect();
        expected.sort();
        assert_eq!(ids, expected, "round {round}");
        server.vigie(&machines[1], &collect).expect(0).says(&["0 kept"]);
    }
    eprintln!("{too_late} of 24 collections came too late and were told");
}
