//! What a plugin reads of a case, taken apart into values that can be changed one at a time: JSON, JSON lines and
//! delimited tables by their structure, other text by what stands in it. Answers of a recording count as files do.

mod form;

use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::case::Case;
use form::{Form, Spot, Step, escaped, item_of, leaves, written};

pub(crate) use form::New;

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

/// Where a value stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct At {
    part: usize,
    spot: Spot,
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

    /// True when the value belongs to an item among others.
    pub(crate) fn among_items(&self) -> bool {
        match &self.spot {
            Spot::Cell(..) => true,
            Spot::Json(path) => !item_of(path).is_empty(),
            Spot::Range(..) => false,
        }
    }

    /// The line it stands on, in tables and JSON lines.
    pub(crate) fn line(&self) -> Option<usize> {
        match &self.spot {
            Spot::Cell(line, _) => Some(*line),
            Spot::Json(path) => match path.first() {
                Some(Step::Index(line)) => Some(*line),
                _ => None,
            },
            Spot::Range(..) => None,
        }
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

    /// The same, of the part that holds `at` only its first line (which may be a header) and the one that `at` stands on;
    /// and where `at` is then.
    pub(crate) fn shortest(&self, at: &At) -> (Self, At) {
        fn short<T>(lines: &mut Vec<T>, line: usize) {
            let mut number = 0;
            lines.retain(|_| {
                number += 1;
                number == 1 || number == line + 1
            });
        }
        let (mut changed, mut moved) = (self.clone(), at.clone());
        let Some(line) = at.line() else { return (changed, moved) };
        match &mut changed.parts[at.part].1 {
            Form::Table { lines, .. } => short(lines, line),
            Form::JsonLines(lines) => short(lines, line),
            _ => return (changed, moved),
        }
        match &mut moved.spot {
            Spot::Cell(place, _) => *place = line.min(1),
            Spot::Json(path) => path[0] = Step::Index(line.min(1)),
            Spot::Range(..) => {}
        }
        (changed, moved)
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

#[cfg(test)]
#[path = "material/tests.rs"]
mod tests;
