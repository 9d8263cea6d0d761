//! Times as the tables hold them, microseconds since 1970-01-01T00:00:00Z, read from and written as RFC 3339.

const DAY: i64 = 86_400;
const MICROS: i64 = 1_000_000;

/// Microseconds of an RFC 3339 time, `2026-10-01T04:00:00.5-04:00`; the offset is required. `None` when it is not one.
///
/// A leap second is the first moment of the minute after it. What lies below a microsecond is cut off.
pub fn parse(text: &str) -> Option<i64> {
    let (date, rest) = (text.get(..10)?, text.get(11..)?);
    if !matches!(text.as_bytes()[10], b'T' | b't' | b' ') {
        return None;
    }
    let clock = rest.get(..8)?;
    let (fraction, offset) = split_fraction(&rest[8..])?;
    let [year, month, day] = numbers(date, b'-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(clock, b':', [2, 2, 2])?;
    if !(1..=12).contains(&month) || !(1..=days_in_month(year, month)).contains(&day) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds =
        days_since_1970(year, month, day) * DAY + hour * 3_600 + minute * 60 + second - offset_seconds(offset)?;
    Some(seconds * MICROS + fraction)
}

/// A time as RFC 3339 in UTC, `2026-10-01T08:00:00.5Z`. Years outside 0 to 9999 have no such form and are held at
/// its edges.
pub fn format(micros: i64) -> String {
    let micros =
        micros.clamp(days_since_1970(0, 1, 1) * DAY * MICROS, days_since_1970(10_000, 1, 1) * DAY * MICROS - 1);
    let (seconds, fraction) = (micros.div_euclid(MICROS), micros.rem_euclid(MICROS));
    let (year, month, day) = date_of(seconds.div_euclid(DAY));
    let clock = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (clock / 3_600, clock / 60 % 60, clock % 60);
    let fraction = if fraction == 0 { String::new() } else { format!(".{fraction:06}") };
    let fraction = fraction.trim_end_matches('0');
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

fn numbers<const N: usize>(text: &str, separator: u8, widths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator as char);
    let mut numbers = [0; N];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next().filter(|p| p.len() == width && p.bytes().all(|b| b.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// Microseconds of what follows the seconds, and the offset that follows those.
fn split_fraction(text: &str) -> Option<(i64, &str)> {
    let Some(rest) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let digits: String = rest[..end].chars().chain("000000".chars()).take(6).collect();
    (end > 0).then(|| digits.parse().ok().map(|micros| (micros, &rest[end..])))?
}

fn offset_seconds(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let [hours, minutes] = numbers(&text[1..], b':', [2, 2])?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days of the proleptic Gregorian calendar; years begin in March so that the leap day is their last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let month = (march + 2) % 12 + 1;
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * march + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times_are_read() {
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse("2026-01-01T00:00:00Z"), Some(1_767_225_600 * MICROS));
        assert_eq!(parse("2026-01-01 01:00:00.25+01:00"), Some(1_767_225_600 * MICROS + 250_000));
        assert_eq!(parse("2016-12-31T23:59:60Z"), parse("2017-01-01T00:00:00Z"));
        assert_eq!(parse("2024-02-29T12:00:00.123456789-05:30"), Some(1_709_227_800 * MICROS + 123_456));
        assert_eq!(parse("1969-12-31T23:59:59.999999Z"), Some(-1));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2026-01-01",
            "2026-01-01T00:00:00",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+1:00",
            "2026-1-01T00:00:00Z",
            "+026-01-01T00:00:00Z",
            "2026-01-01T00:00:00Zx",
            "20é6-01-01T00:00:00Z",
            "yesterday, at noon, perhaps",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        // A step of about 13 days and some odd microseconds walks through ten thousand years of leap days.
        let mut micros = days_since_1970(0, 1, 1) * DAY * MICROS;
        let end = days_since_1970(10_000, 1, 1) * DAY * MICROS;
        let mut before = String::new();
        while micros < end {
            let text = format(micros);
            assert_eq!(parse(&text), Some(micros), "{text}");
            assert!(text[..19] > before[..], "{text} after {before}");
            before = text[..19].to_owned();
            micros += 13 * DAY * MICROS + 3_723_000_001;
        }
        assert_eq!(format(0), "1970-01-01T00:00:00Z");
        assert_eq!(format(500_000), "1970-01-01T00:00:00.5Z");
        assert_eq!(format(i64::MAX), "9999-12-31T23:59:59.999999Z");
    }
}
