//! The whole report: cover, essentials, sections, quality.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vigie_model::estimate::Estimate;
use vigie_model::ledger::SourceLedger;
use vigie_model::locale::{Locale, Localized};

use crate::figure::{Data, Figure};
use crate::text::{Text, Words};

/// Version of the model; raised when a field changes meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// Who wrote a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The machine, from a rule and a catalogue.
    Auto,
    /// The analyst.
    Human,
}

/// A quantity that is printed somewhere: one value, one wording per edition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantity {
    /// Key, unique in the report (`sov.nordet@2026-10`).
    pub key: String,
    /// Measure and version (`sov@1.0`).
    pub metric: String,
    /// Unit of the raw value (`count`, `per_day`, `percent`, `points`).
    pub unit: String,
    /// Value with its doubt.
    pub estimate: Estimate,
    /// As printed.
    pub shown: Words,
    /// Interval as printed, where there is one.
    pub shown_interval: Option<Words>,
}

/// Whether a change is good for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Goodness {
    /// Favourable.
    Good,
    /// Unfavourable.
    Bad,
    /// Neither, or not decided by the evidence.
    Neutral,
}

/// A tile of the essentials page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tile {
    /// Name of the measure.
    pub label: Words,
    /// Value, as printed.
    pub value: Words,
    /// Interval or sample size, as printed.
    pub detail: Words,
    /// Change with its reference (`▲ +8,2 pts vs sept.`), empty where there is none.
    pub delta: Words,
    /// Colour of the change.
    pub goodness: Goodness,
    /// Small curve over the months, one per edition; empty under three months of history.
    pub sparkline: Localized<String>,
    /// What the small curve shows.
    pub sparkline_alt: Words,
}

/// A ranked claim of the essentials page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Stable key (`sov.change.nordet`).
    pub key: String,
    /// Rule that made it.
    pub rule: String,
    /// Claim.
    pub title: Words,
    /// Evidence in two lines: value, interval, base, caution.
    pub body: Text,
    /// 1 indication, 2 medium, 3 high.
    pub confidence: u8,
    /// The word printed beside the dots.
    pub confidence_word: Words,
    /// Section it is developed in.
    pub section: String,
    /// Figures it rests on.
    pub figures: Vec<String>,
    /// Rank score.
    pub score: f64,
    /// Estimate it rests on.
    pub estimate: Estimate,
    /// Who wrote it.
    pub origin: Origin,
}

/// A piece of a section, in reading order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// Sub-heading.
    Heading {
        /// The words.
        text: Words,
    },
    /// A paragraph.
    Paragraph {
        /// The words.
        text: Text,
        /// Who wrote it.
        origin: Origin,
    },
    /// A figure.
    Figure {
        /// The figure.
        figure: Box<Figure>,
    },
    /// Two figures side by side on paper.
    Pair {
        /// Left and right.
        figures: Vec<Figure>,
    },
    /// A table.
    Table {
        /// `TAB-01`.
        id: String,
        /// Title.
        title: Words,
        /// Source and cautions.
        note: Words,
        /// Rows.
        data: Data,
    },
    /// A list of short statements.
    List {
        /// Items.
        items: Vec<Text>,
    },
    /// Definitions: term and explanation.
    Definitions {
        /// Pairs.
        items: Vec<(Words, Text)>,
    },
    /// "What it means" / "What to watch" box at the end of a page.
    SoWhat {
        /// One to three titled columns.
        columns: Vec<(Words, Text)>,
        /// Who wrote it.
        origin: Origin,
    },
    /// The analyst's own words.
    Note {
        /// Author and date line.
        byline: Words,
        /// Paragraphs.
        paragraphs: Vec<Text>,
    },
}

