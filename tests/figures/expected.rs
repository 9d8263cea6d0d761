//! Every table of a report's `figures` folder, as computed apart.

use std::collections::BTreeSet;

use vigie_config::settings::Project;
use vigie_text::tone::ToneClass;

use crate::compare::{Cell, Expected};
use crate::coverage::{Coverage, State};
use crate::dates::{day_number, month_start, written};
use crate::estimate::{Estimate, false_discovery_rates};
use crate::labels::{Corpus, Days};
use crate::measures::{Measures, Tones};
use crate::peaks::peaks;
use crate::raw::Ledger;
use crate::rising::{apart, rising};

/// What the tables are made of.
pub(crate) struct Tables<'c> {
    project: &'c Project,
    corpus: &'c Corpus,
    measures: Measures<'c>,
    coverage: Coverage,
    before: Coverage,
    /// Entity indexes, the most spoken of first.
    order: Vec<usize>,
}

fn value(e: Option<&Estimate>) -> Cell {
    Cell::real(e.map(|e| e.value))
}

fn bounds(e: Option<&Estimate>) -> [Cell; 2] {
    [Cell::real(e.and_then(Estimate::lo)), Cell::real(e.and_then(Estimate::hi))]
}

fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

impl<'c> Tables<'c> {
    pub(crate) fn new(project: &'c Project, corpus: &'c Corpus) -> Self {
        let measures = Measures { corpus, entities: project.entities.len() };
        let mut order: Vec<usize> = (0..measures.entities).collect();
        order.sort_by_key(|e| std::cmp::Reverse(measures.mentions(&corpus.period, *e)));
        Self {
            project,
            corpus,
            measures,
            coverage: Coverage::new(project, corpus, &corpus.period),
            before: Coverage::new(project, corpus, &corpus.previous),
            order,
        }
    }

    /// All of them.
    pub(crate) fn all(&self, ledgers: &[Ledger]) -> Vec<Expected> {
        let mut tables = vec![self.daily(0), self.shares(), self.variants(), self.tone()];
        tables.extend([self.daily(1), self.side_by_side(), self.calendar(), self.ledger(ledgers), self.funnel()]);
        tables.extend(
            [self.platforms(), self.changes(), self.months(), self.events(), self.terms(), self.peaks()]
                .into_iter()
                .flatten(),
        );
        tables
    }

    fn id(&self, entity: usize) -> &str {
        &self.project.entities[entity].entity.id
    }

    fn name(&self, entity: usize) -> Cell {
        Cell::text(self.id(entity))
    }

    fn ids(&self, from: usize) -> Vec<String> {
        (from..self.measures.entities).map(|e| self.id(e).to_owned()).collect()
    }

    /// Mentions of an entity on a day; `None` when no source was collected.
    fn on(&self, day: i64, entity: usize) -> Option<u64> {
        let up = (0..self.project.sources.len()).any(|source| self.coverage.is_up(source, entity, day));
        up.then(|| self.measures.mentions(&(day..day + 1), entity))
    }

    /// Mentions per day, of all entities from `from` on.
    fn daily(&self, from: usize) -> Expected {
        let mut table = Expected::new(if from == 0 { "mentions per day" } else { "competitors per day" }, &["day"]);
        table.columns.extend(self.ids(from));
        for day in self.corpus.period.clone() {
            let counts = (from..self.measures.entities).map(|e| Cell::count(self.on(day, e)));
            table.rows.push(std::iter::once(Cell::Text(written(day))).chain(counts).collect());
        }
        table
    }

    fn previous(&self, of: impl Fn(&Days) -> Option<Estimate>) -> Option<Estimate> {
        if self.measures.has_previous() { of(&self.corpus.previous) } else { None }
    }

    fn shares(&self) -> Expected {
        let columns = ["entity", "mentions", "sov", "sov_lo", "sov_hi", "previous", "change", "change_lo", "change_hi"];
        let mut table = Expected::new("share of voice", &columns);
        for entity in self.order.iter().copied() {
            let share = self.measures.share_of_voice(&self.corpus.period, entity);
            let previous = self.previous(|days| self.measures.share_of_voice(days, entity));
            let change = self.measures.share_change(entity);
            let mut row = vec![
                self.name(entity),
                Cell::Count(self.measures.mentions(&self.corpus.period, entity)),
                value(share.as_ref()),
            ];
            row.extend(bounds(share.as_ref()));
            row.extend([value(previous.as_ref()), value(change.as_ref())]);
            row.extend(bounds(change.as_ref()));
            table.rows.push(row);
        }
        table
    }

