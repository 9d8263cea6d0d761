//! What can go wrong with an archive.

use std::path::PathBuf;

use vigie_model::diagnostic::Bilingual;

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
    /// The same in both languages.
    pub fn message(&self) -> Bilingual {
        let french = match self {
            Self::Io { path, source, .. } => {
                format!("le fichier ou dossier `{}` est inutilisable : {source}", path.display())
            }
            Self::Locked { path } => format!(
                "une autre exécution de vigie écrit dans `{}` ; attendez qu'elle finisse, puis relancez",
                path.display()
            ),
            Self::Delta { table, source } => {
                format!("la table `{}` de l'archive a refusé : {source}", table.display())
            }
            Self::Rows { table, source } => {
                format!("les lignes de l'archive dans `{}` sont inutilisables : {source}", table.display())
            }
            Self::Cursor { path, reason } => format!(
                "le curseur `{}` est illisible : {reason} ; restaurez-le, ou supprimez son dossier pour relire la \
                 source depuis le début (les lignes déjà archivées ne seront pas doublées)",
                path.display()
            ),
        };
        Bilingual::new(self.to_string(), french)
    }

    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
