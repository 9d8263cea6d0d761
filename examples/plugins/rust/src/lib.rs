//! A source in Rust: the entries of a guest book. One line of the book is one mention: time, author and text between
//! tabs. The state is the number of lines read.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use vigie_plugin::{
    Check, CheckStatus, Code, Context, Error, Mention, Output, Reject, Report, Request, Result, Source, Words,
    export_source, time,
};

/// Lines between two checkpoints; few, so that the small recordings show several.
const LINES: u64 = 4;

/// The options, as spec.json describes them. The host has made the path absolute.
#[derive(Deserialize)]
struct Config {
    path: PathBuf,
}

/// How far the last reading came.
#[derive(Serialize, Deserialize)]
struct State {
    lines: u64,
}

struct Guestbook {
    path: PathBuf,
}

impl Guestbook {
    fn book(&self) -> Result<BufReader<File>> {
        let file = File::open(&self.path).map_err(|error| {
            Error::new(Code::NotFound, format!("the guest book cannot be opened: {error}"))
                .french(format!("le livre d'or ne s'ouvre pas : {error}"))
                .option("/path")
                .hint("check the path", "vérifiez le chemin")
        })?;
        Ok(BufReader::new(file))
    }
}

impl Source for Guestbook {
    type Config = Config;
    type State = State;

    fn open(config: Config, _context: &Context) -> Result<Self> {
        Ok(Self { path: config.path })
    }

    fn check(&mut self, _context: &Context) -> Result<Report> {
        self.book()?;
        let message = Words::new("the guest book can be read", "le livre d'or est lisible");
        Ok(Report { checks: vec![Check { id: "book".into(), status: CheckStatus::Ok, message, hint: None }] })
    }

    fn read(&mut self, request: &Request<State>, output: &mut Output<State>, context: &Context) -> Result<()> {
        let mut book = self.book()?;
        let before = request.state.as_ref().map_or(0, |state| state.lines);
        let mut lines = 0;
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            book.read_until(b'\n', &mut bytes)?;
            if bytes.pop() != Some(b'\n') {
                // The end; or somebody is still writing, and the line waits for the next reading.
                break;
            }
            lines += 1;
            if lines <= before {
                continue;
            }
            if context.cancelled() {
                return Err(Error::new(Code::Cancelled, "asked to stop"));
            }
            let line = String::from_utf8_lossy(&bytes);
            let mut parts = line.trim_end_matches('\r').splitn(3, '\t');
            match (parts.next().and_then(time::parse), parts.next(), parts.next()) {
                (Some(published_at), Some(author), Some(text)) => output.mention(&Mention {
                    native_id: &format!("line-{lines}"),
                    platform: "guestbook",
                    kind: "review",
                    published_at,
                    author_name: Some(author),
                    text: Some(text),
                    ..Mention::default()
                })?,
                _ => output.reject(Reject {
                    table: "mentions/1".into(),
                    reason: "no_entry".into(),
                    raw: line.into_owned(),
                    ..Reject::default()
                })?,
            }
            if lines % LINES == 0 {
                output.checkpoint(&State { lines })?;
            }
        }
        output.checkpoint(&State { lines: lines.max(before) })
    }
}

export_source!(Guestbook, id = "guestbook", spec = include_str!("../spec.json"));
