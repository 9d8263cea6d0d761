//! Rows as a plugin gives them become rows as the archive keeps them.

use std::collections::BTreeMap;

use polars::prelude::*;
use vigie_model::entity::{Entity, Role};
use vigie_model::mention::MENTIONS;
use vigie_model::table::{self, Table};
use vigie_plugin_host::{Batch, Values};
use vigie_store::{
    Archive, KnownRows, NewRows, Novelty, ROW_HASH, Retention, before_writing, polars_type, row_hashes, row_keys,
};
use xxhash_rust::xxh3::xxh3_128;

use crate::Error;
use crate::pseudonym::{AuthorKey, author_bucket};

/// What the host knows and a plugin does not.
pub(crate) struct Context<'a> {
    /// Source id in `vigie.toml`.
    pub(crate) source: &'a str,
    /// Run that brings the rows.
    pub(crate) batch: &'a str,
    /// Microseconds since 1970 at which the rows arrived.
    pub(crate) now: i64,
    /// Key of the pseudonyms.
    pub(crate) key: &'a AuthorKey,
    /// Tracked entities with their own accounts.
    pub(crate) entities: &'a [Entity],
    /// Class of rows that name none.
    pub(crate) retention: Retention,
    /// Whether rows that do not say may be quoted.
    pub(crate) quote_ok: Option<&'a str>,
}