/// One question, one page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// Stable id, used as anchor (`share-of-voice`).
    pub id: String,
    /// Number as printed; empty for an annex or the essentials.
    pub number: String,
    /// Short name for navigation and running heads.
    pub name: Words,
    /// The question it answers.
    pub question: Words,
    /// Conclusion.
    pub title: Words,
    /// Rule of the title, `neutral` when no claim is made.
    pub title_id: String,
    /// Two or three lines.
    pub lead: Text,
    /// Content.
    pub blocks: Vec<Block>,
}

/// The first page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cover {
    /// Kind of report ("Rapport mensuel d'intelligence sociale").
    pub kind: Words,
    /// Client's name.
    pub client: String,
    /// The month's one sentence.
    pub sentence: Words,
    /// Period in words.
    pub period: Words,
    /// Four facts: value and label.
    pub facts: Vec<(Words, Words)>,
    /// Prepared for, by, version, distribution: label and value.
    pub meta: Vec<(Words, Words)>,
    /// One-line method box.
    pub method: Words,
    /// Decorative ridge of daily volumes, one per edition.
    pub ridge: Localized<String>,
    /// What the ridge shows.
    pub ridge_alt: Words,
    /// Line that says the data are invented, when they are.
    pub disclaimer: Option<Words>,
    /// Agency or team that signs, top left.
    pub signature: String,
    /// Client's logo as a data URI (PNG or SVG), when there is one.
    pub logo: Option<String>,
}

/// The two-minute page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Essentials {
    /// Short name and question.
    pub name: Words,
    /// "À lire en deux minutes".
    pub question: Words,
    /// Conclusion of the month.
    pub title: Words,
    /// Rule of the title.
    pub title_id: String,
    /// Lead.
    pub lead: Text,
    /// At most five tiles.
    pub tiles: Vec<Tile>,
    /// How to read the tiles.
    pub tiles_note: Words,
    /// Heading of the findings ("Quatre constats").
    pub findings_title: Words,
    /// At most five.
    pub findings: Vec<Finding>,
    /// Caution about the collection, when there is one.
    pub caution: Option<Text>,
    /// The analyst's own words about the month, when there are any.
    pub note: Option<Block>,
}

/// An entity as drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EntityStyle {
    /// Entity id.
    pub id: String,
    /// Short name.
    pub name: String,
    /// Colour slot: `e1` for the client, `e2`… in the project's order, `others` beyond the sixth.
    pub slot: String,
}

/// Colours and words a client may change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Brand {
    /// Accent colour `#RRGGBB`, already safe on white.
    pub accent: String,
    /// Accent on a dark page.
    pub accent_dark: String,
    /// Cover plate colour.
    pub deep: String,
    /// Distribution line of the footer.
    pub footer: Words,
}

/// Words of the templates themselves ("Données de la figure", "voir la section"…), by key.
pub type Labels = std::collections::BTreeMap<String, Words>;

/// A report in all its editions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema: u32,
    /// Project id, used in file names (`nordet`).
    pub project: String,
    /// Kind of report (`monthly`).
    pub kind: String,
    /// Period as in file names (`2026-10`).
    pub period: String,
    /// Date printed and stored in the PDF: the day after the period, never the clock.
    pub date: String,
    /// Title of the document.
    pub title: Words,
    /// Editions, in order.
    pub editions: Vec<Locale>,
    /// Tracked entities, client first.
    pub entities: Vec<EntityStyle>,
    /// Colours and footer.
    pub brand: Brand,
    /// First page.
    pub cover: Cover,
    /// Two-minute page.
    pub essentials: Essentials,
    /// Sections in reading order; the method annex is the last one.
    pub sections: Vec<Section>,
    /// Every quantity printed in a sentence, a tile or a table, once.
    pub quantities: Vec<Quantity>,
    /// What each source delivered.
    pub ledger: Vec<SourceLedger>,
    /// Words of the templates.
    pub labels: Labels,
    /// Program, versions and hashes of what the report was made from.
    pub manifest: std::collections::BTreeMap<String, String>,
}
