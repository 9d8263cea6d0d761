//! What persons who read a sample say of the tone: the sentence beside a level, and the part of the method page.

use vigie_analysis::agreement::DOUBTFUL;
use vigie_analysis::audit::{Audited, Corrected, LEAST, Level};
use vigie_model::locale::Locale;
use vigie_report::figure::{Cell, ColumnKind, Data};
use vigie_report::number;
use vigie_report::report::{Block, Origin};

use crate::Error;
use crate::builder::Builder;
use crate::cells::text_cell;
use crate::shown;

/// Messages of the classes of an audit, in its order.
const CLASSES: [&str; 3] = ["audit.negative", "audit.neutral", "audit.positive"];

impl Builder<'_> {
    /// The corrected levels of an entity.
    fn corrected(&self, entity: usize) -> Option<&Corrected> {
        self.analyses().audited.as_ref()?.corrected(entity)
    }

    /// Whether a level of tone rests on labels that can be relied on.
    pub(crate) fn is_audited(&self, entity: usize) -> bool {
        let doubtful = |a: &Audited| a.between.value().is_some_and(|k| k < DOUBTFUL);
        self.corrected(entity).is_some() && !self.analyses().audited.as_ref().is_some_and(doubtful)
    }

    /// "Level corrected by human coding: −25 points", or that it was not verified.
    pub(crate) fn audit_of_level(&self, l: Locale, entity: usize) -> String {
        let said = match self.corrected(entity) {
            None => self.say_in(l, "level.unaudited", &[]),
            Some(corrected) => {
                let Level { value, lo, hi } = corrected.levels.net;
                let slots = [("net", shown::net(l, value)), ("interval", number::range(l, lo, hi, 0))];
                self.say_in(l, "level.audited", &slots)
            }
        };
        said.unwrap_or_default()
    }

    /// The caution under figures of tone.
    pub(crate) fn tone_caution(&self) -> &'static str {
        let all = (0..self.analyses().tones.len())
            .filter(|e| self.analyses().tones[*e].counts.read() > 0)
            .all(|e| self.corrected(e).is_some());
        if all { "fig.source.audited" } else { "fig.source.unaudited" }
    }
}

/// The part of the method page; nothing without labels of the period.
pub(crate) fn blocks(b: &Builder<'_>) -> Result<Vec<Block>, Error> {
    let Some(audited) = &b.analyses().audited else { return Ok(Vec::new()) };
    let mut blocks = vec![
        Block::Heading { text: b.say("audit.heading", |_| vec![])? },
        Block::Paragraph { text: b.text("audit.lead", |l| lead(b, l, audited))?, origin: Origin::Auto },
        confusion(b, audited)?,
    ];
    if audited.audit.is_some() {
        blocks.push(levels(b, audited)?);
    }
    Ok(blocks)
}

fn decimal(l: Locale, level: Option<Level>) -> (String, String) {
    level.map_or_else(
        || ("—".to_owned(), "—".to_owned()),
        |level| (number::decimal(l, level.value, 2), number::range(l, level.lo, level.hi, 2)),
    )
}

