//! Where the rows of a plugin go.

use std::borrow::Cow;

use serde_json::Value;
pub use vigie_plugin::Reject;

use crate::batch::Batch;

/// Severity of a line of log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something is lost.
    Error,
    /// Something may be lost.
    Warning,
    /// For the curious.
    Info,
    /// For the plugin's author.
    Debug,
}

/// Why a sink takes no more: the archive's own error, in words, English without final period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SinkError(pub Cow<'static, str>);

/// Where the rows of a plugin go.
///
/// **Prefix rule.** A checkpoint covers all rows and rejects handed over before it, and nothing else. The archive
/// contains exactly the rows covered by committed checkpoints: on any failure the sink drops what came after the last
/// one. A source that never gives a checkpoint is all or nothing: its rows count when the outcome is complete.
pub trait Sink {
    /// Takes rows, validated, of a known table.
    ///
    /// # Errors
    /// When no more can be taken; the plugin is then stopped.
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError>;

    /// Takes the state that covers everything so far.
    ///
    /// # Errors
    /// As [`Sink::batch`].
    fn checkpoint(&mut self, state: Value) -> Result<(), SinkError>;

    /// Takes an input item that could not become a row.
    fn reject(&mut self, reject: Reject);

    /// Takes a line of log; also what the plugin printed.
    fn log(&mut self, level: Level, text: &str);

    /// Learns that a line of log was printed on standard output or error, which the test kit asks plugins not to do.
    fn printed(&mut self) {}

    /// Learns how far the plugin is; `total` 0 means unknown.
    fn progress(&mut self, done: u64, total: u64, unit: &str);
}
