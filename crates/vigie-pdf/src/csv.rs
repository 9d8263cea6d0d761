//! The numbers behind a figure, as the CSV file attached to the PDF.

use serde_json::Value;

use crate::sheet::Data;

/// UTF-8, comma, one header line of column ids, `\r\n` line ends (RFC 4180). A number that was not
/// measured is an empty cell. Text that a spreadsheet would run as a formula gets an apostrophe.
pub(crate) fn csv(data: &Data) -> Vec<u8> {
    let mut out = String::new();
    push_line(&mut out, data.columns.iter().map(|column| guarded(&column.id)));
    for row in &data.rows {
        push_line(&mut out, row.iter().map(|cell| shown(&cell.raw)));
    }
    out.into_bytes()
}

fn push_line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (position, cell) in cells.enumerate() {
        if position > 0 {
            out.push(',');
        }
        out.push_str(&cell);
    }
    out.push_str("\r\n");
}

fn shown(raw: &Value) -> String {
    match raw {
        Value::Null => String::new(),
        Value::String(text) => guarded(text),
        other => quoted(&other.to_string()),
    }
}

fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { quoted(&format!("'{text}")) } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_disarmed() {
        let data: Data = serde_json::from_value(serde_json::json!({
            "columns": [{"id": "brand", "title": "Brand", "kind": "text"}, {"id": "net", "title": "Net", "kind": "number"}],
            "rows": [
                [{"raw": "A, \"B\"", "shown": "x"}, {"raw": -14.5, "shown": "−14,5"}],
                [{"raw": "=HYPERLINK(1)", "shown": "x"}, {"raw": null, "shown": ""}]
            ]
        }))
        .unwrap();
        let text = String::from_utf8(csv(&data)).unwrap();
        assert_eq!(text, "brand,net\r\n\"A, \"\"B\"\"\",-14.5\r\n'=HYPERLINK(1),\r\n");
    }
}
