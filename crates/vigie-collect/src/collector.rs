//! All sources of a run: read, committed with their cursors, counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;
use vigie_model::diagnostic::Bilingual;
use vigie_model::entity::Entity;
use vigie_model::ledger::{RowCount, SourceLedger, SourceOutcome};
use vigie_model::mention::MENTIONS;
use vigie_model::table;
use vigie_plugin::Words;
use vigie_plugin_host::{
    Batch, Broker, Budget, Failure, Level, Limits, Outcome, Plugin, Reject, Request, Retries, Runner, budget,
};
use vigie_store::{Archive, Cursor, Enforced, NewRows, Retention, Slot, Stamp};

use crate::Error;
use crate::budget::Spent;
use crate::health::{self, SourceRecord};
use crate::pseudonym::AuthorKey;
use crate::quarantine::Quarantine;
use crate::queue::{News, Outlet, Queue};
use crate::rows::{Context, Known, archive_rows};

/// Rows after which a checkpoint is committed at once instead of waiting for the end.
const COMMIT_ROWS: usize = 250_000;

/// A source ready to be read: its plugin is found and its options are checked.
pub struct Source {
    /// Id in `vigie.toml`.
    pub id: String,
    /// The plugin.
    pub plugin: Plugin,
    /// Options, defaults applied.
    pub options: Value,
    /// The options that decide what it reads, as the project's file has them.
    pub identity: Value,
    /// Most requests it may make in one run, where its broker counts them.
    pub requests: Option<u64>,
    /// Performs what the plugin asks of the network; without one there is none.
    pub broker: Option<Arc<dyn Broker>>,
}

/// What a run needs to collect.
pub struct Job<'a> {
    /// Sources to read, in order.
    pub sources: Vec<Source>,
    /// Sources that cannot be read, with why, worded.
    pub refused: Vec<SourceLedger>,
    /// Tracked entities.
    pub entities: &'a [Entity],
    /// Key of the pseudonyms.
    pub key: AuthorKey,
    /// Name of the run; goes into every row it brings.
    pub batch: String,
    /// Microseconds since 1970 at which the run began.
    pub now: i64,
    /// What plugins are asked for.
    pub request: Request<Value>,
    /// Most sources read at once.
    pub at_once: usize,
    /// Waits before further tries of a source that failed.
    pub retries: Retries,
}

/// News of a collection, for whoever shows progress.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// A source begins.
    Started {
        /// Source id.
        source: &'a str,
    },
    /// Rows read so far.
    Rows {
        /// Source id.
        source: &'a str,
        /// Rows read in this run.
        read: u64,
    },
    /// A plugin says something.
    Said {
        /// Source id.
        source: &'a str,
        /// How loud.
        level: Level,
        /// Its words.
        text: &'a str,
    },
    /// Something about the whole run that is worth knowing.
    Noted {
        /// The words.
        words: &'a Bilingual,
    },
    /// A source failed and is read on from its last checkpoint.
    Retrying {
        /// Source id.
        source: &'a str,
        /// Why.
        failure: &'a Failure,
        /// After which wait.
        wait: Duration,
    },
    /// A source is given up.
    GivenUp {
        /// Source id.
        source: &'a str,
        /// Why, with the plugin's last words and the checkpoint.
        failure: &'a Failure,
    },
    /// Some rows of a source could not become mentions.
    Rejected {
        /// Source id.
        source: &'a str,
        /// How many in this run.
        rows: u64,
        /// Where the first one stands (`mentions.csv:128`) and why it was rejected.
        first: (&'a str, &'a str),
        /// Folder in which all are kept.
        kept_in: &'a std::path::Path,
    },
    /// A source ended; the ledger holds this run's rows only.
    Ended {
        /// The ledger.
        ledger: &'a SourceLedger,
    },
}

/// What a collection did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Rows of this run by source, with how each ended.
    pub run: Vec<SourceLedger>,
    /// Mentions that went, or lost their content, because their place allows them no longer.
    pub enforced: Enforced,
}

impl Source {
    /// Where it goes on.
    fn slot(&self) -> Slot {
        let table = table::find(self.plugin.main_table()).unwrap_or(&MENTIONS);
        Slot::new(&self.id, table, &self.identity)
    }
}

