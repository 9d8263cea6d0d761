//! What a plugin reads of a case, taken apart into values that can be changed one at a time: JSON, JSON lines and
//! delimited tables by their structure, other text by what stands in it. Answers of a recording count as files do.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::case::Case;

/// Stands for raw bytes while a document is written; no recording has it.
const MARK: &str = "\u{10FFFD}vigie\u{10FFFD}";
/// Shortest text that is looked for inside other text.
const SHORTEST: usize = 6;
const DELIMITERS: [u8; 4] = [b'\t', b';', b',', b'|'];

/// The files of a case and the bodies of its recording.
#[derive(Clone, Debug)]
pub(crate) struct Material {
    parts: Vec<(Place, Form)>,
    recording: Option<toml::Table>,
}

#[derive(Clone, Debug)]
enum Place {
    /// A file, relative to the case.
    File(PathBuf),
    /// The body written into this exchange of the recording.
    Body(usize),
}

#[derive(Clone, Debug)]
enum Form {
    Json(Value),
    JsonLines(Vec<Value>),
    Table { delimiter: u8, quoted: bool, lines: Vec<Vec<Vec<u8>>> },
    Text(String),
    Other(Vec<u8>),
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct At {
    part: usize,
    spot: Spot,
}

#[derive(Clone, Debug, PartialEq)]
enum Spot {
    /// Keys and indices from the root; the first index of JSON lines is the line.
    Json(Vec<Step>),
    /// Line and column.
    Cell(usize, usize),
    /// Bytes of a text.
    Range(usize, usize),
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
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

/// A case whose files were changed; they go with it.
pub(crate) struct Bent {
    pub(crate) case: Case,
    _folder: tempfile::TempDir,
}

impl At {
    /// True when the value stands in JSON, where text has escapes.
    pub(crate) fn in_json(&self) -> bool {
        matches!(self.spot, Spot::Json(_))
    }
}

impl Material {
    /// Everything in the folder of `case` but the case itself.
    pub(crate) fn of(case: &Case) -> io::Result<Self> {
        let mut files = Vec::new();
        list(&case.folder, Path::new(""), &mut files)?;
        files.sort();
        let mut parts = Vec::new();
        let mut recording = None;
        for file in files {
            let bytes = std::fs::read(case.folder.join(&file))?;
            if file == Path::new("case.toml") {
                continue;
            }
            if file != Path::new("http.toml") {
                parts.push((Place::File(file), Form::of(bytes)));
                continue;
            }
            let text = String::from_utf8(bytes).map_err(io::Error::other)?;
            let table: toml::Table = toml::from_str(&text).map_err(io::Error::other)?;
            for (index, exchange) in exchanges(&table).iter().enumerate() {
                if let Some(body) = exchange.get("body").and_then(toml::Value::as_str) {
                    parts.push((Place::Body(index), Form::of(body.as_bytes().to_vec())));
                }
            }
            recording = Some(table);
        }
        Ok(Self { parts, recording })
    }

    /// The first place of a whole value that reads `text`; inside other text, the first place at all.
    pub(crate) fn find(&self, text: &str) -> Option<At> {
        (0..self.parts.len()).find_map(|part| {
            let spot = self.parts[part].1.find(text)?;
            Some(At { part, spot })
        })
    }

    /// The other values of the item that the value at `at` belongs to, with their text.
    pub(crate) fn neighbours(&self, at: &At) -> Vec<(At, String)> {
        let form = &self.parts[at.part].1;
        let mut found = Vec::new();
        match (&at.spot, form) {
            (Spot::Cell(line, column), Form::Table { lines, .. }) => {
                let cells = lines[*line].iter().enumerate().filter(|(c, _)| c != column);
                found.extend(cells.map(|(c, cell)| (Spot::Cell(*line, c), String::from_utf8_lossy(cell).into_owned())));
            }
            (Spot::Json(path), _) => {
                let item = item_of(path);
                if let Some(value) = form.json(item) {
                    leaves(value, &mut item.to_vec(), &mut |path, text| {
                        found.push((Spot::Json(path.to_vec()), text));
                    });
                }
            }
            _ => {}
        }
        let other = found.into_iter().filter(|(spot, _)| *spot != at.spot);
        other.map(|(spot, text)| (At { part: at.part, spot }, text)).collect()
    }

