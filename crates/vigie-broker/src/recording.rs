//! Recordings: what was asked and answered, in a file that people read, compare and edit.
//!
//! A recording is TOML, one `[[exchange]]` per request and answer, in the order they happened:
//!
//! ```toml
//! recording = 1
//!
//! [[exchange]]
//! method = "GET"                                   # default
//! url = "https://api.example.org/search?q=nordet&key={{secret:key}}"
//! request_headers = { accept = "application/json" }   # those the plugin gave; all of them must come again
//! request_body = '{"page":1}'                      # the body must come again, byte for byte
//! status = 200
//! headers = { content-type = "application/json", link = ["<…>; rel=next", "<…>; rel=last"] }
//! body = '''
//! {"items":[]}'''
//!
//! [[exchange]]
//! url = "https://api.example.org/search?q=nordet&page=2"
//! status = 429                                     # the next exchange of the same request answers the next try
//! headers = { retry-after = "7" }
//!
//! [[exchange]]
//! url = "https://api.example.org/search?q=nordet&page=2"
//! body_file = "page-2.json"                        # beside the recording
//!
//! [[exchange]]
//! url = "https://api.example.org/slow"
//! failure = "timeout"                              # refused, name, encryption, timeout, broken
//! repeat = true                                    # answers the same as often as it is asked
//! ```
//!
//! Exchanges of one request answer in their order, once each; the last one again only with `repeat`. A request that
//! no exchange answers is an error that names the nearest one. `body_base64` holds what is not text, and `length`
//! makes a body as long as that by repeating it, for services that never stop. Secrets are never in a recording:
//! requests show their names, answers lose their values, and so do query keys and JSON fields that usually carry one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use vigie_plugin_host::{Errand, HttpResponse};

use crate::decompress::too_long;
use crate::redact;
use crate::transport::{Fault, Outgoing, Shown, Transport, TransportError};

/// Headers of answers that say nothing about the content and differ each time.
const NOISE: &[&str] = &[
    "accept-ranges",
    "age",
    "alt-svc",
    "cf-cache-status",
    "cf-ray",
    "connection",
    "content-length",
    "content-security-policy",
    "date",
    "expect-ct",
    "keep-alive",
    "nel",
    "permissions-policy",
    "pragma",
    "referrer-policy",
    "report-to",
    "reporting-endpoints",
    "server",
    "server-timing",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "via",
    "x-amz-cf-id",
    "x-amz-cf-pop",
    "x-cache",
    "x-cache-hits",
    "x-content-type-options",
    "x-frame-options",
    "x-powered-by",
    "x-request-id",
    "x-runtime",
    "x-served-by",
    "x-timer",
    "x-xss-protection",
];

/// A header's value or values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Several(Vec<String>),
}

/// A failure to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Failure {
    Refused,
    Name,
    Encryption,
    Timeout,
    Broken,
}

/// Plain values first: TOML wants tables after them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exchange {
    #[serde(default = "get", skip_serializing_if = "is_get")]
    method: String,
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
    #[serde(default = "ok")]
    status: u16,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    repeat: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_file: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    request_headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, Values>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    recording: u32,
    #[serde(default, rename = "exchange")]
    exchanges: Vec<Exchange>,
}

fn get() -> String {
    "GET".to_owned()
}

fn is_get(method: &str) -> bool {
    method == "GET"
}

fn ok() -> u16 {
    200
}

/// A recording that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file, or one it names.
    #[error("cannot use `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Not a recording.
    #[error("{}:{line}: {message}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

impl RecordingError {
    /// The same in both languages.
    pub fn message(&self) -> vigie_model::diagnostic::Bilingual {
        let french = match self {
            Self::Io { path, source } => format!("`{}` est inutilisable : {source}", path.display()),
            Self::Form { path, line, message } => format!("{}:{line} : {message}", path.display()),
        };
        vigie_model::diagnostic::Bilingual::new(self.to_string(), french)
    }
}

/// Answers requests from a recording; the network is never used.
pub struct Replay {
    exchanges: Vec<(Exchange, Vec<u8>)>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    used: Vec<u32>,
    asked: Vec<Shown>,
}

