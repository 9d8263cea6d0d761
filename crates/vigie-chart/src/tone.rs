//! Diverging bars around zero: negative at the left, positive at the right, the rest in columns.

use crate::canvas::{Canvas, Plane};
use crate::chart::{Caption, Drawing, Tone, ToneRow, Value};
use crate::error::Error;
use crate::format::Format;
use crate::metrics::{FontSet, Weight};
use crate::pen::{Line, Type};
use crate::rows::{Layout, Names, Row, SMALL, TEXT, domain, name_ink, row_words};
use crate::theme::Token;

/// Draws the tone of each row.
pub(crate) fn draw(tone: &Tone, caption: &Caption, fonts: &FontSet, format: &Format) -> Result<Drawing, Error> {
    let rows = tone.rows.iter().map(row).collect();
    let inset = (
        room(tone.rows.iter().map(|row| &row.negative), fonts),
        room(tone.rows.iter().map(|row| &row.positive), fonts),
    );
    // The two sides are headings of the plot: a heading line is kept even without value columns.
    let heads = if tone.columns.is_empty() { vec![String::new()] } else { tone.columns.clone() };
    let layout = Layout::new(rows, &heads, &tone.ticks, Names::Left, fonts, format, inset);
    let canvas = Canvas::new(caption, fonts, &format.palette, layout.size);
    let shares = tone.rows.iter().flat_map(|row| {
        let left = row.negative.as_ref().map(|v| -v.at.abs());
        left.into_iter().chain(row.positive.as_ref().map(|v| v.at))
    });
    let mut plane = layout.plane(&canvas, domain(&tone.ticks, shares))?;
    layout.axis(&canvas, &plane, &tone.ticks)?;
    layout.words(&canvas)?;
    for (i, row) in tone.rows.iter().enumerate() {
        let (y, thickness) = (layout.middle(i), layout.thickness(i));
        draw_row(&canvas, &mut plane, row, y, thickness)?;
    }
    layout.zero_line(&canvas, &plane, Line::new(Token::Zero, 1.0))?;
    sides(&canvas, &plane, &layout, tone)?;
    Ok(canvas.finish(Vec::new()))
}

fn row(row: &ToneRow) -> Row<'_> {
    Row {
        name: &row.name,
        ink: name_ink(row.ink),
        strong: row.strong,
        known: row.negative.is_some() || row.positive.is_some(),
        columns: &row.columns,
    }
}

fn draw_row(
    canvas: &Canvas<'_>,
    plane: &mut Plane<'_, '_>,
    row: &ToneRow,
    y: f64,
    thickness: f64,
) -> Result<(), Error> {
    let (above, below) = (y - thickness / 2.0, y + thickness / 2.0);
    let kind = Type::new(TEXT, Token::Ink);
    if let Some(share) = drawable(row.negative.as_ref()) {
        let at = -share.at.abs();
        let words = row_words(&row.name, std::slice::from_ref(&share.shown));
        plane.bar([(at, above), (0.0, below)], Token::Neg, &words)?;
        let (x, _) = plane.at(at, y);
        canvas.text((x - 4.0, y), &share.shown, kind.end())?;
    }
    if let Some(share) = drawable(row.positive.as_ref()) {
        let words = row_words(&row.name, std::slice::from_ref(&share.shown));
        plane.bar([(0.0, above), (share.at, below)], Token::Pos, &words)?;
        let (x, _) = plane.at(share.at, y);
        canvas.text((x + 4.0, y), &share.shown, kind)?;
    }
    Ok(())
}

/// Headings of the two sides, against zero. At the edge of the drawing they slide inwards.
fn sides(canvas: &Canvas<'_>, plane: &Plane<'_, '_>, layout: &Layout<'_>, tone: &Tone) -> Result<(), Error> {
    let (x, _) = plane.at(0.0, layout.plot.top);
    let y = layout.plot.top - 6.0;
    let (left, right) = (&tone.sides.0, &tone.sides.1);
    let negative = Type::new(SMALL, Token::Neg).strong().end().standing();
    let end = (x - 5.0).max(canvas.measure(left, negative));
    canvas.text((end, y), left, negative)?;
    let positive = Type::new(SMALL, Token::PosInk).strong().standing();
    canvas.text(((x + 5.0).max(end + 6.0), y), right, positive)
}

fn drawable(share: Option<&Value>) -> Option<&Value> {
    share.filter(|share| share.at.is_finite())
}

/// Room for the words at the end of the bars of a side.
fn room<'v>(shares: impl Iterator<Item = &'v Option<Value>>, fonts: &FontSet) -> f64 {
    shares.flatten().map(|share| fonts.width(&share.shown, TEXT, Weight::Regular) + 6.0).fold(0.0, f64::max)
}
