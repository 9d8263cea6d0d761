//! E6, R5: one bad item costs itself; a service's cap is said.

use vigie_plugin_host::Outcome;

use super::case::CaseKind;
use super::probe::{Doing, Seen, all};
use super::stand::{Stand, unexpected};
use super::verdict::Verdict;

const ONE_REJECT: (&str, &str) = (
    "take items apart one by one: `reject` the one that cannot be a row, deliver the others",
    "traitez les éléments un par un : `reject` pour celui qui ne peut devenir une ligne, les autres sont rendus",
);

/// E6: a bad item among good ones.
pub(crate) fn one_bad_item(stand: &Stand) -> Verdict {
    let mut any = false;
    for case in stand.cases(CaseKind::Full) {
        let Some(wanted) = case.rejects else { continue };
        any = true;
        let found = match stand.complete(case, None) {
            Ok(reading) => reading.rejects.len(),
            Err(verdict) => return verdict,
        };
        if found != wanted {
            let name = &case.name;
            return Verdict::failed(
                (
                    format!("case `{name}` gives {found} rejects, {wanted} are recorded"),
                    format!("le cas `{name}` donne {found} rejets, {wanted} sont attendus"),
                ),
                ONE_REJECT,
            );
        }
    }
    let probes = match all(stand) {
        Ok(probes) => probes,
        Err(verdict) => return verdict,
    };
    for probe in probes {
        // A single item proves nothing about its neighbours.
        if probe.rows() < 2 || !probe.at().among_items() {
            continue;
        }
        any = true;
        let doing = Doing::new("one item is damaged", "un élément est abîmé");
        let damaged = probe.material().damaged(probe.at());
        let (en, fr) = match probe.read(stand, &damaged, &doing, true) {
            Ok(Seen::Rejected) => continue,
            Ok(Seen::Row { .. }) => {
                ("its row came all the same".to_owned(), "sa ligne est venue quand même".to_owned())
            }
            Ok(Seen::Failed(failure)) => (
                format!("the whole reading stops with [{}] {}", failure.code, failure.message.en),
                format!("toute la lecture s'arrête sur [{}] {}", failure.code, failure.message.fr),
            ),
            Err(verdict) => return verdict,
        };
        return doing.failed((en, fr), ONE_REJECT);
    }
    if any {
        return Verdict::Passed;
    }
    Verdict::failed(
        (
            "the suite finds no item in the recordings that it could damage, and no case says `rejects`",
            "l'épreuve ne trouve dans les enregistrements aucun élément à abîmer, et aucun cas ne dit `rejects`",
        ),
        (
            "add a full case with one bad item among good ones, and `rejects = 1`",
            "ajoutez un cas complet avec un mauvais élément parmi de bons, et `rejects = 1`",
        ),
    )
}

/// R5: a listing that ends at the service's cap is `truncated`, in a row of `coverage/1`.
pub(crate) fn caps(stand: &Stand) -> Verdict {
    if !stand.plugin.spec.tables.iter().any(|t| t == "coverage/1") {
        return Verdict::not_applicable(
            "the plugin does not give `coverage/1`: it says that it meets no cap",
            "le greffon ne donne pas `coverage/1` : il affirme ne rencontrer aucun plafond",
        );
    }
    let mut cases = stand.cases(CaseKind::Capped).peekable();
    if cases.peek().is_none() {
        return Verdict::failed(
            ("there is no case with `shows = \"capped\"`", "il n'y a aucun cas avec `shows = \"capped\"`"),
            (
                "add the recording of a listing that the service ends at its cap",
                "ajoutez l'enregistrement d'une liste que le service arrête à son plafond",
            ),
        );
    }
    for case in cases {
        let (outcome, reading) = stand.read(case, &case.request(&stand.plugin, None));
        if let Outcome::Failed(failure) = outcome {
            return unexpected(case, &failure);
        }
        let truncated = reading.of("coverage/1").any(|row| row.get("truncated") == Some(&true.into()));
        if !truncated {
            let name = &case.name;
            return Verdict::failed(
                (
                    format!("case `{name}` ends at a cap, and no row of `coverage/1` is `truncated`"),
                    format!("le cas `{name}` s'arrête à un plafond, et aucune ligne de `coverage/1` n'est `truncated`"),
                ),
                (
                    "compare what the service counts with what it gave, and write a row of `coverage/1`",
                    "comparez ce que le service annonce et ce qu'il a donné, et écrivez une ligne de `coverage/1`",
                ),
            );
        }
    }
    Verdict::Passed
}
