//! Emoji and emoticons: where one begins and ends, and the form that compares.

/// True for characters that open an emoji by themselves.
pub(super) fn starts_emoji(c: char) -> bool {
    matches!(
        c,
        '\u{1F000}'..='\u{1FAFF}'
            | '\u{2600}'..='\u{27BF}'
            | '\u{231A}' | '\u{231B}' | '\u{2328}' | '\u{23CF}'
            | '\u{23E9}'..='\u{23FA}'
            | '\u{25AA}' | '\u{25AB}' | '\u{25B6}' | '\u{25C0}'
            | '\u{25FB}'..='\u{25FE}'
            | '\u{2934}' | '\u{2935}'
            | '\u{2B05}'..='\u{2B07}'
            | '\u{2B1B}' | '\u{2B1C}' | '\u{2B50}' | '\u{2B55}'
            | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
            | '\u{203C}' | '\u{2049}'
    )
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Reads one emoji at the start of `text`: appends its folded form (no skin tone, no variation
/// selector) and returns its length in bytes. `text` must begin with an emoji.
pub(super) fn read_emoji(text: &str, out: &mut String) -> usize {
    let mut chars = text.char_indices().peekable();
    let Some((_, first)) = chars.next() else { return 0 };
    out.push(first);
    let mut end = first.len_utf8();
    if is_regional(first) {
        if let Some((at, second)) = chars.peek().copied()
            && is_regional(second)
        {
            out.push(second);
            end = at + second.len_utf8();
        }
        return end;
    }
    while let Some((at, c)) = chars.next() {
        match c {
            '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}' => end = at + c.len_utf8(),
            '\u{E0020}'..='\u{E007F}' => {
                out.push(c);
                end = at + c.len_utf8();
            }
            _ if is_skin_tone(c) => end = at + c.len_utf8(),
            '\u{200D}' => match chars.next() {
                Some((next_at, next)) if starts_emoji(next) => {
                    out.push('\u{200D}');
                    out.push(next);
                    end = next_at + next.len_utf8();
                }
                _ => break,
            },
            _ => break,
        }
    }
    end
}

/// Emoticons as typed and their normal form. Longest first among those that share a beginning.
const EMOTICONS: &[(&str, &str)] = &[
    (":'-(", ":'("),
    (":'-)", ":')"),
    (":'(", ":'("),
    (":’(", ":'("),
    (":')", ":')"),
    (":,(", ":'("),
    (":-))", ":)"),
    (":-)", ":)"),
    (":-]", ":)"),
    (":))", ":)"),
    (":)", ":)"),
    (":]", ":)"),
    ("=)", ":)"),
    (":-((", ":("),
    (":-(", ":("),
    (":-[", ":("),
    (":((", ":("),
    (":(", ":("),
    (":[", ":("),
    ("=(", ":("),
    (";-)", ";)"),
    (";)", ";)"),
    (":-D", ":d"),
    (":D", ":d"),
    ("=D", ":d"),
    ("xD", ":d"),
    ("XD", ":d"),
    (":-P", ":p"),
    (":-p", ":p"),
    (":P", ":p"),
    (":p", ":p"),
    (";P", ":p"),
    (";p", ":p"),
    (":-O", ":o"),
    (":-o", ":o"),
    (":O", ":o"),
    (":o", ":o"),
    (":-/", ":/"),
    (":-\\", ":/"),
    (":/", ":/"),
    (":\\", ":/"),
    (":-|", ":|"),
    (":|", ":|"),
    (":-S", ":s"),
    (":-s", ":s"),
    (":-*", ":*"),
    (":*", ":*"),
    ("<3", "<3"),
    ("</3", "</3"),
    ("^^", "^^"),
    ("-_-", "-_-"),
    (">:(", ":("),
    ("¯\\_(ツ)_/¯", ":/"),
];

/// The ways to type the emoticon of this normal form.
pub(super) fn spellings(normal: &str) -> impl Iterator<Item = &'static str> {
    EMOTICONS.iter().filter(move |(_, form)| *form == normal).map(|(typed, _)| *typed)
}

/// The emoticon that begins `text`, if any: its length in bytes and its normal form.
///
/// `after_word` tells that a letter or digit stands just before: then forms that could be the end of a
/// word or of a time (`note:D`, `12:3`) are refused.
pub(super) fn read_emoticon(text: &str, after_word: bool) -> Option<(usize, &'static str)> {
    let first = *text.as_bytes().first()?;
    if !matches!(first, b':' | b';' | b'=' | b'<' | b'>' | b'^' | b'-' | b'(' | b')' | b'x' | b'X' | 0xC2) {
        return None;
    }
    let (typed, normal) =
        EMOTICONS.iter().filter(|(typed, _)| text.starts_with(typed)).max_by_key(|(typed, _)| typed.len())?;
    let rest = &text[typed.len()..];
    let next = rest.chars().next();
    let ends_with_letter = typed.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '/' || c == '\\');
    let starts_open = typed.starts_with(['x', 'X', '(', ')', '-', '<', '=']);
    if ends_with_letter && (after_word || next.is_some_and(char::is_alphanumeric)) {
        return None;
    }
    if after_word && next.is_some_and(char::is_alphanumeric) {
        return None;
    }
    if starts_open && (after_word || next.is_some_and(|c| !c.is_whitespace() && c.is_alphanumeric())) {
        return None;
    }
    if (*typed == ":/" || *typed == ":\\") && next.is_some_and(|c| !c.is_whitespace()) {
        return None;
    }
    Some((typed.len(), normal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emoji(text: &str) -> (usize, String) {
        let mut out = String::new();
        let len = read_emoji(text, &mut out);
        (len, out)
    }

    #[test]
    fn skin_tones_and_selectors_fold_and_sequences_stay_whole() {
        assert_eq!(emoji("😡🏽 x"), (8, "😡".to_owned()));
        assert_eq!(emoji("❤️").1, "❤");
        assert_eq!(emoji("👨‍👩‍👧!").1, "👨‍👩‍👧");
        assert_eq!(emoji("🇫🇷🇨🇦"), (8, "🇫🇷".to_owned()));
    }

    #[test]
    fn emoticons_have_one_form() {
        assert_eq!(read_emoticon(":-) ok", false), Some((3, ":)")));
        assert_eq!(read_emoticon(":D", false), Some((2, ":d")));
        assert_eq!(read_emoticon(":Donc", false), None);
        assert_eq!(read_emoticon("://a", true), None);
    }
}
