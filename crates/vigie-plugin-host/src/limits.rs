//! How much a plugin may take: memory, time, rows.

use std::time::Duration;

use crate::exchange::MAX_BODY;
use crate::manifest::Manifest;

/// Longest body a manifest may ask for, MiB.
const MAX_BODY_MIB: u64 = (MAX_BODY >> 20) as u64;

/// Limits of one child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Address space, MiB.
    pub memory_mib: u64,
    /// CPU time, seconds.
    pub cpu_seconds: u64,
    /// Longest `spec`.
    pub spec: Duration,
    /// Longest start: loading, `init` and `open` together.
    pub start: Duration,
    /// Longest `check`.
    pub check: Duration,
    /// Longest silence while plugin code runs.
    pub idle: Duration,
    /// Longest run.
    pub total: Duration,
    /// Time after a cancellation before the child is killed.
    pub grace: Duration,
    /// Longest body of an HTTP answer, bytes.
    pub http_body: usize,
    /// Most HTTP requests of one run, repeated tries and redirections included: the budget of the source.
    pub http_requests: u64,
    /// Most rows of one run.
    pub max_rows: u64,
    /// Most lines of log kept: the first half and the last half.
    pub log_lines: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_mib: 512,
            cpu_seconds: 600,
            spec: Duration::from_secs(5),
            start: Duration::from_secs(30),
            check: Duration::from_mins(1),
            idle: Duration::from_mins(2),
            total: Duration::from_mins(30),
            grace: Duration::from_secs(5),
            http_body: 32 << 20,
            http_requests: 2_000,
            max_rows: 10_000_000,
            log_lines: 10_000,
        }
    }
}

impl Limits {
    /// The defaults, changed where the manifest asks for it, within what is allowed at all.
    pub fn of(manifest: &Manifest) -> Self {
        let wanted = manifest.limits;
        let default = Self::default();
        Self {
            memory_mib: wanted.memory_mib.map_or(default.memory_mib, |m| m.clamp(512, 4_096)),
            idle: wanted.idle_seconds.map_or(default.idle, |s| Duration::from_secs(s.clamp(1, 1_800))),
            http_body: wanted.body_mib.map_or(default.http_body, |m| (m.clamp(1, MAX_BODY_MIB) << 20) as usize),
            total: wanted.total_minutes.map_or(default.total, |m| Duration::from_mins(m.clamp(1, 24 * 60))),
            ..default
        }
    }
}
