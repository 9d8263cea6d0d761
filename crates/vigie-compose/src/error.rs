//! What can keep a report from being composed: our own templates, never the data.

/// A report that cannot be composed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A sentence is missing or its slots do not fit.
    #[error("message catalogue: {0}")]
    Catalogue(#[from] vigie_report::catalogue::Error),
    /// The catalogue's files cannot be read.
    #[error("message catalogue: {0}")]
    CatalogueFiles(#[from] vigie_report::catalogue::LoadErrors),
    /// A drawing cannot be made.
    #[error("chart `{figure}` cannot be drawn: {source}")]
    Chart {
        /// Figure id.
        figure: String,
        /// The chart kit's answer.
        source: vigie_chart::Error,
    },
    /// Two figures of one report disagree on a quantity.
    #[error("quantity `{key}` has two values, {first} and {second}")]
    Unreconciled {
        /// The key.
        key: String,
        /// First value.
        first: f64,
        /// Other value.
        second: f64,
    },
}
