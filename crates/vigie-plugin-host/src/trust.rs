//! `trusted.toml`, in the user's own settings: may this code run on this machine?
//!
//! Parts of vigie and the root-owned system folder need no entry. A plugin from anywhere else does, whatever the
//! project's lock says: project folders are received from other people.

use std::fs::File;
use std::path::{Path, PathBuf};

use vigie_model::diagnostic::{Bilingual, Diagnostic, Location};

use crate::custody;
use crate::entry::{self, Entries, Entry, Likeness};
use crate::permissions::Permissions;
use crate::plugin::Plugin;
use crate::user;

const HEAD: &str = "# Plugins that may run on this machine, written by `vigie plugin trust` and `vigie plugin install`.\n\
# Greffons qui peuvent s'exécuter sur cette machine. To take trust back / pour la retirer :\n\
# vigie plugin untrust ID\n";
const MAX_BYTES: usize = 16 << 20;

/// What the user has allowed to run.
#[derive(Debug)]
pub struct TrustStore {
    path: Option<PathBuf>,
    entries: Vec<Entry>,
    /// The file is there and cannot be relied on: nothing that needs an entry runs.
    broken: Option<Diagnostic>,
}

impl TrustStore {
    /// The user's own.
    pub fn standard() -> Self {
        match user::config_folder() {
            Some(folder) => Self::at(&folder.join("trusted.toml")),
            None => Self { path: None, entries: Vec::new(), broken: None },
        }
    }

    /// The one in the file `path`, which need not exist.
    pub fn at(path: &Path) -> Self {
        let empty = Self { path: Some(path.to_owned()), entries: Vec::new(), broken: None };
        match read(path) {
            Ok(entries) => Self { entries, ..empty },
            Err(diagnostic) => Self { broken: Some(diagnostic), ..empty },
        }
    }

    /// The file, where the user has a home.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Whether `plugin` may run.
    ///
    /// # Errors
    /// P120: it is not trusted, it has changed since, or it asks for more than it was granted. P123: the file of
    /// trust cannot be relied on.
    pub fn permit(&self, plugin: &Plugin) -> Result<(), Diagnostic> {
        if plugin.needs_no_trust {
            return Ok(());
        }
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let now = Entry::of(plugin).map_err(|error| unreadable_library(plugin, &error))?;
        let known = || self.entries.iter().filter(|e| e.id == now.id);
        // The same code may have been trusted twice, with fewer and with more rights.
        let same: Vec<&Entry> = known().filter(|e| e.compare(&now) == Likeness::Same).collect();
        let more = same.iter().map(|e| now.permissions.beyond(&e.permissions));
        match more.min_by_key(|m| m.words().len()) {
            Some(more) if more.is_empty() => Ok(()),
            Some(more) => Err(refused(plugin, &asks_more(plugin, &more))),
            None => Err(refused(
                plugin,
                &match known().next_back() {
                    Some(earlier) => changed(plugin, earlier, &now.permissions.beyond(&earlier.permissions)),
                    None => unknown(plugin),
                },
            )),
        }
    }

    /// Lets `plugin` run as it is now, with what it asks for now; `day` goes into the entry. An entry of the same
    /// version is replaced.
    ///
    /// # Errors
    /// When the file cannot be written, or an existing one cannot be relied on.
    pub fn grant(&mut self, plugin: &Plugin, day: &str) -> Result<(), Diagnostic> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let Some(path) = &self.path else {
            let hint = Bilingual::new("set HOME or XDG_CONFIG_HOME", "définissez HOME ou XDG_CONFIG_HOME");
            return Err(unwritten("trusted.toml", &"HOME").hint(hint));
        };
        let mut entry = Entry::of(plugin).map_err(|error| unreadable_library(plugin, &error))?;
        entry.trusted = Some(day.to_owned());
        self.entries.retain(|e| (&e.id, &e.version) != (&entry.id, &entry.version));
        self.entries.push(entry);
        self.write(path)
    }

    /// Takes back the trust in the plugin `id`, in all its versions or in one. Gives what was taken back, as
    /// `id version`; nothing is written when that is nothing.
    ///
    /// # Errors
    /// When the file cannot be written, or an existing one cannot be relied on.
    pub fn revoke(&mut self, id: &str, version: Option<&str>) -> Result<Vec<String>, Diagnostic> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let meant = |e: &Entry| e.id == id && version.is_none_or(|version| e.version == version);
        let taken: Vec<String> = self.entries.iter().filter(|e| meant(e)).map(label).collect();
        self.entries.retain(|e| !meant(e));
        match &self.path {
            Some(path) if !taken.is_empty() => self.write(path)?,
            _ => {}
        }
        Ok(taken)
    }

    /// What is trusted, as `id version`.
    pub fn labels(&self) -> Vec<String> {
        self.entries.iter().map(label).collect()
    }

    fn write(&self, path: &Path) -> Result<(), Diagnostic> {
        entry::write(path, HEAD, &self.entries, true).map_err(|error| unwritten(&path.display().to_string(), &error))
    }
}

