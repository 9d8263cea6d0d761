//! The outline of a text: enough to tell which words it cannot hold, at a tenth of the price of cutting it.
//!
//! Promise: when [`Outline::read`] returns true, every run of letters and digits of every folded token of the same
//! text ([`super::Segments`]) stands in [`Outline::words`], whole, between two NUL bytes, as does the first character
//! of every emoji. The outline may hold more (parts of addresses, both readings of `#BonService`). Letters written
//! more than twice are two on both sides of a comparison: see [`shorten`].

use super::emoji::starts_emoji;
use super::markup;
use super::social::{name_len, split_body};
use crate::normalize::{fold_char_into, is_accent, is_invisible, latin_base};

/// Bytes folded at once.
const BLOCK: usize = 16;

/// The words of a text without their positions. Reusable: reading keeps the memory.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    words: Vec<u8>,
    squeezed: Vec<u8>,
    fold: String,
    /// Where the outline and the text stop running in step: offsets in both, from which they run in step again.
    steps: Vec<(usize, usize)>,
}

impl Outline {
    /// Reads a text, replacing what the buffer held. False when the text has something that only the full cut reads
    /// (letters outside Latin, Greek and Cyrillic, letters written as entities or escapes, accents apart from
    /// their letters, invisible characters inside words): then nothing can be told from the outline.
    pub fn read(&mut self, text: &str) -> bool {
        self.words.clear();
        self.words.reserve(text.len() + 2);
        self.words.push(0);
        self.steps.clear();
        self.steps.push((1, 0));
        if !self.append(text, Some(0)) {
            return false;
        }
        self.words.push(0);
        if has_repeats(&self.words) {
            self.shorten_in_step();
        }
        true
    }

    /// [`shorten`], and the steps that lead back to the text.
    fn shorten_in_step(&mut self) {
        let (words, steps) = (std::mem::take(&mut self.words), std::mem::take(&mut self.steps));
        let mut old = steps.into_iter().peekable();
        let (mut from, mut to) = (0, 0);
        let (mut before, mut last) = (0, 0);
        for (at, byte) in words.into_iter().enumerate() {
            while let Some(step) = old.next_if(|(start, _)| *start <= at) {
                (from, to) = step;
                self.steps.push((self.words.len(), to));
            }
            if is_run(before, last, byte) {
                self.steps.push((self.words.len(), to + at + 1 - from));
            } else {
                self.words.push(byte);
            }
            (before, last) = (last, byte);
        }
    }

    /// Turns offsets of the outline, given in rising order, into offsets of the text: somewhere in the same word, or
    /// just after it.
    pub fn places(&self) -> impl FnMut(usize) -> usize {
        let mut step = 0;
        move |at: usize| {
            while self.steps.get(step + 1).is_some_and(|(from, _)| *from <= at) {
                step += 1;
            }
            let (from, to) = self.steps.get(step).copied().unwrap_or_default();
            to + at.saturating_sub(from)
        }
    }

    /// The words, each between NUL bytes.
    pub fn words(&self) -> &[u8] {
        &self.words
    }

    /// The letters and digits without what separates them: where words written in several parts are looked for.
    pub fn squeezed(&mut self) -> &[u8] {
        self.squeezed.clear();
        self.squeezed.extend(self.words.iter().filter(|b| **b != 0));
        shorten(&mut self.squeezed);
        &self.squeezed
    }

    /// Appends a text that begins at `base`. None for a piece of a tag, whose offsets are those of the tag.
    fn append(&mut self, text: &str, base: Option<usize>) -> bool {
        let bytes = text.as_bytes();
        let mut at = 0;
        loop {
            at += copy_plain(&bytes[at..], &mut self.words);
            if at == bytes.len() {
                return true;
            }
            let before = self.words.len();
            let Some(width) = self.special(&text[at..], base.map(|base| base + at)) else { return false };
            at += width;
            if let Some(base) = base
                && self.words.len() != before + width
            {
                self.steps.push((self.words.len(), base + at));
            }
        }
    }

    /// Reads the character that begins `rest`: how many bytes it takes, or None when the outline cannot go on.
    fn special(&mut self, rest: &str, place: Option<usize>) -> Option<usize> {
        let c = rest.chars().next()?;
        match c {
            '#' | '$' | '\u{FF03}' => self.mark(&rest[c.len_utf8()..], place)?,
            '&' => {
                if markup::entity(rest).is_some_and(|(c, _)| c.is_alphanumeric() || starts_emoji(c)) {
                    return None;
                }
                self.words.push(0);
            }
            '\\' => {
                if rest.as_bytes().get(1) == Some(&b'u') {
                    return None;
                }
                self.words.push(0);
            }
            _ => self.wide(c)?,
        }
        Some(c.len_utf8())
    }

