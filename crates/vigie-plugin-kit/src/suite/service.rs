//! E1 to E5: a service that fails is not a service that is silent. The troubles are the suite's; recordings need none.

use std::time::Duration;

use vigie_broker::Fault;
use vigie_plugin_host::Outcome;

use super::case::{Case, CaseKind};
use super::network::{Answer, Trouble};
use super::stand::{Stand, audible, died, ended, unexpected};
use super::verdict::Verdict;

/// Seconds that the services of E2 ask to wait.
const WAIT: i64 = 7;
/// A body longer than any that is usual; the host ends it where the manifest does not ask for more.
const LONG: usize = 40 << 20;
/// A host that no manifest names.
const ELSEWHERE: &str = "https://undeclared.vigie.invalid/";

fn without_services() -> Verdict {
    Verdict::not_applicable(
        "the plugin asks no service through the host",
        "le greffon n'interroge aucun service par l'hôte",
    )
}

/// The first full case of a plugin that asks services.
fn asked(stand: &Stand) -> Result<&Case, Verdict> {
    if !stand.asks_services() {
        return Err(without_services());
    }
    let case = stand.full().ok_or_else(super::no_case)?;
    if case.folder.join("http.toml").is_file() {
        return Ok(case);
    }
    Err(Verdict::failed(
        (
            format!("case `{}` has no recording of a service", case.name),
            format!("le cas `{}` n'a pas d'enregistrement d'un service", case.name),
        ),
        (
            "put what the service answered into http.toml beside case.toml",
            "mettez ce que le service a répondu dans http.toml, à côté de case.toml",
        ),
    ))
}

/// E1: a service that cannot be reached, from the beginning or half way.
pub(crate) fn unreachable(stand: &Stand) -> Verdict {
    if !stand.asks_services() {
        return without_services();
    }
    let Some(case) = stand.full() else { return super::no_case() };
    let faults = [
        (Fault::Refused, "no connection", "pas de connexion"),
        (Fault::Name, "a name that leads nowhere", "un nom qui ne mène nulle part"),
        (Fault::Encryption, "a certificate nobody trusts", "un certificat auquel nul ne se fie"),
    ];
    for (fault, en, fr) in faults {
        let (outcome, _) = stand.troubled(case, &Trouble::always(Answer::Nothing(fault)));
        match &outcome {
            Outcome::Failed(failure) if failure.code == "P305" => {}
            outcome => {
                let how = ended(outcome);
                return Verdict::failed(
                    (format!("{en}: the reading {}", how.0), format!("{fr} : la lecture {}", how.1)),
                    (
                        "pass on the code of `send` (NETWORK); a failed request is not an empty answer",
                        "transmettez le code de `send` (NETWORK) ; une requête échouée n'est pas une réponse vide",
                    ),
                );
            }
        }
    }
    half_way(stand, case).err().unwrap_or(Verdict::Passed)
}

/// The network fails after each request: what a checkpoint covers is there, and nothing is invented.
fn half_way(stand: &Stand, case: &Case) -> Result<(), Verdict> {
    // Cases whose recording is missing have nothing that could break half way.
    if !case.folder.join("http.toml").is_file() {
        return Ok(());
    }
    let whole = stand.complete(case, None)?;
    for well in 1..whole.asked.len().min(4) {
        let trouble = Trouble { well, answers: vec![Answer::Nothing(Fault::Refused)], forever: true };
        let (outcome, reading) = stand.troubled(case, &trouble);
        let kept = reading.checkpoints.last().map_or(0, |(rows, _)| *rows);
        if audible(&outcome, &reading) && whole.rows.starts_with(&reading.rows[..kept]) {
            continue;
        }
        let how = ended(&outcome);
        return Err(Verdict::failed(
            (
                format!("the network fails after {well} requests, and the reading {}", how.0),
                format!("le réseau tombe après {well} requêtes, et la lecture {}", how.1),
            ),
            (
                "end with the code of `send`; give checkpoints only for what was read",
                "terminez par le code de `send` ; ne donnez de point de reprise que pour ce qui a été lu",
            ),
        ));
    }
    Ok(())
}

