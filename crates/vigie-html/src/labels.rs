//! Words that the templates print themselves. The words live in `labels.toml`; here are their keys.

use serde_json::Value;

use crate::Error;

/// Keys that an edition must have under `labels`.
pub const REQUIRED_LABELS: [&str; 23] = [
    "about",
    "all_entities",
    "analyst",
    "chart_area",
    "computed",
    "contents",
    "data_of",
    "figure",
    "highlight",
    "manifest",
    "mentions_behind",
    "metrics",
    "no_value",
    "origin_note",
    "rule_of_title",
    "see_section",
    "skip",
    "so_what",
    "table_area",
    "theme_dark",
    "theme_light",
    "tiles",
    "top",
];

/// Whether the edition has every wording, told all at once so that the file is mended in one go.
pub(crate) fn check(edition: &Value) -> Result<(), Error> {
    let keys: Vec<String> = REQUIRED_LABELS
        .iter()
        .filter(|key| !edition["labels"][**key].is_string())
        .map(|key| (*key).to_owned())
        .collect();
    if keys.is_empty() { Ok(()) } else { Err(Error::MissingLabels { keys }) }
}
