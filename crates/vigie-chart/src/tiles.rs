//! A matrix of tiles coloured by tone, the number written in each.

use crate::canvas::Canvas;
use crate::chart::{Caption, Drawing, Tile, Tiles};
use crate::error::Error;
use crate::format::Format;
use crate::labels::{Rect, wrap};
use crate::metrics::{FontSet, Weight};
use crate::pen::{Line, Type};
use crate::rows::{SMALL, TEXT, name_ink, row_words, weight};
use crate::theme::Token;

/// Space between tiles.
const SPACE: f64 = 2.0;
/// Distance between lines of a name.
const LEADING: f64 = 9.2;

/// Draws a matrix.
pub(crate) fn draw(tiles: &Tiles, caption: &Caption, fonts: &FontSet, format: &Format) -> Result<Drawing, Error> {
    let width = format.points();
    let share = if format.narrow() { 0.32 } else { 0.3 };
    let regular = (TEXT, Weight::Regular);
    let names: Vec<Vec<String>> =
        tiles.rows.iter().map(|row| wrap(fonts, &row.name, regular, width * share, 3)).collect();
    let lines = names.iter().flatten();
    let left = lines.map(|line| fonts.width(line, TEXT, Weight::Regular) + 10.0).fold(0.0, f64::max);
    let pitch = (width - left + SPACE) / tiles.columns.len().max(1) as f64;
    let heads: Vec<Vec<String>> =
        tiles.columns.iter().map(|(name, _)| wrap(fonts, name, (TEXT, Weight::Strong), pitch - SPACE, 4)).collect();
    let head = heads.iter().map(Vec::len).max().unwrap_or(0) as f64 * LEADING + 5.0;
    let mut tops = vec![head];
    for lines in &names {
        let words = lines.len() as f64 * LEADING + 2.0;
        let top = tops.last().copied().unwrap_or(head);
        tops.push(top + (format.height(19.5) + SPACE).max(words + SPACE));
    }
    let bottom = tops.last().copied().unwrap_or(head);
    let canvas = Canvas::new(caption, fonts, &format.palette, (width, bottom));
    for (i, (lines, (_, ink))) in heads.iter().zip(&tiles.columns).enumerate() {
        let x = left + pitch * i as f64 + (pitch - SPACE) / 2.0;
        let y = head - 9.0 - (lines.len().saturating_sub(1)) as f64 * LEADING / 2.0;
        let kind = Type::new(TEXT, name_ink(*ink)).strong().middle();
        canvas.lines_of_text((x, y), lines, kind)?;
    }
    for (i, row) in tiles.rows.iter().enumerate() {
        let (top, base) = (tops[i], tops[i + 1] - SPACE);
        let middle = f64::midpoint(top, base);
        canvas.lines_of_text((0.0, middle), &names[i], Type::new(TEXT, Token::Ink))?;
        let columns = tiles.columns.iter().zip(&row.tiles).enumerate();
        for (j, ((column, _), tile)) in columns {
            let start = left + pitch * j as f64;
            let place = Rect::new(start, top, start + pitch - SPACE, base);
            let words = row_words(&row.name, &[column.clone(), tile.shown.clone()]);
            draw_tile(&canvas, tile, place, &words)?;
        }
    }
    Ok(canvas.finish(Vec::new()))
}

fn draw_tile(canvas: &Canvas<'_>, tile: &Tile, place: Rect, words: &str) -> Result<(), Error> {
    let middle = f64::midpoint(place.top, place.bottom);
    let at = (f64::midpoint(place.left, place.right), middle);
    let Some(level) = tile.level.filter(|level| level.is_finite()) else {
        outline(canvas, place)?;
        let kind = Type::new(SMALL, Token::Mut).middle();
        return canvas.text(at, &tile.shown, kind);
    };
    let step = Token::tile_step(level);
    canvas.rect(place, Token::Tile(step), Some(words))?;
    let kind = Type::new(TEXT, Token::TileInk(step)).middle();
    canvas.text(at, &tile.shown, kind.weight(weight(tile.strong)))
}

/// A tile without colour: its base is too small.
fn outline(canvas: &Canvas<'_>, place: Rect) -> Result<(), Error> {
    let inside = Rect::new(place.left + 0.3, place.top + 0.3, place.right - 0.3, place.bottom - 0.3);
    let corners = [
        (inside.left, inside.top),
        (inside.right, inside.top),
        (inside.right, inside.bottom),
        (inside.left, inside.bottom),
        (inside.left, inside.top),
    ];
    canvas.line(&corners, Line::new(Token::Grid, 0.6))
}
