//! Reads the sheet of an audit that a person filled in.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use vigie_config::labels::AuditLabel;
use vigie_config::settings::Project;
use vigie_model::diagnostic::Bilingual;
use vigie_text::tone::ToneClass;

use super::sheet::{COLUMNS, ENTITY, ID, OF, RELEVANT, SAMPLE, TONE, TONES};
use crate::review::rows;

/// Characters shown of a cell that is not understood.
const SHOWN: usize = 40;

/// What the labels of a sheet say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Period the mentions were drawn from.
    pub period: String,
    /// The labels.
    pub labels: Vec<AuditLabel>,
    /// Rows that say `?`.
    pub unsure: u64,
    /// Rows without a label.
    pub unread: u64,
    /// Rows that could not be used, each with its place.
    pub faults: Vec<Bilingual>,
}

/// Reads the labels that `reviewer` wrote in a CSV or XLSX sheet of the project. Rows that cannot be used are told and
/// left out.
///
/// # Errors
/// When the file cannot be read, or is no sheet of an audit.
pub fn load(project: &Project, path: &Path, reviewer: &str, read_on: Date) -> Result<Filled, Bilingual> {
    let shown = path.display();
    let refused = |en: String, fr: String| Bilingual::new(format!("`{shown}`: {en}"), format!("`{shown}` : {fr}"));
    let rows = rows(path).map_err(|e| refused(format!("cannot be read: {e}"), format!("illisible : {e}")))?;
    let mut lines = rows.iter();
    let header = lines.next().map(Vec::as_slice).unwrap_or_default();
    let mut places = [0; COLUMNS.len()];
    for index in [ID, ENTITY, RELEVANT, TONE, SAMPLE, OF] {
        let (en, fr) = COLUMNS[index];
        let place = header.iter().position(|name| [en, fr].contains(&name.trim().to_lowercase().as_str()));
        places[index] = place.ok_or_else(|| {
            refused(
                format!("no column `{en}`; load a sheet that vigie audit sample made"),
                format!("pas de colonne `{fr}` ; chargez une feuille faite par vigie audit sample"),
            )
        })?;
    }
    let mut filled: Option<Filled> = None;
    let mut seen = BTreeSet::new();
    for (index, row) in lines.enumerate() {
        if row.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        let cell = |index: usize| row.get(places[index]).map_or("", |c| c.trim().trim_start_matches('\''));
        let place = index + 2;
        let own = cell(SAMPLE).rsplit_once(' ').zip(cell(OF).parse::<u64>().ok());
        let Some(((period, stratum), of)) = own else {
            return Err(refused(
                format!("row {place}: the columns `sample` and `of` were changed"),
                format!("ligne {place} : les colonnes `échantillon` et `sur` ont été modifiées"),
            ));
        };
        let filled = filled.get_or_insert_with(|| Filled {
            period: period.to_owned(),
            labels: Vec::new(),
            unsure: 0,
            unread: 0,
            faults: Vec::new(),
        });
        let mut fault = |en: String, fr: String| {
            filled.faults.push(refused(format!("row {place}: {en}"), format!("ligne {place} : {fr}")));
        };
        let entity = cell(ENTITY);
        if period != filled.period {
            fault("of another sample; left out".to_owned(), "d'un autre échantillon ; laissée de côté".to_owned());
        } else if project.entities.iter().all(|t| t.entity.id != entity) {
            let entity: String = entity.chars().take(SHOWN).collect();
            fault(
                format!("the project has no entity `{entity}`; left out"),
                format!("le projet n'a pas d'entité `{entity}` ; laissée de côté"),
            );
        } else if !seen.insert((cell(ID).to_owned(), entity.to_owned())) {
            fault("there twice; left out".to_owned(), "déjà lue ; laissée de côté".to_owned());
        } else {
            match said(cell(RELEVANT), cell(TONE)) {
                Ok(Said::Nothing) => filled.unread += 1,
                Ok(Said::Unsure) => filled.unsure += 1,
                Ok(Said::Label(tone)) => filled.labels.push(AuditLabel {
                    period: period.to_owned(),
                    entity: entity.to_owned(),
                    uid: cell(ID).to_owned(),
                    stratum: stratum.to_owned(),
                    of,
                    reviewer: reviewer.to_owned(),
                    read_on,
                    tone,
                }),
                Err((en, fr)) => fault(en, fr),
            }
        }
    }
    filled.ok_or_else(|| refused("no row".to_owned(), "aucune ligne".to_owned()))
}

/// What a row says.
enum Said {
    Nothing,
    Unsure,
    Label(Option<ToneClass>),
}

fn said(relevant: &str, tone: &str) -> Result<Said, (String, String)> {
    let (relevant, tone) = (relevant.to_lowercase(), tone.to_lowercase());
    let about = match relevant.as_str() {
        "" => None,
        "yes" | "y" | "oui" | "o" | "1" | "true" | "vrai" => Some(true),
        "no" | "n" | "non" | "0" | "false" | "faux" => Some(false),
        other => {
            let other: String = other.chars().take(SHOWN).collect();
            return Err((
                format!("`{other}` is neither yes nor no; left out"),
                format!("`{other}` n'est ni oui ni non ; laissée de côté"),
            ));
        }
    };
    if about == Some(false) {
        return Ok(Said::Label(None));
    }
    match tone.as_str() {
        "" if about.is_none() => Ok(Said::Nothing),
        "" | "?" | "unsure" | "doute" => Ok(Said::Unsure),
        word => class(word).map(|tone| Said::Label(Some(tone))).ok_or_else(|| {
            let word: String = word.chars().take(SHOWN).collect();
            let words = |french: bool| TONES.map(|(_, en, fr)| if french { fr } else { en }).join(", ");
            (
                format!("`{word}` is none of {}, ?; left out", words(false)),
                format!("`{word}` n'est aucun de ces mots : {}, ? ; laissée de côté", words(true)),
            )
        }),
    }
}

/// The class that a person means: the words of both languages, their feminine, their beginnings and the usual signs.
fn class(word: &str) -> Option<ToneClass> {
    match word {
        "negative" | "neg" | "négatif" | "négative" | "negatif" | "nég" | "-" | "-1" | "−" => {
            Some(ToneClass::Negative)
        }
        "neutral" | "neu" | "neutre" | "0" | "=" => Some(ToneClass::Neutral),
        "positive" | "pos" | "positif" | "+" | "1" | "+1" => Some(ToneClass::Positive),
        "mixed" | "mix" | "mitigé" | "mitigée" | "mitige" | "partagé" | "mixte" => Some(ToneClass::Mixed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_words_of_both_languages() {
        let label = |relevant, tone| match said(relevant, tone) {
            Ok(Said::Label(tone)) => format!("{tone:?}"),
            Ok(Said::Unsure) => "?".to_owned(),
            Ok(Said::Nothing) => String::new(),
            Err((_, fr)) => fr,
        };
        assert_eq!(label("", "Négatif"), "Some(Negative)");
        assert_eq!(label("OUI", "positive"), "Some(Positive)");
        assert_eq!(label("yes", "mitigée"), "Some(Mixed)");
        assert_eq!(label("non", "positif"), "None");
        assert_eq!(label("", ""), "");
        assert_eq!((label("oui", ""), label("", "?")), ("?".to_owned(), "?".to_owned()));
        assert!(label("", "bof").contains("`bof` n'est aucun") && label("bof", "").contains("ni oui ni non"));
    }
}
