//! Sources by days: a full tile is complete, a half one partial, a crossed one missing; outside
//! what a source covers there is nothing.

use crate::axis;
use crate::canvas::{Canvas, Point};
use crate::chart::{Calendar, Caption, DayState, Drawing};
use crate::error::Error;
use crate::format::Format;
use crate::labels::{Rect, wrap};
use crate::metrics::{FontSet, Weight};
use crate::pen::{Line, Type};
use crate::rows::{SMALL, TEXT, row_words};
use crate::theme::Token;

/// Height of the line of the legend.
const LEGEND: f64 = 17.0;

/// The shapes of all tiles, gathered by what they look like.
#[derive(Default)]
struct Tiles {
    full: Vec<Rect>,
    outlines: Vec<(Point, Point)>,
    crosses: Vec<(Point, Point)>,
}

/// Draws the collection.
pub(crate) fn draw(calendar: &Calendar, caption: &Caption, fonts: &FontSet, format: &Format) -> Result<Drawing, Error> {
    let width = format.points();
    let share = if format.narrow() { 0.32 } else { 0.3 };
    let names: Vec<_> =
        calendar.rows.iter().map(|row| wrap(fonts, &row.0, (TEXT, Weight::Regular), width * share, 2)).collect();
    let widest = |lines: &mut dyn Iterator<Item = &String>, size| {
        lines.map(|line| fonts.width(line, size, Weight::Regular)).fold(0.0, f64::max)
    };
    let left = widest(&mut names.iter().flatten(), TEXT) + 8.0;
    let room = widest(&mut calendar.rows.iter().map(|row| &row.2), SMALL);
    let right = (width - room - 7.0).max(left + 20.0);
    let days = calendar.rows.iter().map(|row| row.1.len()).max().unwrap_or(0);
    let pitch = ((right - left) / days.max(1) as f64).min(16.0);
    let right = left + pitch * days.max(1) as f64;
    let tile = format.height(11.0_f64.min(pitch.max(9.0)));
    let mut tops = vec![LEGEND];
    for lines in &names {
        let top = tops.last().copied().unwrap_or(LEGEND);
        tops.push(top + (tile + 3.0).max(lines.len() as f64 * 9.2 + 2.0));
    }
    let bottom = tops.last().copied().unwrap_or(LEGEND);
    let size = (width, bottom + 13.0);
    let canvas = Canvas::new(caption, fonts, &format.palette, size);
    let plot = Rect::new(left, LEGEND, right, bottom);
    let plane = canvas.plane(plot, (-0.5, days as f64 - 0.5), (0.0, 1.0))?;
    legend(&canvas, calendar, plot)?;

    let mut tiles = Tiles::default();
    let mut zones = Vec::new();
    let hints: Vec<_> = calendar.rows.iter().map(|row| row_words(&row.0, std::slice::from_ref(&row.2))).collect();
    for (i, (_, states, words)) in calendar.rows.iter().enumerate() {
        let middle = f64::midpoint(tops[i], tops[i + 1]);
        let kind = Type::new(TEXT, Token::Ink);
        canvas.lines_of_text((0.0, middle), &names[i], kind)?;
        let kind = Type::new(SMALL, Token::Sub).end();
        canvas.text((right + 7.0 + room, middle), words, kind)?;
        for (from, to, state) in spans(states, pitch) {
            let (start, _) = plane.at(from as f64 - 0.5, 0.0);
            let (end, _) = plane.at(to as f64 - 0.5, 0.0);
            let space = if pitch >= 4.0 { 1.2 } else { 0.0 };
            let (top, base) = (middle - tile / 2.0, middle + tile / 2.0);
            tiles.add(Rect::new(start, top, end - space, base), state);
        }
        zones.push((Rect::new(left, middle - tile / 2.0, right, middle + tile / 2.0), hints[i].as_str()));
    }
    tiles.draw(&canvas);
    axis::labels(&canvas, &plane, plot, &calendar.x_ticks)?;
    canvas.zones(&zones);
    Ok(canvas.finish(Vec::new()))
}

