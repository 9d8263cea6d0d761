//! `audit-labels.csv`: the tone that persons gave to mentions of samples. Written by `vigie audit load`, read for
//! reports and by `vigie learn`. One line is one label, in a fixed order: files of two persons merge line by line. No
//! text is in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use vigie_model::diagnostic::Bilingual;
use vigie_text::tone::ToneClass;

use crate::page::Page;
use crate::rewrite::rewrite;

/// Name of the file.
pub const LABELS_FILE: &str = "audit-labels.csv";

const COLUMNS: [&str; 8] = ["period", "entity", "mention", "stratum", "of", "reviewer", "read_on", "label"];
/// Words of the column `label`; `None` is a mention that is not about the entity.
const WORDS: [(&str, Option<ToneClass>); 5] = [
    ("negative", Some(ToneClass::Negative)),
    ("neutral", Some(ToneClass::Neutral)),
    ("positive", Some(ToneClass::Positive)),
    ("mixed", Some(ToneClass::Mixed)),
    ("irrelevant", None),
];

/// What one person says of one mention and entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLabel {
    /// Period the mention was drawn from.
    pub period: String,
    /// Entity id.
    pub entity: String,
    /// Identifier of the mention in the archive.
    pub uid: String,
    /// Code of the stratum it was drawn from.
    pub stratum: String,
    /// Mentions of that stratum.
    pub of: u64,
    /// Who read it.
    pub reviewer: String,
    /// When the label was loaded.
    pub read_on: Date,
    /// The tone; `None` for a mention that is not about the entity.
    pub tone: Option<ToneClass>,
}

impl AuditLabel {
    fn key(&self) -> (&str, &str, &str, &str) {
        (&self.period, &self.entity, &self.uid, &self.reviewer)
    }
}

/// The labels of a file; what is wrong is reported on `page`.
pub(crate) fn read(page: &Page<'_>) -> Vec<AuditLabel> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(page.text.as_bytes());
    if page.text.trim().is_empty() {
        return Vec::new();
    }
    if reader.headers().is_ok_and(|found| found.iter().ne(COLUMNS)) {
        let (en, fr) = ("the first line must be", "la première ligne doit être");
        let columns = COLUMNS.join(",");
        let line = 0..page.text.find('\n').unwrap_or(page.text.len());
        page.error("C160", line, Bilingual::new(format!("{en} {columns}"), format!("{fr} {columns}")), Some(redo()));
        return Vec::new();
    }
    let mut labels = BTreeMap::new();
    for record in reader.records() {
        let (record, start) = match record {
            Ok(record) => {
                let start = record.position().map_or(0, |p| p.byte() as usize);
                (record, start)
            }
            Err(error) => {
                let start = error.position().map_or(0, |p| p.byte() as usize);
                let words =
                    Bilingual::new(format!("this line cannot be read: {error}"), format!("ligne illisible : {error}"));
                page.error("C160", line(page, start), words, Some(redo()));
                continue;
            }
        };
        match label(&record) {
            Ok(label) => {
                let key = label.key();
                let key = (key.0.to_owned(), key.1.to_owned(), key.2.to_owned(), key.3.to_owned());
                labels.insert(key, label);
            }
            Err((en, fr)) => page.error("C160", line(page, start), Bilingual::new(en, fr), Some(redo())),
        }
    }
    labels.into_values().collect()
}

fn redo() -> Bilingual {
    Bilingual::new(
        "the file is written by `vigie audit load`; take its last good version, or remove the line",
        "le fichier est écrit par `vigie audit load` ; reprenez sa dernière bonne version, ou retirez la ligne",
    )
}

/// The line that begins at the byte `start`.
fn line(page: &Page<'_>, start: usize) -> std::ops::Range<usize> {
    let rest = page.text.get(start..).unwrap_or_default();
    let skipped = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let start = start + skipped;
    let rest = page.text.get(start..).unwrap_or_default();
    start..start + rest.find('\n').unwrap_or(rest.len())
}

