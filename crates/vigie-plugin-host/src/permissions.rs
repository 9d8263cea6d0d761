//! What a plugin asks to be allowed, in words and compared with what it was granted.

use std::collections::BTreeSet;

use vigie_model::diagnostic::Bilingual;

use crate::limits::Limits;
use crate::manifest::Manifest;

/// Methods that change nothing and need no mention.
const HARMLESS_METHODS: [&str; 2] = ["GET", "HEAD"];

/// Rights of a plugin beyond running at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// Hosts it may ask vigie to contact: names, `*.example.org`, `config:/pointer`.
    pub network: BTreeSet<String>,
    /// HTTP methods besides GET and HEAD.
    pub methods: BTreeSet<String>,
    /// Sockets of its own, to anywhere.
    pub raw: bool,
    /// Options that name files it reads, `config:/pointer`.
    pub files: BTreeSet<String>,
    /// Secrets used on its behalf; `name (plugin)` when it sees the value itself.
    pub secrets: BTreeSet<String>,
    /// Address space, MiB.
    pub memory_mib: u64,
}

impl Permissions {
    /// What `manifest` asks for.
    pub fn of(manifest: &Manifest) -> Self {
        let secret = |s: &crate::manifest::Secret| match s.exposure.as_deref() {
            Some("plugin") => format!("{} (plugin)", s.name),
            _ => s.name.clone(),
        };
        let methods = manifest.network.methods.iter().map(|m| m.to_ascii_uppercase());
        Self {
            network: manifest.network.hosts.iter().cloned().collect(),
            methods: methods.filter(|m| !HARMLESS_METHODS.contains(&m.as_str())).collect(),
            raw: manifest.network.raw,
            files: manifest.files.read.iter().cloned().collect(),
            secrets: manifest.secrets.iter().map(secret).collect(),
            memory_mib: Limits::of(manifest).memory_mib,
        }
    }

    /// What is asked here and was not in `granted`.
    #[must_use]
    pub fn beyond(&self, granted: &Self) -> Self {
        let more = |asked: &BTreeSet<String>, had: &BTreeSet<String>| asked.difference(had).cloned().collect();
        Self {
            network: more(&self.network, &granted.network),
            methods: more(&self.methods, &granted.methods),
            raw: self.raw && !granted.raw,
            files: more(&self.files, &granted.files),
            secrets: more(&self.secrets, &granted.secrets),
            memory_mib: if self.memory_mib > granted.memory_mib { self.memory_mib } else { 0 },
        }
    }

    /// True when nothing is asked.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// One line per right, without final period. A right that is not asked has no line.
    pub fn words(&self) -> Vec<Bilingual> {
        let mut lines = Vec::new();
        if self.raw {
            lines.push(Bilingual::new(
                "opens sockets of its own, to any host: what it reads it may send anywhere",
                "ouvre ses propres connexions, vers tout hôte : ce qu'il lit, il peut l'envoyer n'importe où",
            ));
        }
        for host in &self.network {
            lines.push(match host.strip_prefix("config:") {
                Some(pointer) => Bilingual::new(
                    format!("asks vigie to contact the host in its option {pointer}"),
                    format!("demande à vigie de contacter l'hôte donné par son option {pointer}"),
                ),
                None => Bilingual::new(
                    format!("asks vigie to contact {host}"),
                    format!("demande à vigie de contacter {host}"),
                ),
            });
        }
        if !self.methods.is_empty() {
            let methods = joined(&self.methods);
            lines.push(Bilingual::new(
                format!("may change things there ({methods})"),
                format!("peut y modifier des choses ({methods})"),
            ));
        }
        for file in &self.files {
            let pointer = file.strip_prefix("config:").unwrap_or(file);
            lines.push(Bilingual::new(
                format!("reads the files and folders named by its option {pointer}"),
                format!("lit les fichiers et dossiers que nomme son option {pointer}"),
            ));
        }
        for secret in &self.secrets {
            lines.push(match secret.strip_suffix(" (plugin)") {
                Some(name) => Bilingual::new(
                    format!("sees the secret `{name}` itself"),
                    format!("voit lui-même le secret `{name}`"),
                ),
                None => Bilingual::new(
                    format!("uses the secret `{secret}` in its requests, without seeing it"),
                    format!("utilise le secret `{secret}` dans ses requêtes, sans le voir"),
                ),
            });
        }
        if self.memory_mib > 0 {
            let mib = self.memory_mib;
            lines.push(Bilingual::new(
                format!("takes up to {mib} MiB of memory"),
                format!("prend jusqu'à {mib} Mio de mémoire"),
            ));
        }
        lines
    }
}

fn joined(list: &BTreeSet<String>) -> String {
    list.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(hosts: &[&str], raw: bool, secrets: &[&str], memory_mib: u64) -> Permissions {
        let set = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        Permissions { network: set(hosts), raw, secrets: set(secrets), memory_mib, ..Permissions::default() }
    }

    #[test]
    fn only_what_is_new_is_beyond() {
        let granted = rights(&["a.org", "b.org"], false, &["token"], 1_024);
        let asked = rights(&["a.org", "c.org"], true, &["token (plugin)"], 512);
        let more = asked.beyond(&granted);
        assert_eq!(more, rights(&["c.org"], true, &["token (plugin)"], 0));
        assert!(rights(&["a.org"], false, &[], 512).beyond(&granted).is_empty());
        assert_eq!(rights(&[], false, &[], 2_048).beyond(&granted).memory_mib, 2_048);
    }

    #[test]
    fn every_right_has_words_in_both_languages() {
        let mut asked = rights(&["a.org", "config:/instance"], true, &["token", "key (plugin)"], 512);
        asked.files.insert("config:/paths".into());
        asked.methods.insert("POST".into());
        let words = asked.words();
        assert_eq!(words.len(), 8);
        assert!(words.iter().all(|w| !w.fr.is_empty() && w.fr != w.en));
    }
}
