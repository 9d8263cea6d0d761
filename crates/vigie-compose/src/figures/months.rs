//! Share of voice month by month, one panel per entity.

use vigie_analysis::share_of_voice::SOV;
use vigie_analysis::volume::Month;
use vigie_chart::Width;
use vigie_chart::chart::{Chart, Multiples, Series, Tick};
use vigie_model::locale::Locale;
use vigie_report::figure::{ColumnKind, Data, Figure};
use vigie_report::number;

use super::{Captions, Title};
use crate::axis::{levels, ticks};
use crate::builder::Builder;
use crate::cells::{column_titled, text_cell};
use crate::entities::ink;
use crate::{Error, shown};

/// Months from which a history is worth a drawing.
const MIN_MONTHS: usize = 3;
/// Panels drawn.
const PANELS: usize = 6;

/// The figure, or `None` under three months of history.
pub(crate) fn months(b: &mut Builder<'_>) -> Result<Option<Figure>, Error> {
    let months = &b.analyses().months;
    let n: u64 = months.iter().flat_map(|m| &m.counts).map(|c| c.n).sum();
    if months.len() < MIN_MONTHS || n == 0 {
        return Ok(None);
    }
    let slot = b.next_figure();
    let captions = Captions {
        title: title(b, months)?,
        subtitle: b.say("fig.months.subtitle", |l| vec![("range", span(l, months))])?,
        note: b.source_note(n, &[])?,
        alt: b.say("fig.months.alt", |l| vec![("list", list(b, l, months))])?,
    };
    let words = |l: Locale| (captions.title.words[&l].clone(), captions.alt[&l].clone());
    let drawn = b.draw(&slot.1, Width::Full, words, |l| Ok(chart(b, l, months)))?;
    let data = data(b, months)?;
    let mut figure = b.figure(slot, &[SOV], captions, drawn, n, data)?;
    figure.entities.clone_from(&b.analyses().names.entities);
    Ok(Some(figure))
}

/// Share of an entity in a month in percent; `None` when nothing was said.
pub(crate) fn share(month: &Month, entity: usize) -> Option<f64> {
    let total: u64 = month.counts.iter().map(|c| c.n).sum();
    (total > 0).then(|| 100.0 * month.counts[entity].n as f64 / total as f64)
}

fn series(months: &[Month], entity: usize) -> Vec<Option<f64>> {
    months.iter().map(|m| share(m, entity)).collect()
}

/// "novembre 2025 à octobre 2026".
fn span(l: Locale, months: &[Month]) -> String {
    let (first, last) = (&months[0].period, &months[months.len() - 1].period);
    let (from, to) = (number::month(l, first.start), number::month(l, last.start));
    if l.is_french() { format!("{from} à {to}") } else { format!("{from} to {to}") }
}

fn list(b: &Builder<'_>, l: Locale, months: &[Month]) -> String {
    let last = &months[months.len() - 1];
    let items: Vec<String> = (0..last.counts.len())
        .filter_map(|e| Some(format!("{} {}", b.short(e), shown::share(l, share(last, e)?))))
        .collect();
    number::and(l, &items)
}

/// The client's share is the highest, or the lowest, of the whole history.
fn title(b: &Builder<'_>, months: &[Month]) -> Result<Title, Error> {
    let client: Vec<f64> = series(months, 0).into_iter().flatten().collect();
    if let Some((last, earlier)) = client.split_last().filter(|(_, e)| e.len() >= 6) {
        let n = client.len() as u64;
        let margin = 2.0;
        let said = |key| b.say(key, |l| vec![("client", b.client().to_owned()), ("n", number::count(l, n))]);
        if earlier.iter().all(|e| last - e >= margin) {
            return Ok(Title { id: "months.high", words: said("fig.months.title.high")? });
        }
        if earlier.iter().all(|e| e - last >= margin) {
            return Ok(Title { id: "months.low", words: said("fig.months.title.low")? });
        }
    }
    Ok(Title { id: "neutral", words: b.say("fig.months.title.neutral", |_| vec![])? })
}

fn chart(b: &Builder<'_>, l: Locale, months: &[Month]) -> Chart {
    let entities = b.input.project.entities.len().min(PANELS);
    let panels: Vec<Series> = (0..entities)
        .map(|e| {
            let values = series(months, e);
            let last = values.last().copied().flatten().map_or_else(String::new, |v| number::integer(l, v));
            Series { name: b.short(e).to_owned(), ink: ink(e), values, last }
        })
        .collect();
    let max = panels.iter().flat_map(|p| p.values.iter().flatten()).copied().fold(0.0, f64::max);
    let tick = |i: usize| Tick { at: i as f64, shown: number::axis_month(l, months[i].period.start) };
    Chart::Multiples(Multiples {
        panels,
        x_ticks: vec![tick(0), tick(months.len() - 1)],
        y_ticks: ticks(&levels(max), |v| number::percent(l, v, 0)),
    })
}

fn data(b: &Builder<'_>, months: &[Month]) -> Result<Data, Error> {
    let mut columns = vec![b.column("month", "tab.col.month", ColumnKind::Text)?];
    for (entity, id) in b.analyses().names.entities.iter().enumerate() {
        columns.push(column_titled(id, b.same(b.short(entity)), ColumnKind::Number));
    }
    let rows = months
        .iter()
        .map(|m| {
            let mut row = vec![text_cell(&m.period.to_string(), b.each(|l| number::month(l, m.period.start)))];
            row.extend((0..m.counts.len()).map(|e| b.number_cell(share(m, e), shown::share)));
            row
        })
        .collect();
    Ok(Data { columns, rows })
}
