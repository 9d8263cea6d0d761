//! The two-minute page: tiles, findings, cautions, the analyst's word.

use vigie_analysis::evidence::{Measure, Strength};
use vigie_analysis::tone::net_of;
use vigie_analysis::volume::Month;
use vigie_chart::Width;
use vigie_chart::chart::{Chart, Ink, Sparkline};
use vigie_model::estimate::Estimate;
use vigie_model::ledger::SourceOutcome;
use vigie_model::locale::Locale;
use vigie_report::number;
use vigie_report::report::{Essentials, Finding, Goodness, Tile};
use vigie_report::text::Text;

use crate::builder::Builder;
use crate::figures::Title;
use crate::figures::months::share;
use crate::figures::shares::displayable;
use crate::sections::source_name;
use crate::{Error, commentary, shown};

/// Width of a tile's curve in points.
const SPARKLINE: f64 = 76.0;
/// Months from which a curve is drawn.
const MIN_MONTHS: usize = 3;

pub(crate) fn essentials(b: &mut Builder<'_>, findings: Vec<Finding>) -> Result<Essentials, Error> {
    let title = title(b)?;
    let n = findings.len() as u64;
    let findings_title = match n {
        0 if b.analyses().tally.previous.is_none() => b.say("findings.incomparable", |_| vec![])?,
        0 => b.say("findings.none", |_| vec![])?,
        _ => b.count("findings.title", n, |_| vec![])?,
    };
    let months = b.analyses().months.len();
    let tiles_note = if months >= MIN_MONTHS {
        b.say("tiles.note", |l| vec![("n", number::count(l, months as u64))])?
    } else {
        b.say("tiles.note.short", |_| vec![])?
    };
    Ok(Essentials {
        name: b.say("essentials.name", |_| vec![])?,
        question: b.say("essentials.question", |_| vec![])?,
        title: title.words,
        title_id: title.id.to_owned(),
        lead: lead(b)?,
        tiles: tiles(b)?,
        tiles_note,
        findings_title,
        findings,
        caution: caution(b)?,
        note: commentary::note(b)?,
    })
}

/// The month in one sentence, from the client's share and tone.
fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let analyses = b.analyses();
    let nothing = analyses.tally.current.funnel.kept == 0;
    if nothing {
        return Ok(Title { id: "month.nothing", words: b.say("essentials.title.nothing", |_| vec![])? });
    }
    let (share, tone) = (analyses.share(0), &analyses.tones[0]);
    let sov = share.and_then(|s| s.change.as_ref());
    let net = tone.change.as_ref();
    let (Some(sov), Some(net)) = (sov, net) else { return neutral(b) };
    if !sov.is_displayable() || !net.is_displayable() {
        return neutral(b);
    }
    let moves = |measure, change| analyses.evidence.strength(measure, 0, Some(change)) > Strength::None;
    let (sov_moves, net_moves) = (moves(Measure::ShareOfVoice, sov), moves(Measure::NetSentiment, net));
    let (id, key) = match (sov_moves, net_moves) {
        (true, true) if sov.value > 0.0 && net.value < 0.0 => ("month.exposed", "essentials.title.exposed"),
        (true, true) => ("month.both", "essentials.title.both"),
        (false, true) if net.value > 0.0 => ("month.better", "essentials.title.better"),
        (false, true) => ("month.worse", "essentials.title.worse"),
        (true, false) if sov.value > 0.0 => ("month.louder", "essentials.title.louder"),
        (true, false) => ("month.quieter", "essentials.title.quieter"),
        (false, false) => ("month.calm", "essentials.title.calm"),
    };
    let verb = |l, up: bool| b.say_in(l, if up { "move.gains" } else { "move.loses" }, &[]).unwrap_or_default();
    let words = b.say(key, |l| {
        vec![
            ("client", b.client().to_owned()),
            ("sov_delta", shown::size(l, sov.value, 1)),
            ("net_delta", shown::size(l, net.value, 0)),
            ("sov_move", verb(l, sov.value > 0.0)),
            ("net_move", verb(l, net.value > 0.0)),
        ]
    })?;
    Ok(Title { id, words })
}

