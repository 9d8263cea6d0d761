//! What the template reads: the edition reduced to what is printed, with every field present.
//!
//! Reading into these types is what guarantees that the template never meets a missing or foreign
//! value. A text that an edition lacks is an empty one.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Reads `null` and `{}` (a localized value that exists in no language) as the default.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let value = Value::deserialize(deserializer)?;
    let absent = value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
    if absent { Ok(T::default()) } else { T::deserialize(value).map_err(serde::de::Error::custom) }
}

/// Words of one language.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Words(pub(crate) String);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        or_default(deserializer).map(Words)
    }
}

/// A run of text; the template knows the kinds `t`, `b` and `ref`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    k: String,
    t: String,
    #[serde(default)]
    to: String,
}

/// A paragraph.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Runs(Vec<Run>);

impl<'de> Deserialize<'de> for Runs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        or_default(deserializer).map(Runs)
    }
}

/// A drawing: SVG text when read, path of a virtual file when written.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Drawing(pub(crate) Option<String>);

impl<'de> Deserialize<'de> for Drawing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text: Option<String> = or_default(deserializer)?;
        Ok(Drawing(text.filter(|svg| !svg.trim().is_empty())))
    }
}

/// A column of a table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Column {
    pub(crate) id: String,
    title: Words,
    kind: String,
}

/// A cell: what goes to files, what is printed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Cell {
    #[serde(skip_serializing)]
    pub(crate) raw: Value,
    shown: Words,
}

/// Rows of a table or behind a figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Data {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) id: String,
    pub(crate) number: u32,
    pub(crate) title: Words,
    subtitle: Words,
    note: Words,
    pub(crate) alt: Words,
    pub(crate) svg: Drawing,
    pub(crate) size: (f64, f64),
    #[serde(skip_serializing)]
    pub(crate) data: Data,
}

/// The analyst's words.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Note {
    byline: Words,
    paragraphs: Vec<Runs>,
}

/// A piece of a section.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub(crate) enum Block {
    Heading { text: Words },
    Paragraph { text: Runs },
    Figure { figure: Box<Figure> },
    Pair { figures: Vec<Figure> },
    Table { id: String, title: Words, note: Words, data: Data },
    List { items: Vec<Runs> },
    Definitions { items: Vec<(Words, Runs)> },
    SoWhat { columns: Vec<(Words, Runs)> },
    Note(Note),
}

/// A section.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Section {
    pub(crate) id: String,
    number: String,
    name: Words,
    question: Words,
    title: Words,
    lead: Runs,
    pub(crate) blocks: Vec<Block>,
}

/// A tile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tile {
    pub(crate) label: Words,
    value: Words,
    detail: Words,
    delta: Words,
    goodness: String,
    pub(crate) sparkline: Drawing,
    pub(crate) sparkline_alt: Words,
}

/// A finding.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Finding {
    title: Words,
    body: Runs,
    confidence: u8,
    confidence_word: Words,
    section: String,
}

/// The two-minute page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Essentials {
    name: Words,
    question: Words,
    title: Words,
    lead: Runs,
    pub(crate) tiles: Vec<Tile>,
    tiles_note: Words,
    findings_title: Words,
    findings: Vec<Finding>,
    #[serde(default)]
    caution: Option<Runs>,
    #[serde(default)]
    note: Option<Note>,
}

/// The cover.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Cover {
    kind: Words,
    pub(crate) client: String,
    sentence: Words,
    period: Words,
    facts: Vec<(Words, Words)>,
    meta: Vec<(Words, Words)>,
    method: Words,
    pub(crate) ridge: Drawing,
    pub(crate) ridge_alt: Words,
    disclaimer: Option<Words>,
    signature: String,
    pub(crate) logo: Option<String>,
}

/// Colours and footer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Brand {
    pub(crate) accent: String,
    pub(crate) deep: String,
    footer: Words,
}

/// The whole edition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sheet {
    pub(crate) project: String,
    pub(crate) kind: String,
    pub(crate) period: String,
    pub(crate) date: String,
    pub(crate) title: Words,
    pub(crate) locale: String,
    pub(crate) lang: String,
    pub(crate) brand: Brand,
    pub(crate) cover: Cover,
    pub(crate) essentials: Essentials,
    pub(crate) sections: Vec<Section>,
    pub(crate) labels: BTreeMap<String, Words>,
}

impl Sheet {
    /// All figures in reading order.
    pub(crate) fn figures_mut(&mut self) -> impl Iterator<Item = &mut Figure> {
        self.sections.iter_mut().flat_map(|section| section.blocks.iter_mut()).flat_map(|block| match block {
            Block::Figure { figure } => std::slice::from_mut(figure.as_mut()),
            Block::Pair { figures } => figures.as_mut_slice(),
            _ => &mut [],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_exists_in_no_language_is_empty() {
        let tile: Tile = serde_json::from_value(serde_json::json!({
            "label": "Mentions", "value": null, "detail": {}, "delta": "", "goodness": "neutral",
            "sparkline": {}, "sparkline_alt": {}
        }))
        .unwrap();
        assert_eq!(tile.value.0, "");
        assert!(tile.sparkline.0.is_none());
    }
}
