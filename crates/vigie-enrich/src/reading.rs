//! The pass itself: every row read once, in parallel.

use std::ops::Range;

use jiff::tz::TimeZone;
use polars::prelude::LazyFrame;
use rayon::prelude::*;
use vigie_model::period::{Period, epoch_day, from_epoch_day};
use vigie_query::{Document, Field, QuerySet};
use vigie_text::language::LanguageHints;
use vigie_text::reading::{Hints, read};
use vigie_text::signature::Signature;
use vigie_text::tone::{Target, ToneClass};

use crate::calendar::local_day;
use crate::mentions::Mentions;
use crate::terms::{TermAt, Window};
use crate::{Enriched, Error};

/// Rows of one chunk: enough to pay for a thread's buffers, few enough to share work evenly.
const CHUNK: usize = 2048;

/// How the archive is read.
pub struct Settings<'a> {
    /// Source ids, in the project's order.
    pub sources: Vec<String>,
    /// Entity ids, client first, in the order of the queries.
    pub entities: Vec<String>,
    /// Zone in which days begin.
    pub zone: &'a TimeZone,
    /// Which of several copies are counted.
    pub counting: Counting,
    /// The report's period.
    pub period: &'a Period,
    /// First day of history read before the period, days since 1970-01-01.
    pub from: i32,
}

impl Settings<'_> {
    /// First instant read and first instant after, microseconds since 1970.
    ///
    /// # Errors
    /// When the period is outside the calendar.
    pub fn bounds(&self) -> Result<(i64, i64), Error> {
        let history = Period { start: from_epoch_day(self.from), end: self.period.end };
        let (from, to) = history.bounds(self.zone)?;
        Ok((from.as_microsecond(), to.as_microsecond()))
    }
}

/// Which rows are counted (metrics 4.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// One per story: the first of its near-duplicate copies.
    Dedup,
    /// All but pure reposts.
    Originals,
    /// Every row.
    All,
}

/// Reads mentions against the project's queries.
pub struct Reader {
    queries: QuerySet,
}

/// What was read in one row.
pub(crate) struct RowReading {
    pub(crate) day: i32,
    pub(crate) repost: bool,
    /// Entity index and tone, in the entities' order.
    pub(crate) hits: Vec<(u32, i8)>,
    /// Only for rows about an entity.
    pub(crate) signature: Option<Signature>,
    pub(crate) terms: Vec<TermAt>,
    /// It looks like advertising or another noise.
    pub(crate) noise: bool,
}

/// An entity a mention is about, with where the text and the title name it.
type Found = (u32, Vec<Range<usize>>, Vec<Range<usize>>);

#[derive(Default)]
struct Buffers {
    query: vigie_query::Scratch,
    text: vigie_text::reading::Scratch,
}

impl Reader {
    /// A reader for `queries`, one per entity, in the entities' order.
    pub fn new(queries: QuerySet) -> Self {
        Self { queries }
    }

    /// Reads the `mentions` of `settings`' history and period.
    ///
    /// # Errors
    /// When the rows have another shape than the archive's, or the period is outside the calendar.
    pub fn read(&self, mentions: LazyFrame, settings: &Settings<'_>) -> Result<Enriched, Error> {
        let (from, to) = settings.bounds()?;
        let asked = self.queries.conditions();
        let mentions = Mentions::collect(mentions, from, to, &asked)?;
        let window = Window::of(settings.period);
        let starts: Vec<usize> = (0..mentions.rows).step_by(CHUNK).collect();
        let readings: Vec<Vec<RowReading>> = starts
            .into_par_iter()
            .map_init(Buffers::default, |buffers, start| {
                let end = (start + CHUNK).min(mentions.rows);
                (start..end).map(|row| self.read_row(row, &mentions, settings, &window, buffers)).collect()
            })
            .collect();
        let readings: Vec<RowReading> = readings.into_iter().flatten().collect();
        crate::frames::build(&mentions, readings, settings, &window)
    }

    fn read_row(
        &self,
        row: usize,
        mentions: &Mentions,
        settings: &Settings<'_>,
        window: &Window,
        buffers: &mut Buffers,
    ) -> RowReading {
        let mention = mentions.get(row);
        let day = local_day(settings.zone, mention.published).unwrap_or_else(|| epoch_day(settings.period.start));
        let facts = mentions.facts(row, day, settings.zone);
        let document = Document { title: mention.title, body: mention.text, facts: &facts, ..Document::default() };
        let found: Vec<Found> = self
            .queries
            .matches(&document, &mut buffers.query)
            .iter()
            .map(|hit| {
                let within = |field| {
                    hit.spans.iter().filter(move |s| s.field == field).map(|s| s.range.clone()).collect::<Vec<_>>()
                };
                (hit.query as u32, within(Field::Body), within(Field::Title))
            })
            .collect();
        if found.is_empty() || mention.is_own() {
            let hits = found.iter().map(|(entity, ..)| (*entity, UNKNOWN)).collect();
            return RowReading { day, repost: false, hits, signature: None, terms: Vec::new(), noise: false };
        }
        let masked = merged(found.iter().flat_map(|(_, body, _)| body));
        let title_masked = merged(found.iter().flat_map(|(.., title)| title));
        let targets: Vec<Target<'_>> = found.iter().map(|(_, spans, _)| Target { spans }).collect();
        let hints = Hints {
            language: LanguageHints { declared: mention.lang, ..LanguageHints::default() },
            masked: &masked,
            title_masked: &title_masked,
            targets: &targets,
            terms: found.first().is_some_and(|(entity, ..)| *entity == 0) && window.holds(day),
            noise: true,
            ..Hints::default()
        };
        let text = mention.text.unwrap_or_default();
        let reading = read(text, mention.title, &hints, &mut buffers.text);
        let hits: Vec<(u32, i8)> = found.iter().zip(&reading.targets).map(|((e, ..), t)| (*e, tone(t.class))).collect();
        let terms = reading.terms.into_iter().map(|term| TermAt { row: row as u32, term }).collect();
        RowReading {
            day,
            repost: reading.repost || mention.kind == "repost",
            hits,
            signature: Some(reading.signature),
            terms,
            noise: !reading.noise.is_empty(),
        }
    }
}

/// Tone of a mention that was not read.
pub(crate) const UNKNOWN: i8 = 3;

fn tone(class: ToneClass) -> i8 {
    match class {
        ToneClass::Negative => -1,
        ToneClass::Neutral => 0,
        ToneClass::Positive => 1,
        ToneClass::Mixed => 2,
        ToneClass::Unknown => UNKNOWN,
    }
}

/// Spans in order, overlapping ones joined.
fn merged<'a>(spans: impl Iterator<Item = &'a Range<usize>>) -> Vec<Range<usize>> {
    let mut sorted: Vec<Range<usize>> = spans.cloned().collect();
    sorted.sort_by_key(|s| (s.start, s.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_spans_are_joined() {
        let spans = [5..9, 0..3, 8..12, 2..3];
        assert_eq!(merged(spans.iter()), vec![0..3, 5..12]);
    }
}
