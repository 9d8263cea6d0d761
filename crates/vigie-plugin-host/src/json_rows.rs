//! Rows given as JSON, path B of the contract: same names and types as the columns, times as RFC 3339.

use serde_json::{Map, Value};
use vigie_model::column::ColumnType;
use vigie_model::table::Table;
use vigie_plugin::Reject;

use crate::batch::{Batch, Column, MAX_COLUMNS, Values};
use crate::stop::Stop;
use crate::table::{self, RAW_CHARS};

/// Longest JSON text of one call, in bytes.
pub(crate) const MAX_JSON: usize = 8 << 20;

/// The rows of one JSON array, and those that could not be taken.
pub(crate) fn parse(table: &str, json: &[u8]) -> Result<(Batch, Vec<Reject>), Stop> {
    let table = table::named(table)?;
    if json.len() > MAX_JSON {
        return Err(Stop::new("P315", "a rows call of more than 8 MiB", "un appel rows de plus de 8 Mio"));
    }
    let rows: Vec<Map<String, Value>> = serde_json::from_slice(json).map_err(|error| {
        Stop::new(
            "P505",
            format!("rows are not a JSON array of objects: {error}"),
            format!("les lignes ne sont pas un tableau JSON d'objets : {error}"),
        )
    })?;
    let mut columns: Vec<Column> = Vec::new();
    let mut rejects = Vec::new();
    let mut taken = 0;
    for row in rows {
        match convert(table, &row)? {
            Ok(cells) => {
                append(table, &mut columns, taken, cells)?;
                taken += 1;
            }
            Err(reason) => rejects.push(Reject {
                table: table.name.to_owned(),
                native_id: row.get("native_id").and_then(Value::as_str).map(str::to_owned),
                reason,
                raw: Value::Object(row).to_string().chars().take(RAW_CHARS).collect(),
                place: None,
            }),
        }
    }
    Ok((Batch { table: table.name.to_owned(), rows: taken, columns }, rejects))
}

enum Cell {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Time(i64),
    TextList(Vec<String>),
}

/// The cells of one row, or the reason to reject it. Unknown names stop the plugin.
fn convert(table: &Table, row: &Map<String, Value>) -> Result<Result<Vec<(String, Cell)>, String>, Stop> {
    let mut cells = Vec::with_capacity(row.len());
    for (name, value) in row {
        let wanted = table::given_type(table, name)?;
        if value.is_null() {
            continue;
        }
        match cell(value, wanted.unwrap_or(ColumnType::Text)) {
            Some(cell) => cells.push((name.clone(), cell)),
            None => return Ok(Err(format!("bad_{name}"))),
        }
    }
    let absent = table
        .required()
        .find(|c| !cells.iter().any(|(name, cell)| name == c.name && !matches!(cell, Cell::Text(t) if t.is_empty())));
    Ok(match absent {
        Some(column) => Err(format!("no_{}", column.name)),
        None => Ok(cells),
    })
}

fn cell(value: &Value, wanted: ColumnType) -> Option<Cell> {
    match wanted {
        ColumnType::Text => match value {
            Value::String(text) => Some(Cell::Text(text.clone())),
            other => (!other.is_object() && !other.is_array()).then(|| Cell::Text(other.to_string())),
        },
        // Numbers beyond 2^53 travel as texts.
        ColumnType::Int => value.as_i64().or_else(|| value.as_str()?.parse().ok()).map(Cell::Int),
        ColumnType::Float => {
            value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|v| v.is_finite()).map(Cell::Float)
        }
        ColumnType::Bool => value.as_bool().map(Cell::Bool),
        ColumnType::Time => value.as_str()?.parse::<jiff::Timestamp>().ok().map(|t| Cell::Time(t.as_microsecond())),
        ColumnType::TextList => {
            let texts = value.as_array()?.iter().filter(|item| !item.is_null());
            Some(Cell::TextList(texts.map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>()?))
        }
    }
}

