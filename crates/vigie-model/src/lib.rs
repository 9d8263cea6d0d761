//! The things the field has a name for: mentions, entities, periods, estimates, diagnostics.
//!
//! Nothing here computes a figure, reads a file or knows a source.

pub mod column;
pub mod coverage;
pub mod diagnostic;
pub mod entity;
pub mod estimate;
pub mod event;
pub mod frame;
pub mod ledger;
pub mod locale;
pub mod mention;
pub mod metric;
pub mod metric_point;
pub mod period;
pub mod table;
