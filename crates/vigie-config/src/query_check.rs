//! Queries read by the query language, its problems shown inside the project file.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use vigie_query::Query;

use crate::page::Page;
use crate::query_text::QueryText;
use crate::settings::{NamedQuery, TrackedEntity, options};

/// Where a query and its parts begin.
fn places(text: &QueryText) -> Vec<usize> {
    let parts = text.parts.iter().map(|part| part.typed.location.span.start);
    std::iter::once(text.location.span.start).chain(parts).collect()
}

/// Reports every problem of the queries of `entities`, of `queries`, and of the `macros` that none of them uses.
pub(crate) fn check(
    page: &Page<'_>,
    entities: &[TrackedEntity],
    queries: &BTreeMap<String, NamedQuery>,
    macros: &BTreeMap<String, QueryText>,
    lists: &BTreeMap<String, Vec<String>>,
) {
    let texts: Vec<&QueryText> = entities.iter().map(|e| &e.query).chain(queries.values().map(|q| &q.text)).collect();
    // The problems of a macro are told where it is used first.
    let unused = macros.iter().filter(|(name, _)| !texts.iter().any(|t| t.text.contains(&format!("${name}"))));
    let unused: Vec<&QueryText> = unused.map(|(_, text)| text).collect();
    // Two brands may share a named query; its problems are told once.
    let mut seen = BTreeSet::new();
    for text in texts.into_iter().chain(unused).filter(|t| seen.insert(places(t))) {
        // Whether relative dates are well formed does not depend on the day.
        let read = |text: &QueryText| Query::parse(&text.text, &options(text, macros, lists, date(2026, 1, 1)));
        // A part with a mistake would make others of the whole.
        let wrong: Vec<&QueryText> =
            text.parts.iter().map(|part| &part.typed).filter(|typed| read(typed).query.is_none()).collect();
        for text in if wrong.is_empty() { vec![text] } else { wrong } {
            for problem in read(text).diagnostics {
                page.report(text.diagnostic(&problem));
            }
        }
    }
}
