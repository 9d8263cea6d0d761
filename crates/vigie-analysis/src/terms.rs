//! Rising terms (`trend_z@1.0`): words the public uses about an entity now and did not before.
//!
//! *What it measures* — terms (one to three words, hashtags) whose use grew the most against the
//! periods before.
//! *How it is computed* — people are counted, not occurrences: an author who uses a term ten times is
//! one. Log-odds of use now against before with an informative Dirichlet prior (the terms' use over
//! both, worth 500 authors); `z` is the log-odds over its standard error. Kept: at least ten authors
//! now, two platforms, three days, `z` above 2.58 and twice as
//! frequent as before; Benjamini-Hochberg over all terms tested. A longer term replaces a shorter one
//! that it explains to four fifths.
//! *Reading it* — a rising term is a subject to open, not a judgment.
//! *Limits* — terms are not subjects: two spellings are two terms.
//! *References* — B. Monroe, M. Colaresi, K. Quinn, "Fightin' Words", Political Analysis 16(4), 2008.

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF, Normal};
use vigie_model::frame::TermUse;
use vigie_model::metric::Metric;

use crate::multiple::q_values;

/// Log-odds z-score of a term.
pub const TREND: Metric = Metric { id: "trend_z", version: "1.0" };

/// A term and how its use moved.
#[derive(Clone, Debug, PartialEq)]
pub struct RisingTerm {
    /// Term id.
    pub term: u32,
    /// Words as most people write them.
    pub surface: String,
    /// Authors who used it in the period.
    pub authors: u64,
    /// Authors who used it before.
    pub authors_before: u64,
    /// Platforms it was used on in the period.
    pub platforms: u64,
    /// Log-odds against the time before, over its standard error.
    pub z: f64,
    /// False discovery rate at which it is kept.
    pub q: f64,
    /// Rate now ÷ rate before; `None` when nobody used it before.
    pub ratio: Option<f64>,
    /// Net sentiment of the mentions with the term, in points, from 30 mentions on.
    pub net: Option<f64>,
    /// Mentions with the term in the period.
    pub mentions: u64,
    /// First day of use in the period.
    pub first_day: i32,
}

/// Floors below which a term is not shown.
struct Floors {
    authors: u64,
    platforms: u64,
    days: u64,
}
/// Of a subject of a whole period.
const OF_PERIOD: Floors = Floors { authors: 10, platforms: 2, days: 3 };
/// Of what sets a few days apart.
const OF_DAYS: Floors = Floors { authors: 5, platforms: 1, days: 1 };
const MIN_RATIO: f64 = 2.0;
const MIN_Z: f64 = 2.58;
/// Weight of the prior, in authors.
const PRIOR: f64 = 500.0;
const NESTED: f64 = 0.8;

#[derive(Default, Clone)]
struct Use {
    authors: u64,
    platforms: u64,
    days: u64,
    mentions: u64,
    positive: u64,
    negative: u64,
    read: u64,
    first_day: i32,
}

/// The terms of `now` that rose against `before`, strongest first, at most `limit`.
/// `surfaces` gives each term id its words.
pub fn rising(now: &[TermUse], before: &[TermUse], surfaces: &[String], limit: usize) -> Vec<RisingTerm> {
    above(&OF_PERIOD, now, before, surfaces, limit)
}

/// The words of the terms that set a few days (`within`) apart from others (`elsewhere`), strongest first, at most
/// `limit`: those of [`rising`], used by five authors or more, on any number of platforms and days.
pub fn distinctive(within: &[TermUse], elsewhere: &[TermUse], surfaces: &[String], limit: usize) -> Vec<String> {
    above(&OF_DAYS, within, elsewhere, surfaces, limit).into_iter().map(|t| t.surface).collect()
}

fn above(floors: &Floors, now: &[TermUse], before: &[TermUse], surfaces: &[String], limit: usize) -> Vec<RisingTerm> {
    let (uses, uses_before) = (by_term(now), by_term(before));
    let (n1, n2) = (total(&uses), total(&uses_before));
    if n1 == 0.0 || n2 == 0.0 {
        return Vec::new();
    }
    let tested: Vec<(u32, &Use, f64, f64)> = uses
        .iter()
        .filter(|(_, u)| u.authors >= floors.authors && u.platforms >= floors.platforms && u.days >= floors.days)
        .map(|(term, u)| {
            let y2 = uses_before.get(term).map_or(0.0, |b| b.authors as f64);
            (*term, u, y2, log_odds_z(u.authors as f64, n1, y2, n2))
        })
        .collect();
    let normal = Normal::standard();
    let p: Vec<f64> = tested.iter().map(|t| 2.0 * normal.sf(t.3.abs())).collect();
    let q = q_values(&p);
    let mut rising: Vec<RisingTerm> = tested
        .into_iter()
        .zip(q)
        .map(|((term, u, y2, z), q)| RisingTerm {
            term,
            surface: surfaces.get(term as usize).cloned().unwrap_or_default(),
            authors: u.authors,
            authors_before: y2 as u64,
            platforms: u.platforms,
            z,
            q,
            ratio: (y2 > 0.0).then(|| (u.authors as f64 / n1) / (y2 / n2)),
            net: (u.read >= 30).then(|| 100.0 * (u.positive as f64 - u.negative as f64) / u.read as f64),
            mentions: u.mentions,
            first_day: u.first_day,
        })
        .filter(|t| t.z > MIN_Z && t.q <= 0.05 && t.ratio.is_none_or(|r| r >= MIN_RATIO))
        .collect();
    rising.sort_by(|a, b| b.z.total_cmp(&a.z).then_with(|| a.surface.cmp(&b.surface)));
    without_nested(&rising, limit)
}

