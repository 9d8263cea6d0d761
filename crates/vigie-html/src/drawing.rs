//! The gate for drawings: the only strings that enter the page as markup.

use serde_json::Value;

use crate::Error;

/// `svg` when it holds nothing that runs, loads or styles by itself.
///
/// Drawings come from our own backend, which writes none of this; the gate is there for drawings of
/// plugins and of edited `report.json` files, because the page prints them without escaping.
pub(crate) fn checked<'a>(id: &str, svg: &'a str) -> Result<&'a str, Error> {
    let refuse = |found: &str| Error::Drawing { id: id.to_owned(), found: found.to_owned() };
    if !svg.starts_with("<svg") || !svg.trim_end().ends_with("</svg>") {
        return Err(refuse("text outside <svg>"));
    }
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = tag_end(rest).ok_or_else(|| refuse("an unclosed tag"))?;
        check_tag(&rest[..end]).map_err(refuse)?;
        rest = &rest[end..];
    }
    Ok(svg)
}

/// Whether every drawing of the edition passes, told before any template runs.
pub(crate) fn check_all(value: &Value, place: &str) -> Result<(), Error> {
    match value {
        Value::Object(map) => {
            let place = map.get("id").and_then(Value::as_str).unwrap_or(place);
            map.iter().try_for_each(|(key, inner)| match inner.as_str() {
                Some(svg) if KEYS.contains(&key.as_str()) && !svg.is_empty() => checked(place, svg).map(|_| ()),
                _ => check_all(inner, if map.contains_key("id") { place } else { key }),
            })
        }
        Value::Array(items) => items.iter().try_for_each(|item| check_all(item, place)),
        _ => Ok(()),
    }
}

/// Fields of the report that hold a drawing.
const KEYS: [&str; 3] = ["svg", "sparkline", "ridge"];

/// Elements a drawing may use; everything else is refused.
const ELEMENTS: [&str; 19] = [
    "svg",
    "g",
    "title",
    "desc",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "defs",
    "clippath",
    "lineargradient",
    "stop",
    "pattern",
    "use",
];

fn check_tag(tag: &str) -> Result<(), &str> {
    let name_end = tag.find(|c: char| c.is_whitespace() || c == '/').filter(|&i| i > 0).unwrap_or(tag.len());
    let name = tag.strip_prefix('/').unwrap_or(&tag[..name_end]).trim();
    if !ELEMENTS.contains(&name.to_ascii_lowercase().as_str()) {
        return Err(if name.is_empty() { tag } else { name });
    }
    let outside = |value: &str| value.starts_with("url(") && !value.starts_with("url(#");
    let refused = attributes(tag).find(|(attribute, value)| is_refused(attribute, value) || outside(value));
    refused.map_or(Ok(()), |(attribute, _)| Err(if attribute.is_empty() { tag } else { attribute }))
}

/// An attribute without name (`x = "…"`) is refused too: we never write one, and it may hide another.
fn is_refused(attribute: &str, value: &str) -> bool {
    let lower = attribute.to_ascii_lowercase();
    let link = lower == "src" || lower == "href" || lower.ends_with(":href");
    lower.is_empty() || lower == "style" || lower.starts_with("on") || (link && !value.starts_with('#'))
}

/// Attributes of a tag: what stands before each `=` outside quotes, and what comes after it
/// (without the opening quote, and to the end of the tag).
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut quote = None;
    let mut start = 0;
    tag.char_indices().filter_map(move |(i, c)| {
        match (quote, c) {
            (Some(q), c) if c == q => {
                quote = None;
                start = i + 1;
            }
            (None, '"' | '\'') => quote = Some(c),
            (None, '=') => {
                let value = tag[i + 1..].trim_start_matches(['"', '\'']);
                return Some((&tag[start..i], value));
            }
            (None, c) if c.is_whitespace() || c == '/' => start = i + c.len_utf8(),
            _ => {}
        }
        None
    })
}

/// Position of the `>` that closes a tag, skipping quoted values.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(i),
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if c == q => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_drawing_passes() {
        let svg = "<svg viewBox=\"0 0 1 1\" role=\"img\"><title>a &gt; b, one=two</title><path class=\"f-e1\" d=\"M0 0\"/></svg>";
        assert!(checked("x", svg).is_ok_and(|passed| passed == svg));
    }

    #[test]
    fn whatever_runs_loads_or_styles_is_refused() {
        for inner in [
            "<script>alert(1)</script>",
            "<SCRIPT/>",
            "<foreignObject/>",
            "<rect onload=\"x\"/>",
            "<rect onload = \"x\"/>",
            "<rect/onload=\"x\"/>",
            "<rect x=\"1\"onload=\"x\"/>",
            "<rect style=\"fill:red\"/>",
            "<use href=\"https://example.org/x.svg\"/>",
            "<use xlink:href='data:x'/>",
            "<use xlink:href=\"#a\" href=\"https://example.org\"/>",
            "<rect fill=\"url(https://example.org)\"/>",
            "<image href=\"x.png\"/>",
            "<style>a{}</style>",
            "<!--",
        ] {
            assert!(checked("x", &format!("<svg>{inner}</svg>")).is_err(), "{inner}");
        }
        assert!(checked("x", "<svg></svg><script></script>").is_err());
        assert!(checked("x", "hello").is_err());
    }
}
