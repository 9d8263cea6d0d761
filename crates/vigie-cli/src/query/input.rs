//! Where queries come from: the command line, a file, standard input, a project; and what surrounds them.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use vigie_config::settings::Project;
use vigie_config::{PROJECT_FILE, QueryText, load, process_environment};
use vigie_model::diagnostic::{Bilingual, Diagnostic, Severity};
use vigie_query::{Options, Parsed, Query};

use super::{Queries, Reading};
use crate::print::Printer;
use crate::{clock, exit};

/// A query with what is needed to read it.
pub(super) struct Asked {
    /// Its name in a project; none elsewhere.
    pub(super) name: Option<String>,
    pub(super) text: QueryText,
    pub(super) options: Options,
}

impl Asked {
    pub(super) fn parse(&self) -> Parsed {
        Query::parse(&self.text.text, &self.options)
    }

    /// The query, once everything wrong with it has been said.
    pub(super) fn usable(&self, printer: &Printer) -> Result<(Query, Parsed), u8> {
        let parsed = self.parse();
        for problem in &parsed.diagnostics {
            printer.diagnostic(&self.text.diagnostic(problem));
        }
        parsed.query.clone().map(|query| (query, parsed)).ok_or(exit::USAGE)
    }
}

/// Most bytes read of a query or a text: an endless input must end.
const MOST_BYTES: u64 = 256 << 20;

/// What surrounds the queries of one command.
pub(super) struct Context<'r> {
    reading: &'r Reading,
    project: Option<Project>,
    today: Date,
}

impl<'r> Context<'r> {
    pub(super) fn new(reading: &'r Reading, printer: &Printer) -> Result<Self, u8> {
        let project = reading.project.as_deref().map(|dir| project(dir, printer)).transpose()?;
        let zone = project.as_ref().map(|p| clock::today(&p.timezone));
        let today = reading.today.or(zone).unwrap_or_else(clock::local_today);
        Ok(Self { reading, project, today })
    }

    /// A query typed or read from `file`; `$NAME` alone is the project's query of that name.
    fn asked(&self, text: String, file: impl Into<PathBuf>) -> Asked {
        if let Some(project) = &self.project
            && text.trim().starts_with('$')
            && let Some(named) = project.query(text.trim())
        {
            return self.of_project(project, text.trim().trim_start_matches('$'), named);
        }
        let text = QueryText::whole(text, file, self.reading.dialect.into(), self.reading.accents.into());
        let options = match &self.project {
            Some(project) => project.options(&text, self.today),
            None => vigie_config::settings::options(&text, &BTreeMap::new(), &BTreeMap::new(), self.today),
        };
        Asked { name: None, text, options }
    }

    fn of_project(&self, project: &Project, name: &str, text: &QueryText) -> Asked {
        Asked { name: Some(name.to_owned()), text: text.clone(), options: project.options(text, self.today) }
    }

    /// Every query of a project: its entities' in order, then the named ones that no entity uses.
    pub(super) fn all(&self, project: &Project) -> Vec<Asked> {
        let entities = project.entities.iter().map(|t| (t.entity.id.as_str(), &t.query));
        let own = |text: &QueryText| project.entities.iter().any(|t| t.query == *text);
        let named = project.queries.iter().filter(|(_, q)| !own(&q.text)).map(|(n, q)| (n.as_str(), &q.text));
        entities.chain(named).map(|(name, text)| self.of_project(project, name, text)).collect()
    }
}

/// The project in `dir`, or an exit status once all its errors have been said.
pub(super) fn project(dir: &Path, printer: &Printer) -> Result<Project, u8> {
    let mut loaded = load(dir, &process_environment);
    loaded.diagnostics.retain(|d| d.severity == Severity::Error);
    for diagnostic in &loaded.diagnostics {
        printer.diagnostic(diagnostic);
    }
    loaded.project.ok_or(exit::USAGE)
}

