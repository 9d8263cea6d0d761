//! `vigie plugin install`.

use std::path::Path;

use serde_json::json;
use vigie_model::diagnostic::Bilingual;
use vigie_plugin_host::package::Arrival;
use vigie_plugin_host::user;

use super::words::{about, agreed};
use crate::exit;
use crate::print::Printer;

pub(super) fn run(from: &Path, yes: bool, printer: &Printer) -> u8 {
    let Some(folder) = user::plugins_folder() else {
        let words = Bilingual::new(
            "there is no place for the user's plugins: set HOME or XDG_DATA_HOME",
            "il n'y a pas de place pour les greffons de l'utilisateur : définissez HOME ou XDG_DATA_HOME",
        );
        printer.error("P125", &words);
        return exit::USAGE;
    };
    let arrival = match Arrival::receive(from, &folder) {
        Ok(arrival) => arrival,
        Err(problems) => return super::told(&problems, printer),
    };
    for line in about(arrival.plugin(), printer.language) {
        printer.text(&line);
    }
    if !agreed(yes, printer) {
        return exit::USAGE;
    }
    let plugin = match arrival.settle() {
        Ok(plugin) => plugin,
        Err(problems) => return super::told(&problems, printer),
    };
    let place = plugin.folder.as_ref().map(|f| f.display().to_string()).unwrap_or_default();
    let words = Bilingual::new(format!("installed in {place}"), format!("installé dans {place}"));
    printer.say("install", &words, json!({"id": plugin.manifest.id, "version": plugin.manifest.version}));
    super::trust::grant(&plugin, printer)
}
