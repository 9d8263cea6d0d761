//! Plugins on the move: an archive of a folder, the same bytes every time; and the way into the user's own folder.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use serde_json::Value;
use vigie_model::diagnostic::{Bilingual, Diagnostic};

use crate::custody::{Folder, Unopened};
use crate::manifest::Manifest;
use crate::papers::{Custody, MAX_LIBRARY, agree, examine};
use crate::plugin::{Origin, Plugin};
use crate::run::Runner;
use crate::spec::Spec;

/// Files that go with a plugin besides manifest, spec and libraries, where they are there.
const COMPANIONS: &[&str] = &["README.md", "LISEZMOI.md", "LICENSE", "LICENSE-MIT", "LICENSE-APACHE", "NOTICE"];
/// Most files of an archive; one library for each platform and the companions are far fewer.
const MAX_FILES: usize = 64;

fn problem(code: &'static str, en: String, fr: String) -> Vec<Diagnostic> {
    vec![Diagnostic::error(code, Bilingual::new(en, fr))]
}

fn failed(path: &Path, error: &std::io::Error) -> Vec<Diagnostic> {
    let shown = path.display();
    problem("P125", format!("{shown} cannot be written: {error}"), format!("{shown} ne peut être écrit : {error}"))
}

/// Starts children made of this program.
///
/// # Errors
/// P400 when the running program has no path.
pub fn runner() -> Result<Runner, Vec<Diagnostic>> {
    Runner::current().map_err(|error| {
        problem(
            "P400",
            format!("this program cannot find itself: {error}"),
            format!("ce programme ne se trouve pas lui-même : {error}"),
        )
    })
}

