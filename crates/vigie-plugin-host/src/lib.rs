//! Finds, checks, loads and runs source plugins, each in a process of its own.
//!
//! [`SearchPath::find`] gives a [`Plugin`] whose papers are in order; [`Plugin::validate`] checks options without
//! running it; [`read`] runs it in a child, which is the host's own executable again: its `main` must start with
//! [`run_child_if_asked`]. Rows arrive at a [`Sink`], validated; the [`Outcome`] says how it ended in both languages.
//! What the plugin wants of the world outside, it asks of the [`Broker`] given with [`Runner::served_by`].

#![allow(unsafe_code, reason = "this crate loads foreign code; every block says why it holds")]
#![allow(clippy::result_large_err, reason = "an error ends a run, once; moving it costs nothing there")]

pub mod batch;
pub mod broker;
pub mod budget;
mod custody;
pub mod drill;
pub mod entry;
mod errands;
pub mod exchange;
pub mod frame;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod import;
mod in_process;
mod inbox;
mod json_rows;
pub mod limits;
mod load;
pub mod locate;
pub mod lock;
pub mod manifest;
mod nearest;
pub mod needs;
pub mod network;
mod official;
mod orphans;
pub mod outcome;
pub mod package;
pub mod papers;
pub mod permissions;
mod phase;
pub mod plugin;
mod process;
pub mod rate;
mod requests;
pub mod retry;
mod run;
mod runner;
pub mod sandbox;
mod schema;
mod services;
pub mod sink;
pub mod spec;
mod stop;
mod table;
pub mod trust;
pub mod user;

pub use batch::{Batch, Column, Plain, TextColumn, TextListColumn, Values};
pub use broker::{Broker, Errand, HttpRequest, HttpResponse, Refusal};
pub use drill::{Drill, DrillReport};
pub use limits::Limits;
pub use locate::{Listed, Located, NotFound, SearchPath, Tried};
pub use lock::{LockFile, Pinned};
pub use manifest::Manifest;
pub use network::Reach;
pub use outcome::{Failure, Notice, Outcome, Summary};
pub use papers::{Custody, at_work, examine};
pub use permissions::Permissions;
pub use plugin::{Origin, Plugin};
pub use retry::{Resumable, Retries};
pub use run::{Runner, check, read};
pub use runner::{COMMAND, run_child, run_child_if_asked};
pub use sandbox::Sandbox;
pub use sink::{Level, Reject, Sink, SinkError};
pub use spec::{Problem, Spec};
pub use trust::TrustStore;
pub use vigie_plugin::{Budget, Check, CheckStatus, Code, Mode, Query, Report, Request, Window};
