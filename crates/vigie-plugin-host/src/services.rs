//! What the plugin may call: the host table as the runner serves it, and the channel to the host behind it.

use std::ffi::{CStr, c_char, c_void};
use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use vigie_plugin::abi::{self, Call, HostTable, NoticeTable};
use vigie_plugin::{Notice, Words};

use crate::batch::Batch;
use crate::broker::Refused;
use crate::exchange::{Answer, Question};
use crate::frame::{self, Kind, MAX_PAYLOAD};
use crate::inbox::{Inbox, Waited};
use crate::json_rows;
use crate::outcome::plugin_error;
use crate::requests;
use crate::stop::Stop;
use crate::table::{self, BadRow};

/// Longest line of log, in bytes.
const MAX_LINE: usize = 8 << 10;
/// Longest answer, state or detail, in bytes.
const MAX_REPLY: usize = 1 << 20;
/// Payloads up to this many bytes are worth a copy.
const SMALL: usize = 16 << 10;
/// Exit status of a runner whose host has gone.
const HOST_GONE: i32 = 3;

/// Those of the reading that runs: one in a child, one after another in a process that is debugged.
static SERVICES: AtomicPtr<Services> = AtomicPtr::new(std::ptr::null_mut());
static CALL: u8 = 0;

/// The channel to the host and what the running call has said.
pub(crate) struct Services {
    state: Mutex<State>,
    inbox: Inbox,
    /// Held from a question to its answer, so that there is one at a time.
    asking: Mutex<()>,
    offered: AtomicBool,
}

struct State {
    out: File,
    reply: Option<Vec<u8>>,
    failed: Option<(i32, String, Value)>,
    refused: Option<Refused>,
    broken: Option<Stop>,
    pending: Vec<Batch>,
    /// Memory of the last frame of rows, for the next.
    payload: Vec<u8>,
    rows: u64,
    rejects: u64,
    checkpoints: u64,
    cut_noticed: bool,
}

/// Ends the process at once, without destructors: the plugin's may hang or crash.
pub(crate) fn exit_now(status: i32) -> ! {
    unsafe extern "C" {
        fn _exit(status: i32) -> !;
    }
    // SAFETY: `_exit` takes any status and does not return.
    unsafe { _exit(status) }
}

/// Opens the channel, before the plugin is loaded or used again. What is opened stays: threads of a plugin may hold on
/// to it.
pub(crate) fn start(out: File, reply: OwnedFd) -> &'static Services {
    let services = Box::leak(Box::new(Services {
        state: Mutex::new(State {
            out,
            reply: None,
            failed: None,
            refused: None,
            broken: None,
            pending: Vec::new(),
            payload: Vec::new(),
            rows: 0,
            rejects: 0,
            checkpoints: 0,
            cut_noticed: false,
        }),
        inbox: Inbox::new(reply),
        asking: Mutex::new(()),
        offered: AtomicBool::new(false),
    }));
    SERVICES.store(std::ptr::from_mut(services), Ordering::Release);
    services
}

/// The handle given to the plugin for every call.
pub(crate) fn call() -> *mut Call {
    (&raw const CALL).cast_mut().cast()
}

impl State {
    fn emit(&mut self, kind: Kind, payload: &[u8]) {
        let length = (payload.len() as u32).to_le_bytes();
        let header = [kind as u8, length[0], length[1], length[2], length[3]];
        let written = if payload.len() <= SMALL {
            // One write wakes the host once.
            self.out.write_all(&[header.as_slice(), payload].concat())
        } else {
            self.out.write_all(&header).and_then(|()| self.out.write_all(payload))
        };
        if written.is_err() {
            exit_now(HOST_GONE);
        }
    }

    fn emit_rows(&mut self, batch: &Batch, from: usize, to: usize) -> Result<(), Stop> {
        if from == to {
            return Ok(());
        }
        if frame::weight(batch, from, to) > MAX_PAYLOAD / 2 && to - from > 1 {
            let middle = from.midpoint(to);
            self.emit_rows(batch, from, middle)?;
            return self.emit_rows(batch, middle, to);
        }
        let mut payload = std::mem::take(&mut self.payload);
        frame::encode_rows(batch, from, to, &mut payload);
        if payload.len() > MAX_PAYLOAD {
            return Err(Stop::new("P315", "one row is larger than 64 MiB", "une ligne dépasse 64 Mio"));
        }
        self.rows += (to - from) as u64;
        self.emit(Kind::Columns, &payload);
        self.payload = payload;
        Ok(())
    }

