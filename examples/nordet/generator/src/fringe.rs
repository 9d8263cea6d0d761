//! What surrounds opinion: homonyms, spam, the brands' own posts, and the planted advocates and detractors.

use crate::calendar;
use crate::dice::Dice;
use crate::filler::{Filler, Spelling};
use crate::market::{Entity, Lang, Platform, Tone};
use crate::params;
use crate::people;
use crate::row::{Author, Nature, Plant};
use crate::scribe::{self, Draft, Scribe};
use crate::voice::{Brief, Written};

/// Share of the homonyms by brand: the wind blows most.
const HOMONYM_WEIGHTS: [f64; 5] = [0.46, 0.08, 0.14, 0.14, 0.18];

/// Talk about a wind, a song, a cereal, a spa, a mare.
pub(crate) fn homonyms(scribe: &mut Scribe) {
    for index in 0..calendar::DAYS {
        for _ in 0..scribe.dice.count(params::HOMONYMS_PER_DAY) {
            let entity = Entity::ALL[scribe.dice.weighted(&HOMONYM_WEIGHTS)];
            let weights = [0.42, 0.24, 0.12, 0.04, 0.10, 0.02, 0.0, 0.04, 0.02];
            let platform = Platform::ALL[scribe.dice.weighted(&weights)];
            let lang = if scribe.dice.chance(0.7) { Lang::Fr } else { Lang::En };
            homonym(scribe, entity, platform, lang, index);
        }
    }
}

fn homonym(scribe: &mut Scribe, entity: Entity, platform: Platform, lang: Lang, index: i32) {
    let mut written = homonym_text(scribe, entity, platform, lang);
    for _ in 0..10 {
        if scribe.admit(&written) {
            break;
        }
        written = homonym_text(scribe, entity, platform, lang);
    }
    let brief = scribe::plain_brief(platform, lang, entity);
    fringe(scribe, brief, written, index, None, Nature::Homonym);
}

fn homonym_text(scribe: &mut Scribe, entity: Entity, platform: Platform, lang: Lang) -> Written {
    let (stock, dice) = (&scribe.stock, &mut scribe.dice);
    let mut filler = Filler::new(stock, lang, entity, Spelling::Press, dice);
    let key = format!("hom.{}", entity.id());
    let mut text = filler.say_other(&key, dice);
    if dice.chance(0.6) {
        text = format!("{} {text}", filler.say_other("hom.open", dice));
    }
    if matches!(platform, Platform::Reddit | Platform::Facebook) && dice.chance(0.5) {
        text = format!("{text}. {}", filler.say_other(&key, dice));
    }
    if dice.chance(0.7) {
        text = format!("{text}, {}", filler.say_other("hom.tail", dice));
    }
    if dice.chance(0.3) {
        text = crate::noise::without_accents(&text).to_lowercase();
    }
    let has_title = matches!(platform, Platform::News | Platform::Blog | Platform::Forum);
    let title = has_title.then(|| filler.say_other(&key, dice));
    // The press writes in Windows-1252, which has no emoji.
    let text = if has_title { text.replace(['😊', '🙂', '👌', '📷'], "") } else { text };
    Written { title, text, opinions: vec![(entity, Tone::Neutral)], wording: None }
}

/// Giveaways, crypto, stuffed hashtags, from throw-away accounts.
pub(crate) fn spam(scribe: &mut Scribe) {
    let senders: Vec<Author> =
        (0..40).map(|_| scribe.people.newcomer(Platform::X, &scribe.stock, &mut scribe.dice)).collect();
    for index in 0..calendar::DAYS {
        for _ in 0..scribe.dice.count(params::SPAM_PER_DAY) {
            let platform = if scribe.dice.chance(0.75) { Platform::X } else { Platform::Instagram };
            let lang = scribe.lang();
            let dice = &mut scribe.dice;
            let brand = Entity::ALL[dice.weighted(&Entity::ALL.map(|e| params::of(e).weight))];
            let mut filler = Filler::new(&scribe.stock, lang, brand, Spelling::Social, dice);
            let text = filler.say_other("spam", dice);
            let opinions = filler.used.iter().map(|e| (*e, Tone::Neutral)).collect();
            let sender = dice.pick(&senders).clone();
            let brief = scribe::plain_brief(platform, lang, brand);
            let written = Written { title: None, text, opinions, wording: None };
            fringe(scribe, brief, written, index, Some(sender), Nature::Spam);
        }
    }
}

