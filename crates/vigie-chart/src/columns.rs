//! Hours or days against a threshold: columns over it are coloured, numbered milestones stand
//! above (`milestones.rs`), hours without collection are hatched.

use crate::axis;
use crate::canvas::{Canvas, Plane};
use crate::chart::{Caption, Columns, Drawing};
use crate::curve::{extent, runs};
use crate::error::Error;
use crate::format::Format;
use crate::labels::{Rank, Rect, Taken};
use crate::lines::{grid, hatch, zones};
use crate::metrics::{FontSet, Weight};
use crate::milestones::Milestones;
use crate::pen::{Line, Type};
use crate::rows::{SMALL, TEXT};
use crate::theme::Token;

/// Draws the columns.
pub(crate) fn draw(columns: &Columns, caption: &Caption, fonts: &FontSet, format: &Format) -> Result<Drawing, Error> {
    let count = columns.columns.len();
    let ticks = columns.y_ticks.iter();
    let left = ticks.map(|tick| fonts.width(&tick.shown, SMALL, Weight::Regular) + 6.0).fold(4.0, f64::max);
    let width = format.points();
    let across = (-0.5, count.max(1) as f64 - 0.5);
    let step = (width - left) / count.max(1) as f64;
    let middle = |at: usize| left + step * (at as f64 + 0.5).min(count as f64);
    let milestones = Milestones::new(&columns.milestones, middle, width, fonts);
    let top = (milestones.height() + 4.0).max(8.0);
    let height = format.height(if format.narrow() { 84.0 } else { 100.0 });
    let plot = Rect::new(left, top, width, top + height);
    let canvas = Canvas::new(caption, fonts, &format.palette, (width, plot.bottom + 14.0));
    let plane = canvas.plane(plot, across, levels(columns))?;
    let mut taken = Taken::new(Rect::new(plot.left, plot.top, plot.right, plot.bottom));
    let mut omitted = Vec::new();
    grid(&canvas, &plane, plot, &columns.y_ticks)?;
    holes(&canvas, &plane, plot, columns, &mut taken);
    bars(&canvas, &plane, columns, &mut taken);
    for division in &columns.divisions {
        let (x, _) = plane.at(*division as f64 - 0.5, 0.0);
        let line = Line::new(Token::Axis, 0.6).dashed();
        let limit = [(x, plot.top), (x, plot.bottom)];
        canvas.line(&limit, line)?;
        taken.add_curve(&limit, Rank::Context);
    }
    for x in milestones.stems() {
        taken.add_curve(&[(x, plot.top), (x, plot.bottom)], Rank::Context);
    }
    threshold(&canvas, &plane, plot, columns, &mut taken, &mut omitted)?;
    milestones.draw(&canvas, plot.bottom)?;
    axis::labels(&canvas, &plane, plot, &columns.x_ticks)?;
    let values: Vec<_> = columns.columns.iter().map(|column| column.value).collect();
    let words: Vec<&str> = columns.columns.iter().map(|c| c.tooltip.as_str()).collect();
    canvas.zones(&zones(&plane, plot, &values, &words));
    Ok(canvas.finish(omitted))
}

fn levels(columns: &Columns) -> (f64, f64) {
    let values = columns.columns.iter().filter_map(|column| column.value);
    let threshold = columns.threshold.iter().copied().flatten();
    let ticks = columns.y_ticks.iter().map(|tick| tick.at);
    let (_, high) = extent(values.chain(threshold).chain(ticks)).unwrap_or((0.0, 1.0));
    (0.0, if high > 0.0 { high } else { 1.0 })
}

/// Hatches where nothing was collected: an absent column would read as zero.
fn holes(canvas: &Canvas<'_>, plane: &Plane<'_, '_>, plot: Rect, columns: &Columns, taken: &mut Taken) {
    let missing = |i: usize| columns.columns[i].value.is_none();
    let mut from = 0;
    while from < columns.columns.len() {
        let rest = from..columns.columns.len();
        let to = from + rest.take_while(|i| missing(*i)).count();
        if to > from {
            let (left, _) = plane.at(from as f64 - 0.5, 0.0);
            let (right, _) = plane.at(to as f64 - 0.5, 0.0);
            let hole = Rect::new(left, plot.top, right, plot.bottom);
            canvas.strokes(&hatch(hole), Line::new(Token::Axis, 0.5));
            taken.add_hole(hole);
        }
        from = to + 1;
    }
}

fn bars(canvas: &Canvas<'_>, plane: &Plane<'_, '_>, columns: &Columns, taken: &mut Taken) {
    let (mut over, mut under) = (Vec::new(), Vec::new());
    for (i, column) in columns.columns.iter().enumerate() {
        let Some(value) = column.value.filter(|v| v.is_finite() && *v > 0.0) else {
            continue;
        };
        let (left, top) = plane.at(i as f64 - 0.42, value);
        let (right, base) = plane.at(i as f64 + 0.42, 0.0);
        let bar = Rect::new(left, top, right, base);
        taken.add_box(bar);
        if column.over {
            over.push(bar);
        } else {
            under.push(bar);
        }
    }
    canvas.tiles(&under, Token::Quiet);
    canvas.tiles(&over, Token::Neg);
}

/// The threshold as dashed steps, its words where no column is.
fn threshold(
    canvas: &Canvas<'_>,
    plane: &Plane<'_, '_>,
    plot: Rect,
    columns: &Columns,
    taken: &mut Taken,
    omitted: &mut Vec<String>,
) -> Result<(), Error> {
    let runs = runs(&columns.threshold);
    let mut highest = f64::INFINITY;
    for run in &runs {
        let mut points = Vec::new();
        for (i, (x, y)) in run.iter().enumerate() {
            let level = |x: f64| plane.at(x, *y);
            // Equal neighbours are one stroke, so that the dashes run on.
            if i == 0 || run[i - 1].1 != *y {
                points.push(level(x - 0.5));
            }
            if run.get(i + 1).is_none_or(|next| next.1 != *y) {
                points.push(level(x + 0.5));
            }
            highest = highest.min(level(*x).1);
        }
        taken.add_curve(&points, Rank::Main);
        canvas.line(&points, Line::new(Token::Ink, 0.9).dashed())?;
    }
    if runs.is_empty() || columns.threshold_name.is_empty() {
        return Ok(());
    }
    let kind = Type::new(SMALL, Token::Sub);
    let width = canvas.measure(&columns.threshold_name, kind);
    let room = (plot.width() - width).max(0.0);
    let rows = (0_u8..14).map(|i| highest - 3.0 - TEXT - 6.0 * f64::from(i));
    let places: Vec<Rect> = rows
        .flat_map(|top| {
            (0_u8..=20).map(move |i| {
                let left = plot.right - width - room * f64::from(i) / 20.0;
                Rect::new(left, top, left + width, top + TEXT + 1.0)
            })
        })
        .collect();
    let Some(place) = taken.take(&places) else {
        omitted.push(columns.threshold_name.clone());
        return Ok(());
    };
    let at = (place.left, f64::midpoint(place.top, place.bottom));
    canvas.text(at, &columns.threshold_name, kind)
}
