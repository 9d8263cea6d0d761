//! What makes two spellings the same: case, accents, ligatures, compatibility forms, apostrophes.
//!
//! Three forms exist. *Folded* is what matching compares (`L’ŒUVRE` and `l'oeuvre` are the same).
//! *Strict* keeps accents and drops case. *Exact* keeps both and only unifies what a keyboard hides:
//! compatibility forms, apostrophes, hyphens, invisible characters. Cutting into tokens lives in
//! [`crate::segment`].

use unicode_normalization::{IsNormalized, UnicodeNormalization, char as unicode_char, is_nfkc_quick};

/// First character that the Latin table does not cover.
const TABLE_END: u32 = 0x180;
/// First character that the Latin table covers (everything below is ASCII or a symbol).
const TABLE_START: u32 = 0xC0;

/// Base letters of U+00C0 to U+017F, in order; `\0` marks the few that need two letters.
const LATIN: &[u8; 192] = b"aaaaaa\0ceeeeiiiidnooooo\xd7ouuuuy\0\0aaaaaa\0ceeeeiiiidnooooo\xf7ouuuuy\0yaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii\0\0jjkkkllllll\0\0llnnnnnn\0nnoooooo\0\0rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// True for the three apostrophes people type and their full-width form.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02BC}' | '\u{FF07}' | '\u{2018}' | '\u{00B4}' | '`')
}

/// True for the characters that join two words like a hyphen.
pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{FF0D}')
}

/// True for characters that take no room on screen and carry no letter.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{FEFF}'
            | '\u{FE00}'..='\u{FE0F}'
    )
}

/// True for the combining accents that folding drops.
pub fn is_accent(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}')
}

/// True for letters whose script loses nothing when accents go: Latin, Greek, Cyrillic.
fn accents_are_optional(c: char) -> bool {
    let code = c as u32;
    code < 0x0530 || (0x1E00..0x2000).contains(&code)
}

/// Appends the folded form of one character: lower case, no accent, ligatures opened.
///
/// Compatibility forms made of several characters (`ﬁ`, `㎞`) are opened as well. Invisible
/// characters and combining accents append nothing.
pub fn fold_char_into(c: char, out: &mut String) {
    let code = c as u32;
    if code < 0x80 {
        out.push(c.to_ascii_lowercase());
    } else if (TABLE_START..TABLE_END).contains(&code) {
        match LATIN[(code - TABLE_START) as usize] {
            0 => out.push_str(two_letters(c)),
            b if b.is_ascii() => out.push(char::from(b)),
            _ => out.push(c),
        }
    } else {
        fold_rare_char(c, out);
    }
}

/// The one ASCII letter to which a letter of the Latin table folds. None for all other characters.
pub(crate) fn latin_base(c: char) -> Option<u8> {
    let index = (c as u32).checked_sub(TABLE_START)?;
    LATIN.get(index as usize).copied().filter(u8::is_ascii_lowercase)
}

/// The letters that open into two, or that have no base letter in the table.
fn two_letters(c: char) -> &'static str {
    match c {
        'Æ' | 'æ' => "ae",
        'Œ' | 'œ' => "oe",
        'ß' => "ss",
        'Þ' | 'þ' => "th",
        'Ĳ' | 'ĳ' => "ij",
        'Ŀ' | 'ŀ' => "l",
        'ŉ' => "n",
        _ => "",
    }
}

fn fold_rare_char(c: char, out: &mut String) {
    if is_invisible(c) || is_accent(c) {
        return;
    }
    if is_apostrophe(c) {
        out.push('\'');
        return;
    }
    if c == '\u{1E9E}' {
        out.push_str("ss");
        return;
    }
    let before = out.len();
    unicode_char::decompose_compatible(c, |part| {
        if is_accent(part) {
            return;
        }
        let code = part as u32;
        if code < 0x80 || (TABLE_START..TABLE_END).contains(&code) {
            fold_char_into(part, out);
        } else {
            out.extend(part.to_lowercase().map(|lower| if lower == 'ς' { 'σ' } else { lower }));
        }
    });
    if !accents_are_optional(c) && needs_recomposition(&out[before..], c) {
        out.truncate(before);
        out.extend(c.to_lowercase());
    }
}

