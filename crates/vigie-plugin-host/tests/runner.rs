//! Real children, real libraries: this test's own executable is the runner, as vigie's is.
//!
//! It has its own `main` because a child is this program again, with another first argument.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise and says what it does, or does not"
)]

#[path = "runner/bad.rs"]
mod bad;
#[path = "runner/confined.rs"]
mod confined;
#[path = "runner/file.rs"]
mod file;
#[path = "runner/frozen.rs"]
mod frozen;
#[path = "runner/good.rs"]
mod good;
#[path = "runner/workshop.rs"]
mod workshop;

use libtest_mimic::{Arguments, Trial};

/// A test with its name.
type Test = (&'static str, fn());

fn main() {
    vigie_plugin_host::run_child_if_asked();
    let mut arguments = Arguments::from_args();
    // Children, orphans and CPU are counted: one test at a time.
    arguments.test_threads = Some(1);
    let tests: Vec<Test> = [good::TESTS, frozen::TESTS, bad::TESTS, file::TESTS, confined::TESTS].concat();
    let trials = tests.into_iter().map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}
