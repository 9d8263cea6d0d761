//! What each command does: one call into the pipeline, and words about it.

use std::path::{Path, PathBuf};

use serde_json::json;
use vigie_config::settings::Project;
use vigie_config::{Loaded, load, process_environment, scaffold};
use vigie_model::diagnostic::{Bilingual, Diagnostic, Severity};
use vigie_model::ledger::SourceOutcome;
use vigie_model::period::Period;
use vigie_pipeline::{Collection, Event, Level, Terms};

use crate::archive::enforced;
use crate::plugin_dirs::PluginDirs;
use crate::print::Printer;
use crate::{clock, exit};

/// Does `command` for every project and gives the worst of its statuses.
pub(crate) fn each(dirs: &[PathBuf], printer: &Printer, command: &mut dyn FnMut(&Path, &Printer) -> u8) -> u8 {
    let statuses: Vec<u8> = dirs.iter().map(|dir| command(dir, printer)).collect();
    if dirs.len() > 1 {
        let complete: usize = statuses.iter().map(|s| usize::from(*s == exit::COMPLETE)).sum();
        let words = Bilingual::new(
            format!("{complete} of {} projects complete", dirs.len()),
            format!("{complete} projets complets sur {}", dirs.len()),
        );
        printer.say("summary", &words, json!({"projects": dirs.len(), "complete": complete}));
    }
    exit::worst(statuses.into_iter())
}

pub(crate) fn new(dir: &Path, name: Option<&str>, printer: &Printer) -> u8 {
    let folder = dir.file_name().map_or_else(|| "client".to_owned(), |n| n.to_string_lossy().into_owned());
    match scaffold::scaffold(dir, name.unwrap_or(&folder), printer.language, clock::local_today()) {
        Ok(files) => {
            for file in files {
                printer.path(&file);
            }
            let next = dir.display();
            let words = Bilingual::new(format!("next: vigie run {next}"), format!("ensuite : vigie run {next}"));
            printer.say("new", &words, json!({"dir": dir}));
            exit::COMPLETE
        }
        Err(error) => {
            printer.diagnostic(&error.diagnostic());
            exit::USAGE
        }
    }
}

/// The project in `dir`, or nothing after all errors have been said. Warnings are for `check`: a
/// monthly run does not repeat them, but that of a model that is not used.
pub(crate) fn project(dir: &Path, printer: &Printer) -> Option<Project> {
    let mut loaded = load(dir, &process_environment);
    loaded.diagnostics.retain(|d| d.severity == Severity::Error || d.code == vigie_config::tone_model::STALE);
    told(loaded, printer)
}

/// Says everything about a project and gives it when nothing stops it from being used.
fn told(loaded: Loaded, printer: &Printer) -> Option<Project> {
    for diagnostic in &loaded.diagnostics {
        printer.diagnostic(diagnostic);
    }
    let broken = loaded.diagnostics.iter().any(|d| d.severity == Severity::Error);
    loaded.project.filter(|_| !broken)
}

fn period(project: &Project, asked: Option<&str>, printer: &Printer) -> Option<Period> {
    let today = clock::today(&project.timezone);
    match Period::parse(asked.unwrap_or(&project.report.period), today) {
        Ok(period) => Some(period),
        Err(error) => {
            printer.error("C001", &error.message());
            None
        }
    }
}

pub(crate) fn check(dir: &Path, locked: bool, plugins: &PluginDirs, printer: &Printer) -> u8 {
    let loaded = load(dir, &process_environment);
    let warnings = loaded.diagnostics.iter().filter(|d| d.severity == Severity::Warning).count();
    let Some(project) = told(loaded, printer).and_then(|p| plugins.first(p, printer)) else { return exit::USAGE };
    let problems = vigie_pipeline::check(&project, locked);
    for problem in &problems {
        printer.diagnostic(problem);
    }
    if !problems.is_empty() {
        return exit::USAGE;
    }
    let dir = dir.display().to_string();
    let words = match warnings {
        0 => Bilingual::new(format!("{dir}: nothing wrong"), format!("{dir} : rien à signaler")),
        n => Bilingual::new(
            format!("{dir}: no error, {n} warnings"),
            format!("{dir} : aucune erreur, {n} avertissements"),
        ),
    };
    printer.say("check", &words, json!({"dir": dir, "warnings": warnings}));
    exit::COMPLETE
}

pub(crate) fn plan(dir: &Path, plugins: &PluginDirs, printer: &Printer) -> u8 {
    let Some(project) = project(dir, printer).and_then(|p| plugins.first(p, printer)) else { return exit::USAGE };
    let mut status = exit::COMPLETE;
    for source in vigie_pipeline::plan(&project) {
        for problem in &source.problems {
            printer.diagnostic(problem);
            status = exit::USAGE;
        }
        let plugin = source.plugin.unwrap_or_else(|| "—".to_owned());
        let hosts = if source.hosts.is_empty() { "—".to_owned() } else { source.hosts.join(",") };
        let library = source.library.map_or_else(|| "—".to_owned(), |hash| hash.chars().take(12).collect());
        printer.data(&format!("{}\t{plugin}\t{library}\t{hosts}", source.id));
    }
    status
}

pub(crate) fn collect(dir: &Path, terms: &Terms, plugins: &PluginDirs, printer: &Printer) -> u8 {
    let Some(project) = project(dir, printer).and_then(|p| plugins.first(p, printer)) else { return exit::USAGE };
    let enabled = || project.sources.iter().filter(|s| s.enabled).map(|s| s.id.as_str());
    if let Some(unknown) = terms.only.iter().find(|id| !enabled().any(|e| e == *id)) {
        let known = enabled().collect::<Vec<_>>().join(", ");
        let words = Bilingual::new(
            format!("the project collects no source `{unknown}`; it collects {known}"),
            format!("le projet ne collecte pas de source `{unknown}` ; il collecte {known}"),
        );
        printer.error("C001", &words);
        return exit::USAGE;
    }
    match gather(&project, terms, printer) {
        Ok(collection) => collected(&collection),
        Err(status) => status,
    }
}

