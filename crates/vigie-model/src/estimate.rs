//! A published number with its doubt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an interval was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Delete-a-group jackknife, 64 groups of clusters (at least 50 clusters).
    GroupJackknife,
    /// Delete-one-cluster jackknife (20 to 49 clusters).
    ClusterJackknife,
    /// Wilson interval on clusters, for a share of exactly 0 or 1.
    Wilson,
    /// No interval: a count, or too few clusters.
    None,
}

/// What a reader must know before trusting an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Fewer than 20 independent voices: no interval.
    FewVoices,
    /// One author or story carries more than a fifth of the weight.
    OneVoice,
    /// Effective sample size from 30 to 99.
    LowBase,
    /// Effective sample size under 30: counts only, no percentage, no ranking.
    BelowFloor,
    /// A source was silent on some days of the period.
    CollectionGap,
}

/// A value with interval, sample size and test (methods S1).
///
/// `value`, `lo` and `hi` share one unit, named by the metric. A missing interval means that none
/// can be given honestly, never that the value is exact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// Point value in the metric's unit.
    pub value: f64,
    /// Lower bound of the interval.
    pub lo: Option<f64>,
    /// Upper bound of the interval.
    pub hi: Option<f64>,
    /// Confidence level of the interval, 0.95.
    pub level: f64,
    /// Mentions behind the value.
    pub n: u64,
    /// Independent voices (stories, authors) behind the value.
    pub clusters: u64,
    /// Effective sample size; `None` where the value is no share or difference of shares.
    pub n_eff: Option<f64>,
    /// Two-sided p-value against the null named by the metric (no change, for a difference).
    pub p: Option<f64>,
    /// How the interval was obtained.
    pub method: Method,
    /// Cautions, sorted.
    pub flags: Vec<Flag>,
}

impl Estimate {
    /// Whether a percentage or a rank may be printed (methods S6).
    pub fn is_displayable(&self) -> bool {
        !self.flags.contains(&Flag::BelowFloor)
    }
}
