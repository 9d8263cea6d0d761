//! Word n-grams and their overlap. Keeps the texts of people apart: two people never write nearly the same
//! text by accident of the stock, so that the only copies of the world are the planted ones.

use std::collections::BTreeMap;

/// Hashes of the word n-grams of a text, sorted and unique; words are lower-cased alphanumeric runs.
pub fn shingles(text: &str, n: usize) -> Vec<u64> {
    let lower = crate::noise::without_accents(&text.to_lowercase());
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let mut all: Vec<u64> = words.windows(n.min(words.len()).max(1)).map(hash).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Jaccard overlap of two sorted sets.
pub fn jaccard(a: &[u64], b: &[u64]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let union = a.len() + b.len() - common;
    if union == 0 { 0.0 } else { common as f64 / union as f64 }
}

/// FNV-1a over the words, then a finalising mix.
fn hash(words: &[&str]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for byte in words.iter().flat_map(|w| w.bytes().chain([b' '])) {
        h = (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    h ^= h >> 32;
    h.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Smallest hashes indexed per text: two texts with overlap 0.6 share one of them in 97 cases of 100.
const KEYS: usize = 4;
/// Overlap from which a text is refused.
const TOO_CLOSE: f64 = 0.6;

/// Memory of all texts written so far.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    by_key: BTreeMap<u64, Vec<u32>>,
    texts: Vec<Vec<u64>>,
}

impl Seen {
    /// Remembers the text and returns true, unless an earlier text is nearly the same.
    pub(crate) fn admit(&mut self, text: &str) -> bool {
        let set = shingles(text, 3);
        let keys = &set[..set.len().min(KEYS)];
        let close = |id: &u32| jaccard(&set, &self.texts[*id as usize]) >= TOO_CLOSE;
        if keys.iter().filter_map(|key| self.by_key.get(key)).flatten().any(close) {
            return false;
        }
        let id = self.texts.len() as u32;
        for key in keys {
            self.by_key.entry(*key).or_default().push(id);
        }
        self.texts.push(set);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_copies_are_refused() {
        let mut seen = Seen::default();
        assert!(seen.admit("le réseau est tombé à Rimouski depuis hier soir et personne ne répond"));
        assert!(!seen.admit("Le reseau est tombé à Rimouski depuis hier soir et personne ne répond!"));
        assert!(seen.admit("la facture est bonne ce mois-ci"));
    }
}
