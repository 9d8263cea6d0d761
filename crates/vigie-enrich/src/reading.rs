//! The pass itself: every row read once, in parallel.

use std::io;
use std::ops::Range;
use std::path::Path;

use jiff::tz::TimeZone;
use polars::prelude::LazyFrame;
use rayon::prelude::*;
use vigie_model::period::{Period, epoch_day, from_epoch_day};
use vigie_query::{Document, Field, QuerySet};
use vigie_text::language::LanguageHints;
use vigie_text::reading::{Hints, Reading, read_with, reader_identity};
use vigie_text::signature::Signature;
use vigie_text::tone::{Adjustments, Target, ToneClass, TrainedEngine};

use crate::calendar::local_day;
use crate::kept::{Kept, Month, TextReading, key};
use crate::mentions::{Mention, Mentions};
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
    /// Folder of the readings kept for the next report; `None` keeps none.
    pub kept: Option<&'a Path>,
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
    pub(crate) queries: QuerySet,
    adjustments: Adjustments,
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
pub(crate) type Found = (u32, Vec<Range<usize>>, Vec<Range<usize>>);

/// A row's reading, with the key of its text and, if it was not kept yet, the bytes to keep.
struct Fresh {
    row: RowReading,
    key: Option<u128>,
    bytes: Option<Vec<u8>>,
}

#[derive(Default)]
pub(crate) struct Buffers {
    pub(crate) query: vigie_query::Scratch,
    pub(crate) text: vigie_text::reading::Scratch,
}

impl Reader {
    /// A reader for `queries`, one per entity, in the entities' order.
    pub fn new(queries: QuerySet) -> Self {
        Self { queries, adjustments: Adjustments::default() }
    }

    /// The same with what the project's own labels change in tone.
    #[must_use]
    pub fn adjusted(self, adjustments: Adjustments) -> Self {
        Self { adjustments, ..self }
    }

    /// Reads the `mentions` of `settings`' history and period.
    ///
    /// # Errors
    /// When the rows have another shape than the archive's, or the period is outside the calendar.
    pub fn read(&self, mentions: LazyFrame, settings: &Settings<'_>) -> Result<Enriched, Error> {
        let (from, to) = settings.bounds()?;
        let mentions = Mentions::collect(mentions, from, to, &self.queries.conditions())?;
        let (readings, unkept) = self.read_rows(&mentions, settings);
        let enriched = crate::frames::build(&mentions, readings, settings, &Window::of(settings.period))?;
        Ok(Enriched { unkept, ..enriched })
    }

    /// Every row, in order, and why the readings could not be kept, if they could not.
    pub(crate) fn read_rows(
        &self,
        mentions: &Mentions,
        settings: &Settings<'_>,
    ) -> (Vec<RowReading>, Option<io::Error>) {
        let window = Window::of(settings.period);
        let reader = reader_identity(&self.adjustments);
        let kept = settings.kept.map(|folder| Kept::new(folder, &reader));
        let mut readings: Vec<RowReading> = Vec::with_capacity(mentions.rows);
        let mut unkept = None;
        for (month, rows) in mentions.months() {
            let known = kept.as_ref().map(|k| k.month(&month)).unwrap_or_default();
            let starts: Vec<usize> = rows.clone().step_by(CHUNK).collect();
            let fresh: Vec<Vec<Fresh>> = starts
                .into_par_iter()
                .map_init(Buffers::default, |buffers, start| {
                    let end = (start + CHUNK).min(rows.end);
                    (start..end).map(|row| self.read_row(row, mentions, settings, &window, &known, buffers)).collect()
                })
                .collect();
            if let Some(kept) = &kept
                && let Err(problem) = keep(kept, &month, &known, &fresh)
            {
                unkept = Some(problem);
            }
            readings.extend(fresh.into_iter().flatten().map(|f| f.row));
        }
        (readings, unkept)
    }

