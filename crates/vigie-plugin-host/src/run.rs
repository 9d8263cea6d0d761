//! Running a plugin: the order to the child, what it says turned into calls of the sink, the outcome.

use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::Value;
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_plugin::{Report, Request, Words};

use crate::broker::Broker;
use crate::budget;
use crate::drill::{Drill, DrillReport};
use crate::frame::{self, FrameError, Kind};
use crate::in_process;
use crate::limits::Limits;
use crate::manifest::Manifest;
use crate::outcome::{Failure, Notice, Outcome, Summary};
use crate::papers::Draft;
use crate::plugin::Plugin;
use crate::process::{Event, Process, died, protocol};
use crate::runner::{Start, Verb};
use crate::sandbox::{Rights, Sandbox};
use crate::sink::{Level, Reject, Sink, SinkError};
use crate::stop::Stop;
use crate::table;

/// Lines of log a failure repeats.
const TAIL: usize = 20;
/// Longest `raw` of a reject, in characters.
const RAW_CHARS: usize = 4_096;

/// Starts children: from which executable, how they are cancelled, and who serves them.
#[derive(Clone)]
pub struct Runner {
    executable: PathBuf,
    cancel: Option<Arc<AtomicBool>>,
    broker: Option<Arc<dyn Broker>>,
    environment: Vec<(String, String)>,
    in_process: bool,
}

impl Runner {
    /// Children are this program again.
    ///
    /// # Errors
    /// When the running executable has no path.
    pub fn current() -> std::io::Result<Self> {
        // The running program itself, even when its file is replaced while it runs (an upgrade).
        let own = PathBuf::from("/proc/self/exe");
        if own.exists() { Ok(Self::at(own)) } else { Ok(Self::at(std::env::current_exe()?)) }
    }

    /// Children are `executable`, which calls [`crate::run_child_if_asked`] first thing in `main`.
    pub fn at(executable: impl Into<PathBuf>) -> Self {
        Self { executable: executable.into(), cancel: None, broker: None, environment: Vec::new(), in_process: false }
    }

    /// The same; `broker` performs what the plugin asks of the world outside. Without one, plugins find neither
    /// network nor secrets.
    #[must_use]
    pub fn served_by(mut self, broker: Arc<dyn Broker>) -> Self {
        self.broker = Some(broker);
        self
    }

    /// The same; setting `flag` asks the plugin to stop, and kills it after the grace period.
    #[must_use]
    pub fn cancelled_by(mut self, flag: Arc<AtomicBool>) -> Self {
        self.cancel = Some(flag);
        self
    }

    /// The same; children have these variables too. For the test kit: a plugin of a project has none.
    #[must_use]
    pub fn with_environment(mut self, variables: Vec<(String, String)>) -> Self {
        self.environment = variables;
        self
    }

    /// The same without children: the plugin runs in this process, on a thread, with all its rights and without limits.
    /// For debuggers, which see it there; a plugin that crashes takes the program along.
    #[must_use]
    pub fn in_process(mut self) -> Self {
        self.in_process = true;
        self
    }

    /// The flag that cancels, where one was given.
    pub(crate) fn cancel(&self) -> Option<&AtomicBool> {
        self.cancel.as_deref()
    }

    /// Reads rows of `plugin` into `sink`. `config` is complete ([`crate::Spec::with_defaults`]) and valid.
    pub fn read(
        &self,
        plugin: &Plugin,
        config: &Value,
        request: &Request<Value>,
        limits: &Limits,
        sink: &mut dyn Sink,
    ) -> Outcome {
        let request = serde_json::to_value(request).unwrap_or_default();
        let mut session = Session::new(&plugin.manifest.data.tables, limits, self.broker.clone(), Some(sink));
        let outcome = match self.run(Code::of(plugin, config), Verb::Read, config, request, &mut session) {
            Ok(()) => Outcome::Complete(session.finish_reading()),
            Err(failure) => Outcome::Failed(Box::new(session.fail(failure))),
        };
        match self.broker.as_ref().and_then(|b| b.budget_spent()) {
            Some(requests) => budget::told(outcome, requests),
            None => outcome,
        }
    }

    /// Asks `plugin` whether a reading is going to work.
    ///
    /// # Errors
    /// As a reading may fail.
    pub fn check(&self, plugin: &Plugin, config: &Value, limits: &Limits) -> Result<Report, Box<Failure>> {
        self.ask(Code::of(plugin, config), Verb::Check, config, Value::Null, limits)
    }

