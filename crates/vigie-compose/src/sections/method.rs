//! Can these figures be trusted?

use vigie_analysis::collection::Grade;
use vigie_analysis::interval::wilson;
use vigie_analysis::share_of_voice::SOV;
use vigie_analysis::tone::NET_SENTIMENT;
use vigie_config::review::QueryReview;
use vigie_model::ledger::{SourceLedger, SourceOutcome};
use vigie_model::locale::Locale;
use vigie_report::figure::{ColumnKind, Data};
use vigie_report::number;
use vigie_report::report::{Block, Section};
use vigie_report::text::{Run, Text, Words};

use crate::Error;
use crate::builder::{Builder, language};
use crate::cells::text_cell;
use crate::figures::{Title, calendar};
use crate::shown;

pub(crate) fn section(b: &mut Builder<'_>) -> Result<Section, Error> {
    let title = title(b)?;
    let funnel = b.analyses().tally.current.funnel;
    let grade = grade_words(b)?;
    let lead = b.text("method.lead", |l| {
        vec![
            ("grade", grade[&l].clone()),
            ("rows", b.count_in(l, "count.rows", funnel.rows).unwrap_or_default()),
            ("mentions", b.count_in(l, "count.mentions", funnel.kept).unwrap_or_default()),
        ]
    })?;
    let mut blocks = Vec::new();
    blocks.extend(calendar::calendar(b)?.map(|f| Block::Figure { figure: Box::new(f) }));
    blocks.push(ledger(b)?);
    blocks.extend(incomplete(b)?);
    blocks.push(funnel_table(b)?);
    blocks.extend(crate::audit::blocks(b)?);
    blocks.push(Block::Heading { text: b.say("method.definitions", |_| vec![])? });
    blocks.push(definitions(b)?);
    blocks.push(Block::Heading { text: b.say("method.limits", |_| vec![])? });
    blocks.push(limits(b)?);
    blocks.push(Block::Heading { text: b.say("method.queries", |_| vec![])? });
    blocks.push(queries(b)?);
    super::section(b, "method", "method", title, lead, blocks)
}

/// "A", or "not graded".
pub(crate) fn grade_words(b: &Builder<'_>) -> Result<Words, Error> {
    let letter = match b.analyses().health.grade() {
        Some(Grade::A) => "A",
        Some(Grade::B) => "B",
        Some(Grade::C) => "C",
        Some(Grade::D) => "D",
        None => return b.say("grade.none", |_| vec![]),
    };
    Ok(b.same(letter))
}

fn title(b: &Builder<'_>) -> Result<Title, Error> {
    let Some(share) = b.analyses().health.complete_share() else {
        return Ok(Title { id: "collection.nothing", words: b.say("method.title.nothing", |_| vec![])? });
    };
    let gaps = b.has_gap();
    let (id, key) = match (gaps, share < 1.0) {
        (true, true) => ("collection.gaps", "method.title.gaps"),
        (true, false) => ("collection.declared", "method.title.declared"),
        (false, _) => ("collection.complete", "method.title.complete"),
    };
    let words = b.say(key, |l| vec![("share", shown::share(l, 100.0 * share))])?;
    Ok(Title { id, words })
}

fn ledger(b: &Builder<'_>) -> Result<Block, Error> {
    let numeric = ColumnKind::Number;
    let columns = vec![
        b.column("source", "tab.col.source", ColumnKind::Text)?,
        b.column("read", "tab.col.read", numeric)?,
        b.column("kept", "tab.col.kept", numeric)?,
        b.column("duplicates", "tab.col.duplicates", numeric)?,
        b.column("rejected", "tab.col.rejected", numeric)?,
        b.column("state", "tab.col.state", ColumnKind::Text)?,
    ];
    let rows = b
        .input
        .ledger
        .iter()
        .map(|line| {
            let state = match line.outcome {
                SourceOutcome::Complete => "state.complete",
                SourceOutcome::Partial { .. } => "state.partial",
                SourceOutcome::Failed { .. } => "state.failed",
            };
            Ok(vec![
                text_cell(&line.source, b.each(|l| source_name(b, l, line))),
                b.count_cell(line.rows.read),
                b.count_cell(line.rows.kept),
                b.count_cell(line.rows.duplicates),
                b.count_cell(line.rows.rejected),
                text_cell(state.trim_start_matches("state."), b.say(state, |_| vec![])?),
            ])
        })
        .collect::<Result<_, Error>>()?;
    Ok(Block::Table {
        id: b.next_table(),
        title: b.say("tab.ledger.title", |_| vec![])?,
        note: b.say("tab.ledger.note", |_| vec![])?,
        data: Data { columns, rows },
    })
}

/// Printed name of the source of a line.
pub(crate) fn source_name(b: &Builder<'_>, l: Locale, line: &SourceLedger) -> String {
    let settings = b.input.project.source(&line.source);
    settings.map_or_else(|| line.source.clone(), |s| number::typeset(l, s.name.get(language(l))))
}

/// Why sources are incomplete, and what their plugins warn of.
fn incomplete(b: &Builder<'_>) -> Result<Vec<Block>, Error> {
    let mut items = Vec::new();
    for line in &b.input.ledger {
        let reason = match &line.outcome {
            SourceOutcome::Complete => None,
            SourceOutcome::Partial { reason } | SourceOutcome::Failed { reason } => Some(reason),
        };
        let others = line.warnings.iter().filter(|w| Some(*w) != reason);
        for words in reason.into_iter().chain(others) {
            items.push(b.text("method.outcome", |l| {
                vec![
                    ("source", source_name(b, l, line)),
                    // What a plugin says is not ours: `**` in it must not become emphasis.
                    ("reason", words.get(language(l)).replace("**", "")),
                ]
            })?);
        }
    }
    if items.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Block::Heading { text: b.say("method.outcomes", |_| vec![])? }, Block::List { items }])
}

