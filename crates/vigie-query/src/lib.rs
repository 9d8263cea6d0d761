//! The boolean query language: does a text match what the analyst typed.
//!
//! A query is parsed ([`Query::parse`]) into a tree ([`syntax`]) with every mistake and warning found on
//! the way ([`problem`]), then many queries are compiled into one [`QuerySet`] that reads each document
//! once ([`QuerySet::matches`]). The text model (what a word is) lives in `vigie-text`; reading files,
//! archives and the command line live elsewhere.

mod automaton;
mod compile;
mod condition;
mod dates;
pub mod dialect;
mod distance;
pub mod document;
mod evidence;
pub mod exclusion;
pub mod explain;
pub mod field;
mod glob;
mod lexer;
mod lint;
mod matcher;
mod operators;
pub mod options;
mod parser;
mod pattern;
mod plan;
pub mod problem;
pub mod query;
pub mod record;
pub mod reference;
mod sieve;
mod sift;
mod spans;
pub mod syntax;
mod verdict;

pub use compile::{CompileError, QuerySet};
pub use document::{Document, Fact, Moment};
pub use field::Field;
pub use matcher::{Hit, Scratch, Span};
pub use options::{Accents, Dialect, Options, Purpose};
pub use problem::{Code, Message, Problem, Severity};
pub use query::{Parsed, Query};
pub use record::Record;
