//! What stops a whole collection. What stops one source is in its ledger instead.

use std::path::PathBuf;

use vigie_model::diagnostic::Bilingual;

/// A collection that could not run or be kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the archive or of the project.
    #[error("cannot use `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A key of pseudonyms that could be guessed.
    #[error("the author key in `{}` is shorter than 16 characters; replace it by a long random text", path.display())]
    ShortKey {
        /// Where it comes from.
        path: PathBuf,
    },
    /// Rows of a plugin that the frame library cannot hold.
    #[error("rows cannot be kept: {0}")]
    Rows(polars::error::PolarsError),
    /// The running program, which is also the one that reads.
    #[error("this program cannot find itself: {0}")]
    Program(std::io::Error),
    /// The archive.
    #[error(transparent)]
    Archive(#[from] vigie_store::Error),
}

impl Error {
    /// The same in both languages.
    pub fn message(&self) -> Bilingual {
        let french = match self {
            Self::Io { path, source } => format!("`{}` est inutilisable : {source}", path.display()),
            Self::ShortKey { path } => format!(
                "la clé des auteurs dans `{}` a moins de 16 caractères ; remplacez-la par un long texte au hasard",
                path.display()
            ),
            Self::Rows(source) => format!("des lignes ne peuvent être gardées : {source}"),
            Self::Program(source) => format!("ce programme ne se trouve pas lui-même : {source}"),
            Self::Archive(error) => return error.message(),
        };
        Bilingual::new(self.to_string(), french)
    }
}