impl Tiles {
    fn add(&mut self, tile: Rect, state: DayState) {
        match state {
            DayState::Complete => self.full.push(tile),
            DayState::Partial => {
                let half = f64::midpoint(tile.top, tile.bottom);
                self.full.push(Rect::new(tile.left, half, tile.right, tile.bottom));
                self.outline(tile);
            }
            DayState::Missing => {
                self.outline(tile);
                self.cross(tile);
            }
            DayState::Outside => {}
        }
    }

    fn outline(&mut self, tile: Rect) {
        let corners = [
            (tile.left + 0.3, tile.top + 0.3),
            (tile.right - 0.3, tile.top + 0.3),
            (tile.right - 0.3, tile.bottom - 0.3),
            (tile.left + 0.3, tile.bottom - 0.3),
        ];
        let sides = (0..4).map(|i| (corners[i], corners[(i + 1) % 4]));
        self.outlines.extend(sides);
    }

    /// One cross in a tile, several in the long tile of many days, a line where no cross fits.
    fn cross(&mut self, tile: Rect) {
        if tile.width() < 4.0 {
            let x = f64::midpoint(tile.left, tile.right);
            self.crosses.push(((x, tile.top), (x, tile.bottom)));
            return;
        }
        let height = tile.height();
        let count = (tile.width() / (height * 1.5)).floor().max(1.0);
        let width = tile.width() / count;
        for i in 0..count as usize {
            let left = tile.left + width * i as f64;
            let inset = (width * 0.2).min(1.6);
            let (start, end) = (left + inset, left + width - inset);
            let (top, bottom) = (tile.top + 1.6, tile.bottom - 1.6);
            self.crosses.push(((start, top), (end, bottom)));
            self.crosses.push(((start, bottom), (end, top)));
        }
    }

    fn draw(&self, canvas: &Canvas<'_>) {
        canvas.tiles(&self.full, Token::Quiet);
        canvas.strokes(&self.outlines, Line::new(Token::Axis, 0.6));
        canvas.strokes(&self.crosses, Line::new(Token::Neg, 1.1));
    }
}

/// Days `[from, to)` drawn as one tile: each day, or a run of equal days when days are too thin.
fn spans(states: &[DayState], pitch: f64) -> Vec<(usize, usize, DayState)> {
    let mut spans: Vec<(usize, usize, DayState)> = Vec::new();
    for (day, state) in states.iter().enumerate() {
        match spans.last_mut() {
            Some((_, to, last)) if pitch < 4.0 && *last == *state => *to = day + 1,
            _ => spans.push((day, day + 1, *state)),
        }
    }
    spans
}

fn legend(canvas: &Canvas<'_>, calendar: &Calendar, plot: Rect) -> Result<(), Error> {
    let (complete, partial, missing) = &calendar.legend;
    let kind = Type::new(SMALL, Token::Sub);
    let entries = [(DayState::Complete, complete), (DayState::Partial, partial), (DayState::Missing, missing)];
    let widths = entries.map(|(_, words)| canvas.measure(words, kind) + 25.0);
    let total: f64 = widths.iter().sum();
    let mut x = plot.left.min(canvas.width - total).max(0.0);
    let mut tiles = Tiles::default();
    for ((state, words), width) in entries.into_iter().zip(widths) {
        tiles.add(Rect::new(x, 0.5, x + 9.0, 9.5), state);
        canvas.text((x + 12.5, 5.0), words, kind)?;
        x += width;
    }
    tiles.draw(canvas);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thin_days_are_joined_and_wide_ones_are_not() {
        use DayState::{Complete, Missing};
        let states = [Complete, Complete, Missing, Complete];
        assert_eq!(spans(&states, 9.0).len(), 4);
        let joined = [(0, 2, Complete), (2, 3, Missing), (3, 4, Complete)];
        assert_eq!(spans(&states, 0.8), joined);
    }
}
