//! All sources of a run: read, committed with their cursors, counted.

use std::sync::Arc;

use polars::prelude::*;
use serde_json::Value;
use vigie_model::diagnostic::Bilingual;
use vigie_model::entity::Entity;
use vigie_model::ledger::{RowCount, SourceLedger, SourceOutcome};
use vigie_plugin::Words;
use vigie_plugin_host::{Batch, Broker, Level, Limits, Outcome, Plugin, Reject, Request, Sink, SinkError};
use vigie_store::{Archive, Cursor, KnownRows};

use crate::Error;
use crate::health::{self, SourceRecord};
use crate::pseudonym::AuthorKey;
use crate::quarantine::Quarantine;
use crate::rows::{Context, archive_rows};

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
}

/// News of a collection, for whoever shows progress.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

/// Reads every source of `job` into `archive`, one after the other. A source that fails costs itself:
/// what its committed checkpoints cover is kept, and the others go on. The caller holds the archive's
/// lock since before it opened it.
///
/// # Errors
/// When the archive itself cannot be read or written.
pub fn collect(archive: &mut Archive, job: &Job<'_>, tell: &mut dyn FnMut(Event<'_>)) -> Result<Collection, Error> {
    let mut known = archive.known_rows()?;
    let mut run = Vec::new();
    for source in &job.sources {
        tell(Event::Started { source: &source.id });
        let ledger = read_source(archive, job, source, &mut known, tell)?;
        tell(Event::Ended { ledger: &ledger });
        if !matches!(ledger.outcome, SourceOutcome::Complete) {
            // Rows that were seen but dropped must be new again for the sources that follow.
            known = archive.known_rows()?;
        }
        run.push(ledger);
    }
    for ledger in &job.refused {
        let cursor = archive.cursor(&ledger.source)?;
        let record = SourceRecord { ledger: SourceLedger { rows: cursor.rows, ..ledger.clone() } };
        health::write(archive.folder(), &record)?;
        tell(Event::Ended { ledger });
        run.push(ledger.clone());
    }
    Ok(Collection { run })
}

