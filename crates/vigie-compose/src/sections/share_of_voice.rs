//! Where does the client stand against its competitors?

use vigie_analysis::evidence::{FINDING, Measure, Strength};
use vigie_report::number;
use vigie_report::report::{Block, Section};
use vigie_report::text::{Text, Words};

use super::so_what;
use crate::Error;
use crate::builder::Builder;
use crate::figures::shares::displayable;
use crate::figures::{Title, months, shares};
use crate::shown;

pub(crate) fn section(b: &mut Builder<'_>) -> Result<Section, Error> {
    let title = title(b)?;
    let lead = lead(b)?;
    let mut blocks = Vec::new();
    let figure = shares::shares(b)?;
    let any = figure.is_some();
    blocks.extend(figure.map(|f| Block::Figure { figure: Box::new(f) }));
    blocks.extend(months::months(b)?.map(|f| Block::Figure { figure: Box::new(f) }));
    if any {
        blocks.push(shares::variants(b)?);
    }
    blocks.extend(so_what(boxes(b)?));
    super::section(b, "share-of-voice", "sov", title, lead, blocks)
}

/// Entity ranked first by share of voice in the previous period; `None` when there was none.
pub(crate) fn previous_first(b: &Builder<'_>) -> Option<usize> {
    let shares = b.analyses().shares.iter().filter_map(|s| Some((s.entity, s.previous.as_ref()?.value)));
    shares.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|s| s.0)
}

/// Whether the first entity's lead over the second is told apart from none.
pub(crate) fn clear_lead(b: &Builder<'_>) -> bool {
    let analyses = b.analyses();
    let first = analyses.shares.first();
    let q = first.and_then(|s| analyses.evidence.q(Measure::Lead, s.entity));
    q.is_some_and(|q| q <= FINDING) && first.and_then(displayable).is_some()
}

fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let analyses = b.analyses();
    let neutral = || Ok(Title { id: "neutral", words: b.say("sov.title.neutral", |l| vec![("period", b.period(l))])? });
    let (Some(first), Some(client)) = (analyses.shares.first(), analyses.share(0)) else { return neutral() };
    let (Some(share), Some(change)) = (displayable(client), client.change.as_ref()) else { return neutral() };
    let led_before = previous_first(b) == Some(0);
    if clear_lead(b) && analyses.shares.len() > 1 {
        let second = b.short(analyses.shares[1].entity);
        if first.entity == 0 && !led_before {
            let words = b.say("sov.title.lead_gained", |_| {
                vec![("client", b.client().to_owned()), ("second", second.to_owned())]
            })?;
            return Ok(Title { id: "sov.lead_gained", words });
        }
        if first.entity != 0 && led_before {
            let words = b.say("sov.title.lead_lost", |_| {
                vec![("client", b.client().to_owned()), ("first", b.short(first.entity).to_owned())]
            })?;
            return Ok(Title { id: "sov.lead_lost", words });
        }
    }
    let strength = analyses.evidence.strength(Measure::ShareOfVoice, 0, Some(change));
    let (id, key) = match strength {
        Strength::None => ("sov.stable", "sov.title.stable"),
        _ if change.value > 0.0 => ("sov.up", "sov.title.up"),
        _ => ("sov.down", "sov.title.down"),
    };
    let moved = |s: &vigie_analysis::share_of_voice::Share| {
        analyses.evidence.strength(Measure::ShareOfVoice, s.entity, s.change.as_ref()) > Strength::None
    };
    if id == "sov.stable" && analyses.shares.iter().any(moved) {
        return neutral();
    }
    let words = b.say(key, |l| {
        vec![
            ("client", b.client().to_owned()),
            ("delta", shown::size(l, change.value, 1)),
            ("share", shown::share(l, share.value)),
        ]
    })?;
    Ok(Title { id, words })
}

fn lead(b: &Builder<'_>) -> Result<Text, Error> {
    let analyses = b.analyses();
    let total: u64 = analyses.shares.iter().map(|s| s.mentions).sum();
    let client = analyses.share(0);
    let Some((client, share)) = client.and_then(|c| Some((c, displayable(c)?))) else {
        let n = client.map_or(0, |c| c.mentions);
        return b.text("sov.lead.thin", |l| {
            vec![("client", b.client().to_owned()), ("n", b.count_in(l, "count.mentions", n).unwrap_or_default())]
        });
    };
    let ranks = analyses.ranks(0).unwrap_or((1, 1));
    b.text("sov.lead", |l| {
        let change = client.change.as_ref().filter(|c| c.is_displayable()).and_then(|c| {
            let slots = [("delta", shown::share_change(l, c.value)), ("versus", b.versus(l).ok()?)];
            b.say_in(l, "essentials.lead.change", &slots).ok()
        });
        vec![
            ("n", b.count_in(l, "count.mentions", total).unwrap_or_default()),
            ("entities", b.entity_count(l)),
            ("client", b.client().to_owned()),
            ("share", shown::share(l, share.value)),
            ("interval", shown::share_interval(l, share).unwrap_or_else(|| "—".to_owned())),
            ("rank", rank(l, ranks)),
            ("change", change.unwrap_or_default()),
        ]
    })
}

/// "1re", or "2e-3e" when ranks are shared.
pub(crate) fn rank(l: vigie_model::locale::Locale, (best, worst): (usize, usize)) -> String {
    let shown = |n: usize| number::rank(l, n as u64);
    if best == worst { shown(best) } else { format!("{}-{}", shown(best), shown(worst)) }
}

fn boxes(b: &Builder<'_>) -> Result<Vec<(Words, Text)>, Error> {
    let analyses = b.analyses();
    let mut boxes = Vec::new();
    let printed: Vec<_> = analyses.shares.iter().filter(|s| displayable(s).is_some()).collect();
    if printed.len() >= 2 {
        let falls = |of: fn(&vigie_analysis::share_of_voice::Share) -> Option<f64>| {
            printed.windows(2).all(|pair| of(pair[0]).zip(of(pair[1])).is_none_or(|(a, b)| a >= b))
        };
        let same = falls(|s| s.all_rows) && falls(|s| s.authors);
        let key = if same { "sowhat.sov.copies" } else { "sowhat.sov.copies.differ" };
        boxes.push((b.say("sowhat.means", |_| vec![])?, b.text(key, |_| vec![])?));
    }
    if let Some(watch) = rival(b)? {
        boxes.push((b.say("sowhat.watch", |_| vec![])?, watch));
    }
    Ok(boxes)
}

/// The gap with the entity just behind the client, or just ahead of it.
fn rival(b: &Builder<'_>) -> Result<Option<Text>, Error> {
    let analyses = b.analyses();
    let Some(position) = analyses.shares.iter().position(|s| s.entity == 0) else { return Ok(None) };
    let (holder, rival) = if position == 0 { (0, 1) } else { (position - 1, position - 1) };
    let (Some(holder), Some(rival)) = (analyses.shares.get(holder), analyses.shares.get(rival)) else {
        return Ok(None);
    };
    let Some(lead) = holder.lead.as_ref().filter(|e| e.lo.is_some() && displayable(holder).is_some()) else {
        return Ok(None);
    };
    let clear = analyses.evidence.q(Measure::Lead, holder.entity).is_some_and(|q| q <= FINDING);
    let key = if clear { "sowhat.sov.clear" } else { "sowhat.sov.close" };
    let text = b.text(key, |l| {
        vec![
            ("second", b.short(rival.entity).to_owned()),
            ("lead", shown::size(l, lead.value, 1)),
            ("interval", shown::change_interval(l, lead).unwrap_or_default()),
        ]
    })?;
    Ok(Some(text))
}
