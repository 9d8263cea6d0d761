//! Dumbbells: a hollow mark before, a full mark now, on one scale that crosses zero.

use crate::bars::{finite_pair, known};
use crate::canvas::{Canvas, Plane};
use crate::chart::{Caption, Change, Changes, Drawing};
use crate::error::Error;
use crate::format::Format;
use crate::marks;
use crate::metrics::FontSet;
use crate::pen::Line;
use crate::rows::{Layout, Names, Row, domain, name_ink, row_words};
use crate::theme::Token;

/// Radius of the marks.
const RADIUS: f64 = 3.1;

/// Draws the change of each row.
pub(crate) fn draw(changes: &Changes, caption: &Caption, fonts: &FontSet, format: &Format) -> Result<Drawing, Error> {
    let rows = changes.rows.iter().map(row).collect();
    let inset = (6.0, 6.0);
    let (heads, ticks) = (&changes.columns, &changes.ticks);
    let layout = Layout::new(rows, heads, ticks, Names::Left, fonts, format, inset);
    let canvas = Canvas::new(caption, fonts, &format.palette, layout.size);
    let numbers = changes.rows.iter().flat_map(|row| {
        let interval = row.interval.map(|(low, high)| [low, high]);
        row.before.into_iter().chain(row.after).chain(interval.into_iter().flatten())
    });
    let plane = layout.plane(&canvas, domain(&changes.ticks, numbers))?;
    layout.axis(&canvas, &plane, &changes.ticks)?;
    layout.words(&canvas)?;
    layout.zero_line(&canvas, &plane, Line::new(Token::Zero, 1.0))?;
    for (i, row) in changes.rows.iter().enumerate() {
        draw_row(&canvas, &plane, row, layout.middle(i))?;
    }
    Ok(canvas.finish(Vec::new()))
}

fn row(row: &Change) -> Row<'_> {
    Row {
        name: &row.name,
        ink: name_ink(row.ink),
        strong: row.strong,
        known: known(row.after).is_some(),
        columns: &row.columns,
    }
}

fn draw_row(canvas: &Canvas<'_>, plane: &Plane<'_, '_>, row: &Change, y: f64) -> Result<(), Error> {
    let at = |x: f64| plane.at(x, y).0;
    let after = known(row.after);
    // The side of zero gives the colour; a change without a present value stays grey.
    let token = match after {
        None => Token::Axis,
        Some(value) if value < 0.0 => Token::Neg,
        Some(_) => Token::Pos,
    };
    if let (Some(before), Some(after)) = (known(row.before), after) {
        let ends = [(at(before), y), (at(after), y)];
        canvas.line(&ends, Line::new(token, 1.8))?;
    }
    if let Some((low, high)) = finite_pair(row.interval).filter(|_| after.is_some()) {
        marks::whisker(canvas, at(low), at(high), y)?;
    }
    if let Some(before) = known(row.before) {
        canvas.ring((at(before), y), RADIUS - 0.3, Line::new(token, 1.3))?;
    }
    if let Some(after) = after {
        let words = row_words(&row.name, &row.columns);
        canvas.dot((at(after), y), RADIUS + 1.0, Token::Bg, None)?;
        canvas.dot((at(after), y), RADIUS, token, Some(&words))?;
    }
    Ok(())
}
