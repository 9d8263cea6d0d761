//! The jackknife of the method page, from its formula: `se² = (G-1)/G · Σ (h(T₋g) - h(T))²`, the interval
//! `h⁻¹(h(T) ± t·se)`, with 64 groups from 50 voices on, one group per voice from 20, nothing below.

use std::collections::BTreeMap;

use crate::student::{Student, wilson};

/// Sums of what each voice brings, by voice, with its group.
pub(crate) type Voices<const K: usize> = BTreeMap<String, (usize, [f64; K])>;

/// Adds to what a voice brings.
pub(crate) fn add<const K: usize>(voices: &mut Voices<K>, voice: &str, group: usize, sums: [f64; K]) {
    let entry = voices.entry(voice.to_owned()).or_insert((group, [0.0; K]));
    assert_eq!(entry.0, group, "a voice has one group");
    entry.1.iter_mut().zip(sums).for_each(|(a, b)| *a += b);
}

/// Where errors are symmetric.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Scale {
    Logit,
    Log,
    Plain,
}

/// Variance of one mention, from the sums.
type Spread<'a, const K: usize> = &'a dyn Fn(&[f64; K]) -> f64;

/// What is estimated.
pub(crate) struct Statistic<'a, const K: usize> {
    pub(crate) value: &'a dyn Fn(&[f64; K]) -> Option<f64>,
    /// Which sum is the weight.
    pub(crate) weight: usize,
    pub(crate) scale: Scale,
    /// What it is tested against.
    pub(crate) null: Option<f64>,
    /// Variance of one mention.
    pub(crate) spread: Option<Spread<'a, K>>,
}

/// A value with its doubt.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Estimate {
    pub(crate) value: f64,
    pub(crate) interval: Option<(f64, f64)>,
    pub(crate) p: Option<f64>,
    /// At least 30 effective mentions.
    pub(crate) shown: bool,
}

impl Estimate {
    /// The same in percent.
    pub(crate) fn percent(self) -> Self {
        let interval = self.interval.map(|(lo, hi)| (100.0 * lo, 100.0 * hi));
        Self { value: 100.0 * self.value, interval, ..self }
    }

    pub(crate) fn lo(&self) -> Option<f64> {
        self.interval.map(|i| i.0)
    }

    pub(crate) fn hi(&self) -> Option<f64> {
        self.interval.map(|i| i.1)
    }
}

fn to(scale: Scale, x: f64) -> Option<f64> {
    let y = match scale {
        Scale::Logit => (x / (1.0 - x)).ln(),
        Scale::Log => x.ln(),
        Scale::Plain => x,
    };
    Some(y).filter(|y| y.is_finite())
}

fn back(scale: Scale, y: f64) -> f64 {
    match scale {
        Scale::Logit => y.exp() / (1.0 + y.exp()),
        Scale::Log => y.exp(),
        Scale::Plain => y,
    }
}

/// `None` when the sums of all voices do not define the value.
pub(crate) fn estimate<const K: usize>(voices: &Voices<K>, what: &Statistic<'_, K>) -> Option<Estimate> {
    let parts: Vec<&(usize, [f64; K])> = voices.values().filter(|(_, sums)| sums.iter().any(|s| *s != 0.0)).collect();
    let total = parts.iter().fold([0.0; K], |total, (_, sums)| std::array::from_fn(|k| total[k] + sums[k]));
    let value = (what.value)(&total)?;
    let n = total[what.weight].round();
    let heard = parts.iter().filter(|(_, sums)| sums[what.weight] != 0.0).count();
    let mut made = Estimate { value, ..Estimate::default() };
    let mut effective = n;
    match (heard >= 20, to(what.scale, value)) {
        (true, None) if what.scale == Scale::Logit => {
            made.interval = Some(wilson(value * heard as f64, heard as f64));
            effective = heard as f64;
        }
        (true, Some(centre)) => {
            let groups: Vec<[f64; K]> = if heard < 50 {
                parts.iter().map(|(_, sums)| *sums).collect()
            } else {
                let of = |g: usize| parts.iter().filter(move |(group, _)| *group == g);
                let sum = |g| of(g).fold([0.0; K], |total, (_, sums)| std::array::from_fn(|k| total[k] + sums[k]));
                (0..64).map(sum).collect()
            };
            if let Some(error) = standard_error(centre, &total, &groups, what) {
                let student = Student { freedom: groups.len() as f64 - 1.0 };
                let reach = student.quantile(0.975) * error;
                made.interval = Some((back(what.scale, centre - reach), back(what.scale, centre + reach)));
                made.p = what.null.and_then(|null| to(what.scale, null)).map(|null| {
                    let distance = (centre - null).abs();
                    if distance == 0.0 { 1.0 } else { student.two_sided(distance / error) }
                });
                if let Some(spread) = what.spread {
                    // The error in the value's own unit: on the logit scale, times x(1-x).
                    let own = if what.scale == Scale::Logit { error * value * (1.0 - value) } else { error };
                    effective = if own > 0.0 { spread(&total) / (own * own) } else { n };
                }
            }
        }
        _ => {}
    }
    made.shown = effective.min(n) >= 30.0;
    Some(made)
}

fn standard_error<const K: usize>(
    centre: f64,
    total: &[f64; K],
    groups: &[[f64; K]],
    what: &Statistic<'_, K>,
) -> Option<f64> {
    let mut sum = 0.0;
    for group in groups {
        let left = std::array::from_fn(|k| total[k] - group[k]);
        let moved = to(what.scale, (what.value)(&left)?)? - centre;
        sum += moved * moved;
    }
    let g = groups.len() as f64;
    Some((sum * (g - 1.0) / g).sqrt())
}

/// Smallest false discovery rate at which each test is kept (Benjamini and Hochberg), straight from the definition:
/// the least of `p · m / rank` over the tests at least as large.
pub(crate) fn false_discovery_rates(p: &[f64]) -> Vec<f64> {
    let rank = |x: f64| p.iter().filter(|other| **other <= x).count() as f64;
    let scaled: Vec<(f64, f64)> = p.iter().map(|x| (*x, x * p.len() as f64 / rank(*x))).collect();
    p.iter().map(|x| scaled.iter().filter(|s| s.0 >= *x).map(|s| s.1).fold(1.0, f64::min)).collect()
}

/// A third of six hundred voices, and four tests whose rates are worked by hand.
#[test]
fn worked_by_hand() {
    let mut voices = Voices::<2>::new();
    for voice in 0..600 {
        let group = voice % 64;
        let says = f64::from(u8::from(voice % 3 == 0));
        add(&mut voices, &format!("{voice}"), group, [says, 1.0]);
    }
    let what = Statistic {
        value: &|s: &[f64; 2]| Some(s[0] / s[1]),
        weight: 1,
        scale: Scale::Logit,
        null: None,
        spread: Some(&|s: &[f64; 2]| s[0] / s[1] * (1.0 - s[0] / s[1])),
    };
    let made = estimate(&voices, &what).expect("there are voices");
    assert!((made.value - 1.0 / 3.0).abs() < 1e-12 && made.shown);
    assert_eq!(false_discovery_rates(&[0.01, 0.04, 0.03, 0.5]), [0.04, 0.16 / 3.0, 0.16 / 3.0, 0.5]);
}
