//! Samples of tone that persons read: drawing, the sheet, the labels, and what they say of the month.
//!
//! A sample is stratified by entity, language and class read by the machine; each row says of how many mentions its
//! stratum is, so a sheet that travels carries all that is needed to weigh its labels.

mod draw;
mod join;
mod load;
mod sheet;

use sha2::{Digest, Sha256};
use vigie_analysis::audit::CLASSES;
use vigie_text::tone::ToneClass;

pub use vigie_analysis::agreement::DOUBTFUL;
pub use vigie_analysis::audit::{Audited, Corrected, LEAST, Level};

pub use draw::{Asked, Row, Sample, draw};
pub use join::stand;
pub(crate) use join::{FirstLabels, audited, judged};
pub use load::{Filled, load};
pub use sheet::write;

/// Rows of a sheet when nothing else is asked for (methods S4).
pub const ROWS: u32 = 200;

/// Number of a class in an audit: negative, neutral with mixed, positive.
pub(crate) fn class(tone: ToneClass) -> usize {
    match tone {
        ToneClass::Negative => 0,
        ToneClass::Positive => CLASSES - 1,
        ToneClass::Neutral | ToneClass::Mixed | ToneClass::Unknown => 1,
    }
}

/// Code of a stratum. It says nothing to a person: that of the machine's class would tell what it read.
fn stratum(period: &str, entity: &str, language: &str, class: usize) -> String {
    let mut hasher = Sha256::new();
    for part in [period, entity, language] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.update([class as u8]);
    hex::encode(&hasher.finalize()[..4])
}
