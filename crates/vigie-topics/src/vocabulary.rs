//! Which terms of the documents can tell topics apart.

use std::collections::BTreeMap;

/// The terms kept, in ascending order; a term is known by its place.
pub(crate) struct Vocabulary {
    terms: Vec<u64>,
}

impl Vocabulary {
    /// The terms that at least `fewest` documents and at most a share `most` of them hold.
    pub(crate) fn of<'a>(documents: impl Iterator<Item = &'a [u64]>, fewest: usize, most: f64) -> Self {
        let mut frequency: BTreeMap<u64, usize> = BTreeMap::new();
        let mut count = 0_usize;
        let mut distinct = Vec::new();
        for terms in documents {
            count += 1;
            distinct.clear();
            distinct.extend_from_slice(terms);
            distinct.sort_unstable();
            distinct.dedup();
            for term in &distinct {
                *frequency.entry(*term).or_default() += 1;
            }
        }
        // In a handful of documents a tenth is less than the floor: then it does not bind.
        let ceiling = ((count as f64 * most) as usize).max(fewest);
        let kept = frequency.into_iter().filter(|(_, n)| (fewest..=ceiling).contains(n)).map(|(term, _)| term);
        Self { terms: kept.collect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.terms.len()
    }

    pub(crate) fn term(&self, place: u32) -> u64 {
        self.terms.get(place as usize).copied().unwrap_or_default()
    }

    /// The places of the kept terms of a document, at most `most` of them.
    pub(crate) fn places(&self, terms: &[u64], most: usize) -> Vec<u32> {
        let place = |term: &u64| self.terms.binary_search(term).ok().map(|p| p as u32);
        terms.iter().filter_map(place).take(most).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_and_common_terms_say_nothing() {
        let documents: Vec<Vec<u64>> = (0..20).map(|i| vec![1, 1, 10 + i % 4, 100 + i]).collect();
        let vocabulary = Vocabulary::of(documents.iter().map(Vec::as_slice), 5, 0.5);
        assert_eq!(vocabulary.terms, [10, 11, 12, 13]);
        assert_eq!(vocabulary.places(&[13, 1, 10, 10], 2), [3, 0]);
        assert_eq!((vocabulary.len(), vocabulary.term(1)), (4, 11));
    }
}
