//! One panel of daily mentions per competitor.

use vigie_analysis::volume::MENTIONS;
use vigie_chart::Width;
use vigie_chart::chart::{Chart, Multiples, Series, Tick};
use vigie_model::locale::Locale;
use vigie_report::figure::{Data, Figure};
use vigie_report::number;

use super::daily::{median, peak, values};
use super::{Captions, Title};
use crate::Error;
use crate::axis::{count_levels, ticks};
use crate::builder::Builder;
use crate::cells::{column_titled, text_cell};
use crate::entities::ink;

/// Panels drawn.
const PANELS: usize = 6;
/// From this many times its median on, a competitor's peak makes the title.
const PEAK: f64 = 3.0;

/// The figure, or `None` without any competitor spoken of on more than one day.
pub(crate) fn competitors(b: &mut Builder<'_>) -> Result<Option<Figure>, Error> {
    let volumes = &b.analyses().volumes;
    let n: u64 = volumes.iter().skip(1).map(|v| v.counts.n).sum();
    if n == 0 || volumes[0].daily.len() < 2 {
        return Ok(None);
    }
    let slot = b.next_figure();
    let captions = Captions {
        title: title(b)?,
        subtitle: b.say("fig.competitors.subtitle", |l| vec![("period", b.period(l))])?,
        note: b.source_note(n, &[])?,
        alt: b.say("fig.competitors.alt", |l| vec![("list", list(b, l))])?,
    };
    let words = |l: Locale| (captions.title.words[&l].clone(), captions.alt[&l].clone());
    let drawn = b.draw(&slot.1, Width::Full, words, |l| Ok(chart(b, l)))?;
    let data = data(b)?;
    let mut figure = b.figure(slot, &[MENTIONS], captions, drawn, n, data)?;
    figure.entities = b.analyses().names.entities.iter().skip(1).cloned().collect();
    Ok(Some(figure))
}

fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let peaks = b.analyses().volumes.iter().skip(1).filter_map(|v| {
        let (day, n) = peak(&v.daily)?;
        let median = median(&v.daily).filter(|m| *m >= 5.0)?;
        Some((n as f64 / median, v.entity, day, n))
    });
    let sharpest = peaks.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    if let Some((_, entity, day, n)) = sharpest.filter(|p| p.0 >= PEAK) {
        let words = b.say("fig.competitors.title.peak", |l| {
            vec![
                ("entity", b.short(entity).to_owned()),
                ("n", number::count(l, n)),
                ("day", number::date_short(l, b.day(day))),
            ]
        })?;
        return Ok(Title { id: "competitors.peak", words });
    }
    Ok(Title { id: "neutral", words: b.say("fig.competitors.title.neutral", |_| vec![])? })
}

fn list(b: &Builder<'_>, l: Locale) -> String {
    let items: Vec<String> = b
        .analyses()
        .volumes
        .iter()
        .skip(1)
        .map(|v| {
            let max = peak(&v.daily).map_or(0, |p| p.1);
            format!("{} {}", b.short(v.entity), number::count(l, max))
        })
        .collect();
    number::and(l, &items)
}

fn chart(b: &Builder<'_>, l: Locale) -> Chart {
    let volumes = &b.analyses().volumes;
    let shown: Vec<_> = volumes.iter().skip(1).take(PANELS).collect();
    let max = shown.iter().flat_map(|v| v.daily.iter().flatten()).max().copied().unwrap_or(0);
    let panels = shown
        .iter()
        .map(|v| Series {
            name: b.short(v.entity).to_owned(),
            ink: ink(v.entity),
            values: values(&v.daily),
            last: String::new(),
        })
        .collect();
    let days = volumes[0].daily.len();
    // Two whole dates would meet between panels: the last one is a day of the month alone.
    let tick = |i: usize| {
        let day = b.day(i);
        let alone = i > 0 && day.first_of_month() == b.day(0).first_of_month();
        let shown = if alone { number::count(l, day.day().unsigned_abs().into()) } else { number::axis_day(l, day) };
        Tick { at: i as f64, shown }
    };
    Chart::Multiples(Multiples {
        panels,
        x_ticks: vec![tick(0), tick(days - 1)],
        y_ticks: ticks(&count_levels(max as f64), |v| number::integer(l, v)),
    })
}

fn data(b: &Builder<'_>) -> Result<Data, Error> {
    use vigie_report::figure::ColumnKind;
    let volumes = &b.analyses().volumes;
    let mut columns = vec![b.column("day", "tab.col.days", ColumnKind::Text)?];
    for v in volumes.iter().skip(1) {
        let id = &b.analyses().names.entities[v.entity];
        columns.push(column_titled(id, b.same(b.short(v.entity)), ColumnKind::Number));
    }
    let rows = (0..volumes[0].daily.len())
        .map(|i| {
            let day = b.day(i);
            let mut row = vec![text_cell(&day.to_string(), b.each(|l| number::date_short(l, day)))];
            row.extend(volumes.iter().skip(1).map(|v| v.daily[i].map_or_else(|| b.no_cell(), |n| b.count_cell(n))));
            row
        })
        .collect();
    Ok(Data { columns, rows })
}
