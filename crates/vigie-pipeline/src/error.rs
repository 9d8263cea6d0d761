//! What keeps a whole report from being made.

use std::path::PathBuf;

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
    /// A file.
    #[error("cannot write `{}`: {source}; nothing of an earlier report was touched", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A file of the project.
    #[error("cannot read `{}`: {source}", path.display())]
    ReadFile {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}
