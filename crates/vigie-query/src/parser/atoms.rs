//! The smallest parts of a query: terms, phrases, exact forms, groups, functions, macros.

use std::ops::Range;
use std::sync::Arc;

use super::{Parser, checks};
use crate::field::{Field, Kind};
use crate::lexer::LexemeKind;
use crate::options::Accents;
use crate::pattern::{self, MAX_LOOSE, MAX_WORD, PatternError};
use crate::problem::{Code, Problem};
use crate::syntax::{Expr, Function, Fuzzy, MAX_DEPTH, Node, Phrase, Term};

impl Parser<'_> {
    pub(super) fn atom(&mut self) -> Option<Node> {
        let span = self.here();
        let kind = self.peek()?.clone();
        let is_operand = !matches!(
            kind,
            LexemeKind::Open
                | LexemeKind::And
                | LexemeKind::Or
                | LexemeKind::Close
                | LexemeKind::Near { .. }
                | LexemeKind::Not
                | LexemeKind::Broken
        );
        if let Some(field) = self.values_of.filter(|_| is_operand) {
            return self.value_operand(field, &kind, &span);
        }
        match kind {
            LexemeKind::Open => self.group(&span),
            LexemeKind::And | LexemeKind::Or => {
                self.missing_left(&span);
                None
            }
            LexemeKind::Close | LexemeKind::Near { .. } | LexemeKind::Not => None,
            LexemeKind::Word(text) => {
                self.at += 1;
                self.term(&text, span)
            }
            LexemeKind::Phrase { text, slop, boost } => {
                self.at += 1;
                self.phrase(Phrase { text, slop, boost }, span)
            }
            LexemeKind::Exact(text) => {
                self.at += 1;
                self.exact(text, span)
            }
            LexemeKind::Field(field) => {
                self.at += 1;
                if field.kind() == Kind::Text { self.scope(field, &span) } else { self.condition(field, &span) }
            }
            LexemeKind::Sentence => self.function(Function::Sentence, &span),
            LexemeKind::OrderedSentence => self.function(Function::OrderedSentence, &span),
            LexemeKind::Paragraph => self.function(Function::Paragraph, &span),
            LexemeKind::AtLeast(count) => self.function(Function::AtLeast(count), &span),
            LexemeKind::Macro(name) => {
                self.at += 1;
                self.macro_use(&name, span)
            }
            LexemeKind::Broken => {
                self.at += 1;
                None
            }
        }
    }

    /// A group in brackets; the open bracket is here.
    pub(super) fn group(&mut self, open: &Range<usize>) -> Option<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.report_depth(open);
            self.skip_group();
            self.depth -= 1;
            return None;
        }
        self.at += 1;
        let errors = self.problems.len();
        let inner = self.or();
        self.depth -= 1;
        let closed = self.peek() == Some(&LexemeKind::Close);
        let end = self.here().end;
        if closed {
            self.at += 1;
        } else {
            self.problems.push(
                Problem::new(
                    Code::OpenBracket,
                    open.clone(),
                    "this bracket is never closed",
                    "cette parenthèse n’est jamais fermée",
                )
                .hint("add ) where the group ends", "ajoutez ) à la fin du groupe"),
            );
        }
        let Some(mut inner) = inner else {
            if self.problems.len() == errors {
                self.problems.push(Problem::new(
                    Code::Empty,
                    open.start..end,
                    "this group is empty",
                    "ce groupe est vide",
                ));
            }
            return None;
        };
        if closed {
            inner.span = open.start..end;
        }
        Some(inner)
    }

    fn skip_group(&mut self) {
        let mut level = 0usize;
        while let Some(kind) = self.peek() {
            match kind {
                LexemeKind::Open => level += 1,
                LexemeKind::Close => level = level.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if level == 0 {
                return;
            }
        }
    }

    fn function(&mut self, function: Function, span: &Range<usize>) -> Option<Node> {
        self.at += 1;
        if self.peek() != Some(&LexemeKind::Open) {
            let name = self.operator_name(span);
            self.problems.push(
                Problem::new(
                    Code::FunctionWithoutGroup,
                    span.clone(),
                    format!("{name} needs a group"),
                    format!("{name} demande un groupe"),
                )
                .hint(
                    format!("write {name}(…), or \"{name}\" to look for the word"),
                    format!("écrivez {name}(…), ou \"{name}\" pour chercher le mot"),
                ),
            );
            return None;
        }
        let lists = !matches!(function, Function::AtLeast(_));
        let open = self.here();
        self.in_list += usize::from(lists);
        let inner = self.group(&open);
        self.in_list -= usize::from(lists);
        let inner = inner?;
        match function {
            Function::AtLeast(_) => self.problems.extend(checks::not_a_span(&inner, span, self.text)),
            Function::OrderedSentence => {
                if let Expr::And(parts) = &inner.expr {
                    for part in parts.iter().filter(|p| !matches!(p.expr, Expr::Not(_))) {
                        self.problems.extend(checks::not_a_span(part, span, self.text));
                    }
                }
            }
            Function::Sentence | Function::Paragraph => {}
        }
        let whole = span.start..inner.span.end;
        Some(Node::new(Expr::Function(function, Box::new(inner)), whole))
    }

    fn scope(&mut self, field: Field, span: &Range<usize>) -> Option<Node> {
        let follows = matches!(
            self.peek(),
            Some(
                LexemeKind::Open
                    | LexemeKind::Word(_)
                    | LexemeKind::Phrase { .. }
                    | LexemeKind::Exact(_)
                    | LexemeKind::Macro(_)
                    | LexemeKind::Broken
            )
        );
        if !follows {
            self.no_value(field, span);
            return None;
        }
        let inner = self.atom()?;
        let whole = span.start..inner.span.end;
        Some(Node::new(Expr::Scope(field, Box::new(inner)), whole))
    }

    pub(super) fn no_value(&mut self, field: Field, span: &Range<usize>) {
        self.problems.push(
            Problem::new(
                Code::BadValue,
                span.clone(),
                format!("nothing follows {field}:"),
                format!("rien ne suit {field}:"),
            )
            .hint(format!("example: {}", field.row().example), format!("exemple : {}", field.row().example)),
        );
    }

    fn term(&mut self, typed: &str, span: Range<usize>) -> Option<Node> {
        self.lower_operator(typed, &span);
        let (body, boost) = split_boost(typed);
        let (body, fuzzy) = match split_fuzzy(body) {
            Ok(pair) => pair,
            Err(value) => {
                self.problems.push(
                    Problem::new(
                        Code::BadFuzzy,
                        span,
                        format!("~{value}: the number of edits is 0, 1 or 2"),
                        format!("~{value} : le nombre de fautes permises est 0, 1 ou 2"),
                    )
                    .hint(
                        "word~1 allows one edit; word~ allows spaces and hyphens",
                        "mot~1 permet une faute ; mot~ permet espaces et traits d’union",
                    ),
                );
                return None;
            }
        };
        // `word^9~1` is `word~1^9`.
        let (body, boost) = if boost.is_none() { split_boost(body) } else { (body, boost) };
        let term = Term { text: body.to_owned(), fuzzy, boost };
        if let Err(error) = pattern::of_term(&term, Accents::Folded) {
            self.problems.push(pattern_problem(error, span, body));
            return None;
        }
        Some(Node::new(Expr::Term(term), span))
    }

    fn lower_operator(&mut self, typed: &str, span: &Range<usize>) {
        let (name, number) = typed.split_once('/').map_or((typed, None), |(name, number)| (name, Some(number)));
        let canonical = match (name, number) {
            ("and" | "et" | "ET", None) => "AND",
            ("or" | "ou" | "OU", None) => "OR",
            ("not" | "sauf" | "SAUF", None) => "NOT",
            ("near" | "pres" | "près" | "PRES" | "PRÈS", Some(_)) | ("near" | "PRES" | "PRÈS", None) => "NEAR",
            ("onear", _) => "ONEAR",
            _ => return,
        };
        let canonical = &number.map_or(canonical.to_owned(), |number| format!("{canonical}/{number}"));
        let alone = self.at < 2 && self.lexemes.len() <= 1;
        if alone {
            return;
        }
        self.problems.push(
            Problem::new(
                Code::LowerOperator,
                span.clone(),
                format!("“{typed}” is read as a word; operators are in capitals"),
                format!("« {typed} » est lu comme un mot ; les opérateurs sont en capitales"),
            )
            .hint(
                format!("write {canonical}, or \"{typed}\" to look for the word"),
                format!("écrivez {canonical}, ou \"{typed}\" pour chercher le mot"),
            )
            .fix(canonical.as_str()),
        );
    }

    fn phrase(&mut self, phrase: Phrase, span: Range<usize>) -> Option<Node> {
        if phrase.text.is_empty() {
            self.problems.push(Problem::new(Code::Empty, span, "this phrase is empty", "cette expression est vide"));
            return None;
        }
        let result = match phrase.slop {
            None => pattern::of_phrase(&phrase, Accents::Folded).map(|_| ()),
            Some(_) => pattern::of_loose_phrase(&phrase, Accents::Folded).map(|_| ()),
        };
        if let Err(error) = result {
            self.problems.push(pattern_problem(error, span, &phrase.text));
            return None;
        }
        Some(Node::new(Expr::Phrase(phrase), span))
    }

    fn exact(&mut self, text: String, span: Range<usize>) -> Option<Node> {
        if text.is_empty() {
            self.problems.push(Problem::new(
                Code::Empty,
                span,
                "this exact form is empty",
                "cette forme exacte est vide",
            ));
            return None;
        }
        if let Err(error) = pattern::of_exact(&text) {
            self.problems.push(pattern_problem(error, span, &text));
            return None;
        }
        Some(Node::new(Expr::Exact(text), span))
    }

    fn macro_use(&mut self, name: &str, span: Range<usize>) -> Option<Node> {
        if !self.options.macros.contains_key(name) {
            // With macros at hand, a small-letter name is more likely a mistyped macro than a cashtag.
            let capitals = name.bytes().all(|b| b.is_ascii_uppercase());
            let cashtag = name.len() <= 6 && name.bytes().all(|b| b.is_ascii_alphabetic());
            if cashtag && (capitals || self.options.macros.is_empty()) {
                return self.term(&format!("${name}"), span);
            }
            let known: Vec<&str> = self.options.macros.keys().map(String::as_str).collect();
            let list = known.join(", ");
            self.problems.push(
                Problem::new(
                    Code::UnknownMacro,
                    span,
                    format!("the macro ${name} is not defined"),
                    format!("la macro ${name} n’est pas définie"),
                )
                .hint(
                    if known.is_empty() {
                        "no macro is defined; write [macros] in vigie.toml".to_owned()
                    } else {
                        format!("defined macros: {list}; a cashtag is in capitals")
                    },
                    if known.is_empty() {
                        "aucune macro n’est définie ; écrivez [macros] dans vigie.toml".to_owned()
                    } else {
                        format!("macros définies : {list} ; un symbole boursier est en capitales")
                    },
                ),
            );
            return None;
        }
        if self.in_macro {
            self.problems.push(Problem::new(
                Code::RecursiveMacro,
                span,
                format!("a macro cannot use another macro (${name})"),
                format!("une macro ne peut pas en utiliser une autre (${name})"),
            ));
            return None;
        }
        let body = self.macro_body(name, &span)?;
        Some(Node::new(Expr::Macro(name.to_owned(), body), span))
    }

    /// The tree of a macro, read once. Its problems are reported where it is first used.
    fn macro_body(&mut self, name: &str, span: &Range<usize>) -> Option<Arc<Node>> {
        if let Some(known) = self.macros.get(name) {
            return known.clone();
        }
        let text = self.options.macros.get(name)?;
        let mut inner = Parser::new(text, self.options, true);
        inner.depth = self.depth;
        let root = inner.whole();
        for mut problem in inner.problems {
            problem.message.en = format!("in ${name}: {}", problem.message.en);
            problem.message.fr = format!("dans ${name} : {}", problem.message.fr);
            problem.span = span.clone();
            problem.fix = None;
            self.problems.push(problem);
        }
        let body = root.map(|mut node| {
            set_span(&mut node, span);
            Arc::new(node)
        });
        self.macros.insert(name.to_owned(), body.clone());
        body
    }
}