    fn emit_batch(&mut self, mut batch: Batch, bad: Vec<BadRow>) -> Result<(), Stop> {
        let fitted = table::fit(&mut batch, bad)?;
        for reject in &fitted.rejects {
            self.emit_reject(serde_json::to_string(reject).unwrap_or_default().as_bytes());
        }
        if fitted.cut > 0 && !self.cut_noticed {
            self.cut_noticed = true;
            let notice = Notice {
                code: "text_cut".into(),
                partial: false,
                message: Words::new("texts longer than 1 MiB were cut", "les textes de plus de 1 Mio ont été coupés"),
                hint: None,
            };
            self.emit(Kind::Notice, serde_json::to_string(&notice).unwrap_or_default().as_bytes());
        }
        self.emit_rows(&batch, 0, batch.rows)
    }

    fn emit_reject(&mut self, json: &[u8]) {
        self.rejects += 1;
        self.emit(Kind::Reject, json);
    }
}

impl Services {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a frame.
    pub(crate) fn emit(&self, kind: Kind, payload: &[u8]) {
        self.state().emit(kind, payload);
    }

    /// Sends rows that came as JSON, then `batch` without its bad rows.
    pub(crate) fn deliver(&self, batch: Option<(Batch, Vec<BadRow>)>) -> Result<(), Stop> {
        let mut state = self.state();
        if let Some(stop) = state.broken.take() {
            return Err(stop);
        }
        for batch in std::mem::take(&mut state.pending) {
            state.emit_batch(batch, Vec::new())?;
        }
        batch.map_or(Ok(()), |(batch, bad)| state.emit_batch(batch, bad))
    }

    /// Drops rows that came as JSON.
    pub(crate) fn drop_rows(&self) {
        self.state().pending.clear();
    }

    /// What the last call replied.
    pub(crate) fn take_reply(&self) -> Option<Vec<u8>> {
        self.state().reply.take()
    }

    /// Sends a state that covers everything so far.
    pub(crate) fn checkpoint(&self, json: &[u8]) {
        let mut state = self.state();
        state.checkpoints += 1;
        state.emit(Kind::Checkpoint, json);
    }

    /// Says that everything was said.
    pub(crate) fn end(&self) {
        let mut state = self.state();
        let mut payload = Vec::with_capacity(24);
        for number in [state.rows, state.rejects, state.checkpoints] {
            payload.extend_from_slice(&number.to_le_bytes());
        }
        state.emit(Kind::End, &payload);
    }

    /// Closes this end of the channel: nothing more is going to be said.
    pub(crate) fn close(&self, nowhere: File) {
        self.state().out = nowhere;
    }

    /// The reason behind an error code the plugin returned.
    pub(crate) fn failure(&self, code: i32, function: &str) -> Stop {
        let mut state = self.state();
        if let Some(stop) = state.broken.take() {
            return stop;
        }
        let failed = state.failed.take();
        // The host's own words about its refusal, when the plugin has none.
        let silent = failed.as_ref().is_none_or(|(_, _, detail)| detail.get("refused") == Some(&Value::Bool(true)));
        let code = failed.as_ref().map_or(code, |(code, ..)| *code);
        if let Some(refused) = state.refused.take_if(|r| silent && r.code == code) {
            return explained(code, &refused.en, &requests::detail(&refused));
        }
        if let Some((code, text, detail)) = failed {
            return explained(code, &text, &detail);
        }
        let (host_code, ..) = plugin_error(11);
        Stop::new(
            host_code,
            format!("`{function}` returned code {code} without saying why"),
            format!("`{function}` a rendu le code {code} sans dire pourquoi"),
        )
        .hint("this is a bug of the plugin; tell its author", "c'est un défaut du greffon ; signalez-le à son auteur")
    }

    /// Remembers whether the host answers questions at all.
    pub(crate) fn offer(&self, served: bool) {
        self.offered.store(served, Ordering::Relaxed);
    }

