//! Evolution of one series: its curve, grey context curves named at their ends, hatched days
//! without collection. Dated facts are placed by `annotations.rs`.

use crate::annotations;
use crate::axis;
use crate::canvas::{Canvas, Plane};
use crate::chart::{Band, Caption, Drawing, Lines, Series, Tick};
use crate::curve::{draw_runs, extent, last_known, runs};
use crate::error::Error;
use crate::format::Format;
use crate::gap_names;
use crate::labels::{Rank, Rect, Taken, spread, wrap};
use crate::metrics::{FontSet, Weight};
use crate::pen::{Line, Type};
use crate::rows::{SMALL, TEXT};
use crate::theme::Token;

/// Distance between lines of a label.
pub(crate) const LEADING: f64 = 9.2;
/// Zones for the pointer that a drawing can afford.
const ZONES: usize = 80;

/// Words at the right of the plot: a name at the end of a curve, or those of the reference.
struct EndLabel {
    lines: Vec<String>,
    kind: Type,
    /// Last known step and value.
    end: Option<(f64, f64)>,
}

/// Draws an evolution.
pub(crate) fn draw(lines: &Lines, caption: &Caption, fonts: &FontSet, format: &Format) -> Result<Drawing, Error> {
    let labels = end_labels(lines, fonts, format);
    let steps = steps(lines);
    let plot = plot(lines, &labels, fonts, format);
    let size = (format.points(), plot.bottom + 14.0);
    let canvas = Canvas::new(caption, fonts, &format.palette, size);
    let across = (0.0, steps.saturating_sub(1) as f64);
    let mut plane = canvas.plane(plot, across, levels(lines))?;
    let mut taken = Taken::new(Rect::new(plot.left, 0.0, size.0, plot.bottom));
    let mut omitted = Vec::new();

    band(&canvas, &plane, lines, &mut taken)?;
    grid(&canvas, &plane, plot, &lines.y_ticks)?;
    let holes = gaps(&canvas, &plane, plot, lines, &mut taken);
    axis::labels(&canvas, &plane, plot, &lines.x_ticks)?;
    reference(&canvas, &plane, plot, lines, &mut taken)?;
    let budget = (700 / lines.context.len().max(1)).max(40);
    for series in &lines.context {
        let line = Line::new(Token::Quiet, 0.9).round();
        draw_runs(&canvas, &mut plane, &series.values, line, budget)?;
        take(&plane, &series.values, Rank::Context, &mut taken);
    }
    let line = Line::new(Token::mark(lines.main.ink), 1.8).round();
    draw_runs(&canvas, &mut plane, &lines.main.values, line, 400)?;
    take(&plane, &lines.main.values, Rank::Main, &mut taken);
    end_marks(&canvas, &plane, plot, &labels, lines, &mut taken, &mut omitted)?;
    annotations::draw(&canvas, &plane, plot, lines, &mut taken, &mut omitted)?;
    gap_names::draw(&canvas, holes, lines, &mut taken, &mut omitted)?;
    let words: Vec<&str> = lines.tooltips.iter().map(String::as_str).collect();
    canvas.zones(&zones(&plane, plot, &lines.main.values, &words));
    Ok(canvas.finish(omitted))
}

/// Keeps words away from a curve.
fn take(plane: &Plane<'_, '_>, values: &[Option<f64>], rank: Rank, taken: &mut Taken) {
    for run in runs(values) {
        let points: Vec<_> = run.iter().map(|(x, y)| plane.at(*x, *y)).collect();
        taken.add_curve(&points, rank);
    }
}

fn steps(lines: &Lines) -> usize {
    let series = std::iter::once(&lines.main).chain(&lines.context);
    series.map(|s| s.values.len()).max().unwrap_or(0)
}

fn levels(lines: &Lines) -> (f64, f64) {
    let series = std::iter::once(&lines.main).chain(&lines.context);
    let values = series.flat_map(|s| s.values.iter().copied().flatten());
    let ticks = lines.y_ticks.iter().map(|tick| tick.at);
    let reference = lines.reference.iter().map(|level| level.at);
    let band = lines.band.iter().flat_map(|band| band.ranges.iter());
    let band = band.flatten().flat_map(|(low, high)| [*low, *high]);
    match extent(values.chain(ticks).chain(reference).chain(band)) {
        None => (0.0, 1.0),
        // Without ticks a flat zero curve would sit in the middle of the plot.
        Some((low, high)) if low == high => (low.min(0.0), high.max(low.min(0.0) + 1.0)),
        Some(extent) => extent,
    }
}

