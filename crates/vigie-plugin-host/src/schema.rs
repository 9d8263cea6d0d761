//! The subset of JSON Schema that options may use: validation, defaults, paths.

use serde_json::{Map, Value};
use vigie_model::diagnostic::Bilingual;

use crate::nearest::nearest;

/// One thing wrong with the options of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable code: P201 unknown option, P202 missing, P203 wrong type, P204 value not allowed.
    pub code: &'static str,
    /// JSON pointer to the option (`/columns/text`); for a missing one, to the table that lacks it.
    pub pointer: String,
    /// What is wrong.
    pub message: Bilingual,
    /// The nearest valid key or value, where there is one.
    pub nearest: Option<String>,
}

const KEYWORDS: &[&str] = &[
    "$schema",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "enum",
    "const",
    "default",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "format",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "oneOf",
    "title",
    "description",
    "deprecated",
    "x-vigie-fr",
    "x-vigie-identity",
    "x-vigie-access",
    "x-vigie-unit",
];

/// Refuses schemas outside the subset, which the host could only pretend to check.
pub(crate) fn check_schema(schema: &Value, pointer: &str) -> Result<(), Bilingual> {
    let Some(schema) = schema.as_object() else {
        return Err(Bilingual::new(
            format!("schema `{pointer}` is not an object"),
            format!("le schéma `{pointer}` n'est pas un objet"),
        ));
    };
    if let Some(word) = schema.keys().find(|k| !KEYWORDS.contains(&k.as_str())) {
        return Err(Bilingual::new(
            format!("schema `{pointer}` uses `{word}`, which is outside the allowed subset"),
            format!("le schéma `{pointer}` emploie `{word}`, hors du sous-ensemble permis"),
        ));
    }
    for (name, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        check_schema(inner, &format!("{pointer}/{name}"))?;
    }
    for (name, inner) in [("items", schema.get("items")), ("*", schema.get("additionalProperties"))] {
        if let Some(inner) = inner.filter(|i| !i.is_boolean()) {
            check_schema(inner, &format!("{pointer}/{name}"))?;
        }
    }
    schema
        .get("oneOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .try_for_each(|inner| check_schema(inner, pointer))
}

fn problem(code: &'static str, pointer: &str, en: String, fr: String) -> Problem {
    Problem { code, pointer: pointer.to_owned(), message: Bilingual::new(en, fr), nearest: None }
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn option_name(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~")
}

/// Adds everything wrong with `value` to `found`.
pub(crate) fn validate(schema: &Value, value: &Value, pointer: &str, found: &mut Vec<Problem>) {
    if let Some(branches) = schema.get("oneOf").and_then(Value::as_array) {
        return validate_branches(branches, value, pointer, found);
    }
    if !type_fits(schema, value) {
        let (en, fr) = type_words(schema);
        let name = option_name(pointer);
        let (is_en, is_fr) = value_words(value);
        found.push(problem(
            "P203",
            pointer,
            format!("`{name}` must be {en}, not {is_en}"),
            format!("`{name}` doit être {fr}, et non {is_fr}"),
        ));
        return;
    }
    allowed_values(schema, value, pointer, found);
    match value {
        Value::Object(map) => validate_object(schema, map, pointer, found),
        Value::Array(items) => validate_array(schema, items, pointer, found),
        Value::String(text) => validate_text(schema, text, pointer, found),
        Value::Number(_) => validate_number(schema, value, pointer, found),
        Value::Null | Value::Bool(_) => {}
    }
}

/// `oneOf` on a `const` discriminator: the branch whose constants fit is the one to speak of.
fn validate_branches(branches: &[Value], value: &Value, pointer: &str, found: &mut Vec<Problem>) {
    let results: Vec<Vec<Problem>> = branches
        .iter()
        .map(|branch| {
            let mut inner = Vec::new();
            validate(branch, value, pointer, &mut inner);
            inner
        })
        .collect();
    let discriminated = branches.iter().position(|branch| {
        let constants = branch.get("properties").and_then(Value::as_object).into_iter().flatten();
        let mut constants = constants.filter_map(|(name, s)| s.get("const").map(|c| (name, c))).peekable();
        constants.peek().is_some() && constants.all(|(name, constant)| value.get(name) == Some(constant))
    });
    let best = discriminated.or_else(|| (0..results.len()).min_by_key(|i| results[*i].len()));
    if let Some(best) = best {
        found.extend(results.into_iter().nth(best).unwrap_or_default());
    }
}

fn type_list(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn type_fits(schema: &Value, value: &Value) -> bool {
    let types = type_list(schema);
    types.is_empty()
        || types.iter().any(|kind| match *kind {
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            "null" => value.is_null(),
            _ => false,
        })
}

fn type_words(schema: &Value) -> (String, String) {
    let types = type_list(schema);
    let words = types.iter().map(|kind| match *kind {
        "string" => ("a text", "un texte"),
        "integer" => ("a whole number", "un nombre entier"),
        "number" => ("a number", "un nombre"),
        "boolean" => ("true or false", "true ou false"),
        "array" => ("a list", "une liste"),
        "object" => ("a table", "une table"),
        _ => ("nothing", "rien"),
    });
    let (en, fr): (Vec<&str>, Vec<&str>) = words.unzip();
    (en.join(" or "), fr.join(" ou "))
}

fn value_words(value: &Value) -> (&'static str, &'static str) {
    match value {
        Value::Null => ("nothing", "rien"),
        Value::Bool(_) => ("true or false", "true ou false"),
        Value::Number(_) => ("a number", "un nombre"),
        Value::String(_) => ("a text", "un texte"),
        Value::Array(_) => ("a list", "une liste"),
        Value::Object(_) => ("a table", "une table"),
    }
}

fn allowed_values(schema: &Value, value: &Value, pointer: &str, found: &mut Vec<Problem>) {
    let constant = schema.get("const").map(std::slice::from_ref);
    let Some(allowed) = schema.get("enum").and_then(Value::as_array).map(Vec::as_slice).or(constant) else { return };
    if allowed.contains(value) {
        return;
    }
    let list = allowed.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
    let name = option_name(pointer);
    let mut problem = problem(
        "P204",
        pointer,
        format!("`{name}` cannot be {value}; allowed: {list}"),
        format!("`{name}` ne peut être {value} ; permis : {list}"),
    );
    problem.nearest =
        value.as_str().and_then(|v| nearest(v, allowed.iter().filter_map(Value::as_str))).map(str::to_owned);
    found.push(problem);
}

fn validate_object(schema: &Value, map: &Map<String, Value>, pointer: &str, found: &mut Vec<Problem>) {
    let none = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
    for (key, inner) in map {
        let place = format!("{pointer}/{}", escape(key));
        match (properties.get(key), schema.get("additionalProperties")) {
            (Some(schema), _) | (None, Some(schema @ Value::Object(_))) => validate(schema, inner, &place, found),
            (None, Some(Value::Bool(false))) => {
                let mut unknown =
                    problem("P201", &place, format!("unknown option `{key}`"), format!("option inconnue `{key}`"));
                unknown.nearest = nearest(key, properties.keys().map(String::as_str)).map(str::to_owned);
                found.push(unknown);
            }
            (None, _) => {}
        }
    }
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    for key in required.filter(|key| !map.contains_key(*key)) {
        found.push(problem("P202", pointer, format!("option `{key}` is missing"), format!("l'option `{key}` manque")));
    }
}

fn validate_array(schema: &Value, items: &[Value], pointer: &str, found: &mut Vec<Problem>) {
    let name = option_name(pointer);
    let bound = |key: &str| schema.get(key).and_then(Value::as_u64).map(|n| n as usize);
    if let Some(least) = bound("minItems").filter(|least| items.len() < *least) {
        found.push(problem(
            "P204",
            pointer,
            format!("`{name}` needs at least {least}"),
            format!("`{name}` en demande au moins {least}"),
        ));
    }
    if let Some(most) = bound("maxItems").filter(|most| items.len() > *most) {
        found.push(problem(
            "P204",
            pointer,
            format!("`{name}` allows at most {most}"),
            format!("`{name}` en permet au plus {most}"),
        ));
    }
    if schema.get("uniqueItems") == Some(&Value::Bool(true))
        && let Some(twice) = items.iter().enumerate().find(|(i, item)| items[..*i].contains(item))
    {
        found.push(problem(
            "P204",
            &format!("{pointer}/{}", twice.0),
            format!("`{name}` has {} twice", twice.1),
            format!("`{name}` contient {} deux fois", twice.1),
        ));
    }
    if let Some(inner) = schema.get("items") {
        for (i, item) in items.iter().enumerate() {
            validate(inner, item, &format!("{pointer}/{i}"), found);
        }
    }
}

fn validate_text(schema: &Value, text: &str, pointer: &str, found: &mut Vec<Problem>) {
    let name = option_name(pointer);
    let length = text.chars().count() as u64;
    let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
    if let Some(least) = bound("minLength").filter(|least| length < *least) {
        let (en, fr) = if least == 1 {
            (format!("`{name}` may not be empty"), format!("`{name}` ne peut être vide"))
        } else {
            (
                format!("`{name}` needs at least {least} characters"),
                format!("`{name}` demande au moins {least} caractères"),
            )
        };
        found.push(problem("P204", pointer, en, fr));
    }
    if let Some(most) = bound("maxLength").filter(|most| length > *most) {
        found.push(problem(
            "P204",
            pointer,
            format!("`{name}` allows at most {most} characters"),
            format!("`{name}` permet au plus {most} caractères"),
        ));
    }
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    if !format_fits(format, text) {
        found.push(problem(
            "P204",
            pointer,
            format!("`{name}`: `{text}` is not a valid {format}"),
            format!("`{name}` : `{text}` n'est pas valide (format attendu : {format})"),
        ));
    }
}

fn format_fits(format: &str, text: &str) -> bool {
    match format {
        "uri" => text
            .split_once(':')
            .is_some_and(|(scheme, rest)| !rest.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric())),
        "date" => text.parse::<jiff::civil::Date>().is_ok(),
        "date-time" => text.parse::<jiff::Timestamp>().is_ok(),
        "duration" => text.parse::<jiff::Span>().is_ok(),
        "timezone" => jiff::tz::TimeZone::get(text).is_ok(),
        "language" => (2..=3).contains(&text.split('-').next().unwrap_or_default().len()),
        "path" => !text.is_empty() && !text.contains('\0'),
        _ => true,
    }
}

fn validate_number(schema: &Value, value: &Value, pointer: &str, found: &mut Vec<Problem>) {
    let name = option_name(pointer);
    let number = value.as_f64().unwrap_or(f64::NAN);
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    if let Some(least) = bound("minimum").filter(|least| number < *least) {
        found.push(problem(
            "P204",
            pointer,
            format!("`{name}` may not be below {least}"),
            format!("`{name}` ne peut être inférieur à {least}"),
        ));
    }
    if let Some(most) = bound("maximum").filter(|most| number > *most) {
        found.push(problem(
            "P204",
            pointer,
            format!("`{name}` may not be above {most}"),
            format!("`{name}` ne peut être supérieur à {most}"),
        ));
    }
}

/// Fills in defaults, deeper tables included.
pub(crate) fn apply_defaults(schema: &Value, value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (name, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if let (false, Some(default)) = (map.contains_key(name), inner.get("default")) {
                    map.insert(name.clone(), default.clone());
                }
                if let Some(existing) = map.get_mut(name) {
                    apply_defaults(inner, existing);
                }
            }
        }
        Value::Array(items) => {
            if let Some(inner) = schema.get("items") {
                for item in items {
                    apply_defaults(inner, item);
                }
            }
        }
        _ => {}
    }
}

