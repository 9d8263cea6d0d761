//! What is read in each text (the product's own readers, tested where they live) and, computed apart, where the
//! mention stands: its day, its voice, whether it counts.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use vigie_config::settings::{Counting, Project};
use vigie_model::period::{Period, from_epoch_day};
use vigie_query::{Document, Fact, Field, Moment, Options, Query, QuerySet};
use vigie_text::language::LanguageHints;
use vigie_text::reading::{Hints, read};
use vigie_text::signature::{Signature, stories};
use vigie_text::terms::{Surfaces, Term};
use vigie_text::tone::{Target, ToneClass};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::dates::{Zone, month_start};
use crate::raw::{Mentions, Row};

/// Days `[from, to)` since 1970.
pub(crate) type Days = Range<i64>;

/// A mention with all that is counted of it.
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of a mention")]
pub(crate) struct Labelled {
    pub(crate) day: i64,
    pub(crate) source: usize,
    pub(crate) platform: String,
    /// Platform and account.
    pub(crate) author: Option<String>,
    /// Story if it has copies, else author, else the mention.
    pub(crate) voice: String,
    /// Jackknife group of the voice, 0 to 63.
    pub(crate) group: usize,
    /// A tracked brand's own account wrote it.
    pub(crate) own: bool,
    /// The first of its story.
    pub(crate) counted: bool,
    /// Entity index and tone.
    pub(crate) hits: Vec<(usize, ToneClass)>,
    /// It looks like advertising or another noise.
    pub(crate) noise: bool,
    /// One of many copies published within minutes.
    pub(crate) storm: bool,
    /// Candidate terms, by id, of mentions of the client in the time terms are compared over.
    pub(crate) terms: Vec<u64>,
}

impl Labelled {
    /// A counted mention of at least one entity.
    pub(crate) fn kept(&self) -> bool {
        !self.own && self.counted && !self.hits.is_empty()
    }
}

/// Everything read, over the history and the period of a report.
pub(crate) struct Corpus {
    pub(crate) rows: Vec<Labelled>,
    pub(crate) period: Days,
    pub(crate) previous: Days,
    /// What the terms of the period are compared with.
    pub(crate) reference: Days,
    pub(crate) is_month: bool,
    /// Words of each term met ten times.
    pub(crate) surfaces: BTreeMap<u64, String>,
}

fn queries(project: &Project) -> QuerySet {
    let options = Options {
        macros: project.macros.iter().map(|(name, text)| (name.clone(), text.text.clone())).collect(),
        lists: project.lists.clone(),
        ..Options::default()
    };
    let parse = |text: &str| Query::parse(text, &options).query.expect("the query of the example is right");
    let all = project.entities.iter().map(|t| (t.entity.id.clone(), parse(&t.entity.query))).collect();
    QuerySet::new(all).expect("the queries of the example are right")
}

/// First day of `period` and the day after its last one.
fn days(period: &Period) -> Days {
    let number = |date: jiff::civil::Date| {
        crate::dates::day_number(i64::from(date.year()), i64::from(date.month()), i64::from(date.day()))
    };
    number(period.start)..number(period.end)
}

/// Reads every mention of the history and of the project's own period.
pub(crate) fn label(project: &Project, mentions: &Mentions, zone: Zone) -> Corpus {
    assert_eq!(project.report.counting, Counting::Dedup, "only this way of counting is computed apart");
    let asked = Period::parse(&project.report.period, from_epoch_day(0)).expect("the example states its period");
    let period = days(&asked);
    let is_month = month_start(period.start, 0) == period.start && month_start(period.start, 1) == period.end;
    let long = period.end - period.start;
    let back = |n: i64| if is_month { month_start(period.start, -n) } else { period.start - n * long };
    let previous = back(1)..period.start;
    let reference = back(if is_month { 3 } else { 1 })..period.start;
    let year = if is_month { month_start(period.start, -12) } else { period.start - 365 };
    let history = year.min(previous.start)..period.end;

    let set = queries(project);
    let wanted = |day: i64| period.contains(&day) || reference.contains(&day);
    let rows: Vec<(&Row, i64)> =
        mentions.rows.iter().map(|r| (r, zone.day(r.at))).filter(|(_, day)| history.contains(day)).collect();
    let mut scratch = Scratch::default();
    let mut read_one = |row: &Row, day: i64| {
        let source = &project.sources[row.source].id;
        labels(row, source, day, is_own(row, project), &set, wanted(day), &mut scratch)
    };
    let readings: Vec<TextLabels> = rows.iter().map(|(row, day)| read_one(row, *day)).collect();
    let labelled = standings(&rows, &readings);
    let surfaces = surfaces(&rows, &labelled, &readings, &period);
    Corpus { rows: labelled, period, previous, reference, is_month, surfaces }
}

