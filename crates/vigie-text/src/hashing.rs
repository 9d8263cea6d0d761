//! The hash of words, made once per word and used by every table of this crate.

use std::hash::{BuildHasherDefault, Hasher};

use xxhash_rust::xxh3::xxh3_64;

/// The hash by which a folded word is known.
pub(crate) fn word_hash(folded: &str) -> u64 {
    xxh3_64(folded.as_bytes())
}

/// The finaliser of SplitMix64: every bit of the output depends on every bit of the input.
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// For tables whose keys are word hashes already.
pub(crate) type ByHash = BuildHasherDefault<AsIs>;

/// A hasher that uses its key as it is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
