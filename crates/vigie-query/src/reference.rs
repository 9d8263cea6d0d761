//! The reference page of the language, in both languages, from the tables that drive the parser.
//!
//! Every example of the page is read by a test.

use std::fmt::Write;

use crate::explain::Language;
use crate::field::{Kind, TABLE};
use crate::problem::{Code, Severity};
use crate::syntax::{MAX_DEPTH, MAX_DISTANCE, MAX_LENGTH};

/// One operator of the page.
#[derive(Debug)]
pub struct Operator {
    /// How it is written.
    pub form: &'static str,
    /// What it finds, in English.
    pub en: &'static str,
    /// What it finds, in French.
    pub fr: &'static str,
    /// A query.
    pub example: &'static str,
    /// A text that the example matches.
    pub matches: &'static str,
    /// A text that it does not match.
    pub misses: &'static str,
}

/// Every operator, in the order of the page.
pub const OPERATORS: &[Operator] = &[
    op(
        "AND",
        "Both are in the document, anywhere.",
        "Les deux sont dans le document, n’importe où.",
        "apple AND juice",
        "You can juice this apple.",
        "An apple pie.",
    ),
    op("OR", "At least one is there.", "Au moins un des deux y est.", "prêt OR loan", "A new loan.", "Une hypothèque."),
    op(
        "NOT, AND NOT, -x",
        "The document does not have it. The whole document is left out.",
        "Le document ne l’a pas. C’est tout le document qui est écarté.",
        "apple NOT juice",
        "An apple pie.",
        "Apple pie and apple juice.",
    ),
    op(
        "\"a b\"",
        "The words in a row. A lone * is one word.",
        "Les mots à la suite. Un * seul vaut un mot.",
        "\"service * clientèle\"",
        "Le service à clientèle",
        "Le service clientèle",
    ),
    op(
        "\"a b\"~n",
        "The words in any order, with at most n other words among them.",
        "Les mots dans n’importe quel ordre, avec au plus n autres mots parmi eux.",
        "\"obama merkel\"~5",
        "Obama, Monti and Merkel agreed",
        "Obama agreed",
    ),
    op(
        "NEAR/n",
        "Two things with at most n words between, in any order, in the same text. NEAR alone is NEAR/4.",
        "Deux choses avec au plus n mots entre elles, dans n’importe quel ordre, dans le même texte. NEAR seul vaut NEAR/4.",
        "apple NEAR/2 juice",
        "juice of the apple",
        "juice of a very ripe apple",
    ),
    op(
        "ONEAR/n, NEAR/nf",
        "The same, left one first.",
        "Pareil, celui de gauche en premier.",
        "logitech ONEAR/2 keyboard",
        "Logitech Solar Wireless Keyboard",
        "keyboard by Logitech",
    ),
    op(
        "NOT NEAR/n",
        "The first somewhere without the second near it.",
        "Le premier quelque part sans le second près de lui.",
        "apple NOT NEAR/3 juice",
        "An apple a day, and months later some apple juice",
        "Apple juice",
    ),
    op(
        "SENTENCE(…)",
        "One sentence satisfies the whole group.",
        "Une même phrase satisfait tout le groupe.",
        "SENTENCE(prêt refusé)",
        "Le prêt est refusé.",
        "Le prêt est là. Il est refusé.",
    ),
    op(
        "OSENTENCE(…)",
        "One sentence has the parts in this order.",
        "Une même phrase a les parties dans cet ordre.",
        "OSENTENCE(refusé prêt)",
        "On m’a refusé le prêt",
        "Le prêt est refusé",
    ),
    op(
        "PARAGRAPH(…)",
        "One paragraph satisfies the whole group.",
        "Un même paragraphe satisfait tout le groupe.",
        "PARAGRAPH(prêt refusé)",
        "Le prêt est là. Il est refusé.",
        "Le prêt.\n\nIl est refusé.",
    ),
    op(
        "ATLEAST/n(…)",
        "At least n occurrences, without overlap.",
        "Au moins n occurrences, sans chevauchement.",
        "ATLEAST/2(panne)",
        "Panne lundi, panne mardi",
        "Panne lundi",
    ),
    op(
        "*",
        "Any characters inside one word; two fixed characters at least.",
        "N’importe quels caractères dans un mot ; deux caractères fixes au moins.",
        "luxemb*",
        "Luxembourgeois",
        "Bruxelles",
    ),
    op("?", "Exactly one character.", "Exactement un caractère.", "reali?ation", "realization", "realiation"),
    op(
        "word~1, word~2",
        "At most one or two letters wrong; the first letter is right.",
        "Au plus une ou deux lettres fautives ; la première est juste.",
        "service~1",
        "sevrice",
        "srvce",
    ),
    op(
        "word~",
        "The same letters in one word or several.",
        "Les mêmes lettres en un mot ou plusieurs.",
        "carsharing~",
        "car-sharing à Montréal",
        "car pool sharing",
    ),
    op(
        "{…}",
        "Exactly these characters, case and accents.",
        "Exactement ces caractères, casse et accents.",
        "{BT}",
        "BT is down",
        "bt is down",
    ),
    op("raw:…, !…", "The same as {…}.", "Pareil que {…}.", "raw:Google+", "On Google+ today", "On Google today"),
    op(
        "#tag",
        "The whole hashtag. A word also finds it inside a hashtag.",
        "Le mot-clic entier. Un mot le trouve aussi dans un mot-clic.",
        "#bonservice OR bonservice",
        "#BonService",
        "Bon service !",
    ),
    op(
        "@name",
        "The account name, not the word.",
        "Le nom du compte, pas le mot.",
        "@nordet OR nordet",
        "Merci @Nordet",
        "Merci",
    ),
    op("$NAME", "A cashtag.", "Un symbole boursier.", "$AAPL", "Buy $aapl", "Buy aapl"),
    op(
        "term^n",
        "Only changes which sentence is shown as evidence.",
        "Ne change que la phrase montrée en preuve.",
        "panne^9 OR retard",
        "un retard",
        "tout va bien",
    ),
];

