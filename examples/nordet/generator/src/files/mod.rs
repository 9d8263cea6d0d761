//! The files of the example, as bytes. Every compression is reproducible: no clock, fixed levels.

mod events;
mod forums;
mod press;
mod reviews;
mod social;

use std::collections::BTreeMap;
use std::io::Write;

use crate::oracle::Oracle;
use crate::world::World;

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
#[error("{file} could not be made: {why}; nothing was written")]
pub struct FileError {
    /// Path inside the example folder.
    pub file: &'static str,
    /// What the writing library said.
    pub why: String,
}

fn failed(file: &'static str, why: &impl ToString) -> FileError {
    FileError { file, why: why.to_string() }
}

/// All generated files of the example folder, by path.
///
/// # Errors
/// When a writing library refuses a value; see [`FileError`].
pub fn render(world: &World) -> Result<BTreeMap<&'static str, Vec<u8>>, FileError> {
    let oracle = Oracle::new(world);
    Ok(BTreeMap::from([
        ("data/reseaux-sociaux.csv.gz", social::render(world)?),
        ("data/forums.ndjson.zst", forums::render(world)?),
        ("data/avis.xlsx", reviews::render(world)?),
        ("data/presse.csv.gz", press::render(world)?),
        ("kpi/hebdomadaire.csv", events::kpi(world)),
        ("events.toml", events::events().into_bytes()),
        ("truth.toml", crate::truth::render(world, &oracle).into_bytes()),
    ]))
}

/// Gzip without a name and with modification time zero.
fn gzip(file: &'static str, bytes: &[u8]) -> Result<Vec<u8>, FileError> {
    let mut encoder = flate2::GzBuilder::new().mtime(0).write(Vec::new(), flate2::Compression::new(9));
    encoder.write_all(bytes).map_err(|e| failed(file, &e))?;
    encoder.finish().map_err(|e| failed(file, &e))
}
