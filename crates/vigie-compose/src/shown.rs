//! How the report's quantities are written: one decimal for shares, none for tone.

use vigie_model::estimate::Estimate;
use vigie_model::locale::Locale;
use vigie_report::number;

/// A share: `35,3 %`.
pub(crate) fn share(l: Locale, percent: f64) -> String {
    number::percent(l, percent, 1)
}

/// A change of a share: `+8,2 pts`.
pub(crate) fn share_change(l: Locale, points: f64) -> String {
    number::points(l, points, 1)
}

/// Net sentiment: `−16 pts`.
pub(crate) fn net(l: Locale, points: f64) -> String {
    number::points(l, points, 0)
}

/// A size of change without sign, after a verb that says the direction.
pub(crate) fn size(l: Locale, points: f64, decimals: u8) -> String {
    number::points(l, points.abs(), decimals).trim_start_matches('+').to_owned()
}

/// A daily average: `230`, `12,4` under a hundred.
pub(crate) fn per_day(l: Locale, value: f64) -> String {
    number::decimal(l, value, u8::from(value < 100.0))
}

/// A ratio as a relative change: `+136 %`.
pub(crate) fn relative(l: Locale, ratio: f64) -> String {
    number::signed_percent(l, 100.0 * (ratio - 1.0), 0)
}

/// Interval of a share: `34,1 à 36,5 %`.
pub(crate) fn share_interval(l: Locale, e: &Estimate) -> Option<String> {
    Some(number::percent_range(l, e.lo?, e.hi?, 1))
}

/// Interval of a change of share in points: `5,9 à 10,1`.
pub(crate) fn change_interval(l: Locale, e: &Estimate) -> Option<String> {
    Some(number::range(l, e.lo?, e.hi?, 1))
}

/// Interval of net sentiment: `−19 à −13`.
pub(crate) fn net_interval(l: Locale, e: &Estimate) -> Option<String> {
    Some(number::range(l, e.lo?, e.hi?, 0))
}

/// Interval of a daily average.
pub(crate) fn per_day_interval(l: Locale, e: &Estimate) -> Option<String> {
    let decimals = u8::from(e.value < 100.0);
    Some(number::range(l, e.lo?, e.hi?, decimals))
}

/// Interval of a ratio as relative changes: `+98 à +181 %`.
pub(crate) fn relative_interval(l: Locale, e: &Estimate) -> Option<String> {
    Some(number::percent_range(l, 100.0 * (e.lo? - 1.0), 100.0 * (e.hi? - 1.0), 0))
}
