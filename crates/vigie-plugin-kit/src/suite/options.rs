//! C1, C2: options that are wrong are told by the host, and harm nobody; options are documented.

use serde_json::{Map, Value, json};

use super::stand::{Stand, died};
use super::verdict::Verdict;

/// A configuration with one fault, and the option it is about.
struct Faulty {
    what: (String, String),
    option: Option<String>,
    config: Value,
}

fn properties(stand: &Stand) -> Map<String, Value> {
    let schema = &stand.plugin.spec.config_schema;
    schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn required(stand: &Stand) -> Vec<String> {
    let schema = &stand.plugin.spec.config_schema;
    let list = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn faulty(stand: &Stand, good: &Map<String, Value>) -> Vec<Faulty> {
    let mut list = Vec::new();
    let required = required(stand);
    let mut add = |en: String, fr: String, option: Option<&str>, config: Map<String, Value>| {
        list.push(Faulty { what: (en, fr), option: option.map(str::to_owned), config: Value::Object(config) });
    };
    if let Some(first) = required.first() {
        add("no option at all".into(), "aucune option".into(), Some(first), Map::new());
    }
    for name in &required {
        let mut config = good.clone();
        config.remove(name);
        add(format!("without `{name}`"), format!("sans `{name}`"), Some(name), config);
    }
    let samples = [json!(7.5), json!("text"), json!([[]]), json!({"vigie_no_such_key": 1}), json!(true)];
    for name in properties(stand).keys() {
        let wrong = samples.iter().find_map(|sample| {
            let mut config = good.clone();
            config.insert(name.clone(), sample.clone());
            let problems = stand.plugin.validate(&Value::Object(config.clone()));
            problems.iter().any(|p| p.code == "P203").then_some(config)
        });
        if let Some(config) = wrong {
            add(format!("`{name}` of a wrong type"), format!("`{name}` d'un autre type"), Some(name), config);
        }
    }
    let mut config = good.clone();
    config.insert("vigie_unknown".into(), json!(1));
    add("an unknown option".into(), "une option inconnue".into(), Some("vigie_unknown"), config);
    list
}

/// C1: every wrong configuration is told by the host, with the option's name, and none brings the plugin down.
pub(crate) fn wrong_options(stand: &Stand) -> Verdict {
    let Some(case) = stand.full() else { return super::no_case() };
    let good = case.options.as_object().cloned().unwrap_or_default();
    for Faulty { what, option, config } in faulty(stand, &good) {
        let problems = stand.plugin.validate(&config);
        let named = problems.iter().any(|p| {
            option.as_ref().is_none_or(|o| p.message.en.contains(&format!("`{o}")) || p.pointer.contains(o.as_str()))
        });
        if !named {
            return Verdict::failed(
                (
                    format!("{}: the host has nothing to say about it", what.0),
                    format!("{} : l'hôte n'a rien à en dire", what.1),
                ),
                (
                    "close the schema in spec.json: `\"additionalProperties\": false`, a type for every option, `required`",
                    "fermez le schéma de spec.json : `\"additionalProperties\": false`, un type pour chaque option, `required`",
                ),
            );
        }
        // A host of another version may let something through: the plugin must not believe what it gets.
        if let Err(failure) = stand.runner.check(&stand.plugin, &config, &stand.limits)
            && died(&failure)
        {
            return Verdict::failed(
                (
                    format!("{}: `open` ends with [{}] {}", what.0, failure.code, failure.message.en),
                    format!("{} : `open` s'est terminé par [{}] {}", what.1, failure.code, failure.message.fr),
                ),
                (
                    "`open` checks what it reads, calls `fail` with code 1 (CONFIG) and returns it",
                    "`open` vérifie ce qu'il lit, appelle `fail` avec le code 1 (CONFIG) et le rend",
                ),
            );
        }
    }
    Verdict::Passed
}

/// C2: every option is documented in both languages, its default and each of its values are accepted.
pub(crate) fn documented(stand: &Stand) -> Verdict {
    let properties = properties(stand);
    if properties.is_empty() {
        return Verdict::not_applicable("the plugin has no options", "le greffon n'a pas d'options");
    }
    for (name, schema) in &properties {
        let english = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let french = match schema.get("x-vigie-fr") {
            Some(Value::String(text)) => text.as_str(),
            Some(table) => table.get("description").and_then(Value::as_str).unwrap_or_default(),
            None => "",
        };
        if english.trim().is_empty() || french.trim().is_empty() {
            return Verdict::failed(
                (
                    format!("option `{name}` is not explained in both languages"),
                    format!("l'option `{name}` n'est pas expliquée dans les deux langues"),
                ),
                (
                    "give it `description` and `x-vigie-fr` in spec.json",
                    "donnez-lui `description` et `x-vigie-fr` dans spec.json",
                ),
            );
        }
        if let Some(default) = schema.get("default") {
            let mut config = stand.full().map(|c| c.options.clone()).unwrap_or_default();
            if let Some(map) = config.as_object_mut() {
                map.insert(name.clone(), default.clone());
            }
            if let Some(problem) = stand.plugin.validate(&config).first() {
                return Verdict::failed(
                    (
                        format!("the default of `{name}` is not valid: {}", problem.message.en),
                        format!("la valeur par défaut de `{name}` n'est pas valide : {}", problem.message.fr),
                    ),
                    ("change the default, or the schema", "changez la valeur par défaut, ou le schéma"),
                );
            }
        }
    }
    Verdict::Passed
}
