//! Labels beside what the machine read in the same mentions, and what both say of the month.

use std::collections::{BTreeMap, BTreeSet};

use vigie_analysis::agreement::{Confusion, between};
use vigie_analysis::audit::{Audited, Label, Machine, Population, audit};
use vigie_config::labels::AuditLabel;
use vigie_config::settings::Project;
use vigie_enrich::Judged;
use vigie_model::mention::MENTIONS;
use vigie_model::period::Period;
use vigie_store::{Archive, Snapshot};
use vigie_text::tone::Adjustments;

use super::class;
use crate::Error;
use crate::collection::place;
use crate::reading::{reader, settings};

/// Shows every counted mention of the period, as the shipped weights read it when `shipped`, else as the project does.
pub(crate) fn judged(
    project: &Project,
    period: &Period,
    snapshot: &Snapshot,
    shipped: bool,
    visit: &mut dyn FnMut(&Judged<'_>),
) -> Result<(), Error> {
    let mut reader = reader(project, period)?;
    // What the project's reader kept is of no use to another, which would throw it away.
    let kept = (!shipped || project.tone_model.is_none()).then(|| place(project).map(|p| p.readings())).transpose()?;
    if shipped {
        reader = reader.adjusted(Adjustments::default());
    }
    let settings = settings(project, period, kept.as_deref());
    let (from, to) = settings.bounds()?;
    Ok(reader.judged(snapshot.rows_between(from, to)?, &settings, visit)?)
}

/// What the labels of `period` say, from the archive as it is now; `None` when none of its mentions is labelled.
///
/// # Errors
/// When the archive cannot be read.
pub fn stand(project: &Project, period: &Period) -> Result<Option<Audited>, Error> {
    let archive = Archive::open(place(project)?)?;
    if archive.is_empty(&MENTIONS) {
        return Ok(None);
    }
    audited(project, period, &archive.snapshot(&MENTIONS)?)
}

/// What the labels of `period` say; `None` when none of its mentions is labelled.
///
/// A model that learnt from these very labels would agree with them too well: the shipped weights are audited then,
/// and the corrected levels rest on them.
///
/// # Errors
/// When the archive cannot be read.
pub(crate) fn audited(project: &Project, period: &Period, snapshot: &Snapshot) -> Result<Option<Audited>, Error> {
    let name = period.to_string();
    let learnt_from = project.tone_model.as_ref().is_some_and(|m| m.is_current() && m.periods.contains(&name));
    let first = FirstLabels::of(project, &name);
    let mut machines: Vec<Option<Machine>> = vec![None; first.labels.len()];
    let mut population = Population::new(project.entities.len());
    judged(project, period, snapshot, learnt_from, &mut |judged| {
        let machine = Machine { entity: judged.entity, class: class(judged.class), p: judged.p };
        population.add(&machine);
        if let Some(place) = first.place(&project.entities[judged.entity].entity.id, judged.uid) {
            machines[place] = Some(machine);
        }
    })?;
    // A mention that went from the archive, or is counted no more, says nothing of those that are.
    let main: Vec<(&AuditLabel, Machine)> =
        first.labels.iter().zip(machines).filter_map(|(label, machine)| Some((*label, machine?))).collect();
    if main.is_empty() {
        return Ok(None);
    }
    let counted: BTreeSet<(&str, &str)> = main.iter().map(|(l, _)| (l.entity.as_str(), l.uid.as_str())).collect();
    let met: Vec<&AuditLabel> = project
        .labels
        .iter()
        .filter(|l| l.period == name && counted.contains(&(l.entity.as_str(), l.uid.as_str())))
        .collect();
    let mut drawn: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (label, _) in &main {
        let stratum = drawn.entry(&label.stratum).or_default();
        *stratum = (stratum.0.max(label.of), stratum.1 + 1);
    }
    let mut confusion = Confusion::default();
    let mut weighed = Vec::with_capacity(main.len());
    for (label, machine) in &main {
        let (size, labelled) = drawn.get(label.stratum.as_str()).copied().unwrap_or((1, 1));
        let said = label.tone.map(class);
        if let Some(said) = said {
            confusion.add(said, machine.class);
        }
        weighed.push(Label { machine: *machine, weight: size as f64 / labelled as f64, class: said });
    }
    let reviewers = reviewers(met.iter().copied());
    let days = || met.iter().map(|l| l.read_on);
    Ok(Some(Audited {
        labels: main.len() as u64,
        irrelevant: weighed.iter().filter(|l| l.class.is_none()).count() as u64,
        lost: (first.labels.len() - main.len()) as u64,
        confusion,
        between: between(&numbered(&met, &reviewers)),
        reviewers: reviewers.into_iter().map(str::to_owned).collect(),
        from: days().min().unwrap_or(period.end),
        to: days().max().unwrap_or(period.end),
        learnt_from,
        audit: audit(&population, &weighed),
    }))
}

/// Who read, those with most labels first.
fn reviewers<'l>(labels: impl Iterator<Item = &'l AuditLabel>) -> Vec<&'l str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for label in labels {
        *counts.entry(&label.reviewer).or_default() += 1;
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    names.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), *name));
    names.into_iter().map(|(name, _)| name).collect()
}

/// One label of each entity and mention of a period: that of the person who read most. The others measure agreement.
pub(crate) struct FirstLabels<'p> {
    /// By entity and mention.
    pub(crate) labels: Vec<&'p AuditLabel>,
    places: BTreeMap<(&'p str, &'p str), usize>,
}

impl<'p> FirstLabels<'p> {
    pub(crate) fn of(project: &'p Project, period: &str) -> Self {
        let of_period = || project.labels.iter().filter(|l| l.period == period);
        let reviewers = reviewers(of_period());
        let standing = |label: &AuditLabel| reviewers.iter().position(|r| *r == label.reviewer);
        let mut first: BTreeMap<(&str, &str), &AuditLabel> = BTreeMap::new();
        for label in of_period() {
            let held = first.entry((&label.entity, &label.uid)).or_insert(label);
            if standing(label) < standing(held) {
                *held = label;
            }
        }
        let places = first.keys().enumerate().map(|(place, key)| (*key, place)).collect();
        Self { labels: first.into_values().collect(), places }
    }

    /// Place of the label of a mention among `labels`.
    pub(crate) fn place(&self, entity: &str, uid: &str) -> Option<usize> {
        self.places.get(&(entity, uid)).copied()
    }
}

/// Labels as numbers: mention, person, class. Those of mentions found irrelevant have none.
fn numbered(met: &[&AuditLabel], reviewers: &[&str]) -> Vec<(usize, usize, usize)> {
    let mut mentions: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for label in met {
        let next = mentions.len();
        mentions.entry((&label.entity, &label.uid)).or_insert(next);
    }
    met.iter()
        .filter_map(|label| {
            let mention = mentions.get(&(label.entity.as_str(), label.uid.as_str()))?;
            let person = reviewers.iter().position(|r| *r == label.reviewer)?;
            Some((*mention, person, class(label.tone?)))
        })
        .collect()
}
