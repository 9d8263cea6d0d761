//! `vigie plugin show`.

use std::path::Path;

use vigie_model::diagnostic::{Bilingual, Language};
use vigie_plugin_host::{LockFile, Pinned, Plugin, SearchPath, TrustStore};

use super::words::about;
use crate::exit;
use crate::print::Printer;

pub(super) fn run(id: &str, project: &Path, search: &SearchPath, printer: &Printer) -> u8 {
    let plugin = match search.find(id) {
        Ok(found) => {
            for warning in &found.warnings {
                printer.diagnostic(warning);
            }
            found.plugin
        }
        Err(missing) => return super::told(&missing.problems, printer),
    };
    for line in about(&plugin, printer.language) {
        printer.text(&line);
    }
    options(&plugin, printer);
    let mut status = exit::COMPLETE;
    let (en, fr) = match TrustStore::standard().permit(&plugin) {
        Ok(()) => ("may run on this machine", "peut s'exécuter sur cette machine"),
        Err(refused) => {
            printer.diagnostic(&refused);
            status = exit::USAGE;
            ("may not run on this machine", "ne peut pas s'exécuter sur cette machine")
        }
    };
    printer.text(Bilingual::new(format!("  {en}"), format!("  {fr}")).get(printer.language));
    if project.join("vigie.toml").is_file() {
        status = status.max(pinned(&plugin, project, printer));
    }
    status
}

fn options(plugin: &Plugin, printer: &Printer) {
    let Some(properties) = plugin.spec.config_schema.get("properties").and_then(|p| p.as_object()) else { return };
    if properties.is_empty() {
        return;
    }
    let french = printer.language == Language::French;
    printer.text(if french { "  options :" } else { "  options:" });
    for (name, schema) in properties {
        let english = schema.get("description");
        let words = if french { schema.pointer("/x-vigie-fr/description").or(english) } else { english };
        let colon = if french { " :" } else { ":" };
        match words.and_then(|w| w.as_str()) {
            Some(words) => printer.text(&format!("    {name}{colon} {words}")),
            None => printer.text(&format!("    {name}")),
        }
    }
}

fn pinned(plugin: &Plugin, project: &Path, printer: &Printer) -> u8 {
    let words = match LockFile::load(project).and_then(|lock| lock.check(plugin)) {
        Ok(Pinned::Yes) => {
            Bilingual::new("  is the code this project was made with", "  est le code avec lequel ce projet a été fait")
        }
        Ok(Pinned::No) => Bilingual::new("  is not pinned in vigie.lock", "  n'est pas fixé dans vigie.lock"),
        Err(different) => {
            printer.diagnostic(&different);
            return exit::USAGE;
        }
    };
    printer.text(words.get(printer.language));
    exit::COMPLETE
}
