//! The sufficient statistics: one pass over the rows, small tables after.
//!
//! Everything the report says is computed from these tables, so its cost follows the number of days,
//! entities, sources and voices, not the number of mentions.

use std::ops::{AddAssign, RangeInclusive};

use polars::prelude::*;
use vigie_model::frame::{
    AUTHOR, CLUSTER, COUNTED, DAY, ENTITY, GROUP, HITS, NOISE, OWN, PLATFORM, SOURCE, STORM, TONE, UNREAD,
};
use vigie_model::period::{Period, epoch_day};

/// Mentions by tone. `n` counts in the report's counting mode; `copies` are the rows it leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Mentions counted.
    pub n: u64,
    /// Rows not counted: near-duplicate copies, or reposts.
    pub copies: u64,
    /// Counted mentions with positive tone.
    pub positive: u64,
    /// Counted mentions with negative tone.
    pub negative: u64,
    /// Counted mentions with neutral tone.
    pub neutral: u64,
    /// Counted mentions with mixed tone.
    pub mixed: u64,
}

impl Counts {
    /// Counted mentions whose tone was read.
    pub fn read(&self) -> u64 {
        self.positive + self.negative + self.neutral + self.mixed
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, o: Self) {
        self.n += o.n;
        self.copies += o.copies;
        self.positive += o.positive;
        self.negative += o.negative;
        self.neutral += o.neutral;
        self.mixed += o.mixed;
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        let mut total = Self::default();
        items.for_each(|c| total += c);
        total
    }
}

/// Mentions of an entity on a day, by source and platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCell {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Entity index.
    pub entity: u32,
    /// Source index.
    pub source: u32,
    /// Platform index.
    pub platform: u32,
    /// How many.
    pub counts: Counts,
}

/// Mentions of an entity by one voice within a period, by source and platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoiceCell {
    /// Entity index.
    pub entity: u32,
    /// Source index.
    pub source: u32,
    /// Platform index.
    pub platform: u32,
    /// Story, author or mention.
    pub cluster: u64,
    /// Jackknife group of the cluster.
    pub group: u32,
    /// How many.
    pub counts: Counts,
}

/// Rows a source gave on a day, whatever they are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceDay {
    /// Source index.
    pub source: u32,
    /// Days since 1970-01-01.
    pub day: i32,
    /// Rows.
    pub rows: u64,
}

/// One period's voices and authors.
#[derive(Clone, Debug)]
pub struct PeriodTally {
    /// The days.
    pub period: Period,
    /// Voices, in a stable order.
    pub voices: Vec<VoiceCell>,
    /// Distinct authors of counted mentions, by entity index.
    pub authors: Vec<u64>,
    /// From rows collected to mentions kept.
    pub funnel: Funnel,
}

/// What became of the rows collected in a period: `rows = own + unrelated + copies + kept`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funnel {
    /// Rows collected.
    pub rows: u64,
    /// Written by a tracked entity's own account.
    pub own: u64,
    /// About no tracked entity.
    pub unrelated: u64,
    /// About an entity, but not counted in the report's counting mode.
    pub copies: u64,
    /// Mentions kept.
    pub kept: u64,
    /// Mentions kept without tone, for the language or for want of text.
    pub unread: u64,
    /// Mentions kept that look like noise: advertising, giveaways, bare links. Flagged, not removed.
    pub noise: u64,
    /// Mentions about an entity, kept or copies, that came in storms of copies within minutes.
    pub storm: u64,
}

/// Everything counted once.
#[derive(Clone, Debug)]
pub struct Tally {
    /// By day, entity, source and platform; all days there are.
    pub days: Vec<DayCell>,
    /// Rows by source and day.
    pub collected: Vec<SourceDay>,
    /// The period of the report.
    pub current: PeriodTally,
    /// The period it is compared with, when the archive holds nine tenths of its days.
    pub previous: Option<PeriodTally>,
}

/// Counts `readings` and `hits` (shapes of [`vigie_model::frame`]) for `period` and the one before.
///
/// # Errors
/// When a frame lacks a column or has one of another type.
pub fn tally(readings: &LazyFrame, hits: &LazyFrame, entities: usize, period: &Period) -> PolarsResult<Tally> {
    let days = day_cells(hits)?;
    let collected = source_days(readings)?;
    let before = period.previous();
    let first = collected.iter().map(|c| c.day).min();
    // A time before of which only the end was collected would turn a late start into a rise.
    let late = (before.days() / 10) as i32;
    let previous = first.is_some_and(|d| d <= epoch_day(before.start) + late);
    Ok(Tally {
        days,
        collected,
        current: period_tally(readings, hits, entities, period)?,
        previous: previous.then(|| period_tally(readings, hits, entities, &before)).transpose()?,
    })
}

fn measures() -> Vec<Expr> {
    let tone = |value: i32| (col(COUNTED).and(col(TONE).eq(lit(value)))).sum();
    vec![
        col(COUNTED).sum().alias("n"),
        col(COUNTED).not().sum().alias("copies"),
        tone(1).alias("positive"),
        tone(-1).alias("negative"),
        tone(0).alias("neutral"),
        tone(2).alias("mixed"),
    ]
}

fn day_cells(hits: &LazyFrame) -> PolarsResult<Vec<DayCell>> {
    let keys = [DAY, ENTITY, SOURCE, PLATFORM];
    let frame = grouped(hits, &keys, measures())?;
    let counts = counts(&frame)?;
    let (days, entity) = (i32s(&frame, DAY)?, u32s(&frame, ENTITY)?);
    let (source, platform) = (u32s(&frame, SOURCE)?, u32s(&frame, PLATFORM)?);
    Ok((0..frame.height())
        .map(|i| DayCell {
            day: days[i],
            entity: entity[i],
            source: source[i],
            platform: platform[i],
            counts: counts[i],
        })
        .collect())
}

