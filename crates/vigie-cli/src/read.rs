//! `vigie read`: the texts of a table read, one reading per row.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;
use vigie_config::QueryText;
use vigie_config::settings::Project;
use vigie_config::tone_model::ToneModel;
use vigie_model::diagnostic::{Bilingual, Diagnostic, Location};
use vigie_query::{Accents, Dialect, Options};
use vigie_read::{BadQuery, Columns, Entities, Format, Job, Sought, Summary};

use crate::commands::project;
use crate::print::Printer;
use crate::{clock, exit};

/// What to read.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// CSV, NDJSON or Parquet; gzip and zstd are undone
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Column of the texts
    #[arg(long, value_name = "COLUMN")]
    text: String,
    /// Column of their titles
    #[arg(long, value_name = "COLUMN")]
    title: Option<String>,
    /// Column that states their languages
    #[arg(long, value_name = "COLUMN")]
    lang: Option<String>,
    /// Language of texts too short to say it themselves
    #[arg(long, value_name = "CODE")]
    source_lang: Option<String>,
    /// Entity to look for: its name, or ID=QUERY; repeat for several
    #[arg(long = "entity", value_name = "NAME|ID=QUERY")]
    entities: Vec<String>,
    /// Project whose entities to look for as well
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
    /// Columns to copy to the output, named input_… where a reading has the same name
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    keep: Vec<String>,
    /// Read emotions as well: columns emotion, p_anger and p_joy (less sure than tone)
    #[arg(long)]
    emotion: bool,
    /// File to write (default: standard output)
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Form of the output: ndjson, csv or parquet (default: by the name of the output, else ndjson)
    #[arg(long, value_name = "FORM")]
    format: Option<Form>,
}

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One JSON object per line
    Ndjson,
    /// CSV
    Csv,
    /// Parquet
    Parquet,
}

