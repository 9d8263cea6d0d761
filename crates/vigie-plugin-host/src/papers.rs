//! The papers of one plugin folder, checked in the order of the contract before any of its code can run:
//! manifest (P101–P103), who could change the files (P110), platform and versions (P111, P112), spec (P104), library.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vigie_model::diagnostic::{Bilingual, Diagnostic};

use crate::custody::{self, Folder, Unopened};
use crate::manifest::{self, Manifest};
use crate::needs;
use crate::plugin::{Origin, Papers, Plugin, text_sha256};
use crate::spec::{self, Spec};

/// Largest library of a plugin that is not part of vigie, in bytes.
pub const MAX_LIBRARY: u64 = 64 << 20;

/// Who may have had a hand in the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Custody {
    /// Only root and the user: the plugin may run from where it lies.
    Own,
    /// Anybody: the files are only read, to be copied or shown.
    Any,
}

/// A folder whose manifest was read.
pub(crate) struct Draft {
    pub(crate) manifest: Manifest,
    text: String,
    file: File,
    folder: Folder,
}

impl Draft {
    /// Reads the manifest in `folder`. `named_by_user`: a link to the folder is followed.
    pub(crate) fn read(folder: &Path, named_by_user: bool) -> Result<Self, Vec<Diagnostic>> {
        let path = folder.join("plugin.toml");
        let missing = || {
            Diagnostic::error(
                "P101",
                Bilingual::new(
                    format!("{} is missing: this is not the folder of a plugin", path.display()),
                    format!("{} manque : ce n'est pas le dossier d'un greffon", path.display()),
                ),
            )
        };
        let refused = |unopened| match unopened {
            Unopened::Missing => vec![missing()],
            Unopened::Refused(diagnostic) => vec![diagnostic],
        };
        let folder = Folder::open(folder, named_by_user).map_err(refused)?;
        let file = folder.file("plugin.toml").map_err(refused)?;
        let text = custody::bytes(&file, manifest::MAX_BYTES).and_then(utf8).map_err(|error| {
            vec![Diagnostic::error(
                "P101",
                Bilingual::new(
                    format!("the manifest {} cannot be read: {error}", path.display()),
                    format!("le manifeste {} est illisible : {error}", path.display()),
                ),
            )]
        })?;
        let manifest = Manifest::parse(&path, &text)?;
        Ok(Self { manifest, text, file, folder })
    }

    /// Checks everything else.
    pub(crate) fn complete(
        self,
        origin: Origin,
        entry: Option<&Path>,
        custody: Custody,
    ) -> Result<Plugin, Vec<Diagnostic>> {
        let one = |d: Diagnostic| vec![d];
        if custody == Custody::Own {
            self.guarded(entry)?;
        }
        let name = needs::library(&self.manifest).map_err(one)?.to_owned();
        let (spec, spec_text, spec_file) = self.spec()?;
        let (library, code) = self.library(&name)?;
        if custody == Custody::Own {
            let problems: Vec<Diagnostic> = [(self.spec_path(), &spec_file), (library.clone(), &code)]
                .into_iter()
                .filter_map(|(path, file)| custody::problem(&path, file))
                .collect();
            if !problems.is_empty() {
                return Err(problems);
            }
        }
        let roots = self.folder.is_roots() && [&self.file, &spec_file, &code].into_iter().all(custody::is_roots);
        Ok(Plugin {
            papers: Papers { manifest: text_sha256(&self.text), spec: text_sha256(&spec_text) },
            manifest: self.manifest,
            spec,
            library,
            origin,
            folder: Some(self.folder.path),
            needs_no_trust: origin == Origin::System && custody == Custody::Own && roots,
            code: Arc::new(code),
        })
    }

    /// The library for this machine, checked as far as a plugin without spec can be.
    pub(crate) fn code(&self) -> Result<(PathBuf, File), Vec<Diagnostic>> {
        let name = needs::library(&self.manifest).map_err(|d| vec![d])?;
        self.library(name)
    }

