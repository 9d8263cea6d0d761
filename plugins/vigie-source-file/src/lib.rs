//! Mentions from files: CSV, NDJSON, XLSX, Parquet; gzip and zstd; any encoding; columns mapped in TOML.
//!
//! The plugin `file` of vigie. What options mean is in `spec.json`; README.md explains them with examples.

mod bytes;
mod cell;
mod columnar;
mod config;
mod dates;
mod delimited;
mod encoding;
mod header;
mod lines;
mod notices;
mod numbers;
mod paths;
mod plan;
mod reading;
mod source;
mod state;
mod workbook;

pub use source::File;

vigie_plugin::export_source!(File, id = "file", spec = include_str!("../spec.json"));
