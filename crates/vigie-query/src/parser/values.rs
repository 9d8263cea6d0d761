//! Values of typed fields: choices, numbers, dates, lists, labels.

use std::ops::Range;

use super::Parser;
use crate::dates::{self, DateError};
use crate::field::{Field, Kind, choice};
use crate::lexer::LexemeKind;
use crate::problem::{Code, Problem};
use crate::syntax::{Condition, Expr, Node, NumberRange, Test};

impl Parser<'_> {
    /// The condition whose field name was just read.
    pub(super) fn condition(&mut self, field: Field, name: &Range<usize>) -> Option<Node> {
        let open = self.here();
        match self.peek() {
            Some(LexemeKind::Word(_) | LexemeKind::Phrase { .. } | LexemeKind::Exact(_)) => {
                let test = self.one_value(field)?;
                Some(Node::new(Expr::Condition(Condition { field, test }), name.start..self.previous().end))
            }
            Some(LexemeKind::Open) => {
                let outer = self.values_of.replace(field);
                let group = self.group(&open);
                self.values_of = outer;
                let mut group = joined(field, group?);
                group.span.start = name.start;
                Some(group)
            }
            _ => {
                self.no_value(field, name);
                None
            }
        }
    }

    /// An operand inside `field:(…)`: a value of the field.
    pub(super) fn value_operand(&mut self, field: Field, kind: &LexemeKind, span: &Range<usize>) -> Option<Node> {
        let test = match kind {
            LexemeKind::Word(_) | LexemeKind::Phrase { .. } | LexemeKind::Exact(_) => self.one_value(field),
            _ => {
                self.at += 1;
                self.bad(field, span, "this among its values", "ceci parmi ses valeurs")
            }
        }?;
        Some(Node::new(Expr::Condition(Condition { field, test }), span.start..self.previous().end))
    }

    fn one_value(&mut self, field: Field) -> Option<Test> {
        let span = self.here();
        let kind = self.peek()?.clone();
        self.at += 1;
        match kind {
            LexemeKind::Word(text) => {
                let text = self.with_split_comparison(text);
                self.value(field, &text, &span)
            }
            LexemeKind::Phrase { text, .. } => self.quoted_value(field, text, &span),
            LexemeKind::Exact(text) => self.exact_value(field, text, &span),
            _ => None,
        }
    }

    /// `followers:> 100` with a space after the sign.
    fn with_split_comparison(&mut self, text: String) -> String {
        if !matches!(text.as_str(), ">" | "<" | ">=" | "<=") {
            return text;
        }
        let Some(LexemeKind::Word(number)) = self.peek().cloned() else { return text };
        self.at += 1;
        text + &number
    }

    fn quoted_value(&mut self, field: Field, text: String, span: &Range<usize>) -> Option<Test> {
        match field.kind() {
            Kind::Number | Kind::Date | Kind::Choice(_) | Kind::Flag | Kind::Weekday => self.value(field, &text, span),
            _ if text.is_empty() => self.bad(field, span, "an empty value", "une valeur vide"),
            _ => Some(Test::Is(text)),
        }
    }

    fn exact_value(&mut self, field: Field, text: String, span: &Range<usize>) -> Option<Test> {
        match field.kind() {
            Kind::Number | Kind::Date | Kind::Choice(_) | Kind::Flag | Kind::Weekday => {
                self.bad(field, span, "an exact form", "une forme exacte")
            }
            _ if text.is_empty() => self.bad(field, span, "an empty value", "une valeur vide"),
            _ => Some(Test::Exactly(text)),
        }
    }

    fn value(&mut self, field: Field, text: &str, span: &Range<usize>) -> Option<Test> {
        if let Some(list) = text.strip_prefix('@')
            && self.options.lists.contains_key(list)
        {
            return self.list(field, list, span);
        }
        match field.kind() {
            Kind::Number => self.number(field, text, span),
            Kind::Date => self.days(field, text, span),
            Kind::Choice(names) => self.chosen(field, names, text, span),
            Kind::Flag => match crate::record::flag(text) {
                Some(flag) => Some(Test::Is(flag.to_string())),
                None => self.bad_with(field, span, text, "true, false"),
            },
            Kind::Weekday => match dates::weekday(text) {
                Some(day) => Some(Test::Is(format!("{day:?}").to_lowercase())),
                None => self.bad_with(field, span, text, "monday … sunday, lundi … dimanche"),
            },
            Kind::Account if text.starts_with('@') => Some(Test::Is(text[1..].to_owned()))
                .filter(|_| text.len() > 1)
                .or_else(|| self.bad_with(field, span, text, "@name")),
            _ => match text.strip_prefix('@') {
                Some(list) => self.list(field, list, span),
                None if text.chars().all(|c| matches!(c, '*' | '?')) => {
                    self.bad_with(field, span, text, field.row().example)
                }
                None if text.starts_with(['<', '>']) => self.bad(
                    field,
                    span,
                    "a comparison: it holds no number nor date",
                    "une comparaison : il ne contient ni nombre ni date",
                ),
                None => Some(Test::Is(text.to_owned())),
            },
        }
    }

    fn list(&mut self, field: Field, name: &str, span: &Range<usize>) -> Option<Test> {
        let takes_lists =
            !matches!(field.kind(), Kind::Number | Kind::Date | Kind::Flag | Kind::Weekday | Kind::Choice(_));
        if !takes_lists {
            return self.bad(field, span, "a list", "une liste");
        }
        if let Some(values) = self.options.lists.get(name) {
            return Some(Test::InList(name.to_owned(), values.clone()));
        }
        let known: Vec<&str> = self.options.lists.keys().map(String::as_str).collect();
        let known = known.join(", ");
        self.problems.push(
            Problem::new(
                Code::UnknownList,
                span.clone(),
                format!("the list @{name} is not defined"),
                format!("la liste @{name} n’est pas définie"),
            )
            .hint(
                if known.is_empty() {
                    "no list is defined; write [lists] in vigie.toml".to_owned()
                } else {
                    format!("defined lists: {known}")
                },
                if known.is_empty() {
                    "aucune liste n’est définie ; écrivez [lists] dans vigie.toml".to_owned()
                } else {
                    format!("listes définies : {known}")
                },
            ),
        );
        None
    }

    fn chosen(
        &mut self,
        field: Field,
        names: &'static [&'static [&'static str]],
        text: &str,
        span: &Range<usize>,
    ) -> Option<Test> {
        if let Some(name) = choice(names, text) {
            return Some(Test::Is(name.to_owned()));
        }
        let all: Vec<&str> = names.iter().map(|group| group[0]).collect();
        self.bad_with(field, span, text, &all.join(", "))
    }

    fn number(&mut self, field: Field, text: &str, span: &Range<usize>) -> Option<Test> {
        if let Some(range) = number_range(text) {
            let beyond = |n: Option<f64>| n.is_some_and(|n| !(0.0..24.0).contains(&n));
            if field == Field::Hour && (beyond(range.low) || beyond(range.high)) {
                return self.bad_with(field, span, text, "0 … 23, 22..23, >=18");
            }
            return Some(Test::Number(range));
        }
        self.bad_with(field, span, text, "5, >5, >=5, <5, <=5, 1..5")
    }

    fn days(&mut self, field: Field, text: &str, span: &Range<usize>) -> Option<Test> {
        match dates::parse(text, self.options.today) {
            Ok(range) => Some(Test::Days(range)),
            Err(DateError::Form) => self.bad_with(
                field,
                span,
                text,
                "2026-08-31, 2026-08, 2026-W35, 2026-08-01..2026-08-31, >=2026-08, last-month",
            ),
            Err(DateError::Backwards) => self.bad(
                field,
                span,
                "a range that ends before it begins",
                "un intervalle qui finit avant de commencer",
            ),
            Err(DateError::NoToday) => self.bad(
                field,
                span,
                "a relative date here: the day of the report is not known",
                "une date relative ici : le jour du rapport n’est pas connu",
            ),
        }
    }

    fn bad(&mut self, field: Field, span: &Range<usize>, en: &str, fr: &str) -> Option<Test> {
        self.problems.push(
            Problem::new(
                Code::BadValue,
                span.clone(),
                format!("{field}: does not accept {en}"),
                format!("{field}: n’accepte pas {fr}"),
            )
            .hint(format!("example: {}", field.row().example), format!("exemple : {}", field.row().example)),
        );
        None
    }

    fn bad_with(&mut self, field: Field, span: &Range<usize>, text: &str, accepted: &str) -> Option<Test> {
        self.problems.push(
            Problem::new(
                Code::BadValue,
                span.clone(),
                format!("{field}: does not accept “{text}”"),
                format!("{field}: n’accepte pas « {text} »"),
            )
            .hint(format!("accepted: {accepted}"), format!("valeurs acceptées : {accepted}")),
        );
        None
    }
}

