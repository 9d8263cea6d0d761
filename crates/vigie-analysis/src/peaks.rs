//! Peaks (`volume_peak@1.0`): days on which more was said about an entity than its own past lets expect.
//!
//! *What it measures* — for each entity and day of the period, whether the mentions, or the negative ones, go beyond
//! what the nine weeks before lead one to expect. Days that follow each other, one ordinary day between
//! them allowed, are one peak.
//! *How it is computed* — a quasi-Poisson regression of the entity's counts on the 63 days that end three days before:
//! a level for each day of the week (ridge 0.5 towards a common level) and a linear trend (ridge 5), with the share of
//! its usual mentions whose sources were collected on that day as exposure. Past peaks weigh less
//! (`(2.58/r)²` beyond a standardised residual of 2.58). The count of a new day is then negative binomial with mean `m`
//! and variance `φm + φm²v(1+ρ)/(1-ρ)`, `v` the variance of the fit at that day, `ρ` the autocorrelation of the
//! residuals. Benjamini-Hochberg at 5 % over all series and days of the report.
//! *Reading it* — the range is where 95 of 100 ordinary days would fall. A peak says that something happened, not what.
//! *Limits* — under one mention a day, or with fewer than 35 days collected before, a series is not watched. A day on
//! which sources that make up half of the usual mentions were down is not judged. At 3 mentions a day, a day of 8 goes
//! unnoticed more often than not. Drops are not searched for: most of them are failures of collection.
//! *References* — A. Noufaily and others, "An improved algorithm for outbreak detection in multiple surveillance
//! systems", Statistics in Medicine 32(7), 2013; Y. Benjamini, Y. Hochberg, JRSS B 57(1), 1995.

use std::collections::BTreeMap;

use vigie_model::metric::Metric;
use vigie_model::period::{Period, epoch_day, from_epoch_day};

use crate::collection::{DeclaredGap, Health, health};
use crate::expectation::{Day, Expectation};
use crate::multiple::q_values;
use crate::tally::{Counts, DayCell, Tally};

/// Mentions of a day against those expected.
pub const PEAK: Metric = Metric { id: "volume_peak", version: "1.0" };

/// Days the expectation is drawn from.
pub(crate) const BASELINE: i32 = 63;
/// Days left out between them and the day judged: a story that began yesterday must not raise what is expected.
pub(crate) const GUARD: i32 = 2;
/// Fewest of them that were collected.
const FEWEST_DAYS: usize = 35;
/// Least mentions a day, on average.
const LEAST_MEAN: f64 = 1.0;
/// Part of the usual mentions that must have been within reach for a day to be judged.
const LEAST_EXPOSURE: f64 = 0.5;
/// False discovery rate of a peak.
const ALERT: f64 = 0.05;

/// What is counted of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Series {
    /// All mentions counted.
    All,
    /// Those with negative tone.
    Negative,
}

impl Series {
    fn of(self, counts: &Counts) -> u64 {
        match self {
            Series::All => counts.n,
            Series::Negative => counts.negative,
        }
    }
}

/// A run of days beyond what was expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Peak {
    /// Entity index.
    pub entity: usize,
    /// What was counted.
    pub series: Series,
    /// First and last day of the run, days since 1970-01-01.
    pub days: (i32, i32),
    /// The day with the most mentions, days since 1970-01-01.
    pub top: i32,
    /// Mentions of that day.
    pub seen: u64,
    /// Mentions expected on that day.
    pub expected: f64,
    /// Where 95 of 100 ordinary days would fall.
    pub range: (u64, u64),
    /// Probability of so many mentions, or more, on an ordinary day like that one.
    pub p: f64,
    /// False discovery rate at which the day is told.
    pub q: f64,
    /// Mentions of the whole run.
    pub mentions: u64,
    /// Of these, negative.
    pub negative: u64,
}

/// What came of watching every series over a period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watch {
    /// Series and days judged.
    pub judged: usize,
    /// The peaks, in the order of entity, series and time.
    pub peaks: Vec<Peak>,
}

/// A day judged.
struct Judged {
    entity: usize,
    series: Series,
    day: i32,
    seen: u64,
    expectation: Expectation,
    p: f64,
}

/// Watches every entity over the tally's period. `sources` is their number.
pub fn peaks(tally: &Tally, sources: usize, gaps: &[DeclaredGap]) -> Watch {
    let period = &tally.current.period;
    let first = epoch_day(period.start);
    let watched = Period { start: from_epoch_day(first - BASELINE - GUARD), end: period.end };
    let health = health(&tally.collected, sources, &watched, gaps);
    let mut judged = Vec::new();
    for entity in 0..tally.current.authors.len() {
        for series in [Series::All, Series::Negative] {
            let days = days(&tally.days, &health, entity, series);
            judged.extend((first..epoch_day(period.end)).filter_map(|day| judge(&days, entity, series, day)));
        }
    }
    let p: Vec<f64> = judged.iter().map(|j| j.p).collect();
    let q = q_values(&p);
    let beyond: Vec<(&Judged, f64)> = judged.iter().zip(q).filter(|(_, q)| *q <= ALERT).collect();
    let peaks = runs(&beyond).map(|run| peak(run, tally)).collect();
    Watch { judged: judged.len(), peaks }
}