/// Hangul syllables and voiced kana fall apart when decomposed: they stay whole.
fn needs_recomposition(parts: &str, c: char) -> bool {
    let mut chars = parts.chars();
    let first = chars.next();
    chars.next().is_some() && std::iter::once(c).nfkc().eq(std::iter::once(c)) && first != Some(c)
}

/// Appends the folded form of a text: NFKC, lower case, no accent.
pub fn fold_into(text: &str, out: &mut String) {
    if text.is_ascii() {
        let start = out.len();
        out.push_str(text);
        out[start..].make_ascii_lowercase();
    } else if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        text.chars().for_each(|c| fold_char_into(c, out));
    } else {
        text.nfkc().for_each(|c| fold_char_into(c, out));
    }
}

/// The folded form of a text. See [`fold_into`].
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// The exact form: NFKC with one apostrophe, one hyphen and no invisible character.
pub fn exact(text: &str) -> String {
    text.nfkc()
        .filter(|c| !is_invisible(*c))
        .map(|c| {
            if is_apostrophe(c) {
                '\''
            } else if is_hyphen(c) {
                '-'
            } else {
                c
            }
        })
        .collect()
}

/// The strict form: [`exact`] in lower case, accents kept.
pub fn strict(text: &str) -> String {
    exact(text).chars().flat_map(char::to_lowercase).collect()
}

/// Cuts letters repeated more than twice to two (`nooooon` becomes `noon`), in place from `start`.
///
/// Kept whole: tokens of a single repeated letter (`AAA` batteries are not `AA`), and tokens written
/// only with the letters of Roman numerals and sizes (`XXXL`, `III`).
pub fn shorten_repeats(folded: &mut String, start: usize) {
    let bytes = &folded.as_bytes()[start..];
    // A run of three and another letter: shorter tokens have nothing to cut.
    if bytes.len() < 4 || !bytes.windows(3).any(|w| w[0] == w[1] && w[1] == w[2] && w[0].is_ascii_alphabetic()) {
        return;
    }
    let first = bytes[0];
    let single = bytes.iter().all(|b| *b == first);
    let numeral = bytes.iter().all(|b| b"ivxlcdms".contains(b));
    if single || numeral {
        return;
    }
    let (mut last, mut run) = ('\0', 0);
    let kept: String = folded[start..]
        .chars()
        .filter(|c| {
            run = if *c == last && c.is_ascii_alphabetic() { run + 1 } else { 1 };
            last = *c;
            run <= 2
        })
        .collect();
    folded.truncate(start);
    folded.push_str(&kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_agrees_with_unicode_decomposition() {
        for code in TABLE_START..TABLE_END {
            let c = char::from_u32(code).unwrap();
            let mut base = String::new();
            unicode_char::decompose_compatible(c, |p| {
                if !is_accent(p) {
                    base.extend(p.to_lowercase());
                }
            });
            let folded = fold(&c.to_string());
            if base.is_ascii() {
                assert_eq!(folded, base, "U+{code:04X}");
            }
            assert!(!folded.is_empty(), "U+{code:04X} folds to nothing");
        }
    }

    #[test]
    fn folding_drops_case_accents_and_compatibility() {
        assert_eq!(fold("L’ŒUVRE à Ça"), "l'oeuvre a ca");
        assert_eq!(fold("Straße ﬁn ＡＢＣ"), "strasse fin abc");
        assert_eq!(fold("e\u{301}te\u{301}"), "ete");
        assert_eq!(fold("ΣΟΦΟΣ"), fold("σοφος"));
    }

    #[test]
    fn scripts_whose_marks_are_letters_stay_whole() {
        assert_eq!(fold("한국 が"), "한국 が");
        assert_eq!(fold("か\u{3099}"), "が");
    }

    #[test]
    fn strict_keeps_accents_and_exact_keeps_case() {
        assert_eq!(strict("L’Été"), "l'été");
        assert_eq!(exact("L’E\u{301}te"), "L'Éte");
    }

    #[test]
    fn repeats_are_cut_except_where_they_mean_something() {
        let cut = |s: &str| {
            let mut f = fold(s);
            shorten_repeats(&mut f, 0);
            f
        };
        assert_eq!(cut("Nooooon"), "noon");
        assert_eq!(cut("AAA"), "aaa");
        assert_eq!(cut("XXXL"), "xxxl");
        assert_eq!(cut("1000"), "1000");
    }
}
