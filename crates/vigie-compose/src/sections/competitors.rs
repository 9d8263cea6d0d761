//! What are the others going through?

use jiff::ToSpan;
use vigie_analysis::evidence::{Measure, Strength};
use vigie_model::estimate::Estimate;
use vigie_model::period::epoch_day;
use vigie_report::figure::{ColumnKind, Data};
use vigie_report::number;
use vigie_report::report::{Block, Section};
use vigie_report::text::{Text, Words};

use super::share_of_voice::rank;
use super::so_what;
use crate::Error;
use crate::builder::{Builder, language};
use crate::cells::text_cell;
use crate::figures::tone::below;
use crate::figures::{Title, competitors, shares, tone};
use crate::shown;

pub(crate) fn section(b: &mut Builder<'_>) -> Result<Section, Error> {
    let title = title(b)?;
    let lead = lead(b)?;
    let mut blocks = Vec::new();
    blocks.extend(competitors::competitors(b)?.map(|f| Block::Figure { figure: Box::new(f) }));
    blocks.push(side_by_side(b)?);
    blocks.extend(events(b)?);
    blocks.extend(so_what(boxes(b)?));
    super::section(b, "competitors", "competitors", title, lead, blocks)
}

/// The competitor with the largest clear change of share, else of tone.
fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let analyses = b.analyses();
    if analyses.tally.previous.is_none() {
        let words = b.say("competitors.title.neutral", |l| vec![("period", b.period(l))])?;
        return Ok(Title { id: "neutral", words });
    }
    let clear = |measure, entity, change: Option<&Estimate>| {
        let value = change?.value;
        (entity != 0 && analyses.evidence.strength(measure, entity, change) > Strength::None).then_some((entity, value))
    };
    let larger = |a: &(usize, f64), b: &(usize, f64)| a.1.abs().total_cmp(&b.1.abs()).then(b.0.cmp(&a.0));
    let share = analyses.shares.iter().filter_map(|s| clear(Measure::ShareOfVoice, s.entity, s.change.as_ref()));
    if let Some((entity, value)) = share.max_by(larger) {
        let words = b.say("competitors.title.mover", |l| {
            vec![("entity", b.short(entity).to_owned()), ("delta", shown::share_change(l, value))]
        })?;
        return Ok(Title { id: "competitors.mover", words });
    }
    if let Some((entity, value)) = largest_tone_change(b) {
        let words = b.say("competitors.title.tone", |l| {
            vec![("entity", b.short(entity).to_owned()), ("delta", shown::net(l, value))]
        })?;
        return Ok(Title { id: "competitors.tone", words });
    }
    Ok(Title { id: "competitors.stable", words: b.say("competitors.title.stable", |_| vec![])? })
}

fn lead(b: &Builder<'_>) -> Result<Text, Error> {
    let analyses = b.analyses();
    let first = analyses.shares.iter().filter(|s| s.entity != 0).find_map(|s| Some((s, shares::displayable(s)?)));
    let ranked: Vec<_> = tone::ranked(b).into_iter().filter(|(t, _)| t.entity != 0).collect();
    let (Some((first, share)), Some((_, net))) = (first, ranked.first()) else {
        return b.text("competitors.lead.thin", |_| vec![]);
    };
    // Those whose intervals reach that of the best are not told apart from it.
    let best: Vec<&str> = ranked.iter().filter(|(_, e)| !below(e, net)).map(|(t, _)| b.short(t.entity)).collect();
    let key = if best.len() > 1 { "competitors.lead.tied" } else { "competitors.lead" };
    b.text(key, |l| {
        vec![
            ("first", b.short(first.entity).to_owned()),
            ("share", shown::share(l, share.value)),
            ("best", number::and(l, &best)),
            ("net", shown::net(l, net.value)),
        ]
    })
}

fn boxes(b: &Builder<'_>) -> Result<Vec<(Words, Text)>, Error> {
    let mut boxes = Vec::new();
    let ranked = tone::ranked(b);
    let client = ranked.iter().find(|(t, _)| t.entity == 0).map(|(_, e)| *e);
    let best = ranked.iter().find(|(t, _)| t.entity != 0);
    if let Some((client, (best, net))) = client.zip(best) {
        let key = if below(client, net) { "sowhat.competitors.gap" } else { "sowhat.competitors.ahead" };
        if below(client, net) || below(net, client) {
            let means = b.text(key, |l| {
                vec![("best", b.short(best.entity).to_owned()), ("gap", shown::size(l, net.value - client.value, 0))]
            })?;
            boxes.push((b.say("sowhat.means", |_| vec![])?, means));
        }
    }
    if let Some((entity, change)) = largest_tone_change(b) {
        let watch = b.text("sowhat.competitors.moves", |l| {
            vec![("entity", b.short(entity).to_owned()), ("delta", shown::net(l, change))]
        })?;
        boxes.push((b.say("sowhat.watch", |_| vec![])?, watch));
    }
    Ok(boxes)
}

/// The competitor whose tone clearly changed the most.
fn largest_tone_change(b: &Builder<'_>) -> Option<(usize, f64)> {
    let analyses = b.analyses();
    let clear = analyses.tones.iter().filter(|t| t.entity != 0).filter_map(|t| {
        let strength = analyses.evidence.strength(Measure::NetSentiment, t.entity, t.change.as_ref());
        (strength > Strength::None).then_some((t.entity, t.change.as_ref()?.value))
    });
    clear.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()).then(b.0.cmp(&a.0)))
}

