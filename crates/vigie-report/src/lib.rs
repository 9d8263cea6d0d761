//! The report before any ink: sections, blocks, figures, quantities, in several editions.
//!
//! The model is data (`report.json`). Whoever renders it computes nothing: no sum, no rounding, no
//! wording. Text never holds markup, so hostile mentions stay text in every rendering.

pub mod catalogue;
pub mod edition;
pub mod figure;
pub mod number;
pub mod report;
pub mod text;
