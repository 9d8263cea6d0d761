//! Volume: mentions (`mentions@1.0`), per day (`mentions_per_day@1.0`), change (`volume_change@1.0`).
//!
//! *What it measures* — how much is said about an entity.
//! *How it is computed* — the daily average adds, over sources, counted mentions ÷ days on which the
//! source was collected: a day without collection is no day of silence. The change is the ratio of the
//! two periods' daily averages, its interval the delete-a-group jackknife on the logarithm.
//! *Reading it* — months of 28 and 31 days compare as they should; totals do not.
//! *Limits* — a source that did not exist in the previous period makes the change larger than what was
//! said: the collection page lists when each source begins.

use std::collections::BTreeMap;

use vigie_model::estimate::Estimate;
use vigie_model::metric::Metric;
use vigie_model::period::{Period, epoch_day, from_epoch_day};

use crate::collection::Health;
use crate::jackknife::{Scale, Statistic, Voice, estimate};
use crate::share::floored;
use crate::tally::{Counts, DayCell, PeriodTally, Tally};

/// Counted mentions.
pub const MENTIONS: Metric = Metric { id: "mentions", version: "1.0" };
/// Daily average over collected days.
pub const PER_DAY: Metric = Metric { id: "mentions_per_day", version: "1.0" };
/// Ratio of daily averages.
pub const CHANGE: Metric = Metric { id: "volume_change", version: "1.0" };
/// Distinct authors.
pub const AUTHORS: Metric = Metric { id: "authors", version: "1.0" };

/// One entity's volume.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Entity index.
    pub entity: usize,
    /// Counted mentions by tone, copies beside.
    pub counts: Counts,
    /// Distinct authors.
    pub authors: u64,
    /// Daily average; `None` when no source was up.
    pub per_day: Option<Estimate>,
    /// Daily average of the previous period.
    pub previous: Option<Estimate>,
    /// Ratio of the daily averages (1 = unchanged), tested against 1.
    pub change: Option<Estimate>,
    /// Counted mentions per day; `None` on a day on which no source was up.
    pub daily: Vec<Option<u64>>,
}

/// A calendar month of the archive.
#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    /// The month.
    pub period: Period,
    /// Counted mentions by entity index.
    pub counts: Vec<Counts>,
}

/// Volume of every entity, in the project's order.
pub fn volume(tally: &Tally, health: &Health, before: Option<&Health>) -> Vec<Volume> {
    let entities = tally.current.authors.len();
    (0..entities)
        .map(|entity| {
            let previous = tally.previous.as_ref().zip(before);
            Volume {
                entity,
                counts: of(&tally.current, entity).map(|v| v.counts).sum(),
                authors: tally.current.authors[entity],
                per_day: per_day(&tally.current, health, entity),
                previous: previous.and_then(|(p, h)| per_day(p, h, entity)),
                change: previous.and_then(|(p, h)| change((&tally.current, health), (p, h), entity)),
                daily: daily(&tally.days, health, entity),
            }
        })
        .collect()
}

fn of(tally: &PeriodTally, entity: usize) -> impl Iterator<Item = &crate::tally::VoiceCell> {
    tally.voices.iter().filter(move |v| v.entity as usize == entity)
}

/// What one counted mention adds to the daily average, by source index; 0 for a source never up.
fn weights(health: &Health, entity: usize) -> Vec<f64> {
    (0..health.states.len())
        .map(|s| match health.days_up(s as u32, entity as u32) {
            0 => 0.0,
            days => 1.0 / days as f64,
        })
        .collect()
}

/// Rate and mentions of each voice.
fn rates(tally: &PeriodTally, health: &Health, entity: usize) -> Vec<Voice<2>> {
    let weights = weights(health, entity);
    let weight = |source: u32| weights.get(source as usize).copied().unwrap_or(0.0);
    of(tally, entity)
        .map(|v| Voice {
            cluster: v.cluster,
            group: v.group,
            sums: [v.counts.n as f64 * weight(v.source), v.counts.n as f64],
        })
        .collect()
}

fn per_day(tally: &PeriodTally, health: &Health, entity: usize) -> Option<Estimate> {
    if weights(health, entity).iter().all(|w| *w == 0.0) {
        return None;
    }
    let statistic = Statistic {
        value: &|s: &[f64; 2]| Some(s[0]),
        weight: 1,
        scale: Scale::Ratio,
        null: None,
        unit_variance: None,
    };
    estimate(rates(tally, health, entity), &statistic)
}