/// `field:(a OR b)` is one condition with several values; other groups keep their operators.
fn joined(field: Field, group: Node) -> Node {
    let Expr::Or(list) = &group.expr else { return group };
    let tests: Option<Vec<Test>> = list
        .iter()
        .map(|node| match &node.expr {
            Expr::Condition(Condition { field: own, test }) if *own == field && !matches!(test, Test::OneOf(_)) => {
                Some(test.clone())
            }
            _ => None,
        })
        .collect();
    match tests {
        Some(tests) => Node::new(Expr::Condition(Condition { field, test: Test::OneOf(tests) }), group.span),
        None => group,
    }
}

/// `5`, `>5`, `>=5`, `<5`, `<=5`, `1..5`, `1..`, `..5`. None when it is none of them.
fn number_range(text: &str) -> Option<NumberRange> {
    let number = |s: &str| {
        let plain = s.replace([' ', '_', '\u{A0}', '\u{202F}'], "").replace(',', ".");
        plain.parse::<f64>().ok().filter(|n| n.is_finite())
    };
    let none = NumberRange { low: None, low_in: true, high: None, high_in: true };
    if let Some(rest) = text.strip_prefix(">=") {
        return Some(NumberRange { low: Some(number(rest)?), ..none });
    }
    if let Some(rest) = text.strip_prefix("<=") {
        return Some(NumberRange { high: Some(number(rest)?), ..none });
    }
    if let Some(rest) = text.strip_prefix('>') {
        return Some(NumberRange { low: Some(number(rest)?), low_in: false, ..none });
    }
    if let Some(rest) = text.strip_prefix('<') {
        return Some(NumberRange { high: Some(number(rest)?), high_in: false, ..none });
    }
    if let Some((low, high)) = text.split_once("..") {
        let low = if low.is_empty() { None } else { Some(number(low)?) };
        let high = if high.is_empty() { None } else { Some(number(high)?) };
        let backwards = matches!((low, high), (Some(a), Some(b)) if a > b);
        return Some(NumberRange { low, high, ..none }).filter(|_| !backwards && (low.is_some() || high.is_some()));
    }
    let value = number(text)?;
    Some(NumberRange { low: Some(value), high: Some(value), ..none })
}
