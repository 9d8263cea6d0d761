//! Composes the text of one mention: which fragments, in which order, joined in which register.
//! The fragments are in the stock; the slips of the fingers in `noise`.

use crate::dice::Dice;
use crate::filler::{Filler, Spelling};
use crate::market::{Entity, Lang, Platform, Tone, Topic};
use crate::noise;
use crate::params;
use crate::row::Wording;
use crate::stock::Stock;

/// What a mention must say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Brief {
    /// Where.
    pub(crate) platform: Platform,
    /// Language.
    pub(crate) lang: Lang,
    /// About whom.
    pub(crate) brand: Entity,
    /// Opinion.
    pub(crate) tone: Tone,
    /// About what.
    pub(crate) topic: Topic,
    /// Family of a planted story, instead of the topic's.
    pub(crate) family: Option<&'static str>,
}

/// What was written.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// Title, on platforms that have one.
    pub(crate) title: Option<String>,
    /// Text.
    pub(crate) text: String,
    /// Brands named, with the opinion about each.
    pub(crate) opinions: Vec<(Entity, Tone)>,
    /// Wording of a polar opinion.
    pub(crate) wording: Option<Wording>,
}

/// Writes one mention.
pub(crate) fn write(brief: Brief, stock: &Stock, dice: &mut Dice) -> Written {
    let spelling = match brief.platform {
        Platform::News | Platform::Blog => Spelling::Press,
        Platform::X | Platform::Instagram | Platform::Facebook => Spelling::Social,
        _ => Spelling::Casual,
    };
    let mut filler = Filler::new(stock, brief.lang, brief.brand, spelling, dice);
    if spelling == Spelling::Press {
        return article(brief, &mut filler, dice);
    }
    let compares = brief.family.is_none() && dice.chance(params::COMPARISONS) && brief.tone != Tone::Negative;
    if compares {
        return comparison(brief, &mut filler, dice);
    }
    let ironic = brief.tone == Tone::Negative
        && brief.platform != Platform::Review
        && brief.family.is_none_or(|family| family == "crise")
        && dice.chance(params::IRONIC * 1.1);
    let text = body(brief, ironic, &mut filler, dice);
    let title = title(brief, ironic, &mut filler, dice);
    let text = assure_brand(text, title.as_deref(), brief, &mut filler, dice);
    let wording = (brief.tone != Tone::Neutral).then_some(if ironic { Wording::Ironic } else { Wording::Plain });
    Written { title, text, opinions: opinions(brief, &filler), wording }
}

/// The brand spoken of carries the tone; other brands named in passing carry none.
fn opinions(brief: Brief, filler: &Filler<'_>) -> Vec<(Entity, Tone)> {
    let mut all = vec![(brief.brand, brief.tone)];
    all.extend(filler.used.iter().filter(|e| **e != brief.brand).map(|e| (*e, Tone::Neutral)));
    all
}

/// Key of a sentence on the subject.
fn core_key(brief: Brief, topic: Topic, ironic: bool) -> String {
    let tone = if ironic { "iro" } else { brief.tone.key() };
    format!("{}.{tone}", brief.family.unwrap_or(topic.id()))
}

fn body(brief: Brief, ironic: bool, filler: &mut Filler<'_>, dice: &mut Dice) -> String {
    let long = matches!(brief.platform, Platform::Reddit | Platform::Forum);
    let polar = brief.tone != Tone::Neutral;
    let mut parts: Vec<String> = Vec::new();
    let mut opener = String::new();
    if dice.chance(if long { 0.5 } else { 0.42 }) {
        let tone = if ironic { Tone::Neutral } else { brief.tone };
        opener = filler.say(&format!("open.{}", tone.key()), dice);
    }
    if long {
        for _ in 0..=dice.below(3) {
            let context = filler.say("context", dice);
            add(&mut parts, context);
        }
    }
    if brief.platform == Platform::Review && brief.tone == Tone::Neutral {
        parts.push(filler.say("mixte", dice));
    } else {
        parts.push(filler.say(&core_key(brief, brief.topic, ironic), dice));
    }
    let extra = match brief.platform {
        Platform::Reddit | Platform::Forum => 0.75,
        Platform::Review => 0.6,
        Platform::Facebook => 0.3,
        _ => 0.1,
    };
    if dice.chance(extra) {
        let topic = if brief.family.is_some() { brief.topic } else { *dice.pick(&Topic::ALL) };
        let more = filler.say(&core_key(brief, topic, ironic), dice);
        add(&mut parts, more);
    }
    if polar && !ironic && dice.chance(if long { 0.85 } else { 0.5 }) {
        parts.push(filler.say(&format!("feel.{}", brief.tone.key()), dice));
    }
    if dice.chance(if long { 0.8 } else { 0.18 }) {
        let context = filler.say("context", dice);
        add(&mut parts, context);
    }
    if dice.chance(0.36) && !ironic {
        parts.push(filler.say(&format!("close.{}", brief.tone.key()), dice));
    }
    join(&opener, &parts, brief, dice)
}

/// Adds a sentence unless one that starts alike is there: nobody says the same thing twice in a row.
fn add(parts: &mut Vec<String>, sentence: String) {
    let start = |text: &str| text.chars().take(12).collect::<String>();
    if parts.iter().all(|part| start(part) != start(&sentence)) {
        parts.push(sentence);
    }
}

