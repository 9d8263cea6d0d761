//! What a person does with an archive: look at it, compact it, take rows out of it and into it, read a source anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use vigie_collect::SourceRecord;
use vigie_config::settings::Project;
use vigie_model::table::Table;
use vigie_store::{Archive, Compacted, Format, Imported, Lock, SlotInfo, Stamp, TableInfo};

use crate::Error;
use crate::collection::place;

/// What an archive holds.
pub struct ArchiveInfo {
    /// Its folder or its URL.
    pub place: String,
    /// Its tables.
    pub tables: Vec<TableInfo>,
    /// Where each source goes on.
    pub cursors: Vec<SlotInfo>,
    /// Last record of each of the project's sources that was collected.
    pub sources: Vec<SourceRecord>,
    /// Rejected rows kept on this machine, by source.
    pub quarantine: BTreeMap<String, u64>,
}

/// Looks at the project's archive.
///
/// # Errors
/// When it cannot be read.
pub fn archive_info(project: &Project) -> Result<ArchiveInfo, Error> {
    let archive = Archive::open(place(project)?)?;
    let sources = project.sources.iter().map(|s| s.id.as_str());
    Ok(ArchiveInfo {
        place: archive.place().name(),
        tables: archive.tables()?,
        cursors: archive.cursors()?,
        sources: vigie_collect::records(archive.place(), sources)?,
        quarantine: vigie_collect::quarantined(archive.place())?,
    })
}

/// One file a month and one row a key; what neither readers nor reports need is deleted.
///
/// # Errors
/// When the archive is in use or a file cannot be written; it then holds what it held.
pub fn archive_compact(project: &Project, now: Timestamp) -> Result<Vec<Compacted>, Error> {
    let place = place(project)?;
    let _lock = Lock::take(place.local())?;
    let mut archive = Archive::open(place)?;
    archive.finish_commits()?;
    archive.enforce(now.as_microsecond())?;
    Ok(archive.compact(now.as_microsecond(), &versions_of_reports(&project.dir))?)
}

/// Versions of the mentions that the project's reports were made from.
fn versions_of_reports(project: &Path) -> Vec<u64> {
    let Ok(reports) = std::fs::read_dir(project.join("reports")) else { return Vec::new() };
    let version = |manifest: PathBuf| -> Option<u64> {
        let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(manifest).ok()?).ok()?;
        manifest["inputs"]["archive"].as_str()?.parse().ok()
    };
    let mut versions: Vec<u64> = reports.flatten().filter_map(|r| version(r.path().join("manifest.json"))).collect();
    versions.sort_unstable();
    versions.dedup();
    versions
}

/// Writes tables of the project's archive to files in `folder`: those of `tables`, or all that exist. Gives each file
/// and its rows. `version` is an earlier version, for one table.
///
/// # Errors
/// When the archive cannot be read or a file cannot be written.
pub fn archive_export(
    project: &Project,
    tables: &[&'static Table],
    version: Option<u64>,
    folder: &Path,
    format: Format,
) -> Result<Vec<(PathBuf, u64)>, Error> {
    let archive = Archive::open(place(project)?)?;
    let there = archive.tables()?;
    let mut written = Vec::new();
    for table in tables.iter().copied().filter(|t| there.iter().any(|info| info.name == t.name)) {
        let snapshot = match version {
            Some(version) => archive.snapshot_at(table, version)?,
            None => archive.snapshot(table)?,
        };
        written.push(vigie_store::export(&snapshot, folder, format)?);
    }
    Ok(written)
}

/// Merges an archive, or exported files, into the project's archive.
///
/// # Errors
/// When there is nothing to import, the archive is in use, or a file cannot be read or written.
pub fn archive_import(
    project: &Project,
    from: &Path,
    now: Timestamp,
) -> Result<Vec<(&'static Table, Imported)>, Error> {
    let origins = vigie_store::origins(from)?;
    let place = place(project)?;
    let _lock = Lock::take(place.local())?;
    let mut archive = Archive::open(place)?;
    archive.finish_commits()?;
    let batch = now.strftime("%Y%m%dT%H%M%S%.6fZ").to_string();
    let mut done = Vec::new();
    for origin in &origins {
        done.extend(vigie_store::import(&mut archive, origin, Stamp { batch: &batch, now: now.as_microsecond() })?);
    }
    archive.enforce(now.as_microsecond())?;
    Ok(done)
}

/// Forgets how far a source was read. Returns how many cursors were emptied.
///
/// # Errors
/// When the archive is in use or cannot be written.
pub fn reset_state(project: &Project, source: &str) -> Result<usize, Error> {
    let place = place(project)?;
    let _lock = Lock::take(place.local())?;
    Ok(Archive::open(place)?.reset(source)?)
}
