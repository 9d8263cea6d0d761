//! From TOML text to the forms of each message; what they say is not looked at here.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Error, File};

/// The wordings of one language.
#[derive(Clone, Debug)]
pub(super) enum Forms<T> {
    /// One sentence whatever the numbers.
    Plain(T),
    /// One sentence per form; `many` stands in for `other` after millions in French.
    Plural { one: Option<T>, many: Option<T>, other: T },
}

/// A message as written, one or two languages.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) fr: Option<Forms<String>>,
    pub(super) en: Option<Forms<String>>,
    /// Whether an error about it was told already.
    pub(super) broken: bool,
}

/// The messages of `file` by key, with dots between the names of nested tables.
pub(super) fn entries(file: &File<'_>, errors: &mut Vec<Error>) -> BTreeMap<String, Entry> {
    let mut found = BTreeMap::new();
    let (table, syntax) = DeTable::parse_recoverable(file.text);
    if syntax.is_empty() {
        Reader { file, errors, found: &mut found }.tables(table.get_ref(), "");
    } else {
        errors.extend(syntax.iter().map(|e| Error::Syntax {
            file: file.name.to_owned(),
            line: line(file.text, e.span().map_or(0, |s| s.start)),
            message: e.message().to_owned(),
        }));
    }
    found
}

fn line(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

struct Reader<'r, 't> {
    file: &'r File<'t>,
    errors: &'r mut Vec<Error>,
    found: &'r mut BTreeMap<String, Entry>,
}

impl Reader<'_, '_> {
    fn tables(&mut self, table: &DeTable<'_>, prefix: &str) {
        let mut entry = Entry::default();
        let mut any = false;
        // In the order of the file, whatever the map's.
        let mut fields: Vec<_> = table.iter().collect();
        fields.sort_by_key(|(key, _)| key.span().start);
        for (name, value) in fields {
            let name = name.get_ref().as_ref();
            match (name, value.get_ref()) {
                ("fr" | "en", _) if !prefix.is_empty() => {
                    any = true;
                    let forms = self.forms(prefix, name, value);
                    entry.broken |= forms.is_none();
                    if name == "fr" {
                        entry.fr = forms;
                    } else {
                        entry.en = forms;
                    }
                }
                (_, DeValue::Table(inner)) => {
                    let key = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
                    self.tables(inner, &key);
                }
                _ => self.unknown_field(prefix, name, value),
            }
        }
        if any {
            self.found.insert(prefix.to_owned(), entry);
        }
    }

    fn forms(&mut self, key: &str, language: &str, value: &Spanned<DeValue<'_>>) -> Option<Forms<String>> {
        match value.get_ref() {
            DeValue::String(text) => Some(Forms::Plain(text.to_string())),
            DeValue::Table(table) => self.plural(key, language, table, value.span().start),
            _ => {
                self.shape(key, language, value);
                None
            }
        }
    }

    fn plural(&mut self, key: &str, language: &str, table: &DeTable<'_>, at: usize) -> Option<Forms<String>> {
        let (mut one, mut many, mut other) = (None, None, None);
        for (name, value) in table {
            let place = match name.get_ref().as_ref() {
                "one" => &mut one,
                "many" => &mut many,
                "other" => &mut other,
                unknown => {
                    self.unknown_field(key, unknown, value);
                    return None;
                }
            };
            let Some(text) = value.get_ref().as_str() else {
                self.shape(key, name.get_ref(), value);
                return None;
            };
            *place = Some(text.to_owned());
        }
        let Some(other) = other else {
            let (file, line) = (self.file.name.to_owned(), line(self.file.text, at));
            let language = if language == "fr" { "fr" } else { "en" };
            self.errors.push(Error::MissingForm { key: key.to_owned(), file, line, language });
            return None;
        };
        Some(Forms::Plural { one, many, other })
    }

    fn shape(&mut self, key: &str, field: &str, value: &Spanned<DeValue<'_>>) {
        self.errors.push(Error::Shape {
            key: key.to_owned(),
            file: self.file.name.to_owned(),
            line: line(self.file.text, value.span().start),
            field: field.to_owned(),
        });
    }

    fn unknown_field(&mut self, key: &str, field: &str, value: &Spanned<DeValue<'_>>) {
        self.errors.push(Error::UnknownField {
            key: key.to_owned(),
            file: self.file.name.to_owned(),
            line: line(self.file.text, value.span().start),
            field: field.to_owned(),
        });
    }
}
