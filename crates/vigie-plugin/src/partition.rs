//! The recommended state of a source: one part per query, feed or account, so that adding one does not read the others
//! again.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How far each part of a source has come, by name. Use it as [`crate::Source::State`].
///
/// ```
/// use std::time::Duration;
/// use vigie_plugin::Partitions;
///
/// let mut state = Partitions::default();
/// let feed = state.of("https://example.org/feed");
/// // Six hours again each time, because items may arrive late.
/// assert_eq!(feed.since(Duration::from_secs(6 * 3_600)), None);
/// feed.page("cursor-2", Some(1_767_225_600_000_000));
/// // The listing is at its end: only now does `high` move.
/// feed.end(1_767_225_700_000_000);
/// assert_eq!(feed.since(Duration::ZERO), Some(1_767_225_600_000_000));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Partitions {
    parts: BTreeMap<String, Partition>,
}

/// How far one part of a source has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// Newest item of the last listing that was read to its end, microseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    high: Option<i64>,
    /// Newest item of the listing that is being read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seen: Option<i64>,
    /// Where the listing that is being read goes on: a page, a cursor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frontier: Option<String>,
    /// What the service gave to ask "anything new?" with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

impl Partitions {
    /// The part called `name`, new if there is none.
    pub fn of(&mut self, name: &str) -> &mut Partition {
        self.parts.entry(name.to_owned()).or_default()
    }

    /// Forgets the parts that are not among `names`, so that the state does not grow for ever.
    pub fn keep(&mut self, names: &[&str]) {
        self.parts.retain(|name, _| names.contains(&name.as_str()));
    }
}

impl Partition {
    /// The time to read from: the newest known item less `overlap`; `None` on the first reading.
    pub fn since(&self, overlap: Duration) -> Option<i64> {
        let overlap = i64::try_from(overlap.as_micros()).unwrap_or(i64::MAX);
        self.high.map(|high| high.saturating_sub(overlap))
    }

    /// Where an interrupted listing goes on; `None` means at its beginning.
    pub fn frontier(&self) -> Option<&str> {
        self.frontier.as_deref()
    }

    /// A page was read: the listing goes on at `frontier`, its newest item is of `newest`.
    pub fn page(&mut self, frontier: &str, newest: Option<i64>) {
        self.frontier = Some(frontier.to_owned());
        self.seen = self.seen.max(newest);
    }

    /// The listing was read to its end. What claims to come from after `now` does not count.
    pub fn end(&mut self, now: i64) {
        self.high = self.high.max(self.seen.map(|seen| seen.min(now)));
        self.seen = None;
        self.frontier = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_moves_at_the_end_only_and_never_beyond_now() {
        let mut part = Partition { high: Some(10), ..Partition::default() };
        part.page("2", Some(30));
        part.page("3", None);
        assert_eq!((part.since(Duration::ZERO), part.frontier()), (Some(10), Some("3")));
        part.end(20);
        assert_eq!((part.since(Duration::from_micros(5)), part.frontier()), (Some(15), None));
        part.page("2", Some(3));
        part.end(40);
        assert_eq!(part.since(Duration::ZERO), Some(20), "an older listing takes nothing back");
    }

    #[test]
    fn a_state_is_a_plain_object_of_parts() {
        let mut state = Partitions::default();
        state.of("a").page("next", Some(7));
        state.of("b");
        let json = serde_json::to_string(&state).unwrap_or_default();
        assert_eq!(json, r#"{"a":{"seen":7,"frontier":"next"},"b":{}}"#);
        assert_eq!(serde_json::from_str::<Partitions>(&json).ok(), Some(state.clone()));
        state.keep(&["b"]);
        assert_eq!(serde_json::to_string(&state).ok().as_deref(), Some(r#"{"b":{}}"#));
    }
}
