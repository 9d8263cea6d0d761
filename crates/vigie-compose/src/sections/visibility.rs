//! How much is the client talked about, and where?

use vigie_analysis::evidence::{Measure, Strength};
use vigie_analysis::volume::{PER_DAY, Volume};
use vigie_report::number;
use vigie_report::report::{Block, Section};
use vigie_report::text::{Text, Words};

use super::so_what;
use crate::Error;
use crate::builder::Builder;
use crate::figures::daily::peak;
use crate::figures::{Title, daily, platforms};
use crate::shown;

/// From this ratio on, the change is told as a multiplication.
const MULTIPLIED: f64 = 1.95;
/// From this share of the period on, one day is told apart.
const HEAVY_DAY: f64 = 10.0;

pub(crate) fn section(b: &mut Builder<'_>) -> Result<Section, Error> {
    register(b)?;
    let title = title(b)?;
    let lead = lead(b)?;
    let mut blocks = vec![Block::Figure { figure: Box::new(daily::daily(b)?) }];
    blocks.extend(super::peaks::table(b)?);
    blocks.extend(platforms::platforms(b)?.map(|f| Block::Figure { figure: Box::new(f) }));
    blocks.extend(so_what(boxes(b)?));
    super::section(b, "visibility", "visibility", title, lead, blocks)
}

fn register(b: &mut Builder<'_>) -> Result<(), Error> {
    let period = b.input.period.to_string();
    for v in &b.analyses().volumes {
        let Some(e) = &v.per_day else { continue };
        let key = format!("mentions_per_day.{}@{period}", b.analyses().names.entities[v.entity]);
        let interval = e.lo.map(|_| b.each(|l| shown::per_day_interval(l, e).unwrap_or_default()));
        let words = b.each(|l| shown::per_day(l, e.value));
        b.quantities.register(key, PER_DAY, "per_day", e, words, interval)?;
    }
    Ok(())
}

fn client<'a>(b: &Builder<'a>) -> &'a Volume {
    &b.analyses().volumes[0]
}

fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let volume = client(b);
    let strength = b.analyses().evidence.strength(Measure::Volume, 0, volume.change.as_ref());
    let slots = |ratio: f64| {
        move |l| {
            vec![
                ("of_client", b.of(l, 0)),
                ("ratio", number::decimal(l, ratio, 1)),
                ("percent", shown::relative(l, ratio)),
                ("period", b.period(l)),
            ]
        }
    };
    let (id, key, ratio) = match &volume.change {
        Some(c) if strength > Strength::None && c.value >= MULTIPLIED => {
            ("volume.multiplied", "visibility.title.up", c.value)
        }
        Some(c) if strength > Strength::None && c.value > 1.0 => ("volume.up", "visibility.title.more", c.value),
        Some(c) if strength > Strength::None => ("volume.down", "visibility.title.down", c.value),
        Some(c) if c.is_displayable() && c.lo.is_some() => ("volume.stable", "visibility.title.stable", c.value),
        _ => ("neutral", "visibility.title.neutral", 1.0),
    };
    Ok(Title { id, words: b.say(key, slots(ratio))? })
}

fn lead(b: &Builder<'_>) -> Result<Text, Error> {
    let volume = client(b);
    let base = b.text("visibility.lead", |l| {
        let interval = volume.per_day.as_ref().and_then(|e| {
            let decimals = u8::from(e.value < 100.0);
            let slots = [("lo", number::decimal(l, e.lo?, decimals)), ("hi", number::decimal(l, e.hi?, decimals))];
            b.say_in(l, "visibility.lead.interval", &slots).ok()
        });
        let change = volume.previous.as_ref().and_then(|p| {
            let slots = [("before", shown::per_day(l, p.value)), ("in_previous", b.in_previous(l, false).ok()?)];
            b.say_in(l, "visibility.lead.change", &slots).ok()
        });
        vec![
            ("client", b.client().to_owned()),
            ("n", b.count_in(l, "count.mentions", volume.counts.n).unwrap_or_default()),
            ("authors", b.count_in(l, "count.authors", volume.authors).unwrap_or_default()),
            ("per_day", volume.per_day.as_ref().map_or_else(|| "—".to_owned(), |e| shown::per_day(l, e.value))),
            ("interval", interval.unwrap_or_default()),
            ("change", change.unwrap_or_default()),
        ]
    })?;
    if volume.counts.copies == 0 {
        return Ok(base);
    }
    let copies = b.text("visibility.lead.copies", |l| {
        vec![("copies", b.count_in(l, "count.copies", volume.counts.copies).unwrap_or_default())]
    })?;
    Ok(joined(base, copies))
}

/// One paragraph out of two.
pub(crate) fn joined(mut first: Text, second: Text) -> Text {
    for (l, runs) in second {
        first.entry(l).or_default().extend(runs);
    }
    first
}

fn boxes(b: &Builder<'_>) -> Result<Vec<(Words, Text)>, Error> {
    let mut boxes = Vec::new();
    if let Some(means) = means(b)? {
        boxes.push((b.say("sowhat.means", |_| vec![])?, means));
    }
    let analyses = b.analyses();
    let several = analyses.platforms.len() > 1;
    let first = analyses.platforms.first().filter(|_| several).and_then(|p| Some((p.platform, p.share.as_ref()?)));
    if let Some((platform, share)) = first.filter(|(_, s)| s.is_displayable()) {
        let watch = b.text("sowhat.visibility.platform", |l| {
            vec![("platform", b.platform(l, platform)), ("share", shown::share(l, share.value))]
        })?;
        boxes.push((b.say("sowhat.watch", |_| vec![])?, watch));
    }
    Ok(boxes)
}

fn means(b: &Builder<'_>) -> Result<Option<Text>, Error> {
    let analyses = b.analyses();
    let volume = client(b);
    let louder = analyses.evidence.strength(Measure::Volume, 0, volume.change.as_ref()) > Strength::None
        && volume.change.as_ref().is_some_and(|c| c.value > 1.0);
    let tone = &analyses.tones[0];
    let worse = analyses.evidence.strength(Measure::NetSentiment, 0, tone.change.as_ref()) > Strength::None;
    if let Some(change) = tone.change.as_ref().filter(|c| louder && worse && c.value < 0.0) {
        let text = b.text("sowhat.visibility.exposed", |l| vec![("net_delta", shown::size(l, change.value, 0))])?;
        return Ok(Some(text));
    }
    let total: u64 = volume.daily.iter().flatten().sum();
    let days = volume.daily.iter().flatten().count() as u64;
    let Some((day, n)) = peak(&volume.daily).filter(|_| total >= 30 && days > 2) else { return Ok(None) };
    let share = 100.0 * n as f64 / total as f64;
    let key = if share >= HEAVY_DAY { "sowhat.visibility.peakday" } else { "sowhat.visibility.spread" };
    let without = (total - n) as f64 / (days - 1) as f64;
    let text = b.text(key, |l| {
        vec![
            ("day", number::date_short(l, b.day(day))),
            ("share", shown::share(l, share)),
            ("without", shown::per_day(l, without)),
        ]
    })?;
    Ok(Some(text))
}
