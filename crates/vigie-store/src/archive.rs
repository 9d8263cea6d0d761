//! The `mentions` table: append with cursor, known rows, reads at a version.

use std::fs::File;
use std::path::{Path, PathBuf};

use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake_core::kernel::{Action, Add, Transaction};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableBuilder, DeltaTableError};
use polars::prelude::*;
use tokio::runtime::Runtime;

use crate::schema::{delta_columns, schema};
use crate::{Cursor, Error, KnownRows, cursor};

/// A client's archive, opened.
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    table_folder: PathBuf,
    runtime: Runtime,
    table: DeltaTable,
}

/// The rows of one version of the archive.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Version of the `mentions` table.
    pub version: u64,
    files: Vec<PathBuf>,
    table_folder: PathBuf,
}

impl Archive {
    /// Opens the archive in `folder`, made if there is none.
    ///
    /// # Errors
    /// When the folder cannot be created or its table cannot be read.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let table_folder = folder.join("mentions");
        std::fs::create_dir_all(&table_folder).map_err(Error::io("cannot create", &table_folder))?;
        let table_folder = table_folder.canonicalize().map_err(Error::io("cannot open", &table_folder))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(Error::io("cannot start reading", folder))?;
        let refused = |source: DeltaTableError| Error::Delta { table: table_folder.clone(), source: Box::new(source) };
        let url = url::Url::from_directory_path(&table_folder)
            .map_err(|()| refused(DeltaTableError::InvalidTableLocation(table_folder.display().to_string())))?;
        let table = runtime
            .block_on(async {
                let mut table = DeltaTableBuilder::from_url(url.clone())?.build()?;
                if table.verify_deltatable_existence().await? {
                    table.load().await?;
                    return Ok(table);
                }
                CreateBuilder::new()
                    .with_location(url.as_str())
                    .with_table_name("mentions")
                    .with_columns(delta_columns())
                    .await
            })
            .map_err(refused)?;
        Ok(Self { folder: folder.to_owned(), table_folder, runtime, table })
    }

    /// The archive's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The cursor last committed for `source`; without state when there is none, or when its folder was
    /// deleted to read the source from its beginning.
    ///
    /// # Errors
    /// When the log or the cursor's file cannot be read.
    pub fn cursor(&self, source: &str) -> Result<Cursor, Error> {
        let log = self.table.log_store();
        let sequence = self
            .runtime
            .block_on(async {
                let snapshot = self.table.snapshot()?.snapshot();
                snapshot.transaction_version(log.as_ref(), app_id(source)).await
            })
            .map_err(|e| self.refused(e))?;
        let Some(sequence) = sequence else { return Ok(Cursor::default()) };
        if cursor::is_forgotten(&self.folder, source) {
            return Ok(Cursor { sequence, ..Cursor::default() });
        }
        cursor::read(&self.folder, source, sequence)
    }

    /// Appends `rows` (schema of [`schema`]) and moves `source` to `cursor`, in one commit.
    /// Returns the new version. Without rows the cursor alone is committed.
    ///
    /// # Errors
    /// When a file cannot be written or the commit is refused; the archive is then as it was.
    pub fn append(&mut self, source: &str, batch: &str, rows: &mut DataFrame, cursor: &Cursor) -> Result<u64, Error> {
        let mut actions = Vec::new();
        if rows.height() > 0 {
            let name = format!("{batch}-{source}-{:08}.parquet", cursor.sequence);
            actions.push(Action::Add(self.write_rows(&name, rows)?));
        }
        cursor::write(&self.folder, source, cursor)?;
        let properties =
            CommitProperties::default().with_application_transaction(Transaction::new(app_id(source), cursor.sequence));
        let operation = DeltaOperation::Write { mode: SaveMode::Append, partition_by: None, predicate: None };
        let log = self.table.log_store();
        let committed = self.runtime.block_on(async {
            let snapshot = self.table.snapshot()?.snapshot().clone();
            let version = CommitBuilder::from(properties)
                .with_actions(actions)
                .build(Some(&snapshot), log, operation)
                .await?
                .version();
            self.table.update_state().await?;
            Ok(version)
        });
        let version = committed.map_err(|e| self.refused(e))?;
        cursor::forget_before(&self.folder, source, cursor.sequence);
        Ok(version)
    }

    fn write_rows(&self, name: &str, rows: &mut DataFrame) -> Result<Add, Error> {
        let path = self.table_folder.join(name);
        let file = File::create(&path).map_err(Error::io("cannot write", &path))?;
        let count = rows.height();
        ParquetWriter::new(&file)
            .with_compression(ParquetCompression::Zstd(None))
            .finish(rows)
            .map_err(|e| self.unusable(e))?;
        // The commit must never name rows that a power cut could still take away.
        file.sync_all().map_err(Error::io("cannot write", &path))?;
        let size = file.metadata().map_err(Error::io("cannot read", &path))?.len();
        Ok(Add {
            path: name.to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            data_change: true,
            stats: Some(format!("{{\"numRecords\":{count}}}")),
            ..Add::default()
        })
    }

    /// The archive as it is now.
    ///
    /// # Errors
    /// When the table's log cannot be read.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        let state = self.table.snapshot().map_err(|e| self.refused(e))?;
        let mut files: Vec<PathBuf> =
            state.log_data().iter().map(|f| self.table_folder.join(f.path().as_ref())).collect();
        files.sort();
        Ok(Snapshot { version: state.version(), files, table_folder: self.table_folder.clone() })
    }

    /// Fingerprints of every archived row.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub fn known_rows(&self) -> Result<KnownRows, Error> {
        let frame = self.snapshot()?.all_versions()?.select([col("uid"), col("content_hash")]).collect();
        let frame = frame.map_err(|e| self.unusable(e))?;
        let mut known = KnownRows::default();
        let text = |name: &str| frame.column(name).and_then(|c| c.str().cloned()).map_err(|e| self.unusable(e));
        let (uids, hashes) = (text("uid")?, text("content_hash")?);
        for (uid, hash) in uids.iter().zip(hashes.iter()) {
            known.observe(uid.unwrap_or_default(), hash.unwrap_or_default());
        }
        Ok(known)
    }

    fn refused(&self, source: DeltaTableError) -> Error {
        Error::Delta { table: self.table_folder.clone(), source: Box::new(source) }
    }

    fn unusable(&self, source: PolarsError) -> Error {
        Error::Rows { table: self.table_folder.clone(), source }
    }
}

