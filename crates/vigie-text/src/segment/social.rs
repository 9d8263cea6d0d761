//! What social networks add to text: addresses, hashtags, cashtags, handles.

/// Short-link hosts that appear without a scheme.
const BARE_HOSTS: &[&str] = &[
    "t.co/",
    "pic.twitter.com/",
    "bit.ly/",
    "youtu.be/",
    "goo.gl/",
    "fb.me/",
    "ow.ly/",
    "buff.ly/",
    "lnkd.in/",
    "tinyurl.com/",
    "instagr.am/",
    "dlvr.it/",
    "ift.tt/",
    "wp.me/",
    "spoti.fi/",
    "amzn.to/",
];

fn starts_with_ignore_case(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Length in bytes of the address that begins `text`, or 0.
pub(super) fn url_len(text: &str) -> usize {
    let scheme =
        ["https://", "http://", "ftp://", "www."].iter().chain(BARE_HOSTS).find(|p| starts_with_ignore_case(text, p));
    let Some(scheme) = scheme else { return 0 };
    let body = &text[scheme.len()..];
    let end = body
        .find(|c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, '<' | '>' | '"' | '«' | '»' | '“' | '”' | '…' | '{' | '}' | '|')
        })
        .unwrap_or(body.len());
    let mut kept = &body[..end];
    loop {
        let trimmed = kept.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', '_']);
        let trimmed = match trimmed.strip_suffix(')') {
            Some(inner) if !inner.contains('(') => inner,
            _ => trimmed.strip_suffix(']').unwrap_or(trimmed),
        };
        if trimmed.len() == kept.len() {
            break;
        }
        kept = trimmed;
    }
    if kept.is_empty() && scheme.ends_with('.') { 0 } else { scheme.len() + kept.len() }
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || crate::normalize::is_accent(c)
}

pub(super) fn name_len(text: &str) -> usize {
    text.find(|c: char| !is_name_char(c)).unwrap_or(text.len())
}

/// Length in bytes of the body of the hashtag whose mark stands just before `text`, or 0. A tag needs a
/// letter: `#1` is a rank.
pub(super) fn hashtag_len(text: &str) -> usize {
    let len = name_len(text);
    if text[..len].chars().any(char::is_alphabetic) { len } else { 0 }
}

/// Length in bytes of the body of the cashtag whose mark stands just before `text`, or 0.
pub(super) fn cashtag_len(text: &str) -> usize {
    let len = name_len(text);
    let body = &text.as_bytes()[..len];
    let good = (1..=6).contains(&len) && body.iter().all(u8::is_ascii_alphabetic);
    if good { len } else { 0 }
}

/// Length in bytes of the body of the handle whose mark stands just before `text`, or 0. Dots and hyphens
/// are taken inside a name (`brand.bsky.social`), and one host after it (`brand@example.org`).
pub(super) fn handle_len(text: &str) -> usize {
    let mut end = dotted_len(text);
    if end > 0
        && let Some(host) = text[end..].strip_prefix('@')
    {
        let host_len = dotted_len(host);
        if host[..host_len].contains('.') {
            end += 1 + host_len;
        }
    }
    end
}

fn dotted_len(text: &str) -> usize {
    let mut end = 0;
    loop {
        let part = name_len(&text[end..]);
        if part == 0 {
            return if end == 0 { 0 } else { end - 1 };
        }
        end += part;
        let mut rest = text[end..].chars();
        let joins = matches!(rest.next(), Some('.' | '-'))
            && rest.next().is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        if !joins {
            return end;
        }
        end += 1;
    }
}

/// Cuts the body of a tag into words: at underscores and where the case changes (`BonService`, `SNCFGreve`).
/// A single small letter before a capital stays (`iPhone`). Calls `visit` with byte ranges.
pub(super) fn split_body(body: &str, mut visit: impl FnMut(usize, usize)) {
    let mut start = 0;
    let mut previous: Option<char> = None;
    let mut lower_run = 0;
    let mut iter = body.char_indices().peekable();
    while let Some((at, c)) = iter.next() {
        if c == '_' {
            if at > start {
                visit(start, at);
            }
            start = at + 1;
            previous = None;
            lower_run = 0;
            continue;
        }
        let next_lower = iter.peek().is_some_and(|(_, n)| n.is_lowercase());
        let cut = c.is_uppercase()
            && previous.is_some_and(|p| {
                (p.is_lowercase() && lower_run_is_word(lower_run, at, start))
                    || (p.is_numeric())
                    || (p.is_uppercase() && next_lower)
            });
        if cut && at > start {
            visit(start, at);
            start = at;
            lower_run = 0;
        }
        lower_run = if c.is_lowercase() { lower_run + 1 } else { 0 };
        previous = Some(c);
    }
    if body.len() > start {
        visit(start, body.len());
    }
}

/// A lone small letter at the start of a piece is a prefix, not a word.
fn lower_run_is_word(run: usize, at: usize, start: usize) -> bool {
    !(run == 1 && at - start == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(body: &str) -> Vec<&str> {
        let mut out = Vec::new();
        split_body(body, |a, b| out.push(&body[a..b]));
        out
    }

    #[test]
    fn tags_split_on_case() {
        assert_eq!(pieces("BonService"), ["Bon", "Service"]);
        assert_eq!(pieces("SNCFGreve"), ["SNCF", "Greve"]);
        assert_eq!(pieces("iPhone15"), ["iPhone15"]);
        assert_eq!(pieces("COVID19"), ["COVID19"]);
        assert_eq!(pieces("bon_service"), ["bon", "service"]);
        assert_eq!(pieces("ÉtéIndien"), ["Été", "Indien"]);
    }

    #[test]
    fn addresses_end_before_sentence_punctuation() {
        assert_eq!(url_len("https://a.fr/x?y=1, puis"), "https://a.fr/x?y=1".len());
        assert_eq!(url_len("www.exemple.fr."), "www.exemple.fr".len());
        assert_eq!(url_len("http://a.fr/b_(c) d"), "http://a.fr/b_(c)".len());
        assert_eq!(url_len("t.co/abc!"), "t.co/abc".len());
        assert_eq!(url_len("wwwhat"), 0);
    }

    #[test]
    fn handles_take_dots_but_not_the_final_one() {
        assert_eq!(handle_len("brand.bsky.social."), "brand.bsky.social".len());
        assert_eq!(handle_len("brand@example.org ok"), "brand@example.org".len());
        assert_eq!(handle_len("brand.Merci"), 5);
    }
}
