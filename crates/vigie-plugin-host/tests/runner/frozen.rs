//! Plugins of every ABI minor that was ever published, built from their sources against their own header.

use serde_json::json;
use vigie_plugin_host::{Drill, Outcome, Request, Runner};

use crate::workshop::{build, find, limits, read, sources};

pub(crate) const TESTS: &[crate::Test] = &[
    ("frozen::every_published_minor_still_runs", runs),
    ("frozen::hosts_with_shorter_and_longer_tables_will_do", other_hosts),
];

fn minors() -> Vec<String> {
    let entries = std::fs::read_dir(sources().join("frozen")).unwrap();
    let mut minors: Vec<String> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    minors.sort();
    assert!(!minors.is_empty());
    minors
}

fn plugin(minor: &str) -> vigie_plugin_host::Plugin {
    // The header beside the source comes before any other.
    find(&build(&format!("frozen/{minor}"), "frozen", "frozen", "1.0.0"), "frozen")
}

fn runs() {
    for minor in minors() {
        let plugin = plugin(&minor);
        let (outcome, whole) = read(&plugin, &json!({}), None, &limits());
        let Outcome::Complete(summary) = outcome else { panic!("{minor}: {outcome:?}") };
        assert_eq!((summary.rows, summary.checkpoints), (25, 3), "{minor}");
        let (_, rest) = read(&plugin, &json!({}), Some(json!({"next": 10})), &limits());
        assert_eq!(rest.committed, whole.committed[10..], "{minor}");
    }
}

fn other_hosts() {
    let runner = Runner::current().unwrap();
    let request = Request::incremental("2026-11-22T05:00:00Z", None);
    for minor in minors() {
        let plugin = plugin(&minor);
        for drill in [Drill::OlderHost, Drill::NewerHost] {
            let config = plugin.spec.with_defaults(&json!({}));
            let report = runner.drill(&plugin, drill, &config, &request, &limits());
            assert!(report.is_ok(), "{minor} {drill:?}: {report:?}");
        }
    }
}
