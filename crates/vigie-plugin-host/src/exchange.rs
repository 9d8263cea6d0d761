//! What a plugin asks of the host and what it is answered, as frames.
//!
//! A question is one frame. An answer is an `Answered` frame, which tells how long the body is, followed by as many
//! `More` frames as the body needs. Questions are validated like everything a child sends: every length is compared
//! with the bytes at hand, every text is UTF-8, every limit is checked again.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::broker::{HttpRequest, HttpResponse, Refused};
use crate::frame::{self, FrameError, Kind};

/// Longest address, in bytes.
pub(crate) const MAX_URL: usize = 16 << 10;
/// Longest headers of a request as JSON, in bytes.
pub(crate) const MAX_HEADERS: usize = 64 << 10;
/// Longest body of a request, in bytes.
pub(crate) const MAX_REQUEST_BODY: usize = 8 << 20;
/// Longest body of an answer that any manifest may ask for, in bytes.
pub const MAX_BODY: usize = 256 << 20;
/// Longest value of a secret, in bytes.
pub(crate) const MAX_SECRET: usize = 64 << 10;
/// Longest name of a secret or bucket, in bytes.
pub(crate) const MAX_NAME: usize = 256;
/// Longest head of a question: an address, headers, and the JSON around them.
const MAX_HEAD: usize = 2 * (MAX_URL + MAX_HEADERS);
/// Bytes of a body in one frame.
const CHUNK: usize = 4 << 20;

/// What a plugin asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// An HTTP request.
    Http(HttpRequest),
    /// Units of a bucket.
    Throttle {
        /// The bucket.
        bucket: String,
        /// How many units.
        cost: u32,
    },
    /// The value of a secret.
    Secret(String),
    /// A new value for a secret.
    KeepSecret {
        /// Name of the secret.
        name: String,
        /// Its value.
        value: String,
    },
}

/// What the host answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Http(HttpResponse),
    Secret(String),
    Done,
    Refused(Refused),
}

/// Flags of a request; the numbers are those of the ABI.
const NO_RETRY: u32 = 1;
const NO_CACHE: u32 = 2;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    timeout_ms: u64,
    flags: u32,
}

impl Question {
    /// Kind and payload of the frame.
    pub fn encode(&self) -> (Kind, Vec<u8>) {
        match self {
            Self::Http(request) => {
                let flags = if request.retry { 0 } else { NO_RETRY } | if request.cache { 0 } else { NO_CACHE };
                let timeout = request.timeout.map_or(0, |t| u64::try_from(t.as_millis()).unwrap_or(u64::MAX));
                let head = Head {
                    method: request.method.clone(),
                    url: request.url.clone(),
                    headers: request.headers.clone(),
                    timeout_ms: timeout,
                    flags,
                };
                (Kind::Http, joined(&serde_json::to_vec(&head).unwrap_or_default(), &request.body))
            }
            Self::Throttle { bucket, cost } => {
                (Kind::Throttle, [cost.to_le_bytes().as_slice(), bucket.as_bytes()].concat())
            }
            Self::Secret(name) => (Kind::Secret, name.as_bytes().to_vec()),
            Self::KeepSecret { name, value } => (Kind::KeepSecret, joined(name.as_bytes(), value.as_bytes())),
        }
    }

