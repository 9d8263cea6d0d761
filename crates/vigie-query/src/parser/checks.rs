//! Checks of trees: what has a place in the text, what is only negative, what is slow.

use std::ops::Range;

use crate::problem::{Code, Problem};
use crate::syntax::{Expr, Near, Node};

/// The problem of an operand that has no single place in the text, if it is one.
pub(super) fn not_a_span(node: &Node, operator: &Range<usize>, text: &str) -> Option<Problem> {
    let bad = first_without_place(node)?;
    let name = text.get(operator.clone()).unwrap_or_default();
    let (what_en, what_fr) = match &bad.expr {
        Expr::And(_) => ("AND", "AND"),
        Expr::Not(_) => ("NOT", "NOT"),
        Expr::Condition(_) => ("a condition on a field", "une condition sur un champ"),
        _ => ("a function", "une fonction"),
    };
    let problem = Problem::new(
        Code::NotASpan,
        bad.span.clone(),
        format!("{what_en} cannot be used with {name}: it has no single place in the text"),
        format!("{what_fr} ne va pas avec {name} : cela n’a pas une place unique dans le texte"),
    );
    Some(match &bad.expr {
        Expr::And(_) => problem.hint(
            format!("write the {name} of each part, joined by AND; or use OR, or a phrase, in the group"),
            format!(
                "écrivez {name} pour chaque partie, réunies par AND ; ou mettez OR, ou une expression, dans le groupe"
            ),
        ),
        Expr::Not(_) => {
            problem.hint("put NOT outside, or use NOT NEAR", "mettez NOT à l’extérieur, ou utilisez NOT NEAR")
        }
        _ => problem.hint("join it with AND, outside", "reliez-le par AND, à l’extérieur"),
    })
}

fn first_without_place(node: &Node) -> Option<&Node> {
    match &node.expr {
        Expr::And(_) | Expr::Not(_) | Expr::Condition(_) | Expr::Function(..) => Some(node),
        Expr::Or(list) => list.iter().find_map(first_without_place),
        Expr::Scope(_, inner) => first_without_place(inner),
        Expr::Macro(_, body) => first_without_place(body),
        Expr::Near(Near { .. }) | Expr::Term(_) | Expr::Phrase(_) | Expr::Exact(_) => None,
    }
}

/// True when something must be there for the query to hold.
pub(super) fn says_what_it_wants(node: &Node) -> bool {
    match &node.expr {
        Expr::Not(_) => false,
        Expr::And(list) => list.iter().any(says_what_it_wants),
        Expr::Or(list) => list.iter().all(says_what_it_wants),
        Expr::Scope(_, inner) | Expr::Function(_, inner) => says_what_it_wants(inner),
        Expr::Macro(_, body) => says_what_it_wants(body),
        Expr::Near(_) | Expr::Term(_) | Expr::Phrase(_) | Expr::Exact(_) | Expr::Condition(_) => true,
    }
}

/// Number of terms compared word by word with every text.
pub(super) fn slow_terms(node: &Node) -> usize {
    match &node.expr {
        Expr::Term(term) => usize::from(term.fuzzy.is_some()),
        _ => node.children().into_iter().map(slow_terms).sum(),
    }
}
