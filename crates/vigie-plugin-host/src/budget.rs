//! A reading that came to the end of its budget of requests: not complete, and nobody's fault.

use vigie_model::diagnostic::Bilingual;
use vigie_plugin::{Notice, Words};

use crate::outcome::{Failure, Outcome};

/// Code of the failure.
pub const SPENT: &str = "P316";
/// Code of the warning of a plugin that ended well all the same.
const NOTICE: &str = "budget";

/// What happened, and what to do: also why a request is refused.
pub fn words(requests: u64) -> (Bilingual, Bilingual) {
    (
        Bilingual::new(
            format!("the budget of requests is spent ({requests} in one run)"),
            format!("le budget de requêtes est épuisé ({requests} en une exécution)"),
        ),
        Bilingual::new(
            "the next run goes on from there; to read more at once, raise `max_requests` of the source or of [collect]",
            "la prochaine exécution reprend de là ; pour lire plus à la fois, augmentez `max_requests` de la source ou \
             de [collect]",
        ),
    )
}

/// The outcome as it is told once a request was refused because the budget was spent: what the plugin made of the
/// refusal is its own affair, unless it died.
pub(crate) fn told(outcome: Outcome, requests: u64) -> Outcome {
    let (message, hint) = words(requests);
    match outcome {
        Outcome::Complete(mut summary) => {
            if !summary.partial() {
                summary.warnings.push(Notice {
                    code: NOTICE.into(),
                    partial: true,
                    message: Words::new(message.en, message.fr),
                    hint: Some(Words::new(hint.en, hint.fr)),
                });
            }
            Outcome::Complete(summary)
        }
        Outcome::Failed(failure) if failure.code.starts_with("P30") || failure.code.starts_with("P31") => {
            if matches!(failure.code, "P309" | "P312") {
                return Outcome::Failed(failure);
            }
            let hint = Some(hint);
            let failure = Failure {
                code: SPENT,
                message,
                hint,
                retryable: false,
                option: None,
                retry_after_ms: None,
                ..*failure
            };
            Outcome::Failed(Box::new(failure))
        }
        Outcome::Failed(failure) => Outcome::Failed(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Summary;

    fn failed(code: &'static str) -> Outcome {
        let failure = Failure::new(code, Bilingual::new("the network failed", "le réseau a fait défaut")).retryable();
        Outcome::Failed(Box::new(failure))
    }

    fn code(outcome: &Outcome) -> (&'static str, bool) {
        match outcome {
            Outcome::Failed(failure) => (failure.code, failure.retryable),
            Outcome::Complete(_) => ("", false),
        }
    }

    #[test]
    fn whatever_a_plugin_makes_of_the_refusal_the_budget_is_named() {
        for other in ["P304", "P305", "P306", "P307", "P311", "P313", "P315"] {
            assert_eq!(code(&told(failed(other), 12)), (SPENT, false), "{other}");
        }
        for death in ["P309", "P312", "P410", "P412", "P420"] {
            assert_eq!(code(&told(failed(death), 12)), (death, true), "{death}");
        }
    }

    #[test]
    fn a_reading_that_ended_well_is_not_complete() {
        let Outcome::Complete(summary) = told(Outcome::Complete(Summary::default()), 12) else { return };
        assert!(
            summary.partial()
                && summary.warnings[0].message.fr == "le budget de requêtes est épuisé (12 en une exécution)"
        );
        let again = told(Outcome::Complete(summary), 12);
        assert_eq!(again.summary().warnings.len(), 1);
    }
}
