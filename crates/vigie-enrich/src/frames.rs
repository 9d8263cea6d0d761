//! The readings as the frames the analyses start from.

use std::collections::BTreeSet;

use polars::prelude::*;
use vigie_model::frame::{
    AUTHOR, CLUSTER, COUNTED, DAY, ENTITY, GROUP, HITS, NOISE, Names, OWN, PLATFORM, SOURCE, STORM, TONE, TermUse,
    UNREAD,
};
use xxhash_rust::xxh3::xxh3_64;

use crate::Error;
use crate::mentions::Mentions;
use crate::reading::{Counting, RowReading, Settings, UNKNOWN};
use crate::stories::Stories;
use crate::terms::{self, RowUse, Window};

/// Everything read, ready to be counted.
pub struct Enriched {
    /// One row per mention (shape of [`vigie_model::frame`]).
    pub readings: DataFrame,
    /// One row per mention and entity it is about, own accounts left out.
    pub hits: DataFrame,
    /// What the indexes stand for.
    pub names: Names,
    /// Terms used about the client in the period.
    pub terms_now: Vec<TermUse>,
    /// Terms used about the client before.
    pub terms_before: Vec<TermUse>,
    /// Words of each term.
    pub surfaces: Vec<String>,
    /// Why readings could not be kept for the next report, if they could not.
    pub unkept: Option<std::io::Error>,
}

/// Where a row stands among voices.
struct Standing {
    cluster: u64,
    group: u32,
    author: Option<u64>,
    counted: bool,
}

pub(crate) fn build(
    mentions: &Mentions,
    mut readings: Vec<RowReading>,
    settings: &Settings<'_>,
    window: &Window,
) -> Result<Enriched, Error> {
    let stories = Stories::find(mentions, &readings);
    let storms = stories.storms(mentions, &readings);
    let platforms: BTreeSet<&str> = (0..mentions.rows).map(|r| mentions.get(r).platform).collect();
    let names = Names {
        entities: settings.entities.clone(),
        sources: settings.sources.clone(),
        platforms: platforms.into_iter().map(str::to_owned).collect(),
    };
    let standings: Vec<Standing> =
        (0..readings.len()).map(|row| standing(mentions, &readings[row], &stories, row, settings.counting)).collect();
    let platform = |row: usize| index(&names.platforms, mentions.get(row).platform);
    let met = readings.iter_mut().flat_map(|r| std::mem::take(&mut r.terms)).collect();
    let uses = terms::uses(mentions, met, window, |row| {
        let (reading, standing) = (&readings[row as usize], &standings[row as usize]);
        RowUse {
            day: reading.day,
            voice: standing.author.unwrap_or(standing.cluster),
            platform: platform(row as usize),
            tone: reading.hits.first().map_or(UNKNOWN, |h| h.1),
            counted: standing.counted,
        }
    });
    Ok(Enriched {
        readings: readings_frame(mentions, &readings, &standings, &names, storms)?,
        hits: hits_frame(mentions, &readings, &standings, &names)?,
        names,
        terms_now: uses.now,
        terms_before: uses.before,
        surfaces: uses.surfaces,
        unkept: None,
    })
}

/// Whether each row is counted.
pub(crate) fn counted(mentions: &Mentions, readings: &[RowReading], counting: Counting) -> Vec<bool> {
    let stories = Stories::find(mentions, readings);
    (0..readings.len()).map(|row| standing(mentions, &readings[row], &stories, row, counting).counted).collect()
}

fn standing(mentions: &Mentions, reading: &RowReading, stories: &Stories, row: usize, counting: Counting) -> Standing {
    let mention = mentions.get(row);
    let author = mention.author.map(|a| xxh3_64(a.as_bytes()));
    let (cluster, group) = match (stories.shared_origin(row), author, mention.bucket) {
        (Some(origin), ..) => by_uid(mentions.get(origin).uid),
        (None, Some(author), Some(bucket)) => (author, (bucket as u64 % 64) as u32),
        _ => by_uid(mention.uid),
    };
    let counted = !mention.is_own()
        && match counting {
            Counting::Dedup => stories.is_origin(row),
            Counting::Originals => !reading.repost,
            Counting::All => true,
        };
    Standing { cluster, group, author, counted }
}

