//! Any text read as a query, in each dialect: problems lie on character borders, and what is accepted prints
//! back to the same tree, is explained in both languages, and compiles. Any text read as a query of another tool.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_query::dialect::{Tool, import};
use vigie_query::explain::{Language, explain};
use vigie_query::{Dialect, Options, Query, QuerySet};

fn options(dialect: Dialect) -> Options {
    Options {
        dialect,
        macros: [("bank".to_owned(), "(\"Caisse Populaire\" OR {CP})".to_owned())].into(),
        lists: [("jobs".to_owned(), vec!["jobs.example".to_owned()])].into(),
        languages: vec!["fr".to_owned(), "en".to_owned()],
        today: Some(jiff::civil::date(2026, 9, 15)),
        ..Options::default()
    }
}

fuzz_target!(|text: &str| {
    for dialect in [Dialect::Canonical, Dialect::French] {
        let parsed = Query::parse(text, &options(dialect));
        for problem in &parsed.diagnostics {
            assert!(text.get(problem.span.clone()).is_some(), "{problem:?}");
        }
        let Some(query) = parsed.query else {
            assert!(!parsed.diagnostics.is_empty(), "refused without a reason");
            continue;
        };
        let printed = query.to_string();
        // A macro prints short and may be long: only what is as short as it was typed must read back.
        if printed.len() <= 100_000 {
            let again = Query::parse(&printed, &options(Dialect::Canonical));
            assert_eq!(again.query.as_ref(), Some(&query), "{printed} {:?}", again.diagnostics);
        }
        assert!(!explain(&query.root, Language::English).is_empty());
        assert!(!explain(&query.root, Language::French).is_empty());
        assert!(QuerySet::new(vec![("q".to_owned(), query)]).is_ok());
    }
    for (_, tool) in Tool::ALL {
        for note in import(text, *tool).notes {
            assert!(text.get(note.span.clone()).is_some(), "{note:?}");
        }
    }
});
