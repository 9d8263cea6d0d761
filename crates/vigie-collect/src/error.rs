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
    /// A shared archive, and no key that other machines have too.
    #[error(
        "the archive `{archive}` is shared, and there is no author key: put the same key of at least 16 characters into VIGIE_AUTHOR_KEY or author.key on every machine"
    )]
    NoSharedKey {
        /// The archive.
        archive: String,
    },
    /// A shared archive that was filled with another key.
    #[error(
        "the author key is not the one that the archive `{archive}` was made with: its authors would be counted twice; use that key"
    )]
    OtherKey {
        /// The archive.
        archive: String,
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
            Self::NoSharedKey { archive } => format!(
                "l'archive `{archive}` est partagée, et il n'y a pas de clé des auteurs : mettez la même clé d'au moins \
                 16 caractères dans VIGIE_AUTHOR_KEY ou author.key sur chaque machine"
            ),
            Self::OtherKey { archive } => format!(
                "la clé des auteurs n'est pas celle avec laquelle l'archive `{archive}` a été faite : ses auteurs \
                 seraient comptés deux fois ; employez cette clé-là"
            ),
            Self::Rows(source) => format!("des lignes ne peuvent être gardées : {source}"),
            Self::Program(source) => format!("ce programme ne se trouve pas lui-même : {source}"),
            Self::Archive(error) => return error.message(),
        };
        Bilingual::new(self.to_string(), french)
    }
}