    /// Asks `plugin` for its live `spec`.
    ///
    /// # Errors
    /// As a reading may fail.
    pub fn spec(&self, plugin: &Plugin, limits: &Limits) -> Result<Value, Box<Failure>> {
        self.ask(Code::of(plugin, &Value::Null), Verb::Spec, &Value::Null, Value::Null, limits)
    }

    /// Asks the code in `folder`, which has a manifest and perhaps no `spec.json` yet, for its live `spec`. For authors:
    /// it runs what lies there, without a question of trust.
    ///
    /// # Errors
    /// What is wrong with manifest or library, or why the plugin did not answer.
    pub fn spec_of_folder(&self, folder: &Path) -> Result<(Manifest, Value), Vec<Diagnostic>> {
        let draft = Draft::read(folder, true)?;
        let (shown, library) = draft.code()?;
        let rights = Rights { read: Vec::new(), raw: false };
        let manifest = draft.manifest;
        let code = Code {
            id: manifest.id.clone(),
            version: manifest.version.clone(),
            shown,
            library: Some(Arc::new(library)),
            rights,
        };
        let spec = self.ask(code, Verb::Spec, &Value::Null, Value::Null, &Limits::of(&manifest));
        spec.map(|spec| (manifest, spec)).map_err(|failure| vec![failure.diagnostic()])
    }

    /// Makes `plugin` do an exercise of the test kit. `config` is complete; `request` is what its readings ask for.
    ///
    /// # Errors
    /// When it fails at what it is asked to do, or does not survive it.
    pub fn drill(
        &self,
        plugin: &Plugin,
        drill: Drill,
        config: &Value,
        request: &Request<Value>,
        limits: &Limits,
    ) -> Result<DrillReport, Box<Failure>> {
        let request = serde_json::to_value(request).unwrap_or_default();
        self.ask(Code::of(plugin, config), Verb::Drill(drill), config, request, limits)
    }

    /// What the kernel enforces on plugins here, found out by a child that gives up its rights and loads nothing.
    ///
    /// # Errors
    /// When no child can be started.
    pub fn probe(&self) -> Result<Sandbox, Box<Failure>> {
        let limits = Limits::default();
        let mut session = Session::new(&[], &limits, None, None);
        let code = Code {
            id: String::new(),
            version: String::new(),
            shown: PathBuf::new(),
            library: None,
            rights: Rights::default(),
        };
        match self.run(code, Verb::Probe, &Value::Null, Value::Null, &mut session) {
            Ok(()) => Ok(session.finish().sandbox),
            Err(failure) => Err(Box::new(session.fail(failure))),
        }
    }

    fn ask<T: serde::de::DeserializeOwned>(
        &self,
        code: Code,
        verb: Verb,
        config: &Value,
        request: Value,
        limits: &Limits,
    ) -> Result<T, Box<Failure>> {
        let mut session = Session::new(&[], limits, self.broker.clone(), None);
        let result = self.run(code, verb, config, request, &mut session).and_then(|()| {
            let answer = session.answer.take().unwrap_or_default();
            serde_json::from_slice(&answer).map_err(|error| {
                Failure::new(
                    "P311",
                    Bilingual::new(
                        format!("the plugin's answer does not fit: {error}"),
                        format!("la réponse du greffon ne convient pas : {error}"),
                    ),
                )
            })
        });
        result.map_err(|failure| Box::new(session.fail(failure)))
    }

    fn run(
        &self,
        code: Code,
        verb: Verb,
        config: &Value,
        request: Value,
        session: &mut Session<'_>,
    ) -> Result<(), Failure> {
        let limits = session.limits;
        let start = Start {
            verb,
            library: code.shown,
            rights: code.rights,
            id: code.id,
            version: code.version,
            config: config.clone(),
            request,
            memory_mib: limits.memory_mib,
            cpu_seconds: limits.cpu_seconds,
            served: self.broker.is_some(),
        };
        if let (true, Some(library)) = (self.in_process, &code.library) {
            let served = (self.broker.as_deref(), self.cancel());
            in_process::run(&start, library, served, &mut |event| session.take(event))?;
            return session.verdict(ExitStatus::default());
        }
        let order = serde_json::to_vec(&start).unwrap_or_default();
        let order = frame::encode(Kind::Start, &order).map_err(|e| protocol(&e))?;
        let (cancel, broker) = (self.cancel.clone(), self.broker.clone());
        let program = (self.executable.as_path(), self.environment.as_slice());
        let mut process = Process::spawn(program, code.library, order, limits, cancel, broker)?;
        let result = process.serve(&mut |event| session.take(event));
        match result {
            Ok(ended) => session.verdict(ended.status),
            Err(failure) => {
                process.last_words(&mut |event| session.take(event));
                Err(failure)
            }
        }
    }
}

