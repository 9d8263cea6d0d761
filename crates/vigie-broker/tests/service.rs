//! The broker against real servers on this machine, and real children that ask it: this test's own executable is the
//! runner, as vigie's is, and the second process where two are needed.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::exit,
    reason = "a test may stop at the first surprise, says what it does, and is also the other process"
)]

#[path = "service/children.rs"]
mod children;
#[path = "service/live.rs"]
mod live;
#[path = "service/processes.rs"]
mod processes;
#[path = "service/server.rs"]
mod server;
#[path = "service/workshop.rs"]
mod workshop;

use libtest_mimic::{Arguments, Trial};

/// A test with its name.
type Test = (&'static str, fn());

fn main() {
    vigie_plugin_host::run_child_if_asked();
    processes::run_if_asked();
    let mut arguments = Arguments::from_args();
    // Children, orphans and CPU are counted: one test at a time.
    arguments.test_threads = Some(1);
    let tests: Vec<Test> = [live::TESTS, processes::TESTS, children::TESTS].concat();
    let trials = tests.into_iter().map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}