fn source_days(readings: &LazyFrame) -> PolarsResult<Vec<SourceDay>> {
    let frame = grouped(readings, &[SOURCE, DAY], vec![len().alias("rows")])?;
    let (source, day, rows) = (u32s(&frame, SOURCE)?, i32s(&frame, DAY)?, u64s(&frame, "rows")?);
    Ok((0..frame.height()).map(|i| SourceDay { source: source[i], day: day[i], rows: rows[i] }).collect())
}

fn within(frame: &LazyFrame, days: RangeInclusive<i32>) -> LazyFrame {
    frame.clone().filter(col(DAY).gt_eq(lit(*days.start())).and(col(DAY).lt_eq(lit(*days.end()))))
}

fn period_tally(readings: &LazyFrame, hits: &LazyFrame, entities: usize, period: &Period) -> PolarsResult<PeriodTally> {
    let days = epoch_day(period.start)..=epoch_day(period.end) - 1;
    let hits = within(hits, days.clone());
    let funnel = funnel(&within(readings, days))?;
    let authors = hits.clone().filter(col(COUNTED)).group_by([col(ENTITY)]).agg([col(AUTHOR).drop_nulls().n_unique()]);
    let authors = authors.collect()?;
    let mut by_entity = vec![0; entities];
    for (entity, n) in u32s(&authors, ENTITY)?.into_iter().zip(u64s(&authors, AUTHOR)?) {
        if let Some(slot) = by_entity.get_mut(entity as usize) {
            *slot = n;
        }
    }
    Ok(PeriodTally { period: period.clone(), voices: voices(&hits)?, authors: by_entity, funnel })
}

fn funnel(readings: &LazyFrame) -> PolarsResult<Funnel> {
    let about = || col(OWN).not().and(col(HITS).gt(lit(0_u32)));
    let kept = || about().and(col(COUNTED));
    let frame = readings
        .clone()
        .select([
            len().alias("rows"),
            col(OWN).sum().alias("own"),
            col(OWN).not().and(col(HITS).eq(lit(0_u32))).sum().alias("unrelated"),
            about().and(col(COUNTED).not()).sum().alias("copies"),
            kept().sum().alias("kept"),
            kept().and(col(UNREAD)).sum().alias("unread"),
            kept().and(col(NOISE)).sum().alias("noise"),
            about().and(col(STORM)).sum().alias("storm"),
        ])
        .collect()?;
    let one = |name: &str| Ok::<u64, PolarsError>(u64s(&frame, name)?.first().copied().unwrap_or(0));
    Ok(Funnel {
        rows: one("rows")?,
        own: one("own")?,
        unrelated: one("unrelated")?,
        copies: one("copies")?,
        kept: one("kept")?,
        unread: one("unread")?,
        noise: one("noise")?,
        storm: one("storm")?,
    })
}

fn voices(hits: &LazyFrame) -> PolarsResult<Vec<VoiceCell>> {
    let frame = grouped(hits, &[CLUSTER, GROUP, ENTITY, SOURCE, PLATFORM], measures())?;
    let counts = counts(&frame)?;
    let (cluster, group, entity) = (u64s(&frame, CLUSTER)?, u32s(&frame, GROUP)?, u32s(&frame, ENTITY)?);
    let (source, platform) = (u32s(&frame, SOURCE)?, u32s(&frame, PLATFORM)?);
    Ok((0..frame.height())
        .map(|i| VoiceCell {
            entity: entity[i],
            source: source[i],
            platform: platform[i],
            cluster: cluster[i],
            group: group[i],
            counts: counts[i],
        })
        .collect())
}

/// Groups and sorts, so that no order of threads can reach the report.
fn grouped(frame: &LazyFrame, keys: &[&str], measures: Vec<Expr>) -> PolarsResult<DataFrame> {
    frame
        .clone()
        .group_by(keys.iter().map(|k| col(*k)).collect::<Vec<_>>())
        .agg(measures)
        .sort(keys.iter().map(|k| PlSmallStr::from_str(k)).collect::<Vec<_>>(), SortMultipleOptions::default())
        .collect()
}

fn counts(frame: &DataFrame) -> PolarsResult<Vec<Counts>> {
    let [n, copies, positive, negative, neutral, mixed] =
        ["n", "copies", "positive", "negative", "neutral", "mixed"].map(|name| u64s(frame, name));
    let (n, copies, positive) = (n?, copies?, positive?);
    let (negative, neutral, mixed) = (negative?, neutral?, mixed?);
    Ok((0..frame.height())
        .map(|i| Counts {
            n: n[i],
            copies: copies[i],
            positive: positive[i],
            negative: negative[i],
            neutral: neutral[i],
            mixed: mixed[i],
        })
        .collect())
}

fn u32s(frame: &DataFrame, name: &str) -> PolarsResult<Vec<u32>> {
    Ok(frame.column(name)?.u32()?.iter().map(Option::unwrap_or_default).collect())
}

fn i32s(frame: &DataFrame, name: &str) -> PolarsResult<Vec<i32>> {
    Ok(frame.column(name)?.i32()?.iter().map(Option::unwrap_or_default).collect())
}

fn u64s(frame: &DataFrame, name: &str) -> PolarsResult<Vec<u64>> {
    let column = frame.column(name)?.cast(&DataType::UInt64)?;
    Ok(column.u64()?.iter().map(Option::unwrap_or_default).collect())
}
