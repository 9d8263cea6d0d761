//! The suite on real plugins in real children: it accepts the good ones, and each of its tests rejects a bad one.
//!
//! It has its own `main` because a child is this program again, with another first argument.
#![allow(
    clippy::unwrap_used,
    clippy::format_collect,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise and says what it does"
)]

#[path = "suite/bad.rs"]
mod bad;
#[path = "suite/caller.rs"]
mod caller;
#[path = "suite/good.rs"]
mod good;
#[path = "suite/workshop.rs"]
mod workshop;

use libtest_mimic::{Arguments, Trial};

/// A test with its name.
type Test = (&'static str, fn());

fn main() {
    vigie_plugin_host::run_child_if_asked();
    let mut arguments = Arguments::from_args();
    // Children, orphans and CPU are counted: one test at a time.
    arguments.test_threads = Some(1);
    let tests: Vec<Test> = [good::TESTS, bad::TESTS].concat();
    let trials = tests.into_iter().map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}
