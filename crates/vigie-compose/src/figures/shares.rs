//! Share of voice of every entity, sorted, with intervals and the previous period.

use vigie_analysis::evidence::{Measure, Strength};
use vigie_analysis::share_of_voice::{SOV, SOV_ALL, SOV_AUTHORS, Share};
use vigie_chart::Width;
use vigie_chart::chart::{Bar, Bars, Chart};
use vigie_model::locale::Locale;
use vigie_report::figure::{ColumnKind, Data, Figure};
use vigie_report::number;
use vigie_report::report::Block;

use super::{Captions, Title};
use crate::axis::{levels, ticks};
use crate::builder::Builder;
use crate::entities::ink;
use crate::{Error, shown};

/// The figure, or `None` when nothing was counted.
pub(crate) fn shares(b: &mut Builder<'_>) -> Result<Option<Figure>, Error> {
    let all = &b.analyses().shares;
    let n: u64 = all.iter().map(|s| s.mentions).sum();
    if n == 0 {
        return Ok(None);
    }
    register(b)?;
    let slot = b.next_figure();
    let thin = all.iter().any(|s| !s.share.as_ref().is_some_and(vigie_model::estimate::Estimate::is_displayable));
    let captions = Captions {
        title: title(b)?,
        subtitle: b.say("fig.sov.subtitle", |l| {
            vec![("entities", b.entity_count(l)), ("period", b.period(l)), ("tick", b.tick_note(l))]
        })?,
        note: b.source_note(n, if thin { &["fig.source.floor"] } else { &[] })?,
        alt: b.say("fig.sov.alt", |l| vec![("list", list(b, l))])?,
    };
    let words = |l: Locale| (captions.title.words[&l].clone(), captions.alt[&l].clone());
    let drawn = b.draw(&slot.1, Width::Full, words, |l| chart(b, l))?;
    let data = data(b)?;
    let mut figure = b.figure(slot, &[SOV], captions, drawn, n, data)?;
    figure.entities.clone_from(&b.analyses().names.entities);
    Ok(Some(figure))
}

/// The share as it is printed: an estimate above the display floor.
pub(crate) fn displayable(share: &Share) -> Option<&vigie_model::estimate::Estimate> {
    share.share.as_ref().filter(|e| e.is_displayable())
}

fn register(b: &mut Builder<'_>) -> Result<(), Error> {
    let period = b.input.period.to_string();
    for share in &b.analyses().shares {
        let Some(e) = displayable(share) else { continue };
        let key = format!("sov.{}@{period}", b.analyses().names.entities[share.entity]);
        let interval = e.lo.map(|_| b.each(|l| shown::share_interval(l, e).unwrap_or_default()));
        let words = b.each(|l| shown::share(l, e.value));
        b.quantities.register(key, SOV, "percent", e, words, interval)?;
    }
    Ok(())
}

fn list(b: &Builder<'_>, l: Locale) -> String {
    let items: Vec<String> = b
        .analyses()
        .shares
        .iter()
        .map(|s| match displayable(s) {
            Some(e) => format!("{} {}", b.short(s.entity), shown::share(l, e.value)),
            None => format!("{} (n = {})", b.short(s.entity), number::count(l, s.mentions)),
        })
        .collect();
    number::and(l, &items)
}

fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let analyses = b.analyses();
    if analyses.tally.previous.is_none() {
        return Ok(Title { id: "neutral", words: b.say("fig.sov.title.neutral", |_| vec![])? });
    }
    let moved = |up: bool| -> Vec<&str> {
        let shares = analyses.shares.iter().filter(|s| {
            let strength = analyses.evidence.strength(Measure::ShareOfVoice, s.entity, s.change.as_ref());
            strength > Strength::None && s.change.as_ref().is_some_and(|c| (c.value > 0.0) == up)
        });
        shares.map(|s| b.short(s.entity)).collect()
    };
    let (ups, downs) = (moved(true), moved(false));
    let said = |key: &str, names: &[&str]| b.count(key, names.len() as u64, |l| vec![("names", number::and(l, names))]);
    let (id, words) = match (ups.as_slice(), downs.as_slice()) {
        ([], []) => ("sov.no_move", b.say("fig.sov.title.stable", |_| vec![])?),
        (ups, []) => ("sov.ups", said("fig.sov.title.up", ups)?),
        ([], downs) => ("sov.downs", said("fig.sov.title.down", downs)?),
        (ups, downs) => {
            let (ups, downs) = (said("fig.sov.title.up", ups)?, said("fig.sov.title.down", downs)?);
            let both = b.say("fig.sov.title.both", |l| vec![("ups", ups[&l].clone()), ("downs", downs[&l].clone())])?;
            ("sov.both", both)
        }
    };
    Ok(Title { id, words })
}

