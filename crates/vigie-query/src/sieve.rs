//! Which leaves a text cannot hold, told from its outline in one scan: most texts are then answered without being
//! cut into tokens.
//!
//! For each leaf, one fixed run of letters and digits is looked for. A leaf whose run is absent is absent; a leaf whose
//! run is there may be there.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, BuildError, MatchKind};
use vigie_text::segment::outline::{Outline, shorten};
use vigie_text::segment::{emoticon_spellings, opens_emoji};

use crate::automaton::DENSE_LIMIT;
use crate::pattern::{Leaf, Piece, Shape};

/// Literals and the leaves each of them stands for.
#[derive(Debug)]
struct Literals {
    automaton: AhoCorasick,
    leaves: Vec<Vec<usize>>,
}

/// What is looked for in the outline of a text.
#[derive(Debug, Default)]
pub(crate) struct Sieve {
    words: Option<Literals>,
    /// Words written in several parts, in the squeezed outline.
    squeezed: Option<Literals>,
    /// Symbols and emoticons, in the text itself.
    raw: Option<Literals>,
    /// For each leaf, whether nothing can be told of it.
    untold: Vec<bool>,
    /// For each leaf whose places are told, how many tokens it may go on around the one that was found.
    margins: Vec<Option<u32>>,
}

/// Where the run of a leaf is looked for.
enum Key {
    Word(Vec<u8>),
    Squeezed(Vec<u8>),
    Raw(Vec<String>),
    Open,
}

impl Sieve {
    /// Builds the sieve of some of the leaves, given by their numbers.
    pub(crate) fn new(leaves: &[Leaf], wanted: impl Iterator<Item = usize>) -> Result<Self, BuildError> {
        let (mut words, mut squeezed, mut raw) = (Builder::default(), Builder::default(), Builder::default());
        let mut untold = vec![true; leaves.len()];
        let mut margins = vec![None; leaves.len()];
        for leaf in wanted {
            untold[leaf] = false;
            match key(&leaves[leaf].shape) {
                Key::Word(run) => {
                    words.add(run, leaf);
                    let tokens = if let Shape::Words(pieces) = &leaves[leaf].shape { pieces.len() } else { 1 };
                    margins[leaf] = Some(tokens as u32 - 1);
                }
                Key::Squeezed(run) => squeezed.add(run, leaf),
                Key::Raw(forms) => forms.into_iter().for_each(|form| raw.add(form.into_bytes(), leaf)),
                Key::Open => untold[leaf] = true,
            }
        }
        Ok(Self { words: words.build()?, squeezed: squeezed.build()?, raw: raw.build()?, untold, margins })
    }

    /// For each leaf, whether nothing can be told of it.
    pub(crate) fn untold(&self) -> &[bool] {
        &self.untold
    }

    /// For each leaf, how many tokens it may go on around the one whose place is told. None when no place is.
    pub(crate) fn margins(&self) -> &[Option<u32>] {
        &self.margins
    }

    /// Calls `seen` for each leaf that the text may hold, repeatedly, with an offset in the text. The offset of a
    /// leaf with a margin lies in the word that was found, or just after it. False when nothing can be told of the text.
    pub(crate) fn scan(&self, text: &str, outline: &mut Outline, mut seen: impl FnMut(usize, usize)) -> bool {
        if (self.words.is_some() || self.squeezed.is_some()) && !outline.read(text) {
            return false;
        }
        if let Some(words) = &self.words {
            let mut place = outline.places();
            words.scan(outline.words(), |leaf, last| seen(leaf, place(last)));
        }
        if let Some(squeezed) = &self.squeezed {
            squeezed.scan(outline.squeezed(), &mut seen);
        }
        if let Some(raw) = &self.raw {
            raw.scan(text.as_bytes(), &mut seen);
        }
        true
    }
}

impl Literals {
    /// Calls `seen` with each leaf and the last byte of what was found that is no border.
    fn scan(&self, bytes: &[u8], mut seen: impl FnMut(usize, usize)) {
        for hit in self.automaton.find_overlapping_iter(bytes) {
            let last = hit.end() - 1;
            let last = if bytes[last] == 0 { last - 1 } else { last };
            self.leaves[hit.pattern().as_usize()].iter().for_each(|leaf| seen(*leaf, last));
        }
    }
}

#[derive(Default)]
struct Builder {
    literals: std::collections::BTreeMap<Vec<u8>, Vec<usize>>,
}

impl Builder {
    fn add(&mut self, literal: Vec<u8>, leaf: usize) {
        self.literals.entry(literal).or_default().push(leaf);
    }

    fn build(self) -> Result<Option<Literals>, BuildError> {
        if self.literals.is_empty() {
            return Ok(None);
        }
        let size: usize = self.literals.keys().map(Vec::len).sum();
        let kind = if size < DENSE_LIMIT { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let automaton = AhoCorasickBuilder::new()
            .kind(Some(kind))
            .match_kind(MatchKind::Standard)
            .prefilter(false)
            .build(self.literals.keys())?;
        Ok(Some(Literals { automaton, leaves: self.literals.into_values().collect() }))
    }
}

fn key(shape: &Shape) -> Key {
    match shape {
        Shape::Words(pieces) => best(pieces.iter()),
        Shape::Tag(piece) => best(std::iter::once(piece)),
        Shape::Compound(letters) => {
            let mut run = letters.clone().into_bytes();
            shorten(&mut run);
            Key::Squeezed(run)
        }
        Shape::Symbols(symbols) => Key::Raw(vec![symbols.clone()]),
        Shape::Edits { .. } => Key::Open,
    }
}

/// The run to look for: the longest one of all pieces, since longer is rarer.
fn best<'a>(pieces: impl Iterator<Item = &'a Piece> + Clone) -> Key {
    let mut runs: Vec<Vec<u8>> = Vec::new();
    for piece in pieces.clone() {
        match piece {
            Piece::Word(word) => runs_of(word, true, true, &mut runs),
            Piece::Glob(glob) => glob.texts().for_each(|(text, start, end)| runs_of(text, start, end, &mut runs)),
            Piece::Any => {}
        }
    }
    if let Some(run) = runs.into_iter().max_by_key(Vec::len) {
        return Key::Word(run);
    }
    let words = || pieces.clone().filter_map(|p| if let Piece::Word(word) = p { Some(word) } else { None });
    if let Some(first) = words().filter_map(|w| w.chars().next()).find(|c| opens_emoji(*c)) {
        return Key::Word(format!("\0{first}\0").into_bytes());
    }
    let forms = words().map(|w| emoticon_spellings(w).map(str::to_owned).collect::<Vec<_>>());
    forms.into_iter().find(|f| !f.is_empty()).map_or(Key::Open, Key::Raw)
}

/// The runs of letters and digits of a part of a word, with a NUL where the run cannot go on.
fn runs_of(text: &str, at_start: bool, at_end: bool, out: &mut Vec<Vec<u8>>) {
    let mut at = 0;
    for run in text.split(|c: char| !c.is_alphanumeric()) {
        let (from, to) = (at, at + run.len());
        at = to + text[to..].chars().next().map_or(0, char::len_utf8);
        if run.is_empty() {
            continue;
        }
        let mut literal = Vec::with_capacity(run.len() + 2);
        if at_start || from > 0 {
            literal.push(0);
        }
        literal.extend_from_slice(run.as_bytes());
        if at_end || to < text.len() {
            literal.push(0);
        }
        shorten(&mut literal);
        out.push(literal);
    }
}
