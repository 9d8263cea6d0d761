//! Counts, decimals, percentages, points and their ranges.

use fixed_decimal::{Decimal, FloatPrecision, SignedRoundingMode, UnsignedRoundingMode};
use icu_decimal::DecimalFormatter;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::{Locale as IcuLocale, locale};
use vigie_model::locale::Locale;

use super::{NBSP, NNBSP, NOT_APPLICABLE};

/// U+2212, the sign of numbers below zero.
const MINUS: char = '\u{2212}';

thread_local! {
    static FRENCH: DecimalFormatter = formatter(locale!("fr"));
    static ENGLISH: DecimalFormatter = formatter(locale!("en"));
}

fn formatter(locale: IcuLocale) -> DecimalFormatter {
    let options = DecimalFormatterOptions::default();
    DecimalFormatter::try_new(locale.into(), options).expect("French and English number data are compiled in")
}

/// `value` with `decimals` digits after the decimal sign, rounded half away from zero; `None` when
/// `value` is not a finite number. Minus zero becomes zero.
pub fn round(value: f64, decimals: u8) -> Option<Decimal> {
    // The shortest decimal that reads back as `value` is what the analyst sees in the data files.
    let mut number = Decimal::try_from_f64(value, FloatPrecision::RoundTrip).ok()?;
    let position = -i16::from(decimals);
    number.round_with_mode(position, SignedRoundingMode::Unsigned(UnsignedRoundingMode::HalfExpand));
    number.absolute.pad_end(position);
    if number.absolute.is_zero() {
        number.sign = fixed_decimal::Sign::None;
    }
    Some(number)
}

/// Whether the sign of numbers above zero is written.
#[derive(Clone, Copy, PartialEq)]
enum Plus {
    Hidden,
    Shown,
}

fn write(locale: Locale, value: f64, decimals: u8, plus: Plus) -> Option<String> {
    let number = round(value, decimals)?;
    let sign = match number.sign {
        fixed_decimal::Sign::Negative => Some(MINUS),
        _ if plus == Plus::Shown && !number.absolute.is_zero() => Some('+'),
        _ => None,
    };
    let digits = digits(locale, &Decimal::new(fixed_decimal::Sign::None, number.absolute));
    Some(sign.into_iter().collect::<String>() + &digits)
}

fn digits(locale: Locale, number: &Decimal) -> String {
    if locale.is_french() {
        // CLDR separates thousands with U+00A0 in Canada; both editions use the narrow space.
        FRENCH.with(|f| f.format(number).to_string()).replace([NBSP, ' '], &NNBSP.to_string())
    } else {
        ENGLISH.with(|f| f.format(number).to_string())
    }
}

fn or_not_applicable(text: Option<String>) -> String {
    text.unwrap_or_else(|| NOT_APPLICABLE.to_owned())
}

/// A number of things: `20 234`, `20,234`.
pub fn count(locale: Locale, n: u64) -> String {
    digits(locale, &Decimal::from(n))
}

/// A value rounded to a whole number: `−16`, `1 000 000`.
pub fn integer(locale: Locale, value: f64) -> String {
    decimal(locale, value, 0)
}

/// A value: `35,3`, `−0.4`.
pub fn decimal(locale: Locale, value: f64, decimals: u8) -> String {
    or_not_applicable(write(locale, value, decimals, Plus::Hidden))
}

/// A difference, with its sign: `+653`, `−16`, `0`.
pub fn signed(locale: Locale, value: f64, decimals: u8) -> String {
    or_not_applicable(write(locale, value, decimals, Plus::Shown))
}

/// A percentage; `value` is in percent, not a fraction: `35,3 %`, `35.3%`.
pub fn percent(locale: Locale, value: f64, decimals: u8) -> String {
    or_not_applicable(write(locale, value, decimals, Plus::Hidden).map(|n| n + percent_sign(locale)))
}

/// A relative change in percent: `+12 %`, `−3.5%`.
pub fn signed_percent(locale: Locale, value: f64, decimals: u8) -> String {
    or_not_applicable(write(locale, value, decimals, Plus::Shown).map(|n| n + percent_sign(locale)))
}

fn percent_sign(locale: Locale) -> &'static str {
    if locale.is_french() { "\u{a0}%" } else { "%" }
}

/// A difference of two percentages: `+8,2 pts`, `+8.2 pp`.
pub fn points(locale: Locale, value: f64, decimals: u8) -> String {
    let unit = if locale.is_french() { "pts" } else { "pp" };
    or_not_applicable(write(locale, value, decimals, Plus::Shown).map(|n| format!("{n}{NBSP}{unit}")))
}

/// A daily mean: `12,4 par jour`, `12.4 per day`.
pub fn per_day(locale: Locale, value: f64, decimals: u8) -> String {
    let unit = if locale.is_french() { "par jour" } else { "per day" };
    or_not_applicable(write(locale, value, decimals, Plus::Hidden).map(|n| format!("{n}{NBSP}{unit}")))
}

