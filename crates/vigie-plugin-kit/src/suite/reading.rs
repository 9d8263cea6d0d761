//! R1 to R4: what a reading gives.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use vigie_model::table;
use vigie_plugin_host::{Mode, Outcome, Request, Window};

use super::case::{Case, CaseKind};
use super::stand::{Reading, Stand, unexpected};
use super::verdict::Verdict;

/// Most rows of a sample.
const SAMPLE: u64 = 3;

/// R1: a sample is one, a full reading is whole, and the same twice.
pub(crate) fn whole(stand: &Stand) -> Verdict {
    if stand.full().is_none() {
        return super::no_case();
    }
    for case in stand.cases(CaseKind::Full) {
        if let Err(verdict) = whole_case(stand, case) {
            return verdict;
        }
    }
    Verdict::Passed
}

fn whole_case(stand: &Stand, case: &Case) -> Result<(), Verdict> {
    let name = &case.name;
    let first = stand.complete(case, None)?;
    let main = |reading: &Reading| stand.main(reading).count() as u64;
    if main(&first) != case.rows {
        let (found, wanted, table) = (main(&first), case.rows, stand.plugin.main_table());
        let mut reasons: Vec<&str> = first.rejects.iter().map(|r| r.reason.as_str()).collect();
        reasons.dedup();
        let why = if reasons.is_empty() {
            String::new()
        } else {
            format!(" ({} rejects: {})", first.rejects.len(), reasons.join(", "))
        };
        let pourquoi = if reasons.is_empty() {
            String::new()
        } else {
            format!(" ({} rejets : {})", first.rejects.len(), reasons.join(", "))
        };
        return Err(Verdict::failed(
            (
                format!("case `{name}` gives {found} rows of `{table}`, {wanted} are recorded{why}"),
                format!("le cas `{name}` donne {found} lignes de `{table}`, {wanted} sont attendues{pourquoi}"),
            ),
            (
                "if the recording changed, change `rows` in its case.toml; if not, rows are lost or doubled",
                "si l'enregistrement a changé, changez `rows` dans son case.toml ; sinon, des lignes se perdent ou se doublent",
            ),
        ));
    }
    let second = stand.complete(case, None)?;
    if let Some(at) = first
        .rows
        .iter()
        .zip(&second.rows)
        .position(|(a, b)| a != b)
        .or((first.rows.len() != second.rows.len()).then_some(0))
    {
        return Err(Verdict::failed(
            (
                format!("case `{name}` read twice differs from row {at} on"),
                format!("le cas `{name}` lu deux fois diffère à partir de la ligne {at}"),
            ),
            (
                "take the time from `now` of the request, and no order from hash tables",
                "prenez l'heure dans `now` de la demande, et aucun ordre dans une table de hachage",
            ),
        ));
    }
    if !stand.plugin.spec.modes.iter().any(|m| m == "sample") {
        return Ok(());
    }
    let sample = Request { mode: Mode::Sample, max_rows: SAMPLE, ..case.request(&stand.plugin, None) };
    match stand.read(case, &sample) {
        (Outcome::Failed(failure), _) => Err(unexpected(case, &failure)),
        (Outcome::Complete(_), reading) if (1..=SAMPLE.min(case.rows)).contains(&main(&reading)) => Ok(()),
        (Outcome::Complete(_), reading) => Err(Verdict::failed(
            (
                format!("a sample of at most {SAMPLE} rows of case `{name}` gives {}", main(&reading)),
                format!("un échantillon d'au plus {SAMPLE} lignes du cas `{name}` en donne {}", main(&reading)),
            ),
            ("in mode `sample`, stop after `max_rows` rows", "en mode `sample`, arrêtez-vous après `max_rows` lignes"),
        )),
    }
}

/// The values that say which row it is, as a plugin gives them.
pub(crate) fn key(table: &str, row: &Map<String, Value>) -> Vec<Value> {
    let columns: &[&str] = match table {
        // Platforms give a repost the original's id; who reposts tells them apart.
        "mentions/1" => &["platform", "native_id"],
        "metric_points/1" => &["series", "entity", "dims", "ts"],
        other => table::find(other).map_or(&[], |t| t.key),
    };
    let mut key: Vec<Value> = columns.iter().map(|c| row.get(*c).cloned().unwrap_or_default()).collect();
    if row.get("kind").is_some_and(|k| k == "repost") {
        key.extend(["author_id", "author_handle", "author_name"].map(|c| row.get(c).cloned().unwrap_or_default()));
    }
    key.insert(0, table.into());
    key
}

