//! Collection health: which days of which source can be counted on.
//!
//! *What it measures* — for each source and day of the period: complete, partial or missing.
//! *How it is computed* — the expected rows of a day are the median of the same weekday over the four
//! weeks before and after, days without a row left out. A run of days without a row is missing when at
//! least ten rows were expected over it; a day is partial when at least twenty were expected and a
//! fifth or less came. Days before the first and after the last row of a source are outside what it
//! covers. A gap the analyst declares in `vigie.toml` is missing whatever came. The grade is the share
//! of complete source-days: A from 98 %, B from 90 %, C from 75 %, D below.
//! *Reading it* — a missing day is not a day of silence: averages leave it out, curves break there.
//! *Limits* — a source with less than one row a day cannot be watched daily; a gap that starts with the
//! first rows of a source looks like a source that did not exist yet.

use std::collections::BTreeMap;

use vigie_model::period::{Period, epoch_day};

use crate::tally::SourceDay;

/// State of a source on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As expected.
    Complete,
    /// Far fewer rows than expected.
    Partial,
    /// None where some were expected, or declared missing.
    Missing,
    /// Before the first or after the last row of the source.
    Outside,
}

/// A gap known to the analyst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclaredGap {
    /// Source index.
    pub source: u32,
    /// Entity index, when only the rows about one entity are missing.
    pub entity: Option<u32>,
    /// First missing day, days since 1970-01-01.
    pub from: i32,
    /// Last missing day.
    pub to: i32,
}

impl DeclaredGap {
    fn covers(&self, source: u32, entity: Option<u32>, day: i32) -> bool {
        self.source == source
            && (self.from..=self.to).contains(&day)
            && (self.entity.is_none() || self.entity == entity)
    }
}

/// Health of the collection over a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// First day, days since 1970-01-01.
    pub first_day: i32,
    /// State by source index, one per day of the period.
    pub states: Vec<Vec<State>>,
    /// Rows by source index over the period.
    pub rows: Vec<u64>,
    /// Gaps the analyst declared.
    declared: Vec<DeclaredGap>,
}

/// Letter printed on the cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// At least 98 % of source-days complete.
    A,
    /// At least 90 %.
    B,
    /// At least 75 %.
    C,
    /// Less.
    D,
}

const WINDOW_WEEKS: i32 = 4;
const MIN_EXPECTED_RUN: f64 = 10.0;
const MIN_EXPECTED_PARTIAL: f64 = 20.0;
const PARTIAL_SHARE: f64 = 0.2;

/// Judges every source over `period`.
pub fn health(collected: &[SourceDay], sources: usize, period: &Period, declared: &[DeclaredGap]) -> Health {
    let first_day = epoch_day(period.start);
    let days: Vec<i32> = (first_day..epoch_day(period.end)).collect();
    let mut states = Vec::with_capacity(sources);
    let mut rows = Vec::with_capacity(sources);
    for source in (0..sources).map(|s| s as u32) {
        let counts: BTreeMap<i32, u64> =
            collected.iter().filter(|c| c.source == source).map(|c| (c.day, c.rows)).collect();
        rows.push(days.iter().filter_map(|d| counts.get(d)).sum());
        let mut line = judge(&counts, &days);
        for (day, state) in days.iter().zip(&mut line) {
            if declared.iter().any(|g| g.entity.is_none() && g.covers(source, None, *day)) {
                *state = State::Missing;
            }
        }
        states.push(line);
    }
    Health { first_day, states, rows, declared: declared.to_vec() }
}

fn judge(counts: &BTreeMap<i32, u64>, days: &[i32]) -> Vec<State> {
    let (Some(first), Some(last)) = (counts.keys().next(), counts.keys().next_back()) else {
        return vec![State::Outside; days.len()];
    };
    let expected: Vec<f64> = days.iter().map(|d| expected(counts, *d)).collect();
    let mut states: Vec<State> = days
        .iter()
        .zip(&expected)
        .map(|(day, e)| match counts.get(day) {
            _ if day < first || day > last => State::Outside,
            Some(n) if *e >= MIN_EXPECTED_PARTIAL && (*n as f64) <= PARTIAL_SHARE * e => State::Partial,
            _ => State::Complete,
        })
        .collect();
    let mut start = 0;
    while start < days.len() {
        let silent = |i: usize| states[i] == State::Complete && !counts.contains_key(&days[i]);
        let end = (start..days.len()).find(|i| !silent(*i)).unwrap_or(days.len());
        if end > start && expected[start..end].iter().sum::<f64>() >= MIN_EXPECTED_RUN {
            states[start..end].fill(State::Missing);
        }
        start = end.max(start + 1);
    }
    states
}

