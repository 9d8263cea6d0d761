//! What a child process and its own children take, read from `/proc` while they live.

use std::collections::BTreeMap;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

/// Clock ticks per second of `/proc/PID/stat`; the same on every Linux that Rust runs on.
const TICKS: u64 = 100;
/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(4);

/// Time and memory of a run; `None` where the system does not tell.
#[derive(Clone, Debug)]
pub(crate) struct Cost {
    /// Time that passed.
    pub(crate) wall: Duration,
    /// Processor time of the program and of the children it waited for, to a hundredth of a second.
    pub(crate) cpu: Option<Duration>,
    /// Highest resident bytes of the program.
    pub(crate) program: Option<u64>,
    /// Highest resident bytes of any of its children.
    pub(crate) plugin: Option<u64>,
    /// Highest sum of resident bytes seen at once.
    pub(crate) together: Option<u64>,
}

impl Cost {
    /// One run after another: times add up, memory does not.
    pub(crate) fn add(&mut self, other: &Self) {
        self.wall += other.wall;
        self.cpu = self.cpu.zip(other.cpu).map(|(a, b)| a + b);
        self.program = self.program.max(other.program);
        self.plugin = self.plugin.max(other.plugin);
        self.together = self.together.max(other.together);
    }
}

/// Runs `command` to its end.
pub(crate) fn watch(command: &mut Command) -> (ExitStatus, Cost) {
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let mut cost = Cost { wall: Duration::ZERO, cpu: None, program: None, plugin: None, together: None };
    let id = child.id();
    loop {
        look(id, &mut cost);
        // Before its status is taken, an ended process still tells how much processor time it took.
        let ended = state(id).is_none_or(|s| s == 'Z');
        cost.wall = started.elapsed();
        if ended {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    (child.wait().unwrap(), cost)
}

fn look(id: u32, cost: &mut Cost) {
    cost.cpu = cpu(id).or(cost.cpu);
    let own = memory(id);
    let children: BTreeMap<u32, Memory> = children(id).into_iter().filter_map(|c| Some((c, memory(c)?))).collect();
    cost.program = cost.program.max(own.map(|m| m.highest));
    cost.plugin = cost.plugin.max(children.values().map(|m| m.highest).max());
    let now = own.map(|m| m.now + children.values().map(|c| c.now).sum::<u64>());
    cost.together = cost.together.max(now);
}

/// The fields of `/proc/PID/stat` after the name, which may hold anything.
fn stat(id: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

fn state(id: u32) -> Option<char> {
    stat(id)?.first()?.chars().next()
}

/// User and system time of the process and of the children it has waited for.
fn cpu(id: u32) -> Option<Duration> {
    let fields = stat(id)?;
    let ticks: u64 = (11..15).map(|i| fields.get(i)?.parse::<u64>().ok()).sum::<Option<u64>>()?;
    Some(Duration::from_millis(ticks * 1_000 / TICKS))
}

#[derive(Clone, Copy)]
struct Memory {
    highest: u64,
    now: u64,
}

fn memory(id: u32) -> Option<Memory> {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let kilobytes = |name: &str| {
        let value = text.lines().find_map(|l| l.strip_prefix(name))?;
        value.trim().trim_end_matches("kB").trim().parse::<u64>().ok()
    };
    Some(Memory { highest: kilobytes("VmHWM:")? << 10, now: kilobytes("VmRSS:")? << 10 })
}

fn children(id: u32) -> Vec<u32> {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{id}/task")) else { return Vec::new() };
    let of_task = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
    let listed: Vec<String> = tasks.flatten().map(of_task).collect();
    listed.iter().flat_map(|l| l.split_whitespace()).filter_map(|c| c.parse().ok()).collect()
}
