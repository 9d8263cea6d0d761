//! Dates in queries: `2026`, `2026-08`, `2026-W35`, `2026-08-31`, ranges, and dates relative to a given day.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

/// A range of days, both ends in. None on a side means no limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateRange {
    /// First day.
    pub first: Option<Date>,
    /// Last day.
    pub last: Option<Date>,
    /// As typed, so that the query prints back.
    pub typed: String,
}

impl DateRange {
    /// True when the day is in the range.
    pub fn contains(&self, day: Date) -> bool {
        self.first.is_none_or(|first| day >= first) && self.last.is_none_or(|last| day <= last)
    }
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

/// Why a date is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateError {
    /// It is not a date in any accepted form.
    Form,
    /// It is relative and no day was given to start from.
    NoToday,
    /// The range ends before it begins.
    Backwards,
}

/// Reads one date, period or range. `typed` may begin with a comparison sign.
pub(crate) fn parse(typed: &str, today: Option<Date>) -> Result<DateRange, DateError> {
    let typed = typed.trim();
    let (first, last) = if let Some(value) = typed.strip_prefix(">=") {
        (Some(period(value, today)?.0), None)
    } else if let Some(value) = typed.strip_prefix("<=") {
        (None, Some(period(value, today)?.1))
    } else if let Some(value) = typed.strip_prefix('>') {
        (Some(period(value, today)?.1.tomorrow().map_err(|_| DateError::Form)?), None)
    } else if let Some(value) = typed.strip_prefix('<') {
        (None, Some(period(value, today)?.0.yesterday().map_err(|_| DateError::Form)?))
    } else if let Some((low, high)) = typed.split_once("..") {
        let low = if low.is_empty() { None } else { Some(period(low, today)?.0) };
        let high = if high.is_empty() { None } else { Some(period(high, today)?.1) };
        (low, high)
    } else {
        let (first, last) = period(typed, today)?;
        (Some(first), Some(last))
    };
    if first.is_none() && last.is_none() {
        return Err(DateError::Form);
    }
    if let (Some(a), Some(b)) = (first, last)
        && a > b
    {
        return Err(DateError::Backwards);
    }
    Ok(DateRange { first, last, typed: typed.to_owned() })
}

/// The first and last day of one period.
fn period(text: &str, today: Option<Date>) -> Result<(Date, Date), DateError> {
    let text = text.trim();
    if let Some(range) = relative(text, today)? {
        return Ok(range);
    }
    let parts: Vec<&str> = text.split('-').collect();
    let number = |s: &str| -> Result<i16, DateError> {
        if s.bytes().all(|b| b.is_ascii_digit()) {
            s.parse().map_err(|_| DateError::Form)
        } else {
            Err(DateError::Form)
        }
    };
    let year = parts.first().filter(|y| y.len() == 4).ok_or(DateError::Form).and_then(|y| number(y))?;
    let build = |month: i8, day: i8| Date::new(year, month, day).map_err(|_| DateError::Form);
    match parts.as_slice() {
        [_] => Ok((build(1, 1)?, build(12, 31)?)),
        [_, week] if week.starts_with(['W', 'w', 'S', 's']) => {
            let week = number(&week[1..])?;
            let monday = ISOWeekDate::new(year, week as i8, Weekday::Monday).map_err(|_| DateError::Form)?.date();
            Ok((monday, monday.checked_add(6.days()).map_err(|_| DateError::Form)?))
        }
        [_, month] => {
            let first = build(number(month)? as i8, 1)?;
            Ok((first, first.last_of_month()))
        }
        [_, month, day] => {
            let day = build(number(month)? as i8, number(day)? as i8)?;
            Ok((day, day))
        }
        _ => Err(DateError::Form),
    }
}

/// Names of periods that move with the day of reading, English and French.
fn relative(text: &str, today: Option<Date>) -> Result<Option<(Date, Date)>, DateError> {
    const NAMES: &[&str] = &[
        "today",
        "yesterday",
        "this-week",
        "last-week",
        "this-month",
        "last-month",
        "this-year",
        "last-year",
        "aujourdhui",
        "hier",
        "cette-semaine",
        "semaine-derniere",
        "ce-mois",
        "mois-dernier",
        "cette-annee",
        "annee-derniere",
    ];
    let folded = vigie_text::normalize::fold(text);
    let Some(index) = NAMES.iter().position(|name| *name == folded) else { return Ok(None) };
    let today = today.ok_or(DateError::NoToday)?;
    let range = match index % 8 {
        0 => Ok((today, today)),
        1 => today.yesterday().map(|d| (d, d)),
        2 | 3 => {
            let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
            let back = if index % 8 == 3 { 7 } else { 0 };
            monday.and_then(|m| m.checked_sub(back.days())).and_then(|m| m.checked_add(6.days()).map(|end| (m, end)))
        }
        4 => Ok((today.first_of_month(), today.last_of_month())),
        5 => today.first_of_month().checked_sub(1.month()).map(|m| (m, m.last_of_month())),
        6 => Ok((today.first_of_year(), today.last_of_year())),
        _ => today.first_of_year().checked_sub(1.year()).map(|y| (y, y.last_of_year())),
    };
    range.map(Some).map_err(|_| DateError::Form)
}

/// Day of the week from its English or French name, whole or cut to three letters.
pub(crate) fn weekday(text: &str) -> Option<Weekday> {
    const NAMES: &[(&str, &str)] = &[
        ("monday", "lundi"),
        ("tuesday", "mardi"),
        ("wednesday", "mercredi"),
        ("thursday", "jeudi"),
        ("friday", "vendredi"),
        ("saturday", "samedi"),
        ("sunday", "dimanche"),
    ];
    let folded = vigie_text::normalize::fold(text);
    let fits = |name: &str| folded == name || (folded.len() == 3 && name.starts_with(&folded));
    let index = NAMES.iter().position(|(en, fr)| fits(en) || fits(fr))?;
    Weekday::from_monday_zero_offset(index as i8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn periods_cover_their_days() {
        let read = |t: &str| parse(t, Some(date(2026, 3, 15))).map(|r| (r.first, r.last));
        assert_eq!(read("2026-08"), Ok((Some(date(2026, 8, 1)), Some(date(2026, 8, 31)))));
        assert_eq!(read("2026-08-01..2026-08-31"), read("2026-08"));
        assert_eq!(read("last-month"), Ok((Some(date(2026, 2, 1)), Some(date(2026, 2, 28)))));
        assert_eq!(read("mois-dernier"), read("last-month"));
        assert_eq!(read("2026-W01"), Ok((Some(date(2025, 12, 29)), Some(date(2026, 1, 4)))));
        assert_eq!(read(">2026-02"), Ok((Some(date(2026, 3, 1)), None)));
        assert_eq!(read("<=2026"), Ok((None, Some(date(2026, 12, 31)))));
        assert_eq!(read("2026-13"), Err(DateError::Form));
        assert_eq!(read("2026-09..2026-08"), Err(DateError::Backwards));
        assert_eq!(parse("last-week", None), Err(DateError::NoToday));
    }
}
