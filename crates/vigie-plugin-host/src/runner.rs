//! The child: the host's own executable under the hidden command [`COMMAND`], one per source.
//!
//! It drops what rights it can, loads one plugin, makes it work, and sends frames. It ends with `_exit`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::io::{FdFlags, fcntl_dupfd_cloexec, fcntl_getfd};
use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use rustix::thread::set_no_new_privs;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vigie_plugin::abi::{self, ArrowArray, ArrowSchema, OpaqueSource, ReaderTable};

use crate::drill::{self, Drill};
use crate::frame::{HEADER, Kind, parse_header};
use crate::import;
use crate::load::{Loaded, load};
use crate::phase::Phase;
use crate::sandbox::{self, Rights, Sandbox};
use crate::services::{self, Services, exit_now};
use crate::stop::Stop;
use crate::table;

/// First argument that makes an executable the runner; the descriptor numbers of both channels and of the library
/// follow.
pub const COMMAND: &str = "__plugin-runner";

/// Exit status of a runner that was not started by a host.
const NOT_A_HOST: i32 = 2;
/// Descriptors are moved above this, away from what plugins are used to.
const HIGH_DESCRIPTOR: RawFd = 40;

/// What the child is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verb {
    Spec,
    Check,
    Read,
    Drill(Drill),
    /// Give up rights, load nothing, say what the kernel enforces.
    Probe,
}

/// First frame from the host.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Start {
    pub(crate) verb: Verb,
    /// What messages call the library; it is loaded by descriptor.
    pub(crate) library: PathBuf,
    pub(crate) rights: Rights,
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) config: Value,
    pub(crate) request: Value,
    pub(crate) memory_mib: u64,
    pub(crate) cpu_seconds: u64,
    /// The host answers questions for HTTP and secrets.
    pub(crate) served: bool,
}

/// Runs the child if the arguments ask for it; otherwise returns at once.
///
/// An executable that uses this crate calls it first thing in `main`.
pub fn run_child_if_asked() {
    if std::env::args_os().nth(1).is_some_and(|a| a == COMMAND) {
        run_child();
    }
}

/// The child's whole life. Never returns.
pub fn run_child() -> ! {
    let number = |n: usize| std::env::args().nth(n).and_then(|a| a.parse::<RawFd>().ok());
    let (Some(data), Some(reply)) = (number(2).and_then(adopt), number(3).and_then(adopt)) else {
        exit_now(NOT_A_HOST)
    };
    let library = number(4).and_then(adopt).map(|(library, _)| library);
    close_all_but(
        &[data.0.as_raw_fd(), data.1.as_raw_fd(), reply.0.as_raw_fd(), reply.1.as_raw_fd()],
        library.as_ref(),
    );
    let services = services::start(File::from(data.0), reply.0);
    match read_start(reply.1).and_then(|start| work(services, &start, library.as_ref())) {
        Ok(()) => exit_now(0),
        Err(stop) => {
            services.emit(Kind::Error, serde_json::to_string(&stop).unwrap_or_default().as_bytes());
            exit_now(1)
        }
    }
}

/// The inherited descriptor at a high number, and once more for reading.
fn adopt(number: RawFd) -> Option<(OwnedFd, OwnedFd)> {
    if number < 3 {
        return None;
    }
    // SAFETY: the host opened this descriptor for this process and nothing else here uses the number.
    let inherited = unsafe { OwnedFd::from_raw_fd(number) };
    let flags = fcntl_getfd(&inherited).ok();
    if flags.is_none_or(|f| f.contains(FdFlags::CLOEXEC)) {
        // Not handed down by a host: somebody typed the hidden command. The number is not ours to close.
        std::mem::forget(inherited);
        return None;
    }
    let high = fcntl_dupfd_cloexec(&inherited, HIGH_DESCRIPTOR).ok()?;
    let second = fcntl_dupfd_cloexec(&inherited, HIGH_DESCRIPTOR).ok()?;
    Some((high, second))
}

