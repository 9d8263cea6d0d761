//! `vigie plugin trust`.

use std::path::Path;

use serde_json::json;
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_plugin_host::{Custody, Origin, Plugin, SearchPath, TrustStore, examine};

use super::words::{about, agreed};
use crate::print::Printer;
use crate::{clock, exit};

pub(super) fn run(wanted: &str, yes: bool, search: &SearchPath, printer: &Printer) -> u8 {
    let plugin = match find(wanted, search) {
        Ok(plugin) => plugin,
        Err(problems) => return super::told(&problems, printer),
    };
    for line in about(&plugin, printer.language) {
        printer.text(&line);
    }
    if plugin.origin == Origin::Official {
        let words = Bilingual::new("a part of vigie needs no trust", "une partie de vigie n'a pas besoin de confiance");
        printer.say("trust", &words, json!({"id": plugin.manifest.id}));
        return exit::COMPLETE;
    }
    if agreed(yes, printer) { grant(&plugin, printer) } else { exit::USAGE }
}

/// What is written like a path, or has a manifest, is a folder; everything else is an id.
fn find(wanted: &str, search: &SearchPath) -> Result<Plugin, Vec<Diagnostic>> {
    let folder = Path::new(wanted);
    if wanted.contains('/') || folder.join("plugin.toml").exists() {
        return examine(folder, Origin::Given, Custody::Own);
    }
    search.find(wanted).map(|found| found.plugin).map_err(|missing| missing.problems)
}

/// Notes that `plugin` may run, and says where that is written.
pub(super) fn grant(plugin: &Plugin, printer: &Printer) -> u8 {
    let mut trust = TrustStore::standard();
    if let Err(problem) = trust.grant(plugin, &clock::local_today().to_string()) {
        return super::told(&[problem], printer);
    }
    let file = trust.path().map(|p| p.display().to_string()).unwrap_or_default();
    let label = plugin.label();
    let words = Bilingual::new(
        format!("`{label}` may run on this machine; noted in {file}"),
        format!("`{label}` peut s'exécuter sur cette machine ; noté dans {file}"),
    );
    printer.say("trust", &words, json!({"id": plugin.manifest.id, "version": plugin.manifest.version}));
    exit::COMPLETE
}
