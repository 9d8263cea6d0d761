//! Files of a project that the program itself writes, changed in one step.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use vigie_model::diagnostic::Bilingual;

use crate::page::Page;

/// Reads the entries of `file` in the project of `dir` (none when there is no such file), lets `change` change them and
/// writes them again. Gives the file and what `change` gives.
///
/// # Errors
/// When the file cannot be read as such entries, or cannot be written; it is then as it was.
pub(crate) fn rewrite<T, R, E: Display>(
    dir: &Path,
    file: &str,
    read: impl FnOnce(&Page<'_>) -> Vec<T>,
    change: impl FnOnce(&mut Vec<T>) -> R,
    print: impl FnOnce(&[T]) -> Result<Vec<u8>, E>,
) -> Result<(PathBuf, R), Bilingual> {
    let path = dir.join(file);
    let shown = path.display();
    let failed = |error: &dyn Display| {
        Bilingual::new(
            format!("`{shown}` was left as it is: {error}"),
            format!("`{shown}` a été laissé tel quel : {error}"),
        )
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(&error)),
    };
    let page = Page::new(dir, file, &text, &|_| None);
    let mut entries = read(&page);
    if let Some(problem) = page.into_problems().first() {
        return Err(failed(problem));
    }
    let given = change(&mut entries);
    let bytes = print(&entries).map_err(|e| failed(&e))?;
    let draft = dir.join(format!(".{file}.new"));
    std::fs::write(&draft, bytes).and_then(|()| std::fs::rename(&draft, &path)).map_err(|e| failed(&e))?;
    Ok((path, given))
}