    fn read_row(
        &self,
        row: usize,
        mentions: &Mentions,
        settings: &Settings<'_>,
        window: &Window,
        known: &Month,
        buffers: &mut Buffers,
    ) -> Fresh {
        let mention = mentions.get(row);
        let day = local_day(settings.zone, mention.published).unwrap_or_else(|| epoch_day(settings.period.start));
        let found = self.found(row, mentions, day, settings.zone, &mut buffers.query);
        if found.is_empty() || mention.is_own() {
            let hits = found.iter().map(|(entity, ..)| (*entity, UNKNOWN)).collect();
            let row = RowReading { day, repost: false, hits, signature: None, terms: Vec::new(), noise: false };
            return Fresh { row, key: None, bytes: None };
        }
        let text = mention.text.unwrap_or_default();
        let terms = found.first().is_some_and(|(entity, ..)| *entity == 0) && window.holds(day);
        let key = settings.kept.map(|_| key(text, mention.title, mention.lang, &found));
        let (reading, bytes) = if let Some(reading) = key.and_then(|key| known.get(key, terms)) {
            (reading, None)
        } else {
            let reading = self.tones(&mention, &found, terms, &mut buffers.text);
            let reading = TextReading {
                repost: reading.repost,
                noise: !reading.noise.is_empty(),
                tones: reading.targets.iter().map(|t| tone(t.class)).collect(),
                signature: reading.signature,
                terms: terms.then_some(reading.terms),
            };
            let bytes = key.map(|_| reading.to_bytes());
            (reading, bytes)
        };
        let terms = if terms { reading.terms.unwrap_or_default() } else { Vec::new() };
        let row = RowReading {
            day,
            repost: reading.repost || mention.kind == "repost",
            hits: found.iter().map(|(entity, ..)| *entity).zip(reading.tones).collect(),
            signature: Some(reading.signature),
            terms: terms.into_iter().map(|term| TermAt { row: row as u32, term }).collect(),
            noise: reading.noise,
        };
        Fresh { row, key, bytes }
    }

    /// The entities that a row is about, in their order.
    pub(crate) fn found(
        &self,
        row: usize,
        mentions: &Mentions,
        day: i32,
        zone: &TimeZone,
        scratch: &mut vigie_query::Scratch,
    ) -> Vec<Found> {
        let mention = mentions.get(row);
        let facts = mentions.facts(row, day, zone);
        let document = Document { title: mention.title, body: mention.text, facts: &facts, ..Document::default() };
        self.queries
            .matches(&document, scratch)
            .iter()
            .map(|hit| {
                let within = |field| {
                    hit.spans.iter().filter(move |s| s.field == field).map(|s| s.range.clone()).collect::<Vec<_>>()
                };
                (hit.query as u32, within(Field::Body), within(Field::Title))
            })
            .collect()
    }

    /// What is read in a mention that is about the entities `found`.
    pub(crate) fn tones(
        &self,
        mention: &Mention<'_>,
        found: &[Found],
        terms: bool,
        scratch: &mut vigie_text::reading::Scratch,
    ) -> Reading {
        let masked = merged(found.iter().flat_map(|(_, body, _)| body));
        let title_masked = merged(found.iter().flat_map(|(.., title)| title));
        let targets: Vec<Target<'_>> = found.iter().map(|(_, spans, _)| Target { spans }).collect();
        let hints = Hints {
            language: LanguageHints { declared: mention.lang, ..LanguageHints::default() },
            masked: &masked,
            title_masked: &title_masked,
            targets: &targets,
            terms,
            noise: true,
            ..Hints::default()
        };
        let engine = TrainedEngine::shipped().adjusted(self.adjustments);
        read_with(&engine, mention.text.unwrap_or_default(), mention.title, &hints, scratch)
    }
}

