//! The reference page of the language, in both languages, from the tables that drive the parser.
//!
//! The pages are committed (`docs/query-language.md`, `docs/langage-de-requetes.md`); tests run every example and
//! compare the files with what is made here.

mod examples;

use crate::dialect::Tool;
use crate::explain::Language;
use crate::field::{Kind, TABLE};
use crate::lexer::NAMES;
use crate::problem::{Code, Severity};
use crate::syntax::{MAX_DEPTH, MAX_DISTANCE, MAX_LENGTH};

pub use examples::{Example, OPERATORS, RECIPES, TEXTS};

/// How a brand is told apart from what has the same name, as the page shows it.
pub const HOMONYM: &str = r#"[[entity]]
id = "orange"
name = "Orange"
role = "competitor"
query = "orange OR @orange"
ambiguous = true
context = "forfait OR réseau OR fibre OR facture OR network OR broadband"
exclude = '"jus d’orange" OR "orange juice" OR fruit*'
"#;

/// Queries, macros, lists and tests as they are written in `vigie.toml`.
pub const PROJECT: &str = r#"[query.caisse]
text = '''$nom NEAR/8 ($credit) NOT site:@emplois'''
dialect = "fr"
accents = "folded"

[[query.caisse.test]]
text = "Ma caisse populaire m'a refusé un prêt"
match = true

[[query.caisse.test]]
title = "CP rail annonce un prêt de wagons"
lang = "fr"
followers = 1200
match = false

[macros]
nom = '"Caisse Populaire"'
credit = "prêt OR loan OR hypothè*"

[lists]
emplois = ["emplois.example", "jobs.example"]
"#;

/// A record as `vigie query match --jsonl` reads it.
pub const RECORD: &str = r#"{"id": 1, "title": "Rappel", "text": "Une panne", "date": "2026-08-31T22:15:00-04:00", "followers": 120, "is": "reply", "tag": ["crise", "retard"], "url": "https://forum.example.com/1"}"#;

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

/// One language of the page.
struct Page {
    english: bool,
    out: String,
}

impl Page {
    fn pick(&self, en: &'static str, fr: &'static str) -> &'static str {
        if self.english { en } else { fr }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn say(&mut self, en: &'static str, fr: &'static str) {
        let text = self.pick(en, fr);
        self.line(text);
    }

    fn heading(&mut self, en: &'static str, fr: &'static str) {
        self.line("");
        let text = self.pick(en, fr);
        self.line(&format!("## {text}"));
        self.line("");
    }

    fn examples(&mut self, list: &[Example], code: bool) {
        for (index, example) in list.iter().enumerate() {
            if index > 0 {
                self.line("");
            }
            let form = self.pick(example.form, example.form_fr);
            self.line(&if code { format!("### `{form}`") } else { format!("### {form}") });
            self.line("");
            self.say(example.en, example.fr);
            self.line("");
            self.line(&format!("- `{}`", example.query));
            let (finds, misses) = (self.quoted(example.finds), self.quoted(example.misses));
            let (yes, no) = (self.pick("finds:", "trouve :"), self.pick("does not find:", "ne trouve pas :"));
            self.line(&format!("- {yes} {finds}"));
            self.line(&format!("- {no} {misses}"));
        }
    }

    /// A text on one line, between quotation marks: its marks are no Markdown.
    fn quoted(&self, text: &str) -> String {
        let text = text.replace('\n', " ¶ ");
        if self.english { format!("“{text}”") } else { format!("« {text} »") }
    }

    fn fenced(&mut self, language: &str, text: &str) {
        self.line(&format!("```{language}"));
        self.line(text.trim_end());
        self.line("```");
    }
}

