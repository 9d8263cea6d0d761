//! What is remembered of each source between runs: how its last reading ended, and its ledger.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use vigie_model::ledger::SourceLedger;

use crate::Error;

/// Last reading of a source, `sources/<source>.json` in the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Rows of all runs, outcome and warnings of the last one.
    pub ledger: SourceLedger,
    /// What the kernel enforced on the plugin, as [`vigie_plugin_host::Sandbox::name`]; `None` when it did not run.
    #[serde(default)]
    pub sandbox: Option<String>,
}

fn path(archive: &Path, source: &str) -> PathBuf {
    archive.join("sources").join(format!("{source}.json"))
}

/// Replaces the record of a source, in one step.
pub(crate) fn write(archive: &Path, record: &SourceRecord) -> Result<(), Error> {
    let path = path(archive, &record.ledger.source);
    let io = |source| Error::Io { path: path.clone(), source };
    let parent = path.parent().unwrap_or(archive);
    std::fs::create_dir_all(parent).map_err(io)?;
    let draft = path.with_extension("json.new");
    let bytes = serde_json::to_vec_pretty(record).map_err(|e| io(std::io::Error::other(e)))?;
    std::fs::write(&draft, bytes).and_then(|()| std::fs::rename(&draft, &path)).map_err(io)
}

/// Records of the sources named, in that order; sources never collected are left out.
///
/// # Errors
/// When a record cannot be read.
pub fn records<'a>(archive: &Path, sources: impl Iterator<Item = &'a str>) -> Result<Vec<SourceRecord>, Error> {
    let mut found = Vec::new();
    for source in sources {
        let path = path(archive, source);
        let io = |source| Error::Io { path: path.clone(), source };
        match std::fs::read(&path) {
            Ok(bytes) => found.push(serde_json::from_slice(&bytes).map_err(|e| io(std::io::Error::other(e)))?),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(io(source)),
        }
    }
    Ok(found)
}