/// Keeps the readings of a month for the next report, unless they are those kept already.
fn keep(kept: &Kept, month: &str, known: &Month, fresh: &[Vec<Fresh>]) -> io::Result<()> {
    let mut all: Vec<(u128, &[u8])> = Vec::new();
    let mut news = false;
    for reading in fresh.iter().flatten() {
        let Some(key) = reading.key else { continue };
        news |= reading.bytes.is_some();
        all.extend(reading.bytes.as_deref().or_else(|| known.bytes(key)).map(|bytes| (key, bytes)));
    }
    // Of two rows with one text, the reading with terms serves both: it is the longer one.
    all.sort_unstable_by(|(a, x), (b, y)| a.cmp(b).then(y.len().cmp(&x.len())));
    all.dedup_by_key(|(key, _)| *key);
    if !news && all.len() == known.len() {
        return Ok(());
    }
    kept.put(month, &all)?;
    kept.forget_others()
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
pub(crate) fn merged<'a>(spans: impl Iterator<Item = &'a Range<usize>>) -> Vec<Range<usize>> {
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
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use polars::prelude::*;
    use tempfile::TempDir;
    use vigie_model::frame::TONE;
    use vigie_model::period::Period;
    use vigie_query::Query;
    use vigie_text::reading::READER_VERSION;

    use super::*;

    const OCTOBER: i64 = 1_790_812_800_000_000;

    /// Mentions of two months, about the client or not, some of them twice.
    fn mentions() -> LazyFrame {
        let texts = ["Telvia est en panne, quelle honte", "merci Telvia, service parfait", "il pleut", "rien à dire"];
        let rows = 40_usize;
        let words = |f: &dyn Fn(usize) -> Option<String>| (0..rows).map(f).collect::<Vec<Option<String>>>();
        let published: Vec<i64> = (0..rows as i64).map(|i| OCTOBER - (i - 20) * 86_400_000_000).collect();
        let column = |name: &str, f: &dyn Fn(usize) -> Option<String>| Column::new(name.into(), words(f));
        let same = |value: &'static str| move |_: usize| Some(value.to_owned());
        let columns = vec![
            column("uid", &|i| Some(format!("{i:03}"))),
            Column::new("published_at".into(), published)
                .cast(&DataType::Datetime(TimeUnit::Microseconds, Some(polars::prelude::TimeZone::UTC)))
                .unwrap(),
            column("source", &same("posts")),
            column("platform", &same("forum")),
            column("kind", &same("post")),
            column("voice", &same("public")),
            column("author_id", &|i| Some(format!("a{}", i % 9))),
            Column::new("author_bucket".into(), (0..rows as i64).map(|i| i % 9).collect::<Vec<i64>>()),
            column("title", &|i| (i % 5 == 0).then(|| "Telvia".to_owned())),
            column("text", &|i| Some(texts[i % texts.len()].to_owned())),
            column("lang", &|i| (i % 2 == 0).then(|| "fr".to_owned())),
            column("published_precision", &same("second")),
        ];
        DataFrame::new(rows, columns).unwrap().lazy()
    }

    fn read(kept: Option<&Path>) -> Enriched {
        let query = Query::parse("telvia", &vigie_query::Options::default()).query.unwrap();
        let period = Period::parse("2026-10", "2026-11-24".parse().unwrap()).unwrap();
        let settings = Settings {
            sources: vec!["posts".into()],
            entities: vec!["telvia".into()],
            zone: &jiff::tz::TimeZone::UTC,
            counting: Counting::Dedup,
            period: &period,
            from: epoch_day(period.start) - 60,
            kept,
        };
        Reader::new(QuerySet::new(vec![("telvia".into(), query)]).unwrap()).read(mentions(), &settings).unwrap()
    }

    #[test]
    fn what_was_kept_changes_no_reading() {
        let room = TempDir::new().unwrap();
        let fresh = read(None);
        assert!(fresh.hits.height() > 0);
        for _ in 0..2 {
            let again = read(Some(room.path()));
            assert!(again.unkept.is_none());
            assert!(again.readings.equals_missing(&fresh.readings) && again.hits.equals_missing(&fresh.hits));
            assert_eq!((&again.terms_now, &again.surfaces), (&fresh.terms_now, &fresh.surfaces));
        }
    }

    #[test]
    fn a_text_that_was_kept_is_not_read_again() {
        let room = TempDir::new().unwrap();
        read(Some(room.path()));
        let folder = room.path().join(READER_VERSION);
        let months: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(months.len(), 2, "{months:?}");
        // Readings that no reader gives: found again, they were not made anew.
        let kept = Kept::new(room.path(), READER_VERSION);
        for month in ["2026-09", "2026-10"] {
            let known = kept.month(month);
            let other: Vec<(u128, Vec<u8>)> = known
                .keys()
                .map(|key| {
                    let reading = known.get(key, false).unwrap();
                    (key, TextReading { tones: vec![2], ..reading }.to_bytes())
                })
                .collect();
            kept.put(month, &other.iter().map(|(k, b)| (*k, b.as_slice())).collect::<Vec<_>>()).unwrap();
        }
        let hits = read(Some(room.path())).hits;
        let tones: Vec<Option<i32>> = hits.column(TONE).unwrap().i32().unwrap().iter().collect();
        assert!(!tones.is_empty() && tones.iter().all(|t| *t == Some(2)), "{tones:?}");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_and_costs_nothing_else() {
        let room = TempDir::new().unwrap();
        let file = room.path().join("a-file");
        std::fs::write(&file, "").unwrap();
        let read = read(Some(&file));
        assert!(read.unkept.is_some() && read.readings.height() == 40);
    }

    #[test]
    fn overlapping_spans_are_joined() {
        let spans = [5..9, 0..3, 8..12, 2..3];
        assert_eq!(merged(spans.iter()), vec![0..3, 5..12]);
    }
}
