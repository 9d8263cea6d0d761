//! Finding a plugin by id: search order, checks of its papers, and a trace of every place tried.

use std::path::{Path, PathBuf};

use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_plugin::abi::{ABI_MAJOR, ABI_MINOR};

use crate::manifest::{Manifest, platform};
use crate::nearest::nearest;
use crate::official::{OFFICIAL, Official};
use crate::plugin::{Origin, Plugin};
use crate::spec::Spec;

/// Folders to search, in order. Each holds plugin folders, or is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchPath {
    /// Folders with the reason they are searched.
    pub folders: Vec<(Origin, PathBuf)>,
    /// Folders where the libraries of official plugins may lie.
    pub beside_executable: Vec<PathBuf>,
}

/// What came of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The folder or file.
    pub place: PathBuf,
    /// What was found there.
    pub result: Bilingual,
}

/// A plugin with the way it was found.
#[derive(Clone, Debug)]
pub struct Located {
    /// The plugin.
    pub plugin: Plugin,
    /// Every place tried, in order.
    pub trace: Vec<Tried>,
    /// A second plugin of the same id, ignored.
    pub warnings: Vec<Diagnostic>,
}

/// No usable plugin.
#[derive(Clone, Debug)]
pub struct NotFound {
    /// What is wrong: the papers of the plugin that was found, or that none was.
    pub problems: Vec<Diagnostic>,
    /// Every place tried, in order.
    pub trace: Vec<Tried>,
}

impl SearchPath {
    /// The search order: `given`, `VIGIE_PLUGIN_PATH`, the project's `plugins/`, the user's data folder, the system
    /// folder; official plugins beside the running executable. Relative folders are relative to `project`.
    pub fn standard(given: &[PathBuf], project: Option<&Path>) -> Self {
        let base = project.unwrap_or(Path::new(""));
        let mut folders: Vec<(Origin, PathBuf)> = given.iter().map(|g| (Origin::Given, base.join(g))).collect();
        if let Some(list) = std::env::var_os("VIGIE_PLUGIN_PATH") {
            folders.extend(
                std::env::split_paths(&list)
                    .filter(|p| !p.as_os_str().is_empty())
                    .map(|p| (Origin::Environment, base.join(p))),
            );
        }
        folders.extend(project.map(|p| (Origin::Project, p.join("plugins"))));
        folders.extend(user_folder().map(|p| (Origin::User, p)));
        folders.push((Origin::System, PathBuf::from("/usr/local/lib/vigie/plugins")));
        folders.push((Origin::System, PathBuf::from("/usr/lib/vigie/plugins")));
        Self { folders, beside_executable: executable_folders(std::env::current_exe().ok().as_deref()) }
    }

    /// Finds the plugin `id` and checks its papers; none of its code runs.
    ///
    /// # Errors
    /// When there is none, or the first one found cannot be used.
    pub fn find(&self, id: &str) -> Result<Located, NotFound> {
        let mut search = Search { id, trace: Vec::new(), found: None, warnings: Vec::new() };
        for (origin, folder) in &self.folders {
            search.folder(*origin, folder);
        }
        if let Some(official) = OFFICIAL.iter().find(|o| o.id == id) {
            search.official(official, &self.beside_executable);
        }
        search.finish()
    }
}

/// The plugin in `folder` itself, with what is wrong with its papers. A library that the folder does not hold may lie
/// in its `target/release` or beside this executable: that is where Cargo puts it.
///
/// # Errors
/// As [`SearchPath::find`].
pub fn open_folder(folder: &Path) -> Result<Plugin, Vec<Diagnostic>> {
    let file = folder.join("plugin.toml");
    let text = std::fs::read_to_string(&file).map_err(|error| {
        vec![Diagnostic::error(
            "P101",
            Bilingual::new(
                format!("the manifest {} cannot be read: {error}", file.display()),
                format!("le manifeste {} est illisible : {error}", file.display()),
            ),
        )]
    })?;
    let manifest = Manifest::parse(&file, &text)?;
    let name = check_platform(&manifest)?;
    let mut places = vec![folder.to_owned(), folder.join("target/release")];
    places.extend(executable_folders(std::env::current_exe().ok().as_deref()));
    let spec = spec_of(&manifest, folder)?;
    match places.iter().map(|place| place.join(&name)).find(|library| library.is_file()) {
        Some(library) => Ok(Plugin { manifest, spec, library, origin: Origin::Given }),
        None => Err(vec![library_missing(&manifest.id, &name, &places)]),
    }
}

