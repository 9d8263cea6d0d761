//! Keys `context`, `exclude` and `ambiguous` of `[[entity]]`: a name that is also a common word, or another's name.
//!
//! They become part of the entity's query: near one of the words of `context`, in no text that `exclude` finds.

use std::collections::BTreeMap;

use jiff::civil::date;
use vigie_query::Query;

use crate::fields::Fields;
use crate::query_text::{Part, QueryText};
use crate::settings::options;

/// Tokens between a name and a word of its context, at most: beyond, NEAR finds what AND finds (W04).
const REACH: u32 = 10;

/// What tells a brand from what has the same name.
#[derive(Default)]
pub(crate) struct Homonyms {
    context: Option<QueryText>,
    exclude: Option<QueryText>,
}

impl Homonyms {
    /// Reads the keys of the table of an entity with this query. They are read in its dialect.
    pub(crate) fn read(fields: &Fields<'_, '_>, query: Option<&QueryText>) -> Self {
        let typed = |key: &str| {
            let text = fields.text(key)?;
            let location = fields.page().place(text.span());
            let plain = QueryText::plain(text.into_inner(), location);
            Some(match query {
                Some(query) => QueryText { dialect: query.dialect, accents: query.accents, ..plain },
                None => plain,
            })
        };
        let read = Self { context: typed("context"), exclude: typed("exclude") };
        if fields.boolean("ambiguous") == Some(true) && read.context.is_none() {
            let span = fields.entries().find(|(key, ..)| *key == "ambiguous").map_or(0..0, |(_, span, _)| span);
            let why = (
                "asks for `context`: the name alone does not say which one is meant",
                "demande `context` : le nom seul ne dit pas lequel est visé",
            );
            let hint = vigie_model::diagnostic::Bilingual::new(
                "add words found near the name when it is the brand, such as `context = \"product OR service\"`",
                "ajoutez des mots qu'on trouve près du nom quand c'est la marque, comme `context = \"produit OR service\"`",
            );
            fields.invalid("ambiguous", span, why, Some(hint));
        }
        read
    }

    /// The query of the entity with its context and its exclusions.
    pub(crate) fn around(
        self,
        query: QueryText,
        macros: &BTreeMap<String, QueryText>,
        lists: &BTreeMap<String, Vec<String>>,
    ) -> QueryText {
        let Self { context, exclude } = self;
        if context.is_none() && exclude.is_none() {
            return query;
        }
        // A query without one place in the text (`a AND b`, `lang:fr`) has no distance from its context.
        let near = together(&query, context.as_ref(), &format!("NEAR/{REACH}"), exclude.as_ref());
        if Query::parse(&near.text, &options(&near, macros, lists, date(2026, 1, 1))).query.is_some() {
            return near;
        }
        together(&query, context.as_ref(), "AND", exclude.as_ref())
    }
}

/// `(query) NEAR/10 (context) NOT (exclude)`. A line break before each bracket ends a comment.
fn together(query: &QueryText, context: Option<&QueryText>, operator: &str, exclude: Option<&QueryText>) -> QueryText {
    let mut whole = QueryText { text: String::new(), parts: Vec::new(), ..query.clone() };
    let mut add = |before: &str, typed: &QueryText| {
        whole.text.push_str(before);
        let start = whole.text.len();
        whole.text.push_str(&typed.text);
        whole.parts.push(Part { range: start..whole.text.len(), typed: typed.clone() });
        whole.text.push_str("\n)");
    };
    add("(", query);
    if let Some(context) = context {
        add(&format!(" {operator} ("), context);
    }
    if let Some(exclude) = exclude {
        add(" NOT (", exclude);
    }
    whole
}
