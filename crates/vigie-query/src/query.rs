//! One query: its tree, and how it was read.

use std::fmt;

use crate::lint;
use crate::options::{Accents, Options};
use crate::parser;
use crate::problem::{Code, Problem, Severity};
use crate::syntax::Node;

/// A query that can be compiled. It has no error; it may have warnings.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The tree.
    pub root: Node,
    /// Whether accents count.
    pub accents: Accents,
}

/// What reading a query gave.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The query; None when there is an error.
    pub query: Option<Query>,
    /// All mistakes and warnings, in the order of the text.
    pub diagnostics: Vec<Problem>,
}

impl Parsed {
    /// The mistakes only.
    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.diagnostics.iter().filter(|p| p.severity() == Severity::Error)
    }
}

impl Query {
    /// Reads a query. All mistakes are reported at once; warnings are those of the linter that need no
    /// archive (all but W10).
    pub fn parse(text: &str, options: &Options) -> Parsed {
        let (root, mut diagnostics) = parser::parse(text, options);
        let query = root.map(|root| Self { root, accents: options.accents });
        // What could be read of a query with mistakes may have doubtful parts too; a huge tree is left alone.
        let huge = [Code::TooLong, Code::TooManyPatterns, Code::TooDeep];
        if let Some(query) = query.as_ref().filter(|_| !diagnostics.iter().any(|p| huge.contains(&p.code))) {
            lint::lint(query, options, &mut diagnostics);
        }
        diagnostics.sort_by_key(|p| (p.span.start, p.code, p.span.end));
        diagnostics.dedup();
        let failed = diagnostics.iter().any(|p| p.severity() == Severity::Error);
        Parsed { query: query.filter(|_| !failed), diagnostics }
    }
}

impl fmt::Display for Query {
    /// Prints a query that reads back to the same tree (in the canonical dialect).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}
