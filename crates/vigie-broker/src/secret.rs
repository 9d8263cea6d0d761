//! The secrets of one source: found in the environment, kept from everyone who need not know, stored when they rotate.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_plugin_host::manifest::Secret;
use vigie_plugin_host::{Code, Manifest, Refusal};

use crate::redact::Redactor;

/// Looks up a variable of the environment.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Secrets of one source.
#[derive(Debug)]
pub struct Secrets {
    declared: Vec<Secret>,
    values: Mutex<BTreeMap<String, String>>,
    /// Fingerprints of the values in the environment, which do not change when a secret rotates.
    fingerprints: BTreeMap<String, String>,
    /// Folder of rotated values of this plugin.
    store: Option<PathBuf>,
    redactor: Redactor,
}

impl Secrets {
    /// The secrets `manifest` declares, from `environment`: the variable itself, or a file named by the variable with
    /// `_FILE` at its end. Values that rotated since are in `state`, the user's state folder.
    ///
    /// # Errors
    /// P213 for each required secret without value, P214 for each value that cannot be read.
    pub fn of(
        manifest: &Manifest,
        environment: Environment<'_>,
        state: Option<&Path>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let store = state.map(|folder| folder.join("secrets").join(&manifest.id));
        let mut values = BTreeMap::new();
        let mut fingerprints = BTreeMap::new();
        let mut problems = Vec::new();
        for secret in &manifest.secrets {
            match from_environment(secret, environment) {
                Ok(Some(value)) => {
                    let fingerprint = fingerprint(&value);
                    let rotated = store.as_deref().filter(|_| secret.rotates);
                    let rotated = rotated.map(|store| rotated_value(store, &secret.name, &fingerprint)).transpose();
                    match rotated {
                        Ok(rotated) => {
                            values.insert(secret.name.clone(), rotated.flatten().unwrap_or(value));
                            fingerprints.insert(secret.name.clone(), fingerprint);
                        }
                        Err(problem) => problems.push(problem),
                    }
                }
                Ok(None) if secret.required => problems.push(missing(manifest, secret)),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
        let secrets = Self::with(manifest, values, fingerprints, store);
        if problems.is_empty() { Ok(secrets) } else { Err(problems) }
    }

    /// The secrets `manifest` declares with the values given, for tests without a user. Nothing is stored.
    pub fn given(manifest: &Manifest, values: BTreeMap<String, String>) -> Self {
        let fingerprints = values.iter().map(|(name, value)| (name.clone(), fingerprint(value))).collect();
        Self::with(manifest, values, fingerprints, None)
    }

    fn with(
        manifest: &Manifest,
        values: BTreeMap<String, String>,
        fingerprints: BTreeMap<String, String>,
        store: Option<PathBuf>,
    ) -> Self {
        let redactor = Redactor::default();
        for secret in &manifest.secrets {
            if let Some(value) = values.get(&secret.name) {
                redactor.learn(&secret.name, value, exposed(secret));
            }
        }
        Self { declared: manifest.secrets.clone(), values: Mutex::new(values), fingerprints, store, redactor }
    }

    /// Hides these secrets.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Stands for the owner of a secret where usage is counted; tells nothing about the value.
    pub(crate) fn fingerprint(&self, name: &str) -> Option<&str> {
        self.fingerprints.get(name).map(String::as_str)
    }

    /// The options of a source that hold the value of one of its secrets: pointer and name of the secret.
    pub fn in_options(&self, options: &serde_json::Value) -> Vec<(String, &Secret)> {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = Vec::new();
        walk(options, "", &mut |pointer, text| {
            let holds = |secret: &&Secret| {
                let key = pointer.rsplit('/').next().unwrap_or_default();
                key == secret.name
                    || values.get(&secret.name).is_some_and(|v| v.len() >= 6 && text.contains(v.as_str()))
            };
            found.extend(self.declared.iter().find(holds).map(|secret| (pointer.to_owned(), secret)));
        });
        found
    }

    fn declared(&self, name: &str) -> Result<&Secret, Refusal> {
        self.declared.iter().find(|s| s.name == name).ok_or_else(|| {
            Refusal::new(
                Code::Denied,
                format!("secret `{name}` is not in the manifest"),
                format!("le secret `{name}` n'est pas dans le manifeste"),
            )
        })
    }

    /// The value, for a request.
    pub(crate) fn value(&self, name: &str) -> Result<String, Refusal> {
        let secret = self.declared(name)?;
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.get(name).cloned().ok_or_else(|| {
            let env = &secret.env;
            Refusal::new(
                Code::Auth,
                format!("secret `{name}` has no value"),
                format!("le secret `{name}` n'a pas de valeur"),
            )
            .hint(format!("set {env} or {env}_FILE"), format!("définissez {env} ou {env}_FILE"))
        })
    }

    /// The value, for the plugin itself.
    pub(crate) fn told(&self, name: &str) -> Result<String, Refusal> {
        if exposed(self.declared(name)?) {
            return self.value(name);
        }
        Err(Refusal::new(
            Code::Denied,
            format!("secret `{name}` is for requests only; the manifest does not say exposure = \"plugin\""),
            format!("le secret `{name}` ne sert qu'aux requêtes ; le manifeste ne dit pas exposure = \"plugin\""),
        ))
    }

    /// Keeps a new value, on disk before this returns.
    pub(crate) fn keep(&self, name: &str, value: &str) -> Result<(), Refusal> {
        let secret = self.declared(name)?;
        if !secret.rotates {
            return Err(Refusal::new(
                Code::Denied,
                format!("secret `{name}` does not rotate, says the manifest"),
                format!("le secret `{name}` ne se renouvelle pas, dit le manifeste"),
            ));
        }
        // Known before it is anywhere.
        self.redactor.learn(name, value, exposed(secret));
        if let (Some(store), Some(fingerprint)) = (&self.store, self.fingerprints.get(name)) {
            write_rotated(store, &file_name(name, fingerprint), value).map_err(|error| {
                Refusal::new(
                    Code::Internal,
                    format!("secret `{name}` cannot be kept in `{}`: {error}", store.display()),
                    format!("le secret `{name}` ne peut être gardé dans `{}` : {error}", store.display()),
                )
            })?;
        }
        self.values.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), value.to_owned());
        Ok(())
    }
}