const fn op(
    form: &'static str,
    en: &'static str,
    fr: &'static str,
    example: &'static str,
    matches: &'static str,
    misses: &'static str,
) -> Operator {
    Operator { form, en, fr, example, matches, misses }
}

/// What each kind of value accepts, English then French.
fn kind_words(kind: Kind) -> (String, String) {
    let (en, fr) = match kind {
        Kind::Text => ("any expression", "toute expression"),
        Kind::Keyword => ("a label, * and ? allowed", "une étiquette, * et ? permis"),
        Kind::Site => (
            "a host; sub-domains match; {…} is the exact host; @list",
            "un hôte ; les sous-domaines comptent ; {…} est l’hôte exact ; @liste",
        ),
        Kind::Address => ("part of an address", "une partie d’adresse"),
        Kind::Account => ("an account, with or without @; @list", "un compte, avec ou sans @ ; @liste"),
        Kind::LocaleCode => ("a code; fr also matches fr-CA", "un code ; fr trouve aussi fr-CA"),
        Kind::Number => ("5, >5, >=5, <5, <=5, 1..5", "5, >5, >=5, <5, <=5, 1..5"),
        Kind::Date => {
            ("2026-08-31, 2026-08, 2026-W35, a..b, last-month", "2026-08-31, 2026-08, 2026-W35, a..b, mois-dernier")
        }
        Kind::Weekday => ("monday … sunday", "lundi … dimanche"),
        Kind::Flag => ("true, false", "vrai, faux"),
        Kind::Choice(names) => {
            let list: Vec<&str> = names.iter().map(|group| group[0]).collect();
            return (list.join(", "), list.join(", "));
        }
    };
    (en.to_owned(), fr.to_owned())
}

