//! What makes two texts the same story: exact copies and near-copies.
//!
//! A [`Signature`] is made once per text ([`sign`]); [`stories`] then gives every text the number of
//! its story. Near-copies are proposed by MinHash bands and always verified by the exact Jaccard
//! similarity of their word n-grams, so a wrong proposal never merges two texts. Which tokens of a text
//! count is decided by the caller ([`crate::reading`] leaves out links and handles).

use crate::hashing::{mix, word_hash};

mod bands;
mod groups;
mod recent;
mod storms;

pub use bands::Bands;
pub use groups::stories;
pub use recent::{BandKeys, Recent};
pub use storms::{Published, storms};

/// Fewest tokens for which an exact copy means anything: « merci » twice is not a story.
pub const FEWEST_TOKENS: usize = 4;
/// Fewest tokens for near-copies.
pub const FEWEST_NEAR_TOKENS: usize = 8;
/// Above this number of tokens a text is long: 5-grams instead of 3-grams, a higher threshold.
pub const LONG_TOKENS: usize = 50;
/// Two texts further apart than this (30 days, in microseconds) are never linked directly.
pub const WINDOW_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;

/// How near-copies of a text are searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Register {
    /// Too short to be compared at all (fewer than 4 tokens).
    #[default]
    None,
    /// 4 to 7 tokens: exact copies only.
    Exact,
    /// 8 to 50 tokens: word 3-grams, 25 bands of 5, Jaccard at least 0.7.
    Short,
    /// More than 50 tokens: word 5-grams, 14 bands of 8, Jaccard at least 0.8.
    Long,
}

impl Register {
    /// The register of a text of `tokens` tokens.
    pub fn of(tokens: usize) -> Self {
        match tokens {
            0..FEWEST_TOKENS => Self::None,
            FEWEST_TOKENS..FEWEST_NEAR_TOKENS => Self::Exact,
            FEWEST_NEAR_TOKENS..=LONG_TOKENS => Self::Short,
            _ => Self::Long,
        }
    }

    /// Words in a shingle; 0 when near-copies are not searched for.
    pub fn shingle_words(self) -> usize {
        match self {
            Self::None | Self::Exact => 0,
            Self::Short => 3,
            Self::Long => 5,
        }
    }

    /// Least Jaccard similarity of two texts of the same story.
    pub fn threshold(self) -> f64 {
        match self {
            Self::Long => 0.8,
            _ => 0.7,
        }
    }
}

/// What is kept of a text to find its copies. Two texts with the same tokens have equal signatures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature {
    /// Hash of the normalised tokens, in order. Meaningless when `register` is [`Register::None`].
    pub exact: u64,
    /// How near-copies are searched for.
    pub register: Register,
    /// Hashes of the word n-grams, sorted and distinct. Empty for short texts.
    pub shingles: Box<[u32]>,
}

/// Signs a text given the hashes of its normalised tokens, in order.
///
/// ```
/// use vigie_text::signature::{sign, token_hash};
/// let hashes: Vec<u64> = ["le", "service", "est", "coupé"].iter().map(|t| token_hash(t)).collect();
/// assert_eq!(sign(&hashes), sign(&hashes.clone()));
/// ```
pub fn sign(token_hashes: &[u64]) -> Signature {
    let register = Register::of(token_hashes.len());
    let exact = fold_hashes(token_hashes);
    let size = register.shingle_words();
    if size == 0 {
        return Signature { exact, register, shingles: Box::default() };
    }
    let mut shingles: Vec<u32> = token_hashes.windows(size).map(|w| (fold_hashes(w) >> 32) as u32).collect();
    shingles.sort_unstable();
    shingles.dedup();
    Signature { exact, register, shingles: shingles.into_boxed_slice() }
}

/// The hash of one normalised token, as [`sign`] expects it.
pub fn token_hash(token: &str) -> u64 {
    word_hash(token)
}

/// An order-dependent hash of hashes: a multiplication and a rotation each, enough for identity.
fn fold_hashes(hashes: &[u64]) -> u64 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64 ^ hashes.len() as u64;
    for hash in hashes {
        state = (state.rotate_left(23) ^ hash).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    }
    mix(state)
}

/// Exact Jaccard similarity of two sorted lists of distinct shingles, 0 to 1; 0 when both are empty.
pub fn jaccard(a: &[u32], b: &[u32]) -> f64 {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<u64> {
        text.split(' ').map(token_hash).collect()
    }

    #[test]
    fn registers_follow_the_number_of_tokens() {
        let of = |n: usize| sign(&vec![7; n]).register;
        assert_eq!([of(3), of(4), of(7), of(8), of(50), of(51)], {
            use Register::{Exact, Long, None, Short};
            [None, Exact, Exact, Short, Short, Long]
        });
    }

    #[test]
    fn order_matters() {
        assert_ne!(sign(&hashes("a b c d")).exact, sign(&hashes("b a c d")).exact);
    }

    #[test]
    fn jaccard_of_known_sets() {
        assert_eq!(jaccard(&[1, 2, 3], &[2, 3, 4]), 0.5);
        assert_eq!(jaccard(&[], &[]), 0.0);
        assert_eq!(jaccard(&[5], &[5]), 1.0);
    }
}
