//! Tables `[[gap]]`: failures of collection that the analyst knows of.

use crate::fields::Fields;
use crate::settings::Gap;
use crate::validate::{days, reference};

/// Keys of a table.
pub(crate) const KEYS: &[&str] = &["source", "entity", "from", "to", "reason"];

/// The gap; `None` when something in it is wrong.
pub(crate) fn read(fields: &Fields<'_, '_>, sources: &[&str], entities: &[&str]) -> Option<Gap> {
    for key in ["from", "to", "reason"] {
        fields.require(key);
    }
    let source = fields.required_text("source").and_then(|s| reference(fields.page(), "source", &s, sources));
    let entity = fields.text("entity").map(|e| reference(fields.page(), "entity", &e, entities));
    let period = days(fields, "from", "to");
    let reason = fields.words("reason");
    Some(Gap { source: source?, entity: entity.map_or(Some(None), |e| e.map(Some))?, period: period?, reason: reason? })
}
