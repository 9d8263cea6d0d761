//! The sheet of an audit, as CSV and XLSX.

use std::path::{Path, PathBuf};

use vigie_model::period::Period;
use vigie_text::tone::ToneClass;

use super::{Asked, Row, Sample};
use crate::Error;
use crate::review::{FOLDER, Sheet, save};

/// Columns, English and French, with their widths in characters; the order of the sheet.
pub(super) const COLUMNS: [(&str, &str); 15] = [
    ("id", "id"),
    ("entity", "entité"),
    ("about", "à propos de"),
    ("date", "date"),
    ("source", "source"),
    ("language", "langue"),
    ("url", "adresse"),
    ("title", "titre"),
    ("text", "texte"),
    ("read by machine", "lu par la machine"),
    ("relevant", "pertinent"),
    ("tone", "ton"),
    ("remark", "remarque"),
    ("sample", "échantillon"),
    ("of", "sur"),
];
const WIDTHS: [f64; 15] = [14.0, 12.0, 14.0, 11.0, 14.0, 9.0, 24.0, 30.0, 70.0, 16.0, 10.0, 11.0, 24.0, 22.0, 8.0];
/// Indexes of columns.
pub(super) const ID: usize = 0;
pub(super) const ENTITY: usize = 1;
pub(super) const RELEVANT: usize = 10;
pub(super) const TONE: usize = 11;
pub(super) const SAMPLE: usize = 13;
pub(super) const OF: usize = 14;

/// Words of a tone, English and French.
pub(super) const TONES: [(ToneClass, &str, &str); 4] = [
    (ToneClass::Negative, "negative", "négatif"),
    (ToneClass::Neutral, "neutral", "neutre"),
    (ToneClass::Positive, "positive", "positif"),
    (ToneClass::Mixed, "mixed", "mitigé"),
];

/// Writes the sheet of a sample into the project of `dir`; what the machine read is in it only when `shown`.
///
/// # Errors
/// When a sheet is there already, or cannot be written.
pub fn write(
    dir: &Path,
    period: &Period,
    asked: Asked,
    sample: &Sample,
    shown: bool,
    french: bool,
) -> Result<[PathBuf; 2], Error> {
    let word = |(en, fr): (&'static str, &'static str)| if french { fr } else { en };
    let tones: Vec<&'static str> = TONES.iter().map(|(_, en, fr)| word((en, fr))).chain(["?"]).collect();
    let sheet = Sheet {
        columns: COLUMNS.into_iter().map(word).collect(),
        widths: &WIDTHS,
        rows: sample.rows.iter().map(|row| cells(row, period, shown.then_some(french))).collect(),
        choices: vec![(RELEVANT, vec![word(("yes", "oui")), word(("no", "non"))]), (TONE, tones)],
    };
    let stem = match asked.seed {
        1 => format!("audit-{period}"),
        seed => format!("audit-{period}-{seed}"),
    };
    save(&dir.join(FOLDER), &stem, &sheet)
}

/// `french` is the language of what the machine read, when it is shown.
fn cells(row: &Row, period: &Period, french: Option<bool>) -> Vec<String> {
    let tone = TONES.iter().find(|(tone, ..)| *tone == row.tone);
    let machine = french.zip(tone).map(|(french, (_, en, fr))| if french { *fr } else { *en });
    [
        row.uid.as_str(),
        &row.entity,
        &row.name,
        &row.day.to_string(),
        &row.source,
        row.language,
        &row.url,
        &row.title,
        &row.text,
        machine.unwrap_or_default(),
        "",
        "",
        "",
        &format!("{period} {}", row.stratum),
        &row.of.to_string(),
    ]
    .map(str::to_owned)
    .to_vec()
}