/// Asks the code in `folder` for its spec, writes it into `spec.json` when it has changed, and gives the plugin with
/// all its papers checked. For authors: it runs what lies there.
///
/// # Errors
/// Everything that is wrong with the folder, the code or its answer.
pub fn write_spec(runner: &Runner, folder: &Path) -> Result<Plugin, Vec<Diagnostic>> {
    let (manifest, live) = runner.spec_of_folder(folder)?;
    let path = folder.join("spec.json");
    let mut text = serde_json::to_string_pretty(&live).unwrap_or_default();
    text.push('\n');
    let spec = Spec::parse(&path, &text).map_err(|d| vec![d])?;
    agree(&manifest, &spec).map_err(|d| vec![d])?;
    let stored: Option<Value> = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    // An author's own order of keys and lines is kept as long as it says the same.
    if stored.as_ref() != Some(&live) {
        replace(&path, text.as_bytes()).map_err(|error| failed(&path, &error))?;
    }
    examine(folder, Origin::Given, Custody::Any)
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mode = fs::Permissions::from_mode(0o644);
    let mut draft = tempfile::Builder::new().prefix(".vigie-").permissions(mode).tempfile_in(folder)?;
    draft.write_all(bytes)?;
    draft.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// Files of a plugin's folder by name: papers, the libraries it names, what goes with them. Nothing else of the
/// folder is anybody's business.
fn contents(manifest: &Manifest, folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Vec<Diagnostic>> {
    let libraries = manifest.library.values().map(String::as_str);
    let mut names: Vec<&str> =
        ["plugin.toml", "spec.json"].into_iter().chain(libraries).chain(COMPANIONS.iter().copied()).collect();
    names.sort_unstable();
    names.dedup();
    let held = Folder::open(folder, true).map_err(|unopened| match unopened {
        Unopened::Missing => failed(folder, &std::io::ErrorKind::NotFound.into()),
        Unopened::Refused(diagnostic) => vec![diagnostic],
    })?;
    let mut files = Vec::new();
    for name in names {
        match held.file(name) {
            Ok(file) => {
                let mut bytes = Vec::new();
                file.take(MAX_LIBRARY).read_to_end(&mut bytes).map_err(|error| failed(&folder.join(name), &error))?;
                files.push((name.to_owned(), bytes));
            }
            Err(Unopened::Missing) => {}
            Err(Unopened::Refused(diagnostic)) => return Err(vec![diagnostic]),
        }
    }
    Ok(files)
}

/// Makes an archive of `plugin`'s folder: a gzipped tar without times, owners or order of the disk, so that the same
/// folder gives the same bytes.
///
/// # Errors
/// P125 when a file cannot be read or the archive not written; an older one is whole then.
pub fn pack(plugin: &Plugin, archive: &Path) -> Result<(), Vec<Diagnostic>> {
    let folder = plugin.folder.clone().unwrap_or_default();
    let files = contents(&plugin.manifest, &folder)?;
    let bytes = archived(&plugin.manifest.id, &files).map_err(|error| failed(archive, &error))?;
    replace(archive, &bytes).map_err(|error| failed(archive, &error))
}

fn archived(id: &str, files: &[(String, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    // Time 0 and no name of a file or system in the head.
    let packed = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
    let mut archive = tar::Builder::new(packed);
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, format!("{id}/{name}"), bytes.as_slice())?;
    }
    archive.into_inner()?.finish()
}

/// A plugin that was copied beside its place and waits for the user's word.
#[derive(Debug)]
pub struct Arrival {
    plugin: Plugin,
    draft: tempfile::TempDir,
    place: PathBuf,
}

impl Arrival {
    /// Copies the plugin `from` (a folder, or an archive made by [`pack`]) beside its place in `folder`, the user's
    /// own. It is not found there until it is settled.
    ///
    /// # Errors
    /// Everything that is wrong with its papers; P125 when it cannot be read or copied.
    pub fn receive(from: &Path, folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let files = if from.is_dir() {
            let plugin = examine(from, Origin::Given, Custody::Any)?;
            contents(&plugin.manifest, from)?
        } else {
            unpacked(from)?
        };
        // Whatever the umask: a folder that others may write to would be refused later.
        let made = fs::DirBuilder::new().recursive(true).mode(0o755).create(folder);
        made.map_err(|error| failed(folder, &error))?;
        let draft = tempfile::Builder::new()
            .prefix(".arriving-")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir_in(folder)
            .map_err(|error| failed(folder, &error))?;
        for (name, bytes) in &files {
            let path = draft.path().join(name);
            fs::write(&path, bytes)
                .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o644)))
                .map_err(|error| failed(&path, &error))?;
        }
        let plugin = examine(draft.path(), Origin::User, Custody::Own)?;
        let place = folder.join(&plugin.manifest.id);
        Ok(Self { plugin, draft, place })
    }

    /// What has arrived.
    pub fn plugin(&self) -> &Plugin {
        &self.plugin
    }

    /// Puts it into its place, instead of an earlier version.
    ///
    /// # Errors
    /// P125 when the place cannot be taken; what was there is there again.
    pub fn settle(self) -> Result<Plugin, Vec<Diagnostic>> {
        let Self { plugin, draft, place } = self;
        let unable = |error: std::io::Error| failed(&place, &error);
        let draft = draft.keep();
        let old = draft.with_extension("old");
        let moved = match fs::rename(&place, &old) {
            Ok(()) => true,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
            Err(error) => {
                // The draft is of no use to anybody.
                let _ = fs::remove_dir_all(&draft);
                return Err(unable(error));
            }
        };
        if let Err(error) = fs::rename(&draft, &place) {
            if moved {
                fs::rename(&old, &place).map_err(unable)?;
            }
            let _ = fs::remove_dir_all(&draft);
            return Err(unable(error));
        }
        if moved {
            fs::remove_dir_all(&old).map_err(unable)?;
        }
        let settled = examine(&place, Origin::User, Custody::Own)?;
        if settled.sha256().ok() == plugin.sha256().ok() {
            return Ok(settled);
        }
        Err(problem(
            "P125",
            format!("{} was changed by somebody else meanwhile", place.display()),
            format!("{} a été modifié entre-temps par quelqu'un d'autre", place.display()),
        ))
    }
}

