//! Every number that shapes the world, in one place. `truth.toml` prints them beside what was realised.

use jiff::civil::{Date, date};

use crate::market::{Entity, Platform};

/// Seed of the committed files.
pub const COMMITTED_SEED: u64 = 20_261_031;

/// Mean number of brand mentions per day, all brands, before planted stories.
pub const MENTIONS_PER_DAY: f64 = 101.0;
/// Growth over the twelve months, as a share of the first day's level.
pub const TREND: f64 = 0.08;
/// Factor by weekday, Monday first.
pub const WEEKDAY: [f64; 7] = [1.06, 1.08, 1.06, 1.04, 1.00, 0.86, 0.90];
/// Share of French.
pub const FRENCH: f64 = 0.60;
/// Share of negative opinions worded without words of opinion.
pub const IRONIC: f64 = 0.32;
/// Share of brand words with a misspelling that the queries know.
pub const MISSPELLED: f64 = 0.025;
/// Share of texts that compare two brands.
pub const COMPARISONS: f64 = 0.06;
/// Neutral share by kind of place: reviews, press, all others.
pub const NEUTRAL: [f64; 3] = [0.15, 0.60, 0.47];
/// Homonyms, spam and own posts per day.
pub const HOMONYMS_PER_DAY: f64 = 3.45;
/// Spam per day.
pub const SPAM_PER_DAY: f64 = 1.75;
/// Posts of the brands' own accounts per day.
pub const OWN_PER_DAY: f64 = 3.45;
/// Rows that the vendor export repeats under the same id.
pub const REPEATED_ROWS: usize = 40;
/// Share of mentions whose author writes only once.
pub const ONE_TIME_AUTHORS: f64 = 0.30;
/// Size of the pool of returning authors, per platform weight.
pub const RETURNING_AUTHORS: f64 = 6500.0;

/// One brand's ordinary life.
#[derive(Debug, Clone, Copy)]
pub struct BrandParams {
    /// Share of the ordinary mentions.
    pub weight: f64,
    /// Net tone aimed at, in points of all its mentions (-100 to 100).
    pub net: f64,
}

/// Parameters of a brand.
pub fn of(entity: Entity) -> BrandParams {
    let (weight, net) = match entity {
        Entity::Nordet => (0.272, 5.0),
        Entity::Telvia => (0.338, -17.0),
        Entity::Ondea => (0.162, 11.5),
        Entity::Fibrax => (0.131, -4.0),
        Entity::Laurentia => (0.097, 21.0),
    };
    BrandParams { weight, net }
}

/// Share of ordinary mentions by platform, in the order of [`Platform::ALL`].
const PLATFORMS: [f64; 9] = [0.30, 0.20, 0.06, 0.06, 0.11, 0.07, 0.10, 0.07, 0.03];
/// The same for the crisis; press only after 19:00 on the first day.
const CRISIS_PLATFORMS: [f64; 9] = [0.30, 0.19, 0.03, 0.02, 0.27, 0.06, 0.02, 0.09, 0.02];

/// Share of ordinary mentions on a platform.
pub fn platform_weight(platform: Platform) -> f64 {
    PLATFORMS[platform as usize]
}

/// Share of the crisis mentions on a platform.
pub fn crisis_platform_weight(platform: Platform) -> f64 {
    CRISIS_PLATFORMS[platform as usize]
}

/// First day of Nordet's outage.
pub const CRISIS_START: Date = date(2026, 10, 14);
/// Last day of the outage.
pub const CRISIS_END: Date = date(2026, 10, 19);
/// Extra mentions of Nordet per day from [`CRISIS_START`].
pub const CRISIS_EXTRA: [f64; 6] = [175.0, 135.0, 85.0, 42.0, 30.0, 22.0];
/// Tone of the crisis mentions: positive, neutral, negative.
pub const CRISIS_TONE: [f64; 3] = [0.04, 0.21, 0.75];
/// Share of the first day's mentions by hour; the first posts come at 06:00.
pub const CRISIS_HOURS: [f64; 24] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.35, 1.0, 1.6, 1.8, 1.5, 1.2, 1.2, 0.9, 0.7, 0.7, 0.6, 0.6, 0.5, 1.3, 1.3, 1.0, 0.7,
    0.4,
];
/// Hour of the official statement, on the second day.
pub const STATEMENT_HOUR: i64 = 14;
/// Net tone of Nordet's ordinary mentions from the outage to the end of the month.
pub const AFTER_CRISIS_NET: f64 = -6.0;

/// Day of the wire story.
pub const WIRE_DAY: Date = date(2026, 10, 27);
/// Outlets that carry the wire story, one row each.
pub const WIRE_COPIES: usize = 60;
/// Hours within which all copies appear.
pub const WIRE_HOURS: i64 = 72;
/// Extra mentions of Telvia per day from [`WIRE_DAY`].
pub const PRICE_RISE_EXTRA: [f64; 5] = [36.0, 32.0, 20.0, 14.0, 9.0];

/// First day of the travel eSIM talk.
pub const ESIM_START: Date = date(2026, 9, 15);
/// Travel eSIM mentions per day at the start.
pub const ESIM_FIRST: f64 = 0.8;
/// Travel eSIM mentions per day at the end of October.
pub const ESIM_LAST: f64 = 4.6;
/// Days, as offsets from the first of the world, of the only earlier mentions.
pub const ESIM_EARLY: [i32; 3] = [61, 177, 262];

/// First silent day of the source `forums`.
pub const SILENCE_START: Date = date(2026, 10, 6);
/// Last silent day.
pub const SILENCE_END: Date = date(2026, 10, 8);

/// First day of Ondéa in Abitibi.
pub const LAUNCH_DAY: Date = date(2026, 10, 9);
/// Extra mentions of Ondéa per day from [`LAUNCH_DAY`].
pub const LAUNCH_EXTRA: [f64; 5] = [50.0, 38.0, 12.0, 8.0, 5.0];

/// Planted advocates, and as many detractors.
pub const FANS: usize = 10;
/// Weeks in which each of them writes, at least and at most.
pub const FAN_WEEKS: (i64, i64) = (16, 26);
/// Share of their posts that carry their opinion; the others are neutral.
pub const FAN_POLAR: f64 = 0.88;

/// Share of one side from which nobody but a planted person may speak of Nordet, from the third opinion on.
pub const ONE_SIDED: f64 = 0.6;

/// Weeks by which the churn rate follows the tone.
pub const KPI_LAG_WEEKS: usize = 2;
/// Churn in percent at net tone zero.
pub const KPI_LEVEL: f64 = 0.42;
/// Change of churn, in percentage points, per point of net tone.
pub const KPI_SLOPE: f64 = -0.0040;
/// Standard deviation of the noise of churn, in percentage points.
pub const KPI_NOISE: f64 = 0.017;
/// Week-to-week memory of Nordet's latent tone.
pub const LATENT_MEMORY: f64 = 0.30;
/// Standard deviation of its shocks, in points.
pub const LATENT_SHOCK: f64 = 7.5;