    fn variants(&self) -> Expected {
        let mut table = Expected::new("variants of share of voice", &["entity", "sov", "sov_all", "sov_authors"]);
        let period = &self.corpus.period;
        let sum = |of: &dyn Fn(usize) -> u64| (0..self.measures.entities).map(of).sum::<u64>();
        let rows = sum(&|e| self.measures.all_rows(period, e));
        let authors = sum(&|e| self.measures.authors(period, e));
        for entity in self.order.iter().copied() {
            let share = self.measures.share_of_voice(period, entity);
            let shown = |x: Option<f64>| Cell::real(x.filter(|_| share.is_some_and(|s| s.shown)));
            table.rows.push(vec![
                self.name(entity),
                value(share.as_ref()),
                shown(percent(self.measures.all_rows(period, entity), rows)),
                shown(percent(self.measures.authors(period, entity), authors)),
            ]);
        }
        table
    }

    /// Days out of the ordinary; no table when there are none.
    fn peaks(&self) -> Option<Expected> {
        let columns = ["days", "entity", "series", "seen", "expected", "authors", "company"];
        let mut table = Expected::new("days out of the ordinary", &columns);
        for peak in peaks(self.project, self.corpus, &self.measures) {
            let terms = if peak.entity == 0 { apart(self.corpus, &peak.days).join("; ") } else { String::new() };
            table.rows.push(vec![
                Cell::Text(format!("{}/{}", written(peak.days.start), written(peak.days.end - 1))),
                self.name(peak.entity),
                Cell::text(if peak.negative { "negative" } else { "all" }),
                Cell::Count(peak.seen),
                Cell::Real(peak.expected),
                Cell::Count(peak.authors),
                Cell::Text(terms),
            ]);
        }
        (!table.rows.is_empty()).then_some(table)
    }

    fn tone(&self) -> Expected {
        let columns = ["entity", "read", "positive", "negative", "net", "net_lo", "net_hi"];
        let mut table = Expected::new("tone", &columns);
        for entity in 0..self.measures.entities {
            let net = self.measures.net(&self.corpus.period, entity);
            let mut row = vec![
                self.name(entity),
                Cell::Count(self.measures.tones_of(&self.corpus.period, entity).read),
                value(self.measures.tone_share(entity, ToneClass::Positive).as_ref()),
                value(self.measures.tone_share(entity, ToneClass::Negative).as_ref()),
                value(net.as_ref()),
            ];
            row.extend(bounds(net.as_ref()));
            table.rows.push(row);
        }
        table
    }

    fn changes(&self) -> Option<Expected> {
        let columns = ["entity", "previous", "net", "change", "change_lo", "change_hi"];
        let mut table = Expected::new("change of tone", &columns);
        let mut any = false;
        for entity in 0..self.measures.entities {
            let previous = self.previous(|days| self.measures.net(days, entity));
            let net = self.measures.net(&self.corpus.period, entity);
            let change = self.measures.net_change(entity);
            any |= change.is_some();
            let mut row =
                vec![self.name(entity), value(previous.as_ref()), value(net.as_ref()), value(change.as_ref())];
            row.extend(bounds(change.as_ref()));
            table.rows.push(row);
        }
        any.then_some(table)
    }

    /// Platforms on which the client is spoken of, now or before, the largest first.
    fn client_platforms(&self) -> Vec<(String, u64)> {
        let (now, before) = (&self.corpus.period, &self.corpus.previous);
        // Copies count here: a platform with nothing but copies is still a place where the client is named.
        let rows = self.corpus.rows.iter().filter(|r| !r.own && (now.contains(&r.day) || before.contains(&r.day)));
        let named: BTreeSet<&String> =
            rows.filter(|r| r.hits.iter().any(|(e, _)| *e == 0)).map(|r| &r.platform).collect();
        let count = |p: &String| self.measures.hits(now).filter(|(e, _, r)| *e == 0 && r.platform == *p).count() as u64;
        let mut platforms: Vec<(String, u64)> = named.into_iter().map(|p| (p.clone(), count(p))).collect();
        platforms.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        platforms
    }

