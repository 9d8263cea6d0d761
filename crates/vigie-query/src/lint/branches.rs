//! W09: branches that say nothing new, or can never hold.

use std::collections::HashSet;

use super::plain;
use crate::options::Accents;
use crate::pattern::{self, Piece, Shape};
use crate::problem::{Code, Problem};
use crate::syntax::{Expr, Node};

/// Lists longer than this are only checked for exact duplicates.
const MAX_COMPARED: usize = 500;

/// Adds W09 for every AND and OR of the tree.
pub(super) fn lint(node: &Node, problems: &mut Vec<Problem>) {
    match &node.expr {
        Expr::Or(list) => {
            duplicates(list, problems);
            covered(list, problems);
        }
        Expr::And(list) => {
            duplicates(list, problems);
            contradictions(list, problems);
        }
        _ => {}
    }
    node.children().into_iter().for_each(|child| lint(child, problems));
}

/// What makes two branches the same: the words for plain ones, the printed form for the others.
fn signature(node: &Node) -> String {
    plain(node).map_or_else(|| format!("={node}"), |words| format!("~{words}"))
}

fn duplicates(list: &[Node], problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for node in list {
        if !seen.insert(signature(node)) {
            problems.push(
                Problem::new(
                    Code::DeadBranch,
                    node.span.clone(),
                    format!("{node} is there twice"),
                    format!("{node} y est deux fois"),
                )
                .hint(
                    "remove one; case and accents do not count",
                    "retirez-en un ; la casse et les accents ne comptent pas",
                ),
            );
        }
    }
}

/// In an OR, a word that a wildcard already finds, or a phrase that one of its words already finds.
fn covered(list: &[Node], problems: &mut Vec<Problem>) {
    if list.len() > MAX_COMPARED {
        return;
    }
    let wildcards: Vec<(&Node, pattern::Leaf)> = list
        .iter()
        .filter_map(|n| match &n.expr {
            Expr::Term(term) => pattern::of_term(term, Accents::Folded).ok().map(|leaf| (n, leaf)),
            _ => None,
        })
        .collect();
    for node in list {
        let Some(words) = plain(node) else { continue };
        let cover = wildcards.iter().find(|(other, leaf)| !std::ptr::eq(*other, node) && finds_one(leaf, &words));
        if let Some((other, _)) = cover {
            problems.push(Problem::new(
                Code::DeadBranch,
                node.span.clone(),
                format!("{node} adds nothing: {other} already finds it"),
                format!("{node} n’ajoute rien : {other} le trouve déjà"),
            ));
        }
    }
}

fn finds_one(leaf: &pattern::Leaf, words: &str) -> bool {
    let Shape::Words(pieces) = &leaf.shape else { return false };
    match pieces.as_slice() {
        [Piece::Glob(glob)] => words.split(' ').any(|w| glob.matches(w)),
        [Piece::Word(word)] => words.contains(' ') && words.split(' ').any(|w| w == word),
        _ => false,
    }
}

/// In an AND, something asked and refused at once.
fn contradictions(list: &[Node], problems: &mut Vec<Problem>) {
    let wanted: HashSet<String> = list.iter().filter(|n| !matches!(n.expr, Expr::Not(_))).map(signature).collect();
    for node in list {
        let Expr::Not(inner) = &node.expr else { continue };
        let refused: Vec<&Node> = if let Expr::Or(parts) = &inner.expr { parts.iter().collect() } else { vec![inner] };
        if let Some(both) = refused.into_iter().find(|n| wanted.contains(&signature(n))) {
            problems.push(
                Problem::new(
                    Code::DeadBranch,
                    node.span.clone(),
                    format!("this never matches: {both} is both asked for and refused"),
                    format!("ceci ne trouve jamais rien : {both} est à la fois demandé et refusé"),
                )
                .hint(
                    "NOT removes the whole text; to remove only some places, use NOT NEAR",
                    "NOT retire tout le texte ; pour ne retirer que certains endroits, utilisez NOT NEAR",
                ),
            );
        }
    }
}
