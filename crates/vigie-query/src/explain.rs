//! A query in words, French or English, as an indented list.

use crate::syntax::{Condition, Expr, Function, Fuzzy, Near, Node, Phrase, Term, Test};

/// The two languages of explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// French.
    French,
}

/// Explains a tree: one line for each part, indented by depth.
pub fn explain(node: &Node, language: Language) -> String {
    let mut lines = Vec::new();
    Writer { language, lines: &mut lines }.node(node, 0);
    let mut out = lines.join("\n");
    out.push('\n');
    out
}

struct Writer<'a> {
    language: Language,
    lines: &'a mut Vec<String>,
}

impl Writer<'_> {
    fn say(&mut self, depth: usize, en: &str, fr: &str) {
        let text = match self.language {
            Language::English => en,
            Language::French => fr,
        };
        self.lines.push(format!("{}- {text}", "  ".repeat(depth)));
    }

    fn all(&mut self, list: &[Node], depth: usize) {
        for node in list {
            self.node(node, depth);
        }
    }

    fn node(&mut self, node: &Node, depth: usize) {
        match &node.expr {
            Expr::And(list) => {
                self.say(depth, "all of these:", "tout ceci :");
                self.all(list, depth + 1);
            }
            Expr::Or(list) => {
                self.say(depth, "at least one of these:", "au moins un de ceux-ci :");
                self.all(list, depth + 1);
            }
            Expr::Not(inner) => {
                self.say(depth, "and the document must not have:", "et le document ne doit pas avoir :");
                self.node(inner, depth + 1);
            }
            Expr::Near(near) => self.near(near, depth),
            Expr::Term(term) => self.term(term, depth),
            Expr::Phrase(phrase) => self.phrase(phrase, depth),
            Expr::Exact(text) => self.say(
                depth,
                &format!("exactly “{text}”, with this case and these accents"),
                &format!("exactement « {text} », avec cette casse et ces accents"),
            ),
            Expr::Scope(field, inner) => {
                let row = field.row();
                self.say(
                    depth,
                    &format!("in {} ({}):", row.name, row.en),
                    &format!("dans {} ({}) :", row.name, row.fr),
                );
                self.node(inner, depth + 1);
            }
            Expr::Condition(condition) => self.condition(condition, depth),
            Expr::Function(function, inner) => self.function(*function, inner, depth),
            Expr::Macro(name, body) => {
                self.say(depth, &format!("the macro ${name}, which is:"), &format!("la macro ${name}, c’est-à-dire :"));
                self.node(body, depth + 1);
            }
        }
    }

    fn near(&mut self, near: &Near, depth: usize) {
        let n = near.distance;
        let (order_en, order_fr) = if near.ordered {
            ("in this order", "dans cet ordre")
        } else {
            ("in any order", "dans n’importe quel ordre")
        };
        if near.negated {
            self.say(
                depth,
                &format!("the first somewhere without the second within {n} words of it ({order_en}):"),
                &format!("le premier quelque part sans le second à {n} mots ou moins ({order_fr}) :"),
            );
        } else {
            self.say(
                depth,
                &format!("these two with at most {n} words between them, {order_en}:"),
                &format!("ces deux-ci avec au plus {n} mots entre eux, {order_fr} :"),
            );
        }
        self.node(&near.left, depth + 1);
        self.node(&near.right, depth + 1);
    }

    fn term(&mut self, term: &Term, depth: usize) {
        let text = &term.text;
        let wild = text.contains(['*', '?']);
        match term.fuzzy {
            Some(Fuzzy::Edits(n)) => self.say(
                depth,
                &format!("“{text}” with at most {n} letters wrong, the first letter right"),
                &format!("« {text} » avec au plus {n} lettres fautives, la première étant juste"),
            ),
            Some(Fuzzy::Compound) => self.say(
                depth,
                &format!("“{text}” in one word or several (spaces, hyphens, apostrophes)"),
                &format!("« {text} » en un mot ou plusieurs (espaces, traits d’union, apostrophes)"),
            ),
            None if wild => self.say(
                depth,
                &format!("a word like “{text}” (* is any letters, ? is one letter)"),
                &format!("un mot comme « {text} » (* vaut n’importe quelles lettres, ? une lettre)"),
            ),
            None => self.say(depth, &format!("“{text}”"), &format!("« {text} »")),
        }
        self.boost(term.boost, depth);
    }

    fn phrase(&mut self, phrase: &Phrase, depth: usize) {
        let text = &phrase.text;
        match phrase.slop {
            None => {
                self.say(depth, &format!("the words “{text}” in a row"), &format!("les mots « {text} » à la suite"));
            }
            Some(n) => self.say(
                depth,
                &format!("the words “{text}” in any order, with at most {n} other words among them"),
                &format!("les mots « {text} » dans n’importe quel ordre, avec au plus {n} autres mots parmi eux"),
            ),
        }
        self.boost(phrase.boost, depth);
    }

    fn boost(&mut self, boost: Option<u32>, depth: usize) {
        if let Some(boost) = boost {
            self.say(
                depth + 1,
                &format!("preferred when a sentence is shown as evidence ({boost})"),
                &format!("préféré quand une phrase est montrée en preuve ({boost})"),
            );
        }
    }

    fn function(&mut self, function: Function, inner: &Node, depth: usize) {
        match function {
            Function::Sentence => self.say(depth, "in one sentence:", "dans une même phrase :"),
            Function::OrderedSentence => {
                self.say(depth, "in one sentence, in this order:", "dans une même phrase, dans cet ordre :");
            }
            Function::Paragraph => self.say(depth, "in one paragraph:", "dans un même paragraphe :"),
            Function::AtLeast(n) => self.say(depth, &format!("at least {n} times:"), &format!("au moins {n} fois :")),
        }
        self.node(inner, depth + 1);
    }

    fn condition(&mut self, condition: &Condition, depth: usize) {
        let row = condition.field.row();
        let (en, fr) = test_words(&condition.test);
        self.say(depth, &format!("{} {en} — {}", row.name, row.en), &format!("{} {fr} — {}", row.name, row.fr));
    }
}

