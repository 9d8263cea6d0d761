//! The network of a case: what was recorded, with the troubles a test plays. The real one is never used.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use vigie_broker::{Fault, Hub, Outgoing, Replay, Secrets, Session, Settings, Transport, TransportError, VirtualClock};
use vigie_model::diagnostic::Bilingual;
use vigie_plugin_host::{Broker, Code, Errand, HttpRequest, HttpResponse, Limits, Plugin, Refusal, Runner};

use super::case::Case;

/// What comes instead of a recorded answer.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// A whole answer: status, headers, body.
    Whole(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// The recorded answer, cut in the middle.
    Half,
    /// A body of as many bytes, all spaces.
    Long(usize),
    /// A redirection to the very same place.
    Circle,
    /// No answer.
    Nothing(Fault),
}

/// What goes wrong: after `well` requests, `answers` come, one for each request; the last one for ever, if `forever`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trouble {
    pub(crate) well: usize,
    pub(crate) answers: Vec<Answer>,
    pub(crate) forever: bool,
}

impl Trouble {
    /// Nothing goes wrong.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// Every request is answered so.
    pub(crate) fn always(answer: Answer) -> Self {
        Self { well: 0, answers: vec![answer], forever: true }
    }

    /// The first tries are answered so, the later ones as recorded.
    pub(crate) fn first(answers: Vec<Answer>) -> Self {
        Self { well: 0, answers, forever: false }
    }

    fn answer(&self, request: usize) -> Option<&Answer> {
        let index = request.checked_sub(self.well)?;
        self.answers.get(index).or_else(|| self.answers.last().filter(|_| self.forever))
    }
}

/// Answers from a recording, if there is one, and makes trouble.
struct Play {
    recording: Option<Replay>,
    trouble: Trouble,
    requests: Mutex<usize>,
}

impl Transport for Play {
    fn perform(&self, request: &Outgoing, errand: Errand<'_>) -> Result<HttpResponse, TransportError> {
        if request.url.path() == "/robots.txt" {
            // The host's own question about a site; one that says nothing lets everybody read.
            let silent = || HttpResponse { status: 404, ..HttpResponse::default() };
            let recording = self.recording.as_ref();
            return Ok(recording.and_then(|r| r.perform(request, errand).ok()).unwrap_or_else(silent));
        }
        let number = {
            let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            *requests += 1;
            *requests - 1
        };
        let recorded = || match &self.recording {
            Some(recording) => recording.perform(request, errand),
            None => Err(TransportError::new(Fault::Refused, "the suite lets nobody answer")),
        };
        match self.trouble.answer(number) {
            None => recorded(),
            Some(Answer::Whole(status, headers, body)) => {
                let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), vec![value.clone()])).collect();
                Ok(HttpResponse { status: *status, headers, body: body.clone() })
            }
            Some(Answer::Half) => recorded().map(|mut response| {
                response.body.truncate(response.body.len() / 2);
                response
            }),
            Some(Answer::Long(bytes)) if *bytes > request.body_limit => {
                Err(TransportError::new(Fault::TooLong, "the suite's service does not stop"))
            }
            Some(Answer::Long(bytes)) => {
                Ok(HttpResponse { status: 200, headers: BTreeMap::new(), body: vec![b' '; *bytes] })
            }
            Some(Answer::Circle) => {
                let headers = BTreeMap::from([("location".to_owned(), vec![request.url.to_string()])]);
                Ok(HttpResponse { status: 302, headers, body: Vec::new() })
            }
            Some(Answer::Nothing(fault)) => Err(TransportError::new(*fault, "the suite plays it")),
        }
    }
}

/// A session that remembers what it was asked and what it did not permit.
pub(crate) struct Watched {
    session: Session,
    asked: Mutex<Vec<HttpRequest>>,
    told: Mutex<Vec<String>>,
    denied: Mutex<Vec<Bilingual>>,
    spilled: Mutex<Vec<String>>,
}

impl Watched {
    fn watch<T>(&self, result: Result<T, Refusal>) -> Result<T, Refusal> {
        if let Err(refusal) = &result
            && refusal.code == Code::Denied
        {
            self.denied.lock().unwrap_or_else(PoisonError::into_inner).push(refusal.message.clone());
        }
        result
    }

