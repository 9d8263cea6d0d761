//! Tone: breakdown (`polarity_mix@1.0`, percent) and net sentiment (`net_sentiment@1.0`, points).
//!
//! *What it measures* — how an entity is spoken of.
//! *How it is computed* — over counted mentions whose tone towards the entity was read (positive P,
//! negative N, neutral U, mixed X): net = 100·(P−N)/(P+N+U+X). Mentions in a language that is not read
//! are outside the base. Intervals by delete-a-group jackknife.
//! *Reading it* — from −100 (all negative) to +100; neutral mentions pull it to zero, so levels are
//! compared between entities and months read by the same engine, not with other tools' figures.
//! *Limits* — the engine errs on irony and on tone that is only implied: unless audited, compare brands and
//! months rather than quote a level; a change between two months read alike is safer.

use vigie_model::estimate::Estimate;
use vigie_model::metric::Metric;

use crate::share::{self, Part};
use crate::tally::{Counts, PeriodTally, Tally, VoiceCell};

/// Net sentiment in points.
pub const NET_SENTIMENT: Metric = Metric { id: "net_sentiment", version: "1.0" };
/// Breakdown in percent.
pub const POLARITY_MIX: Metric = Metric { id: "polarity_mix", version: "1.0" };

/// One entity's tone.
#[derive(Clone, Debug, PartialEq)]
pub struct Tone {
    /// Entity index.
    pub entity: usize,
    /// Counted mentions by tone.
    pub counts: Counts,
    /// Net sentiment in points; `None` without any mention read.
    pub net: Option<Estimate>,
    /// Net sentiment of the previous period.
    pub previous: Option<Estimate>,
    /// Change in points, tested against none.
    pub change: Option<Estimate>,
    /// Negative mentions in percent of those read.
    pub negative: Option<Estimate>,
    /// The same in the previous period.
    pub previous_negative: Option<Estimate>,
    /// Positive mentions in percent of those read.
    pub positive: Option<Estimate>,
}

/// Tone of every entity, in the project's order.
pub fn tone(tally: &Tally) -> Vec<Tone> {
    (0..tally.current.authors.len())
        .map(|entity| Tone {
            entity,
            counts: of(&tally.current, entity).map(|v| v.counts).sum(),
            net: net(&tally.current, entity),
            previous: tally.previous.as_ref().and_then(|p| net(p, entity)),
            change: tally
                .previous
                .as_ref()
                .and_then(|p| share::change(parts(&tally.current, entity, signed), parts(p, entity, signed))),
            negative: share::share(parts(&tally.current, entity, |c| c.negative as f64)),
            previous_negative: tally
                .previous
                .as_ref()
                .and_then(|p| share::share(parts(p, entity, |c| c.negative as f64))),
            positive: share::share(parts(&tally.current, entity, |c| c.positive as f64)),
        })
        .collect()
}

/// Net sentiment of counts in points; `None` without any mention read.
pub fn net_of(counts: &Counts) -> Option<f64> {
    let read = counts.read() as f64;
    (read > 0.0).then(|| 100.0 * (counts.positive as f64 - counts.negative as f64) / read)
}

fn of(tally: &PeriodTally, entity: usize) -> impl Iterator<Item = &VoiceCell> {
    tally.voices.iter().filter(move |v| v.entity as usize == entity)
}

/// The part of the mentions read that `measure` gives.
fn parts<'t>(
    tally: &'t PeriodTally,
    entity: usize,
    measure: impl Fn(&Counts) -> f64 + 't,
) -> impl Iterator<Item = Part> + 't {
    of(tally, entity).map(move |v| Part {
        cluster: v.cluster,
        group: v.group,
        of: measure(&v.counts),
        whole: v.counts.read() as f64,
    })
}

fn signed(c: &Counts) -> f64 {
    c.positive as f64 - c.negative as f64
}

fn net(tally: &PeriodTally, entity: usize) -> Option<Estimate> {
    let polar = of(tally, entity).map(|v| (v.counts.positive + v.counts.negative) as f64);
    share::net(parts(tally, entity, signed).zip(polar))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::{Funnel, VoiceCell};
    use vigie_model::period::Period;

    fn tally(positive: u64, negative: u64, neutral: u64) -> Tally {
        let tones = [(positive, 1), (negative, -1), (neutral, 0)];
        let mut voices = Vec::new();
        for (n, tone) in tones {
            for _ in 0..n {
                let cluster = voices.len() as u64;
                let counts = match tone {
                    1 => Counts { n: 1, positive: 1, ..Counts::default() },
                    -1 => Counts { n: 1, negative: 1, ..Counts::default() },
                    _ => Counts { n: 1, neutral: 1, ..Counts::default() },
                };
                voices.push(VoiceCell {
                    entity: 0,
                    source: 0,
                    platform: 0,
                    cluster,
                    group: (xxhash_rust::xxh3::xxh3_64(&cluster.to_le_bytes()) % 64) as u32,
                    counts,
                });
            }
        }
        let period = Period::parse("2026-10", "2026-11-24".parse().unwrap()).unwrap();
        let current = PeriodTally { period, voices, authors: vec![0], funnel: Funnel::default() };
        Tally { days: vec![], collected: vec![], current, previous: None }
    }

    /// (80, 20, 100): net +30 ± 9.
    #[test]
    fn worked_example() {
        let tone = &tone(&tally(80, 20, 100))[0];
        let net = tone.net.as_ref().unwrap();
        assert!((net.value - 30.0).abs() < 1e-9);
        let reach = (net.hi.unwrap() - net.lo.unwrap()) / 2.0;
        assert!((reach - 9.0).abs() < 2.5, "{reach}");
        assert_eq!(net.n, 200);
        assert!((tone.negative.as_ref().unwrap().value - 10.0).abs() < 1e-9);
    }

    #[test]
    fn all_neutral_is_zero_and_three_voices_are_too_few() {
        assert_eq!(tone(&tally(0, 0, 50))[0].net.as_ref().unwrap().value, 0.0);
        assert!(!tone(&tally(3, 1, 0))[0].net.as_ref().unwrap().is_displayable());
        assert!(tone(&tally(0, 0, 0))[0].net.is_none());
    }
}
