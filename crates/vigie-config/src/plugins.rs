//! Table `[plugins]`: where plugins are looked for first, how many work at once, how long to wait after a failure.

use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use vigie_model::diagnostic::Bilingual;

use crate::fields::Fields;
use crate::settings::PluginSettings;

/// Keys of the table.
pub(crate) const KEYS: &[&str] = &["path", "at_once", "retry_minutes"];

/// Most sources that may be read at once.
const MOST_AT_ONCE: f64 = 64.0;
/// Most further tries, and the longest wait before one, in minutes.
const MOST_TRIES: usize = 10;
const LONGEST_WAIT: f64 = 24.0 * 60.0;

pub(crate) fn read(fields: &Fields<'_, '_>) -> PluginSettings {
    let folders = fields.texts("path").unwrap_or_default();
    let default = PluginSettings::default();
    PluginSettings {
        path: folders.iter().map(|f| fields.page().dir.join(f.get_ref())).collect(),
        at_once: at_once(fields).unwrap_or(default.at_once),
        retry_waits: retry_waits(fields).unwrap_or(default.retry_waits),
    }
}

fn at_once(fields: &Fields<'_, '_>) -> Option<usize> {
    let number = fields.number("at_once")?;
    let wanted = *number.get_ref();
    if wanted.fract() == 0.0 && (1.0..=MOST_AT_ONCE).contains(&wanted) {
        return Some(wanted as usize);
    }
    refused(fields, "at_once", &number.span(), ("is not a whole number from 1 to 64", "n'est pas un entier de 1 à 64"));
    None
}

fn retry_waits(fields: &Fields<'_, '_>) -> Option<Vec<Duration>> {
    let minutes = fields.numbers("retry_minutes")?;
    let fits = |m: &Spanned<f64>| (0.0..=LONGEST_WAIT).contains(m.get_ref());
    if let Some(wrong) = minutes.iter().find(|m| !fits(m)) {
        let why = (
            "holds a wait that is not from 0 to 1440 minutes",
            "contient une attente qui n'est pas de 0 à 1440 minutes",
        );
        refused(fields, "retry_minutes", &wrong.span(), why);
        return None;
    }
    if let Some(tenth) = minutes.get(MOST_TRIES) {
        refused(fields, "retry_minutes", &tenth.span(), ("has more than ten waits", "a plus de dix attentes"));
        return None;
    }
    Some(minutes.iter().map(|m| Duration::from_secs_f64(m.get_ref() * 60.0)).collect())
}

fn refused(fields: &Fields<'_, '_>, key: &str, span: &Range<usize>, why: (&str, &str)) {
    let hint = Bilingual::new(
        "default: at_once = 4, retry_minutes = [1, 5, 15]",
        "valeurs d'origine : at_once = 4, retry_minutes = [1, 5, 15]",
    );
    fields.invalid(key, span.clone(), why, Some(hint));
}
