//! `events.toml`: what happened in the market, by date.

use toml::Spanned;

use crate::fields::Fields;
use crate::page::Page;
use crate::settings::Event;
use crate::validate::{days, reference};

/// Keys of a table.
const KEYS: &[&str] = &["date", "to", "entity", "kind", "title"];

/// The events in order of date; what is wrong is reported on `page`.
pub(crate) fn read(page: &Page<'_>, entities: &[&str]) -> Vec<Event> {
    let table = page.parse();
    let root = Fields::open(page, &table, page.file.to_string_lossy(), 0..0, &["event"]);
    let mut events: Vec<Event> = root
        .tables("event")
        .into_iter()
        .filter_map(|(table, span)| event(&Fields::open(page, table, "[[event]]", span, KEYS), entities))
        .collect();
    events.sort_by_key(|e| e.period.start);
    events
}

fn event(fields: &Fields<'_, '_>, entities: &[&str]) -> Option<Event> {
    for key in ["date", "title"] {
        fields.require(key);
    }
    let period = days(fields, "date", "to");
    let entity = fields.text("entity").map(|e| reference(fields.page(), "entity", &e, entities));
    let kind = fields.required_id("kind").map(Spanned::into_inner);
    let title = fields.words("title");
    Some(Event { period: period?, entity: entity.map_or(Some(None), |e| e.map(Some))?, kind: kind?, title: title? })
}
