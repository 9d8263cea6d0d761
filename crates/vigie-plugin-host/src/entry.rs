//! One plugin as `trusted.toml` and `vigie.lock` name it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::manifest::platform;
use crate::permissions::Permissions;
use crate::plugin::{Origin, Plugin};

/// Code, by version and hashes, with what it asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Flat", into = "Flat")]
pub struct Entry {
    /// Plugin id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Where it came from, [`Origin::name`].
    pub source: String,
    /// Day on which it was trusted; not in a lock.
    pub trusted: Option<String>,
    /// What it asked for.
    pub permissions: Permissions,
    /// SHA-256, hexadecimal, of each platform's library, of `manifest` and of `spec`; none for a part of vigie.
    pub sha256: BTreeMap<String, String>,
}

/// An entry as it is written: everything side by side, so that a mistake in the file has its line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Flat {
    id: String,
    version: String,
    source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trusted: Option<String>,
    #[serde(default)]
    network: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    methods: BTreeSet<String>,
    #[serde(default)]
    raw: bool,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    files: BTreeSet<String>,
    #[serde(default)]
    secrets: BTreeSet<String>,
    #[serde(default)]
    memory_mib: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    sha256: BTreeMap<String, String>,
}

impl From<Flat> for Entry {
    fn from(flat: Flat) -> Self {
        let Flat { id, version, source, trusted, network, methods, raw, files, secrets, memory_mib, sha256 } = flat;
        let permissions = Permissions { network, methods, raw, files, secrets, memory_mib };
        Self { id, version, source, trusted, permissions, sha256 }
    }
}

impl From<Entry> for Flat {
    fn from(entry: Entry) -> Self {
        let Entry { id, version, source, trusted, permissions, sha256 } = entry;
        let Permissions { network, methods, raw, files, secrets, memory_mib } = permissions;
        Self { id, version, source, trusted, network, methods, raw, files, secrets, memory_mib, sha256 }
    }
}

/// How an entry and a plugin compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// The same code.
    Same,
    /// The same papers; nothing is said of this platform's library.
    PlatformUnknown,
    /// Another version, or other bytes.
    Different,
}

impl Entry {
    /// The entry of `plugin` as it is now.
    ///
    /// # Errors
    /// When the library cannot be read.
    pub fn of(plugin: &Plugin) -> std::io::Result<Self> {
        let bundled = plugin.origin == Origin::Official;
        Ok(Self {
            id: plugin.manifest.id.clone(),
            version: plugin.manifest.version.clone(),
            source: plugin.origin.name().to_owned(),
            sha256: if bundled { BTreeMap::new() } else { plugin.sha256()? },
            trusted: None,
            permissions: Permissions::of(&plugin.manifest),
        })
    }

    /// Compares this entry with `now`, the entry of a plugin that is here.
    pub(crate) fn compare(&self, now: &Self) -> Likeness {
        let papers = ["manifest", "spec"].iter().all(|part| self.sha256.get(*part) == now.sha256.get(*part));
        if self.version != now.version || !papers {
            return Likeness::Different;
        }
        match (self.sha256.get(platform()), now.sha256.get(platform())) {
            (then, here) if then == here => Likeness::Same,
            (None, Some(_)) => Likeness::PlatformUnknown,
            _ => Likeness::Different,
        }
    }
}

/// The form of both files.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entries {
    /// Number of the form; 1.
    pub(crate) version: u32,
    #[serde(default, rename = "plugin")]
    pub(crate) plugins: Vec<Entry>,
}

/// Replaces `path` by `head` and the entries, in one step.
pub(crate) fn write(path: &Path, head: &str, plugins: &[Entry], private: bool) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let body = toml::to_string(&Entries { version: 1, plugins: plugins.to_vec() }).map_err(std::io::Error::other)?;
    let mut builder = tempfile::Builder::new();
    let mode = if private { 0o600 } else { 0o644 };
    let mut draft = builder
        .prefix(".vigie-")
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))
        .tempfile_in(folder)?;
    draft.write_all(format!("{head}\n{body}").as_bytes())?;
    draft.as_file().sync_all()?;
    draft.persist(path).map_err(|e| e.error)?;
    Ok(())
}