fn append(table: &Table, columns: &mut Vec<Column>, row: usize, cells: Vec<(String, Cell)>) -> Result<(), Stop> {
    for (name, cell) in cells {
        let index = if let Some(index) = columns.iter().position(|c| c.name == name) {
            index
        } else {
            let kind = table::given_type(table, &name)?.unwrap_or(ColumnType::Text);
            let mut values = Values::empty(kind);
            (0..row).for_each(|_| values.push_null());
            if columns.len() == MAX_COLUMNS {
                return Err(Stop::new(
                    "P315",
                    format!("rows of more than {MAX_COLUMNS} columns"),
                    format!("des lignes de plus de {MAX_COLUMNS} colonnes"),
                ));
            }
            columns.push(Column { name, values });
            columns.len() - 1
        };
        match (&mut columns[index].values, cell) {
            (Values::Text(column), Cell::Text(v)) => column.push(Some(&v)),
            (Values::Int(column), Cell::Int(v)) | (Values::Time(column), Cell::Time(v)) => column.push(Some(v)),
            (Values::Float(column), Cell::Float(v)) => column.push(Some(v)),
            (Values::Bool(column), Cell::Bool(v)) => column.push(Some(v)),
            (Values::TextList(column), Cell::TextList(v)) => column.push(Some(v.iter().map(String::as_str))),
            (values, _) => values.push_null(),
        }
    }
    for column in columns {
        if column.values.len() == row {
            column.values.push_null();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn rows_become_columns_with_explicit_nulls() {
        let json = r#"[
            {"native_id":"1","platform":"x","kind":"post","published_at":"2026-01-01T00:00:00Z","likes":3},
            {"native_id":"2","platform":"x","kind":"post","published_at":"2026-01-01T00:00:01+01:00","text":"é","likes":null}]"#;
        let (batch, rejects) = parse("mentions/1", json.as_bytes()).unwrap();
        assert!(rejects.is_empty());
        assert_eq!(batch.rows, 2);
        assert_eq!(batch.text("text").unwrap().get(0), None);
        assert_eq!(batch.text("text").unwrap().get(1), Some("é"));
        let Values::Int(likes) = &batch.column("likes").unwrap().values else { panic!("likes") };
        assert_eq!((likes.get(0), likes.get(1)), (Some(3), None));
        let Values::Time(times) = &batch.column("published_at").unwrap().values else { panic!("times") };
        assert_eq!(times.get(1), Some((1_767_225_601 - 3_600) * 1_000_000));
    }

    #[test]
    fn rows_that_do_not_fit_are_rejected_one_by_one() {
        let json = r#"[{"native_id":"1","platform":"x","kind":"post","published_at":"yesterday"},
            {"native_id":"","platform":"x","kind":"post","published_at":"2026-01-01T00:00:00Z"}]"#;
        let (batch, rejects) = parse("mentions/1", json.as_bytes()).unwrap();
        assert_eq!(batch.rows, 0);
        let reasons: Vec<&str> = rejects.iter().map(|r| r.reason.as_str()).collect();
        assert_eq!(reasons, ["bad_published_at", "no_native_id"]);
        assert_eq!(parse("mentions/1", b"{}").unwrap_err().code, "P505");
        assert_eq!(parse("mentions/1", br#"[{"titel":"a"}]"#).unwrap_err().code, "P502");
    }

    #[test]
    fn lists_are_of_text_and_an_empty_one_is_not_null() {
        let json = r#"[
            {"native_id":"1","platform":"x","kind":"post","published_at":"2026-01-01T00:00:00Z","hashtags":["été",null,"ski"]},
            {"native_id":"2","platform":"x","kind":"post","published_at":"2026-01-01T00:00:00Z","hashtags":[]},
            {"native_id":"3","platform":"x","kind":"post","published_at":"2026-01-01T00:00:00Z"},
            {"native_id":"4","platform":"x","kind":"post","published_at":"2026-01-01T00:00:00Z","hashtags":"ski"},
            {"native_id":"5","platform":"x","kind":"post","published_at":"2026-01-01T00:00:00Z","hashtags":[5]}]"#;
        let (batch, rejects) = parse("mentions/1", json.as_bytes()).unwrap();
        let Values::TextList(tags) = &batch.column("hashtags").unwrap().values else { panic!("hashtags") };
        let list = |row| tags.get(row).map(Iterator::collect::<Vec<&str>>);
        assert_eq!((list(0), list(1), list(2)), (Some(vec!["été", "ski"]), Some(vec![]), None));
        assert!(rejects.iter().all(|r| r.reason == "bad_hashtags") && rejects.len() == 2, "{rejects:?}");
    }

    #[test]
    fn every_table_takes_its_rows() {
        let rows = [
            ("metric_points/1", r#"[{"series":"followers","entity":"nordik","ts":"2026-01-01T00:00:00Z","value":3}]"#),
            ("events/1", r#"[{"entity":"nordik","type":"page_added","ts":"2026-01-01T00:00:00Z","similarity":0.5}]"#),
            (
                "coverage/1",
                r#"[{"window_start":"2026-01-01T00:00:00Z","window_end":"2026-01-02T00:00:00Z","truncated":true}]"#,
            ),
        ];
        for (table, json) in rows {
            let (batch, rejects) = parse(table, json.as_bytes()).unwrap();
            assert_eq!((batch.table.as_str(), batch.rows, rejects.len()), (table, 1, 0));
        }
        let (_, rejects) =
            parse("coverage/1", br#"[{"window_start":"2026-01-01T00:00:00Z","truncated":true}]"#).unwrap();
        assert_eq!(rejects[0].reason, "no_window_end");
    }
}
