//! The settings and the tests that the reference page of the query language shows are read, and pass.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use vigie_config::load;
use vigie_query::{Query, QuerySet, Scratch};

#[test]
fn the_example_of_the_page_is_a_project_whose_tests_pass() {
    let dir = tempfile::tempdir().unwrap();
    let head = "[project]\nid = \"demo\"\nname = \"Demo\"\ntimezone = \"America/Toronto\"\n[[entity]]\nid = \"caisse\"\n\
                name = \"Caisse\"\nrole = \"client\"\nquery = \"$caisse\"\n[[source]]\nid = \"export\"\nplugin = \"file\"\n";
    std::fs::write(dir.path().join("vigie.toml"), format!("{head}{}", vigie_query::reference::PROJECT)).unwrap();
    let loaded = load(dir.path(), &|_| None);
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let project = loaded.project.unwrap();
    let query = &project.queries["caisse"];
    let parsed = Query::parse(&query.text.text, &project.options(&query.text, jiff::civil::date(2026, 9, 15)));
    let set = QuerySet::new(vec![("caisse".to_owned(), parsed.query.unwrap())]).unwrap();
    assert_eq!(query.tests.len(), 2);
    for test in &query.tests {
        let facts = test.record.facts();
        let found = !set.matches(&test.record.document(&facts), &mut Scratch::new()).is_empty();
        assert_eq!(found, test.expected, "{}", test.location);
    }
}
