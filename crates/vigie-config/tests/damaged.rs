//! A project file damaged anywhere still gives messages with places, and never stops the program.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::fs;
use std::path::Path;

use jiff::civil::date;
use vigie_config::load;
use vigie_config::scaffold::scaffold;
use vigie_model::diagnostic::Language;
use vigie_model::diagnostic::render::{Color, render_all};

fn check(dir: &Path, text: &str) {
    fs::write(dir.join("vigie.toml"), text).unwrap();
    let loaded = load(dir, &|_| None);
    assert!(loaded.project.is_some() || !loaded.diagnostics.is_empty(), "silent failure on\n{text}");
    for diagnostic in &loaded.diagnostics {
        let Some(place) = &diagnostic.location else {
            continue;
        };
        let inside = place.span.start <= place.span.end && place.span.end <= place.text.len();
        assert!(inside, "{:?} of {} bytes: {diagnostic}", place.span, place.text.len());
    }
    for language in [Language::English, Language::French] {
        render_all(&loaded.diagnostics, language, Color::Never);
    }
}

#[test]
fn any_damage_is_told() {
    let dir = tempfile::tempdir().unwrap();
    scaffold(dir.path(), "Été", Language::French, date(2026, 11, 24)).unwrap();
    let whole = fs::read_to_string(dir.path().join("vigie.toml")).unwrap();
    let borders: Vec<usize> = whole.char_indices().map(|(at, _)| at).collect();
    // A step that is prime to line lengths visits every kind of place.
    for at in borders.iter().step_by(47) {
        check(dir.path(), &whole[..*at]);
        for damage in ["\"", "'''", "[", "{", "=", "é", "\\", "\n", "\u{1b}"] {
            check(dir.path(), &format!("{}{damage}{}", &whole[..*at], &whole[*at..]));
        }
    }
}
