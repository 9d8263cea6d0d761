//! A plugin in C that does everything right, by way of JSON rows.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::json;
use vigie_plugin_host::{CheckStatus, Limits, Outcome, Request, Runner, Values};

use crate::workshop::{Kept, build, find, impatient, limits, read};

pub(crate) const TESTS: &[crate::Test] = &[
    ("good::a_c_plugin_gives_its_rows", rows),
    ("good::a_reading_goes_on_from_every_checkpoint", resume),
    ("good::spec_and_check_answer", spec_and_check),
    ("good::a_wrong_option_is_explained", wrong_option),
    ("good::a_cancelled_reading_stops_by_itself", cancelled),
    ("good::the_child_sees_no_secret", environment),
];

fn rows() {
    let plugin = find(&build("good", "counter", "counter", "1.0.0"), "counter");
    let (outcome, kept) = read(&plugin, &json!({}), None, &limits());
    let Outcome::Complete(summary) = &outcome else { panic!("{outcome:?}") };
    assert_eq!((summary.rows, summary.checkpoints, summary.rejected), (25, 3, 0));
    assert_eq!(kept.committed.len(), 25);
    assert_eq!(kept.batches[0].text("text").unwrap().get(3), Some("numéro 3"));
    let Values::Int(likes) = &kept.batches[0].column("likes").unwrap().values else { panic!("likes") };
    assert_eq!(likes.get(9), Some(9));
    assert_eq!(kept.log, ["counting from 0 to 25"]);
}

fn resume() {
    let plugin = find(&build("good", "counter", "counter", "1.0.0"), "counter");
    let (_, whole) = read(&plugin, &json!({}), None, &limits());
    for next in [0, 10, 20, 25] {
        let (outcome, rest) = read(&plugin, &json!({}), Some(json!({"next": next})), &limits());
        assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
        assert_eq!(rest.committed, whole.committed[next..]);
    }
}

fn spec_and_check() {
    let plugin = find(&build("good", "counter", "counter", "1.0.0"), "counter");
    let runner = Runner::current().unwrap();
    assert_eq!(runner.spec(&plugin, &limits()).unwrap()["id"], "counter");
    let report = runner.check(&plugin, &json!({"count": 3}), &limits()).unwrap();
    assert_eq!((report.checks[0].status, report.checks[0].message.fr.as_str()), (CheckStatus::Ok, "il compte"));
}

fn wrong_option() {
    let plugin = find(&build("good", "counter", "counter", "1.0.0"), "counter");
    let (outcome, kept) = read(&plugin, &json!({"count": -4}), None, &limits());
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.code, "P301");
    assert_eq!(failure.message.en, "an option is wrong: count may not be negative");
    assert_eq!(failure.option.as_deref(), Some("/count"));
    assert_eq!(failure.hint.unwrap().fr, "mettez 0 ou plus");
    assert!(kept.committed.is_empty());
}

fn cancelled() {
    let plugin = find(&build("good", "counter", "counter", "1.0.0"), "counter");
    let runner = Runner::current().unwrap().cancelled_by(Arc::new(AtomicBool::new(true)));
    let request = Request::incremental("2026-11-22T05:00:00Z", None);
    let limits = Limits { max_rows: u64::MAX, ..limits() };
    let outcome = runner.read(&plugin, &json!({"count": 2_000_000_000_u64}), &request, &limits, &mut Kept::default());
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.code, "P309", "{failure:?}");
}

fn environment() {
    // The child is this program again; under another command it would run the tests, so its view is read from proc.
    let plugin = find(&build("bad", "hang", "bad", "1.0.0"), "bad");
    let seen = std::thread::spawn(|| {
        for _ in 0..200 {
            std::thread::sleep(std::time::Duration::from_millis(5));
            if let Some(environment) = child_environment() {
                return Some(environment);
            }
        }
        None
    });
    let (_, _) = read(&plugin, &json!({}), None, &impatient());
    let names = seen.join().unwrap().expect("no child was seen");
    assert_eq!(names, ["LC_ALL", "TMPDIR", "TZ"]);
}

/// Names of the variables of a runner that this process started.
fn child_environment() -> Option<Vec<String>> {
    let own = std::process::id().to_string();
    for entry in std::fs::read_dir("/proc").ok()?.flatten() {
        let status = std::fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let ours = status.lines().any(|l| l.strip_prefix("PPid:").is_some_and(|p| p.trim() == own));
        let command = std::fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default();
        if !ours || !command.contains(vigie_plugin_host::COMMAND) {
            continue;
        }
        let variables = std::fs::read_to_string(entry.path().join("environ")).unwrap_or_default();
        let mut names: Vec<String> =
            variables.split('\0').filter_map(|v| v.split_once('=').map(|(name, _)| name.to_owned())).collect();
        names.sort();
        return (!names.is_empty()).then_some(names);
    }
    None
}
