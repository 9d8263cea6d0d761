//! One source's door to the world: every rule of the contract between the plugin's request and the network.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use url::Url;
use vigie_model::diagnostic::Bilingual;
use vigie_plugin_host::budget;
use vigie_plugin_host::network::is_loopback;
use vigie_plugin_host::rate::{Bucket, DEFAULT_BUCKET, Line, buckets};
use vigie_plugin_host::{Broker, Code, Errand, HttpRequest, HttpResponse, Level, Limits, Manifest, Reach, Refusal};

use crate::hub::Hub;
use crate::memory::{self, Memory};
use crate::placeholder;
use crate::quota::{Quota, Refused};
use crate::redact;
use crate::retry::{self, TRIES};
use crate::secret::Secrets;
use crate::transport::{Fault, Outgoing, Shown, TransportError};

mod sites;

/// Redirections followed for one request.
const REDIRECTS: u32 = 5;
/// Longest time for one try when the plugin names none.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Waits at least this long are told to the user, not only to the log.
const TOLD: Duration = Duration::from_mins(1);
/// The header with which a plugin names its bucket.
const BUCKET: &str = "vigie-bucket";
/// Headers that are the host's business.
const OURS: &[&str] = &[
    "host",
    "user-agent",
    "accept-encoding",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
    "te",
    "expect",
];
/// Headers that go to nobody but the host they were meant for.
const PRIVATE: &[&str] = &["authorization", "cookie", "x-api-key"];

/// Serves one source.
pub struct Session {
    hub: Arc<Hub>,
    plugin: String,
    reach: Reach,
    secrets: Arc<Secrets>,
    buckets: Vec<Bucket>,
    body_limit: usize,
    most_requests: u64,
    requests: AtomicU64,
    told_secret: AtomicBool,
    /// Requests that came to nothing, by address, and why.
    unanswered: Mutex<BTreeMap<String, Bilingual>>,
    /// A request was refused because they were all sent.
    spent: AtomicBool,
    /// How long the requests of a run may wait for services, all together.
    patience: Duration,
    waited: Mutex<Duration>,
    memory: Mutex<Memory>,
}

/// A request that passed the rules of the manifest.
struct Prepared {
    method: String,
    url: Url,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
    shown: Shown,
    /// Names of headers in which a secret stands.
    secret: Vec<String>,
    secret_body: bool,
    timeout: Duration,
    retry: bool,
    bucket: Option<(String, u32)>,
    /// It asks for what decides whether others may be sent.
    is_robots: bool,
}

impl Session {
    /// The session of one source: `options` complete, `limits` those of its child. A run may wait for services half of
    /// the time it may take.
    ///
    /// # Errors
    /// Options that should name hosts and do not: their pointer, and what is wrong.
    pub fn new(
        hub: Arc<Hub>,
        manifest: &Manifest,
        options: &Value,
        secrets: Arc<Secrets>,
        limits: &Limits,
    ) -> Result<Self, Vec<(String, Bilingual)>> {
        Ok(Self {
            reach: Reach::of(&manifest.network, options)?,
            // The manifest was checked when it was read.
            buckets: buckets(&manifest.rates).unwrap_or_default(),
            hub,
            plugin: manifest.id.clone(),
            secrets,
            body_limit: limits.http_body,
            most_requests: limits.http_requests,
            requests: AtomicU64::new(0),
            told_secret: AtomicBool::new(false),
            unanswered: Mutex::new(BTreeMap::new()),
            spent: AtomicBool::new(false),
            patience: limits.total / 2,
            waited: Mutex::new(Duration::ZERO),
            memory: Mutex::new(Memory::default()),
        })
    }

