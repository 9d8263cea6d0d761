//! `vigie plugin lock`.

use std::path::Path;

use serde_json::json;
use vigie_config::{load, process_environment};
use vigie_model::diagnostic::{Bilingual, Diagnostic, Severity};
use vigie_plugin_host::{LockFile, Plugin, SearchPath};

use crate::exit;
use crate::plugin_dirs::PluginDirs;
use crate::print::Printer;

pub(super) fn run(dir: &Path, update: &[String], plugins: &PluginDirs, printer: &Printer) -> u8 {
    let mut loaded = load(dir, &process_environment);
    loaded.diagnostics.retain(|d| d.severity == Severity::Error);
    let Some(project) = loaded.project.filter(|_| loaded.diagnostics.is_empty()) else {
        return super::told(&loaded.diagnostics, printer);
    };
    let Some(project) = plugins.first(project, printer) else { return exit::USAGE };
    let mut used: Vec<&str> = project.sources.iter().map(|s| s.plugin.as_str()).collect();
    used.sort_unstable();
    used.dedup();
    if let Some(unused) = update.iter().find(|id| !used.contains(&id.as_str())) {
        let words = Bilingual::new(
            format!("no source of the project uses a plugin `{unused}`; it uses {}", used.join(", ")),
            format!("aucune source du projet n'utilise de greffon `{unused}` ; il utilise {}", used.join(", ")),
        );
        printer.error("P121", &words);
        return exit::USAGE;
    }
    let search = SearchPath::standard(&project.plugins.path, Some(&project.dir));
    let mut problems = Vec::new();
    let mut plugins = Vec::new();
    // A source that is switched off keeps its pin and needs no plugin.
    let enabled = |id: &str| project.sources.iter().any(|s| s.enabled && s.plugin == id);
    for id in used.iter().filter(|id| enabled(id)) {
        match search.find(id) {
            Ok(found) => plugins.push(found.plugin),
            Err(missing) => problems.extend(missing.problems),
        }
    }
    let pinned = if problems.is_empty() { pin(&project.dir, &plugins, &used, update) } else { Err(problems) };
    match pinned {
        Ok(lock) => {
            let labels: Vec<String> = lock.entries().iter().map(|e| format!("{} {}", e.id, e.version)).collect();
            let list = labels.join(", ");
            let words = Bilingual::new(format!("vigie.lock: {list}"), format!("vigie.lock : {list}"));
            printer.say("lock", &words, json!({"plugins": labels}));
            exit::COMPLETE
        }
        Err(problems) => super::told(&problems, printer),
    }
}

/// Pins what has no pin and what `update` names; other pins must fit. Nothing is written when one does not.
fn pin(dir: &Path, plugins: &[Plugin], used: &[&str], update: &[String]) -> Result<LockFile, Vec<Diagnostic>> {
    let mut lock = LockFile::load(dir).map_err(|d| vec![d])?;
    let mut problems = Vec::new();
    for plugin in plugins {
        let accepted = update.contains(&plugin.manifest.id);
        let fits = if accepted { Ok(()) } else { lock.check(plugin).map(|_| ()) };
        problems.extend(fits.and_then(|()| lock.pin(plugin)).err());
    }
    lock.keep_only(used);
    if !problems.is_empty() {
        return Err(problems);
    }
    lock.save().map_err(|d| vec![d])?;
    Ok(lock)
}
