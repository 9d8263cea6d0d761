//! Which queries may hold for a document, told before its texts are cut into tokens.

use vigie_text::segment::outline::Outline;

use crate::compile::QuerySet;
use crate::document::Document;
use crate::verdict::Glimpse;

/// Places kept of one leaf. With as many, they are taken to be everywhere.
pub(crate) const MOST_TRACES: usize = 1_000;

/// What was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sifted {
    /// Nothing: all must be looked at.
    Untold,
    /// Only these queries may hold.
    Candidates,
    /// These queries hold, and have no place to show.
    Complete,
}

/// A place where a leaf may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Trace {
    /// Which text.
    pub(crate) slot: usize,
    /// Offset in it.
    pub(crate) at: usize,
}

/// Memory reused from one document to the next.
#[derive(Debug, Default)]
pub(crate) struct Sifting {
    outline: Outline,
    /// For each leaf, whether the document may hold it.
    seen: Vec<bool>,
    /// Where leaves may stand.
    traces: Vec<Vec<Trace>>,
    /// Leaves with traces.
    marked: Vec<usize>,
    woken: Vec<bool>,
}

impl QuerySet {
    /// Puts the queries that may hold in `candidates`, in order, as far as the outlines of the texts can tell.
    pub(crate) fn sift(&self, document: &Document<'_>, memory: &mut Sifting, candidates: &mut Vec<usize>) -> Sifted {
        let Some(sieve) = &self.sieve else { return Sifted::Untold };
        let Sifting { outline, seen, traces, marked, woken } = memory;
        for leaf in marked.drain(..) {
            traces[leaf].clear();
        }
        if traces.len() < self.leaves.len() {
            traces.resize_with(self.leaves.len(), Vec::new);
        }
        seen.clear();
        seen.extend_from_slice(sieve.untold());
        for (slot, _, text) in self.searched(document) {
            let told = sieve.scan(text, outline, |leaf, at| {
                if traces[leaf].is_empty() {
                    marked.push(leaf);
                    seen[leaf] = true;
                }
                if traces[leaf].len() < MOST_TRACES {
                    traces[leaf].push(Trace { slot, at });
                }
            });
            if !told {
                return Sifted::Untold;
            }
        }
        woken.clear();
        woken.resize(self.plans.len(), false);
        candidates.extend(&self.always);
        for query in marked.iter().flat_map(|leaf| &self.wakes[*leaf]) {
            if !std::mem::replace(&mut woken[*query], true) {
                candidates.push(*query);
            }
        }
        let glimpse = Glimpse { seen, traces, margins: sieve.margins(), document };
        let mut complete = true;
        candidates.retain(|query| {
            let plan = &self.plans[*query];
            let verdict = glimpse.verdict(plan);
            complete &= verdict == Some(false) || (verdict == Some(true) && !glimpse.sees(plan));
            verdict != Some(false)
        });
        candidates.sort_unstable();
        if complete { Sifted::Complete } else { Sifted::Candidates }
    }
}