fn neutral(b: &Builder<'_>) -> Result<Title, Error> {
    let words =
        b.say("essentials.title.neutral", |l| vec![("client", b.client().to_owned()), ("period", b.period(l))])?;
    Ok(Title { id: "neutral", words })
}

fn lead(b: &Builder<'_>) -> Result<Text, Error> {
    let analyses = b.analyses();
    let funnel = analyses.tally.current.funnel;
    if funnel.kept == 0 {
        return b.text("essentials.lead.nothing", |l| {
            vec![("rows", b.count_in(l, "count.rows", funnel.rows).unwrap_or_default())]
        });
    }
    let share = analyses.share(0);
    let net = crate::figures::tone::displayable(&analyses.tones[0]);
    let n = share.map_or(0, |s| s.mentions);
    let mentions = |l| b.count_in(l, "count.mentions", n).unwrap_or_default();
    let (Some(share), Some(net)) = (share.and_then(|s| Some((s, displayable(s)?))), net) else {
        return b.text("essentials.lead.thin", |l| {
            vec![("range", range(b, l)), ("client", b.client().to_owned()), ("n", mentions(l))]
        });
    };
    let versus = |l, shown: String| {
        let slots = [("delta", shown), ("versus", b.versus(l).unwrap_or_default())];
        b.say_in(l, "essentials.lead.change", &slots).unwrap_or_default()
    };
    let printed = |e: &Option<Estimate>| e.as_ref().filter(|e| e.is_displayable()).map(|e| e.value);
    b.text("essentials.lead", |l| {
        let sov_change = printed(&share.0.change).map(|v| versus(l, shown::share_change(l, v)));
        let net_change = printed(&analyses.tones[0].change).map(|v| versus(l, shown::net(l, v)));
        vec![
            ("range", range(b, l)),
            ("client", b.client().to_owned()),
            ("share", shown::share(l, share.1.value)),
            ("entities", b.entity_count(l)),
            ("share_change", sov_change.unwrap_or_default()),
            ("net", shown::net(l, net.value)),
            ("net_change", net_change.unwrap_or_default()),
            ("n", mentions(l)),
        ]
    })
}

/// "Du 1er au 31 octobre 2026" at the head of a sentence.
fn range(b: &Builder<'_>, l: Locale) -> String {
    let range = b.range(l);
    if !l.is_french() {
        return range;
    }
    if b.input.period.days() == 1 { format!("Le {range}") } else { format!("Du {range}") }
}

/// A tile before it is drawn, in one edition.
struct Measured {
    label: &'static str,
    value: Option<String>,
    detail: Option<String>,
    /// Change and its words.
    delta: Option<(f64, String)>,
    /// Whether the change is told apart from none.
    clear: bool,
    /// 1 when more is better, -1 when less is, 0 when neither.
    direction: f64,
    /// One value per month.
    history: Vec<Option<f64>>,
}

