//! A small HTTP server on this machine that behaves as badly as it is told to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Names lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What follows the headers.
pub(crate) enum Body {
    Bytes(Vec<u8>),
    /// So many bytes, one at a time, with this much time between them.
    Drip(usize, Duration),
    /// Never ends.
    Endless,
    /// So many zeros, sent as quickly as they are taken.
    Zeros(usize),
    /// Half of what was promised, then nothing.
    Half,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Body,
    /// Time before the first byte.
    pub(crate) after: Duration,
}

pub(crate) fn reply(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply { status, headers: Vec::new(), body: Body::Bytes(body.into()), after: Duration::ZERO }
}

impl Reply {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub(crate) fn after(mut self, time: Duration) -> Self {
        self.after = time;
        self
    }
}

type Answer = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Answers every request with `answer`, which gets the request and how many came before it.
    pub(crate) fn start(answer: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::wrapped(answer, |stream| Some(Box::new(stream)))
    }

    /// The same over what `wrap` makes of a connection.
    pub(crate) fn wrapped(
        answer: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
        wrap: impl Fn(TcpStream) -> Option<Box<dyn Wire>> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (answer, log, wrap) = (Arc::new(answer), Arc::clone(&seen), Arc::new(wrap));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Two thousand small answers would wait for as many acknowledgements.
                stream.set_nodelay(true).unwrap();
                let (answer, log, wrap) = (Arc::clone(&answer), Arc::clone(&log), Arc::clone(&wrap));
                std::thread::spawn(move || {
                    if let Some(mut wire) = wrap(stream) {
                        // The other side hangs up when it has had enough.
                        let _ = serve(wire.as_mut(), answer.as_ref(), &log);
                    }
                });
            }
        });
        Self { port, seen }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// A connection, plain or encrypted.
pub(crate) trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

fn serve(wire: &mut dyn Wire, answer: &Answer, log: &Mutex<Vec<Seen>>) -> std::io::Result<()> {
    loop {
        let Some(seen) = request(wire)? else { return Ok(()) };
        let before = {
            let mut log = log.lock().unwrap();
            log.push(seen.clone());
            log.len() - 1
        };
        let reply = answer(&seen, before);
        std::thread::sleep(reply.after);
        respond(wire, &reply, seen.method == "HEAD")?;
    }
}

fn request(wire: &mut dyn Wire) -> std::io::Result<Option<Seen>> {
    let mut reader = BufReader::with_capacity(1, wire);
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let mut seen =
        Seen { method: words.next().unwrap_or_default(), target: words.next().unwrap_or_default(), ..Seen::default() };
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => drop(seen.headers.insert(name.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = seen.headers.get("content-length").and_then(|v| v.parse().ok()).unwrap_or(0);
    seen.body = vec![0; length];
    reader.read_exact(&mut seen.body)?;
    Ok(Some(seen))
}

fn respond(wire: &mut dyn Wire, reply: &Reply, head_only: bool) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} X\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    let length = match &reply.body {
        Body::Bytes(bytes) => Some(bytes.len()),
        Body::Drip(count, _) | Body::Zeros(count) => Some(*count),
        Body::Half => Some(1_000),
        Body::Endless => None,
    };
    match length {
        Some(length) => head.extend(["content-length: ", &length.to_string(), "\r\n\r\n"]),
        None => head.push_str("transfer-encoding: chunked\r\n\r\n"),
    }
    wire.write_all(head.as_bytes())?;
    match &reply.body {
        _ if head_only => {}
        Body::Bytes(bytes) => wire.write_all(bytes)?,
        Body::Drip(count, pause) => {
            for _ in 0..*count {
                wire.write_all(b"x")?;
                wire.flush()?;
                std::thread::sleep(*pause);
            }
        }
        Body::Endless => loop {
            wire.write_all(b"400\r\n")?;
            wire.write_all(&[b'x'; 0x400])?;
            wire.write_all(b"\r\n")?;
        },
        Body::Zeros(count) => {
            for _ in 0..*count / 8_192 {
                wire.write_all(&[0; 8_192])?;
            }
        }
        Body::Half => {
            wire.write_all(&[b'x'; 500])?;
            wire.flush()?;
            return Err(std::io::Error::other("half is enough"));
        }
    }
    wire.flush()
}
