//! Samples of what a query finds, to be read by a person: drawing, the sheet, and what the labels say.
//!
//! Every mention has the same chance: strata (source, language and predicted tone) get their share of the sample, so that the
//! share of relevant mentions in it estimates the precision of the query without weights.

mod draw;
mod load;
mod sheet;

use vigie_analysis::interval::wilson;
use vigie_config::review::QueryReview;

pub use draw::{Row, Sample, draw};
pub(crate) use draw::{excerpt, shares};
pub(crate) use load::rows;
pub use load::{Labels, load};
pub use sheet::write;
pub(crate) use sheet::{Sheet, save};

/// Folder of the sheets, in the project.
pub const FOLDER: &str = "reviews";

/// What a sheet is a sample of. Written in each of its rows, so that a sheet that travels is not taken for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Name of the query or entity.
    pub query: String,
    /// Period the mentions were drawn from.
    pub period: String,
    /// Fingerprint of the query.
    pub fingerprint: String,
}

/// A share with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Precision {
    /// Relevant mentions among those read.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// The share of relevant mentions with Wilson's interval. Undecided ones count on neither side.
pub fn precision(review: &QueryReview) -> Precision {
    let (relevant, read) = (review.relevant as f64, (review.relevant + review.irrelevant) as f64);
    let (low, high) = wilson(relevant, read);
    Precision { value: relevant / read.max(1.0), low, high }
}
