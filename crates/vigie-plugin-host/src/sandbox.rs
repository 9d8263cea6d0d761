//! What a child may touch: computed by the host from manifest and configuration, given up by the child before the
//! library is opened. Landlock, as far as the kernel has it; the level reached is reported, never assumed.

use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use vigie_model::diagnostic::Bilingual;

use crate::plugin::Plugin;

/// Most links of a folder whose targets are opened to the plugin as well.
const MAX_LINKS: usize = 1_000;

/// Libraries and what the C library reads about the machine.
const READ: &[&str] = &[
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/local/lib",
    "/nix/store",
    "/etc/ld.so.cache",
    "/etc/ld.so.preload",
    // Certificates.
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
    "/usr/share/ca-certificates",
    "/usr/local/share/ca-certificates",
    // Names of hosts and services.
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/nsswitch.conf",
    "/etc/services",
    "/etc/protocols",
    // Time zones and locales.
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/usr/share/locale",
    // The process itself, and how many processors there are.
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup",
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
];
const WRITE: &[&str] = &["/dev/null"];

/// Files and sockets one reading may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rights {
    /// Files and folders to be read.
    pub(crate) read: Vec<PathBuf>,
    /// Sockets of its own.
    pub(crate) raw: bool,
}

impl Rights {
    /// What `plugin` may touch when it runs with the options `config`: its folder, and what the options named under
    /// `[files] read` lead to.
    pub(crate) fn of(plugin: &Plugin, config: &Value) -> Self {
        let mut read: Vec<PathBuf> = plugin.folder.iter().map(|f| absolute(f)).collect();
        for pointer in plugin.manifest.files.read.iter().filter_map(|f| f.strip_prefix("config:")) {
            config.pointer(pointer).into_iter().for_each(|value| named(value, &mut read));
        }
        Self { read, raw: plugin.manifest.network.raw }
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The paths in an option: a text or a list of them.
fn named(value: &Value, read: &mut Vec<PathBuf>) {
    match value {
        Value::String(text) => {
            let path = without_pattern(Path::new(text));
            if path.is_absolute() {
                read.extend(links_in(&path));
                read.push(path);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| named(value, read)),
        _ => {}
    }
}

/// The folder in which a pattern such as `data/*.csv` looks; a path without `*` and `?` as it is.
fn without_pattern(path: &Path) -> PathBuf {
    let marked = |p: &Path| p.to_string_lossy().contains(['*', '?', '[']);
    // A file may really be called so.
    let mut path = path;
    while marked(path) && path.symlink_metadata().is_err() {
        match path.parent() {
            Some(parent) => path = parent,
            None => break,
        }
    }
    path.to_owned()
}

/// Where the links directly in a folder lead: the user put them there to be read.
fn links_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let links = entries.flatten().filter(|e| e.file_type().is_ok_and(|t| t.is_symlink()));
    links.take(MAX_LINKS).filter_map(|e| e.path().canonicalize().ok()).filter(|target| target.is_file()).collect()
}

/// How much of the rules the kernel enforces on a child.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sandbox {
    /// Version of Landlock's interface in use; 0 means none.
    pub landlock: u32,
}

impl Sandbox {
    /// Files outside the granted ones cannot be opened.
    pub fn files(self) -> bool {
        self.landlock >= 1
    }

    /// TCP connections of its own are refused to a plugin without `raw`.
    pub fn network(self) -> bool {
        self.landlock >= 4
    }

    /// Signals and abstract sockets do not reach other processes.
    pub fn scoped(self) -> bool {
        self.landlock >= 6
    }

    /// `none`, or what holds: `files`, `files+tcp`, `files+tcp+signals`.
    pub fn name(self) -> &'static str {
        match (self.files(), self.network(), self.scoped()) {
            (false, ..) => "none",
            (_, false, _) => "files",
            (.., false) => "files+tcp",
            _ => "files+tcp+signals",
        }
    }

    /// The same for a person, without final period.
    pub fn words(self) -> Bilingual {
        let version = self.landlock;
        match self.name() {
            "none" => Bilingual::new(
                "the kernel has no Landlock: a plugin can read and send what you can",
                "le noyau n'a pas Landlock : un greffon peut lire et envoyer ce que vous pouvez",
            ),
            "files" => Bilingual::new(
                format!("files are enforced, connections are not (Landlock {version})"),
                format!("les fichiers sont protégés, pas les connexions (Landlock {version})"),
            ),
            "files+tcp" => Bilingual::new(
                format!("files and TCP connections are enforced (Landlock {version})"),
                format!("les fichiers et les connexions TCP sont protégés (Landlock {version})"),
            ),
            _ => Bilingual::new(
                format!("files, TCP connections, signals and abstract sockets are enforced (Landlock {version})"),
                format!(
                    "les fichiers, connexions TCP, signaux et sockets abstraits sont protégés (Landlock {version})"
                ),
            ),
        }
    }
}

