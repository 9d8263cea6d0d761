//! Errors of the TOML syntax itself, in both languages.

use vigie_model::diagnostic::{Bilingual, Diagnostic};

use crate::page::Page;

/// Code of every syntax error.
pub(crate) const CODE: &str = "C101";

/// Beginnings of the parser's English messages and what they say in French.
const FRENCH: &[(&str, &str)] = &[
    ("duplicate key", "cette clé est déjà définie plus haut"),
    ("string values must be quoted", "un texte doit être entre guillemets droits"),
    ("missing value for key", "cette clé n'a pas de valeur"),
    ("key with no value", "cette clé n'a pas de valeur"),
    ("missing value", "il manque une valeur"),
    ("missing opening quote", "il manque le guillemet ouvrant"),
    ("missing escaped value", "il manque un caractère après la barre oblique inverse"),
    ("missing comma between key-value pairs", "il manque une virgule entre deux clés"),
    ("missing comma between array elements", "il manque une virgule entre deux éléments de la liste"),
    ("missing assignment between key-value pairs", "il manque un `=` entre la clé et sa valeur"),
    ("missing key for inline table element", "il manque une clé avant la valeur"),
    ("extra comma in array", "virgule de trop dans la liste"),
    ("extra comma in inline table", "virgule de trop dans la table"),
    ("extra `=`", "`=` de trop"),
    ("extra assignment", "`=` de trop entre deux clés"),
    ("unclosed array table", "l'en-tête de table n'est pas fermé par `]]`"),
    ("unclosed table", "l'en-tête de table n'est pas fermé par `]`"),
    ("unclosed array", "la liste n'est pas fermée par `]`"),
    ("unclosed inline table", "la table n'est pas fermée par `}`"),
    ("invalid basic string", "le texte n'est pas fermé par `\"`"),
    ("invalid literal string", "le texte n'est pas fermé par `'`"),
    ("invalid multi-line basic string", "le texte n'est pas fermé par `\"\"\"`"),
    ("invalid multi-line literal string", "le texte n'est pas fermé par `'''`"),
    ("invalid unquoted key", "ce nom de clé doit être entre guillemets"),
    ("invalid value", "valeur qui n'est pas du TOML"),
    ("invalid key-value pair", "il faut écrire `clé = valeur`"),
    ("invalid comment character", "caractère interdit dans un commentaire"),
    ("unquoted keys cannot be empty", "il manque le nom de la clé"),
    ("unexpected leading zero", "un nombre ne commence pas par zéro"),
    ("unexpected key or value", "une seule clé par ligne"),
    ("unexpected content", "contenu inattendu à cet endroit"),
    ("carriage return must be followed by newline", "retour chariot sans saut de ligne"),
    ("too few unicode value digits", "code de caractère incomplet"),
];

/// The error as a message with its place.
pub(crate) fn diagnostic(error: &toml::de::Error, page: &Page<'_>) -> Diagnostic {
    let english = error.message().trim();
    let french = FRENCH.iter().find(|(start, _)| english.starts_with(start)).map_or_else(
        // Rare cases keep the parser's words, marked as a quotation.
        || format!("« {english} »"),
        |(_, fr)| (*fr).to_owned(),
    );
    let span = error.span().unwrap_or(page.text.len()..page.text.len());
    Diagnostic::error(CODE, Bilingual::new(format!("invalid TOML: {english}"), format!("TOML invalide : {french}")))
        .at(page.place(span))
}
