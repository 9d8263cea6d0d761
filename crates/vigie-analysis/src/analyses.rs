//! All analyses of a report, from the tallies.

use polars::prelude::{LazyFrame, PolarsResult};
use vigie_model::frame::{Names, TermUse};
use vigie_model::period::Period;

use crate::audit::Audited;
use crate::causes::causes;
use crate::collection::{DeclaredGap, Health, health};
use crate::crisis::{Episode, episodes};
use crate::evidence::{Evidence, Measure};
use crate::peaks::{Peak, peaks};
use crate::share_of_voice::{Share, share_of_voice};
use crate::sources::{PlatformShare, platforms};
use crate::tally::Tally;
use crate::terms::{RisingTerm, rising};
use crate::tone::{Tone, tone};
use crate::volume::{Month, Volume, months, volume};

/// Months of history shown.
const HISTORY: usize = 13;
/// Rising terms shown.
const TERMS: usize = 10;

/// Results of every analysis over one period.
#[derive(Clone, Debug)]
pub struct Analyses {
    /// What the indexes stand for.
    pub names: Names,
    /// What was counted.
    pub tally: Tally,
    /// Collection over the period.
    pub health: Health,
    /// Volume by entity index.
    pub volumes: Vec<Volume>,
    /// Shares of voice, the largest first.
    pub shares: Vec<Share>,
    /// Tone by entity index.
    pub tones: Vec<Tone>,
    /// Platforms of the client, the largest first.
    pub platforms: Vec<PlatformShare>,
    /// Months up to the period; empty when it is not a month.
    pub months: Vec<Month>,
    /// Rising terms of the client, strongest first; `None` without a time before to compare with.
    pub terms: Option<Vec<RisingTerm>>,
    /// Days on which more was said than expected, with their company, in the order of entity, series and time.
    pub episodes: Vec<Episode>,
    /// Series and days that were watched for peaks.
    pub watched: usize,
    /// Tests and what can be said.
    pub evidence: Evidence,
    /// What persons who read a sample of the period say of its tone.
    pub audited: Option<Audited>,
}

/// Terms used about the client, in the period and before.
pub struct ClientTerms<'a> {
    /// In the period.
    pub now: &'a [TermUse],
    /// Before.
    pub before: &'a [TermUse],
    /// Words of each term id.
    pub surfaces: &'a [String],
}

/// Runs every analysis. `hits` are those that were tallied.
///
/// # Errors
/// When `hits` lacks a column or has one of another type.
pub fn analyse(
    tally: Tally,
    names: Names,
    gaps: &[DeclaredGap],
    terms: &ClientTerms<'_>,
    hits: &LazyFrame,
) -> PolarsResult<Analyses> {
    let period = tally.current.period.clone();
    let sources = names.sources.len();
    let judged = |period: &Period| health(&tally.collected, sources, period, gaps);
    let health = judged(&period);
    let before = tally.previous.as_ref().map(|p| judged(&p.period));
    let volumes = volume(&tally, &health, before.as_ref());
    let shares = share_of_voice(&tally);
    let tones = tone(&tally);
    let platforms = platforms(&tally, 0);
    let evidence = evidence(&volumes, &shares, &tones, &platforms);
    let watch = peaks(&tally, sources, gaps);
    let with_causes = |peak: Peak| causes(hits, &peak, terms).map(|causes| (peak, causes));
    let episodes = episodes(watch.peaks.into_iter().map(with_causes).collect::<PolarsResult<_>>()?);
    let comparable = tally.previous.is_some() && !terms.before.is_empty();
    let terms = comparable.then(|| rising(terms.now, terms.before, terms.surfaces, TERMS));
    Ok(Analyses {
        months: months(&tally, &period, HISTORY),
        names,
        health,
        volumes,
        shares,
        tones,
        platforms,
        terms,
        episodes,
        watched: watch.judged,
        evidence,
        audited: None,
        tally,
    })
}

fn evidence(volumes: &[Volume], shares: &[Share], tones: &[Tone], platforms: &[PlatformShare]) -> Evidence {
    let mut tests = Vec::new();
    let mut add = |measure, subject, p: Option<f64>| tests.extend(p.map(|p| (measure, subject, p)));
    for s in shares {
        add(Measure::ShareOfVoice, s.entity, s.change.as_ref().and_then(|e| e.p));
        add(Measure::Lead, s.entity, s.lead.as_ref().and_then(|e| e.p));
    }
    for t in tones {
        add(Measure::NetSentiment, t.entity, t.change.as_ref().and_then(|e| e.p));
    }
    for v in volumes {
        add(Measure::Volume, v.entity, v.change.as_ref().and_then(|e| e.p));
    }
    for p in platforms {
        add(Measure::Platform, p.platform as usize, p.change.as_ref().and_then(|e| e.p));
    }
    Evidence::of(&tests)
}

impl Analyses {
    /// The share of voice of an entity.
    pub fn share(&self, entity: usize) -> Option<&Share> {
        self.shares.iter().find(|s| s.entity == entity)
    }

    /// Ranks `(best, worst)` of an entity by share of voice: equal when nobody shares its rank.
    /// Neighbours that are not told apart (q > 0.10) share their ranks.
    pub fn ranks(&self, entity: usize) -> Option<(usize, usize)> {
        let position = self.shares.iter().position(|s| s.entity == entity)?;
        let tied = |i: usize| {
            let share = &self.shares[i];
            share.lead.is_some()
                && self.evidence.q(Measure::Lead, share.entity).is_none_or(|q| q > crate::evidence::FINDING)
        };
        let mut best = position;
        while best > 0 && tied(best - 1) {
            best -= 1;
        }
        let mut worst = position;
        while worst + 1 < self.shares.len() && tied(worst) {
            worst += 1;
        }
        Some((best + 1, worst + 1))
    }
}
