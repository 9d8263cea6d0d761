//! Draws a stratified sample of counted mentions for persons to read.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use vigie_config::settings::Project;
use vigie_enrich::Judged;
use vigie_model::mention::MENTIONS;
use vigie_model::period::Period;
use vigie_store::Archive;
use vigie_text::personal::mask;
use vigie_text::tone::ToneClass;

use super::class;
use crate::Error;
use crate::collection::place;
use crate::reading::{reader, settings};
use crate::review::{excerpt, shares};

/// What to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Rows.
    pub number: usize,
    /// Another number draws other mentions.
    pub seed: u64,
}

/// One mention of an entity, to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Identifier in the archive.
    pub uid: String,
    /// Entity id.
    pub entity: String,
    /// Name of the entity, as printed.
    pub name: String,
    /// Day in the project's zone.
    pub day: Date,
    /// Source id.
    pub source: String,
    /// Language that was read.
    pub language: &'static str,
    /// Address, when known.
    pub url: String,
    /// Title, personal data masked.
    pub title: String,
    /// The text, cut around the entity's name when it is long, personal data masked.
    pub text: String,
    /// What the machine read.
    pub tone: ToneClass,
    /// Code of its stratum.
    pub stratum: String,
    /// Mentions of its stratum.
    pub of: u64,
}

/// A sample and what it was drawn from.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Counted mentions with a tone, one for each entity a mention is about.
    pub mentions: u64,
    /// Strata that have mentions.
    pub strata: usize,
    /// Mentions left out because a person read them already.
    pub labelled: u64,
    /// The rows, in an order by chance: any first part of the sheet is a smaller sample.
    pub rows: Vec<Row>,
}

/// The mentions of a stratum: how many, how many of them unlabelled, and those with the smallest ranks so far.
#[derive(Default)]
struct Stratum {
    size: u64,
    free: u64,
    drawn: BTreeMap<[u8; 32], Row>,
}

/// Draws a sample of `period`, the same each time for the same archive, reader, labels and seed. Each entity gets as
/// many rows as the others; inside an entity, language and class get their share.
///
/// # Errors
/// When the archive cannot be read.
pub fn draw(project: &Project, period: &Period, asked: Asked) -> Result<Sample, Error> {
    let name = period.to_string();
    let known: BTreeSet<(&str, &str)> =
        project.labels.iter().filter(|l| l.period == name).map(|l| (l.entity.as_str(), l.uid.as_str())).collect();
    let mut strata: BTreeMap<(usize, &'static str, usize), Stratum> = BTreeMap::new();
    let archive = Archive::open(place(project)?)?;
    if !archive.is_empty(&MENTIONS) {
        let kept = archive.place().readings();
        let settings = settings(project, period, Some(&kept));
        let (from, to) = settings.bounds()?;
        let mentions = archive.snapshot(&MENTIONS)?.rows_between(from, to)?;
        reader(project, period)?.judged(mentions, &settings, &mut |judged| {
            let entity = &project.entities[judged.entity].entity;
            let class = class(judged.class);
            let stratum = strata.entry((judged.entity, judged.language, class)).or_default();
            stratum.size += 1;
            if known.contains(&(entity.id.as_str(), judged.uid)) {
                return;
            }
            stratum.free += 1;
            let rank = rank(&name, asked.seed, &entity.id, judged.uid);
            let full = stratum.drawn.len() >= asked.number;
            if !full || stratum.drawn.last_key_value().is_some_and(|(last, _)| rank < *last) {
                let code = super::stratum(&name, &entity.id, judged.language, class);
                stratum.drawn.insert(rank, row(judged, &entity.id, &entity.short, code));
                if full {
                    stratum.drawn.pop_last();
                }
            }
        })?;
    }
    let mut rows = Vec::new();
    let entities = project.entities.len();
    let free: Vec<u64> = (0..entities)
        .map(|e| strata.iter().filter(|((entity, ..), _)| *entity == e).map(|(_, s)| s.free).sum())
        .collect();
    for (entity, number) in even(&free, asked.number as u64).into_iter().enumerate() {
        let own: Vec<&Stratum> = strata.iter().filter(|((e, ..), _)| *e == entity).map(|(_, s)| s).collect();
        let sizes: Vec<u64> = own.iter().map(|s| s.free).collect();
        for (stratum, share) in own.iter().zip(with_one_each(&sizes, number)) {
            let drawn = stratum.drawn.iter().take(share as usize);
            rows.extend(drawn.map(|(rank, row)| (*rank, Row { of: stratum.size, ..row.clone() })));
        }
    }
    rows.sort_by_key(|(rank, _)| *rank);
    let mentions = strata.values().map(|s| s.size).sum();
    Ok(Sample {
        mentions,
        strata: strata.len(),
        labelled: mentions - strata.values().map(|s| s.free).sum::<u64>(),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    })
}

/// A random order that depends on nothing but the sample and the mention.
fn rank(period: &str, seed: u64, entity: &str, uid: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(seed.to_le_bytes());
    for part in [period, entity, uid] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The same number for each, as far as there are that many; what small ones leave goes to the others.
fn even(free: &[u64], number: u64) -> Vec<u64> {
    let mut given = vec![0; free.len()];
    let mut left = number.min(free.iter().sum());
    while left > 0 {
        let open: Vec<usize> = (0..free.len()).filter(|e| given[*e] < free[*e]).collect();
        let each = (left / open.len() as u64).max(1);
        for e in open {
            let more = each.min(free[e] - given[e]).min(left);
            given[e] += more;
            left -= more;
        }
    }
    given
}

/// Proportional shares, and at least one for each stratum when there are enough: a class that nobody reads says
/// nothing of the machine's errors in it.
fn with_one_each(sizes: &[u64], number: u64) -> Vec<u64> {
    let mut given = shares(sizes, number);
    while let Some(empty) = (0..sizes.len()).find(|s| given[*s] == 0 && sizes[*s] > 0) {
        let Some(largest) = (0..sizes.len()).filter(|s| given[*s] > 1).max_by_key(|s| (given[*s], *s)) else { break };
        given[largest] -= 1;
        given[empty] += 1;
    }
    given
}

fn row(judged: &Judged<'_>, entity: &str, name: &str, stratum: String) -> Row {
    let first = judged.names.first().map_or(0, |span| span.start);
    Row {
        uid: judged.uid.to_owned(),
        entity: entity.to_owned(),
        name: name.to_owned(),
        day: judged.day,
        source: judged.source.to_owned(),
        language: judged.language,
        url: judged.url.unwrap_or_default().to_owned(),
        title: mask(judged.title.unwrap_or_default()),
        text: mask(&excerpt(judged.text.unwrap_or_default(), first)),
        tone: judged.class,
        stratum,
        of: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_get_the_same_number_as_far_as_they_can() {
        assert_eq!(even(&[1000, 500, 80], 200), [67, 67, 66]);
        assert_eq!(even(&[1000, 10, 0], 200), [190, 10, 0]);
        assert_eq!(even(&[3, 4], 200), [3, 4]);
        assert_eq!(even(&[], 200), [] as [u64; 0]);
    }

    #[test]
    fn every_stratum_gets_one_when_there_are_enough() {
        assert_eq!(with_one_each(&[900, 90, 3], 33), [29, 3, 1]);
        assert_eq!(with_one_each(&[5, 5, 5], 2).iter().sum::<u64>(), 2);
        assert_eq!(with_one_each(&[2, 0, 1], 33), [2, 0, 1]);
    }
}
