//! Places in a document: spans of token positions and windows that limit where to look.
//!
//! Positions are numbered over all the texts of a document, with a gap between two texts wider than any
//! distance, so that no operator ever crosses a field border.

/// Positions left empty between two texts; wider than [`crate::syntax::MAX_DISTANCE`].
pub(crate) const FIELD_GAP: u32 = 1 << 16;

/// A run of token positions, both ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Positions from `low` (in) to `high` (out).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) low: u32,
    pub(crate) high: u32,
}

impl Window {
    pub(crate) fn intersect(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.min(other.high) }
    }

    pub(crate) fn contains(self, other: Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }
}

/// The places of a list that lie in a window. The list is sorted by start, and by end as well.
pub(crate) fn in_window(list: &[Place], window: Window) -> &[Place] {
    if window.low >= window.high {
        return &[];
    }
    let low = list.partition_point(|p| p.start < window.low);
    let high = list.partition_point(|p| p.end < window.high);
    list.get(low..high.max(low)).unwrap_or(&[])
}
