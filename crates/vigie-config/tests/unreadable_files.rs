//! Files that are there but cannot be used: each is named, with what is wrong.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::fs;
use std::path::Path;

use jiff::civil::date;
use vigie_config::load;
use vigie_config::scaffold::scaffold;
use vigie_model::diagnostic::Language;

fn project(extra: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    scaffold(dir.path(), "Demo", Language::English, date(2026, 11, 24)).unwrap();
    let file = dir.path().join("vigie.toml");
    let text = fs::read_to_string(&file).unwrap() + extra;
    fs::write(file, text).unwrap();
    dir
}

fn check(dir: &Path, code: &str, english: &str, french: &str) {
    let loaded = load(dir, &|_| None);
    assert!(loaded.project.is_none());
    let found = loaded.diagnostics.iter().find(|d| d.code == code);
    let message = &found.unwrap_or_else(|| panic!("no {code} in {:?}", loaded.diagnostics)).message;
    assert!(message.en.contains(english), "{}", message.en);
    assert!(message.fr.contains(french), "{}", message.fr);
}

#[test]
fn logos_are_looked_at() {
    let dir = project("\n[brand]\nlogo = \"logo.png\"\n");
    check(dir.path(), "C111", "does not exist", "n'existe pas");
    fs::write(dir.path().join("logo.png"), "<svg/>").unwrap();
    check(dir.path(), "C111", "does not hold what its name says", "ne contient pas");
    let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
    fs::write(dir.path().join("logo.png"), &image).unwrap();
    assert!(load(dir.path(), &|_| None).project.is_some(), "a small PNG is fine");
    image.resize(200_001, 0);
    fs::write(dir.path().join("logo.png"), &image).unwrap();
    check(dir.path(), "C111", "201 kB", "201 ko");
    let dir = project("\n[brand]\nlogo = \"logo.gif\"\n");
    check(dir.path(), "C111", "SVG or PNG", "SVG ou PNG");
}

#[test]
fn text_files_must_be_utf_8() {
    let dir = project("");
    fs::write(dir.path().join("events.toml"), b"# ok\n# caf\xe9\n").unwrap();
    check(dir.path(), "C100", "`events.toml` is not UTF-8 text (line 2)", "n'est pas un texte UTF-8 (ligne 2)");
    fs::remove_file(dir.path().join("events.toml")).unwrap();
    assert!(load(dir.path(), &|_| None).project.is_some(), "events are optional");
    fs::remove_file(dir.path().join("vigie.toml")).unwrap();
    fs::create_dir(dir.path().join("vigie.toml")).unwrap();
    check(dir.path(), "C100", "cannot be read", "est illisible");
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    let dir = project("");
    let file = dir.path().join("vigie.toml");
    let text = fs::read_to_string(&file).unwrap().replace('\n', "\r\n");
    fs::write(&file, format!("\u{feff}{text}")).unwrap();
    let loaded = load(dir.path(), &|_| None);
    assert!(loaded.project.is_some(), "{:?}", loaded.diagnostics);
}
