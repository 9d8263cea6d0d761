//! The emotion of a text: anger, disgust, fear, joy, sadness, surprise, or none.
//!
//! Off unless the hints ask for it: emotions of short texts are read far less surely than their tone
//! (`docs/models/emotion.md`). The features are those of the tone model, the weights its own.

pub mod model;

use std::sync::LazyLock;

use crate::stop_words::Known;
use crate::tone::{View, features_of};
use model::Model;

/// An emotion, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Emotion {
    /// Anger, annoyance, disapproval.
    Anger,
    /// Disgust.
    Disgust,
    /// Fear, nervousness.
    Fear,
    /// Joy, love, gratitude, pride, amusement.
    Joy,
    /// Sadness, disappointment, remorse.
    Sadness,
    /// Surprise, confusion, curiosity.
    Surprise,
    /// None of them.
    Neutral,
}

impl Emotion {
    /// All of them, in the order of [`Emotions::probabilities`].
    pub const ALL: [Self; 7] =
        [Self::Anger, Self::Disgust, Self::Fear, Self::Joy, Self::Sadness, Self::Surprise, Self::Neutral];

    /// The word written in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anger => "anger",
            Self::Disgust => "disgust",
            Self::Fear => "fear",
            Self::Joy => "joy",
            Self::Sadness => "sadness",
            Self::Surprise => "surprise",
            Self::Neutral => "neutral",
        }
    }
}

/// How likely each emotion is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Emotions {
    /// In the order of [`Emotion::ALL`]; their sum is 1.
    pub probabilities: [f32; Emotion::ALL.len()],
}

impl Emotions {
    /// Probability of one.
    pub fn of(&self, emotion: Emotion) -> f32 {
        self.probabilities[emotion as usize]
    }

    /// The likeliest; of equals, the first.
    pub fn likeliest(&self) -> Emotion {
        let higher = |a: Emotion, b: Emotion| if self.of(b) > self.of(a) { b } else { a };
        Emotion::ALL.into_iter().fold(Emotion::Anger, higher)
    }
}

/// The model of one language.
pub type EmotionModel = Model<{ Emotion::ALL.len() }>;

static FRENCH: LazyLock<Option<EmotionModel>> =
    LazyLock::new(|| Model::from_bytes(include_bytes!("emotion/weights/fr.bin")));
static ENGLISH: LazyLock<Option<EmotionModel>> =
    LazyLock::new(|| Model::from_bytes(include_bytes!("emotion/weights/en.bin")));

/// Reads the emotion of a text; `None` when its language is not read.
pub(crate) fn read(view: View<'_>) -> Option<Emotions> {
    let model = match view.language? {
        Known::French => FRENCH.as_ref(),
        Known::English => ENGLISH.as_ref(),
    }?;
    Some(Emotions { probabilities: model.probabilities(&features_of(view)?).map(|p| p as f32) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LanguageHints;
    use crate::reading::{Hints, Scratch, read};

    fn emotion(code: &str, text: &str, emotion: bool) -> Option<Emotions> {
        let language = LanguageHints { declared: Some(code), ..LanguageHints::default() };
        read(text, None, &Hints { language, emotion, ..Hints::default() }, &mut Scratch::default()).emotion
    }

    #[test]
    fn the_shipped_weights_are_read() {
        assert!(FRENCH.is_some() && ENGLISH.is_some() && *FRENCH != *ENGLISH);
    }

    #[test]
    fn anger_and_joy_are_told_apart_in_both_languages() {
        for (code, angry, joyful) in [
            (
                "fr",
                "Je suis furieux, je vous déteste, espèces de salauds !",
                "Quel bonheur, je suis tellement heureux, merci !",
            ),
            (
                "en",
                "I am so angry, I hate you, you stupid idiots!",
                "So happy today, thank you, this is wonderful, love it",
            ),
        ] {
            let (a, j) = (emotion(code, angry, true), emotion(code, joyful, true));
            let (a, j) = (a.expect("French and English are read"), j.expect("French and English are read"));
            assert_eq!((a.likeliest(), j.likeliest()), (Emotion::Anger, Emotion::Joy), "{a:?} {j:?}");
            assert!((a.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn nothing_is_read_unasked_or_in_another_language() {
        assert_eq!(emotion("fr", "Quel bonheur", false), None);
        assert_eq!(emotion("de", "was für ein Glück", true), None);
    }
}
