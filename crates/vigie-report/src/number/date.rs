//! Days, months and periods in words.

use icu_calendar::{Date as IcuDate, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter as Formatter;
use icu_datetime::fieldsets::{M, MD, YM, YMD};
use icu_locale_core::{Locale as IcuLocale, locale};
use jiff::ToSpan;
use jiff::civil::Date;
use vigie_model::locale::Locale;
use vigie_model::period::Period;

use super::NBSP;

/// Patterns of one language; the two French and the two English editions share theirs.
struct Patterns {
    full: Formatter<Gregorian, YMD>,
    full_short: Formatter<Gregorian, YMD>,
    day_long: Formatter<Gregorian, MD>,
    day: Formatter<Gregorian, MD>,
    month_year: Formatter<Gregorian, YM>,
    month_year_short: Formatter<Gregorian, YM>,
    month: Formatter<Gregorian, M>,
    month_short: Formatter<Gregorian, M>,
}

thread_local! {
    static FRENCH: Patterns = Patterns::new(&locale!("fr"));
    static ENGLISH: Patterns = Patterns::new(&locale!("en"));
}

const COMPILED_IN: &str = "French and English date data are compiled in";

impl Patterns {
    fn new(locale: &IcuLocale) -> Self {
        Self {
            full: Formatter::try_new(locale.into(), YMD::long()).expect(COMPILED_IN),
            full_short: Formatter::try_new(locale.into(), YMD::medium()).expect(COMPILED_IN),
            day_long: Formatter::try_new(locale.into(), MD::long()).expect(COMPILED_IN),
            day: Formatter::try_new(locale.into(), MD::medium()).expect(COMPILED_IN),
            month_year: Formatter::try_new(locale.into(), YM::long()).expect(COMPILED_IN),
            month_year_short: Formatter::try_new(locale.into(), YM::medium()).expect(COMPILED_IN),
            month: Formatter::try_new(locale.into(), M::long()).expect(COMPILED_IN),
            month_short: Formatter::try_new(locale.into(), M::medium()).expect(COMPILED_IN),
        }
    }
}

fn written(locale: Locale, day: Date, write: impl Fn(&Patterns, &IcuDate<Gregorian>) -> String) -> String {
    let (month, number) = (day.month().unsigned_abs(), day.day().unsigned_abs());
    let date =
        IcuDate::try_new_gregorian(i32::from(day.year()), month, number).expect("a civil date is a Gregorian date");
    if locale.is_french() { first_day(FRENCH.with(|p| write(p, &date))) } else { ENGLISH.with(|p| write(p, &date)) }
}

/// French says `1er octobre`; CLDR patterns have no ordinal.
fn first_day(text: String) -> String {
    match text.strip_prefix("1 ") {
        Some(rest) => format!("1er {rest}"),
        None => text,
    }
}

/// `14 octobre 2026`, `October 14, 2026`.
pub fn date_long(locale: Locale, day: Date) -> String {
    written(locale, day, |p, d| p.full.format(d).to_string())
}

/// `14 oct.`, `Oct 14`: the year is told nearby.
pub fn date_short(locale: Locale, day: Date) -> String {
    written(locale, day, |p, d| p.day.format(d).to_string())
}

/// `octobre 2026`, `October 2026`.
pub fn month(locale: Locale, day: Date) -> String {
    written(locale, day, |p, d| p.month_year.format(d).to_string())
}

/// `octobre`, `October`.
pub fn month_name(locale: Locale, day: Date) -> String {
    written(locale, day, |p, d| p.month.format(d).to_string())
}

/// `oct.`, `Oct`.
pub fn month_name_short(locale: Locale, day: Date) -> String {
    written(locale, day, |p, d| p.month_short.format(d).to_string())
}

/// Day under an axis: `14 oct.`, `Oct 14`, never broken over two lines.
pub fn axis_day(locale: Locale, day: Date) -> String {
    date_short(locale, day).replace(' ', &NBSP.to_string())
}

/// Month under an axis; January carries the year: `oct.`, `janv. 2026`.
pub fn axis_month(locale: Locale, day: Date) -> String {
    if day.month() == 1 {
        let text = written(locale, day, |p, d| p.month_year_short.format(d).to_string());
        return text.replace(' ', &NBSP.to_string());
    }
    month_name_short(locale, day)
}

/// Days `first` to `last`, both included, without a year when they share it: `6 au 9 oct.`,
/// `Oct 6–9`.
pub fn date_range(locale: Locale, first: Date, last: Date) -> String {
    let day = |d| date_short(locale, d);
    let full = |d| written(locale, d, |p, d| p.full_short.format(d).to_string());
    between(locale, first, last, &day, &full)
}

/// Days `first` to `last`, both included, with their year: `6 au 9 octobre 2026`,
/// `October 6–9, 2026`.
pub fn date_range_long(locale: Locale, first: Date, last: Date) -> String {
    if first.year() != last.year() {
        let full = |d| date_long(locale, d);
        return between(locale, first, last, &full, &full);
    }
    if first == last {
        return date_long(locale, first);
    }
    let day = |d| written(locale, d, |p, d| p.day_long.format(d).to_string());
    let year = last.year();
    let range = between(locale, first, last, &day, &day);
    if locale.is_french() { format!("{range} {year}") } else { format!("{range}, {year}") }
}

fn between(
    locale: Locale,
    first: Date,
    last: Date,
    day: &dyn Fn(Date) -> String,
    full: &dyn Fn(Date) -> String,
) -> String {
    if first == last {
        return day(first);
    }
    let same_year = first.year() == last.year();
    let same_month = same_year && first.month() == last.month();
    let (from, to) = if same_year { (day(first), day(last)) } else { (full(first), full(last)) };
    match (locale.is_french(), same_month) {
        (true, true) => format!("{} au {to}", from.split(' ').next().unwrap_or(&from)),
        (true, false) => format!("{from} au {to}"),
        (false, true) => format!("{from}–{}", last.day()),
        (false, false) => format!("{from} – {to}"),
    }
}

/// A period of the report: `octobre 2026`, or its first and last day.
pub fn period(locale: Locale, period: &Period) -> String {
    if period.is_month() {
        return month(locale, period.start);
    }
    date_range_long(locale, period.start, period.end.saturating_sub(1.day()))
}

/// A time of day on 24 hours given as `hour` and `minute`: `7 h`, `14 h 30`; `7 a.m.`, `2:30 pm`.
pub fn clock_time(locale: Locale, hour: u8, minute: u8) -> String {
    if locale.is_french() {
        return if minute == 0 { format!("{hour}{NBSP}h") } else { format!("{hour}{NBSP}h{NBSP}{minute:02}") };
    }
    let half = match (locale, hour < 12) {
        (Locale::EnCa, true) => "a.m.",
        (Locale::EnCa, false) => "p.m.",
        (_, true) => "am",
        (_, false) => "pm",
    };
    let twelve = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
    if minute == 0 { format!("{twelve}{NBSP}{half}") } else { format!("{twelve}:{minute:02}{NBSP}{half}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(f: impl Fn(Locale) -> String, french: &str, english: &str) {
        assert_eq!(Locale::ALL.map(f), [french, french, english, english]);
    }

    #[test]
    fn days_and_months() {
        let day = date(2026, 10, 14);
        check(|l| date_long(l, day), "14 octobre 2026", "October 14, 2026");
        check(|l| date_short(l, day), "14 oct.", "Oct 14");
        check(|l| month(l, day), "octobre 2026", "October 2026");
        check(|l| month_name(l, day), "octobre", "October");
        check(|l| month_name_short(l, day), "oct.", "Oct");
        check(|l| axis_day(l, day), "14\u{a0}oct.", "Oct\u{a0}14");
        check(|l| axis_month(l, day), "oct.", "Oct");
        check(|l| axis_month(l, date(2026, 1, 1)), "janv.\u{a0}2026", "Jan\u{a0}2026");
        let first = date(2026, 10, 1);
        check(|l| date_long(l, first), "1er octobre 2026", "October 1, 2026");
        check(|l| date_short(l, first), "1er oct.", "Oct 1");
        check(|l| date_long(l, date(2026, 10, 11)), "11 octobre 2026", "October 11, 2026");
    }

    #[test]
    fn ranges_say_once_what_they_share() {
        let (a, b) = (date(2026, 10, 6), date(2026, 10, 9));
        check(|l| date_range(l, a, b), "6 au 9 oct.", "Oct 6–9");
        check(|l| date_range(l, date(2026, 10, 1), b), "1er au 9 oct.", "Oct 1–9");
        check(|l| date_range(l, date(2026, 9, 28), b), "28 sept. au 9 oct.", "Sep 28 – Oct 9");
        check(
            |l| date_range(l, date(2025, 12, 28), date(2026, 1, 3)),
            "28 déc. 2025 au 3 janv. 2026",
            "Dec 28, 2025 – Jan 3, 2026",
        );
        check(|l| date_range(l, a, a), "6 oct.", "Oct 6");
        check(|l| date_range_long(l, a, b), "6 au 9 octobre 2026", "October 6–9, 2026");
        check(
            |l| date_range_long(l, date(2026, 9, 28), b),
            "28 septembre au 9 octobre 2026",
            "September 28 – October 9, 2026",
        );
        check(
            |l| date_range_long(l, date(2025, 12, 28), date(2026, 1, 3)),
            "28 décembre 2025 au 3 janvier 2026",
            "December 28, 2025 – January 3, 2026",
        );
        let october = Period::parse("2026-10", a).unwrap();
        check(|l| period(l, &october), "octobre 2026", "October 2026");
        let week = Period::parse("2026-10-01..2026-10-07", a).unwrap();
        check(|l| period(l, &week), "1er au 7 octobre 2026", "October 1–7, 2026");
    }

    #[test]
    fn times_of_day() {
        assert_eq!(Locale::ALL.map(|l| clock_time(l, 7, 0)), ["7\u{a0}h", "7\u{a0}h", "7\u{a0}a.m.", "7\u{a0}am"]);
        assert_eq!(
            Locale::ALL.map(|l| clock_time(l, 14, 30)),
            ["14\u{a0}h\u{a0}30", "14\u{a0}h\u{a0}30", "2:30\u{a0}p.m.", "2:30\u{a0}pm"]
        );
        check(|l| clock_time(l, 0, 5).replace('.', ""), "0\u{a0}h\u{a0}05", "12:05\u{a0}am");
    }
}
