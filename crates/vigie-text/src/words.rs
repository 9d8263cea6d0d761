//! The words of a text as the tone engine, the signatures and the term list see them: hashed once, with
//! the breaks between them, what is masked, and how each sentence ends.

use std::ops::Range;

use crate::hashing::word_hash;
use crate::segment::{Segments, TokenKind};

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Gap {
    /// Nothing but blanks, an apostrophe or a hyphen inside a compound.
    #[default]
    None,
    /// A comma, colon, dash, bracket or quote.
    Soft,
    /// The end of a sentence, or a semicolon.
    Strong,
}

/// One counted token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Hash of the folded token.
    pub hash: u64,
    /// Byte range in the original text.
    pub start: u32,
    /// End of the byte range.
    pub end: u32,
    /// Index of the token in the segments.
    pub token: u32,
    /// Sentence index.
    pub sentence: u32,
    /// What stands before it.
    pub gap: Gap,
    /// What it is.
    pub kind: TokenKind,
    /// Inside a masked span (a brand name), or a handle: it has no tone of its own.
    pub masked: bool,
    /// Written in capitals, three letters or more.
    pub capitals: bool,
    /// Part of a hashtag.
    pub in_tag: bool,
}

/// How a sentence ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ending {
    /// Number of exclamation marks.
    pub exclamations: u16,
    /// It holds a question mark.
    pub question: bool,
}

/// The words of one text. Reusable: [`Words::fill`] clears it and keeps its memory.
#[derive(Debug, Clone, Default)]
pub struct Words {
    all: Vec<Word>,
    endings: Vec<Ending>,
    shouted: usize,
    lettered: usize,
}

impl Words {
    /// Replaces the content by the words of `text`, which `segments` was read from.
    ///
    /// `masked` holds byte ranges of `text`, in any order: a word that overlaps one is masked.
    pub fn fill(&mut self, text: &str, segments: &Segments, masked: &[Range<usize>]) {
        self.all.clear();
        self.endings.clear();
        self.endings.resize(segments.sentence_count() as usize + 1, Ending::default());
        (self.shouted, self.lettered) = (0, 0);
        let mut gap = Gap::None;
        let mut sentence = 0;
        let mut tag_end = 0;
        for (index, token) in segments.tokens().iter().enumerate() {
            let range = token.original();
            if !token.is_counted() {
                match token.kind {
                    TokenKind::Punct => {
                        gap = gap.max(self.punctuation(segments.folded(token), range.len(), token.sentence));
                    }
                    TokenKind::Hashtag | TokenKind::Cashtag => tag_end = range.end,
                    _ => gap = gap.max(Gap::Soft),
                }
                continue;
            }
            if token.sentence != sentence {
                gap = Gap::Strong;
                sentence = token.sentence;
            }
            let capitals = token.kind == TokenKind::Word && self.shouts(text.get(range.clone()).unwrap_or(""));
            self.all.push(Word {
                hash: word_hash(segments.folded(token)),
                start: range.start as u32,
                end: range.end as u32,
                token: index as u32,
                sentence: token.sentence,
                gap,
                kind: token.kind,
                masked: token.kind == TokenKind::Handle
                    || masked.iter().any(|m| m.start < range.end && range.start < m.end),
                capitals,
                in_tag: range.end <= tag_end,
            });
            gap = Gap::None;
        }
    }

    fn shouts(&mut self, original: &str) -> bool {
        let letters = original.chars().filter(|c| c.is_alphabetic()).take(3).count();
        if letters < 3 {
            return false;
        }
        self.lettered += 1;
        let shouts = !original.chars().any(char::is_lowercase);
        self.shouted += usize::from(shouts);
        shouts
    }

    fn punctuation(&mut self, folded: &str, len: usize, sentence: u32) -> Gap {
        let Some(mark) = folded.chars().next() else { return Gap::None };
        let ending = self.endings.get_mut(sentence as usize);
        match mark {
            '!' | '！' => {
                if let Some(ending) = ending {
                    ending.exclamations = ending.exclamations.saturating_add(len.min(100) as u16);
                }
                Gap::Strong
            }
            '?' | '？' => {
                if let Some(ending) = ending {
                    ending.question = true;
                }
                Gap::Strong
            }
            '.' | '…' | ';' | '。' => Gap::Strong,
            '\'' | '’' | '%' | '€' | '$' | '*' | '°' | '_' | '+' | '&' => Gap::None,
            _ => Gap::Soft,
        }
    }

    /// The words in reading order.
    pub fn all(&self) -> &[Word] {
        &self.all
    }

    /// How a sentence ends.
    pub fn ending(&self, sentence: u32) -> Ending {
        self.endings.get(sentence as usize).copied().unwrap_or_default()
    }

    /// How each sentence ends, in order.
    pub fn endings(&self) -> &[Ending] {
        &self.endings
    }

    /// Exclamation marks in the whole text.
    pub fn exclamations(&self) -> u32 {
        self.endings.iter().map(|e| u32::from(e.exclamations)).sum()
    }

    /// True when capitals stand out: some words are in capitals but not most.
    pub fn capitals_stand_out(&self) -> bool {
        self.shouted > 0 && self.shouted * 2 <= self.lettered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, masked: &[Range<usize>]) -> Words {
        let mut segments = Segments::new();
        segments.read(text);
        let mut words = Words::default();
        words.fill(text, &segments, masked);
        words
    }

    #[test]
    fn gaps_endings_and_masks() {
        let w = words("Bon, mais United NUL !! Vrai ?", std::slice::from_ref(&(10..16)));
        let gaps: Vec<Gap> = w.all().iter().map(|w| w.gap).collect();
        assert_eq!(gaps, [Gap::None, Gap::Soft, Gap::None, Gap::None, Gap::Strong]);
        assert_eq!(w.all().iter().map(|w| w.masked).collect::<Vec<_>>(), [false, false, true, false, false]);
        assert!(w.all()[3].capitals && w.capitals_stand_out());
        assert_eq!((w.ending(0).exclamations, w.ending(1).question), (2, true));
    }
}
