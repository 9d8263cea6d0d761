//! What can be said of a plan when only the leaves that a document cannot hold are known.

use crate::document::Document;
use crate::plan::Plan;
use crate::sift::{MOST_TRACES, Trace};

/// What is known of a document before its texts are cut into tokens.
pub(crate) struct Glimpse<'a> {
    /// For each leaf, whether the document may hold it.
    pub(crate) seen: &'a [bool],
    /// For each leaf, where it may stand.
    pub(crate) traces: &'a [Vec<Trace>],
    /// For each leaf, how many tokens it may go on around there. None when its traces are not its places.
    pub(crate) margins: &'a [Option<u32>],
    pub(crate) document: &'a Document<'a>,
}

impl Glimpse<'_> {
    /// Whether the plan holds, whatever the leaves that were seen turn out to be. None when that decides.
    pub(crate) fn verdict(&self, plan: &Plan) -> Option<bool> {
        match plan {
            Plan::Leaf { leaf, .. } => absent(!self.seen[*leaf]),
            Plan::Condition(condition) => condition.holds_without_texts(self.document),
            Plan::And(list) => self.all(list.iter()),
            Plan::Or(list) => {
                let mut known = Some(false);
                for part in list {
                    match self.verdict(part) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => known = None,
                    }
                }
                known
            }
            Plan::Not(inner) => self.verdict(inner).map(|held| !held),
            Plan::Near { left, right, distance, ordered } => absent(
                self.verdict(left) == Some(false)
                    || self.verdict(right) == Some(false)
                    || self.apart(left, right, *distance, *ordered),
            ),
            Plan::NotNear { left, .. } => absent(self.verdict(left) == Some(false)),
            Plan::Loose { leaves, .. } => absent(leaves.iter().any(|leaf| !self.seen[*leaf])),
            Plan::Scope(_, inner) => self.verdict(inner),
            // A text without words has no sentence in which an absence could hold.
            Plan::Sentence(inner) | Plan::Paragraph(inner) | Plan::AtLeast(_, inner) => {
                absent(self.verdict(inner) == Some(false))
            }
            Plan::OrderedSentence { parts, others } => absent(self.all(parts.iter().chain(others)) == Some(false)),
        }
    }

    /// True when the document may hold a leaf that the plan would show as evidence.
    pub(crate) fn sees(&self, plan: &Plan) -> bool {
        let mut shown = vec![false; self.seen.len()];
        plan.decisive(false, &mut shown);
        shown.iter().zip(self.seen).any(|(shown, seen)| *shown && *seen)
    }

    /// True when each place of the left side is further than the distance from any place of the right side.
    fn apart(&self, left: &Plan, right: &Plan, distance: u32, ordered: bool) -> bool {
        let (mut from, mut to) = (Vec::new(), Vec::new());
        let Some(margins) = self.traces(left, &mut from).zip(self.traces(right, &mut to)) else { return false };
        let limit = distance.saturating_add(margins.0).saturating_add(margins.1);
        to.sort_unstable();
        let texts = self.document.texts();
        let beyond = |a: Trace, b: Trace| {
            a.slot != b.slot || texts[a.slot].1.is_none_or(|text| more_words(text.as_bytes(), a.at, b.at, limit))
        };
        from.iter().all(|l| {
            let next = to.partition_point(|r| r < l);
            // The same place may stand for two words of a tag.
            let after = to.get(next).is_none_or(|r| beyond(*l, *r));
            let before = next.checked_sub(1).is_none_or(|last| beyond(to[last], *l));
            after && (ordered || before)
        })
    }

    /// Appends where the leaves of a side may stand: the most tokens they go on around, or None when not all are told.
    fn traces(&self, side: &Plan, out: &mut Vec<Trace>) -> Option<u32> {
        match side {
            Plan::Leaf { leaf, .. } => {
                let traces = &self.traces[*leaf];
                out.extend_from_slice(traces);
                self.margins[*leaf].filter(|_| traces.len() < MOST_TRACES)
            }
            Plan::Or(list) => list.iter().try_fold(0, |most, part| Some(self.traces(part, out)?.max(most))),
            Plan::Near { left, right, .. } => Some(self.traces(left, out)?.max(self.traces(right, out)?)),
            _ => None,
        }
    }

    fn all<'p>(&self, parts: impl Iterator<Item = &'p Plan>) -> Option<bool> {
        let mut known = Some(true);
        for part in parts {
            match self.verdict(part) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => known = None,
            }
        }
        known
    }
}

/// Absent for sure, or unknown.
fn absent(sure: bool) -> Option<bool> {
    sure.then_some(false)
}

/// True when more words than `limit` stand between two offsets for sure: letters between two blanks. What follows a `<`
/// may be a tag, whose words are none.
fn more_words(text: &[u8], from: usize, to: usize, limit: u32) -> bool {
    let (mut count, mut whole, mut letters) = (0, false, 0);
    for byte in text.get(from..to).unwrap_or(&[]) {
        match byte {
            b' ' | b'\n' => {
                count += u32::from(whole && letters > 0);
                if count > limit {
                    return true;
                }
                (whole, letters) = (true, 0);
            }
            b'<' => return false,
            b'a'..=b'z' | b'A'..=b'Z' => letters += 1,
            _ => whole = false,
        }
    }
    false
}
