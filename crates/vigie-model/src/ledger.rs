//! What happened to every row a source was asked for.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Bilingual;

/// How a source's reading ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum SourceOutcome {
    /// Everything was read.
    Complete,
    /// The source was read, but some of its files or rows were not.
    Partial {
        /// What was left out and why.
        reason: Bilingual,
    },
    /// The source stopped; what was committed before is kept.
    Failed {
        /// What happened and what to do.
        reason: Bilingual,
    },
}

/// Rows of one source: `read = kept + duplicates + rejected`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowCount {
    /// Rows seen by the plugin.
    pub read: u64,
    /// Rows that became a mention.
    pub mapped: u64,
    /// Mapped rows new to the archive, or newer than what it had.
    pub kept: u64,
    /// Mapped rows the archive (or this run) already had.
    pub duplicates: u64,
    /// Rows that could not become a mention.
    pub rejected: u64,
    /// Rejected rows by reason code (`no_date`, `bad_id`, …).
    pub rejected_by_reason: BTreeMap<String, u64>,
}

/// One source's line in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceLedger {
    /// Source id in `vigie.toml`.
    pub source: String,
    /// Plugin id and version, `file 0.1.0`.
    pub plugin: String,
    /// Rows.
    pub rows: RowCount,
    /// How reading ended.
    pub outcome: SourceOutcome,
    /// Warnings worth a person's eye, already worded.
    pub warnings: Vec<Bilingual>,
}

impl RowCount {
    /// Rows of the runs up to `self`, without those up to `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let reasons = self
            .rejected_by_reason
            .iter()
            .map(|(reason, n)| (reason.clone(), n - earlier.rejected_by_reason.get(reason).copied().unwrap_or(0)));
        Self {
            read: self.read - earlier.read,
            mapped: self.mapped - earlier.mapped,
            kept: self.kept - earlier.kept,
            duplicates: self.duplicates - earlier.duplicates,
            rejected: self.rejected - earlier.rejected,
            rejected_by_reason: reasons.filter(|(_, n)| *n > 0).collect(),
        }
    }

    /// Adds mapped rows, of which some were already known.
    pub fn add_mapped(&mut self, rows: u64, duplicates: u64) {
        self.read += rows;
        self.mapped += rows;
        self.duplicates += duplicates;
        self.kept += rows - duplicates;
    }

    /// Adds one rejected row.
    pub fn add_rejected(&mut self, reason: &str) {
        self.read += 1;
        self.rejected += 1;
        *self.rejected_by_reason.entry(reason.to_owned()).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_rows_are_kept_duplicates_or_rejected() {
        let mut rows = RowCount::default();
        rows.add_mapped(10, 3);
        let earlier = rows.clone();
        rows.add_rejected("no_date");
        rows.add_mapped(5, 5);
        assert_eq!(rows.read, rows.kept + rows.duplicates + rows.rejected);
        let run = rows.since(&earlier);
        assert_eq!((run.read, run.kept, run.duplicates, run.rejected), (6, 0, 5, 1));
        assert_eq!(run.rejected_by_reason.get("no_date"), Some(&1));
    }
}
