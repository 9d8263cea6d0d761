//! `vigie query check`: everything wrong or doubtful in queries, at once.

use serde::Serialize;
use serde_json::json;
use vigie_config::{load, process_environment};
use vigie_model::diagnostic::{Bilingual, Diagnostic, Severity};
use vigie_query::{Problem, Purpose};

use super::input::{Asked, Context, Input, inputs};
use super::{Queries, Reading};
use crate::exit;
use crate::print::Printer;

/// The problems of one query, for machines.
#[derive(Serialize)]
struct Answer<'a> {
    query: Option<&'a str>,
    usable: bool,
    problems: Vec<Shown<'a>>,
}

/// One problem. Lines and columns are counted from 1, in characters, in the file of the query.
#[derive(Serialize)]
struct Shown<'a> {
    code: &'static str,
    severity: &'static str,
    line: usize,
    column: usize,
    typed: &'a str,
    message: &'a str,
    hint: Option<&'a str>,
    fix: Option<&'a str>,
}

/// What was found so far.
#[derive(Default)]
struct Total {
    queries: usize,
    errors: usize,
    warnings: usize,
}

pub(super) fn check(
    queries: &Queries,
    reading: &Reading,
    collection: bool,
    json: bool,
    printer: &Printer,
) -> Result<u8, u8> {
    let context = Context::new(reading, printer)?;
    let mut total = Total::default();
    for input in inputs(queries, &context, printer)? {
        match input {
            Input::Query(mut asked) => {
                if collection {
                    asked.options.purpose = Purpose::Collection;
                }
                let problems = asked.parse().diagnostics;
                tell(&asked, &problems, json, &mut total, printer);
            }
            Input::Project(dir) => project(&dir, &context, json, &mut total, printer),
        }
    }
    let Total { queries, errors, warnings } = total;
    let words = Bilingual::new(
        format!("queries: {queries}; errors: {errors}; warnings: {warnings}"),
        format!("requêtes : {queries} ; erreurs : {errors} ; avertissements : {warnings}"),
    );
    printer.say("query.check", &words, json!({"queries": queries, "errors": errors, "warnings": warnings}));
    Ok(if errors > 0 { exit::USAGE } else { exit::COMPLETE })
}

/// Every query of a project; with an archive, what their exclusions remove from it as well.
fn project(dir: &std::path::Path, context: &Context<'_>, json: bool, total: &mut Total, printer: &Printer) {
    let loaded = load(dir, &process_environment);
    let Some(project) = loaded.project else {
        for diagnostic in loaded.diagnostics.iter().filter(|d| is_about_queries(d) || d.severity == Severity::Error) {
            printer.diagnostic(diagnostic);
            match diagnostic.severity {
                Severity::Error => total.errors += 1,
                Severity::Warning => total.warnings += 1,
            }
        }
        return;
    };
    let all = context.all(&project);
    let mut problems: Vec<Vec<Problem>> = all.iter().map(|asked| asked.parse().diagnostics).collect();
    let queries: Vec<_> = all.iter().filter_map(|asked| asked.parse().query).collect();
    match vigie_pipeline::wide_exclusions(&project, &queries) {
        Ok(Some(wide)) => {
            for (query, problem) in wide {
                problems[query].push(problem);
            }
        }
        Ok(None) => {
            let words = Bilingual::new(
                "no archive yet: what each NOT removes (W10) was not measured",
                "pas encore d'archive : ce que chaque NOT retire (W10) n'a pas été mesuré",
            );
            printer.say("query.no_archive", &words, json!({"dir": dir}));
        }
        Err(error) => {
            printer.error("A001", &error.message());
            total.errors += 1;
        }
    }
    for (asked, problems) in all.iter().zip(&problems) {
        tell(asked, problems, json, total, printer);
    }
}

/// Codes of the query language are `E01`, `W01`…; those of the other files begin with `C`.
fn is_about_queries(diagnostic: &Diagnostic) -> bool {
    diagnostic.code.starts_with(['E', 'W'])
}

fn tell(asked: &Asked, problems: &[Problem], json: bool, total: &mut Total, printer: &Printer) {
    let is_error = |p: &&Problem| p.severity() == vigie_query::Severity::Error;
    let errors = problems.iter().filter(is_error).count();
    total.queries += 1;
    total.errors += errors;
    total.warnings += problems.len() - errors;
    if !json {
        for problem in problems {
            printer.diagnostic(&asked.text.diagnostic(problem));
        }
        return;
    }
    let words = |m: &vigie_query::Message| Bilingual::new(&m.en, &m.fr).get(printer.language).to_owned();
    let texts: Vec<_> = problems
        .iter()
        .map(|p| (words(&p.message), p.hint.as_ref().map(words), asked.text.locate(p.span.clone())))
        .collect();
    let shown = problems.iter().zip(&texts).map(|(problem, (message, hint, place))| {
        let before = place.text.get(..place.span.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Shown {
            code: problem.code.as_str(),
            severity: if is_error(&problem) { "error" } else { "warning" },
            line: 1 + before.matches('\n').count(),
            column: 1 + before[line_start..].chars().count(),
            typed: place.text.get(place.span.clone()).unwrap_or_default(),
            message,
            hint: hint.as_deref(),
            fix: problem.fix.as_deref(),
        }
    });
    let answer = Answer { query: asked.name.as_deref(), usable: errors == 0, problems: shown.collect() };
    printer.data(&json!(answer).to_string());
}