fn funnel_table(b: &Builder<'_>) -> Result<Block, Error> {
    let funnel = b.analyses().tally.current.funnel;
    let columns = vec![
        b.column("step", "tab.col.step", ColumnKind::Text)?,
        b.column("rows", "tab.col.rows", ColumnKind::Number)?,
    ];
    let steps = [
        ("collected", funnel.rows),
        ("own", funnel.own),
        ("unrelated", funnel.unrelated),
        ("copies", funnel.copies),
        ("kept", funnel.kept),
        ("unread", funnel.unread),
        ("noise", funnel.noise),
        ("storm", funnel.storm),
    ];
    let rows = steps
        .into_iter()
        .map(|(step, n)| Ok(vec![text_cell(step, b.say(&format!("funnel.{step}"), |_| vec![])?), b.count_cell(n)]))
        .collect::<Result<_, Error>>()?;
    Ok(Block::Table {
        id: b.next_table(),
        title: b.say("tab.funnel.title", |l| vec![("period", b.period(l))])?,
        note: b.say("tab.funnel.note", |_| vec![])?,
        data: Data { columns, rows },
    })
}

fn definitions(b: &Builder<'_>) -> Result<Block, Error> {
    let evidence = &b.analyses().evidence;
    let metric = |metric: vigie_model::metric::Metric| move |_: Locale| vec![("metric", metric.to_string())];
    let none = |_: Locale| vec![];
    let items = vec![
        (b.say("def.mention", none)?, b.text("def.mention.text", none)?),
        (b.say("def.sov", metric(SOV))?, b.text("def.sov.text", none)?),
        (b.say("def.net", metric(NET_SENTIMENT))?, b.text("def.net.text", none)?),
        (
            b.say("def.tone", none)?,
            b.text("def.tone.text", |l| {
                let audited = b.analyses().audited.as_ref().is_some_and(|a| a.audit.is_some());
                let key = if audited { "def.tone.audited" } else { "def.tone.unaudited" };
                let level = b.say_in(l, key, &[]).unwrap_or_default();
                vec![("engine", b.input.engine.to_owned()), ("level", level)]
            })?,
        ),
        (b.say("def.interval", none)?, b.text("def.interval.text", none)?),
        (
            b.say("def.clear", none)?,
            b.text("def.clear.text", |l| {
                vec![("m", number::count(l, evidence.tests as u64)), ("k", number::count(l, evidence.kept as u64))]
            })?,
        ),
        (b.say("def.peak", none)?, b.text("def.peak.text", none)?),
        (b.say("def.crisis", none)?, b.text("def.crisis.text", none)?),
        (b.say("def.floor", none)?, b.text("def.floor.text", none)?),
    ];
    Ok(Block::Definitions { items })
}

fn limits(b: &Builder<'_>) -> Result<Block, Error> {
    let funnel = b.analyses().tally.current.funnel;
    let mut items: Vec<Text> = vec![b.text("limit.census", |_| vec![])?, b.text("limit.sources", |_| vec![])?];
    if b.has_gap() {
        items.push(b.text("limit.gap", |l| vec![("gaps", b.gaps_in(l).ok().flatten().unwrap_or_default())])?);
    }
    if funnel.unread > 0 {
        let share = 100.0 * funnel.unread as f64 / funnel.kept as f64;
        items.push(b.text("limit.languages", |l| vec![("share", shown::share(l, share))])?);
    }
    let manifest = |key: &str| b.input.manifest.get(key).cloned().unwrap_or_default();
    items.push(b.text("method.run", |_| {
        let config: String = manifest("settings").chars().take(12).collect();
        vec![("version", manifest("vigie")), ("archive", manifest("archive")), ("config", config)]
    })?);
    Ok(Block::List { items })
}

/// What each entity's query says, word for word, and its precision where a person measured it.
fn queries(b: &Builder<'_>) -> Result<Block, Error> {
    let project = b.input.project;
    let mut items = Vec::new();
    for tracked in &project.entities {
        let query: String = tracked.entity.query.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut runs = b.each(|_| vec![Run::T { t: query.clone() }]);
        if let Some(review) = project.review(&tracked.query) {
            for (locale, words) in precision(b, review)? {
                if let Some(runs) = runs.get_mut(&locale) {
                    runs.push(Run::T { t: " ".to_owned() });
                    runs.extend(words);
                }
            }
        }
        items.push((b.same(&tracked.entity.short), runs));
    }
    Ok(Block::Definitions { items })
}

/// "Precision 92 % (81 to 97 %)…"
fn precision(b: &Builder<'_>, review: &QueryReview) -> Result<Text, Error> {
    let read = review.relevant + review.irrelevant;
    let (low, high) = wilson(review.relevant as f64, read as f64);
    b.text("method.precision", |l| {
        vec![
            ("share", number::percent(l, 100.0 * review.relevant as f64 / read.max(1) as f64, 0)),
            ("interval", number::percent_range(l, 100.0 * low, 100.0 * high, 0)),
            ("read", number::count(l, read)),
            ("found", number::count(l, review.found)),
            ("when", review.period.clone()),
        ]
    })
}