impl Replay {
    /// Reads the recording `path`.
    ///
    /// # Errors
    /// A file that cannot be read, with line and reason.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| RecordingError::Io { path: path.to_owned(), source })?;
        Self::parse(&text, path)
    }

    /// The recording `text`; files it names lie beside `path`.
    ///
    /// # Errors
    /// As [`Replay::open`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, RecordingError> {
        let form = |at: usize, message: String| RecordingError::Form {
            path: path.to_owned(),
            line: text[..at.min(text.len())].matches('\n').count() + 1,
            message,
        };
        let document: Document =
            toml::from_str(text).map_err(|e| form(e.span().map_or(0, |s| s.start), e.message().to_owned()))?;
        if document.recording != 1 {
            return Err(form(0, format!("recording {} is not known, only 1", document.recording)));
        }
        let mut exchanges = Vec::with_capacity(document.exchanges.len());
        for (index, exchange) in document.exchanges.into_iter().enumerate() {
            let start = text.match_indices("[[exchange]]").nth(index).map_or(0, |(at, _)| at);
            let bodies = [exchange.body.is_some(), exchange.body_base64.is_some(), exchange.body_file.is_some()];
            if bodies.iter().filter(|b| **b).count() > 1 {
                return Err(form(start, "an exchange has more than one body".to_owned()));
            }
            let body = match (&exchange.body, &exchange.body_base64, &exchange.body_file) {
                (Some(text), ..) => text.clone().into_bytes(),
                (_, Some(code), _) => {
                    let code: String = code.split_whitespace().collect();
                    STANDARD.decode(code).map_err(|e| form(start, format!("body_base64: {e}")))?
                }
                (.., Some(file)) => {
                    let file = path.parent().unwrap_or(Path::new(".")).join(file);
                    std::fs::read(&file).map_err(|source| RecordingError::Io { path: file, source })?
                }
                _ => Vec::new(),
            };
            exchanges.push((exchange, body));
        }
        let state = State { used: vec![0; exchanges.len()], asked: Vec::new() };
        Ok(Self { exchanges, state: Mutex::new(state) })
    }

    /// Every request that was asked, in order, whether the recording knew it or not.
    pub fn asked(&self) -> Vec<Shown> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).asked.clone()
    }

    /// Method and address of the exchanges nobody asked for.
    pub fn unused(&self) -> Vec<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let exchanges = self.exchanges.iter().zip(&state.used);
        exchanges.filter(|(_, used)| **used == 0).map(|((e, _), _)| format!("{} {}", e.method, e.url)).collect()
    }

    /// The next exchange that answers `shown`.
    fn next(&self, shown: &Shown) -> Result<&(Exchange, Vec<u8>), TransportError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.asked.push(shown.clone());
        let fitting: Vec<usize> =
            (0..self.exchanges.len()).filter(|index| difference(&self.exchanges[*index].0, shown).is_none()).collect();
        let fresh = fitting.iter().find(|index| state.used[**index] == 0);
        let again = || fitting.last().filter(|index| self.exchanges[**index].0.repeat);
        let Some(index) = fresh.or_else(again).copied() else {
            return Err(TransportError::new(Fault::Unrecorded, self.unknown(shown, fitting.len())));
        };
        state.used[index] += 1;
        Ok(&self.exchanges[index])
    }

    fn unknown(&self, shown: &Shown, known: usize) -> String {
        let asked = format!("{} {}", shown.method, shown.url);
        if known > 0 {
            return format!("{asked}: recorded {known} times and asked once more (`repeat = true` allows that)");
        }
        let same = self.exchanges.iter().find(|(e, _)| e.url == shown.url && e.method == shown.method);
        if let Some(what) = same.and_then(|(e, _)| difference(e, shown)) {
            return format!("{asked}: recorded with another {what}");
        }
        let alike = |e: &Exchange| e.url.bytes().zip(shown.url.bytes()).take_while(|(a, b)| a == b).count();
        match self.exchanges.iter().map(|(e, _)| e).max_by_key(|e| alike(e)) {
            Some(nearest) => format!("{asked}: not recorded; the nearest is {} {}", nearest.method, nearest.url),
            None => format!("{asked}: not recorded; the recording is empty"),
        }
    }
}

/// What differs between a recorded request and one that is asked; nothing when the exchange answers it.
fn difference(exchange: &Exchange, shown: &Shown) -> Option<String> {
    if exchange.method != shown.method || exchange.url != shown.url {
        return Some("address".to_owned());
    }
    let header = exchange.request_headers.iter().find(|(name, value)| shown.headers.get(*name) != Some(value));
    if let Some((name, _)) = header {
        return Some(format!("header {name}"));
    }
    match &exchange.request_body {
        Some(body) if body.as_bytes() != shown.body => Some("body".to_owned()),
        _ => None,
    }
}