fn user_folder() -> Option<PathBuf> {
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    let data = data.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share")));
    data.map(|d| d.join("vigie/plugins"))
}

/// The folder of the executable, its `deps/` and its `plugins/`.
fn executable_folders(executable: Option<&Path>) -> Vec<PathBuf> {
    let Some(folder) = executable.and_then(Path::parent) else { return Vec::new() };
    // `deps/` first: a test build makes new libraries there only, and leaves old ones beside the executable.
    vec![folder.join("deps"), folder.to_owned(), folder.join("plugins")]
}

struct Search<'a> {
    id: &'a str,
    trace: Vec<Tried>,
    found: Option<Result<Plugin, Vec<Diagnostic>>>,
    warnings: Vec<Diagnostic>,
}

impl Search<'_> {
    fn note(&mut self, place: &Path, en: impl Into<String>, fr: impl Into<String>) {
        self.trace.push(Tried { place: place.to_owned(), result: Bilingual::new(en, fr) });
    }

    fn folder(&mut self, origin: Origin, folder: &Path) {
        if folder.join("plugin.toml").is_file() {
            return self.candidate(origin, folder);
        }
        let Ok(entries) = std::fs::read_dir(folder) else {
            return self.note(folder, "no such folder", "dossier absent");
        };
        let mut inside: Vec<PathBuf> =
            entries.filter_map(Result::ok).map(|e| e.path()).filter(|p| p.join("plugin.toml").is_file()).collect();
        inside.sort();
        if inside.is_empty() {
            self.note(folder, "holds no plugin", "ne contient aucun greffon");
        }
        for plugin in inside {
            self.candidate(origin, &plugin);
        }
    }

    fn candidate(&mut self, origin: Origin, folder: &Path) {
        let file = folder.join("plugin.toml");
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) => return self.note(&file, format!("cannot be read: {error}"), format!("illisible : {error}")),
        };
        let named = folder.file_name().is_some_and(|name| name == self.id);
        match Manifest::parse(&file, &text) {
            Ok(manifest) if manifest.id == self.id => {
                let result = complete(manifest, origin, folder);
                self.take(&file, result);
            }
            Ok(manifest) => {
                self.note(&file, format!("is plugin `{}`", manifest.id), format!("est le greffon `{}`", manifest.id));
            }
            Err(problems) if named => self.take(&file, Err(problems)),
            Err(_) => self.note(&file, "has a manifest that cannot be read", "a un manifeste illisible"),
        }
    }

    fn take(&mut self, place: &Path, result: Result<Plugin, Vec<Diagnostic>>) {
        if self.found.is_some() {
            self.note(place, "ignored: found before", "ignoré : trouvé plus tôt");
            self.warnings.push(Diagnostic::warning(
                "P105",
                Bilingual::new(
                    format!("a second plugin `{}` in {} is ignored", self.id, place.display()),
                    format!("un second greffon `{}` dans {} est ignoré", self.id, place.display()),
                ),
            ));
            return;
        }
        match &result {
            Ok(_) => self.note(place, "chosen", "retenu"),
            Err(_) => self.note(place, "refused", "refusé"),
        }
        self.found = Some(result);
    }

    fn official(&mut self, official: &Official, folders: &[PathBuf]) {
        if self.found.is_some() {
            return;
        }
        let name = Path::new("plugin.toml");
        let result = Manifest::parse(name, official.manifest).and_then(|manifest| {
            let spec = Spec::parse(Path::new("spec.json"), official.spec).map_err(|e| vec![e])?;
            let file = check_platform(&manifest)?;
            Ok((manifest, spec, file))
        });
        let result = result.and_then(|(manifest, spec, file)| {
            for folder in folders {
                let library = folder.join(&file);
                if library.is_file() {
                    self.note(&library, "chosen", "retenu");
                    return Ok(Plugin { manifest, spec, library, origin: Origin::Official });
                }
                self.note(&library, "no such file", "fichier absent");
            }
            Err(vec![library_missing(&manifest.id, &file, folders)])
        });
        self.found = Some(result);
    }

    fn finish(self) -> Result<Located, NotFound> {
        match self.found {
            Some(Ok(plugin)) => Ok(Located { plugin, trace: self.trace, warnings: self.warnings }),
            Some(Err(problems)) => Err(NotFound { problems, trace: self.trace }),
            None => {
                let mut problem = Diagnostic::error(
                    "P100",
                    Bilingual::new(
                        format!("there is no plugin `{}`; {} places were searched", self.id, self.trace.len()),
                        format!(
                            "il n'y a pas de greffon `{}` ; {} endroits ont été visités",
                            self.id,
                            self.trace.len()
                        ),
                    ),
                );
                if let Some(name) = nearest(self.id, OFFICIAL.iter().map(|o| o.id)) {
                    problem = problem.hint(Bilingual::new(
                        format!("did you mean `{name}`?"),
                        format!("vouliez-vous écrire `{name}` ?"),
                    ));
                }
                let places: Vec<String> = self.trace.iter().map(|t| t.place.display().to_string()).collect();
                let problem = problem.hint(Bilingual::new(
                    format!("put its folder into one of: {}", places.join(", ")),
                    format!("placez son dossier dans l'un de : {}", places.join(", ")),
                ));
                Err(NotFound { problems: vec![problem], trace: self.trace })
            }
        }
    }
}

