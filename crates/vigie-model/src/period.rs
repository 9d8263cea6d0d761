//! Half-open periods of local days.

use std::fmt;

use jiff::civil::{Date, date};
use jiff::{ToSpan, tz::TimeZone};

use crate::diagnostic::Bilingual;

/// Days `[start, end)` in the project's time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub start: Date,
    /// Day after the last one.
    pub end: Date,
}

/// Why a period could not be understood.
#[derive(Debug, thiserror::Error)]
pub enum PeriodError {
    /// Not one of the accepted forms.
    #[error("`{0}` is not a period; write 2026-10, last-month or 2026-10-01..2026-10-31")]
    Form(String),
    /// The last day precedes the first.
    #[error("period `{0}` ends before it starts")]
    Order(String),
}

impl PeriodError {
    /// The same in both languages.
    pub fn message(&self) -> Bilingual {
        let french = match self {
            Self::Form(text) => {
                format!("`{text}` n'est pas une période ; écrivez 2026-10, last-month ou 2026-10-01..2026-10-31")
            }
            Self::Order(text) => format!("la période `{text}` finit avant de commencer"),
        };
        Bilingual::new(self.to_string(), french)
    }
}

impl Period {
    /// Reads `2026-10`, `last-month` (the calendar month before `today`) or
    /// `2026-10-01..2026-10-31` (both days included).
    ///
    /// # Errors
    /// When `text` has another form, or ends before it starts.
    pub fn parse(text: &str, today: Date) -> Result<Self, PeriodError> {
        let form = || PeriodError::Form(text.to_owned());
        if text == "last-month" {
            let end = today.first_of_month();
            return Ok(Self { start: end.saturating_sub(1.month()), end });
        }
        if let Some((from, to)) = text.split_once("..") {
            let start: Date = from.trim().parse().map_err(|_| form())?;
            let last: Date = to.trim().parse().map_err(|_| form())?;
            if last < start {
                return Err(PeriodError::Order(text.to_owned()));
            }
            return Ok(Self { start, end: last.saturating_add(1.day()) });
        }
        let (year, month) = text.split_once('-').ok_or_else(form)?;
        let year: i16 = year.parse().map_err(|_| form())?;
        let month: i8 = month.parse().map_err(|_| form())?;
        let start = Date::new(year, month, 1).map_err(|_| form())?;
        Ok(Self { start, end: start.saturating_add(1.month()) })
    }

    /// Whether the period is one calendar month.
    pub fn is_month(&self) -> bool {
        self.start.day() == 1 && self.start.saturating_add(1.month()) == self.end
    }

    /// The period it is compared with: the calendar month before, or the same number of days before.
    #[must_use]
    pub fn previous(&self) -> Self {
        if self.is_month() {
            return Self { start: self.start.saturating_sub(1.month()), end: self.start };
        }
        let days = i64::try_from(self.days()).unwrap_or(i64::MAX);
        Self { start: self.start.saturating_sub(days.days()), end: self.start }
    }

    /// Number of local days.
    pub fn days(&self) -> usize {
        usize::try_from((self.end - self.start).get_days()).unwrap_or(0)
    }

    /// Every day, in order.
    pub fn iter_days(&self) -> impl Iterator<Item = Date> + use<> {
        let end = self.end;
        self.start.series(1.day()).take_while(move |d| *d < end)
    }

    /// Whether `day` lies in the period.
    pub fn contains(&self, day: Date) -> bool {
        self.start <= day && day < self.end
    }

    /// UTC instants `[from, to)` of the local days, daylight saving included.
    ///
    /// # Errors
    /// When a bound is outside the range of instants.
    pub fn bounds(&self, zone: &TimeZone) -> Result<(jiff::Timestamp, jiff::Timestamp), jiff::Error> {
        let from = zone.to_zoned(self.start.at(0, 0, 0, 0))?.timestamp();
        let to = zone.to_zoned(self.end.at(0, 0, 0, 0))?.timestamp();
        Ok((from, to))
    }
}

/// `2026-10` for a month, `2026-10-01..2026-10-31` otherwise: usable in file names.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_month() {
            write!(f, "{:04}-{:02}", self.start.year(), self.start.month())
        } else {
            write!(f, "{}..{}", self.start, self.end.saturating_sub(1.day()))
        }
    }
}

/// Days since 1970-01-01, the form dates take in polars frames.
pub fn epoch_day(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}

/// Inverse of [`epoch_day`].
pub fn from_epoch_day(day: i32) -> Date {
    date(1970, 1, 1).saturating_add(i64::from(day).days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms_are_read() {
        let today = date(2026, 11, 24);
        assert_eq!(Period::parse("last-month", today).unwrap().to_string(), "2026-10");
        assert_eq!(Period::parse("2026-02", today).unwrap().days(), 28);
        let range = Period::parse("2015-02-17..2015-02-23", today).unwrap();
        assert_eq!(range.days(), 7);
        assert_eq!(range.previous().to_string(), "2015-02-10..2015-02-16");
        assert!(Period::parse("october", today).is_err());
        assert!(Period::parse("2026-10-05..2026-10-01", today).is_err());
    }

    #[test]
    fn a_month_with_a_clock_change_keeps_its_hours() {
        let zone = TimeZone::get("America/Toronto").unwrap();
        let (from, to) = Period::parse("2026-11", date(2026, 12, 1)).unwrap().bounds(&zone).unwrap();
        assert_eq!((to.as_second() - from.as_second()) / 3600, 30 * 24 + 1);
    }

    #[test]
    fn epoch_days_go_both_ways() {
        assert_eq!(epoch_day(date(2026, 10, 14)), 20740);
        assert_eq!(from_epoch_day(20740), date(2026, 10, 14));
    }
}
