//! Marks drawn over bars and dots: whiskers and ticks of the previous period. Each has a halo of
//! the background, so that it reads on any fill.

use crate::canvas::Canvas;
use crate::error::Error;
use crate::pen::Line;
use crate::theme::Token;

/// An interval from `left` to `right` at height `y`, in points of the sheet.
pub(crate) fn whisker(canvas: &Canvas<'_>, left: f64, right: f64, y: f64) -> Result<(), Error> {
    let cap = 2.6;
    let halo = Line::new(Token::Bg, 2.8);
    canvas.line(&[(left - 1.0, y), (right + 1.0, y)], halo)?;
    let ink = Line::new(Token::Ink, 1.0);
    canvas.line(&[(left, y), (right, y)], ink)?;
    canvas.line(&[(left, y - cap), (left, y + cap)], ink)?;
    canvas.line(&[(right, y - cap), (right, y + cap)], ink)
}

/// The level of the previous period over a bar of this thickness.
pub(crate) fn previous(canvas: &Canvas<'_>, x: f64, y: f64, thickness: f64) -> Result<(), Error> {
    let reach = thickness / 2.0 + 2.5;
    let ends = [(x, y - reach), (x, y + reach)];
    canvas.line_with_halo(&ends, Line::new(Token::Ink, 1.2), 1.8)
}
