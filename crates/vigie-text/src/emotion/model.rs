//! Weights that give each of `N` classes a score, and what they make of features.
//!
//! Scores are made as those of the tone model are: sums of 8-bit weights over the square root of their
//! number, and a fixed order of `f64` operations, the same on every machine.

use crate::tone::features::{DENSE, Features, Hashed};
use crate::tone::model::scale_of;

/// First bytes of a file of weights, with the version of its form.
const MAGIC: &[u8; 8] = b"VIGIEEM1";
/// Number of hashed features: a quarter of those of tone, which share weights by four.
pub const HASHED: usize = 1 << 16;

/// The weights of one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Model<const N: usize> {
    /// What one unit of a hashed weight is worth.
    pub unit: f32,
    /// What is divided out of the scores so that probabilities are as often right as they say.
    pub temperature: f32,
    /// Constant of each score.
    pub bias: [f32; N],
    /// Weights of the numbers from the rules.
    pub dense: [[f32; DENSE]; N],
    /// Weights of the hashed features.
    pub hashed: Box<[[i8; N]]>,
}

impl<const N: usize> Model<N> {
    const BYTES: usize = MAGIC.len() + 4 * (2 + N + N * DENSE) + N * HASHED;

    /// Reads a file of weights; `None` when it is not one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC).filter(|_| bytes.len() == Self::BYTES)?;
        let (numbers, weights) = rest.split_at(rest.len() - N * HASHED);
        let mut numbers = numbers.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b));
        let mut next = || numbers.next().unwrap_or_default();
        let (unit, temperature) = (next(), next());
        let bias = std::array::from_fn(|_| next());
        let dense = std::array::from_fn(|_| std::array::from_fn(|_| next()));
        let hashed = weights.as_chunks::<N>().0.iter().map(|w| w.map(|b| b as i8)).collect();
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

    /// The scores of features, one per class.
    pub fn scores(&self, features: &Features) -> [f64; N] {
        let mut scores = self.bias.map(f64::from);
        for block in [&features.words, &features.pieces] {
            let scale = f64::from(self.unit) * scale_of(block.len());
            for (score, sum) in scores.iter_mut().zip(self.sums(block)) {
                *score += scale * f64::from(sum);
            }
        }
        for (score, weights) in scores.iter_mut().zip(&self.dense) {
            for (weight, value) in weights.iter().zip(&features.dense) {
                *score += f64::from(*weight) * f64::from(*value);
            }
        }
        scores
    }

    fn sums(&self, block: &[Hashed]) -> [i32; N] {
        let mut sums = [0_i32; N];
        for feature in block {
            let weights = self.hashed[feature.index() & (HASHED - 1)];
            let sign = if feature.turned() { -1 } else { 1 };
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += sign * i32::from(weight);
            }
        }
        sums
    }

    /// Probability of each class.
    pub fn probabilities(&self, features: &Features) -> [f64; N] {
        probabilities_at(self.scores(features), f64::from(self.temperature))
    }
}

/// Probabilities of scores divided by a temperature.
pub fn probabilities_at<const N: usize>(scores: [f64; N], temperature: f64) -> [f64; N] {
    let highest = scores.iter().copied().fold(f64::MIN, f64::max);
    let parts = scores.map(|s| libm::exp((s - highest) / temperature));
    let total: f64 = parts.iter().sum();
    parts.map(|p| p / total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_weights_reads_back_and_another_does_not() {
        let hashed = (0..HASHED).map(|i| [(i % 7) as i8 - 3, (i % 5) as i8 - 2, 0]).collect();
        let model =
            Model::<3> { unit: 0.01, temperature: 1.3, bias: [0.1, -0.2, 0.0], dense: [[0.5; DENSE]; 3], hashed };
        let bytes = model.to_bytes();
        assert_eq!(Model::from_bytes(&bytes).as_ref(), Some(&model));
        assert_eq!(Model::<2>::from_bytes(&bytes), None);
        assert_eq!(Model::<3>::from_bytes(&bytes[..bytes.len() - 1]), None);
    }

    #[test]
    fn probabilities_sum_to_one_and_follow_the_scores() {
        for scores in [[0.0, 1.0, 2.0], [-900.0, 900.0, 901.0]] {
            let p = probabilities_at(scores, 2.0);
            assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12 && p[0] < p[1] && p[1] < p[2], "{p:?}");
        }
    }
}