fn exposed(secret: &Secret) -> bool {
    secret.exposure.as_deref() == Some("plugin")
}

/// First 16 hexadecimal digits of the SHA-256.
fn fingerprint(value: &str) -> String {
    hex::encode(&Sha256::digest(value.as_bytes())[..8])
}

fn from_environment(secret: &Secret, environment: Environment<'_>) -> Result<Option<String>, Diagnostic> {
    if let Some(value) = environment(&secret.env).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()) {
        return Ok(Some(value));
    }
    let variable = format!("{}_FILE", secret.env);
    let Some(path) = environment(&variable).filter(|p| !p.is_empty()) else { return Ok(None) };
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|v| !v.is_empty())),
        Err(error) => Err(unreadable(&secret.name, &format!("{variable}={path}"), &error)),
    }
}

fn unreadable(name: &str, place: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        "P214",
        Bilingual::new(
            format!("secret `{name}` cannot be read ({place}): {error}"),
            format!("le secret `{name}` est illisible ({place}) : {error}"),
        ),
    )
}

fn missing(manifest: &Manifest, secret: &Secret) -> Diagnostic {
    let (id, name, env) = (&manifest.id, &secret.name, &secret.env);
    let problem = Diagnostic::error(
        "P213",
        Bilingual::new(
            format!("plugin `{id}` needs secret `{name}`, and {env} is not set"),
            format!("le greffon `{id}` a besoin du secret `{name}`, et {env} n'est pas définie"),
        ),
    )
    .hint(Bilingual::new(
        format!("set {env} to its value, or {env}_FILE to a file that holds it"),
        format!("donnez sa valeur à {env}, ou à {env}_FILE le nom d'un fichier qui la contient"),
    ));
    match &secret.help {
        Some(help) => problem.hint(Bilingual::new(help.en.clone(), help.fr.clone())),
        None => problem,
    }
}

fn file_name(name: &str, fingerprint: &str) -> String {
    // Names come from a manifest: nothing of them may lead out of the folder.
    let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{safe}-{fingerprint}")
}

fn rotated_value(store: &Path, name: &str, fingerprint: &str) -> Result<Option<String>, Diagnostic> {
    let path = store.join(file_name(name, fingerprint));
    match std::fs::read_to_string(&path) {
        Ok(value) => Ok(Some(value).filter(|v| !v.is_empty())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(name, &path.display().to_string(), &error)),
    }
}

