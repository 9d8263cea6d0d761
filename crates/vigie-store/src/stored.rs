//! One Delta table of the archive: made, opened, grown by columns, refused when it is of a later vigie.

use std::fs::File;
use std::sync::Arc;

use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake_core::kernel::{Action, Add, Remove, Transaction};
use deltalake_core::protocol::DeltaOperation;
use deltalake_core::{DeltaTable, DeltaTableError};
use polars::prelude::*;
use vigie_model::table::Table;

use crate::schema::{delta_columns, schema, stored_schema};
use crate::{Error, Place, Snapshot};

/// Table property that holds name and number of a table, `mentions/1`.
const NAME_AND_NUMBER: &str = "vigie.table";
/// Rows of one Parquet row group: what a reader of one period can skip.
const ROW_GROUP: usize = 131_072;

/// One table, with its log as far as it was read.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) table: &'static Table,
    pub(crate) delta: DeltaTable,
    /// It exists: a table is made when its first rows come.
    exists: bool,
}

/// A data file that a version of a table consists of.
///
/// Its name begins with the number of its commit, so that names in order are rows in order: of two rows with one key
/// the later one counts. A `d` follows when no row of it replaces one of another file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DataFile {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) rows: u64,
}

impl DataFile {
    /// `c0000000012-d-20261103T….parquet`.
    pub(crate) fn name(commit: u64, distinct: bool, what: &str) -> String {
        format!("c{commit:010}-{}-{what}.parquet", if distinct { 'd' } else { 'u' })
    }

    pub(crate) fn is_distinct(&self) -> bool {
        self.name.as_bytes().first() == Some(&b'c') && self.name.as_bytes().get(11..14) == Some(b"-d-")
    }

    /// Written by a compaction, for one month.
    pub(crate) fn is_compacted(&self) -> bool {
        self.is_distinct() && self.name.get(14..).is_some_and(|n| n.starts_with("month-"))
    }
}

impl Stored {
    /// Opens the table, if there is one.
    pub(crate) fn open(place: &Place, table: &'static Table) -> Result<Self, Error> {
        let mut stored =
            Self { table, delta: place.table(table.short()).map_err(refused(place, table))?, exists: false };
        stored.exists = stored.is_there(place)?;
        if stored.exists {
            stored.refresh(place)?;
        }
        Ok(stored)
    }

    fn is_there(&self, place: &Place) -> Result<bool, Error> {
        place.run(self.delta.verify_deltatable_existence()).map_err(refused(place, self.table))
    }

    /// Reads what was committed since.
    pub(crate) fn refresh(&mut self, place: &Place) -> Result<(), Error> {
        place.run(self.delta.load()).map_err(refused(place, self.table))?;
        self.refuse_later(place)
    }

    /// Goes back to an earlier version.
    pub(crate) fn load_version(&mut self, place: &Place, version: u64) -> Result<(), Error> {
        place.run(self.delta.load_version(version)).map_err(refused(place, self.table))?;
        self.refuse_later(place)
    }

    fn refuse_later(&self, place: &Place) -> Result<(), Error> {
        let state = self.delta.snapshot().map_err(refused(place, self.table))?;
        let Some(found) = state.metadata().configuration().get(NAME_AND_NUMBER) else { return Ok(()) };
        let number = |name: &str| name.rsplit('/').next().and_then(|n| n.parse::<u32>().ok());
        if number(found) > number(self.table.name) {
            return Err(Error::LaterVersion {
                table: place.shown(self.table.short()),
                found: found.clone(),
                known: self.table.name,
            });
        }
        Ok(())
    }

    /// Makes the table when there is none, and gives it the columns that came into vigie after it was made.
    pub(crate) fn ready_to_write(&mut self, place: &Place) -> Result<(), Error> {
        let refused = refused(place, self.table);
        if !self.exists {
            if !place.is_shared() {
                let folder = place.data_path(self.table.short(), "");
                std::fs::create_dir_all(&folder).map_err(Error::io("cannot create", &folder))?;
            }
            let properties = [
                (NAME_AND_NUMBER, Some(self.table.name)),
                // Reports name versions: the log is cut by compaction, which knows which ones, and by nothing else.
                ("delta.enableExpiredLogCleanup", Some("false")),
                ("delta.checkpointInterval", Some("50")),
            ];
            let create = self.delta.clone().create().with_table_name(self.table.short());
            let create = create.with_columns(delta_columns(self.table)).with_configuration(properties);
            match place.run(create.with_raise_if_key_not_exists(false).into_future()) {
                Ok(made) => {
                    self.delta = made;
                    self.exists = true;
                    return Ok(());
                }
                // Another machine made it at the same moment.
                Err(_) if place.is_shared() && self.is_there(place)? => self.refresh(place)?,
                Err(error) => return Err(refused(error)),
            }
            self.exists = true;
        }
        let state = self.delta.snapshot().map_err(refused)?;
        let there = state.schema();
        let missing: Vec<_> =
            delta_columns(self.table).into_iter().filter(|c| there.field(c.name()).is_none()).collect();
        if !missing.is_empty() {
            let grown = self.delta.clone().add_columns().with_fields(missing);
            self.delta = place.run(grown.into_future()).map_err(refused)?;
        }
        Ok(())
    }

