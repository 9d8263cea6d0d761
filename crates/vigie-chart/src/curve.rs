//! Curves with holes: runs of known values, and fewer points where there are more than the eye
//! can see. Nothing is smoothed or filled in.

use crate::canvas::{Canvas, Plane, Point};
use crate::error::Error;
use crate::pen::Line;

/// Known values in a row, as (step, value); a hole starts another run.
pub(crate) fn runs(values: &[Option<f64>]) -> Vec<Vec<Point>> {
    let mut runs: Vec<Vec<Point>> = Vec::new();
    let mut open = false;
    for (step, value) in values.iter().enumerate() {
        let Some(value) = value.filter(|v| v.is_finite()) else {
            open = false;
            continue;
        };
        if !open {
            runs.push(Vec::new());
        }
        open = true;
        if let Some(run) = runs.last_mut() {
            run.push((step as f64, value));
        }
    }
    runs
}

/// Keeps about `budget` points of a run: first, lowest, highest and last of each bucket of steps,
/// at their own places, so that every extreme stays.
pub(crate) fn thinned(run: &[Point], budget: usize) -> Vec<Point> {
    if run.len() <= budget {
        return run.to_vec();
    }
    let size = (run.len() * 4).div_ceil(budget.max(4));
    let mut kept = Vec::new();
    for bucket in run.chunks(size) {
        let index = |pick: Option<(usize, &Point)>| pick.map_or(0, |(i, _)| i);
        let by_value = |a: &(usize, &Point), b: &(usize, &Point)| a.1.1.total_cmp(&b.1.1);
        let mut chosen = [
            0,
            index(bucket.iter().enumerate().min_by(by_value)),
            index(bucket.iter().enumerate().max_by(by_value)),
            bucket.len() - 1,
        ];
        chosen.sort_unstable();
        for (i, at) in chosen.iter().enumerate() {
            if i == 0 || chosen[i - 1] != *at {
                kept.push(bucket[*at]);
            }
        }
    }
    kept
}

/// Last known value, as (step, value).
pub(crate) fn last_known(values: &[Option<f64>]) -> Option<Point> {
    runs(values).last().and_then(|run| run.last().copied())
}

/// Lowest and highest of the finite numbers; `None` when there is none.
pub(crate) fn extent(numbers: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = numbers.into_iter().filter(|n| n.is_finite());
    finite.fold(None, |extent, n| match extent {
        None => Some((n, n)),
        Some((low, high)) => Some((low.min(n), high.max(n))),
    })
}

/// Draws the runs of a curve with about `budget` points in all; a value alone between two holes
/// is a dot.
pub(crate) fn draw_runs(
    canvas: &Canvas<'_>,
    plane: &mut Plane<'_, '_>,
    values: &[Option<f64>],
    line: Line,
    budget: usize,
) -> Result<(), Error> {
    let runs = runs(values);
    let known: usize = runs.iter().map(Vec::len).sum();
    for run in runs {
        let share = (budget * run.len()).div_ceil(known);
        match run[..] {
            [(x, y)] => canvas.dot(plane.at(x, y), line.dot_radius(), line.colour, None)?,
            _ => plane.curve(&thinned(&run, share), line)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_cut_curves() {
        let values = [Some(1.0), None, Some(f64::NAN), Some(3.0), Some(4.0)];
        assert_eq!(runs(&values), [vec![(0.0, 1.0)], vec![(3.0, 3.0), (4.0, 4.0)]]);
        assert!(runs(&[None, None]).is_empty());
    }

    #[test]
    fn thinning_keeps_every_extreme_in_place() {
        let run: Vec<Point> =
            (0..400).map(|i| (f64::from(i), if i == 137 { 99.0 } else { f64::from(i % 7) })).collect();
        let thin = thinned(&run, 80);
        assert!(thin.len() <= 80, "{}", thin.len());
        assert!(thin.contains(&(137.0, 99.0)));
        assert!(thin.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(thin.first(), run.first());
        assert_eq!(thin.last(), run.last());
        assert_eq!(thinned(&run[..31], 80), run[..31]);
    }
}
