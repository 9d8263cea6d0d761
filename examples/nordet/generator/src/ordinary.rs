//! The ordinary life of the market: day by day, brand by brand, with weekdays, a mild trend, and the slow
//! mood of Nordet's customers that its churn will follow.

use jiff::civil::Date;

use crate::calendar;
use crate::dice::Dice;
use crate::market::{Entity, Platform, Tone};
use crate::params;
use crate::scribe::Scribe;
use crate::voice::Brief;

/// Nordet's mood by week of the world, in points of net tone, before and outside the crisis.
pub(crate) fn latent_mood(seed: u64) -> Vec<f64> {
    let mut dice = Dice::new(seed, 2);
    let weeks = (calendar::DAYS / 7 + 2) as usize;
    let mut mood = Vec::with_capacity(weeks);
    let mut state = 0.0;
    for _ in 0..weeks {
        state = params::LATENT_MEMORY * state + params::LATENT_SHOCK * dice.normal();
        mood.push(state.clamp(-18.0, 18.0));
    }
    // Centred on the weeks before the outage, so that the mean tone aimed at is the mean tone made.
    let before = (calendar::index_of(params::CRISIS_START) / 7) as usize;
    let mean = mood[..before].iter().sum::<f64>() / before as f64;
    for value in &mut mood {
        *value += params::of(Entity::Nordet).net - mean;
    }
    mood
}

/// Week of the world (from Monday 27 October 2025) that holds a day.
pub(crate) fn week_of(index: i32) -> usize {
    // 1 November 2025 is a Saturday: five days after a Monday.
    ((index + 5) / 7) as usize
}

/// Writes all ordinary mentions.
pub(crate) fn live(scribe: &mut Scribe, mood: &[f64]) {
    let mut level = [0.0_f64; 5];
    for index in 0..calendar::DAYS {
        let day = calendar::day(index);
        for entity in Entity::ALL {
            let state = &mut level[entity as usize];
            *state = 0.6 * *state + 0.06 * scribe.dice.normal();
            let mean = params::MENTIONS_PER_DAY
                * params::of(entity).weight
                * params::WEEKDAY[day.weekday().to_monday_zero_offset() as usize]
                * (1.0 + params::TREND * f64::from(index) / f64::from(calendar::DAYS))
                * (1.0 + *state).clamp(0.8, 1.2);
            let net = net_on(entity, day, mood);
            for _ in 0..scribe.dice.count(mean) {
                let brief = ordinary(scribe, entity, net);
                let at = scribe.moment(day);
                scribe.mention(brief, at, None, None);
            }
        }
    }
}

/// Net tone aimed at for a brand on a day.
fn net_on(entity: Entity, day: Date, mood: &[f64]) -> f64 {
    if entity != Entity::Nordet {
        return params::of(entity).net;
    }
    if day >= params::CRISIS_START {
        return params::AFTER_CRISIS_NET;
    }
    mood[week_of(calendar::index_of(day))]
}

fn ordinary(scribe: &mut Scribe, brand: Entity, net: f64) -> Brief {
    let platform = Platform::ALL[scribe.dice.weighted(&Platform::ALL.map(params::platform_weight))];
    let lang = scribe.lang();
    let topic = scribe.topic();
    let tone = tone(platform, net, &mut scribe.dice);
    Brief { platform, lang, brand, tone, topic, family: None }
}

/// A tone such that the mean net tone over all places is `net`.
pub(crate) fn tone(platform: Platform, net: f64, dice: &mut Dice) -> Tone {
    let neutral = match platform {
        Platform::Review => params::NEUTRAL[0],
        Platform::News | Platform::Blog => params::NEUTRAL[1],
        _ => params::NEUTRAL[2],
    };
    if dice.chance(neutral) {
        return Tone::Neutral;
    }
    // 0.549 is the mean polar share under the weights of the platforms.
    let positive = (0.5 + net / 100.0 / (2.0 * 0.549)).clamp(0.03, 0.97);
    if dice.chance(positive) { Tone::Positive } else { Tone::Negative }
}
