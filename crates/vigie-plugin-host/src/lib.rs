//! Finds, checks, loads and runs source plugins, each in a process of its own.
//!
//! [`SearchPath::find`] gives a [`Plugin`] whose papers are in order; [`Plugin::validate`] checks options without
//! running it; [`read`] runs it in a child, which is the host's own executable again: its `main` must start with
//! [`run_child_if_asked`]. Rows arrive at a [`Sink`], validated; the [`Outcome`] says how it ended in both languages.

#![allow(unsafe_code, reason = "this crate loads foreign code; every block says why it holds")]
#![allow(clippy::result_large_err, reason = "an error ends a run, once; moving it costs nothing there")]

pub mod batch;
pub mod drill;
pub mod frame;
mod import;
mod json_rows;
pub mod limits;
mod load;
pub mod locate;
pub mod manifest;
mod nearest;
mod official;
pub mod outcome;
pub mod plugin;
mod process;
mod run;
mod runner;
mod schema;
mod services;
pub mod sink;
pub mod spec;
mod stop;
mod table;

pub use batch::{Batch, Column, Plain, TextColumn, TextListColumn, Values};
pub use drill::{Drill, DrillReport};
pub use limits::Limits;
pub use locate::{Located, NotFound, SearchPath, Tried};
pub use manifest::Manifest;
pub use outcome::{Failure, Notice, Outcome, Summary};
pub use plugin::{Origin, Plugin};
pub use run::{Runner, check, read};
pub use runner::{COMMAND, run_child, run_child_if_asked};
pub use sink::{Level, Reject, Sink, SinkError};
pub use spec::{Problem, Spec};
pub use vigie_plugin::{Check, CheckStatus, Mode, Query, Report, Request, Window};
