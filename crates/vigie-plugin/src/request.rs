//! What the host asks a source to read, and what a source answers to `check`.

use serde::{Deserialize, Serialize};

/// Half-open interval of time, RFC 3339 in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// First moment inside.
    pub from: String,
    /// First moment outside.
    pub to: String,
}

/// What the user listens for. The host matches again; a source may return more, not less.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// Its id.
    pub id: String,
    /// The entity it is about.
    #[serde(default)]
    pub entity: String,
    /// The query as the user wrote it.
    #[serde(default)]
    pub text: String,
    /// Words of which one occurs in anything that matches.
    #[serde(default)]
    pub terms: Vec<String>,
    /// Languages wanted; empty means any.
    #[serde(default)]
    pub languages: Vec<String>,
}

/// How much is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Everything new since the state.
    #[default]
    Incremental,
    /// Exactly the window; the state is neither read nor changed.
    Window,
    /// Some rows quickly.
    Sample,
}

/// What one reading may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Requests that the host makes for it in this run, repeated tries included; `None` means that nothing was said.
    /// A source that comes to the end of it writes a checkpoint, so that the next run goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
}

/// One reading, as the host asks for it. `S` is the source's own state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request<S> {
    /// Version of this message: 1.
    pub request: u32,
    /// The table wanted, `mentions/1`.
    pub table: String,
    /// How much is asked for.
    #[serde(default)]
    pub mode: Mode,
    /// The only clock for decisions, RFC 3339 in UTC.
    pub now: String,
    /// The interval asked for; null means all.
    #[serde(default)]
    pub window: Option<Window>,
    /// What the user listens for.
    #[serde(default)]
    pub queries: Vec<Query>,
    /// The last checkpoint; null on the first reading.
    #[serde(default = "Option::default")]
    pub state: Option<S>,
    /// Version of `state`, as in the spec.
    #[serde(default)]
    pub state_version: u32,
    /// At most so many rows; 0 means no limit.
    #[serde(default)]
    pub max_rows: u64,
    /// What it may cost.
    #[serde(default)]
    pub budget: Budget,
}

impl<S> Request<S> {
    /// Everything of `mentions/1` since `state`.
    pub fn incremental(now: impl Into<String>, state: Option<S>) -> Self {
        Self {
            request: 1,
            table: "mentions/1".into(),
            mode: Mode::Incremental,
            now: now.into(),
            window: None,
            queries: Vec::new(),
            state,
            state_version: 1,
            max_rows: 0,
            budget: Budget::default(),
        }
    }
}

/// A sentence in both languages, without final period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Words {
    /// A sentence in both languages.
    pub fn new(en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { en: en.into(), fr: fr.into() }
    }
}

/// How one check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// It is going to work.
    Ok,
    /// It is going to work, but.
    Warning,
    /// It is not going to work.
    Error,
}

/// One named check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its name, `auth`.
    pub id: String,
    /// How it ended.
    pub status: CheckStatus,
    /// In words.
    pub message: Words,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Words>,
}

/// Answer of `check`: is a reading going to work?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The checks, in the order they were made.
    pub checks: Vec<Check>,
}

/// A warning for the reader of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Stable code, `file_missing`.
    pub code: String,
    /// True when the source delivers less than it was asked for.
    #[serde(default)]
    pub partial: bool,
    /// In words.
    pub message: Words,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Words>,
}

/// One input item that could not become a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// The table it was meant for, `mentions/1`.
    pub table: String,
    /// The item's id where one could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub native_id: Option<String>,
    /// Stable reason, `no_date`.
    pub reason: String,
    /// The item as it came, cut at 4 KiB.
    #[serde(default)]
    pub raw: String,
    /// Where it stands, `mentions.csv:128`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}