    /// Remembers why a plugin was refused something, in case it ends with the code and says no more.
    pub(crate) fn refused(&self, refused: Refused) -> i32 {
        let code = refused.code;
        self.state().refused = Some(refused);
        code
    }

    /// Asks the host and waits for its answer.
    pub(crate) fn ask(&self, question: &Question) -> Result<Answer, Refused> {
        let (kind, payload) = question.encode();
        let _one_at_a_time = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        self.emit(kind, &payload);
        match self.inbox.answer() {
            Waited::Got(Answer::Refused(refused)) => Err(refused),
            Waited::Got(answer) => Ok(answer),
            Waited::Late | Waited::Gone => exit_now(HOST_GONE),
        }
    }
}

fn explained(code: i32, text: &str, detail: &Value) -> Stop {
    let (host_code, en, fr, retryable) = plugin_error(code);
    let words =
        |language: &str| detail.get("hint").and_then(|h| h.get(language)).and_then(Value::as_str).map(str::to_owned);
    // The host's own reason, passed on without a text of the plugin's.
    let text = if text.is_empty() { detail.get("message").and_then(Value::as_str).unwrap_or("") } else { text };
    let french = detail.get("french").and_then(Value::as_str).unwrap_or(text);
    let unknown = if (1..=15).contains(&code) { String::new() } else { format!(" (code {code})") };
    Stop {
        hint: words("en").zip(words("fr")),
        retryable,
        option: detail.get("config").and_then(Value::as_str).map(str::to_owned),
        retry_after_ms: detail.get("retry_after_ms").and_then(Value::as_u64),
        ..Stop::new(host_code, format!("{en}{unknown}: {text}"), format!("{fr}{unknown} : {french}"))
    }
}

/// Bytes from the plugin, at most `limit` of them.
///
/// # Safety
/// `text` leads to `len` bytes, valid for the call.
pub(crate) unsafe fn bytes<'a>(text: *const c_char, len: usize, limit: usize) -> &'a [u8] {
    if text.is_null() || len == 0 {
        return &[];
    }
    // SAFETY: promised by the caller; a shorter slice of the same memory is valid too.
    unsafe { std::slice::from_raw_parts(text.cast::<u8>(), len.min(limit)) }
}

pub(crate) fn services() -> &'static Services {
    // The table is handed out only after `start`; without services there is nobody to talk to.
    // SAFETY: `start` leaked what it stored, so it is valid for ever, and nobody has it mutably.
    unsafe { SERVICES.load(Ordering::Acquire).as_ref() }.unwrap_or_else(|| exit_now(HOST_GONE))
}

unsafe extern "C" fn log(_call: *mut Call, level: i32, text: *const c_char, len: usize) {
    // SAFETY: the plugin gives `len` bytes for the call.
    let line = unsafe { bytes(text, len, MAX_LINE) };
    let mut payload = vec![level.clamp(1, 4) as u8];
    payload.extend_from_slice(String::from_utf8_lossy(line).as_bytes());
    services().emit(Kind::Log, &payload);
}

unsafe extern "C" fn progress(_call: *mut Call, done: u64, total: u64, unit: *const c_char, len: usize) {
    let mut payload = done.to_le_bytes().to_vec();
    payload.extend_from_slice(&total.to_le_bytes());
    // SAFETY: the plugin gives `len` bytes for the call.
    payload.extend_from_slice(String::from_utf8_lossy(unsafe { bytes(unit, len, 64) }).as_bytes());
    services().emit(Kind::Progress, &payload);
}

unsafe extern "C" fn cancelled(_call: *mut Call) -> i32 {
    i32::from(services().inbox.cancelled(Duration::ZERO))
}

unsafe extern "C" fn sleep(_call: *mut Call, milliseconds: u64) -> i32 {
    let services = services();
    services.emit(Kind::Pause, &milliseconds.to_le_bytes());
    let end = Instant::now() + Duration::from_millis(milliseconds.min(86_400_000));
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if services.inbox.cancelled(left) {
            return 9;
        }
        if left.is_zero() {
            return abi::OK;
        }
    }
}