/// The page, in Markdown.
pub fn page(language: Language) -> String {
    let mut page = Page { english: language == Language::English, out: String::new() };
    page.say("# The query language", "# Le langage de requête");
    page.line("");
    page.say(
        "This page is made from the tables that drive the parser; every example on it is tested. (Français : [langage-de-requetes.md](langage-de-requetes.md))",
        "Cette page est faite des tables qui conduisent l’analyseur ; chaque exemple y est vérifié par un test. (English: [query-language.md](query-language.md))",
    );
    page.heading("Operators", "Opérateurs");
    page.say(
        "Operators are recognised only in capitals. Strongest first: fields and functions, NEAR, NOT, AND, OR. A comment begins with #; and ends with the line.",
        "Les opérateurs ne sont reconnus qu’en capitales. Du plus fort au plus faible : champs et fonctions, NEAR, NOT, AND, OR. Un commentaire commence par #; et finit avec la ligne.",
    );
    page.line("");
    let french: Vec<String> = NAMES
        .iter()
        .filter(|name| !name.french.is_empty())
        .map(|name| format!("{} = {}", name.french.join(", "), name.name))
        .collect();
    let also = page.pick("With `dialect = \"fr\"`, also:", "Avec `dialect = \"fr\"`, aussi :");
    page.line(&format!("{also} {}.", french.join(" · ")));
    page.line("");
    page.examples(OPERATORS, true);
    page.heading("What a word is", "Ce qu’est un mot");
    page.examples(TEXTS, false);
    page.heading("Recipes", "Recettes");
    page.examples(RECIPES, false);
    fields(&mut page);
    page.heading("In vigie.toml", "Dans vigie.toml");
    page.fenced("toml", PROJECT);
    page.line("");
    page.say(
        "`dialect` is en or fr, `accents` folded or strict; both are optional, and an `[[entity]]` takes them as well. A macro is used as $name and uses no macro; a list as @name after a field. A test may give any field by its name.",
        "`dialect` vaut en ou fr, `accents` folded ou strict ; les deux sont facultatifs, et une `[[entity]]` les accepte aussi. Une macro s’emploie comme $nom et n’emploie pas de macro ; une liste comme @nom après un champ. Un essai peut donner tout champ par son nom.",
    );
    page.line("");
    page.say(
        "A brand whose name is also a common word, or another's name, says in its `[[entity]]` what tells it apart:",
        "Une marque dont le nom est aussi un mot courant, ou le nom d’un autre, dit dans son `[[entity]]` ce qui la distingue :",
    );
    page.line("");
    page.fenced("toml", HOMONYM);
    page.line("");
    page.say(
        "`context` and `exclude` are queries, read like that of the entity and joined to it: `(query) NEAR/10 (context) NOT (exclude)`. The name counts within 10 words of what `context` finds (anywhere in the text when the query has no place of its own, as with AND), and in no text that `exclude` finds. `ambiguous = true` says that the name alone is not enough: without `context` it is an error. `vigie query check` and `explain` show the whole.",
        "`context` et `exclude` sont des requêtes, lues comme celle de l’entité et jointes à elle : `(requête) NEAR/10 (context) NOT (exclude)`. Le nom compte à moins de 10 mots de ce que trouve `context` (n’importe où dans le texte quand la requête n’a pas de place à elle, comme avec AND), et dans aucun texte que trouve `exclude`. `ambiguous = true` dit que le nom seul ne suffit pas : sans `context`, c’est une erreur. `vigie query check` et `explain` montrent le tout.",
    );
    commands(&mut page);
    messages(&mut page);
    page.heading("Limits", "Limites");
    let limits = if page.english {
        format!(
            "A query has at most {MAX_LENGTH} bytes, {MAX_DEPTH} levels of groups, and distances of {MAX_DISTANCE} words."
        )
    } else {
        format!(
            "Une requête a au plus {MAX_LENGTH} octets, {MAX_DEPTH} niveaux de groupes et des distances de {MAX_DISTANCE} mots."
        )
    };
    page.line(&limits);
    page.out
}

