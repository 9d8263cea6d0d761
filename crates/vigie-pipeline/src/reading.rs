//! How a project's archive is read, for reports as for samples: queries, settings, who reads.

use std::path::Path;

use jiff::ToSpan;
use vigie_config::settings::{Counting as Configured, Project};
use vigie_config::tone_model::ToneModel;
use vigie_enrich::{Counting, Reader, Settings};
use vigie_model::period::{Period, epoch_day};
use vigie_query::{Query, QuerySet};
use vigie_text::reading::reader_identity;
use vigie_text::tone::Adjustments;

use crate::Error;

/// Months read before the period, for curves and comparisons.
const HISTORY_MONTHS: i64 = 12;

/// What the project's own labels change in tone.
pub(crate) fn adjustments(project: &Project) -> Adjustments {
    project.tone_model.as_ref().map(ToneModel::adjustments).unwrap_or_default()
}

/// Who reads: the version of the reader and what the project changes in it.
pub(crate) fn identity(project: &Project) -> String {
    reader_identity(&adjustments(project))
}

/// The reader of the project's entities. Relative dates count from the day after the period: the clock has no say.
pub(crate) fn reader(project: &Project, period: &Period) -> Result<Reader, Error> {
    let mut queries = Vec::new();
    for tracked in &project.entities {
        let parsed = Query::parse(&tracked.query.text, &project.options(&tracked.query, period.end));
        let query = parsed.query.ok_or_else(|| Error::Queries(tracked.entity.id.clone()))?;
        queries.push((tracked.entity.id.clone(), query));
    }
    let queries = QuerySet::new(queries).map_err(|e| Error::Queries(e.to_string()))?;
    Ok(Reader::new(queries).adjusted(adjustments(project)))
}

/// How the archive is read for `period`, with the folder of the readings that are kept.
pub(crate) fn settings<'a>(project: &'a Project, period: &'a Period, kept: Option<&'a Path>) -> Settings<'a> {
    Settings {
        sources: project.sources.iter().filter(|s| s.enabled).map(|s| s.id.clone()).collect(),
        entities: project.entities.iter().map(|t| t.entity.id.clone()).collect(),
        zone: &project.timezone,
        counting: match project.report.counting {
            Configured::Dedup => Counting::Dedup,
            Configured::Originals => Counting::Originals,
            Configured::All => Counting::All,
        },
        period,
        from: history(period),
        kept,
    }
}

/// First day read: a year before a month, and always the period compared with.
fn history(period: &Period) -> i32 {
    let year = period.start.saturating_sub(HISTORY_MONTHS.months());
    epoch_day(year.min(period.previous().start))
}