#[derive(Default)]
struct Scratch {
    query: vigie_query::Scratch,
    text: vigie_text::reading::Scratch,
}

struct TextLabels {
    own: bool,
    hits: Vec<(usize, ToneClass)>,
    signature: Option<Signature>,
    terms: Vec<Term>,
    noise: bool,
    repost: bool,
}

/// Where an entity is named: in the text, in the title.
type Places = (Vec<Range<usize>>, Vec<Range<usize>>);

/// One of the writer's names is an account of a tracked brand.
fn is_own(row: &Row, project: &Project) -> bool {
    let plain = |name: &str| name.trim_start_matches('@').to_lowercase();
    let own: BTreeSet<String> = project.entities.iter().flat_map(|t| &t.entity.accounts).map(|a| plain(a)).collect();
    row.names.iter().any(|name| own.contains(&plain(name)))
}

fn labels(
    row: &Row,
    source: &str,
    day: i64,
    own: bool,
    set: &QuerySet,
    terms: bool,
    scratch: &mut Scratch,
) -> TextLabels {
    let mut facts = vec![
        (Field::Platform, Fact::Text(&row.platform)),
        (Field::Source, Fact::Text(source)),
        (Field::Is, Fact::Text(if row.kind == "post" { "original" } else { row.kind })),
        (Field::Date, Fact::Moment(Moment { day: from_epoch_day(day as i32), hour: None })),
        (Field::Owned, Fact::Flag(own)),
    ];
    facts.extend(row.lang.as_deref().map(|lang| (Field::Lang, Fact::Text(lang))));
    let document =
        Document { title: row.title.as_deref(), body: row.text.as_deref(), facts: &facts, ..Document::default() };
    let mut spans: BTreeMap<usize, Places> = BTreeMap::new();
    for hit in set.matches(&document, &mut scratch.query) {
        let places = spans.entry(hit.query).or_default();
        for span in &hit.spans {
            match span.field {
                Field::Body => places.0.push(span.range.clone()),
                Field::Title => places.1.push(span.range.clone()),
                _ => {}
            }
        }
    }
    if own || spans.is_empty() {
        let hits = spans.keys().map(|entity| (*entity, ToneClass::Unknown)).collect();
        return TextLabels { own, hits, signature: None, terms: Vec::new(), noise: false, repost: false };
    }
    let (masked, title_masked) = (covered(spans.values().map(|s| &s.0)), covered(spans.values().map(|s| &s.1)));
    let targets: Vec<Target<'_>> = spans.values().map(|(body, _)| Target { spans: body }).collect();
    let hints = Hints {
        language: LanguageHints { declared: row.lang.as_deref(), ..LanguageHints::default() },
        masked: &masked,
        title_masked: &title_masked,
        targets: &targets,
        terms: terms && spans.contains_key(&0),
        noise: true,
        ..Hints::default()
    };
    let reading = read(row.text.as_deref().unwrap_or_default(), row.title.as_deref(), &hints, &mut scratch.text);
    let hits = spans.keys().copied().zip(reading.targets.iter().map(|t| t.class)).collect();
    let (noise, repost) = (!reading.noise.is_empty(), reading.repost || row.kind == "repost");
    TextLabels { own, hits, signature: Some(reading.signature), terms: reading.terms, noise, repost }
}

/// The ranges as runs of covered bytes; ranges that touch are one run.
fn covered<'a>(ranges: impl Iterator<Item = &'a Vec<Range<usize>>>) -> Vec<Range<usize>> {
    let mut edges: Vec<(usize, i32)> = ranges.flatten().flat_map(|r| [(r.start, -1), (r.end, 1)]).collect();
    // At one place, openings before closings: touching ranges then join.
    edges.sort_unstable();
    let (mut open, mut runs) = (0, Vec::new());
    for (at, step) in edges {
        if open == 0 {
            runs.push(at..at);
        }
        open -= step;
        if let Some(run) = runs.last_mut() {
            run.end = at;
        }
    }
    runs
}