impl Form {
    fn of_name(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

pub(crate) fn read(asked: &Reading, printer: &Printer) -> u8 {
    let of_project = match asked.project.as_deref().map(|dir| project(dir, printer)) {
        Some(None) => return exit::USAGE,
        Some(Some(project)) => Some(project),
        None => None,
    };
    let Some(entities) = entities(asked, of_project.as_ref(), printer) else { return exit::USAGE };
    let form = asked.format.or_else(|| asked.output.as_deref().and_then(Form::of_name)).unwrap_or(Form::Ndjson);
    let out: Box<dyn Write + Send> = match &asked.output {
        None => Box::new(io::stdout()),
        Some(path) => match File::create(path) {
            Ok(file) => Box::new(file),
            Err(error) => {
                let words = Bilingual::new(
                    format!("{} cannot be written: {error}", path.display()),
                    format!("{} ne peut pas être écrit : {error}", path.display()),
                );
                printer.error("T002", &words);
                return exit::USAGE;
            }
        },
    };
    let job = Job {
        file: &asked.file,
        columns: Columns {
            text: asked.text.clone(),
            title: asked.title.clone(),
            lang: asked.lang.clone(),
            kept: asked.keep.clone(),
        },
        source_language: asked.source_lang.clone(),
        entities,
        adjustments: of_project
            .as_ref()
            .and_then(|p| p.tone_model.as_ref())
            .map(ToneModel::adjustments)
            .unwrap_or_default(),
        emotion: asked.emotion || of_project.is_some_and(|p| p.emotion),
        format: match form {
            Form::Ndjson => Format::Ndjson,
            Form::Csv => Format::Csv,
            Form::Parquet => Format::Parquet,
        },
    };
    let mut progress = |rows: u64| {
        printer.progress(&Bilingual::new(format!("{rows} rows read"), format!("{rows} lignes lues")));
    };
    match vigie_read::read(&job, out, &mut progress) {
        Ok(summary) => {
            printer.hide_progress();
            tell(&asked.file, &summary, printer)
        }
        Err(error) => failed(&error, printer),
    }
}

/// Says why a table could not be read or written to the end. Who closes the pipe early has seen enough.
pub(crate) fn failed(error: &vigie_read::Error, printer: &Printer) -> u8 {
    if error.is_closed_pipe() {
        return exit::COMPLETE;
    }
    printer.hide_progress();
    printer.diagnostic(&Diagnostic::error("T001", error.message()).hint(error.hint()));
    match error {
        vigie_read::Error::Broken { .. } => exit::INCOMPLETE,
        vigie_read::Error::Write(_) => exit::NO_REPORT,
        _ => exit::USAGE,
    }
}

/// Says what was read, and what could not be.
fn tell(file: &Path, summary: &Summary, printer: &Printer) -> u8 {
    let Summary { rows, unreadable, without_text, .. } = summary;
    let words = Bilingual::new(
        format!("{}: {rows} rows read, {without_text} without text", file.display()),
        format!("{} : {rows} lignes lues, {without_text} sans texte", file.display()),
    );
    let fields = json!({"file": file, "rows": rows, "without_text": without_text, "unreadable": unreadable});
    printer.say("read", &words, fields);
    let Some((line, reason)) = &summary.first_unreadable else { return exit::COMPLETE };
    let words = Bilingual::new(
        format!("{unreadable} rows of {} are not readable, the first at line {line} ({reason})", file.display()),
        format!("{unreadable} lignes de {} sont illisibles, la première à la ligne {line} ({reason})", file.display()),
    );
    let hint = Bilingual::new(
        "they stand in the output with the flag `unreadable`; mend the file, then run again",
        "elles figurent dans la sortie avec l'indicateur `unreadable` ; réparez le fichier, puis relancez",
    );
    printer.diagnostic(&Diagnostic::warning("T003", words).hint(hint));
    exit::INCOMPLETE
}

/// The entities of the command line and of the project; `None` when something was told to be wrong.
fn entities(asked: &Reading, project: Option<&Project>, printer: &Printer) -> Option<Entities> {
    let today = clock::local_today();
    // What is typed may name the project's macros and lists.
    let typed = match project {
        Some(project) => {
            let plain = QueryText::whole(String::new(), "--entity", Dialect::default(), Accents::default());
            project.options(&plain, today)
        }
        None => Options { today: Some(today), ..Options::default() },
    };
    let of_project = project.into_iter().flat_map(|project| {
        project.entities.iter().map(|e| Sought {
            id: e.entity.id.clone(),
            query: e.query.text.clone(),
            options: project.options(&e.query, today),
        })
    });
    let of_command_line = asked.entities.iter().map(|entity| {
        let (id, query) = named(entity);
        Sought { id, query, options: typed.clone() }
    });
    let sought: Vec<Sought> = of_command_line.chain(of_project).collect();
    match Entities::compile(&sought) {
        Ok(entities) => Some(entities),
        Err(BadQuery::Mistakes { query, problems }) => {
            for problem in problems {
                let words = Bilingual::new(&problem.message.en, &problem.message.fr);
                let place = Location { file: "--entity".into(), text: query.clone(), span: problem.span.clone() };
                let mut told = Diagnostic::error(problem.code.as_str(), words).at(place);
                if let Some(hint) = &problem.hint {
                    told = told.hint(Bilingual::new(&hint.en, &hint.fr));
                }
                printer.diagnostic(&told);
            }
            None
        }
        Err(BadQuery::TooMany(error)) => {
            let words = Bilingual::new(
                format!("the queries cannot be compiled: {error}"),
                format!("les requêtes ne peuvent pas être compilées : {error}"),
            );
            printer.error("T004", &words);
            None
        }
    }
}

/// `ID=QUERY`, or a name that is looked for as it is written.
fn named(entity: &str) -> (String, String) {
    match entity.split_once('=') {
        Some((id, query)) => (id.trim().to_owned(), query.trim().to_owned()),
        None => (entity.trim().to_owned(), format!("\"{}\"", entity.trim().replace('"', " "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_own_query() {
        assert_eq!(named("US Airways"), ("US Airways".to_owned(), "\"US Airways\"".to_owned()));
        assert_eq!(
            named("us = usairways OR \"us airways\""),
            ("us".to_owned(), "usairways OR \"us airways\"".to_owned())
        );
    }

    #[test]
    fn the_name_of_the_output_says_its_form() {
        assert_eq!(Form::of_name(Path::new("a/B.CSV")), Some(Form::Csv));
        assert_eq!(Form::of_name(Path::new("a.jsonl")), None);
    }
}
