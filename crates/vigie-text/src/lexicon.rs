//! The tone lexicons: terms with a valence, and the little words that change it.
//!
//! The lists are the `.tsv` files beside this module and [`french`] and [`english`] (function words).
//! How a text is scored with them lives in [`crate::tone`].

mod english;
mod french;

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::hashing::{ByHash, word_hash};
use crate::segment::Segments;

/// What a word does to the words around it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Role {
    /// Nothing but its own valence, if any.
    #[default]
    Plain,
    /// Turns what follows around: `pas`, `not`.
    Negator,
    /// Turns what follows around only when `ne` stands before: `plus`, `point`, `personne`.
    NegatorWithNe,
    /// Turns around the very next word only: `non remboursé`.
    NegatorNext,
    /// Turns praise around, leaves blame: `manque de sérieux`, "lack of care".
    Lack,
    /// The French `ne`, which announces a negation without making one.
    Ne,
    /// Strengthens (above 0) or softens (below 0) the next word that has a valence.
    Degree(f32),
    /// A swear word: strengthens a valence nearby, keeps its own when there is none.
    Swear,
    /// Opens a contrast: what follows weighs more than what came before.
    Contrast,
}

/// What the lexicon knows of one word.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    /// Valence of the word by itself; `None` when it has none.
    pub(crate) valence: Option<f32>,
    /// What it does to its neighbours.
    pub(crate) role: Role,
    phrases_start: u32,
    phrases_end: u32,
}

/// A term of several words, without its first word.
#[derive(Debug, Clone, Copy)]
struct Phrase {
    start: u32,
    len: u32,
    valence: f32,
}

/// A compiled lexicon. Made once per process and language.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    entries: HashMap<u64, Entry, ByHash>,
    phrases: Vec<Phrase>,
    /// The words of all phrases after their first, one phrase after the other.
    tails: Vec<u64>,
    /// Prefixes in order, none the beginning of another.
    prefixes: Vec<(Box<str>, f32)>,
    terms: usize,
    rejected: usize,
}

static FRENCH: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::compile(include_str!("lexicon/french.tsv"), french::ROLES));
static ENGLISH: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::compile(include_str!("lexicon/english.tsv"), english::ROLES));
static SIGNS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::compile(include_str!("lexicon/signs.tsv"), &[]));

