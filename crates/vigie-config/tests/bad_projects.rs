//! Every folder of `tests/bad` is a project with mistakes; beside it stands what a person reads.
//!
//! After a change of wording, run once with `VIGIE_UPDATE_EXPECTED=1` and review the difference.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::fs;
use std::path::{Path, PathBuf};

use vigie_config::load;
use vigie_model::diagnostic::render::{Color, render_all};
use vigie_model::diagnostic::{Language, Severity};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    cases.sort();
    cases
}

fn check(case: &Path, language: Language, file: &str) -> Option<String> {
    let loaded = load(case, &|_| None);
    assert!(loaded.project.is_none(), "{} gave settings", case.display());
    assert!(loaded.diagnostics.iter().any(|d| d.severity == Severity::Error));
    let root = case.to_string_lossy().into_owned();
    let shown = render_all(&loaded.diagnostics, language, Color::Never).replace(&root, "PROJECT");
    let expected = case.join(file);
    if std::env::var_os("VIGIE_UPDATE_EXPECTED").is_some() {
        fs::write(&expected, &shown).unwrap();
    }
    let wanted = fs::read_to_string(&expected).unwrap_or_default();
    (shown != wanted).then(|| format!("{}\n--- shown\n{shown}\n--- expected\n{wanted}", expected.display()))
}

#[test]
fn every_mistake_is_told_in_both_languages() {
    let cases = cases();
    assert!(cases.len() >= 10, "cases are missing");
    let differences: Vec<String> = cases
        .iter()
        .flat_map(|case| {
            [check(case, Language::English, "expected.en.txt"), check(case, Language::French, "expected.fr.txt")]
        })
        .flatten()
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

#[test]
fn five_mistakes_in_one_file_make_five_messages() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/five-mistakes");
    let loaded = load(&case, &|_| None);
    let codes: Vec<&str> = loaded.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, ["C106", "C106", "C106", "C104", "C105"]);
    let places: Vec<usize> = loaded.diagnostics.iter().map(|d| d.location.as_ref().unwrap().span.start).collect();
    assert!(places.is_sorted(), "in the order of the file");
}