impl Transport for Replay {
    fn perform(&self, request: &Outgoing, _errand: Errand<'_>) -> Result<HttpResponse, TransportError> {
        let (exchange, body) = self.next(&request.shown)?;
        if let Some(failure) = exchange.failure {
            let fault = match failure {
                Failure::Refused => Fault::Refused,
                Failure::Name => Fault::Name,
                Failure::Encryption => Fault::Encryption,
                Failure::Timeout => Fault::Timeout,
                Failure::Broken => Fault::Broken,
            };
            return Err(TransportError::new(fault, "as recorded"));
        }
        let length = exchange.length.unwrap_or(body.len());
        if length > request.body_limit {
            return Err(too_long(request.body_limit));
        }
        let filler: &[u8] = if body.is_empty() { b" " } else { body };
        let body = filler.iter().copied().cycle().take(length).collect();
        let values = |values: &Values| match values {
            Values::One(value) => vec![value.clone()],
            Values::Several(values) => values.clone(),
        };
        let headers = exchange.headers.iter().map(|(name, v)| (name.to_ascii_lowercase(), values(v))).collect();
        Ok(HttpResponse { status: exchange.status, headers, body })
    }
}

/// Passes requests on and writes down what happens.
pub struct Recorder<T> {
    inner: T,
    exchanges: Mutex<Vec<Exchange>>,
}

impl<T: Transport> Recorder<T> {
    /// Records what goes through `inner`.
    pub fn new(inner: T) -> Self {
        Self { inner, exchanges: Mutex::new(Vec::new()) }
    }

    /// Everything so far, as a recording. `hide` takes values of secrets out of a text; see
    /// [`Redactor::redacted`](crate::Redactor::redacted).
    pub fn text(&self, hide: &dyn Fn(&str) -> String) -> String {
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let document = Document { recording: 1, exchanges: exchanges.into_iter().map(|e| hidden(e, hide)).collect() };
        // Plain data always has a form in TOML.
        toml::to_string_pretty(&document).unwrap_or_default()
    }

    /// Writes [`Recorder::text`] to `path`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path, hide: &dyn Fn(&str) -> String) -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, self.text(hide))
    }
}

fn hidden(mut exchange: Exchange, hide: &dyn Fn(&str) -> String) -> Exchange {
    exchange.url = hide(&exchange.url);
    exchange.request_body = exchange.request_body.map(|b| hide(&b));
    exchange.request_headers.values_mut().for_each(|v| *v = hide(v));
    for values in exchange.headers.values_mut() {
        match values {
            Values::One(value) => *value = hide(value),
            Values::Several(several) => several.iter_mut().for_each(|v| *v = hide(v)),
        }
    }
    exchange.body = exchange.body.map(|b| redact::fields(&hide(&b)).into_owned());
    exchange
}

impl<T: Transport> Transport for Recorder<T> {
    fn perform(&self, request: &Outgoing, errand: Errand<'_>) -> Result<HttpResponse, TransportError> {
        let result = self.inner.perform(request, errand);
        if let Some(exchange) = recorded(&request.shown, &result) {
            self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
        }
        result
    }
}

/// `None` for what is no answer of the service.
fn recorded(shown: &Shown, result: &Result<HttpResponse, TransportError>) -> Option<Exchange> {
    let mut exchange = Exchange {
        method: shown.method.clone(),
        url: shown.url.clone(),
        request_headers: shown.headers.clone(),
        request_body: (!shown.body.is_empty()).then(|| String::from_utf8_lossy(&shown.body).into_owned()),
        failure: None,
        status: 200,
        repeat: false,
        length: None,
        headers: BTreeMap::new(),
        body: None,
        body_base64: None,
        body_file: None,
    };
    match result {
        Err(error) => {
            exchange.failure = Some(match error.fault {
                Fault::Refused => Failure::Refused,
                Fault::Name => Failure::Name,
                Fault::Encryption => Failure::Encryption,
                Fault::Timeout => Failure::Timeout,
                Fault::Broken => Failure::Broken,
                Fault::TooLong | Fault::Cancelled | Fault::Unrecorded => return None,
            });
        }
        Ok(response) => {
            exchange.status = response.status;
            let kept = response.headers.iter().filter(|(name, _)| !NOISE.contains(&name.as_str()));
            exchange.headers = kept
                .map(|(name, values)| {
                    let values = match values.as_slice() {
                        [only] => Values::One(only.clone()),
                        several => Values::Several(several.to_vec()),
                    };
                    (name.clone(), values)
                })
                .collect();
            match std::str::from_utf8(&response.body) {
                Ok("") => {}
                Ok(text) => exchange.body = Some(text.to_owned()),
                Err(_) => {
                    let code = STANDARD.encode(&response.body);
                    let lines: Vec<&str> =
                        (0..code.len()).step_by(100).map(|at| &code[at..code.len().min(at + 100)]).collect();
                    exchange.body_base64 = Some(format!("\n{}\n", lines.join("\n")));
                }
            }
        }
    }
    Some(exchange)
}

#[cfg(test)]
mod tests;