/// Gives up, in the calling thread and all it will start, everything but `rights`, the system's libraries, the file
/// `library` and the folder `temp`.
#[cfg(target_os = "linux")]
pub(crate) fn enter(rights: &Rights, temp: &Path, library: Option<impl AsFd>) -> Sandbox {
    use landlock::{
        ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, PathBeneath, RestrictionStatus, Ruleset,
        RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
    };
    // The newest this program knows; the kernel takes of it what it knows.
    const NEWEST: ABI = ABI::V10;
    let apply = || -> Result<RestrictionStatus, RulesetError> {
        let everything = AccessFs::from_all(NEWEST);
        let read: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::ReadDir;
        let mut ruleset = Ruleset::default().handle_access(everything)?;
        if !rights.raw {
            ruleset = ruleset.handle_access(AccessNet::from_all(NEWEST))?;
        }
        let mut created = ruleset
            .scope(Scope::from_all(NEWEST))?
            .create()?
            .add_rules(path_beneath_rules(READ, read))?
            .add_rules(path_beneath_rules(WRITE, AccessFs::WriteFile))?
            .add_rules(path_beneath_rules(&rights.read, read))?
            .add_rules(path_beneath_rules([temp], everything & !AccessFs::Execute))?;
        if let Some(library) = library {
            created = created.add_rule(PathBeneath::new(library, AccessFs::ReadFile))?;
        }
        created.restrict_self()
    };
    match apply() {
        Ok(RestrictionStatus { ruleset, landlock: LandlockStatus::Available { effective_abi, .. }, .. })
            if ruleset != RulesetStatus::NotEnforced =>
        {
            Sandbox { landlock: effective_abi as u32 }
        }
        // Best effort: an old kernel is no reason to refuse, but the run says that nothing was enforced.
        Ok(_) | Err(_) => Sandbox::default(),
    }
}

/// Other systems enforce nothing yet, and the run says so.
#[cfg(not(target_os = "linux"))]
pub(crate) fn enter(_rights: &Rights, _temp: &Path, _library: Option<impl AsFd>) -> Sandbox {
    Sandbox::default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    fn paths(value: &Value) -> Vec<PathBuf> {
        let mut read = Vec::new();
        named(value, &mut read);
        read
    }

    #[test]
    fn a_pattern_opens_its_folder_and_a_path_itself() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path();
        let at = |name: &str| root.join(name).to_string_lossy().into_owned();
        assert_eq!(paths(&json!(at("data/*.csv"))), [root.join("data")]);
        assert_eq!(paths(&json!([at("a.csv"), at("*/b?.csv")])), [root.join("a.csv"), root.to_owned()]);
        assert_eq!(paths(&json!({"a": at("a.csv")})), Vec::<PathBuf>::new());
        assert_eq!(paths(&json!("relative.csv")), Vec::<PathBuf>::new());
        std::fs::write(root.join("what?.csv"), "").unwrap();
        assert_eq!(paths(&json!(at("what?.csv"))), [root.join("what?.csv")]);
    }

    #[test]
    fn links_in_a_folder_open_what_they_lead_to() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("data")).unwrap();
        std::fs::write(root.join("far.csv"), "").unwrap();
        std::os::unix::fs::symlink("../far.csv", root.join("data/near.csv")).unwrap();
        std::os::unix::fs::symlink("../nowhere", root.join("data/broken.csv")).unwrap();
        std::os::unix::fs::symlink("..", root.join("data/up")).unwrap();
        let read = paths(&json!(root.join("data/*.csv").to_string_lossy()));
        assert_eq!(read, [root.join("far.csv"), root.join("data")]);
    }

    #[test]
    fn levels_have_names_and_words() {
        let names: Vec<&str> = [0, 1, 3, 4, 5, 6, 7].map(|landlock| Sandbox { landlock }.name()).into();
        assert_eq!(
            names,
            ["none", "files", "files", "files+tcp", "files+tcp", "files+tcp+signals", "files+tcp+signals"]
        );
        assert!((0..8).map(|landlock| Sandbox { landlock }.words()).all(|w| w.en != w.fr));
    }
}
