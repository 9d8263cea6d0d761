//! `vigie query test`: the tests written beside the queries of a project.

use std::path::Path;

use serde_json::json;
use vigie_config::settings::{Project, QueryTest};
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_query::{Query, QuerySet, Scratch, Span};

use super::input::project;
use crate::print::Printer;
use crate::{clock, exit};

/// Longest piece of evidence shown, in characters.
const SHOWN: usize = 60;

/// Runs every test of the project in `dir`; one line each on standard output. Status 1 when one fails.
pub(super) fn trial(dir: &Path, printer: &Printer) -> u8 {
    let project = match project(dir, printer) {
        Ok(project) => project,
        Err(status) => return status,
    };
    let (mut passed, mut failed) = (0usize, 0usize);
    let mut untested = Vec::new();
    for (name, query) in &project.queries {
        if query.tests.is_empty() {
            untested.push(name.as_str());
            continue;
        }
        let Some(set) = compiled(&project, name, printer) else { return exit::USAGE };
        let mut scratch = Scratch::new();
        for test in &query.tests {
            let facts = test.record.facts();
            let hits = set.matches(&test.record.document(&facts), &mut scratch);
            let right = hits.is_empty() != test.expected;
            let (word, place) = (if right { "ok" } else { "failed" }, &test.location);
            printer.data(&format!("{word}\t{name}\t{place}"));
            if right {
                passed += 1;
            } else {
                failed += 1;
                printer.diagnostic(&failure(name, test, hits.first().map_or(&[], |h| h.spans.as_slice())));
            }
        }
    }
    if !untested.is_empty() {
        let names = untested.join(", ");
        let words = Bilingual::new(format!("without tests: {names}"), format!("sans essais : {names}"));
        printer.say("query.untested", &words, json!({"queries": untested}));
    }
    let total = passed + failed;
    let words = Bilingual::new(
        format!("{}: {passed} of {total} tests pass", dir.display()),
        format!("{} : {passed} essais réussis sur {total}", dir.display()),
    );
    printer.say("query.test", &words, json!({"dir": dir, "passed": passed, "failed": failed}));
    if failed > 0 { exit::NO_REPORT } else { exit::COMPLETE }
}

/// The named query, compiled; a project that loads has only queries that can be.
fn compiled(project: &Project, name: &str, printer: &Printer) -> Option<QuerySet> {
    let text = project.query(name)?;
    let query = Query::parse(&text.text, &project.options(text, clock::today(&project.timezone))).query?;
    QuerySet::new(vec![(name.to_owned(), query)])
        .inspect_err(|error| {
            let french = format!("la requête `{name}` ne peut être compilée : {error}");
            printer.error("Q002", &Bilingual::new(error.to_string(), french));
        })
        .ok()
}

fn failure(name: &str, test: &QueryTest, spans: &[Span]) -> Diagnostic {
    let message = if test.expected {
        Bilingual::new(
            format!("`{name}` does not find this text, and should"),
            format!("`{name}` ne trouve pas ce texte, et devrait"),
        )
    } else {
        Bilingual::new(
            format!("`{name}` finds this text, and should not"),
            format!("`{name}` trouve ce texte, et ne devrait pas"),
        )
    };
    let diagnostic = Diagnostic::error("Q010", message).at(test.location.clone());
    let found: Vec<String> = spans
        .iter()
        .filter_map(|span| test.record.text(span.field)?.get(span.range.clone()))
        .map(|found| format!("`{}`", found.chars().take(SHOWN).collect::<String>()))
        .collect();
    if found.is_empty() {
        return diagnostic.hint(Bilingual::new(
            format!("vigie query explain -e '${name}' --project DIR says in words what it looks for"),
            format!("vigie query explain -e '${name}' --project DOSSIER dit en mots ce qu'elle cherche"),
        ));
    }
    let found = found.join(", ");
    diagnostic.hint(Bilingual::new(format!("found by: {found}"), format!("trouvé par : {found}")))
}
