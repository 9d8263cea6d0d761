//! The child's end of the host's pipe: a cancellation, and answers to questions.
//!
//! Any thread of a plugin may wait here. One of them reads for all; the others wait until it has read something. No
//! thread of our own: a sandbox laid on the plugin's threads then covers everything in the process.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::exchange::{Answer, Arriving};
use crate::frame::{FrameError, HEADER, Kind, parse_header};

/// Bytes read at once.
const CHUNK: usize = 256 << 10;

pub(crate) struct Inbox {
    reply: OwnedFd,
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    /// A thread is reading, and has the buffer.
    led: bool,
    buffer: Vec<u8>,
    arriving: Arriving,
    answer: Option<Answer>,
    cancelled: bool,
    /// The host closed its end or sent garbage.
    gone: bool,
}

/// What a wait ended with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Waited<T> {
    /// What was waited for.
    Got(T),
    /// Time is up.
    Late,
    /// The host is not there any more.
    Gone,
}

impl Inbox {
    pub(crate) fn new(reply: OwnedFd) -> Self {
        Self { reply, state: Mutex::new(State::default()), arrived: Condvar::new() }
    }

    /// Waits for the host's answer.
    pub(crate) fn answer(&self) -> Waited<Answer> {
        self.wait(None, |state| state.answer.take())
    }

    /// Waits for a cancellation, at most `wait`.
    pub(crate) fn cancelled(&self, wait: Duration) -> bool {
        // The host's end closed means the same.
        !matches!(self.wait(Some(Instant::now() + wait), |state| state.cancelled.then_some(())), Waited::Late)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<T>(&self, until: Option<Instant>, wanted: impl Fn(&mut State) -> Option<T>) -> Waited<T> {
        let mut state = self.lock();
        let mut looked = false;
        loop {
            if let Some(found) = wanted(&mut state) {
                return Waited::Got(found);
            }
            if state.gone {
                return Waited::Gone;
            }
            let left = until.map(|end| end.saturating_duration_since(Instant::now()));
            // Without time to wait, one look at what is there.
            if left.is_some_and(|left| left.is_zero()) && (looked || state.led) {
                return Waited::Late;
            }
            if state.led {
                state = match left {
                    Some(left) => self.arrived.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0,
                    None => self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner),
                };
                continue;
            }
            state.led = true;
            let mut buffer = std::mem::take(&mut state.buffer);
            drop(state);
            let open = self.read(&mut buffer, left);
            state = self.lock();
            state.led = false;
            state.buffer = buffer;
            state.gone |= !open || state.absorb().is_err();
            looked = true;
            self.arrived.notify_all();
        }
    }

    /// Reads what is there, or waits for it at most `left`. False when nothing will ever come.
    fn read(&self, buffer: &mut Vec<u8>, left: Option<Duration>) -> bool {
        let timeout =
            left.map(|left| Timespec { tv_sec: left.as_secs() as i64, tv_nsec: i64::from(left.subsec_nanos()) });
        let mut fds = [PollFd::from_borrowed_fd(self.reply.as_fd(), PollFlags::IN)];
        match poll(&mut fds, timeout.as_ref()) {
            Ok(0) | Err(rustix::io::Errno::INTR) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
        buffer.reserve(CHUNK);
        match rustix::io::read(&self.reply, spare_capacity(buffer)) {
            Ok(count) => count > 0,
            Err(error) => matches!(error, rustix::io::Errno::INTR | rustix::io::Errno::AGAIN),
        }
    }
}

impl State {
    /// Takes whole frames out of the buffer.
    fn absorb(&mut self) -> Result<(), FrameError> {
        let buffer = std::mem::take(&mut self.buffer);
        let mut at = 0;
        while let Some((header, rest)) = buffer[at..].split_first_chunk::<HEADER>() {
            let (kind, length) = parse_header(*header)?;
            let Some(payload) = rest.get(..length) else { break };
            match kind {
                Kind::Cancel => self.cancelled = true,
                _ => {
                    if let Some(answer) = self.arriving.take(kind, payload)? {
                        self.answer = Some(answer);
                    }
                }
            }
            at += HEADER + length;
        }
        self.buffer = buffer;
        self.buffer.drain(..at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use std::sync::Arc;

    use rustix::pipe::pipe;

    use super::*;
    use crate::broker::HttpResponse;
    use crate::frame;

    fn write(end: &OwnedFd, frames: &[Vec<u8>]) {
        for bytes in frames {
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let count = rustix::io::write(end, rest).unwrap();
                rest = &rest[count..];
            }
        }
    }

    #[test]
    fn one_thread_reads_for_all() {
        let (reading, writing) = pipe().unwrap();
        let inbox = Arc::new(Inbox::new(reading));
        let response = HttpResponse { status: 200, body: vec![7; 9 << 20], ..HttpResponse::default() };
        let expected = Answer::Http(response.clone());
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let inbox = Arc::clone(&inbox);
                std::thread::spawn(move || inbox.cancelled(Duration::from_mins(1)))
            })
            .collect();
        let asking = {
            let inbox = Arc::clone(&inbox);
            std::thread::spawn(move || inbox.answer())
        };
        write(&writing, &Answer::Http(response).encode().unwrap());
        assert_eq!(asking.join().unwrap(), Waited::Got(expected));
        assert!(!inbox.cancelled(Duration::ZERO));
        write(&writing, &[frame::encode(Kind::Cancel, &[]).unwrap()]);
        assert!(waiting.into_iter().all(|t| t.join().unwrap()));
        assert!(inbox.cancelled(Duration::ZERO));
    }

    #[test]
    fn a_host_that_is_gone_ends_every_wait() {
        let (reading, writing) = pipe().unwrap();
        let inbox = Inbox::new(reading);
        assert!(!inbox.cancelled(Duration::from_millis(5)));
        drop(writing);
        assert_eq!(inbox.answer(), Waited::Gone);
        assert!(inbox.cancelled(Duration::ZERO));
    }

    #[test]
    fn garbage_is_a_host_that_is_gone() {
        let (reading, writing) = pipe().unwrap();
        write(&writing, &[vec![0xa5, 1, 0, 0, 0, 9]]);
        assert_eq!(Inbox::new(reading).answer(), Waited::Gone);
    }
}
