//! The text model: from raw text to tokens, sentences and paragraphs, with the way back to the bytes.
//!
//! One [`Segments`] is a reusable buffer: read a text into it, walk its tokens, read the next text. No
//! allocation happens per token, and none at all once the buffer has grown to the size of the texts.
//! What makes two spellings equal lives in [`crate::normalize`].

mod abbreviations;
mod emoji;
mod markup;
pub mod outline;
mod scan;
mod sentence;
mod social;

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenKind {
    /// A word, possibly with digits (`S12`, `5G`).
    Word,
    /// Digits with their decimal separators (`3,5`).
    Number,
    /// A whole hashtag, `#` included. Its body follows as words at the same positions.
    Hashtag,
    /// A whole cashtag, `$` included. Its body follows as a word at the same position.
    Cashtag,
    /// An account name, `@` included. Its body is not a word of the text.
    Handle,
    /// One emoji, whole sequence.
    Emoji,
    /// One emoticon in its normal form (`:-)` becomes `:)`).
    Emoticon,
    /// A web address. It has no position and no folded text: it is not part of what is said.
    Url,
    /// A run of one punctuation or symbol character. It has no position.
    Punct,
}

/// One token of a text. Texts are read with [`Segments::folded`] and [`Segments::original_range`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    folded_start: u32,
    folded_len: u32,
    start: u32,
    end: u32,
    /// Position among the tokens that count for distances, from 0. Punctuation and addresses carry the
    /// position of the next counted token; a hashtag carries the one of its first body word.
    pub position: u32,
    /// Sentence index, from 0.
    pub sentence: u32,
    /// Paragraph index, from 0.
    pub paragraph: u32,
    /// How many positions the token covers: 0 for punctuation and addresses, the number of body words
    /// for a hashtag, else 1.
    pub width: u16,
    /// What it is.
    pub kind: TokenKind,
    /// True when nothing but an apostrophe, hyphen, underscore, dot or case change separates it from the
    /// token on its left (`l'|oreal`, `coca-|cola`, `#Bon|Service`).
    pub joined_left: bool,
}

impl Token {
    /// Byte range in the original text.
    pub fn original(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// True for tokens that count for distances and stand in the word stream.
    pub fn is_counted(&self) -> bool {
        !matches!(self.kind, TokenKind::Hashtag | TokenKind::Cashtag | TokenKind::Url | TokenKind::Punct)
    }
}

/// A text cut into tokens. Reusable: [`Segments::read`] clears it and keeps its memory.
///
/// Texts longer than `u32::MAX` bytes are read up to that limit.
#[derive(Debug, Clone, Default)]
pub struct Segments {
    /// Folded counted tokens, each between two NUL bytes.
    words: String,
    /// Folded tags and punctuation, each between two NUL bytes.
    side: String,
    tokens: Vec<Token>,
    /// Index in `tokens` of each counted token, by position.
    counted: Vec<u32>,
}

impl Segments {
    /// An empty buffer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a text, replacing what the buffer held.
    pub fn read(&mut self, text: &str) {
        scan::scan(text, self);
    }

    /// All tokens in reading order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The folded text of a token: lower case, no accents. Empty for addresses.
    ///
    /// `token` must come from this buffer and this reading.
    pub fn folded(&self, token: &Token) -> &str {
        let buffer = if token.is_counted() { &self.words } else { &self.side };
        let start = token.folded_start as usize;
        buffer.get(start..start + token.folded_len as usize).unwrap_or("")
    }

    /// Every counted token with its folded text.
    pub fn words(&self) -> impl Iterator<Item = (&Token, &str)> {
        self.tokens.iter().filter(|t| t.is_counted()).map(|t| (t, self.folded(t)))
    }

    /// How many positions the text has: the number of counted tokens.
    pub fn positions(&self) -> u32 {
        self.counted.len() as u32
    }

    /// The counted token at a position. None past the end.
    pub fn at(&self, position: u32) -> Option<&Token> {
        let index = self.counted.get(position as usize)?;
        self.tokens.get(*index as usize)
    }

    /// The folded counted tokens in one string, each between two NUL characters: made to be scanned by
    /// an automaton in which `\0word\0` finds whole words and `\0two\0words\0` finds neighbours.
    pub fn word_stream(&self) -> &str {
        &self.words
    }

    /// The folded tags and punctuation in one string, each between two NUL characters.
    pub fn side_stream(&self) -> &str {
        &self.side
    }

    /// Where the folded text of a token starts in [`Self::word_stream`] (counted tokens) or
    /// [`Self::side_stream`] (the others).
    pub fn stream_start(&self, token: &Token) -> usize {
        token.folded_start as usize
    }

    /// Number of sentences.
    pub fn sentence_count(&self) -> u32 {
        self.tokens.last().map_or(0, |t| t.sentence + 1)
    }

    /// Number of paragraphs.
    pub fn paragraph_count(&self) -> u32 {
        self.tokens.last().map_or(0, |t| t.paragraph + 1)
    }

    /// The byte range of each sentence in the original text, in order: from its first token to its last.
    pub fn sentences(&self) -> impl Iterator<Item = Range<usize>> {
        self.tokens.chunk_by(|a, b| a.sentence == b.sentence).map(|group| {
            let end = group.iter().map(|t| t.end).max().unwrap_or(0);
            group[0].start as usize..end as usize
        })
    }

    pub(crate) fn clear(&mut self) {
        self.words.clear();
        self.side.clear();
        self.tokens.clear();
        self.counted.clear();
    }
}

/// The ways to type an emoticon, given its normal form. None for anything else.
pub fn emoticon_spellings(normal: &str) -> impl Iterator<Item = &'static str> {
    emoji::spellings(normal)
}

/// True for characters that open an emoji by themselves.
pub fn opens_emoji(c: char) -> bool {
    emoji::starts_emoji(c)
}

/// The emoticon that begins `text`, if any: its length in bytes and its normal form. For readers of
/// queries, where `:)` is a word and `)` is not.
pub fn emoticon_at(text: &str) -> Option<(usize, &'static str)> {
    emoji::read_emoticon(text, false)
}

#[cfg(test)]
mod tests;
