//! Labels along a horizontal axis: which of them are printed and where.

use crate::canvas::{Canvas, Plane};
use crate::chart::Tick;
use crate::error::Error;
use crate::labels::Rect;
use crate::pen::Type;
use crate::rows::SMALL;
use crate::theme::Token;

/// Space between two labels.
const SPACE: f64 = 5.0;

/// Prints the labels of ticks under a plot. When they do not all fit, one in two is printed, or
/// one in three…, so that the steps between labels stay equal; a tick at zero keeps its label.
pub(crate) fn labels(canvas: &Canvas<'_>, plane: &Plane<'_, '_>, plot: Rect, ticks: &[Tick]) -> Result<(), Error> {
    let kind = Type::new(SMALL, Token::Mut).middle().hanging();
    let inside = |tick: &&Tick| {
        let (x, _) = plane.at(tick.at, 0.0);
        tick.at.is_finite() && x >= plot.left - 0.1 && x <= plot.right + 0.1
    };
    let ticks: Vec<&Tick> = ticks.iter().filter(inside).collect();
    let zero = ticks.iter().position(|tick| tick.at == 0.0).unwrap_or(0);
    let places: Vec<(f64, f64)> = ticks
        .iter()
        .map(|tick| {
            let half = canvas.measure(&tick.shown, kind) / 2.0;
            let (x, _) = plane.at(tick.at, 0.0);
            let low = half.max(plot.left + half - 9.0);
            (x.min(canvas.width - half).max(low), half)
        })
        .collect();
    let stride = stride(&places, zero);
    for (i, (tick, (x, _))) in ticks.iter().zip(&places).enumerate() {
        if i.abs_diff(zero) % stride == 0 {
            canvas.text((*x, plot.bottom + 4.5), &tick.shown, kind)?;
        }
    }
    Ok(())
}

/// Smallest step between printed labels, counted from one that is kept, at which none touch.
fn stride(places: &[(f64, f64)], kept: usize) -> usize {
    let fits = |stride: &usize| {
        let printed: Vec<_> =
            places.iter().enumerate().filter(|(i, _)| i.abs_diff(kept) % stride == 0).map(|(_, place)| place).collect();
        printed.windows(2).all(|pair| pair[0].0 + pair[0].1 + SPACE <= pair[1].0 - pair[1].1)
    };
    (1..=places.len().max(1)).find(fits).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_left_out_evenly_and_zero_stays() {
        let places: Vec<(f64, f64)> = (0..6).map(|i| (f64::from(i) * 12.0, 8.0)).collect();
        assert_eq!(stride(&places, 2), 2);
        let wide: Vec<(f64, f64)> = (0..6).map(|i| (f64::from(i) * 30.0, 8.0)).collect();
        assert_eq!(stride(&wide, 2), 1);
        assert_eq!(stride(&[], 0), 1);
    }
}
