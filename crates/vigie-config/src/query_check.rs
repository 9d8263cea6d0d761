//! Queries read by the query language, its problems shown inside the project file.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use vigie_model::diagnostic::{Bilingual, Diagnostic, Severity};
use vigie_query::{Message, Options, Problem, Query};

use crate::page::Page;
use crate::query_text::QueryText;
use crate::settings::{NamedQuery, TrackedEntity};

/// Reports every problem of the queries of `entities`, of `queries` and of `macros`.
pub(crate) fn check(
    page: &Page<'_>,
    entities: &[TrackedEntity],
    queries: &BTreeMap<String, NamedQuery>,
    macros: &BTreeMap<String, QueryText>,
    lists: &BTreeMap<String, Vec<String>>,
) {
    let options = Options {
        macros: macros.iter().map(|(name, text)| (name.clone(), text.text.clone())).collect(),
        lists: lists.clone(),
        // Whether relative dates are well formed does not depend on the day.
        today: Some(date(2026, 1, 1)),
        ..Options::default()
    };
    let texts = entities.iter().map(|e| &e.query).chain(queries.values().map(|q| &q.text));
    // Two brands may share a named query; its problems are told once.
    let mut seen = BTreeSet::new();
    for text in texts.filter(|t| seen.insert(t.location.span.start)) {
        for problem in Query::parse(&text.text, &options).diagnostics {
            page.report(diagnostic(text, &problem));
        }
    }
}

fn diagnostic(text: &QueryText, problem: &Problem) -> Diagnostic {
    let both = |m: &Message| Bilingual::new(&m.en, &m.fr);
    let severity = match problem.severity() {
        vigie_query::Severity::Error => Severity::Error,
        vigie_query::Severity::Warning => Severity::Warning,
    };
    let mut hints: Vec<Bilingual> = problem.hint.iter().map(both).collect();
    if let Some(fix) = &problem.fix {
        hints.push(Bilingual::new(format!("write `{fix}`"), format!("écrivez `{fix}`")));
    }
    Diagnostic {
        severity,
        code: problem.code.as_str(),
        message: both(&problem.message),
        location: Some(text.locate(problem.span.clone())),
        hints,
    }
}