/// E2: a service that asks to wait, in each way services do, and then answers.
pub(crate) fn patience(stand: &Stand) -> Verdict {
    let case = match asked(stand) {
        Ok(case) => case,
        Err(verdict) => return verdict,
    };
    let whole = match stand.complete(case, None) {
        Ok(reading) => reading,
        Err(verdict) => return verdict,
    };
    let now: jiff::Timestamp = case.now.parse().unwrap_or_default();
    let then = now.checked_add(jiff::SignedDuration::from_secs(WAIT)).unwrap_or(now);
    let date = then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let styles = [
        ("retry-after", WAIT.to_string()),
        ("retry-after", date),
        ("x-rate-limit-reset", then.as_second().to_string()),
        ("ratelimit-reset", then.as_millisecond().to_string()),
        ("x-ratelimit-reset", then.to_string()),
        ("ratelimit", format!("\"default\";r=0;t={WAIT}")),
    ];
    let limited = styles.into_iter().map(|(name, value)| {
        let shown = format!("429, {name}: {value}");
        (shown, Trouble::first(vec![Answer::Whole(429, vec![(name, value)], Vec::new())]), true)
    });
    let busy = Answer::Whole(503, Vec::new(), Vec::new());
    let all = limited.chain([("503, twice".to_owned(), Trouble::first(vec![busy.clone(), busy]), false)]);
    for (shown, trouble, asked_to_wait) in all {
        let (outcome, reading) = stand.troubled(case, &trouble);
        let long_enough = Duration::from_secs(WAIT as u64 - 1);
        let waited = !asked_to_wait || reading.waits.iter().any(|wait| *wait >= long_enough);
        match &outcome {
            Outcome::Complete(_) if reading.rows == whole.rows && waited => {}
            // A plugin may want every answer as it comes; then it passes the request to wait on.
            Outcome::Failed(failure) if failure.retryable => {}
            outcome => {
                let how = ended(outcome);
                return Verdict::failed(
                    (
                        format!("{shown}: then the service answers, but the reading {}", how.0),
                        format!("{shown} : ensuite le service répond, mais la lecture {}", how.1),
                    ),
                    (
                        "let the host repeat (no flag 1), or end with RATE_LIMITED and `retry_after_ms`",
                        "laissez l'hôte recommencer (sans le drapeau 1), ou terminez par RATE_LIMITED et `retry_after_ms`",
                    ),
                );
            }
        }
    }
    Verdict::Passed
}

/// E3: what a service refuses is told by its class, since each has another person who can help.
pub(crate) fn refusals(stand: &Stand) -> Verdict {
    let case = match asked(stand) {
        Ok(case) => case,
        Err(verdict) => return verdict,
    };
    let statuses: [(u16, &str, &[&str], &str); 5] = [
        (401, "P302", &["P302"], "AUTH"),
        (403, "P302", &["P302"], "AUTH"),
        (404, "P303", &["P303"], "NOT_FOUND"),
        (429, "P304", &["P304", "P305", "P313"], "RATE_LIMITED"),
        (500, "P305", &["P304", "P305", "P313"], "NETWORK"),
    ];
    for (status, wanted, codes, name) in statuses {
        let body = b"{\"error\":\"the suite refuses\"}".to_vec();
        let (outcome, _) = stand.troubled(case, &Trouble::always(Answer::Whole(status, Vec::new(), body)));
        if matches!(&outcome, Outcome::Failed(failure) if codes.contains(&failure.code)) {
            continue;
        }
        let how = ended(&outcome);
        return Verdict::failed(
            (
                format!("the service answers {status}, for ever, and the reading {}, not with [{wanted}]", how.0),
                format!("le service répond {status}, toujours, et la lecture {}, non par [{wanted}]", how.1),
            ),
            (
                format!("look at the status of every answer; {status} is {name} (`success()` of the SDK knows)"),
                format!(
                    "regardez le statut de chaque réponse ; {status} veut dire {name} (`success()` du SDK le sait)"
                ),
            ),
        );
    }
    Verdict::Passed
}

