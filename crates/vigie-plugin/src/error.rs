//! What a source says when it cannot go on, and who can do something about it.

use std::fmt;

use serde_json::{Map, Value, json};

/// Who acts on an error. The numbers are part of the C ABI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Code {
    /// An option is wrong; the user changes it.
    Config = 1,
    /// A secret is missing or refused; the user changes it.
    Auth = 2,
    /// A thing named in the configuration does not exist.
    NotFound = 3,
    /// The service asks to wait.
    RateLimited = 4,
    /// The service cannot be reached.
    Network = 5,
    /// The service answered something unexpected.
    Remote = 6,
    /// The data cannot be understood at all; single items are rejected instead.
    Data = 7,
    /// The saved state cannot be read.
    State = 8,
    /// The host asked to stop.
    Cancelled = 9,
    /// Mode, table or interface not available.
    Unsupported = 10,
    /// A bug.
    Internal = 11,
    /// The plugin panicked.
    Panic = 12,
    /// The quota is used up; the next run goes on.
    Quota = 13,
    /// Host, method or secret are not in the manifest. Only the host says so.
    Denied = 14,
    /// A limit of the contract is reached. Only the host says so.
    Limit = 15,
}

impl Code {
    /// The class with this number; [`Code::Internal`] for a number that has none.
    pub fn from_number(code: i32) -> Self {
        const ALL: [Code; 15] = [
            Code::Config,
            Code::Auth,
            Code::NotFound,
            Code::RateLimited,
            Code::Network,
            Code::Remote,
            Code::Data,
            Code::State,
            Code::Cancelled,
            Code::Unsupported,
            Code::Internal,
            Code::Panic,
            Code::Quota,
            Code::Denied,
            Code::Limit,
        ];
        ALL.into_iter().find(|known| *known as i32 == code).unwrap_or(Code::Internal)
    }
}

/// The reason a source stops.
///
/// The message is an English sentence without final period; [`Error::hint`] adds advice in both languages.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    code: i32,
    message: String,
    detail: Map<String, Value>,
}

/// Result of everything a source does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of the class `code`.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code: code as i32, message: message.into(), detail: Map::new() }
    }

    /// Not an error: the host has all the rows it asked for. Travels up through `?`.
    pub(crate) fn enough() -> Self {
        Self { code: crate::abi::DONE, message: String::new(), detail: Map::new() }
    }

    /// The same message in French; without it, French readers see the English one.
    #[must_use]
    pub fn french(mut self, message: impl Into<String>) -> Self {
        self.detail.insert("french".into(), Value::String(message.into()));
        self
    }

    /// The option to blame, as a JSON pointer (`/paths/0`).
    #[must_use]
    pub fn option(mut self, pointer: &str) -> Self {
        self.detail.insert("config".into(), pointer.into());
        self
    }

    /// When it is worth trying again, in milliseconds.
    #[must_use]
    pub fn retry_after(mut self, milliseconds: u64) -> Self {
        self.detail.insert("retry_after_ms".into(), milliseconds.into());
        self
    }

    /// What the user can do, in both languages.
    #[must_use]
    pub fn hint(mut self, en: &str, fr: &str) -> Self {
        self.detail.insert("hint".into(), json!({ "en": en, "fr": fr }));
        self
    }

    /// The status a service answered with, for whoever looks into it.
    #[must_use]
    pub(crate) fn status(mut self, status: u16) -> Self {
        self.detail.insert("status".into(), status.into());
        self
    }

    /// The host's own words about why it refused something: a JSON object as `fail` takes it, with a `message`.
    pub(crate) fn from_host(code: i32, detail: &[u8]) -> Self {
        let detail: Map<String, Value> = serde_json::from_slice(detail).unwrap_or_default();
        let message = detail.get("message").and_then(Value::as_str).unwrap_or("the host refused").to_owned();
        Self { code, message, detail }
    }

    /// A refusal whose words the host keeps: it says them when the source ends with this error.
    pub(crate) fn refused(code: i32) -> Self {
        let mut detail = Map::new();
        detail.insert("refused".into(), true.into());
        Self { code, message: format!("the host refused (code {code})"), detail }
    }

    /// True for errors of the class `code`.
    pub fn is(&self, code: Code) -> bool {
        self.code == code as i32
    }

    /// The number of the class.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// What happened.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Option, delay and advice as JSON.
    pub(crate) fn detail(&self) -> String {
        Value::Object(self.detail.clone()).to_string()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::new(Code::Data, format!("not the expected JSON: {error}"))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::new(Code::Internal, error.to_string())
    }
}
