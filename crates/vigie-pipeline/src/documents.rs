//! The files of a report, put in place in one step.

use std::path::{Path, PathBuf};

use crate::Error;

/// A finished file.
pub(crate) struct Document {
    /// Path in the report's folder, with `/`.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

impl Document {
    pub(crate) fn new(name: String, bytes: Vec<u8>) -> Self {
        Self { name, bytes }
    }
}

/// Writes `documents` into `folder`, replacing what an earlier run left there only once every file
/// is written.
pub(crate) fn put(folder: &Path, documents: &[Document]) -> Result<(), Error> {
    let draft = beside(folder, "new");
    let old = beside(folder, "old");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Write { path, source }
    };
    remove(&draft)?;
    for document in documents {
        let path = draft.join(&document.name);
        let parent = path.parent().unwrap_or(&draft);
        std::fs::create_dir_all(parent).map_err(failed(parent))?;
        std::fs::write(&path, &document.bytes).map_err(failed(&path))?;
    }
    remove(&old)?;
    if folder.exists() {
        std::fs::rename(folder, &old).map_err(failed(folder))?;
    }
    std::fs::rename(&draft, folder).map_err(failed(folder))?;
    remove(&old)
}

/// `.2026-10.new` beside `2026-10`.
fn beside(folder: &Path, suffix: &str) -> PathBuf {
    let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    folder.with_file_name(format!(".{name}.{suffix}"))
}

fn remove(folder: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::Write { path: folder.to_owned(), source: e }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_report_replaces_the_old_one_whole() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("reports").join("2026-10");
        let document = |name: &str| Document::new(name.to_owned(), b"x".to_vec());
        put(&folder, &[document("a.html"), document("figures/FIG-01.csv")]).unwrap();
        put(&folder, &[document("b.html")]).unwrap();
        let names: Vec<_> = std::fs::read_dir(dir.path().join("reports"))
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(names, ["2026-10"]);
        assert!(folder.join("b.html").exists() && !folder.join("a.html").exists());
    }
}
