//! Lists of phrases, each with what it is a sign of, found in the words of a text.
//!
//! One rule a line: what it is a sign of, tab, phrase. In a phrase `(a|b|)` stands for either word (or
//! none), `…` for up to three words. Case and accents do not count. Lines that begin with `# ` are notes.

use std::collections::HashMap;

use crate::hashing::{ByHash, word_hash};
use crate::segment::Segments;
use crate::words::{Gap, Word};

/// Most words that `…` stands for.
const GAP: usize = 3;

/// One step of a phrase after its first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Word(u64),
    Gap,
}

/// One phrase without its first word.
#[derive(Debug, Clone)]
struct Phrase {
    /// Number of the sign in [`Phrases::signs`].
    sign: u16,
    steps: Box<[Step]>,
}

/// A compiled list.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    by_first: HashMap<u64, Vec<Phrase>, ByHash>,
    signs: Vec<Box<str>>,
    rejected: usize,
}

/// A phrase met in a text: words `first` to `end`, and what it is a sign of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Met<'a> {
    pub(crate) sign: &'a str,
    pub(crate) first: usize,
    pub(crate) end: usize,
}

impl Phrases {
    /// Compiles a list. A line that cannot be read is left out and counted.
    pub fn compile(lines: &str) -> Self {
        let mut phrases = Self::default();
        let mut segments = Segments::new();
        for line in lines.lines().filter(|l| !l.is_empty() && !l.starts_with("# ")) {
            match line.split_once('\t') {
                Some((sign, phrase)) if !phrase.starts_with('…') => phrases.add(sign, phrase, &mut segments),
                _ => phrases.rejected += 1,
            }
        }
        phrases
    }

    fn add(&mut self, sign: &str, phrase: &str, segments: &mut Segments) {
        let number = self.signs.iter().position(|s| **s == *sign).unwrap_or_else(|| {
            self.signs.push(sign.into());
            self.signs.len() - 1
        });
        for written in written_out(phrase) {
            let mut steps = Vec::new();
            for (at, part) in written.split('…').enumerate() {
                if at > 0 {
                    steps.push(Step::Gap);
                }
                segments.read(part);
                steps.extend(segments.words().map(|(_, w)| Step::Word(word_hash(w))));
            }
            let Some((Step::Word(first), rest)) = steps.split_first() else {
                self.rejected += 1;
                continue;
            };
            self.by_first.entry(*first).or_default().push(Phrase { sign: number as u16, steps: rest.into() });
        }
    }

    /// Number of lines that are no rule.
    pub fn rejected_lines(&self) -> usize {
        self.rejected
    }

    /// Every phrase of the list in a text, in reading order.
    pub(crate) fn find<'a>(&'a self, words: &'a [Word]) -> impl Iterator<Item = Met<'a>> {
        words.iter().enumerate().flat_map(move |(first, word)| {
            let phrases = self.by_first.get(&word.hash).map_or(&[] as &[Phrase], Vec::as_slice);
            phrases.iter().filter_map(move |phrase| {
                let end = follow(words, first + 1, &phrase.steps)?;
                Some(Met { sign: &self.signs[usize::from(phrase.sign)], first, end })
            })
        })
    }
}

/// The end of the words that follow the steps from `at`, if they do.
fn follow(words: &[Word], at: usize, steps: &[Step]) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else { return Some(at) };
    match step {
        Step::Word(hash) => {
            words.get(at).filter(|w| w.hash == *hash && w.gap != Gap::Strong)?;
            follow(words, at + 1, rest)
        }
        Step::Gap => (0..=GAP)
            .take_while(|skip| *skip == 0 || words.get(at + skip - 1).is_some_and(|w| w.gap != Gap::Strong))
            .find_map(|skip| follow(words, at + skip, rest)),
    }
}

/// The phrases that one with alternatives stands for. Alternatives may hold alternatives.
fn written_out(phrase: &str) -> Vec<String> {
    let Some(open) = phrase.find('(') else { return vec![phrase.to_owned()] };
    let mut depth = 0;
    let mut borders = vec![open];
    for (at, c) in phrase.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == '|') {
            borders.push(at);
        }
        if depth == 0 {
            break;
        }
    }
    let close = borders.last().copied().unwrap_or(open);
    let ends = written_out(phrase.get(close + 1..).unwrap_or_default());
    let choices = borders.windows(2).flat_map(|w| written_out(&phrase[w[0] + 1..w[1]]));
    choices.flat_map(|c| ends.iter().map(move |end| format!("{}{c}{end}", &phrase[..open]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    fn met(list: &str, text: &str) -> Vec<(String, String)> {
        let phrases = Phrases::compile(list);
        let mut segments = Segments::new();
        segments.read(text);
        let mut words = Words::default();
        words.fill(text, &segments, &[]);
        let of = |m: Met<'_>| {
            let span = words.all()[m.first].start as usize..words.all()[m.end - 1].end as usize;
            (m.sign.to_owned(), text[span].to_owned())
        };
        phrases.find(words.all()).map(of).collect()
    }

    #[test]
    fn alternatives_and_gaps() {
        let list = "churn\t(thinking of|going to) switch\nchurn\tcancel … (contract|account)\n";
        let pair = |s: &str, t: &str| (s.to_owned(), t.to_owned());
        assert_eq!(met(list, "I am going to switch"), [pair("churn", "going to switch")]);
        assert_eq!(met(list, "Cancel my old account now"), [pair("churn", "Cancel my old account")]);
        assert_eq!(met(list, "Cancel. My account"), []);
        assert_eq!(met(list, "cancel this and that and the other contract"), []);
        assert_eq!(met("a\tne (plus |)va", "ça ne va"), [pair("a", "ne va")]);
        assert_eq!(met("a\t(sue (you|them)|go … court) now", "We sue them now"), [pair("a", "sue them now")]);
    }

    #[test]
    fn lines_that_are_no_rule_are_counted() {
        assert_eq!(Phrases::compile("# note\nnothing\nx\t…\nok\tyes\n").rejected_lines(), 2);
    }
}
