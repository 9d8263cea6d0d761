//! The trait a source implements.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::error::Result;
use crate::output::Output;
use crate::request::{Report, Request};

/// A source: of mentions, and what else its manifest names.
///
/// `read` is written straight through: the SDK runs it on a thread of its own and hands its batches to the host one at
/// a time, so that no state machine is needed.
pub trait Source: Sized + Send + 'static {
    /// The tables a reading may ask for, as `tables` of the manifest begins. Rows of the manifest's other tables are
    /// given beside them.
    const TABLES: &'static [&'static str] = &["mentions/1"];

    /// The options, complete: the host has applied the defaults of the schema.
    type Config: DeserializeOwned;
    /// What a later reading needs to go on where this one ended; a JSON object.
    type State: Serialize + DeserializeOwned + Send;

    /// Opens the source. No network.
    ///
    /// # Errors
    /// When the options cannot work together.
    fn open(config: Self::Config, context: &Context) -> Result<Self>;

    /// Says whether a reading is going to work, cheaply.
    ///
    /// # Errors
    /// When even that cannot be said.
    fn check(&mut self, context: &Context) -> Result<Report>;

    /// Reads what `request` asks for into `output`.
    ///
    /// # Errors
    /// When reading cannot go on; rows covered by a checkpoint are kept.
    fn read(
        &mut self,
        request: &Request<Self::State>,
        output: &mut Output<Self::State>,
        context: &Context,
    ) -> Result<()>;
}