/// Replaces each text of format `path`.
pub(crate) fn map_paths(schema: &Value, value: &mut Value, replace: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) if schema.get("format").and_then(Value::as_str) == Some("path") => *text = replace(text),
        Value::Array(items) => {
            if let Some(inner) = schema.get("items") {
                for item in items {
                    map_paths(inner, item, replace);
                }
            }
        }
        Value::Object(map) => {
            for (name, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if let Some(existing) = map.get_mut(name) {
                    map_paths(inner, existing, replace);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Value {
        json!({"type": "object", "additionalProperties": false, "required": ["paths"], "properties": {
            "paths": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "path"}},
            "format": {"type": "string", "enum": ["auto", "csv"], "default": "auto"},
            "limit": {"type": "integer", "minimum": 1},
            "columns": {"type": "object", "additionalProperties": false, "properties": {"text": {"type": "string"}}}
        }})
    }

    fn problems(config: &Value) -> Vec<(&'static str, String, Option<String>)> {
        let mut found = Vec::new();
        validate(&schema(), config, "", &mut found);
        found.into_iter().map(|p| (p.code, p.pointer, p.nearest)).collect()
    }

    #[test]
    fn every_problem_is_found_at_its_place() {
        assert_eq!(problems(&json!({"paths": ["a.csv"]})), []);
        let found = problems(&json!({"formt": "csv", "format": "cvs", "limit": 0, "columns": {"txt": "a", "text": 3}}));
        assert_eq!(
            found,
            [
                ("P203", "/columns/text".to_owned(), None),
                ("P201", "/columns/txt".to_owned(), Some("text".to_owned())),
                ("P204", "/format".to_owned(), Some("csv".to_owned())),
                ("P201", "/formt".to_owned(), Some("format".to_owned())),
                ("P204", "/limit".to_owned(), None),
                ("P202", String::new(), None),
            ]
        );
    }

    #[test]
    fn defaults_and_paths_are_filled_in() {
        let mut config = json!({"paths": ["a.csv", "/b.csv"]});
        apply_defaults(&schema(), &mut config);
        map_paths(&schema(), &mut config, &|p| std::path::Path::new("/project").join(p).to_string_lossy().into_owned());
        assert_eq!(config, json!({"paths": ["/project/a.csv", "/b.csv"], "format": "auto"}));
    }

    #[test]
    fn schemas_outside_the_subset_are_refused() {
        assert!(check_schema(&schema(), "").is_ok());
        assert!(check_schema(&json!({"type": "string", "pattern": "a+"}), "/x").is_err());
        assert!(check_schema(&json!({"properties": {"a": {"$ref": "#/b"}}}), "").is_err());
    }
}
