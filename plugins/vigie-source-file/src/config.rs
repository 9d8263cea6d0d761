//! The options of `spec.json` as the code sees them; the host has applied the defaults.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Columns of a mention this source can fill, in the order used everywhere in this crate.
pub(crate) const FIELDS: [&str; 23] = [
    "native_id",
    "platform",
    "kind",
    "url",
    "published_at",
    "author_id",
    "author_handle",
    "author_name",
    "author_followers",
    "venue_name",
    "title",
    "text",
    "text_origin",
    "lang",
    "likes",
    "shares",
    "replies",
    "views",
    "rating_raw",
    "rating_scale",
    "country",
    "retention",
    "quote_ok",
];

/// Position of a column in [`FIELDS`].
pub(crate) fn field(name: &str) -> Option<usize> {
    FIELDS.iter().position(|f| *f == name)
}

/// Form of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    #[default]
    Auto,
    Csv,
    Ndjson,
    Xlsx,
    Parquet,
}

/// A constant or translated value; numbers keep their TOML spelling as text.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Scalar {
    Text(String),
    Number(serde_json::Number),
}

impl Scalar {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// The options.
#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    pub(crate) paths: Vec<String>,
    #[serde(default)]
    pub(crate) format: Format,
    #[serde(default = "auto")]
    pub(crate) encoding: String,
    #[serde(default = "auto")]
    pub(crate) delimiter: String,
    #[serde(default)]
    pub(crate) sheet: Option<String>,
    #[serde(default = "utc")]
    pub(crate) timezone: String,
    #[serde(default = "auto_list")]
    pub(crate) date_formats: Vec<String>,
    #[serde(default = "auto")]
    pub(crate) decimal: String,
    #[serde(default = "yes")]
    pub(crate) id_from_url: bool,
    #[serde(default)]
    pub(crate) columns: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) constants: BTreeMap<String, Scalar>,
    #[serde(default)]
    pub(crate) values: BTreeMap<String, BTreeMap<String, Scalar>>,
}

fn auto() -> String {
    "auto".into()
}

fn auto_list() -> Vec<String> {
    vec![auto()]
}

fn utc() -> String {
    "UTC".into()
}

fn yes() -> bool {
    true
}
