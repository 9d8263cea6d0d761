//! Crisis signal (`crisis_signal@1.0`): which peaks look like a crisis, by rules that are printed with it.
//!
//! *What it measures* — for each peak, a level from 0 (none) to 3.
//! *How it is computed* — one point for each of: negative mentions beyond what was expected; a negative share at least 5
//! points above that of the nine weeks before, at a false discovery rate of 5 %; spread over three platforms and twenty
//! authors, no voice with more than a fifth. One point less when a single voice makes up more than 60 %. The level is the
//! sum less one, not below zero.
//! *Reading it* — it grades days that are past: a reason to read those mentions first, not a forecast.
//! *Limits* — the words of the mentions are not weighed (danger, health, law), so level 3 is not given yet; tone is read
//! by machine.

use vigie_model::metric::Metric;

use crate::causes::Causes;
use crate::multiple::q_values;
use crate::peaks::{Peak, Series};

/// Level of a peak.
pub const CRISIS: Metric = Metric { id: "crisis_signal", version: "1.0" };

/// Points of negative share from which a rise counts.
const RISE: f64 = 5.0;
/// False discovery rate up to which it counts.
const SURE: f64 = 0.05;
/// Platforms and authors from which talk is spread.
const PLATFORMS: u64 = 3;
const AUTHORS: u64 = 20;
/// Part of the rows beyond which one voice dominates, and beyond which there is nothing but that voice.
const DOMINANT: f64 = 0.2;
const ALONE: f64 = 0.6;

/// A rule that a peak meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Negative mentions are beyond what was expected.
    NegativePeak,
    /// The negative share is above that of the weeks before.
    NegativeShare,
    /// Many people, in several places.
    Spread,
    /// One voice makes up most of it: a point less.
    OneVoice,
}

/// A peak with its company and what both say of a crisis.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// The days.
    pub peak: Peak,
    /// Their company.
    pub causes: Causes,
    /// The rules met.
    pub rules: Vec<Rule>,
    /// The level, 0 to 3.
    pub level: u8,
}

/// The peaks of all mentions with their levels, and those of negative mentions that no peak of all mentions holds, in
/// the order given.
pub fn episodes(peaks: Vec<(Peak, Causes)>) -> Vec<Episode> {
    let p: Vec<f64> = peaks.iter().map(|(_, c)| c.negative_change.as_ref().and_then(|e| e.p).unwrap_or(1.0)).collect();
    let q = q_values(&p);
    let negative: Vec<Peak> =
        peaks.iter().filter(|(p, _)| p.series == Series::Negative).map(|(p, _)| p.clone()).collect();
    let whole: Vec<Peak> = peaks.iter().filter(|(p, _)| p.series == Series::All).map(|(p, _)| p.clone()).collect();
    let held = |p: &Peak| p.series == Series::Negative && whole.iter().any(|o| overlap(p, o));
    let graded = peaks.into_iter().zip(q).filter(|((p, _), _)| !held(p));
    graded.map(|((peak, causes), q)| grade(peak, causes, q, &negative)).collect()
}

fn overlap(a: &Peak, b: &Peak) -> bool {
    a.entity == b.entity && a.days.0 <= b.days.1 && b.days.0 <= a.days.1
}

fn grade(peak: Peak, causes: Causes, q: f64, negative: &[Peak]) -> Episode {
    let rise = causes.negative_change.as_ref().is_some_and(|e| e.is_displayable() && e.value >= RISE && q <= SURE);
    let spread = causes.platforms >= PLATFORMS && causes.authors >= AUTHORS && causes.largest_voice <= DOMINANT;
    let rules: Vec<Rule> = [
        (Rule::NegativePeak, negative.iter().any(|n| overlap(n, &peak))),
        (Rule::NegativeShare, rise),
        (Rule::Spread, spread),
        (Rule::OneVoice, causes.largest_voice > ALONE),
    ]
    .into_iter()
    .filter_map(|(rule, met)| met.then_some(rule))
    .collect();
    let for_it = rules.iter().filter(|r| **r != Rule::OneVoice).count() as i32;
    let against = i32::from(rules.contains(&Rule::OneVoice));
    let level = (for_it - against - 1).clamp(0, 3) as u8;
    Episode { peak, causes, rules, level }
}

#[cfg(test)]
mod tests {
    use vigie_model::estimate::{Estimate, Method};

    use super::*;

    fn peak(series: Series, days: (i32, i32)) -> Peak {
        Peak {
            entity: 0,
            series,
            days,
            top: days.0,
            seen: 90,
            expected: 20.0,
            range: (10, 32),
            p: 1e-9,
            q: 1e-7,
            mentions: 120,
            negative: 80,
        }
    }

    fn causes(authors: u64, largest_voice: f64, rise: f64, p: f64) -> Causes {
        let negative_change = Some(Estimate {
            value: rise,
            lo: Some(rise - 3.0),
            hi: Some(rise + 3.0),
            level: 0.95,
            n: 120,
            clusters: 100,
            n_eff: Some(100.0),
            p: Some(p),
            method: Method::GroupJackknife,
            flags: Vec::new(),
        });
        Causes { authors, platforms: 3, largest_voice, negative_change, terms: Vec::new() }
    }

    #[test]
    fn a_wide_negative_peak_is_level_two_and_told_once() {
        let of_all = (peak(Series::All, (100, 104)), causes(100, 0.05, 40.0, 1e-6));
        let of_negative = (peak(Series::Negative, (100, 106)), causes(70, 0.05, 40.0, 1e-6));
        let episodes = episodes(vec![of_all, of_negative]);
        assert_eq!(episodes.len(), 1);
        assert_eq!(episodes[0].rules, [Rule::NegativePeak, Rule::NegativeShare, Rule::Spread]);
        assert_eq!(episodes[0].level, 2);
    }

    #[test]
    fn happy_noise_and_one_loud_voice_are_no_crisis() {
        let happy = (peak(Series::All, (100, 101)), causes(100, 0.05, -8.0, 1e-6));
        let loud = (peak(Series::All, (110, 111)), causes(25, 0.9, 2.0, 0.5));
        let alone = (peak(Series::Negative, (120, 120)), causes(3, 0.9, 30.0, 0.2));
        let levels: Vec<(u8, Vec<Rule>)> =
            episodes(vec![happy, loud, alone]).into_iter().map(|e| (e.level, e.rules)).collect();
        let expected =
            [(0, vec![Rule::Spread]), (0, vec![Rule::OneVoice]), (0, vec![Rule::NegativePeak, Rule::OneVoice])];
        assert_eq!(levels, expected);
    }
}
