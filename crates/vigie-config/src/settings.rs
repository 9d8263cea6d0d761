//! What the rest of the program receives: a project whose every value has been checked.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use sha2::{Digest, Sha256};
use vigie_model::diagnostic::{Bilingual, Location};
use vigie_model::entity::Entity;
use vigie_model::locale::Locale;
use vigie_model::period::{Period, PeriodError};
use vigie_query::{Options, Record};
use vigie_text::language::READ_LANGUAGES;

use crate::labels::AuditLabel;
use crate::query_text::QueryText;
use crate::review::QueryReview;
use crate::tone_model::ToneModel;

/// A project folder, checked.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder.
    pub dir: PathBuf,
    /// Used in file names (`nordet`).
    pub id: String,
    /// As printed.
    pub name: String,
    /// Who answers for the requests to services: an e-mail address or a page.
    pub contact: Option<String>,
    /// Emotions are read as well; off unless the project asks for them.
    pub emotion: bool,
    /// Zone in which days begin and end.
    pub timezone: TimeZone,
    /// IANA name of the zone (`America/Toronto`).
    pub timezone_name: String,
    /// Editions to write, in order; never empty.
    pub editions: Vec<Locale>,
    /// What the report is and how it is printed.
    pub report: ReportSettings,
    /// Tracked brands, client first, then in the order of the file.
    pub entities: Vec<TrackedEntity>,
    /// Where mentions come from, in the order of the file, disabled ones included.
    pub sources: Vec<SourceSettings>,
    /// Days on which collection is known to have failed.
    pub gaps: Vec<Gap>,
    /// Colour and logo.
    pub brand: BrandSettings,
    /// Where plugins are looked for, how many work at once, how long to wait after a failure.
    pub plugins: PluginSettings,
    /// How much a run may ask of services.
    pub collect: CollectSettings,
    /// Bucket in which the archive lies (`s3://bucket/prefix`); none: the project's folder `archive/`.
    pub archive_url: Option<String>,
    /// Named queries with their examples.
    pub queries: BTreeMap<String, NamedQuery>,
    /// Query fragments that `$NAME` stands for.
    pub macros: BTreeMap<String, QueryText>,
    /// Word lists that `@NAME` stands for in query fields.
    pub lists: BTreeMap<String, Vec<String>>,
    /// What persons found in samples of the queries.
    pub reviews: Vec<QueryReview>,
    /// What persons said of the tone of mentions.
    pub labels: Vec<AuditLabel>,
    /// What was learnt from these labels.
    pub tone_model: Option<ToneModel>,
    /// What happened, by date.
    pub events: Vec<Event>,
    /// The analyst's words, by period and file name.
    pub notes: Vec<Note>,
}

impl Project {
    /// The brand the report is made for.
    pub fn client(&self) -> &Entity {
        &self.entities[0].entity
    }

    /// What surrounds `query` when it is read. Relative dates start from `today`.
    pub fn options(&self, query: &QueryText, today: Date) -> Options {
        options(query, &self.macros, &self.lists, today)
    }

    /// The query of an entity, or the named query, called `name` (a `$` before it does not matter).
    pub fn query(&self, name: &str) -> Option<&QueryText> {
        let name = name.strip_prefix('$').unwrap_or(name);
        let named = self.queries.get(name).map(|q| &q.text);
        named.or_else(|| self.entities.iter().find(|t| t.entity.id == name).map(|t| &t.query))
    }

    /// The newest review of exactly this query, if there is one.
    pub fn review(&self, query: &QueryText) -> Option<&QueryReview> {
        let fingerprint = self.fingerprint(query);
        self.reviews.iter().filter(|r| r.fingerprint == fingerprint).max_by_key(|r| (r.reviewed_on, &r.period))
    }

    /// Twelve hexadecimal digits that change with everything that decides what a query finds: its text, how it is
    /// read, the macros and lists.
    pub fn fingerprint(&self, query: &QueryText) -> String {
        let mut hasher = Sha256::new();
        let mut add = |part: &str| {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        };
        add(&query.text);
        add(&format!("{:?} {:?}", query.dialect, query.accents));
        for (name, text) in self.macros.iter().filter(|_| query.text.contains('$')) {
            add(name);
            add(&text.text);
        }
        for (name, values) in &self.lists {
            add(name);
            for value in values {
                add(value);
            }
        }
        hex::encode(&hasher.finalize()[..6])
    }

    /// The source called `id`.
    pub fn source(&self, id: &str) -> Option<&SourceSettings> {
        self.sources.iter().find(|s| s.id == id)
    }

    /// The analyst's note about `period` in the language of `locale`: a file of that language, else
    /// one written for every edition.
    pub fn note(&self, period: &Period, locale: Locale) -> Option<&Note> {
        let about = |n: &&Note| n.period == *period;
        let mut own = self.notes.iter().filter(about).filter(|n| n.french == Some(locale.is_french()));
        own.next().or_else(|| self.notes.iter().filter(about).find(|n| n.french.is_none()))
    }
}

/// What surrounds a query of these macros and lists when it is read.
pub fn options(
    query: &QueryText,
    macros: &BTreeMap<String, QueryText>,
    lists: &BTreeMap<String, Vec<String>>,
    today: Date,
) -> Options {
    Options {
        dialect: query.dialect,
        accents: query.accents,
        macros: macros.iter().map(|(name, text)| (name.clone(), text.text.clone())).collect(),
        lists: lists.clone(),
        languages: READ_LANGUAGES.map(str::to_owned).to_vec(),
        today: Some(today),
        ..Options::default()
    }
}

/// How mentions are counted when copies of one text exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Counting {
    /// Identical copies count once.
    #[default]
    Dedup,
    /// Only original posts count, no reposts.
    Originals,
    /// Everything counts.
    All,
}

