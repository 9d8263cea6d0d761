//! Where people speak of an entity: share of its mentions by platform (`platform_share@1.0`, percent).
//!
//! *What it measures* — which places carry the conversation about the entity.
//! *How it is computed* — counted mentions on the platform ÷ counted mentions of the entity; intervals
//! and changes by delete-a-group jackknife.
//! *Limits* — it follows what the sources can see: a platform without source is absent, not silent.

use vigie_model::estimate::Estimate;
use vigie_model::metric::Metric;

use crate::share::{self, Part};
use crate::tally::{Counts, PeriodTally, Tally, VoiceCell};
use crate::tone::net_of;

/// Share of an entity's mentions in percent.
pub const PLATFORM_SHARE: Metric = Metric { id: "platform_share", version: "1.0" };

/// One platform's part in an entity's mentions.
#[derive(Clone, Debug, PartialEq)]
pub struct PlatformShare {
    /// Platform index.
    pub platform: u32,
    /// Counted mentions.
    pub mentions: u64,
    /// Share in percent.
    pub share: Option<Estimate>,
    /// Share of the previous period in percent.
    pub previous: Option<f64>,
    /// Change in points.
    pub change: Option<Estimate>,
    /// Net sentiment on the platform in points, when at least 30 mentions were read.
    pub net: Option<f64>,
}

/// Platforms of `entity`, the largest first, ties in alphabetical order; those silent now but not
/// before are included.
pub fn platforms(tally: &Tally, entity: usize) -> Vec<PlatformShare> {
    let mut all: Vec<u32> = of(&tally.current, entity)
        .chain(tally.previous.iter().flat_map(|p| of(p, entity)))
        .map(|v| v.platform)
        .collect();
    all.sort_unstable();
    all.dedup();
    let mut shares: Vec<PlatformShare> = all.into_iter().map(|p| one(tally, entity, p)).collect();
    shares.sort_by(|a, b| b.mentions.cmp(&a.mentions).then(a.platform.cmp(&b.platform)));
    shares
}

fn of(tally: &PeriodTally, entity: usize) -> impl Iterator<Item = &VoiceCell> {
    tally.voices.iter().filter(move |v| v.entity as usize == entity)
}

fn one(tally: &Tally, entity: usize, platform: u32) -> PlatformShare {
    let counts: Counts = of(&tally.current, entity).filter(|v| v.platform == platform).map(|v| v.counts).sum();
    let previous = tally.previous.as_ref();
    PlatformShare {
        platform,
        mentions: counts.n,
        share: share::share(parts(&tally.current, entity, platform)),
        previous: previous.and_then(|p| share::share(parts(p, entity, platform))).map(|e| e.value),
        change: previous
            .and_then(|p| share::change(parts(&tally.current, entity, platform), parts(p, entity, platform))),
        net: (counts.read() >= 30).then(|| net_of(&counts)).flatten(),
    }
}

fn parts(tally: &PeriodTally, entity: usize, platform: u32) -> impl Iterator<Item = Part> {
    of(tally, entity).map(move |v| {
        let whole = v.counts.n as f64;
        let part = if v.platform == platform { whole } else { 0.0 };
        Part { cluster: v.cluster, group: v.group, of: part, whole }
    })
}
