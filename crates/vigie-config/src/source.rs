//! Tables `[[source]]`: plugins and their options.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use vigie_model::diagnostic::Bilingual;

use crate::collect;
use crate::environment::{Problem, expand};
use crate::fields::Fields;
use crate::page::Page;
use crate::settings::SourceSettings;

/// Keys of a table.
pub(crate) const KEYS: &[&str] = &["id", "plugin", "name", "enabled", "max_requests", "options"];

/// One table; `settings` is `None` when something in it is wrong.
pub(crate) struct SourceTable {
    pub(crate) id: Option<Spanned<String>>,
    pub(crate) settings: Option<SourceSettings>,
}

pub(crate) fn read(fields: &Fields<'_, '_>) -> SourceTable {
    let id = fields.required_id("id");
    let plugin = fields.required_text("plugin");
    let name = fields.words("name");
    let enabled = fields.boolean("enabled").unwrap_or(true);
    let max_requests = collect::max_requests(fields);
    // A disabled source may lack the variables it would need.
    let (options, option_spans) = match fields.table("options") {
        Some((table, span)) => Options::read(fields.page(), table, span, enabled),
        None => (Value::Object(Map::new()), BTreeMap::new()),
    };
    let settings = id.as_ref().zip(plugin).map(|(id, plugin)| SourceSettings {
        id: id.get_ref().clone(),
        plugin: plugin.into_inner(),
        name: name.unwrap_or_else(|| Bilingual::new(id.get_ref(), id.get_ref())),
        enabled,
        max_requests,
        options,
        option_spans,
        location: fields.page().place(fields.span()),
    });
    SourceTable { id, settings }
}

/// The options on their way from TOML to JSON.
struct Options<'p, 'a> {
    page: &'p Page<'a>,
    spans: BTreeMap<String, Range<usize>>,
    enabled: bool,
}

impl<'a> Options<'_, 'a> {
    fn read(
        page: &Page<'a>,
        table: &DeTable<'a>,
        span: Range<usize>,
        enabled: bool,
    ) -> (Value, BTreeMap<String, Range<usize>>) {
        let mut options = Options { page, spans: BTreeMap::new(), enabled };
        options.spans.insert(String::new(), span);
        let mut value = options.table(table, "");
        for key in ["path", "paths"] {
            if let Some(path) = value.get_mut(key) {
                make_absolute(path, page.dir);
            }
        }
        (value, options.spans)
    }

    fn table(&mut self, table: &DeTable<'a>, pointer: &str) -> Value {
        let mut map = Map::new();
        for (key, value) in table {
            let key = key.get_ref();
            // RFC 6901 escapes.
            let inner = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
            map.insert(key.to_string(), self.value(value, inner));
        }
        Value::Object(map)
    }

    fn value(&mut self, value: &Spanned<DeValue<'a>>, pointer: String) -> Value {
        let span = value.span();
        let json = match value.get_ref() {
            DeValue::String(text) => Value::String(self.text(text, &span)),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| self.not_a_number(&span), Value::from),
            DeValue::Float(number) => {
                match number.as_str().parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
                    Some(number) => Value::Number(number),
                    None => self.not_a_number(&span),
                }
            }
            DeValue::Boolean(b) => Value::Bool(*b),
            DeValue::Datetime(day) => Value::String(day.to_string()),
            DeValue::Array(items) => {
                items.iter().enumerate().map(|(i, item)| self.value(item, format!("{pointer}/{i}"))).collect()
            }
            DeValue::Table(table) => self.table(table, &pointer),
        };
        self.spans.insert(pointer, span);
        json
    }

    fn not_a_number(&self, span: &Range<usize>) -> Value {
        let message = Bilingual::new(
            "this number cannot be given to a plugin: not finite, or beyond 64 bits",
            "ce nombre ne peut être transmis à un greffon : infini, ou au-delà de 64 bits",
        );
        self.page.error("C106", span.clone(), message, None);
        Value::Null
    }

    fn text(&self, text: &str, span: &Range<usize>) -> String {
        let problems = match expand(text, self.page.env) {
            Ok(expanded) => return expanded,
            Err(problems) => problems,
        };
        if self.enabled {
            for problem in problems {
                self.report(text, span, &problem);
            }
        }
        text.to_owned()
    }

    fn report(&self, text: &str, span: &Range<usize>, problem: &Problem) {
        let (message, at, hint) = match problem {
            Problem::Unset { name, at } => (
                Bilingual::new(
                    format!("environment variable `{name}` is not set"),
                    format!("la variable d'environnement `{name}` n'est pas définie"),
                ),
                at,
                Bilingual::new(
                    format!(
                        "set it before running, for instance `export {name}=…`, or write `enabled = false` in this source"
                    ),
                    format!(
                        "définissez-la avant l'exécution, par exemple `export {name}=…`, ou écrivez `enabled = false` dans cette source"
                    ),
                ),
            ),
            Problem::Form { at } => (
                Bilingual::new("not a reference to a variable", "ce n'est pas une référence à une variable"),
                at,
                Bilingual::new(
                    "write `${NAME}`, or `$${` for the characters themselves",
                    "écrivez `${NOM}`, ou `$${` pour les caractères eux-mêmes",
                ),
            ),
        };
        let place = crate::query_text::QueryText::plain(text.to_owned(), self.page.place(span.clone()));
        self.page.error("C110", place.locate(at.clone()).span, message, Some(hint));
    }
}

/// Relative paths start from the project folder, never from where the program is run.
fn make_absolute(value: &mut Value, dir: &Path) {
    match value {
        Value::String(path) if !path.contains("://") => {
            *path = dir.join(&*path).to_string_lossy().into_owned();
        }
        Value::Array(items) => items.iter_mut().for_each(|item| make_absolute(item, dir)),
        _ => {}
    }
}