impl Snapshot {
    /// Every stored row, earlier versions of edited ones included.
    ///
    /// # Errors
    /// When a file of the version is missing.
    pub fn all_versions(&self) -> Result<LazyFrame, Error> {
        if self.files.is_empty() {
            return Ok(DataFrame::empty_with_schema(&schema()).lazy());
        }
        let paths = self.files.iter().map(|p| PlRefPath::try_from_path(p)).collect::<PolarsResult<Vec<_>>>();
        paths
            .and_then(|p| LazyFrame::scan_parquet_files(p.into_iter().collect(), ScanArgsParquet::default()))
            .map_err(|source| Error::Rows { table: self.table_folder.clone(), source })
    }

    /// One row per mention, the newest version of each, in the order of `published_at`, then `uid`.
    ///
    /// # Errors
    /// When a file of the version is missing.
    pub fn mentions(&self) -> Result<LazyFrame, Error> {
        Ok(self
            .all_versions()?
            // Rows of one run share their time: what came later stays later.
            .sort(["uid", "first_seen_at"], SortMultipleOptions::default().with_maintain_order(true))
            .unique_stable(Some(cols(["uid"])), UniqueKeepStrategy::Last)
            .sort(["published_at", "uid"], SortMultipleOptions::default()))
    }
}

fn app_id(source: &str) -> String {
    format!("vigie.source.{source}")
}
