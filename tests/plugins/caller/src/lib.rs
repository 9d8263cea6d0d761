//! A source of a service over HTTP, as a good author writes it. The option `fault` gives it one bad manner; each must be
//! found by the conformance suite, and none may harm a collection.
//!
//! The service answers `GET /posts?q=WORD&after=ID&page=N` with
//! `{"items": [{"id", "text", "created", "likes", "author"}], "next": 2, "capped": false}`, oldest first.

mod faults;
mod item;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use vigie_plugin::{
    Code, Context, Coverage, Error, Mention, Output, Reject, Report, Request, Result, Source, export_source, time,
};

use faults::Fault;
use item::Item;

/// Bodies of answers, as far as the source believes them.
#[derive(Deserialize)]
struct Page {
    items: Vec<Value>,
    next: Option<u32>,
    #[serde(default)]
    capped: bool,
}

#[derive(Deserialize)]
struct Config {
    url: String,
    queries: Vec<String>,
    #[serde(default)]
    fault: Fault,
}

/// The last item of each query. Version 1 knew one query only.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<u64>,
    #[serde(default)]
    queries: BTreeMap<String, u64>,
    /// What only a fault writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

struct Caller {
    config: Config,
}

impl Source for Caller {
    type Config = Config;
    type State = Cursor;

    fn open(config: Config, _context: &Context) -> Result<Self> {
        Ok(Self { config })
    }

    fn check(&mut self, _context: &Context) -> Result<Report> {
        Ok(Report::default())
    }

    fn read(&mut self, request: &Request<Cursor>, output: &mut Output<Cursor>, context: &Context) -> Result<()> {
        self.before(output, context)?;
        let state = request.state.as_ref();
        if self.has(Fault::ForgetsOldStates) && state.is_some_and(|s| s.after.is_some()) {
            return Err(Error::new(Code::State, "a state of version 1 is too old"));
        }
        let mut cursor = Cursor::default();
        for query in &self.config.queries {
            let known = state.and_then(|s| s.queries.get(query).copied().or(s.after));
            let grown = state.is_some_and(|s| s.queries.len() != self.config.queries.len());
            let known = if self.has(Fault::OneCursor) && grown { None } else { known };
            cursor.queries.insert(query.clone(), known.unwrap_or(0));
        }
        for query in &self.config.queries {
            self.query(query, &mut cursor, (request, output, context))?;
        }
        output.checkpoint(&cursor)
    }
}

type Reading<'a> = (&'a Request<Cursor>, &'a mut Output<Cursor>, &'a Context);

impl Caller {
    fn has(&self, fault: Fault) -> bool {
        self.config.fault == fault
    }

    /// Everything about `query` since the cursor.
    fn query(&self, query: &str, cursor: &mut Cursor, (request, output, context): Reading<'_>) -> Result<()> {
        let since = cursor.queries.get(query).copied().unwrap_or(0);
        let mut number = 1;
        let mut capped = false;
        let mut items = 0;
        loop {
            if context.cancelled() {
                return Err(Error::new(Code::Cancelled, "asked to stop"));
            }
            let Some(page) = self.page((query, since, number), context)? else { break };
            let mut last = since.max(cursor.queries.get(query).copied().unwrap_or(0));
            if self.has(Fault::SavesEarly) {
                let most = page.items.iter().filter_map(|i| i.get("id").and_then(Value::as_u64)).max();
                cursor.queries.insert(query.to_owned(), most.unwrap_or(last).max(last));
                output.checkpoint(cursor)?;
            }
            for value in page.items {
                let now = time::parse(&request.now).unwrap_or_default();
                match Item::of(&value, self.config.fault, now) {
                    None if self.has(Fault::StopsAtBadItems) => {
                        return Err(Error::new(Code::Remote, "an item has another form than expected"));
                    }
                    Some(item) => {
                        items += 1;
                        last = last.max(item.number);
                        if !(self.has(Fault::OnlyNewIds) && since > 0 && item.number <= since) {
                            self.mention(&item, query, output, context)?;
                        }
                    }
                    None => output.reject(Reject {
                        table: "mentions/1".into(),
                        reason: "bad_item".into(),
                        raw: value.to_string(),
                        ..Reject::default()
                    })?,
                }
            }
            capped |= page.capped;
            cursor.queries.insert(query.to_owned(), last);
            match page.next {
                _ if self.has(Fault::AsksForEver) => {}
                Some(next) => number = next,
                None => break,
            }
            output.checkpoint(cursor)?;
        }
        if capped && !self.has(Fault::HidesTheCap) {
            let now = time::parse(&request.now).unwrap_or_default();
            output.coverage(&Coverage {
                query_id: Some(query),
                window_start: now - 86_400_000_000,
                window_end: now,
                items: Some(items),
                truncated: true,
                reason: Some("the service stops there"),
                ..Coverage::default()
            })?;
        }
        Ok(())
    }

