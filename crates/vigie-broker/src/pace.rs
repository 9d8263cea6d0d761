//! How fast: the buckets of seconds and hours, and how many requests a host has at once.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use vigie_plugin_host::Errand;

/// Longest nap between two looks at the errand.
const NAP: Duration = Duration::from_millis(50);

/// Buckets that forget, by key. The generic cell rate algorithm: one moment per bucket is all it needs.
#[derive(Debug, Default)]
pub(crate) struct Paces {
    /// When everything drawn so far will have been earned.
    earned: Mutex<BTreeMap<String, Timestamp>>,
}

impl Paces {
    /// Draws `cost` units and tells how long to wait before using them.
    pub(crate) fn draw(
        &self,
        key: &str,
        (units, per, burst): (u32, Duration, u32),
        cost: u32,
        now: Timestamp,
    ) -> Duration {
        let each = per / units.max(1);
        let mut earned = self.earned.lock().unwrap_or_else(PoisonError::into_inner);
        let at = earned.get(key).copied().unwrap_or(now).max(now);
        let at = at.saturating_add(each.saturating_mul(cost)).unwrap_or(at);
        earned.insert(key.to_owned(), at);
        let ready = at.saturating_sub(each.saturating_mul(burst)).unwrap_or(now);
        Duration::try_from(ready.duration_since(now)).unwrap_or_default()
    }
}

/// How many requests are under way at each host.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    under_way: Mutex<BTreeMap<String, u32>>,
    freed: Condvar,
}

/// A place at a host, given back when dropped.
pub(crate) struct Passage<'a> {
    gates: &'a Gates,
    host: String,
}

impl Gates {
    /// Waits until fewer than `at_once` requests are under way at `host`. `None` when the errand was stopped.
    pub(crate) fn pass(&self, host: &str, at_once: u32, errand: Errand<'_>) -> Option<Passage<'_>> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if errand.stopped() {
                return None;
            }
            let count = under_way.entry(host.to_owned()).or_default();
            if *count < at_once.max(1) {
                *count += 1;
                return Some(Passage { gates: self, host: host.to_owned() });
            }
            under_way = self.freed.wait_timeout(under_way, NAP).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Passage<'_> {
    fn drop(&mut self) {
        let mut under_way = self.gates.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = under_way.get_mut(&self.host) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(&self.host);
            }
        }
        self.gates.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::sync::atomic::AtomicBool;

    use super::*;

    fn waits(line: (u32, Duration, u32), costs: &[u32]) -> Vec<u64> {
        let paces = Paces::default();
        costs.iter().map(|c| paces.draw("b", line, *c, Timestamp::UNIX_EPOCH).as_millis() as u64).collect()
    }

    #[test]
    fn units_come_evenly_after_a_burst() {
        let second = Duration::from_secs(1);
        assert_eq!(waits((1, second, 1), &[1, 1, 1]), [0, 1_000, 2_000]);
        assert_eq!(waits((10, second, 3), &[1, 1, 1, 1, 1]), [0, 0, 0, 100, 200]);
        assert_eq!(waits((300, Duration::from_mins(5), 1), &[1, 1]), [0, 1_000]);
        assert_eq!(waits((100, second, 1), &[100, 1]), [990, 1_000]);
    }

    #[test]
    fn what_is_not_used_is_not_kept_beyond_the_burst() {
        let paces = Paces::default();
        let line = (1, Duration::from_secs(1), 2);
        let at = |s| Timestamp::from_second(s).unwrap();
        let wait = |now| paces.draw("b", line, 1, at(now)).as_secs();
        assert_eq!([wait(0), wait(100), wait(100), wait(100)], [0, 0, 0, 1]);
    }

    proptest::proptest! {
        /// Whatever is drawn when, no period holds more than its units and the burst.
        #[test]
        fn no_period_holds_too_much(gaps in proptest::collection::vec(0_u64..3_000, 1..60), units in 1_u32..20, burst in 1_u32..5) {
            let per = Duration::from_secs(10);
            let burst = burst.min(units);
            let paces = Paces::default();
            let mut now = 0_i64;
            let mut used = Vec::new();
            for gap in gaps {
                now += gap as i64;
                let wait = paces.draw("b", (units, per, burst), 1, Timestamp::from_millisecond(now).unwrap());
                now += wait.as_millis() as i64 + i64::from(wait.subsec_nanos() % 1_000_000 > 0);
                used.push(now);
            }
            for (index, start) in used.iter().enumerate() {
                let inside = used[index..].iter().filter(|t| **t < start + 10_000).count();
                proptest::prop_assert!(inside <= (units + burst) as usize, "{inside} in one period");
            }
        }
    }

    #[test]
    fn a_host_has_one_request_at_a_time() {
        let gates = Gates::default();
        let most = Mutex::new((0, 0));
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    let passage = gates.pass("a.example", 1, Errand::new(&stop, &|_, _| {})).unwrap();
                    {
                        let mut seen = most.lock().unwrap();
                        seen.0 += 1;
                        seen.1 = seen.1.max(seen.0);
                    }
                    std::thread::yield_now();
                    most.lock().unwrap().0 -= 1;
                    drop(passage);
                });
            }
        });
        assert_eq!(*most.lock().unwrap(), (0, 1));
        let held = gates.pass("a.example", 1, Errand::new(&stop, &|_, _| {}));
        assert!(gates.pass("b.example", 1, Errand::new(&stop, &|_, _| {})).is_some());
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(held.is_some() && gates.pass("a.example", 1, Errand::new(&stop, &|_, _| {})).is_none());
    }
}