    /// Only when there are several.
    fn platforms(&self) -> Option<Expected> {
        let columns = ["platform", "mentions", "share", "share_lo", "share_hi", "change", "net"];
        let mut table = Expected::new("platforms of the client", &columns);
        for (platform, mentions) in self.client_platforms() {
            let share = self.measures.platform_share(&self.corpus.period, &platform);
            let here = self.measures.hits(&self.corpus.period).filter(|(e, _, r)| *e == 0 && r.platform == platform);
            let tones = Tones::of(here.map(|(_, tone, _)| tone));
            let mut row = vec![Cell::text(&platform), Cell::Count(mentions), value(share.as_ref())];
            row.extend(bounds(share.as_ref()));
            row.push(value(self.measures.platform_change(&platform).as_ref()));
            row.push(Cell::real(tones.net().filter(|_| tones.read >= 30)));
            table.rows.push(row);
        }
        (table.rows.len() > 1).then_some(table)
    }

    /// Months of the archive up to the period, thirteen at most, when three have any share.
    fn months(&self) -> Option<Expected> {
        if !self.corpus.is_month {
            return None;
        }
        let first = self.corpus.rows.iter().map(|r| r.day).min()?;
        let start = |back: i64| month_start(self.corpus.period.start, -back);
        let starts: Vec<i64> = (0..13).map(start).take_while(|s| month_start(*s, 1) > first).collect();
        let mut table = Expected::new("share of voice by month", &["month"]);
        table.columns.extend(self.ids(0));
        for month in starts.into_iter().rev() {
            let days = month..month_start(month, 1);
            let counts: Vec<u64> = (0..self.measures.entities).map(|e| self.measures.mentions(&days, e)).collect();
            let total = counts.iter().sum();
            let mut row = vec![Cell::Text(written(month)[..7].to_owned())];
            row.extend(counts.iter().map(|n| Cell::real(percent(*n, total))));
            table.rows.push(row);
        }
        (table.rows.len() >= 3).then_some(table)
    }

    fn side_by_side(&self) -> Expected {
        let columns = ["entity", "rank", "per_day", "sov", "sov_change", "net", "net_change"];
        let mut table = Expected::new("competitors side by side", &columns);
        let ties = self.ties();
        for (position, entity) in self.order.iter().copied().enumerate() {
            let share = self.measures.share_of_voice(&self.corpus.period, entity);
            let best = (0..position).rev().take_while(|p| ties[*p]).count();
            let worst = (position..ties.len()).take_while(|p| ties[*p]).count();
            let rank = format!("{}-{}", position + 1 - best, position + 1 + worst);
            table.rows.push(vec![
                self.name(entity),
                if share.is_some_and(|s| s.shown) { Cell::Text(rank) } else { Cell::Empty },
                Cell::real(self.measures.per_day(&self.coverage, entity)),
                value(share.as_ref()),
                value(self.measures.share_change(entity).as_ref()),
                value(self.measures.net(&self.corpus.period, entity).as_ref()),
                value(self.measures.net_change(entity).as_ref()),
            ]);
        }
        table
    }

    /// For each rank but the last, whether its entity cannot be told from the next, all tests of the report taken
    /// together.
    fn ties(&self) -> Vec<bool> {
        let leads: Vec<Option<Estimate>> =
            self.order.windows(2).map(|pair| self.measures.lead(pair[0], pair[1])).collect();
        let p_of = |e: Option<Estimate>| e.and_then(|e| e.p);
        let lead_p: Vec<Option<f64>> = leads.iter().map(|e| p_of(*e)).collect();
        let mut family: Vec<f64> = lead_p.iter().flatten().copied().collect();
        for entity in 0..self.measures.entities {
            family.extend(p_of(self.measures.share_change(entity)));
            family.extend(p_of(self.measures.net_change(entity)));
            family.extend(p_of(self.measures.volume_change(&self.coverage, &self.before, entity)));
        }
        family.extend(self.client_platforms().iter().filter_map(|(p, _)| p_of(self.measures.platform_change(p))));
        let rates = false_discovery_rates(&family);
        let mut rates = rates.iter();
        let tied = |(lead, p): (&Option<Estimate>, &Option<f64>)| {
            let rate = p.and_then(|_| rates.next());
            lead.is_some() && rate.is_none_or(|q| *q > 0.10)
        };
        leads.iter().zip(&lead_p).map(tied).collect()
    }

