//! What a process for each source costs: `cargo run --release -p vigie-plugin-host --example million_rows [ROWS]`.
//!
//! Compiles `benches/plugins/million.c` and measures, in CPU of this program and its children: starting a runner; a
//! reading whose rows are taken, validated and dropped inside the runner, as a host without processes would do; the
//! same reading through frames and the pipe.
#![allow(clippy::print_stdout, reason = "a program for a person at a terminal")]

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};
use vigie_plugin_host::manifest::platform;
use vigie_plugin_host::{
    Batch, Drill, Level, Limits, Outcome, Reject, Request, Runner, Sink, SinkError, at_work, run_child_if_asked,
};

/// Runners started for the first figure.
const STARTS: u32 = 50;
/// Ticks of the system's clock in a second.
const TICKS: f64 = 100.0;

#[derive(Default)]
struct Count {
    rows: u64,
    bytes: usize,
}

impl Sink for Count {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        self.rows += batch.rows as u64;
        self.bytes += batch.columns.iter().filter_map(|c| batch.text(&c.name)).map(|t| t.bytes.len()).sum::<usize>();
        Ok(())
    }

    fn checkpoint(&mut self, _state: Value) -> Result<(), SinkError> {
        Ok(())
    }

    fn reject(&mut self, _reject: Reject) {}

    fn log(&mut self, level: Level, text: &str) {
        println!("{level:?}: {text}");
    }

    fn progress(&mut self, _done: u64, _total: u64, _unit: &str) {}
}

/// CPU seconds of this program and of its children that have ended.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(4).filter_map(|f| f.parse::<f64>().ok()).sum::<f64>() / TICKS
}

fn measured<T>(what: impl FnOnce() -> T) -> (T, f64, f64) {
    let (cpu_before, started) = (cpu(), Instant::now());
    let result = what();
    (result, cpu() - cpu_before, started.elapsed().as_secs_f64())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    run_child_if_asked();
    let rows: u64 = std::env::args().nth(1).map_or(Ok(1_000_000), |n| n.parse())?;
    let folder = tempfile::tempdir()?;
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let compiled = Command::new("cc")
        .args(["-std=c99", "-O2", "-shared", "-fPIC", "-I"])
        .arg(repository.join("crates/vigie-plugin/include"))
        .arg("-o")
        .arg(folder.path().join("million.so"))
        .arg(repository.join("benches/plugins/million.c"))
        .status()?;
    if !compiled.success() {
        return Err("million.c does not compile".into());
    }
    let manifest = format!(
        "manifest = 1\nid = \"million\"\nversion = \"1.0.0\"\nkinds = [\"source\"]\nabi = {{ major = 0, minor = 0 }}\n\
         name = {{ en = \"Million\", fr = \"Million\" }}\ndescription = {{ en = \"rows\", fr = \"lignes\" }}\n\
         license = \"MIT\"\n[library]\n{} = \"million.so\"\n[data]\ntables = [\"mentions/1\"]\nresume = \"exact\"\n",
        platform()
    );
    std::fs::write(folder.path().join("plugin.toml"), manifest)?;
    let spec = json!({"spec": 1, "id": "million", "version": "1.0.0", "tables": ["mentions/1"],
        "config_schema": {"type": "object"}});
    std::fs::write(folder.path().join("spec.json"), spec.to_string())?;
    let plugin = at_work(folder.path(), &[]).map_err(|problems| format!("{problems:?}"))?;
    let (runner, limits) = (Runner::current()?, Limits { max_rows: u64::MAX, ..Limits::default() });
    let (config, request) = (json!({ "count": rows }), Request::incremental("2026-11-22T05:00:00Z", None));

    let (started, cpu, _) = measured(|| (0..STARTS).all(|_| runner.probe().is_ok()));
    println!(
        "starting a runner: {:.2} ms of CPU (mean of {STARTS}, all well: {started})",
        cpu * 1_000.0 / f64::from(STARTS)
    );
    let (inside, inside_cpu, inside_wall) =
        measured(|| runner.drill(&plugin, Drill::ReadAndDrop, &config, &request, &limits));
    inside.map_err(|failure| failure.message.en)?;
    println!("{rows} rows taken inside the runner: {inside_cpu:.2} s of CPU, {inside_wall:.2} s");
    let mut count = Count::default();
    let (outcome, cpu, wall) = measured(|| runner.read(&plugin, &config, &request, &limits, &mut count));
    if let Outcome::Failed(failure) = outcome {
        return Err(failure.message.en.into());
    }
    let mib = count.bytes >> 20;
    println!("{} rows, {mib} MiB of text, through the pipe: {cpu:.2} s of CPU, {wall:.2} s", count.rows);
    println!("the pipe costs {:.2} s of CPU", cpu - inside_cpu);
    Ok(())
}
