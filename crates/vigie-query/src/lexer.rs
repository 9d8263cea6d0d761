//! From the characters of a query to its lexical tokens. Mistakes are noted and reading goes on.

use std::ops::Range;

use crate::automaton::spaced;
use crate::field::{Field, Kind};
use crate::options::Dialect;
use crate::problem::{Code, Problem};
use crate::syntax::MAX_DISTANCE;

/// Distance of a NEAR written without a number.
const DEFAULT_DISTANCE: u32 = 4;

/// One lexical token.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lexeme {
    pub(crate) kind: LexemeKind,
    pub(crate) span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum LexemeKind {
    Open,
    Close,
    And,
    Or,
    Not,
    Near {
        distance: u32,
        ordered: bool,
    },
    /// A word or a value, as typed, with its marks.
    Word(String),
    Phrase {
        text: String,
        slop: Option<u32>,
        boost: Option<u32>,
    },
    Exact(String),
    /// A field name and its colon.
    Field(Field),
    Sentence,
    OrderedSentence,
    Paragraph,
    AtLeast(u32),
    Macro(String),
    /// Something wrong that was reported and stands for an operand.
    Broken,
}

/// What an operator's name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    And,
    Or,
    Not,
    Near,
    OrderedNear,
    Sentence,
    OrderedSentence,
    Paragraph,
    AtLeast,
}

/// One row of the table of names.
#[derive(Debug)]
pub(crate) struct Keyword {
    /// The name in every dialect.
    pub(crate) name: &'static str,
    /// What the French dialect reads as well.
    pub(crate) french: &'static [&'static str],
    operator: Operator,
}

