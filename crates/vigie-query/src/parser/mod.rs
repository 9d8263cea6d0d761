//! Recursive descent over the lexemes of a query, with recovery: one reading reports every mistake.

mod atoms;
mod checks;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::field::Field;
use crate::lexer::{Lexeme, LexemeKind, lex};
use crate::options::{Options, Purpose};
use crate::problem::{Code, Problem};
use crate::syntax::{Expr, MAX_DEPTH, MAX_LENGTH, MAX_NODES, Near, Node};

/// Most fuzzy and compound terms in one query: each is compared with many words of every text.
const MAX_SLOW_TERMS: usize = 500;

/// Reads a query: its tree if something is left of it, and every problem of the reading itself.
pub(crate) fn parse(text: &str, options: &Options) -> (Option<Node>, Vec<Problem>) {
    let mut problems = Vec::new();
    if text.len() > MAX_LENGTH {
        problems.push(
            Problem::new(
                Code::TooLong,
                0..0,
                format!("the query has {} bytes; the limit is {MAX_LENGTH}", text.len()),
                format!("la requête a {} octets ; la limite est {MAX_LENGTH}", text.len()),
            )
            .hint(
                "put long lists of sites or authors in a named list",
                "mettez les longues listes de sites ou d’auteurs dans une liste nommée",
            ),
        );
        return (None, problems);
    }
    let mut parser = Parser::new(text, options, false);
    let root = parser.whole();
    problems.append(&mut parser.problems);
    if let Some(root) = &root {
        finish(root, text, options, &mut problems);
    }
    (root, problems)
}

/// Checks that need the whole tree.
fn finish(root: &Node, text: &str, options: &Options, problems: &mut Vec<Problem>) {
    if options.purpose == Purpose::Collection && !checks::says_what_it_wants(root) {
        problems.push(
            Problem::new(
                Code::OnlyNegative,
                0..text.len(),
                "this query only says what to leave out: it would collect everything else",
                "cette requête dit seulement ce qu’elle écarte : elle ramasserait tout le reste",
            )
            .hint("add what you are looking for before NOT", "ajoutez ce que vous cherchez avant NOT"),
        );
    }
    if root.size() > MAX_NODES {
        problems.push(Problem::new(
            Code::TooLong,
            0..text.len(),
            format!("once macros are replaced the query has over {MAX_NODES} parts"),
            format!("une fois les macros remplacées, la requête a plus de {MAX_NODES} éléments"),
        ));
    } else if checks::slow_terms(root) > MAX_SLOW_TERMS {
        problems.push(Problem::new(
            Code::TooManyPatterns,
            0..text.len(),
            format!("the query has over {MAX_SLOW_TERMS} fuzzy or compound terms"),
            format!("la requête a plus de {MAX_SLOW_TERMS} termes approximatifs ou composés"),
        ));
    }
}

/// An AND group and whether it stands without brackets.
struct Group {
    node: Node,
    bare_and: bool,
}

