//! Reads files through the real plugin in a real child and says how fast: `read_files CONFIG.json`.
//!
//! `CONFIG.json` holds the options of the plugin `file`; relative paths start at its folder.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::exit, reason = "a program for a person at a terminal")]

use std::path::PathBuf;
use std::time::Instant;

use serde_json::Value;
use vigie_plugin_host::{
    Batch, Level, Limits, Outcome, Reject, Request, SearchPath, Sink, SinkError, run_child_if_asked,
};

#[derive(Default)]
struct Count {
    text_bytes: usize,
    first_reject: Option<Reject>,
}

impl Sink for Count {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        self.text_bytes += batch.text("text").map_or(0, |t| t.bytes.len());
        Ok(())
    }

    fn checkpoint(&mut self, _state: Value) -> Result<(), SinkError> {
        Ok(())
    }

    fn reject(&mut self, reject: Reject) {
        self.first_reject.get_or_insert(reject);
    }

    fn log(&mut self, level: Level, text: &str) {
        println!("{level:?}: {text}");
    }

    fn progress(&mut self, _done: u64, _total: u64, _unit: &str) {}
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    run_child_if_asked();
    let file = PathBuf::from(std::env::args().nth(1).ok_or("which CONFIG.json?")?);
    let options: Value = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
    let mut search = SearchPath::standard(&[], None);
    // Cargo puts examples one folder below the libraries.
    search.beside_executable.extend(std::env::current_exe()?.ancestors().nth(2).map(|folder| folder.join("deps")));
    let plugin = search.find("file").map_err(|e| format!("{:?}", e.problems))?.plugin;
    let problems = plugin.validate(&options);
    if !problems.is_empty() {
        for problem in &problems {
            println!("[{}] {} {}", problem.code, problem.pointer, problem.message.en);
        }
        std::process::exit(2);
    }
    let mut config = plugin.spec.with_defaults(&options);
    plugin.spec.resolve_paths(&mut config, &std::path::absolute(file.parent().unwrap_or(&file))?);
    let mut count = Count::default();
    let started = Instant::now();
    let outcome = vigie_plugin_host::read(
        &plugin,
        &config,
        &Request::incremental("2026-11-22T05:00:00Z", None),
        &Limits::of(&plugin.manifest),
        &mut count,
    );
    let seconds = started.elapsed().as_secs_f64();
    let summary = outcome.summary();
    for warning in &summary.warnings {
        println!(
            "{}{}: {} / {}",
            warning.code,
            if warning.partial { " (partial)" } else { "" },
            warning.message.en,
            warning.message.fr
        );
    }
    println!("rejected: {} {:?}; first: {:?}", summary.rejected, summary.rejected_by_reason, count.first_reject);
    println!(
        "{} rows, {} bytes of text, {seconds:.2} s, {:.0} rows/s",
        summary.rows,
        count.text_bytes,
        summary.rows as f64 / seconds
    );
    if let Outcome::Failed(failure) = outcome {
        println!("{}: {} / {} {:?}", failure.code, failure.message.en, failure.message.fr, failure.hint);
        std::process::exit(3);
    }
    Ok(())
}