fn label(record: &csv::StringRecord) -> Result<AuditLabel, (String, String)> {
    let count = record.len();
    if count != COLUMNS.len() {
        let wanted = COLUMNS.len();
        return Err((format!("{count} values instead of {wanted}"), format!("{count} valeurs au lieu de {wanted}")));
    }
    let text = |index: usize| record.get(index).unwrap_or_default().to_owned();
    let tone = WORDS.iter().find(|(word, _)| *word == &record[7]).map(|(_, tone)| *tone);
    let words = || WORDS.map(|(word, _)| word).join(", ");
    let shown = |index: usize| record[index].chars().take(40).collect::<String>();
    Ok(AuditLabel {
        period: text(0),
        entity: text(1),
        uid: text(2),
        stratum: text(3),
        of: record[4].parse().map_err(|_| {
            let of = shown(4);
            (format!("`of`: `{of}` is not a number"), format!("`of` : `{of}` n'est pas un nombre"))
        })?,
        reviewer: text(5),
        read_on: record[6].parse().map_err(|_| {
            let day = shown(6);
            (format!("`read_on`: `{day}` is not a date"), format!("`read_on` : `{day}` n'est pas une date"))
        })?,
        tone: tone.ok_or_else(|| {
            let (label, words) = (shown(7), words());
            (
                format!("`label`: `{label}` is none of {words}"),
                format!("`label` : `{label}` n'est aucun de ces mots : {words}"),
            )
        })?,
    })
}

/// Keeps labels in the project of `dir`, instead of earlier ones of the same mention, entity and person. Gives the file
/// and how many were replaced.
///
/// # Errors
/// When the file there cannot be read as labels, or cannot be written; it is then as it was.
pub fn keep(dir: &Path, new: Vec<AuditLabel>) -> Result<(PathBuf, usize), Bilingual> {
    let add = |labels: &mut Vec<AuditLabel>| {
        let before = labels.len();
        labels.retain(|l| new.iter().all(|n| n.key() != l.key()));
        let replaced = before - labels.len();
        labels.extend(new);
        labels.sort_by(|a, b| a.key().cmp(&b.key()));
        replaced
    };
    rewrite(dir, LABELS_FILE, read, add, print)
}

fn print(labels: &[AuditLabel]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for l in labels {
        let word = WORDS.iter().find(|(_, tone)| *tone == l.tone).map_or("irrelevant", |(word, _)| word);
        let (of, read_on) = (l.of.to_string(), l.read_on.to_string());
        writer.write_record([&l.period, &l.entity, &l.uid, &l.stratum, &of, &l.reviewer, &read_on, word])?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn label(uid: &str, reviewer: &str, tone: Option<ToneClass>) -> AuditLabel {
        AuditLabel {
            period: "2026-10".to_owned(),
            entity: "alto".to_owned(),
            uid: uid.to_owned(),
            stratum: "a1b2".to_owned(),
            of: 120,
            reviewer: reviewer.to_owned(),
            read_on: date(2026, 11, 24),
            tone,
        }
    }

    fn problems(text: &str) -> (Vec<AuditLabel>, Vec<String>) {
        let page = Page::new(Path::new("."), LABELS_FILE, text, &|_| None);
        let labels = read(&page);
        let shown = page.into_problems();
        let shown = shown.iter().map(|d| format!("{} {}", d.location.as_ref().unwrap(), d.message.fr));
        (labels, shown.collect())
    }

    #[test]
    fn labels_of_two_persons_live_together_and_a_second_thought_replaces_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let negative = Some(ToneClass::Negative);
        let anna = vec![label("b", "Anna, \"A\"", negative), label("a", "Anna, \"A\"", None)];
        assert_eq!(keep(dir.path(), anna.clone()).unwrap().1, 0);
        assert_eq!(keep(dir.path(), vec![label("a", "Luc", Some(ToneClass::Mixed))]).unwrap().1, 0);
        assert_eq!(keep(dir.path(), vec![label("a", "Luc", negative)]).unwrap().1, 1);
        let text = std::fs::read_to_string(dir.path().join(LABELS_FILE)).unwrap();
        let (labels, wrong) = problems(&text);
        assert_eq!(wrong, [] as [&str; 0]);
        assert_eq!(labels, [anna[1].clone(), label("a", "Luc", negative), anna[0].clone()]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_the_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let text = format!(
            "{}\n2026-10,alto,a,s,10,Luc,2026-11-24,positive\n2026-10,alto,b,s,10,Luc,2026-11-24,good\n1,2\n",
            COLUMNS.join(",")
        );
        let (labels, wrong) = problems(&text);
        assert_eq!(labels.len(), 1);
        assert!(wrong[0].starts_with("audit-labels.csv:3") && wrong[0].contains("`good`"), "{wrong:?}");
        assert!(wrong[1].starts_with("audit-labels.csv:4") && wrong[1].contains("2 valeurs au lieu de 8"), "{wrong:?}");
        std::fs::write(dir.path().join(LABELS_FILE), &text).unwrap();
        assert!(keep(dir.path(), vec![label("a", "Luc", None)]).unwrap_err().fr.contains("tel quel"));
        assert_eq!(std::fs::read_to_string(dir.path().join(LABELS_FILE)).unwrap(), text);
        assert_eq!(problems("a,b\n").1.len(), 1);
        assert_eq!(problems("").1.len(), 0);
    }
}
