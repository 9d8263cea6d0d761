//! The source itself: files one after the other, each in its form; a bad file costs itself only.

use std::io::Read;

use vigie_plugin::{
    Check, CheckStatus, Code, Context, Error, Mode, Notice, Output, Report, Request, Result, Source, Words,
};

use crate::bytes::{self, Look};
use crate::config::{Config, Format};
use crate::encoding::{self, Utf8Stream};
use crate::notices::{self, Trouble};
use crate::paths::{Found, expand};
use crate::plan::Plan;
use crate::reading::{Reading, Shared};
use crate::state::{Done, State};
use crate::{columnar, delimited, lines, workbook};

/// The source `file`.
pub struct File {
    config: Config,
    plan: Plan,
}

impl Source for File {
    type Config = Config;
    type State = State;

    fn open(config: Config, _context: &Context) -> Result<Self> {
        encoding::declared(&config.encoding)?;
        let plan = Plan::new(&config)?;
        Ok(Self { config, plan })
    }

    fn check(&mut self, _context: &Context) -> Result<Report> {
        let (files, troubles) = self.files();
        let mut checks: Vec<Check> = troubles.into_iter().map(|n| failed("files", n)).collect();
        for file in &files {
            checks.push(match bytes::look(&file.path) {
                Ok(look) if look.size > 0 => Check {
                    id: "files".into(),
                    status: CheckStatus::Ok,
                    message: Words::new(format!("{} can be read", file.name), format!("{} est lisible", file.name)),
                    hint: None,
                },
                Ok(_) => failed("files", notices::empty(&file.name)),
                Err(error) => failed("files", open_notice(file, &error)),
            });
        }
        Ok(Report { checks })
    }

    fn read(&mut self, request: &Request<State>, output: &mut Output<State>, context: &Context) -> Result<()> {
        let known = request.state.clone().filter(|_| request.mode == Mode::Incremental).unwrap_or_default();
        let mut shared = Shared {
            config: &self.config,
            plan: &self.plan,
            output,
            context,
            // Only contents that are still there are remembered, so that the state does not grow for ever.
            state: State { done: std::collections::BTreeMap::new(), current: known.current.clone() },
            mode: request.mode,
            window: window(request)?,
        };
        let (files, troubles) = self.files();
        let mut first_trouble = troubles.first().cloned();
        for trouble in &troubles {
            context.warn(trouble);
        }
        let mut readable = 0;
        for file in &files {
            if context.cancelled() {
                return Err(Error::new(Code::Cancelled, "cancelled between two files"));
            }
            match one_file(&mut shared, file, &known) {
                Ok(()) => readable += 1,
                Err(Trouble::Stop(error)) => return Err(error),
                Err(Trouble::File(notice)) => {
                    context.warn(&notice);
                    first_trouble.get_or_insert(*notice);
                }
            }
        }
        if let (0, Some(trouble)) = (readable, first_trouble) {
            let hint = trouble
                .hint
                .unwrap_or_else(|| Words::new("check `paths` and `columns`", "vérifiez `paths` et `columns`"));
            return Err(Error::new(Code::NotFound, format!("no file could be read; {}", trouble.message.en))
                .french(format!("aucun fichier n'a pu être lu ; {}", trouble.message.fr))
                .option("/paths")
                .hint(&hint.en, &hint.fr));
        }
        shared.state.current = None;
        if request.mode == Mode::Incremental { shared.output.checkpoint(&shared.state) } else { Ok(()) }
    }
}

fn failed(id: &str, notice: Notice) -> Check {
    Check { id: id.into(), status: CheckStatus::Error, message: notice.message, hint: notice.hint }
}

fn open_notice(file: &Found, error: &std::io::Error) -> Notice {
    if error.kind() == std::io::ErrorKind::NotFound {
        notices::missing(&file.path.display().to_string())
    } else {
        notices::unreadable(&file.name, error)
    }
}

impl File {
    /// The files in the order of `paths`, each once, and what could not be found.
    fn files(&self) -> (Vec<Found>, Vec<Notice>) {
        let mut files: Vec<Found> = Vec::new();
        let mut troubles = Vec::new();
        for pattern in &self.config.paths {
            match expand(pattern) {
                Ok(found) if found.is_empty() => troubles.push(notices::no_match(pattern)),
                Ok(found) => files.extend(found.into_iter().filter(|f| !files.contains(f)).collect::<Vec<_>>()),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => troubles.push(notices::missing(pattern)),
                Err(error) => troubles.push(notices::unreadable(pattern, &error)),
            }
        }
        (files, troubles)
    }
}

