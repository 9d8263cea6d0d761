//! Calendar months in UTC: how compaction cuts a table, so that a report reads only the files of its months.

/// A day, in microseconds.
const DAY: i64 = 86_400 * 1_000_000;

/// A month, counted from January of the year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Month(i64);

impl Month {
    /// The month of an instant, microseconds since 1970.
    pub(crate) fn of(micros: i64) -> Self {
        // Civil date of a day number in the proleptic Gregorian calendar; years begin in March there.
        let shifted = micros.div_euclid(DAY) + 719_468;
        let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        Self((era * 400 + year_of_era) * 12 + from_march + 2)
    }

    /// First instant of the month and of the next one, microseconds since 1970.
    pub(crate) fn span(self) -> (i64, i64) {
        (self.start(), Self(self.0 + 1).start())
    }

    fn start(self) -> i64 {
        let from_march = self.0 - 2;
        let (year, month) = (from_march.div_euclid(12), from_march.rem_euclid(12));
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * month + 2) / 5;
        let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        (days - 719_468).saturating_mul(DAY)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_in_the_month_of_their_date() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
        for (instant, month, start) in [
            ("2026-10-31T23:59:59.999999Z", "2026-10", "2026-10-01T00:00:00Z"),
            ("2026-11-01T00:00:00Z", "2026-11", "2026-11-01T00:00:00Z"),
            ("2024-02-29T12:00:00Z", "2024-02", "2024-02-01T00:00:00Z"),
            ("1970-01-01T00:00:00Z", "1970-01", "1970-01-01T00:00:00Z"),
            ("1969-12-31T23:59:59Z", "1969-12", "1969-12-01T00:00:00Z"),
            ("0001-01-01T00:00:00Z", "0001-01", "0001-01-01T00:00:00Z"),
        ] {
            let found = Month::of(at(instant));
            assert_eq!((found.to_string().as_str(), found.span().0), (month, at(start)), "{instant}");
        }
    }

    #[test]
    fn months_follow_each_other_without_gap() {
        let mut month = Month::of(0);
        for _ in 0..2_000 {
            let (start, end) = month.span();
            assert_eq!((Month::of(start), Month::of(end - 1)), (month, month));
            month = Month::of(end);
            assert_eq!(month.span().0, end);
        }
    }
}
