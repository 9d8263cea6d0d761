//! What `vigie new` makes can be run at once, and is never written over something else.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::fs;

use jiff::civil::date;
use vigie_config::load;
use vigie_config::scaffold::{Error, scaffold};
use vigie_model::diagnostic::Language;
use vigie_model::diagnostic::render::{Color, render_all};

#[test]
fn a_new_project_has_nothing_wrong() {
    for (language, today) in [(Language::French, date(2026, 11, 24)), (Language::English, date(2026, 1, 31))] {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("clients/café");
        let files = scaffold(&dir, "Été \"2026\" \\ l'An {{month}}", language, today).unwrap();
        assert!(files.iter().all(|f| f.is_file()) && files.len() == 6, "{files:?}");

        let loaded = load(&dir, &|_| None);
        assert!(loaded.diagnostics.is_empty(), "{}", render_all(&loaded.diagnostics, language, Color::Never));
        let project = loaded.project.unwrap();
        assert_eq!(project.id, "ete-2026-l-an-month");
        assert_eq!(project.name, "Été \"2026\" \\ l'An {{month}}");
        assert_eq!(project.client().id, "brulio");
        let period = project.report.period(today).unwrap();
        assert!(project.editions.iter().all(|l| project.note(&period, *l).is_some()), "a note for each edition");
        assert!(project.events.iter().all(|e| period.contains(e.period.start)));

        let path = project.sources[0].options["paths"][0].as_str().unwrap();
        let sample = fs::read_to_string(path).unwrap();
        let rows: Vec<&str> = sample.lines().skip(1).collect();
        let of = |p: &vigie_model::period::Period| rows.iter().filter(|r| r.contains(&format!(",{p}-"))).count();
        assert_eq!((rows.len(), of(&period.previous()), of(&period)), (60, 26, 34));
    }
}

#[test]
fn nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("events.toml"), "# mine").unwrap();
    let error = scaffold(dir.path(), "Demo", Language::English, date(2026, 11, 24)).unwrap_err();
    assert!(matches!(&error, Error::Exists(p) if p.ends_with("events.toml")), "{error}");
    assert_eq!(error.diagnostic().code, "C120");
    assert!(!dir.path().join("vigie.toml").exists(), "nothing at all is written");
    assert_eq!(fs::read_to_string(dir.path().join("events.toml")).unwrap(), "# mine");
}
