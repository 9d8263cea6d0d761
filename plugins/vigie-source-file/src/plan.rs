//! From the values of a row to a mention, or to the reason why not.

use std::borrow::Cow;
use std::collections::BTreeMap;

use vigie_plugin::{Code, Error, Mention, Result};

use crate::cell::{Cell, Cells};
use crate::config::{Config, FIELDS, field};
use crate::dates::{Dates, Moment};
use crate::header::{Wanted, folded};
use crate::numbers::Decimal;

/// Everything needed to map a row, made once.
pub(crate) struct Plan {
    pub(crate) wanted: Wanted,
    constants: [Option<String>; FIELDS.len()],
    values: [Option<BTreeMap<String, String>>; FIELDS.len()],
    pub(crate) dates: Dates,
    decimal: Decimal,
    id_from_url: bool,
    id_mapped: bool,
}

/// Why a row became no mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    NoDate,
    BadId,
    NoId,
    NoPlatform,
}

impl Reason {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NoDate => "no_date",
            Self::BadId => "bad_id",
            Self::NoId => "no_id",
            Self::NoPlatform => "no_platform",
        }
    }
}

/// A mapped row; texts are borrowed from the cells or the plan where possible.
pub(crate) struct Row<'a> {
    texts: [Option<Cow<'a, str>>; FIELDS.len()],
    numbers: [Option<f64>; FIELDS.len()],
    moment: Moment,
    /// The id was missing or damaged and the address stands for it.
    pub(crate) id_from_url: bool,
}

/// Positions in [`FIELDS`], by name, so that the code reads like the table.
macro_rules! at {
    ($name:literal) => {
        const { position($name) }
    };
}

const fn position(name: &str) -> usize {
    let mut index = 0;
    while index < FIELDS.len() {
        if same(FIELDS[index].as_bytes(), name.as_bytes()) {
            return index;
        }
        index += 1;
    }
    panic!("no such field")
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}

impl Plan {
    pub(crate) fn new(config: &Config) -> Result<Self> {
        let mut constants = [const { None }; FIELDS.len()];
        for (name, value) in &config.constants {
            constants[known("constants", name)?] = Some(value.text());
        }
        let mut values = [const { None }; FIELDS.len()];
        for (name, table) in &config.values {
            values[known("values", name)?] = Some(table.iter().map(|(from, to)| (folded(from), to.text())).collect());
        }
        for name in config.columns.keys() {
            known("columns", name)?;
        }
        let plan = Self {
            wanted: Wanted::new(&config.columns),
            constants,
            values,
            dates: Dates::new(&config.date_formats, &config.timezone)?,
            decimal: Decimal::new(&config.decimal),
            id_from_url: config.id_from_url,
            id_mapped: config.columns.is_empty() || config.columns.contains_key("native_id"),
        };
        let mapped = |name: &str| config.columns.is_empty() || config.columns.contains_key(name);
        if !mapped("platform") && plan.constants[at!("platform")].is_none() {
            return Err(Error::new(Code::Config, "nothing says which platform the mentions come from")
                .option("/constants")
                .hint(
                    "add `platform = \"forum\"` (or x, reddit, news, …) to `constants`",
                    "ajoutez `platform = \"forum\"` (ou x, reddit, news, …) à `constants`",
                ));
        }
        if !mapped("published_at") {
            return Err(Error::new(Code::Config, "nothing says when the mentions were published")
                .option("/columns")
                .hint("add `published_at = \"…\"` to `columns`", "ajoutez `published_at = \"…\"` à `columns`"));
        }
        Ok(plan)
    }