/// Fingerprints of what the archive and this run have, table by table; a table is read when its first rows come.
#[derive(Default)]
pub(crate) struct Known(BTreeMap<&'static str, KnownRows>);

impl Known {
    fn of(&mut self, table: &'static Table, archive: &Archive) -> Result<&mut KnownRows, Error> {
        if !self.0.contains_key(table.name) {
            self.0.insert(table.name, archive.known_rows(table)?);
        }
        Ok(self.0.entry(table.name).or_default())
    }
}

/// Rows ready for the archive, and how many were already there.
pub(crate) struct Rows {
    /// In the archive's schema: those of new keys, and those that replace others. A reader of one period skips files of
    /// the first kind, so the second must not be among them.
    pub(crate) new: Vec<NewRows>,
    /// Rows the archive already had as they are.
    pub(crate) duplicates: u64,
}

/// Turns a batch into archive rows, without those already known and without what their class never allows.
///
/// # Errors
/// When the archive cannot be read, or a column has another type than the table's; the frame library says which.
pub(crate) fn archive_rows(
    batch: &Batch,
    context: &Context<'_>,
    archive: &Archive,
    known: &mut Known,
) -> Result<Rows, Error> {
    let table = table::find(&batch.table).unwrap_or(&MENTIONS);
    let frame = complete(table, batch, context).map_err(Error::Rows)?;
    let keys = row_keys(&frame, table).map_err(Error::Rows)?;
    let hashes = frame.column(ROW_HASH).and_then(|c| c.i64().cloned()).map_err(Error::Rows)?;
    let known = known.of(table, archive)?;
    let novelties: Vec<Novelty> =
        keys.into_iter().zip(hashes.iter()).map(|(key, hash)| known.observe(key, hash.unwrap_or_default())).collect();
    let mut new = Vec::new();
    for wanted in [Novelty::New, Novelty::Edited] {
        let chosen: Vec<bool> = novelties.iter().map(|novelty| *novelty == wanted).collect();
        if chosen.contains(&true) {
            let rows = frame.filter(&BooleanChunked::from_slice("chosen".into(), &chosen)).map_err(Error::Rows)?;
            new.push(NewRows { table, rows, replaces: wanted == Novelty::Edited });
        }
    }
    let duplicates = novelties.iter().filter(|novelty| **novelty == Novelty::Duplicate).count() as u64;
    Ok(Rows { new, duplicates })
}

/// Every column of the table: the plugin's, the host's, and what the row says as a number.
fn complete(table: &'static Table, batch: &Batch, context: &Context<'_>) -> PolarsResult<DataFrame> {
    let given = PluginColumns::of(batch)?;
    let mut host = HostColumns::default();
    if table.name == MENTIONS.name {
        (0..batch.rows).for_each(|row| host.push(&given, row, context));
    }
    let columns = table
        .stored()
        .map(|c| {
            let column = match everywhere(c.name, &given, context, batch.rows) {
                Some(column) => column,
                None => match host.column(c.name) {
                    Some(column) if table.name == MENTIONS.name => column,
                    _ => given.column(c.name, batch.rows),
                },
            };
            column.cast(&polars_type(c.kind))
        })
        .collect::<PolarsResult<Vec<_>>>()?;
    let frame = before_writing(DataFrame::new(batch.rows, columns)?, table)?;
    let hashes = Series::new(ROW_HASH.into(), row_hashes(&frame, table)?);
    frame.lazy().with_column(lit(hashes)).collect()
}

/// Columns that the host fills in the same way in every table that has them.
fn everywhere(name: &str, given: &PluginColumns, context: &Context<'_>, rows: usize) -> Option<Column> {
    let named = PlSmallStr::from_str(name);
    let text = |text: &str| Column::new_scalar(named.clone(), Scalar::from(PlSmallStr::from_str(text)), rows);
    let own = |row, known: &dyn Fn(&str) -> bool| given.text(name, row).filter(|class| known(class));
    Some(match name {
        "source" => text(context.source),
        "batch_id" => text(context.batch),
        "first_seen_at" | "collected_at" => Int64Chunked::full(named, context.now, rows)
            .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
            .into_column(),
        "dims_hash" => {
            let hashes: Vec<String> = (0..rows).map(|row| dims_hash(given.text("dims", row))).collect();
            Column::new(named, hashes)
        }
        "retention" => {
            let is_class = |class: &str| Retention::parse(class).is_some();
            let classes: Vec<&str> =
                (0..rows).map(|row| own(row, &is_class).unwrap_or(context.retention.name())).collect();
            Column::new(named, classes)
        }
        "quote_ok" => {
            let said: Vec<Option<&str>> = (0..rows).map(|row| own(row, &|_| true).or(context.quote_ok)).collect();
            Column::new(named, said)
        }
        _ => return None,
    })
}

/// Fingerprint of the dimensions of a measured point; the order in which they are written does not matter.
fn dims_hash(dims: Option<&str>) -> String {
    let sorted = dims.map(|text| match serde_json::from_str::<serde_json::Value>(text) {
        // Objects of serde_json are sorted by key.
        Ok(value) => value.to_string(),
        Err(_) => text.to_owned(),
    });
    format!("{:032x}", xxh3_128(sorted.unwrap_or_default().as_bytes()))
}

/// The plugin's columns as polars columns.
struct PluginColumns {
    columns: Vec<(Column, Option<StringChunked>)>,
}

impl PluginColumns {
    fn of(batch: &Batch) -> PolarsResult<Self> {
        let mut columns = Vec::with_capacity(batch.columns.len());
        for given in &batch.columns {
            let column = to_column(&given.name, &given.values);
            let text = match column.dtype() {
                DataType::String => Some(column.str()?.clone()),
                _ => None,
            };
            columns.push((column, text));
        }
        Ok(Self { columns })
    }

    fn column(&self, name: &str, rows: usize) -> Column {
        let found = self.columns.iter().find(|(c, _)| c.name() == name).map(|(c, _)| c.clone());
        found.unwrap_or_else(|| Column::full_null(name.into(), rows, &DataType::Null))
    }

    fn text(&self, name: &str, row: usize) -> Option<&str> {
        self.columns.iter().find(|(c, _)| c.name() == name)?.1.as_ref()?.get(row)
    }
}

fn to_column(name: &str, values: &Values) -> Column {
    let name = PlSmallStr::from_str(name);
    let rows = 0..values.len();
    match values {
        Values::Text(v) => StringChunked::from_iter_options(name, rows.map(|i| v.get(i))).into_column(),
        Values::Int(v) => Int64Chunked::from_iter_options(name, rows.map(|i| v.get(i))).into_column(),
        Values::Float(v) => Float64Chunked::from_iter_options(name, rows.map(|i| v.get(i))).into_column(),
        Values::Bool(v) => BooleanChunked::from_iter_options(name, rows.map(|i| v.get(i))).into_column(),
        Values::Time(v) => Int64Chunked::from_iter_options(name, rows.map(|i| v.get(i)))
            .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
            .into_column(),
        Values::TextList(v) => {
            let mut lists = ListStringChunkedBuilder::new(name, values.len(), v.items.len());
            for row in rows {
                match v.get(row) {
                    Some(texts) => lists.append_values_iter(texts),
                    None => lists.append_null(),
                }
            }
            lists.finish().into_column()
        }
    }
}

/// The columns only the host sets, row by row.
#[derive(Default)]
struct HostColumns {
    uid: Vec<String>,
    voice: Vec<&'static str>,
    owner: Vec<Option<String>>,
    author: Vec<Option<String>>,
    bucket: Vec<Option<i64>>,
    lang_source: Vec<Option<&'static str>>,
    content: Vec<String>,
}

impl HostColumns {
    fn push(&mut self, given: &PluginColumns, row: usize, context: &Context<'_>) {
        let platform = given.text("platform", row).unwrap_or("unknown");
        let handle = given.text("author_handle", row).map(|h| h.trim_start_matches('@'));
        let name = given.text("author_name", row);
        let account = given.text("author_id", row).or(handle).or(name).filter(|a| !a.is_empty());
        let uid = uid(platform, given.text("native_id", row).unwrap_or_default(), given.text("kind", row), account);
        let owner = owner([handle, name, given.text("author_id", row)], context.entities);
        self.voice.push(voice(owner, given.text("kind", row)));
        self.owner.push(owner.map(|e| e.id.clone()));
        self.author.push(account.map(|a| context.key.pseudonym(platform, a)));
        self.bucket.push(account.map(|a| author_bucket(platform, a)));
        self.lang_source.push(given.text("lang", row).map(|_| "platform"));
        self.uid.push(uid);
        self.content.push(content_hash(given.text("title", row), given.text("text", row)));
    }

    fn column(&self, name: &str) -> Option<Column> {
        let named = PlSmallStr::from_str(name);
        Some(match name {
            "uid" => Column::new(named, &self.uid),
            "voice" => Column::new(named, &self.voice),
            "owner_entity" => Column::new(named, &self.owner),
            "author_id" => Column::new(named, &self.author),
            "author_bucket" => Column::new(named, &self.bucket),
            "lang_source" => Column::new(named, &self.lang_source),
            "content_hash" => Column::new(named, &self.content),
            _ => return None,
        })
    }
}

/// `<platform>:<native_id>`; a repost adds who reposted, since platforms give it the original's id.
fn uid(platform: &str, native_id: &str, kind: Option<&str>, account: Option<&str>) -> String {
    match (kind, account) {
        (Some("repost"), Some(account)) => {
            let who = xxh3_128(account.as_bytes());
            format!("{platform}:{native_id}:{who:032x}")
        }
        _ => format!("{platform}:{native_id}"),
    }
}

fn content_hash(title: Option<&str>, text: Option<&str>) -> String {
    let whole = format!("{}\n{}", title.unwrap_or_default().trim(), text.unwrap_or_default().trim());
    format!("{:032x}", xxh3_128(whole.as_bytes()))
}

/// The entity one of whose own accounts is named by `accounts`.
fn owner<'e>(accounts: [Option<&str>; 3], entities: &'e [Entity]) -> Option<&'e Entity> {
    entities.iter().find(|e| accounts.into_iter().flatten().any(|a| e.accounts.iter().any(|own| same(own, a))))
}