    /// True when the value at `at` is a number of JSON.
    pub(crate) fn is_number(&self, at: &At) -> bool {
        let Spot::Json(path) = &at.spot else { return false };
        self.parts[at.part].1.json(path).is_some_and(Value::is_number)
    }

    /// The same with `new` at `at`.
    pub(crate) fn with(&self, at: &At, new: &New) -> Self {
        let mut changed = self.clone();
        let form = &mut changed.parts[at.part].1;
        match &at.spot {
            Spot::Cell(line, column) => {
                if let Form::Table { lines, .. } = form {
                    lines[*line][*column] = match new {
                        New::Text(text) | New::Number(text) => text.as_bytes().to_vec(),
                        New::Raw(bytes) => bytes.clone(),
                        New::Null | New::Absent => Vec::new(),
                    };
                }
            }
            Spot::Range(from, to) => {
                if let Form::Text(text) = form {
                    let (before, after) = (&text[..*from], &text[*to..]);
                    let middle = match new {
                        New::Text(text) => escaped(text).into_bytes(),
                        New::Number(text) => text.clone().into_bytes(),
                        New::Raw(bytes) => bytes.clone(),
                        New::Null | New::Absent => Vec::new(),
                    };
                    *form = Form::Other([before.as_bytes(), &middle, after.as_bytes()].concat());
                }
            }
            Spot::Json(path) => form.put(path, new),
        }
        changed
    }

    /// True when the value at `at` belongs to an item among others.
    pub(crate) fn has_items(&self, at: &At) -> bool {
        match &at.spot {
            Spot::Cell(..) => true,
            Spot::Json(path) => !item_of(path).is_empty(),
            Spot::Range(..) => false,
        }
    }

    /// The same with something in the place of the whole item at `at` that no service means as an item.
    pub(crate) fn damaged(&self, at: &At) -> Self {
        let mut changed = self.clone();
        let form = &mut changed.parts[at.part].1;
        match (&at.spot, &mut *form) {
            (Spot::Cell(line, _), Form::Table { lines, .. }) => lines[*line] = vec![b"vigie".to_vec()],
            (Spot::Json(path), _) => {
                let item = item_of(path).to_vec();
                if let Some(value) = form.json_mut(&item) {
                    *value = serde_json::json!({ "vigie": "no item" });
                }
            }
            _ => {}
        }
        changed
    }

    /// Lines of the part that holds `at`, where later items come after earlier ones: tables and JSON lines of files.
    pub(crate) fn lines(&self, at: &At) -> Option<usize> {
        match (&self.parts[at.part], &at.spot) {
            ((Place::File(_), Form::Table { lines, .. }), Spot::Cell(..)) => Some(lines.len()),
            ((Place::File(_), Form::JsonLines(lines)), Spot::Json(_)) => Some(lines.len()),
            _ => None,
        }
    }

    /// The same, of the part that holds `at` only the first `count` lines.
    pub(crate) fn first_lines(&self, at: &At, count: usize) -> Self {
        let mut changed = self.clone();
        match &mut changed.parts[at.part].1 {
            Form::Table { lines, .. } => lines.truncate(count),
            Form::JsonLines(lines) => lines.truncate(count),
            _ => {}
        }
        changed
    }

    /// The same, the part that holds `at` made `count` lines long by repeating all but its first line.
    pub(crate) fn repeated(&self, at: &At, count: usize) -> Self {
        fn longer<T: Clone>(lines: &mut Vec<T>, count: usize) {
            let rest: Vec<T> = lines.drain(1.min(lines.len())..).collect();
            lines.extend(rest.iter().cycle().take(count - lines.len()).cloned());
        }
        let mut changed = self.clone();
        match &mut changed.parts[at.part].1 {
            Form::Table { lines, .. } => longer(lines, count),
            Form::JsonLines(lines) => longer(lines, count),
            _ => {}
        }
        changed
    }

