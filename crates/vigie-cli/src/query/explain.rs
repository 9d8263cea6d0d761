//! `vigie query explain`: the tree of a query in words.

use vigie_model::diagnostic::Language;
use vigie_query::explain::{self, explain as in_words};

use super::input::{Asked, Context, Input, inputs, project};
use super::{Queries, Reading};
use crate::exit;
use crate::print::{Printer, harmless};

pub(super) fn explain(queries: &Queries, reading: &Reading, printer: &Printer) -> Result<u8, u8> {
    let context = Context::new(reading, printer)?;
    let mut worst = Vec::new();
    for input in inputs(queries, &context, printer)? {
        match input {
            Input::Query(asked) => worst.push(one(&asked, printer)),
            Input::Project(dir) => {
                let project = project(&dir, printer)?;
                worst.extend(context.all(&project).iter().map(|asked| one(asked, printer)));
            }
        }
    }
    Ok(exit::worst(worst.into_iter()))
}

fn one(asked: &Asked, printer: &Printer) -> u8 {
    let Ok((query, _)) = asked.usable(printer) else { return exit::USAGE };
    let language = match printer.language {
        Language::French => explain::Language::French,
        Language::English => explain::Language::English,
    };
    if let Some(name) = &asked.name {
        printer.data(&format!("{name}:"));
    }
    for line in in_words(&query.root, language).lines() {
        printer.data(&harmless(line));
    }
    exit::COMPLETE
}
