//! The engine of rules: valences from the lexicons, turned by negation, strengthened by degree words,
//! capitals and exclamation marks, weighed by contrast words, softened in questions.

use super::entity::target_tones;
use super::scale::{Sums, tone_of};
use super::{Evidence, MOST_EVIDENCE, Target, Tone, ToneEngine, Tones, View};
use crate::hashing::word_hash;
use crate::language::sentence_languages;
use crate::lexicon::{Entry, Lexicon, Role};
use crate::segment::TokenKind;
use crate::stop_words::Known;
use crate::words::{Gap, Word};

/// What negation does to a valence.
const NEGATION: f32 = -0.74;
/// How far back a negation word is looked for, in words.
const NEGATION_REACH: usize = 5;
/// How far back degree words are looked for, and what distance leaves of them.
const DEGREE_REACH: [f32; 3] = [1.0, 0.95, 0.9];
/// What a negation weighs when nothing near it has a valence: people complain of what is missing.
const BARE_NEGATION: f32 = -0.5;
/// What capitals add to a valence.
const CAPITALS: f32 = 0.733;
/// What a contrast word leaves of what came before it, and makes of what follows.
const BEFORE_CONTRAST: f32 = 0.5;
const AFTER_CONTRAST: f32 = 1.5;
/// What a question leaves of praise: « un bon forfait ? » asks, it does not praise.
const PRAISE_IN_QUESTION: f32 = 0.5;

/// Words that weigh, with their final weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hit {
    /// First word.
    pub(super) first: u32,
    /// One past the last word.
    pub(super) end: u32,
    /// Weight after all rules.
    pub(super) weight: f32,
}

/// The lexicon and rules engine for French and English.
///
/// Irony is not read. A text in another language is [`super::ToneClass::Unknown`].
#[derive(Debug, Clone, Copy, Default)]
pub struct RulesEngine;

impl ToneEngine for RulesEngine {
    fn version(&self) -> &'static str {
        "rules-1"
    }

    fn tones(&self, view: View<'_>, targets: &[Target<'_>]) -> Tones {
        let Some(language) = view.language else {
            return Tones { document: Tone::UNKNOWN, targets: vec![Tone::UNKNOWN; targets.len()] };
        };
        let words = view.words.all();
        if words.is_empty() {
            return Tones { document: Tone::UNKNOWN, targets: vec![Tone::UNKNOWN; targets.len()] };
        }
        let hits = hits(view, language);
        let mut document = tone_of(Sums::of(&hits, view.words.exclamations()), language);
        document.evidence = evidence(&hits, words);
        let targets =
            if targets.is_empty() { Vec::new() } else { target_tones(view, language, &hits, &document, targets) };
        Tones { document, targets }
    }
}

/// What weighs in a text, in reading order.
pub(super) fn hits(view: View<'_>, language: Known) -> Vec<Hit> {
    Pass::new(view, language).run()
}

/// The strongest hits, in reading order.
pub(super) fn evidence(hits: &[Hit], words: &[Word]) -> Vec<Evidence> {
    let mut kept: Vec<&Hit> = hits.iter().filter(|h| h.weight != 0.0).collect();
    if kept.len() > MOST_EVIDENCE {
        kept.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then(a.first.cmp(&b.first)));
        kept.truncate(MOST_EVIDENCE);
        kept.sort_by_key(|h| h.first);
    }
    kept.iter()
        .map(|h| Evidence {
            span: words[h.first as usize].start..words[h.end as usize - 1].end,
            in_title: false,
            weight: h.weight,
        })
        .collect()
}

/// One pass over the words of a text.
struct Pass<'a> {
    view: View<'a>,
    words: &'a [Word],
    /// Language of the text.
    language: Known,
    /// Language of each sentence, when some sentence is in the other language.
    switches: Option<Vec<Known>>,
    /// What the lexicon knows of each word; masked words and signs are unknown.
    entries: Vec<Option<&'static Entry>>,
    capitals: bool,
    hits: Vec<Hit>,
    /// Negations that turned something around, and whether it was praise.
    used: Vec<(usize, bool)>,
    /// Words of phrases without valence: « pas seulement ».
    neutral: Vec<usize>,
}

