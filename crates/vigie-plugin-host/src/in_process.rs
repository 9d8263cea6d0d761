//! A plugin in the host's own process, for debuggers: the same frames over the same pipes, and a thread in place of a
//! child. There are no limits, no clocks and no sandbox, and what the plugin prints is printed.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pipe::{PipeFlags, pipe_with};
use vigie_model::diagnostic::Bilingual;

use crate::broker::{Broker, Errand};
use crate::errands::{answer, nobody};
use crate::exchange::Question;
use crate::frame::{self, HEADER, Kind, parse_header};
use crate::outcome::Failure;
use crate::process::{Event, protocol};
use crate::runner::{Start, work_here};
use crate::services;

/// How often a cancellation is looked for.
const TICK: Duration = Duration::from_millis(100);

/// Does what `start` asks for, with the open `library`; `handle` gets everything the plugin says.
pub(crate) fn run(
    start: &Start,
    library: &Arc<File>,
    (broker, cancel): (Option<&dyn Broker>, Option<&AtomicBool>),
    handle: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let made = || -> std::io::Result<_> {
        Ok((
            pipe_with(PipeFlags::CLOEXEC)?,
            pipe_with(PipeFlags::CLOEXEC)?,
            File::options().write(true).open("/dev/null")?,
            OwnedFd::from(library.try_clone()?),
        ))
    };
    let ((data, plugins_data), (plugins_reply, reply), nowhere, library) = made().map_err(|e| broken(&e))?;
    let services = services::start(plugins_data.into(), plugins_reply);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if let Err(stop) = work_here(services, start, &library) {
                services.emit(Kind::Error, serde_json::to_string(&stop).unwrap_or_default().as_bytes());
            }
            services.close(nowhere);
        });
        let mut host = Host { data: data.into(), reply: reply.into(), broker, cancel, cancelled: false };
        let mut result = Ok(());
        // To the end, whatever happens: the plugin must not find its host gone.
        while let Some((kind, payload)) = host.next().map_err(|e| broken(&e))? {
            if result.is_ok() {
                result = host.take(kind, &payload, handle);
            }
            if result.is_err() {
                host.cancel().map_err(|e| broken(&e))?;
            }
        }
        result
    })
}

fn broken(error: &std::io::Error) -> Failure {
    let words = Bilingual::new(
        format!("the pipe to the plugin is broken: {error}"),
        format!("le tube vers le greffon est rompu : {error}"),
    );
    Failure::new("P400", words)
}

struct Host<'a> {
    data: File,
    reply: File,
    broker: Option<&'a dyn Broker>,
    cancel: Option<&'a AtomicBool>,
    cancelled: bool,
}

impl Host<'_> {
    /// The next frame; nothing when everything was said.
    fn next(&mut self) -> std::io::Result<Option<(Kind, Vec<u8>)>> {
        loop {
            if self.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
                self.cancel()?;
            }
            let mut fds = [PollFd::new(&self.data, PollFlags::IN)];
            let tick = Timespec { tv_sec: 0, tv_nsec: i64::from(TICK.subsec_nanos()) };
            match poll(&mut fds, Some(&tick)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => break,
                Err(error) => return Err(error.into()),
            }
        }
        let mut header = [0; HEADER];
        if let Err(error) = self.data.read_exact(&mut header) {
            return if error.kind() == std::io::ErrorKind::UnexpectedEof { Ok(None) } else { Err(error) };
        }
        let (kind, length) = parse_header(header).map_err(std::io::Error::other)?;
        let mut payload = vec![0; length];
        self.data.read_exact(&mut payload)?;
        Ok(Some((kind, payload)))
    }

    fn take(
        &mut self,
        kind: Kind,
        payload: &[u8],
        handle: &mut dyn FnMut(Event<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match kind {
            // No clock runs here.
            Kind::Pause | Kind::Phase => Ok(()),
            Kind::Http | Kind::Throttle | Kind::Secret | Kind::KeepSecret => {
                let question = Question::decode(kind, payload).map_err(|e| protocol(&e))?;
                let given = self.broker.map_or_else(nobody, |broker| {
                    let never = AtomicBool::new(false);
                    answer(broker, question, Errand::new(self.cancel.unwrap_or(&never), &|_, _| {}))
                });
                for frame in given.encode().map_err(|e| protocol(&e))? {
                    self.reply.write_all(&frame).map_err(|e| broken(&e))?;
                }
                Ok(())
            }
            kind => handle(Event::Frame(kind, payload)),
        }
    }

    fn cancel(&mut self) -> std::io::Result<()> {
        if std::mem::replace(&mut self.cancelled, true) {
            return Ok(());
        }
        let frame = frame::encode(Kind::Cancel, &[]).map_err(std::io::Error::other)?;
        self.reply.write_all(&frame)
    }
}
