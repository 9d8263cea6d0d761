//! A failed reading goes on from its last checkpoint: how often, after which wait, and when it is given up.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::Value;
use vigie_plugin::Request;

use crate::batch::Batch;
use crate::limits::Limits;
use crate::outcome::{Failure, Outcome, Summary};
use crate::plugin::Plugin;
use crate::run::Runner;
use crate::sink::{Level, Reject, Sink, SinkError};

/// Longest sleep before a cancellation is looked for.
const TICK: Duration = Duration::from_millis(50);

/// Waits before the second, third, … try of one reading. A crash is tried again at once: waiting mends no bug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retries {
    /// One wait for each further try.
    pub waits: Vec<Duration>,
}

impl Default for Retries {
    /// Three further tries: after 1, 5 and 15 minutes.
    fn default() -> Self {
        Self { waits: [1, 5, 15].map(Duration::from_mins).to_vec() }
    }
}

/// A sink that can go back to its last checkpoint.
pub trait Resumable: Sink {
    /// Drops everything after the last checkpoint: because of `failure` a fresh child starts from there after `wait`.
    ///
    /// # Errors
    /// As [`Sink::batch`].
    fn rewind(&mut self, failure: &Failure, wait: Duration) -> Result<(), SinkError>;
}

impl Runner {
    /// Reads as [`Runner::read`] does, and again after a first crash or a failure that may pass, from the last
    /// checkpoint, within `limits.total` of the plugin's own time.
    pub fn read_on(
        &self,
        plugin: &Plugin,
        config: &Value,
        request: &Request<Value>,
        limits: &Limits,
        retries: &Retries,
        sink: &mut dyn Resumable,
    ) -> Outcome {
        let mut watch = Watch { sink, state: request.state.clone(), busy: Duration::ZERO };
        let mut history = History { retries, started: Instant::now(), tries: 0, crashed_at: None };
        let mut total = Summary::default();
        loop {
            let request = Request { state: watch.state.clone(), ..request.clone() };
            let left = limits.total.saturating_sub(history.spent(watch.busy));
            let limits_now = Limits { total: left, ..limits.clone() };
            let outcome = self.read(plugin, config, &request, &limits_now, &mut watch);
            total.add(outcome.summary());
            let failure = match outcome {
                Outcome::Complete(_) => return Outcome::Complete(total),
                Outcome::Failed(failure) => Failure { checkpoint: watch.state.clone(), ..*failure },
            };
            let cancelled = || self.cancel().is_some_and(|flag| flag.load(Ordering::Relaxed));
            let wait = if cancelled() { Err(failure) } else { history.decide(failure, limits, watch.busy) };
            let again = wait.and_then(|(failure, wait)| match watch.sink.rewind(&failure, wait) {
                Ok(()) if slept(wait, &cancelled) => Ok(()),
                Ok(()) => Err(failure),
                Err(error) => Err(crate::run::sink_failure(&error)),
            });
            if let Err(failure) = again {
                return Outcome::Failed(Box::new(Failure { summary: total, ..failure }));
            }
        }
    }
}

/// Waits, and tells whether nothing cut the wait short.
fn slept(wait: Duration, cancelled: &dyn Fn() -> bool) -> bool {
    let end = Instant::now() + wait;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if cancelled() {
            return false;
        }
        if left.is_zero() {
            return true;
        }
        std::thread::sleep(left.min(TICK));
    }
}

struct History<'a> {
    retries: &'a Retries,
    started: Instant,
    tries: usize,
    /// Checkpoint of the last crash; null stands for none at all.
    crashed_at: Option<Value>,
}

impl History<'_> {
    /// Time that counts: not the archive's.
    fn spent(&self, busy: Duration) -> Duration {
        self.started.elapsed().saturating_sub(busy)
    }

    /// The wait before the next try, or the failure as it is told in the end.
    fn decide(&mut self, failure: Failure, limits: &Limits, busy: Duration) -> Result<(Failure, Duration), Failure> {
        let crash = failure.is_crash();
        if crash {
            let here = failure.checkpoint.clone().unwrap_or_default();
            if self.crashed_at.replace(here.clone()) == Some(here) {
                return Err(twice(failure));
            }
        }
        let passing = failure.retryable && !matches!(failure.code, "P309" | "P413" | "P415");
        let Some(wait) = self.retries.waits.get(self.tries).filter(|_| crash || passing) else { return Err(failure) };
        let asked = Duration::from_millis(failure.retry_after_ms.unwrap_or(0));
        let wait = if crash { Duration::ZERO } else { (*wait).max(asked) };
        if self.spent(busy) + wait >= limits.total {
            return Err(failure);
        }
        self.tries += 1;
        Ok((failure, wait))
    }
}

