//! From `[[source]]` tables to plugins with checked options.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use vigie_collect::Source;
use vigie_config::settings::{Project, SourceSettings};
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_model::ledger::{RowCount, SourceLedger, SourceOutcome};
use vigie_plugin_host::{LockFile, Pinned, Plugin, SearchPath, TrustStore, lock};

use crate::network::{self, Ready};

/// What a source would do, before it does it.
#[derive(Clone, Debug)]
pub struct PlannedSource {
    /// Source id.
    pub id: String,
    /// Plugin id and version, or `None` when it cannot be used.
    pub plugin: Option<String>,
    /// SHA-256 of the plugin's library.
    pub library: Option<String>,
    /// Hosts it may reach; empty for files.
    pub hosts: Vec<String>,
    /// What is wrong.
    pub problems: Vec<Diagnostic>,
}

/// A source's plugin, which may run here, its options and its secrets, or everything that is wrong with them.
pub(crate) fn prepare(
    project: &Project,
    settings: &SourceSettings,
    trust: &TrustStore,
) -> Result<Ready, Vec<Diagnostic>> {
    let search = SearchPath::standard(&project.plugins.path, Some(&project.dir));
    let found = search.find(&settings.plugin).map(|found| found.plugin).map_err(|missing| missing.problems);
    let permitted = found.and_then(|plugin| trust.permit(&plugin).map(|()| plugin).map_err(|refused| vec![refused]));
    let plugin = permitted.map_err(|mut problems| {
        for problem in &mut problems {
            problem.location.get_or_insert_with(|| settings.location.clone());
        }
        problems
    })?;
    let mut options = settings.options.clone();
    let mut identity = plugin.spec.identity(&plugin.spec.with_defaults(&options));
    make_relative(&mut identity, &project.dir);
    plugin.spec.resolve_paths(&mut options, &project.dir);
    let mut problems = option_problems(&plugin, settings, &options);
    let options = plugin.spec.with_defaults(&options);
    match network::secrets(&plugin, settings, &options) {
        Ok(secrets) if problems.is_empty() => {
            let source = Source { id: settings.id.clone(), plugin, options, identity, requests: None, broker: None };
            return Ok(Ready { source, secrets: Arc::new(secrets) });
        }
        Ok(_) => {}
        Err(more) => problems.extend(more),
    }
    Err(problems)
}

/// Which of the plugins of `sources` the project's lock does not name yet; `locked` allows none.
///
/// # Errors
/// Every plugin that is other code than the project was made with.
pub(crate) fn unpinned<'s>(
    lock: &LockFile,
    sources: &'s [Ready],
    locked: bool,
) -> Result<Vec<&'s Plugin>, Vec<Diagnostic>> {
    let (mut new, mut problems): (Vec<&Plugin>, _) = (Vec::new(), Vec::new());
    let mut seen: Vec<&str> = Vec::new();
    for plugin in sources.iter().map(|s| &s.source.plugin) {
        if seen.contains(&plugin.manifest.id.as_str()) {
            continue;
        }
        seen.push(&plugin.manifest.id);
        match lock.check(plugin) {
            Ok(Pinned::Yes) => {}
            Ok(Pinned::No) if locked => problems.push(lock::missing(plugin)),
            Ok(Pinned::No) => new.push(plugin),
            Err(different) => problems.push(different),
        }
    }
    if problems.is_empty() { Ok(new) } else { Err(problems) }
}

/// Paths as the project sees them: one that moves to another folder or machine goes on where it was.
fn make_relative(value: &mut Value, dir: &Path) {
    match value {
        Value::String(path) => {
            if let Ok(inside) = Path::new(&*path).strip_prefix(dir) {
                *path = inside.to_string_lossy().into_owned();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| make_relative(item, dir)),
        Value::Object(map) => map.values_mut().for_each(|value| make_relative(value, dir)),
        _ => {}
    }
}

fn option_problems(plugin: &Plugin, settings: &SourceSettings, options: &Value) -> Vec<Diagnostic> {
    plugin
        .validate(options)
        .into_iter()
        .map(|problem| {
            let mut diagnostic = Diagnostic::error(problem.code, problem.message.clone());
            diagnostic = diagnostic.at(settings.option_location(&problem.pointer));
            match problem.nearest {
                Some(nearest) => diagnostic.hint(Bilingual::new(
                    format!("did you mean `{nearest}`?"),
                    format!("vouliez-vous écrire `{nearest}` ?"),
                )),
                None => diagnostic,
            }
        })
        .collect()
}

/// The ledger line of a source that cannot be read at all.
pub(crate) fn refused(settings: &SourceSettings, problems: &[Diagnostic]) -> SourceLedger {
    let joined = |of: fn(&Bilingual) -> &str, comma: &str| {
        let said = problems.iter().flat_map(|p| {
            let place = p.location.as_ref().map(|l| format!(" {l}")).unwrap_or_default();
            let message = format!("[{}]{place} {}", p.code, of(&p.message));
            std::iter::once(message).chain(p.hints.iter().map(|h| of(h).to_owned()))
        });
        said.collect::<Vec<_>>().join(comma)
    };
    SourceLedger {
        source: settings.id.clone(),
        plugin: settings.plugin.clone(),
        rows: RowCount::default(),
        outcome: SourceOutcome::Failed { reason: Bilingual::new(joined(|m| &m.en, "; "), joined(|m| &m.fr, " ; ")) },
        warnings: Vec::new(),
    }
}

/// What collecting would do; nothing is read.
pub fn plan(project: &Project) -> Vec<PlannedSource> {
    let trust = TrustStore::standard();
    let enabled = project.sources.iter().filter(|s| s.enabled);
    enabled
        .map(|settings| match prepare(project, settings, &trust) {
            Ok(Ready { source, .. }) => PlannedSource {
                id: source.id,
                plugin: Some(source.plugin.label()),
                library: source.plugin.library_sha256().ok(),
                hosts: source.plugin.manifest.network.hosts.clone(),
                problems: Vec::new(),
            },
            Err(problems) => {
                PlannedSource { id: settings.id.clone(), plugin: None, library: None, hosts: Vec::new(), problems }
            }
        })
        .collect()
}
