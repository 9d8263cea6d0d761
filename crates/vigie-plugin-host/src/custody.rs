//! Who else could change a plugin's files; and opening them once, so that what is checked is what is used.

use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;
use vigie_model::diagnostic::{Bilingual, Diagnostic};

/// A folder held open; its files are opened through it.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    held: File,
}

/// Why a file of a plugin was not opened.
#[derive(Debug)]
pub(crate) enum Unopened {
    /// There is no such file.
    Missing,
    /// It is there and may not be used.
    Refused(Diagnostic),
}

impl Folder {
    /// Opens a folder; a link is refused unless the user named it himself.
    pub(crate) fn open(path: &Path, named_by_user: bool) -> Result<Self, Unopened> {
        let follow = if named_by_user { OFlags::empty() } else { OFlags::NOFOLLOW };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | follow;
        let held = openat(rustix::fs::CWD, path, flags, Mode::empty()).map_err(|error| {
            // A link that is not followed is, for the system, not a folder.
            let link = path.symlink_metadata().is_ok_and(|m| m.is_symlink());
            unopened(path, if link && !named_by_user { Errno::LOOP } else { error })
        })?;
        Ok(Self { path: path.to_owned(), held: held.into() })
    }

    /// Opens the regular file `name` for reading; links, pipes and devices are refused, never waited for.
    pub(crate) fn file(&self, name: &str) -> Result<File, Unopened> {
        let path = self.path.join(name);
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let file = openat(&self.held, name, flags, Mode::empty()).map_err(|error| unopened(&path, error))?;
        let file = File::from(file);
        match file.metadata() {
            Ok(metadata) if metadata.is_file() => Ok(file),
            Ok(_) => Err(Unopened::Refused(refusal(&path, "is not a regular file", "n'est pas un fichier ordinaire"))),
            Err(error) => Err(Unopened::Refused(unreadable(&path, &error))),
        }
    }

    /// What keeps the folder itself from being trusted.
    pub(crate) fn problem(&self) -> Option<Diagnostic> {
        problem(&self.path, &self.held)
    }

    /// True when the folder belongs to root.
    pub(crate) fn is_roots(&self) -> bool {
        is_roots(&self.held)
    }
}

/// True when `file` belongs to root.
pub(crate) fn is_roots(file: &File) -> bool {
    file.metadata().is_ok_and(|m| m.uid() == 0)
}

/// What keeps an open file or folder from being trusted: an owner who is neither root nor the user, or others who may
/// write.
pub(crate) fn problem(path: &Path, file: &File) -> Option<Diagnostic> {
    match file.metadata() {
        Ok(metadata) => owned(path, &metadata),
        Err(error) => Some(unreadable(path, &error)),
    }
}

fn owned(path: &Path, metadata: &Metadata) -> Option<Diagnostic> {
    let own = rustix::process::geteuid().as_raw();
    let owner = metadata.uid();
    if owner != 0 && owner != own {
        let diagnostic = refusal(
            path,
            &format!("belongs to user {owner}, who is neither root nor you"),
            &format!("appartient à l'utilisateur {owner}, qui n'est ni root ni vous"),
        );
        return Some(diagnostic.hint(Bilingual::new(
            "copy the plugin, so that the files are yours: `vigie plugin install DIR`",
            "copiez le greffon pour que les fichiers soient à vous : `vigie plugin install DOSSIER`",
        )));
    }
    if metadata.mode() & 0o022 != 0 {
        let diagnostic = refusal(
            path,
            "may be written to by others than its owner",
            "peut être modifié par d'autres que son propriétaire",
        );
        let command = format!("chmod go-w {}", quoted(path));
        return Some(diagnostic.hint(Bilingual::new(
            format!("if you trust what is there now: {command}"),
            format!("si vous faites confiance à ce qui s'y trouve : {command}"),
        )));
    }
    None
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.chars().all(|c| c.is_alphanumeric() || "/._-+".contains(c));
    if plain { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

fn unopened(path: &Path, error: Errno) -> Unopened {
    match error {
        Errno::NOENT => Unopened::Missing,
        Errno::LOOP => Unopened::Refused(refusal(path, "is a link", "est un lien").hint(Bilingual::new(
            "put the file itself there; what a link leads to can change",
            "mettez-y le fichier lui-même ; ce que vise un lien peut changer",
        ))),
        other => Unopened::Refused(unreadable(path, &other.into())),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    refusal(path, &format!("cannot be read: {error}"), &format!("est illisible : {error}"))
}

fn refusal(path: &Path, en: &str, fr: &str) -> Diagnostic {
    let shown = path.display();
    Diagnostic::error("P110", Bilingual::new(format!("{shown} {en}"), format!("{shown} {fr}")))
}

/// At most `limit` bytes of `file`, and one more when it is longer.
pub(crate) fn bytes(file: &File, limit: usize) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut content)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn said(folder: &Folder, name: &str) -> String {
        match folder.file(name) {
            Ok(_) => "opened".to_owned(),
            Err(Unopened::Missing) => "missing".to_owned(),
            Err(Unopened::Refused(d)) => d.message.en,
        }
    }

    #[test]
    fn only_regular_files_are_opened_and_nothing_is_waited_for() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::write(temp.path().join("plain"), "x").unwrap();
        symlink("plain", temp.path().join("link")).unwrap();
        std::fs::create_dir(temp.path().join("folder")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            temp.path().join("pipe"),
            rustix::fs::FileType::Fifo,
            Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
        let folder = Folder::open(temp.path(), false).unwrap();
        assert_eq!(said(&folder, "plain"), "opened");
        assert_eq!(said(&folder, "gone"), "missing");
        assert!(said(&folder, "link").ends_with("is a link"));
        assert!(said(&folder, "folder").ends_with("is not a regular file"));
        assert!(said(&folder, "pipe").ends_with("is not a regular file"));
    }

    #[test]
    fn a_folder_that_is_a_link_is_refused_unless_the_user_named_it() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::create_dir(temp.path().join("real")).unwrap();
        let link = temp.path().join("link");
        symlink("real", &link).unwrap();
        assert!(Folder::open(&link, true).is_ok());
        let Err(Unopened::Refused(d)) = Folder::open(&link, false) else { panic!("opened") };
        assert!(d.message.en.ends_with("is a link"), "{d}");
    }

    #[test]
    fn what_others_may_write_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("it's");
        std::fs::write(&path, "x").unwrap();
        let file = File::open(&path).unwrap();
        for (mode, refused) in [(0o644, false), (0o600, false), (0o664, true), (0o646, true), (0o777, true)] {
            file.set_permissions(std::fs::Permissions::from_mode(mode)).unwrap();
            let found = problem(&path, &file);
            assert_eq!(found.is_some(), refused, "{mode:o}");
            if let Some(d) = found {
                assert!(d.hints[0].en.contains(r"it'\''s'"), "{:?}", d.hints);
            }
        }
    }
}
