//! Turns briefs into rows: writes the text, refuses near copies, gives ids, links, venues and engagement.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::address;
use crate::calendar::Clock;
use crate::dice::Dice;
use crate::market::{Entity, Lang, Platform, Tone, Topic};
use crate::params;
use crate::people::People;
use crate::row::{Author, Counts, Nature, Plant, Row};
use crate::similarity::Seen;
use crate::stock::Stock;
use crate::voice::{self, Brief, Written};

/// Local hours at which people write.
const HOURS: [f64; 24] = [
    1.2, 0.6, 0.4, 0.3, 0.3, 0.5, 1.4, 3.0, 4.2, 4.4, 4.2, 4.3, 5.0, 4.4, 4.0, 4.0, 4.3, 5.0, 5.4, 6.0, 6.2, 5.6, 4.0,
    2.4,
];

/// The writer of the whole world.
pub(crate) struct Scribe {
    pub(crate) stock: Stock,
    pub(crate) dice: Dice,
    pub(crate) people: People,
    pub(crate) clock: Clock,
    pub(crate) rows: Vec<Row>,
    seen: Seen,
    sides: BTreeMap<(Platform, String), [u32; 3]>,
}

impl Scribe {
    /// A scribe for a seed.
    pub(crate) fn new(seed: u64) -> Self {
        let stock = Stock::load();
        let mut dice = Dice::new(seed, 1);
        let people = People::new(&stock, &mut dice);
        Self {
            stock,
            dice,
            people,
            clock: Clock::default(),
            rows: Vec::new(),
            seen: Seen::default(),
            sides: BTreeMap::new(),
        }
    }

    /// French or English, as the market speaks.
    pub(crate) fn lang(&mut self) -> Lang {
        if self.dice.chance(params::FRENCH) { Lang::Fr } else { Lang::En }
    }

    /// A subject, by how often people raise it.
    pub(crate) fn topic(&mut self) -> Topic {
        Topic::ALL[self.dice.weighted(&[0.21, 0.18, 0.20, 0.11, 0.10, 0.07, 0.06, 0.07])]
    }

    /// A moment of a local day; never in the hour that the clocks repeat.
    pub(crate) fn moment(&mut self, day: Date) -> i64 {
        let hour = loop {
            let hour = self.dice.weighted(&HOURS);
            if hour != 1 && hour != 2 {
                break hour;
            }
        };
        self.moment_in(day, hour as i64)
    }

    /// A moment in one local hour.
    pub(crate) fn moment_in(&mut self, day: Date, hour: i64) -> i64 {
        let second = self.dice.between(0, 3599);
        self.clock.utc(day, hour * 3600 + second)
    }

    /// Writes one brand mention; near copies of earlier texts are written again.
    pub(crate) fn mention(&mut self, mut brief: Brief, at: i64, author: Option<Author>, plant: Option<Plant>) {
        let mut written = voice::write(brief, &self.stock, &mut self.dice);
        for attempt in 0..12 {
            if self.admit(&written) {
                break;
            }
            if attempt >= 6 && brief.family.is_none() {
                brief.topic = *self.dice.pick(&Topic::ALL);
            }
            written = voice::write(brief, &self.stock, &mut self.dice);
        }
        let author = match author {
            Some(author) => author,
            None => self.author(brief.platform, &written),
        };
        let topic = match brief.family {
            Some("esim") => Topic::Roaming,
            Some("hausse") => Topic::Price,
            Some(_) => Topic::Network,
            None => brief.topic,
        };
        self.push(Draft { brief, written, at, author, nature: Nature::Brand, topic: Some(topic), plant });
    }

    /// An author for an unplanted text. Who would become one-sided about Nordet by chance gives the word to a
    /// newcomer: the planted advocates and detractors are the only ones.
    fn author(&mut self, platform: Platform, written: &Written) -> Author {
        let mut author = self.people.draw(platform, &self.stock, &mut self.dice);
        let Some((_, tone)) = written.opinions.iter().find(|(e, _)| *e == Entity::Nordet) else { return author };
        loop {
            // Signatures in the press and in reviews repeat: a newcomer may share the name of somebody known.
            let sides = self.sides.entry((platform, author.id.clone())).or_default();
            let (side, all) = (sides[*tone as usize] + 1, sides.iter().sum::<u32>() + 1);
            if *tone == Tone::Neutral || side < 3 || f64::from(side) <= params::ONE_SIDED * f64::from(all) {
                sides[*tone as usize] += 1;
                return author;
            }
            author = self.people.newcomer(platform, &self.stock, &mut self.dice);
        }
    }

