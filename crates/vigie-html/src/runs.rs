//! Text of the report as HTML: emphasis and links inside the page, everything else escaped.

use std::collections::BTreeMap;

use serde_json::Value;

/// A paragraph (array of runs) as HTML.
///
/// A reference becomes a link only when its target exists in this edition; otherwise its words
/// stay, because a link to nowhere is worse than none.
pub(crate) fn html(runs: &[tera::Value], targets: &BTreeMap<String, Value>) -> String {
    runs.iter().map(|run| run_html(run, targets)).collect()
}

fn run_html(run: &tera::Value, targets: &BTreeMap<String, Value>) -> String {
    let field = |key: &'static str| run.get_from_path(key).and_then(tera::Value::as_str).unwrap_or_default();
    let words = escape(field("t"));
    let target = targets.get(field("to")).and_then(|t| t["href"].as_str());
    match (field("k"), target) {
        ("b", _) => format!("<strong>{words}</strong>"),
        ("ref", Some(href)) => format!("<a href=\"{}\">{words}</a>", escape(href)),
        _ => words,
    }
}

/// `text` with the five characters that mean something in HTML replaced.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(runs: &Value) -> String {
        let targets = BTreeMap::from([("tone".to_owned(), serde_json::json!({"href": "#tone"}))]);
        let runs = tera::Value::from_serializable(runs);
        html(runs.as_array().unwrap_or_default(), &targets)
    }

    #[test]
    fn emphasis_and_links_are_the_only_markup() {
        let out = render(&serde_json::json!([
            {"k": "t", "t": "a <b> "}, {"k": "b", "t": "35 %"}, {"k": "ref", "t": "ton", "to": "tone"}
        ]));
        assert_eq!(out, "a &lt;b&gt; <strong>35 %</strong><a href=\"#tone\">ton</a>");
    }

    #[test]
    fn a_reference_to_nowhere_keeps_its_words_only() {
        let out = render(&serde_json::json!([{"k": "ref", "t": "ici", "to": "javascript:alert(1)"}]));
        assert_eq!(out, "ici");
    }
}