/// Nodes of a macro take the place where the macro is used.
fn set_span(node: &mut Node, span: &Range<usize>) {
    node.span = span.clone();
    match &mut node.expr {
        Expr::And(list) | Expr::Or(list) => list.iter_mut().for_each(|n| set_span(n, span)),
        Expr::Not(inner) | Expr::Scope(_, inner) | Expr::Function(_, inner) => set_span(inner, span),
        Expr::Near(near) => {
            set_span(&mut near.left, span);
            set_span(&mut near.right, span);
        }
        Expr::Term(_) | Expr::Phrase(_) | Expr::Exact(_) | Expr::Condition(_) | Expr::Macro(..) => {}
    }
}

/// `word^9`: the word and its boost.
fn split_boost(typed: &str) -> (&str, Option<u32>) {
    match typed.rsplit_once('^') {
        Some((body, digits))
            if !body.is_empty() && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            (body, digits.parse().ok())
        }
        _ => (typed, None),
    }
}

/// `word~1`: the word and how loosely it is compared; the value when it is refused.
fn split_fuzzy(body: &str) -> Result<(&str, Option<Fuzzy>), &str> {
    let Some((word, value)) = body.rsplit_once('~').filter(|(word, _)| !word.is_empty()) else {
        return Ok((body, None));
    };
    // One mark only: without the last one, another would take its meaning.
    if word.trim_start_matches('~').contains('~') {
        return Err(value);
    }
    match value {
        "" => Ok((word, Some(Fuzzy::Compound))),
        "0" => Ok((word, None)),
        "1" => Ok((word, Some(Fuzzy::Edits(1)))),
        "2" => Ok((word, Some(Fuzzy::Edits(2)))),
        other => Err(other),
    }
}