fn window(request: &Request<State>) -> Result<Option<(i64, i64)>> {
    let Some(window) = request.window.as_ref().filter(|_| request.mode == Mode::Window) else { return Ok(None) };
    let parse = |text: &str| {
        let moment = text.parse::<jiff::Timestamp>();
        moment
            .map(jiff::Timestamp::as_microsecond)
            .map_err(|_| Error::new(Code::Internal, format!("the host's window `{text}` is no time")))
    };
    Ok(Some((parse(&window.from)?, parse(&window.to)?)))
}

/// Reads one file, unless its content was read before.
fn one_file(shared: &mut Shared<'_>, file: &Found, known: &State) -> std::result::Result<(), Trouble> {
    let look = bytes::look(&file.path).map_err(|e| open_notice(file, &e))?;
    if look.size == 0 {
        return Err(notices::empty(&file.name).into());
    }
    if let Some(done) = known.done.get(&look.hash) {
        shared.state.done.insert(look.hash, *done);
        if done.cut {
            let again = "the same damage as before";
            shared.context.warn(&notices::cut(&file.name, done.rows, &again));
        }
        return Ok(());
    }
    if shared.state.done.contains_key(&look.hash) {
        shared.context.info(&format!("{} has the same content as another file of this source", file.name));
        return Ok(());
    }
    let mut reading = Reading::new(shared, &file.name, &look.hash);
    let result = by_format(&mut reading, file, &look);
    let (rows, from_url) = (reading.rows, reading.ids_from_url);
    if from_url > 0 {
        shared.context.warn(&notices::ids_from_url(&file.name, from_url));
    }
    let cut = match result {
        // Nothing was said, which is no failure; but an export without a row is worth a person's eye each time.
        Ok(()) if rows == 0 => {
            shared.context.warn(&notices::no_rows(&file.name));
            return Ok(());
        }
        Ok(()) => false,
        // Rows came before the damage: they stay, and the file counts as read.
        Err(Trouble::File(notice)) if rows > 0 => {
            shared.context.warn(&notice);
            true
        }
        Err(other) => return Err(other),
    };
    shared.state.current = None;
    shared.state.done.insert(look.hash, Done { rows, cut });
    Ok(())
}

fn by_format(reading: &mut Reading<'_, '_>, file: &Found, look: &Look) -> std::result::Result<(), Trouble> {
    let unreadable = |e: std::io::Error| Trouble::from(notices::unreadable(&file.name, &e));
    let format = match reading.shared.config.format {
        Format::Auto => sniff(file, look).map_err(unreadable)?,
        declared => declared,
    };
    match format {
        Format::Xlsx => workbook::read(reading, bytes::open_whole(&file.path, look.packing).map_err(unreadable)?),
        Format::Parquet => columnar::read(reading, bytes::open_whole(&file.path, look.packing).map_err(unreadable)?),
        Format::Ndjson => lines::read(reading, text(reading, file, look)?),
        Format::Csv | Format::Auto => delimited::read(reading, text(reading, file, look)?),
    }
}

/// The form that the first bytes, and then the name, suggest.
fn sniff(file: &Found, look: &Look) -> std::io::Result<Format> {
    let mut first = [0; 64];
    let mut stream = bytes::open(&file.path, look.packing)?;
    let mut count = 0;
    while count < first.len() {
        match stream.read(&mut first[count..]) {
            Ok(0) => break,
            Ok(more) => count += more,
            // Damage shows again, with its place, when the file is read.
            Err(_) if count > 0 => break,
            Err(error) => return Err(error),
        }
    }
    let first = &first[..count];
    let visible =
        first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).iter().find(|b| !b.is_ascii_whitespace() && **b != 0);
    let name = file.name.to_ascii_lowercase();
    Ok(if first.starts_with(b"PK\x03\x04") || first.starts_with(b"\xd0\xcf\x11\xe0") {
        Format::Xlsx
    } else if first.starts_with(b"PAR1") {
        Format::Parquet
    } else if visible == Some(&b'{') || (visible == Some(&b'[') && name.contains(".json")) {
        Format::Ndjson
    } else {
        Format::Csv
    })
}

fn text(
    reading: &Reading<'_, '_>,
    file: &Found,
    look: &Look,
) -> std::result::Result<Utf8Stream<Box<dyn Read>>, Trouble> {
    let open = || bytes::open(&file.path, look.packing).map_err(|e| Trouble::from(notices::unreadable(&file.name, &e)));
    let encoding = if let Some(declared) = encoding::declared(&reading.shared.config.encoding)? {
        if declared == encoding_rs::UTF_8 {
            let bad = encoding::not_utf8(&mut *open()?);
            if bad > 0 {
                reading.shared.context.warn(&notices::wrong_encoding(&file.name, bad));
            }
        }
        declared
    } else {
        let found = encoding::detect(&mut *open()?);
        if found.bad > 0 {
            reading.shared.context.warn(&notices::bad_bytes(&file.name, found.bad, found.encoding.name()));
        }
        found.encoding
    };
    Ok(Utf8Stream::new(open()?, encoding))
}
