//! Asks every query of a set about one document, in one reading of its texts.

use std::borrow::Cow;
use std::ops::Range;

use vigie_text::segment::Segments;

use crate::automaton::Sink;
use crate::compile::QuerySet;
use crate::condition::Addresses;
use crate::document::Document;
use crate::field::Field;
use crate::operators::{count_apart, loose, near_exists, near_pairs, not_near};
use crate::plan::Plan;
use crate::sift::{Sifted, Sifting};
use crate::spans::{FIELD_GAP, Place, Window, in_window};

/// A place of evidence in the original text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Which text.
    pub field: Field,
    /// Byte range in that text, on character borders.
    pub range: Range<usize>,
    /// Preference given by `^n`; 0 when none.
    pub boost: u32,
}

/// A query that holds for a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Index of the query in the set.
    pub query: usize,
    /// What made it hold, in reading order. Empty when only conditions or absences did.
    pub spans: Vec<Span>,
}

/// Memory reused from one document to the next. One for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) segments: [Segments; 6],
    sifting: Sifting,
    lists: Vec<Vec<Place>>,
    touched: Vec<usize>,
    woken: Vec<bool>,
    candidates: Vec<usize>,
    hits: Vec<Hit>,
}

impl Scratch {
    /// An empty scratch.
    pub fn new() -> Self {
        Self::default()
    }

    fn reset(&mut self, leaves: usize, queries: usize) {
        for leaf in self.touched.drain(..) {
            self.lists[leaf].clear();
        }
        if self.lists.len() < leaves {
            self.lists.resize_with(leaves, Vec::new);
        }
        self.woken.clear();
        self.woken.resize(queries, false);
        self.candidates.clear();
        self.hits.clear();
    }
}

/// Collects places by leaf.
struct Lists<'a> {
    lists: &'a mut [Vec<Place>],
    touched: &'a mut Vec<usize>,
}

impl Sink for Lists<'_> {
    fn place(&mut self, leaf: usize, place: Place) {
        let list = &mut self.lists[leaf];
        match list.last() {
            None => self.touched.push(leaf),
            Some(last) if *last == place => return,
            Some(_) => {}
        }
        list.push(place);
    }
}

/// Where each text of the document stands in the positions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) field: Field,
    pub(crate) content: &'a str,
    pub(crate) slot: usize,
    pub(crate) window: Window,
}

/// Sentences or paragraphs, as windows in reading order.
#[derive(Debug, Default)]
struct Blocks {
    sentences: Vec<Window>,
    paragraphs: Vec<Window>,
}

impl QuerySet {
    /// The queries that hold for a document, in the order of the set, with their evidence.
    pub fn matches<'s>(&self, document: &Document<'_>, scratch: &'s mut Scratch) -> &'s [Hit] {
        scratch.reset(self.leaves.len(), self.plans.len());
        let sifted = self.sift(document, &mut scratch.sifting, &mut scratch.candidates);
        match sifted {
            Sifted::Complete => {
                scratch.hits.extend(scratch.candidates.iter().map(|query| Hit { query: *query, spans: Vec::new() }));
                return &scratch.hits;
            }
            Sifted::Candidates | Sifted::Untold => {}
        }
        let texts = self.read(document, scratch);
        if sifted == Sifted::Untold {
            scratch.candidates.extend(&self.always);
            for leaf in &scratch.touched {
                for query in &self.wakes[*leaf] {
                    if !std::mem::replace(&mut scratch.woken[*query], true) {
                        scratch.candidates.push(*query);
                    }
                }
            }
            scratch.candidates.sort_unstable();
            if scratch.candidates.is_empty() {
                return &[];
            }
        }
        let blocks = if self.reads_blocks { blocks(&texts, &scratch.segments) } else { Blocks::default() };
        let addresses = Addresses { texts: &texts, segments: &scratch.segments };
        let view = View { document, lists: &scratch.lists, texts: &texts, blocks: &blocks, addresses };
        let window = view.default_window();
        for query in &scratch.candidates {
            let plan = &self.plans[*query];
            if view.holds(plan, window) {
                let spans = view.evidence_spans(plan, window, &scratch.segments);
                scratch.hits.push(Hit { query: *query, spans });
            }
        }
        &scratch.hits
    }