/// The one query of a command.
pub(super) fn one(query: Option<&str>, file: Option<&Path>, reading: &Reading, printer: &Printer) -> Result<Asked, u8> {
    let context = Context::new(reading, printer)?;
    match (query, file) {
        (Some(query), _) => Ok(context.asked(query.to_owned(), TYPED)),
        (None, Some(file)) => Ok(context.asked(read(file, printer)?, file)),
        (None, None) => Ok(context.asked(stdin(printer)?, "-")),
    }
}

/// Name of a query that stands on the command line.
const TYPED: &str = "query";

/// What an input of `check` and `explain` is.
pub(super) enum Input {
    Query(Box<Asked>),
    Project(PathBuf),
}

/// The inputs of a command: without any, the project of this folder, else standard input.
pub(super) fn inputs(queries: &Queries, context: &Context<'_>, printer: &Printer) -> Result<Vec<Input>, u8> {
    let query = |text: String, file: &str| Input::Query(Box::new(context.asked(text, file)));
    let mut found: Vec<Input> = queries.typed.iter().map(|text| query(text.clone(), TYPED)).collect();
    for name in &queries.inputs {
        found.push(match name.as_str() {
            "-" => query(stdin(printer)?, "-"),
            _ if Path::new(name).is_dir() => Input::Project(PathBuf::from(name)),
            _ if Path::new(name).file_name().is_some_and(|n| n == PROJECT_FILE) && Path::new(name).exists() => {
                Input::Project(
                    Path::new(name).parent().filter(|p| p.as_os_str() != "").unwrap_or(Path::new(".")).to_owned(),
                )
            }
            _ if Path::new(name).exists() || !looks_typed(name) => query(read(Path::new(name), printer)?, name),
            _ => query(name.clone(), TYPED),
        });
    }
    if found.is_empty() {
        found.push(if Path::new(PROJECT_FILE).exists() {
            Input::Project(PathBuf::from("."))
        } else {
            query(stdin(printer)?, "-")
        });
    }
    Ok(found)
}

/// True for what can hardly be the name of a file.
fn looks_typed(name: &str) -> bool {
    name.contains([' ', '(', '"', '{', '«', '“', '\n']) || name.starts_with(['#', '@', '$', '-'])
}

/// A text file as a query.
pub(super) fn read(path: &Path, printer: &Printer) -> Result<String, u8> {
    let shown = path.display();
    match std::fs::File::open(path) {
        Ok(file) => text(file, &shown.to_string(), printer),
        Err(error) => {
            let words = Bilingual::new(
                format!("`{shown}` cannot be read: {error}"),
                format!("`{shown}` ne peut être lu : {error}"),
            );
            let hint = Bilingual::new(
                "a query typed on the command line follows --query",
                "une requête tapée dans la commande suit --query",
            );
            printer.diagnostic(&Diagnostic::error("Q001", words).hint(hint));
            Err(exit::USAGE)
        }
    }
}

/// Standard input as a query or a text.
pub(super) fn stdin(printer: &Printer) -> Result<String, u8> {
    text(std::io::stdin(), "-", printer)
}

fn text(source: impl Read, name: &str, printer: &Printer) -> Result<String, u8> {
    let mut bytes = Vec::new();
    let problem = match source.take(MOST_BYTES).read_to_end(&mut bytes) {
        Ok(_) => match String::from_utf8(bytes) {
            Ok(mut text) => {
                if text.starts_with('\u{FEFF}') {
                    text.remove(0);
                }
                return Ok(text);
            }
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let line = 1 + String::from_utf8_lossy(&error.as_bytes()[..good]).matches('\n').count();
                Bilingual::new(
                    format!("`{name}` is not UTF-8 text (line {line}); save it again with the encoding UTF-8"),
                    format!("`{name}` n'est pas un texte UTF-8 (ligne {line}) ; enregistrez-le avec l'encodage UTF-8"),
                )
            }
        },
        Err(error) => {
            Bilingual::new(format!("`{name}` cannot be read: {error}"), format!("`{name}` ne peut être lu : {error}"))
        }
    };
    printer.error("Q001", &problem);
    Err(exit::USAGE)
}
