//! Typed access to one TOML table: unknown keys, missing keys and wrong types are reported, never fatal.

use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use vigie_model::diagnostic::Bilingual;

use crate::page::Page;
use crate::suggest::advice;

/// A table with its name as shown in messages (`[report]`).
pub(crate) struct Fields<'p, 'a> {
    page: &'p Page<'a>,
    table: &'p DeTable<'a>,
    name: String,
    span: Range<usize>,
}

impl<'p, 'a> Fields<'p, 'a> {
    /// Opens a table and reports every key that is not in `known`.
    pub(crate) fn open(
        page: &'p Page<'a>,
        table: &'p DeTable<'a>,
        name: impl Into<String>,
        span: Range<usize>,
        known: &[&str],
    ) -> Self {
        let fields = Self { page, table, name: name.into(), span };
        fields.refuse_unknown(known);
        fields
    }

    /// A table whose keys are chosen by the user.
    pub(crate) fn free(
        page: &'p Page<'a>,
        table: &'p DeTable<'a>,
        name: impl Into<String>,
        span: Range<usize>,
    ) -> Self {
        Self { page, table, name: name.into(), span }
    }

    /// Where the table's head stands.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The file.
    pub(crate) fn page(&self) -> &'p Page<'a> {
        self.page
    }

    /// Every key with its value.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'p str, Range<usize>, &'p Spanned<DeValue<'a>>)> {
        self.table.iter().map(|(k, v)| (k.get_ref().as_ref(), k.span(), v))
    }

    fn refuse_unknown(&self, known: &[&str]) {
        for (key, span, _) in self.entries().filter(|(key, ..)| !known.contains(key)) {
            let hint = advice(key, known);
            let message = Bilingual::new(
                format!("unknown field `{key}` in `{}`", self.name),
                format!("champ inconnu `{key}` dans `{}`", self.name),
            );
            self.page.error("C104", span, message, Some(hint));
        }
    }

    fn value(&self, key: &str) -> Option<&'p Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    /// Reports `key` as missing when the table does not have it.
    pub(crate) fn require(&self, key: &str) {
        if self.value(key).is_none() {
            let message = Bilingual::new(
                format!("`{key}` is missing in `{}`", self.name),
                format!("`{key}` manque dans `{}`", self.name),
            );
            self.page.error("C102", self.span(), message, None);
        }
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'a>>, wanted: (&str, &str)) {
        let (en, fr) = type_name(value.get_ref());
        let message = Bilingual::new(
            format!("`{key}` in `{}` must be {}, not {en}", self.name, wanted.0),
            format!("`{key}` dans `{}` doit être {}, pas {fr}", self.name, wanted.1),
        );
        self.page.error("C103", value.span(), message, None);
    }

    /// Reports a value of the right type that cannot be used.
    pub(crate) fn invalid(&self, key: &str, span: Range<usize>, why: (&str, &str), hint: Option<Bilingual>) {
        let message = Bilingual::new(
            format!("`{key}` in `{}` {}", self.name, why.0),
            format!("`{key}` dans `{}` {}", self.name, why.1),
        );
        self.page.error("C106", span, message, hint);
    }

    /// A text with at least one visible character.
    pub(crate) fn text(&self, key: &str) -> Option<Spanned<String>> {
        let value = self.value(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, value, ("a text in quotes", "un texte entre guillemets"));
            return None;
        };
        if text.trim().is_empty() {
            self.invalid(key, value.span(), ("is empty", "est vide"), None);
            return None;
        }
        Some(Spanned::new(value.span(), text.to_owned()))
    }

    /// [`Fields::text`], reported when absent.
    pub(crate) fn required_text(&self, key: &str) -> Option<Spanned<String>> {
        self.require(key);
        self.text(key)
    }

    /// A name usable in files and addresses, reported when absent.
    pub(crate) fn required_id(&self, key: &str) -> Option<Spanned<String>> {
        let id = self.required_text(key)?;
        if is_id(id.get_ref()) {
            return Some(id);
        }
        let hint = Bilingual::new(
            "use at most 64 lower-case letters without accents, digits, `-` and `_`, beginning with a letter or digit",
            "au plus 64 minuscules sans accent, chiffres, `-` et `_`, en commençant par une lettre ou un chiffre",
        );
        self.invalid(key, id.span(), ("is not a valid identifier", "n'est pas un identifiant valide"), Some(hint));
        None
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&self, key: &str) -> Option<bool> {
        let value = self.value(key)?;
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.wrong_type(key, value, ("true or false", "true ou false"));
        }
        found
    }

    /// A whole number that is not negative.
    pub(crate) fn count(&self, key: &str) -> Option<u64> {
        let value = self.value(key)?;
        let found = match value.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        if found.is_none() {
            self.wrong_type(key, value, ("a whole number, 0 or more", "un nombre entier, 0 ou plus"));
        }
        found
    }

    /// A number, whole or not.
    pub(crate) fn number(&self, key: &str) -> Option<Spanned<f64>> {
        let value = self.value(key)?;
        let found = number(value.get_ref());
        if found.is_none() {
            self.wrong_type(key, value, ("a number", "un nombre"));
        }
        found.map(|number| Spanned::new(value.span(), number))
    }

    /// A list of numbers, in the order of the file.
    pub(crate) fn numbers(&self, key: &str) -> Option<Vec<Spanned<f64>>> {
        let value = self.value(key)?;
        let items = value.get_ref().as_array().map(|items| items.iter());
        let found = items.and_then(|items| {
            items.map(|i| number(i.get_ref()).map(|n| Spanned::new(i.span(), n))).collect::<Option<Vec<_>>>()
        });
        if found.is_none() {
            self.wrong_type(key, value, ("a list of numbers", "une liste de nombres"));
        }
        found
    }

    /// A day: a TOML date, or the same written in quotes.
    pub(crate) fn date(&self, key: &str) -> Option<Spanned<Date>> {
        let value = self.value(key)?;
        let written = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(day) if day.time.is_none() => day.to_string(),
            _ => {
                self.wrong_type(key, value, ("a date such as 2026-10-14", "une date comme 2026-10-14"));
                return None;
            }
        };
        let day = written.trim().parse::<Date>();
        if day.is_err() {
            let why = ("is not a date; write 2026-10-14", "n'est pas une date ; écrivez 2026-10-14");
            self.invalid(key, value.span(), why, None);
        }
        day.ok().map(|d| Spanned::new(value.span(), d))
    }

    /// A list of texts, in the order of the file.
    pub(crate) fn texts(&self, key: &str) -> Option<Vec<Spanned<String>>> {
        let value = self.value(key)?;
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, value, ("a list of texts", "une liste de textes"));
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref().as_str() {
                Some(text) if !text.trim().is_empty() => {
                    texts.push(Spanned::new(item.span(), text.to_owned()));
                }
                Some(_) => self.invalid(key, item.span(), ("holds an empty text", "contient un texte vide"), None),
                None => self.wrong_type(key, item, ("a list of texts", "une liste de textes")),
            }
        }
        Some(texts)
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Option<Spanned<T>> {
        let word = self.text(key)?;
        if let Some((_, value)) = choices.iter().find(|(name, _)| name == word.get_ref()) {
            return Some(Spanned::new(word.span(), *value));
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let hint = advice(word.get_ref(), &names);
        let message = Bilingual::new(
            format!("`{}` is not a value of `{key}` in `{}`", word.get_ref(), self.name),
            format!("`{}` n'est pas une valeur de `{key}` dans `{}`", word.get_ref(), self.name),
        );
        self.page.error("C105", word.span(), message, Some(hint));
        None
    }

    /// Words shown to readers: one text for all editions, or `{ fr = "…", en = "…" }`.
    pub(crate) fn words(&self, key: &str) -> Option<Bilingual> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Table(table) => {
                let name = format!("{}.{key}", self.name.trim_matches(['[', ']']));
                let inner = Fields::open(self.page, table, format!("[{name}]"), value.span(), &["fr", "en"]);
                inner.both_languages()
            }
            DeValue::String(_) => {
                let text = self.text(key)?.into_inner();
                Some(Bilingual::new(text.clone(), text))
            }
            _ => {
                let wanted = ("a text, or { fr = \"…\", en = \"…\" }", "un texte, ou { fr = \"…\", en = \"…\" }");
                self.wrong_type(key, value, wanted);
                None
            }
        }
    }

    /// `fr` and `en`, of which only those of the editions must be there; the other one stands in.
    fn both_languages(&self) -> Option<Bilingual> {
        let needed = self.page.languages.get();
        for (key, _) in [("fr", needed.french), ("en", needed.english)].iter().filter(|(_, needed)| *needed) {
            self.require(key);
        }
        // Both are read before either may fail, so that both are reported.
        let (fr, en) = (self.text("fr").map(Spanned::into_inner), self.text("en").map(Spanned::into_inner));
        let missing = (needed.french && fr.is_none()) || (needed.english && en.is_none());
        if missing {
            return None;
        }
        let other = fr.clone().or_else(|| en.clone())?;
        Some(Bilingual::new(en.unwrap_or_else(|| other.clone()), fr.unwrap_or(other)))
    }

    /// Whether the table has `key`, whatever its value.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// A table of its own (`[report]`).
    pub(crate) fn table(&self, key: &str) -> Option<(&'p DeTable<'a>, Range<usize>)> {
        let value = self.value(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(key, value, ("a table", "une table"));
        }
        table.map(|t| (t, value.span()))
    }

    /// Repeated tables (`[[source]]`), in the order of the file.
    pub(crate) fn tables(&self, key: &str) -> Vec<(&'p DeTable<'a>, Range<usize>)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let wanted = (format!("a series of tables `[[{key}]]`"), format!("une suite de tables `[[{key}]]`"));
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, value, (&wanted.0, &wanted.1));
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref().as_table() {
                Some(table) => tables.push((table, item.span())),
                None => self.wrong_type(key, item, (&wanted.0, &wanted.1)),
            }
        }
        tables
    }
}

fn is_id(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
}

/// Name of a TOML type with its article.
fn type_name(value: &DeValue<'_>) -> (&'static str, &'static str) {
    match value {
        DeValue::String(_) => ("a text", "un texte"),
        DeValue::Integer(_) => ("an integer", "un entier"),
        DeValue::Float(_) => ("a decimal number", "un nombre à virgule"),
        DeValue::Boolean(_) => ("true or false", "true ou false"),
        DeValue::Datetime(_) => ("a date", "une date"),
        DeValue::Array(_) => ("a list", "une liste"),
        DeValue::Table(_) => ("a table", "une table"),
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n as f64),
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    }
}
