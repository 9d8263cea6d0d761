//! One file being read: its text, and everything found wrong with it so far.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::DeTable;
use vigie_model::diagnostic::{Bilingual, Diagnostic, Location};
use vigie_model::locale::Locale;

use crate::syntax;

/// A text file of the project, shared by the readers of its tables.
pub(crate) struct Page<'a> {
    /// The project folder.
    pub(crate) dir: &'a Path,
    /// The file, relative to it.
    pub(crate) file: PathBuf,
    /// Its text.
    pub(crate) text: &'a str,
    /// Environment of the run.
    pub(crate) env: &'a dyn Fn(&str) -> Option<String>,
    /// Languages the report is written in; words shown to readers must exist in these.
    pub(crate) languages: Cell<Languages>,
    problems: RefCell<Vec<Diagnostic>>,
}

/// Which languages the editions of a project need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Languages {
    pub(crate) french: bool,
    pub(crate) english: bool,
}

impl Languages {
    /// Both, as long as the editions are not known.
    pub(crate) const BOTH: Self = Self { french: true, english: true };

    pub(crate) fn of(editions: &[Locale]) -> Self {
        if editions.is_empty() {
            return Self::BOTH;
        }
        Self { french: editions.iter().any(|l| l.is_french()), english: editions.iter().any(|l| !l.is_french()) }
    }
}

impl<'a> Page<'a> {
    pub(crate) fn new(
        dir: &'a Path,
        file: impl Into<PathBuf>,
        text: &'a str,
        env: &'a dyn Fn(&str) -> Option<String>,
    ) -> Self {
        Self { dir, file: file.into(), text, env, languages: Cell::new(Languages::BOTH), problems: RefCell::default() }
    }

    /// The tables that could be read; syntax errors are reported here.
    pub(crate) fn parse(&self) -> DeTable<'a> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            self.report(syntax::diagnostic(&error, self));
        }
        table.into_inner()
    }

    /// A place in this file.
    pub(crate) fn place(&self, span: Range<usize>) -> Location {
        Location { file: self.file.clone(), text: self.text.to_owned(), span }
    }

    /// Keeps a problem that has its place already, or none.
    pub(crate) fn report(&self, diagnostic: Diagnostic) {
        self.problems.borrow_mut().push(diagnostic);
    }

    /// Keeps an error about `span`.
    pub(crate) fn error(&self, code: &'static str, span: Range<usize>, message: Bilingual, hint: Option<Bilingual>) {
        let mut diagnostic = Diagnostic::error(code, message).at(self.place(span));
        diagnostic.hints.extend(hint);
        self.report(diagnostic);
    }

    /// Everything wrong, in the order of the file, without what is only a consequence of bad syntax.
    pub(crate) fn into_problems(self) -> Vec<Diagnostic> {
        let text = self.text;
        let mut problems = self.problems.into_inner();
        let broken: Vec<Range<usize>> = problems.iter().filter_map(|d| doubtful(text, d)).collect();
        if !broken.is_empty() {
            problems.retain(|d| {
                let within = |span: &Range<usize>| d.location.as_ref().is_some_and(|l| span.contains(&l.span.start));
                d.code == syntax::CODE
                    || (!matches!(d.code, "C102" | "C108" | "C109" | "C116") && !broken.iter().any(within))
            });
        }
        // A message without a place comes last.
        problems.sort_by_key(|d| d.location.as_ref().map_or(usize::MAX, |l| l.span.start));
        problems
    }
}

/// The bytes a syntax error makes unreadable: its line, or all that follows what was never closed.
fn doubtful(text: &str, diagnostic: &Diagnostic) -> Option<Range<usize>> {
    let place = diagnostic.location.as_ref().filter(|_| diagnostic.code == syntax::CODE)?;
    let at = place.span.start;
    let start = text.get(..at)?.rfind('\n').map_or(0, |i| i + 1);
    if diagnostic.message.en.contains("unclosed") {
        return Some(start..usize::MAX);
    }
    let end = text.get(at..)?.find('\n').map_or(text.len(), |i| at + i);
    Some(start..end + 1)
}
