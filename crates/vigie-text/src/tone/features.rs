//! What the trained model sees of a text: hashed words, pairs of words and pieces of words, and a few
//! numbers from the rules.
//!
//! Everything here is integer arithmetic or a fixed order of `f32` operations: the same text has the same
//! features on every machine.

use std::ops::Range;

use super::View;
use super::rules::Hit;
use crate::hashing::mix;
use crate::segment::TokenKind;
use crate::words::{Gap, Word};

/// Two to this power is the number of hashed features.
pub const HASH_BITS: u32 = 18;
/// Number of hashed features.
pub const HASHED: usize = 1 << HASH_BITS;
/// Number of features from the rules.
pub const DENSE: usize = 18;
/// Shortest and longest pieces of words, in bytes of the folded word with its borders.
const PIECES: std::ops::RangeInclusive<usize> = 3..=5;
/// Bytes of a word that are cut into pieces; the rest of a longer one says nothing more.
const LONGEST: usize = 24;
/// Words of a text that are looked at: more changes nothing.
const MOST_WORDS: usize = 600;

/// A hashed feature: the index in the low bits, the sign in the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashed(u32);

impl Hashed {
    fn of(hash: u64) -> Self {
        let mixed = mix(hash);
        Self((mixed as u32 & (HASHED as u32 - 1)) | ((mixed >> 32) as u32 & 0x8000_0000))
    }

    /// Which weight.
    pub fn index(self) -> usize {
        (self.0 & (HASHED as u32 - 1)) as usize
    }

    /// Whether the weight counts the other way round: two features that fall on one weight then cancel
    /// out as often as they add up.
    pub fn turned(self) -> bool {
        self.0 & 0x8000_0000 != 0
    }
}

/// The features of a text or of a part of it. A buffer: filling it clears it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Features {
    /// Words and pairs of words.
    pub words: Vec<Hashed>,
    /// Pieces of words.
    pub pieces: Vec<Hashed>,
    /// For each word looked at: its index, the end of its words and the end of its pieces.
    marks: Vec<(u32, u32, u32)>,
    /// Numbers from the rules.
    pub dense: [f32; DENSE],
}

const WORD: u64 = 0x57_4F52_4453;
const PAIR: u64 = 0x50_4149_5253;
const PIECE: u64 = 0x50_4945_4345;
const MASKED: u64 = 0x4D_4153_4B45;

impl Features {
    /// Fills with the features of the words of `ranges`, which do not overlap, and of what the rules
    /// found there.
    pub(super) fn fill(&mut self, view: View<'_>, ranges: &[Range<usize>], hits: &[Hit]) {
        self.words.clear();
        self.pieces.clear();
        self.marks.clear();
        let mut left = MOST_WORDS;
        for range in ranges {
            let range = range.start..range.end.min(range.start + left);
            left -= range.len();
            self.add(view, range);
        }
        self.dense = dense(view, MOST_WORDS - left, hits);
    }

    fn add(&mut self, view: View<'_>, range: Range<usize>) {
        let mut before = None;
        for (at, word) in range.clone().zip(&view.words.all()[range]) {
            let hash = if word.masked { MASKED ^ u64::from(word.kind == TokenKind::Handle) } else { word.hash };
            self.words.push(Hashed::of(hash ^ WORD));
            if let Some(last) = before.filter(|_| word.gap != Gap::Strong) {
                self.words.push(Hashed::of(pair(last, hash)));
            }
            before = Some(hash);
            if word.kind == TokenKind::Word && !word.masked {
                self.cut(view, word);
            }
            self.marks.push((at as u32, self.words.len() as u32, self.pieces.len() as u32));
        }
    }

    fn cut(&mut self, view: View<'_>, word: &Word) {
        let Some(token) = view.segments.tokens().get(word.token as usize) else { return };
        let folded = view.segments.folded(token).as_bytes();
        let folded = &folded[..folded.len().min(LONGEST)];
        let mut bordered = [b'_'; LONGEST + 2];
        bordered[1..=folded.len()].copy_from_slice(folded);
        let bordered = &bordered[..folded.len() + 2];
        for start in 0..bordered.len() {
            let mut state = PIECE;
            for (len, byte) in (1..=*PIECES.end()).zip(&bordered[start..]) {
                state = (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
                if len >= *PIECES.start() {
                    self.pieces.push(Hashed::of(state ^ (len as u64) << 56));
                }
            }
        }
    }

    /// Index of each word looked at, with its features.
    pub(super) fn by_word(&self) -> impl Iterator<Item = (usize, &[Hashed], &[Hashed])> {
        self.marks.iter().scan((0, 0), |(words, pieces), (at, words_end, pieces_end)| {
            let (w, p) = (*words..*words_end as usize, *pieces..*pieces_end as usize);
            (*words, *pieces) = (w.end, p.end);
            Some((*at as usize, &self.words[w], &self.pieces[p]))
        })
    }
}

fn pair(first: u64, second: u64) -> u64 {
    (first.rotate_left(17) ^ second).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ PAIR
}

/// `x / (x + half)`: 0 to 1, a half at `half`.
fn saturated(x: f32, half: f32) -> f32 {
    x / (x + half)
}

/// `x / (1 + |x|)`: -1 to 1.
fn balanced(x: f32) -> f32 {
    x / (1.0 + x.abs())
}

/// What the rules say, each between -1 and 1.
fn dense(view: View<'_>, words: usize, hits: &[Hit]) -> [f32; DENSE] {
    let is_sign = |h: &Hit| {
        view.words.all().get(h.first as usize).is_some_and(|w| matches!(w.kind, TokenKind::Emoji | TokenKind::Emoticon))
    };
    let (mut positive, mut negative, mut most_positive, mut most_negative) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    let (mut good_signs, mut bad_signs) = (0.0_f32, 0.0_f32);
    let (mut good, mut bad) = (0_u32, 0_u32);
    for hit in hits {
        let sign = is_sign(hit);
        if hit.weight >= 0.0 {
            positive += hit.weight;
            most_positive = most_positive.max(hit.weight);
            good += 1;
            good_signs += if sign { hit.weight } else { 0.0 };
        } else {
            negative -= hit.weight;
            most_negative = most_negative.max(-hit.weight);
            bad += 1;
            bad_signs -= if sign { hit.weight } else { 0.0 };
        }
    }
    let total = positive - negative;
    let count = words as f32;
    let last = hits.last().map_or(0.0, |h| (h.weight / 4.0).clamp(-1.0, 1.0));
    let questions = view.words.endings().iter().filter(|e| e.question).count();
    [
        total / (total * total + 15.0).sqrt(),
        saturated(positive, 4.0),
        saturated(negative, 4.0),
        saturated(positive, 1.0),
        saturated(negative, 1.0),
        saturated(good as f32, 2.0),
        saturated(bad as f32, 2.0),
        (most_positive / 4.0).min(1.0),
        (most_negative / 4.0).min(1.0),
        last,
        if hits.is_empty() { 1.0 } else { 0.0 },
        saturated(good_signs, 2.0),
        saturated(bad_signs, 2.0),
        saturated(view.words.exclamations().min(4) as f32, 2.0),
        saturated(questions.min(4) as f32, 2.0),
        if view.words.capitals_stand_out() { 1.0 } else { 0.0 },
        saturated(count, 20.0),
        balanced(5.0 * total / (count + 5.0)),
    ]
}
