//! Quotas of days: what was used is kept in the user's state folder, because a service counts for its owner of the
//! key, whatever project or process asks.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use vigie_plugin_host::rate::Reset;

use crate::secret::private_folder;

/// Days after which a count is forgotten.
const KEPT_DAYS: i32 = 400;

/// Counts by bucket and day.
#[derive(Debug)]
pub(crate) struct Quotas {
    /// The user's state folder; without one, counts live as long as this process.
    folder: Option<PathBuf>,
    memory: Mutex<Counts>,
}

/// The file `quotas.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    quotas: u32,
    used: BTreeMap<String, BTreeMap<Date, u64>>,
}

/// A quota of a manifest, for whom it counts.
pub(crate) struct Quota<'a> {
    pub(crate) key: &'a str,
    pub(crate) units: u32,
    pub(crate) days: u32,
    pub(crate) reset: &'a Reset,
}

/// Why nothing could be drawn.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Used up; when something is free again.
    UsedUp { used: u64, next: Timestamp },
    /// The counts cannot be read or written.
    Io(PathBuf, std::io::Error),
}

impl Quotas {
    pub(crate) fn new(folder: Option<&Path>) -> Self {
        Self { folder: folder.map(Path::to_owned), memory: Mutex::new(Counts::default()) }
    }

    /// Draws `cost` units, or nothing.
    pub(crate) fn draw(&self, quota: &Quota<'_>, cost: u32, now: Timestamp) -> Result<(), Refused> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(folder) = &self.folder else { return draw(&mut memory, quota, cost, now) };
        let file = folder.join("quotas.json");
        let io = |error| Refused::Io(file.clone(), error);
        // Held until the new counts are in place: two processes never count the same units.
        let _lock = lock(folder).map_err(io)?;
        let mut counts = read(&file).map_err(io)?;
        draw(&mut counts, quota, cost, now)?;
        write(&file, &counts).map_err(io)
    }
}

fn draw(counts: &mut Counts, quota: &Quota<'_>, cost: u32, now: Timestamp) -> Result<(), Refused> {
    let today = quota.reset.day(now);
    let days = counts.used.entry(quota.key.to_owned()).or_default();
    days.retain(|day, _| *day > today.saturating_sub(KEPT_DAYS.days()));
    let first = today.saturating_sub((quota.days as i32 - 1).days());
    let used: u64 = days.range(first..=today).map(|(_, n)| n).sum();
    if used + u64::from(cost) > u64::from(quota.units) {
        return Err(Refused::UsedUp { used, next: quota.reset.next(now) });
    }
    *days.entry(today).or_default() += u64::from(cost);
    Ok(())
}

fn lock(folder: &Path) -> std::io::Result<File> {
    private_folder(folder)?;
    let file = File::options().create(true).truncate(false).write(true).open(folder.join("quotas.lock"))?;
    file.lock()?;
    Ok(file)
}

fn read(path: &Path) -> std::io::Result<Counts> {
    let mut text = String::new();
    match File::open(path) {
        Ok(mut file) => file.read_to_string(&mut text)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Counts { quotas: 1, ..Counts::default() });
        }
        Err(error) => return Err(error),
    };
    // Counts that cannot be read are not started anew: the service would still have counted.
    serde_json::from_str(&text).map_err(|e| std::io::Error::new(std::io::ErrorKind::InvalidData, e))
}

fn write(path: &Path, counts: &Counts) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&serde_json::to_vec_pretty(counts)?)?;
    file.as_file().sync_data()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use vigie_plugin_host::manifest::Rate;
    use vigie_plugin_host::rate::{Line, buckets};

    use super::*;

    fn reset() -> Reset {
        let rate = Rate {
            bucket: "q".into(),
            per: "1d".into(),
            requests: None,
            units: Some(1),
            burst: None,
            reset: Some("00:00 America/Los_Angeles".into()),
            shared_by: None,
        };
        match buckets(&[rate]).unwrap().remove(0).lines.remove(0) {
            Line::Quota { reset, .. } => reset,
            Line::Pace { .. } => panic!("a quota"),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_has_its_units_and_the_next_has_them_again() {
        let reset = reset();
        let quotas = Quotas::new(None);
        let quota = Quota { key: "youtube/quota/ab", units: 250, days: 1, reset: &reset };
        assert!(quotas.draw(&quota, 100, at("2026-07-01T20:00:00Z")).is_ok());
        assert!(quotas.draw(&quota, 100, at("2026-07-02T06:59:00Z")).is_ok());
        let refused = quotas.draw(&quota, 100, at("2026-07-02T06:59:00Z")).unwrap_err();
        assert!(matches!(refused, Refused::UsedUp { used: 200, next } if next == at("2026-07-02T07:00:00Z")));
        // What is left is not lost by asking for more.
        assert!(quotas.draw(&quota, 50, at("2026-07-02T06:59:00Z")).is_ok());
        assert!(quotas.draw(&quota, 250, at("2026-07-02T07:00:00Z")).is_ok());
        let other = Quota { key: "youtube/quota/cd", ..quota };
        assert!(quotas.draw(&other, 250, at("2026-07-02T07:00:00Z")).is_ok());
    }

    #[test]
    fn a_week_is_the_last_seven_days() {
        let reset = reset();
        let quotas = Quotas::new(None);
        let quota = Quota { key: "instagram/tags", units: 30, days: 7, reset: &reset };
        assert!(quotas.draw(&quota, 30, at("2026-07-01T20:00:00Z")).is_ok());
        assert!(quotas.draw(&quota, 1, at("2026-07-07T20:00:00Z")).is_err());
        assert!(quotas.draw(&quota, 1, at("2026-07-08T20:00:00Z")).is_ok());
    }

    #[test]
    fn many_at_once_draw_no_more_than_there_is() {
        let reset = reset();
        let folder = tempfile::tempdir().unwrap();
        let drawn = std::sync::atomic::AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    // As a process of its own: another view of the same folder.
                    let quotas = Quotas::new(Some(folder.path()));
                    let quota = Quota { key: "k", units: 50, days: 1, reset: &reset };
                    for _ in 0..10 {
                        if quotas.draw(&quota, 1, at("2026-07-01T20:00:00Z")).is_ok() {
                            drawn.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        assert_eq!(drawn.into_inner(), 50);
    }

    #[test]
    fn broken_counts_are_told_not_forgotten() {
        let reset = reset();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("quotas.json"), "{\"quo").unwrap();
        let quota = Quota { key: "k", units: 50, days: 1, reset: &reset };
        let refused = Quotas::new(Some(folder.path())).draw(&quota, 1, at("2026-07-01T20:00:00Z")).unwrap_err();
        assert!(matches!(refused, Refused::Io(path, _) if path.ends_with("quotas.json")));
        assert_eq!(std::fs::read_to_string(folder.path().join("quotas.json")).unwrap(), "{\"quo");
    }
}
