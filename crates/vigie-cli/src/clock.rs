//! The only readers of the clock.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Now, for the rows that are collected.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Today in a project's zone, from which `last-month` is counted.
pub(crate) fn today(zone: &TimeZone) -> Date {
    Timestamp::now().to_zoned(zone.clone()).date()
}

/// Today where the machine is.
pub(crate) fn local_today() -> Date {
    Zoned::now().date()
}