/// Files of an archive: regular ones, one folder deep, of a plugin's size. An archive that holds anything else is
/// refused whole.
fn unpacked(archive: &Path) -> Result<Vec<(String, Vec<u8>)>, Vec<Diagnostic>> {
    let shown = archive.display();
    let refused = |en: String, fr: String| {
        problem(
            "P126",
            format!("the archive {shown} cannot be used: {en}"),
            format!("l'archive {shown} est inutilisable : {fr}"),
        )
    };
    let unreadable = |error: std::io::Error| refused(error.to_string(), error.to_string());
    let file = File::open(archive).map_err(unreadable)?;
    let most = MAX_LIBRARY * 8;
    let mut tar = tar::Archive::new(GzDecoder::new(file).take(most));
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in tar.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        if entry.header().entry_type().is_dir() {
            continue;
        }
        let path = entry.path().map_err(unreadable)?.into_owned();
        let outside = || {
            let path = path.display();
            refused(
                format!("`{path}` is not a file directly in the plugin's folder"),
                format!("`{path}` n'est pas un fichier placé directement dans le dossier du greffon"),
            )
        };
        if !entry.header().entry_type().is_file() {
            return Err(outside());
        }
        let name = flat_name(&path).ok_or_else(outside)?;
        if entry.size() > MAX_LIBRARY || files.len() == MAX_FILES || files.iter().any(|(n, _)| *n == name) {
            return Err(refused(
                format!("`{name}` is too large, one too many, or there twice"),
                format!("`{name}` est trop gros, de trop ou en double"),
            ));
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(unreadable)?;
        files.push((name, bytes));
    }
    if files.is_empty() {
        return Err(refused("it is empty".into(), "elle est vide".into()));
    }
    Ok(files)
}

/// The file name of `name` or `folder/name`; nothing for any other path.
fn flat_name(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path
        .components()
        .filter(|c| !matches!(c, Component::CurDir))
        .map(|c| match c {
            Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    match parts?.as_slice() {
        [name] | [_, name] => Some((*name).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn archive_of(entries: &[(&str, tar::EntryType)]) -> tempfile::NamedTempFile {
        let mut builder = tar::Builder::new(GzBuilder::new().write(Vec::new(), Compression::fast()));
        for (name, kind) in entries {
            let mut header = tar::Header::new_ustar();
            header.set_entry_type(*kind);
            header.set_mode(0o644);
            header.set_size(1);
            if *kind == tar::EntryType::Symlink {
                header.set_size(0);
                header.set_link_name("/etc/passwd").unwrap();
            }
            // As a hostile archive would: past the checks of the library.
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            let body: &[u8] = if *kind == tar::EntryType::Symlink { b"" } else { b"x" };
            builder.append(&header, body).unwrap();
        }
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&builder.into_inner().unwrap().finish().unwrap()).unwrap();
        file
    }

    fn refusal(entries: &[(&str, tar::EntryType)]) -> Option<&'static str> {
        unpacked(archive_of(entries).path()).err().map(|problems| problems[0].code)
    }

    #[test]
    fn an_archive_cannot_write_outside_its_folder() {
        use tar::EntryType::{Directory, Fifo, Link, Regular, Symlink};
        assert_eq!(refusal(&[("a/plugin.toml", Regular), ("a/", Directory), ("a/lib.so", Regular)]), None);
        assert_eq!(refusal(&[("plugin.toml", Regular)]), None);
        for bad in [
            ("../plugin.toml", Regular),
            ("/etc/passwd", Regular),
            ("a/../../x", Regular),
            ("a/b/c", Regular),
            ("a/link", Symlink),
            ("a/hard", Link),
            ("a/pipe", Fifo),
        ] {
            assert_eq!(refusal(&[("a/plugin.toml", Regular), bad]), Some("P126"), "{bad:?}");
        }
        assert_eq!(refusal(&[("a/x", Regular), ("b/x", Regular)]), Some("P126"));
        assert_eq!(refusal(&[]), Some("P126"));
    }

    #[test]
    fn what_is_not_an_archive_is_told() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"not gzip at all").unwrap();
        assert_eq!(unpacked(file.path()).unwrap_err()[0].code, "P126");
        assert_eq!(unpacked(Path::new("/nowhere/at/all.tar.gz")).unwrap_err()[0].code, "P126");
    }
}
