//! Ids of the page: what a section, figure or table is called in `id` and `href`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// `id` as used in `id` and `href` attributes: lower case, and only letters, digits and hyphens, so
/// that no id of the report can become another kind of link.
pub(crate) fn anchor(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for c in id.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// Every place of the edition a link may lead to, by its id in the report.
///
/// Each target has `href` and `name`; a figure has its `number` too.
pub(crate) fn targets(edition: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for section in items(edition, "sections") {
        add(&mut found, section, "name");
        for block in items(section, "blocks") {
            if let Some(figure) = block.get("figure") {
                add(&mut found, figure, "title");
            }
            for figure in items(block, "figures") {
                add(&mut found, figure, "title");
            }
            if block["block"] == "table" {
                add(&mut found, block, "title");
            }
        }
    }
    found
}

fn add(found: &mut BTreeMap<String, Value>, item: &Value, name: &str) {
    let Some(id) = item["id"].as_str() else {
        return;
    };
    let mut target = Map::new();
    target.insert("href".into(), Value::from(format!("#{}", anchor(id))));
    target.insert("name".into(), item[name].clone());
    target.insert("number".into(), item["number"].clone());
    found.insert(id.to_owned(), Value::Object(target));
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_leave_the_page() {
        assert_eq!(anchor("FIG-01"), "fig-01");
        assert_eq!(anchor("javascript:alert(1)"), "javascript-alert-1");
        assert_eq!(anchor("\" onclick=\"x"), "onclick-x");
    }

    #[test]
    fn figures_of_pairs_are_targets() {
        let edition = serde_json::json!({"sections": [{"id": "tone", "name": "Tone", "blocks": [
            {"block": "pair", "figures": [{"id": "FIG-02", "title": "A"}, {"id": "FIG-03", "title": "B"}]}]}]});
        let ids: Vec<_> = targets(&edition).into_keys().collect();
        assert_eq!(ids, ["FIG-02", "FIG-03", "tone"]);
    }
}