/// Spec and library of a plugin folder, and the checks that need no code.
fn complete(manifest: Manifest, origin: Origin, folder: &Path) -> Result<Plugin, Vec<Diagnostic>> {
    let file = check_platform(&manifest)?;
    let spec = spec_of(&manifest, folder)?;
    let library = folder.join(&file);
    if library.is_file() {
        Ok(Plugin { manifest, spec, library, origin })
    } else {
        Err(vec![library_missing(&manifest.id, &file, std::slice::from_ref(&folder.to_owned()))])
    }
}

/// The spec beside a manifest, of the same plugin and version.
fn spec_of(manifest: &Manifest, folder: &Path) -> Result<Spec, Vec<Diagnostic>> {
    let spec_file = folder.join("spec.json");
    let text = std::fs::read_to_string(&spec_file).map_err(|error| {
        vec![Diagnostic::error(
            "P104",
            Bilingual::new(
                format!("the spec {} cannot be read: {error}", spec_file.display()),
                format!("la description {} est illisible : {error}", spec_file.display()),
            ),
        )]
    })?;
    let spec = Spec::parse(&spec_file, &text).map_err(|e| vec![e])?;
    if spec.id != manifest.id || spec.version != manifest.version {
        return Err(vec![Diagnostic::error(
            "P104",
            Bilingual::new(
                format!(
                    "manifest says `{} {}`, spec says `{} {}`",
                    manifest.id, manifest.version, spec.id, spec.version
                ),
                format!(
                    "le manifeste dit `{} {}`, la description `{} {}`",
                    manifest.id, manifest.version, spec.id, spec.version
                ),
            ),
        )]);
    }
    Ok(spec)
}