    /// The texts of a document that some query searches, with their numbers.
    pub(crate) fn searched<'a>(&self, document: &Document<'a>) -> impl Iterator<Item = (usize, Field, &'a str)> {
        let (quoted, lead) = (self.reads_quoted, self.reads_lead);
        let texts = document.texts().into_iter().enumerate();
        texts.filter_map(move |(slot, (field, text))| {
            let wanted = match field {
                Field::Quoted => quoted,
                Field::Lead => lead,
                _ => true,
            };
            text.filter(|_| wanted).map(|text| (slot, field, text))
        })
    }

    fn read<'a>(&self, document: &Document<'a>, scratch: &mut Scratch) -> Vec<Text<'a>> {
        let mut texts = Vec::with_capacity(4);
        let mut base = 0u32;
        for (slot, field, text) in self.searched(document) {
            let segments = &mut scratch.segments[slot];
            segments.read(text);
            let mut sink = Lists { lists: &mut scratch.lists, touched: &mut scratch.touched };
            self.automaton.scan(&self.leaves, text, segments, base, &mut sink);
            let high = base.saturating_add(segments.positions());
            texts.push(Text { field, content: text, slot, window: Window { low: base, high } });
            base = high.saturating_add(FIELD_GAP);
        }
        texts
    }
}

fn blocks(texts: &[Text<'_>], segments: &[Segments; 6]) -> Blocks {
    let mut out = Blocks::default();
    for text in texts {
        let base = text.window.low;
        let mut last: Option<(u32, u32)> = None;
        for (token, _) in segments[text.slot].words() {
            let at = base + token.position;
            if last.is_none_or(|(sentence, _)| sentence != token.sentence) {
                open(&mut out.sentences, at, base);
            }
            if last.is_none_or(|(_, paragraph)| paragraph != token.paragraph) {
                open(&mut out.paragraphs, at, base);
            }
            last = Some((token.sentence, token.paragraph));
        }
        for list in [&mut out.sentences, &mut out.paragraphs] {
            if let Some(window) = list.last_mut().filter(|w| w.low >= base) {
                window.high = text.window.high;
            }
        }
    }
    out
}

/// Begins a block and closes the one before it in the same text.
fn open(list: &mut Vec<Window>, at: u32, base: u32) {
    if let Some(previous) = list.last_mut().filter(|w| w.low >= base) {
        previous.high = at;
    }
    list.push(Window { low: at, high: at });
}

/// What the evaluation of one document sees.
pub(crate) struct View<'a> {
    document: &'a Document<'a>,
    lists: &'a [Vec<Place>],
    pub(crate) texts: &'a [Text<'a>],
    blocks: &'a Blocks,
    addresses: Addresses<'a>,
}