/// R2: the host has checked names and types; keys and times are left.
pub(crate) fn rows(stand: &Stand) -> Verdict {
    if stand.full().is_none() {
        return super::no_case();
    }
    for case in stand.cases(CaseKind::Full) {
        let reading = match stand.complete(case, None) {
            Ok(reading) => reading,
            Err(verdict) => return verdict,
        };
        let mut seen = BTreeSet::new();
        let now: Option<jiff::Timestamp> = case.now.parse().ok();
        for (table, row) in &reading.rows {
            let key = key(table, row);
            let shown = Value::from(key.clone()).to_string();
            if !seen.insert(shown.clone()) {
                return Verdict::failed(
                    (format!("two rows have the key {shown}"), format!("deux lignes ont la clé {shown}")),
                    (
                        "give each item the id the platform gives it, and each item once per reading",
                        "donnez à chaque élément l'identifiant de la plateforme, et chacun une fois par lecture",
                    ),
                );
            }
            for column in ["published_at", "ts", "edited_at", "metrics_at", "status_at"] {
                let time = row.get(column).and_then(Value::as_str).and_then(|t| t.parse::<jiff::Timestamp>().ok());
                if let (Some(time), Some(now)) = (time, now)
                    && time > now
                {
                    return Verdict::failed(
                        (
                            format!("`{column}` of {shown} is {time}, after `now` ({now})"),
                            format!("`{column}` de {shown} vaut {time}, après `now` ({now})"),
                        ),
                        (
                            "check the zone of the service's times; reject items from the future",
                            "vérifiez le fuseau des instants du service ; rejetez ce qui vient du futur",
                        ),
                    );
                }
            }
        }
    }
    Verdict::Passed
}

/// R3: a service with nothing is no error, and gives a checkpoint.
pub(crate) fn empty(stand: &Stand) -> Verdict {
    let mut cases = stand.cases(CaseKind::Empty).peekable();
    if cases.peek().is_none() {
        return Verdict::failed(
            ("there is no case with `shows = \"empty\"`", "il n'y a aucun cas avec `shows = \"empty\"`"),
            (
                "add tests/recordings/empty/case.toml: a service that has nothing to say",
                "ajoutez tests/recordings/empty/case.toml : un service qui n'a rien à dire",
            ),
        );
    }
    for case in cases {
        let reading = match stand.complete(case, None) {
            Ok(reading) => reading,
            Err(verdict) => return verdict,
        };
        let advice = (
            "nothing new is a normal day: no row, no error, and a checkpoint at the end",
            "rien de neuf est un jour normal : aucune ligne, aucune erreur, et un point de reprise à la fin",
        );
        if !reading.rows.is_empty() {
            let n = reading.rows.len();
            return Verdict::failed((format!("{n} rows from nothing"), format!("{n} lignes tirées de rien")), advice);
        }
        if reading.checkpoints.is_empty() {
            return Verdict::failed(("no checkpoint was given", "aucun point de reprise n'a été donné"), advice);
        }
    }
    Verdict::Passed
}

/// R4: mode `window` gives what lies inside, and nothing from an empty one.
pub(crate) fn window(stand: &Stand) -> Verdict {
    if !stand.plugin.spec.modes.iter().any(|m| m == "window") {
        return Verdict::not_applicable(
            "the spec offers no mode `window`",
            "la description n'offre pas le mode `window`",
        );
    }
    let Some(case) = stand.full() else { return super::no_case() };
    let all = match stand.complete(case, None) {
        Ok(reading) => reading,
        Err(verdict) => return verdict,
    };
    let mut times: Vec<String> = all.rows.iter().filter_map(|(_, row)| time_of(row)).collect();
    times.sort();
    let (Some(first), Some(middle)) = (times.first(), times.get(times.len() / 2)) else { return super::no_case() };
    for (from, to) in [(first, middle), (first, first)] {
        let wanted = times.iter().filter(|t| *t >= from && *t < to).count();
        let window = Some(Window { from: from.clone(), to: to.clone() });
        let request = Request { mode: Mode::Window, window, ..case.request(&stand.plugin, None) };
        let (outcome, reading) = stand.read(case, &request);
        if let Outcome::Failed(failure) = outcome {
            return unexpected(case, &failure);
        }
        let found = reading.rows.iter().filter_map(|(_, row)| time_of(row)).filter(|t| t >= from && t < to).count();
        if found != wanted || reading.rows.len() != wanted {
            return Verdict::failed(
                (
                    format!("the window from {from} to {to} holds {wanted} rows, {} came", reading.rows.len()),
                    format!(
                        "la fenêtre du {from} au {to} contient {wanted} lignes, il en est venu {}",
                        reading.rows.len()
                    ),
                ),
                (
                    "the first moment belongs to the window, the last does not",
                    "le premier instant appartient à la fenêtre, le dernier non",
                ),
            );
        }
    }
    Verdict::Passed
}

fn time_of(row: &Map<String, Value>) -> Option<String> {
    row.get("published_at").or_else(|| row.get("ts")).and_then(Value::as_str).map(str::to_owned)
}