fn read_source(
    archive: &mut Archive,
    job: &Job<'_>,
    source: &Source,
    known: &mut KnownRows,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<SourceLedger, Error> {
    let cursor = archive.cursor(&source.id)?;
    let request = Request { state: (!cursor.state.is_null()).then(|| cursor.state.clone()), ..job.request.clone() };
    let before = cursor.rows.clone();
    let mut intake = Intake {
        context: Context { source: &source.id, batch: &job.batch, now: job.now, key: &job.key, entities: job.entities },
        quarantine: Quarantine::new(archive.folder(), &source.id, &job.batch),
        counted: before.clone(),
        archive,
        known,
        tell,
        cursor,
        frames: Vec::new(),
        covered: None,
        broken: None,
        first_reject: None,
    };
    let outcome = vigie_plugin_host::read_served(
        &source.plugin,
        &source.options,
        &request,
        &Limits::of(&source.plugin.manifest),
        source.broker.clone(),
        &mut intake,
    );
    intake.finish(&outcome);
    let Intake { cursor, broken, archive, tell, first_reject, .. } = intake;
    if let Some(error) = broken {
        return Err(error);
    }
    let ledger = |rows: RowCount| SourceLedger {
        source: source.id.clone(),
        plugin: source.plugin.label(),
        rows,
        outcome: ending(&outcome),
        warnings: outcome.summary().warnings.iter().map(|w| told(&w.message, w.hint.as_ref())).collect(),
    };
    health::write(archive.folder(), &SourceRecord { ledger: ledger(cursor.rows.clone()) })?;
    let rows = cursor.rows.since(&before);
    if let Some((place, reason)) = first_reject.as_ref().filter(|_| rows.rejected > 0) {
        let kept_in = archive.folder().join("quarantine").join(&source.id);
        let event =
            Event::Rejected { source: &source.id, rows: rows.rejected, first: (place, reason), kept_in: &kept_in };
        tell(event);
    }
    Ok(ledger(rows))
}

fn ending(outcome: &Outcome) -> SourceOutcome {
    match outcome {
        Outcome::Failed(failure) => {
            let (mut en, mut fr) = (failure.message.en.clone(), failure.message.fr.clone());
            if let Some(hint) = &failure.hint {
                en = format!("{en}; {}", hint.en);
                fr = format!("{fr} ; {}", hint.fr);
            }
            SourceOutcome::Failed {
                reason: Bilingual::new(format!("[{}] {en}", failure.code), format!("[{}] {fr}", failure.code)),
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
    known: &'a mut KnownRows,
    tell: &'a mut dyn FnMut(Event<'_>),
    quarantine: Quarantine,
    /// Last committed cursor.
    cursor: Cursor,
    /// Rows counted so far, covered by a checkpoint or not.
    counted: RowCount,
    /// Rows not committed yet.
    frames: Vec<DataFrame>,
    /// How many of the frames the last checkpoint covers, with its state and counts.
    covered: Option<(usize, Value, RowCount)>,
    broken: Option<Error>,
    /// Place and reason of the first row rejected in this run.
    first_reject: Option<(String, String)>,
}

impl Intake<'_> {
    /// Commits what the last checkpoint covers.
    fn commit(&mut self) -> Result<(), Error> {
        let Some((frames, state, rows)) = self.covered.take() else { return Ok(()) };
        let cursor = Cursor { sequence: self.cursor.sequence + 1, state, rows };
        if cursor.state == self.cursor.state && cursor.rows == self.cursor.rows {
            return Ok(());
        }
        // Rejected rows the commit counts must be on disk before it.
        self.quarantine.flush().map_err(|source| Error::Io { path: self.quarantine.path().to_owned(), source })?;
        let mut frame = concatenated(self.frames.drain(..frames))?;
        self.archive.append(self.context.source, self.context.batch, &mut frame, &cursor)?;
        self.cursor = cursor;
        Ok(())
    }

    /// A source without checkpoints is all or nothing: its end is its only one.
    fn finish(&mut self, outcome: &Outcome) {
        let complete = matches!(outcome, Outcome::Complete(_));
        if complete && outcome.summary().checkpoints == 0 {
            self.covered = Some((self.frames.len(), Value::Null, self.counted.clone()));
        }
        if self.broken.is_none() {
            self.broken = self.commit().err();
        }
    }

    fn stop(&mut self, error: Error) -> SinkError {
        let words = error.to_string();
        self.broken = Some(error);
        SinkError(words.into())
    }
}

fn concatenated(frames: impl Iterator<Item = DataFrame>) -> Result<DataFrame, Error> {
    let mut whole = DataFrame::empty_with_schema(&vigie_store::schema());
    for frame in frames {
        whole.vstack_mut_owned(frame).map_err(Error::Rows)?;
    }
    Ok(whole)
}

impl Sink for Intake<'_> {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        let rows = match archive_rows(&batch, &self.context, self.known) {
            Ok(rows) => rows,
            Err(error) => return Err(self.stop(Error::Rows(error))),
        };
        self.counted.add_mapped(batch.rows as u64, rows.duplicates);
        if rows.frame.height() > 0 {
            self.frames.push(rows.frame);
        }
        let read = self.counted.read - self.cursor.rows.read;
        (self.tell)(Event::Rows { source: self.context.source, read });
        Ok(())
    }

    fn checkpoint(&mut self, state: Value) -> Result<(), SinkError> {
        self.covered = Some((self.frames.len(), state, self.counted.clone()));
        let waiting: usize = self.frames.iter().map(DataFrame::height).sum();
        if waiting >= COMMIT_ROWS {
            return self.commit().map_err(|e| self.stop(e));
        }
        Ok(())
    }

    fn reject(&mut self, reject: Reject) {
        self.counted.add_rejected(&reject.reason);
        self.first_reject.get_or_insert_with(|| {
            let place = reject.place.clone().unwrap_or_default();
            (place, reject.reason.clone())
        });
        if let Err(source) = self.quarantine.keep(&reject) {
            let path = self.quarantine.path().to_owned();
            self.broken.get_or_insert(Error::Io { path, source });
        }
    }

    fn log(&mut self, level: Level, text: &str) {
        (self.tell)(Event::Said { source: self.context.source, level, text });
    }

    fn progress(&mut self, _done: u64, _total: u64, _unit: &str) {}
}