/// Closes what the host itself had inherited and passed on without knowing, such as the pipes of a build tool.
fn close_all_but(ours: &[RawFd], library: Option<&OwnedFd>) {
    let Ok(entries) = std::fs::read_dir("/proc/self/fd") else { return };
    let open: Vec<RawFd> = entries.flatten().filter_map(|e| e.file_name().to_str()?.parse().ok()).collect();
    let keep = |fd: &RawFd| *fd < 3 || ours.contains(fd) || library.is_some_and(|l| l.as_raw_fd() == *fd);
    for fd in open.into_iter().filter(|fd| !keep(fd)) {
        // SAFETY: a number above 2 that is none of the channels is owned by nothing in this process, which has just
        // begun; the descriptor that listed the folder is among them and is closed already, which is found out first.
        if let Ok(_flags) = fcntl_getfd(unsafe { BorrowedFd::borrow_raw(fd) }) {
            // SAFETY: as above.
            drop(unsafe { OwnedFd::from_raw_fd(fd) });
        }
    }
}

fn read_start(reply: OwnedFd) -> Result<Start, Stop> {
    let bad = |what: String| {
        Stop::new(
            "P420",
            format!("the runner's order is unreadable: {what}"),
            format!("l'ordre donné au lanceur est illisible : {what}"),
        )
    };
    let mut reply = File::from(reply);
    let mut header = [0; HEADER];
    reply.read_exact(&mut header).map_err(|e| bad(e.to_string()))?;
    let (kind, length) = parse_header(header).map_err(|e| bad(e.to_string()))?;
    let mut payload = vec![0; length];
    reply.read_exact(&mut payload).map_err(|e| bad(e.to_string()))?;
    if kind != Kind::Start {
        return Err(bad(format!("{kind:?}")));
    }
    serde_json::from_slice(&payload).map_err(|e| bad(e.to_string()))
}

/// Gives up what the child does not need. Best effort: a kernel without one of these is no reason to refuse.
fn drop_rights(start: &Start) {
    let limits = [
        (Resource::As, start.memory_mib << 20),
        (Resource::Cpu, start.cpu_seconds),
        (Resource::Nofile, 64),
        (Resource::Fsize, 1 << 30),
        (Resource::Core, 0),
    ];
    for (resource, limit) in limits {
        let _ = setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) });
    }
    let _ = set_no_new_privs(true);
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
}

fn work(services: &'static Services, start: &Start, library: Option<&OwnedFd>) -> Result<(), Stop> {
    drop_rights(start);
    services.offer(start.served);
    // The host made the working folder for this child alone.
    let level = sandbox::enter(&start.rights, Path::new("."), library);
    services.emit(Kind::Sandbox, serde_json::to_string(&level).unwrap_or_default().as_bytes());
    let library = match (start.verb, library) {
        (Verb::Probe, _) => {
            services.end();
            return Ok(());
        }
        (_, Some(library)) => library,
        (_, None) => return Err(missing("library")),
    };
    let loaded = load(library, &start.library, &start.id, &start.version)?;
    let init = loaded.plugin.init.ok_or_else(|| missing("init"))?;
    let exercise = if let Verb::Drill(drill) = start.verb { Some(drill) } else { None };
    // SAFETY: the host table is constant and the call handle lives as long as the process.
    answer(services, unsafe { init(drill::host_table(exercise), services::call()) }, "init")?;
    perform(services, start, &loaded)
}

/// Loads the plugin where it was not loaded yet, and does what is asked, in a process that is not the plugin's own.
pub(crate) fn work_here(services: &'static Services, start: &Start, library: &OwnedFd) -> Result<(), Stop> {
    static LOADED: Mutex<BTreeMap<PathBuf, Loaded>> = Mutex::new(BTreeMap::new());
    services.offer(start.served);
    services.emit(Kind::Sandbox, serde_json::to_string(&Sandbox::default()).unwrap_or_default().as_bytes());
    let known = LOADED.lock().unwrap_or_else(PoisonError::into_inner).get(&start.library).copied();
    let loaded = if let Some(loaded) = known {
        loaded
    } else {
        let loaded = load(library, &start.library, &start.id, &start.version)?;
        let init = loaded.plugin.init.ok_or_else(|| missing("init"))?;
        // SAFETY: the host table is constant and the call handle lives as long as the process.
        answer(services, unsafe { init(drill::host_table(None), services::call()) }, "init")?;
        LOADED.lock().unwrap_or_else(PoisonError::into_inner).insert(start.library.clone(), loaded);
        loaded
    };
    perform(services, start, &loaded)
}