fn chart(b: &Builder<'_>, l: Locale) -> Result<Chart, Error> {
    let analyses = b.analyses();
    let printed = |s: &Share| displayable(s).map(|e| e.hi.unwrap_or(e.value));
    let max = analyses.shares.iter().filter_map(printed);
    let max = max.chain(analyses.shares.iter().filter_map(|s| Some(s.previous.as_ref()?.value)));
    let max = max.fold(0.0, f64::max).min(100.0);
    let rows = analyses
        .shares
        .iter()
        .map(|s| {
            let share = displayable(s);
            let change = share.and(s.change.as_ref()).filter(|c| c.is_displayable());
            Bar {
                name: b.short(s.entity).to_owned(),
                ink: ink(s.entity),
                strong: s.entity == 0,
                value: share.map(|e| e.value),
                interval: share.and_then(|e| e.lo.zip(e.hi)),
                previous: share.and(s.previous.as_ref()).map(|e| e.value),
                shown: String::new(),
                columns: vec![
                    share.map_or_else(|| "—".to_owned(), |e| shown::share(l, e.value)),
                    change.map_or_else(|| "—".to_owned(), |c| shown::share_change(l, c.value)),
                    number::count(l, s.mentions),
                ],
            }
        })
        .collect();
    Ok(Chart::Bars(Bars {
        rows,
        columns: vec![
            b.say_in(l, "fig.sov.col.share", &[])?,
            b.say_in(l, "fig.sov.col.change", &[("versus", b.versus(l)?)])?,
            b.say_in(l, "fig.sov.col.n", &[])?,
        ],
        ticks: ticks(&levels(max), |v| number::percent(l, v, 0)),
    }))
}

fn data(b: &Builder<'_>) -> Result<Data, Error> {
    let numeric = ColumnKind::Number;
    let columns = vec![
        b.column("entity", "tab.col.brand", ColumnKind::Text)?,
        b.column("mentions", "tab.col.mentions", numeric)?,
        b.column("sov", "tab.col.sov", numeric)?,
        b.column("sov_lo", "tab.col.lo", numeric)?,
        b.column("sov_hi", "tab.col.hi", numeric)?,
        b.column("previous", "tab.col.previous", numeric)?,
        b.column("change", "tab.col.change", numeric)?,
        b.column("change_lo", "tab.col.lo", numeric)?,
        b.column("change_hi", "tab.col.hi", numeric)?,
    ];
    let rows = b.analyses().shares.iter().map(|s| {
        let (share, change) = (s.share.as_ref(), s.change.as_ref());
        vec![
            b.entity_cell(s.entity),
            b.count_cell(s.mentions),
            b.estimate_cell(share, shown::share),
            b.bound_cell(share.and_then(|e| e.lo), shown::share),
            b.bound_cell(share.and_then(|e| e.hi), shown::share),
            b.estimate_cell(s.previous.as_ref(), shown::share),
            b.estimate_cell(change, shown::share_change),
            b.bound_cell(change.and_then(|e| e.lo), shown::share_change),
            b.bound_cell(change.and_then(|e| e.hi), shown::share_change),
        ]
    });
    Ok(Data { columns, rows: rows.collect() })
}

/// The same share counted otherwise: all rows, authors.
pub(crate) fn variants(b: &Builder<'_>) -> Result<Block, Error> {
    let numeric = ColumnKind::Number;
    let columns = vec![
        b.column("entity", "tab.col.brand", ColumnKind::Text)?,
        b.column(SOV.id, "tab.col.dedup", numeric)?,
        b.column(SOV_ALL.id, "tab.col.all", numeric)?,
        b.column(SOV_AUTHORS.id, "tab.col.authors", numeric)?,
    ];
    let rows = b.analyses().shares.iter().map(|s| {
        vec![
            b.entity_cell(s.entity),
            b.estimate_cell(s.share.as_ref(), |l, v| number::decimal(l, v, 1)),
            b.number_cell(displayable(s).and(s.all_rows), |l, v| number::decimal(l, v, 1)),
            b.number_cell(displayable(s).and(s.authors), |l, v| number::decimal(l, v, 1)),
        ]
    });
    Ok(Block::Table {
        id: b.next_table(),
        title: b.say("tab.sov.title", |_| vec![])?,
        note: b.say("tab.sov.note", |_| vec![])?,
        data: Data { columns, rows: rows.collect() },
    })
}
