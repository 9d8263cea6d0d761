//! C3, D9, T1, T2: how a plugin behaves while it works.

use serde_json::Value;
use vigie_plugin_host::Outcome;

use super::case::CaseKind;
use super::network::value_of;
use super::stand::{Stand, unexpected};
use super::verdict::Verdict;

/// Most rows of a good batch.
const GOOD_BATCH: usize = 10_000;

/// C3: what the plugin says and keeps holds no secret. Each was given a value that nothing else contains.
pub(crate) fn secrets_stay(stand: &Stand) -> Verdict {
    if stand.plugin.manifest.secrets.is_empty() {
        return Verdict::not_applicable("the plugin has no secrets", "le greffon n'a pas de secrets");
    }
    for case in stand.cases(CaseKind::Full) {
        let (outcome, reading) = stand.read(case, &case.request(&stand.plugin, None));
        let failure = match outcome {
            Outcome::Failed(failure) => format!("{failure:?}"),
            Outcome::Complete(summary) => format!("{summary:?}"),
        };
        let states = reading.checkpoints.iter().map(|(_, state)| state.to_string());
        let rows = reading.rows.iter().map(|(_, row)| Value::Object(row.clone()).to_string());
        let rejects = reading.rejects.iter().map(|r| r.raw.clone());
        let said: Vec<String> =
            states.chain(rows).chain(rejects).chain(reading.log.iter().cloned()).chain([failure]).collect();
        let secrets = stand.plugin.manifest.secrets.iter();
        if let Some(secret) = secrets.into_iter().find(|s| said.iter().any(|text| text.contains(&value_of(&s.name)))) {
            let name = &secret.name;
            return Verdict::failed(
                (
                    format!("the value of the secret `{name}` stands in a row, a state, a reject or the log"),
                    format!("la valeur du secret `{name}` figure dans une ligne, un état, un rejet ou le journal"),
                ),
                (
                    "write `{{secret:NAME}}` into requests and let the host put the value in; never repeat what a service echoes",
                    "écrivez `{{secret:NOM}}` dans les requêtes et laissez l'hôte y mettre la valeur ; ne répétez jamais ce qu'un service renvoie",
                ),
            );
        }
    }
    Verdict::Passed
}

/// D9: states and logs name nobody.
pub(crate) fn names_nobody(stand: &Stand) -> Verdict {
    for case in stand.cases(CaseKind::Full) {
        let reading = match stand.complete(case, None) {
            Ok(reading) => reading,
            Err(verdict) => return verdict,
        };
        let people = reading.rows.iter().flat_map(|(_, row)| {
            ["author_name", "author_handle"].into_iter().filter_map(|c| row.get(c)).filter_map(|v| v.as_str())
        });
        // Short names are words: "an" is in every log.
        let mut people: Vec<&str> = people.filter(|p| p.chars().count() >= 4).collect();
        people.sort_unstable();
        people.dedup();
        let states = reading.checkpoints.iter().map(|(_, state)| state.to_string());
        let said: Vec<String> = states.chain(reading.log.iter().cloned()).collect();
        if let Some(person) = people.iter().find(|p| said.iter().any(|s| s.contains(*p))) {
            return Verdict::failed(
                (
                    format!("a state or a line of log names the author `{person}`"),
                    format!("un état ou une ligne du journal nomme l'auteur `{person}`"),
                ),
                (
                    "keep ids, times and page numbers in states; log what was done, not whose words it were",
                    "gardez dans les états des identifiants, des instants, des pages ; écrivez au journal ce qui a été fait, non qui a parlé",
                ),
            );
        }
    }
    Verdict::Passed
}

/// T1: a reading that is cancelled ends by itself.
pub(crate) fn cancelled(stand: &Stand) -> Verdict {
    let Some(case) = stand.full() else { return super::no_case() };
    match stand.cancelled(case) {
        // It may have ended before the message came.
        Outcome::Complete(_) => Verdict::Passed,
        Outcome::Failed(failure) if failure.code == "P309" => Verdict::Passed,
        Outcome::Failed(failure) => {
            let Verdict::Failed { found, .. } = unexpected(case, &failure) else { return Verdict::Passed };
            Verdict::failed(
                (found.en, found.fr),
                (
                    "ask `cancelled` between two items, and return code 9 (CANCELLED) within five seconds",
                    "demandez `cancelled` entre deux éléments, et rendez le code 9 (CANCELLED) en moins de cinq secondes",
                ),
            )
        }
    }
}

/// T2: batches are of a size that flows.
pub(crate) fn batches(stand: &Stand) -> Verdict {
    for case in stand.cases(CaseKind::Full) {
        let reading = match stand.complete(case, None) {
            Ok(reading) => reading,
            Err(verdict) => return verdict,
        };
        if reading.largest_batch > GOOD_BATCH {
            let rows = reading.largest_batch;
            return Verdict::failed(
                (format!("a batch of {rows} rows"), format!("un lot de {rows} lignes")),
                ("hand over at most 10,000 rows at once", "remettez au plus 10 000 lignes à la fois"),
            );
        }
    }
    Verdict::Passed
}