/// Reads every source of `job` into `archive`, some of them at once; what they bring is kept in the order of the job,
/// so that the archive does not depend on who was faster. A source that fails costs itself: what its committed
/// checkpoints cover is kept, and the others go on. The caller holds the archive's lock since before it opened it.
///
/// # Errors
/// When the archive itself cannot be read or written.
pub fn collect(archive: &mut Archive, job: &Job<'_>, tell: &mut dyn FnMut(Event<'_>)) -> Result<Collection, Error> {
    archive.finish_commits()?;
    let cursors = job.sources.iter().map(|s| archive.cursor(&s.slot())).collect::<Result<Vec<Cursor>, _>>()?;
    let queues: Vec<Queue> = job.sources.iter().map(|_| Queue::default()).collect();
    let (next, stop) = (AtomicUsize::new(0), Arc::new(AtomicBool::new(false)));
    let runner = Runner::current().map_err(Error::Program)?.cancelled_by(stop.clone());
    let mut run = std::thread::scope(|scope| {
        for _ in 0..job.at_once.clamp(1, job.sources.len().max(1)) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(source), Some(queue)) = (job.sources.get(index), queues.get(index)) else { break };
                    read(&runner, job, source, &cursors[index], Outlet::new(queue));
                }
            });
        }
        let kept = keep_all(archive, job, &cursors, &queues, tell);
        // After an error here, and only then, somebody may still be reading.
        stop.store(true, Ordering::Relaxed);
        next.store(job.sources.len(), Ordering::Relaxed);
        queues.iter().for_each(Queue::close);
        kept
    })?;
    for ledger in &job.refused {
        let rows = health::rows(archive.place(), &ledger.source)?;
        let ledger_of_all = SourceLedger { rows, ..ledger.clone() };
        health::write(archive.place(), &SourceRecord { ledger: ledger_of_all, sandbox: None })?;
        tell(Event::Ended { ledger });
        run.push(ledger.clone());
    }
    let enforced = archive.enforce(job.now)?;
    Ok(Collection { run, enforced })
}

/// Reads one source into its queue.
fn read(runner: &Runner, job: &Job<'_>, source: &Source, cursor: &Cursor, mut outlet: Outlet<'_>) {
    let request = Request {
        state: (!cursor.state.is_null()).then(|| cursor.state.clone()),
        table: source.plugin.main_table().to_owned(),
        budget: Budget { requests: source.requests },
        ..job.request.clone()
    };
    let limits = Limits::of(&source.plugin.manifest);
    let runner = match &source.broker {
        Some(broker) => runner.clone().served_by(Arc::clone(broker)),
        None => runner.clone(),
    };
    let outcome = runner.read_on(&source.plugin, &source.options, &request, &limits, &job.retries, &mut outlet);
    outlet.end(outcome);
}