impl Lexicon {
    /// The French lexicon.
    pub fn french() -> &'static Self {
        &FRENCH
    }

    /// The English lexicon.
    pub fn english() -> &'static Self {
        &ENGLISH
    }

    /// Emoji and emoticons, whatever the language.
    pub fn signs() -> &'static Self {
        &SIGNS
    }

    /// Number of distinct terms read.
    pub fn len(&self) -> usize {
        self.terms
    }

    /// True when no term was read.
    pub fn is_empty(&self) -> bool {
        self.terms == 0
    }

    /// Number of lines that are neither a comment nor `term<TAB>valence` with a valence of -4 to 4.
    pub fn rejected_lines(&self) -> usize {
        self.rejected
    }

    /// Compiles a list of terms and the roles of function words (`(role, words separated by spaces)`).
    ///
    /// A line that cannot be read is left out and counted in [`Self::rejected_lines`].
    pub fn compile(lines: &str, roles: &[(Role, &str)]) -> Self {
        let mut lexicon = Self::default();
        for (role, words) in roles {
            for word in words.split(' ') {
                lexicon.entries.entry(word_hash(&crate::normalize::fold(word))).or_default().role = *role;
            }
        }
        let mut segments = Segments::new();
        let mut phrases: Vec<(u64, Vec<u64>, f32)> = Vec::new();
        for line in lines.lines().filter(|l| !l.is_empty() && !l.starts_with("# ")) {
            let parsed = line.split_once('\t').and_then(|(term, v)| Some((term, v.parse::<f32>().ok()?)));
            match parsed {
                Some((term, valence)) if valence.abs() <= 4.0 => {
                    lexicon.term(term, valence, &mut segments, &mut phrases);
                }
                _ => lexicon.rejected += 1,
            }
        }
        lexicon.index_phrases(phrases);
        lexicon.prefixes.sort_by(|a, b| a.0.cmp(&b.0));
        lexicon.prefixes.dedup_by(|longer, shorter| longer.0.starts_with(&*shorter.0));
        lexicon
    }

    fn term(&mut self, term: &str, valence: f32, segments: &mut Segments, phrases: &mut Vec<(u64, Vec<u64>, f32)>) {
        if let Some(prefix) = term.strip_suffix('*') {
            self.prefixes.push((crate::normalize::fold(prefix).into(), valence));
            self.terms += 1;
            return;
        }
        segments.read(term);
        let mut words = segments.words().map(|(_, w)| word_hash(w));
        let Some(first) = words.next() else {
            self.rejected += 1;
            return;
        };
        let tail: Vec<u64> = words.collect();
        if tail.is_empty() {
            self.entries.entry(first).or_default().valence = Some(valence);
        } else {
            phrases.push((first, tail, valence));
        }
        self.terms += 1;
    }

    /// Lays the phrases out by first word, longest first.
    fn index_phrases(&mut self, mut phrases: Vec<(u64, Vec<u64>, f32)>) {
        phrases.sort_by(|a, b| (a.0, b.1.len(), &a.1).cmp(&(b.0, a.1.len(), &b.1)));
        for group in phrases.chunk_by(|a, b| a.0 == b.0) {
            let start = self.phrases.len() as u32;
            for (_, tail, valence) in group {
                self.phrases.push(Phrase { start: self.tails.len() as u32, len: tail.len() as u32, valence: *valence });
                self.tails.extend(tail);
            }
            let entry = self.entries.entry(group[0].0).or_default();
            (entry.phrases_start, entry.phrases_end) = (start, self.phrases.len() as u32);
        }
    }

    /// What is known of a word, by its hash.
    pub(crate) fn entry(&self, hash: u64) -> Option<&Entry> {
        self.entries.get(&hash)
    }

    /// The valence of the prefix that begins a word, if any.
    pub(crate) fn prefix_valence(&self, folded: &str) -> Option<f32> {
        let after = self.prefixes.partition_point(|(p, _)| **p <= *folded);
        let (prefix, valence) = self.prefixes.get(after.checked_sub(1)?)?;
        folded.starts_with(&**prefix).then_some(*valence)
    }

    /// The longest phrase that begins with `entry`: how many words follow the first, and the valence.
    ///
    /// `matches(i, hash)` tells whether the i-th word after the first (from 1) has this hash and stands
    /// in the same run of words.
    pub(crate) fn longest_phrase(&self, entry: &Entry, matches: impl Fn(usize, u64) -> bool) -> Option<(usize, f32)> {
        let candidates = self.phrases.get(entry.phrases_start as usize..entry.phrases_end as usize)?;
        candidates.iter().find_map(|phrase| {
            let tail = &self.tails[phrase.start as usize..(phrase.start + phrase.len) as usize];
            let found = tail.iter().enumerate().all(|(i, hash)| matches(i + 1, *hash));
            found.then_some((tail.len(), phrase.valence))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_lists_are_read_whole_and_large_enough() {
        for (name, lexicon, least) in
            [("fr", Lexicon::french(), 1500), ("en", Lexicon::english(), 1500), ("signs", Lexicon::signs(), 150)]
        {
            assert_eq!(lexicon.rejected_lines(), 0, "{name}");
            assert!(lexicon.len() >= least, "{name}: {}", lexicon.len());
        }
    }

    #[test]
    fn every_sign_is_one_token() {
        let mut segments = Segments::new();
        for line in include_str!("lexicon/signs.tsv").lines().filter(|l| !l.starts_with("# ")) {
            let sign = line.split('\t').next().unwrap_or("");
            segments.read(sign);
            assert_eq!(segments.words().count(), 1, "{sign}");
        }
    }

    #[test]
    fn bad_lines_are_counted_and_left_out() {
        let lexicon = Lexicon::compile("bon\t2\nmal\nmauvais\t-9\n# note\nne va pas\t-2\n", &[]);
        assert_eq!((lexicon.len(), lexicon.rejected_lines()), (2, 2));
    }

    #[test]
    fn phrases_and_prefixes_are_found() {
        let lexicon = Lexicon::compile("en panne\t-2\nen panne totale\t-3\ndétrui*\t-2\n", &[]);
        let text = ["en", "panne", "totale"].map(word_hash);
        let entry = lexicon.entry(text[0]).unwrap();
        assert_eq!(lexicon.longest_phrase(entry, |i, h| text.get(i) == Some(&h)), Some((2, -3.0)));
        assert_eq!(lexicon.prefix_valence("detruisait"), Some(-2.0));
        assert_eq!(lexicon.prefix_valence("detroit"), None);
    }
}
