//! Renders one edition of a report as one self-contained HTML file.
//!
//! The input is the JSON of `vigie_report::edition::edition`; nothing is computed, rounded or worded
//! here. The output needs no network, no other file and no script: styles, script and fonts are
//! inside it, and a content security policy made of their hashes forbids everything else.

mod anchor;
mod assets;
mod count;
mod drawing;
mod error;
mod labels;
mod palette;
mod policy;
mod render;
mod runs;

pub use assets::{Assets, Font, TEMPLATE_NAMES};
pub use error::Error;
pub use labels::REQUIRED_LABELS;
pub use render::render;
