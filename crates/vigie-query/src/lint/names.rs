//! W07, W08 and W11: names whose social form is missing, names that are common words, lost accents.

use std::collections::BTreeMap;

use super::plain;
use crate::problem::{Code, Problem};
use crate::syntax::{Expr, Node, Term};
use vigie_text::normalize::{fold, strict};

/// Common words, French or English, that are also names of brands. Folded, in order.
const AMBIGUOUS: &[&str] = &[
    "air",
    "alliance",
    "amazon",
    "apple",
    "arrow",
    "avantage",
    "banana",
    "bell",
    "best",
    "blackberry",
    "boots",
    "bouclair",
    "bounty",
    "cage",
    "canon",
    "canopy",
    "caprice",
    "carnaval",
    "carrefour",
    "casino",
    "champion",
    "chrome",
    "cinema",
    "circle",
    "classic",
    "coach",
    "columbia",
    "comfort",
    "compass",
    "continental",
    "corona",
    "courage",
    "dash",
    "delta",
    "desjardins",
    "direct",
    "discover",
    "dove",
    "eclipse",
    "edge",
    "elle",
    "energie",
    "energy",
    "enterprise",
    "express",
    "fido",
    "fizz",
    "flair",
    "focus",
    "ford",
    "fox",
    "free",
    "galaxy",
    "gap",
    "geant",
    "glad",
    "go",
    "guess",
    "gulf",
    "harmonie",
    "hermes",
    "hilton",
    "home",
    "hub",
    "indigo",
    "intact",
    "jaguar",
    "java",
    "joe",
    "journal",
    "joy",
    "kiwi",
    "koodo",
    "la poste",
    "leader",
    "liberte",
    "libre",
    "life",
    "lotus",
    "lucky",
    "lush",
    "lynx",
    "match",
    "matrix",
    "mercure",
    "mercury",
    "meta",
    "metro",
    "milka",
    "mini",
    "monde",
    "monster",
    "mustang",
    "mutuelle",
    "national",
    "nature",
    "nest",
    "next",
    "nova",
    "oasis",
    "omega",
    "oracle",
    "orange",
    "pacific",
    "palm",
    "panda",
    "parade",
    "penguin",
    "pioneer",
    "pixel",
    "polo",
    "poste",
    "premier",
    "prime",
    "provigo",
    "public",
    "puma",
    "quick",
    "ram",
    "reserve",
    "roots",
    "safari",
    "saga",
    "saturn",
    "scotch",
    "seat",
    "shell",
    "signal",
    "simons",
    "slack",
    "smart",
    "soleil",
    "sonnet",
    "spark",
    "sport",
    "sprint",
    "square",
    "staples",
    "star",
    "steam",
    "subway",
    "sun",
    "swift",
    "switch",
    "target",
    "tide",
    "tigre",
    "total",
    "transat",
    "tribune",
    "triumph",
    "uniprix",
    "uniqlo",
    "unique",
    "united",
    "vanguard",
    "via",
    "vichy",
    "virgin",
    "visa",
    "vision",
    "voila",
    "windows",
    "wish",
    "x",
    "zoom",
];

/// French words that become another word without their accents. As written.
const ACCENT_MATTERS: &[&str] = &[
    "côte",
    "côté",
    "péché",
    "pêche",
    "pêché",
    "marché",
    "tâche",
    "tâché",
    "mûr",
    "sûr",
    "dû",
    "jeûne",
    "salé",
    "forêt",
    "retraité",
    "passé",
    "modelé",
    "maïs",
    "gêne",
    "gène",
    "gêné",
    "congrès",
    "pâle",
    "pâte",
    "pâté",
    "hâle",
    "mâle",
    "châsse",
    "prés",
    "près",
    "légal",
    "cure",
    "curé",
    "débauché",
    "embauché",
    "employé",
    "juré",
    "blessé",
    "élevé",
    "tué",
    "fumé",
    "sucré",
    "carré",
    "côtés",
];

/// W07 and W08.
pub(super) fn lint(root: &Node, problems: &mut Vec<Problem>) {
    let mut forms = Forms::default();
    forms.gather(root);
    forms.report(problems);
    alone(root, problems);
}

/// Forms of names, by bare name: where each is written.
#[derive(Default)]
struct Forms {
    plain: BTreeMap<String, std::ops::Range<usize>>,
    handles: BTreeMap<String, std::ops::Range<usize>>,
    tags: BTreeMap<String, std::ops::Range<usize>>,
}

