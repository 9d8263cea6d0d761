//! The tree of a query, and how it prints back to a query that means the same.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::dates::DateRange;
use crate::field::Field;
use crate::lexer::NAMES;

/// Deepest nesting accepted, of brackets, functions and chained operators.
pub const MAX_DEPTH: usize = 64;
/// Longest query accepted, in bytes.
pub const MAX_LENGTH: usize = 1_048_576;
/// Most nodes a query may have once macros are replaced.
pub const MAX_NODES: usize = 1_000_000;
/// Widest distance accepted in NEAR.
pub const MAX_DISTANCE: u32 = 10_000;

/// One expression and the bytes it was read from.
///
/// Two nodes are equal when their expressions are, wherever they were read.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub expr: Expr,
    /// Byte range in the query text. Inside a macro, the range of the macro's use.
    pub span: Range<usize>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.expr == other.expr
    }
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All hold. At least two.
    And(Vec<Node>),
    /// At least one holds. At least two.
    Or(Vec<Node>),
    /// Does not hold in the document.
    Not(Box<Node>),
    /// Two spans close to each other.
    Near(Near),
    /// A word, hashtag, handle, cashtag, emoji or emoticon.
    Term(Term),
    /// Words in a row, or close to each other when `slop` is set.
    Phrase(Phrase),
    /// Exact characters, case and accents.
    Exact(String),
    /// A group searched in one text field.
    Scope(Field, Box<Node>),
    /// A condition on a typed field.
    Condition(Condition),
    /// A function of a group.
    Function(Function, Box<Node>),
    /// A macro and what it stands for.
    Macro(String, Arc<Node>),
}

/// Two operands and the distance allowed between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Left operand.
    pub left: Box<Node>,
    /// Right operand.
    pub right: Box<Node>,
    /// Most tokens between the two.
    pub distance: u32,
    /// The left one comes first.
    pub ordered: bool,
    /// Holds when some left span has no right span near it.
    pub negated: bool,
}

/// How loosely a word is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fuzzy {
    /// At most this many edits (1 or 2), first letter fixed.
    Edits(u8),
    /// Same letters, with any space, hyphen, apostrophe or underscore between.
    Compound,
}

/// One word as typed, wildcards included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The word, without `~` and `^`.
    pub text: String,
    /// How loosely it is compared. None is plain.
    pub fuzzy: Option<Fuzzy>,
    /// Preference for the sentence shown as evidence. None is plain.
    pub boost: Option<u32>,
}

/// A quoted phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// What stands between the quotes.
    pub text: String,
    /// Most other tokens among the words, in any order. None means in a row, in order.
    pub slop: Option<u32>,
    /// Preference for the sentence shown as evidence. None is plain.
    pub boost: Option<u32>,
}

/// Functions of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// One sentence satisfies the whole group.
    Sentence,
    /// One sentence has the parts of the group in this order.
    OrderedSentence,
    /// One paragraph satisfies the whole group.
    Paragraph,
    /// The group occurs at least this many times.
    AtLeast(u32),
}

/// A condition on a typed field.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Which field.
    pub field: Field,
    /// What its value must be.
    pub test: Test,
}

/// What a field's value must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Equal to the value, in the way of the field (wildcards allowed).
    Is(String),
    /// Exactly these characters.
    Exactly(String),
    /// One of a named list, with the values it had when the query was read.
    InList(String, Vec<String>),
    /// One of several values.
    OneOf(Vec<Test>),
    /// Within a numeric range.
    Number(NumberRange),
    /// Within a range of days.
    Days(DateRange),
}

/// A numeric range. None on a side means no limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberRange {
    /// Lower limit.
    pub low: Option<f64>,
    /// The lower limit itself is in.
    pub low_in: bool,
    /// Upper limit.
    pub high: Option<f64>,
    /// The upper limit itself is in.
    pub high_in: bool,
}

impl NumberRange {
    /// True when the number is in the range.
    pub fn contains(&self, value: f64) -> bool {
        let above = self.low.is_none_or(|low| value > low || (self.low_in && value == low));
        let below = self.high.is_none_or(|high| value < high || (self.high_in && value == high));
        above && below
    }
}

impl fmt::Display for NumberRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Some(low), Some(high)) if low == high => write!(f, "{low}"),
            (Some(low), Some(high)) => write!(f, "{low}..{high}"),
            (Some(low), None) => write!(f, "{}{low}", if self.low_in { ">=" } else { ">" }),
            (None, Some(high)) => write!(f, "{}{high}", if self.high_in { "<=" } else { "<" }),
            (None, None) => Ok(()),
        }
    }
}

impl Node {
    /// Builds a node.
    pub fn new(expr: Expr, span: Range<usize>) -> Self {
        Self { expr, span }
    }

    /// Number of nodes of the tree, macros replaced.
    pub fn size(&self) -> usize {
        1 + match &self.expr {
            Expr::And(list) | Expr::Or(list) => list.iter().map(Self::size).sum(),
            Expr::Not(inner) | Expr::Scope(_, inner) | Expr::Function(_, inner) => inner.size(),
            Expr::Near(near) => near.left.size() + near.right.size(),
            Expr::Macro(_, body) => body.size(),
            Expr::Term(_) | Expr::Phrase(_) | Expr::Exact(_) | Expr::Condition(_) => 0,
        }
    }

