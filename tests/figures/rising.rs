//! Rising terms, from the definition printed in the method page.

use std::collections::{BTreeMap, BTreeSet};

use vigie_text::tone::ToneClass;

use crate::estimate::false_discovery_rates;
use crate::labels::{Corpus, Days, Labelled};
use crate::student::normal_two_sided;

/// A term that rose.
#[derive(Clone, Debug)]
pub(crate) struct Rising {
    pub(crate) surface: String,
    pub(crate) authors: u64,
    pub(crate) before: u64,
    pub(crate) z: f64,
    pub(crate) q: f64,
    pub(crate) mentions: u64,
    pub(crate) first_day: i64,
    pub(crate) net: Option<f64>,
}

type Uses<'c> = BTreeMap<u64, Vec<&'c Labelled>>;

fn uses<'c>(corpus: &'c Corpus, days: &Days) -> Uses<'c> {
    let mut uses = Uses::new();
    for row in corpus.rows.iter().filter(|r| r.counted && days.contains(&r.day)) {
        for term in row.terms.iter().filter(|t| corpus.surfaces.contains_key(t)) {
            uses.entry(*term).or_default().push(row);
        }
    }
    uses
}

/// People who used a term.
fn people(rows: Option<&Vec<&Labelled>>) -> f64 {
    let names: BTreeSet<&String> = rows.into_iter().flatten().map(|r| r.author.as_ref().unwrap_or(&r.voice)).collect();
    names.len() as f64
}

/// The ten terms that rose most; `None` without any use before.
pub(crate) fn rising(corpus: &Corpus) -> Option<Vec<Rising>> {
    let (now, before) = (uses(corpus, &corpus.period), uses(corpus, &corpus.reference));
    if before.is_empty() {
        return None;
    }
    Some(above([10, 2, 3], &now, &before, corpus, 10))
}

/// The four terms that set `days` apart from the others, used by five people.
pub(crate) fn apart(corpus: &Corpus, days: &Days) -> Vec<String> {
    let within = uses(corpus, days);
    let mut elsewhere = uses(corpus, &(corpus.reference.start..days.start));
    for (term, rows) in uses(corpus, &(days.end..corpus.period.end)) {
        elsewhere.entry(term).or_default().extend(rows);
    }
    above([5, 1, 1], &within, &elsewhere, corpus, 4).into_iter().map(|t| t.surface).collect()
}

/// The strongest terms used by so many people, on so many platforms and days.
fn above(
    [least, places_least, days_least]: [usize; 3],
    now: &Uses<'_>,
    before: &Uses<'_>,
    corpus: &Corpus,
    most: usize,
) -> Vec<Rising> {
    let total = |uses: &Uses<'_>| uses.values().map(|rows| people(Some(rows))).sum::<f64>();
    let (n, m) = (total(now), total(before));
    let tested: Vec<(&u64, &Vec<&Labelled>, f64, f64)> = now
        .iter()
        .filter(|(_, rows)| {
            let places: BTreeSet<&String> = rows.iter().map(|r| &r.platform).collect();
            let days: BTreeSet<i64> = rows.iter().map(|r| r.day).collect();
            people(Some(rows)) >= least as f64 && places.len() >= places_least && days.len() >= days_least
        })
        .map(|(term, rows)| {
            let (y, x) = (people(Some(rows)), people(before.get(term)));
            (term, rows, x, z(y, n, x, m))
        })
        .collect();
    let p: Vec<f64> = tested.iter().map(|t| normal_two_sided(t.3)).collect();
    let mut rose: Vec<Rising> = Vec::new();
    for ((term, rows, x, z), q) in tested.into_iter().zip(false_discovery_rates(&p)) {
        let y = people(Some(rows));
        let doubled = x == 0.0 || y / n >= 2.0 * x / m;
        if z > 2.58 && q <= 0.05 && doubled {
            rose.push(Rising {
                surface: corpus.surfaces[term].clone(),
                authors: y as u64,
                before: x as u64,
                z,
                q,
                mentions: rows.len() as u64,
                first_day: rows.iter().map(|r| r.day).min().unwrap_or_default(),
                net: net(rows),
            });
        }
    }
    rose.sort_by(|a, b| b.z.total_cmp(&a.z).then_with(|| a.surface.cmp(&b.surface)));
    shown(&rose, most)
}

/// Log-odds now against before over its standard error, each side with 500 authors spread like both together.
fn z(y: f64, n: f64, x: f64, m: f64) -> f64 {
    let prior = 500.0 * (y + x) / (n + m);
    let odds = |count: f64, all: f64| (count + prior) / (all + 500.0 - count - prior);
    let variance = 1.0 / (y + prior) + 1.0 / (x + prior);
    (odds(y, n) / odds(x, m)).ln() / variance.sqrt()
}

/// Tone towards the client in points, from 30 mentions read on.
fn net(rows: &[&Labelled]) -> Option<f64> {
    let tones: Vec<ToneClass> = rows.iter().filter_map(|r| r.hits.iter().find(|h| h.0 == 0)).map(|h| h.1).collect();
    let of = |tone: ToneClass| tones.iter().filter(|t| **t == tone).count() as f64;
    let read = tones.len() as f64 - of(ToneClass::Unknown);
    (read >= 30.0).then(|| 100.0 * (of(ToneClass::Positive) - of(ToneClass::Negative)) / read)
}

/// A term inside a longer one that has four fifths of its authors goes; of two that contain each other the stronger
/// stays; `most` at most.
fn shown(rose: &[Rising], most: usize) -> Vec<Rising> {
    let words = |t: &Rising| t.surface.to_lowercase().split(' ').map(str::to_owned).collect::<Vec<_>>();
    let inside = |short: &Rising, long: &Rising| {
        let (short, long) = (words(short), words(long));
        long.windows(short.len()).any(|run| run == short)
    };
    let explained = |t: &Rising| {
        rose.iter().any(|o| words(o) != words(t) && inside(t, o) && o.authors as f64 >= 0.8 * t.authors as f64)
    };
    let mut kept: Vec<Rising> = Vec::new();
    for term in rose.iter().filter(|t| !explained(t)) {
        if kept.len() < most && !kept.iter().any(|k| inside(term, k) || inside(k, term)) {
            kept.push(term.clone());
        }
    }
    kept
}
