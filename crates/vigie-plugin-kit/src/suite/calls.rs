//! A1 to A4: the plugin's functions, called as the contract allows and no reading does.

use vigie_plugin_host::{Drill, DrillReport, Failure};

use super::network::Trouble;
use super::stand::Stand;
use super::verdict::Verdict;

/// Bytes a hundred readings may add: what allocators keep for themselves is far below.
const GROWTH: i64 = 8 << 20;

fn drill(stand: &Stand, drill: Drill) -> Option<Result<DrillReport, Box<Failure>>> {
    let case = stand.full()?;
    let request = case.request(&stand.plugin, None);
    let served = match stand.serve(case, &Trouble::none(), true) {
        Ok(served) => served,
        Err(words) => return Some(Err(Box::new(Failure::new("P152", words)))),
    };
    Some(served.runner.drill(&stand.plugin, drill, &case.options, &request, &stand.limits))
}

/// The report of an exercise, or what went wrong, told with `doing`.
fn report(stand: &Stand, kind: Drill, doing: (&str, &str), advice: (&str, &str)) -> Result<DrillReport, Verdict> {
    match drill(stand, kind) {
        None => Err(super::no_case()),
        Some(Ok(report)) => Ok(report),
        Some(Err(failure)) => Err(Verdict::failed(
            (
                format!("{}: [{}] {}", doing.0, failure.code, failure.message.en),
                format!("{} : [{}] {}", doing.1, failure.code, failure.message.fr),
            ),
            advice,
        )),
    }
}

/// A1: an interface that does not exist is answered with NULL. The tables themselves are checked at every load.
pub(crate) fn interfaces(stand: &Stand) -> Verdict {
    let advice = (
        "`get_interface` compares the whole id and returns NULL for any it does not know",
        "`get_interface` compare l'identifiant entier et rend NULL pour tout autre",
    );
    let doing = ("asking for an unknown interface", "en demandant une interface inconnue");
    match report(stand, Drill::UnknownInterface, doing, advice) {
        Err(verdict) => verdict,
        Ok(report) if report.answered_unknown => Verdict::failed(
            (
                "the plugin answers an unknown interface with a table",
                "le greffon répond à une interface inconnue par une table",
            ),
            advice,
        ),
        Ok(_) => Verdict::Passed,
    }
}

/// A2: nothing grows.
pub(crate) fn over_and_over(stand: &Stand) -> Verdict {
    let advice = (
        "free in `close` and `release` what `open` and `read` made, files and threads included",
        "libérez dans `close` et `release` ce que `open` et `read` ont fait, fichiers et fils compris",
    );
    let doing = ("opening and reading a hundred times", "en ouvrant et lisant cent fois");
    let report = match report(stand, Drill::OverAndOver, doing, advice) {
        Ok(report) => report,
        Err(verdict) => return verdict,
    };
    if report.descriptors_grown > 0 {
        let n = report.descriptors_grown;
        return Verdict::failed(
            (
                format!("{n} descriptors more after {} readings", report.times),
                format!("{n} descripteurs de plus après {} lectures", report.times),
            ),
            advice,
        );
    }
    if report.memory_grown > GROWTH {
        let kib = (report.memory_grown >> 10) / report.times.max(1) as i64;
        return Verdict::failed(
            (
                format!("each opening and reading leaves about {kib} KiB behind"),
                format!("chaque ouverture et lecture laisse environ {kib} Kio derrière elle"),
            ),
            advice,
        );
    }
    Verdict::Passed
}

/// A3: a reading may be left at any moment.
pub(crate) fn abandon(stand: &Stand) -> Verdict {
    let advice = (
        "`release` may come before the first row and before the last; a batch may outlive its stream",
        "`release` peut venir avant la première ligne et avant la dernière ; un lot peut survivre à son flux",
    );
    match report(stand, Drill::Abandon, ("leaving readings early", "en quittant des lectures avant la fin"), advice) {
        Ok(_) => Verdict::Passed,
        Err(verdict) => verdict,
    }
}

/// A4: host tables of other minors.
pub(crate) fn other_hosts(stand: &Stand) -> Verdict {
    let advice = (
        "read a field of the host table only when `struct_size` covers it; never copy or compare the table",
        "ne lisez un champ de la table de l'hôte que si `struct_size` le couvre ; ne copiez ni ne comparez la table",
    );
    for (kind, doing) in [
        (Drill::OlderHost, ("with the shortest host table", "avec la plus courte table de l'hôte")),
        (Drill::NewerHost, ("with a longer host table", "avec une table de l'hôte plus longue")),
    ] {
        if let Err(verdict) = report(stand, kind, doing, advice) {
            return verdict;
        }
    }
    Verdict::Passed
}