/// The brands speak from their own accounts; Nordet more during its outage.
pub(crate) fn own(scribe: &mut Scribe) {
    let statement = calendar::index_of(params::CRISIS_START) + 1;
    for index in 0..calendar::DAYS {
        for _ in 0..scribe.dice.count(params::OWN_PER_DAY) {
            let entity = Entity::ALL[scribe.dice.weighted(&[0.3, 0.3, 0.16, 0.13, 0.11])];
            let silent = entity == Entity::Nordet && (statement - 1..=statement).contains(&index);
            if !silent {
                own_post(scribe, entity, index, "own", None);
            }
        }
        if (statement..statement + 5).contains(&index) {
            for _ in 0..6 {
                let hour = scribe.dice.between(if index == statement { params::STATEMENT_HOUR + 1 } else { 8 }, 21);
                own_post(scribe, Entity::Nordet, index, "own.crise", Some(hour));
            }
        }
        if index == statement {
            own_post(scribe, Entity::Nordet, index, "own.crise", Some(params::STATEMENT_HOUR));
        }
    }
}

fn own_post(scribe: &mut Scribe, entity: Entity, index: i32, key: &str, hour: Option<i64>) {
    let platform = if scribe.dice.chance(0.6) { Platform::X } else { Platform::Facebook };
    let lang = scribe.lang();
    let mut filler = Filler::new(&scribe.stock, lang, entity, Spelling::Press, &mut scribe.dice);
    let text = filler.say_other(key, &mut scribe.dice);
    let brief = scribe::plain_brief(platform, lang, entity);
    let written = Written { title: None, text, opinions: vec![(entity, Tone::Neutral)], wording: None };
    let author = people::own_account(entity);
    let at = match hour {
        Some(params::STATEMENT_HOUR) => scribe.clock.utc(calendar::day(index), params::STATEMENT_HOUR * 3600),
        Some(hour) => scribe.moment_in(calendar::day(index), hour),
        None => scribe.moment(calendar::day(index)),
    };
    scribe.push(Draft { brief, written, at, author, nature: Nature::Own, topic: None, plant: None });
}

fn fringe(scribe: &mut Scribe, brief: Brief, written: Written, index: i32, author: Option<Author>, nature: Nature) {
    let at = scribe.moment(calendar::day(index));
    let author = match author {
        Some(author) => author,
        None => scribe.people.newcomer(brief.platform, &scribe.stock, &mut scribe.dice),
    };
    scribe.push(Draft { brief, written, at, author, nature, topic: None, plant: None });
}

/// A planted advocate or detractor.
#[derive(Debug, Clone)]
pub struct Fan {
    /// Where this person writes.
    pub platform: Platform,
    /// The person.
    pub author: Author,
    /// [`Plant::Advocate`] or [`Plant::Detractor`].
    pub side: Plant,
}

/// Ten people who love Nordet and ten who do not, each writing in many weeks.
pub(crate) fn fans(scribe: &mut Scribe) -> Vec<Fan> {
    let mut all = Vec::new();
    for (side, polar) in [(Plant::Advocate, Tone::Positive), (Plant::Detractor, Tone::Negative)] {
        for rank in 0..params::FANS {
            let platform = [Platform::X, Platform::Reddit, Platform::X, Platform::Facebook, Platform::Forum][rank % 5];
            let author = scribe.people.newcomer(platform, &scribe.stock, &mut scribe.dice);
            let lang = if rank % 5 < 3 { Lang::Fr } else { Lang::En };
            let posts = scribe.dice.between(params::FAN_WEEKS.0, params::FAN_WEEKS.1);
            for index in distinct_weeks(posts as usize, &mut scribe.dice) {
                let tone = if scribe.dice.chance(params::FAN_POLAR) { polar } else { Tone::Neutral };
                let topic = scribe.topic();
                let brief = Brief { platform, lang, brand: Entity::Nordet, tone, topic, family: None };
                let at = scribe.moment(calendar::day(index));
                scribe.mention(brief, at, Some(author.clone()), Some(side));
            }
            all.push(Fan { platform, author, side });
        }
    }
    all
}

/// One day in each of `count` distinct weeks.
fn distinct_weeks(count: usize, dice: &mut Dice) -> Vec<i32> {
    let mut weeks: Vec<i32> = (0..calendar::DAYS / 7).collect();
    (0..count.min(weeks.len()))
        .map(|_| {
            let week = weeks.remove(dice.below(weeks.len()));
            week * 7 + dice.below(7) as i32
        })
        .collect()
}
