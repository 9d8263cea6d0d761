//! Tables `[query.NAME]`, `[macros]` and `[lists]`: what queries are made of.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;
use vigie_model::diagnostic::Bilingual;
use vigie_query::record::{Record, Refusal, Value};
use vigie_query::{Accents, Dialect};

use crate::fields::Fields;
use crate::page::Page;
use crate::query_text::QueryText;
use crate::settings::{NamedQuery, QueryTest};
use crate::suggest;

/// Every `[query.NAME]`.
pub(crate) fn queries(names: &Fields<'_, '_>) -> BTreeMap<String, NamedQuery> {
    let page = names.page();
    let mut queries = BTreeMap::new();
    for (name, _, _) in names.entries() {
        let Some((inner, span)) = names.table(name) else {
            continue;
        };
        let known = ["text", "dialect", "accents", "test"];
        let fields = Fields::open(page, inner, format!("[query.{name}]"), span, &known);
        let tests = tests(&fields, name);
        if let Some(text) = fields.required_text("text") {
            queries.insert(name.to_owned(), NamedQuery { text: typed(&fields, text), tests });
        }
    }
    queries
}

/// The query `text` of a table that may also say its `dialect` and `accents`.
pub(crate) fn typed(fields: &Fields<'_, '_>, text: Spanned<String>) -> QueryText {
    let dialects = [("en", Dialect::Canonical), ("fr", Dialect::French)];
    let accents = [("folded", Accents::Folded), ("strict", Accents::Strict)];
    QueryText {
        dialect: fields.choice("dialect", &dialects).map(Spanned::into_inner).unwrap_or_default(),
        accents: fields.choice("accents", &accents).map(Spanned::into_inner).unwrap_or_default(),
        ..query_text(fields.page(), text)
    }
}

fn tests(fields: &Fields<'_, '_>, name: &str) -> Vec<QueryTest> {
    let mut tests = Vec::new();
    for (table, span) in fields.tables("test") {
        let page = fields.page();
        let test = Fields::free(page, table, format!("[[query.{name}.test]]"), span);
        test.require("match");
        let (record, expected) = (record(&test), test.boolean("match"));
        if let (Some(record), Some(expected)) = (record, expected) {
            tests.push(QueryTest { record, expected, location: page.place(test.span()) });
        }
    }
    tests
}

/// The texts and facts of a test: `text`, and any other field of the query language by its name.
fn record(test: &Fields<'_, '_>) -> Option<Record> {
    let mut record = Record::new();
    let mut whole = true;
    for (key, key_span, value) in test.entries().filter(|(key, ..)| *key != "match") {
        match record.set(key, &given(value.get_ref()), None) {
            Ok(()) => {}
            Err(Refusal::UnknownName) => {
                let names = vigie_query::field::TABLE.iter().map(|row| row.name).chain(["text", "match"]);
                let hint = suggest::closest(key, names).map(suggest::did_you_mean);
                let message = Bilingual::new(
                    format!("`{key}` is no field of the query language"),
                    format!("`{key}` n'est pas un champ du langage de requête"),
                );
                test.page().error("C104", key_span, message, hint);
                whole = false;
            }
            Err(Refusal::BadValue(words)) => {
                test.page().error("C106", value.span(), Bilingual::new(words.en, words.fr), None);
                whole = false;
            }
        }
    }
    if whole && record == Record::new() {
        let message = Bilingual::new("this test has no `text`", "cet essai n'a pas de `text`");
        test.page().error("C102", test.span(), message, None);
        return None;
    }
    whole.then_some(record)
}

fn given(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => {
            let read = i64::from_str_radix(number.as_str(), number.radix());
            read.map_or(Value::Other, |n| Value::Number(n as f64, n.to_string()))
        }
        DeValue::Float(number) => {
            let typed = number.as_str().replace('_', "");
            typed.parse().map_or(Value::Other, |n| Value::Number(n, typed))
        }
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(when) => Value::Text(when.to_string()),
        DeValue::Array(items) => Value::Many(items.iter().map(|item| given(item.get_ref())).collect()),
        DeValue::Table(_) => Value::Other,
    }
}

/// Table `[macros]`.
pub(crate) fn macros(fields: &Fields<'_, '_>) -> BTreeMap<String, QueryText> {
    let texts = fields.entries().filter_map(|(name, _, _)| Some((name.to_owned(), fields.text(name)?)));
    texts.map(|(name, text)| (name, query_text(fields.page(), text))).collect()
}

/// Table `[lists]`.
pub(crate) fn lists(fields: &Fields<'_, '_>) -> BTreeMap<String, Vec<String>> {
    let lists = fields.entries().filter_map(|(name, _, _)| Some((name.to_owned(), fields.texts(name)?)));
    lists.map(|(name, items)| (name, items.into_iter().map(Spanned::into_inner).collect())).collect()
}

fn query_text(page: &Page<'_>, text: Spanned<String>) -> QueryText {
    let location = page.place(text.span());
    QueryText::plain(text.into_inner(), location)
}
