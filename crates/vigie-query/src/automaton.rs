//! All the leaves of many queries in one automaton over the folded token stream, and the check of each hit.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, BuildError, MatchKind};
use vigie_text::normalize::{exact, is_invisible, strict};
use vigie_text::segment::{Segments, Token, TokenKind};

use crate::distance;
use crate::glob::Glob;
use crate::pattern::{Check, Leaf, Piece, Shape};
use crate::spans::Place;

/// Total bytes of literals under which the fast, large automaton is built.
pub(crate) const DENSE_LIMIT: usize = 60_000;

/// What a hit of a literal means.
#[derive(Debug, Clone, Copy)]
struct Target {
    leaf: usize,
    /// Index of the piece in which the literal ends.
    piece: usize,
    /// It is looked for among tags, not words.
    in_tags: bool,
    /// The hit alone proves the leaf.
    proven: bool,
}

/// The leaves of a query set, ready to be looked for.
#[derive(Debug)]
pub(crate) struct Automaton {
    literals: Option<AhoCorasick>,
    /// Targets of each literal.
    targets: Vec<Vec<Target>>,
    /// Leaves compared with each word that begins with this character.
    by_first: BTreeMap<char, Vec<usize>>,
    symbols: Vec<usize>,
    tags: bool,
}

/// Where hits go.
pub(crate) trait Sink {
    /// Notes a place of a leaf. Places of one leaf come in order.
    fn place(&mut self, leaf: usize, place: Place);
}

impl Automaton {
    /// Builds the automaton of these leaves.
    pub(crate) fn new(leaves: &[Leaf]) -> Result<Self, BuildError> {
        let mut literals: BTreeMap<String, Vec<Target>> = BTreeMap::new();
        let mut by_first: BTreeMap<char, Vec<usize>> = BTreeMap::new();
        let mut symbols = Vec::new();
        for (index, leaf) in leaves.iter().enumerate() {
            match &leaf.shape {
                Shape::Words(pieces) => add(&mut literals, key_of(pieces, index, false, &leaf.check)),
                Shape::Tag(piece) => add(&mut literals, key_of(std::slice::from_ref(piece), index, true, &leaf.check)),
                Shape::Edits { word, .. } | Shape::Compound(word) => {
                    if let Some(first) = word.chars().next() {
                        by_first.entry(first).or_default().push(index);
                    }
                }
                Shape::Symbols(_) => symbols.push(index),
            }
        }
        let tags = literals.values().flatten().any(|t| t.in_tags);
        let size: usize = literals.keys().map(String::len).sum();
        let kind = if size < DENSE_LIMIT { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let built = if literals.is_empty() {
            None
        } else {
            Some(
                AhoCorasickBuilder::new()
                    .kind(Some(kind))
                    .match_kind(MatchKind::Standard)
                    .prefilter(false)
                    .build(literals.keys())?,
            )
        };
        Ok(Self { literals: built, targets: literals.into_values().collect(), by_first, symbols, tags })
    }

    /// Looks for every leaf in one text, whose positions begin at `base`.
    pub(crate) fn scan(&self, leaves: &[Leaf], text: &str, segments: &Segments, base: u32, sink: &mut impl Sink) {
        if let Some(literals) = &self.literals {
            self.scan_words(literals, leaves, text, segments, base, sink);
            if self.tags {
                self.scan_tags(literals, leaves, text, segments, base, sink);
            }
        }
        if !self.by_first.is_empty() {
            self.scan_loose(leaves, text, segments, base, sink);
        }
        for index in &self.symbols {
            if let Shape::Symbols(symbol) = &leaves[*index].shape {
                scan_symbol(*index, symbol, text, segments, base, sink);
            }
        }
    }

    fn scan_words(
        &self,
        literals: &AhoCorasick,
        leaves: &[Leaf],
        text: &str,
        segments: &Segments,
        base: u32,
        sink: &mut impl Sink,
    ) {
        let stream = segments.word_stream();
        let mut position = 0u32;
        for hit in literals.find_overlapping_iter(stream) {
            let last_byte = hit.end() - 1;
            let Some(found) = advance(segments, position, last_byte) else { continue };
            position = found;
            for target in &self.targets[hit.pattern().as_usize()] {
                if target.in_tags {
                    continue;
                }
                let Shape::Words(pieces) = &leaves[target.leaf].shape else { continue };
                // A literal that closes a token ends on the NUL just after it.
                let Some(start) = position.checked_sub(target.piece as u32) else { continue };
                let end = start + pieces.len() as u32 - 1;
                if target.proven || verify(&leaves[target.leaf], pieces, start, text, segments) {
                    sink.place(target.leaf, Place { start: base + start, end: base + end });
                }
            }
        }
    }

    fn scan_tags(
        &self,
        literals: &AhoCorasick,
        leaves: &[Leaf],
        text: &str,
        segments: &Segments,
        base: u32,
        sink: &mut impl Sink,
    ) {
        let stream = segments.side_stream();
        let mut tags =
            segments.tokens().iter().filter(|t| matches!(t.kind, TokenKind::Hashtag | TokenKind::Cashtag)).peekable();
        if tags.peek().is_none() {
            return;
        }
        for hit in literals.find_overlapping_iter(stream) {
            let last_byte = hit.end() - 1;
            while tags.peek().is_some_and(|t| segments.stream_start(t) + segments.folded(t).len() < last_byte) {
                tags.next();
            }
            let Some(tag) = tags.peek() else { return };
            if segments.stream_start(tag) > last_byte {
                continue;
            }
            for target in &self.targets[hit.pattern().as_usize()] {
                let Shape::Tag(piece) = &leaves[target.leaf].shape else { continue };
                if target.in_tags
                    && fits(piece, segments.folded(tag))
                    && check_tag(&leaves[target.leaf].check, tag, text)
                {
                    let start = base + tag.position;
                    sink.place(target.leaf, Place { start, end: start + u32::from(tag.width.max(1)) - 1 });
                }
            }
        }
    }

    fn scan_loose(&self, leaves: &[Leaf], text: &str, segments: &Segments, base: u32, sink: &mut impl Sink) {
        for (token, word) in segments.words() {
            let Some(candidates) = word.chars().next().and_then(|c| self.by_first.get(&c)) else { continue };
            for index in candidates {
                let end = match &leaves[*index] {
                    Leaf { shape: Shape::Edits { word: wanted, limit }, check } => {
                        edits_fit(wanted, usize::from(*limit), check, token, word, text).then_some(token.position)
                    }
                    Leaf { shape: Shape::Compound(letters), check } => {
                        compound_end(letters, check, token.position, segments, text)
                    }
                    _ => None,
                };
                if let Some(end) = end {
                    sink.place(*index, Place { start: base + token.position, end: base + end });
                }
            }
        }
    }
}

fn add(literals: &mut BTreeMap<String, Vec<Target>>, key: Option<(String, Target)>) {
    if let Some((literal, target)) = key {
        literals.entry(literal).or_default().push(target);
    }
}

/// The literal to look for: the longest run of whole words, or the best fixed part of a wildcard.
fn key_of(pieces: &[Piece], leaf: usize, in_tags: bool, check: &Check) -> Option<(String, Target)> {
    let mut best: Option<(String, Target)> = None;
    let mut consider = |literal: String, target: Target| {
        if best.as_ref().is_none_or(|(known, _)| literal.len() > known.len()) {
            best = Some((literal, target));
        }
    };
    let mut run = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Word(word) => {
                if run.is_empty() {
                    run.push('\0');
                }
                run.push_str(word);
                run.push('\0');
                let whole = pieces.len() == run.matches('\0').count() - 1 && *check == Check::Nothing && !in_tags;
                consider(run.clone(), Target { leaf, piece: index, in_tags, proven: whole });
            }
            Piece::Any => run.clear(),
            Piece::Glob(glob) => {
                run.clear();
                if let Some(literal) = anchor(glob) {
                    consider(literal, Target { leaf, piece: index, in_tags, proven: false });
                }
            }
        }
    }
    best
}

