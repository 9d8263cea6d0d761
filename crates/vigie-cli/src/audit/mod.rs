//! `vigie audit`: sheets of mentions for persons to read, and what their labels say of the machine's reading.

mod show;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use vigie_config::labels;
use vigie_config::settings::Project;
use vigie_model::diagnostic::{Bilingual, Diagnostic, Language};
use vigie_model::period::Period;
use vigie_pipeline::audit::{self, Asked, Filled};

use crate::commands::project;
use crate::print::Printer;
use crate::{clock, exit};

/// What to do with audits.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Draw counted mentions for a person to read, as a CSV and an XLSX sheet
    Sample {
        /// Rows to draw, as many for each entity (default: 200)
        #[arg(short, long, value_name = "COUNT", default_value_t = audit::ROWS, value_parser = clap::value_parser!(u32).range(1..=20_000))]
        number: u32,
        /// Another number draws other mentions (default: 1)
        #[arg(long, value_name = "NUMBER", default_value_t = 1)]
        seed: u64,
        /// Show what the machine read; without it nobody is swayed
        #[arg(long)]
        show_reading: bool,
        #[command(flatten)]
        of: Of,
    },
    /// Keep the labels of a sheet that was filled in, and say what they say
    Load {
        /// The sheet (CSV or XLSX); rows without a label do no harm
        #[arg(value_name = "SHEET")]
        sheet: PathBuf,
        /// Name or initials of the person who read, printed on the method page
        #[arg(long, value_name = "NAME")]
        reviewer: String,
        /// Project folder (default: the current one)
        #[arg(long, value_name = "DIR", default_value = ".")]
        project: PathBuf,
        /// Give the answer as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Say what the labels of a period say
    Show {
        #[command(flatten)]
        of: Of,
        /// Give the answer as one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Which period of which project.
#[derive(Debug, Args)]
pub(crate) struct Of {
    /// Project folder (default: the current one)
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// 2026-10, last-month or 2026-10-01..2026-10-31 (default: the project's own)
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
}

/// Does the command and gives its exit status.
pub(crate) fn run(command: &Command, printer: &Printer) -> u8 {
    let done = match command {
        Command::Sample { number, seed, show_reading, of } => {
            let asked = Asked { number: *number as usize, seed: *seed };
            sample(of, asked, *show_reading, printer)
        }
        Command::Load { sheet, reviewer, project, json } => load(project, sheet, reviewer, *json, printer),
        Command::Show { of, json } => show(of, *json, printer),
    };
    done.unwrap_or_else(|status| status)
}

fn of(of: &Of, printer: &Printer) -> Result<(Project, Period), u8> {
    let project = project(&of.project, printer).ok_or(exit::USAGE)?;
    let asked = of.period.as_deref().unwrap_or(&project.report.period);
    let period = Period::parse(asked, clock::today(&project.timezone)).map_err(|error| {
        printer.error("C001", &error.message());
        exit::USAGE
    })?;
    Ok((project, period))
}

fn failed(printer: &Printer) -> impl Fn(vigie_pipeline::Error) -> u8 {
    |error| {
        printer.error("A001", &error.message());
        exit::NO_REPORT
    }
}

fn sample(asked_of: &Of, asked: Asked, shown: bool, printer: &Printer) -> Result<u8, u8> {
    let (project, period) = of(asked_of, printer)?;
    let sample = audit::draw(&project, &period, asked).map_err(failed(printer))?;
    let labelled = sample.labelled;
    if sample.rows.is_empty() {
        let words = Bilingual::new(
            format!(
                "no mention of {period} with a tone is left to read ({labelled} are labelled); nothing was written"
            ),
            format!(
                "aucune mention de {period} avec un ton ne reste à lire ({labelled} sont codées) ; rien n'a été écrit"
            ),
        );
        printer.error("L002", &words);
        return Err(exit::NO_REPORT);
    }
    let french = printer.language == Language::French;
    let written = audit::write(&project.dir, &period, asked, &sample, shown, french).map_err(failed(printer))?;
    for path in written {
        printer.path(&path);
    }
    let (drawn, mentions, strata) = (sample.rows.len(), sample.mentions, sample.strata);
    let fifth = drawn.div_ceil(5);
    let words = Bilingual::new(
        format!(
            "{drawn} of {mentions} mentions drawn, in {strata} strata (entity, language, tone read); fill in “tone” with \
             negative, neutral, positive, mixed or ?, or “relevant” with no, then: vigie audit load SHEET --reviewer NAME. \
             Let a second person fill in the first {fifth} rows of a copy: their agreement is measured"
        ),
        format!(
            "{drawn} mentions tirées sur {mentions}, en {strata} strates (entité, langue, ton lu) ; remplissez « ton » de \
             négatif, neutre, positif, mitigé ou ?, ou « pertinent » de non, puis : vigie audit load FEUILLE --reviewer NOM. \
             Faites remplir les {fifth} premières lignes d'une copie par une deuxième personne : leur accord est mesuré"
        ),
    );
    printer.say("audit.sample", &words, json!({"drawn": drawn, "mentions": mentions, "labelled": labelled}));
    Ok(exit::COMPLETE)
}

fn load(dir: &Path, sheet: &Path, reviewer: &str, as_json: bool, printer: &Printer) -> Result<u8, u8> {
    let own = project(dir, printer).ok_or(exit::USAGE)?;
    let reviewer = reviewer.trim();
    if reviewer.is_empty() {
        let words = Bilingual::new("who read? `--reviewer` is empty", "qui a lu ? `--reviewer` est vide");
        printer.error("L003", &words);
        return Err(exit::USAGE);
    }
    let filled = audit::load(&own, sheet, reviewer, clock::today(&own.timezone)).map_err(|problem| {
        printer.error("L004", &problem);
        exit::USAGE
    })?;
    let Filled { period, labels, unsure, unread, faults } = filled;
    for words in &faults {
        printer.diagnostic(&Diagnostic::warning("L005", words.clone()));
    }
    if labels.is_empty() {
        let words =
            Bilingual::new("no row has a label; nothing was kept", "aucune ligne n'est codée ; rien n'a été gardé");
        printer.error("L006", &words);
        return Err(exit::USAGE);
    }
    let read = labels.len();
    let (file, replaced) = labels::keep(&own.dir, labels).map_err(|problem| {
        printer.error("L007", &problem);
        exit::NO_REPORT
    })?;
    let shown = file.display();
    let words = Bilingual::new(
        format!(
            "{read} labels of {reviewer} kept in {shown} ({replaced} instead of earlier ones); {unsure} undecided, \
             {unread} rows without a label"
        ),
        format!(
            "{read} codages de {reviewer} gardés dans {shown} ({replaced} à la place de précédents) ; {unsure} sans \
             décision, {unread} lignes sans codage"
        ),
    );
    printer.say(
        "audit.load",
        &words,
        json!({"labels": read, "replaced": replaced, "unsure": unsure, "unread": unread}),
    );
    let status = show(&Of { project: dir.to_owned(), period: Some(period) }, as_json, printer)?;
    Ok(if faults.is_empty() { status } else { exit::INCOMPLETE })
}

fn show(asked_of: &Of, as_json: bool, printer: &Printer) -> Result<u8, u8> {
    let (project, period) = of(asked_of, printer)?;
    let Some(audited) = audit::stand(&project, &period).map_err(failed(printer))? else {
        let words = Bilingual::new(
            format!("no counted mention of {period} is labelled; draw a sheet with: vigie audit sample"),
            format!("aucune mention comptée de {period} n'est codée ; tirez une feuille avec : vigie audit sample"),
        );
        printer.error("L008", &words);
        return Err(exit::NO_REPORT);
    };
    if as_json {
        printer.data(&show::json(&project, &period, &audited).to_string());
    } else {
        for line in show::lines(&project, &period, &audited, printer.language == Language::French) {
            printer.row(&[&line]);
        }
    }
    Ok(exit::COMPLETE)
}