fn by_uid(uid: &str) -> (u64, u32) {
    let hash = xxh3_64(uid.as_bytes());
    (hash, (hash % 64) as u32)
}

fn index(names: &[String], name: &str) -> u32 {
    names.iter().position(|n| n == name).map_or(u32::MAX, |i| i as u32)
}

fn readings_frame(
    mentions: &Mentions,
    readings: &[RowReading],
    standings: &[Standing],
    names: &Names,
    storms: Vec<bool>,
) -> PolarsResult<DataFrame> {
    let own: Vec<bool> = (0..mentions.rows).map(|r| mentions.get(r).is_own()).collect();
    let sources: Vec<u32> = (0..mentions.rows).map(|r| index(&names.sources, mentions.get(r).source)).collect();
    let counted: Vec<bool> = standings.iter().map(|s| s.counted).collect();
    let noise: Vec<bool> = readings.iter().map(|r| r.noise).collect();
    let unread: Vec<bool> = readings.iter().map(|r| r.hits.iter().all(|h| h.1 == UNKNOWN)).collect();
    DataFrame::new(
        mentions.rows,
        vec![
            Column::new(DAY.into(), readings.iter().map(|r| r.day).collect::<Vec<i32>>()),
            Column::new(SOURCE.into(), sources),
            Column::new(COUNTED.into(), counted),
            Column::new(OWN.into(), own),
            Column::new(HITS.into(), readings.iter().map(|r| r.hits.len() as u32).collect::<Vec<u32>>()),
            Column::new(UNREAD.into(), unread),
            Column::new(NOISE.into(), noise),
            Column::new(STORM.into(), storms),
        ],
    )
}

fn hits_frame(
    mentions: &Mentions,
    readings: &[RowReading],
    standings: &[Standing],
    names: &Names,
) -> PolarsResult<DataFrame> {
    let mut hits = Hits::default();
    for (row, (reading, standing)) in readings.iter().zip(standings).enumerate() {
        let mention = mentions.get(row);
        if mention.is_own() {
            continue;
        }
        let (source, platform) = (index(&names.sources, mention.source), index(&names.platforms, mention.platform));
        for (entity, tone) in &reading.hits {
            hits.day.push(reading.day);
            hits.entity.push(*entity);
            hits.source.push(source);
            hits.platform.push(platform);
            hits.tone.push(i32::from(*tone));
            hits.counted.push(standing.counted);
            hits.cluster.push(standing.cluster);
            hits.group.push(standing.group);
            hits.author.push(standing.author);
        }
    }
    hits.into_frame()
}

#[derive(Default)]
struct Hits {
    day: Vec<i32>,
    entity: Vec<u32>,
    source: Vec<u32>,
    platform: Vec<u32>,
    tone: Vec<i32>,
    counted: Vec<bool>,
    cluster: Vec<u64>,
    group: Vec<u32>,
    author: Vec<Option<u64>>,
}

impl Hits {
    fn into_frame(self) -> PolarsResult<DataFrame> {
        DataFrame::new(
            self.day.len(),
            vec![
                Column::new(DAY.into(), self.day),
                Column::new(ENTITY.into(), self.entity),
                Column::new(SOURCE.into(), self.source),
                Column::new(PLATFORM.into(), self.platform),
                Column::new(TONE.into(), self.tone),
                Column::new(COUNTED.into(), self.counted),
                Column::new(CLUSTER.into(), self.cluster),
                Column::new(GROUP.into(), self.group),
                Column::new(AUTHOR.into(), self.author),
            ],
        )
    }
}
