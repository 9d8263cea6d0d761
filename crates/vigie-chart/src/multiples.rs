//! Same-scale panels, one series each, the others behind it as grey ghosts.

use crate::axis;
use crate::canvas::Canvas;
use crate::chart::{Caption, Drawing, Multiples, Series, Tick};
use crate::curve::{draw_runs, extent, last_known};
use crate::error::Error;
use crate::format::Format;
use crate::labels::{Rect, wrap};
use crate::lines::grid;
use crate::metrics::{FontSet, Weight};
use crate::pen::{Line, Type};
use crate::rows::{SMALL, TEXT};
use crate::theme::Token;

/// Name of the group of ghosts, drawn once and repeated.
const GHOSTS: &str = "ghosts";

/// Where panels are.
struct Grid {
    columns: usize,
    left: f64,
    /// From one panel to the next.
    pitch: f64,
    /// Of the curves.
    panel: f64,
    titles: Vec<Vec<String>>,
    /// Of the titles of a row.
    head: f64,
    /// Of the curves.
    height: f64,
}

/// Draws the panels.
pub(crate) fn draw(
    multiples: &Multiples,
    caption: &Caption,
    fonts: &FontSet,
    format: &Format,
) -> Result<Drawing, Error> {
    let places = Grid::new(multiples, fonts, format);
    let rows = multiples.panels.len().div_ceil(places.columns);
    let size = (format.points(), (places.row() * rows as f64 - 8.0).max(12.0));
    let canvas = Canvas::new(caption, fonts, &format.palette, size);
    for (i, series) in multiples.panels.iter().enumerate() {
        let place = places.place(i);
        draw_panel(&canvas, multiples, i, place, places.place(0))?;
        let kind = Type::new(TEXT, Token::label(series.ink)).strong();
        let middle = place.top - 9.0 - (places.titles[i].len() - 1) as f64 * 4.6;
        canvas.lines_of_text((place.left, middle), &places.titles[i], kind)?;
    }
    Ok(canvas.finish(Vec::new()))
}

impl Grid {
    fn new(multiples: &Multiples, fonts: &FontSet, format: &Format) -> Self {
        let panels = &multiples.panels;
        let width = |text: &str, size: f64, weight| fonts.width(text, size, weight);
        let ticks = multiples.y_ticks.iter();
        let left = ticks.map(|tick| width(&tick.shown, SMALL, Weight::Regular) + 6.0).fold(2.0, f64::max);
        let last = panels.iter().map(|series| width(&series.last, TEXT, Weight::Strong)).fold(0.0, f64::max);
        let most = if format.narrow() { 2 } else { 5 };
        let columns = columns(panels, most, |columns| {
            let pitch = (format.points() - left) / columns as f64;
            let longest = panels.iter().map(|s| width(&s.name, TEXT, Weight::Strong)).fold(0.0, f64::max);
            longest <= 2.0 * (pitch - 8.0)
        });
        let pitch = (format.points() - left) / columns as f64;
        let titles: Vec<_> =
            panels.iter().map(|s| wrap(fonts, &s.name, (TEXT, Weight::Strong), pitch - 8.0, 3)).collect();
        let lines = titles.iter().map(Vec::len).max().unwrap_or(1);
        Self {
            columns,
            left,
            pitch,
            panel: (pitch - last - 15.0).max(20.0),
            titles,
            head: lines as f64 * 9.2 + 7.0,
            height: format.height(if columns > 3 { 66.0 } else { 72.0 }),
        }
    }

    /// Height of a row of panels, with its titles and labels.
    fn row(&self) -> f64 {
        self.head + self.height + 22.0
    }

    fn place(&self, panel: usize) -> Rect {
        let (row, column) = (panel / self.columns, panel % self.columns);
        let left = self.left + self.pitch * column as f64;
        let top = self.row() * row as f64 + self.head;
        Rect::new(left, top, left + self.panel, top + self.height)
    }
}

/// As many panels in a row as allowed if the names fit on two lines, otherwise three, or fewer.
/// Rows are filled evenly: six panels are two rows of three.
fn columns(panels: &[Series], most: usize, names_fit: impl Fn(usize) -> bool) -> usize {
    let count = panels.len().max(1);
    let rows = count.div_ceil(most);
    let columns = count.div_ceil(rows);
    if columns <= 3 || names_fit(columns) {
        return columns;
    }
    let rows = count.div_ceil(3);
    count.div_ceil(rows)
}

fn draw_panel(canvas: &Canvas<'_>, multiples: &Multiples, index: usize, place: Rect, first: Rect) -> Result<(), Error> {
    let panels = &multiples.panels;
    let series = &panels[index];
    let steps = panels.iter().map(|s| s.values.len()).max().unwrap_or(0);
    let across = (0.0, steps.saturating_sub(1) as f64);
    let mut plane = canvas.plane(place, across, levels(multiples))?;
    if place.left == first.left {
        grid(canvas, &plane, place, &multiples.y_ticks)?;
    } else {
        grid(canvas, &plane, place, &unlabelled(&multiples.y_ticks))?;
    }
    axis::labels(canvas, &plane, place, &multiples.x_ticks)?;
    if index > 0 {
        canvas.repeat(GHOSTS, (place.left - first.left, place.top - first.top));
    } else if panels.len() > 1 {
        canvas.open_group(GHOSTS);
        for other in panels {
            let line = Line::new(Token::Ghost, 0.8).round();
            draw_runs(canvas, &mut plane, &other.values, line, 160)?;
        }
        canvas.close_group();
    }
    let line = Line::new(Token::mark(series.ink), 1.6).round();
    draw_runs(canvas, &mut plane, &series.values, line, 200)?;
    if let Some((x, y)) = last_known(&series.values) {
        let at = plane.at(x, y);
        let words = crate::rows::row_words(&series.name, std::slice::from_ref(&series.last));
        canvas.dot(at, 2.2, Token::mark(series.ink), Some(&words))?;
        let kind = Type::new(TEXT, Token::Ink).strong();
        canvas.text((at.0 + 5.0, at.1), &series.last, kind)?;
    }
    Ok(())
}

fn levels(multiples: &Multiples) -> (f64, f64) {
    let values = multiples.panels.iter().flat_map(|s| s.values.iter());
    let ticks = multiples.y_ticks.iter().map(|tick| tick.at);
    match extent(values.copied().flatten().chain(ticks)) {
        None => (0.0, 1.0),
        Some((low, high)) if low == high => (low.min(0.0), high.max(low.min(0.0) + 1.0)),
        Some(extent) => extent,
    }
}

fn unlabelled(ticks: &[Tick]) -> Vec<Tick> {
    ticks.iter().map(|tick| Tick { at: tick.at, shown: String::new() }).collect()
}