fn twice(mut failure: Failure) -> Failure {
    failure.message.en += ", twice at the same checkpoint";
    failure.message.fr += ", deux fois au même point de reprise";
    failure
}

/// Passes everything on; remembers the last checkpoint and the time the sink takes.
struct Watch<'a> {
    sink: &'a mut dyn Resumable,
    state: Option<Value>,
    busy: Duration,
}

impl Watch<'_> {
    fn timed<T>(&mut self, pass: impl FnOnce(&mut dyn Resumable) -> T) -> T {
        let before = Instant::now();
        let result = pass(self.sink);
        self.busy += before.elapsed();
        result
    }
}

impl Sink for Watch<'_> {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        self.timed(|sink| sink.batch(batch))
    }

    fn checkpoint(&mut self, state: Value) -> Result<(), SinkError> {
        self.state = Some(state.clone());
        self.timed(|sink| sink.checkpoint(state))
    }

    fn reject(&mut self, reject: Reject) {
        self.timed(|sink| sink.reject(reject));
    }

    fn log(&mut self, level: Level, text: &str) {
        self.timed(|sink| sink.log(level, text));
    }

    fn progress(&mut self, done: u64, total: u64, unit: &str) {
        self.timed(|sink| sink.progress(done, total, unit));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use vigie_model::diagnostic::Bilingual;

    use super::*;

    fn failure(code: &'static str, state: Option<Value>) -> Failure {
        let words = Bilingual::new("it failed", "échec");
        Failure { checkpoint: state, retryable: true, ..Failure::new(code, words) }
    }

    fn history(retries: &Retries) -> History<'_> {
        History { retries, started: Instant::now(), tries: 0, crashed_at: None }
    }

    fn wait(history: &mut History<'_>, failure: Failure) -> Result<u64, String> {
        let decided = history.decide(failure, &Limits::default(), Duration::ZERO);
        decided.map(|(_, wait)| wait.as_secs()).map_err(|f| f.message.en)
    }

    #[test]
    fn failures_that_pass_are_waited_for_inside_the_total() {
        let retries = Retries::default();
        let mut history = history(&retries);
        assert_eq!(wait(&mut history, failure("P305", None)), Ok(60));
        assert_eq!(wait(&mut history, failure("P305", None)), Ok(300));
        assert_eq!(wait(&mut history, failure("P304", None)), Ok(900));
        assert_eq!(wait(&mut history, failure("P305", None)), Err("it failed".into()), "no fourth retry");
    }

    #[test]
    fn the_service_may_ask_for_a_longer_wait_but_not_beyond_the_total() {
        let retries = Retries::default();
        let asked = |ms| Failure { retry_after_ms: Some(ms), ..failure("P304", None) };
        assert_eq!(wait(&mut history(&retries), asked(90_000)), Ok(90));
        assert_eq!(wait(&mut history(&retries), asked(1_000)), Ok(60));
        assert!(wait(&mut history(&retries), asked(3_600_000)).is_err());
    }

    #[test]
    fn two_crashes_at_one_checkpoint_are_the_end() {
        let retries = Retries::default();
        let mut history = history(&retries);
        let at = |n: u64| Some(json!({ "rows": n }));
        assert_eq!(wait(&mut history, failure("P410", at(10))), Ok(0));
        assert_eq!(wait(&mut history, failure("P411", at(20))), Ok(0), "it went on in between");
        let told = wait(&mut history, failure("P410", at(20)));
        assert_eq!(told, Err("it failed, twice at the same checkpoint".into()));
    }

    #[test]
    fn what_does_not_pass_is_not_tried_again() {
        let retries = Retries::default();
        for code in ["P309", "P413", "P415"] {
            assert!(wait(&mut history(&retries), failure(code, None)).is_err(), "{code}");
        }
        let lasting = Failure { retryable: false, ..failure("P302", None) };
        assert!(wait(&mut history(&retries), lasting).is_err());
        assert!(wait(&mut history(&Retries { waits: Vec::new() }), failure("P410", None)).is_err(), "cron chose none");
    }
}
