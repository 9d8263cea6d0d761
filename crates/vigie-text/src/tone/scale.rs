//! From sums of weights to a score, probabilities and a class.
//!
//! `score = total / sqrt(total² + 15)`. The probabilities are a multinomial logistic of three numbers:
//! the score and the two saturated sums `pos / (pos + 4)` and `neg / (neg + 4)`, neutral being the
//! reference. The coefficients were fitted once, per language, on public labelled posts, and are fixed
//! here: they are not a trained model and do not replace an audit.

use super::rules::Hit;
use super::{Tone, ToneClass};
use crate::stop_words::Known;

/// What an exclamation mark adds, and how many count.
const EXCLAMATION: f32 = 0.292;
const MOST_EXCLAMATIONS: u32 = 4;
/// Constant of the score: the total at which it reaches 0.7.
const SATURATION: f32 = 15.0;
/// A text is mixed when both sums reach `MIXED_LEAST`, the weaker is at least `MIXED_BALANCE` of the
/// stronger, and the score stays within `MIXED_SCORE` of 0.
const MIXED_LEAST: f32 = 1.5;
const MIXED_BALANCE: f32 = 0.6;
const MIXED_SCORE: f32 = 0.45;

/// Sums of the weights of a text or of a window.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    /// Sum of the weights above 0.
    pub(super) positive: f32,
    /// Sum of the weights below 0, as a positive number.
    pub(super) negative: f32,
}

impl Sums {
    /// The sums of hits, with the exclamation marks that strengthen the side that leads.
    pub(super) fn of(hits: &[Hit], exclamations: u32) -> Self {
        let mut sums = hits.iter().fold(Self::default(), |mut sums, hit| {
            if hit.weight >= 0.0 {
                sums.positive += hit.weight;
            } else {
                sums.negative -= hit.weight;
            }
            sums
        });
        let loud = EXCLAMATION * exclamations.min(MOST_EXCLAMATIONS) as f32;
        if sums.positive > sums.negative {
            sums.positive += loud;
        } else if sums.negative > sums.positive {
            sums.negative += loud;
        }
        sums
    }

    /// The sums plus `part` of others.
    pub(super) fn plus(self, other: Self, part: f32) -> Self {
        Self { positive: self.positive + part * other.positive, negative: self.negative + part * other.negative }
    }

    fn score(self) -> f32 {
        let total = self.positive - self.negative;
        total / (total * total + SATURATION).sqrt()
    }
}

/// Coefficients of one class against neutral: constant, score, positive sum, negative sum.
pub(super) type Row = [f32; 4];

/// Negative then positive.
const FRENCH: RulesOnly = [[-0.96, -1.69, 1.50, 3.62], [-0.40, 0.88, 1.90, 0.58]];
const ENGLISH: RulesOnly = [[-0.80, -1.08, 0.94, 2.73], [-0.58, 1.39, 1.91, 0.32]];

/// What the rules alone say of negative, then of positive, against neutral: a constant, then the weights
/// of the score and of the two saturated sums.
pub type RulesOnly = [Row; 2];

/// The coefficients of the rules alone. The trained model starts from them.
pub fn rules_only(language: Known) -> RulesOnly {
    match language {
        Known::French => FRENCH,
        Known::English => ENGLISH,
    }
}

/// The tone of sums, without evidence.
pub(super) fn tone_of(sums: Sums, language: Known) -> Tone {
    let rows = rules_only(language);
    let score = sums.score();
    let features = [1.0, score, sums.positive / (sums.positive + 4.0), sums.negative / (sums.negative + 4.0)];
    let [neg, pos] = rows.map(|row| libm::expf(row.iter().zip(features).map(|(a, b)| a * b).sum::<f32>()));
    let total = 1.0 + neg + pos;
    let mut tone = Tone { p_neg: neg / total, p_neu: 1.0 / total, p_pos: pos / total, score, ..Tone::UNKNOWN };
    tone.class = ToneClass::Neutral;
    tone.class = if is_mixed(sums) { ToneClass::Mixed } else { tone.likeliest() };
    tone
}

pub(super) fn is_mixed(sums: Sums) -> bool {
    let (weak, strong) = (sums.positive.min(sums.negative), sums.positive.max(sums.negative));
    weak >= MIXED_LEAST && weak >= MIXED_BALANCE * strong && sums.score().abs() <= MIXED_SCORE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(positive: f32, negative: f32) -> Tone {
        tone_of(Sums { positive, negative }, Known::French)
    }

    #[test]
    fn probabilities_sum_to_one_and_follow_the_weights() {
        for (p, n) in [(0.0, 0.0), (3.0, 0.0), (0.0, 3.0), (2.0, 2.0), (1000.0, 0.0), (0.0, 1000.0)] {
            let t = tone(p, n);
            assert!((t.p_neg + t.p_neu + t.p_pos - 1.0).abs() < 1e-5);
            assert!((-1.0..=1.0).contains(&t.score));
        }
        assert_eq!(tone(0.0, 0.0).class, ToneClass::Neutral);
        assert_eq!(tone(4.0, 0.0).class, ToneClass::Positive);
        assert_eq!(tone(0.0, 4.0).class, ToneClass::Negative);
        assert_eq!(tone(3.0, 2.5).class, ToneClass::Mixed);
        assert_eq!(tone(30.0, 20.0).class, ToneClass::Positive);
        assert!(tone(5.0, 0.0).p_pos > tone(2.0, 0.0).p_pos);
    }
}
