//! The committed reference pages say what the tables of the language say.
//!
//! After a change of the tables, run once with `VIGIE_UPDATE_EXPECTED=1` and review the difference.

use std::path::Path;

use vigie_query::explain::Language;
use vigie_query::reference::page;

#[test]
fn the_pages_of_the_documentation_are_up_to_date() {
    for (file, language) in [("query-language.md", Language::English), ("langage-de-requetes.md", Language::French)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
        let made = page(language);
        if std::env::var_os("VIGIE_UPDATE_EXPECTED").is_some() {
            std::fs::write(&path, &made).expect("the folder of the documentation is there");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == made, "docs/{file} is not up to date: run with VIGIE_UPDATE_EXPECTED=1");
    }
}