impl View<'_> {
    /// Title, body, alt and transcript.
    fn default_window(&self) -> Window {
        let searched = self.texts.iter().filter(|t| !matches!(t.field, Field::Quoted | Field::Lead));
        Window { low: 0, high: searched.map(|t| t.window.high).max().unwrap_or(0) }
    }

    /// Where a text field stands; a window without positions when the document lacks it.
    fn field_window(&self, field: Field) -> Window {
        let none = Window { low: 0, high: 0 };
        let of = |field: Field| self.texts.iter().find(|t| t.field == field).map(|t| t.window);
        match field {
            Field::Any => Window { low: 0, high: self.texts.last().map_or(0, |t| t.window.high) },
            Field::Lead => of(Field::Lead).or_else(|| self.first_paragraph()).unwrap_or(none),
            _ => of(field).unwrap_or(none),
        }
    }

    fn first_paragraph(&self) -> Option<Window> {
        let body = self.texts.iter().find(|t| t.field == Field::Body)?.window;
        self.blocks.paragraphs.iter().copied().find(|p| body.contains(*p))
    }

    /// The window of a scope: its field, and the sentence or paragraph it is in, if any.
    pub(crate) fn scope(&self, field: Field, window: Window) -> Window {
        let own = self.field_window(field);
        if window == self.default_window() { own } else { own.intersect(window) }
    }

    pub(crate) fn list(&self, leaf: usize, window: Window) -> &[Place] {
        in_window(&self.lists[leaf], window)
    }

    /// True when the plan holds in the window.
    pub(crate) fn holds(&self, plan: &Plan, window: Window) -> bool {
        match plan {
            Plan::Leaf { leaf, .. } => !self.list(*leaf, window).is_empty(),
            Plan::Condition(condition) => condition.holds(self.document, &self.addresses),
            Plan::And(list) => list.iter().all(|p| self.holds(p, window)),
            Plan::Or(list) => list.iter().any(|p| self.holds(p, window)),
            Plan::Not(inner) => !self.holds(inner, window),
            Plan::Near { left, right, distance, ordered } => {
                near_exists(&self.places(left, window), &self.places(right, window), *distance, *ordered)
            }
            Plan::Scope(field, inner) => self.holds(inner, self.scope(*field, window)),
            Plan::Sentence(inner) => self.sentences(inner, window).any(|s| self.holds(inner, s)),
            Plan::Paragraph(inner) => self.paragraphs(inner, window).any(|p| self.holds(inner, p)),
            Plan::OrderedSentence { parts, others } => {
                let blocks = within(&self.blocks.sentences, window);
                blocks.iter().any(|s| self.in_order(parts, others, *s))
            }
            Plan::AtLeast(count, inner) => count_apart(&self.places(inner, window), *count) >= *count,
            Plan::NotNear { .. } | Plan::Loose { .. } => !self.places(plan, window).is_empty(),
        }
    }

    /// The places of a plan that has some, sorted.
    pub(crate) fn places(&self, plan: &Plan, window: Window) -> Cow<'_, [Place]> {
        match plan {
            Plan::Leaf { leaf, .. } => Cow::Borrowed(self.list(*leaf, window)),
            Plan::Or(list) => {
                let mut all: Vec<Place> = Vec::new();
                for part in list {
                    all.extend_from_slice(&self.places(part, window));
                }
                all.sort_unstable();
                all.dedup();
                Cow::Owned(all)
            }
            Plan::Near { left, right, distance, ordered } => {
                Cow::Owned(near_pairs(&self.places(left, window), &self.places(right, window), *distance, *ordered))
            }
            Plan::NotNear { left, right, distance, ordered } => {
                Cow::Owned(not_near(&self.places(left, window), &self.places(right, window), *distance, *ordered))
            }
            Plan::Loose { leaves, slop, .. } => {
                let lists: Vec<&[Place]> = leaves.iter().map(|leaf| self.list(*leaf, window)).collect();
                if lists.iter().any(|l| l.is_empty()) { Cow::Borrowed(&[]) } else { Cow::Owned(loose(&lists, *slop)) }
            }
            Plan::Scope(field, inner) => self.places(inner, self.scope(*field, window)),
            Plan::Condition(_)
            | Plan::And(_)
            | Plan::Not(_)
            | Plan::Sentence(_)
            | Plan::OrderedSentence { .. }
            | Plan::Paragraph(_)
            | Plan::AtLeast(..) => Cow::Borrowed(&[]),
        }
    }

    pub(crate) fn sentences<'b>(&'b self, inner: &'b Plan, window: Window) -> impl Iterator<Item = Window> + 'b {
        self.candidates(&self.blocks.sentences, inner, window)
    }

    pub(crate) fn paragraphs<'b>(&'b self, inner: &'b Plan, window: Window) -> impl Iterator<Item = Window> + 'b {
        self.candidates(&self.blocks.paragraphs, inner, window)
    }

    /// The blocks of a window in which the plan may hold: those where a leaf it needs occurs.
    fn candidates<'b>(
        &'b self,
        blocks: &'b [Window],
        inner: &Plan,
        window: Window,
    ) -> impl Iterator<Item = Window> + 'b {
        let blocks = within(blocks, window);
        let needs = inner.needs(&|leaf| self.lists[leaf].len() as f64);
        blocks.iter().copied().filter(move |block| {
            needs
                .as_ref()
                .is_none_or(|leaves| leaves.iter().any(|leaf| !in_window(&self.lists[*leaf], *block).is_empty()))
        })
    }

    pub(crate) fn ordered_sentences(&self, parts: &[Plan], others: &[Plan], window: Window) -> Vec<Window> {
        within(&self.blocks.sentences, window).iter().copied().filter(|s| self.in_order(parts, others, *s)).collect()
    }

    /// True when the parts follow each other in the sentence: each takes the place that ends first.
    fn in_order(&self, parts: &[Plan], others: &[Plan], sentence: Window) -> bool {
        let mut free_from = sentence.low;
        for part in parts {
            let places = self.places(part, sentence);
            let Some(end) = places.iter().filter(|p| p.start >= free_from).map(|p| p.end).min() else { return false };
            free_from = end + 1;
        }
        others.iter().all(|p| self.holds(p, sentence))
    }
}

/// The blocks that lie in a window.
fn within(blocks: &[Window], window: Window) -> &[Window] {
    let low = blocks.partition_point(|b| b.low < window.low);
    let high = blocks.partition_point(|b| b.high <= window.high);
    blocks.get(low..high.max(low)).unwrap_or(&[])
}
