//! Mentions of the client per day, the others in grey, with dated events.

use vigie_analysis::volume::MENTIONS;
use vigie_chart::Width;
use vigie_chart::chart::{Annotation, Chart, Lines, Series, Value};
use vigie_model::locale::Locale;
use vigie_report::figure::{ColumnKind, Data, Figure};
use vigie_report::number;

use super::{Captions, Title};
use crate::Error;
use crate::axis::{count_levels, day_ticks, ticks};
use crate::builder::{Builder, language};
use crate::cells::{column_titled, text_cell};
use crate::entities::ink;

/// Events written on the curve.
const EVENTS: usize = 5;
/// From this many times the median on, a peak makes the title.
const PEAK: f64 = 3.0;

pub(crate) fn daily(b: &mut Builder<'_>) -> Result<Figure, Error> {
    let volumes = &b.analyses().volumes;
    let client = &volumes[0];
    let slot = b.next_figure();
    let title = title(b, &client.daily)?;
    let captions = Captions {
        subtitle: b.say("fig.daily.subtitle", |l| vec![("period", b.period(l)), ("of_client", b.of(l, 0))])?,
        note: b.source_note(client.counts.n, &[])?,
        alt: alt(b, &client.daily)?,
        title,
    };
    let words = |l: Locale| (captions.title.words[&l].clone(), captions.alt[&l].clone());
    let drawn = b.draw(&slot.1, Width::Full, words, |l| chart(b, l))?;
    let data = data(b)?;
    b.figure(slot, &[MENTIONS], captions, drawn, client.counts.n, data)
}

/// Highest day: its index, its mentions.
pub(crate) fn peak(daily: &[Option<u64>]) -> Option<(usize, u64)> {
    let days = daily.iter().enumerate().filter_map(|(i, n)| n.map(|n| (i, n)));
    days.max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).filter(|(_, n)| *n > 0)
}

/// Median of the collected days.
pub(crate) fn median(daily: &[Option<u64>]) -> Option<f64> {
    let mut days: Vec<u64> = daily.iter().flatten().copied().collect();
    days.sort_unstable();
    match days.len() {
        0 => None,
        n if n % 2 == 1 => Some(days[n / 2] as f64),
        n => Some((days[n / 2 - 1] + days[n / 2]) as f64 / 2.0),
    }
}

fn title(b: &Builder<'_>, daily: &[Option<u64>]) -> Result<Title, Error> {
    let high = peak(daily).zip(median(daily).filter(|m| *m >= 5.0));
    if let Some(((day, n), median)) = high.filter(|((_, n), median)| *n as f64 >= PEAK * median) {
        let ratio = n as f64 / median;
        let words = b.say("fig.daily.title.peak", |l| {
            vec![("day", number::date_short(l, b.day(day))), ("ratio", number::decimal(l, ratio, 1))]
        })?;
        return Ok(Title { id: "daily.peak", words });
    }
    Ok(Title { id: "neutral", words: b.say("fig.daily.title.neutral", |l| vec![("of_client", b.of(l, 0))])? })
}

fn alt(b: &Builder<'_>, daily: &[Option<u64>]) -> Result<vigie_report::text::Words, Error> {
    let lowest = daily.iter().flatten().min().copied();
    let Some(((day, max), min)) = peak(daily).zip(lowest) else {
        return b.say("fig.daily.alt.empty", |l| vec![("of_client", b.of(l, 0))]);
    };
    b.say("fig.daily.alt", |l| {
        vec![
            ("of_client", b.of(l, 0)),
            ("min", number::count(l, min)),
            ("max", number::count(l, max)),
            ("day", number::date_short(l, b.day(day))),
        ]
    })
}

pub(crate) fn values(daily: &[Option<u64>]) -> Vec<Option<f64>> {
    daily.iter().map(|n| n.map(|n| n as f64)).collect()
}

