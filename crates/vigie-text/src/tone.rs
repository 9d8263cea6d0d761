//! The tone of a text: positive, negative, neutral or mixed, with probabilities and the words that
//! weighed. Towards an entity as well as as a whole.
//!
//! [`ToneEngine`] is the interface; [`RulesEngine`] is the engine of rules and lexicons shipped with the
//! program. Reading texts in batches lives in [`crate::reading`].

mod adjustment;
mod entity;
pub mod features;
pub mod learn;
pub mod model;
mod rules;
mod scale;
mod trained;

use std::ops::Range;

use crate::segment::Segments;
use crate::stop_words::Known;
use crate::words::Words;

pub use adjustment::{Adjustment, Adjustments};
pub use rules::RulesEngine;
pub use scale::{RulesOnly, rules_only};
pub use trained::{TrainedEngine, features_of};

/// The class of a tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ToneClass {
    /// Speaks well.
    Positive,
    /// Neither, or states facts.
    Neutral,
    /// Speaks ill.
    Negative,
    /// Speaks well and ill, about as strongly.
    Mixed,
    /// Not read: another language, or nothing to read.
    Unknown,
}

impl ToneClass {
    /// The word written in tables: `positive`, `neutral`, `negative`, `mixed`, `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
            Self::Mixed => "mixed",
            Self::Unknown => "unknown",
        }
    }
}

/// Words that weighed in a tone.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Byte range in the text as given.
    pub span: Range<u32>,
    /// The range lies in the title instead.
    pub in_title: bool,
    /// What they added to the score: above 0 speaks well, below 0 speaks ill.
    pub weight: f32,
}

/// A tone.
#[derive(Debug, Clone, PartialEq)]
pub struct Tone {
    /// Its class.
    pub class: ToneClass,
    /// Probability of negative; the three sum to 1. All three are 0 when the class is unknown.
    pub p_neg: f32,
    /// Probability of neutral.
    pub p_neu: f32,
    /// Probability of positive.
    pub p_pos: f32,
    /// Net score, -1 (worst) to 1 (best); 0 when nothing weighed.
    pub score: f32,
    /// What weighed most, in reading order; at most [`MOST_EVIDENCE`].
    pub evidence: Vec<Evidence>,
}

/// Most evidence kept per tone.
pub const MOST_EVIDENCE: usize = 12;

impl Tone {
    /// The tone of a text that was not read.
    pub const UNKNOWN: Self =
        Self { class: ToneClass::Unknown, p_neg: 0.0, p_neu: 0.0, p_pos: 0.0, score: 0.0, evidence: Vec::new() };

    /// True when no class is more probable than all others together: better not quoted or counted alone.
    pub fn is_unsure(&self) -> bool {
        self.class != ToneClass::Unknown && self.p_neg.max(self.p_neu).max(self.p_pos) < 0.5
    }

    /// The most probable of positive, neutral and negative; unknown when the text was not read.
    pub fn likeliest(&self) -> ToneClass {
        if self.class == ToneClass::Unknown {
            ToneClass::Unknown
        } else if self.p_neg >= self.p_neu && self.p_neg >= self.p_pos {
            ToneClass::Negative
        } else if self.p_pos > self.p_neu {
            ToneClass::Positive
        } else {
            ToneClass::Neutral
        }
    }
}

/// One entity and where it is named in a text, as byte ranges in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    /// Where it is named. Empty: the text as a whole stands for it.
    pub spans: &'a [Range<usize>],
}

/// A text ready to be read by an engine.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The text as given.
    pub text: &'a str,
    /// Its tokens.
    pub segments: &'a Segments,
    /// Its words.
    pub words: &'a Words,
    /// Its language; `None` when it is not French or English.
    pub language: Option<Known>,
}

/// The tones of one text.
#[derive(Debug, Clone, PartialEq)]
pub struct Tones {
    /// Of the whole text.
    pub document: Tone,
    /// Towards each target, in the order given.
    pub targets: Vec<Tone>,
}

/// What reads the tone of a text. Pure: the same view gives the same tones, on every machine.
pub trait ToneEngine: Send + Sync {
    /// Name and version, kept with every reading: a new version means new readings.
    fn version(&self) -> &'static str;

    /// Reads the text as a whole and towards each target.
    fn tones(&self, view: View<'_>, targets: &[Target<'_>]) -> Tones;
}
