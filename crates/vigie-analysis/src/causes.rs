//! What the mentions of a peak have in common (`peak_causes@1.0`).
//!
//! *What it measures* — how many people spoke during a peak, where, how much of it comes from one voice (one author, or
//! one text with its copies), how the negative share moved, and the client's terms that set those days apart.
//! *How it is computed* — counts of the peak's days; the largest voice is that of [`vigie_model::frame::CLUSTER`], copies
//! included; the change of the negative share, in points, is taken against the 63 days that end three days before the
//! peak, with its jackknife interval; terms by the log-odds of [`crate::terms`] against the other days at hand.
//! *Reading it* — company, not cause: what people talked about on those days.
//! *Limits* — terms are gathered for the client only.

use polars::prelude::*;
use vigie_model::estimate::Estimate;
use vigie_model::frame::{AUTHOR, CLUSTER, COUNTED, DAY, ENTITY, GROUP, PLATFORM, TONE, TermUse};

use crate::analyses::ClientTerms;
use crate::peaks::{BASELINE, GUARD, Peak, Series};
use crate::share::{Part, change};
use crate::terms::distinctive;

/// Terms told of a peak.
const TERMS: usize = 4;

/// Company of a peak.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Causes {
    /// Distinct authors of counted mentions.
    pub authors: u64,
    /// Platforms with counted mentions.
    pub platforms: u64,
    /// Part of the rows, copies included, that is the largest voice's: 0 to 1.
    pub largest_voice: f64,
    /// Change of the negative share against the weeks before, in points; `None` without a mention read on either side.
    pub negative_change: Option<Estimate>,
    /// Terms that set these days apart, strongest first; the client's only.
    pub terms: Vec<String>,
}

/// The company of `peak` among `hits` (shape of [`vigie_model::frame`]).
///
/// # Errors
/// When the frame lacks a column or has one of another type.
pub fn causes(hits: &LazyFrame, peak: &Peak, terms: &ClientTerms<'_>) -> PolarsResult<Causes> {
    let (first, last) = peak.days;
    let weeks = col(DAY).gt_eq(lit(first - GUARD - BASELINE)).and(col(DAY).lt(lit(first - GUARD)));
    let before = col(ENTITY).eq(lit(peak.entity as u32)).and(weeks);
    let of_series = match peak.series {
        Series::All => lit(true),
        Series::Negative => col(TONE).eq(lit(-1)),
    };
    let inside = col(ENTITY).eq(lit(peak.entity as u32)).and(col(DAY).gt_eq(lit(first))).and(col(DAY).lt_eq(lit(last)));
    let inside_series = inside.clone().and(of_series);
    let frame = hits
        .clone()
        .filter(inside_series)
        .select([col(CLUSTER), col(AUTHOR), col(PLATFORM), col(COUNTED)])
        .collect()?;
    let counted = frame.column(COUNTED)?.bool()?;
    let numbers = |name: &str| -> PolarsResult<Vec<Option<u64>>> {
        Ok(frame.column(name)?.cast(&DataType::UInt64)?.u64()?.iter().collect())
    };
    let distinct = |values: Vec<Option<u64>>| {
        let kept = values.into_iter().zip(counted.iter()).filter(|(_, counted)| *counted == Some(true));
        let mut kept: Vec<u64> = kept.filter_map(|(value, _)| value).collect();
        kept.sort_unstable();
        kept.dedup();
        kept.len() as u64
    };
    let mut voices = numbers(CLUSTER)?;
    voices.sort_unstable();
    let largest = voices.chunk_by(|a, b| a == b).map(<[_]>::len).max().unwrap_or(0);
    Ok(Causes {
        authors: distinct(numbers(AUTHOR)?),
        platforms: distinct(numbers(PLATFORM)?),
        largest_voice: largest as f64 / frame.height().max(1) as f64,
        negative_change: change(negatives(hits, inside)?.into_iter(), negatives(hits, before)?.into_iter()),
        terms: if peak.entity == 0 { apart(peak, terms) } else { Vec::new() },
    })
}

