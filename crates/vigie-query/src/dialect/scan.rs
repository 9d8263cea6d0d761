//! Cuts the query of another tool into pieces, without judging it.

use std::ops::Range;

/// One piece and its bytes in the source.
pub(super) struct Piece {
    pub(super) kind: PieceKind,
    pub(super) span: Range<usize>,
}

pub(super) enum PieceKind {
    Open,
    Close,
    Word(String),
    Phrase {
        text: String,
        slop: Option<String>,
    },
    Exact(String),
    /// A minus before an operand.
    Minus,
    /// A plus and its operand.
    Plus,
    Field {
        name: String,
        value: String,
    },
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '"' | '“' | '”' | '«' | '»' | '{' | '}')
}

/// Length of a quoted part that begins `text`, quotes included; the whole text when it is never closed.
fn quoted_len(text: &str) -> usize {
    text.char_indices()
        .skip(1)
        .find(|(_, c)| matches!(c, '"' | '“' | '”' | '»'))
        .map_or(text.len(), |(at, c)| at + c.len_utf8())
}

fn inside_quotes(text: &str) -> String {
    text.trim_matches(['"', '“', '”', '«', '»']).trim().to_owned()
}

/// All the pieces of a query.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, len) = match c {
            _ if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' => (PieceKind::Open, 1),
            ')' => (PieceKind::Close, 1),
            '"' | '“' | '”' | '«' | '»' => phrase(rest),
            '{' => {
                let len = rest.find('}').map_or(rest.len(), |i| i + 1);
                (PieceKind::Exact(rest[..len].trim_matches(['{', '}']).trim().to_owned()), len)
            }
            '}' => {
                at += 1;
                continue;
            }
            '-' if rest[1..].starts_with(|n: char| !n.is_whitespace()) => (PieceKind::Minus, 1),
            '+' if rest[1..].starts_with('"') => (PieceKind::Plus, 1 + quoted_len(&rest[1..])),
            '+' if rest[1..].starts_with(char::is_alphanumeric) => {
                (PieceKind::Plus, rest.find(ends_word).unwrap_or(rest.len()))
            }
            _ => word(rest),
        };
        out.push(Piece { kind, span: at..at + len });
        at += len;
    }
    out
}

fn phrase(rest: &str) -> (PieceKind, usize) {
    let len = quoted_len(rest);
    let text = inside_quotes(&rest[..len]);
    let slop_len =
        rest[len..].strip_prefix('~').map_or(0, |tail| tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len()));
    if slop_len == 0 {
        return (PieceKind::Phrase { text, slop: None }, len);
    }
    let slop = rest[len + 1..len + 1 + slop_len].to_owned();
    (PieceKind::Phrase { text, slop: Some(slop) }, len + 1 + slop_len)
}

fn word(rest: &str) -> (PieceKind, usize) {
    let len = rest.find(ends_word).unwrap_or(rest.len()).max(rest.chars().next().map_or(1, char::len_utf8));
    let run = &rest[..len];
    let name_len = run
        .find(':')
        .filter(|i| *i > 0 && run[..*i].chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.'));
    let Some(name_len) = name_len.filter(|i| !run[*i..].starts_with("://")) else {
        return (PieceKind::Word(run.to_owned()), len);
    };
    let name = run[..name_len].to_owned();
    let tail = &rest[name_len + 1..];
    let value_len = match tail.chars().next() {
        Some('"' | '“') => quoted_len(tail),
        Some('(') => group_len(tail),
        Some('[') => tail.find(']').map_or(tail.len(), |i| i + 1),
        _ => tail.find(ends_word).unwrap_or(tail.len()),
    };
    (PieceKind::Field { name, value: tail[..value_len].to_owned() }, name_len + 1 + value_len)
}

fn group_len(text: &str) -> usize {
    let mut level = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => level += 1,
            ')' => level = level.saturating_sub(1),
            _ => {}
        }
        if level == 0 {
            return at + 1;
        }
    }
    text.len()
}