fn label(entry: &Entry) -> String {
    format!("{} {}", entry.id, entry.version)
}

fn unwritten(place: &str, error: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(
        "P123",
        Bilingual::new(
            format!("the trust cannot be recorded in {place}: {error}"),
            format!("la confiance ne peut être notée dans {place} : {error}"),
        ),
    )
}

fn read(path: &Path) -> Result<Vec<Entry>, Diagnostic> {
    let shown = path.display();
    let broken = |en: String, fr: String| {
        Diagnostic::error(
            "P123",
            Bilingual::new(
                format!("{shown} cannot be relied on: {en}"),
                format!("on ne peut se fier à {shown} : {fr}"),
            ),
        )
        .hint(Bilingual::new(
            "mend the file or remove it, then trust the plugins again",
            "réparez le fichier ou retirez-le, puis accordez de nouveau votre confiance",
        ))
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(broken(error.to_string(), error.to_string())),
    };
    if let Some(problem) = custody::problem(path, &file) {
        return Err(Diagnostic { code: "P123", ..problem });
    }
    let text = custody::bytes(&file, MAX_BYTES)
        .and_then(|b| String::from_utf8(b).map_err(std::io::Error::other))
        .map_err(|error| broken(error.to_string(), error.to_string()))?;
    let entries: Entries = toml::from_str(&text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        broken(error.message().to_owned(), error.message().to_owned()).at(Location {
            file: path.to_owned(),
            text: text.clone(),
            span,
        })
    })?;
    if entries.version != 1 {
        return Err(broken(
            "it is of another time than this vigie".into(),
            "il est d'un autre temps que ce vigie".into(),
        ));
    }
    Ok(entries.plugins)
}

fn unreadable_library(plugin: &Plugin, error: &std::io::Error) -> Diagnostic {
    let shown = plugin.library.display();
    Diagnostic::error(
        "P113",
        Bilingual::new(
            format!("the library {shown} cannot be read: {error}"),
            format!("la bibliothèque {shown} est illisible : {error}"),
        ),
    )
}

fn place(plugin: &Plugin) -> String {
    let folder = plugin.folder.as_ref().unwrap_or(&plugin.library);
    std::path::absolute(folder).unwrap_or_else(|_| folder.clone()).display().to_string()
}

fn unknown(plugin: &Plugin) -> Bilingual {
    let (label, place) = (plugin.label(), place(plugin));
    Bilingual::new(
        format!("plugin `{label}` in {place} is not trusted on this machine"),
        format!("le greffon `{label}` de {place} n'a pas votre confiance sur cette machine"),
    )
}

fn changed(plugin: &Plugin, earlier: &Entry, more: &Permissions) -> Bilingual {
    let (label, version) = (plugin.label(), &earlier.version);
    let day = earlier.trusted.clone().unwrap_or_else(|| "?".to_owned());
    let (en, fr) = if more.is_empty() { (String::new(), String::new()) } else { listed(more) };
    Bilingual::new(
        format!("plugin `{label}` is not the code of version {version} that was trusted on {day}{en}"),
        format!(
            "le greffon `{label}` n'est pas le code de la version {version} à laquelle vous avez fait confiance le {day}{fr}"
        ),
    )
}

fn asks_more(plugin: &Plugin, more: &Permissions) -> Bilingual {
    let (en, fr) = listed(more);
    let label = plugin.label();
    Bilingual::new(
        format!("plugin `{label}` was granted less than it asks for{en}"),
        format!("le greffon `{label}` a reçu moins de droits qu'il n'en demande{fr}"),
    )
}

fn listed(more: &Permissions) -> (String, String) {
    let words = more.words();
    let en: Vec<&str> = words.iter().map(|w| w.en.as_str()).collect();
    let fr: Vec<&str> = words.iter().map(|w| w.fr.as_str()).collect();
    (format!("; it now also {}", en.join(", ")), format!(" ; désormais, il {}", fr.join(", il ")))
}

fn refused(plugin: &Plugin, why: &Bilingual) -> Diagnostic {
    let command = format!("vigie plugin trust {}", place(plugin));
    Diagnostic::error("P120", why.clone()).hint(Bilingual::new(
        format!("see what it may do and let it run: {command}"),
        format!("voyez ce qu'il peut faire et autorisez-le : {command}"),
    ))
}
