//! S4, S6: what a later reading finds. News come from a case of the author's, or from a file that grows.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::case::{Case, CaseKind};
use super::material::{At, Material, New};
use super::probe::{Probe, all, bent};
use super::reading::key;
use super::resume::brief;
use super::stand::{Reading, Row, Stand};
use super::verdict::Verdict;

/// Partitions of a large project.
const MANY: usize = 1_000;
/// Files a plugin may see at once while the suite makes them.
const STATE_BYTES: usize = 1 << 20;

const NONE_MISSED: (&str, &str) = (
    "ask from the state on with some overlap: items of the same second, late ones and edited ones are news too",
    "demandez à partir de l'état avec un recouvrement : les éléments de la même seconde, tardifs ou modifiés sont aussi des nouveautés",
);

/// S4: news between two readings are not missed.
pub(crate) fn none_missed(stand: &Stand) -> Verdict {
    if !stand.plugin.manifest.data.incremental {
        return Verdict::not_applicable("the plugin keeps no state", "le greffon ne garde pas d'état");
    }
    let mut any = false;
    for case in stand.cases(CaseKind::News) {
        any = true;
        if let Err(verdict) = recorded(stand, case) {
            return verdict;
        }
    }
    let probes = match all(stand) {
        Ok(probes) => probes,
        Err(verdict) => return verdict,
    };
    for probe in probes {
        match grown(stand, probe) {
            Ok(applies) => any |= applies,
            Err(verdict) => return verdict,
        }
    }
    if any {
        return Verdict::Passed;
    }
    Verdict::failed(
        (
            "there is no case with `shows = \"news\"`, and no file that the suite could let grow",
            "il n'y a aucun cas avec `shows = \"news\"`, ni de fichier que l'épreuve pourrait faire grandir",
        ),
        (
            "record the service again after some time: `shows = \"news\"`, `after = \"CASE\"`, and `rows`, those that are new",
            "enregistrez le service une seconde fois : `shows = \"news\"`, `after = \"CAS\"`, et `rows`, celles qui sont nouvelles",
        ),
    )
}

/// What a case was left with.
fn last_state(reading: &Reading, case: &Case) -> Result<Value, Verdict> {
    reading.checkpoints.last().map(|(_, state)| state.clone()).ok_or_else(|| {
        Verdict::failed(
            (
                format!("case `{}` ends without a checkpoint", case.name),
                format!("le cas `{}` se termine sans point de reprise", case.name),
            ),
            ("give a checkpoint at the end", "donnez un point de reprise à la fin"),
        )
    })
}

/// The case that `case` follows.
fn before<'a>(stand: &'a Stand, case: &Case) -> Result<&'a Case, Verdict> {
    let name = case.after.as_deref().unwrap_or_default();
    stand.cases.iter().find(|c| c.name == name).ok_or_else(|| {
        Verdict::failed(
            (
                format!("case `{}` comes after `{name}`, which is not there", case.name),
                format!("le cas `{}` vient après `{name}`, qui n'existe pas", case.name),
            ),
            ("name the folder of another case", "nommez le dossier d'un autre cas"),
        )
    })
}

fn recorded(stand: &Stand, case: &Case) -> Result<(), Verdict> {
    let earlier = before(stand, case)?;
    let first = stand.complete(earlier, None)?;
    let second = stand.complete(case, Some(last_state(&first, earlier)?))?;
    let found = stand.main(&second).count() as u64;
    let name = &case.name;
    if found != case.rows {
        return Err(Verdict::failed(
            (
                format!("case `{name}` brings {found} new rows, {} are recorded", case.rows),
                format!("le cas `{name}` apporte {found} nouvelles lignes, {} sont attendues", case.rows),
            ),
            NONE_MISSED,
        ));
    }
    let again = second.rows.iter().find(|row| super::resume::exact(stand) && first.rows.contains(row));
    if let Some(row) = again {
        let row = brief(row);
        return Err(Verdict::failed(
            (
                format!("case `{name}`: {row} comes again, unchanged"),
                format!("cas `{name}` : {row} revient, inchangée"),
            ),
            (
                "a second reading gives what is new or changed, or declares an overlap",
                "une seconde lecture rend ce qui est nouveau ou modifié, ou déclare un recouvrement",
            ),
        ));
    }
    Ok(())
}

