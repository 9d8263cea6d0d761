//! A probe: one value of a recording that is known to become one column of one row. Put something else there, and see
//! what the plugin makes of it.

use serde_json::{Map, Value};
use vigie_plugin_host::{Failure, Outcome};

use super::case::{Case, CaseKind};
use super::material::{At, Bent, Material, New};
use super::stand::{Reading, Row, Stand, died, unexpected};
use super::verdict::Verdict;

/// Rows that are tried before a case is given up.
const ROWS: usize = 4;
/// Columns whose text a recording is likely to hold as it is.
const COLUMNS: [&str; 3] = ["text", "title", "native_id"];
/// What is put into the place to see whether it is the one.
const TRACE: &str = "vigie asks 4711";
/// Cases that are probed; more cost time and show the same.
const CASES: usize = 3;

/// Where one column of one row comes from.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    case: Case,
    material: Material,
    /// Rows of the first table as they are without a change.
    base: Vec<Row>,
    /// The row, and its column.
    row: usize,
    column: &'static str,
    at: At,
}

/// What became of the row after the change.
#[derive(Debug)]
pub(crate) enum Seen {
    /// It is there. `warned`: the plugin or the host says that something is missing.
    Row { row: Map<String, Value>, warned: bool },
    /// It was rejected, or a notice speaks of what is missing or spoiled.
    Rejected,
    /// The reading ended with an error.
    Failed(Box<Failure>),
}

/// The probes of every full case, found once.
pub(crate) fn all(stand: &Stand) -> Result<&[Probe], Verdict> {
    match stand.probes.get_or_init(|| find_all(stand)) {
        Ok(probes) => Ok(probes),
        Err(verdict) => Err(verdict.clone()),
    }
}

/// The probes in a text, not in an id only; or why there is nothing to test.
pub(crate) fn in_texts(stand: &Stand) -> Result<Vec<&Probe>, Verdict> {
    let probes: Vec<&Probe> = all(stand)?.iter().filter(|p| p.column != "native_id").collect();
    if probes.is_empty() {
        return Err(Verdict::not_applicable(
            "no text or title of a row stands in a recording as it is",
            "aucun texte ni titre d'une ligne ne figure tel quel dans un enregistrement",
        ));
    }
    Ok(probes)
}

fn find_all(stand: &Stand) -> Result<Vec<Probe>, Verdict> {
    if stand.full().is_none() {
        return Err(super::no_case());
    }
    let mut probes = Vec::new();
    for case in stand.cases(CaseKind::Full).take(CASES) {
        if let Some(probe) = find(stand, case)? {
            probes.push(probe);
        }
    }
    Ok(probes)
}

fn find(stand: &Stand, case: &Case) -> Result<Option<Probe>, Verdict> {
    let reading = stand.complete(case, None)?;
    let Ok(material) = Material::of(case) else { return Ok(None) };
    let main = stand.plugin.main_table();
    let base: Vec<Row> = reading.rows.into_iter().filter(|(table, _)| table == main).collect();
    // From the middle on: the first and the last item are special to many services.
    let order = (0..base.len()).map(|i| (i + base.len() / 2) % base.len()).take(ROWS);
    let rows: Vec<usize> = order.collect();
    for column in COLUMNS {
        for row in rows.iter().copied() {
            let Some(text) = base[row].1.get(column).and_then(Value::as_str).filter(|t| !t.is_empty()) else {
                continue;
            };
            let Some(at) = material.find(text) else { continue };
            let probe = Probe { case: case.clone(), material: material.clone(), base: base.clone(), row, column, at };
            let trace = if column == "native_id" { "4711471147" } else { TRACE };
            if let Ok(Seen::Row { row, .. }) = probe.try_text(stand, trace)
                && row.get(column).and_then(Value::as_str).is_some_and(|t| t.contains(trace))
            {
                return Ok(Some(probe));
            }
        }
    }
    Ok(None)
}

impl Probe {
    /// The case it stands in.
    pub(crate) fn case(&self) -> &Case {
        &self.case
    }

    /// Everything in that case.
    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    /// Where the probe is.
    pub(crate) fn at(&self) -> &At {
        &self.at
    }

