//! Shares of a whole and their changes, with intervals: the arithmetic share of voice, tone and
//! platforms have in common.

use vigie_model::estimate::{Estimate, Flag};

use crate::jackknife::{FLOOR, Scale, Statistic, Voice, estimate};

/// What one voice brings to the part and to the whole. A signed part makes a net share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) cluster: u64,
    pub(crate) group: u32,
    pub(crate) of: f64,
    pub(crate) whole: f64,
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Part ÷ whole in percent, for parts that cannot be negative.
pub(crate) fn share(parts: impl Iterator<Item = Part>) -> Option<Estimate> {
    let statistic = Statistic {
        value: &|s: &[f64; 2]| ratio(s[0], s[1]),
        weight: 1,
        scale: Scale::Share,
        null: None,
        unit_variance: Some(&|s: &[f64; 2]| ratio(s[0], s[1]).map(|p| p * (1.0 - p))),
    };
    estimate(voices(parts).collect(), &statistic).map(in_percent)
}

/// Signed part ÷ whole in points, tested against zero. `absolute` is the unsigned part, which gives
/// the spread of one mention.
pub(crate) fn net(parts: impl Iterator<Item = (Part, f64)>) -> Option<Estimate> {
    let voices = parts
        .map(|(p, absolute)| Voice { cluster: p.cluster, group: p.group, sums: [p.of, p.whole, absolute] })
        .collect();
    let statistic = Statistic {
        value: &|s: &[f64; 3]| ratio(s[0], s[1]),
        weight: 1,
        scale: Scale::Difference,
        null: Some(0.0),
        unit_variance: Some(&|s: &[f64; 3]| {
            let (net, polar) = (ratio(s[0], s[1])?, ratio(s[2], s[1])?);
            Some(polar - net * net)
        }),
    };
    estimate(voices, &statistic).map(in_percent).map(|mut e| {
        // The identity scale does not know that a net share ends at 100.
        e.lo = e.lo.map(|lo| lo.max(-100.0));
        e.hi = e.hi.map(|hi| hi.min(100.0));
        e
    })
}

/// Difference of two shares of one whole in points (part may be signed), tested against zero.
pub(crate) fn lead(parts: impl Iterator<Item = Part>) -> Option<Estimate> {
    let statistic = Statistic {
        value: &|s: &[f64; 2]| ratio(s[0], s[1]),
        weight: 1,
        scale: Scale::Difference,
        null: Some(0.0),
        unit_variance: None,
    };
    estimate(voices(parts).collect(), &statistic).map(in_percent)
}

/// Share now minus share before in points, tested against no change. A voice heard in both periods
/// stays in one group, so the difference keeps their covariance.
pub(crate) fn change(now: impl Iterator<Item = Part>, before: impl Iterator<Item = Part>) -> Option<Estimate> {
    let voice = |p: Part, sums| Voice { cluster: p.cluster, group: p.group, sums };
    let mut voices: Vec<Voice<4>> = now.map(|p| voice(p, [p.of, p.whole, 0.0, 0.0])).collect();
    voices.extend(before.map(|p| voice(p, [0.0, 0.0, p.of, p.whole])));
    let base_before: f64 = voices.iter().map(|v| v.sums[3]).sum();
    let statistic = Statistic {
        value: &|s: &[f64; 4]| Some(ratio(s[0], s[1])? - ratio(s[2], s[3])?),
        weight: 1,
        scale: Scale::Difference,
        null: Some(0.0),
        unit_variance: None,
    };
    estimate(voices, &statistic).map(in_percent).map(|e| floored(e, base_before))
}

/// A change needs both sides above the floor.
pub(crate) fn floored(mut change: Estimate, base_before: f64) -> Estimate {
    if base_before < FLOOR && change.is_displayable() {
        change.flags.push(Flag::BelowFloor);
        change.flags.sort();
    }
    change
}

fn voices(parts: impl Iterator<Item = Part>) -> impl Iterator<Item = Voice<2>> {
    parts.map(|p| Voice { cluster: p.cluster, group: p.group, sums: [p.of, p.whole] })
}

fn in_percent(mut e: Estimate) -> Estimate {
    e.value *= 100.0;
    e.lo = e.lo.map(|x| x * 100.0);
    e.hi = e.hi.map(|x| x * 100.0);
    e
}
