//! Reporting: archive to documents, offline.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use polars::prelude::IntoLazy;
use serde_json::Value;
use vigie_analysis::analyses::{Analyses, ClientTerms, analyse};
use vigie_analysis::collection::DeclaredGap;
use vigie_analysis::tally::tally;
use vigie_compose::{Input, compose};
use vigie_config::settings::Paper;
use vigie_config::settings::Project;
use vigie_model::frame::Names;
use vigie_model::ledger::{SourceLedger, SourceOutcome};
use vigie_model::locale::Locale;
use vigie_model::mention::MENTIONS;
use vigie_model::period::{Period, epoch_day};
use vigie_report::edition::edition;
use vigie_report::report::Report;
use vigie_store::{Archive, Enforced, Lock, Place, Snapshot};

use crate::audit::audited;
use crate::collection::place;
use crate::documents::{Document, put};
use crate::manifest::{Manifest, inputs, sha256};
use crate::reading::{identity, reader, settings};
use crate::{Error, Stages, figures, material};

/// A report that was made.
pub struct Made {
    /// Its folder.
    pub folder: PathBuf,
    /// Its documents, without figures and data.
    pub documents: Vec<PathBuf>,
    /// Mentions kept in the period.
    pub mentions: u64,
    /// Sources that did not deliver everything.
    pub incomplete: Vec<SourceLedger>,
    /// Mentions that went, or lost their content, before the report was made.
    pub enforced: Enforced,
    /// Why what was read could not be kept for the next report, if it could not. The report is whole.
    pub unkept: Option<std::io::Error>,
    /// How long each stage took.
    pub stages: Stages,
}

/// Makes the report of `period` from the project's archive, in every edition. First the archive loses what its
/// places do not allow to be kept at the moment `now`; from there on no clock is read.
///
/// # Errors
/// When the archive cannot be read or a document cannot be made or written.
pub fn report(project: &Project, period: &Period, now: Timestamp) -> Result<Made, Error> {
    let mut stages = Stages::default();
    let (archive, enforced) = allowed(project, now)?;
    let snapshot = archive.snapshot(&MENTIONS)?;
    let ledger = ledger(project, archive.place())?;
    let (analyses, unkept) = analyses(project, period, &snapshot, &mut stages)?;
    let mentions = analyses.tally.current.funnel.kept;
    let catalogue = material::catalogue()?;
    let fonts = material::fonts()?;
    let palette = material::palette(project);
    let composed = stages.run("compose", mentions, || {
        compose(&Input {
            project,
            period,
            analyses: &analyses,
            ledger: ledger.clone(),
            catalogue: &catalogue,
            labels: material::labels(&project.editions)?,
            fonts: &fonts,
            palette: &palette,
            logo: material::logo(project)?,
            engine: &identity(project),
            manifest: inputs(project, archive.place(), snapshot.version, &period.to_string())?,
        })
        .map_err(Error::from)
    })?;
    let documents = render(project, &composed, palette, &mut stages)?;
    let folder = project.dir.join("reports").join(period.to_string());
    stages.run("write", 0, || put(&folder, &documents))?;
    let readable = |d: &&Document| Path::new(&d.name).extension().is_some_and(|e| e == "html" || e == "pdf");
    let main = documents.iter().filter(readable);
    Ok(Made {
        documents: main.map(|d| folder.join(&d.name)).collect(),
        folder,
        mentions,
        incomplete: ledger.into_iter().filter(|l| l.outcome != SourceOutcome::Complete).collect(),
        enforced,
        unkept,
        stages,
    })
}

/// The project's archive with nothing in it that may not be kept at the moment `now`. An archive in which nothing is
/// due is only read: it may lie in a folder that cannot be written.
fn allowed(project: &Project, now: Timestamp) -> Result<(Archive, Enforced), Error> {
    let archive = Archive::open(place(project)?)?;
    if !archive.is_due(now.as_microsecond())? {
        return Ok((archive, Enforced::default()));
    }
    let _lock = Lock::take(archive.place().local())?;
    let mut archive = Archive::open(place(project)?)?;
    let enforced = archive.enforce(now.as_microsecond())?;
    Ok((archive, enforced))
}

