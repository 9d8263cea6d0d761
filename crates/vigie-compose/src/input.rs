//! What a report is composed from.

use std::collections::BTreeMap;

use vigie_analysis::analyses::Analyses;
use vigie_chart::FontSet;
use vigie_chart::theme::Palette;
use vigie_config::settings::Project;
use vigie_model::ledger::SourceLedger;
use vigie_model::period::Period;
use vigie_report::catalogue::Catalogue;
use vigie_report::report::Labels;

/// Everything a report says, before words.
pub struct Input<'a> {
    /// The project.
    pub project: &'a Project,
    /// The period reported on.
    pub period: &'a Period,
    /// Results of the analyses.
    pub analyses: &'a Analyses,
    /// What each source delivered since the archive began.
    pub ledger: Vec<SourceLedger>,
    /// Sentences.
    pub catalogue: &'a Catalogue,
    /// Words of the templates.
    pub labels: Labels,
    /// Metrics of the charts' fonts.
    pub fonts: &'a FontSet,
    /// Colours, safe to read: the client's where it has some.
    pub palette: &'a Palette,
    /// Client's logo as a data URI.
    pub logo: Option<String>,
    /// Name and version of the tone engine.
    pub engine: &'a str,
    /// Program, versions and hashes.
    pub manifest: BTreeMap<String, String>,
}