/// What a child loads, and what it may touch.
struct Code {
    id: String,
    version: String,
    shown: PathBuf,
    /// `None` for a probe, which loads nothing.
    library: Option<Arc<File>>,
    rights: Rights,
}

impl Code {
    fn of(plugin: &Plugin, config: &Value) -> Self {
        Self {
            id: plugin.manifest.id.clone(),
            version: plugin.manifest.version.clone(),
            shown: plugin.library.clone(),
            library: Some(plugin.code.clone()),
            rights: Rights::of(plugin, config),
        }
    }
}

/// One child's story so far.
struct Session<'a> {
    /// Tables of the manifest.
    tables: &'a [String],
    limits: &'a Limits,
    broker: Option<Arc<dyn Broker>>,
    sink: Option<&'a mut dyn Sink>,
    summary: Summary,
    answer: Option<Vec<u8>>,
    stop: Option<Stop>,
    end: Option<[u64; 3]>,
    sandbox_told: bool,
    lines: usize,
    held: VecDeque<(Level, String)>,
    left_out: usize,
    tail: VecDeque<String>,
}

impl<'a> Session<'a> {
    fn new(
        tables: &'a [String],
        limits: &'a Limits,
        broker: Option<Arc<dyn Broker>>,
        sink: Option<&'a mut dyn Sink>,
    ) -> Self {
        Self {
            tables,
            limits,
            broker,
            sink,
            summary: Summary::default(),
            answer: None,
            stop: None,
            end: None,
            sandbox_told: false,
            lines: 0,
            held: VecDeque::new(),
            left_out: 0,
            tail: VecDeque::new(),
        }
    }

    fn take(&mut self, event: Event<'_>) -> Result<(), Failure> {
        match event {
            Event::Printed(level, line) => {
                self.log(level, line);
                if let Some(sink) = &mut self.sink {
                    sink.printed();
                }
            }
            Event::Served(level, line) => self.log(level, line),
            Event::Frame(kind, payload) => self.frame(kind, payload)?,
        }
        Ok(())
    }

    fn frame(&mut self, kind: Kind, payload: &[u8]) -> Result<(), Failure> {
        if self.stop.is_some() {
            return Err(protocol(&FrameError::Payload("frames after an error")));
        }
        match kind {
            Kind::Columns => self.columns(payload)?,
            Kind::Checkpoint => self.checkpoint(payload)?,
            Kind::Log => self.log_frame(payload),
            Kind::Progress => {
                let ([done, total], unit) = frame::numbers(payload).map_err(|e| protocol(&e))?;
                if let Some(sink) = &mut self.sink {
                    sink.progress(done, total, &String::from_utf8_lossy(unit));
                }
            }
            Kind::Reject => self.reject(payload),
            Kind::Notice => {
                let text = self.redacted(payload);
                match serde_json::from_str::<Notice>(&text) {
                    Ok(notice) => self.summary.warnings.push(notice),
                    Err(_) => self.log(Level::Warning, &text),
                }
            }
            Kind::Answer => self.answer = Some(payload.to_vec()),
            Kind::Error => {
                let stop = serde_json::from_str(&self.redacted(payload));
                self.stop = Some(stop.map_err(|_| protocol(&FrameError::Payload("error frame")))?);
            }
            Kind::Sandbox => {
                // Said once, before the plugin is loaded; a second time it is the plugin that speaks.
                let level = serde_json::from_slice(payload).ok().filter(|_| !self.sandbox_told);
                self.summary.sandbox = level.ok_or_else(|| protocol(&FrameError::Payload("sandbox frame")))?;
                self.sandbox_told = true;
            }
            Kind::End => self.end = Some(frame::numbers(payload).map_err(|e| protocol(&e))?.0),
            Kind::Start
            | Kind::Cancel
            | Kind::Pause
            | Kind::Phase
            | Kind::Http
            | Kind::Throttle
            | Kind::Secret
            | Kind::KeepSecret
            | Kind::Answered
            | Kind::More => return Err(protocol(&FrameError::Kind(kind as u8))),
        }
        Ok(())
    }

