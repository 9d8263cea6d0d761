//! The real network: reqwest with rustls, proxies of the environment, one runtime for all sources.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, redirect};
use tokio::runtime::Runtime;
use vigie_plugin_host::network::is_loopback;
use vigie_plugin_host::{Errand, HttpResponse};

use crate::decompress::{ACCEPTED, decompressed, too_long};
use crate::transport::{Fault, Outgoing, Transport, TransportError};

/// Longest time to get a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Between two looks at the errand.
const NAP: Duration = Duration::from_millis(50);
/// Most bytes of an answer's headers that are passed on.
const MAX_HEADERS: usize = 256 << 10;

/// Sends requests over the network.
pub struct Live {
    /// `None` only while it is being dropped.
    runtime: Option<Runtime>,
    client: Client,
    /// For this machine itself, which no proxy reaches.
    near: Client,
}

impl Live {
    /// A client that calls itself `agent` and trusts the machine's certificates, and those in `roots` (PEM) too.
    ///
    /// # Errors
    /// When certificates cannot be read or no thread can be started.
    pub fn new(agent: &str, roots: &[u8]) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let roots = reqwest::Certificate::from_pem_bundle(roots).map_err(std::io::Error::other)?;
        let client = || {
            Client::builder()
                .user_agent(agent)
                .redirect(redirect::Policy::none())
                .connect_timeout(CONNECT)
                .pool_max_idle_per_host(2)
                .tls_certs_merge(roots.clone())
        };
        let built = |builder: reqwest::ClientBuilder| builder.build().map_err(|e| std::io::Error::other(story(&e)));
        Ok(Self { runtime: Some(runtime), client: built(client())?, near: built(client().no_proxy())? })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A name that is being looked up cannot be interrupted; nobody waits for it.
            runtime.shutdown_background();
        }
    }
}

impl Transport for Live {
    fn perform(&self, request: &Outgoing, errand: Errand<'_>) -> Result<HttpResponse, TransportError> {
        let Some(runtime) = &self.runtime else {
            return Err(TransportError::new(Fault::Cancelled, "the program is ending"));
        };
        let client = if is_loopback(&request.url) { &self.near } else { &self.client };
        runtime.block_on(async {
            tokio::select! {
                result = tokio::time::timeout(request.timeout, fetch(client, request)) => {
                    result.unwrap_or_else(|_| {
                        let detail = format!("not finished after {:.1} s", request.timeout.as_secs_f64());
                        Err(TransportError::new(Fault::Timeout, detail))
                    })
                }
                () = stopped(errand) => Err(TransportError::new(Fault::Cancelled, "cancelled")),
            }
        })
    }
}

async fn stopped(errand: Errand<'_>) {
    while !errand.stopped() {
        tokio::time::sleep(NAP).await;
    }
}

async fn fetch(client: &Client, request: &Outgoing) -> Result<HttpResponse, TransportError> {
    let broken = |what: String| TransportError::new(Fault::Broken, what);
    let method = Method::from_bytes(request.method.as_bytes()).map_err(|e| broken(e.to_string()))?;
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|e| broken(e.to_string()))?;
        // The error of a wrong value does not tell the value.
        let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|e| broken(format!("header {name}: {e}")))?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    headers.insert(reqwest::header::ACCEPT_ENCODING, HeaderValue::from_static(ACCEPTED));
    let mut call = client.request(method, request.url.clone()).headers(headers);
    if !request.body.is_empty() {
        call = call.body(request.body.clone());
    }
    let mut response = call.send().await.map_err(|e| fault(&e))?;
    let status = response.status().as_u16();
    let mut headers = readable(response.headers());
    if response.content_length().is_some_and(|n| n > request.body_limit as u64) {
        return Err(too_long(request.body_limit));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| fault(&e))? {
        if body.len() + chunk.len() > request.body_limit {
            return Err(too_long(request.body_limit));
        }
        body.extend_from_slice(&chunk);
    }
    let encodings = headers.get("content-encoding").map(|v| v.join(",")).unwrap_or_default();
    let body = decompressed(body, &encodings, request.body_limit)?;
    if !encodings.is_empty() {
        // What is passed on is neither encoded nor that long any more.
        headers.remove("content-encoding");
        headers.remove("content-length");
    }
    Ok(HttpResponse { status, headers, body })
}

/// Headers as text; the few that are not UTF-8 are Latin 1, as HTTP once said.
fn readable(headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    let mut readable: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut bytes = 0;
    for (name, value) in headers {
        bytes += name.as_str().len() + value.len();
        if bytes > MAX_HEADERS {
            break;
        }
        let text = match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => text.to_owned(),
            Err(_) => value.as_bytes().iter().map(|b| char::from(*b)).collect(),
        };
        readable.entry(name.as_str().to_owned()).or_default().push(text);
    }
    readable
}

/// The kind of an error of the client, and its story without the address, which may hold a secret.
fn fault(error: &reqwest::Error) -> TransportError {
    let story = story(error);
    let lower = story.to_lowercase();
    let told = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let fault = if error.is_timeout() {
        Fault::Timeout
    } else if told(&["dns error", "failed to lookup"]) {
        Fault::Name
    } else if told(&["certificate", "handshake", "tls", "alert"]) {
        Fault::Encryption
    } else if error.is_connect() {
        Fault::Refused
    } else {
        Fault::Broken
    };
    TransportError::new(fault, story)
}

/// The causes of an error, outermost first. The outermost names the address and is left out when there are others.
fn story(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(current) = cause {
        causes.push(current.to_string());
        cause = current.source();
    }
    causes.dedup();
    if causes.is_empty() { "the request failed".to_owned() } else { causes.join(": ") }
}