    /// The column that shows it.
    pub(crate) fn column(&self) -> &'static str {
        self.column
    }

    /// The row as it is without a change.
    pub(crate) fn row(&self) -> &Map<String, Value> {
        &self.base[self.row].1
    }

    /// Rows without a change.
    pub(crate) fn rows(&self) -> usize {
        self.base.len()
    }

    fn try_text(&self, stand: &Stand, text: &str) -> Result<Seen, Verdict> {
        self.put(stand, &self.at, &New::Text(text.to_owned()), &Doing::new("a plain text", "un texte simple"))
    }

    /// Reads the case with `new` at `at`; every other row must be as it was.
    ///
    /// # Errors
    /// The plugin died, or rows were lost without a word.
    pub(crate) fn put(&self, stand: &Stand, at: &At, new: &New, doing: &Doing) -> Result<Seen, Verdict> {
        self.read(stand, &self.material.with(at, new), doing, true)
    }

    /// Reads the case with a damage that may spoil more than its own row: what is asked is that it is said.
    ///
    /// # Errors
    /// As [`Probe::put`].
    pub(crate) fn spoil(&self, stand: &Stand, at: &At, new: &New, doing: &Doing) -> Result<Seen, Verdict> {
        self.read(stand, &self.material.with(at, new), doing, false)
    }

    /// Reads `material` in place of the case's own.
    ///
    /// # Errors
    /// As [`Probe::put`].
    pub(crate) fn read(
        &self,
        stand: &Stand,
        material: &Material,
        doing: &Doing,
        others_stay: bool,
    ) -> Result<Seen, Verdict> {
        let bent = bent(material, &self.case)?;
        let (outcome, reading) = stand.read(&bent.case, &bent.case.request(&stand.plugin, None));
        match outcome {
            Outcome::Failed(failure) if died(&failure) || failure.code == "P152" => {
                Err(doing.before(unexpected(&self.case, &failure)))
            }
            Outcome::Failed(failure) => Ok(Seen::Failed(failure)),
            Outcome::Complete(summary) => {
                // The host's own notice that it cut a text counts, whether or not anything is called partial.
                let warned = !summary.warnings.is_empty();
                self.judge(stand, &reading, warned, doing, others_stay)
            }
        }
    }

    fn judge(
        &self,
        stand: &Stand,
        reading: &Reading,
        warned: bool,
        doing: &Doing,
        others_stay: bool,
    ) -> Result<Seen, Verdict> {
        let mut found: Vec<&Map<String, Value>> = stand.main(reading).collect();
        let (count, wanted) = (found.len(), self.base.len());
        let said = warned || !reading.rejects.is_empty();
        if count > wanted || (count < wanted && !said) || (others_stay && count + 1 < wanted) {
            return Err(doing.failed(
                (
                    format!("{count} rows came, {wanted} without it"),
                    format!("{count} lignes sont venues, {wanted} sans cela"),
                ),
                (
                    "one strange item costs at most itself, and then there is a `reject`; the others are delivered",
                    "un élément étrange ne coûte que lui-même, et donne alors un `reject` ; les autres sont rendus",
                ),
            ));
        }
        if count < wanted && !others_stay {
            return Ok(Seen::Rejected);
        }
        let mut changed = Vec::new();
        for (index, (_, row)) in self.base.iter().enumerate() {
            match found.iter().position(|f| *f == row) {
                Some(at) => {
                    found.swap_remove(at);
                }
                None if index == self.row => {}
                None => changed.push(row),
            }
        }
        if let Some(row) = changed.first().filter(|_| others_stay || !said) {
            let id = row.get("native_id").cloned().unwrap_or_default();
            return Err(doing.failed(
                (format!("another row ({id}) is not as it was"), format!("une autre ligne ({id}) n'est plus la même")),
                ("items do not know of each other", "un élément ne sait rien des autres"),
            ));
        }
        if !changed.is_empty() {
            // Which of them was the probe's is not known; what is said of it is enough.
            return Ok(Seen::Rejected);
        }
        Ok(match found.first() {
            Some(row) => Seen::Row { row: (*row).clone(), warned },
            // The change made no difference, or the row is gone.
            None if count == wanted => Seen::Row { row: self.row().clone(), warned },
            None => Seen::Rejected,
        })
    }
}

/// The case with `material` for its own, in a folder of its own.
pub(crate) fn bent(material: &Material, case: &Case) -> Result<Bent, Verdict> {
    material.write(case).map_err(|error| {
        Verdict::failed(
            (
                format!("a copy of case `{}` cannot be written: {error}", case.name),
                format!("une copie du cas `{}` ne peut être écrite : {error}", case.name),
            ),
            ("make room for temporary files", "faites de la place aux fichiers temporaires"),
        )
    })
}

/// What was put into a recording, for messages.
pub(crate) struct Doing {
    en: String,
    fr: String,
}

impl Doing {
    pub(crate) fn new(en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { en: en.into(), fr: fr.into() }
    }

    /// A failure, told with what was done.
    pub(crate) fn failed(&self, found: (String, String), advice: (&str, &str)) -> Verdict {
        let (mut en, mut fr) = found;
        en.insert_str(0, &format!("{}: ", self.en));
        fr.insert_str(0, &format!("{} : ", self.fr));
        Verdict::failed((en, fr), advice)
    }

    /// The same failure, told with what was done.
    pub(crate) fn before(&self, verdict: Verdict) -> Verdict {
        match verdict {
            Verdict::Failed { found, advice } => {
                self.failed((found.en, found.fr), (advice.en.as_str(), advice.fr.as_str()))
            }
            other => other,
        }
    }
}
