//! Days out of the ordinary, from the definition printed in the method page.

use std::collections::BTreeSet;

use vigie_config::settings::Project;
use vigie_text::tone::ToneClass;

use crate::coverage::Coverage;
use crate::estimate::false_discovery_rates;
use crate::labels::{Corpus, Days};
use crate::measures::Measures;

/// A run of days beyond what was expected.
#[derive(Clone, Debug)]
pub(crate) struct Peak {
    pub(crate) entity: usize,
    pub(crate) negative: bool,
    pub(crate) days: Days,
    pub(crate) seen: u64,
    pub(crate) expected: f64,
    pub(crate) authors: u64,
    p: f64,
}

/// A day of a series: count, and part of the usual count that was within reach.
#[derive(Clone, Copy)]
struct Day {
    date: i64,
    count: f64,
    reach: f64,
}

/// The peaks told, by day.
pub(crate) fn peaks(project: &Project, corpus: &Corpus, measures: &Measures<'_>) -> Vec<Peak> {
    let watched = corpus.period.start - 65..corpus.period.end;
    let coverage = Coverage::new(project, corpus, &watched);
    let mut judged = Vec::new();
    for entity in 0..measures.entities {
        for negative in [false, true] {
            let series = series(corpus, &coverage, &watched, entity, negative);
            for day in series.iter().filter(|d| corpus.period.contains(&d.date)) {
                let past: Vec<Day> =
                    series.iter().filter(|d| (day.date - 65..day.date - 2).contains(&d.date)).copied().collect();
                let mean = past.iter().map(|d| d.count).sum::<f64>() / past.len() as f64;
                if past.len() >= 35 && mean >= 1.0 {
                    let (expected, variance) = expectation(&past, day);
                    judged.push((entity, negative, *day, expected, tail(day.count, expected, variance)));
                }
            }
        }
    }
    let p: Vec<f64> = judged.iter().map(|j| j.4).collect();
    let mut peaks: Vec<Peak> = Vec::new();
    for ((entity, negative, day, expected, p), q) in judged.into_iter().zip(false_discovery_rates(&p)) {
        if q > 0.05 {
            continue;
        }
        let seen = day.count as u64;
        match peaks.last_mut() {
            Some(peak) if (peak.entity, peak.negative) == (entity, negative) && day.date <= peak.days.end + 1 => {
                peak.days.end = day.date + 1;
                if seen > peak.seen {
                    (peak.seen, peak.expected, peak.p) = (seen, expected, p);
                }
            }
            _ => peaks.push(Peak { entity, negative, days: day.date..day.date + 1, seen, expected, authors: 0, p }),
        }
    }
    let whole: Vec<Peak> = peaks.iter().filter(|p| !p.negative).cloned().collect();
    let meets = |a: &Days, b: &Days| a.start < b.end && b.start < a.end;
    peaks.retain(|p| !p.negative || !whole.iter().any(|o| o.entity == p.entity && meets(&o.days, &p.days)));
    for peak in &mut peaks {
        let of = |(entity, tone, _): &(usize, ToneClass, _)| {
            *entity == peak.entity && (!peak.negative || *tone == ToneClass::Negative)
        };
        let authors: BTreeSet<&String> =
            measures.hits(&peak.days).filter(of).filter_map(|(_, _, row)| row.author.as_ref()).collect();
        peak.authors = authors.len() as u64;
    }
    peaks.sort_by(|a, b| (a.entity > 0).cmp(&(b.entity > 0)).then(a.p.total_cmp(&b.p)));
    peaks.truncate(8);
    peaks.sort_by_key(|p| (p.days.start, p.entity, p.negative));
    peaks
}

/// The days of a series on which at least half of what is usual was within reach.
fn series(corpus: &Corpus, coverage: &Coverage, watched: &Days, entity: usize, negative: bool) -> Vec<Day> {
    let mut counts = vec![vec![0.0; (watched.end - watched.start) as usize]; coverage.rows.len()];
    for row in corpus.rows.iter().filter(|r| r.counted && !r.own && watched.contains(&r.day)) {
        let about = |h: &&(usize, ToneClass)| h.0 == entity && (!negative || h.1 == ToneClass::Negative);
        counts[row.source][(row.day - watched.start) as usize] += row.hits.iter().filter(about).count() as f64;
    }
    let at = |source: usize, day: i64| counts[source][(day - watched.start) as usize];
    let usual: Vec<f64> = (0..counts.len())
        .map(|source| {
            let up: Vec<i64> = watched.clone().filter(|d| coverage.is_up(source, entity, *d)).collect();
            up.iter().map(|d| at(source, *d)).sum::<f64>() / (up.len().max(1) as f64)
        })
        .collect();
    let all: f64 = usual.iter().sum();
    let day = |day: i64| {
        let up = || (0..counts.len()).filter(|s| coverage.is_up(*s, entity, day));
        Day { date: day, count: up().map(|s| at(s, day)).sum(), reach: up().map(|s| usual[s]).sum::<f64>() / all }
    };
    watched.clone().map(day).filter(|d| d.reach >= 0.5).collect()
}