    fn guarded(&self, entry: Option<&Path>) -> Result<(), Vec<Diagnostic>> {
        let mut problems: Vec<Diagnostic> = Vec::new();
        if let Some(entry) = entry.filter(|e| **e != self.folder.path) {
            match Folder::open(entry, true) {
                Ok(entry) => problems.extend(entry.problem()),
                Err(Unopened::Refused(diagnostic)) => problems.push(diagnostic),
                // It was listed a moment ago; the plugin's own folder will be missing too.
                Err(Unopened::Missing) => {}
            }
        }
        problems.extend(self.folder.problem());
        problems.extend(custody::problem(&self.folder.path.join("plugin.toml"), &self.file));
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    fn spec_path(&self) -> PathBuf {
        self.folder.path.join("spec.json")
    }

    fn spec(&self) -> Result<(Spec, String, File), Vec<Diagnostic>> {
        let path = self.spec_path();
        let unreadable = |en: String, fr: String| {
            let shown = path.display();
            vec![
                Diagnostic::error(
                    "P104",
                    Bilingual::new(
                        format!("the spec {shown} cannot be read: {en}"),
                        format!("la description {shown} est illisible : {fr}"),
                    ),
                )
                .hint(Bilingual::new(
                    "`vigie plugin pack DIR` writes it from the plugin's code",
                    "`vigie plugin pack DOSSIER` l'écrit à partir du code du greffon",
                )),
            ]
        };
        let file = self.folder.file("spec.json").map_err(|unopened| match unopened {
            Unopened::Missing => unreadable("there is no such file".into(), "il n'y a pas de tel fichier".into()),
            Unopened::Refused(diagnostic) => vec![diagnostic],
        })?;
        let text = custody::bytes(&file, spec::MAX_BYTES)
            .and_then(utf8)
            .map_err(|error| unreadable(error.to_string(), error.to_string()))?;
        let spec = Spec::parse(&path, &text).map_err(|e| vec![e])?;
        agree(&self.manifest, &spec).map_err(|e| vec![e])?;
        Ok((spec, text, file))
    }

    fn library(&self, name: &str) -> Result<(PathBuf, File), Vec<Diagnostic>> {
        let path = self.folder.path.join(name);
        let code = self.folder.file(name).map_err(|unopened| match unopened {
            Unopened::Missing => {
                vec![library_missing(&self.manifest.id, name, std::slice::from_ref(&self.folder.path))]
            }
            Unopened::Refused(diagnostic) => vec![diagnostic],
        })?;
        let size = code.metadata().map_or(0, |m| m.len());
        if size > MAX_LIBRARY {
            let mib = size >> 20;
            return Err(vec![
                Diagnostic::error(
                    "P114",
                    Bilingual::new(
                        format!("the library {} has {mib} MiB, more than 64", path.display()),
                        format!("la bibliothèque {} a {mib} Mio, plus que 64", path.display()),
                    ),
                )
                .hint(Bilingual::new(
                    "build it for release and strip its symbols",
                    "compilez-la en version finale et retirez ses symboles",
                )),
            ]);
        }
        Ok((path, code))
    }
}

/// Manifest and spec must speak of the same plugin.
pub(crate) fn agree(manifest: &Manifest, spec: &Spec) -> Result<(), Diagnostic> {
    if spec.id == manifest.id && spec.version == manifest.version {
        return Ok(());
    }
    let (id, version) = (&manifest.id, &manifest.version);
    Err(Diagnostic::error(
        "P104",
        Bilingual::new(
            format!("manifest says `{id} {version}`, spec says `{} {}`", spec.id, spec.version),
            format!("le manifeste dit `{id} {version}`, la description `{} {}`", spec.id, spec.version),
        ),
    ))
}

pub(crate) fn library_missing(id: &str, file: &str, folders: &[PathBuf]) -> Diagnostic {
    let places = folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ");
    Diagnostic::error(
        "P113",
        Bilingual::new(
            format!("the library {file} of plugin `{id}` is missing; looked for in {places}"),
            format!("la bibliothèque {file} du greffon `{id}` manque ; cherchée dans {places}"),
        ),
    )
    .hint(Bilingual::new(
        "build the whole workspace (`cargo build`), or put the library there",
        "compilez tout l'espace de travail (`cargo build`), ou placez-y la bibliothèque",
    ))
}

fn utf8(bytes: Vec<u8>) -> std::io::Result<String> {
    String::from_utf8(bytes).map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error.utf8_error()))
}

/// The plugin in `folder`, with its papers in order; none of its code runs.
///
/// # Errors
/// Everything that keeps it from being used, as [`crate::SearchPath::find`] tells it.
pub fn examine(folder: &Path, origin: Origin, custody: Custody) -> Result<Plugin, Vec<Diagnostic>> {
    Draft::read(folder, true)?.complete(origin, None, custody)
}

/// The plugin in `folder` as its author works on it: whoever could change its files, and with its library in one of
/// `places` where the folder does not hold it. For tests of the author's own, never for a run.
///
/// # Errors
/// As [`examine`].
pub fn at_work(folder: &Path, places: &[PathBuf]) -> Result<Plugin, Vec<Diagnostic>> {
    let draft = Draft::read(folder, true)?;
    let name = needs::library(&draft.manifest).map_err(|d| vec![d])?.to_owned();
    let (spec, spec_text, _) = draft.spec()?;
    let built = || {
        let paths = places.iter().map(|place| place.join(&name)).filter(|path| path.is_file());
        paths.into_iter().find_map(|path| File::open(&path).ok().map(|file| (path, file)))
    };
    let (library, code) = draft.library(&name).or_else(|problems| built().ok_or(problems))?;
    Ok(Plugin {
        papers: Papers { manifest: text_sha256(&draft.text), spec: text_sha256(&spec_text) },
        manifest: draft.manifest,
        spec,
        library,
        origin: Origin::Given,
        folder: Some(draft.folder.path),
        needs_no_trust: false,
        code: Arc::new(code),
    })
}
