//! The test stand: the plugin, its cases, and readings in real children.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde_json::{Map, Value};
use vigie_model::diagnostic::Bilingual;
use vigie_plugin_host::{
    Batch, Failure, HttpRequest, Level, Limits, Outcome, Plugin, Reject, Request, Runner, Sink, SinkError,
};

use super::case::{Case, CaseKind};
use super::network::{self, Served, Trouble};
use super::probe::Probe;
use super::verdict::Verdict;

/// A row and its table.
pub(crate) type Row = (String, Map<String, Value>);

/// What every test has at hand.
pub(crate) struct Stand {
    pub(crate) folder: PathBuf,
    pub(crate) plugin: Plugin,
    pub(crate) cases: Vec<Case>,
    pub(crate) runner: Runner,
    pub(crate) limits: Limits,
    /// Found out once, by the first test that needs it.
    pub(crate) probes: OnceCell<Result<Vec<Probe>, Verdict>>,
}

/// Everything a reading gave.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Rows with their table, in order.
    pub(crate) rows: Vec<Row>,
    /// Rows handed over when each checkpoint was given, and the state.
    pub(crate) checkpoints: Vec<(usize, Value)>,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) log: Vec<String>,
    /// Lines of the log that were printed.
    pub(crate) printed: usize,
    pub(crate) largest_batch: usize,
    /// What was asked of the network.
    pub(crate) asked: Vec<HttpRequest>,
    /// Secrets and buckets that were asked for by name.
    pub(crate) told: Vec<String>,
    /// What was asked and is not permitted.
    pub(crate) denied: Vec<Bilingual>,
    /// What the plugin said with the value of a secret in it, the value taken out.
    pub(crate) spilled: Vec<String>,
    /// What the host waited for the service.
    pub(crate) waits: Vec<Duration>,
    /// Batches and checkpoints after which the reading is cut, as if the machine had been switched off.
    pub(crate) cut_after: Option<usize>,
    /// Rows are counted, not kept.
    counts_only: bool,
    pub(crate) count: usize,
    events: usize,
}

impl Reading {
    /// A reading that may be long.
    pub(crate) fn counting() -> Self {
        Self { counts_only: true, ..Self::default() }
    }

    /// A reading that is cut after so many batches and checkpoints.
    pub(crate) fn cut_after(events: usize) -> Self {
        Self { cut_after: Some(events), ..Self::default() }
    }

    /// Batches and checkpoints that came.
    pub(crate) fn events(&self) -> usize {
        self.events
    }

    /// Rows of one table.
    pub(crate) fn of(&self, table: &str) -> impl Iterator<Item = &Map<String, Value>> {
        self.rows.iter().filter(move |(t, _)| t == table).map(|(_, row)| row)
    }

    fn event(&mut self) -> Result<(), SinkError> {
        if self.cut_after == Some(self.events) {
            return Err(SinkError("the suite cuts the reading here".into()));
        }
        self.events += 1;
        Ok(())
    }
}

impl Sink for Reading {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        self.event()?;
        self.largest_batch = self.largest_batch.max(batch.rows);
        self.count += batch.rows;
        if self.counts_only {
            return Ok(());
        }
        self.rows.extend((0..batch.rows).map(|row| (batch.table.clone(), batch.row(row))));
        Ok(())
    }

    fn checkpoint(&mut self, state: Value) -> Result<(), SinkError> {
        self.event()?;
        if !self.counts_only {
            self.checkpoints.push((self.rows.len(), state));
        }
        Ok(())
    }

    fn reject(&mut self, reject: Reject) {
        self.rejects.push(reject);
    }

    fn log(&mut self, _level: Level, text: &str) {
        self.log.push(text.to_owned());
    }

    fn printed(&mut self) {
        self.printed += 1;
    }

    fn progress(&mut self, _done: u64, _total: u64, _unit: &str) {}
}