    /// The mention in the values of a row.
    pub(crate) fn map<'a>(&'a self, cells: &'a Cells<'_>) -> std::result::Result<Row<'a>, Reason> {
        let mut texts = [const { None }; FIELDS.len()];
        for (index, cell) in cells.iter().enumerate() {
            texts[index] = self.text(index, cell);
        }
        let numbers = self.numbers(cells, &texts);
        let moment = match &cells[at!("published_at")] {
            Cell::Moment(moment) => Some(*moment),
            Cell::Number(number) => self.dates.parse(&number.to_string()).or_else(|| self.dates.serial(*number, false)),
            Cell::Empty | Cell::Text(_) => texts[at!("published_at")].as_deref().and_then(|t| self.dates.parse(t)),
        };
        let moment = moment.ok_or(Reason::NoDate)?;
        if texts[at!("platform")].is_none() {
            return Err(Reason::NoPlatform);
        }
        let mut row = Row { texts, numbers, moment, id_from_url: false };
        self.identify(&mut row)?;
        if let Some(handle) = &mut row.texts[at!("author_handle")]
            && handle.starts_with('@')
        {
            *handle = Cow::Owned(handle.trim_start_matches('@').to_owned());
        }
        Ok(row)
    }

    /// The text of a field: the file's, translated; else the constant.
    fn text<'a>(&'a self, index: usize, cell: &'a Cell<'_>) -> Option<Cow<'a, str>> {
        let own = cell.text();
        if let (Some(table), Some(text)) = (&self.values[index], &own)
            && let Some(meaning) = table.get(&folded(text))
        {
            return Some(Cow::Borrowed(meaning.as_str())).filter(|m| !m.is_empty());
        }
        own.or_else(|| self.constants[index].as_deref().map(Cow::Borrowed))
    }

    fn numbers(&self, cells: &Cells<'_>, texts: &[Option<Cow<'_, str>>; FIELDS.len()]) -> [Option<f64>; FIELDS.len()] {
        let mut numbers = [None; FIELDS.len()];
        for name in [
            at!("author_followers"),
            at!("likes"),
            at!("shares"),
            at!("replies"),
            at!("views"),
            at!("rating_raw"),
            at!("rating_scale"),
        ] {
            numbers[name] = match &cells[name] {
                Cell::Number(number) if self.values[name].is_none() => Some(*number),
                _ => texts[name].as_deref().and_then(|t| self.decimal.number(t)),
            };
        }
        numbers
    }

    /// Settles the id: the file's own, else a hash of the address, else (nothing mapped) of the content.
    fn identify(&self, row: &mut Row<'_>) -> std::result::Result<(), Reason> {
        let id = row.texts[at!("native_id")].as_deref().map(|id| id.trim_start_matches('\''));
        let reason = match id {
            Some(id) if !mangled(id) && !id.is_empty() => {
                if row.texts[at!("native_id")].as_deref().is_some_and(|whole| whole.starts_with('\'')) {
                    row.texts[at!("native_id")] = Some(Cow::Owned(id.to_owned()));
                }
                return Ok(());
            }
            Some(_) => Reason::BadId,
            None => Reason::NoId,
        };
        let id = match (&row.texts[at!("url")], self.id_mapped) {
            (Some(url), false) => hash(&["url", url]),
            (Some(url), true) if self.id_from_url => {
                row.id_from_url = true;
                hash(&["url", url])
            }
            (_, true) => return Err(reason),
            (None, false) => row.content_hash().ok_or(reason)?,
        };
        row.texts[at!("native_id")] = Some(Cow::Owned(id));
        Ok(())
    }
}

fn known(option: &str, name: &str) -> Result<usize> {
    field(name).ok_or_else(|| {
        Error::new(Code::Config, format!("`{name}` is no column of a mention")).option(&format!("/{option}/{name}"))
    })
}

/// True for ids that a spreadsheet turned into numbers: `5.70306E+17` stands for many different ids.
pub(crate) fn mangled(id: &str) -> bool {
    let Some((digits, exponent)) = id.split_once(['E', 'e']) else { return false };
    let digits = digits.strip_prefix('-').unwrap_or(digits);
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all_digits(exponent)
        && exponent.len() <= 3
        && digits
            .split_once(['.', ','])
            .map_or_else(|| digits.len() == 1 && all_digits(digits), |(a, b)| all_digits(a) && all_digits(b))
}

fn hash(parts: &[&str]) -> String {
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    for part in parts {
        hasher.update(part.as_bytes());
        // A byte no UTF-8 text contains keeps the parts apart.
        hasher.update(&[0xff]);
    }
    format!("h{:032x}", hasher.digest128())
}

