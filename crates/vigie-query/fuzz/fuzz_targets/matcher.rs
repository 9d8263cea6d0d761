//! A query and a text, cut at the first line: evidence lies on character borders, the same question twice gives
//! the same answer, a query and its negation never agree, and sifting texts before cutting them changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_query::{Accents, Document, Options, Query, QuerySet, Scratch};

fuzz_target!(|input: &str| {
    let Some((query, text)) = input.split_once('\n') else { return };
    for accents in [Accents::Folded, Accents::Strict] {
        let options = Options { accents, ..Options::default() };
        let Some(query) = Query::parse(query, &options).query else { return };
        let Some(negated) = Query::parse(&format!("NOT ({query})"), &options).query else { return };
        let both = vec![("yes".to_owned(), query), ("no".to_owned(), negated)];
        let Ok(set) = QuerySet::new(both.clone()) else { return };
        // A fuzzy word may be anywhere: with it, every text is cut.
        let fuzzy = Query::parse("word~1", &options).query.expect("a good query");
        let Ok(cut) = QuerySet::new([both, vec![("fuzzy".to_owned(), fuzzy)]].concat()) else { return };
        let (title, body) = text.split_once('\n').unwrap_or(("", text));
        let document = Document { title: Some(title), body: Some(body), ..Document::default() };
        let mut scratch = Scratch::new();
        let first = set.matches(&document, &mut scratch).to_vec();
        assert_eq!(first.len(), 1, "a query or its negation");
        for span in &first[0].spans {
            let within = if span.field == vigie_query::Field::Title { title } else { body };
            assert!(within.get(span.range.clone()).is_some(), "{span:?}");
        }
        assert_eq!(set.matches(&document, &mut scratch), first);
        let all = cut.matches(&document, &mut scratch);
        assert_eq!(all.iter().filter(|hit| hit.query < 2).collect::<Vec<_>>(), first.iter().collect::<Vec<_>>());
    }
});