/// Complete only when every source delivered every row.
fn collected(collection: &Collection) -> u8 {
    let whole = |l: &vigie_model::ledger::SourceLedger| l.outcome == SourceOutcome::Complete && l.rows.rejected == 0;
    if collection.run.iter().all(whole) { exit::COMPLETE } else { exit::INCOMPLETE }
}

fn gather(project: &Project, terms: &Terms, printer: &Printer) -> Result<Collection, u8> {
    let key = process_environment("VIGIE_AUTHOR_KEY");
    let mut tell = |event: Event<'_>| match event {
        Event::Started { source } => {
            printer.progress(&Bilingual::new(format!("{source}: reading"), format!("{source} : lecture")));
        }
        Event::Rows { source, read } => {
            printer.progress(&Bilingual::new(format!("{source}: {read} rows"), format!("{source} : {read} lignes")));
        }
        Event::Said { source, level, text } if level <= Level::Warning => {
            let words = Bilingual::new(format!("{source}: {text}"), format!("{source} : {text}"));
            printer.say("plugin", &words, json!({"source": source}));
        }
        Event::Noted { words } => printer.say("note", words, json!({})),
        Event::Retrying { source, failure, wait } => printer.retrying(source, failure, wait),
        Event::GivenUp { source, failure } if failure.is_crash() => printer.crashed(source, &project.dir, failure),
        Event::Said { .. } | Event::GivenUp { .. } => {}
        Event::Rejected { source, rows, first: (place, reason), kept_in } => {
            printer.rejected(source, rows, place, reason, kept_in);
        }
        Event::Ended { ledger } => printer.ledger(ledger),
    };
    let collection = vigie_pipeline::collect(project, terms, clock::now(), key.as_deref(), &mut tell);
    let collection = collection.map_err(|error| match error {
        vigie_pipeline::Error::Pins(problems) => {
            for problem in &problems {
                printer.diagnostic(problem);
            }
            exit::USAGE
        }
        error => {
            let kept = Bilingual::new(
                "what was committed before is kept, and the next run goes on from there",
                "ce qui a été validé avant est gardé, et la prochaine exécution reprend de là",
            );
            printer.diagnostic(&Diagnostic::error("A001", error.message()).hint(kept));
            exit::NO_REPORT
        }
    })?;
    retention(collection.enforced.dropped, collection.enforced.reduced, printer);
    Ok(collection)
}

/// Says what the terms of the sources took out of the archive.
fn retention(dropped: u64, reduced: u64, printer: &Printer) {
    if dropped + reduced > 0 {
        printer.say("retention", &enforced(dropped, reduced), json!({"dropped": dropped, "reduced": reduced}));
    }
}

pub(crate) fn report(dir: &Path, asked: Option<&str>, printer: &Printer) -> u8 {
    let Some(project) = project(dir, printer) else { return exit::USAGE };
    let Some(period) = period(&project, asked, printer) else { return exit::USAGE };
    make(&project, &period, printer)
}

fn make(project: &Project, period: &Period, printer: &Printer) -> u8 {
    printer.progress(&Bilingual::new(format!("report of {period}"), format!("rapport de {period}")));
    let made = match vigie_pipeline::report(project, period, clock::now()) {
        Ok(made) => made,
        Err(error) => {
            printer.error("R001", &error.message());
            return exit::NO_REPORT;
        }
    };
    retention(made.enforced.dropped, made.enforced.reduced, printer);
    for document in &made.documents {
        printer.path(document);
    }
    let seconds: f64 = made.stages.0.iter().map(|s| s.took.as_secs_f64()).sum();
    let stages: Vec<_> = made
        .stages
        .0
        .iter()
        .map(|s| json!({"stage": s.name, "rows": s.rows, "seconds": s.took.as_secs_f64()}))
        .collect();
    let words = Bilingual::new(
        format!("{}: {} mentions kept, report in {seconds:.1} s", project.id, made.mentions),
        format!("{} : {} mentions retenues, rapport en {seconds:.1} s", project.id, made.mentions).replace('.', ","),
    );
    printer.say("report", &words, json!({"project": project.id, "mentions": made.mentions, "stages": stages}));
    if let Some(problem) = &made.unkept {
        let words = Bilingual::new(
            format!("what was read could not be kept ({problem}): the report is whole, the next one takes as long"),
            format!(
                "les lectures n'ont pu être conservées ({problem}) : le rapport est entier, le prochain sera aussi long"
            ),
        );
        printer.say("readings", &words, json!({"problem": problem.to_string()}));
    }
    if made.incomplete.is_empty() { exit::COMPLETE } else { exit::INCOMPLETE }
}

pub(crate) fn run(dir: &Path, asked: Option<&str>, terms: &Terms, plugins: &PluginDirs, printer: &Printer) -> u8 {
    let Some(project) = project(dir, printer).and_then(|p| plugins.first(p, printer)) else { return exit::USAGE };
    let Some(period) = period(&project, asked, printer) else { return exit::USAGE };
    let collected = match gather(&project, terms, printer) {
        Ok(collection) => collected(&collection),
        Err(status) => return status,
    };
    exit::worst([collected, make(&project, &period, printer)].into_iter())
}
