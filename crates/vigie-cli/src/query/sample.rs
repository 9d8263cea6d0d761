//! `vigie query sample`: a sheet of mentions to be read by a person, and the precision it gives.

use std::path::Path;

use serde_json::json;
use vigie_config::QueryText;
use vigie_config::review::QueryReview;
use vigie_config::settings::Project;
use vigie_model::diagnostic::{Bilingual, Diagnostic, Language};
use vigie_model::period::Period;
use vigie_pipeline::review::{self, Labels};
use vigie_query::{Options, Query};

use super::input::project;
use crate::print::Printer;
use crate::{clock, exit};

/// Draws `number` mentions that the query finds and writes them as CSV and XLSX in `reviews/`.
pub(super) fn draw(dir: &Path, name: &str, number: u32, period: Option<&str>, printer: &Printer) -> Result<u8, u8> {
    let project = project(dir, printer)?;
    let text = named(&project, name, printer)?;
    let today = clock::today(&project.timezone);
    let asked = period.unwrap_or(&project.report.period);
    let period = Period::parse(asked, today).map_err(|error| {
        printer.error("C001", &error.message());
        exit::USAGE
    })?;
    let options = Options { today: Some(period.end), ..project.options(text, today) };
    let Some(query) = Query::parse(&text.text, &options).query else { return Err(exit::USAGE) };
    let tag = review::Tag {
        query: bare(name).to_owned(),
        period: period.to_string(),
        fingerprint: project.fingerprint(text),
    };
    let failed = |error: vigie_pipeline::Error| {
        printer.error("A001", &error.message());
        exit::NO_REPORT
    };
    let sample = review::draw(&project, &tag, query, &period, number as usize).map_err(failed)?;
    if sample.found == 0 {
        let words = Bilingual::new(
            format!("`{name}` finds no mention of {period} in the archive; nothing was written"),
            format!("`{name}` ne trouve aucune mention de {period} dans l'archive ; rien n'a été écrit"),
        );
        printer.error("Q030", &words);
        return Err(exit::NO_REPORT);
    }
    let french = printer.language == Language::French;
    for path in review::write(&project.dir.join(review::FOLDER), &tag, &sample, french).map_err(failed)? {
        printer.path(&path);
    }
    let drawn = sample.rows.len();
    let strata = sample.strata;
    let words = Bilingual::new(
        format!(
            "{drawn} of {} mentions drawn, in {strata} strata (source, language, predicted tone); fill in the column \
             “relevant” with yes, no or ?, then: vigie query sample {name} --load FILE",
            sample.found
        ),
        format!(
            "{drawn} mentions tirées sur {}, en {strata} strates (source, langue, ton prédit) ; remplissez la colonne \
             « pertinent » de oui, non ou ?, puis : vigie query sample {name} --load FICHIER",
            sample.found
        ),
    );
    printer.say("query.sample", &words, json!({"query": name, "found": sample.found, "drawn": drawn}));
    Ok(exit::COMPLETE)
}

/// Reads a sheet that was filled in; the precision goes to standard output and to the project.
pub(super) fn load(dir: &Path, name: &str, file: &Path, printer: &Printer) -> Result<u8, u8> {
    let project = project(dir, printer)?;
    let text = named(&project, name, printer)?;
    let labels = review::load(file).map_err(|problem| {
        printer.error("Q031", &problem);
        exit::USAGE
    })?;
    for words in &labels.faults {
        printer.diagnostic(&Diagnostic::warning("Q032", words.clone()));
    }
    let Labels { tag, found, relevant, irrelevant, unsure, unread, faults } = &labels;
    if tag.query != bare(name) {
        let words = Bilingual::new(
            format!("this sheet is of the query `{}`, not `{name}`; nothing was kept", tag.query),
            format!("cette feuille est celle de la requête `{}`, pas `{name}` ; rien n'a été gardé", tag.query),
        );
        printer.error("Q033", &words);
        return Err(exit::USAGE);
    }
    if relevant + irrelevant == 0 {
        let words = Bilingual::new(
            "no row says yes or no; nothing was kept",
            "aucune ligne ne dit oui ou non ; rien n'a été gardé",
        );
        printer.error("Q034", &words);
        return Err(exit::USAGE);
    }
    if tag.fingerprint != project.fingerprint(text) {
        let words = Bilingual::new(
            format!("`{name}` was changed since the sheet was drawn: the report will not show this precision"),
            format!("`{name}` a changé depuis le tirage de la feuille : le rapport ne montrera pas cette précision"),
        );
        printer.diagnostic(&Diagnostic::warning("Q035", words));
    }
    let review = QueryReview {
        query: tag.query.clone(),
        fingerprint: tag.fingerprint.clone(),
        period: tag.period.clone(),
        reviewed_on: clock::today(&project.timezone),
        found: *found,
        relevant: *relevant,
        irrelevant: *irrelevant,
        unsure: *unsure,
    };
    let interval = review::precision(&review);
    let written = vigie_config::review::keep(&project.dir, review).map_err(|problem| {
        printer.error("Q036", &problem);
        exit::NO_REPORT
    })?;
    let read = relevant + irrelevant;
    printer.data(
        &json!({
            "query": tag.query, "period": tag.period, "found": found, "read": read, "relevant": relevant,
            "unsure": unsure, "unread": unread, "precision": interval.value, "low": interval.low, "high": interval.high,
        })
        .to_string(),
    );
    let percent = |share: f64| format!("{:.0}", 100.0 * share);
    let (value, low, high) = (percent(interval.value), percent(interval.low), percent(interval.high));
    let kept = written.display();
    let words = Bilingual::new(
        format!(
            "precision of `{name}`: {value}% (95% interval {low} to {high}%), {relevant} relevant of {read} read; kept in {kept}"
        ),
        format!(
            "précision de `{name}` : {value} % (intervalle à 95 % : {low} à {high} %), {relevant} pertinentes sur {read} lues ; \
             gardée dans {kept}"
        ),
    );
    printer.say("query.precision", &words, json!({"query": name}));
    Ok(if faults.is_empty() { exit::COMPLETE } else { exit::INCOMPLETE })
}

fn bare(name: &str) -> &str {
    name.strip_prefix('$').unwrap_or(name)
}

fn named<'p>(project: &'p Project, name: &str, printer: &Printer) -> Result<&'p QueryText, u8> {
    project.query(name).ok_or_else(|| {
        let entities = project.entities.iter().map(|t| t.entity.id.as_str());
        let names: Vec<&str> = project.queries.keys().map(String::as_str).chain(entities).collect();
        let names = names.join(", ");
        let words = Bilingual::new(
            format!("no query nor entity is called `{name}`; there are: {names}"),
            format!("aucune requête ni entité ne s'appelle `{name}` ; il y a : {names}"),
        );
        printer.error("Q037", &words);
        exit::USAGE
    })
}