fn lead(b: &Builder<'_>, l: Locale, audited: &Audited) -> Vec<(&'static str, String)> {
    let confusion = &audited.confusion;
    // Names are those of persons: `**` in one must not become emphasis.
    let readers: Vec<String> = audited.reviewers.iter().map(|r| r.replace("**", "")).collect();
    let when = if audited.from == audited.to {
        number::date_long(l, audited.to)
    } else {
        number::date_range_long(l, audited.from, audited.to)
    };
    let percent = confusion.accuracy().map(|a| [a.value, a.lo, a.hi].map(|x| 100.0 * x));
    let [accuracy, lo, hi] = percent.unwrap_or_default();
    let (f1, f1_interval) = decimal(l, confusion.macro_f1());
    let (kappa, kappa_interval) = decimal(l, confusion.kappa());
    let mut more = String::new();
    let mut add = |key: &str, slots: &[(&'static str, String)]| {
        if let Ok(sentence) = b.say_in(l, key, slots) {
            more.push(' ');
            more.push_str(&sentence);
        }
    };
    if audited.irrelevant > 0 {
        add("audit.irrelevant", &[("n", number::count(l, audited.irrelevant))]);
    }
    if let Some(agreement) = audited.between.value() {
        let key = if audited.between.pairs.len() > 1 { "audit.persons.alpha" } else { "audit.persons.kappa" };
        let mentions = b.count_in(l, "count.mentions", audited.between.mentions).unwrap_or_default();
        add(key, &[("value", number::decimal(l, agreement, 2)), ("mentions", mentions)]);
        if agreement < DOUBTFUL {
            add("audit.doubtful", &[]);
        }
    } else {
        add("audit.one", &[]);
    }
    if audited.audit.is_none() {
        add("audit.few", &[("least", number::count(l, LEAST as u64))]);
    }
    if audited.learnt_from {
        add("audit.learnt", &[]);
    }
    if audited.lost > 0 {
        add("audit.lost", &[("n", number::count(l, audited.lost))]);
    }
    vec![
        ("mentions", b.count_in(l, "count.mentions", audited.labels).unwrap_or_default()),
        ("readers", number::and(l, &readers)),
        ("when", when),
        ("accuracy", number::percent(l, accuracy, 0)),
        ("interval", number::percent_range(l, lo, hi, 0)),
        ("f1", f1),
        ("f1_interval", f1_interval),
        ("kappa", kappa),
        ("kappa_interval", kappa_interval),
        ("more", more),
    ]
}

/// What persons said by what the machine read.
fn confusion(b: &Builder<'_>, audited: &Audited) -> Result<Block, Error> {
    let mut columns = vec![b.column("person", "tab.col.person", ColumnKind::Text)?];
    for (class, id) in ["negative", "neutral", "positive"].into_iter().enumerate() {
        columns.push(b.column(id, CLASSES[class], ColumnKind::Number)?);
    }
    let rows = audited
        .confusion
        .0
        .iter()
        .zip(CLASSES)
        .map(|(row, class)| {
            let name = text_cell(class.trim_start_matches("audit."), b.say(class, |_| vec![])?);
            Ok(std::iter::once(name).chain(row.iter().map(|n| b.count_cell(*n))).collect())
        })
        .collect::<Result<Vec<Vec<Cell>>, Error>>()?;
    Ok(Block::Table {
        id: b.next_table(),
        title: b.say("tab.confusion.title", |_| vec![])?,
        note: b.say("tab.confusion.note", |_| vec![])?,
        data: Data { columns, rows },
    })
}

/// Levels as counted and as corrected.
fn levels(b: &Builder<'_>, audited: &Audited) -> Result<Block, Error> {
    let numeric = ColumnKind::Number;
    let columns = vec![
        b.column("entity", "tab.col.brand", ColumnKind::Text)?,
        b.column("labels", "tab.col.labels", numeric)?,
        b.column("net_counted", "tab.col.net_counted", numeric)?,
        b.column("net_corrected", "tab.col.net_corrected", numeric)?,
        b.column("net_lo", "tab.col.from", numeric)?,
        b.column("net_hi", "tab.col.to", numeric)?,
        b.column("negative_corrected", "tab.col.negative_corrected", numeric)?,
        b.column("positive_corrected", "tab.col.positive_corrected", numeric)?,
    ];
    let points = |value: f64| b.number_cell(Some(value), |l, v| number::signed(l, v, 0));
    let percent = |value: f64| b.number_cell(Some(value), |l, v| number::percent(l, v, 0));
    let entities = audited.audit.iter().flat_map(|a| a.entities.iter().flatten());
    let rows = entities
        .map(|c| {
            let Corrected { raw_net, levels, .. } = c;
            vec![
                b.entity_cell(c.entity),
                b.count_cell(c.labels),
                points(*raw_net),
                points(levels.net.value),
                points(levels.net.lo),
                points(levels.net.hi),
                percent(levels.shares[0].value),
                percent(levels.shares[2].value),
            ]
        })
        .collect();
    Ok(Block::Table {
        id: b.next_table(),
        title: b.say("tab.audit.title", |_| vec![])?,
        note: b.say("tab.audit.note", |_| vec![])?,
        data: Data { columns, rows },
    })
}