fn chart(b: &Builder<'_>, l: Locale) -> Result<Chart, Error> {
    let volumes = &b.analyses().volumes;
    let days = volumes[0].daily.len();
    let series = |entity: usize| Series {
        name: b.short(entity).to_owned(),
        ink: ink(entity),
        values: values(&volumes[entity].daily),
        last: String::new(),
    };
    let max = volumes.iter().flat_map(|v| v.daily.iter().flatten()).max().copied().unwrap_or(0);
    let reference = median(&volumes[0].daily).filter(|m| *m > 0.0).map(|at| {
        let shown = b.say_in(l, "fig.daily.reference", &[("n", number::integer(l, at))]);
        shown.map(|shown| Value { at, shown })
    });
    let tooltips = volumes[0]
        .daily
        .iter()
        .enumerate()
        .map(|(i, n)| {
            let Some(n) = n else { return Ok(String::new()) };
            let slots = [("day", number::date_short(l, b.day(i))), ("n", b.count_in(l, "count.mentions", *n)?)];
            b.say_in(l, "fig.daily.tooltip", &slots)
        })
        .collect::<Result<_, Error>>()?;
    Ok(Chart::Lines(Lines {
        main: series(0),
        context: (1..volumes.len()).map(series).collect(),
        band: None,
        reference: reference.transpose()?,
        x_ticks: day_ticks(l, days, |i| b.day(i)),
        y_ticks: ticks(&count_levels(max as f64), |v| number::integer(l, v)),
        annotations: annotations(b, l),
        gap_label: b.say_in(l, "fig.daily.gap", &[])?,
        gaps: missing(&volumes[0].daily),
        tooltips,
    }))
}

/// Runs of days without any collection.
fn missing(daily: &[Option<u64>]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (i, _) in daily.iter().enumerate().filter(|(_, n)| n.is_none()) {
        match runs.last_mut() {
            Some(run) if run.1 == i => run.1 = i + 1,
            _ => runs.push((i, i + 1)),
        }
    }
    runs
}

fn annotations(b: &Builder<'_>, l: Locale) -> Vec<Annotation> {
    let client = &b.analyses().names.entities[0];
    let about = |e: &&vigie_config::settings::Event| e.entity.as_ref().is_none_or(|id| id == client);
    let events = b.input.project.events.iter().filter(about);
    events
        .filter(|e| b.input.period.contains(e.period.start))
        .take(EVENTS)
        .map(|e| Annotation {
            step: (e.period.start - b.input.period.start).get_days() as usize,
            title: number::date_short(l, e.period.start),
            text: number::typeset(l, e.title.get(language(l))),
        })
        .collect()
}

fn data(b: &Builder<'_>) -> Result<Data, Error> {
    let volumes = &b.analyses().volumes;
    let mut columns = vec![b.column("day", "tab.col.days", ColumnKind::Text)?];
    for (entity, id) in b.analyses().names.entities.iter().enumerate() {
        columns.push(column_titled(id, b.same(b.short(entity)), ColumnKind::Number));
    }
    let rows = (0..volumes[0].daily.len())
        .map(|i| {
            let day = b.day(i);
            let mut row = vec![text_cell(&day.to_string(), b.each(|l| number::date_short(l, day)))];
            row.extend(volumes.iter().map(|v| v.daily[i].map_or_else(|| b.no_cell(), |n| b.count_cell(n))));
            row
        })
        .collect();
    Ok(Data { columns, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_the_first_of_the_highest_days() {
        assert_eq!(peak(&[Some(3), None, Some(9), Some(9)]), Some((2, 9)));
        assert_eq!(peak(&[Some(0), None]), None);
        assert_eq!(median(&[Some(1), None, Some(3), Some(9)]), Some(3.0));
        assert_eq!(median(&[None]), None);
        assert_eq!(missing(&[None, None, Some(1), None]), [(0, 2), (3, 4)]);
    }
}