const fn name(name: &'static str, french: &'static [&'static str], operator: Operator) -> Keyword {
    Keyword { name, french, operator }
}

/// Every operator that has a name: what the lexer reads and the reference page shows.
pub(crate) const NAMES: &[Keyword] = &[
    name("AND", &["ET"], Operator::And),
    name("OR", &["OU"], Operator::Or),
    name("NOT", &["SAUF"], Operator::Not),
    name("NEAR", &["PRES", "PRÈS"], Operator::Near),
    name("ONEAR", &[], Operator::OrderedNear),
    name("SENTENCE", &[], Operator::Sentence),
    name("OSENTENCE", &[], Operator::OrderedSentence),
    name("PARAGRAPH", &[], Operator::Paragraph),
    name("ATLEAST", &[], Operator::AtLeast),
];

/// Cuts a query into lexemes.
pub(crate) fn lex(text: &str, dialect: Dialect, problems: &mut Vec<Problem>) -> Vec<Lexeme> {
    let mut lexer = Lexer { text, at: 0, dialect, out: Vec::new(), problems };
    lexer.run();
    lexer.out
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    dialect: Dialect,
    out: Vec<Lexeme>,
    problems: &'a mut Vec<Problem>,
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '＂')
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || matches!(c, '(' | ')' | '{' | '}')
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn push(&mut self, kind: LexemeKind, start: usize) {
        self.out.push(Lexeme { kind, span: start..self.at });
    }

    fn run(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            let start = self.at;
            if c.is_whitespace() || vigie_text::normalize::is_invisible(c) {
                self.at += c.len_utf8();
            } else if self.rest().starts_with("#;") {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            } else if c == '(' || c == ')' {
                self.at += 1;
                self.push(if c == '(' { LexemeKind::Open } else { LexemeKind::Close }, start);
            } else if is_quote(c) {
                self.phrase(c);
            } else if c == '{' {
                self.exact();
            } else if c == '}' {
                self.at += 1;
                self.problems.push(Problem::new(
                    Code::OpenBrace,
                    start..self.at,
                    "this brace closes nothing",
                    "cette accolade ne ferme rien",
                ));
            } else {
                self.word_like(c);
            }
        }
    }

    fn word_like(&mut self, c: char) {
        let start = self.at;
        if matches!(c, ':' | ';' | '=' | '<' | '>')
            && let Some((len, _)) = vigie_text::segment::emoticon_at(self.rest())
        {
            self.at += len;
            self.push(LexemeKind::Word(self.text[start..self.at].to_owned()), start);
            return;
        }
        let next = self.rest().chars().nth(1);
        if c == '-' && next.is_some_and(|n| !n.is_whitespace() && n != ')') {
            self.at += 1;
            self.push(LexemeKind::Not, start);
        } else if c == '!' && next.is_some_and(|n| is_quote(n) || n.is_alphanumeric() || n == '{') {
            self.at += 1;
            self.raw(start);
        } else if c == '$' && next.is_some_and(char::is_alphabetic) {
            let body = &self.rest()[1..];
            let len = body.find(|x: char| !(x.is_alphanumeric() || x == '_')).unwrap_or(body.len());
            self.at += 1 + len;
            self.push(LexemeKind::Macro(body[..len].to_owned()), start);
        } else {
            self.word();
        }
    }

    fn word(&mut self) {
        let start = self.at;
        let run = &self.rest()[..self.rest().find(ends_word).unwrap_or(self.rest().len())];
        if let Some(colon) = run.find(':') {
            let name = &run[..colon];
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphabetic() || c == '_');
            if is_name && name.eq_ignore_ascii_case("raw") {
                self.at += colon + 1;
                self.raw(start);
                return;
            }
            if is_name && !run[colon..].starts_with("://") {
                self.field(name, colon);
                return;
            }
        }
        self.at += run.len();
        if let Some(kind) = self.operator(run, start..self.at) {
            self.push(kind, start);
        } else {
            self.push(LexemeKind::Word(run.to_owned()), start);
        }
    }

    fn field(&mut self, name: &str, colon: usize) {
        let start = self.at;
        self.at += colon + 1;
        let Some(field) = Field::from_name(name) else {
            self.unknown_field(name, start);
            return;
        };
        self.push(LexemeKind::Field(field), start);
        if field.kind() == Kind::Text {
            return;
        }
        let blank = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        self.at += blank;
        let value_start = self.at;
        let len = self.rest().find(ends_word).unwrap_or(self.rest().len());
        self.at += len;
        if len > 0 {
            self.push(LexemeKind::Word(self.text[value_start..self.at].to_owned()), value_start);
        }
    }

    fn unknown_field(&mut self, name: &str, start: usize) {
        let mut problem = Problem::new(
            Code::UnknownField,
            start..self.at,
            format!("there is no field named “{name}”"),
            format!("aucun champ ne s’appelle « {name} »"),
        );
        problem = match Field::closest(name) {
            Some(field) => problem
                .hint(format!("did you mean {field}:?"), format!("vouliez-vous dire {field}: ?"))
                .fix(format!("{field}:")),
            None => problem.hint(
                "to look for a colon in the text, put the words between quotes",
                "pour chercher un deux-points dans le texte, mettez les mots entre guillemets",
            ),
        };
        self.problems.push(problem);
        let len = self.rest().find(ends_word).unwrap_or(self.rest().len());
        let group = len == 0 && self.rest().starts_with(['(', '"', '{']);
        self.at += len;
        if !group {
            self.push(LexemeKind::Broken, start);
        }
    }

    /// After `raw:` or `!`: the next phrase or word is exact.
    fn raw(&mut self, start: usize) {
        let Some(c) = self.rest().chars().next() else {
            self.push(LexemeKind::Broken, start);
            self.empty(start);
            return;
        };
        if is_quote(c) {
            self.phrase(c);
            if let Some(last) = self.out.last_mut()
                && let LexemeKind::Phrase { text, .. } = &last.kind
            {
                last.kind = LexemeKind::Exact(spaced(text));
                last.span.start = start;
            }
        } else if c == '{' {
            self.exact();
        } else {
            let len = self.rest().find(ends_word).unwrap_or(self.rest().len());
            let text = self.rest()[..len].to_owned();
            self.at += len;
            if text.is_empty() {
                self.push(LexemeKind::Broken, start);
                self.empty(start);
            } else {
                self.push(LexemeKind::Exact(text), start);
            }
        }
    }

    fn empty(&mut self, start: usize) {
        self.problems.push(Problem::new(
            Code::Empty,
            start..self.at,
            "nothing follows this mark",
            "rien ne suit cette marque",
        ));
    }

    fn exact(&mut self) {
        let start = self.at;
        let body = &self.rest()[1..];
        if let Some(len) = body.find(['}', '\n']).filter(|len| body[*len..].starts_with('}')) {
            self.at += len + 2;
            self.push(LexemeKind::Exact(spaced(&body[..len])), start);
        } else {
            self.at += 1 + recovery_len(body);
            self.push(LexemeKind::Broken, start);
            self.problems.push(
                Problem::new(
                    Code::OpenBrace,
                    start..start + 1,
                    "this brace is never closed",
                    "cette accolade n’est jamais fermée",
                )
                .hint("add } after the exact word", "ajoutez } après le mot exact"),
            );
        }
    }

    fn phrase(&mut self, open: char) {
        let start = self.at;
        let body_start = start + open.len_utf8();
        let body = &self.text[body_start..];
        let close = match open {
            '"' | '＂' => body
                .char_indices()
                .find(|(_, c)| matches!(c, '"' | '＂'))
                .or_else(|| body.char_indices().find(|(_, c)| is_quote(*c))),
            '«' => {
                body.char_indices().find(|(_, c)| *c == '»').or_else(|| body.char_indices().find(|(_, c)| is_quote(*c)))
            }
            _ => body.char_indices().find(|(_, c)| is_quote(*c)),
        };
        let Some((len, closed_by)) = close else {
            self.at = body_start + recovery_len(body);
            self.push(LexemeKind::Broken, start);
            self.problems.push(
                Problem::new(
                    Code::OpenQuote,
                    start..body_start,
                    "this quote is never closed",
                    "ce guillemet n’est jamais fermé",
                )
                .hint(
                    "add a quote after the last word of the phrase",
                    "ajoutez un guillemet après le dernier mot de l’expression",
                ),
            );
            return;
        };
        self.at = body_start + len + closed_by.len_utf8();
        let paired =
            matches!((open, closed_by), ('"', '"') | ('＂', '＂') | ('“' | '„', '”') | ('«', '»') | ('„', '“'));
        if !paired {
            self.problems.push(
                Problem::new(
                    Code::Quotes,
                    start..self.at,
                    "these quotes do not pair; read as \"…\"",
                    "ces guillemets ne vont pas ensemble ; lus comme \"…\"",
                )
                .fix(format!("\"{}\"", body[..len].trim())),
            );
        }
        let slop = if self.rest().starts_with('~') {
            let number = self.number_after('~');
            if number.is_none() {
                self.problems.push(Problem::new(
                    Code::BadNumber,
                    start..self.at,
                    "after a phrase, ~ needs a number of words: \"a b\"~5",
                    "après une expression, ~ demande un nombre de mots : \"a b\"~5",
                ));
            }
            Some(self.distance(number.unwrap_or(0), start))
        } else {
            None
        };
        let boost = self.number_after('^');
        let text = body[..len].trim().to_owned();
        self.push(LexemeKind::Phrase { text, slop, boost }, start);
    }

    /// The number after a mark such as `~5` or `^9`. None when the mark or its number is missing; a number too
    /// large to hold counts as the largest.
    fn number_after(&mut self, mark: char) -> Option<u32> {
        let body = self.rest().strip_prefix(mark)?;
        let len = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
        self.at += mark.len_utf8() + len;
        (len > 0).then(|| body[..len].parse().unwrap_or(u32::MAX))
    }

    fn distance(&mut self, distance: u32, start: usize) -> u32 {
        if distance > MAX_DISTANCE {
            self.problems.push(
                Problem::new(
                    Code::BadNumber,
                    start..self.at,
                    format!("the distance is over {MAX_DISTANCE} words"),
                    format!("la distance dépasse {MAX_DISTANCE} mots"),
                )
                .hint("use AND", "utilisez AND"),
            );
        }
        distance.min(MAX_DISTANCE)
    }

    fn operator(&mut self, run: &str, span: Range<usize>) -> Option<LexemeKind> {
        let (name, number) = run.split_once('/').map_or((run, None), |(name, number)| (name, Some(number)));
        let french = self.dialect == Dialect::French;
        let row = NAMES.iter().find(|row| row.name == name || (french && row.french.contains(&name)))?;
        match (row.operator, number) {
            (Operator::And, None) => Some(LexemeKind::And),
            (Operator::Or, None) => Some(LexemeKind::Or),
            (Operator::Not, None) => Some(LexemeKind::Not),
            (Operator::Near, _) => Some(self.near(number, false, span)),
            (Operator::OrderedNear, _) => Some(self.near(number, true, span)),
            (Operator::Sentence, None) => Some(LexemeKind::Sentence),
            (Operator::OrderedSentence, None) => Some(LexemeKind::OrderedSentence),
            (Operator::Paragraph, None) => Some(LexemeKind::Paragraph),
            (Operator::AtLeast, _) => Some(self.at_least(number, span)),
            _ => None,
        }
    }

    fn near(&mut self, number: Option<&str>, ordered: bool, span: Range<usize>) -> LexemeKind {
        let Some(number) = number else { return LexemeKind::Near { distance: DEFAULT_DISTANCE, ordered } };
        let (digits, forward) = number.strip_suffix('f').map_or((number, false), |d| (d, true));
        let distance = digits.parse::<u32>().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()));
        let start = span.start;
        let distance = distance.unwrap_or_else(|| {
            let overflow = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            if !overflow {
                self.problems.push(Problem::new(
                    Code::BadNumber,
                    span,
                    "NEAR needs a number of words: NEAR/5",
                    "NEAR demande un nombre de mots : NEAR/5",
                ));
            }
            if overflow { u32::MAX } else { 0 }
        });
        LexemeKind::Near { distance: self.distance(distance, start), ordered: ordered || forward }
    }

    fn at_least(&mut self, number: Option<&str>, span: Range<usize>) -> LexemeKind {
        let count = number.and_then(|n| n.parse::<u32>().ok()).filter(|n| *n > 0);
        if count.is_none() {
            self.problems.push(Problem::new(
                Code::BadNumber,
                span,
                "ATLEAST needs a number over 0: ATLEAST/2(word)",
                "ATLEAST demande un nombre supérieur à 0 : ATLEAST/2(mot)",
            ));
        }
        LexemeKind::AtLeast(count.unwrap_or(1))
    }
}

/// Where reading goes on after something that is never closed: at the end of the line, a closing bracket
/// or an operator, so that the mistakes that follow are still seen.
fn recovery_len(body: &str) -> usize {
    [" AND ", " OR ", " NOT ", " NEAR", " ONEAR", "\n", ")"]
        .iter()
        .filter_map(|stop| body.find(stop))
        .min()
        .unwrap_or(body.len())
}
