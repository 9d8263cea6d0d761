//! Days and the two American zones of the examples, worked out by hand: the product leaves this to a library.

/// Microseconds in a second.
pub(crate) const MICROS: i64 = 1_000_000;
const DAY_SECONDS: i64 = 86_400;

/// Days since 1970-01-01 of a date of the Gregorian calendar.
pub(crate) fn day_number(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March put the leap day last; 719,468 days lie between 0000-03-01 and 1970-01-01.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
        - 1
        - 719_468
}

/// Year, month and day of a day number.
pub(crate) fn date_of(day: i64) -> (i64, i64, i64) {
    let mut year = 1970 + day.div_euclid(366);
    while day_number(year + 1, 1, 1) <= day {
        year += 1;
    }
    let month = (1..=12).rev().find(|m| day_number(year, *m, 1) <= day).unwrap_or(1);
    (year, month, day - day_number(year, month, 1) + 1)
}

/// `2026-10-14`.
pub(crate) fn written(day: i64) -> String {
    let (year, month, day) = date_of(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// First day of the month `months` after the one `day` lies in.
pub(crate) fn month_start(day: i64, months: i64) -> i64 {
    let (year, month, _) = date_of(day);
    let index = year * 12 + month - 1 + months;
    day_number(index.div_euclid(12), index.rem_euclid(12) + 1, 1)
}

/// A zone under the rule in force in the United States and Canada since 2007.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Zone {
    /// Hours from UTC in winter.
    pub(crate) winter: i64,
}

impl Zone {
    /// Toronto.
    pub(crate) const EASTERN: Self = Self { winter: -5 };
    /// Los Angeles.
    pub(crate) const PACIFIC: Self = Self { winter: -8 };

    /// Seconds to add to UTC at an instant.
    fn offset(self, utc: i64) -> i64 {
        let year = date_of(utc.div_euclid(DAY_SECONDS)).0;
        let at_two = |day: i64, hours: i64| day * DAY_SECONDS + (2 - hours) * 3600;
        let spring = at_two(nth_sunday(year, 3, 2), self.winter);
        let autumn = at_two(nth_sunday(year, 11, 1), self.winter + 1);
        3600 * if (spring..autumn).contains(&utc) { self.winter + 1 } else { self.winter }
    }

    /// Local day number of an instant in microseconds.
    pub(crate) fn day(self, micros: i64) -> i64 {
        let utc = micros.div_euclid(MICROS);
        (utc + self.offset(utc)).div_euclid(DAY_SECONDS)
    }

    /// The instant, in microseconds, of a local day and second of day; the first of two in autumn.
    pub(crate) fn instant(self, day: i64, second: i64) -> i64 {
        let local = day * DAY_SECONDS + second;
        let summer = local - 3600 * (self.winter + 1);
        let utc = if self.offset(summer) == 3600 * (self.winter + 1) { summer } else { local - 3600 * self.winter };
        utc * MICROS
    }
}

fn nth_sunday(year: i64, month: i64, nth: i64) -> i64 {
    let first = day_number(year, month, 1);
    // Day 0 was a Thursday: day 3 a Sunday.
    first + (3 - first).rem_euclid(7) + 7 * (nth - 1)
}

/// The numbers in a text, whatever stands between them.
pub(crate) fn numbers(text: &str) -> Vec<i64> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).filter_map(|n| n.parse().ok()).collect()
}

#[test]
fn clocks_change_when_they_do() {
    let at = |day: i64, hour: i64, minute: i64| (day * DAY_SECONDS + hour * 3600 + minute * 60) * MICROS;
    let (march, november) = (day_number(2026, 3, 8), day_number(2025, 11, 2));
    assert_eq!(Zone::EASTERN.day(at(march, 4, 59)), march - 1);
    assert_eq!(Zone::EASTERN.day(at(march, 5, 0)), march);
    assert_eq!(Zone::EASTERN.day(at(march + 1, 3, 59)), march);
    assert_eq!(Zone::EASTERN.day(at(march + 1, 4, 0)), march + 1);
    assert_eq!(Zone::EASTERN.instant(november, 3600 + 1800), at(november, 5, 30), "the first of the two half past one");
    assert_eq!(Zone::EASTERN.instant(november, 4 * 3600), at(november, 9, 0));
    assert_eq!(Zone::PACIFIC.instant(day_number(2015, 2, 17), 0), at(day_number(2015, 2, 17), 8, 0));
    assert_eq!((written(20_740), date_of(0), date_of(-1)), ("2026-10-14".to_owned(), (1970, 1, 1), (1969, 12, 31)));
    assert_eq!(written(month_start(20_740, -10)), "2025-12-01");
}
