//! A plugin that was found: manifest, spec, library; nothing of it has run.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::manifest::{Manifest, platform};
use crate::spec::{Problem, Spec};

/// Where a plugin comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `--plugin-dir` or the project's `[plugins] path`.
    Given,
    /// `VIGIE_PLUGIN_PATH`.
    Environment,
    /// The project's `plugins/`.
    Project,
    /// The user's data folder.
    User,
    /// The system folder.
    System,
    /// Part of vigie itself.
    Official,
}

impl Origin {
    /// As written in `vigie.lock` and in lists.
    pub fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Environment => "environment",
            Self::Project => "project",
            Self::User => "user",
            Self::System => "system",
            Self::Official => "bundled",
        }
    }
}

/// A plugin that was found and whose papers are in order. Its library is held open: what was checked is what runs,
/// whatever happens to the file's name meanwhile.
#[derive(Clone, Debug)]
pub struct Plugin {
    /// Who it is and what it may do.
    pub manifest: Manifest,
    /// Its options.
    pub spec: Spec,
    /// Its library for this machine.
    pub library: PathBuf,
    /// Where it comes from.
    pub origin: Origin,
    /// Its folder; `None` for a part of vigie.
    pub folder: Option<PathBuf>,
    /// Part of vigie, or in the system folder with every file root's: who can write there owns vigie already.
    pub(crate) needs_no_trust: bool,
    pub(crate) code: Arc<File>,
    pub(crate) papers: Papers,
}

/// SHA-256 of the two texts, hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Papers {
    pub(crate) manifest: String,
    pub(crate) spec: String,
}

impl Plugin {
    /// Everything wrong with the options `config`; none of the plugin's code runs.
    pub fn validate(&self, config: &Value) -> Vec<Problem> {
        self.spec.validate(config)
    }

    /// Id and version, `file 0.1.0`.
    pub fn label(&self) -> String {
        format!("{} {}", self.manifest.id, self.manifest.version)
    }

    /// The table a reading asks for: the first the manifest names. Rows of the others arrive beside it.
    pub fn main_table(&self) -> &str {
        self.manifest.data.tables.first().map_or("mentions/1", String::as_str)
    }

    /// SHA-256 of the library, hexadecimal, read through the descriptor that will be loaded.
    ///
    /// # Errors
    /// When the library cannot be read.
    pub fn library_sha256(&self) -> std::io::Result<String> {
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        let mut at = 0;
        loop {
            let count = self.code.read_at(&mut buffer, at)?;
            if count == 0 {
                return Ok(hex::encode(hasher.finalize()));
            }
            hasher.update(&buffer[..count]);
            at += count as u64;
        }
    }

    /// SHA-256 of library (under the platform's name), `manifest` and `spec`.
    ///
    /// # Errors
    /// When the library cannot be read.
    pub fn sha256(&self) -> std::io::Result<BTreeMap<String, String>> {
        Ok(BTreeMap::from([
            (platform().to_owned(), self.library_sha256()?),
            ("manifest".to_owned(), self.papers.manifest.clone()),
            ("spec".to_owned(), self.papers.spec.clone()),
        ]))
    }
}

/// SHA-256 of a text, hexadecimal.
pub(crate) fn text_sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
