//! Names of published measures.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// Identifier and definition version of a measure, printed as `sov@1.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, JsonSchema)]
pub struct Metric {
    /// Stable identifier, such as `net_sentiment`.
    pub id: &'static str,
    /// Version of the definition; a change breaks time charts visibly.
    pub version: &'static str,
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.id, self.version)
    }
}

impl Serialize for Metric {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