fn same(own: &str, account: &str) -> bool {
    let account = account.trim_start_matches('@');
    own.eq_ignore_ascii_case(account) || own.to_lowercase() == account.to_lowercase()
}

fn voice(owner: Option<&Entity>, kind: Option<&str>) -> &'static str {
    match (owner.map(|e| e.role), kind) {
        (Some(Role::Client), _) => "own",
        (Some(Role::Competitor), _) => "competitor",
        (None, Some("article")) => "media",
        (None, _) => "public",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(id: &str, role: Role, account: &str) -> Entity {
        Entity {
            id: id.into(),
            name: id.into(),
            short: id.into(),
            role,
            query: String::new(),
            accounts: vec![account.into()],
        }
    }

    #[test]
    fn own_accounts_are_told_from_the_public() {
        let entities =
            [entity("nordet", Role::Client, "nordetmobile"), entity("telvia", Role::Competitor, "telvia_ca")];
        let who = |handle| owner([Some(handle), None, None], &entities);
        assert_eq!(voice(who("@NordetMobile"), Some("post")), "own");
        assert_eq!(voice(who("telvia_ca"), Some("post")), "competitor");
        assert_eq!(voice(who("julie"), Some("post")), "public");
        assert_eq!(voice(None, Some("article")), "media");
    }

    #[test]
    fn dimensions_are_the_same_in_any_order() {
        assert_eq!(dims_hash(Some(r#"{"a":"1","b":"2"}"#)), dims_hash(Some(r#"{ "b": "2", "a": "1" }"#)));
        assert_ne!(dims_hash(Some(r#"{"a":"1"}"#)), dims_hash(None));
    }

    #[test]
    fn a_repost_has_its_own_identifier() {
        assert_eq!(uid("x", "12", Some("post"), Some("a")), "x:12");
        assert_ne!(uid("x", "12", Some("repost"), Some("a")), uid("x", "12", Some("repost"), Some("b")));
    }
}