/// Keeps what is in the queues, one after the other.
fn keep_all(
    archive: &mut Archive,
    job: &Job<'_>,
    cursors: &[Cursor],
    queues: &[Queue],
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Vec<SourceLedger>, Error> {
    let mut known = Known::default();
    let mut run = Vec::new();
    for ((source, cursor), queue) in job.sources.iter().zip(cursors).zip(queues) {
        tell(Event::Started { source: &source.id });
        let (ledger, outcome) = keep(archive, job, (source, cursor, queue), &mut known, tell)?;
        tell(Event::Ended { ledger: &ledger });
        if let Outcome::Failed(failure) = &outcome {
            tell(Event::GivenUp { source: &source.id, failure });
        }
        if !matches!(ledger.outcome, SourceOutcome::Complete) {
            // Rows that were seen but dropped must be new again for the sources that follow.
            known = Known::default();
        }
        run.push(ledger);
    }
    Ok(run)
}

fn keep(
    archive: &mut Archive,
    job: &Job<'_>,
    (source, cursor, queue): (&Source, &Cursor, &Queue),
    known: &mut Known,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(SourceLedger, Outcome), Error> {
    let before = cursor.rows.clone();
    let data = &source.plugin.manifest.data;
    let stated = data.retention.as_deref().and_then(Retention::parse);
    let retention = if data.aggregate_only { Retention::AggregateOnly } else { stated.unwrap_or(Retention::Keep) };
    let mut intake = Intake {
        context: Context {
            source: &source.id,
            batch: &job.batch,
            now: job.now,
            key: &job.key,
            entities: job.entities,
            retention,
            quote_ok: data.quote_ok.as_deref(),
        },
        slot: source.slot(),
        quarantine: Quarantine::new(archive.place().local(), &source.id, &job.batch),
        counted: before.clone(),
        before: before.clone(),
        since: cursor.at,
        archive,
        known,
        tell,
        cursor: cursor.clone(),
        frames: Vec::new(),
        covered: None,
        first_reject: None,
    };
    let outcome = intake.take_all(queue)?;
    intake.finish(&outcome, source.broker.as_ref().and_then(|b| b.budget_spent()))?;
    let Intake { cursor, archive, tell, first_reject, .. } = intake;
    let ledger = |rows: RowCount| SourceLedger {
        source: source.id.clone(),
        plugin: source.plugin.label(),
        rows,
        outcome: ending(&outcome),
        warnings: outcome.summary().warnings.iter().map(|w| told(&w.message, w.hint.as_ref())).collect(),
    };
    let sandbox = Some(outcome.summary().sandbox.name().to_owned());
    health::write(archive.place(), &SourceRecord { ledger: ledger(cursor.rows.clone()), sandbox })?;
    let rows = cursor.rows.since(&before);
    if let Some((place, reason)) = first_reject.as_ref().filter(|_| rows.rejected > 0) {
        let kept_in = archive.place().local().join("quarantine").join(&source.id);
        let event =
            Event::Rejected { source: &source.id, rows: rows.rejected, first: (place, reason), kept_in: &kept_in };
        tell(event);
    }
    let ledger = ledger(rows);
    Ok((ledger, outcome))
}

fn ending(outcome: &Outcome) -> SourceOutcome {
    match outcome {
        Outcome::Failed(failure) => {
            let (mut en, mut fr) = (failure.message.en.clone(), failure.message.fr.clone());
            if let Some(hint) = &failure.hint {
                en = format!("{en}; {}", hint.en);
                fr = format!("{fr} ; {}", hint.fr);
            }
            let reason = Bilingual::new(format!("[{}] {en}", failure.code), format!("[{}] {fr}", failure.code));
            // A budget that was spent is no fault: the next run goes on.
            if failure.code == budget::SPENT {
                SourceOutcome::Partial { reason }
            } else {
                SourceOutcome::Failed { reason }
            }
        }
        Outcome::Complete(summary) => match summary.warnings.iter().find(|w| w.partial) {
            Some(first) => SourceOutcome::Partial { reason: told(&first.message, first.hint.as_ref()) },
            None => SourceOutcome::Complete,
        },
    }
}

fn told(message: &Words, hint: Option<&Words>) -> Bilingual {
    match hint {
        Some(hint) => Bilingual::new(format!("{}; {}", message.en, hint.en), format!("{} ; {}", message.fr, hint.fr)),
        None => Bilingual::new(message.en.clone(), message.fr.clone()),
    }
}

/// Takes a plugin's rows and keeps, in the archive, exactly those its checkpoints cover.
struct Intake<'a> {
    context: Context<'a>,
    archive: &'a mut Archive,
    known: &'a mut Known,
    slot: Slot,
    tell: &'a mut dyn FnMut(Event<'_>),
    quarantine: Quarantine,
    /// Last committed cursor.
    cursor: Cursor,
    /// Rows of earlier runs, and when the last of them was committed, in microseconds since 1970.
    before: RowCount,
    since: i64,
    /// Rows counted so far, covered by a checkpoint or not.
    counted: RowCount,
    /// Rows not committed yet.
    frames: Vec<NewRows>,
    /// How many of the frames the last checkpoint covers, with its state and counts.
    covered: Option<(usize, Value, RowCount)>,
    /// Place and reason of the first row rejected in this run.
    first_reject: Option<(String, String)>,
}

