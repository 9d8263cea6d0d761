//! What can go wrong with an archive.

use std::path::PathBuf;

use deltalake_core::DeltaTableError;
use deltalake_core::kernel::transaction::TransactionError;
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
        source: Box<DeltaTableError>,
    },
    /// Another machine committed the same source meanwhile.
    #[error("another machine wrote to `{table}` at the same time; nothing was added here, run again")]
    OtherWriter {
        /// The table.
        table: PathBuf,
    },
    /// The table was made by a later vigie, under another number.
    #[error(
        "the archive's table `{table}` is `{found}`, and this vigie knows up to `{known}`; use the vigie that wrote it, or a later one (nothing was changed)"
    )]
    LaterVersion {
        /// The table.
        table: PathBuf,
        /// Its name and number.
        found: String,
        /// What this vigie writes.
        known: &'static str,
    },
    /// A column of a type that no vigie writes.
    #[error(
        "column `{column}` of the archive's table `{table}` has a type that vigie does not read; take it out with the program that added it"
    )]
    ForeignColumn {
        /// The table.
        table: PathBuf,
        /// The column.
        column: String,
    },
    /// A version that never was, or of which files are gone.
    #[error(
        "version {version} of the archive's table `{table}` cannot be read any more, or never was; `vigie archive info` tells the newest one"
    )]
    NoVersion {
        /// The table.
        table: PathBuf,
        /// The version asked for.
        version: u64,
    },
    /// The address of a bucket cannot be used.
    #[error("the archive's address `{url}` cannot be used: {reason}")]
    BucketUrl {
        /// The address.
        url: String,
        /// Why.
        reason: String,
    },
    /// A bucket refused.
    #[error(
        "the archive's store refused `{object}`: {source}; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL"
    )]
    Bucket {
        /// The object.
        object: String,
        /// The store's answer.
        source: Box<object_store::Error>,
    },
    /// Neither an archive nor exported files.
    #[error(
        "`{path}` holds neither an archive nor files of `vigie archive export` (mentions.parquet, mentions.ndjson, mentions.csv…)"
    )]
    NothingToImport {
        /// What was given.
        path: PathBuf,
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
            Self::OtherWriter { table } => format!(
                "une autre machine a écrit dans `{}` au même moment ; rien n'a été ajouté ici, relancez",
                table.display()
            ),
            Self::LaterVersion { table, found, known } => format!(
                "la table `{}` de l'archive est `{found}`, et ce vigie connaît jusqu'à `{known}` ; prenez le vigie qui \
                 l'a écrite, ou un plus récent (rien n'a été modifié)",
                table.display()
            ),
            Self::ForeignColumn { table, column } => format!(
                "la colonne `{column}` de la table `{}` de l'archive est d'un type que vigie ne lit pas ; retirez-la \
                 avec le programme qui l'a ajoutée",
                table.display()
            ),
            Self::NoVersion { table, version } => format!(
                "la version {version} de la table `{}` de l'archive ne peut plus être lue, ou n'a jamais existé ; \
                 `vigie archive info` donne la plus récente",
                table.display()
            ),
            Self::BucketUrl { url, reason } => {
                format!("l'adresse `{url}` de l'archive est inutilisable : {reason}")
            }
            Self::Bucket { object, source } => format!(
                "le stockage de l'archive a refusé `{object}` : {source} ; vérifiez AWS_ACCESS_KEY_ID, \
                 AWS_SECRET_ACCESS_KEY, AWS_REGION et AWS_ENDPOINT_URL"
            ),
            Self::NothingToImport { path } => format!(
                "`{}` ne contient ni archive, ni fichiers de `vigie archive export` (mentions.parquet, \
                 mentions.ndjson, mentions.csv…)",
                path.display()
            ),
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

    /// The table library's answer, where another writer is behind it in those words.
    pub(crate) fn delta(table: PathBuf, source: DeltaTableError) -> Self {
        match source {
            DeltaTableError::Transaction {
                source: TransactionError::CommitConflict(_) | TransactionError::MaxCommitAttempts(_),
            } => Self::OtherWriter { table },
            source => Self::Delta { table, source: Box::new(source) },
        }
    }

    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
