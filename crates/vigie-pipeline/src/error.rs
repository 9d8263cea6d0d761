//! What keeps a whole report from being made.

use std::path::PathBuf;

use vigie_model::diagnostic::{Bilingual, Diagnostic};

/// A run without report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The archive.
    #[error(transparent)]
    Archive(#[from] vigie_store::Error),
    /// Collecting.
    #[error(transparent)]
    Collect(#[from] vigie_collect::Error),
    /// Reading texts.
    #[error(transparent)]
    Read(#[from] vigie_enrich::Error),
    /// Counting.
    #[error("the readings cannot be counted: {0}")]
    Count(#[from] polars::error::PolarsError),
    /// Words and figures.
    #[error(transparent)]
    Compose(#[from] vigie_compose::Error),
    /// The HTML page.
    #[error(transparent)]
    Html(#[from] vigie_html::Error),
    /// The PDF.
    #[error(transparent)]
    Pdf(#[from] vigie_pdf::Error),
    /// A query that worked in `check` does not any more.
    #[error("the queries cannot be compiled: {0}")]
    Queries(String),
    /// The report model cannot be written.
    #[error("the report cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A font or colour of ours is broken.
    #[error("charts cannot be drawn: {0}")]
    Chart(#[from] vigie_chart::Error),
    /// Plugins that are not those of `vigie.lock`; the configuration is wrong, not the machine.
    #[error("the plugins are not those of vigie.lock")]
    Pins(Vec<Diagnostic>),
    /// A file.
    #[error("cannot write `{}`: {source}; nothing of an earlier report was touched", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A sheet that a person may have filled in.
    #[error("`{}` is there already and was not replaced; load it, move it or remove it", .0.display())]
    SheetExists(PathBuf),
    /// A sheet of mentions.
    #[error("the sheet cannot be made: {0}")]
    Sheet(String),
    /// A file of the project.
    #[error("cannot read `{}`: {source}", path.display())]
    ReadFile {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl Error {
    /// The same in both languages. What only our own templates can cause stays in English behind a
    /// French beginning: it is for whoever reports it.
    pub fn message(&self) -> Bilingual {
        let french = match self {
            Self::Archive(error) => return error.message(),
            Self::Collect(error) => return error.message(),
            Self::Html(error) => return error.bilingual(),
            Self::Write { path, source } => format!(
                "`{}` ne peut être écrit : {source} ; rien d'un rapport antérieur n'a été touché",
                path.display()
            ),
            Self::ReadFile { path, source } => format!("`{}` ne peut être lu : {source}", path.display()),
            Self::SheetExists(path) => format!(
                "`{}` existe déjà et n'a pas été remplacé ; chargez-le, déplacez-le ou retirez-le",
                path.display()
            ),
            Self::Sheet(what) => format!("la feuille n'a pu être faite : {what}"),
            Self::Pins(_) => "les greffons ne sont pas ceux de vigie.lock".to_owned(),
            Self::Queries(what) => format!("les requêtes ne peuvent être compilées : {what}"),
            Self::Pdf(error) => format!("le PDF n'a pu être fait : {error}"),
            Self::Read(_) | Self::Count(_) | Self::Compose(_) | Self::Json(_) | Self::Chart(_) => {
                format!("le rapport n'a pu être composé : {self}")
            }
        };
        Bilingual::new(self.to_string(), french)
    }
}
