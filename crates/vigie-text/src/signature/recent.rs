//! Stories of texts that come one after the other and are not kept: each is compared with those that
//! came just before, in memory that does not grow.

use std::collections::{HashMap, VecDeque};

use super::bands::{band_hashes, band_key, spread};
use super::{Bands, Register, Signature, jaccard};
use crate::hashing::{ByHash, mix};

/// The hashes of all bands of both registers of near-copies, made once.
#[derive(Debug, Clone)]
pub struct BandKeys {
    short: Vec<Vec<(u64, u64)>>,
    long: Vec<Vec<(u64, u64)>>,
}

impl Default for BandKeys {
    fn default() -> Self {
        let all = |register| {
            Bands::of(register).map_or_else(Vec::new, |cut| (0..cut.bands).map(|b| band_hashes(cut, b)).collect())
        };
        Self { short: all(Register::Short), long: all(Register::Long) }
    }
}

impl BandKeys {
    /// The keys under which a text looks for its copies: that of its exact form, then one per band.
    /// Empty for a text too short to be compared.
    pub fn of(&self, signature: &Signature) -> Box<[u64]> {
        let bands: &[Vec<(u64, u64)>] = match signature.register {
            Register::None => return Box::default(),
            Register::Exact => &[],
            Register::Short => &self.short,
            Register::Long => &self.long,
        };
        let shingles: Vec<u64> = signature.shingles.iter().map(|s| spread(*s)).collect();
        // The number of the band is part of the key: one table holds them all.
        let near = bands.iter().enumerate().map(|(i, hashes)| mix(band_key(&shingles, hashes) ^ (i as u64 + 1)));
        std::iter::once(signature.exact).chain(near).collect()
    }
}

/// A text that later ones may copy.
#[derive(Debug)]
struct Kept {
    story: u64,
    signature: Signature,
    keys: Box<[u64]>,
}

/// The last texts met, each different from the others, and the story of each.
#[derive(Debug)]
pub struct Recent {
    most: usize,
    /// Number of the first text in `texts`, counting every text ever kept.
    first: u64,
    texts: VecDeque<Kept>,
    by_key: HashMap<u64, u64, ByHash>,
}

impl Recent {
    /// Remembers at most `most` different texts: about one kilobyte each.
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), first: 0, texts: VecDeque::new(), by_key: HashMap::default() }
    }

    /// The story of the next text: that of the earliest text remembered that it copies, else `own`.
    ///
    /// `keys` are those of [`BandKeys::of`] for the same signature.
    ///
    /// ```
    /// use vigie_text::signature::{BandKeys, Recent, sign, token_hash};
    /// let (bands, mut recent) = (BandKeys::default(), Recent::new(1_000));
    /// let mut story = |own: u64, text: &str| {
    ///     let signature = sign(&text.split(' ').map(token_hash).collect::<Vec<_>>());
    ///     recent.story(own, signature.clone(), bands.of(&signature))
    /// };
    /// assert_eq!(story(1, "panne du réseau ce matin"), 1);
    /// assert_eq!(story(2, "très content de mon forfait"), 2);
    /// assert_eq!(story(3, "panne du réseau ce matin"), 1);
    /// ```
    pub fn story(&mut self, own: u64, signature: Signature, keys: Box<[u64]>) -> u64 {
        let Some(exact) = keys.first() else { return own };
        if let Some(same) = self.kept(*exact).filter(|k| k.signature.exact == signature.exact) {
            return same.story;
        }
        let threshold = signature.register.threshold();
        let near = keys[1..]
            .iter()
            .filter_map(|key| self.kept(*key))
            .filter(|k| k.signature.register == signature.register)
            .filter(|k| jaccard(&k.signature.shingles, &signature.shingles) >= threshold)
            .map(|k| k.story)
            .min();
        let story = near.unwrap_or(own);
        self.keep(Kept { story, signature, keys });
        story
    }

    fn kept(&self, key: u64) -> Option<&Kept> {
        let number = self.by_key.get(&key)?;
        self.texts.get(number.checked_sub(self.first)? as usize)
    }

    fn keep(&mut self, text: Kept) {
        if self.texts.len() == self.most
            && let Some(oldest) = self.texts.pop_front()
        {
            for key in &oldest.keys {
                if self.by_key.get(key) == Some(&self.first) {
                    self.by_key.remove(key);
                }
            }
            self.first += 1;
        }
        let number = self.first + self.texts.len() as u64;
        for key in &text.keys {
            self.by_key.insert(*key, number);
        }
        self.texts.push_back(text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{sign, stories};
    use super::*;

    fn in_turn(signed: &[Signature], most: usize) -> (Vec<u64>, Recent) {
        let (bands, mut recent) = (BandKeys::default(), Recent::new(most));
        let found = signed.iter().enumerate().map(|(i, s)| recent.story(i as u64, s.clone(), bands.of(s))).collect();
        (found, recent)
    }

    /// Thirty words of one of `families`, of which up to a fifth are changed.
    fn texts(count: u64, families: u64) -> Vec<Signature> {
        (0..count)
            .map(|i| {
                let words: Vec<u64> =
                    (0..30).map(|w| if w < i % 4 { mix(i << 8 | w) } else { mix((i % families) << 32 | w) }).collect();
                sign(&words)
            })
            .collect()
    }

    #[test]
    fn near_copies_get_the_story_of_the_first() {
        let signed = texts(400, 20);
        let (found, _) = in_turn(&signed, 1_000);
        let times: Vec<_> = signed.iter().enumerate().map(|(i, s)| (i as i64, s)).collect();
        let whole = stories(&times);
        let alike = |a: usize, b: usize| (found[a] == found[b], whole[a] == whole[b]);
        let pairs: Vec<_> = (0..400).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
        let wrong = pairs.iter().filter(|(a, b)| alike(*a, *b) == (true, false)).count();
        let (both, truly) = pairs.iter().fold((0, 0), |(both, truly), (a, b)| match alike(*a, *b) {
            (true, true) => (both + 1, truly + 1),
            (false, true) => (both, truly + 1),
            _ => (both, truly),
        });
        assert_eq!(wrong, 0);
        assert!(truly > 1_000 && both * 100 >= truly * 95, "{both} of {truly}");
    }

    #[test]
    fn memory_does_not_grow_and_what_is_forgotten_is_new() {
        let signed: Vec<Signature> = (0..500_u64).map(|i| sign(&[mix(i), mix(i + 1), 3, 4, 5])).collect();
        let (found, recent) = in_turn(&signed, 50);
        assert_eq!(found, (0..500).collect::<Vec<u64>>());
        assert_eq!((recent.texts.len(), recent.by_key.len()), (50, 50));
        let again: Vec<Signature> = signed[..1].iter().chain(&signed[450..]).cloned().collect();
        let (_, mut recent) = in_turn(&signed, 50);
        let bands = BandKeys::default();
        assert_eq!(recent.story(900, again[0].clone(), bands.of(&again[0])), 900);
        assert_eq!(recent.story(901, again[50].clone(), bands.of(&again[50])), 499);
    }
}