fn pattern_problem(error: PatternError, span: Range<usize>, text: &str) -> Problem {
    match error {
        PatternError::Nothing => Problem::new(
            Code::NothingToSearch,
            span,
            format!("“{text}” has no word to look for"),
            format!("« {text} » n’a aucun mot à chercher"),
        )
        .hint(
            "punctuation is not searched; web addresses are searched with url: or links:",
            "la ponctuation n’est pas cherchée ; les adresses web le sont avec url: ou links:",
        ),
        PatternError::WildcardAlone => Problem::new(
            Code::BadWildcard,
            span,
            "a wildcard cannot stand alone here",
            "un joker ne peut pas être seul ici",
        )
        .hint(
            "inside a phrase, * stands for one word: \"service * client\"",
            "dans une expression, * vaut un mot : \"service * client\"",
        ),
        PatternError::WildcardTooShort => Problem::new(
            Code::BadWildcard,
            span,
            "a word with a wildcard needs at least two fixed characters",
            "un mot avec joker demande au moins deux caractères fixes",
        ),
        PatternError::TooLong => Problem::new(
            Code::BadWildcard,
            span,
            format!("a word with a wildcard or ~ has at most {MAX_WORD} characters"),
            format!("un mot avec joker ou ~ a au plus {MAX_WORD} caractères"),
        ),
        PatternError::TooManyWords => Problem::new(
            Code::BadNumber,
            span,
            format!("a phrase with ~n has at most {MAX_LOOSE} words"),
            format!("une expression avec ~n a au plus {MAX_LOOSE} mots"),
        )
        .hint("use SENTENCE(…), or AND", "utilisez SENTENCE(…), ou AND"),
        PatternError::FuzzyNotAWord => {
            Problem::new(Code::BadFuzzy, span, "~ applies to one plain word", "~ s’applique à un seul mot simple")
        }
        PatternError::FuzzyWildcard => Problem::new(
            Code::BadFuzzy,
            span,
            "~ and wildcards do not go together",
            "~ et les jokers ne vont pas ensemble",
        ),
    }
}