fn plot(lines: &Lines, labels: &[EndLabel], fonts: &FontSet, format: &Format) -> Rect {
    let narrow = format.narrow();
    let ticks = lines.y_ticks.iter();
    let left = ticks.map(|tick| fonts.width(&tick.shown, SMALL, Weight::Regular) + 6.0).fold(4.0, f64::max);
    let words = labels.iter().flat_map(|label| label.lines.iter().map(|line| (line, label.kind)));
    let right = words.map(|(line, kind)| fonts.width(line, kind.size, kind.weight) + 10.0).fold(6.0, f64::max);
    let top = match (lines.annotations.is_empty(), lines.gaps.is_empty()) {
        (false, _) => 36.0,
        (true, false) => 13.0,
        (true, true) => 6.0,
    };
    let height = format.height(if narrow { 96.0 } else { 132.0 });
    // Names pile up at the right: the plot is at least as high as they are.
    let names: f64 = labels.iter().map(|l| l.lines.len() as f64 * LEADING).sum();
    let height = height.max(names - 10.0);
    Rect::new(left, top, format.points() - right, top + height)
}

fn end_labels(lines: &Lines, fonts: &FontSet, format: &Format) -> Vec<EndLabel> {
    let room = format.points() * if format.narrow() { 0.25 } else { 0.23 };
    let strong = Type::new(TEXT, Token::label(lines.main.ink)).strong();
    let quiet = Type::new(SMALL, Token::Mut);
    let mut labels = vec![label(&lines.main, strong, fonts, room)];
    let reference = lines.reference.as_ref().filter(|level| level.at.is_finite());
    labels.extend(reference.map(|level| EndLabel {
        lines: wrap(fonts, &level.shown, (SMALL, Weight::Regular), (room * 0.62).max(48.0), 4),
        kind: Type::new(SMALL, Token::Sub),
        end: Some((steps(lines).saturating_sub(1) as f64, level.at)),
    }));
    labels.extend(lines.band.as_ref().map(|band| EndLabel {
        lines: wrap(fonts, &band.name, (SMALL, Weight::Regular), room, 3),
        kind: quiet,
        end: last_known(&middles(band)),
    }));
    labels.extend(lines.context.iter().map(|s| label(s, quiet, fonts, room)));
    labels
}

fn label(series: &Series, kind: Type, fonts: &FontSet, room: f64) -> EndLabel {
    let type_of = (kind.size, kind.weight);
    let most = if room < 70.0 { 4 } else { 3 };
    let mut lines = wrap(fonts, &series.name, type_of, room, most);
    if !series.last.is_empty() {
        let last = lines.last_mut().map(|line| format!("{line} {}", series.last));
        let joined = last.filter(|l| !series.name.is_empty() && fits(fonts, l, kind, room));
        match (joined, lines.last_mut()) {
            (Some(joined), Some(line)) => *line = joined,
            (_, Some(line)) if line.is_empty() => line.clone_from(&series.last),
            _ => lines.push(series.last.clone()),
        }
    }
    lines.retain(|line| !line.is_empty());
    EndLabel { lines, kind, end: last_known(&series.values) }
}

fn fits(fonts: &FontSet, text: &str, kind: Type, room: f64) -> bool {
    fonts.width(text, kind.size, kind.weight) <= room
}

/// Horizontal lines with their words at the left; the lowest one is the base.
pub(crate) fn grid(canvas: &Canvas<'_>, plane: &Plane<'_, '_>, plot: Rect, ticks: &[Tick]) -> Result<(), Error> {
    let kind = Type::new(SMALL, Token::Mut).end();
    let base = extent(ticks.iter().map(|tick| tick.at)).map(|(low, _)| low);
    let mut last: Option<f64> = None;
    for tick in ticks.iter().filter(|tick| tick.at.is_finite()) {
        let (_, y) = plane.at(0.0, tick.at);
        let line = if base == Some(tick.at) { Line::new(Token::Axis, 0.75) } else { Line::new(Token::Grid, 0.6) };
        canvas.line(&[(plot.left, y), (plot.right, y)], line)?;
        if last.is_none_or(|last| (last - y).abs() >= LEADING) {
            canvas.text((plot.left - 5.0, y), &tick.shown, kind)?;
            last = Some(y);
        }
    }
    Ok(())
}

/// Hatches over the days without collection. Returns where they are.
fn gaps(canvas: &Canvas<'_>, plane: &Plane<'_, '_>, plot: Rect, lines: &Lines, taken: &mut Taken) -> Vec<Rect> {
    let side = |step: usize| {
        let (x, _) = plane.at(step as f64 - 0.5, 0.0);
        x.max(plot.left).min(plot.right)
    };
    let mut holes = Vec::new();
    for (from, to) in lines.gaps.iter().filter(|(from, to)| from < to) {
        let hole = Rect::new(side(*from), plot.top, side(*to), plot.bottom);
        canvas.strokes(&hatch(hole), Line::new(Token::Axis, 0.5));
        taken.add_hole(hole);
        holes.push(hole);
    }
    holes
}

