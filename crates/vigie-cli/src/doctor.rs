//! `vigie doctor`: what this machine offers.

use std::path::Path;

use vigie_model::diagnostic::{Bilingual, Language};
use vigie_plugin_host::{Runner, SearchPath, TrustStore, needs, user};

use crate::exit;
use crate::print::Printer;

/// Says what there is, one line each; only a machine on which no plugin can run is a failure.
pub(crate) fn run(printer: &Printer) -> u8 {
    let line = |en: &str, fr: &str, value: &str| {
        let label = Bilingual::new(format!("{en}:"), format!("{fr} :"));
        printer.text(&format!("{} {value}", label.get(printer.language)));
    };
    let abi = format!("{}.{}", needs::ABI_MAJOR, needs::ABI_MINOR);
    line("vigie", "vigie", &format!("{} (ABI {abi})", env!("CARGO_PKG_VERSION")));
    let platform = vigie_plugin_host::manifest::platform();
    let system = match (needs::kernel(), needs::glibc_version()) {
        (kernel, Some(glibc)) => format!("{platform}, {kernel}, glibc {glibc}"),
        (kernel, None) => format!("{platform}, {kernel}"),
    };
    line("system", "système", &system);
    let sandbox = Runner::current().map_err(|error| error.to_string()).and_then(|runner| {
        let probed = runner.probe();
        probed.map_err(|failure| failure.message.get(printer.language).to_owned())
    });
    match &sandbox {
        Ok(level) => line("sandbox of plugins", "bac à sable des greffons", level.words().get(printer.language)),
        Err(error) => line("sandbox of plugins", "bac à sable des greffons", error),
    }
    let french = printer.language == Language::French;
    line("language", "langue", if french { "français" } else { "English" });
    line("time zone", "fuseau horaire", &zone());
    folder(&line, "settings", "réglages", user::config_folder().as_deref(), french);
    folder(&line, "plugins of the user", "greffons de l'utilisateur", user::plugins_folder().as_deref(), french);
    folder(&line, "temporary files", "fichiers temporaires", Some(&std::env::temp_dir()), french);
    plugins(printer);
    if sandbox.is_ok() { exit::COMPLETE } else { exit::NO_REPORT }
}

fn zone() -> String {
    let zone = jiff::tz::TimeZone::system();
    zone.iana_name().unwrap_or("UTC").to_owned()
}

/// A folder and whether it is there and can be written to.
fn folder(line: &dyn Fn(&str, &str, &str), en: &str, fr: &str, path: Option<&Path>, french: bool) {
    let Some(path) = path else {
        return line(en, fr, if french { "aucun (HOME n'est pas défini)" } else { "none (HOME is not set)" });
    };
    let state = match (path.is_dir(), needs::writable(path), french) {
        (true, true, _) => "",
        (true, false, false) => " (cannot be written to)",
        (true, false, true) => " (non modifiable)",
        (false, _, false) => " (not there yet)",
        (false, _, true) => " (pas encore là)",
    };
    line(en, fr, &format!("{}{state}", path.display()));
}

fn plugins(printer: &Printer) {
    let (listed, _) = SearchPath::standard(&[], None).list();
    let trust = TrustStore::standard();
    for plugin in listed.iter().filter(|l| !l.shadowed) {
        let state = match &plugin.result {
            Ok(found) => match trust.permit(found) {
                Ok(()) => found.label(),
                Err(refused) => format!("{} [{}]", found.label(), refused.code),
            },
            Err(problems) => {
                let code = problems.first().map_or("", |p| p.code);
                format!("{} [{code}]", plugin.id.as_deref().unwrap_or("?"))
            }
        };
        let label = Bilingual::new("plugin:", "greffon :");
        printer.text(&format!("{} {state}, {}", label.get(printer.language), plugin.origin.name()));
    }
}
