//! Makes the whole world from a seed. Pure: no file, no clock, no environment.

use std::collections::BTreeSet;

use crate::calendar::Clock;
use crate::dice::Dice;
use crate::fringe::{self, Fan};
use crate::kpi::{self, KpiWeek};
use crate::market::Source;
use crate::ordinary;
use crate::params;
use crate::row::Row;
use crate::scribe::Scribe;
use crate::stories;

/// The market of twelve months, with its truth.
#[derive(Debug, Clone)]
pub struct World {
    /// The seed it was made from.
    pub seed: u64,
    /// Every row that reaches a file, in order of time.
    pub rows: Vec<Row>,
    /// Rows that existed but were not collected, because the source `forums` was silent.
    pub lost: Vec<Row>,
    /// Positions in `rows` that the vendor export writes a second time under the same id.
    pub repeated: Vec<usize>,
    /// Planted advocates and detractors.
    pub fans: Vec<Fan>,
    /// Weekly indicators of the client.
    pub kpi: Vec<KpiWeek>,
}

/// Makes the world of a seed.
pub fn generate(seed: u64) -> World {
    let mut scribe = Scribe::new(seed);
    let mood = ordinary::latent_mood(seed);
    let fans = fringe::fans(&mut scribe);
    stories::crisis(&mut scribe);
    stories::esim(&mut scribe);
    stories::launch(&mut scribe);
    stories::price_rise(&mut scribe);
    stories::wire(&mut scribe);
    ordinary::live(&mut scribe, &mood);
    fringe::homonyms(&mut scribe);
    fringe::spam(&mut scribe);
    fringe::own(&mut scribe);

    let Scribe { mut rows, clock, .. } = scribe;
    rows.sort_by(|a, b| (a.at, a.platform, &a.native_id).cmp(&(b.at, b.platform, &b.native_id)));
    make_ids_unique(&mut rows);
    let (lost, rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| is_lost(row, &clock));
    let repeated = repeated(&rows, seed);
    let kpi = kpi::weeks(&rows, &mood, seed, &clock);
    World { seed, rows, lost, repeated, fans, kpi }
}

fn is_lost(row: &Row, clock: &Clock) -> bool {
    let day = clock.local(row.at).date();
    row.source() == Source::Forums && (params::SILENCE_START..=params::SILENCE_END).contains(&day)
}

/// Two rows of a source never share an id; the rare clash gets a suffix that keeps the shape of the id.
fn make_ids_unique(rows: &mut [Row]) {
    let mut seen = BTreeSet::new();
    for row in rows {
        while !seen.insert((row.source(), row.native_id.clone())) {
            row.native_id.push('7');
        }
    }
}

fn repeated(rows: &[Row], seed: u64) -> Vec<usize> {
    let mut dice = Dice::new(seed, 3);
    let social: Vec<usize> = (0..rows.len()).filter(|i| rows[*i].source() == Source::Social).collect();
    let mut chosen = BTreeSet::new();
    while chosen.len() < params::REPEATED_ROWS.min(social.len()) {
        chosen.insert(*dice.pick(&social));
    }
    chosen.into_iter().collect()
}