/// The recorded ledger of every enabled source, in the project's order.
fn ledger(project: &Project, archive: &Place) -> Result<Vec<SourceLedger>, Error> {
    let enabled = project.sources.iter().filter(|s| s.enabled).map(|s| s.id.as_str());
    let records = vigie_collect::records(archive, enabled)?;
    Ok(records.into_iter().map(|r| r.ledger).collect())
}

/// The analyses, and why the readings could not be kept, if they could not.
fn analyses(
    project: &Project,
    period: &Period,
    snapshot: &Snapshot,
    stages: &mut Stages,
) -> Result<(Analyses, Option<std::io::Error>), Error> {
    let reader = reader(project, period)?;
    let kept = place(project)?.readings();
    let settings = settings(project, period, Some(&kept));
    let (from, to) = settings.bounds()?;
    let mentions = snapshot.rows_between(from, to)?;
    let read = stages.run("read", 0, || reader.read(mentions, &settings))?;
    let rows = read.readings.height() as u64;
    if let Some(stage) = stages.0.last_mut() {
        stage.rows = rows;
    }
    let (readings, hits) = (read.readings.lazy(), read.hits.lazy());
    let tally = stages.run("count", rows, || tally(&readings, &hits, settings.entities.len(), period))?;
    let gaps = declared(project, &read.names);
    let terms = ClientTerms { now: &read.terms_now, before: &read.terms_before, surfaces: &read.surfaces };
    let mut analyses = stages.run("analyse", rows, || analyse(tally, read.names, &gaps, &terms, &hits))?;
    if project.labels.iter().any(|l| l.period == period.to_string()) {
        analyses.audited = stages.run("audit", rows, || audited(project, period, snapshot))?;
    }
    Ok((analyses, read.unkept))
}

fn declared(project: &Project, names: &Names) -> Vec<DeclaredGap> {
    let index = |names: &[String], id: &str| names.iter().position(|n| n == id).map(|i| i as u32);
    let gaps = project.gaps.iter().filter_map(|gap| {
        let entity = match &gap.entity {
            Some(id) => Some(index(&names.entities, id)?),
            None => None,
        };
        Some(DeclaredGap {
            source: index(&names.sources, &gap.source)?,
            entity,
            from: epoch_day(gap.period.start),
            to: epoch_day(gap.period.end) - 1,
        })
    });
    gaps.collect()
}

fn render(
    project: &Project,
    report: &Report,
    palette: vigie_chart::theme::Palette,
    stages: &mut Stages,
) -> Result<Vec<Document>, Error> {
    let assets = vigie_html::Assets { palette, ..vigie_html::Assets::default() };
    let options = vigie_pdf::Options {
        paper: match project.report.paper {
            Paper::A4 => vigie_pdf::Paper::A4,
            Paper::Letter => vigie_pdf::Paper::Letter,
        },
        ..vigie_pdf::Options::default()
    };
    let mut documents = Vec::new();
    for locale in &report.editions {
        let edition = edition(report, *locale)?;
        let html = stages.run("html", 0, || vigie_html::render(&edition, &assets))?;
        documents.push(Document::new(name(report, *locale, "html"), html.into_bytes()));
        let pdf = stages.run("pdf", 0, || vigie_pdf::render(&edition, &options))?;
        documents.push(Document::new(name(report, *locale, "pdf"), pdf));
    }
    documents.push(Document::new("report.json".to_owned(), json(report)?));
    documents.extend(figures::files(report)?);
    let manifest = Manifest {
        inputs: report.manifest.clone(),
        files: documents.iter().map(|d| (d.name.clone(), sha256(&d.bytes))).collect(),
    };
    documents.push(Document::new("manifest.json".to_owned(), serde_json::to_vec_pretty(&manifest)?));
    Ok(documents)
}

/// `nordet_2026-10_monthly_fr-CA.pdf`.
fn name(report: &Report, locale: Locale, extension: &str) -> String {
    let period = report.period.replace("..", "_");
    format!("{}_{period}_{}_{locale}.{extension}", report.project, report.kind)
}

fn json(report: &Report) -> Result<Vec<u8>, Error> {
    let value: Value = serde_json::to_value(report)?;
    Ok(serde_json::to_vec_pretty(&value)?)
}