impl Counting {
    /// As written in `vigie.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Counting::Dedup => "dedup",
            Counting::Originals => "originals",
            Counting::All => "all",
        }
    }
}

/// Paper of the PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// 210 × 297 mm.
    A4,
    /// 8.5 × 11 in.
    Letter,
}

/// Table `[report]`.
#[derive(Clone, Debug)]
pub struct ReportSettings {
    /// Period to report on, as written (`2026-10`, `last-month`, `2026-10-01..2026-10-31`); readable.
    pub period: String,
    /// Kind of report (`monthly`).
    pub kind: String,
    /// How copies count.
    pub counting: Counting,
    /// Paper; by default A4 when the first edition is `fr-FR`, letter otherwise.
    pub paper: Paper,
    /// Version line of the cover (`1.0`).
    pub version: Option<String>,
    /// Agency or team that signs.
    pub signature: Option<Bilingual>,
    /// Reader named on the cover.
    pub prepared_for: Option<Bilingual>,
    /// Author named on the cover.
    pub prepared_by: Option<Bilingual>,
    /// Who may read it.
    pub distribution: Option<Bilingual>,
    /// Line that says, for instance, that the data are invented.
    pub disclaimer: Option<Bilingual>,
}

impl ReportSettings {
    /// The period asked for, seen from `today`.
    ///
    /// # Errors
    /// Never for a checked project; the type is that of [`Period::parse`].
    pub fn period(&self, today: Date) -> Result<Period, PeriodError> {
        Period::parse(&self.period, today)
    }
}

/// A brand and the query that finds it.
#[derive(Clone, Debug)]
pub struct TrackedEntity {
    /// The brand; its `query` is the text with `$NAME` of a named query already replaced.
    pub entity: Entity,
    /// The same query text with its place, for messages.
    pub query: QueryText,
}

/// Table `[[source]]`.
#[derive(Clone, Debug)]
pub struct SourceSettings {
    /// Unique in the project; used in the archive.
    pub id: String,
    /// Plugin that reads it.
    pub plugin: String,
    /// As printed.
    pub name: Bilingual,
    /// Whether it is collected.
    pub enabled: bool,
    /// Most requests to services in one run; none: the project's.
    pub max_requests: Option<NonZeroU64>,
    /// `[source.options]`, an object: `${NAME}` replaced, `path` and `paths` absolute.
    pub options: Value,
    /// Bytes of `vigie.toml` behind each JSON pointer of `options` (`/columns/text`); `` is the whole.
    pub option_spans: BTreeMap<String, Range<usize>>,
    /// Place of the table's head.
    pub location: Location,
}

impl SourceSettings {
    /// Place of an option in `vigie.toml`, or of the nearest table that holds it.
    pub fn option_location(&self, pointer: &str) -> Location {
        let mut pointer = pointer;
        loop {
            if let Some(span) = self.option_spans.get(pointer) {
                return Location { span: span.clone(), ..self.location.clone() };
            }
            match pointer.rsplit_once('/') {
                Some((parent, _)) => pointer = parent,
                None => return self.location.clone(),
            }
        }
    }
}

/// Table `[[gap]]`: days on which a source is known to have missed mentions.
#[derive(Clone, Debug)]
pub struct Gap {
    /// Source id.
    pub source: String,
    /// Entity id; `None` means all of them.
    pub entity: Option<String>,
    /// The days.
    pub period: Period,
    /// Why, as printed.
    pub reason: Bilingual,
}

/// Table `[plugins]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginSettings {
    /// Folders searched for plugins first, absolute.
    pub path: Vec<PathBuf>,
    /// Most sources read at once.
    pub at_once: usize,
    /// Waits before the second, third, … try of a source that failed.
    pub retry_waits: Vec<Duration>,
}

impl Default for PluginSettings {
    fn default() -> Self {
        Self { path: Vec::new(), at_once: 4, retry_waits: [1, 5, 15].map(Duration::from_mins).to_vec() }
    }
}

/// Table `[collect]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CollectSettings {
    /// Most requests to services in one run of one source; none: as many as a plugin may at all.
    pub max_requests: Option<NonZeroU64>,
}

/// Table `[brand]`.
#[derive(Clone, Debug, Default)]
pub struct BrandSettings {
    /// `#RRGGBB`, upper case.
    pub primary: Option<String>,
    /// An SVG or PNG file of at most 200 kB, absolute.
    pub logo: Option<PathBuf>,
}

/// Table `[query.NAME]`.
#[derive(Clone, Debug)]
pub struct NamedQuery {
    /// The query.
    pub text: QueryText,
    /// Examples that must and must not match.
    pub tests: Vec<QueryTest>,
}

/// Table `[[query.NAME.test]]`.
#[derive(Clone, Debug)]
pub struct QueryTest {
    /// A text and whatever else the test says of its document.
    pub record: Record,
    /// Whether the query must find it.
    pub expected: bool,
    /// Place of the test, for messages.
    pub location: Location,
}

/// Table `[[event]]` of `events.toml`.
#[derive(Clone, Debug)]
pub struct Event {
    /// First to last day.
    pub period: Period,
    /// Entity id; `None` means the market.
    pub entity: Option<String>,
    /// Kind in one word (`launch`, `outage`).
    pub kind: String,
    /// As printed.
    pub title: Bilingual,
}

/// A file of `notes/`.
#[derive(Clone, Debug)]
pub struct Note {
    /// Period it is about.
    pub period: Period,
    /// Whether it is written for French editions (`Some(true)`), English ones, or all (`None`).
    pub french: Option<bool>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When.
    pub date: Option<Date>,
    /// Markdown without the front matter.
    pub markdown: String,
    /// The file, relative to the project.
    pub file: PathBuf,
}
