//! `vigie query import`: a query of another tool in our language; what changed goes to standard error.

use std::path::Path;

use serde_json::json;
use similar::{ChangeTag, TextDiff};
use vigie_config::QueryText;
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_query::dialect::{Imported, Tool, import as rewrite};
use vigie_query::{Accents, Dialect, Options, Query};

use super::input::{read, stdin};
use crate::print::Printer;
use crate::{clock, exit};

pub(super) fn import(tool: Tool, file: Option<&Path>, typed: Option<&str>, printer: &Printer) -> Result<u8, u8> {
    let (text, name) = match (typed, file) {
        (Some(typed), _) => (typed.to_owned(), "query".to_owned()),
        (None, Some(file)) if file.as_os_str() != "-" => (read(file, printer)?, file.display().to_string()),
        (None, _) => (stdin(printer)?, "-".to_owned()),
    };
    let imported = rewrite(&text, tool);
    let source = QueryText::whole(text, name, Dialect::default(), Accents::default());
    difference(&source.text, &imported.query, printer);
    notes(&source, &imported, printer);
    let result = QueryText::whole(imported.query.clone(), "result", Dialect::default(), Accents::default());
    let options = Options { today: Some(clock::local_today()), ..Options::default() };
    let parsed = Query::parse(&imported.query, &options);
    for problem in &parsed.diagnostics {
        printer.diagnostic(&result.diagnostic(problem));
    }
    printer.data(&imported.query);
    Ok(match parsed.query {
        None => exit::USAGE,
        Some(_) if imported.notes.iter().any(|note| note.removed) => exit::INCOMPLETE,
        Some(_) => exit::COMPLETE,
    })
}

/// The lines that changed, `-` before the old ones and `+` before the new ones.
fn difference(old: &str, new: &str, printer: &Printer) {
    let new = format!("{new}\n");
    let old = format!("{}\n", old.trim_end());
    for change in TextDiff::from_lines(&old, &new).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Delete => "-",
            ChangeTag::Insert => "+",
            ChangeTag::Equal => " ",
        };
        let line = format!("{sign} {}", change.value().trim_end());
        printer.say("query.diff", &Bilingual::new(line.clone(), line), json!({}));
    }
}

/// What changes or may change meaning, at its place in the source.
fn notes(source: &QueryText, imported: &Imported, printer: &Printer) {
    for note in &imported.notes {
        let code = if note.removed { "Q021" } else { "Q020" };
        let words = Bilingual::new(&note.message.en, &note.message.fr);
        printer.diagnostic(&Diagnostic::warning(code, words).at(source.locate(note.span.clone())));
    }
}