/// Median of the same weekday around `day`, days without rows left out.
fn expected(counts: &BTreeMap<i32, u64>, day: i32) -> f64 {
    let mut around: Vec<u64> = (-WINDOW_WEEKS..=WINDOW_WEEKS)
        .filter(|w| *w != 0)
        .filter_map(|w| counts.get(&(day + 7 * w)).copied())
        .collect();
    around.sort_unstable();
    match around.len() {
        0 => 0.0,
        n if n % 2 == 1 => around[n / 2] as f64,
        n => (around[n / 2 - 1] + around[n / 2]) as f64 / 2.0,
    }
}

impl Health {
    /// Days on which rows about `entity` from `source` can be counted on.
    pub fn days_up(&self, source: u32, entity: u32) -> usize {
        (0..self.states.first().map_or(0, Vec::len)).filter(|i| self.is_up(source, entity, *i)).count()
    }

    /// Whether day number `index` of the period is one of them.
    pub fn is_up(&self, source: u32, entity: u32, index: usize) -> bool {
        let day = self.first_day + index as i32;
        let state = self.states.get(source as usize).and_then(|s| s.get(index)).copied();
        matches!(state, Some(State::Complete | State::Partial))
            && !self.declared.iter().any(|g| g.covers(source, Some(entity), day))
    }

    /// Whether a source was missing on some day of the period.
    pub fn has_gap(&self) -> bool {
        !self.declared.is_empty() || self.states.iter().flatten().any(|s| *s == State::Missing)
    }

    /// Runs of missing days: source index, first and last day of each.
    pub fn gaps(&self) -> Vec<(u32, i32, i32)> {
        let mut runs: Vec<(u32, i32, i32)> = Vec::new();
        for (source, states) in self.states.iter().enumerate() {
            for (i, _) in states.iter().enumerate().filter(|(_, s)| **s == State::Missing) {
                let day = self.first_day + i as i32;
                match runs.last_mut() {
                    Some((s, _, last)) if *s == source as u32 && *last == day - 1 => *last = day,
                    _ => runs.push((source as u32, day, day)),
                }
            }
        }
        runs
    }

    /// Share of source-days that are complete, of those the sources cover; `None` without any.
    pub fn complete_share(&self) -> Option<f64> {
        let covered = self.states.iter().flatten().filter(|s| **s != State::Outside).count();
        let complete = self.states.iter().flatten().filter(|s| **s == State::Complete).count();
        (covered > 0).then(|| complete as f64 / covered as f64)
    }

    /// The grade, `None` when nothing was collected.
    pub fn grade(&self) -> Option<Grade> {
        Some(match self.complete_share()? {
            s if s >= 0.98 => Grade::A,
            s if s >= 0.90 => Grade::B,
            s if s >= 0.75 => Grade::C,
            _ => Grade::D,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_model::period::Period;

    fn october() -> Period {
        Period::parse("2026-10", "2026-11-24".parse().unwrap()).unwrap()
    }

    /// 60 days before and 30 after the month, `each` rows a day but none on the `silent` ones.
    fn steady(each: u64, silent: std::ops::RangeInclusive<i32>) -> Vec<SourceDay> {
        let first = epoch_day(october().start);
        (first - 60..first + 61)
            .filter(|d| !silent.contains(&(d - first)))
            .map(|day| SourceDay { source: 0, day, rows: each })
            .collect()
    }

    #[test]
    fn three_silent_days_of_a_busy_source_are_missing() {
        let health = health(&steady(40, 5..=7), 1, &october(), &[]);
        let first = epoch_day(october().start);
        assert_eq!(health.gaps(), vec![(0, first + 5, first + 7)]);
        assert_eq!(health.days_up(0, 0), 28);
        assert_eq!(health.grade(), Some(Grade::B));
    }

    #[test]
    fn silence_of_a_quiet_source_is_only_silence() {
        let health = health(&steady(1, 5..=7), 1, &october(), &[]);
        assert!(!health.has_gap());
        assert_eq!(health.grade(), Some(Grade::A));
    }

    #[test]
    fn a_declared_gap_counts_for_its_entity_only() {
        let first = epoch_day(october().start);
        let gap = DeclaredGap { source: 0, entity: Some(1), from: first, to: first + 5 };
        let health = health(&steady(40, 99..=99), 1, &october(), &[gap]);
        assert_eq!((health.days_up(0, 0), health.days_up(0, 1)), (31, 25));
        assert!(health.has_gap());
    }

    #[test]
    fn nothing_collected_has_no_grade() {
        let health = health(&[], 2, &october(), &[]);
        assert_eq!(health.grade(), None);
        assert_eq!(health.days_up(1, 0), 0);
    }
}
