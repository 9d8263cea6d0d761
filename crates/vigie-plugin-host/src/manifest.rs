//! `plugin.toml`: who a plugin is and what it may do, read before any of its code.
//!
//! Parsing and validation only; finding the file is `locate`, its options are `spec`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use vigie_model::diagnostic::{Bilingual, Diagnostic, Location};

use crate::nearest::nearest;
use crate::{network, rate};

/// Largest manifest, in bytes.
pub const MAX_BYTES: usize = 64 << 10;

/// Text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

/// ABI a plugin was built against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abi {
    /// Major number; in the entry symbol.
    pub major: u32,
    /// Lowest host minor it needs.
    pub minor: u32,
}

/// Network rights.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// Names, `*.example.org`, or `config:/pointer`.
    pub hosts: Vec<String>,
    /// Own sockets.
    pub raw: bool,
    /// Methods besides GET and HEAD must be listed.
    pub methods: Vec<String>,
    /// Which of `hosts` are sites whose pages are read, not services for programs: their robots.txt is kept to.
    pub pages: Vec<String>,
}

/// File rights.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    /// Options that name files or folders to be read, `config:/pointer`.
    pub read: Vec<String>,
}

/// One secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Name.
    pub name: String,
    /// Without it nothing works.
    #[serde(default)]
    pub required: bool,
    /// Environment variable that holds it.
    pub env: String,
    /// `http` or `plugin`.
    #[serde(default)]
    pub exposure: Option<String>,
    /// The plugin may hand back a new value.
    #[serde(default)]
    pub rotates: bool,
    /// Where to get it.
    #[serde(default)]
    pub help: Option<Words>,
}

/// One line of a rate bucket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Name; several lines with one bucket all apply.
    pub bucket: String,
    /// Period, `1s`, `1d`.
    pub per: String,
    /// Requests per period.
    #[serde(default)]
    pub requests: Option<u32>,
    /// Units per period.
    #[serde(default)]
    pub units: Option<u32>,
    /// Requests at once.
    #[serde(default)]
    pub burst: Option<u32>,
    /// When a daily quota starts again.
    #[serde(default)]
    pub reset: Option<String>,
    /// What else draws on the bucket.
    #[serde(default)]
    pub shared_by: Option<String>,
}

/// Limits that differ from the defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsWanted {
    /// Address space of the child, MiB.
    pub memory_mib: Option<u64>,
    /// Longest silence, seconds.
    pub idle_seconds: Option<u64>,
    /// Longest run, minutes.
    pub total_minutes: Option<u64>,
    /// Longest body of an HTTP answer, MiB.
    pub body_mib: Option<u64>,
}

/// What the rows are and may be used for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Tables, `mentions/1`.
    pub tables: Vec<String>,
    /// A second reading goes on where the first ended.
    #[serde(default)]
    pub incremental: bool,
    /// `exact`, or how much may repeat.
    pub resume: Resume,
    /// Retention class of rows that state none.
    #[serde(default)]
    pub retention: Option<String>,
    /// Quotation class of rows that state none.
    #[serde(default)]
    pub quote_ok: Option<String>,
    /// Where the terms of the service are.
    #[serde(default)]
    pub terms: Option<String>,
    /// Rows may be counted, never shown.
    #[serde(default)]
    pub aggregate_only: bool,
}

/// What resuming may repeat.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Resume {
    /// `exact`: nothing.
    Exact(String),
    /// Keys of the stated time.
    Overlap {
        /// Duration, `24h`.
        overlap: String,
    },
}

/// A valid `plugin.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Id; also names the entry symbol.
    pub id: String,
    /// Semantic version.
    pub version: String,
    /// What it is; `source` today.
    pub kinds: Vec<String>,
    /// ABI it was built against.
    pub abi: Abi,
    /// Range of vigie versions, for bug workarounds only.
    pub host: Option<semver::VersionReq>,
    /// Name shown to users.
    pub name: Words,
    /// One line shown to users.
    pub description: Words,
    /// Licence expression.
    pub license: String,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Library file by platform (`linux_amd64`).
    pub library: BTreeMap<String, String>,
    /// What the library needs of the platform (`glibc`).
    pub requires: BTreeMap<String, String>,
    /// Network rights.
    pub network: Network,
    /// File rights.
    pub files: Files,
    /// Secrets.
    pub secrets: Vec<Secret>,
    /// Rates.
    pub rates: Vec<Rate>,
    /// Limits.
    pub limits: LimitsWanted,
    /// Rows.
    pub data: Data,
}

