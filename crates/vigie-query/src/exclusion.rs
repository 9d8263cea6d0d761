//! W10: what each NOT of a query takes away, to be counted over an archive.

use std::ops::Range;

use crate::problem::{Code, Problem};
use crate::query::Query;
use crate::syntax::{Expr, Node};

/// Share of the texts that a NOT may remove without a warning.
pub const WIDE_SHARE: f64 = 0.3;
/// Texts under which a share says nothing.
const FEW_TEXTS: u64 = 10;
/// Exclusions looked at in one query: each is one more query over the whole archive.
const MOST: usize = 50;

/// One NOT beside something wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// Bytes of the query.
    pub span: Range<usize>,
    /// The query without this NOT.
    pub without: Query,
}

/// The exclusions of a query, in the order of its text; at most fifty. Those inside macros and functions are
/// left alone.
pub fn exclusions(query: &Query) -> Vec<Exclusion> {
    let mut paths = Vec::new();
    find(&query.root, &mut Vec::new(), &mut paths);
    paths
        .into_iter()
        .take(MOST)
        .map(|(path, span)| Exclusion {
            span,
            without: Query { root: without(&query.root, &path), accents: query.accents },
        })
        .collect()
}

fn is_not(node: &Node) -> bool {
    matches!(node.expr, Expr::Not(_))
}

fn find(node: &Node, path: &mut Vec<usize>, out: &mut Vec<(Vec<usize>, Range<usize>)>) {
    let (list, beside) = match &node.expr {
        Expr::And(list) => (list, list.iter().any(|n| !is_not(n))),
        Expr::Or(list) => (list, false),
        _ => return,
    };
    for (index, child) in list.iter().enumerate() {
        path.push(index);
        if is_not(child) && beside {
            out.push((path.clone(), child.span.clone()));
        } else {
            find(child, path, out);
        }
        path.pop();
    }
}

fn without(node: &Node, path: &[usize]) -> Node {
    let (Expr::And(list) | Expr::Or(list), Some((index, rest))) = (&node.expr, path.split_first()) else {
        return node.clone();
    };
    let mut list = list.clone();
    if rest.is_empty() {
        list.remove(*index);
    } else {
        list[*index] = without(&list[*index], rest);
    }
    if list.len() == 1 {
        return list.remove(0);
    }
    let expr = if matches!(node.expr, Expr::And(_)) { Expr::And(list) } else { Expr::Or(list) };
    Node::new(expr, node.span.clone())
}

/// W10 when the NOT removes too much: `kept` texts match the query and `candidates` match it without the NOT.
pub fn wide(exclusion: &Exclusion, kept: u64, candidates: u64) -> Option<Problem> {
    let removed = candidates.saturating_sub(kept);
    let share = removed as f64 / candidates.max(1) as f64;
    if candidates < FEW_TEXTS || share <= WIDE_SHARE {
        return None;
    }
    let percent = (100.0 * share).round();
    Some(
        Problem::new(
            Code::WideNot,
            exclusion.span.clone(),
            format!("this NOT removes {removed} of the {candidates} texts found without it ({percent} %)"),
            format!("ce NOT retire {removed} des {candidates} textes trouvés sans lui ({percent} %)"),
        )
        .hint(
            "the whole document is dropped: to exclude some places only, use NOT NEAR/n",
            "c’est tout le document qui tombe : pour n’exclure que certains endroits, utilisez NOT NEAR/n",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    #[test]
    fn each_exclusion_has_its_query_without_it() {
        let text = "(apple OR (pear NOT tree)) NOT juice NOT pie";
        let query = Query::parse(text, &Options::default()).query.unwrap();
        let found: Vec<(String, String)> =
            exclusions(&query).into_iter().map(|e| (text[e.span].to_owned(), e.without.to_string())).collect();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            found,
            [
                pair("NOT tree", "(apple OR pear) NOT juice NOT pie"),
                pair("NOT juice", "(apple OR pear NOT tree) NOT pie"),
                pair("NOT pie", "(apple OR pear NOT tree) NOT juice"),
            ]
        );
        let negative = Query::parse("NOT apple NOT juice", &Options::default()).query.unwrap();
        assert!(exclusions(&negative).is_empty());
    }

    #[test]
    fn only_a_wide_exclusion_of_enough_texts_warns() {
        let query = Query::parse("apple NOT juice", &Options::default()).query.unwrap();
        let exclusion = &exclusions(&query)[0];
        assert_eq!(wide(exclusion, 70, 100), None);
        assert_eq!(wide(exclusion, 1, 9), None);
        let problem = wide(exclusion, 69, 100).unwrap();
        assert_eq!((problem.code, problem.span), (Code::WideNot, 6..15));
        assert!(problem.message.fr.contains("31 des 100"));
    }
}
