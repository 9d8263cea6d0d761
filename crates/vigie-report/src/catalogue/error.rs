//! What can be wrong with a catalogue or with its use.

use std::fmt;

use vigie_model::diagnostic::Bilingual;

/// One thing that is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The file is no TOML.
    Syntax {
        /// File.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What the parser said, in English.
        message: String,
    },
    /// A value that is no text nor plural forms.
    Shape {
        /// Key of the message.
        key: String,
        /// File.
        file: String,
        /// Line, from 1.
        line: usize,
        /// `fr`, `en` or one of their forms.
        field: String,
    },
    /// A field that is neither a language nor a message.
    UnknownField {
        /// Key of the message.
        key: String,
        /// File.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The field.
        field: String,
    },
    /// Plural forms without `other`, the form that every number may take.
    MissingForm {
        /// Key of the message.
        key: String,
        /// File.
        file: String,
        /// Line, from 1.
        line: usize,
        /// `fr` or `en`.
        language: &'static str,
    },
    /// A message in one language only.
    MissingLanguage {
        /// Key of the message.
        key: String,
        /// File.
        file: String,
        /// `fr` or `en`.
        language: &'static str,
    },
    /// `{` without `}`, or the reverse.
    Brace {
        /// Key of the message.
        key: String,
        /// File.
        file: String,
        /// `fr` or `en`.
        language: &'static str,
    },
    /// French and English do not have the same slots.
    SlotsDiffer {
        /// Key of the message.
        key: String,
        /// File.
        file: String,
        /// The slot that one of them lacks.
        slot: String,
    },
    /// Two files define one message.
    Duplicate {
        /// Key of the message.
        key: String,
        /// The second file.
        file: String,
    },
    /// No message has that key.
    UnknownKey {
        /// The key.
        key: String,
        /// The override that names it; `None` when the program does.
        file: Option<String>,
    },
    /// A slot that the message does not have.
    UnknownSlot {
        /// Key of the message.
        key: String,
        /// The override that names it; `None` when the program does.
        file: Option<String>,
        /// The slot.
        slot: String,
    },
    /// A slot without a value.
    MissingSlot {
        /// Key of the message.
        key: String,
        /// The slot.
        slot: String,
    },
    /// A message with plural forms was said without a number.
    NeedsNumber {
        /// Key of the message.
        key: String,
    },
}

impl Error {
    /// The error as a sentence in both languages, without final period.
    pub fn message(&self) -> Bilingual {
        match self {
            Self::Syntax { file, line, message } => Bilingual::new(
                format!("{file}:{line}: {message}"),
                format!("{file}:{line} : TOML invalide, « {message} »"),
            ),
            Self::Shape { key, file, line, field } => Bilingual::new(
                format!("{file}:{line}: message `{key}`: `{field}` must be a text or a table of plural forms"),
                format!(
                    "{file}:{line} : message `{key}` : `{field}` doit être un texte ou une table de formes du pluriel"
                ),
            ),
            Self::UnknownField { key, file, line, field } => Bilingual::new(
                format!("{file}:{line}: message `{key}`: unknown field `{field}`; write `fr` and `en`"),
                format!("{file}:{line} : message `{key}` : champ inconnu `{field}` ; écrivez `fr` et `en`"),
            ),
            Self::MissingForm { key, file, line, language } => Bilingual::new(
                format!("{file}:{line}: message `{key}`: plural form `other` is missing in `{language}`"),
                format!("{file}:{line} : message `{key}` : la forme du pluriel `other` manque dans `{language}`"),
            ),
            Self::MissingLanguage { key, file, language } => Bilingual::new(
                format!("{file}: message `{key}` has no `{language}`"),
                format!("{file} : le message `{key}` n'a pas de `{language}`"),
            ),
            Self::Brace { key, file, language } => Bilingual::new(
                format!("{file}: message `{key}`: brace without its pair in `{language}`"),
                format!("{file} : message `{key}` : accolade sans sa paire dans `{language}`"),
            ),
            Self::SlotsDiffer { key, file, slot } => Bilingual::new(
                format!("{file}: message `{key}`: slot `{{{slot}}}` is in one language only"),
                format!("{file} : message `{key}` : l'emplacement `{{{slot}}}` n'est que dans une langue"),
            ),
            Self::Duplicate { key, file } => Bilingual::new(
                format!("{file}: message `{key}` is defined twice"),
                format!("{file} : le message `{key}` est défini deux fois"),
            ),
            Self::UnknownKey { key, file } => Bilingual::new(
                format!("{}no message has the key `{key}`", prefix(file.as_deref(), ": ")),
                format!("{}aucun message n'a la clé `{key}`", prefix(file.as_deref(), " : ")),
            ),
            Self::UnknownSlot { key, file, slot } => Bilingual::new(
                format!("{}message `{key}` has no slot `{{{slot}}}`", prefix(file.as_deref(), ": ")),
                format!("{}le message `{key}` n'a pas d'emplacement `{{{slot}}}`", prefix(file.as_deref(), " : ")),
            ),
            Self::MissingSlot { key, slot } => Bilingual::new(
                format!("message `{key}`: slot `{{{slot}}}` has no value"),
                format!("message `{key}` : l'emplacement `{{{slot}}}` n'a pas de valeur"),
            ),
            Self::NeedsNumber { key } => Bilingual::new(
                format!("message `{key}` has plural forms; it needs the number behind `{{n}}`"),
                format!("le message `{key}` a des formes du pluriel ; il lui faut le nombre de `{{n}}`"),
            ),
        }
    }
}

fn prefix(file: Option<&str>, colon: &str) -> String {
    file.map(|f| format!("{f}{colon}")).unwrap_or_default()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for Error {}

/// Everything wrong in the files of a catalogue; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadErrors(
    /// In the order of the files.
    pub Vec<Error>,
);

impl fmt::Display for LoadErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for LoadErrors {}
