//! What a source brings, on its way from the thread that reads it to the one that keeps it.
//!
//! Several sources are read at once, and each fills a queue of its own; they are emptied in the order of the project.
//! So nothing in the archive depends on which source was faster, and one that is ahead waits, with few rows in memory.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use vigie_plugin_host::{Batch, Failure, Level, Outcome, Reject, Resumable, Sink, SinkError, frame};

/// Bytes of rows a source may be ahead, one batch more at most.
const MAX_BYTES: usize = 32 << 20;
/// Weight of what is no batch.
const SMALL: usize = 1 << 10;

/// One thing a source said or brought.
pub(crate) enum News {
    Batch(Batch),
    Checkpoint(Value),
    Reject(Reject),
    Log(Level, String),
    /// Everything since the last checkpoint is void: it starts again after the wait.
    Rewind(Box<Failure>, Duration),
    /// The last one.
    End(Box<Outcome>),
}

impl News {
    fn weight(&self) -> usize {
        match self {
            Self::Batch(batch) => frame::weight(batch, 0, batch.rows),
            Self::Reject(reject) => SMALL + reject.raw.len(),
            _ => SMALL,
        }
    }
}

/// The queue of one source.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    news: VecDeque<News>,
    bytes: usize,
    /// Nobody puts in any more.
    ended: bool,
    /// Nobody takes out any more.
    closed: bool,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts something in, once there is room.
    fn push(&self, news: News) -> Result<(), SinkError> {
        let full = |state: &mut State| !state.closed && state.bytes >= MAX_BYTES;
        let mut state = self.changed.wait_while(self.state(), full).unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Err(SinkError("another source could not be kept".into()));
        }
        state.bytes += news.weight();
        state.news.push_back(news);
        self.changed.notify_all();
        Ok(())
    }

    /// The next thing, once there is one; nothing when the reader is gone.
    pub(crate) fn pop(&self) -> Option<News> {
        let waiting = |state: &mut State| state.news.is_empty() && !state.ended;
        let mut state = self.changed.wait_while(self.state(), waiting).unwrap_or_else(PoisonError::into_inner);
        let news = state.news.pop_front()?;
        state.bytes -= news.weight();
        self.changed.notify_all();
        Some(news)
    }

    /// Nothing more will be taken: whoever puts in is told to stop.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.news.clear();
        self.changed.notify_all();
    }
}

/// The end of a queue that a source fills. Dropped without [`Outlet::end`], it still ends the queue.
pub(crate) struct Outlet<'a>(&'a Queue);

impl<'a> Outlet<'a> {
    pub(crate) fn new(queue: &'a Queue) -> Self {
        Self(queue)
    }

    /// Says how it ended.
    pub(crate) fn end(self, outcome: Outcome) {
        // When nobody takes any more, nobody wants to know.
        let _ = self.0.push(News::End(Box::new(outcome)));
    }

    /// For what cannot be refused; a stop is told at the next batch.
    fn tell(&self, news: News) {
        let _ = self.0.push(news);
    }
}

impl Drop for Outlet<'_> {
    fn drop(&mut self) {
        self.0.state().ended = true;
        self.0.changed.notify_all();
    }
}

impl Sink for Outlet<'_> {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        self.0.push(News::Batch(batch))
    }

    fn checkpoint(&mut self, state: Value) -> Result<(), SinkError> {
        self.0.push(News::Checkpoint(state))
    }

    fn reject(&mut self, reject: Reject) {
        self.tell(News::Reject(reject));
    }

    fn log(&mut self, level: Level, text: &str) {
        self.tell(News::Log(level, text.to_owned()));
    }

    fn progress(&mut self, _done: u64, _total: u64, _unit: &str) {}
}

impl Resumable for Outlet<'_> {
    fn rewind(&mut self, failure: &Failure, wait: Duration) -> Result<(), SinkError> {
        self.0.push(News::Rewind(Box::new(failure.clone()), wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_is_ahead_waits_until_something_is_taken() {
        let queue = Queue::default();
        let raw = "x".repeat(MAX_BYTES / 4);
        std::thread::scope(|scope| {
            let filler = scope.spawn(|| {
                let mut outlet = Outlet::new(&queue);
                for _ in 0..12 {
                    outlet.reject(Reject { raw: raw.clone(), ..Reject::default() });
                }
            });
            let mut taken = 0;
            while queue.pop().is_some() {
                taken += 1;
                assert!(queue.state().bytes < 2 * MAX_BYTES);
            }
            assert!(filler.join().is_ok());
            assert_eq!(taken, 12, "all arrive, and the end is seen");
        });
    }

    #[test]
    fn a_closed_queue_stops_who_fills_it() {
        let queue = Queue::default();
        queue.close();
        let mut outlet = Outlet::new(&queue);
        assert!(outlet.checkpoint(Value::Null).is_err());
    }
}
