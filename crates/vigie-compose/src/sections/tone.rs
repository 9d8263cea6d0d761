//! How is the client spoken of?

use vigie_analysis::evidence::{Measure, Strength};
use vigie_model::estimate::Estimate;
use vigie_report::number;
use vigie_report::report::{Block, Section};
use vigie_report::text::{Text, Words};

use super::so_what;
use crate::Error;
use crate::builder::Builder;
use crate::figures::tone::{below, displayable, ranked};
use crate::figures::{Title, changes, tone};
use crate::shown;

pub(crate) fn section(b: &mut Builder<'_>) -> Result<Section, Error> {
    let title = title(b)?;
    let lead = lead(b)?;
    let mut blocks = Vec::new();
    blocks.extend(tone::tone(b)?.map(|f| Block::Figure { figure: Box::new(f) }));
    blocks.extend(changes::changes(b)?.map(|f| Block::Figure { figure: Box::new(f) }));
    if !blocks.is_empty() {
        blocks.extend(so_what(boxes(b)?));
    }
    super::section(b, "tone", "tone", title, lead, blocks)
}

fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let analyses = b.analyses();
    let tone = &analyses.tones[0];
    let neutral =
        || Ok(Title { id: "neutral", words: b.say("tone.title.neutral", |l| vec![("period", b.period(l))])? });
    let (Some(net), Some(change)) = (displayable(tone), tone.change.as_ref()) else { return neutral() };
    let before = tone.previous.as_ref().map_or(0.0, |e| e.value);
    let strength = analyses.evidence.strength(Measure::NetSentiment, 0, Some(change));
    let excludes_zero = net.lo.zip(net.hi).is_some_and(|(lo, hi)| lo > 0.0 || hi < 0.0);
    let (id, key) = match strength {
        Strength::None => ("tone.stable", "tone.title.stable"),
        _ if excludes_zero && before > 0.0 && net.value < 0.0 => ("tone.cross_down", "tone.title.cross_down"),
        _ if excludes_zero && before < 0.0 && net.value > 0.0 => ("tone.cross_up", "tone.title.cross_up"),
        _ if change.value < 0.0 => ("tone.down", "tone.title.down"),
        _ => ("tone.up", "tone.title.up"),
    };
    let words = b.say(key, |l| {
        vec![
            ("client", b.client().to_owned()),
            ("net", shown::net(l, net.value)),
            ("delta", shown::size(l, change.value, 0)),
        ]
    })?;
    Ok(Title { id, words })
}

fn lead(b: &Builder<'_>) -> Result<Text, Error> {
    let tone = &b.analyses().tones[0];
    let read = tone.counts.read();
    let Some(net) = displayable(tone) else {
        return b.text("tone.lead.thin", |l| {
            vec![("client", b.client().to_owned()), ("n", b.count_in(l, "count.mentions", read).unwrap_or_default())]
        });
    };
    b.text("tone.lead", |l| {
        let audited = b.analyses().audited.as_ref().is_some_and(|a| a.corrected(0).is_some());
        let level = if audited { format!(" {}", b.audit_of_level(l, 0)) } else { String::new() };
        let change = tone.change.as_ref().filter(|c| c.is_displayable()).and_then(|c| {
            let slots = [("delta", shown::net(l, c.value)), ("versus", b.versus(l).ok()?)];
            b.say_in(l, "essentials.lead.change", &slots).ok()
        });
        let percent = |e: &Option<Estimate>| e.as_ref().map_or_else(|| "—".to_owned(), |e| shown::share(l, e.value));
        vec![
            ("client", b.client().to_owned()),
            ("positive", percent(&tone.positive)),
            ("negative", percent(&tone.negative)),
            ("net", shown::net(l, net.value)),
            ("interval", shown::net_interval(l, net).unwrap_or_else(|| "—".to_owned())),
            ("n", b.count_in(l, "count.mentions", read).unwrap_or_default()),
            ("change", change.unwrap_or_default()),
            ("level", level),
        ]
    })
}

fn boxes(b: &Builder<'_>) -> Result<Vec<(Words, Text)>, Error> {
    let mut boxes = Vec::new();
    let ranked = ranked(b);
    if let [(_, highest), .., (_, lowest)] = ranked[..] {
        // Those whose intervals reach that of the last, or of the first, are not told apart from it.
        let names = |end: &dyn Fn(&Estimate) -> bool| -> Vec<&str> {
            ranked.iter().filter(|(_, e)| end(e)).map(|(t, _)| b.short(t.entity)).collect()
        };
        let (last, best) = (names(&|e| !below(lowest, e)), names(&|e| below(lowest, e) && !below(e, highest)));
        if below(lowest, highest) {
            let means = b.count_text("sowhat.tone.spread", last.len() as u64, |l| {
                vec![
                    ("last", number::and(l, &last)),
                    ("net", shown::net(l, lowest.value)),
                    ("gap", shown::size(l, highest.value - lowest.value, 0)),
                    ("best", number::and(l, &best)),
                    ("brands", number::count(l, ranked.len() as u64)),
                ]
            })?;
            boxes.push((b.say("sowhat.means", |_| vec![])?, means));
        }
    }
    boxes.push((b.say("sowhat.watch", |_| vec![])?, b.text("sowhat.tone.irony", |_| vec![])?));
    Ok(boxes)
}
