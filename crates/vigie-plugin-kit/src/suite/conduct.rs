//! C3, D9, N1, T1 to T3: how a plugin behaves while it works.

use vigie_plugin_host::Outcome;

use super::case::{Case, CaseKind};
use super::network::{Answer, Trouble};
use super::probe;
use super::stand::{Reading, Stand, ended, unexpected};
use super::verdict::Verdict;

/// Most rows of a good batch.
const GOOD_BATCH: usize = 10_000;
/// Lines of a long file.
const MANY_ROWS: usize = super::MOST_ROWS as usize;

/// C3: what the plugin says and keeps holds no secret, and a missing one is said.
pub(crate) fn secrets_stay(stand: &Stand) -> Verdict {
    if stand.plugin.manifest.secrets.is_empty() {
        return Verdict::not_applicable("the plugin has no secrets", "le greffon n'a pas de secrets");
    }
    for case in stand.cases(CaseKind::Full) {
        // Good days and bad ones: errors are where secrets are repeated without a thought.
        let refused = Answer::Whole(500, Vec::new(), b"{\"error\":\"the suite refuses\"}".to_vec());
        for trouble in [Trouble::none(), Trouble::always(refused)] {
            let (outcome, reading) = stand.troubled(case, &trouble);
            if let Some(verdict) = spilled(&outcome, &reading) {
                return verdict;
            }
        }
    }
    let Some(case) = stand.full() else { return super::no_case() };
    missing_secrets(stand, case).err().unwrap_or(Verdict::Passed)
}

/// Where the value of a secret stands, if anywhere.
fn spilled(outcome: &Outcome, reading: &Reading) -> Option<Verdict> {
    let (en, fr) = if let Outcome::Failed(failure) = outcome
        && failure.code == "P505"
    {
        // In a row or a checkpoint: the host ends the reading.
        (failure.message.en.clone(), failure.message.fr.clone())
    } else {
        // The host has hidden it; another spelling of it would have got through.
        let line = reading.spilled.first()?;
        (
            format!("the value of a secret stands in the log, an error or a reject: {line}"),
            format!("la valeur d'un secret figure au journal, dans une erreur ou un rejet : {line}"),
        )
    };
    Some(Verdict::failed(
        (en, fr),
        (
            "write `{{secret:NAME}}` into requests and let the host put the value in; never repeat what a service echoes",
            "écrivez `{{secret:NOM}}` dans les requêtes et laissez l'hôte y mettre la valeur ; ne répétez jamais ce qu'un service renvoie",
        ),
    ))
}

/// Without its secrets a plugin works, or says that one is missing.
fn missing_secrets(stand: &Stand, case: &Case) -> Result<(), Verdict> {
    let outcome = match stand.serve(case, &Trouble::none(), false) {
        Ok(served) => {
            let request = case.request(&stand.plugin, None);
            let mut reading = Reading::default();
            served.runner.read(&stand.plugin, &case.options, &request, &stand.limits, &mut reading)
        }
        Err(words) => Outcome::Failed(Box::new(vigie_plugin_host::Failure::new("P152", words))),
    };
    let required = stand.plugin.manifest.secrets.iter().any(|s| s.required);
    match &outcome {
        Outcome::Failed(failure) if failure.code == "P302" => Ok(()),
        // The host does not begin a reading without a required secret; an optional one may change what is asked.
        Outcome::Complete(_) if !required => Ok(()),
        outcome => {
            let how = ended(outcome);
            Err(Verdict::failed(
                (
                    format!("without its secrets the reading {}", how.0),
                    format!("sans ses secrets, la lecture {}", how.1),
                ),
                (
                    "pass on AUTH, as `send` and `vigie.secret/1` give it: the host names the variable to set",
                    "transmettez AUTH tel que `send` et `vigie.secret/1` le donnent : l'hôte nomme la variable à définir",
                ),
            ))
        }
    }
}

