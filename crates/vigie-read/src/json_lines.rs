//! NDJSON: one object per line.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::Error;
use crate::input::{Columns, Row};

/// Longest line read, in bytes; the rest of it is left out and the row is unreadable.
const LONGEST_LINE: u64 = 64 << 20;

/// The rows of an NDJSON file.
pub(crate) fn open<R: Read>(path: &Path, text: R, columns: &Columns) -> JsonRows<R> {
    let reader = BufReader::with_capacity(1 << 18, text);
    JsonRows { path: path.to_owned(), reader, columns: columns.clone(), line: 0, rows: 0, buffer: Vec::new() }
}

/// The rows of an NDJSON file, in order.
pub(crate) struct JsonRows<R> {
    path: PathBuf,
    reader: BufReader<R>,
    columns: Columns,
    line: u64,
    rows: u64,
    buffer: Vec<u8>,
}

impl<R: Read> Iterator for JsonRows<R> {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.buffer.clear();
            let read = (&mut self.reader).take(LONGEST_LINE).read_until(b'\n', &mut self.buffer);
            match read {
                Ok(0) => return None,
                Err(error) => {
                    let reason = error.to_string();
                    return Some(Err(Error::Broken { file: self.path.clone(), rows: self.rows, reason }));
                }
                Ok(_) => {}
            }
            self.line += 1;
            let too_long = self.buffer.len() as u64 == LONGEST_LINE && self.buffer.last() != Some(&b'\n');
            if too_long && let Err(error) = self.reader.skip_until(b'\n') {
                let reason = error.to_string();
                return Some(Err(Error::Broken { file: self.path.clone(), rows: self.rows, reason }));
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        self.rows += 1;
        Some(Ok(self.row()))
    }
}

impl<R> JsonRows<R> {
    fn row(&self) -> Row {
        let object: Result<Value, _> = serde_json::from_slice(&self.buffer);
        let (object, problem) = match object {
            Ok(object @ Value::Object(_)) => (object, None),
            Ok(_) => (Value::Null, Some("not a JSON object".to_owned())),
            Err(error) => (Value::Null, Some(format!("not JSON: {error}"))),
        };
        let text = |name: &String| match find(&object, name) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Null) | None => None,
            Some(other) => Some(other.to_string()),
        };
        Row {
            line: self.line,
            text: text(&self.columns.text),
            title: self.columns.title.as_ref().and_then(text),
            lang: self.columns.lang.as_ref().and_then(text),
            kept: self.columns.kept.iter().map(|name| find(&object, name).cloned().unwrap_or(Value::Null)).collect(),
            problem,
        }
    }
}

/// A value by its key, or by a path of keys joined by dots.
fn find<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| name.split('.').try_fold(object, |inner, key| inner.get(key)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn each_line_is_a_row_and_a_bad_line_too() {
        let content = "{\"id\":7,\"post\":{\"text\":\"bon\"}}\n\nnot json\n[1]\n{\"id\":8}";
        let columns = Columns { text: "post.text".into(), kept: vec!["id".into()], ..Columns::default() };
        let rows: Vec<Row> = open(Path::new("a.ndjson"), content.as_bytes(), &columns).map(Result::unwrap).collect();
        let found: Vec<_> = rows.iter().map(|r| (r.line, r.text.as_deref(), r.problem.is_some())).collect();
        assert_eq!(found, [(1, Some("bon"), false), (3, None, true), (4, None, true), (5, None, false)]);
        assert_eq!((rows[0].kept[0].clone(), rows[3].kept[0].clone()), (7.into(), 8.into()));
    }
}
