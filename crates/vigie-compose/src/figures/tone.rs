//! Tone of every entity around zero.

use vigie_analysis::tone::{NET_SENTIMENT, POLARITY_MIX, Tone};
use vigie_chart::Width;
use vigie_chart::chart::{Chart, Tone as ToneChart, ToneRow, Value};
use vigie_model::estimate::Estimate;
use vigie_model::locale::Locale;
use vigie_report::figure::{ColumnKind, Data, Figure};
use vigie_report::number;

use super::{Captions, Title};
use crate::axis::{signed_levels, ticks};
use crate::builder::Builder;
use crate::entities::ink;
use crate::{Error, shown};

/// The figure, or `None` when no mention could be read.
pub(crate) fn tone(b: &mut Builder<'_>) -> Result<Option<Figure>, Error> {
    let n: u64 = b.analyses().tones.iter().map(|t| t.counts.read()).sum();
    if n == 0 {
        return Ok(None);
    }
    register(b)?;
    let slot = b.next_figure();
    let captions = Captions {
        title: title(b)?,
        subtitle: b.say("fig.tone.subtitle", |l| vec![("period", b.period(l))])?,
        note: b.source_note(n, &[b.tone_caution()])?,
        alt: b.say("fig.tone.alt", |l| vec![("list", list(b, l))])?,
    };
    let words = |l: Locale| (captions.title.words[&l].clone(), captions.alt[&l].clone());
    let drawn = b.draw(&slot.1, Width::Full, words, |l| chart(b, l))?;
    let data = data(b)?;
    let mut figure = b.figure(slot, &[NET_SENTIMENT, POLARITY_MIX], captions, drawn, n, data)?;
    figure.entities.clone_from(&b.analyses().names.entities);
    Ok(Some(figure))
}

/// Net sentiment as it is printed: an estimate above the display floor.
pub(crate) fn displayable(tone: &Tone) -> Option<&Estimate> {
    tone.net.as_ref().filter(|e| e.is_displayable())
}

/// Entities whose tone can be printed, the best first, ties in the project's order.
pub(crate) fn ranked<'a>(b: &Builder<'a>) -> Vec<(&'a Tone, &'a Estimate)> {
    let analyses = b.analyses();
    let mut ranked: Vec<_> = analyses.tones.iter().filter_map(|t| Some((t, displayable(t)?))).collect();
    ranked.sort_by(|a, b| b.1.value.total_cmp(&a.1.value).then(a.0.entity.cmp(&b.0.entity)));
    ranked
}

/// Whether the whole interval of `a` lies below that of `b`.
pub(crate) fn below(a: &Estimate, b: &Estimate) -> bool {
    a.hi.zip(b.lo).is_some_and(|(hi, lo)| hi < lo)
}

fn register(b: &mut Builder<'_>) -> Result<(), Error> {
    let period = b.input.period.to_string();
    for tone in &b.analyses().tones {
        let Some(e) = displayable(tone) else { continue };
        let key = format!("net_sentiment.{}@{period}", b.analyses().names.entities[tone.entity]);
        let interval = e.lo.map(|_| b.each(|l| shown::net_interval(l, e).unwrap_or_default()));
        let words = b.each(|l| shown::net(l, e.value));
        b.quantities.register(key, NET_SENTIMENT, "points", e, words, interval)?;
    }
    Ok(())
}

fn list(b: &Builder<'_>, l: Locale) -> String {
    let items: Vec<String> =
        ranked(b).into_iter().map(|(t, e)| format!("{} {}", b.short(t.entity), shown::net(l, e.value))).collect();
    number::and(l, &items)
}

/// One brand's interval lies beyond all others'.
fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let ranked = ranked(b);
    if ranked.len() >= 3 {
        let (last, rest) = ranked.split_last().unwrap_or((&ranked[0], &[]));
        if last.1.hi.is_some_and(|hi| rest.iter().all(|(_, e)| e.lo.is_some_and(|lo| lo > hi))) {
            let words = b.say("fig.tone.title.last", |_| vec![("entity", b.short(last.0.entity).to_owned())])?;
            return Ok(Title { id: "tone.last", words });
        }
        let (first, rest) = (&ranked[0], &ranked[1..]);
        if first.1.lo.is_some_and(|lo| rest.iter().all(|(_, e)| e.hi.is_some_and(|hi| hi < lo))) {
            let words = b.say("fig.tone.title.first", |_| vec![("entity", b.short(first.0.entity).to_owned())])?;
            return Ok(Title { id: "tone.first", words });
        }
    }
    Ok(Title { id: "neutral", words: b.say("fig.tone.title.neutral", |_| vec![])? })
}

fn chart(b: &Builder<'_>, l: Locale) -> Result<Chart, Error> {
    let tones = &b.analyses().tones;
    let drawn = |t: &Tone, part: &Option<Estimate>| {
        displayable(t)?;
        part.as_ref().map(|e| e.value)
    };
    let max = |part: fn(&Tone) -> &Option<Estimate>| tones.iter().filter_map(|t| drawn(t, part(t))).fold(0.0, f64::max);
    let (negative, positive) = (max(|t| &t.negative), max(|t| &t.positive));
    let value = |v: f64| Value { at: v, shown: number::percent(l, v, 0) };
    let rows = tones
        .iter()
        .map(|t| {
            let net = displayable(t);
            ToneRow {
                name: b.short(t.entity).to_owned(),
                ink: ink(t.entity),
                strong: t.entity == 0,
                negative: drawn(t, &t.negative).map(value),
                positive: drawn(t, &t.positive).map(value),
                columns: vec![
                    net.map_or_else(|| "—".to_owned(), |e| shown::net(l, e.value)),
                    net.and_then(|e| shown::net_interval(l, e)).unwrap_or_else(|| "—".to_owned()),
                    number::count(l, t.counts.read()),
                ],
            }
        })
        .collect();
    Ok(Chart::Tone(ToneChart {
        rows,
        sides: (b.say_in(l, "fig.tone.negative", &[])?, b.say_in(l, "fig.tone.positive", &[])?),
        columns: vec![
            b.say_in(l, "fig.tone.col.net", &[])?,
            b.say_in(l, "fig.tone.col.interval", &[])?,
            b.say_in(l, "fig.sov.col.n", &[])?,
        ],
        ticks: ticks(&signed_levels(-negative, positive), |v| number::percent(l, v.abs(), 0)),
    }))
}

fn data(b: &Builder<'_>) -> Result<Data, Error> {
    let numeric = ColumnKind::Number;
    let columns = vec![
        b.column("entity", "tab.col.brand", ColumnKind::Text)?,
        b.column("read", "tab.col.base", numeric)?,
        b.column("positive", "tab.col.positive", numeric)?,
        b.column("negative", "tab.col.negative", numeric)?,
        b.column("net", "tab.col.net", numeric)?,
        b.column("net_lo", "tab.col.lo", numeric)?,
        b.column("net_hi", "tab.col.hi", numeric)?,
    ];
    let rows = b.analyses().tones.iter().map(|t| {
        vec![
            b.entity_cell(t.entity),
            b.count_cell(t.counts.read()),
            b.estimate_cell(t.positive.as_ref(), shown::share),
            b.estimate_cell(t.negative.as_ref(), shown::share),
            b.estimate_cell(t.net.as_ref(), shown::net),
            b.bound_cell(t.net.as_ref().and_then(|e| e.lo), shown::net),
            b.bound_cell(t.net.as_ref().and_then(|e| e.hi), shown::net),
        ]
    });
    Ok(Data { columns, rows: rows.collect() })
}
