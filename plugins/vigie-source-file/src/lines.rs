//! NDJSON, one object per line, and JSON arrays of objects.

use std::io::{BufRead, BufReader, Read};

use serde_json::Value;

use crate::cell::{Cell, Cells};
use crate::header::folded;
use crate::notices::{self, Trouble};
use crate::reading::Reading;

/// Longest line, in bytes.
const MAX_LINE: u64 = 16 << 20;

/// Reads a stream of UTF-8.
pub(crate) fn read(reading: &mut Reading<'_, '_>, stream: impl Read) -> Result<(), Trouble> {
    let paths: Vec<(usize, Vec<String>)> = reading
        .shared
        .plan
        .wanted
        .paths()
        .map(|(field, path)| (field, path.split('.').map(str::to_owned).collect()))
        .collect();
    let mut stream = BufReader::with_capacity(1 << 17, stream);
    if starts_array(&mut stream) {
        return read_array(reading, stream, &paths);
    }
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        let count = match stream.by_ref().take(MAX_LINE).read_until(b'\n', &mut line) {
            Ok(count) => count,
            Err(error) => return Err(notices::cut(reading.name, reading.rows, &error).into()),
        };
        if count == 0 {
            return if number == 0 { Err(notices::empty(reading.name).into()) } else { Ok(()) };
        }
        number += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match serde_json::from_slice::<Value>(&line) {
            Ok(value) if value.is_object() => give(reading, number, &value, &paths)?,
            _ => reading.reject(number, "bad_json", String::from_utf8_lossy(&line).trim_end().to_owned())?,
        }
    }
}

fn starts_array(stream: &mut impl BufRead) -> bool {
    stream.fill_buf().is_ok_and(|bytes| bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'['))
}

fn read_array(reading: &mut Reading<'_, '_>, stream: impl Read, paths: &[(usize, Vec<String>)]) -> Result<(), Trouble> {
    let items: Vec<Value> = serde_json::from_reader(stream).map_err(|e| notices::unreadable(reading.name, &e))?;
    if items.is_empty() {
        return Err(notices::empty(reading.name).into());
    }
    for (index, item) in items.iter().enumerate() {
        give(reading, index as u64 + 1, item, paths)?;
    }
    Ok(())
}

fn give(
    reading: &mut Reading<'_, '_>,
    line: u64,
    value: &Value,
    paths: &[(usize, Vec<String>)],
) -> Result<(), Trouble> {
    let mut cells: Cells<'_> = std::array::from_fn(|_| Cell::Empty);
    for (field, path) in paths {
        cells[*field] = find(value, path).map_or(Cell::Empty, cell);
    }
    reading.row(line, &cells, || value.to_string())?;
    Ok(())
}

/// The value at a dotted path; a key that itself holds dots is found too.
fn find<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    if let Value::Array(items) = value {
        return find(items.get(first.parse::<usize>().ok()?)?, rest).or(if rest.is_empty() {
            items.get(first.parse::<usize>().ok()?)
        } else {
            None
        });
    }
    let object = value.as_object()?;
    let inner = object.get(first).or_else(|| {
        let wanted = folded(first);
        object.iter().find(|(key, _)| folded(key) == wanted).map(|(_, v)| v)
    });
    match (inner, rest.is_empty()) {
        (Some(inner), true) => Some(inner),
        (Some(inner), false) => find(inner, rest).or_else(|| object.get(&path.join("."))),
        (None, _) => object.get(&path.join(".")),
    }
}

fn cell(value: &Value) -> Cell<'_> {
    match value {
        Value::Null | Value::Object(_) => Cell::Empty,
        Value::String(text) => Cell::borrowed(text),
        // As text: an id above 2^53 keeps every digit.
        Value::Number(number) => Cell::owned(number.to_string()),
        Value::Bool(flag) => Cell::borrowed(if *flag { "true" } else { "false" }),
        Value::Array(items) => Cell::owned(
            items
                .iter()
                .filter_map(|i| cell(i).text().map(std::borrow::Cow::into_owned))
                .collect::<Vec<_>>()
                .join(", "),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dotted_paths_reach_inside() {
        let value =
            json!({"user": {"screen_name": "a", "tags": ["x", "y"]}, "a.b": 1, "id": 570_306_133_677_760_513_u64});
        let at = |path: &str| {
            find(&value, &path.split('.').map(str::to_owned).collect::<Vec<_>>())
                .map(cell)
                .and_then(|c| c.text().map(std::borrow::Cow::into_owned))
        };
        assert_eq!(at("user.screen_name").as_deref(), Some("a"));
        assert_eq!(at("User.Screen Name").as_deref(), Some("a"));
        assert_eq!(at("user.tags").as_deref(), Some("x, y"));
        assert_eq!(at("user.tags.1").as_deref(), Some("y"));
        assert_eq!(at("a.b").as_deref(), Some("1"));
        assert_eq!(at("id").as_deref(), Some("570306133677760513"));
        assert_eq!(at("user.nothing"), None);
    }
}