    /// Requests sent so far, repeated tries and redirections included.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    fn show(&self, text: &str) -> String {
        self.secrets.redactor().redacted(text).into_owned()
    }

    fn prepare(&self, request: &HttpRequest) -> Result<Prepared, Refusal> {
        if !self.reach.allow_method(&request.method) {
            let method = &request.method;
            return Err(denied(
                format!("method {method} is not in the manifest"),
                format!("la méthode {method} n'est pas dans le manifeste"),
            ));
        }
        let mut headers = request.headers.clone();
        let bucket = headers.remove(BUCKET).map(|value| bucket_of(&value)).transpose()?;
        if let Some(name) = headers.keys().find(|name| OURS.contains(&name.as_str())) {
            return Err(denied(
                format!("header `{name}` is for the host to set"),
                format!("l'en-tête `{name}` revient à l'hôte"),
            ));
        }
        // Hosts are judged before any secret is looked at.
        let bare = Url::parse(request.url.split('?').next().unwrap_or_default()).map_err(|error| {
            let shown = self.show(&request.url);
            Refusal::new(
                Code::Internal,
                format!("`{shown}` is not an address: {error}"),
                format!("`{shown}` n'est pas une adresse : {error}"),
            )
        })?;
        self.judge(&bare)?;
        let url = placeholder::address(&request.url, &self.secrets)?;
        self.judge(&url)?;
        let shown = Shown {
            method: request.method.clone(),
            url: self.show(&request.url),
            headers: headers.iter().map(|(name, value)| (name.clone(), self.show(value))).collect(),
            body: self.shown_body(request),
        };
        let secret: Vec<String> =
            headers.iter().filter(|(_, v)| placeholder::any(v)).map(|(name, _)| name.clone()).collect();
        let body = placeholder::body(&request.body, headers.get("content-type").map(String::as_str), &self.secrets)?;
        let secret_body = body != request.body;
        for value in headers.values_mut() {
            *value = placeholder::filled(value, placeholder::Place::Plain, &self.secrets)?;
        }
        if (!secret.is_empty() || secret_body || placeholder::any(&request.url))
            && url.scheme() == "http"
            && !is_loopback(&url)
        {
            return Err(denied(
                "a secret would travel unencrypted over http".to_owned(),
                "un secret voyagerait en clair, par http".to_owned(),
            ));
        }
        Ok(Prepared {
            method: request.method.clone(),
            url,
            headers,
            body,
            shown,
            secret,
            secret_body,
            timeout: request.timeout.unwrap_or(TIMEOUT),
            retry: request.retry,
            bucket,
            is_robots: false,
        })
    }

    fn shown_body(&self, request: &HttpRequest) -> Vec<u8> {
        match std::str::from_utf8(&request.body) {
            Ok(text) if request.headers.get("content-type").is_some_and(|t| t.contains("x-www-form-urlencoded")) => {
                redact::form(&self.show(text)).into_bytes()
            }
            Ok(text) => redact::fields(&self.show(text)).into_owned().into_bytes(),
            Err(_) => request.body.clone(),
        }
    }

    fn judge(&self, url: &Url) -> Result<(), Refusal> {
        if self.reach.allow_url(url) {
            return Ok(());
        }
        let host = url.host_str().unwrap_or_default();
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        if url.scheme() == "http" && self.reach.allow_encrypted(url) {
            return Err(denied(
                format!("`{host}` is permitted over https, not http"),
                format!("`{host}` est permis par https, pas par http"),
            ));
        }
        Err(denied(
            format!("host `{host}` ({}) is not in the manifest", url.scheme()),
            format!("l'hôte `{host}` ({}) n'est pas dans le manifeste", url.scheme()),
        ))
    }

    /// Follows redirections until there is a final answer.
    fn follow(&self, mut request: Prepared, errand: Errand<'_>) -> Result<HttpResponse, Refusal> {
        for _ in 0..=REDIRECTS {
            self.admit(&request, errand)?;
            let response = self.tries(&request, errand)?;
            let target = response.header("location").filter(|_| matches!(response.status, 301 | 302 | 303 | 307 | 308));
            let Some(target) = target else { return Ok(response) };
            let next = request.url.join(target).map_err(|_| {
                Refusal::new(
                    Code::Remote,
                    format!("{} leads to something that is no address", request.shown.url),
                    format!("{} mène à quelque chose qui n'est pas une adresse", request.shown.url),
                )
            })?;
            self.redirect(&mut request, response.status, next)?;
        }
        let url = &request.shown.url;
        Err(Refusal::new(
            Code::Limit,
            format!("more than {REDIRECTS} redirections, the last to {url}"),
            format!("plus de {REDIRECTS} redirections, la dernière vers {url}"),
        ))
    }

    fn redirect(&self, request: &mut Prepared, status: u16, next: Url) -> Result<(), Refusal> {
        if request.url.scheme() == "https" && next.scheme() != "https" {
            return Err(denied(
                format!("{} leads from https to {}", request.shown.url, next.scheme()),
                format!("{} mène de https à {}", request.shown.url, next.scheme()),
            ));
        }
        self.judge(&next)?;
        let to_get = matches!(status, 301..=303) && !matches!(request.method.as_str(), "GET" | "HEAD");
        if to_get {
            "GET".clone_into(&mut request.method);
            request.shown.method.clone_from(&request.method);
            request.body.clear();
            request.shown.body.clear();
            request.secret_body = false;
            request.headers.remove("content-type");
            request.shown.headers.remove("content-type");
        }
        let place =
            |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
        if place(&request.url) != place(&next) {
            if request.secret_body {
                return Err(denied(
                    "a redirection would carry a secret to another host".to_owned(),
                    "une redirection porterait un secret vers un autre hôte".to_owned(),
                ));
            }
            let secret = std::mem::take(&mut request.secret);
            for name in secret.iter().map(String::as_str).chain(PRIVATE.iter().copied()) {
                request.headers.remove(name);
                request.shown.headers.remove(name);
            }
        }
        request.shown.url = self.show(next.as_str());
        request.url = next;
        Ok(())
    }

    /// Tries until there is an answer that another try would not change.
    fn tries(&self, request: &Prepared, errand: Errand<'_>) -> Result<HttpResponse, Refusal> {
        let mut attempt = 1;
        loop {
            let result = self.once(request, errand)?;
            let (again, asked, what) = match &result {
                Ok(response) => (
                    retry::answer_may_change(&request.method, response),
                    retry::asked(response, self.hub.clock.now()),
                    response.status.to_string(),
                ),
                Err(error) => {
                    (retry::fault_may_pass(&request.method, error.fault), None, error.fault.words().0.to_owned())
                }
            };
            attempt += 1;
            if again && request.retry && attempt <= TRIES {
                let wait = asked.unwrap_or_else(|| retry::backoff(attempt, self.hub.clock.as_ref()));
                if self.has_patience(wait) {
                    let why = if asked.is_some() { ", as the service asks" } else { "" };
                    let level = if wait >= TOLD { Level::Warning } else { Level::Info };
                    let (method, url, seconds) = (&request.method, &request.shown.url, wait.as_secs_f64().ceil());
                    errand.say(
                        level,
                        &format!("{method} {url}: {what}; waiting {seconds} s{why} (try {attempt} of {TRIES})"),
                    );
                    if !self.hub.clock.wait(wait, errand) {
                        return Err(Refusal::cancelled());
                    }
                    continue;
                }
                errand.say(
                    Level::Warning,
                    &format!(
                        "{} {}: {what}; no time left to wait {} s",
                        request.method,
                        request.shown.url,
                        wait.as_secs()
                    ),
                );
            }
            return result.map_err(|error| self.unanswered(request, &error));
        }
    }

    /// Takes the wait out of what a run may wait; false when there is not enough left.
    fn has_patience(&self, wait: Duration) -> bool {
        let mut waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = waited.checked_add(wait).is_some_and(|sum| sum <= self.patience);
        if enough {
            *waited += wait;
        }
        enough
    }

    fn unanswered(&self, request: &Prepared, error: &TransportError) -> Refusal {
        let code = match error.fault {
            Fault::Cancelled => return Refusal::cancelled(),
            Fault::TooLong => Code::Limit,
            Fault::Unrecorded => Code::Internal,
            _ => Code::Network,
        };
        let (en, fr) = error.fault.words();
        let (url, detail) = (&request.shown.url, self.show(&error.detail));
        Refusal::new(code, format!("{url}: {en} ({detail})"), format!("{url} : {fr} ({detail})"))
    }

    /// One try, once rates and the budget allow it.
    fn once(&self, request: &Prepared, errand: Errand<'_>) -> Result<Result<HttpResponse, TransportError>, Refusal> {
        if errand.stopped() {
            return Err(Refusal::cancelled());
        }
        // Before anything is drawn: what is refused must not have used up a quota.
        if self.requests() >= self.most_requests {
            self.spent.store(true, Ordering::Relaxed);
            let (message, hint) = budget::words(self.most_requests);
            return Err(Refusal { message, ..Refusal::new(Code::Quota, "", "") }.hint(hint.en, hint.fr));
        }
        let at_once = match &request.bucket {
            Some((name, cost)) => self.draw(self.bucket(name)?, *cost, errand)?,
            None => match self.buckets.iter().find(|b| b.name == DEFAULT_BUCKET) {
                Some(bucket) => self.draw(bucket, 1, errand)?,
                None => 1,
            },
        };
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut headers = request.headers.clone();
        headers.insert("user-agent".to_owned(), self.hub.agent.clone());
        let outgoing = Outgoing {
            method: request.method.clone(),
            url: request.url.clone(),
            headers,
            body: request.body.clone(),
            timeout: request.timeout,
            body_limit: self.body_limit,
            shown: request.shown.clone(),
        };
        let host = request.url.host_str().unwrap_or_default();
        let passage = self.hub.gates.pass(host, at_once, errand).ok_or_else(Refusal::cancelled)?;
        let result = self.hub.transport.perform(&outgoing, errand);
        drop(passage);
        let what = match &result {
            Ok(response) => format!("{}, {} bytes", response.status, response.body.len()),
            Err(error) => self.show(&format!("{} ({})", error.fault.words().0, error.detail)),
        };
        errand.say(Level::Debug, &format!("{} {}: {what}", request.method, request.shown.url));
        Ok(result)
    }

    fn bucket(&self, name: &str) -> Result<&Bucket, Refusal> {
        self.buckets.iter().find(|b| b.name == name).ok_or_else(|| {
            denied(
                format!("bucket `{name}` is not in the manifest"),
                format!("le compteur `{name}` n'est pas dans le manifeste"),
            )
        })
    }

    /// Draws from every line of a bucket, waits as long as that takes, and tells how many requests may be under way.
    fn draw(&self, bucket: &Bucket, cost: u32, errand: Errand<'_>) -> Result<u32, Refusal> {
        let now = self.hub.clock.now();
        let owner = bucket.secret.as_deref().and_then(|name| self.secrets.fingerprint(name)).unwrap_or("-");
        let key = format!("{}/{}/{owner}", self.plugin, bucket.name);
        // Quotas first: what they refuse must not have used up a pace.
        for line in &bucket.lines {
            if let Line::Quota { units, days, reset } = line {
                let quota = Quota { key: &key, units: *units, days: *days, reset };
                self.hub
                    .quotas
                    .draw(&quota, cost, now)
                    .map_err(|refused| quota_refusal(bucket, *units, &refused, now))?;
            }
        }
        let mut wait = Duration::ZERO;
        let mut at_once = 1;
        for (index, line) in bucket.lines.iter().enumerate() {
            if let Line::Pace { units, per, burst } = line {
                wait = wait.max(self.hub.paces.draw(&format!("{key}/{index}"), (*units, *per, *burst), cost, now));
                at_once = at_once.max(*burst);
            }
        }
        if wait.is_zero() || self.hub.clock.wait(wait, errand) { Ok(at_once) } else { Err(Refusal::cancelled()) }
    }

    /// Takes out of an answer what the plugin may not see.
    fn cleared(&self, mut response: HttpResponse) -> HttpResponse {
        let redactor = self.secrets.redactor();
        if let Some(body) = redactor.unseen(&response.body) {
            response.body = body;
        }
        for value in response.headers.values_mut().flatten() {
            if let Some(bytes) = redactor.unseen(value.as_bytes()) {
                *value = String::from_utf8_lossy(&bytes).into_owned();
            }
        }
        response
    }
}

