//! Colours of entities: the client first, then the project's order, never this month's ranking.

use vigie_chart::chart::Ink;
use vigie_report::report::EntityStyle;

use crate::Input;

/// Slots with a colour of their own.
const SLOTS: usize = 6;

/// Colour of an entity's marks.
pub(crate) fn ink(entity: usize) -> Ink {
    if entity < SLOTS { Ink::Entity(entity as u8 + 1) } else { Ink::Others }
}

/// Entities as drawn.
pub(crate) fn styles(input: &Input<'_>) -> Vec<EntityStyle> {
    let tracked = input.project.entities.iter().enumerate();
    tracked
        .map(|(i, t)| EntityStyle {
            id: t.entity.id.clone(),
            name: t.entity.short.clone(),
            slot: if i < SLOTS { format!("e{}", i + 1) } else { "others".to_owned() },
        })
        .collect()
}