    /// Remembers a text; false when an earlier one is nearly the same.
    pub(crate) fn admit(&mut self, written: &Written) -> bool {
        self.seen.admit(&full_text(written))
    }

    /// Gives a written text its place in the world.
    pub(crate) fn push(&mut self, draft: Draft) {
        let Draft { brief, written, at, author, nature, topic, plant } = draft;
        let dice = &mut self.dice;
        let (native_id, url, mut venue) = address::of(brief, &author, at, dice);
        if brief.platform == Platform::Review && dice.chance(0.7) {
            self.stock.line("fr.place", dice).clone_into(&mut venue);
        }
        let stars = (brief.platform == Platform::Review).then(|| match brief.tone {
            Tone::Positive => 4 + u8::from(dice.chance(0.62)),
            Tone::Neutral => 3,
            Tone::Negative => 1 + u8::from(dice.chance(0.3)),
        });
        let mut text = written.text;
        let social = brief.platform.source() == crate::market::Source::Social;
        if social && nature == Nature::Brand {
            if dice.chance(0.025) {
                text = crate::noise::entities(&text);
            }
            if dice.chance(0.03) {
                text = format!("{text} {}", crate::filler::short_link(dice));
            }
        }
        let counts = counts(brief.platform, author.followers, dice);
        self.rows.push(Row {
            native_id,
            at,
            platform: brief.platform,
            lang: brief.lang,
            author,
            title: written.title,
            text,
            url,
            venue,
            stars,
            counts,
            nature,
            opinions: written.opinions,
            topic,
            wording: written.wording,
            plant,
            is_copy: false,
        });
    }
}

/// Everything known of a row before it has an address.
pub(crate) struct Draft {
    pub(crate) brief: Brief,
    pub(crate) written: Written,
    pub(crate) at: i64,
    pub(crate) author: Author,
    pub(crate) nature: Nature,
    pub(crate) topic: Option<Topic>,
    pub(crate) plant: Option<Plant>,
}

fn full_text(written: &Written) -> String {
    format!("{} {}", written.title.as_deref().unwrap_or(""), written.text)
}

/// A brief outside the ordinary topics.
pub(crate) fn plain_brief(platform: Platform, lang: Lang, brand: Entity) -> Brief {
    Brief { platform, lang, brand, tone: Tone::Neutral, topic: Topic::Network, family: None }
}

/// Engagement by platform; what the export does not know stays unknown.
fn counts(platform: Platform, followers: Option<u32>, dice: &mut Dice) -> Counts {
    let weight = f64::from(followers.unwrap_or(200)).sqrt() / 20.0 + 0.4;
    let known = |dice: &mut Dice, p: f64, scale: f64, cap: f64| dice.chance(p).then(|| dice.heavy(scale, cap));
    match platform {
        Platform::X => Counts {
            likes: known(dice, 0.97, weight, 4000.0),
            comments: known(dice, 0.97, weight / 4.0, 500.0),
            shares: known(dice, 0.97, weight / 6.0, 900.0),
            views: followers.filter(|_| dice.chance(0.7)).map(|f| f / 3 + dice.heavy(60.0, 60_000.0)),
        },
        Platform::Facebook => Counts {
            likes: known(dice, 0.9, 2.0, 3000.0),
            comments: known(dice, 0.9, 0.6, 600.0),
            shares: known(dice, 0.5, 0.2, 400.0),
            views: None,
        },
        Platform::Instagram | Platform::Youtube => {
            Counts { likes: known(dice, 0.85, 2.5, 5000.0), comments: None, shares: None, views: None }
        }
        Platform::Reddit | Platform::Forum => Counts {
            likes: known(dice, 0.95, 2.0, 2500.0),
            comments: known(dice, 1.0, 1.2, 400.0),
            shares: None,
            views: None,
        },
        _ => Counts::default(),
    }
}
