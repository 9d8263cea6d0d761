//! From a [`Source`] to the tables of the C ABI: entry macro, panic guard, reading thread.
//!
//! Functions here are called by the host through C; none of them lets a panic out.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::{c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use serde_json::Value;

use crate::abi::{
    self, ArrowArray, ArrowArrayStream, ArrowSchema, Call, HostTable, OpaqueSource, ReaderTable, SourceTable,
};
use crate::arrow;
use crate::context::{self, Context};
use crate::error::{Code, Error, Result};
use crate::output::{Batch, Message, Output};
use crate::request::Request;
use crate::source::Source;

/// Set by the first panic: the plugin's memory may be in any state, so nothing runs after it.
static POISONED: AtomicBool = AtomicBool::new(false);

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Makes a type that implements [`Source`] the plugin `id`, described by `spec` (its `spec.json`).
#[macro_export]
macro_rules! export_source {
    ($source:ty, id = $id:literal, spec = $spec:expr) => {
        #[allow(unsafe_code, missing_docs, reason = "the one exported symbol of the plugin")]
        const _: () = {
            static TABLE: $crate::abi::PluginTable = $crate::export::plugin_table(
                $crate::export::nul_terminated(concat!($id, "\0")),
                $crate::export::nul_terminated(concat!(env!("CARGO_PKG_VERSION"), "\0")),
                get_interface,
            );
            static SOURCE: $crate::abi::SourceTable = $crate::export::source_table::<$source>(spec);

            unsafe extern "C" fn spec(call: *mut $crate::abi::Call) -> i32 {
                $crate::export::spec(call, $spec)
            }

            unsafe extern "C" fn get_interface(id: *const ::std::ffi::c_char) -> *const ::std::ffi::c_void {
                // SAFETY: the host gives a NUL-terminated id.
                unsafe { $crate::export::interface(id, &SOURCE) }
            }

            #[unsafe(export_name = concat!("vigie_", $id, "_entry_v0"))]
            pub extern "C" fn entry() -> *const $crate::abi::PluginTable {
                &raw const TABLE
            }
        };
    };
}

/// The C text of a literal that ends in NUL.
#[doc(hidden)]
pub const fn nul_terminated(text: &'static str) -> *const c_char {
    assert!(!text.is_empty() && text.as_bytes()[text.len() - 1] == 0);
    text.as_ptr().cast()
}

#[doc(hidden)]
pub const fn plugin_table(
    id: *const c_char,
    version: *const c_char,
    get_interface: unsafe extern "C" fn(*const c_char) -> *const c_void,
) -> abi::PluginTable {
    abi::PluginTable {
        struct_size: size_of::<abi::PluginTable>() as u32,
        abi_minor: abi::ABI_MINOR,
        id,
        version,
        init: Some(init),
        deinit: None,
        get_interface: Some(get_interface),
    }
}

#[doc(hidden)]
pub const fn source_table<S: Source>(spec: unsafe extern "C" fn(*mut Call) -> i32) -> SourceTable {
    SourceTable {
        struct_size: size_of::<SourceTable>() as u32,
        reserved: 0,
        spec: Some(spec),
        open: Some(open::<S>),
        check: Some(check::<S>),
        read: Some(read::<S>),
        close: Some(close::<S>),
    }
}

/// # Safety
/// `id` is NUL-terminated.
#[doc(hidden)]
pub unsafe fn interface(id: *const c_char, source: &'static SourceTable) -> *const c_void {
    // SAFETY: promised by the caller.
    let id = unsafe { std::ffi::CStr::from_ptr(id) };
    if id.to_bytes() == abi::SOURCE_1.as_bytes() { (&raw const *source).cast() } else { std::ptr::null() }
}

#[doc(hidden)]
pub fn spec(call: *mut Call, json: &str) -> i32 {
    guarded(&Context::new(call), |context| {
        context.reply(json);
        Ok(())
    })
}

struct Instance<S> {
    source: Arc<Mutex<S>>,
}

/// Runs `body`; an error or a panic becomes `fail` and its code.
fn guarded(context: &Context, body: impl FnOnce(&Context) -> Result<()>) -> i32 {
    if POISONED.load(Ordering::Acquire) {
        return context.fail(&Error::new(Code::Panic, "it did before, and nothing more was called"));
    }
    match protect(|| body(context)) {
        Ok(()) => abi::OK,
        Err(error) => context.fail(&error),
    }
}

fn protect(body: impl FnOnce() -> Result<()>) -> Result<()> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        POISONED.store(true, Ordering::Release);
        Err(panic_error(payload.as_ref()))
    })
}

fn panic_error(payload: &(dyn Any + Send)) -> Error {
    let noted = LAST_PANIC.with_borrow_mut(std::mem::take);
    let said = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let text = if noted.is_empty() { said.unwrap_or("without a message").to_owned() } else { noted };
    Error::new(Code::Panic, text)
}

