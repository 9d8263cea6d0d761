//! The weights of the trained model of one language, and what they make of features.
//!
//! A text gets two scores, negative against neutral and positive against neutral: a sum of 8-bit weights
//! of its words, another of its pieces of words, each divided by the square root of their number, and a
//! sum of weights of what the rules say. Sums of integers and a fixed order of `f64` operations give the
//! same scores on every machine.

use super::features::{DENSE, Features, HASHED, Hashed};

/// First bytes of a file of weights, with the version of its form.
const MAGIC: &[u8; 8] = b"VIGIETN1";

/// The two scores: negative against neutral, positive against neutral.
pub type Scores = [f64; 2];

/// The weights of one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What one unit of a hashed weight is worth.
    pub unit: f32,
    /// What is divided out of the scores so that probabilities are as often right as they say.
    pub temperature: f32,
    /// Constant of each score.
    pub bias: [f32; 2],
    /// Weights of the numbers from the rules.
    pub dense: [[f32; DENSE]; 2],
    /// Weights of the hashed features: negative, positive.
    pub hashed: Box<[[i8; 2]]>,
}

impl Model {
    /// Length of a file of weights.
    const BYTES: usize = MAGIC.len() + 4 * (2 + 2 + 2 * DENSE) + 2 * HASHED;

    /// Reads a file of weights; `None` when it is not one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC).filter(|_| bytes.len() == Self::BYTES)?;
        let (numbers, weights) = rest.split_at(rest.len() - 2 * HASHED);
        let mut numbers = numbers.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b));
        let mut next = || numbers.next().unwrap_or_default();
        let (unit, temperature) = (next(), next());
        let bias = [next(), next()];
        let dense = [std::array::from_fn(|_| next()), std::array::from_fn(|_| next())];
        let hashed = weights.as_chunks::<2>().0.iter().map(|[n, p]| [*n as i8, *p as i8]).collect();
        Some(Self { unit, temperature, bias, dense, hashed })
    }

    /// The file of these weights.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let numbers = [self.unit, self.temperature].into_iter().chain(self.bias);
        for number in numbers.chain(self.dense.into_iter().flatten()) {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(self.hashed.iter().flatten().map(|w| *w as u8));
        bytes
    }

    /// The scores of features.
    pub fn scores(&self, features: &Features) -> Scores {
        let mut scores = [f64::from(self.bias[0]), f64::from(self.bias[1])];
        for block in [&features.words, &features.pieces] {
            let sums = self.sums(block);
            let scale = f64::from(self.unit) * scale_of(block.len());
            scores[0] += scale * f64::from(sums[0]);
            scores[1] += scale * f64::from(sums[1]);
        }
        for (score, weights) in scores.iter_mut().zip(&self.dense) {
            for (weight, value) in weights.iter().zip(&features.dense) {
                *score += f64::from(*weight) * f64::from(*value);
            }
        }
        scores
    }

    /// The sums of the weights of hashed features.
    fn sums(&self, block: &[Hashed]) -> [i32; 2] {
        let mut sums = [0_i32; 2];
        for feature in block {
            let [negative, positive] = self.hashed[feature.index()];
            let sign = if feature.turned() { -1 } else { 1 };
            sums[0] += sign * i32::from(negative);
            sums[1] += sign * i32::from(positive);
        }
        sums
    }

    /// What each word adds to positive over negative: its index in the text and its part.
    pub(super) fn parts<'a>(&'a self, features: &'a Features) -> impl Iterator<Item = (usize, f32)> + 'a {
        let scales = [&features.words, &features.pieces].map(|b| f64::from(self.unit) * scale_of(b.len()));
        features.by_word().map(move |(at, words, pieces)| {
            let part = |block, scale: f64| {
                let [negative, positive] = self.sums(block);
                scale * f64::from(positive - negative)
            };
            (at, (part(words, scales[0]) + part(pieces, scales[1])) as f32)
        })
    }

    /// Probabilities of negative, neutral and positive.
    pub fn probabilities(&self, scores: Scores) -> [f64; 3] {
        probabilities_at(scores, f64::from(self.temperature))
    }
}

/// Probabilities of negative, neutral and positive of scores divided by a temperature.
pub fn probabilities_at(scores: Scores, temperature: f64) -> [f64; 3] {
    let [negative, positive] = scores.map(|s| libm::exp((s / temperature).clamp(-30.0, 30.0)));
    let total = 1.0 + negative + positive;
    [negative / total, 1.0 / total, positive / total]
}

/// One over the square root of the number of features; 0 for none.
pub fn scale_of(features: usize) -> f64 {
    if features == 0 { 0.0 } else { 1.0 / (features as f64).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Model {
        let hashed = (0..HASHED).map(|i| [(i % 7) as i8 - 3, (i % 5) as i8 - 2]).collect();
        Model { unit: 0.01, temperature: 1.3, bias: [0.1, -0.2], dense: [[0.5; DENSE], [-0.5; DENSE]], hashed }
    }

    #[test]
    fn a_file_of_weights_reads_back_and_another_does_not() {
        let model = model();
        let bytes = model.to_bytes();
        assert_eq!(Model::from_bytes(&bytes).as_ref(), Some(&model));
        assert_eq!(Model::from_bytes(&bytes[1..]), None);
        assert_eq!(Model::from_bytes(&bytes[..bytes.len() - 1]), None);
    }

    #[test]
    fn probabilities_sum_to_one_and_nothing_is_the_bias() {
        let model = model();
        let scores = model.scores(&Features::default());
        assert_eq!(scores, [f64::from(0.1_f32), f64::from(-0.2_f32)]);
        for scores in [scores, [1e9, -1e9], [0.0, 0.0]] {
            assert!((model.probabilities(scores).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}
