//! What was read in each counted mention of a period, one by one: for samples that persons read, and for what their
//! labels say of all.

use std::ops::Range;

use jiff::civil::Date;
use polars::prelude::LazyFrame;
use rayon::prelude::*;
use vigie_model::period::{epoch_day, from_epoch_day};
use vigie_query::Field;
use vigie_text::tone::{Tone, ToneClass};

use crate::mentions::Mentions;
use crate::reading::{Buffers, Found, Reader, Settings};
use crate::{Error, frames};

/// Rows read at once by a thread.
const CHUNK: usize = 512;

/// One counted mention of one entity, with its tone. Of mentions without tone there is none.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// Identifier of the mention in the archive.
    pub uid: &'a str,
    /// Entity index.
    pub entity: usize,
    /// Its day in the project's zone.
    pub day: Date,
    /// Source id.
    pub source: &'a str,
    /// Language that was read.
    pub language: &'static str,
    /// Address, when known.
    pub url: Option<&'a str>,
    /// Title, if any.
    pub title: Option<&'a str>,
    /// Text, if any.
    pub text: Option<&'a str>,
    /// Where the text names the entity.
    pub names: &'a [Range<usize>],
    /// Class of the tone towards the entity.
    pub class: ToneClass,
    /// Probabilities of negative, neutral and positive.
    pub p: [f64; 3],
}

impl Reader {
    /// Shows every counted mention of `settings`' period and each entity it is about, in the archive's order. The
    /// history is read as for a report, for it decides which of several copies counts.
    ///
    /// # Errors
    /// When the rows have another shape than the archive's, or the period is outside the calendar.
    pub fn judged(
        &self,
        mentions: LazyFrame,
        settings: &Settings<'_>,
        visit: &mut dyn FnMut(&Judged<'_>),
    ) -> Result<(), Error> {
        let (from, to) = settings.bounds()?;
        let mut asked = self.queries.conditions();
        asked.insert(Field::Url);
        let mentions = Mentions::collect(mentions, from, to, &asked)?;
        // That readings could not be kept is for the report to say; here it only costs time.
        let (readings, _) = self.read_rows(&mentions, settings);
        let counted = frames::counted(&mentions, &readings, settings.counting);
        let days = epoch_day(settings.period.start)..epoch_day(settings.period.end);
        let rows: Vec<(usize, i32)> = readings
            .iter()
            .enumerate()
            .filter(|(row, r)| counted[*row] && !r.hits.is_empty() && days.contains(&r.day))
            .map(|(row, r)| (row, r.day))
            .collect();
        drop(readings);
        for rows in rows.chunks(CHUNK * rayon::current_num_threads().max(1)) {
            let read: Vec<_> = rows
                .par_iter()
                .with_min_len(CHUNK / 8)
                .map_init(Buffers::default, |buffers, (row, day)| {
                    let found = self.found(*row, &mentions, *day, settings.zone, &mut buffers.query);
                    let reading = self.tones(&mentions.get(*row), &found, false, &mut buffers.text);
                    (found, reading.language.code, reading.targets)
                })
                .collect();
            for ((row, day), (found, language, tones)) in rows.iter().zip(&read) {
                show(&mentions, *row, *day, found, language, tones, visit);
            }
        }
        Ok(())
    }
}

fn show(
    mentions: &Mentions,
    row: usize,
    day: i32,
    found: &[Found],
    language: &'static str,
    tones: &[Tone],
    visit: &mut dyn FnMut(&Judged<'_>),
) {
    let mention = mentions.get(row);
    for ((entity, names, _), tone) in found.iter().zip(tones).filter(|(_, t)| t.class != ToneClass::Unknown) {
        visit(&Judged {
            uid: mention.uid,
            entity: *entity as usize,
            day: from_epoch_day(day),
            source: mention.source,
            language,
            url: mentions.url(row),
            title: mention.title,
            text: mention.text,
            names,
            class: tone.class,
            p: [tone.p_neg, tone.p_neu, tone.p_pos].map(f64::from),
        });
    }
}
