//! What a report was made from: versions and hashes, nothing that changes from one run to the next.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};
use vigie_config::labels::LABELS_FILE;
use vigie_config::review::REVIEWS_FILE;
use vigie_config::settings::Project;
use vigie_config::tone_model::TONE_MODEL_FILE;
use vigie_store::Place;

use crate::Error;

/// The manifest of a report, `manifest.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Manifest {
    /// Versions and hashes by name.
    pub(crate) inputs: BTreeMap<String, String>,
    /// SHA-256 of every file of the report, by its path in the report's folder.
    pub(crate) files: BTreeMap<String, String>,
}

/// Versions and hashes of what goes into a report. Of a source: the plugin that was run last, and what the kernel
/// enforced on it.
pub(crate) fn inputs(
    project: &Project,
    archive: &Place,
    version: u64,
    period: &str,
) -> Result<BTreeMap<String, String>, Error> {
    let mut inputs = BTreeMap::from([
        ("vigie".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("reader".to_owned(), crate::reading::identity(project)),
        ("archive".to_owned(), version.to_string()),
        ("period".to_owned(), period.to_owned()),
        ("settings".to_owned(), settings(project)?),
    ]);
    for (name, file) in [("audit", LABELS_FILE), ("tone model", TONE_MODEL_FILE)] {
        if let Ok(bytes) = std::fs::read(project.dir.join(file)) {
            inputs.insert(name.to_owned(), sha256(&bytes));
        }
    }
    let enabled = project.sources.iter().filter(|s| s.enabled).map(|s| s.id.as_str());
    for record in vigie_collect::records(archive, enabled)? {
        let source = record.ledger.source;
        inputs.insert(format!("source.{source}"), record.ledger.plugin);
        if let Some(level) = record.sandbox {
            inputs.insert(format!("source.{source}.sandbox"), level);
        }
    }
    Ok(inputs)
}

/// Hash of the project's own files that decide what a report says.
fn settings(project: &Project) -> Result<String, Error> {
    let mut hasher = Sha256::new();
    let mut add = |name: &str, path: &Path| -> Result<(), Error> {
        match std::fs::read(path) {
            Ok(bytes) => {
                hasher.update(name.as_bytes());
                hasher.update((bytes.len() as u64).to_le_bytes());
                hasher.update(bytes);
                Ok(())
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(Error::ReadFile { path: path.to_owned(), source }),
        }
    };
    for name in ["vigie.toml", "events.toml", REVIEWS_FILE, LABELS_FILE, TONE_MODEL_FILE] {
        add(name, &project.dir.join(name))?;
    }
    for note in &project.notes {
        add(&note.file.to_string_lossy(), &project.dir.join(&note.file))?;
    }
    Ok(hex::encode(hasher.finalize()))
}

/// SHA-256 of bytes, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
