//! Texts that try to be more than text: markup, templates, formulas, controls, scripts of all directions.

use std::path::Path;

use crate::workshop::{HEAD, Project, csv_source, row};

/// Each is put into texts, into author names and into the names of the project.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(2)>",
    "{{ report.title }} {% raw %} {{ 7*7 }}",
    "#eval(\"panic()\") #import \"x\" $ integral $ @ref <label>",
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "+1+cmd|' /C calc'!A0",
    "\u{202e}gnp.exe\u{202c} \u{2066}abc\u{2069} \u{200f}",
    "👩‍👩‍👧‍👦🏳️‍🌈🇨🇦👍🏽 1️⃣",
    "العربية رائعة هذا الصباح",
    "這個方案真的很好用 안녕하세요 こんにちは",
    "\u{e000}\u{f8ff}\u{10fffd}\u{fffd}\u{feff}",
    "*bold* _emph_ `code` ~ \\ // https://x.example /* c */",
    "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}zalgo",
    "nul\u{0}byte \u{1b}[31mred\u{7} \u{9c}",
    "&lt;b&gt; &amp;#x3c; ]]> --> <!-- <svg/onload=alert(3)>",
    "%s %n %x ${HOME} $(id) `id` ../../etc/passwd",
];

/// Rows of hostile texts: often enough in the month, and never before, to be the month's rising terms.
fn rows() -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["id", "date", "author", "text"]).unwrap();
    let mut number = 0;
    let mut put = |author: &str, text: &str| {
        number += 1;
        let date = format!("2026-03-{:02} {:02}:30", number % 31 + 1, number % 24);
        writer.write_record([&format!("h{number}"), &date, author, text]).unwrap();
    };
    for (kind, hostile) in HOSTILE.iter().enumerate() {
        for copy in 0..14 {
            let brand = ["Alto", "Boreal", "Cirrus"][copy % 3];
            put(
                &format!("{hostile} {copy}"),
                &format!("{hostile} {brand} attack{kind} number {copy} is terrible today"),
            );
        }
    }
    put("long", &format!("Alto {}", "w".repeat(10_000)));
    put("long", &format!("Alto {}", "漢".repeat(10_000)));
    put("empty", "");
    put("blank", " \t\n ");
    writer.into_inner().unwrap()
}

fn hostile_project() -> Project {
    let brands = r#"
[[entity]]
id = "alto"
name = "<script>alert(4)</script> *Alto* #eval"
short = "{{ 7*7 }}Alto"
role = "client"
query = "alto"

[[entity]]
id = "boreal"
name = "=Boreal()"
role = "competitor"
query = "boreal"

[[entity]]
id = "cirrus"
name = "@Cirrus \u202e\u0645\u0631\u062d\u0628\u0627 👍🏽"
role = "competitor"
query = "cirrus"
"#;
    let project = Project::bare(&format!(
        "{brands}{}{}",
        csv_source("good", "data/good.csv", ""),
        csv_source("bad", "data/hostile.csv", "")
            .replace("plugin = \"file\"", "plugin = \"file\"\nname = { en = \"<b>x</b>#1\", fr = \"=1+1\" }")
    ));
    let rows_before: String = (0..60).map(|i| row("g", i, 2 + i % 2)).collect();
    project.write("data/good.csv", format!("{HEAD}{rows_before}"));
    project.write("data/hostile.csv", rows());
    project
}

fn files(folder: &Path, extension: &str) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    found.retain(|p| p.extension().is_some_and(|e| e == extension));
    found.sort();
    found
}

#[test]
fn hostile_texts_and_names_stay_text() {
    let project = hostile_project();
    let said = project.vigie(&["--language", "fr", "run", "."]);
    assert!(matches!(said.status, Some(0 | 3)), "{}", said.whole());
    assert!(!said.err.contains('\u{1b}') && !said.err.contains('\u{202e}'), "{}", said.whole());
    assert!(project.ledger("bad")["rows"]["kept"].as_u64().unwrap() >= 226);
    for path in project.documents() {
        let bytes = std::fs::read(&path).unwrap();
        if path.extension().is_some_and(|e| e == "pdf") {
            assert!(bytes.starts_with(b"%PDF-") && bytes.trim_ascii_end().ends_with(b"%%EOF"), "{}", path.display());
            continue;
        }
        let page = String::from_utf8(bytes).unwrap();
        harmless_page(&path, &page);
        assert!(page.contains("{{ 7*7 }}Alto") && !page.contains("49Alto"), "names are shown as they are written");
    }
    for path in files(&project.report_folder().join("figures"), "svg") {
        harmless_page(&path, &std::fs::read_to_string(&path).unwrap());
    }
    for path in files(&project.report_folder().join("figures"), "csv") {
        harmless_table(&path);
    }
}

/// None of the hostile tags is a tag. Names may be there, escaped.
fn harmless_page(path: &Path, page: &str) {
    for tag in ["<script>alert(", "<img src=x", "<svg/onload", "<b>x</b>", "</style><img"] {
        assert!(!page.contains(tag), "{} holds {tag}", path.display());
    }
    let controls = page.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    assert_eq!(controls, 0, "{} holds control characters", path.display());
}

/// No cell is a formula for a spreadsheet.
fn harmless_table(path: &Path) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path).unwrap();
    for record in reader.records() {
        for cell in &record.unwrap() {
            let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
            assert!(!formula, "{}: {cell}", path.display());
        }
    }
}
