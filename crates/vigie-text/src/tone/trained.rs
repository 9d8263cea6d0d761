//! The trained engine: what the rules find and the words themselves, weighed by a model learnt from
//! labelled posts and reviews (`docs/models/`).

use std::sync::LazyLock;

use super::adjustment::Adjustments;
use super::entity::{Stance, Surroundings, stances};
use super::features::Features;
use super::model::{Model, Scores, probabilities_at};
use super::rules::{Hit, hits};
use super::scale::{Sums, is_mixed};
use super::{Evidence, MOST_EVIDENCE, Target, Tone, ToneClass, ToneEngine, Tones, View};
use crate::stop_words::{Known, is_stop_hash};
use crate::words::Word;

/// Part of the scores near its name in the tone of an entity, when several are named; the rest is the
/// text's.
const NEAR: f64 = 0.85;
/// The same when the words near its name are few, or nothing there weighs by the rules.
const NEAR_WEAK: f64 = 0.5;
/// Words around a name from which they speak for themselves.
const ENOUGH_AROUND: usize = 5;
/// Fewest words around a name for them to speak at all.
const FEWEST_AROUND: usize = 2;
/// What a comparison gives the winner and takes from the loser.
const COMPARED: f64 = 2.5;
/// Least probability of both sides for a text that speaks well and ill to be mixed.
const MIXED: f32 = 0.3;
/// Least part of a word, in the scores, that makes it evidence.
const LEAST_PART: f32 = 0.25;

static FRENCH: LazyLock<Option<Model>> = LazyLock::new(|| Model::from_bytes(include_bytes!("weights/fr.bin")));
static ENGLISH: LazyLock<Option<Model>> = LazyLock::new(|| Model::from_bytes(include_bytes!("weights/en.bin")));

/// The engine of trained weights for French and English, one model each.
///
/// Irony is not read. A text in another language is [`ToneClass::Unknown`].
#[derive(Debug, Clone, Copy)]
pub struct TrainedEngine<'a> {
    french: &'a Model,
    english: &'a Model,
    adjustments: Adjustments,
}

impl TrainedEngine<'static> {
    /// The engine with the weights that are part of the program.
    pub fn shipped() -> Self {
        match (FRENCH.as_ref(), ENGLISH.as_ref()) {
            (Some(french), Some(english)) => Self::new(french, english),
            _ => unreachable!("the weights of this very build read back: a test asks it"),
        }
    }
}

impl<'a> TrainedEngine<'a> {
    /// An engine with weights of one's own.
    pub fn new(french: &'a Model, english: &'a Model) -> Self {
        Self { french, english, adjustments: Adjustments::default() }
    }

    /// The same with the adjustments of a project.
    #[must_use]
    pub fn adjusted(self, adjustments: Adjustments) -> Self {
        Self { adjustments, ..self }
    }

    fn probabilities(&self, language: Known, scores: Scores) -> [f64; 3] {
        let model = self.model(language);
        match self.adjustments.get(language) {
            None => model.probabilities(scores),
            Some(adjustment) => {
                let temperature = f64::from(model.temperature);
                probabilities_at(adjustment.of(scores.map(|s| s / temperature)), 1.0)
            }
        }
    }

    fn model(&self, language: Known) -> &'a Model {
        match language {
            Known::French => self.french,
            Known::English => self.english,
        }
    }
}

impl TrainedEngine<'_> {
    /// The tone towards an entity from the words around its names, before the background of the text.
    fn near_tone(
        &self,
        language: Known,
        view: View<'_>,
        near: &Surroundings,
        whole: Scores,
        features: &mut Features,
    ) -> Tone {
        let model = self.model(language);
        let part = match near.around {
            0..FEWEST_AROUND => 0.0,
            FEWEST_AROUND..ENOUGH_AROUND => NEAR_WEAK,
            _ if near.hits.is_empty() => NEAR_WEAK,
            _ => NEAR,
        };
        features.fill(view, &near.windows, &near.hits);
        let own = model.scores(features);
        let turn = COMPARED * f64::from(near.compared.clamp(-1.0, 1.0));
        let mut scores = [0.0; 2];
        for (score, (own, (whole, turn))) in scores.iter_mut().zip(own.iter().zip(whole.iter().zip([-turn, turn]))) {
            *score = part * own + (1.0 - part) * whole + turn;
        }
        Tone {
            evidence: evidence(model, language, features, &near.hits, view.words.all()),
            ..tone(self.probabilities(language, scores), &near.hits)
        }
    }
}