    /// The pieces of a tag whose case tells where words begin. The whole of it follows as any other word.
    fn mark(&mut self, body: &str, place: Option<usize>) -> Option<()> {
        self.words.push(0);
        let name = &body[..name_len(body)];
        let cut = name.chars().skip(1).any(char::is_uppercase);
        if !cut {
            return Some(());
        }
        let mut pieces = Vec::new();
        split_body(name, |from, to| pieces.push(from..to));
        for piece in pieces {
            if let Some(place) = place {
                self.steps.push((self.words.len(), place));
            }
            if !self.append(&name[piece], None) {
                return None;
            }
            self.words.push(0);
        }
        Some(())
    }

    fn wide(&mut self, c: char) -> Option<()> {
        if let Some(letter) = latin_base(c) {
            self.words.push(letter);
        } else if is_invisible(c) || is_accent(c) {
            // After a letter, some names and emoticons end there and words do not.
            if self.words.last() != Some(&0) {
                return None;
            }
        } else if c.is_alphanumeric() {
            // Beyond these, words are composed again as wholes; three letters are composed otherwise in names.
            if c as u32 >= 0x0530 || matches!(c, '\u{013F}' | '\u{0140}' | '\u{0149}') {
                return None;
            }
            self.fold.clear();
            fold_char_into(c, &mut self.fold);
            if !self.fold.chars().all(char::is_alphanumeric) {
                return None;
            }
            self.words.extend_from_slice(self.fold.as_bytes());
        } else if unicode_normalization::char::is_combining_mark(c) {
            return None;
        } else {
            self.words.push(0);
            if starts_emoji(c) {
                self.words.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                self.words.push(0);
            }
        }
        Some(())
    }
}

/// Copies bytes up to the first that needs a closer look; returns how many. Without branches inside a block, so that
/// blocks are folded by vectors.
fn copy_plain(bytes: &[u8], out: &mut Vec<u8>) -> usize {
    let mut done = 0;
    let (blocks, tail) = bytes.as_chunks::<BLOCK>();
    for block in blocks {
        out.extend_from_slice(&block.map(plain));
        if block.iter().fold(0, |found, byte| found | special(*byte)) == 0 {
            done += BLOCK;
            continue;
        }
        let clean = block.iter().position(|byte| special(*byte) != 0).unwrap_or(BLOCK);
        out.truncate(out.len() - BLOCK + clean);
        return done + clean;
    }
    let clean = tail.iter().position(|byte| special(*byte) != 0).unwrap_or(tail.len());
    out.extend(tail[..clean].iter().map(|byte| plain(*byte)));
    done + clean
}

/// All bits when the condition holds.
fn mask(holds: bool) -> u8 {
    0u8.wrapping_sub(u8::from(holds))
}

/// A letter in lower case, a digit, or NUL for anything else.
fn plain(byte: u8) -> u8 {
    let lower = byte | 0x20;
    (lower & mask(lower.wrapping_sub(b'a') < 26)) | (byte & mask(byte.wrapping_sub(b'0') < 10))
}

/// Not 0 for bytes that need a closer look.
fn special(byte: u8) -> u8 {
    (byte & 0x80) | mask(byte == b'#') | mask(byte == b'$') | mask(byte == b'&') | mask(byte == b'\\')
}

fn is_run(a: u8, b: u8, c: u8) -> bool {
    a == b && b == c && a.is_ascii_lowercase()
}

fn has_repeats(words: &[u8]) -> bool {
    let next = |by: usize| words.get(by..).unwrap_or(&[]);
    let triples = words.iter().zip(next(1)).zip(next(2));
    triples.fold(false, |found, ((a, b), c)| found | is_run(*a, *b, *c))
}

