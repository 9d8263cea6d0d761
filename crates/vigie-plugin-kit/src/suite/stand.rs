//! The test stand: the plugin, its cases, and readings in real children.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::{Map, Value};
use vigie_model::diagnostic::Bilingual;
use vigie_plugin_host::{Batch, Failure, Level, Limits, Outcome, Plugin, Reject, Request, Runner, Sink, SinkError};

use super::case::{Case, CaseKind};
use super::network;
use super::verdict::Verdict;

/// What every test has at hand.
pub(crate) struct Stand {
    pub(crate) folder: PathBuf,
    pub(crate) plugin: Plugin,
    pub(crate) cases: Vec<Case>,
    pub(crate) runner: Runner,
    pub(crate) limits: Limits,
}

/// Everything a reading gave.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Rows with their table, in order.
    pub(crate) rows: Vec<(String, Map<String, Value>)>,
    /// Rows handed over when each checkpoint was given, and the state.
    pub(crate) checkpoints: Vec<(usize, Value)>,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) log: Vec<String>,
    pub(crate) largest_batch: usize,
}

impl Sink for Reading {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        self.largest_batch = self.largest_batch.max(batch.rows);
        self.rows.extend((0..batch.rows).map(|row| (batch.table.clone(), batch.row(row))));
        Ok(())
    }

    fn checkpoint(&mut self, state: Value) -> Result<(), SinkError> {
        self.checkpoints.push((self.rows.len(), state));
        Ok(())
    }

    fn reject(&mut self, reject: Reject) {
        self.rejects.push(reject);
    }

    fn log(&mut self, _level: Level, text: &str) {
        self.log.push(text.to_owned());
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

    pub(crate) fn read(&self, case: &Case, request: &Request<Value>) -> (Outcome, Reading) {
        self.read_over(self.runner(case, true), case, request)
    }

    /// A reading of a case whose services nobody reaches.
    pub(crate) fn read_alone(&self, case: &Case) -> (Outcome, Reading) {
        self.read_over(self.runner(case, false), case, &case.request(&self.plugin, None))
    }

    fn read_over(
        &self,
        runner: Result<Runner, Bilingual>,
        case: &Case,
        request: &Request<Value>,
    ) -> (Outcome, Reading) {
        let mut reading = Reading::default();
        let outcome = match runner {
            Ok(runner) => runner.read(&self.plugin, &case.options, request, &self.limits, &mut reading),
            Err(words) => Outcome::Failed(Box::new(Failure::new("P152", words))),
        };
        (outcome, reading)
    }

    /// A runner with the network of a case; that of a plugin that asks no service has none.
    pub(crate) fn runner(&self, case: &Case, recorded: bool) -> Result<Runner, Bilingual> {
        let manifest = &self.plugin.manifest;
        if manifest.network.hosts.is_empty() && manifest.secrets.is_empty() {
            return Ok(self.runner.clone());
        }
        network::runner(&self.runner, &self.plugin, case, &self.limits, recorded)
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
        let runner = match self.runner(case, true) {
            Ok(runner) => runner.cancelled_by(Arc::new(AtomicBool::new(true))),
            Err(words) => return Outcome::Failed(Box::new(Failure::new("P152", words))),
        };
        runner.read(&self.plugin, &case.options, &request, &self.limits, &mut Reading::default())
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
