//! Draws a stratified sample of the mentions that a query finds.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use vigie_config::settings::Project;
use vigie_enrich::{Find, ToneReader, finds};
use vigie_model::mention::MENTIONS;
use vigie_model::period::Period;
use vigie_query::{Field, Query, QuerySet};
use vigie_store::Archive;

use super::Tag;
use crate::Error;
use crate::collection::place;

/// Characters of a text shown in a sheet, around the first place found.
const SHOWN: usize = 600;
/// Characters shown before that place.
const BEFORE: usize = 200;
/// Places shown.
const MOST_PLACES: usize = 10;

/// One mention of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Identifier in the archive.
    pub uid: String,
    /// Day in the project's zone.
    pub day: Date,
    /// Source id.
    pub source: String,
    /// Language, when declared.
    pub lang: String,
    /// Address, when known.
    pub url: String,
    /// Title.
    pub title: String,
    /// The text, cut around what was found when it is long.
    pub text: String,
    /// What was found, as written.
    pub found: String,
}

/// A sample and what it was drawn from.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Mentions that the query finds in the period.
    pub found: u64,
    /// Groups of one source, language and predicted tone.
    pub strata: usize,
    /// The mentions drawn, by source, language and day.
    pub rows: Vec<Row>,
}

/// The mentions of a stratum: how many, and those with the smallest ranks so far.
#[derive(Default)]
struct Stratum {
    size: u64,
    drawn: BTreeMap<[u8; 32], Row>,
}

/// Draws `number` mentions, the same each time for the same archive, query and period.
///
/// # Errors
/// When the archive cannot be read.
pub fn draw(project: &Project, tag: &Tag, query: Query, period: &Period, number: usize) -> Result<Sample, Error> {
    let set = QuerySet::new(vec![(tag.query.clone(), query)]).map_err(|e| Error::Queries(e.to_string()))?;
    let archive = Archive::open(place(project)?)?;
    // The sheet does not tell the predicted tone, which would sway the person who reads.
    let mut strata: BTreeMap<(String, String, &'static str), Stratum> = BTreeMap::new();
    let mut tones = ToneReader::default();
    if !archive.is_empty(&MENTIONS) {
        let mentions = archive.snapshot(&MENTIONS)?.rows()?;
        finds(mentions, &set, &project.timezone, period, &mut |found| {
            let tone = tones.of(found).as_str();
            let key = (found.source.to_owned(), found.lang.unwrap_or_default().to_owned(), tone);
            let stratum = strata.entry(key).or_default();
            stratum.size += 1;
            let rank = rank(tag, found.uid);
            let full = stratum.drawn.len() >= number;
            if !full || stratum.drawn.last_key_value().is_some_and(|(last, _)| rank < *last) {
                stratum.drawn.insert(rank, row(found));
                if full {
                    stratum.drawn.pop_last();
                }
            }
        })?;
    }
    let sizes: Vec<u64> = strata.values().map(|s| s.size).collect();
    let shares = shares(&sizes, number as u64);
    let mut rows: Vec<Row> = strata
        .into_values()
        .zip(shares)
        .flat_map(|(stratum, share)| stratum.drawn.into_values().take(share as usize))
        .collect();
    rows.sort_by(|a, b| (&a.source, &a.lang, a.day, &a.uid).cmp(&(&b.source, &b.lang, b.day, &b.uid)));
    Ok(Sample { found: sizes.iter().sum(), strata: sizes.len(), rows })
}

/// A random order that depends on nothing but the sample and the mention.
fn rank(tag: &Tag, uid: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in [&tag.query, &tag.period, &tag.fingerprint, uid] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The part of the sample that each stratum gets: proportional, remainders to the largest fractions.
pub(crate) fn shares(sizes: &[u64], number: u64) -> Vec<u64> {
    let total: u64 = sizes.iter().sum();
    if total <= number {
        return sizes.to_vec();
    }
    let exact = |size: u64| u128::from(size) * u128::from(number);
    let total = u128::from(total);
    let mut shares: Vec<u64> = sizes.iter().map(|size| (exact(*size) / total) as u64).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(exact(sizes[*index]) % total), *index));
    let left = number - shares.iter().sum::<u64>();
    for index in order.into_iter().take(left as usize) {
        shares[index] += 1;
    }
    shares
}

fn row(found: &Find<'_>) -> Row {
    let spans = found.hits.first().map_or(&[] as &[_], |hit| hit.spans.as_slice());
    let text_of = |field| if field == Field::Title { found.title } else { found.text };
    let mut places: Vec<&str> = Vec::new();
    for span in spans {
        let place = text_of(span.field).and_then(|text| text.get(span.range.clone()));
        places.extend(place.filter(|p| !places.contains(p)));
    }
    places.truncate(MOST_PLACES);
    let first = spans.iter().find(|s| s.field == Field::Body).map_or(0, |s| s.range.start);
    Row {
        uid: found.uid.to_owned(),
        day: found.day,
        source: found.source.to_owned(),
        lang: found.lang.unwrap_or_default().to_owned(),
        url: found.url.unwrap_or_default().to_owned(),
        title: found.title.unwrap_or_default().to_owned(),
        text: excerpt(found.text.unwrap_or_default(), first),
        found: places.join(" · "),
    }
}

/// The text, or a piece of it around the byte `at`.
pub(crate) fn excerpt(text: &str, at: usize) -> String {
    if text.chars().take(SHOWN + 1).count() <= SHOWN {
        return text.to_owned();
    }
    let head = text.get(..at).unwrap_or_default();
    let start = head.char_indices().rev().take(BEFORE).last().map_or(0, |(index, _)| index);
    let tail = &text[start..];
    let end = tail.char_indices().nth(SHOWN).map_or(tail.len(), |(index, _)| index);
    let dots = |cut: bool| if cut { "…" } else { "" };
    format!("{}{}{}", dots(start > 0), &tail[..end], dots(start + end < text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_proportional_and_complete() {
        assert_eq!(shares(&[900, 90, 10], 50), [45, 5, 0]);
        assert_eq!(shares(&[500, 300, 200], 7), [4, 2, 1]);
        assert_eq!(shares(&[3, 4], 50), [3, 4]);
        assert_eq!(shares(&[], 50), [] as [u64; 0]);
    }

    #[test]
    fn long_texts_are_cut_around_what_was_found() {
        let text = format!("{}panne{}", "é ".repeat(500), " à".repeat(500));
        let cut = excerpt(&text, text.find("panne").unwrap());
        assert!(cut.contains("panne") && cut.starts_with('…') && cut.ends_with('…'));
        assert_eq!(cut.chars().count(), SHOWN + 2);
        assert_eq!(excerpt("court", 0), "court");
    }
}
