//! What a plugin may ask of the world outside, and who answers it: the trait behind `vigie.http/1`, `vigie.secret/1`
//! and `throttle`.
//!
//! The runner's process reaches nothing by itself. It asks through its pipe; the host hands the request to a
//! [`Broker`], on a thread of its own, and sends the answer back. This crate knows no HTTP: `vigie-broker` does.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use vigie_model::diagnostic::Bilingual;
use vigie_plugin::Code;

use crate::sink::Level;

/// One HTTP request, as the plugin wrote it: secrets are still `{{secret:name}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// Method, upper case.
    pub method: String,
    /// Address.
    pub url: String,
    /// Headers, names lower case.
    pub headers: BTreeMap<String, String>,
    /// Body; empty means none.
    pub body: Vec<u8>,
    /// Longest time for one try; `None` means the host's default.
    pub timeout: Option<Duration>,
    /// False when a failed try is the answer.
    pub retry: bool,
    /// False when nothing may be answered from memory.
    pub cache: bool,
}

impl HttpRequest {
    /// A request without headers and body, retried and cached as the host likes.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            headers: BTreeMap::new(),
            body: Vec::new(),
            timeout: None,
            retry: true,
            cache: true,
        }
    }
}

/// The final answer of a service, whatever its status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpResponse {
    /// Status, 100 to 599.
    pub status: u16,
    /// Headers, names lower case, each with all its values in order.
    pub headers: BTreeMap<String, Vec<String>>,
    /// Body, decompressed.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first value of a header; `name` is lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.first().map(String::as_str)
    }
}

/// Why the host did not do what a plugin asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Class, a code of the ABI.
    pub code: Code,
    /// What happened, without final period.
    pub message: Bilingual,
    /// What to do next.
    pub hint: Option<Bilingual>,
    /// When asking again may help, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

impl Refusal {
    /// A refusal of the class `code`.
    pub fn new(code: Code, en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { code, message: Bilingual::new(en, fr), hint: None, retry_after_ms: None }
    }

    /// The same, with advice.
    #[must_use]
    pub fn hint(mut self, en: impl Into<String>, fr: impl Into<String>) -> Self {
        self.hint = Some(Bilingual::new(en, fr));
        self
    }

    /// The same, worth asking again after `wait`.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after_ms = Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        self
    }

    /// The run is being cancelled.
    pub fn cancelled() -> Self {
        Self::new(Code::Cancelled, "the run is being cancelled", "l'exécution est annulée")
    }
}

/// What comes with every request to a [`Broker`]: whether it is still wanted, and where to say what happens meanwhile.
#[derive(Clone, Copy)]
pub struct Errand<'a> {
    stop: &'a AtomicBool,
    say: &'a dyn Fn(Level, &str),
}

impl<'a> Errand<'a> {
    /// An errand that is over when `stop` is set; `say` takes lines for the log of the source.
    pub fn new(stop: &'a AtomicBool, say: &'a dyn Fn(Level, &str)) -> Self {
        Self { stop, say }
    }

    /// True when nobody waits for the answer any more; the broker then returns within a tenth of a second or so.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Adds a line to the log of the source.
    pub fn say(&self, level: Level, text: &str) {
        (self.say)(level, text);
    }
}

/// Serves one source. Calls come from a thread that may wait as long as it takes.
pub trait Broker: Send + Sync {
    /// Performs a request within the manifest's permissions. Any final HTTP answer is a response, 4xx included.
    ///
    /// # Errors
    /// `Denied`, `Network`, `Quota`, `Limit`, `Auth` or `Cancelled`.
    fn send(&self, request: &HttpRequest, errand: Errand<'_>) -> Result<HttpResponse, Refusal>;

    /// Waits until `cost` units of a declared bucket are free, and takes them.
    ///
    /// # Errors
    /// `Denied` for a bucket the manifest does not declare, `Quota` when waiting is no use, `Cancelled`.
    fn throttle(&self, bucket: &str, cost: u32, errand: Errand<'_>) -> Result<(), Refusal>;

    /// The value of a secret whose exposure is `plugin`.
    ///
    /// # Errors
    /// `Denied` when it is not declared so, `Auth` when there is no value.
    fn secret(&self, name: &str) -> Result<String, Refusal>;

    /// Keeps the new value of a secret that rotates; it is safe on disk when this returns.
    ///
    /// # Errors
    /// `Denied` when it is not declared so, `Internal` when it cannot be written.
    fn keep_secret(&self, name: &str, value: &str) -> Result<(), Refusal>;

    /// `text` without values of secrets and without the values of query keys that usually carry one.
    fn redacted<'t>(&self, text: &'t str) -> Cow<'t, str>;

    /// True when `text` holds the value of a secret.
    fn holds_secret(&self, text: &str) -> bool;

    /// Requests that came to nothing, and that were not repeated with success: what the plugin must speak of.
    fn unanswered(&self) -> Vec<Bilingual> {
        Vec::new()
    }

    /// True once the plugin has got the value of a secret, and could write it into a row.
    fn told_secret(&self) -> bool {
        false
    }

    /// How many requests it may make, once one more than that was asked for.
    fn budget_spent(&self) -> Option<u64> {
        None
    }
}

/// A refusal as the child gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refused {
    pub(crate) code: i32,
    pub(crate) en: String,
    pub(crate) fr: String,
    pub(crate) hint: Option<(String, String)>,
    pub(crate) retry_after_ms: Option<u64>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.code as i32,
            en: refusal.message.en,
            fr: refusal.message.fr,
            hint: refusal.hint.map(|h| (h.en, h.fr)),
            retry_after_ms: refusal.retry_after_ms,
        }
    }
}
