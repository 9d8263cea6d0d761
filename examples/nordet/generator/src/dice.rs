//! The only source of chance of the generator: `ChaCha8` from a seed, with integer and basic floating
//! arithmetic only, so that every machine draws the same world. No transcendental functions here.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A seeded stream of draws.
#[derive(Debug, Clone)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// A stream for `seed`, independent of the streams of other `lane`s.
    pub(crate) fn new(seed: u64, lane: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(lane);
        Self(rng)
    }

    /// Uniform in `0..n`; 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n == 0 {
            return 0;
        }
        // Multiply-shift keeps the bias below 2^-32 for the small n used here.
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    /// Uniform in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// Uniform in `0.0..1.0`, 53 bits.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True with probability `p`.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// 64 raw bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// One element of a non-empty slice.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Index drawn in proportion to `weights`.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let total: f64 = weights.iter().sum();
        let mut left = self.unit() * total;
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Standard normal, approximately (sum of twelve uniforms).
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// A count with mean `mean` and about Poisson spread.
    pub(crate) fn count(&mut self, mean: f64) -> usize {
        if mean <= 0.0 {
            return 0;
        }
        if mean >= 12.0 {
            return (mean + mean.sqrt() * self.normal() + 0.5).max(0.0) as usize;
        }
        let trials = (mean * 12.0) as usize + 12;
        let p = mean / trials as f64;
        (0..trials).filter(|_| self.chance(p)).count()
    }

    /// Heavy-tailed whole number: `scale` is near the median, `cap` the largest.
    pub(crate) fn heavy(&mut self, scale: f64, cap: f64) -> u32 {
        let u = self.unit().max(1e-6);
        ((scale / u - scale).min(cap)).max(0.0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_the_mean_asked_for() {
        let mut dice = Dice::new(1, 0);
        for mean in [0.4, 5.0, 80.0] {
            let total: usize = (0..4000).map(|_| dice.count(mean)).sum();
            let found = total as f64 / 4000.0;
            assert!((found - mean).abs() < 0.05 * mean + 0.05, "{mean} gave {found}");
        }
    }

    #[test]
    fn weights_are_respected_and_streams_differ() {
        let mut dice = Dice::new(1, 0);
        let hits = (0..10_000).filter(|_| dice.weighted(&[1.0, 3.0]) == 1).count();
        assert!((7300..7700).contains(&hits), "{hits}");
        assert_ne!(Dice::new(1, 0).bits(), Dice::new(1, 1).bits());
    }
}
