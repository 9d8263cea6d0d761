//! The truth as tests want it: realised counts per month and brand, planted items, and the truth of each row.
//! Counted from the rows themselves, never from the parameters.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::{self, Clock};
use crate::market::{Entity, Lang, Source, Tone};
use crate::params;
use crate::row::{Nature, Plant, Row, Wording};
use crate::world::World;

/// Realised counts of one brand in one month of local time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BrandMonth {
    /// Mentions that count: brand talk, each story once, without own posts, homonyms and spam.
    pub mentions: u64,
    /// Favourable among them.
    pub positive: u64,
    /// Without opinion.
    pub neutral: u64,
    /// Unfavourable.
    pub negative: u64,
    /// French among them.
    pub french: u64,
    /// `mentions` plus the copies of the wire story.
    pub with_copies: u64,
    /// `mentions` plus spam that names the brand.
    pub with_spam: u64,
    /// `mentions` plus posts of any brand's own accounts that name the brand.
    pub with_own: u64,
    /// Homonyms that a naive search would add.
    pub homonyms: u64,
    /// Everything a naive search counts: copies, spam, own posts, homonyms.
    pub naive: u64,
    /// Mentions that existed but were not collected during the silence of `forums`.
    pub lost: u64,
}

impl BrandMonth {
    /// Net tone in points; `None` without mentions.
    pub fn net(&self) -> Option<f64> {
        let net = self.positive as f64 - self.negative as f64;
        (self.mentions > 0).then(|| 100.0 * net / self.mentions as f64)
    }
}

/// The truth of one row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowTruth {
    /// Why the row exists.
    pub nature: Nature,
    /// Brands named and the opinion about each.
    pub opinions: Vec<(Entity, Tone)>,
    /// Language.
    pub lang: Lang,
    /// Topic id; `None` outside brand talk.
    pub topic: Option<&'static str>,
    /// Wording of a polar opinion.
    pub wording: Option<Wording>,
    /// Planted story.
    pub plant: Option<Plant>,
    /// A copy of an earlier row.
    pub is_copy: bool,
    /// Local month, `2026-10`.
    pub month: String,
}

/// Something that the analyses must find.
#[derive(Debug, Clone, PartialEq)]
pub struct Planted {
    /// Which story.
    pub id: &'static str,
    /// Brand concerned; `None` for a collection fault.
    pub entity: Option<Entity>,
    /// First and last local day, ISO.
    pub days: (String, String),
    /// Rows that carry it.
    pub rows: u64,
    /// Distinct authors among them.
    pub authors: u64,
    /// Distinct sources among them.
    pub sources: u64,
}

/// All that is known of a world.
#[derive(Debug, Clone)]
pub struct Oracle {
    /// Counts by month and brand.
    pub months: BTreeMap<(String, Entity), BrandMonth>,
    /// Truth by source id and native id.
    pub rows: BTreeMap<(&'static str, String), RowTruth>,
    /// Planted stories.
    pub planted: Vec<Planted>,
    /// Distinct authors of the files, by platform and id.
    pub authors: u64,
    /// Rows in each file, repeated rows included, by source id.
    pub file_rows: BTreeMap<&'static str, u64>,
}

impl Oracle {
    /// Counts a world.
    pub fn new(world: &World) -> Self {
        let clock = Clock::default();
        let mut file_rows: BTreeMap<&'static str, u64> = BTreeMap::new();
        for row in &world.rows {
            *file_rows.entry(row.source().id()).or_default() += 1;
        }
        *file_rows.entry(Source::Social.id()).or_default() += world.repeated.len() as u64;
        let authors: BTreeSet<_> = world.rows.iter().map(|row| (row.platform, &row.author.id)).collect();
        Self {
            months: months(world, &clock),
            rows: world.rows.iter().map(|row| row_truth(row, &clock)).collect(),
            planted: planted(world, &clock),
            authors: authors.len() as u64,
            file_rows,
        }
    }