type Make = fn(&Builder<'_>, Locale) -> Measured;

fn tiles(b: &Builder<'_>) -> Result<Vec<Tile>, Error> {
    let makers: [Make; 5] = [mentions, voice, net, negative, authors];
    makers.into_iter().enumerate().map(|(i, make)| tile(b, i, make)).collect()
}

fn history(b: &Builder<'_>, value: impl Fn(&Month) -> Option<f64>) -> Vec<Option<f64>> {
    b.analyses().months.iter().map(value).collect()
}

fn printed(e: Option<&Estimate>) -> Option<&Estimate> {
    e.filter(|e| e.is_displayable())
}

fn interval(b: &Builder<'_>, l: Locale, bounds: Option<(String, String)>) -> Option<String> {
    let (lo, hi) = bounds?;
    b.say_in(l, "tile.detail.interval", &[("lo", lo), ("hi", hi)]).ok()
}

fn bounds(e: &Estimate, shown: impl Fn(f64) -> String) -> Option<(String, String)> {
    Some((shown(e.lo?), shown(e.hi?)))
}

fn mentions(b: &Builder<'_>, l: Locale) -> Measured {
    let analyses = b.analyses();
    let volume = &analyses.volumes[0];
    let change = printed(volume.change.as_ref());
    let per_day = |m: &Month| Some(m.counts[0].n as f64 / m.period.days() as f64);
    let total = b.count_in(l, "count.mentions", volume.counts.n).ok();
    Measured {
        label: "tile.mentions",
        value: volume.per_day.as_ref().map(|e| shown::per_day(l, e.value)),
        detail: total.and_then(|n| b.say_in(l, "tile.detail.mentions", &[("n", n)]).ok()),
        delta: change.map(|c| (c.value - 1.0, shown::relative(l, c.value))),
        clear: analyses.evidence.strength(Measure::Volume, 0, volume.change.as_ref()) > Strength::None,
        direction: 0.0,
        history: history(b, per_day),
    }
}

fn voice(b: &Builder<'_>, l: Locale) -> Measured {
    let analyses = b.analyses();
    let share = analyses.share(0);
    let now = share.and_then(displayable);
    let change = share.and_then(|s| printed(s.change.as_ref()));
    Measured {
        label: "tile.sov",
        value: now.map(|e| shown::share(l, e.value)),
        detail: interval(b, l, now.and_then(|e| bounds(e, |v| shown::share(l, v)))),
        delta: now.and(change).map(|c| (c.value, shown::share_change(l, c.value))),
        clear: analyses.evidence.strength(Measure::ShareOfVoice, 0, change) > Strength::None,
        direction: 0.0,
        history: history(b, |m| self::share(m, 0)),
    }
}

fn net(b: &Builder<'_>, l: Locale) -> Measured {
    let analyses = b.analyses();
    let tone = &analyses.tones[0];
    let now = crate::figures::tone::displayable(tone);
    let change = printed(tone.change.as_ref());
    Measured {
        label: "tile.net",
        value: now.map(|e| shown::net(l, e.value)),
        detail: interval(b, l, now.and_then(|e| bounds(e, |v| number::signed(l, v, 0)))),
        delta: now.and(change).map(|c| (c.value, shown::net(l, c.value))),
        clear: analyses.evidence.strength(Measure::NetSentiment, 0, change) > Strength::None,
        direction: 1.0,
        history: history(b, |m| net_of(&m.counts[0])),
    }
}

fn negative(b: &Builder<'_>, l: Locale) -> Measured {
    let analyses = b.analyses();
    let tone = &analyses.tones[0];
    let now = printed(tone.negative.as_ref());
    let before = printed(tone.previous_negative.as_ref());
    let delta = now.zip(before).map(|(now, before)| now.value - before.value);
    let part = |m: &Month| {
        let read = m.counts[0].read();
        (read > 0).then(|| 100.0 * m.counts[0].negative as f64 / read as f64)
    };
    Measured {
        label: "tile.negative",
        value: now.map(|e| shown::share(l, e.value)),
        detail: interval(b, l, now.and_then(|e| bounds(e, |v| shown::share(l, v)))),
        delta: delta.map(|d| (d, shown::share_change(l, d))),
        clear: now.zip(before).is_some_and(|(now, before)| disjoint(now, before)),
        direction: -1.0,
        history: history(b, part),
    }
}

fn disjoint(a: &Estimate, b: &Estimate) -> bool {
    let beyond = |a: &Estimate, b: &Estimate| a.lo.zip(b.hi).is_some_and(|(lo, hi)| lo > hi);
    beyond(a, b) || beyond(b, a)
}

fn authors(b: &Builder<'_>, l: Locale) -> Measured {
    let analyses = b.analyses();
    let now = analyses.volumes[0].authors;
    let before = analyses.tally.previous.as_ref().map(|p| p.authors[0]).filter(|n| *n > 0);
    let delta = before.map(|before| now as f64 / before as f64);
    Measured {
        label: "tile.authors",
        value: Some(number::count(l, now)),
        detail: None,
        delta: delta.map(|d| (d - 1.0, shown::relative(l, d))),
        clear: false,
        direction: 0.0,
        history: Vec::new(),
    }
}

fn tile(b: &Builder<'_>, index: usize, make: Make) -> Result<Tile, Error> {
    let measured = b.each(|l| make(b, l));
    let any = &measured[&b.input.project.editions[0]];
    let goodness = match &any.delta {
        Some((change, _)) if any.clear && change * any.direction > 0.0 => Goodness::Good,
        Some((change, _)) if any.clear && change * any.direction < 0.0 => Goodness::Bad,
        _ => Goodness::Neutral,
    };
    let dash = || "—".to_owned();
    let label = b.say(any.label, |_| vec![])?;
    let months = any.history.len() as u64;
    let alt = b.say("tile.sparkline", |l| {
        vec![("label", label[&l].clone()), ("n", number::count(l, months)), ("period", b.period(l))]
    })?;
    let drawn = any.history.iter().flatten().count() >= MIN_MONTHS;
    let sparkline = if drawn {
        let words = |l: Locale| (label[&l].clone(), alt[&l].clone());
        let chart = |l: Locale| Ok(sparkline(&measured[&l].history, goodness));
        b.draw(&format!("tile-{}", index + 1), Width::Points(SPARKLINE), words, chart)?.svg
    } else {
        b.same("")
    };
    Ok(Tile {
        value: b.each(|l| measured[&l].value.clone().unwrap_or_else(dash)),
        detail: b.each(|l| measured[&l].detail.clone().unwrap_or_default()),
        delta: b.each(|l| delta(b, l, &measured[&l])),
        goodness,
        sparkline,
        sparkline_alt: alt,
        label,
    })
}

fn delta(b: &Builder<'_>, l: Locale, measured: &Measured) -> String {
    let Some((change, shown)) = &measured.delta else { return String::new() };
    let glyph = if *change > 0.0 { "▲" } else { "▼" };
    let slots = [("glyph", glyph.to_owned()), ("delta", shown.clone()), ("versus", b.versus(l).unwrap_or_default())];
    b.say_in(l, "tile.delta", &slots).unwrap_or_default()
}

/// The curve, with the middle half of the earlier months as its band.
fn sparkline(values: &[Option<f64>], goodness: Goodness) -> Chart {
    let mut earlier: Vec<f64> = values[..values.len() - 1].iter().flatten().copied().collect();
    earlier.sort_by(f64::total_cmp);
    let quartile = |part: f64| earlier[((earlier.len() - 1) as f64 * part).round() as usize];
    let band = (earlier.len() >= 4).then(|| (quartile(0.25), quartile(0.75)));
    let ink = match goodness {
        Goodness::Good => Ink::Positive,
        Goodness::Bad => Ink::Negative,
        Goodness::Neutral => Ink::Entity(1),
    };
    Chart::Sparkline(Sparkline { values: values.to_vec(), band, ink })
}

/// What a hurried reader must know about the collection.
fn caution(b: &Builder<'_>) -> Result<Option<Text>, Error> {
    let broken = b.input.ledger.iter().filter(|line| !matches!(line.outcome, SourceOutcome::Complete));
    let broken: Vec<_> = broken.collect();
    let mut said: Option<Text> = None;
    if b.has_gap() {
        let gaps = |l| b.gaps_in(l).ok().flatten().unwrap_or_default();
        said = Some(b.text("essentials.caution.gap", |l| vec![("gaps", gaps(l))])?);
    }
    if !broken.is_empty() {
        let names = |l| broken.iter().map(|line| source_name(b, l, line)).collect::<Vec<String>>();
        let text = b.text("essentials.caution.source", |l| vec![("sources", number::and(l, &names(l)))])?;
        said = Some(match said {
            Some(first) => crate::sections::joined(first, spaced(text)),
            None => text,
        });
    }
    Ok(said)
}

fn spaced(mut text: Text) -> Text {
    for runs in text.values_mut() {
        runs.insert(0, vigie_report::text::Run::T { t: " ".to_owned() });
    }
    text
}
