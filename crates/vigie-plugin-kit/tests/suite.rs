//! The suite on real plugins in real children: it accepts the good ones, and each of its tests rejects a bad one.
//!
//! It has its own `main` because a child is this program again, with another first argument. It answers `--list`,
//! `--exact` and a filter as the standard harness does.
#![allow(
    clippy::unwrap_used,
    clippy::format_collect,
    clippy::print_stdout,
    clippy::exit,
    reason = "a test may stop at the first surprise and says what it does"
)]

#[path = "suite/bad.rs"]
mod bad;
#[path = "suite/good.rs"]
mod good;
#[path = "suite/workshop.rs"]
mod workshop;

/// A test with its name.
type Test = (&'static str, fn());

fn main() {
    vigie_plugin_host::run_child_if_asked();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|a| a == name);
    let tests: Vec<Test> = [good::TESTS, bad::TESTS].concat();
    if flag("--list") {
        if !flag("--ignored") {
            for (name, _) in &tests {
                println!("{name}: test");
            }
        }
        return;
    }
    let filters: Vec<&String> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    let wanted = |name: &str| {
        filters.is_empty()
            || filters.iter().any(|f| if flag("--exact") { *f == name } else { name.contains(f.as_str()) })
    };
    let mut failed = 0;
    for (name, test) in tests.iter().filter(|(name, _)| wanted(name)) {
        let ok = std::panic::catch_unwind(test).is_ok();
        failed += i32::from(!ok);
        println!("test {name} ... {}", if ok { "ok" } else { "FAILED" });
    }
    if failed > 0 {
        println!("{failed} failed");
        std::process::exit(1);
    }
}
