//! Which days of which source can be counted on, from the rule printed in the method page.

use std::collections::BTreeMap;

use vigie_config::settings::Project;

use crate::dates::day_number;
use crate::labels::{Corpus, Days};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Complete,
    Partial,
    Missing,
    Outside,
}

/// Days that the project declares missing.
struct Declared {
    source: usize,
    entity: Option<usize>,
    days: Days,
}

/// Collection over some days.
pub(crate) struct Coverage {
    pub(crate) days: Days,
    /// By source, then by day.
    pub(crate) states: Vec<Vec<State>>,
    /// Rows collected, by source.
    pub(crate) rows: Vec<u64>,
    declared: Vec<Declared>,
}

impl Coverage {
    pub(crate) fn new(project: &Project, corpus: &Corpus, days: &Days) -> Self {
        let declared = declared(project);
        let mut states = Vec::new();
        let mut rows = Vec::new();
        for source in 0..project.sources.len() {
            let mut by_day: BTreeMap<i64, u64> = BTreeMap::new();
            corpus.rows.iter().filter(|r| r.source == source).for_each(|r| *by_day.entry(r.day).or_default() += 1);
            rows.push(by_day.range(days.clone()).map(|(_, n)| n).sum());
            let mut line = judged(&by_day, days);
            for gap in declared.iter().filter(|g| g.source == source && g.entity.is_none()) {
                for (day, state) in days.clone().zip(&mut line) {
                    if gap.days.contains(&day) {
                        *state = State::Missing;
                    }
                }
            }
            states.push(line);
        }
        Self { days: days.clone(), states, rows, declared }
    }

    /// Whether a day of silence about `entity` in `source` means silence.
    pub(crate) fn is_up(&self, source: usize, entity: usize, day: i64) -> bool {
        let state = self.states[source][(day - self.days.start) as usize];
        let hidden = |g: &Declared| g.source == source && g.entity.is_none_or(|e| e == entity) && g.days.contains(&day);
        (state == State::Complete || state == State::Partial) && !self.declared.iter().any(hidden)
    }

    /// Number of such days.
    pub(crate) fn days_up(&self, source: usize, entity: usize) -> usize {
        self.days.clone().filter(|day| self.is_up(source, entity, *day)).count()
    }
}

fn declared(project: &Project) -> Vec<Declared> {
    let number = |d: jiff::civil::Date| day_number(i64::from(d.year()), i64::from(d.month()), i64::from(d.day()));
    project
        .gaps
        .iter()
        .map(|gap| Declared {
            source: project.sources.iter().position(|s| s.id == gap.source).expect("a gap names a source"),
            entity: gap
                .entity
                .as_ref()
                .map(|id| project.entities.iter().position(|t| t.entity.id == *id).expect("a gap names a brand")),
            days: number(gap.period.start)..number(gap.period.end),
        })
        .collect()
}

/// Expected rows of a day: the median of the same weekday over four weeks on each side, empty days left out. A run
/// of empty days is missing when ten rows were expected of it; a day is partial when twenty were and a fifth came.
fn judged(by_day: &BTreeMap<i64, u64>, days: &Days) -> Vec<State> {
    let (Some((first, _)), Some((last, _))) = (by_day.first_key_value(), by_day.last_key_value()) else {
        return vec![State::Outside; (days.end - days.start) as usize];
    };
    let expected = |day: i64| {
        let weeks = (1..=4).flat_map(|w| [day - 7 * w, day + 7 * w]);
        median(weeks.filter_map(|d| by_day.get(&d)).map(|n| *n as f64).collect()).unwrap_or(0.0)
    };
    let silent = |day: i64| (*first..=*last).contains(&day) && !by_day.contains_key(&day);
    let state = |day: i64| {
        if !(*first..=*last).contains(&day) {
            return State::Outside;
        }
        if let Some(n) = by_day.get(&day) {
            let hoped = expected(day);
            return if hoped >= 20.0 && *n as f64 <= 0.2 * hoped { State::Partial } else { State::Complete };
        }
        // The run of silent days around this one, within the days judged.
        let before = (days.start..=day).rev().take_while(|d| silent(*d));
        let after = (day + 1..days.end).take_while(|d| silent(*d));
        let hoped: f64 = before.chain(after).map(expected).sum();
        if hoped >= 10.0 { State::Missing } else { State::Complete }
    };
    days.clone().map(state).collect()
}

/// Middle value, or the mean of the two middle ones.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[half]),
        _ => Some(f64::midpoint(values[half - 1], values[half])),
    }
}
