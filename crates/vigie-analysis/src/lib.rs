//! Computes numbers with their sample size, definition and doubt.
//!
//! An analysis is a function from the tallies and settings to a typed result, one file each; its head
//! comment is its reference page (*what it measures, how it is computed, reading it, limits,
//! references*). Nothing here reads a text, knows a language of the report or draws.

pub mod agreement;
pub mod analyses;
pub mod audit;
pub mod causes;
pub mod collection;
pub mod crisis;
pub mod evidence;
mod expectation;
pub mod interval;
pub mod jackknife;
pub mod multiple;
pub mod peaks;
mod share;
pub mod share_of_voice;
pub mod sources;
pub mod tally;
pub mod terms;
pub mod tone;
pub mod volume;
