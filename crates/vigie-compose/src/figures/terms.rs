//! Rising terms by number of authors.

use vigie_analysis::terms::{RisingTerm, TREND};
use vigie_chart::Width;
use vigie_chart::chart::{Bar, Bars, Chart, Ink};
use vigie_model::locale::Locale;
use vigie_model::period::from_epoch_day;
use vigie_report::figure::{ColumnKind, Data, Figure};
use vigie_report::number;

use super::{Captions, Title};
use crate::axis::{count_levels, ticks};
use crate::builder::Builder;
use crate::cells::{column_titled, text_cell};
use crate::{Error, shown};

/// Longest term drawn whole.
const LONGEST: usize = 36;

/// The figure, or `None` when no term rises.
pub(crate) fn terms(b: &mut Builder<'_>) -> Result<Option<Figure>, Error> {
    let Some(terms) = b.analyses().terms.as_deref().filter(|t| !t.is_empty()) else { return Ok(None) };
    let slot = b.next_figure();
    let key = if b.input.period.is_month() { "fig.terms.subtitle" } else { "fig.terms.subtitle.range" };
    let n: u64 = terms.iter().map(|t| t.authors).max().unwrap_or(0);
    let reference = reference(b)?;
    let captions = Captions {
        title: Title { id: "terms.rising", words: b.say("fig.terms.title.rising", |_| vec![])? },
        subtitle: b.say(key, |l| {
            vec![("of_client", b.of(l, 0)), ("period", b.period(l)), ("reference", reference[&l].clone())]
        })?,
        note: b.say("fig.terms.note", |_| vec![])?,
        alt: b.say("fig.terms.alt", |l| vec![("list", list(l, terms))])?,
    };
    let words = |l: Locale| (captions.title.words[&l].clone(), captions.alt[&l].clone());
    let drawn = b.draw(&slot.1, Width::Full, words, |l| chart(b, l, terms))?;
    let data = data(b, terms)?;
    Ok(Some(b.figure(slot, &[TREND], captions, drawn, n, data)?))
}

/// Months of the time before that the archive holds, at most three; 1 for another period.
pub(crate) fn reference_months(b: &Builder<'_>) -> u64 {
    if !b.input.period.is_month() {
        return 1;
    }
    (b.analyses().months.len() as u64).saturating_sub(1).clamp(1, 3)
}

/// "les 3 mois précédents".
pub(crate) fn reference(b: &Builder<'_>) -> Result<vigie_report::text::Words, Error> {
    if b.input.period.is_month() {
        b.count("trends.reference", reference_months(b), |_| vec![])
    } else {
        b.say("trends.reference.range", |_| vec![])
    }
}

/// A term as printed: cut on a character, never in the middle of one.
pub(crate) fn surface(term: &RisingTerm) -> String {
    cut(&term.surface)
}

/// The words of a term, cut likewise.
pub(crate) fn cut(words: &str) -> String {
    if words.chars().count() <= LONGEST {
        return words.to_owned();
    }
    let cut: String = words.chars().take(LONGEST - 1).collect();
    format!("{}…", cut.trim_end())
}

fn list(l: Locale, terms: &[RisingTerm]) -> String {
    let items: Vec<String> = terms.iter().map(|t| format!("{} {}", surface(t), number::count(l, t.authors))).collect();
    number::and(l, &items)
}

fn chart(b: &Builder<'_>, l: Locale, terms: &[RisingTerm]) -> Result<Chart, Error> {
    let months = reference_months(b) as f64;
    let max = terms.iter().map(|t| (t.authors as f64).max(t.authors_before as f64 / months)).fold(0.0, f64::max);
    let rows = terms
        .iter()
        .map(|t| Bar {
            name: surface(t),
            ink: Ink::Entity(1),
            strong: false,
            value: Some(t.authors as f64),
            interval: None,
            previous: Some(t.authors_before as f64 / months),
            shown: String::new(),
            columns: vec![
                number::count(l, t.authors),
                number::count(l, t.authors_before),
                number::date_short(l, from_epoch_day(t.first_day)),
                t.net.map_or_else(|| "—".to_owned(), |n| shown::net(l, n)),
            ],
        })
        .collect();
    Ok(Chart::Bars(Bars {
        rows,
        columns: vec![
            b.say_in(l, "fig.terms.col.authors", &[])?,
            b.say_in(l, "fig.terms.col.before", &[])?,
            b.say_in(l, "fig.terms.col.first", &[])?,
            b.say_in(l, "fig.terms.col.tone", &[])?,
        ],
        ticks: ticks(&count_levels(max), |v| number::integer(l, v)),
    }))
}

fn data(b: &Builder<'_>, terms: &[RisingTerm]) -> Result<Data, Error> {
    let numeric = ColumnKind::Number;
    let columns = vec![
        b.column("term", "tab.col.term", ColumnKind::Text)?,
        b.column("authors", "fig.terms.col.authors", numeric)?,
        b.column("authors_before", "fig.terms.col.before", numeric)?,
        column_titled("z", b.same("z"), numeric),
        column_titled("q", b.same("q"), numeric),
        b.column("mentions", "tab.col.mentions", numeric)?,
        b.column("first_day", "fig.terms.col.first", ColumnKind::Text)?,
        b.column("net", "tab.col.net", numeric)?,
    ];
    let rows = terms.iter().map(|t| {
        let first = from_epoch_day(t.first_day);
        vec![
            text_cell(&t.surface, b.same(&surface(t))),
            b.count_cell(t.authors),
            b.count_cell(t.authors_before),
            b.number_cell(Some(t.z), |l, v| number::decimal(l, v, 1)),
            b.number_cell(Some(t.q), |l, v| number::decimal(l, v, 3)),
            b.count_cell(t.mentions),
            text_cell(&first.to_string(), b.each(|l| number::date_short(l, first))),
            b.number_cell(t.net, shown::net),
        ]
    });
    Ok(Data { columns, rows: rows.collect() })
}
