//! A small curve without axis: the usual range behind, a mark on the last value.

use crate::canvas::Canvas;
use crate::chart::{Caption, Drawing, Sparkline};
use crate::curve::{draw_runs, extent, last_known};
use crate::error::Error;
use crate::format::Format;
use crate::labels::Rect;
use crate::metrics::FontSet;
use crate::pen::Line;
use crate::theme::Token;

/// Draws the curve of a key figure.
pub(crate) fn draw(
    sparkline: &Sparkline,
    caption: &Caption,
    fonts: &FontSet,
    format: &Format,
) -> Result<Drawing, Error> {
    let width = format.points();
    let height = format.height((width * 0.27).clamp(18.0, 30.0));
    let canvas = Canvas::new(caption, fonts, &format.palette, (width, height));
    let band = crate::bars::finite_pair(sparkline.band);
    let ends = band.map(|(low, high)| [low, high]);
    let values = sparkline.values.iter().copied().flatten();
    let levels = extent(values.chain(ends.into_iter().flatten())).unwrap_or((0.0, 1.0));
    let plot = Rect::new(1.0, 3.5, width - 4.0, height - 3.5);
    let across = (0.0, sparkline.values.len().saturating_sub(1) as f64);
    let mut plane = canvas.plane(plot, across, levels)?;
    if let Some((low, high)) = band {
        let (_, top) = plane.at(0.0, high.max(low));
        let (_, bottom) = plane.at(0.0, low.min(high));
        // A band of no height is still a level to compare with.
        let bottom = bottom.max(top + 0.6);
        canvas.rect(Rect::new(plot.left, top, plot.right, bottom), Token::Band, None)?;
    }
    let line = Line::new(Token::Sub, 0.9).round();
    draw_runs(&canvas, &mut plane, &sparkline.values, line, 200)?;
    if let Some((x, y)) = last_known(&sparkline.values) {
        let at = plane.at(x, y);
        canvas.dot(at, 3.0, Token::Bg, None)?;
        canvas.dot(at, 2.2, Token::mark(sparkline.ink), None)?;
    }
    Ok(canvas.finish(Vec::new()))
}
