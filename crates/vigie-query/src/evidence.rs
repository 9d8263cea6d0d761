//! What made a query hold, mapped back to the bytes of the original texts.

use vigie_text::segment::Segments;

use crate::matcher::{Span, View};
use crate::plan::Plan;
use crate::spans::{Place, Window};

/// Most places kept for one hit: a page of evidence, not a copy of a hostile text.
const MAX_PLACES: usize = 10_000;

type Found = Vec<(Place, u32)>;

impl View<'_> {
    /// The evidence of a plan that holds, in reading order.
    pub(crate) fn evidence_spans(&self, plan: &Plan, window: Window, segments: &[Segments; 6]) -> Vec<Span> {
        let mut found = Vec::new();
        self.collect(plan, window, &mut found);
        found.sort_unstable_by_key(|(place, boost)| (*place, std::cmp::Reverse(*boost)));
        found.dedup_by_key(|f| f.0);
        found.into_iter().filter_map(|(place, boost)| self.span(place, boost, segments)).collect()
    }

    fn span(&self, place: Place, boost: u32, segments: &[Segments; 6]) -> Option<Span> {
        let text = self.texts.iter().find(|t| t.window.low <= place.start && place.start < t.window.high)?;
        let base = text.window.low;
        let first = segments[text.slot].at(place.start - base)?;
        let last = segments[text.slot].at(place.end - base)?;
        let (start, end) = (first.original().start, last.original().end);
        let start = if text.content[..start].ends_with('#') { start - 1 } else { start };
        Some(Span { field: text.field, range: start..end, boost })
    }

    fn collect(&self, plan: &Plan, window: Window, out: &mut Found) {
        if out.len() >= MAX_PLACES {
            return;
        }
        match plan {
            Plan::Leaf { leaf, boost } => add(self.list(*leaf, window), *boost, out),
            Plan::And(list) => list.iter().for_each(|p| self.collect(p, window, out)),
            Plan::Or(list) => list.iter().filter(|p| self.holds(p, window)).for_each(|p| self.collect(p, window, out)),
            Plan::Near { left, right, .. } => {
                let covers = self.places(plan, window);
                let mut inner = Vec::new();
                self.collect(left, window, &mut inner);
                self.collect(right, window, &mut inner);
                keep_covered(&covers, inner, out);
            }
            Plan::Loose { leaves, boost, .. } => {
                let covers = self.places(plan, window);
                let mut inner = Vec::new();
                for leaf in leaves {
                    add(self.list(*leaf, window), *boost, &mut inner);
                }
                keep_covered(&covers, inner, out);
            }
            Plan::NotNear { left, .. } => {
                let covers = self.places(plan, window);
                let mut inner = Vec::new();
                self.collect(left, window, &mut inner);
                keep_covered(&covers, inner, out);
            }
            Plan::Scope(field, inner) => self.collect(inner, self.scope(*field, window), out),
            Plan::Sentence(inner) => {
                self.sentences(inner, window)
                    .filter(|s| self.holds(inner, *s))
                    .for_each(|s| self.collect(inner, s, out));
            }
            Plan::Paragraph(inner) => {
                self.paragraphs(inner, window)
                    .filter(|p| self.holds(inner, *p))
                    .for_each(|p| self.collect(inner, p, out));
            }
            Plan::OrderedSentence { parts, others } => {
                for sentence in self.ordered_sentences(parts, others, window) {
                    for part in parts {
                        self.collect(part, sentence, out);
                    }
                }
            }
            Plan::AtLeast(_, inner) => self.collect(inner, window, out),
            Plan::Condition(_) | Plan::Not(_) => {}
        }
    }
}

fn add(places: &[Place], boost: u32, out: &mut Found) {
    let room = MAX_PLACES.saturating_sub(out.len());
    out.extend(places.iter().take(room).map(|p| (*p, boost)));
}

/// Keeps the places that lie in one of the covers (sorted by start).
fn keep_covered(covers: &[Place], places: Found, out: &mut Found) {
    let mut reach = Vec::with_capacity(covers.len());
    let mut furthest = 0;
    for cover in covers {
        furthest = furthest.max(cover.end);
        reach.push(furthest);
    }
    out.extend(places.into_iter().filter(|(place, _)| {
        let count = covers.partition_point(|c| c.start <= place.start);
        count.checked_sub(1).is_some_and(|i| reach[i] >= place.end)
    }));
}