impl<'a> Pass<'a> {
    fn new(view: View<'a>, language: Known) -> Self {
        let words = view.words.all();
        let switches = sentence_languages(view.text, words, language);
        let of = |w: &Word| lexicon_of(switches.as_ref().map_or(language, |s| s[w.sentence as usize]));
        let entries = words
            .iter()
            .map(|w| {
                if w.masked || !matches!(w.kind, TokenKind::Word | TokenKind::Number) {
                    None
                } else {
                    of(w).entry(w.hash)
                }
            })
            .collect();
        Self {
            view,
            words,
            language,
            switches,
            entries,
            capitals: view.words.capitals_stand_out(),
            hits: Vec::new(),
            used: Vec::new(),
            neutral: Vec::new(),
        }
    }

    fn run(mut self) -> Vec<Hit> {
        let mut at = 0;
        // Words before `floor` belong to a phrase already counted: its negations are its own.
        let mut floor = 0;
        while at < self.words.len() {
            let Some((valence, len)) = self.valence_at(at) else {
                at += 1;
                continue;
            };
            let end = at + len;
            if valence != 0.0 && !self.only_strengthens(at, len) {
                let weight = self.modified(valence, at, end, floor);
                self.hits.push(Hit { first: at as u32, end: end as u32, weight });
            }
            if len > 1 && valence == 0.0 {
                self.neutral.extend(at..end);
                floor = end;
            } else if len > 1 {
                floor = if self.negates(end - 1) { end - 1 } else { end };
            }
            at = end;
        }
        self.add_bare_negations();
        self.weigh_contrasts();
        self.hits
    }

    /// Negations that turned nothing around and belong to no phrase weigh a little by themselves.
    fn add_bare_negations(&mut self) {
        let counted = self.hits.len();
        for at in 0..self.words.len() {
            let inside = |h: &Hit| (h.first as usize..h.end as usize).contains(&at);
            if self.negates(at)
                && !self.used.iter().any(|(u, _)| *u == at)
                && !self.neutral.contains(&at)
                && !self.hits[..counted].iter().any(inside)
            {
                self.hits.push(Hit { first: at as u32, end: at as u32 + 1, weight: BARE_NEGATION });
            }
        }
        if self.hits.len() > counted {
            self.hits.sort_by_key(|h| h.first);
        }
    }

    fn language_at(&self, at: usize) -> Known {
        self.switches.as_ref().map_or(self.language, |s| s[self.words[at].sentence as usize])
    }

    fn role(&self, at: usize) -> Role {
        self.entries.get(at).copied().flatten().map_or(Role::Plain, |e| e.role)
    }

    /// The valence that begins at a word, and how many words it takes.
    fn valence_at(&self, at: usize) -> Option<(f32, usize)> {
        let word = &self.words[at];
        if word.masked {
            return None;
        }
        match word.kind {
            TokenKind::Emoji | TokenKind::Emoticon => Lexicon::signs().entry(word.hash)?.valence.map(|v| (v, 1)),
            TokenKind::Word | TokenKind::Number => match self.entries[at] {
                Some(entry) => self.phrase_at(entry, at).or_else(|| entry.valence.map(|v| (v, 1))),
                None if word.kind == TokenKind::Word => {
                    let token = self.view.segments.tokens().get(word.token as usize)?;
                    lexicon_of(self.language_at(at)).prefix_valence(self.view.segments.folded(token)).map(|v| (v, 1))
                }
                None => None,
            },
            _ => None,
        }
    }

    fn phrase_at(&self, entry: &Entry, at: usize) -> Option<(f32, usize)> {
        let found = lexicon_of(self.language_at(at)).longest_phrase(entry, |i, hash| {
            self.words.get(at + i).is_some_and(|w| w.hash == hash && w.gap == Gap::None && !w.masked)
        });
        found.map(|(more, valence)| (valence, more + 1))
    }

    /// True when a word with a valence only strengthens the one after it: « super nul », "pretty bad".
    fn only_strengthens(&self, at: usize, len: usize) -> bool {
        if len > 1 {
            return false;
        }
        let follows = |reach: usize| {
            (at + 1..(at + 1 + reach).min(self.words.len())).take_while(|i| self.words[*i].gap == Gap::None).any(|i| {
                self.entries[i].is_some_and(|e| {
                    e.role == Role::Plain
                        && (e.valence.is_some_and(|v| v != 0.0) || self.phrase_at(e, i).is_some_and(|(v, _)| v != 0.0))
                })
            })
        };
        match self.role(at) {
            Role::Degree(_) => follows(1),
            Role::Swear => {
                follows(4)
                    || self.hits.last().is_some_and(|h| h.end as usize + 3 > at && self.words[at].gap == Gap::None)
            }
            _ => false,
        }
    }

