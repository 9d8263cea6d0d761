//! Dates of the world: twelve months in the time of Toronto, written down as a rule so that no time zone
//! database of the machine can change the files.

use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// First day of the world.
pub(crate) const FIRST_DAY: Date = date(2025, 11, 1);
/// Number of days of the world, to 31 October 2026.
pub(crate) const DAYS: i32 = 365;

/// Turns local time into UTC and back, by the rule in force in Toronto.
#[derive(Debug, Clone)]
pub struct Clock(TimeZone);

impl Default for Clock {
    fn default() -> Self {
        // The rule is a constant that parses: the fallback is never taken, and UTC would fail every test.
        Self(TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap_or(TimeZone::UTC))
    }
}

impl Clock {
    /// Seconds since 1970 of a local day and second of that day.
    pub fn utc(&self, day: Date, second: i64) -> i64 {
        let local = day.to_datetime(jiff::civil::Time::midnight()) + second.seconds();
        self.0.to_ambiguous_timestamp(local).compatible().map_or(0, Timestamp::as_second)
    }

    /// Local date and time of a moment.
    pub fn local(&self, at: i64) -> DateTime {
        self.0.to_datetime(Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

/// The day that is `index` days after the first.
pub(crate) fn day(index: i32) -> Date {
    FIRST_DAY + index.days()
}

/// Position of a day in the world; may fall outside `0..DAYS`.
pub(crate) fn index_of(day: Date) -> i32 {
    (day - FIRST_DAY).get_days()
}

/// The month of a date, `2026-10`.
pub fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The twelve months in order.
pub fn months() -> Vec<String> {
    let mut all: Vec<String> = (0..DAYS).map(|i| month(day(i))).collect();
    all.dedup();
    all
}

/// UTC date and time of a moment.
pub(crate) fn utc_datetime(at: i64) -> DateTime {
    TimeZone::UTC.to_datetime(Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_changes_twice() {
        let clock = Clock::default();
        let winter = clock.utc(date(2026, 1, 10), 0);
        let summer = clock.utc(date(2026, 7, 10), 0);
        assert_eq!(utc_datetime(winter).hour(), 5);
        assert_eq!(utc_datetime(summer).hour(), 4);
        assert_eq!(clock.local(summer).date(), date(2026, 7, 10));
        assert_eq!(months().len(), 12);
        assert_eq!(day(DAYS - 1), date(2026, 10, 31));
    }
}
