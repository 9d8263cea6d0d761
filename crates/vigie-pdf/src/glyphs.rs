//! Makes text safe to print: what no font can write is named or replaced, what has no width or
//! reverses reading is removed, what is too long for a line may break.
//!
//! Without this, one emoji in one quoted mention makes the whole export fail.

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::emoji;
use crate::fonts::Fonts;

/// Printed in place of what no font covers.
const UNKNOWN: &str = "[?]";
/// Longest run of characters left without a break opportunity.
const LONGEST_TOKEN: usize = 30;
/// Distance of the break opportunities put in a longer one.
const BREAK_EVERY: usize = 20;
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// Counts what had to be replaced.
pub(crate) struct Cover<'a> {
    fonts: &'a Fonts,
    french: bool,
    replaced: u64,
}

impl<'a> Cover<'a> {
    /// Names emoji in French or in English.
    pub(crate) fn new(fonts: &'a Fonts, french: bool) -> Self {
        Self { fonts, french, replaced: 0 }
    }

    /// Characters replaced so far, as a reader counts them.
    pub(crate) fn replaced(&self) -> u64 {
        self.replaced
    }

    /// `text` as it can be printed in a line of the page.
    pub(crate) fn line(&mut self, text: &str) -> String {
        breakable(&self.drawable(text))
    }

    /// `text` without any character that no font covers. Break opportunities are not added, so
    /// this fits drawings, whose lines never break.
    pub(crate) fn drawable(&mut self, text: &str) -> String {
        // Most text needs nothing.
        if text.chars().all(|c| !is_dropped(c) && !c.is_control() && self.fonts.covers(c)) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for cluster in text.graphemes(true) {
            self.push_cluster(&mut out, cluster);
        }
        out
    }

    fn push_cluster(&mut self, out: &mut String, cluster: &str) {
        let kept: String = cluster.chars().filter(|&c| !is_dropped(c)).map(plain_space).collect();
        if kept.chars().all(|c| self.fonts.covers(c)) {
            out.push_str(&kept);
            return;
        }
        for form in [kept.nfc().collect::<String>(), kept.nfkc().collect(), kept.nfkd().collect()] {
            if !form.is_empty() && form.chars().all(|c| self.fonts.covers(c)) {
                out.push_str(&form);
                return;
            }
        }
        self.replaced += 1;
        match emoji::name(&kept, self.french) {
            Some(name) => {
                out.push('[');
                out.push_str(name);
                out.push(']');
            }
            // A sentence in another script is one unknown thing, not forty.
            None if out.ends_with(UNKNOWN) => {}
            None => out.push_str(UNKNOWN),
        }
    }
}

/// Characters that print nothing: controls of direction, variation selectors, byte-order marks,
/// and all control characters but those that separate words.
fn is_dropped(c: char) -> bool {
    matches!(
        c,
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}'
    ) || (c.is_control() && !c.is_whitespace())
}

/// Line ends and tabs inside one text are spaces.
fn plain_space(c: char) -> char {
    if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }
}

/// Puts a zero-width space every [`BREAK_EVERY`] characters of a token that could run off the page.
fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for token in text.split_inclusive(|c: char| c == ZERO_WIDTH_SPACE || (c.is_whitespace() && !is_no_break_space(c))) {
        let length = token.chars().count();
        // Figures and their units are joined by no-break spaces; they are no runaway token.
        let limit = if token.chars().any(is_no_break_space) { 2 * LONGEST_TOKEN } else { LONGEST_TOKEN };
        if length <= limit {
            out.push_str(token);
            continue;
        }
        for (position, cluster) in token.graphemes(true).enumerate() {
            if position > 0 && position % BREAK_EVERY == 0 {
                out.push(ZERO_WIDTH_SPACE);
            }
            out.push_str(cluster);
        }
    }
    out
}

fn is_no_break_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(text: &str, french: bool) -> (String, u64) {
        let fonts = Fonts::load(&[]).unwrap();
        let mut cover = Cover::new(&fonts, french);
        (cover.line(text), cover.replaced())
    }

    #[test]
    fn known_emoji_get_their_name_in_the_language_of_the_edition() {
        assert_eq!(line("Panne 🔥", true), ("Panne [feu]".into(), 1));
        assert_eq!(line("Outage 🔥", false), ("Outage [fire]".into(), 1));
        assert_eq!(line("bravo 👍🏽 ❤️", true), ("bravo [pouce levé] [cœur]".into(), 2));
    }

    #[test]
    fn what_no_font_covers_is_one_mark_per_run() {
        assert_eq!(line("a 日本語 b \u{e000}", true), ("a [?] b [?]".into(), 4));
    }

    #[test]
    fn styled_letters_become_plain_ones() {
        assert_eq!(line("𝐏𝐫𝐨𝐦𝐨 ﬁn ｎｏｗ", true), ("Promo fin now".into(), 0));
    }

    #[test]
    fn direction_overrides_and_control_characters_vanish() {
        assert_eq!(line("a\u{202e}b\u{2066}c\u{7}d\te\nf", true).0, "abcd e f");
    }

    #[test]
    fn long_tokens_may_break_and_short_ones_stay_as_they_are() {
        let (out, _) = line(&"x".repeat(65), true);
        assert_eq!(out.split(ZERO_WIDTH_SPACE).map(str::len).collect::<Vec<_>>(), [20, 20, 20, 5]);
        let measured = "n\u{a0}=\u{a0}9\u{202f}412 mentions";
        assert_eq!(line(measured, true).0, measured);
    }

    proptest! {
        #[test]
        fn everything_that_comes_out_can_be_written(text in "\\PC{0,60}|.{0,60}") {
            let fonts = Fonts::load(&[]).unwrap();
            let mut cover = Cover::new(&fonts, true);
            let once = cover.line(&text);
            prop_assert!(once.chars().all(|c| fonts.covers(c)));
            prop_assert_eq!(cover.drawable(&once), once.clone());
        }
    }
}