/// Mean and variance of a day, from the days before it.
fn expectation(past: &[Day], asked: &Day) -> (f64, f64) {
    let (first, last) = (past[0].date as f64, past[past.len() - 1].date as f64);
    let x = |day: i64| {
        let mut x = vec![0.0; 9];
        x[0] = 1.0;
        x[1 + (day % 7) as usize] = 1.0;
        x[8] = (day as f64 - f64::midpoint(first, last)) / ((last - first) / 2.0);
        x
    };
    let times = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let level = past.iter().map(|d| d.count).sum::<f64>() / past.iter().map(|d| d.reach).sum::<f64>();
    let mut beta = vec![0.0; 9];
    beta[0] = level.ln();
    let mut weight = vec![1.0; past.len()];
    let (mut inverse, mut phi, mut residual) = (Vec::new(), 1.0, Vec::new());
    for step in 1..=12 {
        let mean: Vec<f64> = past.iter().map(|d| d.reach * times(&x(d.date), &beta).exp()).collect();
        // Newton's step on the penalised log-likelihood.
        let ridge = |i: usize| [0.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 5.0][i];
        let mut hessian = vec![vec![0.0; 9]; 9];
        let mut gradient: Vec<f64> = (0..9).map(|i| -ridge(i) * beta[i]).collect();
        for ((d, m), w) in past.iter().zip(&mean).zip(&weight) {
            let row = x(d.date);
            for i in 0..9 {
                gradient[i] += w * (d.count - m) * row[i];
                for j in 0..9 {
                    hessian[i][j] += w * m * row[i] * row[j];
                }
            }
        }
        (0..9).for_each(|i| hessian[i][i] += ridge(i));
        inverse = inverted(hessian);
        (0..9).for_each(|i| beta[i] += times(&inverse[i], &gradient));
        let mean: Vec<f64> = past.iter().map(|d| d.reach * times(&x(d.date), &beta).exp()).collect();
        residual = past.iter().zip(&mean).map(|(d, m)| (d.count - m) / m.sqrt()).collect();
        let leverage = |(d, m): (&Day, &f64)| {
            let row = x(d.date);
            m * (0..9).map(|i| row[i] * times(&inverse[i], &row)).sum::<f64>()
        };
        let free = weight.iter().sum::<f64>()
            - past.iter().zip(&mean).zip(&weight).map(|(pair, w)| w * leverage(pair)).sum::<f64>();
        phi = (residual.iter().zip(&weight).map(|(r, w)| w * r * r).sum::<f64>() / free).max(1.0);
        if (3..12).contains(&step) {
            weight = residual.iter().map(|r: &f64| (2.58 * phi.sqrt() / r.max(2.58 * phi.sqrt())).powi(2)).collect();
        }
    }
    let tame: Vec<f64> = residual.iter().zip(&weight).map(|(r, w)| r * w.sqrt()).collect();
    let follow = (1..past.len()).filter(|i| past[*i].date - past[i - 1].date == 1);
    let raw = follow.map(|i| tame[i] * tame[i - 1]).sum::<f64>() / times(&tame, &tame);
    let rho = (raw + (1.0 + 3.0 * raw) / past.len() as f64).clamp(0.0, 0.8);
    let row = x(asked.date);
    let mean = asked.reach * times(&row, &beta).exp();
    let spread = phi * (0..9).map(|i| row[i] * times(&inverse[i], &row)).sum::<f64>();
    (mean, phi * mean + mean * mean * spread * (1.0 + rho) / (1.0 - rho))
}

/// The inverse of a matrix, by Gauss and Jordan.
fn inverted(mut m: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = m.len();
    for (i, row) in m.iter_mut().enumerate() {
        row.extend((0..n).map(|j| f64::from(u8::from(i == j))));
    }
    for i in 0..n {
        let pivot = (i..n).max_by(|a, b| m[*a][i].abs().total_cmp(&m[*b][i].abs())).unwrap_or(i);
        m.swap(i, pivot);
        let lead = m[i][i];
        m[i].iter_mut().for_each(|v| *v /= lead);
        let row = m[i].clone();
        for other in (0..n).filter(|o| *o != i) {
            let factor = m[other][i];
            m[other].iter_mut().zip(&row).for_each(|(v, r)| *v -= factor * r);
        }
    }
    m.into_iter().map(|row| row[n..].to_vec()).collect()
}

/// Probability of `count` or more under a negative binomial, by adding up what lies below.
fn tail(count: f64, mean: f64, variance: f64) -> f64 {
    let size = mean * mean / (variance - mean).max(1e-9 * mean);
    let share = mean / (mean + size);
    let mut term = (size * (1.0 - share).ln()).exp();
    let mut below = 0.0;
    for k in 0..count as u64 {
        below += term;
        term *= (k as f64 + size) / (k as f64 + 1.0) * share;
    }
    (1.0 - below).max(0.0)
}
