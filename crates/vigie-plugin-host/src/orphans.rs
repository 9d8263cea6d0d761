//! Processes that a plugin leaves behind: they become children of this program, and end with the plugin.

use std::collections::BTreeSet;
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use rustix::process::{Pid, Signal, WaitOptions, getpid, getsid, kill_process, waitpid};

/// Runners that are alive, by process number, which is also the number of their session.
static ALIVE: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// Times the process table is looked through: each look may bring to light children of what the last one killed.
const LOOKS: usize = 50;

fn alive() -> MutexGuard<'static, BTreeSet<i32>> {
    ALIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes whatever loses its parent below this program a child of this program, from now on.
pub(crate) fn adopt() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        #[cfg(target_os = "linux")]
        // Without it orphans go to the system's own reaper, and only the runner's group can be killed.
        let _ = rustix::process::set_child_subreaper(Some(getpid()));
    });
}

/// Starts a runner. No sweep looks meanwhile, so that none takes the new one for an orphan.
pub(crate) fn start(command: &mut Command) -> std::io::Result<Child> {
    let mut alive = alive();
    let child = command.spawn()?;
    alive.insert(Pid::from_child(&child).as_raw_nonzero().get());
    Ok(child)
}

/// Kills what the dead runner `runner` left behind. What belongs to runners that still live is theirs, and what this
/// program started otherwise shares its session: neither is touched.
pub(crate) fn sweep(runner: Pid) {
    alive().remove(&runner.as_raw_nonzero().get());
    let (own, session) = (getpid(), getsid(None).ok());
    for _ in 0..LOOKS {
        let left: Vec<Pid> = {
            let alive = alive();
            let theirs = |p: &Process| {
                alive.contains(&p.pid.as_raw_nonzero().get()) || alive.contains(&p.session.as_raw_nonzero().get())
            };
            let mine = |p: &Process| p.parent == own.as_raw_nonzero().get() && Some(p.session) != session;
            processes().filter(mine).filter(|p| !theirs(p)).map(|p| p.pid).collect()
        };
        if left.is_empty() {
            return;
        }
        for orphan in left {
            // It is a child of this process, so its number cannot be another's before its status is taken.
            let _ = kill_process(orphan, Signal::KILL);
            let _ = waitpid(Some(orphan), WaitOptions::empty());
        }
    }
}

struct Process {
    pid: Pid,
    parent: i32,
    session: Pid,
}

/// All processes of the machine, as far as they can be seen.
fn processes() -> impl Iterator<Item = Process> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        let (parent, session) = parent_and_session(&stat)?;
        Some(Process { pid: Pid::from_raw(pid)?, parent, session: Pid::from_raw(session)? })
    })
}

/// Fields 4 and 6 of `/proc/PID/stat`; the name in parentheses may hold anything, parentheses and spaces too.
fn parent_and_session(stat: &str) -> Option<(i32, i32)> {
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace().skip(1);
    let parent = fields.next()?.parse().ok()?;
    let session = fields.nth(1)?.parse().ok()?;
    Some((parent, session))
}

#[cfg(test)]
mod tests {
    use super::parent_and_session;

    #[test]
    fn a_hostile_process_name_does_not_shift_the_fields() {
        let stat = "4711 (a) S 1 2) R 42 4711 77 0 -1 4194304 108 0";
        assert_eq!(parent_and_session(stat), Some((42, 77)));
        assert_eq!(parent_and_session("4711 (a"), None);
    }
}
