//! One file, taken apart by the form it has, and put together again.

use serde_json::Value;

/// Stands for raw bytes while a document is written; no recording has it.
const MARK: &str = "\u{10FFFD}vigie\u{10FFFD}";
/// Shortest text that is looked for inside other text.
const SHORTEST: usize = 6;
const DELIMITERS: [u8; 4] = [b'\t', b';', b',', b'|'];

/// A file by its form.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    Json(Value),
    JsonLines(Vec<Value>),
    Table { delimiter: u8, quoted: bool, lines: Vec<Vec<Vec<u8>>> },
    Text(String),
    Other(Vec<u8>),
}

/// Where in a file a value stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Spot {
    /// Keys and indices from the root; the first index of JSON lines is the line.
    Json(Vec<Step>),
    /// Line and column.
    Cell(usize, usize),
    /// Bytes of a text.
    Range(usize, usize),
}

/// One step into JSON.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// What is put in the place of a value.
#[derive(Clone, Debug)]
pub(crate) enum New {
    /// Text, written as the form writes text.
    Text(String),
    /// Bytes inside the quotes, as they are.
    Raw(Vec<u8>),
    /// A number; in tables what it is written like.
    Number(String),
    /// Nothing: null, or an empty cell.
    Null,
    /// Not even a place: no key; an empty cell in tables.
    Absent,
}

impl Form {
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        let Ok(text) = std::str::from_utf8(&bytes) else { return Self::Other(bytes) };
        let start = text.trim_start();
        if start.starts_with(['{', '[']) {
            if let Ok(value) = serde_json::from_str(text) {
                return Self::Json(value);
            }
            let lines: Result<Vec<Value>, _> =
                text.lines().filter(|l| !l.trim().is_empty()).map(serde_json::from_str).collect();
            return lines.map_or_else(|_| Self::Text(text.to_owned()), Self::JsonLines);
        }
        if start.starts_with('<') {
            return Self::Text(text.to_owned());
        }
        table(text).unwrap_or_else(|| Self::Text(text.to_owned()))
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Json(value) => value.to_string().into_bytes(),
            Self::JsonLines(lines) => lines.iter().fold(Vec::new(), |mut all, line| {
                all.extend_from_slice(line.to_string().as_bytes());
                all.push(b'\n');
                all
            }),
            Self::Table { delimiter, quoted, lines } => written_table(lines, *delimiter, *quoted),
            Self::Text(text) => text.clone().into_bytes(),
            Self::Other(bytes) => bytes.clone(),
        }
    }

    pub(crate) fn find(&self, text: &str) -> Option<Spot> {
        match self {
            Self::Table { lines, .. } => {
                let column = |line: &Vec<Vec<u8>>| line.iter().position(|cell| cell.as_slice() == text.as_bytes());
                lines.iter().enumerate().find_map(|(l, line)| Some(Spot::Cell(l, column(line)?)))
            }
            Self::Text(whole) if text.len() >= SHORTEST => {
                let range = |t: &str| whole.find(t).map(|at| Spot::Range(at, at + t.len()));
                range(&escaped(text)).or_else(|| range(text))
            }
            Self::Json(_) | Self::JsonLines(_) => {
                let mut found = None;
                self.each_leaf(&mut |path, value| {
                    if found.is_none() && value == text {
                        found = Some(Spot::Json(path.to_vec()));
                    }
                });
                found
            }
            _ => None,
        }
    }

    pub(crate) fn each_leaf(&self, tell: &mut dyn FnMut(&[Step], String)) {
        match self {
            Self::Json(value) => leaves(value, &mut Vec::new(), tell),
            Self::JsonLines(lines) => {
                for (index, line) in lines.iter().enumerate() {
                    leaves(line, &mut vec![Step::Index(index)], tell);
                }
            }
            _ => {}
        }
    }

    pub(crate) fn json(&self, path: &[Step]) -> Option<&Value> {
        let (root, path) = match self {
            Self::Json(value) => (value, path),
            Self::JsonLines(lines) => match path.split_first()? {
                (Step::Index(line), rest) => (lines.get(*line)?, rest),
                (Step::Key(_), _) => return None,
            },
            _ => return None,
        };
        path.iter().try_fold(root, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(index),
        })
    }

    pub(crate) fn json_mut(&mut self, path: &[Step]) -> Option<&mut Value> {
        let (root, path) = match self {
            Self::Json(value) => (value, path),
            Self::JsonLines(lines) => match path.split_first()? {
                (Step::Index(line), rest) => (lines.get_mut(*line)?, rest),
                (Step::Key(_), _) => return None,
            },
            _ => return None,
        };
        path.iter().try_fold(root, |value, step| match step {
            Step::Key(key) => value.get_mut(key),
            Step::Index(index) => value.get_mut(index),
        })
    }

    pub(crate) fn put(&mut self, path: &[Step], new: &New) {
        if let (New::Absent, Some((Step::Key(key), above))) = (new, path.split_last()) {
            if let Some(Value::Object(object)) = self.json_mut(above) {
                object.remove(key);
            }
            return;
        }
        let value = match new {
            New::Text(text) => Value::String(text.clone()),
            New::Null | New::Absent => Value::Null,
            New::Raw(_) | New::Number(_) => Value::String(MARK.to_owned()),
        };
        if let Some(place) = self.json_mut(path) {
            *place = value;
        }
        let (mark, bytes) = match new {
            New::Raw(bytes) => (MARK.to_owned(), bytes.clone()),
            New::Number(number) => (format!("\"{MARK}\""), number.clone().into_bytes()),
            _ => return,
        };
        // What stands there may be no JSON any more.
        let written = self.bytes();
        if let Some(at) = written.windows(mark.len()).position(|w| w == mark.as_bytes()) {
            *self = Self::Other([&written[..at], &bytes, &written[at + mark.len()..]].concat());
        }
    }
}