/// An interval of values: `25,4 à 28,9`, `25.4–28.9`; `25.4 to −2.1` when a sign would meet the dash.
pub fn range(locale: Locale, low: f64, high: f64, decimals: u8) -> String {
    let bounds = write(locale, low, decimals, Plus::Hidden).zip(write(locale, high, decimals, Plus::Hidden));
    let Some((low, high)) = bounds else {
        return NOT_APPLICABLE.to_owned();
    };
    if locale.is_french() {
        format!("{low} à {high}")
    } else if low.starts_with(MINUS) || high.starts_with(MINUS) {
        format!("{low} to {high}")
    } else {
        format!("{low}–{high}")
    }
}

/// An interval of percentages: `25,4 à 28,9 %`, `25.4–28.9%`.
pub fn percent_range(locale: Locale, low: f64, high: f64, decimals: u8) -> String {
    let range = range(locale, low, high, decimals);
    if range == NOT_APPLICABLE { range } else { range + percent_sign(locale) }
}

/// An amount in the money of the edition's country: `15 $`, `15 €`, `$15`.
pub fn currency(locale: Locale, value: f64, decimals: u8) -> String {
    let Some(number) = write(locale, value, decimals, Plus::Hidden) else {
        return NOT_APPLICABLE.to_owned();
    };
    match locale {
        Locale::FrCa => format!("{number}{NBSP}$"),
        Locale::FrFr => format!("{number}{NBSP}€"),
        Locale::EnCa | Locale::EnUs => match number.strip_prefix(MINUS) {
            Some(rest) => format!("{MINUS}${rest}"),
            None => format!("${number}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four(f: impl Fn(Locale) -> String) -> [String; 4] {
        Locale::ALL.map(f)
    }

    /// French of both countries, then English of both.
    fn check(f: impl Fn(Locale) -> String, french: &str, english: &str) {
        assert_eq!(four(f), [french, french, english, english]);
    }

    #[test]
    fn numbers_follow_the_edition() {
        check(|l| count(l, 1_000_000), "1\u{202f}000\u{202f}000", "1,000,000");
        check(|l| count(l, 20_234), "20\u{202f}234", "20,234");
        check(|l| count(l, 1234), "1\u{202f}234", "1,234");
        check(|l| count(l, 0), "0", "0");
        check(|l| decimal(l, 35.3, 1), "35,3", "35.3");
        check(|l| decimal(l, 35.0, 1), "35,0", "35.0");
        check(|l| decimal(l, -1234.5, 1), "\u{2212}1\u{202f}234,5", "\u{2212}1,234.5");
        check(|l| percent(l, 35.3, 1), "35,3\u{a0}%", "35.3%");
        check(|l| percent(l, 999.95, 1), "1\u{202f}000,0\u{a0}%", "1,000.0%");
        check(|l| points(l, 8.2, 1), "+8,2\u{a0}pts", "+8.2\u{a0}pp");
        check(|l| points(l, -0.3, 1), "\u{2212}0,3\u{a0}pts", "\u{2212}0.3\u{a0}pp");
        check(|l| signed(l, 653.0, 0), "+653", "+653");
        check(|l| signed_percent(l, -3.5, 1), "\u{2212}3,5\u{a0}%", "\u{2212}3.5%");
        check(|l| per_day(l, 12.44, 1), "12,4\u{a0}par jour", "12.4\u{a0}per day");
        check(|l| percent_range(l, 25.4, 28.9, 1), "25,4 à 28,9\u{a0}%", "25.4–28.9%");
        check(|l| range(l, -2.0, 3.0, 0), "\u{2212}2 à 3", "\u{2212}2 to 3");
        assert_eq!(four(|l| currency(l, 15.0, 0)), ["15\u{a0}$", "15\u{a0}€", "$15", "$15"]);
    }

    #[test]
    fn halves_go_away_from_zero_and_zero_has_no_sign() {
        check(|l| integer(l, 0.5), "1", "1");
        check(|l| integer(l, -0.5), "\u{2212}1", "\u{2212}1");
        check(|l| integer(l, 2.5), "3", "3");
        check(|l| decimal(l, 1.005, 2), "1,01", "1.01");
        check(|l| decimal(l, -0.0, 1), "0,0", "0.0");
        check(|l| signed(l, -0.04, 1), "0,0", "0.0");
        check(|l| points(l, 0.04, 1), "0,0\u{a0}pts", "0.0\u{a0}pp");
        check(|l| percent(l, f64::NAN, 1), "—", "—");
        check(|l| range(l, f64::NEG_INFINITY, 1.0, 1), "—", "—");
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_is_within_half_a_unit(value in -1e9..1e9f64, decimals in 0u8..4) {
            let shown = decimal(Locale::FrCa, value, decimals);
            let plain = shown.replace(NNBSP, "").replace(',', ".").replace(MINUS, "-");
            let read: f64 = plain.parse().expect("digits");
            let half = 0.5 * 10f64.powi(-i32::from(decimals));
            proptest::prop_assert!((read - value).abs() <= half + 1e-6, "{} shown as {}", value, shown);
            proptest::prop_assert!(read != 0.0 || !shown.contains(MINUS), "{}", shown);
        }
    }
}
