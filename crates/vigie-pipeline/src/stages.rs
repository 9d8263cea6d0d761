//! How long each stage took, for logs and benchmarks; never for a report.

use std::time::{Duration, Instant};

/// One stage of a run.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its name (`read`, `count`, `compose`…).
    pub name: &'static str,
    /// Rows it handled, 0 where that means nothing.
    pub rows: u64,
    /// Time it took.
    pub took: Duration,
}

/// The stages of a run, in order.
#[derive(Clone, Debug, Default)]
pub struct Stages(pub Vec<Stage>);

impl Stages {
    /// Runs `work` as stage `name`.
    pub(crate) fn run<T>(&mut self, name: &'static str, rows: u64, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.0.push(Stage { name, rows, took: start.elapsed() });
        result
    }
}
