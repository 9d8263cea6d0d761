//! Times in any declared form to microseconds in UTC, with how exact they are.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;
use vigie_plugin::{Code, Error, Result};

/// How exact a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    Micros,
    Second,
    Minute,
    Day,
}

impl Precision {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Micros => "us",
            Self::Second => "s",
            Self::Minute => "min",
            Self::Day => "day",
        }
    }
}

/// A moment with its precision.
pub(crate) type Moment = (i64, Precision);

#[derive(Clone, Debug)]
enum Form {
    Auto,
    Unix(i64),
    Excel,
    Strptime(String),
}

/// The declared forms and the zone of times that state none.
#[derive(Clone, Debug)]
pub(crate) struct Dates {
    forms: Vec<Form>,
    zone: TimeZone,
}

impl Dates {
    pub(crate) fn new(forms: &[String], zone: &str) -> Result<Self> {
        let zone = TimeZone::get(zone).map_err(|_| {
            Error::new(Code::Config, format!("time zone `{zone}` is not known"))
                .option("/timezone")
                .hint("use a name such as Europe/Paris", "donnez un nom tel que Europe/Paris")
        })?;
        let mut parsed = Vec::with_capacity(forms.len());
        for (index, form) in forms.iter().enumerate() {
            parsed.push(match form.as_str() {
                "auto" | "rfc3339" => Form::Auto,
                "unix" => Form::Unix(1_000_000),
                "unix_ms" => Form::Unix(1_000),
                "excel" => Form::Excel,
                other if other.contains('%') => Form::Strptime(other.to_owned()),
                other => {
                    return Err(Error::new(Code::Config, format!("`{other}` is no form of date"))
                        .option(&format!("/date_formats/{index}"))
                        .hint(
                            "use strptime marks such as %d/%m/%Y",
                            "employez des marques strptime telles que %d/%m/%Y",
                        ));
                }
            });
        }
        Ok(Self { forms: parsed, zone })
    }

    /// The moment `text` states, by the first form that fits.
    pub(crate) fn parse(&self, text: &str) -> Option<Moment> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        self.forms.iter().find_map(|form| match form {
            Form::Auto => self.iso(text),
            Form::Unix(scale) => unix(text, *scale),
            Form::Excel => self.serial(text.replace(',', ".").parse().ok()?, false),
            Form::Strptime(form) => self.strptime(form, text),
        })
    }

    /// The moment of a spreadsheet's serial number.
    pub(crate) fn serial(&self, serial: f64, is_1904: bool) -> Option<Moment> {
        if !serial.is_finite() || !(0.0..=2_958_466.0).contains(&serial) {
            return None;
        }
        let days = serial.floor();
        // Day 60 of the 1900 system is 29 February 1900, which never was: earlier days count from one day later.
        let epoch = match (is_1904, days < 60.0) {
            (true, _) => jiff::civil::date(1904, 1, 1),
            (false, true) => jiff::civil::date(1899, 12, 31),
            (false, false) => jiff::civil::date(1899, 12, 30),
        };
        let date = epoch.checked_add(jiff::Span::new().days(days as i64)).ok()?;
        let seconds = ((serial - days) * 86_400.0).round() as i64;
        if seconds == 0 {
            return self.civil(date.at(0, 0, 0, 0), Precision::Day);
        }
        let time = date.at(0, 0, 0, 0).checked_add(jiff::Span::new().seconds(seconds)).ok()?;
        self.civil(time, if seconds % 60 == 0 { Precision::Minute } else { Precision::Second })
    }

    /// The moment of a time in the declared zone. Of two that carry one name, the first.
    pub(crate) fn civil(&self, time: DateTime, precision: Precision) -> Option<Moment> {
        Some((self.zone.to_ambiguous_zoned(time).compatible().ok()?.timestamp().as_microsecond(), precision))
    }

    /// ISO 8601 and RFC 3339: `2026-01-31`, `2026-01-31 08:15`, `2026-01-31T08:15:02.5-05:00`.
    ///
    /// Written by hand because it runs once per row; anything it does not know goes to the library.
    fn iso(&self, text: &str) -> Option<Moment> {
        let bytes = text.as_bytes();
        let date = iso_date(bytes)?;
        let Some(rest) = bytes.get(11..) else {
            return if bytes.len() == 10 { self.civil(date.at(0, 0, 0, 0), Precision::Day) } else { None };
        };
        if !matches!(bytes[10], b'T' | b't' | b' ') {
            return None;
        }
        let (hour, minute) = (two(rest, 0)?, two(rest, 3)?);
        if rest.get(2) != Some(&b':') {
            return None;
        }
        let (mut second, mut nanos, mut at) = (0, 0, 5);
        let mut precision = Precision::Minute;
        if rest.get(5) == Some(&b':') {
            second = two(rest, 6)?.min(59);
            (at, precision) = (8, Precision::Second);
            if matches!(rest.get(8), Some(b'.' | b',')) {
                let digits = rest[9..].iter().take_while(|b| b.is_ascii_digit()).count();
                if digits == 0 {
                    return None;
                }
                nanos = rest[9..9 + digits.min(9)].iter().fold(0_i32, |n, b| n * 10 + i32::from(b - b'0'));
                nanos *= 10_i32.pow(9 - digits.min(9) as u32);
                at = 9 + digits;
                precision = if nanos == 0 { Precision::Second } else { Precision::Micros };
            }
        }
        let time = DateTime::new(date.year(), date.month(), date.day(), hour, minute, second, nanos).ok()?;
        let offset = match std::str::from_utf8(rest.get(at..)?).ok()?.trim() {
            "" => return self.civil(time, precision),
            "Z" | "z" | "UTC" | "GMT" => 0,
            offset => offset_seconds(offset)?,
        };
        let utc = TimeZone::UTC.to_timestamp(time).ok()?;
        Some((utc.as_microsecond() - i64::from(offset) * 1_000_000, precision))
    }

    fn strptime(&self, form: &str, text: &str) -> Option<Moment> {
        let broken = BrokenDownTime::parse(form, text).ok()?;
        let has_time = broken.hour().is_some();
        let precision = match (has_time, broken.second().is_some()) {
            (false, _) => Precision::Day,
            (true, false) => Precision::Minute,
            (true, true) => Precision::Second,
        };
        if broken.offset().is_some() || broken.iana_time_zone().is_some() {
            return Some((broken.to_timestamp().ok()?.as_microsecond(), precision));
        }
        let date = broken.to_date().ok()?;
        let time = if has_time { broken.to_datetime().ok()? } else { date.at(0, 0, 0, 0) };
        self.civil(time, precision)
    }
}