/// The path of the item that a value belongs to: up to the last index.
pub(crate) fn item_of(path: &[Step]) -> &[Step] {
    let end = path.iter().rposition(|step| matches!(step, Step::Index(_))).map_or(0, |at| at + 1);
    &path[..end]
}

/// The text of a value that holds no others.
pub(crate) fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

pub(crate) fn leaves(value: &Value, path: &mut Vec<Step>, tell: &mut dyn FnMut(&[Step], String)) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                path.push(Step::Key(key.clone()));
                leaves(value, path, tell);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                path.push(Step::Index(index));
                leaves(value, path, tell);
                path.pop();
            }
        }
        value => {
            if let Some(text) = written(value) {
                tell(path, text);
            }
        }
    }
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The delimiter is the one that every line has most of.
pub(crate) fn table(text: &str) -> Option<Form> {
    let lines = || text.lines().filter(|l| !l.is_empty()).take(20);
    let least = |d: u8| lines().map(|l| l.bytes().filter(|b| *b == d).count()).min().unwrap_or(0);
    let delimiter = DELIMITERS.into_iter().filter(|d| least(*d) > 0).max_by_key(|d| (least(*d), *d == b'\t'))?;
    // A quote inside a cell is text.
    let quoted = text.lines().any(|l| l.starts_with('"') || l.contains(&format!("{}\"", char::from(delimiter))));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(quoted)
        .from_reader(text.as_bytes());
    let records: Result<Vec<csv::ByteRecord>, _> = reader.byte_records().collect();
    let lines = records.ok()?.iter().map(|r| r.iter().map(<[u8]>::to_vec).collect()).collect();
    Some(Form::Table { delimiter, quoted, lines })
}

pub(crate) fn written_table(lines: &[Vec<Vec<u8>>], delimiter: u8, quoted: bool) -> Vec<u8> {
    let style = if quoted || delimiter != b'\t' { csv::QuoteStyle::Necessary } else { csv::QuoteStyle::Never };
    let mut writer =
        csv::WriterBuilder::new().flexible(true).delimiter(delimiter).quote_style(style).from_writer(Vec::new());
    for line in lines {
        // Into memory, with lines of any length: nothing can fail.
        let _ = writer.write_record(line);
    }
    writer.into_inner().unwrap_or_default()
}
