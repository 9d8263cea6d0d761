//! Missing days in words.

use jiff::civil::Date;
use vigie_model::locale::Locale;
use vigie_model::period::from_epoch_day;
use vigie_report::number;

use crate::Error;
use crate::builder::{Builder, language};

/// A run of missing days of the period.
struct Run {
    source: u32,
    entity: Option<usize>,
    first: Date,
    last: Date,
    reason: Option<String>,
}

impl Builder<'_> {
    /// Whether something is missing in the period.
    pub(crate) fn has_gap(&self) -> bool {
        !self.runs(self.input.project.editions[0]).is_empty()
    }

    /// Whether one entity alone misses days: the health of sources, which serve all, does not show it.
    pub(crate) fn has_gap_of_one_entity(&self) -> bool {
        self.runs(self.input.project.editions[0]).iter().any(|r| r.entity.is_some())
    }

    /// "Forums sans collecte du 6 au 8 oct.", joined; `None` when nothing is missing.
    pub(crate) fn gaps_in(&self, l: Locale) -> Result<Option<String>, Error> {
        let mut said = Vec::new();
        for run in self.runs(l) {
            said.push(self.run_in(l, &run)?);
        }
        Ok((!said.is_empty()).then(|| number::and(l, &said)))
    }

    fn run_in(&self, l: Locale, run: &Run) -> Result<String, Error> {
        let key = if run.entity.is_some() { "gap.run.entity" } else { "gap.run" };
        let gap = self.say_in(
            l,
            key,
            &[
                ("source", self.source(l, run.source)),
                ("range", days(l, run.first, run.last)),
                ("entity", run.entity.map_or_else(String::new, |e| self.short(e).to_owned())),
            ],
        )?;
        match &run.reason {
            Some(reason) => self.say_in(l, "limit.reason", &[("gap", gap), ("reason", reason.clone())]),
            None => Ok(gap),
        }
    }

    /// Declared gaps first, then the runs found that none of them covers.
    fn runs(&self, l: Locale) -> Vec<Run> {
        let names = &self.analyses().names;
        let index = |id: &str, names: &[String]| names.iter().position(|n| n == id);
        let period = self.input.period;
        let mut runs: Vec<Run> = Vec::new();
        for gap in &self.input.project.gaps {
            let Some(source) = index(&gap.source, &names.sources) else { continue };
            let (start, end) = (gap.period.start.max(period.start), gap.period.end.min(period.end));
            if start >= end {
                continue;
            }
            runs.push(Run {
                source: source as u32,
                entity: gap.entity.as_deref().and_then(|e| index(e, &names.entities)),
                first: start,
                last: end.yesterday().unwrap_or(start),
                reason: Some(number::typeset(l, gap.reason.get(language(l)))),
            });
        }
        for (source, first, last) in self.analyses().health.gaps() {
            let (first, last) = (from_epoch_day(first), from_epoch_day(last));
            let told =
                runs.iter().any(|r| r.source == source && r.entity.is_none() && r.first <= first && last <= r.last);
            if !told {
                runs.push(Run { source, entity: None, first, last, reason: None });
            }
        }
        runs
    }
}

/// "du 6 au 8 oct.", "le 6 oct.", "from Oct 6 to 8".
fn days(l: Locale, first: Date, last: Date) -> String {
    let shown = number::date_range(l, first, last);
    match (l.is_french(), first == last) {
        (true, true) => format!("le {shown}"),
        (true, false) => format!("du {shown}"),
        (false, _) => format!("on {shown}"),
    }
}