/// A test in words, English then French.
fn test_words(test: &Test) -> (String, String) {
    match test {
        Test::Is(value) => (format!("is “{value}”"), format!("est « {value} »")),
        Test::Exactly(value) => (format!("is exactly “{value}”"), format!("est exactement « {value} »")),
        Test::InList(name, values) => (
            format!("is one of the {} values of the list @{name}", values.len()),
            format!("est l’une des {} valeurs de la liste @{name}", values.len()),
        ),
        Test::OneOf(tests) => {
            let (en, fr): (Vec<String>, Vec<String>) = tests.iter().map(test_words).unzip();
            (en.join(" or "), fr.join(" ou "))
        }
        Test::Number(range) => (format!("is {range}"), format!("vaut {range}")),
        Test::Days(range) => match (range.first, range.last) {
            (Some(a), Some(b)) => (format!("is from {a} to {b}"), format!("va du {a} au {b}")),
            (Some(a), None) => (format!("is {a} or later"), format!("est le {a} ou après")),
            (None, Some(b)) => (format!("is {b} or earlier"), format!("est le {b} ou avant")),
            (None, None) => (String::new(), String::new()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, Query};

    #[test]
    fn both_languages_say_the_same_parts() {
        let query =
            Query::parse("(prêt OR loan) NEAR/3 banque NOT site:example.com", &Options::default()).query.unwrap();
        let en = explain(&query.root, Language::English);
        let fr = explain(&query.root, Language::French);
        assert_eq!(en.lines().count(), fr.lines().count());
        assert!(en.contains("at most 3 words between them"));
        assert!(fr.contains("au plus 3 mots entre eux"));
        assert!(fr.contains("« prêt »"));
    }
}
