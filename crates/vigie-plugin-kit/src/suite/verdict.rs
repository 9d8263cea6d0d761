//! What one test of the suite found.

use serde::Serialize;
use vigie_model::diagnostic::Bilingual;

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// The plugin does what it must.
    Passed,
    /// It does not.
    Failed {
        /// What was seen.
        found: Bilingual,
        /// What its author can do about it.
        advice: Bilingual,
    },
    /// It does not, which its users can live with.
    Warned {
        /// What was seen.
        found: Bilingual,
        /// What its author can do about it.
        advice: Bilingual,
    },
    /// There is nothing to test here.
    NotApplicable {
        /// Why.
        reason: Bilingual,
    },
}

impl Verdict {
    pub(crate) fn failed(
        found: (impl Into<String>, impl Into<String>),
        advice: (impl Into<String>, impl Into<String>),
    ) -> Self {
        Self::Failed { found: Bilingual::new(found.0, found.1), advice: Bilingual::new(advice.0, advice.1) }
    }

    /// The same, a failure being a warning.
    pub(crate) fn softened(self) -> Self {
        match self {
            Self::Failed { found, advice } => Self::Warned { found, advice },
            other => other,
        }
    }

    pub(crate) fn not_applicable(en: &str, fr: &str) -> Self {
        Self::NotApplicable { reason: Bilingual::new(en, fr) }
    }
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Test, `R1`.
    pub id: &'static str,
    /// What it asks.
    pub title: Bilingual,
    /// How it ended.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// How long it took, milliseconds.
    pub milliseconds: u64,
}

/// All tests that ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SuiteReport {
    /// Plugin id and version.
    pub plugin: String,
    /// Tests in the suite's order.
    pub tests: Vec<Line>,
}

impl SuiteReport {
    /// True when no test failed; warnings are none.
    pub fn passed(&self) -> bool {
        !self.tests.iter().any(|t| matches!(t.verdict, Verdict::Failed { .. }))
    }
}
