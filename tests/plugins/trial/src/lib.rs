//! A source in Rust that asks the host for everything it offers, one thing for each value of `what`.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use vigie_plugin::{Code, Context, Error, Mention, Output, Report, Request, Result, Source, export_source};

#[derive(Deserialize)]
struct Config {
    what: String,
    url: String,
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    etag: Option<String>,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Item>,
    next: Option<u32>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    text: String,
}

struct Trial {
    config: Config,
}

impl Source for Trial {
    type Config = Config;
    type State = Cursor;

    fn open(config: Config, _context: &Context) -> Result<Self> {
        Ok(Self { config })
    }

    fn check(&mut self, _context: &Context) -> Result<Report> {
        Ok(Report::default())
    }

    fn read(&mut self, request: &Request<Cursor>, output: &mut Output<Cursor>, context: &Context) -> Result<()> {
        match self.config.what.as_str() {
            "pages" => self.pages(request, output, context),
            "secrets" => secrets(context),
            "leak" => leak(output, context),
            "throttle" => context.throttle("nowhere", 1),
            "quota" => loop {
                context.throttle("day", 1)?;
            },
            "together" => self.together(context),
            "rounds" => self.rounds(context),
            other => Err(Error::new(Code::Config, format!("nothing is called {other}"))),
        }
    }
}

impl Trial {
    fn pages(&self, request: &Request<Cursor>, output: &mut Output<Cursor>, context: &Context) -> Result<()> {
        let known = request.state.as_ref().and_then(|s| s.etag.as_deref());
        let mut number = 1;
        let mut etag = None;
        loop {
            let call = context.http().get(&self.config.url).query("page", number).query("q", "l'été").bearer("key");
            let call = if number == 1 { call.if_changed(known, None) } else { call };
            let answer = call.send()?.success()?;
            if answer.unchanged() {
                context.info("nothing new");
                return Ok(());
            }
            etag = etag.or_else(|| answer.header("etag").map(str::to_owned));
            let page: Page = answer.json()?;
            for item in &page.items {
                output.mention(&Mention {
                    native_id: &item.id,
                    platform: "forum",
                    kind: "post",
                    published_at: 1_767_225_600_000_000,
                    text: Some(&item.text),
                    ..Mention::default()
                })?;
            }
            match page.next {
                Some(next) => number = next,
                None => return output.checkpoint(&Cursor { etag }),
            }
        }
    }

    /// Several threads ask at once; each gets its own answer.
    fn together(&self, context: &Context) -> Result<()> {
        let ask = |number: u32| -> Result<String> {
            let answer = context.http().get(&self.config.url).query("n", number).send()?;
            Ok(answer.text()?.to_owned())
        };
        std::thread::scope(|scope| {
            let ask = &ask;
            let threads: Vec<_> = (0..8).map(|n| scope.spawn(move || (n, ask(n)))).collect();
            for thread in threads {
                let (number, text) =
                    thread.join().map_err(|_| Error::new(Code::Internal, "a thread of the plugin panicked"))?;
                if text? != format!("n={number}") {
                    return Err(Error::new(Code::Internal, format!("thread {number} got another's answer")));
                }
            }
            Ok(())
        })
    }

    /// Asks again and again and logs how long one round takes.
    fn rounds(&self, context: &Context) -> Result<()> {
        const ROUNDS: u32 = 3_000;
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let answer = context.http().get(&self.config.url).send()?;
            times.push((start.elapsed(), answer.bytes().len()));
        }
        times.sort_unstable();
        let median: Duration = times[times.len() / 2].0;
        let slow: Duration = times[times.len() * 99 / 100].0;
        context.info(&format!("{} bytes: median {median:?}, 99 % below {slow:?}", times[0].1));
        Ok(())
    }
}

fn secrets(context: &Context) -> Result<()> {
    let value = context.secret("refresh")?;
    context.info(&format!("the secret is {value}"));
    context.keep_secret("refresh", &"n".repeat(2_000))?;
    context.info(&format!("{} bytes now", context.secret("refresh")?.len()));
    let denied = context.secret("key").err().ok_or_else(|| Error::new(Code::Internal, "saw a secret it may not"))?;
    if !denied.is(Code::Denied) {
        return Err(Error::new(Code::Internal, format!("another refusal than expected: {denied}")));
    }
    context.secret("key").map(|_| ())
}

fn leak(output: &mut Output<Cursor>, context: &Context) -> Result<()> {
    let value = context.secret("refresh")?;
    output.checkpoint(&Cursor { etag: Some(value) })
}

export_source!(
    Trial,
    id = "trial",
    spec = r#"{"spec": 1, "id": "trial", "version": "0.1.0", "tables": ["mentions/1"],
        "config_schema": {"type": "object", "required": ["what", "url"],
            "properties": {"what": {"type": "string"}, "url": {"type": "string"}}}}"#
);
