//! Adds what was read in each text to the mentions: day, entities, tone, story, voice.
//!
//! One pass over the archive's rows, in parallel, in chunks cut by row number so that the number of
//! threads cannot change a figure. Never counts: the analyses do.

mod calendar;
mod error;
mod finds;
mod frames;
mod judged;
mod kept;
mod mentions;
mod reading;
mod stories;
mod terms;

pub use error::Error;
pub use finds::{Find, ToneReader, finds};
pub use frames::Enriched;
pub use judged::Judged;
pub use reading::{Counting, Reader, Settings};