fn denied(en: String, fr: String) -> Refusal {
    Refusal::new(Code::Denied, en, fr)
}

/// `search 100`, or `search` for one unit.
fn bucket_of(value: &str) -> Result<(String, u32), Refusal> {
    let mut words = value.split_whitespace();
    let parsed = words.next().and_then(|name| {
        let cost = words.next().map_or(Some(1), |cost| cost.parse().ok())?;
        words.next().is_none().then(|| (name.to_owned(), cost))
    });
    parsed.ok_or_else(|| {
        Refusal::new(
            Code::Internal,
            format!("{BUCKET}: `{value}` is not of the form `name cost`"),
            format!("{BUCKET} : `{value}` n'est pas de la forme `nom coût`"),
        )
    })
}

fn quota_refusal(bucket: &Bucket, units: u32, refused: &Refused, now: jiff::Timestamp) -> Refusal {
    let name = &bucket.name;
    match refused {
        Refused::UsedUp { used, next } => {
            let wait = Duration::try_from(next.duration_since(now)).unwrap_or_default();
            let at = next.strftime("%Y-%m-%d %H:%M UTC");
            Refusal::new(
                Code::Quota,
                format!("{used} of {units} units of `{name}` are used; the next day begins at {at}"),
                format!("{used} unités sur {units} de `{name}` sont prises ; le jour suivant commence à {at}"),
            )
            .retry_after(wait)
        }
        Refused::Io(path, error) => {
            let path = path.display();
            Refusal::new(
                Code::Internal,
                format!("the quota of `{name}` cannot be kept in `{path}`: {error}"),
                format!("le quota de `{name}` ne peut être tenu dans `{path}` : {error}"),
            )
            .hint(
                "repair the file, or delete it if the service's day has begun anew",
                "réparez le fichier, ou supprimez-le si un nouveau jour du service a commencé",
            )
        }
    }
}

