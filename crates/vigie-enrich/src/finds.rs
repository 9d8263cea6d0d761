//! Which mentions queries find, one by one: for samples and for checking the queries.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use polars::prelude::LazyFrame;
use vigie_model::period::{Period, from_epoch_day};
use vigie_query::{Document, Field, Hit, QuerySet, Scratch};
use vigie_text::language::LanguageHints;
use vigie_text::reading::{Hints, read};
use vigie_text::tone::{Target, ToneClass};

use crate::Error;
use crate::calendar::local_day;
use crate::mentions::Mentions;
use crate::reading::merged;

/// One mention that some query finds.
#[derive(Clone, Copy, Debug)]
pub struct Find<'a> {
    /// Its identifier in the archive.
    pub uid: &'a str,
    /// Its day in the project's zone.
    pub day: Date,
    /// Source id.
    pub source: &'a str,
    /// Language, when declared.
    pub lang: Option<&'a str>,
    /// Address, when known.
    pub url: Option<&'a str>,
    /// Title, if any.
    pub title: Option<&'a str>,
    /// Text, if any.
    pub text: Option<&'a str>,
    /// The queries that hold, with their evidence.
    pub hits: &'a [Hit],
}

/// Reads the tone of finds. One for each thread.
#[derive(Default)]
pub struct ToneReader {
    buffers: vigie_text::reading::Scratch,
}

impl ToneReader {
    /// The tone towards what the first query found, read as for a report.
    pub fn of(&mut self, find: &Find<'_>) -> ToneClass {
        let spans = find.hits.first().map_or(&[] as &[_], |hit| hit.spans.as_slice());
        let within =
            |field| spans.iter().filter(move |s| s.field == field).map(|s| s.range.clone()).collect::<Vec<_>>();
        let (body, title) = (within(Field::Body), within(Field::Title));
        let hints = Hints {
            language: LanguageHints { declared: find.lang, ..LanguageHints::default() },
            masked: &merged(body.iter()),
            title_masked: &merged(title.iter()),
            targets: &[Target { spans: &body }],
            ..Hints::default()
        };
        let reading = read(find.text.unwrap_or_default(), find.title, &hints, &mut self.buffers);
        reading.targets.first().map_or(ToneClass::Unknown, |tone| tone.class)
    }
}

/// Shows every public mention of `period` that some query finds, in the archive's order. Posts of tracked brands
/// about themselves are not counted in reports and are left out here as well.
///
/// # Errors
/// When the rows have another shape than the archive's, or the period is outside the calendar.
pub fn finds(
    mentions: LazyFrame,
    queries: &QuerySet,
    zone: &TimeZone,
    period: &Period,
    visit: &mut dyn FnMut(&Find<'_>),
) -> Result<(), Error> {
    let (from, to) = period.bounds(zone)?;
    let mut asked = queries.conditions();
    asked.insert(vigie_query::Field::Url);
    let mentions = Mentions::collect(mentions, from.as_microsecond(), to.as_microsecond(), &asked)?;
    let mut scratch = Scratch::new();
    for row in 0..mentions.rows {
        let mention = mentions.get(row);
        let Some(day) = local_day(zone, mention.published).filter(|_| !mention.is_own()) else { continue };
        let facts = mentions.facts(row, day, zone);
        let document = Document { title: mention.title, body: mention.text, facts: &facts, ..Document::default() };
        let hits = queries.matches(&document, &mut scratch);
        if !hits.is_empty() {
            visit(&Find {
                uid: mention.uid,
                day: from_epoch_day(day),
                source: mention.source,
                lang: mention.lang,
                url: mentions.url(row),
                title: mention.title,
                text: mention.text,
                hits,
            });
        }
    }
    Ok(())
}
