//! Time and chance as the broker sees them, so that a test of ten waits takes no time and always waits the same.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use vigie_plugin_host::Errand;

/// Longest nap between two looks at the errand.
const NAP: Duration = Duration::from_millis(50);

/// What the time is, and how to let it pass.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// Lets `time` pass. False when the errand was stopped meanwhile.
    fn wait(&self, time: Duration, errand: Errand<'_>) -> bool;

    /// A number between 0 and 1, for waits that must not fall together.
    fn chance(&self) -> f64;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn wait(&self, time: Duration, errand: Errand<'_>) -> bool {
        let end = std::time::Instant::now() + time;
        loop {
            if errand.stopped() {
                return false;
            }
            let left = end.saturating_duration_since(std::time::Instant::now());
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(left.min(NAP));
        }
    }

    fn chance(&self) -> f64 {
        // Without a source of chance, waits are as long as they may be.
        getrandom::u64().map_or(1.0, |n| n as f64 / u64::MAX as f64)
    }
}

/// A clock that moves only by waiting, and remembers every wait. Chance is always 1: waits are as long as they may be.
#[derive(Debug)]
pub struct VirtualClock {
    state: Mutex<(Timestamp, Vec<Duration>)>,
}

impl VirtualClock {
    /// A clock that shows `start`.
    pub fn at(start: Timestamp) -> Self {
        Self { state: Mutex::new((start, Vec::new())) }
    }

    /// Every wait so far, in order.
    pub fn waits(&self) -> Vec<Duration> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn wait(&self, time: Duration, errand: Errand<'_>) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = state.0.saturating_add(time).unwrap_or(state.0);
        state.1.push(time);
        !errand.stopped()
    }

    fn chance(&self) -> f64 {
        1.0
    }
}
