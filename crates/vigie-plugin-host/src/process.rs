//! The host's side of a child: spawning, one poll over everything that can happen, clocks, death.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{FdFlags, fcntl_setfd, ioctl_fionbio};
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open, setsid};
use vigie_model::diagnostic::Bilingual;

use crate::broker::Broker;
use crate::errands::{Errands, News};
use crate::exchange::Question;
use crate::frame::{self, FrameError, HEADER, Kind};
use crate::limits::Limits;
use crate::orphans;
use crate::outcome::Failure;
use crate::phase::PhaseClock;
use crate::runner::COMMAND;
use crate::sink::Level;

/// Longest sleep of the poll, so that a cancellation is seen soon.
const TICK: Duration = Duration::from_millis(100);
/// Bytes read at once from the data pipe.
const CHUNK: usize = 256 << 10;
/// Longest line taken from the plugin's own output.
const MAX_LINE: usize = 8 << 10;

/// What a child tells its host.
#[derive(Clone, Copy)]
pub(crate) enum Event<'a> {
    /// A frame.
    Frame(Kind, &'a [u8]),
    /// A line the plugin printed.
    Printed(Level, &'a str),
    /// A line about what the host did for it.
    Served(Level, &'a str),
}

/// How a child ended, when nothing else went wrong before.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
}

struct Outlet {
    fd: OwnedFd,
    open: bool,
    line: Vec<u8>,
    level: Level,
}

pub(crate) struct Process<'a> {
    child: Child,
    pidfd: OwnedFd,
    data: OwnedFd,
    data_open: bool,
    buffer: Vec<u8>,
    outlets: [Outlet; 2],
    reply: File,
    /// Frames for the child, and how much of the first is written.
    outgoing: VecDeque<Vec<u8>>,
    written: usize,
    errands: Errands,
    limits: &'a Limits,
    cancel: Option<Arc<AtomicBool>>,
    started: Instant,
    idle_until: Instant,
    phase: PhaseClock,
    cancelled_at: Option<Instant>,
    finished: bool,
    reaped: bool,
    _folder: tempfile::TempDir,
}

fn spawn_failure(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        "P400",
        Bilingual::new(
            format!("the plugin's process cannot be started: {error}"),
            format!("le processus du greffon ne démarre pas : {error}"),
        ),
    )
}

impl<'a> Process<'a> {
    /// Starts a program as a runner, with variables of its own, hands it the open `library` and queues `order` for it;
    /// `broker` answers what it asks.
    pub(crate) fn spawn(
        program: (&Path, &[(String, String)]),
        library: Option<Arc<File>>,
        order: Vec<u8>,
        limits: &'a Limits,
        cancel: Option<Arc<AtomicBool>>,
        broker: Option<Arc<dyn Broker>>,
    ) -> Result<Self, Failure> {
        Self::try_spawn(program, library, order, limits, cancel, broker).map_err(|e| spawn_failure(&e))
    }