    fn modified(&mut self, valence: f32, first: usize, end: usize, floor: usize) -> f32 {
        let word = self.words[first];
        if matches!(word.kind, TokenKind::Emoji | TokenKind::Emoticon) {
            return valence;
        }
        let sign = valence.signum();
        let mut weight = valence;
        if self.capitals && word.capitals {
            weight += sign * CAPITALS;
        }
        let (degree, negated) = self.look_back(first, floor, valence > 0.0);
        weight += sign * degree;
        let after = !negated && self.negated_after(first, end);
        if after {
            self.used.push((end, valence > 0.0));
        }
        if negated || after {
            weight *= NEGATION;
        }
        if weight > 0.0 && self.view.words.ending(word.sentence).question {
            weight *= PRAISE_IN_QUESTION;
        }
        weight
    }

    /// Degree and negation from the words before `first`, not below `floor` nor across a gap.
    ///
    /// One negation turns around words of one side only: in « pas résolu mon problème » the problem stays.
    fn look_back(&mut self, first: usize, floor: usize, praise: bool) -> (f32, bool) {
        let (mut degree, mut negated) = (0.0, false);
        for back in 1..=NEGATION_REACH {
            if self.words[first + 1 - back].gap != Gap::None || first < floor + back {
                break;
            }
            let at = first - back;
            match self.role(at) {
                Role::Contrast => break,
                Role::Degree(d) if back <= DEGREE_REACH.len() => degree += d * DEGREE_REACH[back - 1],
                Role::Swear => degree += 0.293,
                _ => {}
            }
            let other_side = self.used.iter().any(|(u, side)| *u == at && *side != praise);
            if !negated && !other_side && self.turns(at, back, praise) {
                negated = true;
                self.used.push((at, praise));
            }
        }
        (degree, negated)
    }

    /// True when the word is a negation by itself.
    fn negates(&self, at: usize) -> bool {
        match self.role(at) {
            Role::Negator => true,
            Role::NegatorWithNe => self.has_ne_near(at),
            _ => false,
        }
    }

    /// True when the word turns around a word `back` words after it.
    fn turns(&self, at: usize, back: usize, praise: bool) -> bool {
        match self.role(at) {
            Role::NegatorNext => back == 1,
            Role::Lack => praise,
            _ => self.negates(at),
        }
    }

    /// « ne » stands up to four words before, or just after: « personne ne répond ».
    fn has_ne_near(&self, at: usize) -> bool {
        let after = self.words.get(at + 1).is_some_and(|w| w.gap == Gap::None) && self.role(at + 1) == Role::Ne;
        after
            || (1..=4)
                .take_while(|back| *back <= at && self.words[at + 1 - back].gap == Gap::None)
                .any(|back| self.role(at - back) == Role::Ne)
    }

    /// French negates a verb from behind: « je n'aime pas », « j'aime pas ».
    fn negated_after(&self, first: usize, end: usize) -> bool {
        if self.language_at(first) != Known::French {
            return false;
        }
        let Some(word) = self.words.get(end) else { return false };
        let post = post_negators();
        if word.gap != Gap::None || !post.contains(&word.hash) {
            return false;
        }
        // « pas cher », « pas mal » begin something else.
        if self.entries[end].is_some_and(|e| self.phrase_at(e, end).is_some()) {
            return false;
        }
        word.hash == post[0] || (first > 0 && self.has_ne_near(first))
    }

    /// In a sentence with a contrast word, the part after the last one decides.
    fn weigh_contrasts(&mut self) {
        let mut contrasts = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, e)| e.is_some_and(|e| e.role == Role::Contrast))
            .map(|(i, _)| i)
            .peekable();
        if contrasts.peek().is_none() {
            return;
        }
        let contrasts: Vec<usize> = contrasts.collect();
        for hit in &mut self.hits {
            let sentence = self.words[hit.first as usize].sentence;
            let last = contrasts.iter().rev().find(|c| self.words[**c].sentence == sentence);
            match last {
                Some(c) if *c < hit.first as usize => hit.weight *= AFTER_CONTRAST,
                Some(_) => hit.weight *= BEFORE_CONTRAST,
                None => {}
            }
        }
    }
}

fn lexicon_of(language: Known) -> &'static Lexicon {
    match language {
        Known::French => Lexicon::french(),
        Known::English => Lexicon::english(),
    }
}

/// `pas`, then those that need `ne` before the verb.
fn post_negators() -> &'static [u64; 5] {
    static HASHES: std::sync::LazyLock<[u64; 5]> =
        std::sync::LazyLock::new(|| ["pas", "jamais", "plus", "guere", "point"].map(word_hash));
    &HASHES
}
