//! Where a source puts what it reads: rows, rejects and checkpoints, in the order they happen.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use serde::Serialize;
use serde_json::Value;

use crate::columns::{BATCH_ROWS, Finished, MentionColumns};
use crate::error::{Code, Error, Result};
use crate::mention::Mention;
use crate::record::{Coverage, Event, MetricPoint};
use crate::request::Reject;

/// Bytes after which a batch leaves.
const BATCH_BYTES: usize = 4 << 20;
/// Rejects after which a batch leaves, so that a file of nothing but rejects does not pile up.
const BATCH_REJECTS: usize = 1_000;
/// Bytes of JSON rows after which a batch leaves; one call takes twice as much.
const SIDE_BYTES: usize = 4 << 20;
/// Longest `raw` of a reject, in characters.
const RAW_CHARS: usize = 1_024;

/// Rows of one table as a JSON array.
pub(crate) struct SideRows {
    pub(crate) table: String,
    pub(crate) json: String,
}

/// Rows, with the rejects and the checkpoint that belong to them.
pub(crate) struct Batch {
    pub(crate) rows: usize,
    pub(crate) columns: Vec<Finished>,
    pub(crate) side: Vec<SideRows>,
    pub(crate) rejects: Vec<String>,
    pub(crate) checkpoint: Option<String>,
}

/// What travels from the thread that reads to the host that asks.
pub(crate) enum Message {
    Batch(Batch),
    End(Result<()>),
}

/// Where a source puts what it reads. `S` is its state.
///
/// A batch leaves when it is full or at a checkpoint. Every method fails once the host has stopped asking; `?` then
/// ends the reading, which is not an error.
pub struct Output<S> {
    sender: SyncSender<Message>,
    stop: Arc<AtomicBool>,
    columns: MentionColumns,
    side: Vec<SideRows>,
    rejects: Vec<String>,
    since_checkpoint: u64,
    table: String,
    total: u64,
    max_rows: u64,
    state: PhantomData<fn(S)>,
}

impl<S: Serialize> Output<S> {
    pub(crate) fn new(sender: SyncSender<Message>, stop: Arc<AtomicBool>, table: &str, max_rows: u64) -> Self {
        Self {
            sender,
            stop,
            columns: MentionColumns::default(),
            side: Vec::new(),
            rejects: Vec::new(),
            since_checkpoint: 0,
            table: table.to_owned(),
            total: 0,
            max_rows,
            state: PhantomData,
        }
    }

    /// Gives one mention.
    ///
    /// # Errors
    /// When the host has stopped, or has all the rows it asked for.
    pub fn mention(&mut self, mention: &Mention<'_>) -> Result<()> {
        self.count("mentions/1")?;
        self.columns.push(mention);
        if self.columns.rows() >= BATCH_ROWS
            || (self.columns.rows().is_multiple_of(64) && self.columns.weight() >= BATCH_BYTES)
        {
            self.flush(None)?;
        }
        Ok(())
    }

    /// Says what was asked of the service and what could be heard.
    ///
    /// # Errors
    /// As [`Output::mention`].
    pub fn coverage(&mut self, coverage: &Coverage<'_>) -> Result<()> {
        self.row("coverage/1", coverage)
    }

    /// Gives one figure counted by somebody else.
    ///
    /// # Errors
    /// As [`Output::mention`].
    pub fn metric_point(&mut self, point: &MetricPoint<'_>) -> Result<()> {
        self.row("metric_points/1", point)
    }

    /// Gives one event of a watched place.
    ///
    /// # Errors
    /// As [`Output::mention`].
    pub fn event(&mut self, event: &Event<'_>) -> Result<()> {
        self.row("events/1", event)
    }

    /// Gives a row of any table as it is written in JSON, columns of your own (`x_…`) included. Times are RFC 3339.
    ///
    /// # Errors
    /// As [`Output::mention`], or when the row cannot be written as JSON.
    pub fn row<T: Serialize>(&mut self, table: &str, row: &T) -> Result<()> {
        self.count(table)?;
        let row = serde_json::to_string(row)?;
        let index = self.side.iter().position(|s| s.table == table).unwrap_or_else(|| {
            self.side.push(SideRows { table: table.to_owned(), json: String::new() });
            self.side.len() - 1
        });
        let json = &mut self.side[index].json;
        json.push(if json.is_empty() { '[' } else { ',' });
        json.push_str(&row);
        if json.len() >= SIDE_BYTES { self.flush(None) } else { Ok(()) }
    }

    /// Counts one more row of `table`; only those of the table that was asked for meet the limit.
    fn count(&mut self, table: &str) -> Result<()> {
        if table == self.table {
            if self.max_rows > 0 && self.total >= self.max_rows {
                self.flush(None)?;
                return Err(Error::enough());
            }
            self.total += 1;
        }
        self.since_checkpoint += 1;
        Ok(())
    }

    /// Says that one input item could not become a row.
    ///
    /// # Errors
    /// When the host has stopped.
    pub fn reject(&mut self, mut reject: Reject) -> Result<()> {
        if let Some((end, _)) = reject.raw.char_indices().nth(RAW_CHARS) {
            reject.raw.truncate(end);
        }
        self.rejects.push(serde_json::to_string(&reject)?);
        self.since_checkpoint += 1;
        if self.rejects.len() >= BATCH_REJECTS { self.flush(None) } else { Ok(()) }
    }

    /// States that `state` covers everything given so far, and nothing else.
    ///
    /// # Errors
    /// When the host has stopped, or the state cannot be written as a JSON object.
    pub fn checkpoint(&mut self, state: &S) -> Result<()> {
        let value = serde_json::to_value(state)?;
        if !matches!(value, Value::Object(_)) {
            return Err(Error::new(Code::Internal, "a state must be a JSON object"));
        }
        self.since_checkpoint = 0;
        self.flush(Some(value.to_string()))
    }

    /// Rows and rejects given since the last checkpoint. Above 10,000 it is time for one.
    pub fn since_checkpoint(&self) -> u64 {
        self.since_checkpoint
    }

    pub(crate) fn flush(&mut self, checkpoint: Option<String>) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::new(Code::Cancelled, "the host stopped the reading"));
        }
        if self.columns.rows() == 0 && self.rejects.is_empty() && self.side.is_empty() && checkpoint.is_none() {
            return Ok(());
        }
        let columns = std::mem::take(&mut self.columns);
        self.side.iter_mut().for_each(|side| side.json.push(']'));
        let batch = Batch {
            rows: columns.rows(),
            columns: columns.finish(),
            side: std::mem::take(&mut self.side),
            rejects: std::mem::take(&mut self.rejects),
            checkpoint,
        };
        self.sender.send(Message::Batch(batch)).map_err(|_| Error::new(Code::Cancelled, "the host stopped the reading"))
    }
}
