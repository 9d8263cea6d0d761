//! `vigie topics`: what the texts of a table speak of, month by month.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_read::{TopicsJob, TopicsSummary};

use crate::print::Printer;
use crate::{exit, read};

/// What to find the topics of.
#[derive(Debug, Args)]
pub(crate) struct Asked {
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
    /// Column of their dates (2026-10-31…): topics are followed from month to month
    #[arg(long, value_name = "COLUMN")]
    date: Option<String>,
    /// Column of their authors: people are counted, not texts
    #[arg(long, value_name = "COLUMN")]
    author: Option<String>,
    /// Language of texts too short to say it themselves
    #[arg(long, value_name = "CODE")]
    source_lang: Option<String>,
    /// Fewest authors of a topic
    #[arg(long, value_name = "COUNT", default_value = "30")]
    min_authors: usize,
    /// File to write the topics to, one JSON object per topic and month (default: standard output)
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// File to write the topic of each row to, one JSON object per row
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
}

pub(crate) fn run(asked: &Asked, printer: &Printer) -> u8 {
    let mut out: Box<dyn Write> = match &asked.output {
        None => Box::new(io::stdout()),
        Some(path) => match created(path, printer) {
            Some(file) => Box::new(file),
            None => return exit::USAGE,
        },
    };
    let mut rows = match asked.rows.as_deref().map(|path| created(path, printer)) {
        Some(None) => return exit::USAGE,
        Some(file) => file,
        None => None,
    };
    let job = TopicsJob {
        file: &asked.file,
        text: asked.text.clone(),
        title: asked.title.clone(),
        lang: asked.lang.clone(),
        date: asked.date.clone(),
        author: asked.author.clone(),
        source_language: asked.source_lang.clone(),
        least_authors: asked.min_authors,
    };
    let mut progress = |rows: u64| {
        printer.progress(&Bilingual::new(format!("{rows} rows read"), format!("{rows} lignes lues")));
    };
    let rows = rows.as_mut().map(|file| file as &mut dyn Write);
    match vigie_read::topics(&job, out.as_mut(), rows, &mut progress) {
        Ok(summary) => {
            printer.hide_progress();
            tell(&asked.file, &summary, printer)
        }
        Err(error) => read::failed(&error, printer),
    }
}

fn created(path: &Path, printer: &Printer) -> Option<File> {
    File::create(path)
        .map_err(|error| {
            let words = Bilingual::new(
                format!("{} cannot be written: {error}", path.display()),
                format!("{} ne peut pas être écrit : {error}", path.display()),
            );
            printer.error("T002", &words);
        })
        .ok()
}

/// Says what was found, and what was left out.
fn tell(file: &Path, summary: &TopicsSummary, printer: &Printer) -> u8 {
    let TopicsSummary { read, without_date, months, topics, hidden } = summary;
    let words = Bilingual::new(
        format!(
            "{}: {} rows read, {months} months, {topics} topics, {hidden} hidden as unstable",
            file.display(),
            read.rows
        ),
        format!(
            "{} : {} lignes lues, {months} mois, {topics} sujets, {hidden} cachés car instables",
            file.display(),
            read.rows
        ),
    );
    let fields = json!({
        "file": file, "rows": read.rows, "without_text": read.without_text, "unreadable": read.unreadable,
        "without_date": without_date, "months": months, "topics": topics, "hidden": hidden,
    });
    printer.say("topics", &words, fields);
    let mut status = exit::COMPLETE;
    if let Some((line, reason)) = &read.first_unreadable {
        let unreadable = read.unreadable;
        let words = Bilingual::new(
            format!("{unreadable} rows of {} are not readable, the first at line {line} ({reason})", file.display()),
            format!(
                "{unreadable} lignes de {} sont illisibles, la première à la ligne {line} ({reason})",
                file.display()
            ),
        );
        let hint = Bilingual::new(
            "they are in no topic; mend the file, then run again",
            "elles ne sont dans aucun sujet ; réparez le fichier, puis relancez",
        );
        printer.diagnostic(&Diagnostic::warning("T003", words).hint(hint));
        status = exit::INCOMPLETE;
    }
    if *without_date > 0 {
        let words = Bilingual::new(
            format!("{without_date} rows of {} have no date that begins with year and month", file.display()),
            format!(
                "{without_date} lignes de {} n'ont pas de date qui commence par l'année et le mois",
                file.display()
            ),
        );
        let hint = Bilingual::new(
            "they are in no month; write dates as 2026-10-31, or name another column with --date",
            "elles ne sont dans aucun mois ; écrivez les dates comme 2026-10-31, ou nommez une autre colonne avec --date",
        );
        printer.diagnostic(&Diagnostic::warning("T005", words).hint(hint));
        status = exit::INCOMPLETE;
    }
    status
}