    /// Number of the last commit; `None` when there is no table yet.
    pub(crate) fn version(&self) -> Option<u64> {
        self.delta.version().filter(|_| self.exists)
    }

    /// The number that `application` last committed.
    pub(crate) fn transaction(&self, place: &Place, application: &str) -> Result<Option<i64>, Error> {
        if !self.exists {
            return Ok(None);
        }
        let log = self.delta.log_store();
        let number = place.run(async {
            let snapshot = self.delta.snapshot()?.snapshot();
            snapshot.transaction_version(log.as_ref(), application.to_owned()).await
        });
        number.map_err(refused(place, self.table))
    }

    /// The data files of the version that was read, in the order of their commits.
    pub(crate) fn files(&self, place: &Place) -> Result<Vec<DataFile>, Error> {
        if !self.exists {
            return Ok(Vec::new());
        }
        let state = self.delta.snapshot().map_err(refused(place, self.table))?;
        let mut files: Vec<DataFile> = state
            .log_data()
            .iter()
            .map(|file| {
                let stats = file.stats().and_then(|s| serde_json::from_str::<serde_json::Value>(&s).ok());
                DataFile {
                    name: file.path().into_owned(),
                    bytes: u64::try_from(file.size()).unwrap_or_default(),
                    rows: stats.and_then(|s| s["numRecords"].as_u64()).unwrap_or_default(),
                }
            })
            .collect();
        files.sort();
        Ok(files)
    }

    /// The version that was read, as rows.
    pub(crate) fn snapshot(&self, place: &Place) -> Result<Snapshot, Error> {
        let files = self.files(place)?;
        let columns = if self.exists {
            let state = self.delta.snapshot().map_err(refused(place, self.table))?;
            stored_schema(&state.schema())
                .map_err(|column| Error::ForeignColumn { table: place.shown(self.table.short()), column })?
        } else {
            schema(self.table)
        };
        let version = self.version().unwrap_or_default();
        Ok(Snapshot::new(place.clone(), self.table, version, Arc::new(columns), files))
    }

    /// The actions that take every file named out of the table.
    pub(crate) fn removals(&self, place: &Place, gone: &dyn Fn(&str) -> bool) -> Result<Vec<Remove>, Error> {
        let state = self.delta.snapshot().map_err(refused(place, self.table))?;
        let files = state.log_data();
        Ok(files.iter().filter(|f| gone(&f.path())).map(|f| f.remove_action(true)).collect())
    }

    /// Writes rows to a file that no commit names yet. `now` is in microseconds since 1970.
    pub(crate) fn write_rows(
        &self,
        place: &Place,
        name: &str,
        new: bool,
        rows: &mut DataFrame,
        now: i64,
    ) -> Result<Add, Error> {
        let path = place.data_path(self.table.short(), name);
        let folder = path.parent().unwrap_or(place.local());
        std::fs::create_dir_all(folder).map_err(Error::io("cannot create", folder))?;
        let file = File::create(&path).map_err(Error::io("cannot write", &path))?;
        let count = rows.height();
        ParquetWriter::new(&file)
            .with_compression(ParquetCompression::Zstd(None))
            .with_row_group_size(Some(ROW_GROUP))
            .finish(rows)
            .map_err(|source| match source {
                PolarsError::IO { error, .. } => {
                    Error::io("cannot write", &path)(std::io::Error::new(error.kind(), error.to_string()))
                }
                source => Error::Rows { table: path.clone(), source },
            })?;
        // The commit must never name rows that a power cut could still take away.
        file.sync_all().map_err(Error::io("cannot write", &path))?;
        let size = file.metadata().map_err(Error::io("cannot read", &path))?.len();
        place.keep_data(self.table.short(), name, new)?;
        Ok(Add {
            path: name.to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            modification_time: now / 1_000,
            data_change: true,
            stats: Some(format!("{{\"numRecords\":{count}}}")),
            ..Add::default()
        })
    }

    /// Commits `actions`, with the number of a cursor where there is one. Gives the new version.
    pub(crate) fn commit(
        &mut self,
        place: &Place,
        actions: Vec<Action>,
        cursor: Option<Transaction>,
        operation: DeltaOperation,
    ) -> Result<u64, Error> {
        let mut properties = CommitProperties::default().with_cleanup_expired_logs(Some(false));
        if let Some(cursor) = cursor {
            properties = properties.with_application_transaction(cursor);
        }
        let log = self.delta.log_store();
        let committed = place.run(async {
            let snapshot = self.delta.snapshot()?.snapshot().clone();
            let commit = CommitBuilder::from(properties).with_actions(actions);
            let version = commit.build(Some(&snapshot), log, operation).await?.version();
            self.delta.update_state().await?;
            Ok(version)
        });
        let version = committed.map_err(refused(place, self.table))?;
        if !place.is_shared() {
            let entry = place.local().join(self.table.short()).join(format!("_delta_log/{version:020}.json"));
            let parent = entry.parent().unwrap_or(place.local());
            for path in [entry.as_path(), parent] {
                File::open(path).and_then(|f| f.sync_all()).map_err(Error::io("cannot write", path))?;
            }
        }
        Ok(version)
    }
}

/// The table library's answer as an error of this archive.
pub(crate) fn refused<'a>(place: &'a Place, table: &'a Table) -> impl Fn(DeltaTableError) -> Error + Copy + 'a {
    move |source| Error::delta(place.shown(table.short()), source)
}
