//! D9, T1, T2: how a plugin behaves while it works.

use vigie_plugin_host::Outcome;

use super::case::CaseKind;
use super::stand::{Stand, unexpected};
use super::verdict::Verdict;

/// Most rows of a good batch.
const GOOD_BATCH: usize = 10_000;

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