unsafe extern "C" fn init(host: *const HostTable, _call: *mut Call) -> i32 {
    context::set_host(host);
    std::panic::set_hook(Box::new(|info| {
        // `to_string` of the hook's information is "panicked at FILE:LINE:COLUMN:\nMESSAGE".
        let text = info.to_string().replacen("panicked at ", "", 1).replace('\n', " ");
        LAST_PANIC.with_borrow_mut(|last| *last = text);
    }));
    abi::OK
}

/// Text from the host.
///
/// # Safety
/// `text` leads to `len` bytes, valid for the call.
unsafe fn text<'a>(text: *const c_char, len: usize) -> Result<&'a str> {
    if text.is_null() || len == 0 {
        return Ok("");
    }
    // SAFETY: promised by the caller.
    std::str::from_utf8(unsafe { std::slice::from_raw_parts(text.cast::<u8>(), len) })
        .map_err(|_| Error::new(Code::Internal, "the host gave text that is not UTF-8"))
}

unsafe extern "C" fn open<S: Source>(
    call: *mut Call,
    config: *const c_char,
    len: usize,
    out: *mut *mut OpaqueSource,
) -> i32 {
    guarded(&Context::new(call), |context| {
        // SAFETY: the host gives `len` bytes for the call.
        let json = unsafe { text(config, len) }?;
        let config =
            serde_json::from_str(json).map_err(|e| Error::new(Code::Config, format!("the options do not fit: {e}")))?;
        let instance = Box::new(Instance { source: Arc::new(Mutex::new(S::open(config, context)?)) });
        // SAFETY: the host gives a place for one pointer.
        unsafe { out.write(Box::into_raw(instance).cast()) };
        Ok(())
    })
}

unsafe extern "C" fn check<S: Source>(source: *mut OpaqueSource, call: *mut Call) -> i32 {
    guarded(&Context::new(call), |context| {
        // SAFETY: the host gives what `open` made.
        let instance = unsafe { &*source.cast::<Instance<S>>() };
        let report = instance.source.lock().unwrap_or_else(PoisonError::into_inner).check(context)?;
        context.reply(&serde_json::to_string(&report)?);
        Ok(())
    })
}

unsafe extern "C" fn close<S: Source>(source: *mut OpaqueSource) {
    if !POISONED.load(Ordering::Acquire) {
        // SAFETY: the host gives back, once, what `open` made.
        let instance = unsafe { Box::from_raw(source.cast::<Instance<S>>()) };
        // A panic in the author's `Drop` has nobody to be told to: the host is done with the source.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(instance)));
    }
}

/// The stream's private data; also reached by the reader's `checkpoint`.
struct Stream {
    context: Context,
    receiver: Option<Receiver<Message>>,
    thread: Option<JoinHandle<()>>,
    checkpoint: Option<String>,
    finished: bool,
}

unsafe extern "C" fn read<S: Source>(
    source: *mut OpaqueSource,
    call: *mut Call,
    request: *const c_char,
    len: usize,
    out: *mut ReaderTable,
) -> i32 {
    guarded(&Context::new(call), |context| {
        // SAFETY: the host gives `len` bytes for the call.
        let request = parse_request::<S>(unsafe { text(request, len) }?)?;
        // SAFETY: the host gives what `open` made.
        let source = Arc::clone(unsafe { &(*source.cast::<Instance<S>>()).source });
        let mentions = request.table == "mentions/1";
        let stream = Box::into_raw(Box::new(start(source, request, context.clone())?));
        // SAFETY: the host gives a zeroed reader table.
        let reader = unsafe { &mut *out };
        reader.private_data = stream.cast();
        reader.checkpoint = Some(checkpoint);
        if mentions {
            reader.stream.get_schema = Some(get_schema);
            reader.stream.get_next = Some(get_next);
            reader.stream.get_last_error = Some(get_last_error);
            reader.stream.release = Some(release_stream);
            reader.stream.private_data = stream.cast();
        } else {
            // Few rows: they go as JSON.
            reader.step = Some(step);
            reader.release = Some(release_reader);
        }
        Ok(())
    })
}

fn parse_request<S: Source>(json: &str) -> Result<Request<S::State>> {
    let request: Request<Value> = serde_json::from_str(json)
        .map_err(|e| Error::new(Code::Internal, format!("the host's request does not fit: {e}")))?;
    if !S::TABLES.contains(&request.table.as_str()) {
        return Err(Error::new(Code::Unsupported, format!("table `{}` is not offered", request.table)));
    }
    let state = match request.state {
        None => None,
        Some(value) => Some(
            serde_json::from_value(value)
                .map_err(|e| Error::new(Code::State, format!("the saved state cannot be read: {e}")))?,
        ),
    };
    Ok(Request {
        state,
        request: request.request,
        table: request.table,
        mode: request.mode,
        now: request.now,
        window: request.window,
        queries: request.queries,
        state_version: request.state_version,
        max_rows: request.max_rows,
        budget: request.budget,
    })
}