fn two(bytes: &[u8], at: usize) -> Option<i8> {
    let pair = bytes.get(at..at + 2)?;
    let digits = pair.iter().all(u8::is_ascii_digit);
    digits.then(|| ((pair[0] - b'0') * 10 + pair[1] - b'0') as i8)
}

fn iso_date(bytes: &[u8]) -> Option<Date> {
    if bytes.len() < 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = i16::from(two(bytes, 0)?) * 100 + i16::from(two(bytes, 2)?);
    Date::new(year, two(bytes, 5)?, two(bytes, 8)?).ok()
}

/// Seconds of `+01:00`, `-0800`, `+01`.
fn offset_seconds(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours = i32::from(two(bytes, 1)?);
    let minutes = match bytes.len() {
        3 => 0,
        5 => i32::from(two(bytes, 3)?),
        6 if bytes[3] == b':' => i32::from(two(bytes, 4)?),
        _ => return None,
    };
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn unix(text: &str, scale: i64) -> Option<Moment> {
    let micros = match text.parse::<i64>() {
        Ok(number) => number.checked_mul(scale)?,
        // `1767225600.0`, as tables turned through a spreadsheet hold it.
        Err(_) => (text.parse::<f64>().ok().filter(|n| n.is_finite() && n.abs() < 1e15)? * scale as f64).round() as i64,
    };
    Some((micros, if micros % 1_000_000 == 0 { Precision::Second } else { Precision::Micros }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn dates(forms: &[&str], zone: &str) -> Dates {
        Dates::new(&forms.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>(), zone).unwrap()
    }

    fn shown(dates: &Dates, text: &str) -> Option<(String, &'static str)> {
        let (micros, precision) = dates.parse(text)?;
        Some((jiff::Timestamp::from_microsecond(micros).unwrap().to_string(), precision.name()))
    }

    #[test]
    fn every_iso_form_is_read() {
        let dates = dates(&["auto"], "America/Toronto");
        for (text, moment, precision) in [
            ("2015-02-24 11:35:52 -0800", "2015-02-24T19:35:52Z", "s"),
            ("2026-01-31T08:15:02.5+01:00", "2026-01-31T07:15:02.5Z", "us"),
            ("2026-01-31T08:15Z", "2026-01-31T08:15:00Z", "min"),
            ("2026-01-31 08:15", "2026-01-31T13:15:00Z", "min"),
            ("2026-07-31", "2026-07-31T04:00:00Z", "day"),
        ] {
            assert_eq!(shown(&dates, text), Some((moment.to_owned(), precision)), "{text}");
        }
        for wrong in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-01-31T25:00",
            "2026-01-31x",
            "2026-01-31 08:15 EST",
            "5.70306E+17",
            "2026-01-3é",
        ] {
            assert_eq!(shown(&dates, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn declared_forms_are_tried_in_order() {
        let dates = dates(&["%d/%m/%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y %H.%M", "unix_ms", "excel"], "Europe/Paris");
        assert_eq!(shown(&dates, "31/01/2026 08:15").unwrap(), ("2026-01-31T07:15:00Z".to_owned(), "min"));
        assert_eq!(shown(&dates, "01/02/2026").unwrap(), ("2026-01-31T23:00:00Z".to_owned(), "day"));
        assert_eq!(shown(&dates, "24-02-2015 11.35").unwrap(), ("2015-02-24T10:35:00Z".to_owned(), "min"));
        assert_eq!(shown(&dates, "1767225600000").unwrap(), ("2026-01-01T00:00:00Z".to_owned(), "s"));
    }

    #[test]
    fn spreadsheet_serials_count_days() {
        let dates = dates(&["excel"], "UTC");
        assert_eq!(shown(&dates, "46023").unwrap(), ("2026-01-01T00:00:00Z".to_owned(), "day"));
        assert_eq!(shown(&dates, "46023.5").unwrap(), ("2026-01-01T12:00:00Z".to_owned(), "min"));
        assert_eq!(dates.serial(1.0, false).unwrap().0, dates.serial(1.0, false).unwrap().0);
        let first = jiff::Timestamp::from_microsecond(dates.serial(1.0, false).unwrap().0).unwrap();
        assert_eq!(first.to_string(), "1900-01-01T00:00:00Z");
        let in_1904 = jiff::Timestamp::from_microsecond(dates.serial(1.0, true).unwrap().0).unwrap();
        assert_eq!(in_1904.to_string(), "1904-01-02T00:00:00Z");
    }

    #[test]
    fn a_time_that_exists_twice_or_never_still_has_a_moment() {
        let dates = dates(&["auto"], "Europe/Paris");
        assert_eq!(shown(&dates, "2026-03-29 02:30").unwrap().0, "2026-03-29T01:30:00Z");
        assert_eq!(shown(&dates, "2026-10-25 02:30").unwrap().0, "2026-10-25T00:30:00Z");
    }
}