/// N1: nothing is asked that the manifest does not permit, not even once and in vain.
pub(crate) fn only_what_is_declared(stand: &Stand) -> Verdict {
    if stand.full().is_none() {
        return super::no_case();
    }
    for case in stand.cases(CaseKind::Full) {
        let (outcome, reading) = stand.read(case, &case.request(&stand.plugin, None));
        if let Some(denied) = reading.denied.first() {
            return Verdict::failed(
                (
                    format!("case `{}` asks for what is not permitted: {}", case.name, denied.en),
                    format!("le cas `{}` demande ce qui n'est pas permis : {}", case.name, denied.fr),
                ),
                (
                    "declare it in plugin.toml if users shall permit it; else do not ask",
                    "déclarez-le dans plugin.toml si les utilisateurs doivent le permettre ; sinon, ne le demandez pas",
                ),
            );
        }
        if let Outcome::Failed(failure) = outcome {
            return unexpected(case, &failure);
        }
    }
    Verdict::Passed
}

/// T3: standard output and error stay empty.
pub(crate) fn prints_nothing(stand: &Stand) -> Verdict {
    if stand.full().is_none() {
        return super::no_case();
    }
    for case in stand.cases(CaseKind::Full) {
        let reading = match stand.complete(case, None) {
            Ok(reading) => reading,
            Err(verdict) => return verdict,
        };
        if reading.printed > 0 {
            let lines = reading.printed;
            return Verdict::failed(
                (format!("{lines} lines were printed"), format!("{lines} lignes ont été imprimées")),
                (
                    "call `log` with a level instead: what is printed is a warning in the user's log",
                    "appelez plutôt `log` avec un niveau : ce qui est imprimé devient un avertissement au journal",
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

/// T2: batches are of a size that flows, and a long reading needs no more memory than it may have.
pub(crate) fn batches(stand: &Stand) -> Verdict {
    let too_large = |rows: usize| {
        (rows > GOOD_BATCH).then(|| {
            Verdict::failed(
                (format!("a batch of {rows} rows"), format!("un lot de {rows} lignes")),
                ("hand over at most 10,000 rows at once", "remettez au plus 10 000 lignes à la fois"),
            )
        })
    };
    for case in stand.cases(CaseKind::Full) {
        match stand.complete(case, None) {
            Ok(reading) => {
                if let Some(verdict) = too_large(reading.largest_batch) {
                    return verdict;
                }
            }
            Err(verdict) => return verdict,
        }
    }
    let probes = match probe::all(stand) {
        Ok(probes) => probes,
        Err(verdict) => return verdict,
    };
    // A file can be made as long as one likes; an answer of a service cannot.
    let Some(probe) = probes.iter().find(|p| p.material().lines(p.at()).is_some()) else { return Verdict::Passed };
    let long = match probe::bent(&probe.material().repeated(probe.at(), MANY_ROWS), probe.case()) {
        Ok(long) => long,
        Err(verdict) => return verdict,
    };
    let request = long.case.request(&stand.plugin, None);
    let (outcome, reading) = stand.read_into(&long.case, &request, &Trouble::none(), Reading::counting());
    if let Some(verdict) = too_large(reading.largest_batch) {
        return verdict;
    }
    match outcome {
        Outcome::Complete(_) if reading.count * 10 >= MANY_ROWS * 9 => Verdict::Passed,
        outcome => {
            let (how, rows) = (ended(&outcome), reading.count);
            Verdict::failed(
                (
                    format!("of a file of {MANY_ROWS} lines {rows} rows came, and the reading {}", how.0),
                    format!("d'un fichier de {MANY_ROWS} lignes, il est venu {rows} lignes, et la lecture {}", how.1),
                ),
                (
                    "read and hand over piece by piece; keep nothing of what was handed over",
                    "lisez et remettez par morceaux ; ne gardez rien de ce qui a été remis",
                ),
            )
        }
    }
}
