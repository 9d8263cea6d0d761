//! One request to one server and its answer: the border between the broker's rules and what carries them out.

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;
use vigie_plugin_host::{Errand, HttpResponse};

/// One request as it goes out. Every value of a secret is in it.
#[derive(Clone)]
pub struct Outgoing {
    /// Method.
    pub method: String,
    /// Address.
    pub url: Url,
    /// Headers, names lower case.
    pub headers: BTreeMap<String, String>,
    /// Body; empty means none.
    pub body: Vec<u8>,
    /// Longest time for request and answer.
    pub timeout: Duration,
    /// Longest body of the answer, decompressed, in bytes.
    pub body_limit: usize,
    /// The same request as it may be shown and recorded.
    pub shown: Shown,
}

/// A request without secrets: `{{secret:name}}` where they stand, and query keys that usually carry one blackened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Method.
    pub method: String,
    /// Address.
    pub url: String,
    /// Headers that the plugin gave, names lower case.
    pub headers: BTreeMap<String, String>,
    /// Body that the plugin gave.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server takes no connection.
    Refused,
    /// The name leads nowhere.
    Name,
    /// No trust in the server's certificate, or no common encryption.
    Encryption,
    /// Too slow.
    Timeout,
    /// The connection broke, or the answer is no HTTP.
    Broken,
    /// The answer is longer than allowed.
    TooLong,
    /// The run is being cancelled.
    Cancelled,
    /// A recording does not know the request.
    Unrecorded,
}

impl Fault {
    /// In English and French.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Refused => ("no connection", "pas de connexion"),
            Self::Name => ("the name of the host leads nowhere", "le nom de l'hôte ne mène nulle part"),
            Self::Encryption => ("no secure connection", "pas de connexion sûre"),
            Self::Timeout => ("no answer in time", "pas de réponse à temps"),
            Self::Broken => ("the connection broke", "la connexion s'est rompue"),
            Self::TooLong => ("the answer is too long", "la réponse est trop longue"),
            Self::Cancelled => ("cancelled", "annulé"),
            Self::Unrecorded => ("not in the recording", "absent de l'enregistrement"),
        }
    }
}

/// A request without answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct TransportError {
    /// The kind.
    pub fault: Fault,
    /// The technical reason, English, without address or secret.
    pub detail: String,
}

impl TransportError {
    /// An error with its technical reason.
    pub fn new(fault: Fault, detail: impl Into<String>) -> Self {
        Self { fault, detail: detail.into() }
    }
}

/// Carries out single requests. Follows no redirection and repeats nothing.
pub trait Transport: Send + Sync {
    /// Sends the request and reads the whole answer, decompressed.
    ///
    /// # Errors
    /// When there is no whole answer.
    fn perform(&self, request: &Outgoing, errand: Errand<'_>) -> Result<HttpResponse, TransportError>;
}
