//! Which rows a table already holds.

use std::collections::HashMap;

/// What a row is to the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Novelty {
    /// Never seen.
    New,
    /// Seen, but it said something else: the newest version counts.
    Edited,
    /// Seen as it is.
    Duplicate,
}

/// Fingerprints of all archived rows of a table: key and content, about 32 bytes a row.
#[derive(Debug, Default)]
pub struct KnownRows {
    rows: HashMap<u128, i64>,
}

impl KnownRows {
    /// Remembers a row by its key and what it says, and tells what it was.
    pub fn observe(&mut self, key: u128, content: i64) -> Novelty {
        match self.rows.insert(key, content) {
            None => Novelty::New,
            Some(before) if before == content => Novelty::Duplicate,
            Some(_) => Novelty::Edited,
        }
    }

    /// What the row with this key says, if there is one.
    pub fn content(&self, key: u128) -> Option<i64> {
        self.rows.get(&key).copied()
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
        assert_eq!(known.observe(1, 10), Novelty::New);
        assert_eq!(known.observe(1, 10), Novelty::Duplicate);
        assert_eq!(known.observe(1, 11), Novelty::Edited);
        assert_eq!((known.len(), known.content(1), known.content(2)), (1, Some(11), None));
    }
}