pub(crate) struct Parser<'a> {
    text: &'a str,
    options: &'a Options,
    lexemes: Vec<Lexeme>,
    at: usize,
    depth: usize,
    too_deep: bool,
    /// Inside SENTENCE and the like, words side by side are the normal form.
    in_list: usize,
    /// Inside `field:(…)`, operands are values of this field.
    values_of: Option<Field>,
    in_macro: bool,
    macros: BTreeMap<String, Option<Arc<Node>>>,
    problems: Vec<Problem>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, options: &'a Options, in_macro: bool) -> Self {
        let mut problems = Vec::new();
        let lexemes = lex(text, options.dialect, &mut problems);
        Self {
            text,
            options,
            lexemes,
            at: 0,
            depth: 0,
            too_deep: false,
            in_list: 0,
            values_of: None,
            in_macro,
            macros: BTreeMap::new(),
            problems,
        }
    }

    fn peek(&self) -> Option<&LexemeKind> {
        self.lexemes.get(self.at).map(|l| &l.kind)
    }

    fn here(&self) -> std::ops::Range<usize> {
        self.lexemes.get(self.at).map_or(self.text.len()..self.text.len(), |l| l.span.clone())
    }

    fn previous(&self) -> std::ops::Range<usize> {
        self.at.checked_sub(1).and_then(|i| self.lexemes.get(i)).map_or(0..0, |l| l.span.clone())
    }

    fn whole(&mut self) -> Option<Node> {
        if self.lexemes.is_empty() {
            if self.problems.is_empty() {
                self.problems.push(Problem::new(
                    Code::Empty,
                    0..self.text.len(),
                    "the query is empty",
                    "la requête est vide",
                ));
            }
            return None;
        }
        let mut parts: Vec<Node> = Vec::new();
        while self.at < self.lexemes.len() {
            let before = self.at;
            parts.extend(self.or());
            if self.peek() == Some(&LexemeKind::Close) {
                let span = self.here();
                self.problems.push(
                    Problem::new(
                        Code::CloseBracket,
                        span,
                        "this bracket closes nothing",
                        "cette parenthèse ne ferme rien",
                    )
                    .hint("remove it, or add ( where the group begins", "retirez-la, ou ajoutez ( au début du groupe"),
                );
                self.at += 1;
                if matches!(self.peek(), Some(LexemeKind::And | LexemeKind::Or)) && self.at + 1 < self.lexemes.len() {
                    self.at += 1;
                }
            }
            if self.at == before {
                self.at += 1;
            }
        }
        join(parts, Expr::And)
    }

    fn or(&mut self) -> Option<Node> {
        let mut groups: Vec<Group> = Vec::new();
        groups.extend(self.and());
        while self.peek() == Some(&LexemeKind::Or) {
            let span = self.here();
            self.at += 1;
            if self.ends_here() {
                self.missing_right(&span);
            } else {
                groups.extend(self.and());
            }
        }
        if groups.len() > 1 {
            for group in groups.iter().filter(|g| g.bare_and) {
                self.mixed(&group.node.span);
            }
        }
        join(groups.into_iter().map(|g| g.node).collect(), Expr::Or)
    }

    fn mixed(&mut self, span: &std::ops::Range<usize>) {
        self.problems.push(
            Problem::new(
                Code::MixedOperators,
                span.clone(),
                "AND and OR are mixed without brackets; AND is read first",
                "AND et OR sont mêlés sans parenthèses ; AND est lu d’abord",
            )
            .hint("put brackets around what goes together", "mettez entre parenthèses ce qui va ensemble")
            .fix(format!("({})", self.text.get(span.clone()).unwrap_or_default())),
        );
    }

    fn and(&mut self) -> Option<Group> {
        let mut parts: Vec<Node> = Vec::new();
        let mut count = 0;
        let mut negated = self.peek() == Some(&LexemeKind::Not);
        parts.extend(self.not());
        loop {
            match self.peek() {
                Some(LexemeKind::And) => {
                    let span = self.here();
                    self.at += 1;
                    if self.ends_here() {
                        self.missing_right(&span);
                        continue;
                    }
                }
                None | Some(LexemeKind::Or | LexemeKind::Close) => break,
                Some(LexemeKind::Near { .. }) => {}
                Some(next) => {
                    let explicit = *next == LexemeKind::Not || negated || self.in_list > 0;
                    if !explicit {
                        self.implicit_and();
                    }
                }
            }
            negated = false;
            count += 1;
            let before = self.at;
            parts.extend(self.not());
            if self.at == before {
                break;
            }
        }
        let bare_and = count > 0 && parts.len() > 1;
        join(parts, Expr::And).map(|node| Group { node, bare_and })
    }

    fn implicit_and(&mut self) {
        let before = self.previous();
        let after = self.here();
        let word = |span: &std::ops::Range<usize>| self.text.get(span.clone()).unwrap_or_default().to_owned();
        // An operator in small letters has its own warning (W06).
        let lower = ["and", "or", "not", "near", "onear", "et", "ou", "sauf", "ET", "OU", "SAUF", "PRES", "PRÈS"];
        let told = |span| word(span).split('/').next().is_some_and(|name| lower.contains(&name));
        if told(&before) || told(&after) {
            return;
        }
        if let Some(field) = self.values_of {
            self.problems.push(
                Problem::new(
                    Code::ImplicitAnd,
                    before.end..after.start,
                    format!("two values side by side are read as AND: {field} must be both"),
                    format!("deux valeurs côte à côte sont lues comme AND : {field} doit être les deux"),
                )
                .hint("write OR for one or the other", "écrivez OR pour l’un ou l’autre"),
            );
            return;
        }
        let phrase = format!("\"{} {}\"", word(&before), word(&after));
        let mut problem = Problem::new(
            Code::ImplicitAnd,
            before.end..after.start,
            "two terms side by side are read as AND: both must be there, anywhere",
            "deux termes côte à côte sont lus comme AND : les deux doivent y être, n’importe où",
        )
        .fix(" AND ");
        if !phrase.contains(['(', ')', '{', ':']) && phrase.matches('"').count() == 2 {
            problem = problem.hint(
                format!("write AND, or {phrase} for the words in a row"),
                format!("écrivez AND, ou {phrase} pour les mots à la suite"),
            );
        }
        self.problems.push(problem);
    }

    fn not(&mut self) -> Option<Node> {
        if self.peek() != Some(&LexemeKind::Not) {
            return self.near();
        }
        let span = self.here();
        self.at += 1;
        if self.ends_here() {
            self.missing_right(&span);
            return None;
        }
        if self.peek() == Some(&LexemeKind::Not) {
            let again = self.here();
            self.problems.push(
                Problem::new(Code::MissingOperand, again, "NOT follows NOT", "NOT suit NOT")
                    .hint("keep only one NOT", "gardez un seul NOT"),
            );
            while self.peek() == Some(&LexemeKind::Not) {
                self.at += 1;
            }
        }
        let inner = self.near()?;
        let whole = span.start..inner.span.end;
        Some(Node::new(Expr::Not(Box::new(inner)), whole))
    }

    /// The NEAR operator that begins here, if any, with its length in lexemes.
    fn near_operator(&self) -> Option<(u32, bool, bool, usize)> {
        let at = |offset: usize| self.lexemes.get(self.at + offset).map(|l| &l.kind);
        match (at(0), at(1)) {
            (Some(LexemeKind::Near { distance, ordered }), _) => Some((*distance, *ordered, false, 1)),
            (Some(LexemeKind::Not), Some(LexemeKind::Near { distance, ordered })) => {
                Some((*distance, *ordered, true, 2))
            }
            _ => None,
        }
    }

    fn near(&mut self) -> Option<Node> {
        let mut left = self.atom();
        let mut chained = 0;
        while let Some((distance, ordered, negated, length)) = self.near_operator() {
            let operator = self.here();
            self.at += length;
            if left.is_none() && !self.lexemes[self.at - length..].is_empty() {
                self.missing_left(&operator);
            }
            if self.ends_here() {
                self.missing_right(&operator);
                return left;
            }
            self.refuse_not(&operator);
            let right = self.atom();
            let (Some(l), Some(r)) = (left.take(), right) else { continue };
            for operand in [&l, &r] {
                self.problems.extend(checks::not_a_span(operand, &operator, self.text));
            }
            chained += 1;
            if chained + self.depth > MAX_DEPTH {
                self.report_depth(&operator);
            }
            let span = l.span.start..r.span.end;
            let near = Near { left: Box::new(l), right: Box::new(r), distance, ordered, negated };
            left = if self.too_deep { None } else { Some(Node::new(Expr::Near(near), span)) };
        }
        left
    }

    /// `a NEAR/2 NOT b`: what is absent has no distance.
    fn refuse_not(&mut self, operator: &std::ops::Range<usize>) {
        let name = self.operator_name(operator);
        while self.peek() == Some(&LexemeKind::Not) {
            self.problems.push(
                Problem::new(
                    Code::NotASpan,
                    self.here(),
                    format!("NOT cannot be used after {name}: what is absent has no distance"),
                    format!("NOT ne va pas après {name} : ce qui est absent n’a pas de distance"),
                )
                .hint(
                    "write a NOT NEAR/n b for an a without b near it",
                    "écrivez a NOT NEAR/n b pour un a sans b près de lui",
                ),
            );
            self.at += 1;
        }
    }

    /// True when no operand can begin here.
    fn ends_here(&self) -> bool {
        matches!(
            self.peek(),
            None | Some(LexemeKind::And | LexemeKind::Or | LexemeKind::Close | LexemeKind::Near { .. })
        )
    }

    fn operator_name(&self, span: &std::ops::Range<usize>) -> String {
        self.text.get(span.clone()).unwrap_or_default().to_owned()
    }

    fn missing_right(&mut self, operator: &std::ops::Range<usize>) {
        let name = self.operator_name(operator);
        self.problems.push(
            Problem::new(
                Code::MissingOperand,
                operator.clone(),
                format!("nothing follows {name}"),
                format!("rien ne suit {name}"),
            )
            .hint(
                format!("add a term after {name}, or remove it"),
                format!("ajoutez un terme après {name}, ou retirez-le"),
            ),
        );
    }

    fn missing_left(&mut self, operator: &std::ops::Range<usize>) {
        let name = self.operator_name(operator);
        self.problems.push(
            Problem::new(
                Code::MissingOperand,
                operator.clone(),
                format!("nothing stands before {name}"),
                format!("rien ne précède {name}"),
            )
            .hint(
                format!("add a term before {name}, or remove it"),
                format!("ajoutez un terme avant {name}, ou retirez-le"),
            ),
        );
    }

    fn report_depth(&mut self, span: &std::ops::Range<usize>) {
        if self.too_deep {
            return;
        }
        self.too_deep = true;
        self.problems.push(
            Problem::new(
                Code::TooDeep,
                span.clone(),
                format!("groups are nested more than {MAX_DEPTH} deep"),
                format!("les groupes s’emboîtent sur plus de {MAX_DEPTH} niveaux"),
            )
            .hint(
                "remove brackets that change nothing, or use a macro",
                "retirez les parenthèses inutiles, ou utilisez une macro",
            ),
        );
    }
}

/// One node from several: alone it stays itself.
fn join(mut parts: Vec<Node>, build: fn(Vec<Node>) -> Expr) -> Option<Node> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let start = parts.first().map_or(0, |n| n.span.start);
    let end = parts.last().map_or(0, |n| n.span.end);
    Some(Node::new(build(parts), start..end))
}