    fn try_spawn(
        (executable, environment): (&Path, &[(String, String)]),
        library: Option<Arc<File>>,
        order: Vec<u8>,
        limits: &'a Limits,
        cancel: Option<Arc<AtomicBool>>,
        broker: Option<Arc<dyn Broker>>,
    ) -> std::io::Result<Self> {
        orphans::adopt();
        let folder = tempfile::Builder::new().prefix("vigie-plugin-").tempdir()?;
        let (data, childs_data) = pipe_with(PipeFlags::CLOEXEC)?;
        let (childs_reply, reply) = pipe_with(PipeFlags::CLOEXEC)?;
        let mut command = Command::new(executable);
        command
            .arg(COMMAND)
            .arg(childs_data.as_raw_fd().to_string())
            .arg(childs_reply.as_raw_fd().to_string())
            .env_clear()
            .env("TZ", "UTC")
            .env("LC_ALL", "C.UTF-8")
            .env("TMPDIR", folder.path())
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(library) = &library {
            command.arg(library.as_raw_fd().to_string());
        }
        let inherited = (childs_data, childs_reply, library);
        // SAFETY: only `fcntl` and `setsid`, which are safe between fork and exec. Clearing the flag here, in the
        // child, keeps the descriptors out of every other process this program starts at the same time. A session of
        // its own means: no terminal, and no way into the host's process group.
        unsafe {
            command.pre_exec(move || {
                fcntl_setfd(&inherited.0, FdFlags::empty())?;
                fcntl_setfd(&inherited.1, FdFlags::empty())?;
                if let Some(library) = &inherited.2 {
                    fcntl_setfd(library, FdFlags::empty())?;
                }
                setsid()?;
                Ok(())
            });
        }
        let mut child = orphans::start(&mut command)?;
        // The closure owns the child's ends; they close here with the command.
        drop(command);
        let pid = Pid::from_child(&child);
        let outlet = |fd: OwnedFd, level| {
            ioctl_fionbio(&fd, true)?;
            Ok::<_, std::io::Error>(Outlet { fd, open: true, line: Vec::new(), level })
        };
        let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(std::io::Error::other("no pipes"));
        };
        let outlets = [outlet(out.into(), Level::Info)?, outlet(err.into(), Level::Warning)?];
        ioctl_fionbio(&data, true)?;
        ioctl_fionbio(&reply, true)?;
        let now = Instant::now();
        Ok(Self {
            pidfd: pidfd_open(pid, PidfdFlags::empty())?,
            child,
            data,
            data_open: true,
            buffer: Vec::new(),
            outlets,
            reply: reply.into(),
            outgoing: VecDeque::from([order]),
            written: 0,
            errands: Errands::new(broker)?,
            limits,
            cancel,
            started: now,
            idle_until: now + limits.idle,
            phase: PhaseClock::new(now),
            cancelled_at: None,
            finished: false,
            reaped: false,
            _folder: folder,
        })
    }

    /// Serves the child until it is dead; `handle` gets everything it says and may end it.
    pub(crate) fn serve(&mut self, handle: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>) -> Result<Ended, Failure> {
        let result = self.serve_inner(handle);
        // Told by `result` already when it is an error.
        let _ = self.kill();
        result
    }

    fn serve_inner(&mut self, handle: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>) -> Result<Ended, Failure> {
        loop {
            let ready = self.wait().map_err(|e| spawn_failure(&e))?;
            if ready.outgoing {
                self.send_outgoing();
            }
            if ready.news {
                self.take_news(handle)?;
            }
            if ready.data {
                self.read_data(handle, CHUNK * 4)?;
            }
            for index in 0..2 {
                if ready.outlets[index] {
                    self.read_outlet(index, handle)?;
                }
            }
            if ready.dead {
                // A grandchild may hold the pipes open: what is there is taken, nothing is waited for.
                self.read_data(handle, usize::MAX)?;
                self.read_outlet(0, handle)?;
                self.read_outlet(1, handle)?;
                return Ok(Ended { status: self.kill().map_err(|e| spawn_failure(&e))? });
            }
            self.clocks()?;
        }
    }

    /// The child has said everything: it may take a moment to tidy up, no more.
    pub(crate) fn said_everything(&mut self) {
        self.finished = true;
        // A question another thread of the plugin has left open is nobody's any more.
        self.errands.cancel();
        self.idle_until = Instant::now() + self.limits.grace;
    }

    /// Puts the idle clock forward while the plugin waits inside a host service.
    fn paused(&mut self, milliseconds: u64) {
        self.idle_until = Instant::now() + self.limits.idle + Duration::from_millis(milliseconds.min(86_400_000));
    }

    fn wait(&self) -> std::io::Result<Ready> {
        let wanted = [self.data_open, self.outlets[0].open, self.outlets[1].open, !self.outgoing.is_empty(), true];
        let slots: Vec<usize> = (0..wanted.len()).filter(|slot| wanted[*slot]).collect();
        let mut fds = vec![PollFd::new(&self.pidfd, PollFlags::IN)];
        fds.extend(slots.iter().map(|slot| {
            let flags = if *slot == 3 { PollFlags::OUT } else { PollFlags::IN };
            PollFd::from_borrowed_fd(self.borrow(*slot), flags)
        }));
        let nanos = i64::from(TICK.subsec_nanos());
        match poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: nanos })) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let set = |slot: usize| slots.iter().position(|s| *s == slot).is_some_and(|i| !fds[i + 1].revents().is_empty());
        Ok(Ready {
            dead: !fds[0].revents().is_empty(),
            data: set(0),
            outlets: [set(1), set(2)],
            outgoing: set(3),
            news: set(4),
        })
    }

    fn borrow(&self, slot: usize) -> std::os::fd::BorrowedFd<'_> {
        match slot {
            0 => self.data.as_fd(),
            1 | 2 => self.outlets[slot - 1].fd.as_fd(),
            3 => self.reply.as_fd(),
            _ => self.errands.bell(),
        }
    }

    fn send_outgoing(&mut self) {
        while let Some(frame) = self.outgoing.front() {
            match self.reply.write(&frame[self.written..]) {
                Ok(count) if self.written + count < frame.len() => self.written += count,
                Ok(_) => {
                    self.written = 0;
                    self.outgoing.pop_front();
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return,
                // The child closed its end; its death or its silence will say why.
                Err(_) => self.outgoing.clear(),
            }
        }
    }

    /// Passes on what the broker says and answers.
    fn take_news(&mut self, handle: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>) -> Result<(), Failure> {
        while let Some(news) = self.errands.next() {
            match news {
                News::Said(level, line) => handle(Event::Served(level, &line))?,
                News::Answered(answer) => {
                    self.outgoing.extend(answer.encode().map_err(|e| protocol(&e))?);
                    // The plugin's clock stood still meanwhile.
                    self.idle_until = Instant::now() + self.limits.idle;
                    self.send_outgoing();
                }
            }
        }
        Ok(())
    }

    /// Sends a plugin's question to the broker.
    fn ask(&mut self, kind: Kind, payload: &[u8]) -> Result<(), Failure> {
        let question = Question::decode(kind, payload).map_err(|e| protocol(&e))?;
        if self.errands.ask(question) {
            Ok(())
        } else {
            Err(protocol(&FrameError::Payload("a question before the last was answered")))
        }
    }

    fn read_data(
        &mut self,
        handle: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>,
        at_most: usize,
    ) -> Result<(), Failure> {
        let mut taken = 0;
        while self.data_open && taken < at_most {
            self.buffer.reserve(CHUNK);
            let count = match rustix::io::read(&self.data, spare_capacity(&mut self.buffer)) {
                Ok(count) => count,
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => return Ok(()),
                Err(_) => 0,
            };
            if count == 0 {
                self.data_open = false;
                return Ok(());
            }
            taken += count;
            self.idle_until = self.idle_until.max(Instant::now() + self.limits.idle);
            self.take_frames(handle)?;
        }
        Ok(())
    }

    fn take_frames(&mut self, handle: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>) -> Result<(), Failure> {
        let buffer = std::mem::take(&mut self.buffer);
        let mut at = 0;
        while let Some((header, rest)) = buffer[at..].split_first_chunk::<HEADER>() {
            let (kind, length) = frame::parse_header(*header).map_err(|e| protocol(&e))?;
            let Some(payload) = rest.get(..length) else { break };
            if kind == Kind::Pause {
                let ([milliseconds], _) = frame::numbers(payload).map_err(|e| protocol(&e))?;
                self.paused(milliseconds);
            } else if kind == Kind::Phase {
                self.phase.enter(payload, Instant::now()).map_err(|e| protocol(&e))?;
            } else if self.finished {
                return Err(protocol(&FrameError::Payload("frames after the end")));
            } else if matches!(kind, Kind::Http | Kind::Throttle | Kind::Secret | Kind::KeepSecret) {
                self.ask(kind, payload)?;
            } else {
                let before = Instant::now();
                handle(Event::Frame(kind, payload))?;
                // Time the archive takes is not the plugin's.
                let now = Instant::now();
                self.started += now - before;
                self.idle_until = now + self.limits.idle;
            }
            if kind == Kind::End {
                self.said_everything();
            }
            at += HEADER + length;
        }
        self.buffer = buffer;
        self.buffer.drain(..at);
        Ok(())
    }

    fn read_outlet(
        &mut self,
        index: usize,
        handle: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let outlet = &mut self.outlets[index];
        let mut chunk = [0; 4_096];
        // A chatty plugin does not keep the host from its rows: a few chunks at a time.
        for _ in 0..16 {
            let count = match rustix::io::read(&outlet.fd, &mut chunk) {
                Ok(count) => count,
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => return Ok(()),
                Err(_) => 0,
            };
            if count == 0 {
                outlet.open = false;
                let rest = std::mem::take(&mut outlet.line);
                return if rest.is_empty() {
                    Ok(())
                } else {
                    handle(Event::Printed(outlet.level, &String::from_utf8_lossy(&rest)))
                };
            }
            for byte in &chunk[..count] {
                if *byte == b'\n' {
                    let line = std::mem::take(&mut outlet.line);
                    handle(Event::Printed(outlet.level, &String::from_utf8_lossy(&line)))?;
                } else if outlet.line.len() < MAX_LINE {
                    outlet.line.push(*byte);
                }
            }
        }
        Ok(())
    }

    fn clocks(&mut self) -> Result<(), Failure> {
        let now = Instant::now();
        if self.cancelled_at.is_none() && self.cancel.as_ref().is_some_and(|c| c.load(Ordering::Relaxed)) {
            self.cancelled_at = Some(now);
            self.outgoing.extend(frame::encode(Kind::Cancel, &[]));
            self.errands.cancel();
        }
        if self.cancelled_at.is_some_and(|at| now > at + self.limits.grace) {
            let words = Bilingual::new(
                "cancelled; the plugin did not stop by itself",
                "annulé ; le greffon ne s'est pas arrêté de lui-même",
            );
            return Err(Failure::new("P415", words).retryable());
        }
        if now > self.started + self.limits.total {
            let seconds = self.limits.total.as_secs();
            let words = Bilingual::new(
                format!("killed: not finished after {seconds} s"),
                format!("arrêté de force : pas fini après {seconds} s"),
            );
            return Err(Failure::new("P413", words)
                .hint("ask for less, or raise `total_minutes`", "demandez moins, ou augmentez `total_minutes`")
                .retryable());
        }
        if let Some(failure) = self.phase.overrun(self.limits, now).filter(|_| !self.finished) {
            return Err(failure);
        }
        if self.errands.waiting() {
            return Ok(());
        }
        if now > self.idle_until && !self.finished {
            let seconds = self.limits.idle.as_secs_f64();
            let words = Bilingual::new(
                format!("killed: silent for {seconds} s"),
                format!("arrêté de force : muet pendant {seconds} s"),
            );
            return Err(Failure::new("P412", words)
                .hint("this is usually a bug of the plugin", "c'est d'ordinaire un défaut du greffon")
                .retryable());
        }
        if now > self.idle_until {
            // Everything was said and counted; what the plugin does now is nobody's business.
            self.kill_group();
        }
        Ok(())
    }

    fn kill_group(&self) {
        // The process may be dead and its group empty; then there is nothing to kill.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
    }

    /// Kills what is left of the child and its group, and takes its status so that no zombie stays.
    fn kill(&mut self) -> std::io::Result<ExitStatus> {
        if !self.reaped {
            // Before its status is taken, the number cannot belong to another process.
            self.kill_group();
        }
        let status = self.child.wait()?;
        if !self.reaped {
            self.reaped = true;
            orphans::sweep(Pid::from_child(&self.child));
        }
        Ok(status)
    }

    /// Reads what is left on the plugin's output after a failure.
    pub(crate) fn last_words(&mut self, handle: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>) {
        for index in 0..2 {
            // A failure is being told already.
            let _ = self.read_outlet(index, handle);
        }
    }
}

