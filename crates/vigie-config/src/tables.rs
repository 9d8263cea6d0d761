//! The tables of `vigie.toml`, read one by one and put together.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use toml::Spanned;
use vigie_model::diagnostic::{Bilingual, Diagnostic};

use crate::entity::EntityTable;
use crate::fields::Fields;
use crate::load::PROJECT_FILE;
use crate::page::{Languages, Page};
use crate::project::ProjectTable;
use crate::query_text::QueryText;
use crate::settings::{
    BrandSettings, CollectSettings, Gap, NamedQuery, PluginSettings, Project, ReportSettings, SourceSettings,
};
use crate::source::SourceTable;
use crate::{archive, brand, collect, entity, gap, plugins, project, query, query_check, report, source, validate};

/// Names of the tables.
const TABLES: &[&str] = &[
    "project", "report", "entity", "source", "gap", "brand", "plugins", "collect", "archive", "query", "macros",
    "lists",
];

/// The tables of `vigie.toml` before they are put together.
pub(crate) struct Tables {
    project: ProjectTable,
    report: ReportSettings,
    entities: Vec<EntityTable>,
    sources: Vec<SourceSettings>,
    gaps: Vec<Gap>,
    brand: BrandSettings,
    plugins: PluginSettings,
    collect: CollectSettings,
    archive_url: Option<String>,
    queries: BTreeMap<String, NamedQuery>,
    macros: BTreeMap<String, QueryText>,
    lists: BTreeMap<String, Vec<String>>,
}

/// The whole file seen as a table of tables.
struct Root<'p, 'a> {
    page: &'p Page<'a>,
    fields: Fields<'p, 'a>,
}

impl<'p, 'a> Root<'p, 'a> {
    /// `[key]`, when it is there.
    fn one(&self, key: &str, known: &[&str]) -> Option<Fields<'p, 'a>> {
        let (table, span) = self.fields.table(key)?;
        Some(Fields::open(self.page, table, format!("[{key}]"), span, known))
    }

    /// Every `[[key]]`.
    fn each(&self, key: &str, known: &[&str]) -> Vec<Fields<'p, 'a>> {
        let open = |(table, span)| Fields::open(self.page, table, format!("[[{key}]]"), span, known);
        self.fields.tables(key).into_iter().map(open).collect()
    }

    /// `[key]` with names of the user's, when it is there.
    fn free(&self, key: &str) -> Option<Fields<'p, 'a>> {
        let (table, span) = self.fields.table(key)?;
        Some(Fields::free(self.page, table, format!("[{key}]"), span))
    }
}

impl Tables {
    /// Reads every table and reports what is wrong with each, and between them.
    pub(crate) fn read(page: &Page<'_>) -> Self {
        let table = page.parse();
        let root = Root { page, fields: Fields::open(page, &table, PROJECT_FILE, 0..0, TABLES) };
        root.fields.require("project");
        let project = root.one("project", project::KEYS).map(|f| project::read(&f)).unwrap_or_default();
        page.languages.set(Languages::of(&project.editions));
        let entities = read_entities(&root);
        let (sources, gaps) = read_sources(&root, &ids(entities.iter().map(|e| &e.id)));
        Self {
            report: root
                .one("report", report::KEYS)
                .map_or_else(|| report::default(&project.editions), |f| report::read(&f, &project.editions)),
            brand: root.one("brand", brand::KEYS).map(|f| brand::read(&f)).unwrap_or_default(),
            plugins: root.one("plugins", plugins::KEYS).map(|f| plugins::read(&f)).unwrap_or_default(),
            collect: root.one("collect", collect::KEYS).map(|f| collect::read(&f)).unwrap_or_default(),
            archive_url: root.one("archive", archive::KEYS).and_then(|f| archive::url(&f)),
            queries: root.free("query").map(|f| query::queries(&f)).unwrap_or_default(),
            macros: root.free("macros").map(|f| query::macros(&f)).unwrap_or_default(),
            lists: root.free("lists").map(|f| query::lists(&f)).unwrap_or_default(),
            project,
            entities,
            sources,
            gaps,
        }
    }

    /// Identifiers of the tracked brands, in the order of the file.
    pub(crate) fn entity_ids(&self) -> Vec<String> {
        self.entities.iter().filter_map(|e| e.id.as_ref()).map(|id| id.get_ref().clone()).collect()
    }

    /// The settings; `None` where what every project needs is missing. Events and notes come later.
    pub(crate) fn into_project(self, page: &Page<'_>) -> Option<Project> {
        let entities = entity::resolve(page, self.entities, &self.queries, &self.macros, &self.lists);
        query_check::check(page, &entities, &self.queries, &self.macros, &self.lists);
        let (timezone_name, timezone): (String, TimeZone) = self.project.timezone?;
        Some(Project {
            dir: page.dir.to_owned(),
            id: self.project.id?,
            name: self.project.name?,
            contact: self.project.contact,
            timezone,
            timezone_name,
            editions: self.project.editions,
            report: self.report,
            entities,
            sources: self.sources,
            gaps: self.gaps,
            brand: self.brand,
            plugins: self.plugins,
            collect: self.collect,
            archive_url: self.archive_url,
            queries: self.queries,
            macros: self.macros,
            lists: self.lists,
            reviews: Vec::new(),
            labels: Vec::new(),
            tone_model: None,
            events: Vec::new(),
            notes: Vec::new(),
        })
    }
}

fn ids<'t>(ids: impl Iterator<Item = &'t Option<Spanned<String>>>) -> Vec<&'t str> {
    ids.flatten().map(|id| id.get_ref().as_str()).collect()
}

fn read_entities(root: &Root<'_, '_>) -> Vec<EntityTable> {
    let entities: Vec<EntityTable> = root.each("entity", entity::KEYS).iter().map(entity::read).collect();
    validate::unique(root.page, "entity", entities.iter().filter_map(|e| e.id.as_ref()));
    entity::check_together(root.page, &entities);
    entities
}

fn read_sources(root: &Root<'_, '_>, entities: &[&str]) -> (Vec<SourceSettings>, Vec<Gap>) {
    let sources: Vec<SourceTable> = root.each("source", source::KEYS).iter().map(source::read).collect();
    validate::unique(root.page, "source", sources.iter().filter_map(|s| s.id.as_ref()));
    if !root.fields.has("source") {
        root.page.report(no_source());
    }
    let known = ids(sources.iter().map(|s| &s.id));
    let gaps = root.each("gap", gap::KEYS).iter().filter_map(|f| gap::read(f, &known, entities)).collect();
    (sources.into_iter().filter_map(|s| s.settings).collect(), gaps)
}

fn no_source() -> Diagnostic {
    let message = Bilingual::new("no source is declared", "aucune source n'est déclarée");
    let hint = Bilingual::new(
        "add a table `[[source]]`, for instance with `plugin = \"file\"`",
        "ajoutez une table `[[source]]`, par exemple avec `plugin = \"file\"`",
    );
    Diagnostic::warning("C116", message).hint(hint)
}