fn perform(services: &'static Services, start: &Start, loaded: &Loaded) -> Result<(), Stop> {
    match start.verb {
        Verb::Spec => {
            let spec = loaded.source.spec.ok_or_else(|| missing("spec"))?;
            enter(services, Phase::Spec);
            // SAFETY: as above.
            answer(services, unsafe { spec(services::call()) }, "spec")?;
            send_answer(services);
        }
        Verb::Check => {
            enter(services, Phase::Open);
            let source = open_source(services, loaded, &start.config)?;
            enter(services, Phase::Check);
            if let Some(check) = loaded.source.check {
                // SAFETY: `open` made the source.
                answer(services, unsafe { check(source, services::call()) }, "check")?;
            }
            send_answer(services);
        }
        Verb::Read => read(services, loaded, start)?,
        Verb::Drill(drill) => {
            enter(services, Phase::Read);
            let report = drill::run(services, loaded, drill, &start.config, &start.request)?;
            services.emit(Kind::Answer, serde_json::to_string(&report).unwrap_or_default().as_bytes());
            services.end();
        }
        Verb::Probe => {}
    }
    Ok(())
}

/// Says what the plugin is about to be asked.
fn enter(services: &Services, phase: Phase) {
    services.emit(Kind::Phase, &[phase as u8]);
}

pub(crate) fn missing(function: &str) -> Stop {
    Stop::new(
        "P132",
        format!("the plugin's table lacks `{function}`"),
        format!("il manque `{function}` dans la table du greffon"),
    )
}

pub(crate) fn answer(services: &Services, code: i32, function: &str) -> Result<(), Stop> {
    if code == abi::OK { Ok(()) } else { Err(services.failure(code, function)) }
}

fn send_answer(services: &Services) {
    if let Some(json) = services.take_reply() {
        services.emit(Kind::Answer, &json);
    }
    services.end();
}

pub(crate) fn open_source(services: &Services, loaded: &Loaded, config: &Value) -> Result<*mut OpaqueSource, Stop> {
    let open = loaded.source.open.ok_or_else(|| missing("open"))?;
    // The contract gives NUL-terminated text; the length does not count the NUL.
    let json = format!("{config}\0");
    let mut source = std::ptr::null_mut();
    // SAFETY: text and place are valid for the call.
    let code = unsafe { open(services::call(), json.as_ptr().cast(), json.len() - 1, &raw mut source) };
    answer(services, code, "open")?;
    if source.is_null() {
        Err(Stop::new("P311", "`open` gave no source", "`open` n'a rendu aucune source"))
    } else {
        Ok(source)
    }
}

/// Calls `read`; a source that `open_source` made is read once at a time.
pub(crate) fn read_source(
    services: &Services,
    loaded: &Loaded,
    source: *mut OpaqueSource,
    request: &Value,
) -> Result<ReaderTable, Stop> {
    let read = loaded.source.read.ok_or_else(|| missing("read"))?;
    let json = format!("{request}\0");
    let mut reader = ReaderTable::empty();
    // SAFETY: `open` made the source; text and reader are valid for the call.
    let code = unsafe { read(source, services::call(), json.as_ptr().cast(), json.len() - 1, &raw mut reader) };
    answer(services, code, "read")?;
    Ok(reader)
}