impl Session {
    /// Remembers whether a request came to anything.
    fn note(&self, request: &HttpRequest, result: &Result<HttpResponse, Refusal>) {
        let url = self.show(&request.url);
        let mut unanswered = self.unanswered.lock().unwrap_or_else(PoisonError::into_inner);
        match result {
            // What is gone may be an answer: a deleted post, a list without a second page.
            Ok(HttpResponse { status: status @ (401 | 403 | 408 | 429 | 500..), .. }) => {
                let words = Bilingual::new(format!("{url} answered {status}"), format!("{url} a répondu {status}"));
                unanswered.insert(url, words);
            }
            Err(refusal) if refusal.code != Code::Cancelled => {
                unanswered.insert(url, refusal.message.clone());
            }
            _ => {
                unanswered.remove(&url);
            }
        }
    }

    fn perform(&self, request: &HttpRequest, errand: Errand<'_>) -> Result<HttpResponse, Refusal> {
        let mut prepared = self.prepare(request)?;
        let key = memory::key(request);
        let locked = || self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &key {
            let conditions = locked().conditions(key);
            prepared.headers.extend(conditions.into_iter().map(|(name, value)| (name.to_owned(), value)));
        }
        let response = self.cleared(self.follow(prepared, errand)?);
        let Some(key) = key else { return Ok(response) };
        if response.status == 304
            && let Some(confirmed) = locked().confirmed(&key)
        {
            return Ok(confirmed);
        }
        locked().keep(key, &response);
        Ok(response)
    }
}