/// A file is read when it has two thirds of its lines, then again with all of them.
fn grown(stand: &Stand, probe: &Probe) -> Result<bool, Verdict> {
    let material = probe.material();
    let Some(lines) = material.lines(probe.at()) else { return Ok(false) };
    let old = lines * 2 / 3;
    // The probe must be older than the news.
    if old < 3 || lines - old < 2 || probe.at().line().is_none_or(|line| line >= old) {
        return Ok(false);
    }
    let mut later = material.clone();
    // The first of the news was written in the same second as the last of the old, the second one is late.
    for (at, _) in material.neighbours(probe.at()) {
        let value = |line: usize| material.on_line(&at, line);
        let (Some((_, last)), Some((_, first))) = (value(old - 1), value(1)) else { continue };
        let dated =
            |text: &str| text.get(..4).is_some_and(|y| y.bytes().all(|b| b.is_ascii_digit())) && text.contains(':');
        if !dated(&last) || !dated(&first) {
            continue;
        }
        for (line, text) in [(old, last), (old + 1, first)] {
            if let Some((place, _)) = value(line) {
                later = later.with(&place, &New::Text(text));
            }
        }
    }
    let (earlier, later) = (bent(&material.first_lines(probe.at(), old), probe.case())?, bent(&later, probe.case())?);
    let first = stand.complete(&earlier.case, None)?;
    let second = stand.complete(&later.case, Some(last_state(&first, &earlier.case)?))?;
    let whole = stand.complete(&later.case, None)?;
    let keys = |rows: &[Row]| -> BTreeSet<String> {
        rows.iter().map(|(table, row)| Value::from(key(table, row)).to_string()).collect()
    };
    let known = &keys(&first.rows) | &keys(&second.rows);
    if let Some(missed) = keys(&whole.rows).difference(&known).next() {
        return Err(Verdict::failed(
            (
                format!("a file of {old} lines has grown to {lines}, and the second reading misses {missed}"),
                format!("un fichier de {old} lignes en a maintenant {lines}, et la seconde lecture manque {missed}"),
            ),
            NONE_MISSED,
        ));
    }
    Ok(true)
}

/// Options that are lists: their names, and whether their items are paths.
fn lists(stand: &Stand) -> Vec<(String, bool)> {
    let schema = &stand.plugin.spec.config_schema;
    let properties = schema.get("properties").and_then(Value::as_object);
    let lists = properties.into_iter().flatten().filter(|(_, option)| option["type"] == "array");
    let path = |option: &Value| option["items"]["format"] == "path";
    // Lists that are no list of things to read (forms of dates) decide nothing about the state.
    let deciding = |option: &Value| option["x-vigie-identity"] == true && option.get("default").is_none();
    lists.filter(|(_, o)| path(o) || deciding(o)).map(|(name, o)| (name.clone(), path(o))).collect()
}

/// S6: one more partition (file, query, feed) does not make the others be read again.
pub(crate) fn one_more(stand: &Stand) -> Verdict {
    if !stand.plugin.manifest.data.incremental {
        return Verdict::not_applicable("the plugin keeps no state", "le greffon ne garde pas d'état");
    }
    let lists = lists(stand);
    if lists.is_empty() {
        return Verdict::not_applicable(
            "no option is a list of things to read",
            "aucune option n'est une liste de choses à lire",
        );
    }
    let mut any = false;
    for (name, paths) in lists {
        let result = if paths { files(stand, &name) } else { queries(stand, &name).map(|()| true) };
        match result {
            Ok(applies) => any |= applies,
            Err(verdict) => return verdict,
        }
    }
    if any {
        return Verdict::Passed;
    }
    Verdict::not_applicable(
        "no full case reads one file that the suite could copy",
        "aucun cas complet ne lit un seul fichier que l'épreuve pourrait copier",
    )
}

