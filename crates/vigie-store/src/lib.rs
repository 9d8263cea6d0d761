//! The archive: what was collected, kept for years in Delta tables that other engines open too.
//!
//! One commit carries the rows of a source *and* the cursor that says where to go on, so a crash at
//! any instruction loses nothing and doubles nothing. Nothing here reads a text or computes a figure.

mod archive;
mod cursor;
mod error;
mod known;
mod lock;
mod schema;

pub use archive::{Archive, Snapshot};
pub use cursor::Cursor;
pub use error::Error;
pub use known::{KnownRows, Novelty};
pub use lock::Lock;
pub use schema::{polars_type, schema};