/// The page, in Markdown.
pub fn page(language: Language) -> String {
    let english = language == Language::English;
    let pick = |en: &'static str, fr: &'static str| if english { en } else { fr };
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(pick("# The query language", "# Le langage de requête"));
    line("");
    line(pick(
        "Operators are recognised only in capitals. Strongest first: fields and functions, NEAR, NOT, AND, OR. Case and accents are not compared, except inside {…}.",
        "Les opérateurs ne sont reconnus qu’en capitales. Du plus fort au plus faible : champs et fonctions, NEAR, NOT, AND, OR. La casse et les accents ne comptent pas, sauf dans {…}.",
    ));
    line(pick(
        "The French dialect also reads ET, OU, SAUF and PRES/n. A comment begins with #; and ends with the line.",
        "Le dialecte français lit aussi ET, OU, SAUF et PRES/n. Un commentaire commence par #; et finit avec la ligne.",
    ));
    line("");
    line(pick("## Operators", "## Opérateurs"));
    line("");
    for operator in OPERATORS {
        line(&format!("### `{}`", operator.form));
        line("");
        line(pick(operator.en, operator.fr));
        line("");
        let (found, missed) = (operator.matches.replace('\n', " ¶ "), operator.misses.replace('\n', " ¶ "));
        line(&format!("- `{}`", operator.example));
        line(&format!("- {} {found}", pick("finds:", "trouve :")));
        line(&format!("- {} {missed}", pick("does not find:", "ne trouve pas :")));
        line("");
    }
    line(pick("## Fields", "## Champs"));
    line("");
    line(pick("| Field | Also | Holds | Accepts | Example |", "| Champ | Aussi | Contient | Accepte | Exemple |"));
    line("|---|---|---|---|---|");
    for row in TABLE {
        let (en, fr) = kind_words(row.kind);
        line(&format!(
            "| `{}:` | {} | {} | {} | `{}` |",
            row.name,
            row.aliases.join(", "),
            pick(row.en, row.fr),
            if english { en } else { fr },
            row.example
        ));
    }
    line("");
    line(pick(
        "A condition on a missing value is false: `NOT followers:>100` keeps texts whose followers are unknown; add `has:followers` to leave them out.",
        "Une condition sur une valeur absente est fausse : `NOT followers:>100` garde les textes dont les abonnés sont inconnus ; ajoutez `has:followers` pour les écarter.",
    ));
    line("");
    line(pick("## Messages", "## Messages"));
    line("");
    for code in Code::ALL {
        let kind =
            if code.severity() == Severity::Error { pick("error", "erreur") } else { pick("warning", "avertissement") };
        line(&format!("- **{code}** ({kind}) {}", if english { code.english() } else { code.french() }));
    }
    line("");
    line(pick("## Limits", "## Limites"));
    line("");
    let _ = match language {
        Language::English => writeln!(
            out,
            "A query has at most {MAX_LENGTH} bytes, {MAX_DEPTH} levels of groups, and distances of {MAX_DISTANCE} words."
        ),
        Language::French => writeln!(
            out,
            "Une requête a au plus {MAX_LENGTH} octets, {MAX_DEPTH} niveaux de groupes et des distances de {MAX_DISTANCE} mots."
        ),
    };
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Options, Query, QuerySet, Scratch};

    #[test]
    fn every_operator_example_does_what_the_page_says() {
        for operator in OPERATORS {
            let parsed = Query::parse(operator.example, &Options::default());
            let set = QuerySet::new(vec![(operator.form.to_owned(), parsed.query.expect(operator.example))]).unwrap();
            let mut scratch = Scratch::new();
            assert!(
                !set.matches(&Document::of_text(operator.matches), &mut scratch).is_empty(),
                "{} finds {}",
                operator.example,
                operator.matches
            );
            assert!(
                set.matches(&Document::of_text(operator.misses), &mut scratch).is_empty(),
                "{} misses {}",
                operator.example,
                operator.misses
            );
        }
    }

    #[test]
    fn every_field_example_is_read() {
        for row in TABLE {
            let parsed = Query::parse(row.example, &Options::default());
            assert!(parsed.query.is_some(), "{}: {:?}", row.example, parsed.diagnostics);
        }
    }

    #[test]
    fn both_pages_have_the_same_parts() {
        let (en, fr) = (page(Language::English), page(Language::French));
        assert_eq!(en.lines().count(), fr.lines().count());
        assert_ne!(en, fr);
        assert!(fr.contains("Opérateurs"));
    }
}