fn read(services: &Services, loaded: &Loaded, start: &Start) -> Result<(), Stop> {
    enter(services, Phase::Open);
    let source = open_source(services, loaded, &start.config)?;
    enter(services, Phase::Read);
    let mut reader = read_source(services, loaded, source, &start.request)?;
    match (reader.stream.release.is_some(), reader.step.is_some()) {
        (true, false) => {
            let table = start.request.get("table").and_then(Value::as_str).unwrap_or_default();
            stream(services, &mut reader, table::named(table)?.name)?;
        }
        (false, true) => steps(services, &mut reader)?,
        (both, _) => {
            let (en, fr) = if both { ("both ways", "les deux voies") } else { ("no way", "aucune voie") };
            return Err(Stop::new(
                "P311",
                format!("`read` offers {en} to give rows"),
                format!("`read` offre {fr} pour rendre des lignes"),
            ));
        }
    }
    services.end();
    release(&mut reader);
    if let Some(close) = loaded.source.close {
        // SAFETY: `open` made the source; nothing uses it any more.
        unsafe { close(source) }
    }
    Ok(())
}

pub(crate) fn release(reader: &mut ReaderTable) {
    if let Some(release) = reader.stream.release {
        // SAFETY: the stream was filled by `read` and is released once.
        unsafe { release(&raw mut reader.stream) }
    } else if let Some(release) = reader.release {
        // SAFETY: as above.
        unsafe { release(&raw mut *reader) }
    }
}

/// Path A: an Arrow C stream of the table that was asked for.
fn stream(services: &Services, reader: &mut ReaderTable, table: &str) -> Result<(), Stop> {
    let (Some(get_schema), Some(get_next)) = (reader.stream.get_schema, reader.stream.get_next) else {
        return Err(missing("get_schema"));
    };
    let mut schema = ArrowSchema::empty();
    // SAFETY: the stream was filled by `read`; the place is valid.
    answer(services, unsafe { get_schema(&raw mut reader.stream, &raw mut schema) }, "get_schema")?;
    // SAFETY: the plugin filled the schema by the Arrow rules.
    let layout = unsafe { import::layout(&schema) }?;
    if let Some(release) = schema.release {
        // SAFETY: released once, by the consumer.
        unsafe { release(&raw mut schema) }
    }
    loop {
        let mut array = ArrowArray::empty();
        // SAFETY: as above.
        answer(services, unsafe { get_next(&raw mut reader.stream, &raw mut array) }, "get_next")?;
        let Some(release) = array.release else {
            services.deliver(None)?;
            return Ok(());
        };
        // SAFETY: the plugin filled the array by the Arrow rules for the schema it gave.
        let batch = unsafe { import::batch(&layout, &array, table) }?;
        // SAFETY: copied above; released once, before the next `get_next`.
        unsafe { release(&raw mut array) }
        services.deliver(Some(batch))?;
        checkpoint(services, reader)?;
    }
}

/// Path B: rows as JSON, given inside `step`.
fn steps(services: &Services, reader: &mut ReaderTable) -> Result<(), Stop> {
    let Some(step) = reader.step else { return Err(missing("step")) };
    loop {
        // SAFETY: `read` filled the reader; the call handle is valid.
        let code = unsafe { step(&raw mut *reader, services::call()) };
        if code != abi::OK && code != abi::DONE {
            return Err(services.failure(code, "step"));
        }
        services.deliver(None)?;
        checkpoint(services, reader)?;
        if code == abi::DONE {
            return Ok(());
        }
    }
}

fn checkpoint(services: &Services, reader: &mut ReaderTable) -> Result<(), Stop> {
    let Some(checkpoint) = reader.checkpoint else { return Ok(()) };
    services.take_reply();
    // SAFETY: `read` filled the reader, which is not released; the call handle is valid.
    answer(services, unsafe { checkpoint(&raw mut *reader, services::call()) }, "checkpoint")?;
    services.deliver(None)?;
    if let Some(json) = services.take_reply() {
        if !serde_json::from_slice::<Value>(&json).is_ok_and(|v| v.is_object()) {
            return Err(Stop::new(
                "P505",
                "a checkpoint is not a JSON object",
                "un point de reprise n'est pas un objet JSON",
            ));
        }
        services.checkpoint(&json);
    }
    Ok(())
}
