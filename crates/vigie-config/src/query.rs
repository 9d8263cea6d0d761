//! Tables `[query.NAME]`, `[macros]` and `[lists]`: what queries are made of.

use std::collections::BTreeMap;

use toml::Spanned;

use crate::fields::Fields;
use crate::page::Page;
use crate::query_text::QueryText;
use crate::settings::{NamedQuery, QueryTest};

/// Every `[query.NAME]`.
pub(crate) fn queries(names: &Fields<'_, '_>) -> BTreeMap<String, NamedQuery> {
    let page = names.page();
    let mut queries = BTreeMap::new();
    for (name, _, _) in names.entries() {
        let Some((inner, span)) = names.table(name) else {
            continue;
        };
        let fields = Fields::open(page, inner, format!("[query.{name}]"), span, &["text", "test"]);
        let tests = tests(&fields, name);
        if let Some(text) = fields.required_text("text") {
            queries.insert(name.to_owned(), NamedQuery { text: query_text(page, text), tests });
        }
    }
    queries
}

fn tests(fields: &Fields<'_, '_>, name: &str) -> Vec<QueryTest> {
    let mut tests = Vec::new();
    for (table, span) in fields.tables("test") {
        let page = fields.page();
        let test = Fields::open(page, table, format!("[[query.{name}.test]]"), span, &["text", "match"]);
        test.require("match");
        let (text, expected) = (test.required_text("text"), test.boolean("match"));
        if let (Some(text), Some(expected)) = (text, expected) {
            let location = page.place(text.span());
            tests.push(QueryTest { text: text.into_inner(), expected, location });
        }
    }
    tests
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
    QueryText { location: page.place(text.span()), text: text.into_inner() }
}
