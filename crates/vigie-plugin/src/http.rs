//! HTTP for a source: a request, described; the host performs it.
//!
//! Retries, redirections, rates, compression and secrets are the host's. A source writes the name of a secret, never
//! its value.

use std::collections::BTreeMap;
use std::ffi::c_char;
use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::abi::{self, Call, HttpRequest, HttpResponse, HttpTable};
use crate::context::Context;
use crate::error::{Code, Error, Result};

const NO_RETRY: u32 = 1;
const NO_CACHE: u32 = 2;

/// Makes requests; from [`Context::http`].
///
/// ```no_run
/// # use vigie_plugin::{Context, Result};
/// #[derive(serde::Deserialize)]
/// struct Page {
///     items: Vec<String>,
/// }
///
/// fn page(context: &Context, query: &str, number: u32) -> Result<Page> {
///     let answer = context
///         .http()
///         .get("https://api.example.org/v1/search")
///         .query("q", query)
///         .query("page", number)
///         .bearer("token") // the secret called `token` in plugin.toml
///         .send()?;
///     answer.success()?.json()
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Http<'a> {
    context: &'a Context,
}

impl<'a> Http<'a> {
    pub(crate) fn new(context: &'a Context) -> Self {
        Self { context }
    }

    /// A GET request.
    pub fn get(&self, url: &str) -> HttpCall<'a> {
        self.request("GET", url)
    }

    /// A POST request; the manifest must list the method.
    pub fn post(&self, url: &str) -> HttpCall<'a> {
        self.request("POST", url)
    }

    /// A request with any method that the manifest lists.
    pub fn request(&self, method: &str, url: &str) -> HttpCall<'a> {
        HttpCall {
            context: self.context,
            method: method.to_owned(),
            url: url.to_owned(),
            headers: BTreeMap::new(),
            body: Vec::new(),
            timeout: Duration::ZERO,
            flags: 0,
        }
    }
}

/// One request, not sent yet.
#[must_use = "nothing happens until `send`"]
pub struct HttpCall<'a> {
    context: &'a Context,
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
    timeout: Duration,
    flags: u32,
}

impl HttpCall<'_> {
    /// Adds `name=value` to the query, encoded.
    #[allow(clippy::needless_pass_by_value, reason = "numbers and texts are written as they are, without `&`")]
    pub fn query(mut self, name: &str, value: impl ToString) -> Self {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        let _ = write!(self.url, "{separator}{}={}", encoded(name), encoded(&value.to_string()));
        self
    }

    /// Adds `name=` and the value of a secret to the query. A header is the better place where the service takes one.
    pub fn query_secret(mut self, name: &str, secret: &str) -> Self {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        let _ = write!(self.url, "{separator}{}={{{{secret:{secret}}}}}", encoded(name));
        self
    }

    /// Sets a header. `{{secret:name}}` in the value stands for a secret.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.insert(name.to_ascii_lowercase(), value.into());
        self
    }

    /// Sends `Authorization: Bearer` and the value of a secret.
    pub fn bearer(self, secret: &str) -> Self {
        self.header("authorization", format!("Bearer {{{{secret:{secret}}}}}"))
    }

    /// Sends Basic authentication with two secrets.
    pub fn basic(self, user: &str, password: &str) -> Self {
        self.header("authorization", format!("{{{{basic:{user}:{password}}}}}"))
    }

    /// Asks for the content only if it changed; the answer is then 304. Empty or absent values ask for it anyway.
    pub fn if_changed(self, etag: Option<&str>, last_modified: Option<&str>) -> Self {
        let known = |value: Option<&str>| value.filter(|v| !v.is_empty()).map(str::to_owned);
        let call = match known(etag) {
            Some(etag) => self.header("if-none-match", etag),
            None => self,
        };
        match known(last_modified) {
            Some(date) => call.header("if-modified-since", date),
            None => call,
        }
    }

    /// Draws `cost` units from a bucket of the manifest before each try, instead of one from the bucket `default`.
    pub fn bucket(self, name: &str, cost: u32) -> Self {
        self.header(abi::BUCKET_HEADER, format!("{name} {cost}"))
    }

    /// Sends bytes.
    pub fn body(mut self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = bytes.into();
        self.header("content-type", content_type)
    }

    /// Sends a value as JSON.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn json(self, value: &impl Serialize) -> Result<Self> {
        let bytes = serde_json::to_vec(value)?;
        Ok(self.body("application/json", bytes))
    }

    /// Longest time for one try; a minute unless said otherwise.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Takes the first answer, whatever it is.
    pub fn no_retry(mut self) -> Self {
        self.flags |= NO_RETRY;
        self
    }

    /// Takes nothing from the host's memory of earlier answers.
    pub fn no_cache(mut self) -> Self {
        self.flags |= NO_CACHE;
        self
    }

    /// Lets the host perform the request. Any final answer is an answer, 404 included: see [`HttpAnswer::success`].
    ///
    /// # Errors
    /// [`Code::Network`], [`Code::Quota`], [`Code::Denied`], [`Code::Limit`], [`Code::Auth`] (a secret is missing) or
    /// [`Code::Cancelled`], in the host's words.
    pub fn send(self) -> Result<HttpAnswer> {
        // SAFETY: the host answers with a table for this id, or null.
        let table = unsafe { Context::interface::<HttpTable>(c"vigie.http/1") };
        let Some((send, release)) = table.and_then(|t| t.send.zip(t.release)) else {
            return Err(Error::new(Code::Unsupported, "this host offers no HTTP"));
        };
        let headers = serde_json::to_string(&self.headers)?;
        let request = HttpRequest {
            struct_size: size_of::<HttpRequest>() as u32,
            flags: self.flags,
            method: self.method.as_ptr().cast::<c_char>(),
            method_len: self.method.len(),
            url: self.url.as_ptr().cast::<c_char>(),
            url_len: self.url.len(),
            headers_json: headers.as_ptr().cast::<c_char>(),
            headers_len: headers.len(),
            body: self.body.as_ptr(),
            body_len: self.body.len(),
            timeout_ms: u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX),
        };
        let mut raw = HttpResponse {
            struct_size: size_of::<HttpResponse>() as u32,
            status: 0,
            body: std::ptr::null(),
            body_len: 0,
            headers_json: std::ptr::null(),
            headers_len: 0,
            handle: std::ptr::null_mut(),
        };
        // SAFETY: everything the request leads to lives until the call returns; the call is valid.
        let code = unsafe { send(self.context.call(), &raw const request, &raw mut raw) };
        let held = Held { raw, release };
        if code != abi::OK {
            return Err(Error::from_host(code, held.bytes()));
        }
        let headers: BTreeMap<String, Value> = serde_json::from_slice(held.header_bytes()).unwrap_or_default();
        Ok(HttpAnswer { url: self.url, headers, held })
    }
}