    fn columns(&mut self, payload: &[u8]) -> Result<(), Failure> {
        let told = self.broker.as_ref().filter(|b| b.told_secret());
        if told.is_some_and(|b| b.holds_secret(&String::from_utf8_lossy(payload))) {
            return Err(secret_in(("a row", "une ligne")));
        }
        let mut batch = frame::decode_batch(payload).map_err(|e| protocol(&e))?;
        if !self.tables.contains(&batch.table) {
            return Err(undeclared(&batch.table));
        }
        // The child did this too, but its memory is the plugin's to spoil.
        let fitted = table::fit(&mut batch, Vec::new()).map_err(Stop::into_failure)?;
        if !fitted.rejects.is_empty() {
            return Err(protocol(&FrameError::Payload("rows that the runner should have rejected")));
        }
        self.summary.rows += batch.rows as u64;
        if self.summary.rows > self.limits.max_rows {
            let most = self.limits.max_rows;
            let words = Bilingual::new(
                format!("more than {most} rows in one run"),
                format!("plus de {most} lignes en une exécution"),
            );
            return Err(Failure::new("P315", words).hint("ask for less at once", "demandez moins à la fois"));
        }
        self.sink.as_mut().map_or(Ok(()), |sink| sink.batch(batch)).map_err(|e| sink_failure(&e))
    }

    fn checkpoint(&mut self, payload: &[u8]) -> Result<(), Failure> {
        if self.broker.as_ref().is_some_and(|b| b.holds_secret(&String::from_utf8_lossy(payload))) {
            return Err(secret_in(("a checkpoint", "un point de reprise")));
        }
        let state: Value =
            serde_json::from_slice(payload).map_err(|_| protocol(&FrameError::Payload("checkpoint is not JSON")))?;
        self.summary.checkpoints += 1;
        self.sink.as_mut().map_or(Ok(()), |sink| sink.checkpoint(state)).map_err(|e| sink_failure(&e))
    }

    fn reject(&mut self, payload: &[u8]) {
        let text = self.redacted(payload);
        let mut reject: Reject = serde_json::from_str(&text).unwrap_or_else(|_| Reject {
            reason: "unreadable_reject".into(),
            raw: text,
            ..Reject::default()
        });
        if let Some((end, _)) = reject.raw.char_indices().nth(RAW_CHARS) {
            reject.raw.truncate(end);
        }
        self.summary.rejected += 1;
        *self.summary.rejected_by_reason.entry(reject.reason.clone()).or_default() += 1;
        if let Some(sink) = &mut self.sink {
            sink.reject(reject);
        }
    }

    fn log_frame(&mut self, payload: &[u8]) {
        let Some((level, text)) = payload.split_first() else { return };
        let level = match level {
            1 => Level::Error,
            2 => Level::Warning,
            3 => Level::Info,
            _ => Level::Debug,
        };
        self.log(level, &String::from_utf8_lossy(text));
    }

    /// Text from the plugin as it may be kept and shown: without secrets.
    fn redacted(&self, text: &[u8]) -> String {
        let text = String::from_utf8_lossy(text);
        match &self.broker {
            Some(broker) => broker.redacted(&text).into_owned(),
            None => text.into_owned(),
        }
    }

    /// Keeps the first and the last half of the allowed lines.
    fn log(&mut self, level: Level, line: &str) {
        let line = self.redacted(line.as_bytes());
        let line = line.as_str();
        if self.tail.len() == TAIL {
            self.tail.pop_front();
        }
        self.tail.push_back(line.to_owned());
        self.lines += 1;
        let half = self.limits.log_lines / 2;
        if self.lines <= half {
            if let Some(sink) = &mut self.sink {
                sink.log(level, line);
            }
            return;
        }
        if self.held.len() >= half {
            self.held.pop_front();
            self.left_out += 1;
        }
        self.held.push_back((level, line.to_owned()));
    }

