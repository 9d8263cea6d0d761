//! A small report of an invented brand, in both languages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use vigie_model::locale::Locale;
use vigie_pdf::{Options, Paper};
use vigie_report::report::Report;

/// The fixture as the report model reads it, one edition of it as templates read it.
pub(crate) fn edition(locale: Locale) -> Value {
    let mut value: Value = serde_json::from_str(&read(&folder().join("report.json"))).unwrap();
    insert_drawings(&mut value);
    let report: Report = serde_json::from_value(value).unwrap();
    let mut edition = vigie_report::edition::edition(&report, locale).unwrap();
    let language = if locale.is_french() { "fr" } else { "en" };
    edition["labels"] = labels().into_iter().map(|(key, words)| (key, Value::from(words[language].clone()))).collect();
    edition
}

/// Words of the template, by key and language.
pub(crate) fn labels() -> BTreeMap<String, BTreeMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../report-templates/monthly/labels.toml");
    toml::from_str(&read(&path)).unwrap()
}

/// Everything on, on `paper`.
pub(crate) fn options(paper: Paper) -> Options {
    Options { paper, ..Options::default() }
}

/// Keeps a PDF for looking at, where `VIGIE_PDF_KEEP` names a folder.
pub(crate) fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("VIGIE_PDF_KEEP") {
        fs::write(PathBuf::from(folder).join(name).with_extension("pdf"), bytes).unwrap();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Drawings are files of their own: `"@name.svg"` stands for the text of that file.
fn insert_drawings(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix('@') {
                *text = read(&folder().join(name));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(insert_drawings),
        Value::Object(map) => map.values_mut().for_each(insert_drawings),
        _ => {}
    }
}
