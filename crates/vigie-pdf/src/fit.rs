//! Decides how tightly each section is set and which share a page, by looking at the pages of a
//! first attempt.

use std::collections::{BTreeMap, BTreeSet};

use typst::foundations::{Label, Selector, Value};
use typst::introspection::{Introspector as _, MetadataElem};
use typst::layout::Abs;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

/// Label of the marks the template leaves in each section.
const EDGE: &str = "edge";
/// Largest part of a page that a section may take to share the page of the one before.
const SHORT: f64 = 0.36;
/// Part of a page that may be filled by sections that share it.
const FULL: f64 = 0.9;
/// Part of a page lost between two sections that share it.
const GAP: f64 = 0.08;

/// Sections that are not set as usual, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fit {
    /// White space tightened, drawings a little smaller, to fit one page.
    pub(crate) compact: BTreeSet<String>,
    /// Too long for one page even so: set as usual and allowed to run on.
    pub(crate) flow: BTreeSet<String>,
    /// Short: set on the page of the section before.
    pub(crate) joined: BTreeSet<String>,
    /// Whether sections were looked at for sharing, which is done once.
    shared: bool,
}

/// Where a section was set.
#[derive(Clone, Debug, PartialEq)]
struct Extent {
    id: String,
    first_page: usize,
    last_page: usize,
    /// Height taken, as a part of the text height of a page.
    filled: f64,
}

impl Fit {
    /// Adapts to what `document` shows. `text_height` is that of a page, in points; `sections` are
    /// the sections in reading order. Returns whether the document must be set again.
    pub(crate) fn adapt(&mut self, document: &PagedDocument, text_height: f64, sections: &[String]) -> bool {
        self.decide(&extents(document, text_height), sections)
    }

    fn decide(&mut self, extents: &[Extent], sections: &[String]) -> bool {
        let mut again = false;
        for extent in extents.iter().filter(|extent| extent.first_page < extent.last_page) {
            again |= self.tighten(&extent.id);
        }
        if !self.shared {
            self.shared = true;
            self.joined = sharing(extents, sections);
            again |= !self.joined.is_empty();
        }
        again
    }

    /// One step further for a section longer than a page. A section that shares a page and does
    /// not fit it gets its own page back first.
    fn tighten(&mut self, section: &str) -> bool {
        if self.flow.contains(section) {
            false
        } else if self.joined.remove(section) {
            true
        } else if self.compact.remove(section) {
            self.flow.insert(section.to_owned())
        } else {
            self.compact.insert(section.to_owned())
        }
    }
}

/// Short sections that fit the page of the one before.
fn sharing(extents: &[Extent], sections: &[String]) -> BTreeSet<String> {
    let mut joined = BTreeSet::new();
    let mut used = FULL;
    for id in sections {
        let Some(extent) = extents.iter().find(|extent| extent.id == *id) else {
            continue;
        };
        let whole = extent.first_page == extent.last_page;
        let together = used + GAP + extent.filled;
        if whole && extent.filled <= SHORT && together <= FULL {
            joined.insert(id.clone());
            used = together;
        } else {
            // A section that runs on leaves no page to share.
            used = if whole { extent.filled } else { FULL };
        }
    }
    joined
}

/// Pages and heights of all marked sections, in reading order.
fn extents(document: &PagedDocument, text_height: f64) -> Vec<Extent> {
    let mut found = Vec::new();
    let mut open: BTreeMap<String, BTreeMap<String, (usize, Abs)>> = BTreeMap::new();
    let Some(label) = Label::new(PicoStr::intern(EDGE)) else {
        return found;
    };
    let introspector = document.introspector();
    for mark in introspector.query(&Selector::Label(label)) {
        let Some((id, edge)) = mark.to_packed::<MetadataElem>().and_then(|elem| read_mark(&elem.value)) else {
            continue;
        };
        let Some(place) = mark.location().and_then(|location| introspector.position(location)) else {
            continue;
        };
        let marks = open.entry(id.clone()).or_default();
        marks.insert(edge, (place.page.get(), place.point.y));
        let Some((first_page, last_page)) = marks.get("start").zip(marks.get("end")).map(|(s, e)| (s.0, e.0)) else {
            continue;
        };
        let height = |from: &str, to: &str| match (marks.get(from), marks.get(to)) {
            (Some(from), Some(to)) => (to.1 - from.1).to_pt(),
            _ => 0.0,
        };
        // The white space between the text and the closing box is not taken.
        let filled = (height("start", "filled") + height("box", "end")) / text_height;
        found.push(Extent { id, first_page, last_page, filled });
    }
    found
}

fn read_mark(value: &Value) -> Option<(String, String)> {
    let Value::Dict(mark) = value else {
        return None;
    };
    let text = |key: &str| match mark.get(key) {
        Ok(Value::Str(text)) => Some(text.to_string()),
        _ => None,
    };
    Some((text("id")?, text("edge")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(id: &str, pages: (usize, usize), filled: f64) -> Extent {
        Extent { id: id.into(), first_page: pages.0, last_page: pages.1, filled }
    }

    fn names(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn a_long_section_is_tightened_once_then_left_to_run_on() {
        let mut fit = Fit::default();
        let long = [extent("a", (3, 4), 1.1)];
        assert!(fit.decide(&long, &names(&["a"])));
        assert!(fit.compact.contains("a"));
        assert!(fit.decide(&long, &names(&["a"])));
        assert!(fit.flow.contains("a") && fit.compact.is_empty());
        assert!(!fit.decide(&long, &names(&["a"])));
    }

    #[test]
    fn short_sections_share_a_page_while_there_is_room() {
        let found = [
            extent("essentials", (2, 2), 0.3),
            extent("a", (4, 4), 0.3),
            extent("b", (5, 5), 0.2),
            extent("c", (6, 6), 0.3),
            extent("d", (7, 7), 0.5),
        ];
        let ids = names(&["a", "b", "c", "d"]);
        // `a` does not go with the essentials, `c` has no room left, `d` is not short.
        assert_eq!(sharing(&found, &ids), BTreeSet::from(["b".to_owned()]));
        let mut fit = Fit::default();
        assert!(fit.decide(&found, &ids));
        assert!(!fit.decide(&found, &ids));
    }

    #[test]
    fn a_section_that_does_not_fit_a_shared_page_gets_its_own_back() {
        let mut fit = Fit::default();
        let ids = names(&["a", "b"]);
        fit.decide(&[extent("a", (3, 3), 0.5), extent("b", (4, 4), 0.3)], &ids);
        assert!(fit.joined.contains("b"));
        assert!(fit.decide(&[extent("a", (3, 3), 0.5), extent("b", (3, 4), 0.3)], &ids));
        assert!(fit.joined.is_empty() && fit.compact.is_empty());
    }
}
