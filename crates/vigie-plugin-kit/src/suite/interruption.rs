//! S2: readings that are cut at any point go on, and the whole is as if nothing had happened.

use serde_json::Value;
use vigie_plugin_host::Outcome;

use super::case::{Case, CaseKind};
use super::network::Trouble;
use super::resume::brief;
use super::stand::{Reading, Row, Stand, unexpected};
use super::verdict::Verdict;

/// Stories of cuts, each with its own points.
const SEEDS: u64 = 20;
/// Cuts of one story before it is left alone.
const CUTS: usize = 3;

/// S2.
pub(crate) fn anywhere(stand: &Stand) -> Verdict {
    if stand.full().is_none() {
        return super::no_case();
    }
    let mut any = false;
    for case in stand.cases(CaseKind::Full) {
        let whole = match stand.complete(case, None) {
            Ok(reading) => reading,
            Err(verdict) => return verdict,
        };
        if whole.events() == 0 {
            continue;
        }
        any = true;
        for seed in 0..SEEDS {
            let kept = match story(stand, case, whole.events(), seed) {
                Ok(kept) => kept,
                Err(verdict) => return verdict,
            };
            if let Some(verdict) = compare(stand, case, &whole.rows, &kept) {
                return verdict;
            }
        }
    }
    if any {
        Verdict::Passed
    } else {
        Verdict::not_applicable("no full case has rows", "aucun cas complet n'a de lignes")
    }
}

/// Rows that an archive has after a reading that was cut again and again, and at last was not.
fn story(stand: &Stand, case: &Case, events: usize, seed: u64) -> Result<Vec<Row>, Verdict> {
    let mut dice = Dice(seed);
    let mut kept: Vec<Row> = Vec::new();
    let mut state: Option<Value> = None;
    for _ in 0..CUTS {
        let cut = Reading::cut_after(dice.below(events));
        let request = case.request(&stand.plugin, state.clone());
        let (outcome, reading) = stand.read_into(case, &request, &Trouble::none(), cut);
        match outcome {
            Outcome::Complete(_) => {
                kept.extend(reading.rows);
                return Ok(kept);
            }
            // The suite's own doing: what a checkpoint covers stays, and nothing else.
            Outcome::Failed(failure) if failure.code == "P430" => {
                if let Some((rows, last)) = reading.checkpoints.last() {
                    kept.extend_from_slice(&reading.rows[..*rows]);
                    state = Some(last.clone());
                }
            }
            Outcome::Failed(failure) => return Err(unexpected(case, &failure)),
        }
    }
    kept.extend(stand.complete(case, state)?.rows);
    Ok(kept)
}

fn compare(stand: &Stand, case: &Case, whole: &[Row], kept: &[Row]) -> Option<Verdict> {
    let name = &case.name;
    if let Some(row) = whole.iter().find(|row| !kept.contains(row)) {
        let row = brief(row);
        return Some(Verdict::failed(
            (
                format!("case `{name}`, cut and continued: {row} is lost"),
                format!("cas `{name}`, coupé puis repris : {row} est perdue"),
            ),
            (
                "a checkpoint covers the rows handed over before it, and nothing else",
                "un point de reprise couvre les lignes remises avant lui, et rien d'autre",
            ),
        ));
    }
    if super::resume::exact(stand) && kept.len() > whole.len() {
        return Some(Verdict::failed(
            (
                format!("case `{name}`, cut and continued: {} rows instead of {}", kept.len(), whole.len()),
                format!("cas `{name}`, coupé puis repris : {} lignes au lieu de {}", kept.len(), whole.len()),
            ),
            (
                "go on from the state, or declare `resume = { overlap = \"…\" }`",
                "repartez de l'état, ou déclarez `resume = { overlap = \"…\" }`",
            ),
        ));
    }
    None
}

/// Chance that is the same every time (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % most.max(1) as u64) as usize
    }
}