    /// One page, or nothing where a fault takes a failure for the end.
    fn page(&self, (query, after, number): (&str, u64, u32), context: &Context) -> Result<Option<Page>> {
        let signature = match context.secret("sign") {
            Err(_) if self.has(Fault::HidesMissingSecrets) => return Ok(None),
            secret => secret?.len(),
        };
        let call = context
            .http()
            .get(&format!("{}/posts", self.config.url))
            .query("q", query)
            .query("after", after)
            .query("page", number)
            .header("x-signature", signature.to_string())
            .bearer("token");
        let call = if self.has(Fault::NamesItself) { call.header("user-agent", "Mozilla/5.0") } else { call };
        let call = if self.has(Fault::GivesUpWaiting) { call.no_retry() } else { call };
        let answer = match call.send() {
            Err(error) if self.has(Fault::SwallowsTheNetwork) && error.is(Code::Network) => return Ok(None),
            Err(error) if self.has(Fault::SwallowsRefusals) && !error.is(Code::Network) => return Ok(None),
            answer => answer?,
        };
        match answer.status() {
            429 if self.has(Fault::GivesUpWaiting) => return Ok(None),
            400.. if self.has(Fault::SwallowsStatuses) => return Ok(None),
            400.. if self.has(Fault::LeaksInErrors) => {
                return Err(Error::new(Code::Auth, format!("{} failed", context.secret("sign")?)));
            }
            _ => {}
        }
        let answer = answer.success()?;
        match answer.json() {
            Err(_) if self.has(Fault::SwallowsRubbish) => Ok(None),
            page => page.map(Some),
        }
    }

    fn mention(&self, item: &Item, query: &str, output: &mut Output<Cursor>, context: &Context) -> Result<()> {
        let mut text = faults::text(self.config.fault, &item.text);
        if self.has(Fault::LeaksInRows) {
            text = context.secret("sign")?;
        }
        let unstable = format!("{}-{}", item.id, std::process::id());
        output.mention(&Mention {
            native_id: if self.has(Fault::UnstableIds) { &unstable } else { &item.id },
            platform: "forum",
            kind: "post",
            query_ids: Some(&[query]),
            published_at: item.created,
            author_name: item.author.as_deref(),
            text: Some(&text),
            likes: item.likes,
            ..Mention::default()
        })
    }
}

/// What faults do before anything is read.
impl Caller {
    fn before(&self, output: &mut Output<Cursor>, context: &Context) -> Result<()> {
        match self.config.fault {
            Fault::AsksElsewhere => {
                // The answer, a refusal, does not matter to it.
                let _ = context.http().get("https://tracker.example/seen").send();
            }
            Fault::InsistsOnElsewhere => drop(context.http().get("https://tracker.example/seen").send()?),
            Fault::OtherMethods => drop(context.http().request("DELETE", &self.config.url).send()?),
            Fault::Prints => faults::print("reading"),
            Fault::Panics => faults::panic(),
            Fault::PanicsInAThread => {
                if let Err(panic) = std::thread::spawn(faults::panic).join() {
                    std::panic::resume_unwind(panic);
                }
            }
            Fault::LeaksInTheLog => context.info(&format!("signed with {}", context.secret("sign")?)),
            Fault::LeaksInStates => {
                let note = Some(context.secret("sign")?);
                output.checkpoint(&Cursor { note, ..Cursor::default() })?;
            }
            _ => {}
        }
        Ok(())
    }
}

export_source!(Caller, id = "caller", spec = include_str!("../spec.json"));