    /// Every request, as the plugin wrote it.
    pub(crate) fn asked(&self) -> Vec<HttpRequest> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Secrets that were told, and buckets that were drawn from by name.
    pub(crate) fn told(&self) -> Vec<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the manifest does not permit, in the order it was tried.
    pub(crate) fn denied(&self) -> Vec<Bilingual> {
        self.denied.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lines, errors and rejects that held the value of a secret, without it.
    pub(crate) fn spilled(&self) -> Vec<String> {
        self.spilled.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Broker for Watched {
    fn send(&self, request: &HttpRequest, errand: Errand<'_>) -> Result<HttpResponse, Refusal> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        self.watch(self.session.send(request, errand))
    }

    fn throttle(&self, bucket: &str, cost: u32, errand: Errand<'_>) -> Result<(), Refusal> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(bucket.to_owned());
        self.watch(self.session.throttle(bucket, cost, errand))
    }

    fn secret(&self, name: &str) -> Result<String, Refusal> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(name.to_owned());
        self.watch(self.session.secret(name))
    }

    fn keep_secret(&self, name: &str, value: &str) -> Result<(), Refusal> {
        self.watch(self.session.keep_secret(name, value))
    }

    fn redacted<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let hidden = self.session.redacted(text);
        if self.session.holds_secret(text) {
            self.spilled.lock().unwrap_or_else(PoisonError::into_inner).push(hidden.clone().into_owned());
        }
        hidden
    }

    fn holds_secret(&self, text: &str) -> bool {
        self.session.holds_secret(text)
    }

    fn told_secret(&self) -> bool {
        self.session.told_secret()
    }

    fn budget_spent(&self) -> Option<u64> {
        self.session.budget_spent()
    }
}

/// The value given for a secret: nothing else contains it by chance.
fn value_of(secret: &str) -> String {
    format!("vigie-suite-secret-{secret}-7f3a91")
}

/// A runner whose children reach what a case recorded, and what there is to see of it.
pub(crate) struct Served {
    pub(crate) runner: Runner,
    pub(crate) watched: Arc<Watched>,
    clock: Arc<VirtualClock>,
}

impl Served {
    /// Every wait so far. No time passed in them.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.clock.waits()
    }
}

/// A runner whose children reach what `case` recorded, with `trouble`. `with_secrets`: every secret has a value.
///
/// # Errors
/// A recording that cannot be used, or options that name no host where the manifest says they do.
pub(crate) fn serve(
    runner: &Runner,
    plugin: &Plugin,
    case: &Case,
    limits: &Limits,
    trouble: &Trouble,
    with_secrets: bool,
) -> Result<Served, Bilingual> {
    let manifest = &plugin.manifest;
    let recording = case.folder.join("http.toml");
    let recording =
        if recording.is_file() { Some(Replay::open(&recording).map_err(|error| error.message())?) } else { None };
    let clock = Arc::new(VirtualClock::at(case.now.parse().unwrap_or_default()));
    let play = Play { recording, trouble: trouble.clone(), requests: Mutex::new(0) };
    let hub = Hub::with(Arc::new(play), Arc::clone(&clock) as _, &Settings::default());
    let values: BTreeMap<String, String> = if with_secrets {
        manifest.secrets.iter().map(|s| (s.name.clone(), value_of(&s.name))).collect()
    } else {
        BTreeMap::new()
    };
    let secrets = Arc::new(Secrets::given(manifest, values));
    let session = Session::new(hub, manifest, &case.options, secrets, limits).map_err(|problems| {
        let nothing = || Bilingual::new("the case's options name no host", "les options du cas ne nomment aucun hôte");
        problems.into_iter().next().map_or_else(nothing, |(_, words)| words)
    })?;
    let watched = Arc::new(Watched {
        session,
        asked: Mutex::new(Vec::new()),
        told: Mutex::new(Vec::new()),
        denied: Mutex::new(Vec::new()),
        spilled: Mutex::new(Vec::new()),
    });
    let runner = runner.clone().served_by(Arc::clone(&watched) as _);
    Ok(Served { runner, watched, clock })
}
