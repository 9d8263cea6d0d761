//! The single pass that cuts a text. ASCII words are copied in runs; everything else goes through folding.

use std::ops::Range;

use super::emoji::{read_emoji, read_emoticon, starts_emoji};
use super::markup::{self, Tag};
use super::sentence::Pending;
use super::social::{cashtag_len, handle_len, hashtag_len, split_body, url_len};
use super::{Segments, Token, TokenKind};
use crate::normalize::{fold_char_into, fold_into, is_accent, is_apostrophe, is_hyphen, is_invisible, shorten_repeats};

/// Words that lose their vowel before another word, without the apostrophe.
const ELIDED: &[&str] = &["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];

/// Reads `text` into `out`.
pub(super) fn scan(text: &str, out: &mut Segments) {
    out.clear();
    out.words.push('\0');
    out.side.push('\0');
    let mut limit = text.len().min(u32::MAX as usize);
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    Scanner::new(&text[..limit], out).run();
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    out: &'a mut Segments,
    pending: Pending,
    sentence: u32,
    paragraph: u32,
    /// End of the last word or number, when nothing but joiners follows it; else `usize::MAX`.
    word_end: usize,
    /// The next word is joined to the one before.
    joined: bool,
    /// Index of the last counted token.
    last_counted: Option<usize>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, out: &'a mut Segments) -> Self {
        Self {
            text,
            at: 0,
            out,
            pending: Pending::default(),
            sentence: 0,
            paragraph: 0,
            word_end: usize::MAX,
            joined: false,
            last_counted: None,
        }
    }

    fn run(mut self) {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => self.word_or_emoticon(byte),
                b'\n' | b'\r' => self.line_break(),
                b'#' => self.mark(1, hashtag_len, TokenKind::Hashtag),
                b'@' => self.mark(1, handle_len, TokenKind::Handle),
                b'$' => self.mark(1, cashtag_len, TokenKind::Cashtag),
                b'&' => self.ampersand(),
                b'\\' => self.backslash(),
                b'<' => self.angle(),
                0..=0x20 | 0x7F => {
                    self.pending.blank();
                    self.at += 1;
                }
                0x80.. => self.wide_char(),
                _ => self.symbol_or_emoticon(),
            }
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn after_word(&self) -> bool {
        self.word_end == self.at
    }

    fn word_or_emoticon(&mut self, byte: u8) {
        if matches!(byte, b'x' | b'X') && self.text.as_bytes().get(self.at + 1) == Some(&b'D') && self.emoticon() {
            return;
        }
        self.word();
    }

    fn symbol_or_emoticon(&mut self) {
        if !self.emoticon() {
            self.symbol();
        }
    }

    fn emoticon(&mut self) -> bool {
        let Some((len, normal)) = read_emoticon(self.rest(), self.after_word()) else { return false };
        let folded = self.out.words.len();
        self.out.words.push_str(normal);
        self.push_counted(TokenKind::Emoticon, folded, self.at, self.at + len);
        self.at += len;
        true
    }

    fn wide_char(&mut self) {
        let Some(c) = self.rest().chars().next() else { return };
        let width = c.len_utf8();
        if c.is_alphanumeric() {
            if is_lone_script(c) { self.lone(c) } else { self.word() }
        } else if starts_emoji(c) {
            self.emoji();
        } else if c.is_whitespace() {
            self.wide_blank(c);
            self.at += width;
        } else if c == '\u{FF03}' {
            self.mark(width, hashtag_len, TokenKind::Hashtag);
        } else if c == '\u{FF20}' {
            self.mark(width, handle_len, TokenKind::Handle);
        } else if is_invisible(c) || is_accent(c) {
            if self.after_word() {
                self.word_end += width;
            }
            self.at += width;
        } else {
            self.symbol_or_emoticon();
        }
    }

    fn wide_blank(&mut self, c: char) {
        if c == '\u{2029}' {
            self.pending.paragraph();
        }
        self.pending.blank();
    }

    fn line_break(&mut self) {
        let blank = self.rest().find(|c: char| !matches!(c, '\n' | '\r' | ' ' | '\t')).unwrap_or(self.rest().len());
        let lines = self.rest()[..blank].replace("\r\n", "\n").matches(['\n', '\r']).count();
        self.pending.blank();
        if lines > 1 {
            self.pending.paragraph();
        }
        self.at += blank;
        let mut next = self.rest().chars();
        let bullet = next.next();
        let is_item = matches!(bullet, Some('•' | '▪' | '‣'))
            || (matches!(bullet, Some('-' | '*' | '–')) && next.next() == Some(' '));
        if is_item {
            self.pending.item();
        }
    }

    /// A mark (`#`, `@`, `$`) and its name, or a plain symbol.
    fn mark(&mut self, width: usize, name_len: fn(&str) -> usize, kind: TokenKind) {
        let body = self.at + width;
        let len = if self.after_word() { 0 } else { name_len(&self.text[body..]) };
        if len == 0 {
            self.symbol();
            return;
        }
        let end = body + len;
        let name = &self.text[body..end];
        let sigil = match kind {
            TokenKind::Hashtag => '#',
            TokenKind::Handle => '@',
            _ => '$',
        };
        if kind == TokenKind::Handle {
            let folded = self.out.words.len();
            self.out.words.push(sigil);
            fold_into(name, &mut self.out.words);
            self.push_counted(kind, folded, self.at, end);
        } else {
            self.tag(kind, sigil, name, body, end);
        }
        self.at = end;
        self.word_end = end;
    }

    fn tag(&mut self, kind: TokenKind, sigil: char, name: &str, body: usize, end: usize) {
        let folded = self.out.side.len();
        self.out.side.push(sigil);
        fold_into(name, &mut self.out.side);
        self.settle(0..0, true);
        let tag = self.push_side(kind, folded, self.at, end);
        let mut width = 0u16;
        split_body(name, |from, to| {
            let start = self.out.words.len();
            fold_into(&name[from..to], &mut self.out.words);
            shorten_repeats(&mut self.out.words, start);
            self.joined = width > 0;
            let piece = if name[from..to].chars().all(char::is_numeric) { TokenKind::Number } else { TokenKind::Word };
            self.push_counted(piece, start, body + from, body + to);
            width = width.saturating_add(1);
        });
        self.out.tokens[tag].width = width;
    }

    fn ampersand(&mut self) {
        match markup::entity(self.rest()) {
            Some((c, len)) => self.written_otherwise(c, len),
            None => self.join_or_symbol(1),
        }
    }

    fn backslash(&mut self) {
        match markup::escape(self.rest()) {
            Some((c, len)) => self.written_otherwise(c, len),
            None => self.symbol_or_emoticon(),
        }
    }

    /// A character that stands in the text as `len` bytes of HTML or JSON.
    fn written_otherwise(&mut self, c: char, len: usize) {
        if c.is_alphanumeric() {
            self.word();
        } else if starts_emoji(c) {
            let folded = self.out.words.len();
            read_emoji(c.encode_utf8(&mut [0; 4]), &mut self.out.words);
            self.push_counted(TokenKind::Emoji, folded, self.at, self.at + len);
            self.at += len;
        } else if c.is_whitespace() {
            self.pending.blank();
            self.at += len;
        } else {
            let side = self.out.side.len();
            self.out.side.push(c);
            self.push_side(TokenKind::Punct, side, self.at, self.at + len);
            self.pending.mark(c, 1);
            self.at += len;
        }
    }

    fn angle(&mut self) {
        match markup::tag(self.rest()) {
            Some((kind, len)) => {
                match kind {
                    Tag::Block => self.pending.paragraph(),
                    Tag::Line => self.pending.blank(),
                    Tag::Inline => {}
                }
                self.at += len;
            }
            None => self.symbol_or_emoticon(),
        }
    }

    fn emoji(&mut self) {
        let folded = self.out.words.len();
        let len = read_emoji(self.rest(), &mut self.out.words);
        self.push_counted(TokenKind::Emoji, folded, self.at, self.at + len);
        self.at += len;
    }

    /// One character that is a token by itself: scripts written without spaces.
    fn lone(&mut self, c: char) {
        let end = self.at + c.len_utf8();
        let folded = self.out.words.len();
        fold_char_into(c, &mut self.out.words);
        self.joined = self.joined || self.after_word();
        self.push_counted(TokenKind::Word, folded, self.at, end);
        self.at = end;
        self.word_end = end;
    }

    /// A run of one symbol.
    fn symbol(&mut self) {
        let Some(c) = self.rest().chars().next() else { return };
        if self.after_word() && (is_hyphen(c) || is_apostrophe(c) || matches!(c, '_' | '.' | '&' | '@' | '+' | '·')) {
            self.join_or_symbol(c.len_utf8());
            return;
        }
        let run = self.rest().find(|other| other != c).unwrap_or(self.rest().len());
        self.push_symbol(c, run);
    }

    fn push_symbol(&mut self, c: char, len: usize) {
        let side = self.out.side.len();
        self.out.side.push(c);
        self.push_side(TokenKind::Punct, side, self.at, self.at + len);
        self.pending.mark(c, len / c.len_utf8());
        self.at += len;
    }

    /// A joiner between two words takes no token; elsewhere it is a symbol.
    fn join_or_symbol(&mut self, width: usize) {
        let next = self.text[self.at + width..].chars().next();
        if self.after_word() && next.is_some_and(char::is_alphanumeric) {
            self.joined = true;
            self.at += width;
            return;
        }
        let Some(c) = self.rest().chars().next() else { return };
        let run = self.rest().find(|other| other != c).unwrap_or(self.rest().len());
        self.push_symbol(c, run);
    }

    fn word(&mut self) {
        let start = self.at;
        let folded = self.out.words.len();
        let word = read_word(self.text, start, &mut self.out.words);
        let end = word.end;
        let next = self.text.as_bytes().get(end).copied();
        let address = match next {
            Some(b':') => self.text[end..].starts_with("://"),
            Some(b'.') => self.text.as_bytes().get(end + 1).is_some_and(u8::is_ascii_alphanumeric),
            _ => false,
        };
        if address && !self.joined {
            let url = url_len(&self.text[start..]);
            if url > 0 {
                self.out.words.truncate(folded);
                self.url(start, start + url);
                return;
            }
        }
        if self.out.words.len() == folded {
            self.at = end.max(start + self.rest().chars().next().map_or(1, char::len_utf8));
            return;
        }
        shorten_repeats(&mut self.out.words, folded);
        let kind = if word.letters { TokenKind::Word } else { TokenKind::Number };
        self.push_counted(kind, folded, start, end);
        self.joined = word.elided;
        self.at = word.next;
        self.word_end = if word.elided { usize::MAX } else { word.next };
    }

    fn url(&mut self, start: usize, end: usize) {
        let side = self.out.side.len();
        self.push_side(TokenKind::Url, side, start, end);
        self.at = end;
    }

    /// Decides whether the word that arrives begins a sentence.
    fn settle(&mut self, next: Range<usize>, capital: bool) {
        let pending = std::mem::take(&mut self.pending);
        let Some(last) = self.last_counted else {
            return;
        };
        let token = self.out.tokens[last];
        let before = self.out.folded(&token);
        if !pending.ends(before, token.joined_left, &self.out.words[next], capital) {
            return;
        }
        self.sentence += 1;
        if pending.has_paragraph() {
            self.paragraph += 1;
        }
        self.move_openers();
    }

    /// Opening quotes and brackets just before the word belong to the new sentence.
    fn move_openers(&mut self) {
        let (sentence, paragraph) = (self.sentence, self.paragraph);
        for index in (0..self.out.tokens.len()).rev() {
            let token = self.out.tokens[index];
            let opens = token.kind == TokenKind::Punct
                && matches!(
                    self.out.folded(&token).chars().next(),
                    Some('«' | '“' | '‘' | '(' | '[' | '¿' | '¡' | '-' | '•' | '–' | '—' | '*')
                );
            if !opens {
                break;
            }
            self.out.tokens[index].sentence = sentence;
            self.out.tokens[index].paragraph = paragraph;
        }
    }

    fn push_counted(&mut self, kind: TokenKind, folded: usize, start: usize, end: usize) {
        let stays = matches!(kind, TokenKind::Emoji | TokenKind::Emoticon);
        if self.pending.is_active() && (!stays || self.pending.has_paragraph()) {
            let first = self.text[start..].chars().next();
            let capital = first.is_none_or(|c| !c.is_lowercase());
            self.settle(folded..self.out.words.len(), capital);
        }
        let folded_len = self.out.words.len() - folded;
        self.out.words.push('\0');
        self.last_counted = Some(self.out.tokens.len());
        self.out.tokens.push(Token {
            folded_start: folded as u32,
            folded_len: folded_len as u32,
            start: start as u32,
            end: end as u32,
            position: self.out.counted.len() as u32,
            sentence: self.sentence,
            paragraph: self.paragraph,
            width: 1,
            kind,
            joined_left: std::mem::take(&mut self.joined),
        });
        self.out.counted.push(self.out.tokens.len() as u32 - 1);
        self.word_end = usize::MAX;
    }

    fn push_side(&mut self, kind: TokenKind, folded: usize, start: usize, end: usize) -> usize {
        let folded_len = self.out.side.len() - folded;
        self.out.side.push('\0');
        self.joined = false;
        self.word_end = usize::MAX;
        self.out.tokens.push(Token {
            folded_start: folded as u32,
            folded_len: folded_len as u32,
            start: start as u32,
            end: end as u32,
            position: self.out.counted.len() as u32,
            sentence: self.sentence,
            paragraph: self.paragraph,
            width: 0,
            kind,
            joined_left: false,
        });
        self.out.tokens.len() - 1
    }
}

