//! E1, E4: a service that fails is not a service that is silent.

use vigie_plugin_host::Outcome;

use super::case::CaseKind;
use super::stand::{Stand, died, unexpected};
use super::verdict::Verdict;

/// E1: a service that cannot be reached.
pub(crate) fn unreachable(stand: &Stand) -> Verdict {
    let network = &stand.plugin.manifest.network;
    if network.hosts.is_empty() {
        return Verdict::not_applicable(
            "the plugin asks no service through the host",
            "le greffon n'interroge aucun service par l'hôte",
        );
    }
    let Some(case) = stand.full() else { return super::no_case() };
    match stand.read_alone(case) {
        (Outcome::Failed(failure), _) if failure.code == "P305" => Verdict::Passed,
        (Outcome::Failed(failure), _) => unexpected(case, &failure),
        (Outcome::Complete(summary), _) => Verdict::failed(
            (
                format!("without any network the reading ends well, with {} rows", summary.rows),
                format!("sans aucun réseau, la lecture se termine bien, avec {} lignes", summary.rows),
            ),
            (
                "pass on the code of `send`; a failed request is not an empty answer",
                "transmettez le code de `send` ; une requête échouée n'est pas une réponse vide",
            ),
        ),
    }
}

/// E4: rubbish is an error or rejects, never zero rows and success.
pub(crate) fn rubbish(stand: &Stand) -> Verdict {
    let manifest = &stand.plugin.manifest;
    if manifest.network.hosts.is_empty() && !manifest.network.raw && manifest.files.read.is_empty() {
        return Verdict::not_applicable("the plugin reads nothing from outside", "le greffon ne lit rien du dehors");
    }
    let mut cases = stand.cases(CaseKind::Broken).peekable();
    if cases.peek().is_none() {
        return Verdict::failed(
            ("there is no case with `shows = \"broken\"`", "il n'y a aucun cas avec `shows = \"broken\"`"),
            (
                "add cases: an error inside a good answer, HTML in place of data, a cut answer, an empty one",
                "ajoutez des cas : une erreur dans une bonne réponse, du HTML au lieu de données, une réponse coupée, une réponse vide",
            ),
        );
    }
    for case in cases {
        let (outcome, reading) = stand.read(case, &case.request(&stand.plugin, None));
        match outcome {
            Outcome::Failed(failure) if died(&failure) => return unexpected(case, &failure),
            Outcome::Failed(_) => {}
            Outcome::Complete(summary) if !reading.rejects.is_empty() || summary.partial() => {}
            Outcome::Complete(summary) => {
                let (name, rows) = (&case.name, summary.rows);
                return Verdict::failed(
                    (
                        format!("case `{name}` is rubbish, and the reading ends well with {rows} rows"),
                        format!("le cas `{name}` n'a pas de sens, et la lecture se termine bien avec {rows} lignes"),
                    ),
                    (
                        "a source that failed must never look like one that heard nothing: `fail`, `reject`, or a notice",
                        "une source qui a échoué ne doit jamais ressembler à une source qui n'a rien entendu : `fail`, `reject`, ou un avis",
                    ),
                );
            }
        }
    }
    Verdict::Passed
}