/// E4: rubbish is an error or rejects, never zero rows and success. The suite plays what every service does one day;
/// cases add what this one does.
pub(crate) fn rubbish(stand: &Stand) -> Verdict {
    let manifest = &stand.plugin.manifest;
    if !stand.asks_services() && !manifest.network.raw && manifest.files.read.is_empty() {
        return Verdict::not_applicable("the plugin reads nothing from outside", "le greffon ne lit rien du dehors");
    }
    let played = match asked(stand) {
        Ok(case) => played_rubbish(stand, case),
        Err(failed @ Verdict::Failed { .. }) => Err(failed),
        Err(_) => Ok(false),
    };
    let played = match played {
        Ok(played) => played,
        Err(verdict) => return verdict,
    };
    let mut cases = stand.cases(CaseKind::Broken).peekable();
    if cases.peek().is_none() && !played {
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
        if let Outcome::Failed(failure) = &outcome
            && died(failure)
        {
            return unexpected(case, failure);
        }
        if !audible(&outcome, &reading) {
            let (name, rows) = (&case.name, outcome.summary().rows);
            return Verdict::failed(
                (
                    format!("case `{name}` is rubbish, and the reading ends well with {rows} rows"),
                    format!("le cas `{name}` n'a pas de sens, et la lecture se termine bien avec {rows} lignes"),
                ),
                NEVER_SILENT,
            );
        }
    }
    Verdict::Passed
}

const NEVER_SILENT: (&str, &str) = (
    "a source that failed must never look like one that heard nothing: `fail`, `reject`, or a notice",
    "une source qui a échoué ne doit jamais ressembler à une source qui n'a rien entendu : `fail`, `reject`, ou un avis",
);

fn played_rubbish(stand: &Stand, case: &Case) -> Result<bool, Verdict> {
    let good = |body: &[u8]| Answer::Whole(200, vec![("content-type", "text/html".into())], body.to_vec());
    let all = [
        (
            "an error inside a good answer",
            "une erreur dans une bonne réponse",
            good(b"{\"error\":{\"code\":17,\"message\":\"try later\"}}"),
        ),
        (
            "HTML in place of data",
            "du HTML au lieu de données",
            good(b"<!doctype html><html><body><h1>Sign in</h1></body></html>"),
        ),
        ("half an answer", "une moitié de réponse", Answer::Half),
        ("an empty body", "un corps vide", good(b"")),
        ("another encoding", "un autre encodage", good(b"{\"items\":\"\xe9t\xe9\"}")),
    ];
    for (en, fr, answer) in all {
        quiet(stand, case, (en, fr), &Trouble::always(answer))?;
    }
    Ok(true)
}

/// Fails when the plugin dies of the trouble, or ends as if there had been nothing to hear.
fn quiet(stand: &Stand, case: &Case, (en, fr): (&str, &str), trouble: &Trouble) -> Result<(), Verdict> {
    let (outcome, reading) = stand.troubled(case, trouble);
    let dead = matches!(&outcome, Outcome::Failed(failure) if died(failure));
    if !dead && audible(&outcome, &reading) {
        return Ok(());
    }
    let how = ended(&outcome);
    Err(Verdict::failed((format!("{en}: the reading {}", how.0), format!("{fr} : la lecture {}", how.1)), NEVER_SILENT))
}

/// E5: services that are slow, endless, or lead astray.
pub(crate) fn endless(stand: &Stand) -> Verdict {
    let case = match asked(stand) {
        Ok(case) => case,
        Err(verdict) => return verdict,
    };
    let elsewhere = Answer::Whole(302, vec![("location", ELSEWHERE.into())], Vec::new());
    let all = [
        (("one byte per second", "un octet par seconde"), Answer::Nothing(Fault::Timeout)),
        (("a body without end", "un corps sans fin"), Answer::Nothing(Fault::TooLong)),
        (("a body of 40 MiB", "un corps de 40 Mio"), Answer::Long(LONG)),
        (("an answer that breaks off", "une réponse qui s'interrompt"), Answer::Nothing(Fault::Broken)),
        (("a circle of redirections", "des redirections en rond"), Answer::Circle),
        (("a redirection to an undeclared host", "une redirection vers un hôte non déclaré"), elsewhere),
    ];
    for (words, answer) in all {
        if let Err(verdict) = quiet(stand, case, words, &Trouble::always(answer)) {
            return verdict;
        }
    }
    Verdict::Passed
}
