//! S1, S3, S5: a reading goes on where another ended.

use serde_json::{Value, json};
use vigie_plugin_host::Outcome;
use vigie_plugin_host::manifest::Resume;

use super::case::{Case, CaseKind};
use super::stand::{Row, Stand};
use super::verdict::Verdict;

/// Most checkpoints a case is resumed from.
const MOST: usize = 12;

pub(crate) fn exact(stand: &Stand) -> bool {
    matches!(stand.plugin.manifest.data.resume, Resume::Exact(_))
}

/// S1: what came before a checkpoint and what a reading from it gives are the whole: nothing lost, nothing twice.
pub(crate) fn from_every_checkpoint(stand: &Stand) -> Verdict {
    if stand.full().is_none() {
        return super::no_case();
    }
    let mut any = false;
    for case in stand.cases(CaseKind::Full) {
        let whole = match stand.complete(case, None) {
            Ok(reading) => reading,
            Err(verdict) => return verdict,
        };
        let step = whole.checkpoints.len().div_ceil(MOST).max(1);
        for (rows, state) in whole.checkpoints.iter().step_by(step) {
            any = true;
            let rest = match stand.complete(case, Some(state.clone())) {
                Ok(reading) => reading,
                Err(verdict) => return verdict,
            };
            if let Some(verdict) = compare(stand, case, &whole.rows, *rows, &rest.rows) {
                return verdict;
            }
        }
    }
    if any || !stand.plugin.manifest.data.incremental {
        return Verdict::Passed;
    }
    Verdict::failed(
        (
            "the manifest says `incremental`, and no reading gives a checkpoint",
            "le manifeste dit `incremental`, et aucune lecture ne donne de point de reprise",
        ),
        (
            "give a checkpoint at least every 10,000 rows, and one at the end",
            "donnez un point de reprise au moins toutes les 10 000 lignes, et un à la fin",
        ),
    )
}

fn compare(stand: &Stand, case: &Case, whole: &[Row], before: usize, rest: &[Row]) -> Option<Verdict> {
    let expected = &whole[before..];
    let name = &case.name;
    let at = (
        format!("case `{name}`, resumed after row {before} of {}", whole.len()),
        format!("cas `{name}`, repris après la ligne {before} sur {}", whole.len()),
    );
    if let Some(lost) = expected.iter().find(|row| !rest.contains(row)) {
        let row = brief(lost);
        return Some(Verdict::failed(
            (format!("{}: {row} is lost", at.0), format!("{} : {row} est perdue", at.1)),
            (
                "a state may cover only rows that were handed over before it",
                "un état ne peut couvrir que des lignes remises avant lui",
            ),
        ));
    }
    if !exact(stand) {
        // A declared overlap allows rows again; they must be rows of the whole.
        return None;
    }
    if rest.len() > expected.len() {
        let row = rest.iter().find(|row| !expected.contains(row)).or(rest.last()).map(brief).unwrap_or_default();
        return Some(Verdict::failed(
            (format!("{}: {row} comes again", at.0), format!("{} : {row} revient", at.1)),
            (
                "go on from the state, or declare `resume = { overlap = \"…\" }`",
                "repartez de l'état, ou déclarez `resume = { overlap = \"…\" }`",
            ),
        ));
    }
    None
}

pub(crate) fn brief((_, row): &Row) -> String {
    let id = ["native_id", "series", "type", "query_id"].iter().find_map(|c| row.get(*c));
    id.unwrap_or(&Value::Null).to_string()
}

/// S3: nothing new twice gives nothing, and the same state.
pub(crate) fn nothing_new(stand: &Stand) -> Verdict {
    if !exact(stand) {
        return Verdict::not_applicable("the manifest declares an overlap", "le manifeste déclare un recouvrement");
    }
    for case in stand.cases(CaseKind::Full) {
        let first = match stand.complete(case, None) {
            Ok(reading) => reading,
            Err(verdict) => return verdict,
        };
        let Some((_, state)) = first.checkpoints.last() else { continue };
        let second = match stand.complete(case, Some(state.clone())) {
            Ok(reading) => reading,
            Err(verdict) => return verdict,
        };
        let after = second.checkpoints.last().map_or(state, |(_, state)| state);
        if !second.rows.is_empty() || after != state {
            let rows = second.rows.len();
            return Verdict::failed(
                (
                    format!("a second reading without news gives {rows} rows, its state {after}"),
                    format!("une seconde lecture sans nouveauté donne {rows} lignes, son état {after}"),
                ),
                (
                    "a state says how far the service was read, not when",
                    "un état dit jusqu'où le service a été lu, non quand",
                ),
            );
        }
    }
    Verdict::Passed
}

/// S5: a state that cannot be read is said, never taken for a new beginning; those of earlier versions are read.
pub(crate) fn broken_state(stand: &Stand) -> Verdict {
    if !stand.plugin.manifest.data.incremental {
        return Verdict::not_applicable("the plugin keeps no state", "le greffon ne garde pas d'état");
    }
    let Some(case) = stand.full() else { return super::no_case() };
    let broken = json!({ "vigie_broken": [1, 2, 3] });
    match stand.read(case, &case.request(&stand.plugin, Some(broken))) {
        (Outcome::Failed(failure), _) if failure.code == "P308" => {
            super::news::earlier_states(stand).err().unwrap_or(Verdict::Passed)
        }
        (outcome, _) => {
            let (en, fr) = match outcome {
                Outcome::Failed(failure) => (
                    format!("a state it cannot know ends with [{}] {}", failure.code, failure.message.en),
                    format!("un état inconnu se termine par [{}] {}", failure.code, failure.message.fr),
                ),
                Outcome::Complete(summary) => (
                    format!("a state it cannot know is taken for a beginning: {} rows", summary.rows),
                    format!("un état inconnu est pris pour un début : {} lignes", summary.rows),
                ),
            };
            Verdict::failed(
                (en, fr),
                (
                    "call `fail` with code 8 (STATE): the user decides whether to begin again",
                    "appelez `fail` avec le code 8 (STATE) : c'est l'utilisateur qui décide de recommencer",
                ),
            )
        }
    }
}
