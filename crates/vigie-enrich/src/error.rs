//! What can go wrong while reading the archive's texts.

/// Mentions that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The archive's rows have another shape than expected.
    #[error("the archive's rows cannot be read: {0}")]
    Rows(#[from] polars::error::PolarsError),
    /// A period outside what a calendar can hold.
    #[error("the period cannot be placed in time: {0}")]
    Period(#[from] jiff::Error),
    /// Queries that cannot be compiled together.
    #[error("the queries cannot be compiled: {0}")]
    Queries(String),
}