impl Intake<'_> {
    /// Takes everything a source brings, to its end.
    fn take_all(&mut self, queue: &Queue) -> Result<Outcome, Error> {
        while let Some(news) = queue.pop() {
            match news {
                News::Batch(batch) => self.batch(&batch)?,
                News::Checkpoint(state) => self.checkpoint(state)?,
                News::Reject(reject) => self.reject(&reject)?,
                News::Log(level, text) => {
                    (self.tell)(Event::Said { source: self.context.source, level, text: &text });
                }
                News::Rewind(failure, wait) => {
                    (self.tell)(Event::Retrying { source: self.context.source, failure: &failure, wait });
                    self.rewind()?;
                }
                News::End(outcome) => return Ok(*outcome),
            }
        }
        let words = Bilingual::new("the thread that read it is gone", "le fil qui la lisait a disparu");
        Ok(Outcome::Failed(Box::new(Failure::new("P400", words))))
    }

    fn batch(&mut self, batch: &Batch) -> Result<(), Error> {
        let rows = archive_rows(batch, &self.context, self.archive, self.known)?;
        // The ledger counts what the source is there for; rows of other tables come beside it.
        if batch.table == self.slot.table.name {
            self.counted.add_mapped(batch.rows as u64, rows.duplicates);
        }
        self.frames.extend(rows.new);
        let read = self.counted.read - self.cursor.rows.read;
        (self.tell)(Event::Rows { source: self.context.source, read });
        Ok(())
    }

    fn checkpoint(&mut self, state: Value) -> Result<(), Error> {
        self.covered = Some((self.frames.len(), state, self.counted.clone()));
        self.quarantine.checkpoint();
        let waiting: usize = self.frames.iter().map(|f| f.rows.height()).sum();
        if waiting >= COMMIT_ROWS { self.commit() } else { Ok(()) }
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), Error> {
        self.counted.add_rejected(&reject.reason);
        self.first_reject.get_or_insert_with(|| {
            let place = reject.place.clone().unwrap_or_default();
            (place, reject.reason.clone())
        });
        self.quarantine.keep(reject).map_err(|source| Error::Io { path: self.quarantine.path().to_owned(), source })
    }

    /// Goes back to the last checkpoint, from which the plugin starts again.
    fn rewind(&mut self) -> Result<(), Error> {
        self.commit()?;
        self.frames.clear();
        self.counted = self.cursor.rows.clone();
        self.quarantine.rewind().map_err(|source| Error::Io { path: self.quarantine.path().to_owned(), source })?;
        // Rows that were seen but dropped come again, and must be new then.
        *self.known = Known::default();
        Ok(())
    }

    /// Commits what the last checkpoint covers.
    fn commit(&mut self) -> Result<(), Error> {
        let Some((frames, state, rows)) = self.covered.take() else { return Ok(()) };
        let cursor = self.cursor.next(self.context.now, state, rows);
        if cursor.state == self.cursor.state && cursor.rows == self.cursor.rows && frames == 0 {
            return Ok(());
        }
        // Rejected rows the commit counts must be on disk before it.
        self.quarantine.flush().map_err(|source| Error::Io { path: self.quarantine.path().to_owned(), source })?;
        let rows = by_table(self.frames.drain(..frames))?;
        let stamp = Stamp { batch: self.context.batch, now: self.context.now };
        self.archive.commit(&self.slot, stamp, rows, cursor.clone())?;
        self.cursor = cursor;
        Ok(())
    }

    /// A source without checkpoints is all or nothing: its end is its only one. A budget of `requests` that was spent
    /// is noted beside the rows.
    fn finish(&mut self, outcome: &Outcome, requests: Option<u64>) -> Result<(), Error> {
        let complete = matches!(outcome, Outcome::Complete(_));
        if complete && outcome.summary().checkpoints == 0 {
            self.covered = Some((self.frames.len(), Value::Null, self.counted.clone()));
        }
        if let Some(requests) = requests {
            self.note_spent(requests)?;
        }
        self.commit()
    }

    /// Adds the row of a budget that was spent to what the last checkpoint covers.
    fn note_spent(&mut self, requests: u64) -> Result<(), Error> {
        let kept = || (0, self.cursor.state.clone(), self.cursor.rows.clone());
        let (covered, state, rows) = self.covered.take().unwrap_or_else(kept);
        let items = rows.read - self.before.read;
        let spent = Spent { requests, items, since: self.since, now: self.context.now };
        let row = archive_rows(&spent.row(), &self.context, self.archive, self.known)?;
        self.frames.truncate(covered);
        self.frames.extend(row.new);
        self.covered = Some((self.frames.len(), state, rows));
        Ok(())
    }
}

/// The new rows of each table in one frame and those that replace others in another, in the order in which they came.
fn by_table(frames: impl Iterator<Item = NewRows>) -> Result<Vec<NewRows>, Error> {
    let mut tables: Vec<NewRows> = Vec::new();
    for frame in frames {
        match tables.iter_mut().find(|t| t.table.name == frame.table.name && t.replaces == frame.replaces) {
            Some(whole) => {
                whole.rows.vstack_mut_owned(frame.rows).map_err(Error::Rows)?;
            }
            None => tables.push(frame),
        }
    }
    Ok(tables)
}
