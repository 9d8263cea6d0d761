//! The folder that `vigie new` makes: a project that runs as it is, on invented data.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::ToSpan;
use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;
use vigie_model::diagnostic::{Bilingual, Diagnostic, Language};

/// Why a project could not be made. Nothing that existed was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the project is there already.
    #[error("`{}` exists already; nothing was written", .0.display())]
    Exists(PathBuf),
    /// A file or folder could not be written.
    #[error("`{}` cannot be written: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Error {
    /// The error as shown to a person.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::Exists(path) => Diagnostic::error(
                "C120",
                Bilingual::new(
                    format!("`{}` exists already; nothing was written", path.display()),
                    format!("`{}` existe déjà ; rien n'a été écrit", path.display()),
                ),
            )
            .hint(Bilingual::new("choose a folder that is empty or new", "choisissez un dossier vide ou nouveau")),
            Self::Write { path, source } => Diagnostic::error(
                "C121",
                Bilingual::new(
                    format!("`{}` cannot be written: {source}", path.display()),
                    format!("`{}` ne peut être écrit : {source}", path.display()),
                ),
            ),
        }
    }
}

/// Makes a project called `name` in `dir`, with comments in `language` and sample mentions dated in
/// the two months before `today`. Gives the files written.
///
/// # Errors
/// When one of the files exists already (nothing is written then), or cannot be written.
pub fn scaffold(dir: &Path, name: &str, language: Language, today: Date) -> Result<Vec<PathBuf>, Error> {
    let files = contents(name, language, today);
    if let Some(existing) = files.iter().map(|(file, _)| dir.join(file)).find(|p| p.symlink_metadata().is_ok()) {
        return Err(Error::Exists(existing));
    }
    files.into_iter().map(|(file, text)| write(dir.join(file), &text)).collect()
}

fn write(path: PathBuf, text: &str) -> Result<PathBuf, Error> {
    let folder = path.parent().unwrap_or(&path);
    let written = fs::create_dir_all(folder)
        // `create_new` also refuses a file made since the check.
        .and_then(|()| OpenOptions::new().write(true).create_new(true).open(&path))
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => Ok(path),
        Err(source) => Err(Error::Write { path, source }),
    }
}

/// Every file with its text.
fn contents(name: &str, language: Language, today: Date) -> Vec<(String, String)> {
    let (project, events) = match language {
        Language::French => (include_str!("scaffold/vigie.fr.toml"), include_str!("scaffold/events.fr.toml")),
        Language::English => (include_str!("scaffold/vigie.en.toml"), include_str!("scaffold/events.en.toml")),
    };
    let month = today.first_of_month().saturating_sub(1.month());
    let words = Words {
        name,
        month,
        before: month.saturating_sub(1.month()),
        written: today.first_of_month(),
        french: language == Language::French,
    };
    let period = month_name(month);
    let templates = [
        ("vigie.toml".to_owned(), project),
        ("events.toml".to_owned(), events),
        (format!("notes/{period}.fr.md"), include_str!("scaffold/note.fr.md")),
        (format!("notes/{period}.en.md"), include_str!("scaffold/note.en.md")),
        ("data/sample.csv".to_owned(), include_str!("scaffold/sample.csv")),
        (".gitignore".to_owned(), include_str!("scaffold/gitignore.txt")),
    ];
    templates.into_iter().map(|(file, template)| (file, words.fill(template))).collect()
}

/// What the templates leave open.
struct Words<'n> {
    name: &'n str,
    month: Date,
    before: Date,
    written: Date,
    french: bool,
}

impl Words<'_> {
    fn fill(&self, template: &str) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let name = if self.name.trim().is_empty() { "Vigie" } else { self.name.trim() };
        let author = if self.french { "Prénom Nom" } else { "First Last" };
        let slots = [
            ("{{id}}", quoted(&slug(name))),
            ("{{month}}", month_name(self.month)),
            ("{{before}}", month_name(self.before)),
            ("{{first}}", self.month.to_string()),
            ("{{last}}", self.month.last_of_month().to_string()),
            ("{{written}}", self.written.to_string()),
            ("{{author}}", author.to_owned()),
            // Last, so that a name is never taken for a slot.
            ("{{name}}", quoted(name)),
        ];
        slots.iter().fold(template.to_owned(), |text, (slot, value)| text.replace(slot, value))
    }
}

/// `2026-10`.
fn month_name(month: Date) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}

/// An identifier made of `name`: `Cafés Brulio` → `cafes-brulio`.
fn slug(name: &str) -> String {
    let plain: String = name.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    let words: Vec<String> = plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let id: String = words.join("-").chars().take(64).collect();
    if id.is_empty() { "vigie".to_owned() } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn names_become_identifiers() {
        assert_eq!(slug("Cafés Brulio"), "cafes-brulio");
        assert_eq!(slug("  L'Ondéa & fils "), "l-ondea-fils");
        assert_eq!(slug("東京"), "vigie");
    }

    #[test]
    fn both_languages_say_the_same_but_the_comments() {
        let settings = |language| {
            let (_, text) = contents("Demo", language, date(2026, 11, 24)).swap_remove(0);
            let mut table: toml::Table = text.parse().unwrap();
            // The order of the editions and the examples of the query follow the language.
            table["project"].as_table_mut().unwrap().remove("editions");
            table.remove("query");
            table
        };
        assert_eq!(settings(Language::French), settings(Language::English));
    }
}