impl Broker for Session {
    fn send(&self, request: &HttpRequest, errand: Errand<'_>) -> Result<HttpResponse, Refusal> {
        let result = self.perform(request, errand);
        self.note(request, &result);
        result
    }

    fn unanswered(&self) -> Vec<Bilingual> {
        self.unanswered.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn throttle(&self, bucket: &str, cost: u32, errand: Errand<'_>) -> Result<(), Refusal> {
        self.draw(self.bucket(bucket)?, cost, errand).map(|_| ())
    }

    fn secret(&self, name: &str) -> Result<String, Refusal> {
        let value = self.secrets.told(name)?;
        self.told_secret.store(true, Ordering::Relaxed);
        Ok(value)
    }

    fn keep_secret(&self, name: &str, value: &str) -> Result<(), Refusal> {
        self.secrets.keep(name, value)
    }

    fn redacted<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.secrets.redactor().redacted(text)
    }

    fn holds_secret(&self, text: &str) -> bool {
        self.secrets.redactor().holds_secret(text)
    }

    fn told_secret(&self) -> bool {
        self.told_secret.load(Ordering::Relaxed)
    }

    fn budget_spent(&self) -> Option<u64> {
        self.spent.load(Ordering::Relaxed).then_some(self.most_requests)
    }
}

#[cfg(test)]
mod tests;
