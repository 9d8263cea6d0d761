//! Tables of an archive in a folder of their own: what is committed, read, compacted, purged, taken out and in.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

#[path = "tables/commits.rs"]
mod commits;
#[path = "tables/compaction.rs"]
mod compaction;
#[path = "tables/reading.rs"]
mod reading;
#[path = "tables/retention.rs"]
mod retention;
#[path = "tables/room.rs"]
mod room;
#[path = "tables/transfer.rs"]
mod transfer;