fn anchor(glob: &Glob) -> Option<String> {
    let anchor = glob.anchor()?;
    let start = if anchor.at_start { "\0" } else { "" };
    let end = if anchor.at_end { "\0" } else { "" };
    Some(format!("{start}{}{end}", anchor.text))
}

/// The position of the counted token that holds, or is closed by, this byte of the word stream; the search
/// goes on from `from`.
fn advance(segments: &Segments, from: u32, byte: usize) -> Option<u32> {
    let mut position = from;
    loop {
        let token = segments.at(position)?;
        if segments.stream_start(token) + segments.folded(token).len() >= byte {
            return Some(position);
        }
        position += 1;
    }
}

fn fits(piece: &Piece, word: &str) -> bool {
    match piece {
        Piece::Any => true,
        Piece::Word(wanted) => wanted == word,
        // A handle is found by its name with its mark alone.
        Piece::Glob(glob) => glob.matches(word) && (!word.starts_with('@') || glob.begins_with('@')),
    }
}

/// Checks the pieces of a leaf from a position on, then its original characters.
fn verify(leaf: &Leaf, pieces: &[Piece], start: u32, text: &str, segments: &Segments) -> bool {
    let token = |offset: usize| segments.at(start + offset as u32);
    let folded_fits =
        pieces.iter().enumerate().all(|(i, piece)| token(i).is_some_and(|t| fits(piece, segments.folded(t))));
    if !folded_fits {
        return false;
    }
    match &leaf.check {
        Check::Nothing => true,
        Check::Strict(strict_pieces) => strict_pieces
            .iter()
            .enumerate()
            .all(|(i, piece)| token(i).is_some_and(|t| fits(piece, &strict(&text[t.original()])))),
        Check::Exact { before, middle, after } => {
            let (Some(first), Some(last)) = (token(0), token(pieces.len() - 1)) else { return false };
            let (from, to) = (first.original().start, last.original().end);
            let inner = &text[from..to];
            (inner == middle || spaced(&exact(inner)) == *middle)
                && ends_with(&text[..from], before)
                && starts_with(&text[to..], after)
        }
    }
}