/// Joins the parts in the register of one writer, then lets the fingers slip.
fn join(opener: &str, parts: &[String], brief: Brief, dice: &mut Dice) -> String {
    let long = matches!(brief.platform, Platform::Reddit | Platform::Forum);
    let careful = dice.chance(if long || brief.platform == Platform::Review { 0.6 } else { 0.42 });
    let mut separators = vec![". ", ". ", ", ", "... ", " ", ".\n", "\n"];
    if careful {
        separators = vec![". ", ". ", ". ", if long { ".\n\n" } else { "! " }];
    }
    let mut separator = *dice.pick(&separators);
    let mut out = opener.to_owned();
    for part in parts.iter().filter(|p| !p.is_empty()) {
        if out.is_empty() {
            out.clone_from(part);
        } else if out == opener {
            out = format!("{out} {part}");
        } else {
            if long && dice.chance(0.4) {
                separator = *dice.pick(&separators);
            }
            let ends = out.ends_with(['.', '!', '?', ':', '…', '😡', '👏']);
            let glue = if ends { if separator.contains('\n') { "\n" } else { " " } } else { separator };
            out = format!("{out}{glue}{part}");
        }
    }
    let mut out = if careful { sentences(&out) } else { out };
    if careful && !out.ends_with(['.', '!', '?', '…']) && out.chars().last().is_some_and(char::is_alphanumeric) {
        out.push(if brief.tone != Tone::Neutral && dice.chance(0.3) { '!' } else { '.' });
    }
    if brief.tone == Tone::Negative && dice.chance(0.03) {
        out = out.to_uppercase();
    }
    if dice.chance(0.5) { noise::hurry(&out, brief.lang, dice) } else { out }
}

/// Capital letter after each full stop.
fn sentences(text: &str) -> String {
    let mut up = true;
    text.chars()
        .map(|c| {
            let out = if up && c.is_alphabetic() { c.to_uppercase().next().unwrap_or(c) } else { c };
            up = if c.is_whitespace() { up } else { matches!(c, '.' | '!' | '?') };
            out
        })
        .collect()
}

fn title(brief: Brief, ironic: bool, filler: &mut Filler<'_>, dice: &mut Dice) -> Option<String> {
    match brief.platform {
        Platform::Review if dice.chance(0.15) => None,
        Platform::Reddit if dice.chance(0.55) => None,
        Platform::Review | Platform::Reddit | Platform::Forum => {
            let tone = if ironic { Tone::Neutral } else { brief.tone };
            Some(filler.say(&format!("title.{}", tone.key()), dice))
        }
        _ => None,
    }
}

/// The brand must be named somewhere, in a spelling the queries know.
fn assure_brand(text: String, title: Option<&str>, brief: Brief, filler: &mut Filler<'_>, dice: &mut Dice) -> String {
    let plain = brief.platform == Platform::Reddit || brief.platform == Platform::Forum;
    if filler.used.contains(&brief.brand) && (title.is_none() || !plain || dice.chance(0.9)) {
        if brief.platform == Platform::X && dice.chance(0.12) {
            return format!("@{} {text}", brief.brand.handle());
        }
        if brief.platform == Platform::Instagram && dice.chance(0.4) {
            return format!("{text} #{}", dice.pick(brief.brand.tags()));
        }
        return text;
    }
    let spelled = filler.spell(brief.brand, dice);
    match dice.below(3) {
        0 => format!("{spelled}: {text}"),
        1 => format!("{text} ({spelled})"),
        _ => format!("{text} - {spelled}"),
    }
}

/// Two brands in one text: one gains what the other loses, or both are weighed.
fn comparison(brief: Brief, filler: &mut Filler<'_>, dice: &mut Dice) -> Written {
    let gains = brief.tone == Tone::Positive;
    let core = filler.say(if gains { "cmp.quitte" } else { "cmp.neutre" }, dice);
    let mut parts = vec![core];
    if dice.chance(0.5) {
        parts.push(filler.say("context", dice));
    }
    if dice.chance(0.4) {
        parts.push(filler.say(if gains { "close.pos" } else { "close.neu" }, dice));
    }
    let text = join("", &parts, brief, dice);
    let title = title(brief, false, filler, dice);
    let mut opinions = opinions(brief, filler);
    if gains {
        for (entity, tone) in &mut opinions {
            if *entity == filler.other {
                *tone = Tone::Negative;
            }
        }
    }
    Written { title, text, opinions, wording: gains.then_some(Wording::Plain) }
}

/// Headline and lead of a press article or a blog post.
fn article(brief: Brief, filler: &mut Filler<'_>, dice: &mut Dice) -> Written {
    let (title_key, lead_key) = match brief.family {
        Some("crise") => ("press.crise.title".to_owned(), "press.crise.lead".to_owned()),
        _ => (format!("press.title.{}", brief.tone.key()), format!("press.lead.{}", brief.tone.key())),
    };
    let mut title = filler.say_other(&title_key, dice);
    let mut leads = vec![filler.say_other(&lead_key, dice)];
    if let Some(family) = brief.family.filter(|f| *f != "crise") {
        let said = filler.say(&format!("{family}.{}", brief.tone.key()), dice);
        title = sentences(&said);
    }
    for _ in 0..=dice.below(2) {
        let key = if dice.chance(0.6) { "press.lead.neu" } else { &lead_key };
        let lead = filler.say_other(key, dice);
        if !leads.contains(&lead) {
            leads.push(lead);
        }
    }
    let long = brief.brand.long_name();
    if !filler.used.contains(&brief.brand) {
        title = format!("{title} ({long})");
    }
    let wording = (brief.tone != Tone::Neutral).then_some(Wording::Plain);
    let text = leads.join(" ");
    let text = if brief.platform == Platform::Blog { sentences(&text) } else { text };
    Written { title: Some(title), text, opinions: opinions(brief, filler), wording }
}
