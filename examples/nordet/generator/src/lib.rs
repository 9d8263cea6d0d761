//! The fictional telecom market of `examples/nordet`: [`generate`] makes the world of a seed, [`render`] makes
//! its files, [`Oracle`] tells the truth about it. Nothing here reads a file or a clock.

mod address;
mod calendar;
mod dice;
mod files;
mod filler;
mod fringe;
mod kpi;
mod market;
mod noise;
mod ordinary;
pub mod params;
mod people;
mod row;
mod scribe;
mod similarity;
mod stock;
mod stories;
mod truth;
mod voice;
mod world;

pub mod oracle;

pub use calendar::{Clock, month, months};
pub use files::{FileError, render};
pub use fringe::Fan;
pub use kpi::KpiWeek;
pub use market::{Entity, Lang, Platform, Source, Tone, Topic};
pub use oracle::{BrandMonth, Oracle, Planted, RowTruth};
pub use params::COMMITTED_SEED;
pub use row::{Author, Counts, Nature, Plant, Row, Wording};
pub use similarity::{jaccard, shingles};
pub use world::{World, generate};