fn judge(days: &[Option<Day>], entity: usize, series: Series, day: i32) -> Option<Judged> {
    let seen = days.iter().flatten().find(|d| d.date == day)?;
    let window = day - GUARD - BASELINE..day - GUARD;
    let past: Vec<Day> = days.iter().flatten().filter(|d| window.contains(&d.date)).copied().collect();
    if past.len() < FEWEST_DAYS || past.iter().map(|d| d.count).sum::<f64>() / (past.len() as f64) < LEAST_MEAN {
        return None;
    }
    let expectation = Expectation::of(&past, day, seen.exposure)?;
    let p = expectation.at_least(seen.count as u64);
    Some(Judged { entity, series, day, seen: seen.count as u64, expectation, p })
}

/// The counts of every day of `health`, with the part of the usual mentions that was within reach; `None` where that
/// part is too small to judge by.
fn days(cells: &[DayCell], health: &Health, entity: usize, series: Series) -> Vec<Option<Day>> {
    let sources = health.states.len();
    let length = health.states.first().map_or(0, Vec::len);
    let mut counts: BTreeMap<(u32, i32), u64> = BTreeMap::new();
    for cell in cells.iter().filter(|c| c.entity as usize == entity) {
        *counts.entry((cell.source, cell.day)).or_default() += series.of(&cell.counts);
    }
    let count = |source: usize, index: usize| {
        counts.get(&(source as u32, health.first_day + index as i32)).copied().unwrap_or(0)
    };
    let up = |source: usize, index: usize| health.is_up(source as u32, entity as u32, index);
    let usual: Vec<f64> = (0..sources)
        .map(|source| {
            let collected: Vec<usize> = (0..length).filter(|i| up(source, *i)).collect();
            let total: u64 = collected.iter().map(|i| count(source, *i)).sum();
            if collected.is_empty() { 0.0 } else { total as f64 / collected.len() as f64 }
        })
        .collect();
    let whole: f64 = usual.iter().sum();
    (0..length)
        .map(|i| {
            let reached: Vec<usize> = (0..sources).filter(|s| up(*s, i)).collect();
            let exposure = reached.iter().map(|s| usual[*s]).sum::<f64>() / whole;
            let count = reached.iter().map(|s| count(*s, i)).sum::<u64>() as f64;
            (exposure >= LEAST_EXPOSURE).then_some(Day { date: health.first_day + i as i32, count, exposure })
        })
        .collect()
}