    /// The question of a frame.
    ///
    /// # Errors
    /// A payload that breaks a rule, or a frame of another kind.
    pub fn decode(kind: Kind, payload: &[u8]) -> Result<Self, FrameError> {
        match kind {
            Kind::Http => {
                let (head, body) = split(payload, MAX_HEAD, MAX_REQUEST_BODY)?;
                let head: Head =
                    serde_json::from_slice(head).map_err(|_| FrameError::Payload("a request is not as it must be"))?;
                if head.url.len() > MAX_URL || head.method.len() > MAX_NAME || head.flags & !(NO_RETRY | NO_CACHE) != 0
                {
                    return Err(FrameError::Payload("a request breaks a limit"));
                }
                Ok(Self::Http(HttpRequest {
                    method: head.method,
                    url: head.url,
                    headers: head.headers,
                    body: body.to_vec(),
                    timeout: (head.timeout_ms > 0).then(|| Duration::from_millis(head.timeout_ms)),
                    retry: head.flags & NO_RETRY == 0,
                    cache: head.flags & NO_CACHE == 0,
                }))
            }
            Kind::Throttle => {
                let (cost, bucket) =
                    payload.split_first_chunk::<4>().ok_or(FrameError::Payload("payload ends too early"))?;
                Ok(Self::Throttle { bucket: name(bucket)?, cost: u32::from_le_bytes(*cost) })
            }
            Kind::Secret => Ok(Self::Secret(name(payload)?)),
            Kind::KeepSecret => {
                let (head, value) = split(payload, MAX_NAME, MAX_SECRET)?;
                Ok(Self::KeepSecret { name: name(head)?, value: text(value)? })
            }
            _ => Err(FrameError::Kind(kind as u8)),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AnswerHead {
    Http { status: u16, headers: BTreeMap<String, Vec<String>>, body: usize },
    Secret(String),
    Done,
    Refused(Refused),
}

impl Answer {
    /// The frames, in pieces to be written one after the other.
    pub(crate) fn encode(self) -> Result<Vec<Vec<u8>>, FrameError> {
        let (head, body) = match self {
            Self::Http(response) => {
                let head =
                    AnswerHead::Http { status: response.status, headers: response.headers, body: response.body.len() };
                (head, response.body)
            }
            Self::Secret(value) => (AnswerHead::Secret(value), Vec::new()),
            Self::Done => (AnswerHead::Done, Vec::new()),
            Self::Refused(refused) => (AnswerHead::Refused(refused), Vec::new()),
        };
        let mut first = frame::encode(Kind::Answered, &serde_json::to_vec(&head).unwrap_or_default())?;
        let mut chunks = body.chunks(CHUNK);
        if let Some(chunk) = chunks.next() {
            // Most answers are one write, and wake the child once.
            first.extend(frame::encode(Kind::More, chunk)?);
        }
        let rest = chunks.map(|chunk| frame::encode(Kind::More, chunk));
        std::iter::once(Ok(first)).chain(rest).collect()
    }
}

/// An answer that has not arrived whole.
#[derive(Default)]
pub(crate) struct Arriving {
    head: Option<AnswerHead>,
    body: Vec<u8>,
}

impl Arriving {
    /// Takes a frame of an answer; gives the answer once it is whole.
    pub(crate) fn take(&mut self, kind: Kind, payload: &[u8]) -> Result<Option<Answer>, FrameError> {
        match (kind, &self.head) {
            (Kind::Answered, None) => {
                let head =
                    serde_json::from_slice(payload).map_err(|_| FrameError::Payload("an answer cannot be read"))?;
                if let AnswerHead::Http { body, .. } = &head {
                    if *body > MAX_BODY {
                        return Err(FrameError::Long(*body as u64));
                    }
                    self.body = Vec::with_capacity(body + 1);
                }
                self.head = Some(head);
            }
            (Kind::More, Some(AnswerHead::Http { body, .. })) if self.body.len() + payload.len() <= *body => {
                self.body.extend_from_slice(payload);
            }
            _ => return Err(FrameError::Payload("a piece of an answer nobody waits for")),
        }
        let whole = match &self.head {
            Some(AnswerHead::Http { body, .. }) => self.body.len() == *body,
            _ => true,
        };
        Ok(if whole { self.finish() } else { None })
    }

    fn finish(&mut self) -> Option<Answer> {
        Some(match self.head.take()? {
            AnswerHead::Http { status, headers, .. } => {
                Answer::Http(HttpResponse { status, headers, body: std::mem::take(&mut self.body) })
            }
            AnswerHead::Secret(value) => Answer::Secret(value),
            AnswerHead::Done => Answer::Done,
            AnswerHead::Refused(refused) => Answer::Refused(refused),
        })
    }
}

/// Length of the head, head, rest.
fn joined(head: &[u8], rest: &[u8]) -> Vec<u8> {
    [(head.len() as u32).to_le_bytes().as_slice(), head, rest].concat()
}

fn split(payload: &[u8], most_head: usize, most_rest: usize) -> Result<(&[u8], &[u8]), FrameError> {
    const SHORT: FrameError = FrameError::Payload("payload ends too early");
    let (length, rest) = payload.split_first_chunk::<4>().ok_or(SHORT)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (head, rest) = rest.split_at_checked(length).ok_or(SHORT)?;
    if head.len() > most_head || rest.len() > most_rest {
        return Err(FrameError::Payload("a question breaks a limit"));
    }
    Ok((head, rest))
}

fn text(bytes: &[u8]) -> Result<String, FrameError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| FrameError::Payload("a question is not UTF-8"))
}

fn name(bytes: &[u8]) -> Result<String, FrameError> {
    if bytes.is_empty() || bytes.len() > MAX_NAME {
        return Err(FrameError::Payload("name empty or too long"));
    }
    text(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn questions() -> Vec<Question> {
        let mut request = HttpRequest::new("POST", "https://api.example.org/?q=é");
        request.headers.insert("accept".into(), "application/json".into());
        request.body = b"{\"a\":1}\0\xff".to_vec();
        request.timeout = Some(Duration::from_millis(1_500));
        request.retry = false;
        vec![
            Question::Http(request),
            Question::Throttle { bucket: "search".into(), cost: 100 },
            Question::Secret("token".into()),
            Question::KeepSecret { name: "refresh".into(), value: "été\n".into() },
        ]
    }

    #[test]
    fn a_question_comes_back_as_it_was() {
        for question in questions() {
            let (kind, payload) = question.encode();
            assert_eq!(Question::decode(kind, &payload).unwrap(), question);
        }
    }

    #[test]
    fn mutated_questions_are_refused_or_read_and_never_more() {
        let originals: Vec<_> = questions().iter().map(Question::encode).collect();
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        };
        let (mut read, mut refused) = (0, 0);
        for round in 0..100_000 {
            let (kind, mut bytes) = originals[round % originals.len()].clone();
            let at = (next() % bytes.len() as u64) as usize;
            match next() % 3 {
                0 => bytes[at] = next() as u8,
                1 => bytes[at] ^= 1 << (next() % 8),
                _ => bytes.truncate(at),
            }
            match Question::decode(kind, &bytes) {
                Ok(_) => read += 1,
                Err(_) => refused += 1,
            }
        }
        assert!(read > 1_000 && refused > 1_000, "{read} read, {refused} refused");
    }

    #[test]
    fn limits_of_questions_are_checked_again() {
        let long = Question::Http(HttpRequest::new("GET", "x".repeat(MAX_URL + 1)));
        let (kind, payload) = long.encode();
        assert_eq!(Question::decode(kind, &payload), Err(FrameError::Payload("a request breaks a limit")));
        let (kind, payload) = Question::Secret("n".repeat(MAX_NAME + 1)).encode();
        assert_eq!(Question::decode(kind, &payload), Err(FrameError::Payload("name empty or too long")));
        let head = br#"{"method":"GET","url":"https://a","headers":{},"timeout_ms":0,"flags":4}"#;
        assert!(Question::decode(Kind::Http, &joined(head, &[])).is_err());
    }

    #[test]
    fn a_long_body_arrives_in_pieces() {
        let body: Vec<u8> = (0..CHUNK * 2 + 17).map(|i| i as u8).collect();
        let response = HttpResponse {
            status: 200,
            headers: [("etag".to_owned(), vec!["\"a\"".to_owned()])].into(),
            body: body.clone(),
        };
        let frames = Answer::Http(response.clone()).encode().unwrap();
        assert_eq!(frames.len(), 3);
        let stream = frames.concat();
        let mut rest = stream.as_slice();
        let mut arriving = Arriving::default();
        let mut whole = None;
        while let Some((header, after)) = rest.split_first_chunk() {
            let (kind, length) = frame::parse_header(*header).unwrap();
            let (payload, after) = after.split_at(length);
            assert!(whole.is_none());
            whole = arriving.take(kind, payload).unwrap();
            rest = after;
        }
        assert_eq!(whole, Some(Answer::Http(response)));
        assert!(arriving.take(Kind::More, b"x").is_err());
    }
}
