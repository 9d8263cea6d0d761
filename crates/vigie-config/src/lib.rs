//! A project folder turned into settings, or everything that is wrong with it.
//!
//! [`load`] never stops at the first mistake: each one becomes a diagnostic with file, line, caret
//! and the nearest valid name. Nothing here collects, computes or prints; only [`scaffold`] and
//! the functions called `keep` write.

mod archive;
mod brand;
mod collect;
mod entity;
mod environment;
mod event;
mod fields;
mod gap;
mod homonym;
pub mod labels;
mod load;
mod note;
mod page;
mod plugins;
mod project;
mod query;
mod query_check;
mod query_text;
mod report;
pub mod review;
mod rewrite;
pub mod scaffold;
pub mod settings;
mod source;
mod suggest;
mod syntax;
mod tables;
pub mod tone_model;
mod validate;

pub use environment::process_environment;
pub use load::{EVENTS_FILE, Loaded, NOTES_FOLDER, PROJECT_FILE, load};
pub use query_text::QueryText;