/// Each voice's negative mentions among those it made that were read and counted.
fn negatives(hits: &LazyFrame, rows: Expr) -> PolarsResult<Vec<Part>> {
    let read = col(COUNTED).and(col(TONE).lt_eq(lit(2)));
    let frame = hits
        .clone()
        .filter(rows.and(read))
        .group_by([col(CLUSTER), col(GROUP)])
        .agg([
            col(TONE).eq(lit(-1)).sum().cast(DataType::UInt64).alias("of"),
            len().cast(DataType::UInt64).alias("whole"),
        ])
        .collect()?;
    let numbers = |name: &str| -> PolarsResult<Vec<u64>> {
        Ok(frame.column(name)?.cast(&DataType::UInt64)?.u64()?.iter().map(Option::unwrap_or_default).collect())
    };
    let (clusters, groups, of, whole) = (numbers(CLUSTER)?, numbers(GROUP)?, numbers("of")?, numbers("whole")?);
    let part =
        |i: usize| Part { cluster: clusters[i], group: groups[i] as u32, of: of[i] as f64, whole: whole[i] as f64 };
    Ok((0..frame.height()).map(part).collect())
}

fn apart(peak: &Peak, terms: &ClientTerms<'_>) -> Vec<String> {
    let (within, elsewhere): (Vec<TermUse>, Vec<TermUse>) =
        terms.now.iter().chain(terms.before).partition(|u| (peak.days.0..=peak.days.1).contains(&u.day));
    distinctive(&within, &elsewhere, terms.surfaces, TERMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peak(series: Series) -> Peak {
        Peak {
            entity: 0,
            series,
            days: (100, 101),
            top: 100,
            seen: 6,
            expected: 2.0,
            range: (0, 5),
            p: 0.001,
            q: 0.001,
            mentions: 8,
            negative: 4,
        }
    }

    /// Eight rows of the peak, half by one author, one a copy; one row of another day, one of another brand.
    fn hits() -> LazyFrame {
        let rows = [
            (100, 0, 1, 7, 0, -1, true),
            (100, 0, 1, 7, 0, -1, true),
            (100, 0, 1, 7, 1, -1, true),
            (101, 0, 1, 7, 1, -1, false),
            (101, 0, 2, 8, 1, 1, true),
            (101, 0, 3, 9, 2, 1, true),
            (100, 0, 4, 10, 0, 0, true),
            (100, 0, 5, 11, 0, 0, true),
            (102, 0, 6, 12, 3, 0, true),
            (100, 1, 7, 13, 4, 0, true),
        ];
        let column = |name: &str, f: &dyn Fn(usize) -> u64| {
            Column::new(name.into(), (0..rows.len()).map(f).collect::<Vec<u64>>())
        };
        let narrow = |c: Column| c.cast(&DataType::UInt32).unwrap();
        let signed = |name: &str, f: &dyn Fn(usize) -> i32| {
            Column::new(name.into(), (0..rows.len()).map(f).collect::<Vec<i32>>())
        };
        let columns = vec![
            signed(DAY, &|i| rows[i].0),
            narrow(column(ENTITY, &|i| rows[i].1)),
            column(CLUSTER, &|i| rows[i].2),
            column(AUTHOR, &|i| rows[i].3),
            narrow(column(GROUP, &|i| rows[i].2 % 64)),
            narrow(column(PLATFORM, &|i| rows[i].4)),
            signed(TONE, &|i| rows[i].5),
            Column::new(COUNTED.into(), rows.iter().map(|r| r.6).collect::<Vec<bool>>()),
        ];
        DataFrame::new(rows.len(), columns).unwrap().lazy()
    }

    #[test]
    fn who_where_and_how_much_of_it_is_one_voice() {
        let nothing = ClientTerms { now: &[], before: &[], surfaces: &[] };
        let all = causes(&hits(), &peak(Series::All), &nothing).unwrap();
        assert_eq!((all.authors, all.platforms, all.largest_voice), (5, 3, 0.5));
        let negative = causes(&hits(), &peak(Series::Negative), &nothing).unwrap();
        assert_eq!((negative.authors, negative.platforms, negative.largest_voice), (1, 2, 1.0));
    }

    #[test]
    fn the_terms_are_those_of_these_days() {
        let use_of = |term: u32, voice: u64, day: i32| TermUse { term, voice, day, platform: 0, tone: 0 };
        let within = (0..30).flat_map(|v| [use_of(0, v, 100), use_of(1, v, 101)]);
        let outside = (0..300).map(|v| use_of(1, 1_000 + v, 50 + (v % 40) as i32));
        let uses: Vec<TermUse> = within.chain(outside).collect();
        let surfaces = ["panne".to_owned(), "forfait".to_owned()];
        let terms = ClientTerms { now: &uses, before: &[], surfaces: &surfaces };
        assert_eq!(causes(&hits(), &peak(Series::All), &terms).unwrap().terms, ["panne"]);
    }
}
