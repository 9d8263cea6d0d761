//! How a plugin's work ended, in words for its user.

use std::collections::BTreeMap;

use serde_json::Value;
use vigie_model::diagnostic::{Bilingual, Diagnostic};
pub use vigie_plugin::Notice;

use crate::sandbox::Sandbox;

/// How reading ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The plugin said everything and the counts agree. `summary.partial()` tells whether it left something out.
    Complete(Summary),
    /// It stopped; rows covered by committed checkpoints are kept.
    Failed(Box<Failure>),
}

/// What arrived.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Rows handed to the sink.
    pub rows: u64,
    /// Items that became no row.
    pub rejected: u64,
    /// The same by reason.
    pub rejected_by_reason: BTreeMap<String, u64>,
    /// Checkpoints handed to the sink.
    pub checkpoints: u64,
    /// Warnings for the report, in the order they came.
    pub warnings: Vec<Notice>,
    /// What the kernel enforced on the plugin.
    pub sandbox: Sandbox,
}

impl Summary {
    /// Adds what a further try of the same reading brought.
    pub(crate) fn add(&mut self, more: &Self) {
        self.rows += more.rows;
        self.rejected += more.rejected;
        self.checkpoints += more.checkpoints;
        self.sandbox = more.sandbox;
        for (reason, count) in &more.rejected_by_reason {
            *self.rejected_by_reason.entry(reason.clone()).or_default() += count;
        }
        for warning in &more.warnings {
            if !self.warnings.contains(warning) {
                self.warnings.push(warning.clone());
            }
        }
    }

    /// True when the plugin said that it delivers less than it was asked for.
    pub fn partial(&self) -> bool {
        self.warnings.iter().any(|w| w.partial)
    }
}

/// Why it stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Stable code, `P411`.
    pub code: &'static str,
    /// What happened, without final period.
    pub message: Bilingual,
    /// What to do next.
    pub hint: Option<Bilingual>,
    /// True when trying again later may help.
    pub retryable: bool,
    /// JSON pointer to the option to blame, where the plugin named one.
    pub option: Option<String>,
    /// Milliseconds to wait before trying again, where the plugin named them.
    pub retry_after_ms: Option<u64>,
    /// The last lines the plugin logged or printed.
    pub log_tail: Vec<String>,
    /// The state a next try starts from, where there was a checkpoint.
    pub checkpoint: Option<Value>,
    /// What arrived before; rows after the last checkpoint do not count.
    pub summary: Summary,
}

impl Failure {
    /// A failure with nothing but code and words.
    pub fn new(code: &'static str, message: Bilingual) -> Self {
        Self {
            code,
            message,
            hint: None,
            retryable: false,
            option: None,
            retry_after_ms: None,
            log_tail: Vec::new(),
            checkpoint: None,
            summary: Summary::default(),
        }
    }

    /// The same, with advice.
    #[must_use]
    pub fn hint(mut self, en: impl Into<String>, fr: impl Into<String>) -> Self {
        self.hint = Some(Bilingual::new(en, fr));
        self
    }

    /// True when the plugin's process died, hung or panicked: a bug, of the plugin or of the machine.
    pub fn is_crash(&self) -> bool {
        matches!(self.code, "P312" | "P410" | "P411" | "P412" | "P414")
    }

    /// The failure as a person sees it, with the last lines the plugin logged.
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.code, self.message.clone());
        let diagnostic = match &self.hint {
            Some(hint) => diagnostic.hint(hint.clone()),
            None => diagnostic,
        };
        if self.log_tail.is_empty() {
            return diagnostic;
        }
        let lines = self.log_tail.join(" / ");
        diagnostic.hint(Bilingual::new(format!("it said last: {lines}"), format!("il a dit en dernier : {lines}")))
    }

    /// The same, worth trying again.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }
}

impl Outcome {
    /// What arrived, whatever the end.
    pub fn summary(&self) -> &Summary {
        match self {
            Self::Complete(summary) => summary,
            Self::Failed(failure) => &failure.summary,
        }
    }
}

/// Host code, who acts in both languages, and whether trying again may help, for an error code of the ABI.
pub(crate) fn plugin_error(code: i32) -> (&'static str, &'static str, &'static str, bool) {
    match code {
        1 => ("P301", "an option is wrong", "une option est fausse", false),
        2 => ("P302", "access was refused", "l'accès a été refusé", false),
        3 => (
            "P303",
            "something named in the options does not exist",
            "une chose nommée dans les options n'existe pas",
            false,
        ),
        4 => ("P304", "the service asks to wait", "le service demande d'attendre", true),
        5 => ("P305", "the network failed", "le réseau a fait défaut", true),
        6 => ("P306", "the service answered something unexpected", "le service a répondu autre chose que prévu", false),
        7 => ("P307", "the data cannot be understood", "les données sont incompréhensibles", false),
        8 => ("P308", "the saved state cannot be read", "l'état enregistré est illisible", false),
        9 => ("P309", "cancelled", "annulé", true),
        10 => ("P310", "not supported", "non pris en charge", false),
        12 => ("P312", "the plugin panicked", "le greffon a paniqué", false),
        13 => ("P313", "the quota is used up", "le quota est épuisé", true),
        14 => ("P314", "not permitted", "non permis", false),
        15 => ("P315", "a limit was reached", "une limite a été atteinte", false),
        _ => ("P311", "the plugin has a bug", "le greffon a un défaut", false),
    }
}