/// Stories, voices and what counts, from the rows in order of time.
fn standings(rows: &[(&Row, i64)], readings: &[TextLabels]) -> Vec<Labelled> {
    let about: Vec<usize> = (0..rows.len()).filter(|i| readings[*i].signature.is_some()).collect();
    let items: Vec<(i64, &Signature)> =
        about.iter().filter_map(|i| Some((rows[*i].0.at, readings[*i].signature.as_ref()?))).collect();
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (row, story) in about.into_iter().zip(stories(&items)) {
        members.entry(story).or_default().push(row);
    }
    let mut origin: Vec<Option<usize>> = vec![None; rows.len()];
    for copies in members.values().filter(|m| m.len() > 1) {
        let first = copies.iter().min().copied();
        for row in copies {
            origin[*row] = first;
        }
    }
    let stormy = stormy(rows, readings, members.values());
    let label = |(index, ((row, day), reading)): (usize, (&(&Row, i64), &TextLabels))| {
        let author = row.account.as_ref().map(|account| format!("{}\n{account}", row.platform));
        let by_identity = |uid: &str| (format!("={uid}"), (xxh3_64(uid.as_bytes()) % 64) as usize);
        let (voice, group) = match (origin[index], &author, &row.account) {
            (Some(first), ..) => by_identity(&rows[first].0.uid),
            (None, Some(author), Some(account)) => (
                author.clone(),
                (xxh3_64_with_seed(account.as_bytes(), xxh3_64(row.platform.as_bytes())) % 64) as usize,
            ),
            _ => by_identity(&row.uid),
        };
        Labelled {
            day: *day,
            source: row.source,
            platform: row.platform.clone(),
            author,
            voice,
            group,
            own: reading.own,
            counted: !reading.own && origin[index].is_none_or(|first| first == index),
            hits: reading.hits.clone(),
            noise: reading.noise,
            storm: stormy.contains(&index),
            terms: reading.terms.iter().map(|t| t.id).collect(),
        }
    };
    rows.iter().zip(readings).enumerate().map(label).collect()
}

/// Rows with at least five copies by three accounts, reposts aside, within ten minutes around them.
fn stormy<'a>(
    rows: &[(&Row, i64)],
    readings: &[TextLabels],
    stories: impl Iterator<Item = &'a Vec<usize>>,
) -> BTreeSet<usize> {
    let mut stormy = BTreeSet::new();
    for copies in stories {
        let told: Vec<usize> = copies.iter().copied().filter(|row| !readings[*row].repost).collect();
        for start in &told {
            let after = |row: &usize| (0..=600_000_000).contains(&(rows[*row].0.at - rows[*start].0.at));
            let window: Vec<usize> = told.iter().copied().filter(after).collect();
            let who = |row: &usize| rows[*row].0.account.clone().unwrap_or_else(|| rows[*row].0.uid.clone());
            let people: BTreeSet<String> = window.iter().map(who).collect();
            if window.len() >= 5 && people.len() >= 3 {
                stormy.extend(window);
            }
        }
    }
    stormy
}

/// The spelling of each term that counted mentions of the period use ten times.
fn surfaces(
    rows: &[(&Row, i64)],
    labelled: &[Labelled],
    readings: &[TextLabels],
    period: &Days,
) -> BTreeMap<u64, String> {
    let mut uses: BTreeMap<u64, u32> = BTreeMap::new();
    for row in labelled.iter().filter(|r| r.counted && period.contains(&r.day)) {
        row.terms.iter().for_each(|term| *uses.entry(*term).or_default() += 1);
    }
    uses.retain(|_, n| *n >= 10);
    let mut spellings = Surfaces::default();
    for (index, (row, _)) in rows.iter().enumerate().filter(|(index, _)| labelled[*index].counted) {
        for term in readings[index].terms.iter().filter(|t| uses.contains_key(&t.id)) {
            let whole = if term.in_title { &row.title } else { &row.text };
            spellings.note(term, whole.as_deref().unwrap_or_default());
        }
    }
    uses.into_keys().map(|id| (id, spellings.display(id).unwrap_or_default().to_owned())).collect()
}
