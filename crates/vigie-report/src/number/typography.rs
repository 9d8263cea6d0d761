//! Spaces, quotes and apostrophes of our own sentences. Words of other people never pass here.

use vigie_model::locale::Locale;

use super::{NBSP, NNBSP};

/// U+2011, no-break hyphen.
const NB_HYPHEN: char = '\u{2011}';

/// `text` with the typography of the edition; applying it twice changes nothing more.
///
/// What stands between braces is a slot of a message and is left alone.
pub fn typeset(locale: Locale, text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut open_quotes = false;
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let slot = if c == '{' { chars[at..].iter().position(|c| *c == '}') } else { None };
        if let Some(length) = slot {
            out.extend(&chars[at..=at + length]);
            at += length + 1;
            continue;
        }
        let (before, after) = (out.chars().next_back(), chars.get(at + 1).copied());
        match c {
            '.' if after == Some('.') && chars.get(at + 2) == Some(&'.') => {
                out.push('…');
                at += 2;
            }
            '\'' => out.push(apostrophe(before)),
            '"' => {
                open_quotes = !open_quotes;
                push_quote(&mut out, locale, open_quotes);
            }
            '-' if is_identifier_hyphen(&out, after) => out.push(NB_HYPHEN),
            ' ' if before.is_some_and(|b| b.is_numeric() || b == '}') && unit_follows(&chars[at + 1..]) => {
                out.push(NBSP);
            }
            ' ' if after.is_some_and(|a| a.is_numeric() || a == '{') && names_a_figure(&out) => {
                out.push(NBSP);
            }
            _ if locale.is_french() => push_french(&mut out, c, after),
            _ => out.push(c),
        }
        at += 1;
    }
    out
}

/// A straight mark at the start of a word opens a quotation; elsewhere it is an apostrophe.
fn apostrophe(before: Option<char>) -> char {
    match before {
        Some(b) if b.is_alphanumeric() || matches!(b, '}' | '*' | ')' | '»' | '”' | '.') => '\u{2019}',
        _ => '\u{2018}',
    }
}

fn push_quote(out: &mut String, locale: Locale, opening: bool) {
    match (locale.is_french(), opening) {
        (true, true) => out.extend(['«', NBSP]),
        (true, false) => {
            trim_spaces(out);
            out.extend([NBSP, '»']);
        }
        (false, true) => out.push('“'),
        (false, false) => out.push('”'),
    }
}

/// Ordinary characters of a French sentence.
fn push_french(out: &mut String, c: char, after: Option<char>) {
    let space = match c {
        ':' => Some(NBSP),
        ';' | '!' | '?' => Some(NNBSP),
        _ => None,
    };
    match (c, space) {
        (_, Some(space)) if ends_word(after) && !out.is_empty() => {
            // `?!` is one sign.
            if !out.ends_with(['!', '?', ':', ';', '(', NBSP, NNBSP]) {
                trim_spaces(out);
                out.push(space);
            }
            out.push(c);
        }
        ('»', _) => {
            trim_spaces(out);
            out.extend([NBSP, c]);
        }
        ('«', _) => out.extend([c, NBSP]),
        (' ' | NBSP | NNBSP, _) if out.ends_with(['«', NBSP, NNBSP]) => {}
        ('%', _) if out.ends_with(|b: char| b.is_ascii_digit() || b == '}') => {
            out.extend([NBSP, c]);
        }
        _ => out.push(c),
    }
}

/// Whether a sign is the end of a word and no part of an address or a time.
fn ends_word(after: Option<char>) -> bool {
    after.is_none_or(|a| a.is_whitespace() || matches!(a, '!' | '?' | '*' | ')' | '»' | '"' | ']' | '…'))
}

fn trim_spaces(out: &mut String) {
    while out.ends_with([' ', NBSP, NNBSP]) {
        out.pop();
    }
}

/// `FIG-01`, `TAB-02`: capitals, hyphen, digit.
fn is_identifier_hyphen(out: &str, after: Option<char>) -> bool {
    let capitals = out.chars().rev().take_while(char::is_ascii_uppercase).count();
    capitals >= 2 && after.is_some_and(|a| a.is_ascii_digit() || a == '{')
}

/// Whether the next word is a unit, which stays on the line of its number.
fn unit_follows(rest: &[char]) -> bool {
    const UNITS: [&str; 13] = ["%", "$", "€", "pts", "pt", "pp", "h", "min", "ko", "Mo", "kB", "MB", "M"];
    let word: String = rest.iter().take_while(|c| c.is_alphabetic() || matches!(c, '%' | '$' | '€')).collect();
    UNITS.contains(&word.as_str())
}

fn names_a_figure(out: &str) -> bool {
    let word: String =
        out.chars().rev().take_while(|c| c.is_alphabetic()).collect::<Vec<_>>().into_iter().rev().collect();
    matches!(word.to_lowercase().as_str(), "figure" | "figures" | "tableau" | "table" | "section" | "page")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_spaces_and_marks() {
        let check = |typed: &str, set: &str| {
            assert_eq!(typeset(Locale::FrCa, typed), set);
            assert_eq!(typeset(Locale::FrFr, set), set, "twice");
        };
        check(
            "Attention : 35 % ; vraiment ? Oui !",
            "Attention\u{a0}: 35\u{a0}%\u{202f}; vraiment\u{202f}? Oui\u{202f}!",
        );
        check("Attention: vraiment?!", "Attention\u{a0}: vraiment\u{202f}?!");
        check("l'écart d'Ondéa", "l\u{2019}écart d\u{2019}Ondéa");
        check("« mot » et \"autre\"", "«\u{a0}mot\u{a0}» et «\u{a0}autre\u{a0}»");
        check("**{subject} :** {n} mentions...", "**{subject}\u{a0}:** {n} mentions…");
        check("voir la figure 3 et FIG-01", "voir la figure\u{a0}3 et FIG\u{2011}01");
        check("à 14:30, https://exemple.ca/?a=1", "à 14:30, https://exemple.ca/?a=1");
        check("de {low} à {high} %", "de {low} à {high}\u{a0}%");
        check("+8,2 pts, 14 h", "+8,2\u{a0}pts, 14\u{a0}h");
    }

    #[test]
    fn english_has_quotes_and_no_spaces() {
        let check = |typed: &str, set: &str| {
            assert_eq!(typeset(Locale::EnCa, typed), set);
            assert_eq!(typeset(Locale::EnUs, set), set, "twice");
        };
        check("It's \"good\": really?", "It\u{2019}s “good”: really?");
        check("{client}'s share", "{client}\u{2019}s share");
        check("Figure 3: 35%", "Figure\u{a0}3: 35%");
    }

    #[test]
    fn slots_are_left_alone() {
        assert_eq!(typeset(Locale::FrCa, "{a : b}"), "{a : b}");
        assert_eq!(typeset(Locale::FrCa, "{jamais fermé :"), "{jamais fermé\u{a0}:");
    }

    proptest::proptest! {
        #[test]
        fn twice_is_once(text in "[a-zé0-9A-Z'\".,:;!?%(){}«»*\u{a0}\u{202f} -]{0,40}") {
            for locale in Locale::ALL {
                let once = typeset(locale, &text);
                proptest::prop_assert_eq!(typeset(locale, &once), once);
            }
        }

        #[test]
        fn no_word_is_lost(text in "[a-zé0-9 :;!?.,'-]{0,40}") {
            let letters = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            proptest::prop_assert_eq!(letters(&typeset(Locale::FrCa, &text)), letters(&text));
        }
    }
}
