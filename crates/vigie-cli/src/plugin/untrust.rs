//! `vigie plugin untrust`.

use serde_json::json;
use vigie_model::diagnostic::Bilingual;
use vigie_plugin_host::TrustStore;

use crate::exit;
use crate::print::Printer;

/// Takes back the trust in `id`, in all its versions or in one. That needs no plugin: its files may be gone.
pub(super) fn run(id: &str, version: Option<&str>, printer: &Printer) -> u8 {
    let mut trust = TrustStore::standard();
    let taken = match trust.revoke(id, version) {
        Ok(taken) => taken,
        Err(problem) => return super::told(&[problem], printer),
    };
    let file = trust.path().map(|p| p.display().to_string()).unwrap_or_default();
    if taken.is_empty() {
        let wanted = version.map_or_else(|| id.to_owned(), |version| format!("{id} {version}"));
        let known = trust.labels().iter().map(|l| format!("`{l}`")).collect::<Vec<_>>().join(", ");
        let (en, fr) = if known.is_empty() {
            ("it names none".to_owned(), "il n'en nomme aucun".to_owned())
        } else {
            (format!("it names {known}"), format!("il nomme {known}"))
        };
        let words = Bilingual::new(
            format!("nothing was changed: {file} names no trust in `{wanted}`; {en}"),
            format!("rien n'a été changé : {file} ne nomme aucune confiance en `{wanted}` ; {fr}"),
        );
        printer.error("P124", &words);
        return exit::USAGE;
    }
    let list = taken.join(", ");
    let words = Bilingual::new(
        format!("{list} may not run on this machine any more; taken out of {file}"),
        format!("{list} : plus autorisé à s'exécuter sur cette machine ; retiré de {file}"),
    );
    printer.say("untrust", &words, json!({"plugins": taken}));
    exit::COMPLETE
}