impl Forms {
    fn gather(&mut self, node: &Node) {
        if let Expr::Not(_) | Expr::Condition(_) = node.expr {
            return;
        }
        match &node.expr {
            Expr::Term(Term { text, .. }) if text.starts_with('@') && text.len() > 1 => {
                self.handles.insert(fold(&text[1..]), node.span.clone());
            }
            Expr::Term(Term { text, .. }) if text.starts_with('#') && text.len() > 1 => {
                self.tags.insert(fold(&text[1..]), node.span.clone());
            }
            _ => {
                if let Some(words) = plain(node) {
                    self.plain.insert(words.replace([' ', '\''], ""), node.span.clone());
                }
            }
        }
        node.children().into_iter().for_each(|child| self.gather(child));
    }

    fn report(&self, problems: &mut Vec<Problem>) {
        for (marks, mark) in [(&self.handles, '@'), (&self.tags, '#')] {
            for (name, span) in
                marks.iter().filter(|(name, _)| !self.plain.contains_key(*name) && !name.contains(['*', '?']))
            {
                problems.push(
                    Problem::new(
                        Code::SocialForm,
                        span.clone(),
                        format!("{mark}{name} does not find the name written without {mark}"),
                        format!("{mark}{name} ne trouve pas le nom écrit sans {mark}"),
                    )
                    .hint(format!("write ({mark}{name} OR {name})"), format!("écrivez ({mark}{name} OR {name})")),
                );
            }
        }
        for (name, span) in &self.plain {
            if self.tags.contains_key(name) && !self.handles.contains_key(name) {
                problems.push(
                    Problem::new(
                        Code::SocialForm,
                        span.clone(),
                        format!("{name} does not find the account @{name}"),
                        format!("{name} ne trouve pas le compte @{name}"),
                    )
                    .hint(format!("add OR @{name}"), format!("ajoutez OR @{name}")),
                );
            }
        }
    }
}

/// Common words that stand alone as a whole query or a whole branch of it.
fn alone(node: &Node, problems: &mut Vec<Problem>) {
    match &node.expr {
        Expr::Or(list) => list.iter().for_each(|n| alone(n, problems)),
        Expr::Macro(_, body) => alone(body, problems),
        _ => {
            let Some(word) = plain(node).filter(|w| AMBIGUOUS.binary_search(&w.as_str()).is_ok()) else { return };
            problems.push(
                Problem::new(
                    Code::Ambiguous,
                    node.span.clone(),
                    format!("“{word}” is also a common word: many texts will not be about the brand"),
                    format!("« {word} » est aussi un mot courant : beaucoup de textes ne parleront pas de la marque"),
                )
                .hint(
                    format!(
                        "add context: {word} NEAR/8 (product OR service OR …), or an exact form: {{{}}}",
                        node.to_string().trim_matches('"')
                    ),
                    format!(
                        "ajoutez un contexte : {word} NEAR/8 (produit OR service OR …), ou une forme exacte : {{{}}}",
                        node.to_string().trim_matches('"')
                    ),
                ),
            );
        }
    }
}

/// W11: spellings that differ by accents alone, and words that lose their meaning without them.
pub(super) fn lint_accents(root: &Node, problems: &mut Vec<Problem>) {
    let mut spellings: BTreeMap<String, String> = BTreeMap::new();
    accents(root, &mut spellings, problems);
}

fn accents(node: &Node, spellings: &mut BTreeMap<String, String>, problems: &mut Vec<Problem>) {
    if let Some(words) = plain(node) {
        let text = match &node.expr {
            Expr::Term(term) => strict(&term.text),
            Expr::Phrase(phrase) => strict(&phrase.text),
            _ => words.clone(),
        };
        let other = spellings.entry(words).or_insert_with(|| text.clone()).clone();
        let problem = if other != text && differ_by_accents(&other, &text) {
            Some(Problem::new(
                Code::LostAccents,
                node.span.clone(),
                format!("“{other}” and “{text}” are the same here: accents are not compared"),
                format!("« {other} » et « {text} » sont ici la même chose : les accents ne sont pas comparés"),
            ))
        } else if ACCENT_MATTERS.contains(&text.as_str()) {
            Some(Problem::new(
                Code::LostAccents,
                node.span.clone(),
                format!("“{text}” also finds “{}”: accents are not compared", fold(&text)),
                format!("« {text} » trouve aussi « {} » : les accents ne sont pas comparés", fold(&text)),
            ))
        } else {
            None
        };
        problems.extend(problem.map(|p| {
            p.hint(
                format!("use {{{text}}} for this exact spelling, or accents = \"strict\" for the query"),
                format!("utilisez {{{text}}} pour cette graphie exacte, ou accents = \"strict\" pour la requête"),
            )
        }));
    }
    node.children().into_iter().for_each(|child| accents(child, spellings, problems));
}

fn differ_by_accents(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_list_is_in_order() {
        assert!(AMBIGUOUS.is_sorted());
    }
}