impl Stand {
    /// Cases that show `kind`.
    pub(crate) fn cases(&self, kind: CaseKind) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(move |c| c.kind == kind)
    }

    /// The first full case; the suite does not start without one.
    pub(crate) fn full(&self) -> Option<&Case> {
        self.cases(CaseKind::Full).next()
    }

    /// True when the plugin asks services through the host.
    pub(crate) fn asks_services(&self) -> bool {
        !self.plugin.manifest.network.hosts.is_empty()
    }

    pub(crate) fn read(&self, case: &Case, request: &Request<Value>) -> (Outcome, Reading) {
        self.read_into(case, request, &Trouble::none(), Reading::default())
    }

    /// A reading of everything, while the services of the case make `trouble`.
    pub(crate) fn troubled(&self, case: &Case, trouble: &Trouble) -> (Outcome, Reading) {
        self.read_into(case, &case.request(&self.plugin, None), trouble, Reading::default())
    }

    /// A reading into `reading`, which may know when to cut it.
    pub(crate) fn read_into(
        &self,
        case: &Case,
        request: &Request<Value>,
        trouble: &Trouble,
        mut reading: Reading,
    ) -> (Outcome, Reading) {
        let served = match self.serve(case, trouble, true) {
            Ok(served) => served,
            Err(words) => return (Outcome::Failed(Box::new(Failure::new("P152", words))), reading),
        };
        let outcome = served.runner.read(&self.plugin, &case.options, request, &self.limits, &mut reading);
        reading.asked = served.watched.asked();
        reading.told = served.watched.told();
        reading.denied = served.watched.denied();
        reading.spilled = served.watched.spilled();
        reading.waits = served.waits();
        (outcome, reading)
    }

    /// A runner with the network of a case.
    pub(crate) fn serve(&self, case: &Case, trouble: &Trouble, with_secrets: bool) -> Result<Served, Bilingual> {
        network::serve(&self.runner, &self.plugin, case, &self.limits, trouble, with_secrets)
    }

    /// A reading of everything since `state`, which must end well.
    pub(crate) fn complete(&self, case: &Case, state: Option<Value>) -> Result<Reading, Verdict> {
        match self.read(case, &case.request(&self.plugin, state)) {
            (Outcome::Complete(_), reading) => Ok(reading),
            (Outcome::Failed(failure), _) => Err(unexpected(case, &failure)),
        }
    }

    /// A reading that is cancelled from its beginning.
    pub(crate) fn cancelled(&self, case: &Case) -> Outcome {
        let request = case.request(&self.plugin, None);
        let runner = match self.serve(case, &Trouble::none(), true) {
            Ok(served) => served.runner.cancelled_by(Arc::new(AtomicBool::new(true))),
            Err(words) => return Outcome::Failed(Box::new(Failure::new("P152", words))),
        };
        runner.read(&self.plugin, &case.options, &request, &self.limits, &mut Reading::default())
    }

    /// Rows of the first table.
    pub(crate) fn main<'a>(&'a self, reading: &'a Reading) -> impl Iterator<Item = &'a Map<String, Value>> {
        reading.of(self.plugin.main_table())
    }
}

/// A reading that should have ended well did not.
pub(crate) fn unexpected(case: &Case, failure: &Failure) -> Verdict {
    let hint = failure.hint.clone().unwrap_or_else(|| {
        Bilingual::new(
            "run the case with `--only R1` and look at what the plugin logs",
            "lancez le cas avec `--only R1` et regardez ce que le greffon écrit au journal",
        )
    });
    Verdict::failed(
        (
            format!("case `{}` ended with [{}] {}", case.name, failure.code, failure.message.en),
            format!("le cas `{}` s'est terminé par [{}] {}", case.name, failure.code, failure.message.fr),
        ),
        (hint.en, hint.fr),
    )
}

/// What the host says when a plugin's process dies or breaks a rule, as opposed to a plugin that says what is wrong.
pub(crate) fn died(failure: &Failure) -> bool {
    matches!(failure.code, "P410" | "P411" | "P412" | "P413" | "P414" | "P420" | "P312")
}

/// True when the end cannot be taken for one of a source that heard nothing: an error, a reject, or a notice.
pub(crate) fn audible(outcome: &Outcome, reading: &Reading) -> bool {
    match outcome {
        Outcome::Failed(_) => true,
        Outcome::Complete(summary) => summary.partial() || !reading.rejects.is_empty(),
    }
}

/// How a reading ended, in words.
pub(crate) fn ended(outcome: &Outcome) -> (String, String) {
    match outcome {
        Outcome::Failed(failure) => (
            format!("ended with [{}] {}", failure.code, failure.message.en),
            format!("s'est terminée par [{}] {}", failure.code, failure.message.fr),
        ),
        Outcome::Complete(summary) => (
            format!("ended well with {} rows", summary.rows),
            format!("s'est bien terminée, avec {} lignes", summary.rows),
        ),
    }
}
