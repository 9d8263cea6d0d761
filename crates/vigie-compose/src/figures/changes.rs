//! Net sentiment before and after, brand by brand.

use vigie_analysis::evidence::{Measure, Strength};
use vigie_analysis::tone::NET_SENTIMENT;
use vigie_chart::Width;
use vigie_chart::chart::{Change, Changes, Chart};
use vigie_model::locale::Locale;
use vigie_report::figure::{ColumnKind, Data, Figure};
use vigie_report::number;

use super::tone::displayable;
use super::{Captions, Title};
use crate::axis::{signed_levels, ticks};
use crate::builder::Builder;
use crate::entities::ink;
use crate::{Error, shown};

/// The figure, or `None` without a previous period to compare with.
pub(crate) fn changes(b: &mut Builder<'_>) -> Result<Option<Figure>, Error> {
    let tones = &b.analyses().tones;
    let n: u64 = tones.iter().map(|t| t.counts.read()).sum();
    if n == 0 || tones.iter().all(|t| t.change.is_none()) {
        return Ok(None);
    }
    let slot = b.next_figure();
    let captions = Captions {
        title: title(b)?,
        subtitle: b.say("fig.changes.subtitle", |l| vec![("previous", b.previous(l)), ("period", b.period(l))])?,
        note: b.source_note(n, &[b.tone_caution()])?,
        alt: b.say("fig.changes.alt", |l| vec![("list", list(b, l))])?,
    };
    let words = |l: Locale| (captions.title.words[&l].clone(), captions.alt[&l].clone());
    let drawn = b.draw(&slot.1, Width::Full, words, |l| chart(b, l))?;
    let data = data(b)?;
    let mut figure = b.figure(slot, &[NET_SENTIMENT], captions, drawn, n, data)?;
    figure.entities.clone_from(&b.analyses().names.entities);
    Ok(Some(figure))
}

fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let analyses = b.analyses();
    let moved = |up: bool| -> Vec<&str> {
        let tones = analyses.tones.iter().filter(|t| {
            let strength = analyses.evidence.strength(Measure::NetSentiment, t.entity, t.change.as_ref());
            strength > Strength::None && t.change.as_ref().is_some_and(|c| (c.value > 0.0) == up)
        });
        tones.map(|t| b.short(t.entity)).collect()
    };
    let (ups, downs) = (moved(true), moved(false));
    let said = |key: &str, names: &[&str]| b.count(key, names.len() as u64, |l| vec![("names", number::and(l, names))]);
    let (id, words) = match (ups.as_slice(), downs.as_slice()) {
        ([], []) => ("tone.no_change", b.say("fig.changes.title.stable", |_| vec![])?),
        (ups, []) => ("tone.ups", said("fig.changes.title.up", ups)?),
        ([], downs) => ("tone.downs", said("fig.changes.title.down", downs)?),
        (ups, downs) => {
            let both = b.say("fig.changes.title.both", |l| {
                vec![("ups", number::and(l, ups)), ("downs", number::and(l, downs))]
            })?;
            ("tone.both", both)
        }
    };
    Ok(Title { id, words })
}

fn list(b: &Builder<'_>, l: Locale) -> String {
    let items = b.analyses().tones.iter().filter_map(|t| {
        let (before, after) = (t.previous.as_ref()?, displayable(t)?);
        let slots = [
            ("name", b.short(t.entity).to_owned()),
            ("before", shown::net(l, before.value)),
            ("after", shown::net(l, after.value)),
        ];
        b.say_in(l, "fig.changes.item", &slots).ok()
    });
    number::and(l, &items.collect::<Vec<_>>())
}

fn chart(b: &Builder<'_>, l: Locale) -> Result<Chart, Error> {
    let tones = &b.analyses().tones;
    let (mut lo, mut hi) = (0.0_f64, 0.0_f64);
    for t in tones {
        for e in [displayable(t), t.previous.as_ref().filter(|e| e.is_displayable())].into_iter().flatten() {
            lo = lo.min(e.lo.unwrap_or(e.value)).min(e.value);
            hi = hi.max(e.hi.unwrap_or(e.value)).max(e.value);
        }
    }
    let rows = tones
        .iter()
        .map(|t| {
            let after = displayable(t);
            let before = t.previous.as_ref().filter(|e| e.is_displayable());
            let change = after.and(before).and(t.change.as_ref()).filter(|c| c.is_displayable());
            Change {
                name: b.short(t.entity).to_owned(),
                ink: ink(t.entity),
                strong: t.entity == 0,
                before: before.map(|e| e.value),
                after: after.map(|e| e.value),
                interval: after.and_then(|e| e.lo.zip(e.hi)),
                columns: vec![
                    after.map_or_else(|| "—".to_owned(), |e| shown::net(l, e.value)),
                    change.map_or_else(|| "—".to_owned(), |c| shown::net(l, c.value)),
                ],
            }
        })
        .collect();
    Ok(Chart::Changes(Changes {
        rows,
        columns: vec![
            b.say_in(l, "fig.tone.col.net", &[])?,
            b.say_in(l, "fig.sov.col.change", &[("versus", b.versus(l)?)])?,
        ],
        ticks: ticks(&signed_levels(lo, hi), |v| number::signed(l, v, 0)),
    }))
}

fn data(b: &Builder<'_>) -> Result<Data, Error> {
    let numeric = ColumnKind::Number;
    let columns = vec![
        b.column("entity", "tab.col.brand", ColumnKind::Text)?,
        b.column("previous", "tab.col.previous", numeric)?,
        b.column("net", "tab.col.net", numeric)?,
        b.column("change", "tab.col.change", numeric)?,
        b.column("change_lo", "tab.col.lo", numeric)?,
        b.column("change_hi", "tab.col.hi", numeric)?,
    ];
    let rows = b.analyses().tones.iter().map(|t| {
        let change = t.change.as_ref();
        vec![
            b.entity_cell(t.entity),
            b.estimate_cell(t.previous.as_ref(), shown::net),
            b.estimate_cell(t.net.as_ref(), shown::net),
            b.estimate_cell(change, shown::net),
            b.bound_cell(change.and_then(|e| e.lo), shown::net),
            b.bound_cell(change.and_then(|e| e.hi), shown::net),
        ]
    });
    Ok(Data { columns, rows: rows.collect() })
}
