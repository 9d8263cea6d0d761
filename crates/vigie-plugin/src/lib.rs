//! What the author of a source sees: the C ABI, its Rust mirror and the [`Source`] trait.
//!
//! A plugin is a folder with `plugin.toml` (who it is, what it may do), `spec.json` (its options) and a library made
//! from a crate like this one, complete:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use vigie_plugin::{Check, CheckStatus, Context, Mention, Output, Report, Request, Result, Source, Words, export_source};
//!
//! /// The options, as `spec.json` describes them.
//! #[derive(Deserialize)]
//! struct Config {
//!     greeting: String,
//! }
//!
//! /// How far the last reading came.
//! #[derive(Serialize, Deserialize)]
//! struct Cursor {
//!     next: u64,
//! }
//!
//! struct Hello {
//!     config: Config,
//! }
//!
//! impl Source for Hello {
//!     type Config = Config;
//!     type State = Cursor;
//!
//!     fn open(config: Config, _context: &Context) -> Result<Self> {
//!         Ok(Self { config })
//!     }
//!
//!     fn check(&mut self, _context: &Context) -> Result<Report> {
//!         let message = Words::new("nothing can go wrong", "rien ne peut mal se passer");
//!         Ok(Report { checks: vec![Check { id: "ready".into(), status: CheckStatus::Ok, message, hint: None }] })
//!     }
//!
//!     fn read(&mut self, request: &Request<Cursor>, output: &mut Output<Cursor>, _context: &Context) -> Result<()> {
//!         let first = request.state.as_ref().map_or(0, |cursor| cursor.next);
//!         for number in first..10 {
//!             output.mention(&Mention {
//!                 native_id: &number.to_string(),
//!                 platform: "forum",
//!                 kind: "post",
//!                 published_at: 1_767_225_600_000_000 + number as i64,
//!                 text: Some(&self.config.greeting),
//!                 ..Mention::default()
//!             })?;
//!         }
//!         output.checkpoint(&Cursor { next: 10 })
//!     }
//! }
//!
//! export_source!(
//!     Hello,
//!     id = "hello",
//!     spec = r#"{"spec": 1, "id": "hello", "version": "0.1.0", "tables": ["mentions/1"], "incremental": true,
//!         "resume": "exact", "state_version": 1, "state_versions_read": [1], "modes": ["incremental", "sample"],
//!         "config_schema": {"type": "object", "additionalProperties": false, "required": ["greeting"],
//!             "properties": {"greeting": {"type": "string", "description": "What to say"}}}}"#
//! );
//! ```
//!
//! A source that reads from a service asks the host to fetch, see [`Context::http`]; it needs no network of its own.
//!
//! No Arrow crate, no async, no HTTP crate: serde is all a plugin compiles besides its own code. Plugins in other
//! languages use `include/vigie_plugin.h`, which [`abi`] mirrors.

#![allow(unsafe_code, reason = "this crate is the C border; every block says why it holds")]

pub mod abi;
mod arrow;
mod columns;
mod context;
mod error;
#[doc(hidden)]
pub mod export;
mod http;
mod mention;
mod output;
mod partition;
mod record;
mod request;
mod source;
pub mod time;

pub use columns::mention_columns;
pub use context::Context;
pub use error::{Code, Error, Result};
pub use http::{Http, HttpAnswer, HttpCall};
pub use mention::Mention;
pub use output::Output;
pub use partition::{Partition, Partitions};
pub use record::{Coverage, Event, MetricPoint};
pub use request::{Budget, Check, CheckStatus, Mode, Notice, Query, Reject, Report, Request, Window, Words};
pub use source::Source;