fn start<S: Source>(source: Arc<Mutex<S>>, request: Request<S::State>, context: Context) -> Result<Stream> {
    // One batch may wait while the host takes the one before: reading and writing overlap, memory stays bounded.
    let (sender, receiver) = sync_channel(1);
    let inner = context.clone();
    let thread = std::thread::Builder::new().name("vigie-read".into()).spawn(move || {
        let mut output = Output::new(sender.clone(), inner.stop_flag(), &request.table, request.max_rows);
        let result = protect(|| {
            source.lock().unwrap_or_else(PoisonError::into_inner).read(&request, &mut output, &inner)?;
            output.flush(None)
        });
        let result = match result {
            Err(error) if error.code() == abi::DONE => Ok(()),
            other => other,
        };
        // Nobody listens when the host has released the reader early.
        let _ = sender.send(Message::End(result));
    })?;
    Ok(Stream { context, receiver: Some(receiver), thread: Some(thread), checkpoint: None, finished: false })
}

/// The stream behind an Arrow structure.
///
/// # Safety
/// `stream` was filled by `read` and is not released.
unsafe fn stream_of<'a>(stream: *mut ArrowArrayStream) -> &'a mut Stream {
    // SAFETY: promised by the caller.
    unsafe { &mut *(*stream).private_data.cast::<Stream>() }
}

unsafe extern "C" fn get_schema(_stream: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    // SAFETY: the host gives a place for one schema.
    unsafe { out.write(arrow::schema()) };
    abi::OK
}

/// Waits for the next batch and gives the host what of it is no mention; `None` at the end.
fn next_batch(stream: &mut Stream, context: &Context) -> Result<Option<Batch>> {
    let message = if stream.finished { None } else { stream.receiver.as_ref().and_then(|r| r.recv().ok()) };
    match message {
        Some(Message::Batch(mut batch)) => {
            for reject in &batch.rejects {
                context.reject(reject);
            }
            for rows in &batch.side {
                let code = context.side_rows(&rows.table, &rows.json);
                if code != abi::OK {
                    let words = format!("the host refuses rows of `{}` (code {code})", rows.table);
                    return Err(Error::new(Code::Unsupported, words));
                }
            }
            stream.checkpoint = batch.checkpoint.take();
            Ok(Some(batch))
        }
        Some(Message::End(result)) => {
            stream.finished = true;
            result.map(|()| None)
        }
        None => {
            stream.finished = true;
            Ok(None)
        }
    }
}

unsafe extern "C" fn get_next(stream: *mut ArrowArrayStream, out: *mut ArrowArray) -> c_int {
    // SAFETY: the host calls with the stream it got from `read`, before its release.
    let stream = unsafe { stream_of(stream) };
    let context = stream.context.clone();
    let array = match next_batch(stream, &context) {
        Ok(Some(batch)) => arrow::array(batch.rows, batch.columns),
        Ok(None) => ArrowArray::empty(),
        Err(error) => return context.fail(&error),
    };
    // SAFETY: the host gives a place for one array.
    unsafe { out.write(array) };
    abi::OK
}

unsafe extern "C" fn step(reader: *mut ReaderTable, call: *mut Call) -> c_int {
    // SAFETY: the host calls with the reader that `read` filled, before its release.
    let stream = unsafe { &mut *(*reader).private_data.cast::<Stream>() };
    let context = Context::new(call);
    match next_batch(stream, &context) {
        Ok(Some(batch)) if batch.rows > 0 => {
            context.fail(&Error::new(Code::Internal, "mentions were given where another table was asked for"))
        }
        Ok(Some(_)) => abi::OK,
        Ok(None) => abi::DONE,
        Err(error) => context.fail(&error),
    }
}

unsafe extern "C" fn get_last_error(_stream: *mut ArrowArrayStream) -> *const c_char {
    std::ptr::null()
}

unsafe extern "C" fn checkpoint(reader: *mut ReaderTable, call: *mut Call) -> i32 {
    // SAFETY: the host calls with the reader that `read` filled, before the stream's release.
    let stream = unsafe { &mut *(*reader).private_data.cast::<Stream>() };
    if let Some(state) = stream.checkpoint.take() {
        Context::new(call).reply(&state);
    }
    abi::OK
}

unsafe extern "C" fn release_stream(stream: *mut ArrowArrayStream) {
    // SAFETY: the host gives back, once, the stream it got from `read`.
    unsafe {
        release((*stream).private_data);
        (*stream).release = None;
    }
}

unsafe extern "C" fn release_reader(reader: *mut ReaderTable) {
    // SAFETY: the host gives back, once, the reader that `read` filled.
    unsafe {
        release((*reader).private_data);
        (*reader).release = None;
    }
}

/// Ends the reading.
///
/// # Safety
/// `stream` is what `read` made, given back once.
unsafe fn release(stream: *mut c_void) {
    // SAFETY: promised by the caller.
    let mut inner = unsafe { Box::from_raw(stream.cast::<Stream>()) };
    inner.context.stop_flag().store(true, Ordering::Relaxed);
    // Dropped first: a thread that waits to hand over a batch then fails to, and ends.
    drop(inner.receiver.take());
    if let Some(thread) = inner.thread.take() {
        let _ = thread.join();
    }
}
