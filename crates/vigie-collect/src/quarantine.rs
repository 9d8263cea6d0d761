//! Rows that could not become mentions, kept for a person to look at.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::json;
use vigie_plugin_host::Reject;
use vigie_store::Place;

use crate::Error;

/// The rejected rows of one source in one run: `quarantine/<source>/<batch>.ndjson`, made at the
/// first one. Readable by the owner only: raw rows may name people.
pub(crate) struct Quarantine {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    /// Bytes written by this run, and those a checkpoint covers.
    written: u64,
    covered: u64,
}

impl Quarantine {
    /// The file rejects of this run go to.
    pub(crate) fn new(archive: &Path, source: &str, batch: &str) -> Self {
        Self {
            path: archive.join("quarantine").join(source).join(format!("{batch}.ndjson")),
            file: None,
            written: 0,
            covered: 0,
        }
    }

    /// Where the rows are.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps one row.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn keep(&mut self, reject: &Reject) -> std::io::Result<()> {
        if self.file.is_none() {
            self.file = Some(BufWriter::new(open(&self.path)?));
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        let line = json!({
            "table": reject.table, "native_id": reject.native_id, "reason": reject.reason,
            "place": reject.place, "raw": reject.raw,
        });
        let line = format!("{line}\n");
        self.written += line.len() as u64;
        file.write_all(line.as_bytes())
    }

    /// Everything so far stays.
    pub(crate) fn checkpoint(&mut self) {
        self.covered = self.written;
    }

    /// Drops the rows after the last checkpoint: they will come again.
    ///
    /// # Errors
    /// When the file cannot be cut.
    pub(crate) fn rewind(&mut self) -> std::io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.flush()?;
        let file = file.get_ref();
        let whole = file.metadata()?.len();
        file.set_len(whole - (self.written - self.covered))?;
        self.written = self.covered;
        Ok(())
    }

    /// Writes what is still in memory, down to the disk.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn flush(&mut self) -> std::io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.flush()?;
        file.get_ref().sync_data()
    }
}

/// Rejected rows kept on this machine, by source. What a killed run left of a line is none.
///
/// # Errors
/// When a file cannot be read.
pub fn quarantined(archive: &Place) -> Result<BTreeMap<String, u64>, Error> {
    let folder = archive.local().join("quarantine");
    let mut rows = BTreeMap::new();
    for source in entries(&folder)? {
        let mut count = 0;
        for path in entries(&source)? {
            let bytes = std::fs::read(&path).map_err(|source| Error::Io { path, source })?;
            count += bytes.iter().filter(|b| **b == b'\n').count() as u64;
        }
        rows.insert(source.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(), count);
    }
    Ok(rows)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let io = |source| Error::Io { path: folder.to_owned(), source };
    match std::fs::read_dir(folder) {
        Ok(found) => found.map(|e| e.map(|e| e.path()).map_err(io)).collect(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(io(e)),
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