/// The library's file name for this machine, if the host serves its ABI.
fn check_platform(manifest: &Manifest) -> Result<String, Vec<Diagnostic>> {
    let abi = manifest.abi;
    if abi.major != ABI_MAJOR || abi.minor > ABI_MINOR {
        let diagnostic = Diagnostic::error(
            "P112",
            Bilingual::new(
                format!(
                    "plugin `{}` was built for ABI {}.{}, this vigie serves {ABI_MAJOR}.{ABI_MINOR}",
                    manifest.id, abi.major, abi.minor
                ),
                format!(
                    "le greffon `{}` vise l'ABI {}.{}, ce vigie sert la {ABI_MAJOR}.{ABI_MINOR}",
                    manifest.id, abi.major, abi.minor
                ),
            ),
        );
        return Err(vec![diagnostic.hint(Bilingual::new(
            "install a version of the plugin for this vigie, or a newer vigie",
            "installez une version du greffon pour ce vigie, ou un vigie plus récent",
        ))]);
    }
    manifest.library_here().map(str::to_owned).ok_or_else(|| {
        let offered = manifest.library.keys().cloned().collect::<Vec<_>>().join(", ");
        vec![Diagnostic::error(
            "P111",
            Bilingual::new(
                format!("plugin `{}` has no library for {}; it has: {offered}", manifest.id, platform()),
                format!("le greffon `{}` n'a pas de bibliothèque pour {} ; il a : {offered}", manifest.id, platform()),
            ),
        )]
    })
}

fn library_missing(id: &str, file: &str, folders: &[PathBuf]) -> Diagnostic {
    let places = folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ");
    Diagnostic::error(
        "P113",
        Bilingual::new(
            format!("the library {file} of plugin `{id}` is missing; looked in {places}"),
            format!("la bibliothèque {file} du greffon `{id}` manque ; cherchée dans {places}"),
        ),
    )
    .hint(Bilingual::new(
        "build the whole workspace (`cargo build`), or put the library there",
        "compilez tout l'espace de travail (`cargo build`), ou placez-y la bibliothèque",
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn write(folder: &Path, id: &str, abi: u32) {
        std::fs::create_dir_all(folder).unwrap();
        let manifest = format!(
            "manifest = 1\nid = \"{id}\"\nversion = \"1.0.0\"\nkinds = [\"source\"]\nabi = {{ major = {abi}, minor = 0 }}\n\
             name = {{ en = \"a\", fr = \"a\" }}\ndescription = {{ en = \"a\", fr = \"a\" }}\nlicense = \"MIT\"\n\
             [library]\n{} = \"lib.so\"\n[data]\ntables = [\"mentions/1\"]\nresume = \"exact\"\n",
            platform()
        );
        std::fs::write(folder.join("plugin.toml"), manifest).unwrap();
        let spec = format!(
            r#"{{"spec":1,"id":"{id}","version":"1.0.0","config_schema":{{"type":"object"}},"tables":["mentions/1"]}}"#
        );
        std::fs::write(folder.join("spec.json"), spec).unwrap();
        std::fs::write(folder.join("lib.so"), "").unwrap();
    }

    fn search(folders: &[&Path]) -> SearchPath {
        SearchPath {
            folders: folders.iter().map(|f| (Origin::Given, (*f).to_owned())).collect(),
            beside_executable: vec!["/nowhere".into()],
        }
    }

    #[test]
    fn the_first_wins_and_the_second_is_named() {
        let temp = tempfile::tempdir().unwrap();
        let (a, b) = (temp.path().join("a"), temp.path().join("b"));
        write(&a.join("one"), "hello", 0);
        write(&b.join("hello"), "hello", 0);
        let located = search(&[&a, &b]).find("hello").unwrap();
        assert_eq!(located.plugin.library, a.join("one/lib.so"));
        assert_eq!(located.trace.len(), 2);
        assert_eq!(located.warnings.len(), 1);
    }

    #[test]
    fn each_failure_has_its_own_code() {
        let temp = tempfile::tempdir().unwrap();
        write(&temp.path().join("later"), "later", 9);
        write(&temp.path().join("empty"), "empty", 0);
        std::fs::remove_file(temp.path().join("empty/lib.so")).unwrap();
        let path = search(&[temp.path()]);
        let code = |id: &str| path.find(id).unwrap_err().problems[0].code;
        assert_eq!(code("later"), "P112");
        assert_eq!(code("empty"), "P113");
        assert_eq!(code("nobody"), "P100");
        assert_eq!(code("file"), "P113");
    }
}
