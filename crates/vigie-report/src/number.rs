//! Numbers, percentages, points and dates as each edition writes them.
//!
//! Every figure a reader sees is rounded here, once, half away from zero, and nowhere else. Values
//! that are not numbers (NaN, infinite) have no wording: they are shown as [`NOT_APPLICABLE`].

mod date;
mod list;
mod plural;
mod quantity;
mod typography;

pub use date::{
    axis_day, axis_month, clock_time, date_long, date_range, date_range_long, date_short, month, month_name,
    month_name_short, period,
};
pub use list::{and, of, or, rank};
pub use plural::{Plural, plural};
pub use quantity::{
    count, currency, decimal, integer, per_day, percent, percent_range, points, range, round, signed, signed_percent,
};
pub use typography::typeset;

/// What is shown where a value makes no sense.
pub const NOT_APPLICABLE: &str = "—";

/// U+00A0, no-break space.
pub(crate) const NBSP: char = '\u{a0}';
/// U+202F, narrow no-break space.
pub(crate) const NNBSP: char = '\u{202f}';
