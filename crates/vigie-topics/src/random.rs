//! Choices at random that a seed repeats.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A source of choices.
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from 0 up to 1, which is never reached.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of `below` numbers.
    pub(crate) fn below(&mut self, below: usize) -> usize {
        ((self.unit() * below as f64) as usize).min(below.saturating_sub(1))
    }

    /// `take` different numbers below `of`, in ascending order (all of them when there are no more).
    pub(crate) fn sample(&mut self, of: usize, take: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..of).collect();
        for first in 0..take.min(of) {
            let other = first + self.below(of - first);
            all.swap(first, other);
        }
        all.truncate(take);
        all.sort_unstable();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_different_numbers_in_order_and_repeat() {
        let sample = Random::new(7).sample(100, 40);
        assert_eq!(sample.len(), 40);
        assert!(sample.windows(2).all(|w| w[0] < w[1]) && sample[39] < 100);
        assert_eq!(sample, Random::new(7).sample(100, 40));
        assert_ne!(sample, Random::new(8).sample(100, 40));
        assert_eq!(Random::new(7).sample(3, 9), [0, 1, 2]);
    }
}
