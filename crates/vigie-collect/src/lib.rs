//! Brings rows in from the sources, politely, and counts every one.
//!
//! Knows plugins (through their host), the archive and the ledger; reads no text, computes no figure.

mod budget;
mod collector;
mod error;
mod health;
mod pseudonym;
mod quarantine;
mod queue;
mod rows;

pub use collector::{Collection, Event, Job, Source, collect};
pub use error::Error;
pub use health::{SourceRecord, records};
pub use pseudonym::{AUTHOR_BUCKETS, AuthorKey};
pub use quarantine::quarantined;
