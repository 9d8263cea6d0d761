//! What is remembered of each source between runs: how its last reading ended, and its ledger.

use serde::{Deserialize, Serialize};
use vigie_model::ledger::{RowCount, SourceLedger};
use vigie_store::Place;

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

fn name(source: &str) -> String {
    format!("sources/{source}.json")
}

/// Replaces the record of a source, in one step.
pub(crate) fn write(archive: &Place, record: &SourceRecord) -> Result<(), Error> {
    let name = name(&record.ledger.source);
    let bytes = serde_json::to_vec_pretty(record).map_err(|e| broken(archive, &name, e))?;
    Ok(archive.write(&name, &bytes)?)
}

/// Rows that a source delivered in all runs, by its record.
pub(crate) fn rows(archive: &Place, source: &str) -> Result<RowCount, Error> {
    let records = records(archive, std::iter::once(source))?;
    Ok(records.into_iter().next().map(|r| r.ledger.rows).unwrap_or_default())
}

/// Records of the sources named, in that order; sources never collected are left out.
///
/// # Errors
/// When a record cannot be read.
pub fn records<'a>(archive: &Place, sources: impl Iterator<Item = &'a str>) -> Result<Vec<SourceRecord>, Error> {
    let mut found = Vec::new();
    for source in sources {
        let name = name(source);
        if let Some(bytes) = archive.read(&name)? {
            found.push(serde_json::from_slice(&bytes).map_err(|e| broken(archive, &name, e))?);
        }
    }
    Ok(found)
}

fn broken(archive: &Place, name: &str, error: serde_json::Error) -> Error {
    Error::Io { path: archive.local().join(name), source: std::io::Error::other(error) }
}
