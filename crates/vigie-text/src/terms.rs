//! Candidate terms of a text: the words and groups of words that may turn out to be rising or
//! distinctive. Counting and testing them belongs to the analyses.
//!
//! A term is known by a hash of its stems, so `retard` and `retards` are one term; the form shown is the
//! spelling met most often, kept by [`Surfaces`].

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};

use crate::hashing::{ByHash, mix, word_hash};
use crate::segment::TokenKind;
use crate::stop_words::{Known, is_stop_hash};
use crate::tone::View;
use crate::words::{Gap, Word};

/// Most words in a term.
pub const MOST_WORDS: usize = 3;
/// Most spellings kept per term: those met first.
const MOST_SURFACES: usize = 64;
/// Letters beyond which a word is noise.
const LONGEST_WORD: usize = 40;

/// A candidate term of one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Hash of the stems, or of the whole hashtag.
    pub id: u64,
    /// Number of words, 1 to [`MOST_WORDS`].
    pub words: u8,
    /// It is a hashtag.
    pub hashtag: bool,
    /// Byte range of its first occurrence in the text as given.
    pub span: Range<u32>,
    /// The range lies in the title instead.
    pub in_title: bool,
}

/// Appends the candidate terms of a text to `out`, each once, in reading order of first occurrence.
///
/// Left out: terms that begin or end with a function word, that hold only numbers, that overlap a masked
/// span (query terms, brand names) or a handle, and terms across a comma or the end of a sentence. A
/// text that is neither French nor English gives its hashtags only.
pub fn candidates(view: View<'_>, out: &mut Vec<Term>) {
    let start = out.len();
    hashtags(view, out);
    if let Some(language) = view.language {
        grams(view, language, out);
    }
    out[start..].sort_by_key(|t| (t.id, t.span.start));
    let mut distinct: Vec<Term> = out.drain(start..).collect();
    distinct.dedup_by_key(|t| t.id);
    distinct.sort_by_key(|t| (t.span.start, t.words, t.id));
    out.append(&mut distinct);
}

fn hashtags(view: View<'_>, out: &mut Vec<Term>) {
    let masked = |range: &Range<usize>| {
        view.words.all().iter().any(|w| w.masked && (w.start as usize) < range.end && range.start < w.end as usize)
    };
    for token in view.segments.tokens().iter().filter(|t| t.kind == TokenKind::Hashtag) {
        let range = token.original();
        if !masked(&range) {
            let id = word_hash(view.segments.folded(token));
            out.push(Term { id, words: 1, hashtag: true, span: range.start as u32..range.end as u32, in_title: false });
        }
    }
}

fn grams(view: View<'_>, language: Known, out: &mut Vec<Term>) {
    let stemmer = Stemmer::create(match language {
        Known::French => Algorithm::French,
        Known::English => Algorithm::English,
    });
    let words = view.words.all();
    let folded = |w: &Word| view.segments.tokens().get(w.token as usize).map_or("", |t| view.segments.folded(t));
    let stems: Vec<u64> =
        words.iter().map(|w| if usable(w) { word_hash(&stemmer.stem(folded(w))) } else { 0 }).collect();
    let edge: Vec<bool> = words
        .iter()
        .map(|w| usable(w) && (2..=LONGEST_WORD).contains(&folded(w).len()) && !is_stop_hash(w.hash, language))
        .collect();
    for first in (0..words.len()).filter(|i| edge[*i]) {
        for end in first + 1..=(first + MOST_WORDS).min(words.len()) {
            let gram = &words[first..end];
            if !usable(&words[end - 1]) || (end - first > 1 && words[end - 1].gap != Gap::None) {
                break;
            }
            if edge[end - 1] && gram.iter().any(|w| w.kind == TokenKind::Word) {
                let span = gram[0].start..gram[gram.len() - 1].end;
                out.push(Term {
                    id: gram_id(&stems[first..end]),
                    words: gram.len() as u8,
                    hashtag: false,
                    span,
                    in_title: false,
                });
            }
        }
    }
}

