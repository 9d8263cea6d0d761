//! Round levels for axes.

use jiff::civil::Date;
use vigie_chart::chart::Tick;
use vigie_model::locale::Locale;
use vigie_report::number;

/// Three to five round levels from zero up to at least `max`.
pub(crate) fn levels(max: f64) -> Vec<f64> {
    let max = if max > 0.0 { max } else { 1.0 };
    let rough = max / 4.0;
    let magnitude = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|s| s * magnitude).find(|s| *s >= rough).unwrap_or(rough);
    // Counts have no halves: a step under one would label the same integer twice.
    let steps = (max / step).ceil() as usize;
    (0..=steps).map(|i| i as f64 * step).collect()
}

/// Levels of counts, never fractions.
pub(crate) fn count_levels(max: f64) -> Vec<f64> {
    if max <= 4.0 { (0..=max.ceil().max(1.0) as u32).map(f64::from).collect() } else { levels(max) }
}

/// Levels on both sides of zero that hold `lo` and `hi`.
pub(crate) fn signed_levels(lo: f64, hi: f64) -> Vec<f64> {
    let reach = lo.abs().max(hi.abs()).max(1.0);
    let step = levels(reach)[1];
    let (from, to) = ((lo.min(0.0) / step).floor() as i32, (hi.max(0.0) / step).ceil() as i32);
    (from..=to).map(|i| f64::from(i) * step).collect()
}

/// Ticks of `levels`, written by `shown`.
pub(crate) fn ticks(levels: &[f64], shown: impl Fn(f64) -> String) -> Vec<Tick> {
    levels.iter().map(|at| Tick { at: *at, shown: shown(*at) }).collect()
}

/// At most six days labelled, regularly spaced, the first one included.
pub(crate) fn day_ticks(l: Locale, days: usize, day: impl Fn(usize) -> Date) -> Vec<Tick> {
    let step =
        [1, 2, 5, 7, 14, 28, 61, 91].into_iter().find(|s| days.div_ceil(*s) <= 6).unwrap_or(days.div_ceil(6).max(1));
    (0..days)
        .step_by(step)
        // A last label too close to the one before the end would run out of the drawing.
        .map(|i| Tick { at: i as f64, shown: number::axis_day(l, day(i)) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_round_and_few() {
        assert_eq!(levels(35.3), [0.0, 10.0, 20.0, 30.0, 40.0]);
        assert_eq!(levels(1051.0), [0.0, 500.0, 1000.0, 1500.0]);
        assert_eq!(count_levels(3.0), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(count_levels(0.0), [0.0, 1.0]);
        assert_eq!(signed_levels(-47.0, 22.0), [-60.0, -40.0, -20.0, 0.0, 20.0, 40.0]);
        for max in [0.3, 7.0, 99.0, 12_345.0] {
            let levels = levels(max);
            assert!((3..=6).contains(&levels.len()) && levels[levels.len() - 1] >= max, "{max}: {levels:?}");
        }
    }
}
