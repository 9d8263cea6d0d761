//! Why the runner stopped, on its way to the host.

use serde::{Deserialize, Serialize};
use vigie_model::diagnostic::Bilingual;

use crate::outcome::Failure;

/// Payload of an error frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stop {
    pub(crate) code: String,
    pub(crate) en: String,
    pub(crate) fr: String,
    #[serde(default)]
    pub(crate) hint: Option<(String, String)>,
    #[serde(default)]
    pub(crate) retryable: bool,
    #[serde(default)]
    pub(crate) option: Option<String>,
    #[serde(default)]
    pub(crate) retry_after_ms: Option<u64>,
}

/// Codes that a runner may send; a plugin that forges a frame gets `P420` for any other.
const CODES: &[&str] = &[
    "P130", "P131", "P132", "P133", "P134", "P301", "P302", "P303", "P304", "P305", "P306", "P307", "P308", "P309",
    "P310", "P311", "P312", "P313", "P314", "P315", "P420", "P501", "P502", "P503", "P504", "P505",
];

impl Stop {
    pub(crate) fn new(code: &str, en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            en: en.into(),
            fr: fr.into(),
            hint: None,
            retryable: false,
            option: None,
            retry_after_ms: None,
        }
    }

    pub(crate) fn hint(mut self, en: impl Into<String>, fr: impl Into<String>) -> Self {
        self.hint = Some((en.into(), fr.into()));
        self
    }

    pub(crate) fn into_failure(self) -> Failure {
        let code = CODES.iter().find(|c| **c == self.code).copied().unwrap_or("P420");
        Failure {
            hint: self.hint.map(|(en, fr)| Bilingual::new(en, fr)),
            retryable: self.retryable,
            option: self.option,
            retry_after_ms: self.retry_after_ms,
            ..Failure::new(code, Bilingual::new(self.en, self.fr))
        }
    }
}
