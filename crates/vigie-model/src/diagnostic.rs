//! Messages for the person who made a mistake: what, where, what next.

pub mod render;

use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; the run goes on unchanged.
    Warning,
    /// What it names cannot be used.
    Error,
}

/// A sentence in both languages, without final period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Bilingual {
    /// A sentence in both languages.
    pub fn new(en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { en: en.into(), fr: fr.into() }
    }

    /// The sentence in the language of the terminal.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::French => &self.fr,
        }
    }
}

/// Language of messages on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file, relative to the project where possible.
    pub file: PathBuf,
    /// Its whole text.
    pub text: String,
    /// Bytes of `text` the message is about.
    pub span: std::ops::Range<usize>,
}

impl fmt::Display for Location {
    /// `vigie.toml:91`: the file and the line, counted from one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.text.as_bytes().iter().take(self.span.start);
        write!(f, "{}:{}", self.file.display(), 1 + before.filter(|b| **b == b'\n').count())
    }
}

/// One thing that is wrong, with its place and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Stable code (`C104`).
    pub code: &'static str,
    /// What happened.
    pub message: Bilingual,
    /// Where.
    pub location: Option<Location>,
    /// What to do next.
    pub hints: Vec<Bilingual>,
}

impl Diagnostic {
    /// An error without place or hint yet.
    pub fn error(code: &'static str, message: Bilingual) -> Self {
        Self { severity: Severity::Error, code, message, location: None, hints: Vec::new() }
    }

    /// A warning without place or hint yet.
    pub fn warning(code: &'static str, message: Bilingual) -> Self {
        Self { severity: Severity::Warning, code, message, location: None, hints: Vec::new() }
    }

    /// The same, about a place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// The same, with one more piece of advice.
    #[must_use]
    pub fn hint(mut self, hint: Bilingual) -> Self {
        self.hints.push(hint);
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.code, self.message.en)
    }
}

#[cfg(test)]
mod tests {
    use super::Location;

    #[test]
    fn a_place_is_a_file_and_a_line_counted_from_one() {
        let at =
            |span| Location { file: "vigie.toml".into(), text: "a = 1\nbé = 2\nc = 3\n".to_owned(), span }.to_string();
        assert_eq!(
            [at(0..1), at(5..6), at(6..9), at(14..15)],
            ["vigie.toml:1", "vigie.toml:1", "vigie.toml:2", "vigie.toml:3"]
        );
    }
}
