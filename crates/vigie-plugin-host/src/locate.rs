//! Finding plugins: search order, and a trace of every place tried. Their papers are checked by `papers`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use vigie_model::diagnostic::{Bilingual, Diagnostic};

use crate::manifest::Manifest;
use crate::nearest::nearest;
use crate::needs;
use crate::official::{OFFICIAL, Official};
use crate::papers::{Custody, Draft, library_missing};
use crate::plugin::{Origin, Papers, Plugin, text_sha256};
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

/// One plugin that was come across.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its id, where the manifest could be read.
    pub id: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// Its folder; for a part of vigie, its library.
    pub place: PathBuf,
    /// The plugin, or what keeps it from being used.
    pub result: Result<Plugin, Vec<Diagnostic>>,
    /// One of the same id stands earlier in the search order: this one is never used.
    pub shadowed: bool,
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
        folders.extend(crate::user::plugins_folder().map(|p| (Origin::User, p)));
        folders.push((Origin::System, PathBuf::from("/usr/local/lib/vigie/plugins")));
        folders.push((Origin::System, PathBuf::from("/usr/lib/vigie/plugins")));
        Self { folders, beside_executable: beside_executable() }
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

    /// Every plugin in every place, in the order of the search, with the places that hold none.
    pub fn list(&self) -> (Vec<Listed>, Vec<Tried>) {
        let (mut listed, mut empty): (Vec<Listed>, _) = (Vec::new(), Vec::new());
        let mut add = |id: Option<String>, origin, place: PathBuf, result| {
            let shadowed = id.is_some() && listed.iter().any(|l| l.id == id);
            listed.push(Listed { id, origin, place, result, shadowed });
        };
        for (origin, entry) in &self.folders {
            match candidates(entry) {
                Ok(found) => {
                    for folder in found {
                        let draft = Draft::read(&folder, folder == *entry);
                        let id = draft.as_ref().ok().map(|d| d.manifest.id.clone());
                        let result = draft.and_then(|d| d.complete(*origin, Some(entry), Custody::Own));
                        add(id, *origin, folder, result);
                    }
                }
                Err(result) => empty.push(Tried { place: entry.clone(), result }),
            }
        }
        for official in OFFICIAL {
            let result = bundled(official, &self.beside_executable, &mut |_, _, _| {});
            let place = result.as_ref().map_or_else(|_| PathBuf::from(official.id), |p| p.library.clone());
            add(Some(official.id.to_owned()), Origin::Official, place, result);
        }
        (listed, empty)
    }
}

/// Where the libraries of vigie's own parts may lie: the folder of this executable, its `deps/` and its `plugins/`.
pub fn beside_executable() -> Vec<PathBuf> {
    executable_folders(std::env::current_exe().ok().as_deref())
}

fn executable_folders(executable: Option<&Path>) -> Vec<PathBuf> {
    let Some(folder) = executable.and_then(Path::parent) else { return Vec::new() };
    // `deps/` first: a test build makes new libraries there only, and leaves old ones beside the executable.
    vec![folder.join("deps"), folder.to_owned(), folder.join("plugins")]
}

/// The plugin folders behind one entry of the search path: itself, or those directly in it.
fn candidates(entry: &Path) -> Result<Vec<PathBuf>, Bilingual> {
    if entry.join("plugin.toml").is_file() {
        return Ok(vec![entry.to_owned()]);
    }
    let Ok(entries) = std::fs::read_dir(entry) else {
        return Err(Bilingual::new("no such folder", "dossier absent"));
    };
    let mut inside: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|e| e.path()).filter(|p| p.join("plugin.toml").is_file()).collect();
    inside.sort();
    if inside.is_empty() { Err(Bilingual::new("holds no plugin", "ne contient aucun greffon")) } else { Ok(inside) }
}

/// A part of vigie: its papers are compiled in, its library lies beside the executable. Who can change that file can
/// change vigie, so it is not asked who could.
fn bundled(
    official: &Official,
    folders: &[PathBuf],
    note: &mut dyn FnMut(&Path, &str, &str),
) -> Result<Plugin, Vec<Diagnostic>> {
    let manifest = Manifest::parse(Path::new("plugin.toml"), official.manifest)?;
    let spec = Spec::parse(Path::new("spec.json"), official.spec).map_err(|e| vec![e])?;
    let file = needs::library(&manifest).map_err(|e| vec![e])?.to_owned();
    for folder in folders {
        let library = folder.join(&file);
        if let Ok(code) = std::fs::File::open(&library)
            && library.is_file()
        {
            note(&library, "chosen", "retenu");
            let papers = Papers { manifest: text_sha256(official.manifest), spec: text_sha256(official.spec) };
            let (origin, code) = (Origin::Official, Arc::new(code));
            return Ok(Plugin { manifest, spec, library, origin, folder: None, needs_no_trust: true, code, papers });
        }
        note(&library, "no such file", "fichier absent");
    }
    Err(vec![library_missing(&manifest.id, &file, folders)])
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

    fn folder(&mut self, origin: Origin, entry: &Path) {
        match candidates(entry) {
            Ok(found) => found.iter().for_each(|folder| self.candidate(origin, folder, entry)),
            Err(why) => self.note(entry, why.en, why.fr),
        }
    }

    fn candidate(&mut self, origin: Origin, folder: &Path, entry: &Path) {
        let file = folder.join("plugin.toml");
        let named = folder.file_name().is_some_and(|name| name == self.id);
        match Draft::read(folder, folder == entry) {
            Ok(draft) if draft.manifest.id == self.id => {
                let result = draft.complete(origin, Some(entry), Custody::Own);
                self.take(&file, result);
            }
            Ok(draft) => {
                let other = &draft.manifest.id;
                self.note(&file, format!("is plugin `{other}`"), format!("est le greffon `{other}`"));
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
        if self.found.is_none() {
            let result = bundled(official, folders, &mut |place, en, fr| self.note(place, en, fr));
            self.found = Some(result);
        }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;
    use crate::manifest::platform;

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
