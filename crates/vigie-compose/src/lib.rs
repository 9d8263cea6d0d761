//! Puts findings and figures in the order a director reads: analyses become a report.
//!
//! Sentences come from catalogues and are used only when their rule is true; numbers are written
//! once, by the report's formatter. Nothing here counts or draws ink by itself.

mod audit;
mod axis;
mod builder;
mod cells;
mod commentary;
mod cover;
mod entities;
mod error;
mod essentials;
mod figures;
mod findings;
mod gaps;
mod input;
mod quantities;
mod sections;
mod shown;

pub use error::Error;
pub use input::Input;

use std::collections::BTreeMap;

use builder::Builder;
use vigie_chart::theme::{Mode, Token};
use vigie_report::report::{Brand, Report, SCHEMA_VERSION};

/// Composes the monthly report in every edition of the project.
///
/// # Errors
/// When a message is missing from the catalogue or a drawing cannot be made.
pub fn compose(input: &Input<'_>) -> Result<Report, Error> {
    let mut b = Builder::new(input);
    let sections = sections::all(&mut b)?;
    let findings = findings::ranked(&mut b)?;
    let essentials = essentials::essentials(&mut b, findings)?;
    let cover = cover::cover(&mut b, &essentials)?;
    let title = b.say("report.title", |l| vec![("client", b.client().to_owned()), ("period", b.period(l))])?;
    Ok(Report {
        schema: SCHEMA_VERSION,
        project: input.project.id.clone(),
        kind: "monthly".to_owned(),
        period: input.period.to_string(),
        date: input.period.end.to_string(),
        title,
        editions: input.project.editions.clone(),
        entities: entities::styles(input),
        brand: brand(&b)?,
        cover,
        essentials,
        sections,
        quantities: b.into_quantities(),
        ledger: input.ledger.clone(),
        labels: input.labels.clone(),
        manifest: input.manifest.iter().map(|(k, v)| (k.clone(), v.clone())).collect::<BTreeMap<_, _>>(),
    })
}

fn brand(b: &Builder<'_>) -> Result<Brand, Error> {
    let footer = match &b.input.project.report.distribution {
        Some(line) => b.bilingual(line),
        None => b.say("report.footer", |_| vec![])?,
    };
    let colour = |token, mode| b.input.palette.colour(token, mode).to_string();
    Ok(Brand {
        accent: colour(Token::Accent, Mode::Light),
        accent_dark: colour(Token::Accent, Mode::Dark),
        deep: colour(Token::Deep, Mode::Light),
        footer,
    })
}
