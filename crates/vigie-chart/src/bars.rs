//! Sorted horizontal bars from zero, with whiskers, previous ticks and value columns.

use crate::canvas::{Canvas, Plane};
use crate::chart::{Bar, Bars, Caption, Drawing};
use crate::error::Error;
use crate::format::Format;
use crate::marks;
use crate::metrics::FontSet;
use crate::pen::{Line, Type};
use crate::rows::{Layout, Names, Row, TEXT, domain, name_ink, row_words, weight};
use crate::theme::Token;

/// Draws a ranking.
pub(crate) fn draw(bars: &Bars, caption: &Caption, fonts: &FontSet, format: &Format) -> Result<Drawing, Error> {
    let rows = bars.rows.iter().map(row).collect();
    let room = room_for_words(bars, fonts);
    let layout = Layout::new(rows, &bars.columns, &bars.ticks, Names::AtPlot, fonts, format, (0.0, room));
    let canvas = Canvas::new(caption, fonts, &format.palette, layout.size);
    let numbers = bars.rows.iter().flat_map(numbers);
    let mut plane = layout.plane(&canvas, domain(&bars.ticks, numbers))?;
    layout.axis(&canvas, &plane, &bars.ticks)?;
    for (i, bar) in bars.rows.iter().enumerate() {
        let (y, thickness) = (layout.middle(i), layout.thickness(i));
        draw_bar(&canvas, &mut plane, bar, y, thickness)?;
    }
    layout.zero_line(&canvas, &plane, Line::new(Token::Axis, 0.75))?;
    layout.words(&canvas)?;
    Ok(canvas.finish(Vec::new()))
}

fn row(bar: &Bar) -> Row<'_> {
    Row {
        name: &bar.name,
        ink: name_ink(bar.ink),
        strong: bar.strong,
        known: known(bar.value).is_some(),
        columns: &bar.columns,
    }
}

fn draw_bar(canvas: &Canvas<'_>, plane: &mut Plane<'_, '_>, bar: &Bar, y: f64, thickness: f64) -> Result<(), Error> {
    let at = |x: f64| plane.at(x, y).0;
    let mut end = at(0.0);
    let previous = known(bar.previous).map(at);
    let interval = finite_pair(bar.interval).map(|(low, high)| (at(low), at(high)));
    if let Some(value) = known(bar.value) {
        end = end.max(at(value));
        let mut values = bar.columns.clone();
        values.insert(0, bar.shown.clone());
        values.dedup();
        let words = row_words(&bar.name, &values);
        let (above, below) = (y - thickness / 2.0, y + thickness / 2.0);
        plane.bar([(0.0, above), (value, below)], Token::mark(bar.ink), &words)?;
    }
    if let Some((low, high)) = interval.filter(|_| known(bar.value).is_some()) {
        marks::whisker(canvas, low, high, y)?;
        end = end.max(high);
    }
    if let Some(x) = previous {
        marks::previous(canvas, x, y, thickness)?;
        end = end.max(x);
    }
    if bar.columns.is_empty() {
        let ink = known(bar.value).map_or(Token::Mut, |_| Token::Ink);
        let kind = Type::new(TEXT, ink).weight(weight(bar.strong));
        canvas.text((end + 5.0, y), &bar.shown, kind)?;
    }
    Ok(())
}

/// Room at the right of the plot for words at the end of the longest bar.
fn room_for_words(bars: &Bars, fonts: &FontSet) -> f64 {
    let words = bars.rows.iter().filter(|bar| bar.columns.is_empty());
    words.map(|bar| fonts.width(&bar.shown, TEXT, weight(bar.strong)) + 7.0).fold(8.0, f64::max)
}

fn numbers(bar: &Bar) -> impl Iterator<Item = f64> {
    let interval = bar.interval.map(|(low, high)| [low, high]);
    let interval = interval.filter(|_| bar.value.is_some());
    bar.value.into_iter().chain(bar.previous).chain(interval.into_iter().flatten())
}

/// A number that can be drawn.
pub(crate) fn known(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite())
}

/// An interval that can be drawn.
pub(crate) fn finite_pair(pair: Option<(f64, f64)>) -> Option<(f64, f64)> {
    pair.filter(|(low, high)| low.is_finite() && high.is_finite())
}