    fn flush_log(&mut self) {
        let Some(sink) = &mut self.sink else { return };
        if self.left_out > 0 {
            sink.log(Level::Warning, &format!("{} lines left out", self.left_out));
        }
        for (level, line) in self.held.drain(..) {
            sink.log(level, &line);
        }
    }

    /// Complete only when the child said so and its counts agree with what arrived.
    fn verdict(&mut self, status: ExitStatus) -> Result<(), Failure> {
        if let Some(stop) = self.stop.take() {
            return Err(stop.into_failure());
        }
        let Some(counts) = self.end else { return Err(died(status)) };
        if counts == [self.summary.rows, self.summary.rejected, self.summary.checkpoints] {
            return Ok(());
        }
        Err(protocol(&FrameError::Payload("the counts at the end are not those of what arrived")))
    }

    fn finish(mut self) -> Summary {
        self.flush_log();
        self.summary
    }

    /// A source that failed must not look like one that heard nothing: where the plugin says nothing about requests
    /// that came to nothing, the host does.
    fn finish_reading(self) -> Summary {
        // What a spent budget refused is told as that.
        let broker = self.broker.as_ref().filter(|b| b.budget_spent().is_none());
        let lost = broker.map(|b| b.unanswered()).unwrap_or_default();
        let mut summary = self.finish();
        if let Some(first) = lost.first().filter(|_| !summary.partial() && summary.rejected == 0) {
            let count = lost.len();
            summary.warnings.push(Notice {
                code: "unanswered".into(),
                partial: true,
                message: Words::new(
                    format!("{count} requests came to nothing, and the plugin says nothing of it: {}", first.en),
                    format!("{count} requêtes n'ont rien donné, et le greffon n'en dit rien : {}", first.fr),
                ),
                hint: Some(Words::new(
                    "what is missing cannot be told; tell the plugin's author",
                    "on ne peut dire ce qui manque ; signalez-le à l'auteur du greffon",
                )),
            });
        }
        summary
    }

    fn fail(mut self, failure: Failure) -> Failure {
        self.flush_log();
        Failure { log_tail: self.tail.into_iter().collect(), summary: self.summary, ..failure }
    }
}

fn secret_in((en, fr): (&str, &str)) -> Failure {
    let words = Bilingual::new(format!("{en} holds a secret"), format!("{fr} contient un secret"));
    Failure::new("P505", words)
        .hint("this is a bug of the plugin; tell its author", "c'est un défaut du greffon ; signalez-le à son auteur")
}

fn undeclared(table: &str) -> Failure {
    Failure::new(
        "P310",
        Bilingual::new(
            format!("rows of table `{table}`, which the manifest does not name"),
            format!("des lignes de la table `{table}`, que le manifeste ne nomme pas"),
        ),
    )
    .hint(
        format!("add `{table}` to `tables` in plugin.toml and spec.json"),
        format!("ajoutez `{table}` à `tables` dans plugin.toml et spec.json"),
    )
}

pub(crate) fn sink_failure(error: &SinkError) -> Failure {
    Failure::new(
        "P430",
        Bilingual::new(
            format!("the archive takes no more rows: {error}"),
            format!("l'archive ne prend plus de lignes : {error}"),
        ),
    )
}

/// Reads rows of `plugin` into `sink`, in a child made of this program. See [`Runner::read`].
pub fn read(
    plugin: &Plugin,
    config: &Value,
    request: &Request<Value>,
    limits: &Limits,
    sink: &mut dyn Sink,
) -> Outcome {
    match Runner::current() {
        Ok(runner) => runner.read(plugin, config, request, limits, sink),
        Err(error) => Outcome::Failed(Box::new(no_executable(&error))),
    }
}

/// Asks `plugin` whether a reading is going to work. See [`Runner::check`].
///
/// # Errors
/// As a reading may fail.
pub fn check(plugin: &Plugin, config: &Value, limits: &Limits) -> Result<Report, Box<Failure>> {
    Runner::current().map_err(|e| Box::new(no_executable(&e)))?.check(plugin, config, limits)
}

fn no_executable(error: &std::io::Error) -> Failure {
    Failure::new(
        "P400",
        Bilingual::new(
            format!("this program cannot find itself: {error}"),
            format!("ce programme ne se trouve pas lui-même : {error}"),
        ),
    )
}
