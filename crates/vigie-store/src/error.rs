//! What can go wrong with an archive.

use std::path::PathBuf;

/// An archive that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system refused.
    #[error("{action} `{path}`: {source}")]
    Io {
        /// What was attempted ("cannot write").
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Another run holds the archive.
    #[error("another vigie run is writing to `{path}`; wait for it to end, then run again")]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The table log refused.
    #[error("the archive's table `{table}` refused: {source}")]
    Delta {
        /// The table's folder.
        table: PathBuf,
        /// The table library's answer.
        source: Box<deltalake_core::DeltaTableError>,
    },
    /// Rows could not be written or read as Parquet.
    #[error("the archive's rows in `{table}` cannot be used: {source}")]
    Rows {
        /// The table's folder.
        table: PathBuf,
        /// The frame library's answer.
        source: polars::error::PolarsError,
    },
    /// A cursor file does not hold what the table's log says it holds.
    #[error("cursor `{path}` cannot be read: {reason}; restore it from a backup, or delete the folder `{}` to read the source from its beginning (rows already archived are not doubled)", path.parent().map(std::path::Path::display).map(|d| d.to_string()).unwrap_or_default())]
    Cursor {
        /// The cursor's file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl Error {
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