fn side_by_side(b: &Builder<'_>) -> Result<Block, Error> {
    let analyses = b.analyses();
    let numeric = ColumnKind::Number;
    let columns = vec![
        b.column("entity", "tab.col.brand", ColumnKind::Text)?,
        b.column("rank", "tab.col.rank", numeric)?,
        b.column("per_day", "tab.col.perday", numeric)?,
        b.column("sov", "tab.col.sov", numeric)?,
        b.column("sov_change", "tab.col.change", numeric)?,
        b.column("net", "tab.col.net", numeric)?,
        b.column("net_change", "tab.col.netchange", numeric)?,
    ];
    let rows = analyses.shares.iter().map(|s| {
        let (tone, volume) = (&analyses.tones[s.entity], &analyses.volumes[s.entity]);
        let ranks = shares::displayable(s).and(analyses.ranks(s.entity));
        vec![
            b.entity_cell(s.entity),
            ranks.map_or_else(|| b.no_cell(), |r| text_cell(&format!("{}-{}", r.0, r.1), b.each(|l| rank(l, r)))),
            b.number_cell(volume.per_day.as_ref().map(|e| e.value), shown::per_day),
            b.estimate_cell(s.share.as_ref(), |l, v| number::decimal(l, v, 1)),
            b.estimate_cell(s.change.as_ref(), |l, v| number::signed(l, v, 1)),
            b.estimate_cell(tone.net.as_ref(), |l, v| number::signed(l, v, 0)),
            b.estimate_cell(tone.change.as_ref(), |l, v| number::signed(l, v, 0)),
        ]
    });
    let n: u64 = analyses.shares.iter().map(|s| s.mentions).sum();
    Ok(Block::Table {
        id: b.next_table(),
        title: b.say("tab.competitors.title", |_| vec![])?,
        note: b.say("tab.competitors.note", |l| vec![("n", number::count(l, n))])?,
        data: Data { columns, rows: rows.collect() },
    })
}

/// Events of the period with the mentions of their days against the other days.
fn events(b: &Builder<'_>) -> Result<Option<Block>, Error> {
    let analyses = b.analyses();
    let events: Vec<_> = b.input.project.events.iter().filter(|e| b.input.period.contains(e.period.start)).collect();
    if events.is_empty() {
        return Ok(None);
    }
    let numeric = ColumnKind::Number;
    let columns = vec![
        b.column("entity", "tab.col.brand", ColumnKind::Text)?,
        b.column("event", "tab.col.event", ColumnKind::Text)?,
        b.column("days", "tab.col.days", ColumnKind::Text)?,
        b.column("mentions", "tab.col.mentions", numeric)?,
        b.column("ratio", "tab.col.above", numeric)?,
    ];
    let rows = events
        .into_iter()
        .map(|e| {
            let entity = e.entity.as_ref().and_then(|id| analyses.names.entities.iter().position(|n| n == id));
            let first = (epoch_day(e.period.start) - analyses.health.first_day) as usize;
            let last = first + e.period.days();
            let counted = entity.map(|entity| &analyses.volumes[entity].daily);
            let during: Option<u64> = counted.map(|d| d.iter().take(last).skip(first).flatten().sum());
            let ratio = counted.and_then(|d| against_other_days(d, first, last));
            let end = e.period.end.saturating_sub(1.day());
            Ok(vec![
                match entity {
                    Some(entity) => b.entity_cell(entity),
                    None => text_cell("market", b.say("market", |_| vec![])?),
                },
                text_cell(&e.title.en, b.each(|l| number::typeset(l, e.title.get(language(l))))),
                text_cell(&e.period.start.to_string(), b.each(|l| number::date_range(l, e.period.start, end))),
                during.map_or_else(|| b.no_cell(), |n| b.count_cell(n)),
                b.number_cell(ratio, |l, v| format!("× {}", number::decimal(l, v, 1))),
            ])
        })
        .collect::<Result<_, Error>>()?;
    Ok(Some(Block::Table {
        id: b.next_table(),
        title: b.say("tab.events.title", |_| vec![])?,
        note: b.say("tab.events.note", |_| vec![])?,
        data: Data { columns, rows },
    }))
}

/// Daily mean of `[first, last)` over that of the other days; `None` when one of them is empty.
fn against_other_days(daily: &[Option<u64>], first: usize, last: usize) -> Option<f64> {
    let (mut during, mut others) = (Vec::new(), Vec::new());
    for (i, n) in daily.iter().enumerate() {
        if let Some(n) = n {
            if (first..last).contains(&i) { during.push(*n) } else { others.push(*n) }
        }
    }
    let mean = |d: &[u64]| (!d.is_empty()).then(|| d.iter().sum::<u64>() as f64 / d.len() as f64);
    Some(mean(&during)? / mean(&others).filter(|m| *m > 0.0)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_compared_with_the_other_days() {
        let daily = [Some(10), Some(40), None, Some(10), Some(10)];
        assert_eq!(against_other_days(&daily, 1, 3), Some(4.0));
        assert_eq!(against_other_days(&daily, 0, 5), None);
    }
}