impl ToneEngine for TrainedEngine<'_> {
    fn version(&self) -> &'static str {
        "model-1"
    }

    fn tones(&self, view: View<'_>, targets: &[Target<'_>]) -> Tones {
        let (Some(language), false) = (view.language, view.words.all().is_empty()) else {
            return Tones { document: Tone::UNKNOWN, targets: vec![Tone::UNKNOWN; targets.len()] };
        };
        let model = self.model(language);
        let found = hits(view, language);
        let mut features = Features::default();
        let all = 0..view.words.all().len();
        features.fill(view, std::slice::from_ref(&all), &found);
        let scores = model.scores(&features);
        let document = Tone {
            evidence: evidence(model, language, &features, &found, view.words.all()),
            ..tone(self.probabilities(language, scores), &found)
        };
        let targets = if targets.is_empty() {
            Vec::new()
        } else {
            let towards = |stance| match stance {
                Stance::Whole => document.clone(),
                Stance::Near(near) => self.near_tone(language, view, &near, scores, &mut features),
            };
            stances(view, &found, targets).into_iter().map(towards).collect()
        };
        Tones { document, targets }
    }
}

/// The tone of probabilities, without evidence.
fn tone(probabilities: [f64; 3], found: &[Hit]) -> Tone {
    let [p_neg, p_neu, p_pos] = probabilities.map(|p| p as f32);
    let mut tone = Tone { p_neg, p_neu, p_pos, score: p_pos - p_neg, ..Tone::UNKNOWN };
    tone.class = ToneClass::Neutral;
    let mixed = p_neg.min(p_pos) >= MIXED && is_mixed(Sums::of(found, 0));
    tone.class = if mixed { ToneClass::Mixed } else { tone.likeliest() };
    tone
}

/// What weighed most: terms of the lexicon with the weight of the rules, then words with a meaning of
/// their own that the model weighs and the rules do not know.
fn evidence(model: &Model, language: Known, features: &Features, found: &[Hit], words: &[Word]) -> Vec<Evidence> {
    let covered = |at: usize| found.iter().any(|h| (h.first as usize..h.end as usize).contains(&at));
    let own = model
        .parts(features)
        .filter(|(at, part)| part.abs() >= LEAST_PART && !words[*at].masked && !covered(*at))
        .filter(|(at, _)| !is_stop_hash(words[*at].hash, language))
        .map(|(at, weight)| Hit { first: at as u32, end: at as u32 + 1, weight });
    let mut kept: Vec<Hit> = found.iter().filter(|h| h.weight != 0.0).copied().collect();
    let of_rules = kept.len();
    kept.extend(own);
    if kept.len() > MOST_EVIDENCE {
        let strongest = |a: &Hit, b: &Hit| b.weight.abs().total_cmp(&a.weight.abs()).then(a.first.cmp(&b.first));
        kept[..of_rules].sort_by(strongest);
        kept[of_rules..].sort_by(strongest);
        kept.truncate(MOST_EVIDENCE);
    }
    kept.sort_by_key(|h| h.first);
    let span = |h: &Hit| words[h.first as usize].start..words[h.end as usize - 1].end;
    kept.iter().map(|h| Evidence { span: span(h), in_title: false, weight: h.weight }).collect()
}

/// The features of a text as the trained engine sees them; `None` when its language is not read. For
/// trainers.
pub fn features_of(view: View<'_>) -> Option<Features> {
    let language = view.language.filter(|_| !view.words.all().is_empty())?;
    let mut features = Features::default();
    let all = 0..view.words.all().len();
    features.fill(view, std::slice::from_ref(&all), &hits(view, language));
    Some(features)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_are_read() {
        let engine = TrainedEngine::shipped();
        assert!(engine.english.hashed.iter().any(|w| *w != [0, 0]));
        assert_ne!(engine.english, engine.french);
    }

    #[test]
    fn an_adjustment_moves_its_language_and_none_moves_nothing() {
        use crate::reading::{Hints, Scratch, read_with};
        use crate::tone::Adjustment;

        let text = "Le guichet de la rue principale ouvre le lundi à neuf heures et ferme à midi.";
        let read = |french, english| {
            let engine = TrainedEngine::shipped().adjusted(Adjustments { french, english });
            read_with(&engine, text, None, &Hints::default(), &mut Scratch::default()).tone
        };
        let shipped = read(None, None);
        let same = read(Some(Adjustment::NONE), None);
        assert!((same.p_neg - shipped.p_neg).abs() < 1e-6 && same.evidence == shipped.evidence);
        let harsher = Adjustment { constant: [2.0, 0.0], ..Adjustment::NONE };
        assert_eq!(read(None, Some(harsher)), shipped);
        assert!(read(Some(harsher), None).p_neg > shipped.p_neg + 0.05);
    }
}
