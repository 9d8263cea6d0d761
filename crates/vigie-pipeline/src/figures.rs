//! The numbers and drawings of each figure as files of their own.

use serde_json::{Value, json};
use vigie_model::locale::Locale;
use vigie_report::figure::{Data, Figure};
use vigie_report::report::{Block, Report};

use crate::Error;
use crate::documents::Document;

/// CSV, JSON and SVG of every figure, CSV of every table.
pub(crate) fn files(report: &Report) -> Result<Vec<Document>, Error> {
    let mut files = Vec::new();
    for block in report.sections.iter().flat_map(|s| &s.blocks) {
        match block {
            Block::Figure { figure } => add(&mut files, figure, &report.editions)?,
            Block::Pair { figures } => {
                for figure in figures {
                    add(&mut files, figure, &report.editions)?;
                }
            }
            Block::Table { id, data, .. } => files.push(Document::new(format!("figures/{id}.csv"), csv(data)?)),
            _ => {}
        }
    }
    Ok(files)
}

fn add(files: &mut Vec<Document>, figure: &Figure, editions: &[Locale]) -> Result<(), Error> {
    files.push(Document::new(format!("figures/{}.csv", figure.id), csv(&figure.data)?));
    let value = json!({
        "id": figure.id, "metrics": figure.metrics, "title_id": figure.title_id, "title": figure.title,
        "subtitle": figure.subtitle, "note": figure.note, "n": figure.n, "entities": figure.entities,
        "method": figure.method, "data": figure.data,
    });
    files.push(Document::new(format!("figures/{}.json", figure.id), serde_json::to_vec_pretty(&value)?));
    for locale in editions {
        if let Some(svg) = figure.svg.get(locale) {
            files.push(Document::new(format!("figures/{}.{locale}.svg", figure.id), svg.clone().into_bytes()));
        }
    }
    Ok(())
}

/// Raw values, one column per id: the same file whatever the edition.
fn csv(data: &Data) -> Result<Vec<u8>, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |e: csv::Error| Error::Write { path: "figures".into(), source: std::io::Error::other(e) };
    writer.write_record(data.columns.iter().map(|c| c.id.as_str())).map_err(failed)?;
    for row in &data.rows {
        writer.write_record(row.iter().map(|cell| field(&cell.raw))).map_err(failed)?;
    }
    writer.into_inner().map_err(|e| Error::Write { path: "figures".into(), source: e.into_error() })
}

/// A cell as text. Words that a spreadsheet would take for a formula are made words by an apostrophe.
fn field(raw: &Value) -> String {
    match raw {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_never_formulas_and_numbers_stay_numbers() {
        assert_eq!(field(&json!("=HYPERLINK(\"x\")")), "'=HYPERLINK(\"x\")");
        assert_eq!(field(&json!("@nordet")), "'@nordet");
        assert_eq!(field(&json!(-16.5)), "-16.5");
        assert_eq!(field(&Value::Null), "");
        assert_eq!(field(&json!("esim")), "esim");
    }
}
