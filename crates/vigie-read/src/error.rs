//! What can go wrong while reading a table, in words for its owner.

use std::io;
use std::path::PathBuf;

use vigie_model::diagnostic::Bilingual;

/// Why a table cannot be read, or its readings not written.
#[derive(Debug)]
pub enum Error {
    /// The file cannot be opened.
    Open {
        /// Which.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A column that was asked for is not there.
    Column {
        /// Which file.
        file: PathBuf,
        /// The name asked for.
        column: String,
        /// The names that are there.
        there: Vec<String>,
    },
    /// No row has a text.
    NoText {
        /// Which file.
        file: PathBuf,
        /// The column of texts.
        column: String,
        /// How many rows were read.
        rows: u64,
    },
    /// The file breaks off or is not of the form it claims.
    Broken {
        /// Which file.
        file: PathBuf,
        /// Rows read before.
        rows: u64,
        /// What its reader says.
        reason: String,
    },
    /// The readings cannot be written.
    Write(io::Error),
}

impl Error {
    /// What happened.
    pub fn message(&self) -> Bilingual {
        match self {
            Self::Open { file, source } => Bilingual::new(
                format!("{} cannot be opened: {source}", file.display()),
                format!("{} ne peut pas être ouvert : {source}", file.display()),
            ),
            Self::Column { file, column, .. } => Bilingual::new(
                format!("{} has no column `{column}`; nothing was read", file.display()),
                format!("{} n'a pas de colonne `{column}` ; rien n'a été lu", file.display()),
            ),
            Self::NoText { file, column, rows } => Bilingual::new(
                format!("none of the {rows} rows of {} has a text in `{column}`", file.display()),
                format!("aucune des {rows} lignes de {} n'a de texte dans `{column}`", file.display()),
            ),
            Self::Broken { file, rows, reason } => Bilingual::new(
                format!("{} cannot be read after row {rows}: {reason}; the rows before are written", file.display()),
                format!(
                    "{} ne peut plus être lu après la ligne {rows} : {reason} ; les lignes précédentes sont écrites",
                    file.display()
                ),
            ),
            Self::Write(source) => Bilingual::new(
                format!("the readings cannot be written: {source}"),
                format!("les lectures ne peuvent pas être écrites : {source}"),
            ),
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Bilingual {
        match self {
            Self::Open { .. } => Bilingual::new(
                "check the path and the permissions of the file",
                "vérifiez le chemin et les droits du fichier",
            ),
            Self::Column { there, .. } => {
                let list = there.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
                Bilingual::new(
                    format!("its columns are {list}; name one of them"),
                    format!("ses colonnes sont {list} ; nommez l'une d'elles"),
                )
            }
            Self::NoText { .. } => {
                Bilingual::new("name the column of texts with --text", "nommez la colonne des textes avec --text")
            }
            Self::Broken { .. } => Bilingual::new(
                "mend the file or export it again, then run again",
                "réparez le fichier ou exportez-le de nouveau, puis relancez",
            ),
            Self::Write(_) => Bilingual::new(
                "check that there is room and that the folder can be written",
                "vérifiez qu'il reste de la place et que le dossier est accessible en écriture",
            ),
        }
    }

    /// True when the reader of the output went away (`| head`): it has what it wanted.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Write(source) if source.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<io::Error> for Error {
    fn from(source: io::Error) -> Self {
        Self::Write(source)
    }
}
