//! Learns from the labels of audits how a project's texts are to be read, and keeps it only where it is better.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use vigie_config::settings::Project;
use vigie_config::tone_model::{LanguageModel, ToneModel, keep};
use vigie_model::mention::MENTIONS;
use vigie_model::period::Period;
use vigie_store::Archive;
use vigie_text::reading::READER_VERSION;
use vigie_text::tone::learn::{Example, learn as fit};
pub use vigie_text::tone::learn::{LEAST_LABELS, LEAST_OF_CLASS, Learnt, TooFew};

use crate::Error;
use crate::audit::{FirstLabels, class, judged};
use crate::collection::place;

/// What was learnt of each language, and where it is kept.
#[derive(Debug, PartialEq)]
pub struct Lesson {
    /// For French.
    pub french: Result<Learnt, TooFew>,
    /// For English.
    pub english: Result<Learnt, TooFew>,
    /// Labels of mentions that are gone from the archive or not counted any more.
    pub lost: usize,
    /// Periods learnt from.
    pub periods: Vec<String>,
    /// The file; it is there only when something was worth keeping.
    pub file: PathBuf,
}

/// Learns from all labels of the project and writes its model, or removes it when nothing is better than the shipped
/// weights.
///
/// # Errors
/// When the archive cannot be read or the model cannot be written.
pub fn learn(project: &Project) -> Result<Lesson, Error> {
    let mut examples: BTreeMap<&'static str, Vec<Example>> = BTreeMap::new();
    let mut lost = 0;
    let mut taught = BTreeSet::new();
    let names: BTreeSet<&str> = project.labels.iter().map(|l| l.period.as_str()).collect();
    let snapshot = Archive::open(place(project)?)?.snapshot(&MENTIONS)?;
    for name in names {
        // Written by `vigie audit load`, which knows no relative period: what today is does not matter.
        let Ok(period) = Period::parse(name, jiff::civil::Date::MIN) else { continue };
        let first = FirstLabels::of(project, name);
        let mut met = 0;
        judged(project, &period, &snapshot, true, &mut |judged| {
            let id = &project.entities[judged.entity].entity.id;
            let Some(label) = first.place(id, judged.uid).and_then(|place| first.labels.get(place)) else { return };
            met += 1;
            if let Some(tone) = label.tone {
                let own = examples.entry(judged.language).or_default();
                own.push(Example::new(judged.p, class(tone), number(judged.uid)));
                taught.insert(name.to_owned());
            }
        })?;
        lost += first.labels.len() - met;
    }
    let of = |language: &str| fit(examples.get(language).map_or(&[], Vec::as_slice));
    let (french, english) = (of("fr"), of("en"));
    let periods: Vec<String> = taught.into_iter().collect();
    let model = ToneModel {
        reader: READER_VERSION.to_owned(),
        periods: periods.clone(),
        french: kept(&french),
        english: kept(&english),
    };
    let file = keep(&project.dir, &model)
        .map_err(|source| Error::Write { path: project.dir.join(vigie_config::tone_model::TONE_MODEL_FILE), source })?;
    Ok(Lesson { french, english, lost, periods, file })
}

fn kept(learnt: &Result<Learnt, TooFew>) -> Option<LanguageModel> {
    let Learnt { adjustment, labels, before, after, error } = learnt.ok().filter(Learnt::is_better)?;
    Some(LanguageModel { adjustment, labels: labels as u64, before, after, error })
}

/// A number of a mention that spreads it over folds.
fn number(uid: &str) -> u64 {
    let hash: [u8; 32] = Sha256::digest(uid).into();
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
