//! Rows of the tables beside `mentions/1`: measured points, events, and what was heard at all.
//!
//! There are few of them, so they travel as JSON. Times are microseconds since 1970-01-01T00:00:00Z, as in a
//! [`crate::Mention`]; `None` means unknown, which is never zero.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::time;

/// One row of `metric_points/1`: a figure at a time, counted by somebody else.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MetricPoint<'a> {
    /// What is counted: `wikipedia_pageviews`, `followers`, `store_rating_avg`, …
    pub series: &'a str,
    /// Id of the entity it is about.
    pub entity: &'a str,
    /// Where it is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<&'a str>,
    /// When the counting began.
    #[serde(serialize_with = "written")]
    pub ts: i64,
    /// How long it lasted, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket_s: Option<i64>,
    /// The figure.
    pub value: f64,
    /// Of how many, when the figure is a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<f64>,
    /// Unit of the figure, `views`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'a str>,
    /// What else tells this series from others: `{"country": "FR"}`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", serialize_with = "as_text")]
    pub dims: BTreeMap<&'a str, &'a str>,
    /// The service may still correct it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisional: Option<bool>,
}

/// One row of `events/1`: something happened on a watched place.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Event<'a> {
    /// Id of the entity whose place it is.
    pub entity: &'a str,
    /// When it happened, or was seen.
    #[serde(serialize_with = "written")]
    pub ts: i64,
    /// How exact that is: `us`, `s`, `min`, `hour`, `day`, `month`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ts_precision: Option<&'a str>,
    /// `page_added`, `page_changed`, `page_removed`, `redirected`, `robots_changed`, `sitemap_gone` or `feed_item`.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// The place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'a str>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'a str>,
    /// What changed, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<&'a str>,
    /// Words that are new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_words: Option<i64>,
    /// Words that are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_words: Option<i64>,
    /// How alike before and after are, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f64>,
    /// SHA-256 of what was seen, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence_sha256: Option<&'a str>,
}

/// One row of `coverage/1`: what the service was asked and what of it could be heard.
///
/// A source that meets a cap of its service says so with `truncated`: the report prints it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Coverage<'a> {
    /// The query ([`crate::Query::id`]); `None` means the source as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_id: Option<&'a str>,
    /// First moment asked for.
    #[serde(serialize_with = "written")]
    pub window_start: i64,
    /// First moment no longer asked for.
    #[serde(serialize_with = "written")]
    pub window_end: i64,
    /// Requests made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<i64>,
    /// Items heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<i64>,
    /// The listing ended by a cap, not by its end.
    pub truncated: bool,
    /// First moment of what could not be heard.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "written_if_known")]
    pub gap_from: Option<i64>,
    /// First moment after it.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "written_if_known")]
    pub gap_to: Option<i64>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// The service gave a sample, not everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled: Option<bool>,
    /// What it cost, US dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn written<S: Serializer>(micros: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time::format(*micros))
}

#[allow(clippy::ref_option, reason = "the signature is serde's")]
fn written_if_known<S: Serializer>(micros: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    micros.map(time::format).serialize(serializer)
}

fn as_text<S: Serializer>(dims: &BTreeMap<&str, &str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&serde_json::to_string(dims).map_err(serde::ser::Error::custom)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_is_left_out_and_times_are_written() {
        let coverage = Coverage { window_end: 1_000_000, truncated: true, gap_to: Some(0), ..Coverage::default() };
        assert_eq!(
            serde_json::to_string(&coverage).ok().as_deref(),
            Some(
                r#"{"window_start":"1970-01-01T00:00:00Z","window_end":"1970-01-01T00:00:01Z","truncated":true,"gap_to":"1970-01-01T00:00:00Z"}"#
            )
        );
        let dims = BTreeMap::from([("country", "FR")]);
        let point = MetricPoint { series: "followers", entity: "a", value: 2.0, dims, ..MetricPoint::default() };
        assert_eq!(
            serde_json::to_string(&point).ok().as_deref(),
            Some(
                r#"{"series":"followers","entity":"a","ts":"1970-01-01T00:00:00Z","value":2.0,"dims":"{\"country\":\"FR\"}"}"#
            )
        );
    }
}
