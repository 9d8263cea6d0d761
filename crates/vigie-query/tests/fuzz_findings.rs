//! Inputs that broke a promise under fuzzing (`fuzz/README.md`), each as short as it was found.

use vigie_query::{Document, Options, Query, QuerySet, Scratch};

/// Queries whose printed form once read back as another query.
const PRINTED: &[&str] = &[
    "ser]icice~e~0",
    "se~ce~~0",
    "a^5~0",
    "word^9~1",
    "word~1^9",
    "a^5~0^7",
    "~a~0",
    "!\"a\nb\" c",
    "!\"\u{2}!\0n\n!\"ing",
    "«a \"b»",
    "«a \"b»~3",
    "!«a}\"b»",
    "site:!\"a}b\"",
    "site:«a \"b»",
    "tag:!«a}\"b»",
];

#[test]
fn what_is_accepted_prints_back_to_itself() {
    for text in PRINTED {
        let Some(query) = Query::parse(text, &Options::default()).query else { continue };
        let again = Query::parse(&query.to_string(), &Options::default());
        assert_eq!(again.query.as_ref(), Some(&query), "{text} prints as {query}: {:?}", again.diagnostics);
    }
    let code = |text: &str| Query::parse(text, &Options::default()).errors().map(|p| p.code.as_str()).next();
    assert_eq!(code("ser]icice~e~0"), Some("E18"));
    assert_eq!(code("se~ce~~0"), Some("E18"));
    assert_eq!(code("word^9~1"), None);
}

/// Queries and texts for which a query and its negation once both held, or neither.
const OPPOSED: &[(&str, &str)] = &[("...se~ce~~0", "servic»se~ce~~0\n\nservic»\n")];

#[test]
fn a_query_or_its_negation_holds() {
    for (text, body) in OPPOSED {
        let parse = |text: &str| Query::parse(text, &Options::default()).query;
        let Some(query) = parse(text) else { continue };
        let negated = parse(&format!("NOT ({query})")).unwrap_or_else(|| panic!("{query} cannot be negated"));
        let set = QuerySet::new(vec![(String::new(), query), (String::new(), negated)]).expect("both compile");
        assert_eq!(set.matches(&Document::of_text(body), &mut Scratch::new()).len(), 1, "{text}");
    }
}