/// A case of the author's shows it: news after a case with fewer partitions.
fn queries(stand: &Stand, option: &str) -> Result<(), Verdict> {
    let size = |case: &Case| case.options.get(option).and_then(Value::as_array).map_or(0, Vec::len);
    for case in stand.cases(CaseKind::News) {
        if size(case) > size(before(stand, case)?) {
            return recorded(stand, case);
        }
    }
    Err(Verdict::failed(
        (
            format!("no case shows what happens when `{option}` gets longer"),
            format!("aucun cas ne montre ce qui arrive quand `{option}` s'allonge"),
        ),
        (
            "add a case with `shows = \"news\"` whose options hold one more than those of the case it is `after`",
            "ajoutez un cas avec `shows = \"news\"`, dont les options en contiennent un de plus que le cas qu'il suit (`after`)",
        ),
    ))
}

fn files(stand: &Stand, option: &str) -> Result<bool, Verdict> {
    let Some(probe) = all(stand)?.iter().find(|p| p.case().options[option].as_array().is_some_and(|a| a.len() == 1))
    else {
        return Ok(false);
    };
    let case = probe.case();
    let whole = stand.complete(case, None)?;
    let state = last_state(&whole, case)?;
    let copies = Copies::new(probe, option, probe.material().clone(), probe.at().clone())?;
    let both = copies.with(case, 1)?;
    let second = stand.complete(&both, Some(state))?;
    let (found, wanted) = (second.rows.len(), whole.rows.len());
    if found != wanted {
        return Err(Verdict::failed(
            (
                format!("one more in `{option}` has {wanted} rows, and {found} came"),
                format!("un de plus dans `{option}` a {wanted} lignes, et il en est venu {found}"),
            ),
            (
                "keep one part of the state for each (`Partitions` of the SDK)",
                "gardez une partie de l'état pour chacun (`Partitions` du SDK)",
            ),
        ));
    }
    // Of a line each: a thousand of them are read in no time.
    let (material, at) = probe.material().shortest(probe.at());
    many(stand, case, &Copies::new(probe, option, material, at)?, option).map(|()| true)
}

/// Files like the one the probe stands in, each with a text of its own.
struct Copies<'a> {
    probe: &'a Probe,
    option: &'a str,
    material: Material,
    at: At,
    folder: tempfile::TempDir,
}

impl<'a> Copies<'a> {
    fn new(probe: &'a Probe, option: &'a str, material: Material, at: At) -> Result<Self, Verdict> {
        let folder = tempfile::Builder::new().prefix("vigie-suite-").tempdir();
        let folder = folder.map_err(|error| {
            Verdict::failed(
                (format!("no temporary folder: {error}"), format!("pas de dossier temporaire : {error}")),
                ("make room for temporary files", "faites de la place aux fichiers temporaires"),
            )
        })?;
        Ok(Self { probe, option, material, at, folder })
    }

    /// `case`, with `count` more in its list.
    fn with(&self, case: &Case, count: usize) -> Result<Case, Verdict> {
        let mut case = case.clone();
        let root = self.folder.path().canonicalize().unwrap_or_else(|_| self.folder.path().to_owned());
        for number in 0..count {
            let folder = root.join(number.to_string());
            let text = format!("vigie copy {number}");
            let material = self.material.with(&self.at, &New::Text(text));
            let copy = self.probe.case().moved(&folder);
            std::fs::create_dir_all(&folder).and_then(|()| material.write_into(&folder)).map_err(|error| {
                Verdict::failed(
                    (format!("a copy cannot be written: {error}"), format!("une copie ne peut être écrite : {error}")),
                    ("make room for temporary files", "faites de la place aux fichiers temporaires"),
                )
            })?;
            let path = copy.options[self.option][0].clone();
            if let Some(list) = case.options.get_mut(self.option).and_then(Value::as_array_mut) {
                list.push(path);
            }
        }
        Ok(case)
    }
}

