//! Knows the order of the stages, nothing else.
//!
//! `collect` brings rows into the archive; `report` reads them and writes documents, offline, with no
//! clock but the period asked for. Words for the terminal and exit codes belong to the command line.

#![allow(clippy::result_large_err, reason = "an error ends a run, once; moving it costs nothing there")]

mod archive;
pub mod audit;
mod check;
mod collection;
mod documents;
mod error;
mod exclusions;
mod figures;
pub mod learn;
mod manifest;
mod material;
mod network;
mod reading;
mod report;
pub mod review;
mod sources;
mod stages;

pub use archive::{ArchiveInfo, archive_compact, archive_export, archive_import, archive_info, reset_state};
pub use check::check;
pub use collection::{Terms, collect};
pub use error::Error;
pub use exclusions::wide_exclusions;
pub use report::{Made, report};
pub use sources::{PlannedSource, plan};
pub use stages::{Stage, Stages};
pub use vigie_collect::{Collection, Event};
pub use vigie_plugin_host::{Failure, Level};
pub use vigie_store::{Compacted, Format, Imported};
