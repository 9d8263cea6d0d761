//! Which rows the archive already holds.

use std::collections::HashMap;

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// What a row is to the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// Never seen.
    New,
    /// Seen with another text: the newest version counts.
    Edited,
    /// Seen as it is.
    Duplicate,
}

/// Fingerprints of all archived rows: identifier and content.
///
/// 32 bytes a row; at 128 bits, two identifiers of a billion rows collide with probability 1e-21.
#[derive(Debug, Default)]
pub struct KnownRows {
    rows: HashMap<u128, u64>,
}

impl KnownRows {
    /// Remembers a row and says what it was.
    pub fn observe(&mut self, uid: &str, content_hash: &str) -> Novelty {
        let content = xxh3_64(content_hash.as_bytes());
        match self.rows.insert(xxh3_128(uid.as_bytes()), content) {
            None => Novelty::New,
            Some(before) if before == content => Novelty::Duplicate,
            Some(_) => Novelty::Edited,
        }
    }

    /// Number of distinct rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row is known.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_new_once_then_duplicate_or_edited() {
        let mut known = KnownRows::default();
        assert_eq!(known.observe("x:1", "a"), Novelty::New);
        assert_eq!(known.observe("x:1", "a"), Novelty::Duplicate);
        assert_eq!(known.observe("x:1", "b"), Novelty::Edited);
        assert_eq!(known.len(), 1);
    }
}
