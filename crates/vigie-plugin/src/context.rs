//! What the host does for a source while it works: log, progress, pauses, cancellation, warnings.

use std::ffi::{CStr, c_char};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::time::Duration;

use crate::abi::{self, Call, HostTable, NoticeTable};
use crate::error::{Code, Error, Result};
use crate::http::{self, Http};
use crate::request::Notice;

static HOST: AtomicPtr<HostTable> = AtomicPtr::new(std::ptr::null_mut());

/// Remembers the host's table; called once by `init`.
pub(crate) fn set_host(host: *const HostTable) {
    HOST.store(host.cast_mut(), Ordering::Release);
}

/// The host's table with the call it belongs to, and what the host gave with it.
#[derive(Clone)]
pub struct Context {
    call: *mut Call,
    stop: Arc<AtomicBool>,
}

// SAFETY: the contract lets host functions be called from any thread while the call is valid; the SDK joins the
// plugin's thread before the call ends.
unsafe impl Send for Context {}
// SAFETY: as above; the host serialises the calls.
unsafe impl Sync for Context {}

impl Context {
    pub(crate) fn new(call: *mut Call) -> Self {
        Self { call, stop: Arc::new(AtomicBool::new(false)) }
    }

    pub(crate) fn stop_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    fn host() -> Option<&'static HostTable> {
        // SAFETY: the pointer is null or the host's constant table, valid until the process ends.
        unsafe { HOST.load(Ordering::Acquire).as_ref() }
    }

    pub(crate) fn call(&self) -> *mut Call {
        self.call
    }

    /// The host's table called `id`.
    ///
    /// # Safety
    /// `T` is the table of that id, every field of it known to the host's oldest version.
    pub(crate) unsafe fn interface<T>(id: &CStr) -> Option<&'static T> {
        let get = Self::host()?.get_interface?;
        // SAFETY: the id is NUL-terminated; the answer is null or a table that is valid until the process ends.
        unsafe { get(id.as_ptr()).cast::<T>().as_ref() }
    }

    /// Fetches over HTTP: the host performs the request, within what the manifest permits.
    pub fn http(&self) -> Http<'_> {
        Http::new(self)
    }

    /// The value of a secret whose exposure is `plugin` in the manifest. Secrets of requests need no value:
    /// `{{secret:name}}` stands for it, see [`HttpCall::bearer`](crate::HttpCall::bearer).
    ///
    /// # Errors
    /// [`Code::Denied`] when it is not declared so, [`Code::Auth`] when the user has not set it.
    pub fn secret(&self, name: &str) -> Result<String> {
        http::secret(self, name)
    }

    /// Hands over the new value of a secret that `rotates`. It is safe on disk when this returns.
    ///
    /// # Errors
    /// [`Code::Denied`] when it is not declared so, [`Code::Internal`] when it cannot be written.
    pub fn keep_secret(&self, name: &str, value: &str) -> Result<()> {
        http::keep_secret(self, name, value)
    }

    /// Writes a line for the author of the plugin; users see it with `-v`.
    pub fn info(&self, text: &str) {
        self.log(3, text);
    }

    /// Writes a line for debugging.
    pub fn debug(&self, text: &str) {
        self.log(4, text);
    }

    fn log(&self, level: i32, text: &str) {
        if let Some(log) = Self::host().and_then(|h| h.log) {
            // SAFETY: the text is borrowed for the call, which the host copies from.
            unsafe { log(self.call, level, text.as_ptr().cast::<c_char>(), text.len()) }
        }
    }

    /// Tells the user how far the source is; `total` 0 means unknown.
    pub fn progress(&self, done: u64, total: u64, unit: &str) {
        if let Some(progress) = Self::host().and_then(|h| h.progress) {
            // SAFETY: the text is borrowed for the call.
            unsafe { progress(self.call, done, total, unit.as_ptr().cast::<c_char>(), unit.len()) }
        }
    }

    /// Gives a warning that the report repeats; [`Notice::partial`] also marks the source as incomplete.
    pub fn warn(&self, notice: &Notice) {
        let json = serde_json::to_string(notice).unwrap_or_default();
        // SAFETY: this is the id of the notice table.
        match unsafe { Self::interface::<NoticeTable>(c"vigie.notice/1") }.and_then(|t| t.notice) {
            // SAFETY: the text is borrowed for the call.
            Some(send) => unsafe { send(self.call, json.as_ptr().cast::<c_char>(), json.len()) },
            None => self.log(2, &notice.message.en),
        }
    }

    /// True when the source should stop soon.
    pub fn cancelled(&self) -> bool {
        // SAFETY: the call is valid as long as this context is.
        self.stop.load(Ordering::Relaxed)
            || Self::host().and_then(|h| h.cancelled).is_some_and(|cancelled| unsafe { cancelled(self.call) } != 0)
    }

    /// Waits; the host's idle clock stands still meanwhile.
    ///
    /// # Errors
    /// [`Code::Cancelled`] when the wait was cut short.
    pub fn sleep(&self, duration: Duration) -> Result<()> {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        // SAFETY: the call is valid as long as this context is.
        let code =
            Self::host().and_then(|h| h.sleep).map_or(abi::OK, |sleep| unsafe { sleep(self.call, milliseconds) });
        if code == abi::OK { Ok(()) } else { Err(Error::new(Code::Cancelled, "cancelled while waiting")) }
    }

    /// Waits until `cost` units of the declared bucket are free.
    ///
    /// # Errors
    /// [`Code::Quota`] when the day's quota is used up, [`Code::Denied`] when the manifest declares no such bucket, or
    /// [`Code::Cancelled`]; the host has the words.
    pub fn throttle(&self, bucket: &str, cost: u32) -> Result<()> {
        let Some(throttle) = Self::host().and_then(|h| h.throttle) else { return Ok(()) };
        // SAFETY: the text is borrowed for the call.
        match unsafe { throttle(self.call, bucket.as_ptr().cast::<c_char>(), bucket.len(), cost) } {
            abi::OK => Ok(()),
            code => Err(Error::refused(code)),
        }
    }

    pub(crate) fn reply(&self, json: &str) {
        if let Some(reply) = Self::host().and_then(|h| h.reply) {
            // SAFETY: the text is borrowed for the call.
            unsafe { reply(self.call, json.as_ptr().cast::<c_char>(), json.len()) }
        }
    }

    pub(crate) fn reject(&self, json: &str) {
        if let Some(reject) = Self::host().and_then(|h| h.reject) {
            // SAFETY: the text is borrowed for the call.
            unsafe { reject(self.call, json.as_ptr().cast::<c_char>(), json.len()) }
        }
    }

    pub(crate) fn side_rows(&self, table: &str, json: &str) -> i32 {
        Self::host().and_then(|h| h.rows).map_or(Code::Unsupported as i32, |rows| {
            // SAFETY: the texts are borrowed for the call.
            unsafe {
                rows(
                    self.call,
                    table.as_ptr().cast::<c_char>(),
                    table.len(),
                    json.as_ptr().cast::<c_char>(),
                    json.len(),
                )
            }
        })
    }

    pub(crate) fn fail(&self, error: &Error) -> i32 {
        let detail = error.detail();
        if let Some(fail) = Self::host().and_then(|h| h.fail) {
            let text = error.message();
            // SAFETY: the texts are borrowed for the call.
            unsafe {
                fail(
                    self.call,
                    error.code(),
                    text.as_ptr().cast::<c_char>(),
                    text.len(),
                    detail.as_ptr().cast::<c_char>(),
                    detail.len(),
                );
            }
        }
        error.code()
    }
}