/// Scripts whose characters are cut one by one.
fn is_lone_script(c: char) -> bool {
    matches!(c as u32, 0x3040..=0x309F | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// Where a word ends and what it is made of.
struct Word {
    /// End of its bytes.
    end: usize,
    /// Where reading goes on: after the apostrophe of an elision, after `'s`.
    next: usize,
    /// It has a letter.
    letters: bool,
    /// It ends with an elision, so the next word is joined to it.
    elided: bool,
}

/// Reads the word at `start` and appends its folded form.
fn read_word(text: &str, start: usize, out: &mut String) -> Word {
    let bytes = text.as_bytes();
    let folded = out.len();
    let mut at = start;
    let mut letters = false;
    let mut refold = false;
    let mut entities = false;
    loop {
        let run = bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        if run > 0 {
            let from = out.len();
            out.push_str(&text[at..at + run]);
            out[from..].make_ascii_lowercase();
            letters = letters || bytes[at..at + run].iter().any(u8::is_ascii_alphabetic);
            at += run;
        }
        let Some(&byte) = bytes.get(at) else { break };
        let (c, width) = match byte {
            b'\'' | b'`' => ('\'', 1),
            b'.' | b',' => {
                let digits =
                    at > start && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
                if !digits {
                    break;
                }
                out.push(char::from(byte));
                at += 1;
                continue;
            }
            b'&' => match markup::entity(&text[at..]) {
                Some((c, width)) if c.is_alphanumeric() || is_apostrophe(c) => {
                    entities = true;
                    (c, width)
                }
                _ => break,
            },
            b'\\' => match markup::escape(&text[at..]) {
                Some((c, width)) if c.is_alphanumeric() || is_apostrophe(c) => {
                    entities = true;
                    (c, width)
                }
                _ => break,
            },
            0..=0x7F => break,
            _ => {
                let Some(c) = text[at..].chars().next() else { break };
                (c, c.len_utf8())
            }
        };
        if is_apostrophe(c) {
            match apostrophe(&out[folded..], &text[at + width..]) {
                Apostrophe::Inside => {
                    out.push('\'');
                    at += width;
                }
                Apostrophe::Elision => {
                    return finish(text, start, at, at + width, letters, true, refold, entities, folded, out);
                }
                Apostrophe::Possessive => {
                    return finish(text, start, at, at + width + 1, letters, false, refold, entities, folded, out);
                }
                Apostrophe::Outside => break,
            }
        } else if c.is_alphanumeric() && !is_lone_script(c) {
            letters = letters || c.is_alphabetic();
            refold = refold || c as u32 >= 0x0530;
            fold_char_into(c, out);
            at += width;
        } else if is_accent(c) || is_invisible(c) {
            at += width;
        } else if is_word_mark(c) {
            refold = true;
            out.push(c);
            at += width;
        } else {
            break;
        }
    }
    finish(text, start, at, at, letters, false, refold, entities, folded, out)
}

/// Marks that are part of a word in scripts other than Latin (vowel signs, voiced marks).
fn is_word_mark(c: char) -> bool {
    c as u32 >= 0x0300 && unicode_normalization::char::is_combining_mark(c)
}

enum Apostrophe {
    Inside,
    Elision,
    Possessive,
    Outside,
}

fn apostrophe(before: &str, after: &str) -> Apostrophe {
    let mut next = after.chars();
    let Some(first) = next.next().filter(|c| c.is_alphanumeric()) else { return Apostrophe::Outside };
    if matches!(first, 's' | 'S') && !next.next().is_some_and(|c| c.is_alphanumeric() || is_apostrophe(c)) {
        Apostrophe::Possessive
    } else if ELIDED.contains(&before) {
        Apostrophe::Elision
    } else if is_lone_script(first) {
        Apostrophe::Outside
    } else {
        Apostrophe::Inside
    }
}

#[expect(clippy::too_many_arguments, clippy::fn_params_excessive_bools, reason = "the end of one function, named once")]
fn finish(
    text: &str,
    start: usize,
    end: usize,
    next: usize,
    letters: bool,
    elided: bool,
    refold: bool,
    entities: bool,
    folded: usize,
    out: &mut String,
) -> Word {
    if refold && !entities {
        out.truncate(folded);
        fold_into(&text[start..end], out);
    }
    Word { end, next, letters, elided }
}