fn fields(page: &mut Page) {
    page.heading("Fields", "Champs");
    page.say("| Field | Also | Holds | Accepts | Example |", "| Champ | Aussi | Contient | Accepte | Exemple |");
    page.line("|---|---|---|---|---|");
    for row in TABLE {
        let (en, fr) = kind_words(row.kind);
        let accepts = if page.english { en } else { fr };
        let (holds, example) = (page.pick(row.en, row.fr), row.example);
        page.line(&format!("| `{}:` | {} | {holds} | {accepts} | `{example}` |", row.name, row.aliases.join(", ")));
    }
    page.line("");
    page.say(
        "A condition on a missing value is false: `NOT followers:>100` keeps texts whose followers are unknown; add `has:followers` to leave them out. Values of one field may be joined: `channel:(news OR blog)`.",
        "Une condition sur une valeur absente est fausse : `NOT followers:>100` garde les textes dont les abonnés sont inconnus ; ajoutez `has:followers` pour les écarter. Les valeurs d’un champ se réunissent : `channel:(news OR blog)`.",
    );
    page.line("");
    page.say(
        "When they are not given, `site` and `host` are read from `url`, `week`, `month`, `weekday` and `hour` from `date`, `engagement` from likes, comments and shares, and `links` from the addresses in the text.",
        "Quand ils ne sont pas donnés, `site` et `host` se lisent dans `url`, `week`, `month`, `weekday` et `hour` dans `date`, `engagement` dans j’aime, commentaires et partages, et `links` dans les adresses du texte.",
    );
}

fn commands(page: &mut Page) {
    page.heading("Commands", "Commandes");
    let tools: Vec<&str> = Tool::ALL.iter().map(|(name, _)| *name).collect();
    let commands = format!(
        "vigie query check DIR | FILE | -            vigie query check -e 'apple AND juice'\n\
         vigie query match 'QUERY' --text 'TEXT'     vigie query match 'QUERY' --jsonl FILE\n\
         vigie query test DIR\n\
         vigie query sample NAME -n 50               vigie query sample NAME --load FILE\n\
         vigie query import --from TOOL FILE         ({})\n\
         vigie query explain 'QUERY'",
        tools.join(", ")
    );
    page.fenced("text", &commands);
    page.line("");
    page.say(
        "A record of `--jsonl` is one JSON object per line whose keys are names of fields; null is unknown. Each answer is one line with `record`, `id`, `match`, `spans` (field, start and end in characters, text) and `lints`.",
        "Un enregistrement de `--jsonl` est un objet JSON par ligne dont les clés sont des noms de champs ; null est inconnu. Chaque réponse est une ligne avec `record`, `id`, `match`, `spans` (champ, début et fin en caractères, texte) et `lints`.",
    );
    page.line("");
    page.fenced("json", RECORD);
}

fn messages(page: &mut Page) {
    page.heading("Messages", "Messages");
    for code in Code::ALL {
        let error = code.severity() == Severity::Error;
        let kind = if error { page.pick("error", "erreur") } else { page.pick("warning", "avertissement") };
        let words = page.pick(code.english(), code.french());
        page.line(&format!("- **{code}** ({kind}) {words}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Options, Query, QuerySet, Scratch};

    #[test]
    fn every_example_does_what_the_page_says() {
        for example in OPERATORS.iter().chain(TEXTS).chain(RECIPES) {
            let parsed = Query::parse(example.query, &Options::default());
            let set = QuerySet::new(vec![(example.form.to_owned(), parsed.query.expect(example.query))]).unwrap();
            let mut scratch = Scratch::new();
            let mut finds = |text: &str| !set.matches(&Document::of_text(text), &mut scratch).is_empty();
            assert!(finds(example.finds), "{} finds {}", example.query, example.finds);
            assert!(!finds(example.misses), "{} misses {}", example.query, example.misses);
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
    fn every_operator_name_is_on_the_page_and_read() {
        for name in NAMES {
            assert!(OPERATORS.iter().any(|o| o.form.contains(name.name)), "{}", name.name);
        }
    }

    #[test]
    fn both_pages_have_the_same_parts() {
        let (en, fr) = (page(Language::English), page(Language::French));
        assert_eq!(en.lines().count(), fr.lines().count());
        let apart = en.lines().zip(fr.lines()).filter(|(a, b)| a != b).count();
        assert!(apart > en.lines().filter(|l| l.starts_with("- **") || l.starts_with("| `")).count());
    }
}
