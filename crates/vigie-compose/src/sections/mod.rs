//! The sections of the monthly report, in order. A section that has nothing to say says so.

mod competitors;
mod method;
pub(crate) mod peaks;
mod share_of_voice;
mod tone;
mod trends;
mod visibility;

pub(crate) use method::{grade_words, source_name};
pub(crate) use share_of_voice::{clear_lead, previous_first};
use vigie_report::report::{Block, Origin, Section};
use vigie_report::text::{Text, Words};
pub(crate) use visibility::joined;

use crate::Error;
use crate::builder::Builder;
use crate::figures::Title;

/// Every section, the method annex last.
pub(crate) fn all(b: &mut Builder<'_>) -> Result<Vec<Section>, Error> {
    let mut sections = vec![visibility::section(b)?, share_of_voice::section(b)?, tone::section(b)?];
    if b.input.project.entities.len() > 1 {
        sections.push(competitors::section(b)?);
    }
    sections.push(trends::section(b)?);
    for (i, section) in sections.iter_mut().enumerate() {
        section.number = (i + 1).to_string();
    }
    sections.push(method::section(b)?);
    Ok(sections)
}

/// A section from its parts; `name` is the prefix of its messages.
fn section(
    b: &Builder<'_>,
    id: &str,
    name: &str,
    title: Title,
    lead: Text,
    blocks: Vec<Block>,
) -> Result<Section, Error> {
    Ok(Section {
        id: id.to_owned(),
        number: String::new(),
        name: b.say(&format!("{name}.name"), |_| vec![])?,
        question: b.say(&format!("{name}.question"), |_| vec![])?,
        title: title.words,
        title_id: title.id.to_owned(),
        lead,
        blocks,
    })
}

/// The box at the end of a page; no box when there is nothing to put in it.
fn so_what(columns: Vec<(Words, Text)>) -> Option<Block> {
    (!columns.is_empty()).then_some(Block::SoWhat { columns, origin: Origin::Auto })
}
