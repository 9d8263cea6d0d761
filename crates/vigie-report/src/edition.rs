//! One edition of a report: every text that exists in several languages replaced by one of them.

use serde_json::Value;
use vigie_model::locale::Locale;

use crate::report::Report;

/// `report` as JSON in which each localized value is replaced by that of `locale`, plus
/// `locale` and `lang` (primary subtag) at the top. Templates read this and nothing else.
///
/// # Errors
/// When the report cannot be written as JSON (a float that is no number).
pub fn edition(report: &Report, locale: Locale) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(report)?;
    resolve(&mut value, locale.tag());
    value["locale"] = Value::from(locale.tag());
    value["lang"] = Value::from(if locale.is_french() { "fr" } else { "en" });
    Ok(value)
}

fn resolve(value: &mut Value, tag: &str) {
    match value {
        Value::Object(map) => {
            let localized = !map.is_empty() && map.keys().all(|k| Locale::ALL.iter().any(|l| l.tag() == k));
            // Messages of plugins exist once per language, not per locale.
            let bilingual = map.len() == 2 && map.contains_key("en") && map.contains_key("fr");
            if localized || bilingual {
                let key = if bilingual { &tag[..2] } else { tag };
                let mut chosen = map.remove(key).unwrap_or(Value::Null);
                resolve(&mut chosen, tag);
                *value = chosen;
            } else {
                for inner in map.values_mut() {
                    resolve(inner, tag);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|v| resolve(v, tag)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localized_values_are_replaced_wherever_they_are() {
        let mut v = serde_json::json!({"a": [{"fr-CA": "un", "en-CA": "one"}], "b": {}, "c": {"fr-CA": [{"k": "t", "t": "x"}], "en-CA": []}, "d": {"en": "two", "fr": "deux"}});
        resolve(&mut v, "fr-CA");
        assert_eq!(v, serde_json::json!({"a": ["un"], "b": {}, "c": [{"k": "t", "t": "x"}], "d": "deux"}));
    }
}
