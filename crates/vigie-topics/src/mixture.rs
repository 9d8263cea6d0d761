//! One topic per document: the state of the sampler and its moves.

use crate::random::Random;

/// Factors multiplied before a logarithm is taken: few enough not to leave the range of a double.
const FACTORS: usize = 24;

/// How strongly documents share topics, and terms share meaning, before anything is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prior {
    pub(crate) alpha: f64,
    pub(crate) beta: f64,
}

/// Counts of a mixture of `topics` topics over `terms` terms.
#[derive(Debug, Clone)]
pub(crate) struct Mixture {
    prior: Prior,
    topics: usize,
    terms: usize,
    /// Documents of each topic.
    documents: Vec<u32>,
    /// Terms of the documents of each topic.
    sizes: Vec<u32>,
    /// Uses of each term in each topic; those of one term lie together.
    uses: Vec<u32>,
}

impl Mixture {
    pub(crate) fn new(prior: Prior, topics: usize, terms: usize) -> Self {
        Self { prior, topics, terms, documents: vec![0; topics], sizes: vec![0; topics], uses: vec![0; topics * terms] }
    }

    /// Documents of a topic.
    pub(crate) fn documents(&self, topic: usize) -> u32 {
        self.documents[topic]
    }

    /// Uses of a term in a topic.
    pub(crate) fn uses(&self, topic: usize, term: usize) -> u32 {
        self.uses[term * self.topics + topic]
    }

    pub(crate) fn add(&mut self, topic: usize, document: &[u32]) {
        self.documents[topic] += 1;
        self.sizes[topic] += document.len() as u32;
        for term in document {
            self.uses[*term as usize * self.topics + topic] += 1;
        }
    }

    fn remove(&mut self, topic: usize, document: &[u32]) {
        self.documents[topic] -= 1;
        self.sizes[topic] -= document.len() as u32;
        for term in document {
            self.uses[*term as usize * self.topics + topic] -= 1;
        }
    }

    /// Adds the uses of one topic to another and empties it.
    pub(crate) fn merge(&mut self, from: usize, into: usize) {
        self.documents[into] += std::mem::take(&mut self.documents[from]);
        self.sizes[into] += std::mem::take(&mut self.sizes[from]);
        for uses in self.uses.chunks_exact_mut(self.topics) {
            uses[into] += std::mem::take(&mut uses[from]);
        }
    }

    /// Fills `weights` with the probability of each topic for a document that is not counted. `document` is in
    /// ascending order: repeated terms stand together.
    pub(crate) fn posterior(&self, document: &[u32], weights: &mut Vec<f64>) {
        weights.clear();
        let mut empty = None;
        for topic in 0..self.topics {
            // Empty topics are all alike.
            let weight = match empty {
                Some(weight) if self.documents[topic] == 0 => weight,
                _ => self.log_weight(topic, document),
            };
            if self.documents[topic] == 0 {
                empty = Some(weight);
            }
            weights.push(weight);
        }
        let highest = weights.iter().copied().fold(f64::MIN, f64::max);
        let mut total = 0.0;
        for weight in weights.iter_mut() {
            *weight = libm::exp(*weight - highest);
            total += *weight;
        }
        for weight in weights.iter_mut() {
            *weight /= total;
        }
    }

    fn log_weight(&self, topic: usize, document: &[u32]) -> f64 {
        let Prior { alpha, beta } = self.prior;
        let mut log = libm::log(f64::from(self.documents[topic]) + alpha);
        let base = f64::from(self.sizes[topic]) + self.terms as f64 * beta;
        let (mut above, mut below) = (1.0, 1.0);
        let (mut last, mut run) = (u32::MAX, 0.0);
        for (at, term) in document.iter().enumerate() {
            run = if *term == last { run + 1.0 } else { 0.0 };
            last = *term;
            above *= f64::from(self.uses(topic, *term as usize)) + beta + run;
            below *= base + at as f64;
            if (at + 1) % FACTORS == 0 {
                log += libm::log(above / below);
                (above, below) = (1.0, 1.0);
            }
        }
        log + libm::log(above / below)
    }

    /// Gives every document a topic at random, then draws each again `sweeps` times knowing the others'.
    /// Returns the topic of each document.
    pub(crate) fn sample(&mut self, documents: &[Vec<u32>], sweeps: usize, random: &mut Random) -> Vec<usize> {
        let mut topics: Vec<usize> = documents.iter().map(|_| random.below(self.topics)).collect();
        for (topic, document) in topics.iter().zip(documents) {
            self.add(*topic, document);
        }
        let mut weights = Vec::with_capacity(self.topics);
        for _ in 0..sweeps {
            for (topic, document) in topics.iter_mut().zip(documents) {
                self.remove(*topic, document);
                self.posterior(document, &mut weights);
                *topic = drawn(&weights, random.unit());
                self.add(*topic, document);
            }
        }
        topics
    }
}

/// The place where the running sum of `weights`, whose sum is 1, passes `at`.
fn drawn(weights: &[f64], at: f64) -> usize {
    let mut sum = 0.0;
    let passes = |w: &f64| {
        sum += w;
        at < sum
    };
    weights.iter().position(passes).unwrap_or(weights.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIOR: Prior = Prior { alpha: 0.1, beta: 0.1 };

    #[test]
    fn the_posterior_is_the_formula() {
        let mut mixture = Mixture::new(PRIOR, 3, 4);
        mixture.add(0, &[0, 0, 1]);
        mixture.add(1, &[2]);
        let mut weights = Vec::new();
        mixture.posterior(&[0, 0, 2], &mut weights);
        // (m + alpha) * (n0 + beta) (n0 + beta + 1) (n2 + beta) / ((n + V beta) (n + V beta + 1) (n + V beta + 2))
        let by_hand = [
            1.1 * 2.1 * 3.1 * 0.1 / (3.4 * 4.4 * 5.4),
            1.1 * 0.1 * 1.1 * 1.1 / (1.4 * 2.4 * 3.4),
            0.1 * 0.1 * 1.1 * 0.1 / (0.4 * 1.4 * 2.4),
        ];
        let total: f64 = by_hand.iter().sum();
        for (weight, expected) in weights.iter().zip(by_hand) {
            assert!((weight - expected / total).abs() < 1e-12, "{weights:?}");
        }
    }

    #[test]
    fn long_documents_stay_finite() {
        let mut mixture = Mixture::new(PRIOR, 2, 5_000);
        let long: Vec<u32> = (0..2_000).collect();
        mixture.add(0, &long);
        mixture.add(1, &[4_999]);
        let mut weights = Vec::new();
        mixture.posterior(&long, &mut weights);
        assert!(weights[0] > 0.999 && weights.iter().all(|w| w.is_finite()), "{weights:?}");
    }

    #[test]
    fn what_is_merged_is_counted_once() {
        let mut mixture = Mixture::new(PRIOR, 2, 3);
        mixture.add(0, &[0, 1]);
        mixture.add(1, &[1, 1, 2]);
        mixture.merge(1, 0);
        assert_eq!((mixture.documents(0), mixture.documents(1), mixture.uses(0, 1)), (2, 0, 3));
    }

    #[test]
    fn draws_follow_the_weights() {
        assert_eq!([0.0, 0.24, 0.25, 0.99].map(|at| drawn(&[0.25, 0.5, 0.25], at)), [0, 0, 1, 2]);
        assert_eq!(drawn(&[0.5, 0.5], 1.0), 1);
    }
}