impl Drop for Process<'_> {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

#[allow(clippy::struct_excessive_bools, reason = "one for each thing that is watched")]
struct Ready {
    dead: bool,
    data: bool,
    outlets: [bool; 2],
    outgoing: bool,
    news: bool,
}

/// A child that does not keep the frames' rules.
pub(crate) fn protocol(error: &FrameError) -> Failure {
    Failure::new(
        "P420",
        Bilingual::new(
            format!("the plugin's process sent garbage: {error}"),
            format!("le processus du greffon a envoyé n'importe quoi : {error}"),
        ),
    )
    .hint("this is a bug of the plugin; tell its author", "c'est un défaut du greffon ; signalez-le à son auteur")
}

/// The failure behind an exit that came before the end frame.
pub(crate) fn died(status: ExitStatus) -> Failure {
    if let Some(signal) = status.signal() {
        let name = signal_name(signal);
        let failure = Failure::new(
            "P410",
            Bilingual::new(format!("the plugin crashed ({name})"), format!("le greffon s'est effondré ({name})")),
        );
        return match name.as_str() {
            "SIGXCPU" => failure.hint("it used all the CPU time it may take", "il a épuisé le temps de calcul permis"),
            "SIGKILL" => failure.hint(
                "something outside killed it, perhaps for want of memory",
                "quelque chose l'a tué du dehors, peut-être faute de mémoire",
            ),
            _ => failure.hint(
                "this is a bug of the plugin; tell its author",
                "c'est un défaut du greffon ; signalez-le à son auteur",
            ),
        }
        .retryable();
    }
    let code = status.code().unwrap_or(-1);
    Failure::new(
        "P411",
        Bilingual::new(
            format!("the plugin's process ended with status {code} before it had said everything"),
            format!("le processus du greffon s'est terminé avec le code {code} avant d'avoir tout dit"),
        ),
    )
    .hint("this is a bug of the plugin; tell its author", "c'est un défaut du greffon ; signalez-le à son auteur")
    .retryable()
}

fn signal_name(signal: i32) -> String {
    const NAMES: [(Signal, &str); 10] = [
        (Signal::SEGV, "SIGSEGV"),
        (Signal::ABORT, "SIGABRT"),
        (Signal::KILL, "SIGKILL"),
        (Signal::BUS, "SIGBUS"),
        (Signal::ILL, "SIGILL"),
        (Signal::FPE, "SIGFPE"),
        (Signal::XCPU, "SIGXCPU"),
        (Signal::XFSZ, "SIGXFSZ"),
        (Signal::TERM, "SIGTERM"),
        (Signal::PIPE, "SIGPIPE"),
    ];
    NAMES
        .iter()
        .find(|(s, _)| s.as_raw() == signal)
        .map_or_else(|| format!("signal {signal}"), |(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_have_names() {
        assert_eq!(signal_name(11), "SIGSEGV");
        assert_eq!(signal_name(6), "SIGABRT");
        assert_eq!(signal_name(64), "signal 64");
    }
}