/// Runs of days of one series that follow each other, with at most one ordinary day between.
fn runs<'j>(beyond: &'j [(&'j Judged, f64)]) -> impl Iterator<Item = &'j [(&'j Judged, f64)]> {
    beyond.chunk_by(|(a, _), (b, _)| a.entity == b.entity && a.series == b.series && b.day <= a.day + 2)
}

fn peak(run: &[(&Judged, f64)], tally: &Tally) -> Peak {
    let (top, q) = run.iter().fold(run[0], |best, day| if day.0.seen > best.0.seen { *day } else { best });
    let days = (run[0].0.day, run[run.len() - 1].0.day);
    let total: Counts = tally
        .days
        .iter()
        .filter(|c| c.entity as usize == top.entity && (days.0..=days.1).contains(&c.day))
        .map(|c| c.counts)
        .sum();
    Peak {
        entity: top.entity,
        series: top.series,
        days,
        top: top.day,
        seen: top.seen,
        expected: top.expectation.mean,
        range: top.expectation.range(0.95),
        p: top.p,
        q,
        mentions: total.n,
        negative: total.negative,
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{RngCore, SeedableRng};

    use super::*;
    use crate::tally::{Funnel, PeriodTally, SourceDay};

    fn october() -> Period {
        Period::parse("2026-10", "2026-11-24".parse().unwrap()).unwrap()
    }

    /// A tally of brands with these counts per day, by brand and source, that ends with October; `None` is a day
    /// without collection.
    fn tally(counts: &[Vec<Vec<Option<u64>>>]) -> Tally {
        let last = epoch_day(october().end) - 1;
        let (mut days, mut collected) = (Vec::new(), BTreeMap::new());
        for (entity, sources) in counts.iter().enumerate() {
            for (source, series) in sources.iter().enumerate() {
                for (i, n) in series.iter().enumerate() {
                    let day = last + 1 - series.len() as i32 + i as i32;
                    let Some(n) = n else { continue };
                    let counts = Counts { n: *n, ..Counts::default() };
                    days.push(DayCell { day, entity: entity as u32, source: source as u32, platform: 0, counts });
                    *collected.entry((source as u32, day)).or_default() += n;
                }
            }
        }
        let collected = collected.into_iter().map(|((source, day), rows)| SourceDay { source, day, rows }).collect();
        let current = PeriodTally {
            period: october(),
            voices: vec![],
            authors: vec![0; counts.len()],
            funnel: Funnel::default(),
        };
        Tally { days, collected, current, previous: None }
    }

    fn uniform(rng: &mut ChaCha8Rng) -> f64 {
        (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A count of this mean and dispersion, by going up the negative binomial's distribution.
    fn count(rng: &mut ChaCha8Rng, mean: f64, dispersion: f64) -> u64 {
        let size = mean / (dispersion - 1.0);
        let (u, step) = (uniform(rng), mean / (mean + size));
        let mut probability = (1.0 - step).powf(size);
        let (mut k, mut sum) = (0_u64, probability);
        while sum < u && k < 1_000_000 {
            probability *= (k as f64 + size) / (k as f64 + 1.0) * step;
            k += 1;
            sum += probability;
        }
        k
    }

    /// 126 days of a market: weekends at 60 %, dispersion 3.
    fn market(rng: &mut ChaCha8Rng, mean: f64) -> Vec<Option<u64>> {
        let first = epoch_day(october().end) - 126;
        (first..first + 126)
            .map(|day| Some(count(rng, mean * if day.rem_euclid(7) < 2 { 0.6 } else { 1.0 }, 3.0)))
            .collect()
    }

    /// False alarms of quiet brands, and bursts of one day at 2.5 times the ordinary: the bars of the methods.
    #[test]
    fn quiet_months_are_quiet_and_bursts_are_seen() {
        let mut rng = ChaCha8Rng::seed_from_u64(20_261_031);
        let (mut alarms, mut caught, months) = (0, 0, 60);
        for _ in 0..months {
            let mut brands: Vec<Vec<Vec<Option<u64>>>> =
                [30.0, 30.0, 80.0, 150.0, 300.0].iter().map(|mean| vec![market(&mut rng, *mean)]).collect();
            alarms += peaks(&tally(&brands), 1, &[]).peaks.len();
            let day = 126 - 1 - (rng.next_u64() % 31) as usize;
            for n in &mut brands[4][0][day..=day] {
                *n = n.map(|n| n * 5 / 2);
            }
            let burst = epoch_day(october().end) - 126 + day as i32;
            let seen = peaks(&tally(&brands), 1, &[]).peaks;
            caught += usize::from(seen.iter().any(|p| p.entity == 4 && (p.days.0..=p.days.1).contains(&burst)));
        }
        let rate = alarms as f64 / (5 * months) as f64;
        assert!(rate <= 0.2, "{rate} false alarms per brand and month");
        assert!(caught * 100 >= months * 95, "{caught} bursts of {months}");
    }

    #[test]
    fn days_in_a_row_are_one_peak_with_its_numbers() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let mut series = market(&mut rng, 40.0);
        for (i, n) in [(110, 300), (111, 420), (112, 250)] {
            series[i] = Some(n);
        }
        let watch = peaks(&tally(&[vec![series]]), 1, &[]);
        assert_eq!((watch.judged, watch.peaks.len()), (31, 1), "{watch:?}");
        let (peak, first) = (&watch.peaks[0], epoch_day(october().end) - 126 + 110);
        assert_eq!((peak.days, peak.top, peak.seen), ((first, first + 2), first + 1, 420));
        assert_eq!((peak.mentions, peak.series), (970, Series::All));
        assert!(peak.range.0 < 40 && (41..200).contains(&peak.range.1) && peak.q < 1e-4, "{peak:?}");
    }

    /// A source that comes back after three days down is no peak, and the days without it are no trough of the others.
    #[test]
    fn days_without_a_source_are_judged_by_what_was_within_reach() {
        let mut rng = ChaCha8Rng::seed_from_u64(11);
        let (mut one, two) = (market(&mut rng, 60.0), market(&mut rng, 40.0));
        for n in &mut one[90..=100] {
            *n = None;
        }
        let watch = peaks(&tally(&[vec![one, two]]), 2, &[]);
        assert!(watch.peaks.is_empty(), "{watch:?}");
        // Without the source of sixty in a hundred, six days of October are not judged.
        assert_eq!(watch.judged, 31 - 6);
    }

    #[test]
    fn rare_or_short_series_are_not_watched() {
        let rare = vec![vec![vec![Some(0); 126]]];
        assert_eq!(peaks(&tally(&rare), 1, &[]), Watch::default());
        let short: Vec<Option<u64>> = vec![Some(50); 36];
        assert_eq!(peaks(&tally(&[vec![short]]), 1, &[]), Watch::default());
        assert_eq!(peaks(&tally(&[]), 0, &[]), Watch::default());
    }
}