/// Writes a value that only the user can read; whole or not at all, and on disk.
fn write_rotated(store: &Path, name: &str, value: &str) -> std::io::Result<()> {
    private_folder(store)?;
    // Temporary files are made for their owner only.
    let mut file = tempfile::NamedTempFile::new_in(store)?;
    file.write_all(value.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(store.join(name))?;
    std::fs::File::open(store)?.sync_all()
}

/// A folder that only the user can enter.
pub(crate) fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Every text in `value` with its pointer.
fn walk(value: &serde_json::Value, pointer: &str, take: &mut dyn FnMut(&str, &str)) {
    match value {
        serde_json::Value::String(text) => take(pointer, text),
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{pointer}/{index}"), take);
            }
        }
        serde_json::Value::Object(object) => {
            for (key, item) in object {
                walk(item, &format!("{pointer}/{key}"), take);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    fn manifest() -> Manifest {
        crate::trial::manifest(
            "[[secret]]\nname = \"token\"\nrequired = true\nenv = \"VIGIE_TRIAL_TOKEN\"\n\
             help = { en = \"see the settings\", fr = \"voyez les réglages\" }\n\
             [[secret]]\nname = \"refresh\"\nenv = \"VIGIE_TRIAL_REFRESH\"\nexposure = \"plugin\"\nrotates = true\n",
        )
    }

    #[test]
    fn a_missing_secret_names_its_variable() {
        let problems = Secrets::of(&manifest(), &|_| None, None).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].code, "P213");
        assert!(problems[0].message.fr.contains("VIGIE_TRIAL_TOKEN"));
        assert_eq!(problems[0].hints.len(), 2);
    }

    #[test]
    fn a_file_may_hold_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "from-a-file\n").unwrap();
        let named = path.to_str().unwrap().to_owned();
        let secrets =
            Secrets::of(&manifest(), &|n| (n == "VIGIE_TRIAL_TOKEN_FILE").then(|| named.clone()), None).unwrap();
        assert_eq!(secrets.value("token").unwrap(), "from-a-file");
        let wrong =
            Secrets::of(&manifest(), &|n| (n == "VIGIE_TRIAL_TOKEN_FILE").then(|| "/nowhere/at/all".into()), None);
        assert_eq!(wrong.unwrap_err()[0].code, "P214");
    }

    #[test]
    fn the_plugin_sees_what_the_manifest_says() {
        let values = [("token", "tttttttt"), ("refresh", "rrrrrrrr")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        let secrets = Secrets::given(&manifest(), values.into());
        assert_eq!(secrets.told("token").unwrap_err().code, Code::Denied);
        assert_eq!(secrets.told("refresh").unwrap(), "rrrrrrrr");
        assert_eq!(secrets.value("other").unwrap_err().code, Code::Denied);
        assert_eq!(secrets.keep("token", "new").unwrap_err().code, Code::Denied);
    }

    #[test]
    fn a_rotated_value_is_there_next_time_and_only_for_its_user() {
        use std::os::unix::fs::PermissionsExt;
        let state = tempfile::tempdir().unwrap();
        let environment = |name: &str| Some(format!("first-{name}"));
        let secrets = Secrets::of(&manifest(), &environment, Some(state.path())).unwrap();
        secrets.keep("refresh", "second-value").unwrap();
        assert_eq!(secrets.told("refresh").unwrap(), "second-value");
        assert!(
            secrets.redactor().holds_secret("x second-value x")
                && secrets.redactor().holds_secret("first-VIGIE_TRIAL_REFRESH")
        );
        let again = Secrets::of(&manifest(), &environment, Some(state.path())).unwrap();
        assert_eq!(again.told("refresh").unwrap(), "second-value");
        // Another value in the environment is another account.
        let other = Secrets::of(&manifest(), &|n| Some(format!("other-{n}")), Some(state.path())).unwrap();
        assert_eq!(other.told("refresh").unwrap(), "other-VIGIE_TRIAL_REFRESH");
        let folder = state.path().join("secrets/trial");
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        for entry in std::fs::read_dir(folder).unwrap() {
            assert_eq!(entry.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn options_that_hold_a_secret_are_found() {
        let values = [("token".to_owned(), "abcdef0123".to_owned())];
        let secrets = Secrets::given(&manifest(), values.into());
        let options = json!({"query": "abc", "deep": [{"url": "https://x/?k=abcdef0123"}], "token": "whatever"});
        let found: Vec<_> = secrets.in_options(&options).into_iter().map(|(at, s)| (at, s.env.clone())).collect();
        let env = "VIGIE_TRIAL_TOKEN".to_owned();
        assert_eq!(found, [("/deep/0/url".to_owned(), env.clone()), ("/token".to_owned(), env)]);
    }
}
