//! Words used about the client, in the period and before: the raw material of rising terms.

use std::collections::BTreeMap;
use std::ops::Range;

use vigie_model::frame::TermUse;
use vigie_model::period::{Period, epoch_day};
use vigie_text::terms::{Surfaces, Term};

use crate::mentions::Mentions;

/// Months before the period its terms are compared with.
const REFERENCE_MONTHS: usize = 3;
/// A term used fewer times than this in the period can pass no floor: its spellings are not kept.
const FEW_USES: u32 = 10;

/// The period and the time its terms are compared with, days since 1970-01-01.
pub(crate) struct Window {
    before: Range<i32>,
    now: Range<i32>,
}

impl Window {
    /// Three months before a month, otherwise as many days before as the period has.
    pub(crate) fn of(period: &Period) -> Self {
        let mut first = period.previous();
        for _ in 1..if period.is_month() { REFERENCE_MONTHS } else { 1 } {
            first = first.previous();
        }
        Self {
            before: epoch_day(first.start)..epoch_day(period.start),
            now: epoch_day(period.start)..epoch_day(period.end),
        }
    }

    pub(crate) fn holds(&self, day: i32) -> bool {
        self.now.contains(&day) || self.before.contains(&day)
    }
}

/// A term where it was met.
pub(crate) struct TermAt {
    pub(crate) row: u32,
    pub(crate) term: Term,
}

/// Uses of the terms that may be rising.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uses {
    pub(crate) now: Vec<TermUse>,
    pub(crate) before: Vec<TermUse>,
    pub(crate) surfaces: Vec<String>,
}

/// What a row's counting says about the use of its terms.
pub(crate) struct RowUse {
    pub(crate) day: i32,
    pub(crate) voice: u64,
    pub(crate) platform: u32,
    pub(crate) tone: i8,
    pub(crate) counted: bool,
}

/// Keeps the terms met often enough in the period, numbered in the order of their hashes.
pub(crate) fn uses(mentions: &Mentions, met: Vec<TermAt>, window: &Window, row: impl Fn(u32) -> RowUse) -> Uses {
    let mut frequency: BTreeMap<u64, u32> = BTreeMap::new();
    for at in &met {
        let use_of = row(at.row);
        if use_of.counted && window.now.contains(&use_of.day) {
            *frequency.entry(at.term.id).or_default() += 1;
        }
    }
    let kept: Vec<u64> = frequency.into_iter().filter(|(_, n)| *n >= FEW_USES).map(|(id, _)| id).collect();
    let mut spellings = Surfaces::default();
    let mut uses = Uses::default();
    for at in met {
        let Ok(term) = kept.binary_search(&at.term.id) else { continue };
        let use_of = row(at.row);
        if !use_of.counted {
            continue;
        }
        let mention = mentions.get(at.row as usize);
        if let Some(text) = if at.term.in_title { mention.title } else { mention.text } {
            spellings.note(&at.term, text);
        }
        let used = TermUse {
            term: term as u32,
            voice: use_of.voice,
            day: use_of.day,
            platform: use_of.platform,
            tone: use_of.tone,
        };
        if window.now.contains(&use_of.day) { uses.now.push(used) } else { uses.before.push(used) }
    }
    uses.surfaces = kept.iter().map(|id| spellings.display(*id).unwrap_or_default().to_owned()).collect();
    uses
}