type Release = unsafe extern "C" fn(*mut HttpResponse);

/// A response, given back to the host when it is dropped.
struct Held {
    raw: HttpResponse,
    release: Release,
}

// SAFETY: the host's memory behind a response does not change until it is released, from whatever thread.
unsafe impl Send for Held {}
// SAFETY: as above; nothing is written through a shared reference.
unsafe impl Sync for Held {}

impl Held {
    fn bytes(&self) -> &[u8] {
        // SAFETY: `send` filled both fields, and the response is not released before `self` is dropped.
        unsafe { slice(self.raw.body, self.raw.body_len) }
    }

    fn header_bytes(&self) -> &[u8] {
        // SAFETY: as above.
        unsafe { slice(self.raw.headers_json.cast(), self.raw.headers_len) }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: the response is the host's, and this is the only release.
        unsafe { (self.release)(&raw mut self.raw) }
    }
}

/// # Safety
/// `start` is null or leads to `len` bytes that live as long as the result.
unsafe fn slice<'a>(start: *const u8, len: usize) -> &'a [u8] {
    // SAFETY: promised by the caller.
    if start.is_null() { &[] } else { unsafe { std::slice::from_raw_parts(start, len) } }
}

/// What a service answered.
pub struct HttpAnswer {
    url: String,
    headers: BTreeMap<String, Value>,
    held: Held,
}

impl HttpAnswer {
    /// The status, 200 for instance.
    pub fn status(&self) -> u16 {
        u16::try_from(self.held.raw.status).unwrap_or(0)
    }

    /// True when the service says that nothing changed since [`HttpCall::if_changed`].
    pub fn unchanged(&self) -> bool {
        self.status() == 304
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        match self.headers.get(&name.to_ascii_lowercase())? {
            Value::Array(values) => values.first()?.as_str(),
            value => value.as_str(),
        }
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        self.held.bytes()
    }

