//! Tables `[[entity]]`: the client and its competitors.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_model::entity::{Entity, Role};

use crate::fields::Fields;
use crate::homonym::Homonyms;
use crate::page::Page;
use crate::query;
use crate::query_text::QueryText;
use crate::settings::{NamedQuery, TrackedEntity};
use crate::suggest::advice;

/// Keys of a table.
pub(crate) const KEYS: &[&str] =
    &["id", "name", "short", "role", "accounts", "query", "dialect", "accents", "context", "exclude", "ambiguous"];

/// Colours and page width carry no more.
const MOST: usize = 12;

/// One table, checked; `None` where a value is missing or wrong.
pub(crate) struct EntityTable {
    pub(crate) id: Option<Spanned<String>>,
    name: Option<String>,
    short: Option<String>,
    role: Option<Spanned<Role>>,
    accounts: Vec<String>,
    query: Option<QueryText>,
    homonyms: Homonyms,
    span: Range<usize>,
}

pub(crate) fn read(fields: &Fields<'_, '_>) -> EntityTable {
    fields.require("role");
    let query = fields.required_text("query").map(|text| query::typed(fields, text));
    EntityTable {
        id: fields.required_id("id"),
        name: fields.required_text("name").map(Spanned::into_inner),
        short: fields.text("short").map(Spanned::into_inner),
        role: fields.choice("role", &[("client", Role::Client), ("competitor", Role::Competitor)]),
        accounts: fields.texts("accounts").unwrap_or_default().into_iter().map(|a| account(a.get_ref())).collect(),
        homonyms: Homonyms::read(fields, query.as_ref()),
        query,
        span: fields.span(),
    }
}

fn account(handle: &str) -> String {
    handle.trim().trim_start_matches('@').to_lowercase()
}

/// One client, at most [`MOST`] brands: what no table can say alone.
pub(crate) fn check_together(page: &Page<'_>, tables: &[EntityTable]) {
    if tables.is_empty() {
        let message = Bilingual::new("no brand is tracked", "aucune marque n'est suivie");
        let hint = Bilingual::new(
            "add a table `[[entity]]` with `role = \"client\"`",
            "ajoutez une table `[[entity]]` avec `role = \"client\"`",
        );
        page.report(Diagnostic::error("C109", message).at(page.place(0..0)).hint(hint));
        return;
    }
    if let Some(extra) = tables.get(MOST) {
        let message = Bilingual::new(
            format!("{} brands are tracked; a report holds at most {MOST}", tables.len()),
            format!("{} marques sont suivies ; un rapport en contient au plus {MOST}", tables.len()),
        );
        page.error("C109", extra.span.clone(), message, None);
    }
    check_client(page, tables);
}

fn check_client(page: &Page<'_>, tables: &[EntityTable]) {
    let mut clients = tables.iter().filter_map(|t| t.role.as_ref()).filter(|r| *r.get_ref() == Role::Client);
    let hint = Bilingual::new(
        "exactly one `[[entity]]` has `role = \"client\"`; the others are `competitor`",
        "une seule `[[entity]]` a `role = \"client\"` ; les autres sont `competitor`",
    );
    if clients.next().is_none() {
        // A missing or misspelt role has its own message.
        if tables.iter().all(|t| t.role.is_some()) {
            let message = Bilingual::new("no brand is the client", "aucune marque n'est le client");
            page.error("C109", tables[0].span.clone(), message, Some(hint));
        }
        return;
    }
    for other in clients {
        let message = Bilingual::new("a second brand is the client", "une deuxième marque est le client");
        page.error("C109", other.span(), message, Some(hint.clone()));
    }
}

/// The tables as settings, client first, named queries replaced. Call when nothing was wrong.
pub(crate) fn resolve(
    page: &Page<'_>,
    tables: Vec<EntityTable>,
    queries: &BTreeMap<String, NamedQuery>,
    macros: &BTreeMap<String, QueryText>,
    lists: &BTreeMap<String, Vec<String>>,
) -> Vec<TrackedEntity> {
    let mut entities: Vec<TrackedEntity> =
        tables.into_iter().filter_map(|t| tracked(page, t, queries, macros, lists)).collect();
    entities.sort_by_key(|e| e.entity.role != Role::Client);
    entities
}

fn tracked(
    page: &Page<'_>,
    table: EntityTable,
    queries: &BTreeMap<String, NamedQuery>,
    macros: &BTreeMap<String, QueryText>,
    lists: &BTreeMap<String, Vec<String>>,
) -> Option<TrackedEntity> {
    let query = table.homonyms.around(resolved(page, table.query?, queries, macros)?, macros, lists);
    let name = table.name?;
    let entity = Entity {
        id: table.id?.into_inner(),
        short: table.short.unwrap_or_else(|| name.clone()),
        name,
        role: table.role?.into_inner(),
        query: query.text.clone(),
        accounts: table.accounts,
    };
    Some(TrackedEntity { entity, query })
}

/// The named query when the text is only `$NAME` of one, else the text itself.
fn resolved(
    page: &Page<'_>,
    own: QueryText,
    queries: &BTreeMap<String, NamedQuery>,
    macros: &BTreeMap<String, QueryText>,
) -> Option<QueryText> {
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let Some(name) = own.text.trim().strip_prefix('$').filter(|n| !n.is_empty() && n.chars().all(word)) else {
        return Some(own);
    };
    if let Some(named) = queries.get(name) {
        return Some(named.text.clone());
    }
    if macros.contains_key(name) {
        return Some(own);
    }
    let names: Vec<String> = queries.keys().chain(macros.keys()).map(|n| format!("${n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let hint = if names.is_empty() {
        Bilingual::new(
            format!("add a table `[query.{name}]` with the query's `text`"),
            format!("ajoutez une table `[query.{name}]` avec le `text` de la requête"),
        )
    } else {
        advice(&format!("${name}"), &names)
    };
    let message = Bilingual::new(
        format!("no `[query.{name}]` nor macro has the name `${name}`"),
        format!("aucune `[query.{name}]` ni macro ne porte le nom `${name}`"),
    );
    page.error("C108", own.location.span, message, Some(hint));
    None
}