fn change(now: (&PeriodTally, &Health), before: (&PeriodTally, &Health), entity: usize) -> Option<Estimate> {
    let widen = |v: Voice<2>, now: bool| {
        let [rate, n] = v.sums;
        let sums = if now { [rate, 0.0, n, 0.0] } else { [0.0, rate, 0.0, n] };
        Voice { cluster: v.cluster, group: v.group, sums }
    };
    let mut voices: Vec<Voice<4>> = rates(now.0, now.1, entity).into_iter().map(|v| widen(v, true)).collect();
    voices.extend(rates(before.0, before.1, entity).into_iter().map(|v| widen(v, false)));
    let statistic = Statistic {
        value: &|s: &[f64; 4]| (s[1] > 0.0).then(|| s[0] / s[1]),
        weight: 2,
        scale: Scale::Ratio,
        null: Some(1.0),
        unit_variance: None,
    };
    let base_before: f64 = voices.iter().map(|v| v.sums[3]).sum();
    estimate(voices, &statistic).map(|e| floored(e, base_before))
}

fn daily(cells: &[DayCell], health: &Health, entity: usize) -> Vec<Option<u64>> {
    let mut by_day: BTreeMap<i32, u64> = BTreeMap::new();
    for c in cells.iter().filter(|c| c.entity as usize == entity) {
        *by_day.entry(c.day).or_default() += c.counts.n;
    }
    let sources = health.states.len() as u32;
    (0..health.states.first().map_or(0, Vec::len))
        .map(|i| {
            let up = (0..sources).any(|s| health.is_up(s, entity as u32, i));
            up.then(|| by_day.get(&(health.first_day + i as i32)).copied().unwrap_or(0))
        })
        .collect()
}

/// The calendar months up to the one that ends with `period`, at most `limit`, from the first one
/// with any mention. Empty when `period` is not a month.
pub fn months(tally: &Tally, period: &Period, limit: usize) -> Vec<Month> {
    if !period.is_month() {
        return Vec::new();
    }
    let entities = tally.current.authors.len();
    let Some(first) = tally.collected.iter().map(|c| c.day).min().map(from_epoch_day) else { return Vec::new() };
    let mut periods = vec![period.clone()];
    while periods.len() < limit {
        let earlier = periods[periods.len() - 1].previous();
        if earlier.end <= first {
            break;
        }
        periods.push(earlier);
    }
    periods.reverse();
    periods
        .into_iter()
        .map(|month| {
            let days = epoch_day(month.start)..epoch_day(month.end);
            let mut counts = vec![Counts::default(); entities];
            for c in tally.days.iter().filter(|c| days.contains(&c.day)) {
                if let Some(total) = counts.get_mut(c.entity as usize) {
                    *total += c.counts;
                }
            }
            Month { period: month, counts }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::health;
    use crate::tally::{Funnel, SourceDay, VoiceCell};

    fn month(text: &str) -> Period {
        Period::parse(text, "2026-11-24".parse().unwrap()).unwrap()
    }

    fn period(period: &Period, per_day: u64, skip: std::ops::RangeInclusive<i32>) -> (PeriodTally, Vec<SourceDay>) {
        let first = epoch_day(period.start);
        let (mut voices, mut collected) = (Vec::new(), Vec::new());
        for day in (first..epoch_day(period.end)).filter(|d| !skip.contains(&(d - first))) {
            collected.push(SourceDay { source: 0, day, rows: per_day });
            for i in 0..per_day {
                let cluster = day as u64 * 1000 + i;
                let counts = Counts { n: 1, ..Counts::default() };
                let group = (cluster * 13 % 64) as u32;
                voices.push(VoiceCell { entity: 0, source: 0, platform: 0, cluster, group, counts });
            }
        }
        let tally = PeriodTally { period: period.clone(), voices, authors: vec![0], funnel: Funnel::default() };
        (tally, collected)
    }

    /// Three days without collection change the total, not the daily average.
    #[test]
    fn missing_days_are_left_out_of_the_average() {
        let (october, september) = (month("2026-10"), month("2026-09"));
        let (current, mut collected) = period(&october, 20, 5..=7);
        let (previous, earlier) = period(&september, 20, 99..=99);
        collected.extend(earlier);
        collected.sort_by_key(|c| c.day);
        let (now, before) = (health(&collected, 1, &october, &[]), health(&collected, 1, &september, &[]));
        let tally = Tally { days: vec![], collected, current, previous: Some(previous) };
        let volume = &volume(&tally, &now, Some(&before))[0];
        assert_eq!(volume.counts.n, 28 * 20);
        assert!((volume.per_day.as_ref().unwrap().value - 20.0).abs() < 1e-9);
        let change = volume.change.as_ref().unwrap();
        assert!((change.value - 1.0).abs() < 1e-9 && change.p.unwrap() > 0.9, "{change:?}");
        assert_eq!(volume.daily.iter().filter(|d| d.is_none()).count(), 3);
    }
}
