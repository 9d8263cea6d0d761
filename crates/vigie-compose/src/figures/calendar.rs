//! Which days of which source can be counted on.

use vigie_analysis::collection::State;
use vigie_chart::Width;
use vigie_chart::chart::{Calendar, Chart, DayState};
use vigie_model::locale::Locale;
use vigie_model::metric::Metric;
use vigie_report::figure::{ColumnKind, Data, Figure};
use vigie_report::number;

use super::{Captions, Title};
use crate::Error;
use crate::axis::day_ticks;
use crate::builder::Builder;
use crate::cells::text_cell;

/// Days of collection.
const COVERAGE: Metric = Metric { id: "coverage", version: "1.0" };

/// The figure, or `None` without any source.
pub(crate) fn calendar(b: &mut Builder<'_>) -> Result<Option<Figure>, Error> {
    let health = &b.analyses().health;
    if health.states.is_empty() {
        return Ok(None);
    }
    let slot = b.next_figure();
    let n: u64 = health.rows.iter().sum();
    let captions = Captions {
        title: title(b)?,
        subtitle: b.say("fig.calendar.subtitle", |l| vec![("period", b.period(l))])?,
        note: b.say("fig.calendar.note", |_| vec![])?,
        alt: b.say("fig.calendar.alt", |l| vec![("list", list(b, l))])?,
    };
    let words = |l: Locale| (captions.title.words[&l].clone(), captions.alt[&l].clone());
    let drawn = b.draw(&slot.1, Width::Full, words, |l| chart(b, l))?;
    let data = data(b)?;
    Ok(Some(b.figure(slot, &[COVERAGE], captions, drawn, n, data)?))
}

fn count(states: &[State], wanted: State) -> u64 {
    states.iter().filter(|s| **s == wanted).count() as u64
}

fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let health = &b.analyses().health;
    let missing: u64 = health.states.iter().map(|s| count(s, State::Missing)).sum();
    let all_complete = health.states.iter().flatten().all(|s| *s == State::Complete);
    if missing > 0 {
        let words = b.count("fig.calendar.title.gaps", missing, |_| vec![])?;
        return Ok(Title { id: "collection.gaps", words });
    }
    if all_complete && !b.has_gap() {
        return Ok(Title { id: "collection.complete", words: b.say("fig.calendar.title.complete", |_| vec![])? });
    }
    Ok(Title { id: "neutral", words: b.say("fig.calendar.title.neutral", |_| vec![])? })
}

/// "28 jours sur 31", of the days the source covers.
fn up(b: &Builder<'_>, l: Locale, states: &[State]) -> Result<String, Error> {
    let covered = states.len() as u64 - count(states, State::Outside);
    let up = covered - count(states, State::Missing);
    b.say_in(l, "fig.calendar.row", &[("up", number::count(l, up)), ("days", number::count(l, covered))])
}

fn list(b: &Builder<'_>, l: Locale) -> String {
    let health = &b.analyses().health;
    let items: Vec<String> = health
        .states
        .iter()
        .enumerate()
        .map(|(s, states)| format!("{} {}", b.source(l, s as u32), up(b, l, states).unwrap_or_default()))
        .collect();
    number::and(l, &items)
}

fn chart(b: &Builder<'_>, l: Locale) -> Result<Chart, Error> {
    let health = &b.analyses().health;
    let drawn = |state: &State| match state {
        State::Complete => DayState::Complete,
        State::Partial => DayState::Partial,
        State::Missing => DayState::Missing,
        State::Outside => DayState::Outside,
    };
    let rows = health
        .states
        .iter()
        .enumerate()
        .map(|(s, states)| Ok((b.source(l, s as u32), states.iter().map(drawn).collect(), up(b, l, states)?)))
        .collect::<Result<_, Error>>()?;
    let days = health.states.first().map_or(0, Vec::len);
    Ok(Chart::Calendar(Calendar {
        rows,
        x_ticks: day_ticks(l, days, |i| b.day(i)),
        legend: (
            b.say_in(l, "calendar.complete", &[])?,
            b.say_in(l, "calendar.partial", &[])?,
            b.say_in(l, "calendar.missing", &[])?,
        ),
    }))
}

fn data(b: &Builder<'_>) -> Result<Data, Error> {
    let health = &b.analyses().health;
    let numeric = ColumnKind::Number;
    let columns = vec![
        b.column("source", "tab.col.source", ColumnKind::Text)?,
        b.column("rows", "tab.col.rows", numeric)?,
        b.column("complete", "calendar.complete", numeric)?,
        b.column("partial", "calendar.partial", numeric)?,
        b.column("missing", "calendar.missing", numeric)?,
    ];
    let rows = health.states.iter().enumerate().map(|(s, states)| {
        let id = b.analyses().names.sources.get(s).map_or("", String::as_str);
        vec![
            text_cell(id, b.each(|l| b.source(l, s as u32))),
            b.count_cell(health.rows[s]),
            b.count_cell(count(states, State::Complete)),
            b.count_cell(count(states, State::Partial)),
            b.count_cell(count(states, State::Missing)),
        ]
    });
    Ok(Data { columns, rows: rows.collect() })
}