fn by_term(uses: &[TermUse]) -> BTreeMap<u32, Use> {
    let mut sorted = uses.to_vec();
    sorted.sort_unstable();
    let mut terms: BTreeMap<u32, Use> = BTreeMap::new();
    let mut start = 0;
    while start < sorted.len() {
        let term = sorted[start].term;
        let end = start + sorted[start..].partition_point(|u| u.term == term);
        terms.insert(term, one(&sorted[start..end]));
        start = end;
    }
    terms
}

fn one(uses: &[TermUse]) -> Use {
    let distinct = |key: &dyn Fn(&TermUse) -> u64| {
        let mut keys: Vec<u64> = uses.iter().map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.len() as u64
    };
    let toned = |tone: i8| uses.iter().filter(|u| u.tone == tone).count() as u64;
    Use {
        authors: distinct(&|u| u.voice),
        platforms: distinct(&|u| u64::from(u.platform)),
        days: distinct(&|u| u.day as u64),
        mentions: uses.len() as u64,
        positive: toned(1),
        negative: toned(-1),
        read: uses.iter().filter(|u| u.tone <= 2).count() as u64,
        first_day: uses.iter().map(|u| u.day).min().unwrap_or(0),
    }
}

fn total(uses: &BTreeMap<u32, Use>) -> f64 {
    uses.values().map(|u| u.authors as f64).sum()
}

/// Monroe's z with a prior proportional to the use over both periods.
fn log_odds_z(y1: f64, n1: f64, y2: f64, n2: f64) -> f64 {
    let prior = PRIOR * (y1 + y2) / (n1 + n2);
    z_with_prior(y1, n1, y2, n2, prior, PRIOR)
}

fn z_with_prior(y1: f64, n1: f64, y2: f64, n2: f64, prior: f64, weight: f64) -> f64 {
    let side = |y: f64, n: f64| libm::log((y + prior) / (n + weight - y - prior));
    let delta = side(y1, n1) - side(y2, n2);
    delta / (1.0 / (y1 + prior) + 1.0 / (y2 + prior)).sqrt()
}

/// Of two terms of which one contains the other, keeps the longer when it has most of the authors.
fn without_nested(terms: &[RisingTerm], limit: usize) -> Vec<RisingTerm> {
    let words = |t: &RisingTerm| format!(" {} ", t.surface.to_lowercase());
    let explained = |short: &RisingTerm, long: &RisingTerm| {
        words(long).contains(words(short).as_str()) && long.authors as f64 >= NESTED * short.authors as f64
    };
    let nested_in_longer =
        |t: &RisingTerm| terms.iter().any(|o| o.term != t.term && words(o) != words(t) && explained(t, o));
    let mut kept: Vec<RisingTerm> = Vec::new();
    for term in terms.iter().filter(|t| !nested_in_longer(t)) {
        let repeats =
            kept.iter().any(|k| words(term).contains(words(k).as_str()) || words(k).contains(words(term).as_str()));
        if !repeats && kept.len() < limit {
            kept.push(term.clone());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of the Python package `logodds`: counts cat 30, purr 12, dog 5, the 200 against cat 4,
    /// dog 28, leash 9, the 210, with a background corpus of 3,255 words.
    #[test]
    fn published_implementation() {
        let (n1, n2) = (247.0, 251.0);
        let background = 100.01 + 20.01 + 120.01 + 15.01 + 3000.01;
        let scale = 1.0;
        let z = |y1, y2, bg: f64| z_with_prior(y1, n1, y2, n2, bg * scale, background * scale);
        assert!((z(30.0, 4.0, 100.01) - 1.763_409).abs() < 1e-3, "{}", z(30.0, 4.0, 100.01));
        assert!((z(12.0, 0.0, 20.01) - 1.664_719).abs() < 1e-3);
        assert!((z(5.0, 28.0, 120.01) + 1.436_767).abs() < 1e-3);
    }

    fn uses(term: u32, people: u64, first_voice: u64) -> impl Iterator<Item = TermUse> {
        (0..people).map(move |i| TermUse {
            term,
            voice: first_voice + i,
            day: 100 + (i % 9) as i32,
            platform: (i % 3) as u32,
            tone: i8::from(i % 2 == 0),
        })
    }

    #[test]
    fn a_new_subject_rises_and_the_usual_one_does_not() {
        let surfaces = ["forfait".to_owned(), "esim".to_owned(), "esim voyage".to_owned(), "rare".to_owned()];
        let now: Vec<_> = uses(0, 300, 0).chain(uses(1, 66, 0)).chain(uses(2, 60, 0)).chain(uses(3, 4, 0)).collect();
        let before: Vec<_> = uses(0, 900, 5_000).chain(uses(1, 6, 5_000)).chain(uses(2, 3, 5_000)).collect();
        let rising = rising(&now, &before, &surfaces, 10);
        assert_eq!(rising.len(), 1, "{rising:?}");
        assert_eq!(rising[0].surface, "esim voyage");
        assert_eq!((rising[0].authors, rising[0].authors_before), (60, 3));
        assert!(rising[0].net.unwrap() > 40.0);
    }

    #[test]
    fn ten_uses_by_one_person_are_one() {
        let surfaces = vec!["spam".to_owned()];
        let now: Vec<_> = uses(0, 50, 0).map(|u| TermUse { voice: 1, ..u }).collect();
        let before: Vec<_> = uses(0, 1, 9).collect();
        assert!(rising(&now, &before, &surfaces, 10).is_empty());
    }

    #[test]
    fn without_a_time_before_nothing_can_rise() {
        assert!(rising(&uses(0, 50, 0).collect::<Vec<_>>(), &[], &["x".to_owned()], 10).is_empty());
    }
}
