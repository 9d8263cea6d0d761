//! Reports that have too much, too little or nothing to say.

use serde_json::{Value, json};
use vigie_model::locale::Locale;
use vigie_pdf::{Options, Paper, typeset};

use crate::fixture::{edition, keep, options};

fn row(cells: &[&str]) -> Value {
    cells.iter().map(|text| json!({ "raw": text, "shown": text })).collect()
}

fn table(columns: usize, rows: usize) -> Value {
    let heads: Vec<Value> = (0..columns)
        .map(|c| json!({ "id": format!("c{c}"), "title": format!("Mesure {c} (unité longue)"), "kind": if c == 0 { "text" } else { "number" } }))
        .collect();
    let body: Vec<Value> = (0..rows)
        .map(|r| {
            let mut cells = vec![format!("Une entité au nom vraiment très long {r}")];
            cells.extend((1..columns).map(|c| format!("{}", r * 100 + c)));
            row(&cells.iter().map(String::as_str).collect::<Vec<_>>())
        })
        .collect();
    json!({ "block": "table", "id": "TAB-90", "title": "Douze entités", "note": "", "data": { "columns": heads, "rows": body } })
}

#[test]
fn twelve_entities_and_eight_columns_fit_one_page() {
    let mut edition = edition(Locale::FrCa);
    edition["sections"][3]["blocks"] = json!([table(8, 12)]);
    let pdf = typeset(&edition, &options(Paper::Letter)).unwrap();
    keep("twelve", &pdf.bytes);
    assert_eq!(pdf.pages, 8);
}

#[test]
fn a_section_slightly_too_long_is_tightened_and_a_long_one_runs_on() {
    let mut edition = edition(Locale::FrCa);
    let blocks = edition["sections"][1]["blocks"].as_array_mut().unwrap();
    blocks.insert(3, table(4, 5));
    let tightened = typeset(&edition, &options(Paper::A4)).unwrap();
    keep("compact", &tightened.bytes);
    assert_eq!(tightened.pages, 7);

    let blocks = edition["sections"][1]["blocks"].as_array_mut().unwrap();
    blocks.insert(3, table(4, 60));
    let run_on = typeset(&edition, &options(Paper::A4)).unwrap();
    keep("flow", &run_on.bytes);
    assert!(run_on.pages > 8);
}

#[test]
fn a_report_without_anything_is_still_a_document() {
    let mut edition = edition(Locale::EnCa);
    edition["sections"] = json!([]);
    edition["essentials"]["tiles"] = json!([]);
    edition["essentials"]["findings"] = json!([]);
    edition["essentials"]["caution"] = Value::Null;
    edition["essentials"]["lead"] = json!({});
    edition["cover"]["facts"] = json!([]);
    edition["cover"]["meta"] = json!([]);
    edition["cover"]["ridge"] = json!({});
    edition["cover"]["disclaimer"] = Value::Null;
    edition["cover"]["signature"] = "".into();
    edition["title"] = "".into();
    let pdf = typeset(&edition, &options(Paper::A4)).unwrap();
    assert_eq!(pdf.pages, 2);
}

#[test]
fn sections_and_figures_may_be_empty() {
    let mut edition = edition(Locale::EnCa);
    for section in edition["sections"].as_array_mut().unwrap() {
        section["title"] = "".into();
        section["question"] = "".into();
        section["lead"] = json!([]);
    }
    let figure = &mut edition["sections"][0]["blocks"][0]["figure"];
    for field in ["title", "subtitle", "note", "alt"] {
        figure[field] = "".into();
    }
    figure["data"] = json!({ "columns": [], "rows": [] });
    edition["sections"][4]["blocks"][0]["figure"]["svg"] = json!({});
    edition["sections"][1]["blocks"] = json!([
        { "block": "table", "id": "TAB-91", "title": "", "note": "", "data": { "columns": [], "rows": [] } },
        { "block": "list", "items": [] },
        { "block": "definitions", "items": [] },
        { "block": "pair", "figures": [] },
        { "block": "note", "byline": "", "paragraphs": [] },
        { "block": "so_what", "columns": [] }
    ]);
    typeset(&edition, &options(Paper::A4)).unwrap();
}

#[test]
fn the_contents_page_can_be_left_out() {
    let edition = edition(Locale::FrCa);
    let pdf = typeset(&edition, &Options { contents: false, ..options(Paper::A4) }).unwrap();
    assert_eq!(pdf.pages, 6);
}

#[test]
fn an_analyst_note_and_a_logo_are_printed() {
    let mut edition = edition(Locale::FrCa);
    edition["essentials"]["note"] = edition["sections"][2]["blocks"][3].clone();
    // A one-pixel PNG.
    edition["cover"]["logo"] = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==".into();
    let pdf = typeset(&edition, &options(Paper::A4)).unwrap();
    keep("note", &pdf.bytes);
    assert_eq!(pdf.pages, 7);
}