/// Parallel lines at 45° inside a box, 4.5 points apart.
pub(crate) fn hatch(hole: Rect) -> Vec<((f64, f64), (f64, f64))> {
    let mut segments = Vec::new();
    let mut offset = 4.5;
    while offset < hole.width() + hole.height() {
        let across = offset.min(hole.width());
        let down = offset.min(hole.height());
        let start = (hole.left + offset - down, hole.top + down);
        let end = (hole.left + across, hole.top + offset - across);
        segments.push((start, end));
        offset += 4.5;
    }
    segments
}

fn end_marks(
    canvas: &Canvas<'_>,
    plane: &Plane<'_, '_>,
    plot: Rect,
    labels: &[EndLabel],
    lines: &Lines,
    taken: &mut Taken,
    omitted: &mut Vec<String>,
) -> Result<(), Error> {
    let drawn: Vec<_> =
        labels.iter().filter_map(|label| Some((label, label.end.map(|(x, y)| plane.at(x, y))?))).collect();
    let wanted: Vec<_> = drawn.iter().map(|(label, (_, y))| (*y, label.lines.len() as f64 * LEADING)).collect();
    let places = spread(&wanted, plot.top - 8.0, plot.bottom + 2.0);
    for ((label, (x, y)), place) in drawn.iter().zip(places) {
        let Some(place) = place else {
            omitted.push(label.lines.join(" "));
            continue;
        };
        if (place - y).abs() > 4.0 || plot.right - x > 4.0 {
            let elbow = [(x + 2.0, *y), (plot.right + 3.0, *y), (plot.right + 8.0, place)];
            canvas.line(&elbow, Line::new(Token::Ghost, 0.6))?;
        }
        canvas.lines_of_text((plot.right + 9.0, place), &label.lines, label.kind)?;
        let half = label.lines.len() as f64 * LEADING / 2.0;
        let (top, bottom) = (place - half, place + half);
        taken.add_box(Rect::new(plot.right, top, canvas.width, bottom));
    }
    if let Some((x, y)) = last_known(&lines.main.values) {
        let at = plane.at(x, y);
        canvas.dot(at, 3.4, Token::Bg, None)?;
        canvas.dot(at, 2.4, Token::mark(lines.main.ink), None)?;
    }
    Ok(())
}

/// The range of expected values, where there is one.
fn band(canvas: &Canvas<'_>, plane: &Plane<'_, '_>, lines: &Lines, taken: &mut Taken) -> Result<(), Error> {
    let Some(band) = &lines.band else {
        return Ok(());
    };
    for run in runs(&middles(band)) {
        let steps = run.iter().map(|(step, _)| *step as usize);
        let ranges = steps.filter_map(|step| Some((step as f64, band.ranges[step]?)));
        let mut shape = Vec::new();
        let mut back = Vec::new();
        for (step, (low, high)) in ranges {
            shape.push(plane.at(step, high));
            back.push(plane.at(step, low));
        }
        taken.add_curve(&shape, Rank::Context);
        taken.add_curve(&back, Rank::Context);
        shape.extend(back.into_iter().rev());
        canvas.polygon(&shape, Token::Band)?;
    }
    Ok(())
}

/// Middle of each expected range.
fn middles(band: &Band) -> Vec<Option<f64>> {
    let ranges = band.ranges.iter();
    ranges.map(|range| range.map(|(low, high)| f64::midpoint(low, high))).collect()
}

/// The level to compare with; its words are among those at the right.
fn reference(
    canvas: &Canvas<'_>,
    plane: &Plane<'_, '_>,
    plot: Rect,
    lines: &Lines,
    taken: &mut Taken,
) -> Result<(), Error> {
    let Some(level) = lines.reference.as_ref().filter(|l| l.at.is_finite()) else {
        return Ok(());
    };
    let (_, y) = plane.at(0.0, level.at);
    let ends = [(plot.left, y), (plot.right, y)];
    taken.add_curve(&ends, Rank::Context);
    canvas.line(&ends, Line::new(Token::Sub, 0.8).dashed())
}

/// One zone per step; where there are too many steps, one per bucket with its highest step.
pub(crate) fn zones<'l>(
    plane: &Plane<'_, '_>,
    plot: Rect,
    values: &[Option<f64>],
    words: &[&'l str],
) -> Vec<(Rect, &'l str)> {
    let size = words.len().div_ceil(ZONES).max(1);
    let height = |step: &usize| values.get(*step).copied().flatten();
    let steps: Vec<usize> = (0..words.len()).collect();
    steps
        .chunks(size)
        .filter_map(|bucket| {
            let highest = bucket.iter().max_by(|a, b| {
                let (a, b) = (height(a), height(b));
                a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal)
            })?;
            let words = words[*highest];
            let (left, _) = plane.at(*bucket.first()? as f64 - 0.5, 0.0);
            let (right, _) = plane.at(*bucket.last()? as f64 + 0.5, 0.0);
            let left = left.max(plot.left).min(plot.right);
            let right = right.min(plot.right).max(left);
            let zone = Rect::new(left, plot.top, right, plot.bottom);
            (!words.is_empty() && zone.width() > 0.0).then_some((zone, words))
        })
        .collect()
}