/// Writes letters repeated more than twice twice, everywhere: a part of a word whose repeats were shortened, or were
/// not, is a part of the word with all its repeats shortened.
pub fn shorten(words: &mut Vec<u8>) {
    let (mut before, mut last) = (0, 0);
    words.retain(|byte| {
        let keep = !is_run(before, last, *byte);
        (before, last) = (last, *byte);
        keep
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Segments, TokenKind};
    use super::*;

    /// What of the tokens of a text is not in its outline.
    fn missing(text: &str) -> Vec<String> {
        let mut outline = Outline::default();
        if !outline.read(text) {
            return Vec::new();
        }
        let mut segments = Segments::new();
        segments.read(text);
        let mut missing = Vec::new();
        let mut look = |wanted: &str, bordered: bool| {
            let mut piece = wanted.as_bytes().to_vec();
            shorten(&mut piece);
            if bordered {
                piece.insert(0, 0);
                piece.push(0);
            }
            if !outline.words().windows(piece.len()).any(|w| w == piece) {
                missing.push(wanted.to_owned());
            }
        };
        for token in segments.tokens() {
            let folded = segments.folded(token);
            match token.kind {
                TokenKind::Emoji => look(&folded.chars().take(1).collect::<String>(), true),
                TokenKind::Emoticon | TokenKind::Punct | TokenKind::Url => {}
                _ => folded
                    .split(|c: char| !c.is_alphanumeric())
                    .filter(|run| !run.is_empty())
                    .for_each(|run| look(run, true)),
            }
        }
        missing
    }

    #[test]
    fn words_of_all_kinds_are_in_the_outline() {
        for text in [
            "L’Œuvre de Coca-Cola, à 3,5 % : #BonService #éTÉ_indien @Air_Canada $BonTo !",
            "Nooooon 😡🏽 aujourd'hui, brand's R&amp;D, <b>AAA</b> XXXL xD https://t.co/Abc www.a.fr",
            "ΣΟΦΟΣ Москва İstanbul Ĳssel ½ x² \u{301}a",
        ] {
            assert_eq!(missing(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn texts_that_only_the_full_cut_reads_are_told() {
        let mut outline = Outline::default();
        for text in [
            "caf&eacute;",
            "caf\\u00e9",
            "東京",
            "fo\u{200B}o",
            "Tiếng",
            "e\u{301}te\u{301}",
            "&#128545;",
            "co\u{0140}legi",
        ] {
            assert!(!outline.read(text), "{text}");
        }
        for text in ["AT&T", "a \\ b", "« Été » 😡", "❤\u{FE0F}", "R&amp;D"] {
            assert!(outline.read(text), "{text}");
        }
    }

    #[test]
    fn places_lead_back_to_the_text() {
        let text = "Été à #BonService, looooin www œuvre 😡 fin";
        let mut outline = Outline::default();
        assert!(outline.read(text));
        let mut place = outline.places();
        let words = outline.words();
        let found = ["ete", "bon", "service", "looin", "ww", "oeuvre", "fin"].map(|word| {
            let at = words.windows(word.len()).position(|w| w == word.as_bytes()).unwrap();
            let within = place(at + word.len() - 1);
            let start = text[..within].rfind(' ').map_or(0, |space| space + 1);
            text[start..].split([' ', ',']).next().unwrap()
        });
        assert_eq!(found, ["Été", "#BonService", "#BonService", "looooin", "www", "œuvre", "fin"]);
    }

    #[test]
    fn parts_of_words_run_together_when_squeezed() {
        let mut outline = Outline::default();
        assert!(outline.read("L’Oréal, car-sharing coo-ool"));
        assert_eq!(outline.squeezed(), b"lorealcarsharingcool");
    }

    fn nasty() -> impl Strategy<Value = String> {
        let parts = prop::sample::select(vec![
            "a",
            "B",
            "é",
            "Œ",
            "ß",
            "x",
            "D",
            "s",
            "l",
            "ooo",
            "AAA",
            "1",
            "3,5",
            "12.5",
            "'",
            "’",
            "`",
            "-",
            "_",
            ".",
            ",",
            "#",
            "@",
            "$",
            "&",
            "&amp;",
            "&eacute;",
            "&#39;",
            "\\",
            "\\u00e9",
            "<b>",
            "<",
            ">",
            "/",
            ":",
            ")",
            ":D",
            "xD",
            "://",
            "www.",
            "t.co/",
            "https://",
            " ",
            "\n",
            "\u{301}",
            "\u{200B}",
            "\u{200D}",
            "\u{FE0F}",
            "\u{AD}",
            "😡",
            "🏽",
            "👨\u{200D}👩",
            "🇫🇷",
            "❤",
            "ǆ",
            "ŉ",
            "ŀ",
            "ſ",
            "ª",
            "½",
            "²",
            "ʼ",
            "ͺ",
            "\u{483}",
            "И",
            "й",
            "ς",
            "ế",
            "ﬁ",
            "Ａ",
            "＃",
            "＠",
            "東",
            "が",
            "한",
            "々",
            "\u{E0020}",
            "①",
            "🅰",
            "İ",
            "ı",
            "µ",
            "™",
            "\u{2028}",
        ]);
        prop::collection::vec(parts, 0..14).prop_map(|list| list.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn no_word_is_missing(text in nasty()) {
            prop_assert_eq!(missing(&text), Vec::<String>::new());
        }

        #[test]
        fn no_word_of_any_text_is_missing(text in "\\PC{0,24}") {
            prop_assert_eq!(missing(&text), Vec::<String>::new());
        }
    }
}
