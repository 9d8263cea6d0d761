//! From one term, phrase or exact form to what is looked for in the token stream.

use vigie_text::normalize::{exact, strict};
use vigie_text::segment::{Segments, Token, TokenKind};

use crate::automaton::spaced;
use crate::glob::Glob;
use crate::options::Accents;
use crate::syntax::{Fuzzy, Phrase, Term};

/// Something to look for. Equal leaves of many queries are looked for once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Leaf {
    pub(crate) shape: Shape,
    pub(crate) check: Check,
}

/// What the tokens must be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// These counted tokens in a row.
    Words(Vec<Piece>),
    /// One hashtag or cashtag, mark included.
    Tag(Piece),
    /// One word at a small edit distance.
    Edits { word: String, limit: u8 },
    /// These letters, cut into words in any way.
    Compound(String),
    /// These characters, none of which is a token.
    Symbols(String),
}

/// What one token must be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Piece {
    Word(String),
    Glob(Glob),
    Any,
}

/// What must hold besides, in the original characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Check {
    Nothing,
    /// The same tokens with their accents, one for each piece.
    Strict(Vec<Piece>),
    /// Exactly these characters: before the first token, from the first to the last, after the last.
    Exact {
        before: String,
        middle: String,
        after: String,
    },
}

/// Why nothing can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PatternError {
    /// No letter, digit, emoji or emoticon.
    Nothing,
    /// A wildcard alone.
    WildcardAlone,
    /// A wildcard with under two fixed characters.
    WildcardTooShort,
    /// A word with a wildcard, or a fuzzy one, longer than [`MAX_WORD`].
    TooLong,
    /// A phrase with `~n` of more words than [`MAX_LOOSE`].
    TooManyWords,
    /// `~1` on something that is not one plain word.
    FuzzyNotAWord,
    /// `~` with a wildcard.
    FuzzyWildcard,
}

/// Most characters of a word with a wildcard or a fuzzy mark: comparing costs their number for each letter read.
pub(crate) const MAX_WORD: usize = 200;
/// Most words of a phrase with `~n`: each place of one is tried with places of all the others.
pub(crate) const MAX_LOOSE: usize = 20;

/// Letters that stand for wildcards while a pattern is cut into tokens: syllables that case and accent
/// folding leave alone, chosen outside the text.
fn stand_ins(text: &str) -> (char, char) {
    let mut free = ('\u{A015}'..='\u{A0FF}').filter(|c| !text.contains(*c));
    let star = free.next().unwrap_or('\u{A015}');
    (star, free.next().unwrap_or('\u{A016}'))
}

/// Cuts a pattern into pieces. `question_marks` tells whether every `?` is a wildcard (terms) or only those
/// between two letters (phrases, where it is punctuation elsewhere).
struct Cut {
    tokens: Vec<(Token, String)>,
    text: String,
    star: char,
    mark: char,
}

fn cut(text: &str, question_marks: bool) -> Cut {
    let (star, mark) = stand_ins(text);
    let chars: Vec<char> = text.chars().collect();
    let replaced: String = chars
        .iter()
        .enumerate()
        .map(|(index, c)| match c {
            '*' => star,
            '?' if question_marks || is_inside_word(&chars, index) => mark,
            c => *c,
        })
        .collect();
    let replaced = merge_star_runs(&replaced, star);
    let mut segments = Segments::new();
    segments.read(&replaced);
    let tags: Vec<&Token> =
        segments.tokens().iter().filter(|t| matches!(t.kind, TokenKind::Hashtag | TokenKind::Cashtag)).collect();
    let tokens = match tags.as_slice() {
        [tag] if tag.original() == (0..replaced.len()) => vec![(**tag, segments.folded(tag).to_owned())],
        _ => segments.words().map(|(t, w)| (*t, w.to_owned())).collect(),
    };
    Cut { tokens, text: replaced, star, mark }
}

fn is_inside_word(chars: &[char], index: usize) -> bool {
    let at = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(|c| c.is_alphanumeric());
    at(index.checked_sub(1)) && at(index.checked_add(1))
}

/// A run of stars means the same as one.
fn merge_star_runs(text: &str, star: char) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != star || !out.ends_with(star) {
            out.push(c);
        }
    }
    out
}

impl Cut {
    fn piece(&self, word: &str) -> Result<Piece, PatternError> {
        if !word.contains([self.star, self.mark]) {
            return Ok(Piece::Word(word.to_owned()));
        }
        if word.chars().all(|c| c == self.star) {
            return Ok(Piece::Any);
        }
        if word.chars().count() > MAX_WORD {
            return Err(PatternError::TooLong);
        }
        let glob = Glob::new(word, self.star, self.mark);
        if glob.fixed() < 2 { Err(PatternError::WildcardTooShort) } else { Ok(Piece::Glob(glob)) }
    }

    fn pieces(&self) -> Result<Vec<Piece>, PatternError> {
        self.tokens.iter().map(|(_, word)| self.piece(word)).collect()
    }

    fn check(&self, accents: Accents) -> Result<Check, PatternError> {
        match accents {
            Accents::Folded => Ok(Check::Nothing),
            Accents::Strict => self
                .tokens
                .iter()
                .map(|(token, _)| self.piece(&strict(&self.text[token.original()])))
                .collect::<Result<_, _>>()
                .map(Check::Strict),
        }
    }

