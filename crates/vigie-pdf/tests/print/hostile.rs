//! Text that tries to be more than text, or that no font can write.

use serde_json::{Value, json};
use vigie_model::locale::Locale;
use vigie_pdf::{Paper, typeset};

use crate::fixture::{edition, keep, options};

const HOSTILE: [&str; 8] = [
    "#eval(\"1 + 1\") #read(\"/etc/passwd\") #import \"@preview/cetz:0.4.0\"",
    "*bold* _it_ `raw` $x^2$ <label> @ref = Heading \\ - item",
    "<script>alert(1)</script> {{ 7 * 7 }} =HYPERLINK(\"http://example.com\")",
    "\u{202e}reversed\u{202c} \u{2066}isolated\u{2069} \u{0}\u{7}\u{1b}[31m",
    "🔥👍🏽🇨🇦👩‍👩‍👧 émoji et 日本語 et العربية et \u{e000}",
    "line\nbreak\ttab\r\nand \u{2028} separator",
    "e\u{301}\u{301}\u{301}\u{301}\u{301} Z\u{335}\u{321}\u{328}a\u{34f}l\u{488}go",
    "https://example.com/a/very/long/path/that/goes/on/and/on/and/on?with=parameters&and=more",
];

/// Replaces every printed string of `value`.
fn poison(value: &mut Value, with: &str) {
    const KEPT: [&str; 17] = [
        "id",
        "to",
        "k",
        "block",
        "section",
        "svg",
        "sparkline",
        "ridge",
        "accent",
        "accent_dark",
        "deep",
        "goodness",
        "date",
        "locale",
        "lang",
        "kind",
        "labels",
    ];
    match value {
        Value::String(text) => with.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| poison(item, with)),
        Value::Object(map) => {
            for (_, inner) in map.iter_mut().filter(|(key, _)| !KEPT.contains(&key.as_str())) {
                poison(inner, with);
            }
        }
        _ => {}
    }
}

#[test]
fn every_string_may_be_hostile() {
    for (position, text) in HOSTILE.into_iter().enumerate() {
        let mut edition = edition(Locale::FrCa);
        poison(&mut edition, text);
        let pdf = typeset(&edition, &options(Paper::A4)).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        keep(&format!("hostile-{position}"), &pdf.bytes);
        assert_eq!(pdf.replaced > 0, text.contains('🔥') || text.contains('\u{488}'), "{text:?}");
    }
}

#[test]
fn ten_thousand_characters_without_a_space_stay_on_the_page() {
    let mut edition = edition(Locale::EnCa);
    let runaway = "x".repeat(10_000);
    edition["sections"][0]["lead"] = json!([{ "k": "t", "t": runaway }]);
    edition["sections"][2]["blocks"][1]["text"] = json!([{ "k": "t", "t": "=".repeat(400) }]);
    let pdf = typeset(&edition, &options(Paper::A4)).unwrap();
    keep("runaway", &pdf.bytes);
    // The lead alone takes more than a page: the section runs on.
    assert!(pdf.pages > 8);
}

#[test]
fn a_glyph_no_font_covers_is_replaced_in_drawings_too() {
    let mut edition = edition(Locale::FrCa);
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 20\"><text x=\"0\" y=\"12\" font-family=\"Vigie Sans\" font-size=\"8\">🔥 日本</text></svg>";
    edition["sections"][0]["blocks"][0]["figure"]["svg"] = svg.into();
    let pdf = typeset(&edition, &options(Paper::A4)).unwrap();
    assert_eq!(pdf.replaced, 3);
    // As many as without it: the sentence about it adds no page.
    assert_eq!(pdf.pages, 7);
}
