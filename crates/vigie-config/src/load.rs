//! A folder read as a whole: every file, and every problem in it.

use std::path::Path;

use vigie_model::diagnostic::{Bilingual, Diagnostic, Severity};

use crate::page::{Languages, Page};
use crate::settings::{Event, Note, Project};
use crate::tables::Tables;
use crate::{event, labels, note, review, tone_model};

/// Name of the project file.
pub const PROJECT_FILE: &str = "vigie.toml";
/// Name of the file of events.
pub const EVENTS_FILE: &str = "events.toml";
/// Name of the folder of notes.
pub const NOTES_FOLDER: &str = "notes";

/// What reading a project folder gave.
#[derive(Debug)]
pub struct Loaded {
    /// The settings; `None` when a diagnostic is an error.
    pub project: Option<Project>,
    /// Everything wrong, by file and line; warnings alone do not prevent a run.
    pub diagnostics: Vec<Diagnostic>,
}

/// Value of an environment variable by name; `None` when it is not set.
pub(crate) type Environment<'e> = dyn Fn(&str) -> Option<String> + 'e;

/// Reads the project in `dir`; `env` gives the value of an environment variable.
pub fn load(dir: &Path, env: &dyn Fn(&str) -> Option<String>) -> Loaded {
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let mut diagnostics = Vec::new();
    let Some(text) = read_text(&dir, Path::new(PROJECT_FILE), &mut diagnostics) else {
        if diagnostics.is_empty() {
            diagnostics.push(no_project(&dir));
        }
        return Loaded { project: None, diagnostics };
    };
    let page = Page::new(&dir, PROJECT_FILE, &text, env);
    let tables = Tables::read(&page);
    let ids = tables.entity_ids();
    let languages = page.languages.get();
    let project = tables.into_project(&page);
    diagnostics.extend(page.into_problems());

    let known: Vec<&str> = ids.iter().map(String::as_str).collect();
    let events = read_events(&dir, env, (&known, languages), &mut diagnostics);
    let notes = read_notes(&dir, env, &mut diagnostics);
    let reviews = read_own(&dir, review::REVIEWS_FILE, env, review::read, &mut diagnostics).unwrap_or_default();
    let labels = read_own(&dir, labels::LABELS_FILE, env, labels::read, &mut diagnostics).unwrap_or_default();
    let tone_model = read_own(&dir, tone_model::TONE_MODEL_FILE, env, tone_model::read, &mut diagnostics).flatten();
    let failed = diagnostics.iter().any(|d| d.severity == Severity::Error);
    let project = project.filter(|_| !failed).map(|p| Project { reviews, labels, tone_model, events, notes, ..p });
    Loaded { project, diagnostics }
}

fn no_project(dir: &Path) -> Diagnostic {
    let dir = dir.display();
    Diagnostic::error(
        "C100",
        Bilingual::new(
            format!("no `{PROJECT_FILE}` in `{dir}`"),
            format!("aucun fichier `{PROJECT_FILE}` dans `{dir}`"),
        ),
    )
    .hint(Bilingual::new(
        format!("`vigie new {dir}` makes a project that runs as it is"),
        format!("`vigie new {dir}` crée un projet qui fonctionne tel quel"),
    ))
}

/// A text file of the project; `None` when it does not exist, or cannot be read, which is reported.
fn read_text(dir: &Path, file: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let bytes = match std::fs::read(dir.join(file)) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return None,
        Err(e) => {
            let file = file.display();
            let message =
                Bilingual::new(format!("`{file}` cannot be read: {e}"), format!("`{file}` est illisible : {e}"));
            diagnostics.push(Diagnostic::error("C100", message));
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(e) => {
            diagnostics.push(not_utf8(file, &e));
            None
        }
    }
}

fn not_utf8(file: &Path, error: &std::string::FromUtf8Error) -> Diagnostic {
    let good = error.utf8_error().valid_up_to();
    let line = String::from_utf8_lossy(&error.as_bytes()[..good]).matches('\n').count() + 1;
    let file = file.display();
    Diagnostic::error(
        "C100",
        Bilingual::new(
            format!("`{file}` is not UTF-8 text (line {line})"),
            format!("`{file}` n'est pas un texte UTF-8 (ligne {line})"),
        ),
    )
    .hint(Bilingual::new("save it again with the encoding UTF-8", "enregistrez-le de nouveau avec l'encodage UTF-8"))
}

fn read_events(
    dir: &Path,
    env: &Environment<'_>,
    (entities, languages): (&[&str], Languages),
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Event> {
    let Some(text) = read_text(dir, Path::new(EVENTS_FILE), diagnostics) else {
        return Vec::new();
    };
    let page = Page::new(dir, EVENTS_FILE, &text, env);
    page.languages.set(languages);
    let events = event::read(&page, entities);
    diagnostics.extend(page.into_problems());
    events
}

/// What a file holds that the program wrote itself; `None` when it is not there.
fn read_own<T>(
    dir: &Path,
    name: &str,
    env: &Environment<'_>,
    read: impl Fn(&Page<'_>) -> T,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<T> {
    let text = read_text(dir, Path::new(name), diagnostics)?;
    let page = Page::new(dir, name, &text, env);
    let held = read(&page);
    diagnostics.extend(page.into_problems());
    Some(held)
}

/// Notes by period and name; files that are no Markdown are left alone.
fn read_notes(dir: &Path, env: &Environment<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Note> {
    let Ok(entries) = std::fs::read_dir(dir.join(NOTES_FOLDER)) else {
        return Vec::new();
    };
    let mut names: Vec<_> = entries.flatten().map(|e| e.file_name()).collect();
    names.retain(|n| Path::new(n).extension().is_some_and(|e| e == "md"));
    names.sort();
    let mut notes = Vec::new();
    for name in names {
        let file = Path::new(NOTES_FOLDER).join(name);
        let Some(text) = read_text(dir, &file, diagnostics) else {
            continue;
        };
        let page = Page::new(dir, file, &text, env);
        notes.extend(note::read(&page));
        diagnostics.extend(page.into_problems());
    }
    notes.sort_by(|a, b| (a.period.start, &a.file).cmp(&(b.period.start, &b.file)));
    notes
}
