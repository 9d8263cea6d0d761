//! Table `[collect]`: how much a run may ask of services. A source may say otherwise for itself.

use std::num::NonZeroU64;

use vigie_model::diagnostic::Bilingual;

use crate::fields::Fields;
use crate::settings::CollectSettings;

/// Keys of the table.
pub(crate) const KEYS: &[&str] = &["max_requests"];

/// Most requests that can be asked for: beyond it a number is a slip.
const MOST: f64 = 10_000_000.0;

pub(crate) fn read(fields: &Fields<'_, '_>) -> CollectSettings {
    CollectSettings { max_requests: max_requests(fields) }
}

/// The key `max_requests`, of this table or of a source.
pub(crate) fn max_requests(fields: &Fields<'_, '_>) -> Option<NonZeroU64> {
    let number = fields.number("max_requests")?;
    let wanted = *number.get_ref();
    if wanted.fract() == 0.0 && (1.0..=MOST).contains(&wanted) {
        return NonZeroU64::new(wanted as u64);
    }
    let why = ("is not a whole number from 1 to 10 000 000", "n'est pas un entier de 1 à 10 000 000");
    let hint = Bilingual::new(
        "it is the most requests to services in one run of one source; without it, 2000. A source that must not be \
         read at all has `enabled = false`",
        "c'est le plus grand nombre de requêtes aux services en une exécution d'une source ; sans elle, 2000. Une \
         source qui ne doit pas être lue du tout a `enabled = false`",
    );
    fields.invalid("max_requests", number.span(), why, Some(hint));
    None
}
