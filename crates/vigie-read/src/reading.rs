//! One row read: entities, language, tone, what makes it a copy.

use std::ops::Range;

use vigie_query::{Document, Field};
use vigie_text::language::{LanguageHints, code_of_tag};
use vigie_text::reading::{Hints, Reading, read_with};
use vigie_text::signature::{BandKeys, Signature};
use vigie_text::tone::{Target, TrainedEngine};

use crate::Job;
use crate::input::Row;

/// What was read in one row.
pub(crate) struct RowReading {
    pub(crate) reading: Reading,
    /// Indexes of the entities the text is about; their tones are the targets of the reading.
    pub(crate) entities: Vec<usize>,
    pub(crate) signature: Signature,
    pub(crate) keys: Box<[u64]>,
}

/// An entity a text is about, with where the text and the title name it.
type Found = (usize, Vec<Range<usize>>, Vec<Range<usize>>);

/// What a thread keeps from one row to the next.
#[derive(Default)]
pub(crate) struct Buffers {
    query: vigie_query::Scratch,
    text: vigie_text::reading::Scratch,
}

pub(crate) fn read_row(row: &Row, job: &Job<'_>, bands: &BandKeys, buffers: &mut Buffers) -> RowReading {
    let text = row.text.as_deref().unwrap_or_default();
    let title = row.title.as_deref();
    let mut found: Vec<Found> = Vec::new();
    if let Some(queries) = &job.entities.queries {
        let document = Document { title, body: Some(text), ..Document::default() };
        for hit in queries.matches(&document, &mut buffers.query) {
            let within = |field| hit.spans.iter().filter(move |s| s.field == field).map(|s| s.range.clone()).collect();
            found.push((hit.query, within(Field::Body), within(Field::Title)));
        }
    }
    let masked: Vec<Range<usize>> = found.iter().flat_map(|(_, body, _)| body.iter().cloned()).collect();
    let title_masked: Vec<Range<usize>> = found.iter().flat_map(|(.., title)| title.iter().cloned()).collect();
    let targets: Vec<Target<'_>> = found.iter().map(|(_, spans, _)| Target { spans }).collect();
    let declared = row.lang.as_deref().filter(|tag| code_of_tag(tag.trim()).is_some()).map(str::trim);
    let language = LanguageHints { declared, source: job.source_language.as_deref(), ..LanguageHints::default() };
    let hints = Hints {
        language,
        masked: &masked,
        title_masked: &title_masked,
        targets: &targets,
        signals: true,
        emotion: job.emotion,
        ..Hints::default()
    };
    let engine = TrainedEngine::shipped().adjusted(job.adjustments);
    let mut reading = read_with(&engine, text, title, &hints, &mut buffers.text);
    let signature = std::mem::take(&mut reading.signature);
    let keys = bands.of(&signature);
    RowReading { reading, entities: found.iter().map(|(e, ..)| *e).collect(), signature, keys }
}