    /// The body as text, without a byte order mark.
    ///
    /// # Errors
    /// [`Code::Remote`] when it is not UTF-8: guessing would spoil names and texts.
    pub fn text(&self) -> Result<&str> {
        let bytes = self.bytes();
        match std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
            Ok(text) => Ok(text),
            Err(error) => {
                let at = error.valid_up_to();
                Err(self.unexpected(&format!("byte {at} is not UTF-8"), &format!("l'octet {at} n'est pas de l'UTF-8")))
            }
        }
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`Code::Remote`] when it is something else, a page in HTML or half an answer for instance.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(self.text()?).map_err(|error| {
            self.unexpected(&format!("not the expected JSON: {error}"), &format!("pas le JSON attendu : {error}"))
        })
    }

    /// The same answer when its status is below 400.
    ///
    /// # Errors
    /// 401 and 403: [`Code::Auth`]. 404 and 410: [`Code::NotFound`]. 429: [`Code::RateLimited`]. 408, 425 and 5xx:
    /// [`Code::Network`]. Anything else: [`Code::Remote`].
    pub fn success(self) -> Result<Self> {
        let status = self.status();
        let code = match status {
            ..=399 => return Ok(self),
            401 | 403 => Code::Auth,
            404 | 410 => Code::NotFound,
            429 => Code::RateLimited,
            408 | 425 | 500.. => Code::Network,
            _ => Code::Remote,
        };
        let place = self.place();
        let mut error = Error::new(code, format!("{place} answered {status}"))
            .french(format!("{place} a répondu {status}"))
            .status(status);
        if let Some(seconds) = self.header("retry-after").and_then(|v| v.trim().parse::<u64>().ok()) {
            error = error.retry_after(seconds.saturating_mul(1_000));
        }
        Err(error)
    }

    /// An error of the class [`Code::Remote`]: the answer is not what the service promises.
    pub fn unexpected(&self, en: &str, fr: &str) -> Error {
        let place = self.place();
        Error::new(Code::Remote, format!("{place}: {en}")).french(format!("{place} : {fr}")).status(self.status())
    }

    /// The address without its query.
    fn place(&self) -> &str {
        self.url.split(['?', '#']).next().unwrap_or_default()
    }
}

/// Percent-encoding of everything but what needs none anywhere.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Reads a secret the plugin may see.
pub(crate) fn secret(context: &Context, name: &str) -> Result<String> {
    // SAFETY: the host answers with a table for this id, or null.
    let table = unsafe { Context::interface::<abi::SecretTable>(c"vigie.secret/1") };
    let Some(get) = table.and_then(|t| t.get) else {
        return Err(Error::new(Code::Unsupported, "this host offers no secrets"));
    };
    let mut buffer = vec![0_u8; 512];
    loop {
        let mut needed = 0;
        let place = buffer.as_mut_ptr().cast::<c_char>();
        let call: *mut Call = context.call();
        // SAFETY: name and buffer are valid for the call, with the lengths given.
        let code = unsafe { get(call, name.as_ptr().cast(), name.len(), place, buffer.len(), &raw mut needed) };
        if code == abi::OK {
            buffer.truncate(needed);
            return String::from_utf8(buffer)
                .map_err(|_| Error::new(Code::Auth, format!("secret `{name}` is not text")));
        }
        if code != Code::Limit as i32 || needed < buffer.len() {
            return Err(Error::refused(code));
        }
        buffer = vec![0; needed + 1];
    }
}

/// Hands over the new value of a secret that rotates.
pub(crate) fn keep_secret(context: &Context, name: &str, value: &str) -> Result<()> {
    // SAFETY: the host answers with a table for this id, or null.
    let table = unsafe { Context::interface::<abi::SecretTable>(c"vigie.secret/1") };
    let Some(put) = table.and_then(|t| t.put) else {
        return Err(Error::new(Code::Unsupported, "this host offers no secrets"));
    };
    // SAFETY: both texts are valid for the call.
    match unsafe { put(context.call(), name.as_ptr().cast(), name.len(), value.as_ptr().cast(), value.len()) } {
        abi::OK => Ok(()),
        code => Err(Error::refused(code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_encoded_and_secrets_are_not() {
        let context = Context::new(std::ptr::null_mut());
        let call = Http::new(&context).get("https://a.example/x").query("q", "été & co").query_secret("key", "api");
        assert_eq!(call.url, "https://a.example/x?q=%C3%A9t%C3%A9%20%26%20co&key={{secret:api}}");
        let call = call.bearer("token").bucket("search", 100).if_changed(Some("\"v1\""), Some(""));
        assert_eq!(call.headers["authorization"], "Bearer {{secret:token}}");
        assert_eq!(call.headers["vigie-bucket"], "search 100");
        assert_eq!(call.headers["if-none-match"], "\"v1\"");
        assert!(!call.headers.contains_key("if-modified-since"));
    }

    #[test]
    fn without_a_host_there_is_no_network() {
        let context = Context::new(std::ptr::null_mut());
        let error = Http::new(&context).get("https://a.example/").send().err();
        assert_eq!(error.map(|e| e.code()), Some(Code::Unsupported as i32));
    }
}
