//! The archive: what was collected, kept for years in Delta tables that other engines open too.
//!
//! One commit carries the rows of a source *and* the cursor that says where to go on, so a crash at
//! any instruction loses nothing and doubles nothing. Nothing here reads a text or computes a figure.

mod archive;
mod bucket;
mod cells;
mod compact;
mod cursor;
mod enforce;
mod error;
mod export;
mod fingerprint;
mod import;
mod info;
mod known;
mod lock;
mod months;
mod place;
mod retention;
mod schema;
mod snapshot;
mod stored;

pub use archive::{Archive, NewRows, Stamp};
pub use compact::Compacted;
pub use cursor::{Cursor, Slot};
pub use enforce::Enforced;
pub use error::Error;
pub use export::{Format, export};
pub use fingerprint::{ROW_HASH, row_hashes, row_keys};
pub use import::{Imported, Origin, import, origins};
pub use info::{SlotInfo, TableInfo};
pub use known::{KnownRows, Novelty};
pub use lock::Lock;
pub use place::Place;
pub use retention::{Retention, before_writing};
pub use schema::{polars_type, schema};
pub use snapshot::Snapshot;
