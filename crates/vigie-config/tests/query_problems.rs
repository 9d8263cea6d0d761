//! Problems of queries are shown at the words of the project file, whatever its kind of string.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::fs;

use vigie_config::load;

const VIGIE: &str = r#"
[project]
id = "demo"
name = "Demo"
timezone = "America/Toronto"

[[entity]]
id = "nordet"
name = "Nordet Mobile"
role = "client"
query = '''
("nordet mobile" OR nordet
  AND forfait'''

[[entity]]
id = "telvia"
name = "Telvia"
role = "competitor"
query = "$telvia"

[[entity]]
id = "ondea"
name = "Ondéa"
role = "competitor"
query = "\"Ondéa\" OR langue:fr OR $OFFRES OR site:@presse"

[query.telvia]
text = "telvia NEAR/0x (forfait OR)"

[macros]
OFFRE = "offre OR promo*"

[lists]
press = ["example.org"]

[[source]]
id = "export"
plugin = "file"
"#;

#[test]
fn carets_stand_under_the_words_of_the_query() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("vigie.toml"), VIGIE).unwrap();
    let loaded = load(dir.path(), &|_| None);
    assert!(loaded.project.is_none(), "queries with errors cannot be used");
    let shown: Vec<(&str, usize, &str)> = loaded
        .diagnostics
        .iter()
        .filter(|d| d.code.starts_with('E'))
        .map(|d| {
            let place = d.location.as_ref().unwrap();
            let line = place.text[..place.span.start].matches('\n').count() + 1;
            (d.code, line, &place.text[place.span.clone()])
        })
        .collect();
    // A bracket in a string of several lines, a list after escapes, two mistakes in a named query.
    assert!(shown.contains(&("E01", 12, "(")), "{shown:?}");
    assert!(shown.contains(&("E13", 25, "@presse")), "{shown:?}");
    assert!(shown.contains(&("E17", 28, "NEAR/0x")), "{shown:?}");
    assert!(shown.contains(&("E03", 28, "OR")), "{shown:?}");
}