    fn events(&self) -> Option<Expected> {
        let mut table = Expected::new("events", &["entity", "event", "days", "mentions", "ratio"]);
        let number = |d: jiff::civil::Date| day_number(i64::from(d.year()), i64::from(d.month()), i64::from(d.day()));
        for event in &self.project.events {
            let days = number(event.period.start)..number(event.period.end);
            if !self.corpus.period.contains(&days.start) {
                continue;
            }
            let entity = event.entity.as_ref().map(|id| self.ids(0).iter().position(|e| e == id).expect("a brand"));
            let counts = |inside: bool| -> Vec<u64> {
                let chosen = self.corpus.period.clone().filter(|d| days.contains(d) == inside);
                chosen.filter_map(|d| self.on(d, entity?)).collect()
            };
            let mean = |n: &[u64]| (!n.is_empty()).then(|| n.iter().sum::<u64>() as f64 / n.len() as f64);
            let (during, others) = (counts(true), counts(false));
            let ratio = mean(&during).zip(mean(&others).filter(|m| *m > 0.0)).map(|(a, b)| a / b);
            table.rows.push(vec![
                entity.map_or_else(|| Cell::text("market"), |e| self.name(e)),
                Cell::text(&event.title.en),
                Cell::Text(written(days.start)),
                Cell::count(entity.map(|_| during.iter().sum())),
                Cell::real(ratio.filter(|_| entity.is_some())),
            ]);
        }
        (!table.rows.is_empty()).then_some(table)
    }

    fn terms(&self) -> Option<Expected> {
        let columns = ["term", "authors", "authors_before", "z", "q", "mentions", "first_day", "net"];
        let mut table = Expected::new("rising terms", &columns);
        for term in rising(self.corpus)? {
            table.rows.push(vec![
                Cell::Text(term.surface),
                Cell::Count(term.authors),
                Cell::Count(term.before),
                Cell::Real(term.z),
                Cell::Real(term.q),
                Cell::Count(term.mentions),
                Cell::Text(written(term.first_day)),
                Cell::real(term.net),
            ]);
        }
        (!table.rows.is_empty()).then_some(table)
    }

    fn calendar(&self) -> Expected {
        let mut table = Expected::new("collection", &["source", "rows", "complete", "partial", "missing"]);
        for (source, states) in self.coverage.states.iter().enumerate() {
            let count = |wanted: State| Cell::Count(states.iter().filter(|s| **s == wanted).count() as u64);
            table.rows.push(vec![
                Cell::text(&self.project.sources[source].id),
                Cell::Count(self.coverage.rows[source]),
                count(State::Complete),
                count(State::Partial),
                count(State::Missing),
            ]);
        }
        table
    }

    fn ledger(&self, ledgers: &[Ledger]) -> Expected {
        let mut table = Expected::new("ledger", &["source", "read", "kept", "duplicates", "rejected", "state"]);
        for (source, ledger) in self.project.sources.iter().zip(ledgers) {
            table.rows.push(vec![
                Cell::text(&source.id),
                Cell::Count(ledger.read),
                Cell::Count(ledger.kept),
                Cell::Count(ledger.duplicates),
                Cell::Count(0),
                Cell::text("complete"),
            ]);
        }
        table
    }

    fn funnel(&self) -> Expected {
        let mut table = Expected::new("from rows to mentions", &["step", "rows"]);
        let rows: Vec<_> = self.corpus.rows.iter().filter(|r| self.corpus.period.contains(&r.day)).collect();
        let about = |r: &&&crate::labels::Labelled| !r.own && !r.hits.is_empty();
        let unread = |r: &&&crate::labels::Labelled| r.hits.iter().all(|h| h.1 == ToneClass::Unknown);
        let steps = [
            ("collected", rows.len()),
            ("own", rows.iter().filter(|r| r.own).count()),
            ("unrelated", rows.iter().filter(|r| !r.own && r.hits.is_empty()).count()),
            ("copies", rows.iter().filter(about).filter(|r| !r.counted).count()),
            ("kept", rows.iter().filter(|r| r.kept()).count()),
            ("unread", rows.iter().filter(|r| r.kept()).filter(unread).count()),
            ("noise", rows.iter().filter(|r| r.kept() && r.noise).count()),
            ("storm", rows.iter().filter(about).filter(|r| r.storm).count()),
        ];
        for (step, n) in steps {
            table.rows.push(vec![Cell::text(step), Cell::Count(n as u64)]);
        }
        table
    }
}