    /// Share of voice of a brand in a month, in percent of the five brands, by a count of [`BrandMonth`].
    /// `None` when nothing was counted.
    pub fn share(&self, month: &str, entity: Entity, count: fn(&BrandMonth) -> u64) -> Option<f64> {
        let of = |e: Entity| self.months.get(&(month.to_owned(), e)).map_or(0, count);
        let total: u64 = Entity::ALL.into_iter().map(of).sum();
        (total > 0).then(|| 100.0 * of(entity) as f64 / total as f64)
    }
}

fn months(world: &World, clock: &Clock) -> BTreeMap<(String, Entity), BrandMonth> {
    let mut months = BTreeMap::new();
    for month in calendar::months() {
        for entity in Entity::ALL {
            months.insert((month.clone(), entity), BrandMonth::default());
        }
    }
    for row in &world.rows {
        for (entity, tone) in &row.opinions {
            let key = (calendar::month(clock.local(row.at).date()), *entity);
            tally(months.entry(key).or_default(), row, *tone);
        }
    }
    for row in world.lost.iter().filter(|row| row.is_clean()) {
        for (entity, _) in &row.opinions {
            let key = (calendar::month(clock.local(row.at).date()), *entity);
            months.entry(key).or_default().lost += 1;
        }
    }
    months
}

fn tally(cell: &mut BrandMonth, row: &Row, tone: Tone) {
    cell.naive += 1;
    let clean = u64::from(row.is_clean());
    cell.mentions += clean;
    cell.french += clean * u64::from(row.lang == Lang::Fr);
    cell.positive += clean * u64::from(tone == Tone::Positive);
    cell.neutral += clean * u64::from(tone == Tone::Neutral);
    cell.negative += clean * u64::from(tone == Tone::Negative);
    cell.with_copies += u64::from(row.nature == Nature::Brand);
    cell.with_spam += clean + u64::from(row.nature == Nature::Spam);
    cell.with_own += clean + u64::from(row.nature == Nature::Own);
    cell.homonyms += u64::from(row.nature == Nature::Homonym);
}

fn row_truth(row: &Row, clock: &Clock) -> ((&'static str, String), RowTruth) {
    let truth = RowTruth {
        nature: row.nature,
        opinions: row.opinions.clone(),
        lang: row.lang,
        topic: row.topic.map(crate::market::Topic::id),
        wording: row.wording,
        plant: row.plant,
        is_copy: row.is_copy,
        month: calendar::month(clock.local(row.at).date()),
    };
    ((row.source().id(), row.native_id.clone()), truth)
}

fn planted(world: &World, clock: &Clock) -> Vec<Planted> {
    let stories = [
        (Plant::Crisis, Entity::Nordet),
        (Plant::Wire, Entity::Telvia),
        (Plant::Esim, Entity::Nordet),
        (Plant::Launch, Entity::Ondea),
        (Plant::PriceRise, Entity::Telvia),
        (Plant::Advocate, Entity::Nordet),
        (Plant::Detractor, Entity::Nordet),
    ];
    let mut all: Vec<Planted> = stories
        .into_iter()
        .map(|(plant, entity)| {
            let rows: Vec<&Row> = world.rows.iter().filter(|row| row.plant == Some(plant)).collect();
            summary(plant.id(), Some(entity), &rows, clock)
        })
        .collect();
    let lost: Vec<&Row> = world.lost.iter().collect();
    let mut silence = summary("silence", None, &lost, clock);
    silence.days = (params::SILENCE_START.to_string(), params::SILENCE_END.to_string());
    all.push(silence);
    all
}

fn summary(id: &'static str, entity: Option<Entity>, rows: &[&Row], clock: &Clock) -> Planted {
    let day = |row: Option<&&Row>| row.map_or(String::new(), |row| clock.local(row.at).date().to_string());
    let authors: BTreeSet<_> = rows.iter().map(|row| (row.platform, &row.author.id)).collect();
    let sources: BTreeSet<_> = rows.iter().map(|row| row.source()).collect();
    Planted {
        id,
        entity,
        days: (day(rows.first()), day(rows.last())),
        rows: rows.len() as u64,
        authors: authors.len() as u64,
        sources: sources.len() as u64,
    }
}
