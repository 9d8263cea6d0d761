//! Warnings about a query that can be used but may not mean what was intended.
//!
//! W01, W02, W05 and W06 are seen while reading ([`crate::parser`]); W10 needs an archive: [`crate::exclusion`].

mod branches;
mod names;

use crate::field::Field;
use crate::options::{Accents, Options};
use crate::pattern;
use crate::problem::{Code, Problem};
use crate::query::Query;
use crate::syntax::{Condition, Expr, Near, Node, Phrase, Term, Test};

/// Fixed characters a wildcard should have.
const WILDCARD_FIXED: usize = 4;
/// Distance over which NEAR finds about what AND finds.
const WIDE_NEAR: u32 = 10;
/// Distance over which NEAR means nothing any more.
const VERY_WIDE_NEAR: u32 = 50;

/// Adds the warnings of a query.
pub(crate) fn lint(query: &Query, options: &Options, problems: &mut Vec<Problem>) {
    visit(&query.root, options, problems);
    branches::lint(&query.root, problems);
    names::lint(&query.root, problems);
    if query.accents == Accents::Folded {
        names::lint_accents(&query.root, problems);
    }
}

fn visit(node: &Node, options: &Options, problems: &mut Vec<Problem>) {
    match &node.expr {
        Expr::Term(term) => wildcard(node, pattern::of_term(term, Accents::Folded).ok().as_ref(), problems),
        Expr::Phrase(phrase) => {
            wildcard(node, pattern::of_phrase(phrase, Accents::Folded).ok().as_ref(), problems);
            loose(node, phrase, problems);
        }
        Expr::Near(near) => wide(node, near, problems),
        Expr::Condition(condition) => language(node, condition, options, problems),
        _ => {}
    }
    node.children().into_iter().for_each(|child| visit(child, options, problems));
}

fn wildcard(node: &Node, leaf: Option<&pattern::Leaf>, problems: &mut Vec<Problem>) {
    let Some(size) = leaf.and_then(pattern::wildcard_size).filter(|size| *size < WILDCARD_FIXED) else { return };
    problems.push(
        Problem::new(
            Code::ShortWildcard,
            node.span.clone(),
            format!("only {size} fixed characters: this wildcard may match many other words"),
            format!("{size} caractères fixes seulement : ce joker peut trouver beaucoup d’autres mots"),
        )
        .hint(
            "write at least four letters, or list the forms with OR",
            "écrivez au moins quatre lettres, ou énumérez les formes avec OR",
        ),
    );
}

fn wide(node: &Node, near: &Near, problems: &mut Vec<Problem>) {
    far(node, near.distance, problems);
}

fn loose(node: &Node, phrase: &Phrase, problems: &mut Vec<Problem>) {
    far(node, phrase.slop.unwrap_or(0), problems);
}

fn far(node: &Node, distance: u32, problems: &mut Vec<Problem>) {
    if distance <= WIDE_NEAR {
        return;
    }
    let problem = if distance > VERY_WIDE_NEAR {
        Problem::new(
            Code::WideNear,
            node.span.clone(),
            format!("{distance} words apart is most of a text: this means AND"),
            format!("{distance} mots d’écart, c’est presque tout un texte : cela revient à AND"),
        )
    } else {
        Problem::new(
            Code::WideNear,
            node.span.clone(),
            format!("{distance} words apart finds about what AND finds in short texts"),
            format!("{distance} mots d’écart trouvent à peu près ce que trouve AND dans les textes courts"),
        )
    };
    problems.push(problem.hint(
        "use a distance of 10 or less, SENTENCE(…), or AND",
        "prenez une distance de 10 ou moins, SENTENCE(…), ou AND",
    ));
}

fn language(node: &Node, condition: &Condition, options: &Options, problems: &mut Vec<Problem>) {
    if condition.field != Field::Lang || options.languages.is_empty() {
        return;
    }
    let mut codes = Vec::new();
    values(&condition.test, &mut codes);
    for code in codes {
        let root = code.split(['-', '_']).next().unwrap_or(code).to_lowercase();
        if options.languages.iter().any(|known| known.eq_ignore_ascii_case(&root)) {
            continue;
        }
        let known = options.languages.join(", ");
        problems.push(
            Problem::new(
                Code::Language,
                node.span.clone(),
                format!("texts in “{code}” are matched, but their tone and topics are not read"),
                format!("les textes en « {code} » sont trouvés, mais leur ton et leurs sujets ne sont pas lus"),
            )
            .hint(format!("languages read: {known}"), format!("langues lues : {known}")),
        );
    }
}

fn values<'a>(test: &'a Test, out: &mut Vec<&'a str>) {
    match test {
        Test::Is(value) | Test::Exactly(value) => out.push(value),
        Test::InList(_, list) => out.extend(list.iter().map(String::as_str)),
        Test::OneOf(tests) => tests.iter().for_each(|t| values(t, out)),
        Test::Number(_) | Test::Days(_) => {}
    }
}

/// The words of a plain term or phrase, folded and joined by spaces. None for fuzzy and wildcard forms.
fn plain(node: &Node) -> Option<String> {
    let (Expr::Term(Term { text, fuzzy: None, .. }) | Expr::Phrase(Phrase { text, slop: None, .. })) = &node.expr
    else {
        return None;
    };
    if text.contains(['*', '?']) {
        return None;
    }
    let mut segments = vigie_text::segment::Segments::new();
    segments.read(text);
    let words: Vec<&str> = segments.words().map(|(_, w)| w).collect();
    if words.is_empty() || text.starts_with(['#', '$']) { None } else { Some(words.join(" ")) }
}