unsafe extern "C" fn rows(
    _call: *mut Call,
    table: *const c_char,
    table_len: usize,
    json: *const c_char,
    len: usize,
) -> i32 {
    // SAFETY: the plugin gives these bytes for the call; one more than allowed is enough to refuse.
    let (table, json) = unsafe { (bytes(table, table_len, 256), bytes(json, len, json_rows::MAX_JSON + 1)) };
    let parsed = json_rows::parse(&String::from_utf8_lossy(table), json);
    let mut state = services().state();
    match parsed {
        Ok((batch, rejects)) => {
            for reject in rejects {
                state.emit_reject(serde_json::to_string(&reject).unwrap_or_default().as_bytes());
            }
            state.pending.push(batch);
            abi::OK
        }
        Err(stop) => {
            let code = if stop.code == "P310" { 10 } else { 7 };
            // Told even if the plugin ignores the code.
            state.broken.get_or_insert(stop);
            code
        }
    }
}

unsafe extern "C" fn reject(_call: *mut Call, json: *const c_char, len: usize) {
    // SAFETY: the plugin gives `len` bytes for the call.
    let json = unsafe { bytes(json, len, MAX_REPLY) };
    services().state().emit_reject(json);
}

unsafe extern "C" fn reply(_call: *mut Call, json: *const c_char, len: usize) {
    // SAFETY: the plugin gives `len` bytes for the call; one more than allowed is enough to refuse.
    let json = unsafe { bytes(json, len, MAX_REPLY + 1) };
    let mut state = services().state();
    if json.len() > MAX_REPLY {
        state.broken.get_or_insert(Stop::new(
            "P315",
            "an answer or a state of more than 1 MiB",
            "une réponse ou un état de plus de 1 Mio",
        ));
    } else {
        state.reply = Some(json.to_vec());
    }
}

unsafe extern "C" fn fail(
    _call: *mut Call,
    code: i32,
    text: *const c_char,
    len: usize,
    detail: *const c_char,
    detail_len: usize,
) {
    // SAFETY: the plugin gives these bytes for the call.
    let (text, detail) = unsafe { (bytes(text, len, MAX_LINE), bytes(detail, detail_len, MAX_REPLY)) };
    let detail = serde_json::from_slice(detail).unwrap_or_default();
    services().state().failed = Some((code, String::from_utf8_lossy(text).into_owned(), detail));
}

unsafe extern "C" fn throttle(_call: *mut Call, bucket: *const c_char, len: usize, cost: u32) -> i32 {
    // SAFETY: the plugin gives `len` bytes for the call.
    requests::throttle(unsafe { bytes(bucket, len, MAX_LINE) }, cost)
}

unsafe extern "C" fn notice(_call: *mut Call, json: *const c_char, len: usize) {
    // SAFETY: the plugin gives `len` bytes for the call.
    services().emit(Kind::Notice, unsafe { bytes(json, len, MAX_REPLY) });
}

static NOTICES: NoticeTable =
    NoticeTable { struct_size: size_of::<NoticeTable>() as u32, reserved: 0, notice: Some(notice) };

unsafe extern "C" fn get_interface(id: *const c_char) -> *const c_void {
    if id.is_null() {
        return std::ptr::null();
    }
    // SAFETY: the contract asks for a NUL-terminated id.
    let id = unsafe { CStr::from_ptr(id) }.to_bytes();
    let offered = services().offered.load(Ordering::Relaxed);
    if id == abi::NOTICE_1.as_bytes() {
        (&raw const NOTICES).cast()
    } else if offered && id == abi::HTTP_1.as_bytes() {
        (&raw const requests::HTTP).cast()
    } else if offered && id == abi::SECRET_1.as_bytes() {
        (&raw const requests::SECRETS).cast()
    } else {
        std::ptr::null()
    }
}

/// The table given to `init`.
pub(crate) static HOST: HostTable = HostTable {
    struct_size: size_of::<HostTable>() as u32,
    abi_minor: abi::ABI_MINOR,
    product: c"vigie".as_ptr(),
    version: VERSION.as_ptr().cast(),
    log: Some(log),
    progress: Some(progress),
    cancelled: Some(cancelled),
    sleep: Some(sleep),
    rows: Some(rows),
    reject: Some(reject),
    reply: Some(reply),
    fail: Some(fail),
    throttle: Some(throttle),
    get_interface: Some(get_interface),
};

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
