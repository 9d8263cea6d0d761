//! The weekly indicators of the client: subscriptions, and a churn rate that follows the net tone of what the
//! public says, two weeks later, with noise.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::calendar::Clock;
use crate::dice::Dice;
use crate::market::{Entity, Tone};
use crate::params;
use crate::row::Row;

/// Monday of the first week of the series.
pub(crate) const FIRST_WEEK: Date = date(2025, 11, 3);
/// Number of weeks.
pub(crate) const WEEKS: usize = 52;

/// One week of the client's own figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KpiWeek {
    /// Monday of the week.
    pub monday: Date,
    /// New subscriptions.
    pub subscriptions: i64,
    /// Cancelled subscriptions, in percent of the base, three decimals.
    pub churn_pct: f64,
    /// Truth: net tone of Nordet two weeks before, in points, that drove the churn.
    pub driving_net: f64,
}

/// Net tone of Nordet's clean mentions per week, from the Monday that is `lag` weeks before the first.
/// `None` for a week without mentions.
pub(crate) fn weekly_net(rows: &[Row], clock: &Clock) -> Vec<Option<f64>> {
    let start = FIRST_WEEK - 14.days();
    let mut tallies = vec![(0_i64, 0_i64); WEEKS + params::KPI_LAG_WEEKS];
    for row in rows.iter().filter(|row| row.is_clean()) {
        let Some(tone) = row.tone_of(Entity::Nordet) else { continue };
        let week = (clock.local(row.at).date() - start).get_days() / 7;
        if let Some((net, all)) = tallies.get_mut(week as usize) {
            *all += 1;
            *net += match tone {
                Tone::Positive => 1,
                Tone::Neutral => 0,
                Tone::Negative => -1,
            };
        }
    }
    tallies.iter().map(|(net, all)| (*all > 0).then(|| 100.0 * *net as f64 / *all as f64)).collect()
}

/// The series.
pub(crate) fn weeks(rows: &[Row], mood: &[f64], seed: u64, clock: &Clock) -> Vec<KpiWeek> {
    let mut dice = Dice::new(seed, 4);
    let net = weekly_net(rows, clock);
    (0..WEEKS)
        .map(|week| {
            // The two weeks before the world began have no mentions: their mood is the latent one.
            let full = week >= params::KPI_LAG_WEEKS;
            let driving_net = net[week].filter(|_| full).unwrap_or(mood[week]);
            let churn = params::KPI_LEVEL + params::KPI_SLOPE * driving_net + params::KPI_NOISE * dice.normal();
            let season = if (3..8).contains(&week) { 320.0 } else { 0.0 };
            let subscriptions = 1850.0 + season + 2.0 * week as f64 + 90.0 * dice.normal();
            KpiWeek {
                monday: FIRST_WEEK + (week as i64 * 7).days(),
                subscriptions: subscriptions as i64,
                churn_pct: (churn.max(0.05) * 1000.0 + 0.5).floor() / 1000.0,
                driving_net,
            }
        })
        .collect()
}
