//! A plugin that was found: manifest, spec, library; nothing of it has run.

use std::io::Read;
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::manifest::Manifest;
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

/// A plugin that was found and whose papers are in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Plugin {
    /// Who it is and what it may do.
    pub manifest: Manifest,
    /// Its options.
    pub spec: Spec,
    /// Its library for this machine.
    pub library: PathBuf,
    /// Where it comes from.
    pub origin: Origin,
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

    /// SHA-256 of the library, hexadecimal.
    ///
    /// # Errors
    /// When the library cannot be read.
    pub fn library_sha256(&self) -> std::io::Result<String> {
        let mut file = std::fs::File::open(&self.library)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            hasher.update(&buffer[..count]);
        }
        Ok(hex::encode(hasher.finalize()))
    }
}
