//! The private frames on the pipe between runner and host: `u8 kind, u32 length, payload`, little-endian.
//!
//! Both ends are the same executable, so the format has no version. What arrives is validated as if a stranger had
//! written it, because a plugin shares the runner's memory. Nothing is allocated from a length found in the data
//! before that length has been compared with the bytes at hand.

mod columns;

pub use columns::{check_text, decode_batch, encode_rows, weight};

/// Longest payload.
pub const MAX_PAYLOAD: usize = 64 << 20;
/// Bytes before the payload.
pub const HEADER: usize = 5;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Host to runner: what to do, JSON.
    Start = 1,
    /// Host to runner: stop soon.
    Cancel = 2,
    /// Rows.
    Columns = 10,
    /// State that covers all rows so far, JSON object.
    Checkpoint = 11,
    /// One line of the log: level byte, text.
    Log = 12,
    /// How far: done `u64`, total `u64`, unit.
    Progress = 13,
    /// One input item that became no row, JSON.
    Reject = 14,
    /// A warning for the report, JSON.
    Notice = 15,
    /// The plugin waits inside a host service for so many milliseconds, `u64`.
    Pause = 16,
    /// Answer of `spec` or `check`, JSON.
    Answer = 17,
    /// Why it stopped, JSON.
    Error = 18,
    /// Everything was said: rows `u64`, rejects `u64`, checkpoints `u64`.
    End = 19,
    /// What the kernel enforces on the child, JSON; sent before the plugin is loaded.
    Sandbox = 20,
    /// The plugin asks for an HTTP request.
    Http = 21,
    /// The plugin asks for units of a bucket.
    Throttle = 22,
    /// The plugin asks for a secret.
    Secret = 23,
    /// The plugin hands over a new value of a secret.
    KeepSecret = 24,
    /// Host to runner: what became of the question.
    Answered = 25,
    /// Host to runner: more of the answer's body.
    More = 26,
    /// What the child is at, one byte; sent before it begins.
    Phase = 27,
}

/// Why bytes are not a frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// No kind has this number.
    #[error("frame of unknown kind {0}")]
    Kind(u8),
    /// Longer than [`MAX_PAYLOAD`].
    #[error("frame of {0} bytes refused")]
    Long(u64),
    /// The payload breaks a rule.
    #[error("{what} (column {column}, row {row})")]
    Column {
        /// The rule.
        what: &'static str,
        /// The column.
        column: String,
        /// The first row that breaks it.
        row: usize,
    },
    /// The payload breaks a rule that concerns no column.
    #[error("{0}")]
    Payload(&'static str),
}

impl Kind {
    fn from_byte(byte: u8) -> Option<Self> {
        const ALL: [Kind; 20] = [
            Kind::Start,
            Kind::Cancel,
            Kind::Columns,
            Kind::Checkpoint,
            Kind::Log,
            Kind::Progress,
            Kind::Reject,
            Kind::Notice,
            Kind::Pause,
            Kind::Answer,
            Kind::Error,
            Kind::End,
            Kind::Sandbox,
            Kind::Http,
            Kind::Throttle,
            Kind::Secret,
            Kind::KeepSecret,
            Kind::Answered,
            Kind::More,
            Kind::Phase,
        ];
        ALL.into_iter().find(|k| *k as u8 == byte)
    }
}

/// Kind and payload length of the frame that starts with `header`.
///
/// # Errors
/// Unknown kind, or a payload longer than allowed.
pub fn parse_header(header: [u8; HEADER]) -> Result<(Kind, usize), FrameError> {
    let [kind, a, b, c, d] = header;
    let kind = Kind::from_byte(kind).ok_or(FrameError::Kind(kind))?;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    if length > MAX_PAYLOAD { Err(FrameError::Long(length as u64)) } else { Ok((kind, length)) }
}

/// The bytes of one frame.
///
/// # Errors
/// A payload longer than allowed.
pub fn encode(kind: Kind, payload: &[u8]) -> Result<Vec<u8>, FrameError> {
    if payload.len() > MAX_PAYLOAD {
        return Err(FrameError::Long(payload.len() as u64));
    }
    let mut bytes = Vec::with_capacity(HEADER + payload.len());
    bytes.push(kind as u8);
    bytes.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    bytes.extend_from_slice(payload);
    Ok(bytes)
}

/// The numbers of a payload made of `N` `u64`, and what follows them.
///
/// # Errors
/// A payload too short.
pub fn numbers<const N: usize>(payload: &[u8]) -> Result<([u64; N], &[u8]), FrameError> {
    let mut rest = payload;
    let mut numbers = [0; N];
    for number in &mut numbers {
        let (bytes, after) = rest.split_first_chunk::<8>().ok_or(FrameError::Payload("payload ends too early"))?;
        *number = u64::from_le_bytes(*bytes);
        rest = after;
    }
    Ok((numbers, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lying_length_is_refused_before_memory_is_taken() {
        assert_eq!(parse_header([10, 0xff, 0xff, 0xff, 0xff]), Err(FrameError::Long(u64::from(u32::MAX))));
        assert_eq!(parse_header([0xa5, 0, 0, 0, 0]), Err(FrameError::Kind(0xa5)));
    }
}