#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "manifest")]
    _manifest: i64,
    id: Spanned<String>,
    version: Spanned<String>,
    kinds: Spanned<Vec<String>>,
    abi: Spanned<Abi>,
    host: Option<Spanned<String>>,
    name: Words,
    description: Words,
    license: String,
    publisher: Option<String>,
    #[serde(rename = "homepage")]
    _homepage: Option<String>,
    #[serde(rename = "support")]
    _support: Option<String>,
    library: Spanned<BTreeMap<String, LibraryEntry>>,
    #[serde(default)]
    network: Network,
    #[serde(default)]
    files: Files,
    #[serde(default, rename = "secret")]
    secrets: Vec<Secret>,
    #[serde(default, rename = "rate")]
    rates: Vec<Rate>,
    #[serde(default)]
    limits: LimitsWanted,
    data: Data,
    /// Whatever else stands at the top: an error that names the closest key.
    #[serde(flatten)]
    unknown: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum LibraryEntry {
    File(String),
    Requires(BTreeMap<String, String>),
}

const TOP_KEYS: &[&str] = &[
    "manifest",
    "id",
    "version",
    "kinds",
    "abi",
    "host",
    "name",
    "description",
    "license",
    "publisher",
    "homepage",
    "support",
    "library",
    "network",
    "files",
    "secret",
    "rate",
    "limits",
    "data",
];
const PLATFORM_SYSTEMS: &[&str] = &["linux", "macos", "windows", "freebsd"];
const PLATFORM_MACHINES: &[&str] = &["amd64", "arm64"];

impl Manifest {
    /// Parses and validates the text of `file`; every problem is reported, not only the first.
    ///
    /// # Errors
    /// Diagnostics P101 (not the expected TOML), P102 (a manifest of another time), P103 (a value that cannot be).
    pub fn parse(file: &Path, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let checker = Checker { file, text };
        if text.len() > MAX_BYTES {
            // Its text is too much to be shown.
            return Err(vec![Checker { file, text: "" }.plain(
                "P101",
                "the manifest is larger than 64 KiB",
                "le manifeste dépasse 64 Kio",
            )]);
        }
        checker.number_first()?;
        let raw: Raw = toml::from_str(text).map_err(|e| vec![checker.syntax(&e)])?;
        let problems = checker.problems(&raw);
        if problems.is_empty() { Ok(raw.into_manifest()) } else { Err(problems) }
    }

    /// File name of the library for this machine.
    pub fn library_here(&self) -> Option<&str> {
        self.library.get(platform()).map(String::as_str)
    }
}

/// The tuple of this machine, `linux_amd64`.
pub fn platform() -> &'static str {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") if cfg!(target_env = "musl") => "linux_amd64_musl",
        ("linux", "aarch64") if cfg!(target_env = "musl") => "linux_arm64_musl",
        ("linux", "x86_64") => "linux_amd64",
        ("linux", "aarch64") => "linux_arm64",
        ("macos", "x86_64") => "macos_amd64",
        ("macos", "aarch64") => "macos_arm64",
        ("windows", "x86_64") => "windows_amd64",
        ("windows", "aarch64") => "windows_arm64",
        ("freebsd", "x86_64") => "freebsd_amd64",
        ("freebsd", "aarch64") => "freebsd_arm64",
        _ => "unknown",
    }
}

/// True for `[a-z][a-z0-9_]{1,31}`.
pub fn valid_id(id: &str) -> bool {
    let mut chars = id.chars();
    (2..=32).contains(&id.len())
        && chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn valid_platform(tuple: &str) -> bool {
    let tuple = tuple.strip_suffix("_musl").unwrap_or(tuple);
    tuple
        .split_once('_')
        .is_some_and(|(system, machine)| PLATFORM_SYSTEMS.contains(&system) && PLATFORM_MACHINES.contains(&machine))
}

struct Checker<'a> {
    file: &'a Path,
    text: &'a str,
}