fn usable(word: &Word) -> bool {
    !word.masked && !word.in_tag && matches!(word.kind, TokenKind::Word | TokenKind::Number)
}

/// The id of a sequence of stems; that of a single stem is its hash.
fn gram_id(stems: &[u64]) -> u64 {
    stems[1..].iter().fold(stems[0], |id, stem| mix(id.rotate_left(17) ^ stem))
}

/// The spellings of terms, and how often each was met.
#[derive(Debug, Clone, Default)]
pub struct Surfaces {
    counts: HashMap<u64, BTreeMap<Box<str>, u32>, ByHash>,
}

impl Surfaces {
    /// Notes one occurrence of a term in `text`, the text (or title) that its range lies in.
    ///
    /// Blanks and letter case inside the spelling are made even.
    pub fn note(&mut self, term: &Term, text: &str) {
        let Some(typed) = text.get(term.span.start as usize..term.span.end as usize) else { return };
        let even = typed.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ").replace('’', "'");
        let spellings = self.counts.entry(term.id).or_default();
        if let Some(count) = spellings.get_mut(even.as_str()) {
            *count += 1;
        } else if spellings.len() < MOST_SURFACES {
            spellings.insert(even.into(), 1);
        }
    }

    /// Adds the spellings counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        let mut ids: Vec<&u64> = other.counts.keys().collect();
        ids.sort_unstable();
        for id in ids {
            let spellings = self.counts.entry(*id).or_default();
            for (spelling, count) in &other.counts[id] {
                if spellings.len() < MOST_SURFACES || spellings.contains_key(spelling) {
                    *spellings.entry(spelling.clone()).or_insert(0) += count;
                }
            }
        }
    }

    /// The form to show: the spelling met most often, the first in alphabetical order among equals.
    /// `None` for a term never noted.
    pub fn display(&self, id: u64) -> Option<&str> {
        let spellings = self.counts.get(&id)?;
        spellings.iter().min_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0))).map(|(s, _)| &**s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::Segments;
    use crate::words::Words;

    fn terms(text: &str, language: Option<Known>, masked: &[Range<usize>]) -> (Vec<Term>, Vec<String>) {
        let mut segments = Segments::new();
        segments.read(text);
        let mut words = Words::default();
        words.fill(text, &segments, masked);
        let mut out = Vec::new();
        candidates(View { text, segments: &segments, words: &words, language }, &mut out);
        let shown = out.iter().map(|t| text[t.span.start as usize..t.span.end as usize].to_owned()).collect();
        (out, shown)
    }

    #[test]
    fn grams_have_content_words_at_both_ends() {
        let (_, shown) = terms("La panne de réseau dure, @toto 2 heures #PanneTotale", Some(Known::French), &[]);
        assert_eq!(shown, ["panne", "panne de réseau", "réseau", "réseau dure", "dure", "heures", "#PanneTotale"]);
    }

    #[test]
    fn masked_names_give_no_term() {
        let text = "Nordet mobile est en panne";
        let (_, shown) = terms(text, Some(Known::French), std::slice::from_ref(&(0..13)));
        assert_eq!(shown, ["panne"]);
    }

    #[test]
    fn inflected_forms_are_one_term_shown_as_mostly_written() {
        let mut surfaces = Surfaces::default();
        let mut ids = Vec::new();
        for text in ["mes factures", "une facture", "la Facture"] {
            let (found, _) = terms(text, Some(Known::French), &[]);
            assert_eq!(found.len(), 1);
            surfaces.note(&found[0], text);
            ids.push(found[0].id);
        }
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(surfaces.display(ids[0]), Some("facture"));
        assert_eq!(surfaces.display(1), None);
        let mut twice = surfaces.clone();
        twice.merge(&surfaces);
        assert_eq!(twice.display(ids[0]), Some("facture"));
    }

    #[test]
    fn other_languages_give_hashtags_only() {
        let (_, shown) = terms("die Leitung ist tot #stau", None, &[]);
        assert_eq!(shown, ["#stau"]);
    }
}