    /// The nodes directly below this one, macros included.
    pub fn children(&self) -> Vec<&Self> {
        match &self.expr {
            Expr::And(list) | Expr::Or(list) => list.iter().collect(),
            Expr::Not(inner) | Expr::Scope(_, inner) | Expr::Function(_, inner) => vec![inner],
            Expr::Near(near) => vec![&near.left, &near.right],
            Expr::Macro(_, body) => vec![body],
            Expr::Term(_) | Expr::Phrase(_) | Expr::Exact(_) | Expr::Condition(_) => Vec::new(),
        }
    }

    /// How tightly the node binds when printed: 0 OR, 1 AND, 2 NOT, 3 NEAR, 4 atom.
    fn strength(&self) -> u8 {
        match self.expr {
            Expr::Or(_) => 0,
            Expr::And(_) => 1,
            Expr::Not(_) => 2,
            Expr::Near(_) => 3,
            _ => 4,
        }
    }

    fn write_within(&self, f: &mut fmt::Formatter<'_>, least: u8) -> fmt::Result {
        if self.strength() < least { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.expr {
            Expr::Or(list) => write_joined(f, list, " OR ", 1),
            Expr::And(list) => write_and(f, list),
            Expr::Not(inner) => {
                f.write_str("NOT ")?;
                inner.write_within(f, 3)
            }
            Expr::Near(near) => near.fmt(f),
            Expr::Term(term) => term.fmt(f),
            Expr::Phrase(phrase) => phrase.fmt(f),
            Expr::Exact(text) => write_exact(f, text),
            Expr::Scope(field, inner) => match inner.expr {
                Expr::Term(_) | Expr::Phrase(_) | Expr::Exact(_) if !starts_like_a_mark(inner) => {
                    write!(f, "{field}:{inner}")
                }
                _ => write!(f, "{field}:({inner})"),
            },
            Expr::Condition(condition) => write!(f, "{}:{}", condition.field, condition.test),
            Expr::Function(function, inner) => write!(f, "{function}({inner})"),
            Expr::Macro(name, _) => write!(f, "${name}"),
        }
    }
}

/// Words between quotes, of the kind that they do not hold themselves.
fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    if text.contains(['"', '＂']) { write!(f, "«{text}»") } else { write!(f, "\"{text}\"") }
}

/// An exact form; the other spelling where the first closing brace would end it.
fn write_exact(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    if text.contains('}') {
        f.write_str("!")?;
        return write_quoted(f, text);
    }
    write!(f, "{{{text}}}")
}

/// After a colon, `@x` is a list and `>` a comparison: such terms print in a group.
fn starts_like_a_mark(node: &Node) -> bool {
    matches!(&node.expr, Expr::Term(term) if term.text.starts_with(['@', '>', '<', '-', '!', '$', ':', ';', '=']) || term.text.contains(".."))
}

fn write_joined(f: &mut fmt::Formatter<'_>, list: &[Node], separator: &str, least: u8) -> fmt::Result {
    for (index, node) in list.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        node.write_within(f, least)?;
    }
    Ok(())
}

fn write_and(f: &mut fmt::Formatter<'_>, list: &[Node]) -> fmt::Result {
    for (index, node) in list.iter().enumerate() {
        if index > 0 {
            f.write_str(if matches!(node.expr, Expr::Not(_)) { " " } else { " AND " })?;
        }
        node.write_within(f, 2)?;
    }
    Ok(())
}

impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.left.write_within(f, 3)?;
        let not = if self.negated { "NOT " } else { "" };
        let name = if self.ordered { "ONEAR" } else { "NEAR" };
        write!(f, " {not}{name}/{} ", self.distance)?;
        self.right.write_within(f, 4)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match self.fuzzy {
            Some(Fuzzy::Edits(n)) => write!(f, "~{n}")?,
            Some(Fuzzy::Compound) => f.write_str("~")?,
            None => {}
        }
        self.boost.map_or(Ok(()), |boost| write!(f, "^{boost}"))
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_quoted(f, &self.text)?;
        self.slop.map_or(Ok(()), |slop| write!(f, "~{slop}"))?;
        self.boost.map_or(Ok(()), |boost| write!(f, "^{boost}"))
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sentence => f.write_str("SENTENCE"),
            Self::OrderedSentence => f.write_str("OSENTENCE"),
            Self::Paragraph => f.write_str("PARAGRAPH"),
            Self::AtLeast(n) => write!(f, "ATLEAST/{n}"),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(value) if is_plain_value(value) => f.write_str(value),
            Self::Is(value) => write_quoted(f, value),
            Self::Exactly(value) => write_exact(f, value),
            Self::InList(name, _) => write!(f, "@{name}"),
            Self::OneOf(tests) => {
                f.write_str("(")?;
                for (index, test) in tests.iter().enumerate() {
                    write!(f, "{}{test}", if index > 0 { " OR " } else { "" })?;
                }
                f.write_str(")")
            }
            Self::Number(range) => range.fmt(f),
            Self::Days(range) => range.fmt(f),
        }
    }
}

/// True for values that need no quotes.
fn is_plain_value(value: &str) -> bool {
    let safe = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '*' | '?' | '@' | '=' | '%' | '+');
    let head = value.split('/').next().unwrap_or(value);
    let operator = NAMES.iter().any(|row| row.name == head || row.french.contains(&head));
    !value.is_empty()
        && value.starts_with(char::is_alphanumeric)
        && value.chars().all(safe)
        && !value.contains("..")
        && !operator
}