    fn leaf(&self, accents: Accents) -> Result<Leaf, PatternError> {
        let mut pieces = self.pieces()?;
        let Some((first, _)) = self.tokens.first() else { return Err(PatternError::Nothing) };
        if pieces.iter().all(|p| *p == Piece::Any) {
            return Err(PatternError::WildcardAlone);
        }
        let check = self.check(accents)?;
        let is_tag = matches!(first.kind, TokenKind::Hashtag | TokenKind::Cashtag);
        let shape = if is_tag { Shape::Tag(pieces.swap_remove(0)) } else { Shape::Words(pieces) };
        Ok(Leaf { shape, check })
    }
}

/// What a term looks for.
pub(crate) fn of_term(term: &Term, accents: Accents) -> Result<Leaf, PatternError> {
    let has_wildcard = term.text.contains(['*', '?']);
    match term.fuzzy {
        None => cut(&term.text, true).leaf(accents),
        Some(_) if has_wildcard => Err(PatternError::FuzzyWildcard),
        Some(Fuzzy::Compound) => {
            let cut = cut(&term.text, true);
            let plain = cut.tokens.iter().all(|(t, _)| matches!(t.kind, TokenKind::Word | TokenKind::Number));
            let letters = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let word: String = cut.tokens.iter().map(|(_, w)| letters(w)).collect();
            let original: String = cut.tokens.iter().map(|(t, _)| letters(&strict(&cut.text[t.original()]))).collect();
            if word.is_empty() || !plain {
                return Err(if plain { PatternError::Nothing } else { PatternError::FuzzyNotAWord });
            }
            let check =
                if accents == Accents::Strict { Check::Strict(vec![Piece::Word(original)]) } else { Check::Nothing };
            Ok(Leaf { shape: Shape::Compound(word), check })
        }
        Some(Fuzzy::Edits(limit)) => {
            let cut = cut(&term.text, true);
            match cut.tokens.as_slice() {
                [(_, word)] if word.chars().count() > MAX_WORD => Err(PatternError::TooLong),
                [(token, word)] if token.kind == TokenKind::Word => {
                    let check = cut.check(accents)?;
                    Ok(Leaf { shape: Shape::Edits { word: word.clone(), limit }, check })
                }
                [] => Err(PatternError::Nothing),
                _ => Err(PatternError::FuzzyNotAWord),
            }
        }
    }
}

/// What a phrase without slop looks for.
pub(crate) fn of_phrase(phrase: &Phrase, accents: Accents) -> Result<Leaf, PatternError> {
    cut(&phrase.text, false).leaf(accents)
}

/// What each word of a phrase with slop looks for.
pub(crate) fn of_loose_phrase(phrase: &Phrase, accents: Accents) -> Result<Vec<Leaf>, PatternError> {
    let cut = cut(&phrase.text, false);
    if cut.tokens.is_empty() {
        return Err(PatternError::Nothing);
    }
    if cut.tokens.len() > MAX_LOOSE {
        return Err(PatternError::TooManyWords);
    }
    let strict = match cut.check(accents)? {
        Check::Strict(pieces) => pieces.into_iter().map(|p| Check::Strict(vec![p])).collect(),
        _ => vec![Check::Nothing; cut.tokens.len()],
    };
    cut.pieces()?
        .into_iter()
        .zip(strict)
        .map(|(piece, check)| match piece {
            Piece::Any => Err(PatternError::WildcardAlone),
            piece => Ok(Leaf { shape: Shape::Words(vec![piece]), check }),
        })
        .collect()
}

/// What an exact form looks for.
pub(crate) fn of_exact(text: &str) -> Result<Leaf, PatternError> {
    let text = spaced(&exact(text));
    if text.is_empty() {
        return Err(PatternError::Nothing);
    }
    let mut segments = Segments::new();
    segments.read(&text);
    if segments.tokens().iter().any(|t| t.kind == TokenKind::Url) {
        return Err(PatternError::Nothing);
    }
    let whole_tag = segments
        .tokens()
        .first()
        .filter(|t| matches!(t.kind, TokenKind::Hashtag | TokenKind::Cashtag) && t.original().end == text.len());
    if let Some(tag) = whole_tag {
        let shape = Shape::Tag(Piece::Word(segments.folded(tag).to_owned()));
        let check = Check::Exact { before: String::new(), middle: text.clone(), after: String::new() };
        return Ok(Leaf { shape, check });
    }
    let words: Vec<(&Token, &str)> = segments.words().collect();
    let (Some((first, _)), Some((last, _))) = (words.first(), words.last()) else {
        return Ok(Leaf { shape: Shape::Symbols(text), check: Check::Nothing });
    };
    let (start, end) = (first.original().start, last.original().end);
    let check = Check::Exact {
        before: text[..start].to_owned(),
        middle: text[start..end].to_owned(),
        after: text[end..].to_owned(),
    };
    let pieces = words.iter().map(|(_, w)| Piece::Word((*w).to_owned())).collect();
    Ok(Leaf { shape: Shape::Words(pieces), check })
}

/// Fixed characters of a term's shortest wildcard word; None without wildcard.
pub(crate) fn wildcard_size(leaf: &Leaf) -> Option<usize> {
    let (pieces, mark): (&[Piece], usize) = match &leaf.shape {
        Shape::Words(pieces) => (pieces, 0),
        Shape::Tag(piece) => (std::slice::from_ref(piece), 1),
        _ => return None,
    };
    pieces.iter().filter_map(|p| if let Piece::Glob(glob) = p { Some(glob.fixed() - mark) } else { None }).min()
}
