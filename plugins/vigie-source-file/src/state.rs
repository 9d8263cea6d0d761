//! What a later reading needs to know: which contents were read, and how far the one in work.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A content that was read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Done {
    /// Rows in it, rejected ones included.
    pub(crate) rows: u64,
    /// It was damaged after them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) cut: bool,
}

/// The state. Files are known by a hash of their bytes: names and places do not matter, and no name leaks.
///
/// A state with anything else in it is refused: taking it for a beginning would read everything again without a word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Contents read to the end.
    #[serde(default)]
    pub(crate) done: BTreeMap<String, Done>,
    /// The content in work and the rows of it that are covered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) current: Option<(String, u64)>,
}

impl State {
    /// Rows of this content that an earlier reading covered.
    pub(crate) fn covered(&self, hash: &str) -> u64 {
        self.current.as_ref().filter(|(current, _)| current == hash).map_or(0, |(_, rows)| *rows)
    }
}