fn many(stand: &Stand, case: &Case, copies: &Copies<'_>, option: &str) -> Result<(), Verdict> {
    let count = MANY;
    let large = copies.with(case, count)?;
    let reading = stand.complete(&large, None)?;
    let state = last_state(&reading, &large)?;
    let bytes = state.to_string().len();
    if bytes > STATE_BYTES {
        return Err(Verdict::failed(
            (
                format!("with {count} in `{option}` the state has {bytes} bytes"),
                format!("avec {count} dans `{option}`, l'état fait {bytes} octets"),
            ),
            (
                "a state has at most 64 KiB in usual projects, 1 MiB in any",
                "un état tient en 64 Kio d'ordinaire, en 1 Mio toujours",
            ),
        ));
    }
    let again = stand.complete(&large, Some(state))?;
    if again.rows.is_empty() {
        return Ok(());
    }
    Err(Verdict::failed(
        (
            format!("{count} in `{option}`, read twice: {} rows come again", again.rows.len()),
            format!("{count} dans `{option}`, lus deux fois : {} lignes reviennent", again.rows.len()),
        ),
        ("keep one part of the state for each", "gardez une partie de l'état pour chacun"),
    ))
}

/// A state of an earlier version, as `tests/states/NAME.json` keeps it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// The case that is read from it.
    case: String,
    state_version: u32,
    state: Map<String, Value>,
    /// Rows that are left to read.
    rows: usize,
}

/// S5, its second half: states of earlier versions are read.
pub(crate) fn earlier_states(stand: &Stand) -> Result<(), Verdict> {
    let folder = stand.folder.join("tests/states");
    let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|e| e.path());
    let mut files: Vec<_> = entries.filter(|p| p.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    let mut read = BTreeSet::from([stand.plugin.spec.state_version]);
    let how = (
        "a state of an earlier version is {\"case\", \"state_version\", \"state\", \"rows\"}, in tests/states/NAME.json",
        "un état d'une version antérieure s'écrit {\"case\", \"state_version\", \"state\", \"rows\"}, dans tests/states/NOM.json",
    );
    for file in files {
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let wrong = |en: String, fr: String| {
            Verdict::failed((format!("tests/states/{name}: {en}"), format!("tests/states/{name} : {fr}")), how)
        };
        let text = std::fs::read_to_string(&file).map_err(|e| wrong(e.to_string(), e.to_string()))?;
        let kept: Kept = serde_json::from_str(&text).map_err(|e| wrong(e.to_string(), e.to_string()))?;
        let case = stand.cases.iter().find(|c| c.name == kept.case).ok_or_else(|| {
            wrong(format!("there is no case `{}`", kept.case), format!("il n'y a pas de cas `{}`", kept.case))
        })?;
        let request = case.request(&stand.plugin, Some(json!(kept.state)));
        let request = vigie_plugin_host::Request { state_version: kept.state_version, ..request };
        let (outcome, reading) = stand.read(case, &request);
        let found = stand.main(&reading).count();
        if let vigie_plugin_host::Outcome::Failed(failure) = outcome {
            return Err(wrong(
                format!("it is not read: [{}] {}", failure.code, failure.message.en),
                format!("il n'est pas lu : [{}] {}", failure.code, failure.message.fr),
            ));
        }
        if found != kept.rows {
            let wanted = kept.rows;
            return Err(wrong(
                format!("{found} rows are left, not {wanted}"),
                format!("il reste {found} lignes, non {wanted}"),
            ));
        }
        read.insert(kept.state_version);
    }
    match stand.plugin.spec.state_versions_read.iter().find(|version| !read.contains(version)) {
        None => Ok(()),
        Some(version) => Err(Verdict::failed(
            (
                format!("spec.json says that states of version {version} are read, and none is in tests/states"),
                format!("spec.json dit que les états de version {version} sont lus, et tests/states n'en a aucun"),
            ),
            how,
        )),
    }
}