impl Checker<'_> {
    fn at(&self, span: Range<usize>) -> Location {
        Location { file: self.file.to_owned(), text: self.text.to_owned(), span }
    }

    fn plain(&self, code: &'static str, en: &str, fr: &str) -> Diagnostic {
        Diagnostic::error(code, Bilingual::new(en, fr)).at(self.at(0..0))
    }

    /// The number says how to read the rest, so it is read alone and first.
    fn number_first(&self) -> Result<(), Vec<Diagnostic>> {
        #[derive(Deserialize)]
        struct Number {
            manifest: Option<Spanned<i64>>,
        }
        let number: Number = toml::from_str(self.text).map_err(|e| vec![self.syntax(&e)])?;
        match number.manifest {
            Some(n) if *n.get_ref() == 1 => Ok(()),
            Some(n) => Err(vec![
                Diagnostic::error(
                    "P102",
                    Bilingual::new(
                        format!("manifest version {} is not known, only 1", n.get_ref()),
                        format!("version de manifeste {} inconnue, seule la 1 l'est", n.get_ref()),
                    ),
                )
                .at(self.at(n.span()))
                .hint(Bilingual::new(
                    "the plugin may need a newer vigie",
                    "le greffon demande peut-être un vigie plus récent",
                )),
            ]),
            None => Err(vec![
                self.plain("P102", "`manifest = 1` is missing", "il manque `manifest = 1`")
                    .hint(Bilingual::new("add it as the first line", "ajoutez-le en première ligne")),
            ]),
        }
    }

    fn syntax(&self, error: &toml::de::Error) -> Diagnostic {
        let diagnostic = Diagnostic::error(
            "P101",
            Bilingual::new(
                format!("the manifest cannot be read: {}", error.message()),
                format!("le manifeste est illisible : {}", error.message()),
            ),
        )
        .at(self.at(error.span().unwrap_or(0..0)));
        // serde names an unknown key and all valid ones between backquotes.
        let mut quoted = error.message().split('`').skip(1).step_by(2);
        match quoted.next().filter(|_| error.message().starts_with("unknown field")) {
            Some(wrong) => suggest(diagnostic, nearest(wrong, quoted)),
            None => diagnostic,
        }
    }

    fn value(&self, span: Range<usize>, en: String, fr: String) -> Diagnostic {
        Diagnostic::error("P103", Bilingual::new(en, fr)).at(self.at(span))
    }

    fn problems(&self, raw: &Raw) -> Vec<Diagnostic> {
        let mut found = self.unknown_keys(raw);
        let id = raw.id.get_ref();
        if !valid_id(id) {
            found.push(self.value(
                raw.id.span(),
                format!("id `{id}` is not allowed: 2 to 32 of a-z, 0-9 and _, a letter first"),
                format!("identifiant `{id}` interdit : de 2 à 32 signes parmi a-z, 0-9 et _, une lettre d'abord"),
            ));
        }
        let version = raw.version.get_ref();
        if semver::Version::parse(version).is_err() {
            found.push(self.value(
                raw.version.span(),
                format!("version `{version}` is not of the form 1.2.3"),
                format!("la version `{version}` n'est pas de la forme 1.2.3"),
            ));
        }
        if let Some(range) = raw.host.as_ref().filter(|r| r.get_ref().parse::<semver::VersionReq>().is_err()) {
            found.push(self.value(
                range.span(),
                format!("host `{}` is not a range of versions such as >=1.0", range.get_ref()),
                format!("host `{}` n'est pas une plage de versions comme >=1.0", range.get_ref()),
            ));
        }
        for kind in raw.kinds.get_ref().iter().filter(|k| *k != "source") {
            found.push(self.value(
                raw.kinds.span(),
                format!("kind `{kind}` is not known, only `source`"),
                format!("genre `{kind}` inconnu, seul `source` l'est"),
            ));
        }
        if let Resume::Exact(word) = &raw.data.resume
            && word != "exact"
        {
            found.push(self.plain(
                "P103",
                &format!("resume `{word}` is neither \"exact\" nor {{ overlap = \"24h\" }}"),
                &format!("resume `{word}` n'est ni \"exact\" ni {{ overlap = \"24h\" }}"),
            ));
        }
        found.extend(self.permission_problems(raw));
        found.extend(self.library_problems(raw));
        found
    }

    /// Hosts, secrets and rates that cannot be.
    fn permission_problems(&self, raw: &Raw) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for host in &raw.network.hosts {
            if let Some(what) = network::problem(host) {
                found.push(self.value(self.quoted(host), what.en, what.fr));
            }
        }
        for page in raw.network.pages.iter().filter(|page| !raw.network.hosts.contains(page)) {
            found.push(self.value(
                self.quoted(page),
                format!("`{page}` of `pages` is not among `hosts`"),
                format!("`{page}`, de `pages`, n'est pas parmi `hosts`"),
            ));
        }
        for secret in &raw.secrets {
            let exposure = secret.exposure.as_deref().unwrap_or("http");
            if !matches!(exposure, "http" | "plugin") {
                found.push(self.value(
                    self.quoted(exposure),
                    format!("exposure `{exposure}` of secret `{}` is neither http nor plugin", secret.name),
                    format!("l'exposition `{exposure}` du secret `{}` n'est ni http ni plugin", secret.name),
                ));
            }
            if !secret.env.starts_with("VIGIE_") {
                found.push(self.value(
                    self.quoted(&secret.env),
                    format!("variable `{}` of secret `{}` does not begin with VIGIE_", secret.env, secret.name),
                    format!("la variable `{}` du secret `{}` ne commence pas par VIGIE_", secret.env, secret.name),
                ));
            }
        }
        if let Err((bucket, what)) = rate::buckets(&raw.rates) {
            found.push(self.value(
                self.quoted(&bucket),
                format!("rate of `{bucket}`: {}", what.en),
                format!("débit de `{bucket}` : {}", what.fr),
            ));
        }
        for rate in &raw.rates {
            let secret = rate.shared_by.as_deref().and_then(|by| by.strip_prefix("secret:"));
            if let Some(name) = secret.filter(|name| raw.secrets.iter().all(|s| s.name != *name)) {
                found.push(self.value(
                    self.quoted(&format!("secret:{name}")),
                    format!("bucket `{}` is shared by secret `{name}`, which is not declared", rate.bucket),
                    format!("le compteur `{}` est partagé par le secret `{name}`, non déclaré", rate.bucket),
                ));
            }
        }
        found
    }

    /// Where the text stands between quotes; the start of the file when it does not.
    fn quoted(&self, text: &str) -> Range<usize> {
        self.text.find(&format!("\"{text}\"")).map_or(0..0, |at| at..at + text.len() + 2)
    }

    fn unknown_keys(&self, raw: &Raw) -> Vec<Diagnostic> {
        let unknown = raw.unknown.keys().map(|key| {
            let start = self.line_start(key).unwrap_or(0);
            let problem =
                self.value(start..start + key.len(), format!("unknown key `{key}`"), format!("clé inconnue `{key}`"));
            suggest(problem, nearest(key, TOP_KEYS.iter().copied()))
        });
        unknown.collect()
    }

    /// Where a line starts with `key` or `[key`.
    fn line_start(&self, key: &str) -> Option<usize> {
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            let body = line.trim_start_matches(['[', ' ', '\t']);
            if body.starts_with(key) {
                return Some(at + line.len() - body.len());
            }
            at += line.len();
        }
        None
    }

    fn library_problems(&self, raw: &Raw) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (tuple, entry) in raw.library.get_ref() {
            match entry {
                LibraryEntry::Requires(_) if tuple == "requires" => {}
                LibraryEntry::File(file) if valid_platform(tuple) => {
                    if file.is_empty() || file.contains(['/', '\\', '\0']) || file == ".." || file == "." {
                        found.push(self.value(
                            raw.library.span(),
                            format!("library `{file}` must be a file name without folder"),
                            format!("la bibliothèque `{file}` doit être un nom de fichier sans dossier"),
                        ));
                    }
                }
                _ => {
                    let known =
                        PLATFORM_SYSTEMS.iter().flat_map(|s| PLATFORM_MACHINES.iter().map(move |m| format!("{s}_{m}")));
                    let known: Vec<String> = known.collect();
                    let problem = self.value(
                        raw.library.span(),
                        format!("platform `{tuple}` is not known"),
                        format!("plateforme `{tuple}` inconnue"),
                    );
                    found.push(suggest(problem, nearest(tuple, known.iter().map(String::as_str))));
                }
            }
        }
        found
    }
}

