//! A plugin in words: who made it, what it may do, its fingerprint.

use std::io::IsTerminal;

use vigie_model::diagnostic::{Bilingual, Language};
use vigie_plugin_host::{Permissions, Plugin};

use crate::print::Printer;

/// The lines that a person reads before trusting a plugin.
pub(super) fn about(plugin: &Plugin, language: Language) -> Vec<String> {
    let manifest = &plugin.manifest;
    let french = language == Language::French;
    let of = |en: &'static str, fr: &'static str| if french { fr } else { en };
    let name = if french { &manifest.name.fr } else { &manifest.name.en };
    let description = if french { &manifest.description.fr } else { &manifest.description.en };
    let publisher = manifest.publisher.as_deref().unwrap_or(of("not named", "non nommé"));
    let place = plugin.folder.as_ref().unwrap_or(&plugin.library).display().to_string();
    let hash = plugin.library_sha256().unwrap_or_else(|error| error.to_string());
    let mut lines = vec![
        format!("{} {} — {name}", manifest.id, manifest.version),
        format!("  {description}"),
        labelled(of("publisher", "éditeur"), publisher, french),
        labelled(of("licence", "licence"), &manifest.license, french),
        labelled(of("folder", "dossier"), &place, french),
        labelled("SHA-256", &hash, french),
        format!("  {}", of("what it may do:", "ce qu'il peut faire :")),
    ];
    lines.extend(Permissions::of(manifest).words().iter().map(|w| format!("    - {}", w.get(language))));
    lines
}

fn labelled(label: &str, value: &str, french: bool) -> String {
    let colon = if french { " :" } else { ":" };
    format!("  {label}{colon} {value}")
}

/// Whether the person agrees: asked on a terminal only, and never when `--yes` was given.
pub(super) fn agreed(yes: bool, printer: &Printer) -> bool {
    if yes {
        return true;
    }
    if !std::io::stdin().is_terminal() {
        let words = Bilingual::new(
            "nothing was changed: this is not a terminal, so `--yes` must say that you agree",
            "rien n'a été changé : ceci n'est pas un terminal, `--yes` doit dire que vous acceptez",
        );
        printer.error("P124", &words);
        return false;
    }
    printer.ask(&Bilingual::new("Let it run on this machine? [y/N]", "L'autoriser sur cette machine ? [o/N]"));
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer).is_ok();
    let yes = read && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "o" | "oui");
    if !yes {
        printer.error("P124", &Bilingual::new("nothing was changed", "rien n'a été changé"));
    }
    yes
}
