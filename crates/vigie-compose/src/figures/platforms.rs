//! Where people speak of the client: shares by platform.

use vigie_analysis::sources::{PLATFORM_SHARE, PlatformShare};
use vigie_chart::Width;
use vigie_chart::chart::{Bar, Bars, Chart, Ink};
use vigie_model::estimate::Estimate;
use vigie_model::locale::Locale;
use vigie_report::figure::{ColumnKind, Data, Figure};
use vigie_report::number;

use super::{Captions, Title};
use crate::axis::{levels, ticks};
use crate::builder::Builder;
use crate::cells::text_cell;
use crate::{Error, shown};

/// Rows drawn; the others stay in the table.
const ROWS: usize = 8;
/// From this share on, the first platform makes the title.
const DOMINANT: f64 = 40.0;

/// The figure, or `None` when the client has no mention or only one platform.
pub(crate) fn platforms(b: &mut Builder<'_>) -> Result<Option<Figure>, Error> {
    let all = &b.analyses().platforms;
    let n: u64 = all.iter().map(|p| p.mentions).sum();
    if n == 0 || all.len() < 2 {
        return Ok(None);
    }
    let slot = b.next_figure();
    let captions = Captions {
        title: title(b, &all[0])?,
        subtitle: b.say("fig.platforms.subtitle", |l| {
            vec![("of_client", b.of(l, 0)), ("period", b.period(l)), ("tick", b.tick_note(l))]
        })?,
        note: b.source_note(n, &[])?,
        alt: b.say("fig.platforms.alt", |l| vec![("list", list(b, l))])?,
    };
    let words = |l: Locale| (captions.title.words[&l].clone(), captions.alt[&l].clone());
    let drawn = b.draw(&slot.1, Width::Full, words, |l| chart(b, l))?;
    let data = data(b)?;
    Ok(Some(b.figure(slot, &[PLATFORM_SHARE], captions, drawn, n, data)?))
}

fn displayable(e: Option<&Estimate>) -> Option<&Estimate> {
    e.filter(|e| e.is_displayable())
}

fn title(b: &Builder<'_>, first: &PlatformShare) -> Result<Title, Error> {
    if let Some(share) = displayable(first.share.as_ref()).filter(|s| s.value >= DOMINANT) {
        let words = b.say("fig.platforms.title.first", |l| {
            vec![
                ("platform", b.platform(l, first.platform)),
                ("share", shown::share(l, share.value)),
                ("of_client", b.of(l, 0)),
            ]
        })?;
        return Ok(Title { id: "platforms.first", words });
    }
    let words = b.say("fig.platforms.title.neutral", |l| vec![("of_client", b.of(l, 0))])?;
    Ok(Title { id: "neutral", words })
}

fn list(b: &Builder<'_>, l: Locale) -> String {
    let items: Vec<String> = b
        .analyses()
        .platforms
        .iter()
        .take(ROWS)
        .filter_map(|p| Some(format!("{} {}", b.platform(l, p.platform), shown::share(l, p.share.as_ref()?.value))))
        .collect();
    number::and(l, &items)
}

fn chart(b: &Builder<'_>, l: Locale) -> Result<Chart, Error> {
    let platforms = &b.analyses().platforms;
    let max = platforms.iter().filter_map(|p| p.share.as_ref()?.hi).chain(platforms.iter().filter_map(|p| p.previous));
    let max = max.fold(0.0, f64::max).min(100.0);
    let rows = platforms
        .iter()
        .take(ROWS)
        .map(|p| {
            let share = displayable(p.share.as_ref());
            let change = share.and(displayable(p.change.as_ref()));
            Bar {
                name: b.platform(l, p.platform),
                ink: Ink::Quiet,
                strong: false,
                value: share.map(|s| s.value),
                interval: share.and_then(|s| s.lo.zip(s.hi)),
                previous: share.and(p.previous),
                shown: String::new(),
                columns: vec![
                    share.map_or_else(|| "—".to_owned(), |s| shown::share(l, s.value)),
                    change.map_or_else(|| "—".to_owned(), |c| shown::share_change(l, c.value)),
                    p.net.map_or_else(|| "—".to_owned(), |n| shown::net(l, n)),
                    number::count(l, p.mentions),
                ],
            }
        })
        .collect();
    Ok(Chart::Bars(Bars {
        rows,
        columns: vec![
            b.say_in(l, "fig.sov.col.share", &[])?,
            b.say_in(l, "fig.sov.col.change", &[("versus", b.versus(l)?)])?,
            b.say_in(l, "fig.tone.col.net", &[])?,
            b.say_in(l, "fig.sov.col.n", &[])?,
        ],
        ticks: ticks(&levels(max), |v| number::percent(l, v, 0)),
    }))
}

fn data(b: &Builder<'_>) -> Result<Data, Error> {
    let numeric = ColumnKind::Number;
    let columns = vec![
        b.column("platform", "tab.col.platform", ColumnKind::Text)?,
        b.column("mentions", "tab.col.mentions", numeric)?,
        b.column("share", "fig.sov.col.share", numeric)?,
        b.column("share_lo", "tab.col.lo", numeric)?,
        b.column("share_hi", "tab.col.hi", numeric)?,
        b.column("change", "tab.col.change", numeric)?,
        b.column("net", "tab.col.net", numeric)?,
    ];
    let rows = b.analyses().platforms.iter().map(|p| {
        let id = b.analyses().names.platforms.get(p.platform as usize).map_or("", String::as_str);
        vec![
            text_cell(id, b.each(|l| b.platform(l, p.platform))),
            b.count_cell(p.mentions),
            b.estimate_cell(p.share.as_ref(), shown::share),
            b.bound_cell(p.share.as_ref().and_then(|s| s.lo), shown::share),
            b.bound_cell(p.share.as_ref().and_then(|s| s.hi), shown::share),
            b.estimate_cell(p.change.as_ref(), shown::share_change),
            b.number_cell(p.net, shown::net),
        ]
    });
    Ok(Data { columns, rows: rows.collect() })
}
