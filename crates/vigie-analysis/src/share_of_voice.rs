//! Share of voice (`sov@1.0`, in percent) and its variants.
//!
//! *What it measures* — the part of the conversation about the tracked entities that is about each.
//! *How it is computed* — counted mentions of the entity ÷ sum over all tracked entities. A mention that
//! names two entities counts once for each, so the shares sum to 100. Posts of the entities' own
//! accounts are left out. Intervals and the change from the previous period (in points) come from the
//! delete-a-group jackknife on voices. Two variants stand beside it: `sov_all@1.0` counts every row,
//! near-duplicate copies included; `sov_authors@1.0` counts distinct authors.
//! *Reading it* — being talked about more is neither good nor bad: read it with the tone.
//! *Limits* — it is a share of what was collected from the sources listed, not of all that was said.

use vigie_model::estimate::Estimate;
use vigie_model::metric::Metric;

use crate::share::{self, Part};
use crate::tally::{PeriodTally, Tally};

/// Share by counted mentions.
pub const SOV: Metric = Metric { id: "sov", version: "1.0" };
/// Share by all rows, copies included.
pub const SOV_ALL: Metric = Metric { id: "sov_all", version: "1.0" };
/// Share by distinct authors.
pub const SOV_AUTHORS: Metric = Metric { id: "sov_authors", version: "1.0" };

/// One entity's share.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Entity index.
    pub entity: usize,
    /// Counted mentions.
    pub mentions: u64,
    /// Share in percent; `None` when nothing was counted at all.
    pub share: Option<Estimate>,
    /// Share of the previous period in percent.
    pub previous: Option<Estimate>,
    /// Change in points, tested against none.
    pub change: Option<Estimate>,
    /// Lead over the entity that follows in points, tested against none; `None` for the last one.
    pub lead: Option<Estimate>,
    /// Percent of all rows, copies included.
    pub all_rows: Option<f64>,
    /// Percent of distinct authors.
    pub authors: Option<f64>,
}

/// Shares of all entities, the largest first, ties by the project's order.
pub fn share_of_voice(tally: &Tally) -> Vec<Share> {
    let entities = tally.current.authors.len();
    let mentions = mentions_by_entity(&tally.current);
    let mut order: Vec<usize> = (0..entities).collect();
    order.sort_by(|a, b| mentions[*b].cmp(&mentions[*a]).then(a.cmp(b)));
    let rows = rows_by_entity(&tally.current);
    order
        .iter()
        .enumerate()
        .map(|(rank, &entity)| Share {
            entity,
            mentions: mentions[entity],
            share: share::share(parts(&tally.current, only(entity))),
            previous: tally.previous.as_ref().and_then(|p| share::share(parts(p, only(entity)))),
            change: tally
                .previous
                .as_ref()
                .and_then(|p| share::change(parts(&tally.current, only(entity)), parts(p, only(entity)))),
            lead: order.get(rank + 1).and_then(|next| {
                let (first, second) = (only(entity), only(*next));
                share::lead(parts(&tally.current, move |e| first(e) - second(e)))
            }),
            all_rows: percent(rows[entity], rows.iter().sum()),
            authors: percent(tally.current.authors[entity], tally.current.authors.iter().sum()),
        })
        .collect()
}

/// Counted mentions by entity index.
pub fn mentions_by_entity(tally: &PeriodTally) -> Vec<u64> {
    by_entity(tally, |c| c.n)
}

fn rows_by_entity(tally: &PeriodTally) -> Vec<u64> {
    by_entity(tally, |c| c.n + c.copies)
}

fn by_entity(tally: &PeriodTally, measure: impl Fn(&crate::tally::Counts) -> u64) -> Vec<u64> {
    let mut totals = vec![0; tally.authors.len()];
    for v in &tally.voices {
        if let Some(total) = totals.get_mut(v.entity as usize) {
            *total += measure(&v.counts);
        }
    }
    totals
}

fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

/// The part of the counted mentions that `weight` gives each entity, out of all.
fn parts(tally: &PeriodTally, weight: impl Fn(usize) -> f64) -> impl Iterator<Item = Part> {
    tally.voices.iter().map(move |v| {
        let whole = v.counts.n as f64;
        Part { cluster: v.cluster, group: v.group, of: weight(v.entity as usize) * whole, whole }
    })
}

fn only(entity: usize) -> impl Fn(usize) -> f64 {
    move |e| f64::from(u8::from(e == entity))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::{Counts, Funnel, VoiceCell};
    use vigie_model::period::Period;

    fn month(text: &str) -> Period {
        Period::parse(text, "2026-11-24".parse().unwrap()).unwrap()
    }

    fn period(mentions: &[u64], text: &str) -> PeriodTally {
        let mut voices = Vec::new();
        for (entity, n) in mentions.iter().enumerate() {
            for i in 0..*n {
                let cluster = entity as u64 * 100_000 + i;
                voices.push(VoiceCell {
                    entity: entity as u32,
                    source: 0,
                    platform: 0,
                    cluster,
                    group: (xxhash_rust::xxh3::xxh3_64(&cluster.to_le_bytes()) % 64) as u32,
                    counts: Counts { n: 1, neutral: 1, ..Counts::default() },
                });
            }
        }
        PeriodTally { period: month(text), voices, authors: mentions.to_vec(), funnel: Funnel::default() }
    }

    /// brand 120, A 200, B 80: 30, 50 and 20 %; five points more than 25 % before.
    #[test]
    fn worked_example() {
        let tally = Tally {
            days: Vec::new(),
            collected: Vec::new(),
            current: period(&[120, 200, 80], "2026-10"),
            previous: Some(period(&[100, 220, 80], "2026-09")),
        };
        let shares = share_of_voice(&tally);
        assert_eq!(shares.iter().map(|s| s.entity).collect::<Vec<_>>(), [1, 0, 2]);
        let brand = &shares[1];
        let share = brand.share.as_ref().unwrap();
        assert!((share.value - 30.0).abs() < 1e-9);
        assert!((share.lo.unwrap() - 25.7).abs() < 1.5 && (share.hi.unwrap() - 34.7).abs() < 1.5, "{share:?}");
        assert!((brand.change.as_ref().unwrap().value - 5.0).abs() < 1e-9);
        assert!((brand.lead.as_ref().unwrap().value - 10.0).abs() < 1e-9);
        let sum: f64 = shares.iter().map(|s| s.share.as_ref().unwrap().value).sum();
        assert!((sum - 100.0).abs() < 1e-9);
        assert_eq!(shares[0].authors, Some(50.0));
    }

    #[test]
    fn nothing_said_has_no_share() {
        let tally = Tally { days: vec![], collected: vec![], current: period(&[0, 0], "2026-10"), previous: None };
        let shares = share_of_voice(&tally);
        assert_eq!(shares.len(), 2);
        assert!(shares.iter().all(|s| s.share.is_none() && s.all_rows.is_none() && s.lead.is_none()));
    }
}