fn suggest(diagnostic: Diagnostic, nearest: Option<&str>) -> Diagnostic {
    match nearest {
        Some(name) => diagnostic
            .hint(Bilingual::new(format!("did you mean `{name}`?"), format!("vouliez-vous écrire `{name}` ?"))),
        None => diagnostic,
    }
}

impl Raw {
    fn into_manifest(self) -> Manifest {
        let mut library = BTreeMap::new();
        let mut requires = BTreeMap::new();
        for (tuple, entry) in self.library.into_inner() {
            match entry {
                LibraryEntry::File(file) => {
                    library.insert(tuple, file);
                }
                LibraryEntry::Requires(list) => requires = list,
            }
        }
        Manifest {
            id: self.id.into_inner(),
            version: self.version.into_inner(),
            kinds: self.kinds.into_inner(),
            abi: self.abi.into_inner(),
            host: self.host.and_then(|range| range.get_ref().parse().ok()),
            name: self.name,
            description: self.description,
            license: self.license,
            publisher: self.publisher,
            library,
            requires,
            network: self.network,
            files: self.files,
            secrets: self.secrets,
            rates: self.rates,
            limits: self.limits,
            data: self.data,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    const GOOD: &str = r#"
manifest = 1
id = "hello"
version = "1.0.0"
kinds = ["source"]
abi = { major = 0, minor = 0 }
name = { en = "Hello", fr = "Bonjour" }
description = { en = "Greets", fr = "Salue" }
license = "MIT"
[library]
linux_amd64 = "libhello.so"
[library.requires]
glibc = "2.17"
[data]
tables = ["mentions/1"]
resume = "exact"
"#;

    fn messages(text: &str) -> Vec<(String, &'static str, usize, Option<String>)> {
        let problems = Manifest::parse(Path::new("plugin.toml"), text).unwrap_err();
        problems
            .into_iter()
            .map(|d| {
                let at = d.location.map_or(0, |l| l.span.start);
                let line = text[..at].matches('\n').count() + 1;
                (d.message.en, d.code, line, d.hints.first().map(|h| h.en.clone()))
            })
            .collect()
    }

    #[test]
    fn a_good_manifest_is_read() {
        let manifest = Manifest::parse(Path::new("plugin.toml"), GOOD).unwrap();
        assert_eq!(manifest.library["linux_amd64"], "libhello.so");
        assert_eq!(manifest.requires["glibc"], "2.17");
    }

    #[test]
    fn unknown_keys_name_line_and_nearest() {
        let found = messages(&GOOD.replace("license", "licence"));
        assert!(found.iter().any(|m| m.0.contains("license")), "{found:?}");
        let found = messages(&GOOD.replace("[library]", "[limit]\nmemory_mib = 3\n[library]"));
        assert_eq!(found, [("unknown key `limit`".to_owned(), "P103", 10, Some("did you mean `limits`?".to_owned()))]);
        let found = messages(&GOOD.replace("resume", "incrementall = true\nresume"));
        assert_eq!(found[0].1, "P101");
        assert_eq!(found[0].3.as_deref(), Some("did you mean `incremental`?"));
    }

    #[test]
    fn all_wrong_values_are_reported_at_once() {
        let text =
            GOOD.replace("\"hello\"", "\"Hello!\"").replace("1.0.0", "one").replace("linux_amd64", "linux_amd46");
        let found = messages(&text);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!((found[0].2, found[1].2), (3, 4));
        assert_eq!(found[2].3.as_deref(), Some("did you mean `linux_amd64`?"));
    }

    #[test]
    fn permissions_that_cannot_be_are_told_with_their_line() {
        let rights = "[network]\nhosts = [\"a b\", \"api.example.org\"]\n[[secret]]\nname = \"key\"\nenv = \"HOME\"\n\
                      exposure = \"all\"\n[[rate]]\nbucket = \"q\"\nper = \"1y\"\nunits = 3\n[[rate]]\nbucket = \"r\"\n\
                      per = \"1d\"\nunits = 3\nshared_by = \"secret:token\"\n[library]";
        let found = messages(&GOOD.replace("[library]", rights));
        let lines: Vec<usize> = found.iter().map(|m| m.2).collect();
        assert_eq!(lines, [11, 15, 14, 17, 24], "{found:?}");
    }

    #[test]
    fn another_manifest_version_is_refused_before_the_rest() {
        let found = messages("manifest = 7\nbrand_new = true\n");
        assert_eq!(found[0].1, "P102");
    }
}
