//! `vigie.lock`, in the project and versioned with it: is it the code this project was made with?

use std::path::{Path, PathBuf};

use vigie_model::diagnostic::{Bilingual, Diagnostic, Location};

use crate::entry::{self, Entries, Entry, Likeness};
use crate::plugin::{Origin, Plugin};

/// Name of the file in the project's folder.
pub const FILE: &str = "vigie.lock";

const HEAD: &str = "# The plugins this project was made with, written by vigie; keep it with the project.\n\
# Les greffons avec lesquels ce projet a été fait, noté par vigie ; gardez ce fichier avec le projet.\n";

/// Whether a plugin is pinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pinned {
    /// It is the code that was pinned.
    Yes,
    /// Nothing is pinned for it, or nothing for this platform.
    No,
}

/// The pins of a project.
#[derive(Clone, Debug)]
pub struct LockFile {
    path: PathBuf,
    text: String,
    entries: Vec<Entry>,
}

impl LockFile {
    /// The lock of the project in `folder`; empty when there is none yet.
    ///
    /// # Errors
    /// P121 when the file cannot be read or understood.
    pub fn load(folder: &Path) -> Result<Self, Diagnostic> {
        let path = folder.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self { path, text: String::new(), entries: Vec::new() });
            }
            Err(error) => return Err(unusable(&path, &error.to_string(), &error.to_string())),
        };
        let parsed: Entries = toml::from_str(&text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            unusable(&path, error.message(), error.message()).at(Location {
                file: path.clone(),
                text: text.clone(),
                span,
            })
        })?;
        if parsed.version != 1 {
            return Err(unusable(
                &path,
                "it is of another time than this vigie",
                "il est d'un autre temps que ce vigie",
            ));
        }
        Ok(Self { path, text, entries: parsed.plugins })
    }

    /// Whether `plugin` is the code that is pinned.
    ///
    /// # Errors
    /// P121 when it is other code, with how to pin it anew.
    pub fn check(&self, plugin: &Plugin) -> Result<Pinned, Diagnostic> {
        let Some(pin) = self.entries.iter().find(|e| e.id == plugin.manifest.id) else { return Ok(Pinned::No) };
        let now = Entry::of(plugin).map_err(|error| self.unread(plugin, &error))?;
        let bundled = Origin::Official.name();
        if (pin.source == bundled) != (now.source == bundled) {
            return Err(self.different(pin, &now));
        }
        match pin.compare(&now) {
            Likeness::Same => Ok(Pinned::Yes),
            Likeness::PlatformUnknown => Ok(Pinned::No),
            Likeness::Different => Err(self.different(pin, &now)),
        }
    }

    /// Pins `plugin` as it is. Hashes of other platforms stay when the papers are the same.
    ///
    /// # Errors
    /// P121 when its library cannot be read.
    pub fn pin(&mut self, plugin: &Plugin) -> Result<(), Diagnostic> {
        let mut now = Entry::of(plugin).map_err(|error| self.unread(plugin, &error))?;
        if let Some(at) = self.entries.iter().position(|e| e.id == now.id) {
            let earlier = self.entries.swap_remove(at);
            if earlier.compare(&now) == Likeness::PlatformUnknown {
                now.sha256.extend(earlier.sha256);
            }
        }
        self.entries.push(now);
        self.entries.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(())
    }

    /// Forgets plugins that `used` does not name; gives their ids.
    pub fn keep_only(&mut self, used: &[&str]) -> Vec<String> {
        let (kept, gone) = self.entries.drain(..).partition(|e| used.contains(&e.id.as_str()));
        self.entries = kept;
        let gone: Vec<Entry> = gone;
        gone.into_iter().map(|e| e.id).collect()
    }

    /// The pins, by id.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Replaces the file in one step.
    ///
    /// # Errors
    /// P122 when it cannot be written; the old one is whole.
    pub fn save(&self) -> Result<(), Diagnostic> {
        let shown = self.path.display();
        entry::write(&self.path, HEAD, &self.entries, false).map_err(|error| {
            Diagnostic::error(
                "P122",
                Bilingual::new(
                    format!("{shown} cannot be written: {error}"),
                    format!("{shown} ne peut être écrit : {error}"),
                ),
            )
        })
    }

    fn unread(&self, plugin: &Plugin, error: &std::io::Error) -> Diagnostic {
        let what = format!("{}: {error}", plugin.library.display());
        unusable(&self.path, &what, &what)
    }

    fn different(&self, pin: &Entry, now: &Entry) -> Diagnostic {
        // The part that differs is the one to show.
        let parts = [crate::manifest::platform(), "manifest", "spec"];
        let part = parts.into_iter().find(|part| pin.sha256.get(*part) != now.sha256.get(*part));
        let name = |e: &Entry, en: bool| {
            let bundled = if en { "part of vigie" } else { "partie de vigie" };
            let what = match part.and_then(|p| Some((p, e.sha256.get(p)?))) {
                Some((part, hash)) => format!("{part} {}", hash.get(..12).unwrap_or(hash)),
                None if e.sha256.is_empty() => bundled.to_owned(),
                None => e.source.clone(),
            };
            format!("{} ({what})", e.version)
        };
        let id = &pin.id;
        let key = format!("id = \"{id}\"");
        let span = self.text.find(&key).map_or(0..0, |start| start..start + key.len());
        let command = format!("vigie plugin lock --update {id}");
        Diagnostic::error(
            "P121",
            Bilingual::new(
                format!("plugin `{id}` is {}, the project was made with {}", name(now, true), name(pin, true)),
                format!("le greffon `{id}` est {}, le projet a été fait avec {}", name(now, false), name(pin, false)),
            ),
        )
        .at(Location { file: self.path.clone(), text: self.text.clone(), span })
        .hint(Bilingual::new(
            format!("install that version again, or accept this one: {command}"),
            format!("réinstallez cette version, ou acceptez celle-ci : {command}"),
        ))
    }
}

/// A plugin that has no pin while none may be added.
pub fn missing(plugin: &Plugin) -> Diagnostic {
    let label = plugin.label();
    Diagnostic::error(
        "P121",
        Bilingual::new(
            format!("plugin `{label}` is not pinned in {FILE} for this platform, and `--locked` allows no other"),
            format!("le greffon `{label}` n'est pas fixé dans {FILE} pour cette plateforme, et `--locked` n'en admet pas d'autre"),
        ),
    )
    .hint(Bilingual::new(
        "pin it once by hand: vigie plugin lock",
        "fixez-le une fois à la main : vigie plugin lock",
    ))
}

fn unusable(path: &Path, en: &str, fr: &str) -> Diagnostic {
    let shown = path.display();
    Diagnostic::error(
        "P121",
        Bilingual::new(format!("{shown} cannot be used: {en}"), format!("{shown} est inutilisable : {fr}")),
    )
    .hint(Bilingual::new(
        "take the version of the project's history, or delete it and run `vigie plugin lock`",
        "reprenez la version de l'historique du projet, ou supprimez-le et lancez `vigie plugin lock`",
    ))
}