    /// The value in the same column or under the same keys, `line` lines from the beginning.
    pub(crate) fn on_line(&self, at: &At, line: usize) -> Option<(At, String)> {
        let spot = match &at.spot {
            Spot::Cell(_, column) => Spot::Cell(line, *column),
            Spot::Json(path) => {
                let keys = path.get(1..)?;
                Spot::Json([&[Step::Index(line)], keys].concat())
            }
            Spot::Range(..) => return None,
        };
        let text = match (&spot, &self.parts[at.part].1) {
            (Spot::Cell(line, column), Form::Table { lines, .. }) => {
                String::from_utf8_lossy(lines.get(*line)?.get(*column)?).into_owned()
            }
            (Spot::Json(path), form) => written(form.json(path)?)?,
            _ => return None,
        };
        Some((At { part: at.part, spot }, text))
    }

    /// The line that `at` stands on.
    pub(crate) fn line(&self, at: &At) -> Option<usize> {
        match &at.spot {
            Spot::Cell(line, _) => Some(*line),
            Spot::Json(path) => match path.first() {
                Some(Step::Index(line)) => Some(*line),
                _ => None,
            },
            Spot::Range(..) => None,
        }
    }

    /// Writes everything into a new folder, as a case like `case`.
    pub(crate) fn write(&self, case: &Case) -> io::Result<Bent> {
        let folder = tempfile::Builder::new().prefix("vigie-suite-").tempdir()?;
        self.write_into(folder.path())?;
        // Links on the way (a temporary folder that is one) would not be what the child may read.
        let place = folder.path().canonicalize()?;
        Ok(Bent { case: case.moved(&place), _folder: folder })
    }

    /// Writes everything into `folder`.
    pub(crate) fn write_into(&self, folder: &Path) -> io::Result<()> {
        let mut recording = self.recording.clone();
        for (place, form) in &self.parts {
            match place {
                Place::File(file) => {
                    let path = folder.join(file);
                    if let Some(parent) = path.parent() {
                        std::fs::create_dir_all(parent)?;
                    }
                    std::fs::write(path, form.bytes())?;
                }
                Place::Body(index) => {
                    // A file takes bytes that TOML does not.
                    let name = format!("vigie-body-{index}");
                    std::fs::write(folder.join(&name), form.bytes())?;
                    let list = recording.as_mut().and_then(|r| r.get_mut("exchange")).and_then(|e| e.as_array_mut());
                    if let Some(exchange) = list.and_then(|l| l.get_mut(*index)).and_then(|e| e.as_table_mut()) {
                        exchange.remove("body");
                        exchange.insert("body_file".into(), name.into());
                    }
                }
            }
        }
        match recording {
            Some(recording) => {
                std::fs::write(folder.join("http.toml"), toml::to_string(&recording).map_err(io::Error::other)?)
            }
            None => Ok(()),
        }
    }
}

fn exchanges(recording: &toml::Table) -> &[toml::Value] {
    recording.get("exchange").and_then(toml::Value::as_array).map_or(&[], Vec::as_slice)
}

fn list(root: &Path, below: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            list(root, &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

impl Form {
    fn of(bytes: Vec<u8>) -> Self {
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

    fn bytes(&self) -> Vec<u8> {
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

    fn find(&self, text: &str) -> Option<Spot> {
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

    fn each_leaf(&self, tell: &mut dyn FnMut(&[Step], String)) {
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

    fn json(&self, path: &[Step]) -> Option<&Value> {
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

    fn json_mut(&mut self, path: &[Step]) -> Option<&mut Value> {
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

    fn put(&mut self, path: &[Step], new: &New) {
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
fn item_of(path: &[Step]) -> &[Step] {
    let end = path.iter().rposition(|step| matches!(step, Step::Index(_))).map_or(0, |at| at + 1);
    &path[..end]
}

/// The text of a value that holds no others.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn leaves(value: &Value, path: &mut Vec<Step>, tell: &mut dyn FnMut(&[Step], String)) {
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The delimiter is the one that every line has most of.
fn table(text: &str) -> Option<Form> {
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

fn written_table(lines: &[Vec<Vec<u8>>], delimiter: u8, quoted: bool) -> Vec<u8> {
    let style = if quoted || delimiter != b'\t' { csv::QuoteStyle::Necessary } else { csv::QuoteStyle::Never };
    let mut writer =
        csv::WriterBuilder::new().flexible(true).delimiter(delimiter).quote_style(style).from_writer(Vec::new());
    for line in lines {
        // Into memory, with lines of any length: nothing can fail.
        let _ = writer.write_record(line);
    }
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
#[path = "material/tests.rs"]
mod tests;