impl Row<'_> {
    /// Author, moment, title and text say which mention it is when nothing else does.
    fn content_hash(&self) -> Option<String> {
        let part = |index: usize| self.texts[index].as_deref().unwrap_or_default();
        let (title, text) = (part(at!("title")), part(at!("text")));
        if title.is_empty() && text.is_empty() {
            return None;
        }
        let author = [part(at!("author_id")), part(at!("author_handle")), part(at!("author_name"))].concat();
        Some(hash(&["content", part(at!("platform")), &author, &self.moment.0.to_string(), title, text]))
    }

    /// When it was published, microseconds.
    pub(crate) fn published_at(&self) -> i64 {
        self.moment.0
    }

    /// The row as the SDK takes it.
    pub(crate) fn mention(&self) -> Mention<'_> {
        let text = |index: usize| self.texts[index].as_deref();
        let whole = |index: usize| self.numbers[index].map(f64::round).filter(|n| n.abs() < 9.0e15).map(|n| n as i64);
        Mention {
            native_id: text(at!("native_id")).unwrap_or_default(),
            platform: text(at!("platform")).unwrap_or_default(),
            kind: text(at!("kind")).unwrap_or("post"),
            url: text(at!("url")),
            published_at: self.moment.0,
            published_precision: Some(self.moment.1.name()),
            author_id: text(at!("author_id")),
            author_handle: text(at!("author_handle")),
            author_name: text(at!("author_name")),
            author_followers: whole(at!("author_followers")),
            venue_name: text(at!("venue_name")),
            title: text(at!("title")),
            text: text(at!("text")),
            text_origin: text(at!("text_origin")),
            lang: text(at!("lang")),
            likes: whole(at!("likes")),
            shares: whole(at!("shares")),
            replies: whole(at!("replies")),
            views: whole(at!("views")),
            rating_raw: self.numbers[at!("rating_raw")],
            rating_scale: self.numbers[at!("rating_scale")],
            country: text(at!("country")),
            retention: text(at!("retention")),
            quote_ok: text(at!("quote_ok")),
            ..Mention::default()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn plan(json: serde_json::Value) -> Plan {
        Plan::new(&serde_json::from_value(json).unwrap()).unwrap()
    }

    fn cells<'a>(list: &[(&str, &'a str)]) -> Cells<'a> {
        let mut cells: Cells<'_> = std::array::from_fn(|_| Cell::Empty);
        for (name, text) in list {
            cells[field(name).unwrap()] = Cell::borrowed(text);
        }
        cells
    }

    #[test]
    fn damaged_ids_are_recognised() {
        for bad in ["5.70306E+17", "1,99E+18", "5.7e17", "-1.2E+3", "5E+17"] {
            assert!(mangled(bad), "{bad}");
        }
        for good in ["570306133677760513", "abc", "1e5f", "t3_3E+", "12E5a", "e10", "E+17", "12E4"] {
            assert!(!mangled(good), "{good}");
        }
    }

    #[test]
    fn ids_fall_back_to_the_address_then_to_a_reject() {
        let config = serde_json::json!({"paths": [], "constants": {"platform": "x"}, "columns": {"native_id": "id", "published_at": "d", "url": "u"}});
        let plan = plan(config);
        let with_url =
            cells(&[("native_id", "5.70306E+17"), ("published_at", "2026-01-01"), ("url", "https://example.org/1")]);
        let row = plan.map(&with_url).ok().unwrap();
        assert!(row.id_from_url && row.mention().native_id.starts_with('h'));
        let without = cells(&[("native_id", "5.70306E+17"), ("published_at", "2026-01-01")]);
        assert_eq!(plan.map(&without).err(), Some(Reason::BadId));
        let none = cells(&[("published_at", "2026-01-01")]);
        assert_eq!(plan.map(&none).err(), Some(Reason::NoId));
        let quoted = cells(&[("native_id", "'570306133677760513"), ("published_at", "2026-01-01")]);
        assert_eq!(plan.map(&quoted).ok().unwrap().mention().native_id, "570306133677760513");
    }

    #[test]
    fn unmapped_ids_come_from_the_content_and_are_stable() {
        let config = serde_json::json!({"paths": [], "constants": {"platform": "x"}, "columns": {"published_at": "d", "text": "t"}});
        let plan = plan(config);
        let id = |text: &str| {
            plan.map(&cells(&[("published_at", "2026-01-01"), ("text", text)]))
                .ok()
                .unwrap()
                .mention()
                .native_id
                .to_owned()
        };
        assert_eq!(id("a"), id("a"));
        assert_ne!(id("a"), id("b"));
    }

    #[test]
    fn values_are_translated_and_constants_fill_gaps() {
        let config = serde_json::json!({"paths": [], "constants": {"platform": "x", "rating_scale": 5, "lang": "fr"},
            "columns": {"native_id": "i", "published_at": "d", "kind": "k", "lang": "l", "likes": "n"}, "values": {"kind": {"Tweet": "post", "RT": "repost"}}});
        let plan = plan(config);
        let cells = cells(&[
            ("native_id", "1"),
            ("published_at", "2026-01-01"),
            ("kind", "tweet"),
            ("likes", "12,345"),
            ("lang", "en"),
        ]);
        let row = plan.map(&cells).ok().unwrap();
        let mention = row.mention();
        assert_eq!(
            (mention.kind, mention.rating_scale, mention.lang, mention.likes),
            ("post", Some(5.0), Some("en"), Some(12_345))
        );
        assert_eq!(mention.published_precision, Some("day"));
    }
}