/// Runs of white space as one space: a line break between two words is no other spelling.
pub(crate) fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn check_tag(check: &Check, tag: &Token, text: &str) -> bool {
    match check {
        Check::Nothing => true,
        Check::Strict(pieces) => pieces.iter().all(|piece| fits(piece, &strict(&text[tag.original()]))),
        Check::Exact { middle, .. } => exact(&text[tag.original()]) == *middle,
    }
}

/// The characters just before, compared exactly, with a token border before them.
fn ends_with(text: &str, wanted: &str) -> bool {
    let mut left = text.chars().rev().filter(|c| !is_invisible(*c));
    let same = wanted
        .chars()
        .rev()
        .all(|w| left.next().is_some_and(|c| exact(c.encode_utf8(&mut [0; 4])) == exact(w.encode_utf8(&mut [0; 4]))));
    same && (wanted.is_empty() || !left.next().is_some_and(char::is_alphanumeric))
}

/// The characters just after, compared exactly, with a token border after them.
fn starts_with(text: &str, wanted: &str) -> bool {
    let mut right = text.chars().filter(|c| !is_invisible(*c));
    let same = wanted
        .chars()
        .all(|w| right.next().is_some_and(|c| exact(c.encode_utf8(&mut [0; 4])) == exact(w.encode_utf8(&mut [0; 4]))));
    same && (wanted.is_empty() || !right.next().is_some_and(char::is_alphanumeric))
}

fn edits_fit(wanted: &str, limit: usize, check: &Check, token: &Token, word: &str, text: &str) -> bool {
    if token.kind != TokenKind::Word || word.len().abs_diff(wanted.len()) > limit * 4 {
        return false;
    }
    if let Check::Strict(pieces) = check {
        let original = strict(&text[token.original()]);
        return pieces.iter().all(|piece| {
            matches!(piece, Piece::Word(exact_word) if same_first(exact_word, &original) && distance::within(exact_word, &original, limit).is_some())
        });
    }
    distance::within(wanted, word, limit).is_some()
}

fn same_first(a: &str, b: &str) -> bool {
    a.chars().next() == b.chars().next()
}

/// Where the letters of a compound end when it begins at this position: the words must spell it with only
/// spaces, hyphens, apostrophes or underscores between them.
fn compound_end(letters: &str, check: &Check, start: u32, segments: &Segments, text: &str) -> Option<u32> {
    let mut rest = letters;
    let mut position = start;
    let mut original = String::new();
    let mut previous_end: Option<usize> = None;
    loop {
        let token = segments.at(position)?;
        if !matches!(token.kind, TokenKind::Word | TokenKind::Number) {
            return None;
        }
        let range = token.original();
        if let Some(end) = previous_end {
            let gap = text.get(end..range.start)?;
            let joins = |c: char| {
                c == '_'
                    || (c.is_whitespace() && c != '\n')
                    || vigie_text::normalize::is_apostrophe(c)
                    || vigie_text::normalize::is_hyphen(c)
                    || is_invisible(c)
            };
            if !gap.chars().all(joins) {
                return None;
            }
        }
        for c in segments.folded(token).chars().filter(|c| c.is_alphanumeric()) {
            rest = rest.strip_prefix(c)?;
        }
        if matches!(check, Check::Strict(_)) {
            original.push_str(&text[range.clone()]);
        }
        if rest.is_empty() {
            break;
        }
        previous_end = Some(range.end);
        position += 1;
    }
    match check {
        Check::Strict(pieces) => {
            let spelled: String = strict(&original).chars().filter(|c| c.is_alphanumeric()).collect();
            pieces.iter().all(|piece| fits(piece, &spelled)).then_some(position)
        }
        _ => Some(position),
    }
}

/// Characters that are no token: each occurrence takes the position of the token before it.
fn scan_symbol(leaf: usize, symbol: &str, text: &str, segments: &Segments, base: u32, sink: &mut impl Sink) {
    let mut last: Option<u32> = None;
    let mut tokens = segments.words().map(|(t, _)| t).peekable();
    let mut position = 0;
    for (at, _) in text.match_indices(symbol) {
        while let Some(token) = tokens.next_if(|t| t.original().start <= at) {
            position = token.position;
        }
        if last != Some(position) {
            last = Some(position);
            sink.place(leaf, Place { start: base + position, end: base + position });
        }
    }
}
