//! Labelled texts, whatever the form of their file.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

/// Negative, neutral, positive.
pub(crate) const CLASSES: usize = 3;

/// A text and its class.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Example {
    pub(crate) text: String,
    /// 0 negative, 1 neutral, 2 positive.
    pub(crate) class: usize,
    /// How much it counts.
    pub(crate) weight: f32,
}

impl Example {
    pub(crate) fn new(text: impl Into<String>, class: usize) -> Self {
        Self { text: text.into(), class, weight: 1.0 }
    }
}

/// A file that is missing or not what it should be.
#[derive(Debug)]
pub(crate) struct Failure {
    path: PathBuf,
    reason: String,
}

impl Failure {
    pub(crate) fn new(path: &Path, reason: impl ToString) -> Self {
        Self { path: path.to_owned(), reason: reason.to_string() }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// The whole text of a file, gzip undone, spoiled bytes replaced.
pub(crate) fn whole(path: &Path) -> Result<String> {
    let failed = |e: std::io::Error| Failure::new(path, e);
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(failed)?;
    if path.extension().is_some_and(|e| e == "gz") {
        MultiGzDecoder::new(file).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        file.read_to_end(&mut bytes).map_err(failed)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// One text a line, labels in a parallel file.
pub(crate) fn parallel(texts: &Path, labels: &Path) -> Result<Vec<Example>> {
    let (lines, marks) = (whole(texts)?, whole(labels)?);
    let marks: Vec<usize> = marks.split_whitespace().filter_map(|m| m.parse().ok()).collect();
    let lines: Vec<&str> = lines.trim_end_matches('\n').split('\n').collect();
    if lines.len() != marks.len() {
        return Err(Failure::new(texts, format!("{} lines, {} labels", lines.len(), marks.len())));
    }
    Ok(lines.into_iter().zip(marks).map(|(text, class)| Example::new(text, class)).collect())
}

/// The lines of a file as cells between tabs.
pub(crate) fn tabbed(path: &Path) -> Result<Vec<Vec<String>>> {
    let cells = |line: &str| line.split('\t').map(|c| c.trim().to_owned()).collect();
    Ok(whole(path)?.lines().map(cells).collect())
}

/// The rows of a CSV, as the values of the columns asked for.
pub(crate) fn table<const N: usize>(path: &Path, columns: [&str; N]) -> Result<Vec<[String; N]>> {
    let content = whole(path)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(content.as_bytes());
    let headers = reader.headers().map_err(|e| Failure::new(path, e))?.clone();
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(columns) {
        *place =
            headers.iter().position(|h| h == name).ok_or_else(|| Failure::new(path, format!("no column {name}")))?;
    }
    let rows = reader.records().filter_map(std::result::Result::ok);
    Ok(rows.map(|row| places.map(|p| row.get(p).unwrap_or_default().to_owned())).collect())
}

/// What makes two copies of a text one: its letters and digits, without names of accounts and links, which
/// some sets mask and others do not.
pub(crate) fn essence(text: &str) -> String {
    let mut essence = String::new();
    for word in text.split_whitespace() {
        let said = word.split(['@', '＠']).next().unwrap_or_default();
        let said = said.find("http").map_or(said, |at| &said[..at]);
        essence.extend(said.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
    }
    essence
}

#[cfg(test)]
mod tests {
    use super::essence;

    #[test]
    fn masked_copies_are_copies() {
        assert_eq!(essence("\"@user Don't  go! http"), essence("@Nordet_ca don't go! https://t.co/abc"));
        assert_eq!(essence("Été 2026"), "été2026");
    }
}
