//! What charts made of rows share: a column of names, a plot, value columns and an axis below.

use crate::axis;
use crate::canvas::{Canvas, Plane};
use crate::chart::{Ink, Tick};
use crate::error::Error;
use crate::format::Format;
use crate::labels::{Rect, wrap};
use crate::metrics::{FontSet, Weight};
use crate::pen::{Line, Type};
use crate::theme::Token;

/// Size of names and values.
pub(crate) const TEXT: f64 = 8.0;
/// Size of headings and axis labels.
pub(crate) const SMALL: f64 = 7.6;

/// What a row prints.
pub(crate) struct Row<'a> {
    /// Name.
    pub name: &'a str,
    /// Colour of the name.
    pub ink: Token,
    /// Strong row.
    pub strong: bool,
    /// Whether the base is large enough; otherwise everything is grey.
    pub known: bool,
    /// Words of the value columns.
    pub columns: &'a [String],
}

/// Whether names start at the left of the drawing or end at the plot.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// At the left, with rules between the rows.
    Left,
    /// Against the plot.
    AtPlot,
}

/// Where everything goes.
pub(crate) struct Layout<'a> {
    rows: Vec<Row<'a>>,
    names: Names,
    name_lines: Vec<Vec<String>>,
    heads: Vec<Vec<String>>,
    column_rights: Vec<f64>,
    limits: Vec<f64>,
    /// The plot, without the axis labels.
    pub plot: Rect,
    /// Size of the drawing.
    pub size: (f64, f64),
}

impl<'a> Layout<'a> {
    /// Places rows. `inset` is the room at the left and the right of the plot for words.
    pub(crate) fn new(
        rows: Vec<Row<'a>>,
        heads: &[String],
        ticks: &[Tick],
        names: Names,
        fonts: &FontSet,
        format: &Format,
        inset: (f64, f64),
    ) -> Self {
        let width = format.points();
        let (heads, widths) = columns(&rows, heads, fonts, format);
        let gap = if format.narrow() { 8.0 } else { 13.0 };
        let columns_width: f64 = widths.iter().map(|w| w + gap).sum();
        let name_room = (width - columns_width) * if format.narrow() { 0.42 } else { 0.38 };
        let (name_lines, name_width) = name_lines(&rows, fonts, name_room, format);
        let left = name_width + if name_width > 0.0 { 7.0 } else { 0.0 };
        let right = (width - columns_width).max(left + inset.0 + inset.1 + 12.0);
        let head_lines = heads.iter().map(Vec::len).max().unwrap_or(0);
        let top = if head_lines > 0 { head_lines as f64 * 9.0 + 5.0 } else { 2.0 };
        let limits = limits(&name_lines, top, format);
        let bottom = limits.last().copied().unwrap_or(top);
        let mut edge = right;
        let column_rights = widths
            .iter()
            .map(|w| {
                edge += w + gap;
                edge
            })
            .collect();
        Self {
            rows,
            names,
            name_lines,
            heads,
            column_rights,
            limits,
            plot: Rect::new(left + inset.0, top, right - inset.1, bottom),
            size: (width, bottom + if ticks.is_empty() { 2.0 } else { 13.0 }),
        }
    }

    /// Middle of a row.
    pub(crate) fn middle(&self, row: usize) -> f64 {
        f64::midpoint(self.limits[row], self.limits[row + 1])
    }

    /// Height of a row's bar.
    pub(crate) fn thickness(&self, row: usize) -> f64 {
        ((self.limits[row + 1] - self.limits[row]) * 0.5).min(11.0)
    }

    /// A plane with data across and points of the sheet downwards.
    pub(crate) fn plane<'c, 'f>(&self, canvas: &'c Canvas<'f>, domain: (f64, f64)) -> Result<Plane<'f, 'c>, Error> {
        // One step of the grid under the last row keeps a plane without rows from being flat.
        let (top, bottom) = (self.plot.top, self.plot.bottom.max(self.plot.top + 0.05));
        let place = Rect::new(self.plot.left, top, self.plot.right, bottom);
        canvas.plane(place, domain, (bottom, top))
    }

    /// Grid lines and axis labels.
    pub(crate) fn axis(&self, canvas: &Canvas<'_>, plane: &Plane<'_, '_>, ticks: &[Tick]) -> Result<(), Error> {
        for tick in ticks.iter().filter(|tick| tick.at.is_finite()) {
            let (x, _) = plane.at(tick.at, self.plot.top);
            if x >= self.plot.left - 0.1 && x <= self.plot.right + 0.1 {
                let ends = [(x, self.plot.top), (x, self.plot.bottom)];
                canvas.line(&ends, Line::new(Token::Grid, 0.6))?;
            }
        }
        axis::labels(canvas, plane, self.plot, ticks)
    }

    /// The line that bars start from, or that a scale crosses.
    pub(crate) fn zero_line(&self, canvas: &Canvas<'_>, plane: &Plane<'_, '_>, line: Line) -> Result<(), Error> {
        let (x, _) = plane.at(0.0, self.plot.top);
        canvas.line(&[(x, self.plot.top), (x, self.plot.bottom)], line)
    }

    /// Rules between rows, names, headings and value columns.
    pub(crate) fn words(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        self.rules(canvas)?;
        self.headings(canvas)?;
        for (i, row) in self.rows.iter().enumerate() {
            let y = self.middle(i);
            let ink = if row.known { row.ink } else { Token::Mut };
            let kind = Type::new(TEXT, ink).weight(weight(row.strong));
            let lines = &self.name_lines[i];
            match self.names {
                Names::Left => canvas.lines_of_text((0.0, y), lines, kind)?,
                Names::AtPlot => {
                    canvas.lines_of_text((self.plot.left - 7.0, y), lines, kind.end())?;
                }
            }
            for (column, (words, x)) in row.columns.iter().zip(&self.column_rights).enumerate() {
                let kind = Type::new(TEXT, if row.known { Token::Ink } else { Token::Mut });
                let strong = row.known && (row.strong || column == 0);
                canvas.text((*x, y), words, kind.weight(weight(strong)).end())?;
            }
        }
        Ok(())
    }

    fn rules(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        if self.names == Names::AtPlot || self.limits.len() < 3 {
            return Ok(());
        }
        for y in &self.limits[1..self.limits.len() - 1] {
            canvas.line(&[(0.0, *y), (canvas.width, *y)], Line::new(Token::Grid, 0.6))?;
        }
        Ok(())
    }

    fn headings(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let kind = Type::new(SMALL, Token::Sub).end().standing();
        for (lines, x) in self.heads.iter().zip(&self.column_rights) {
            for (i, line) in lines.iter().rev().enumerate() {
                let y = self.plot.top - 6.0 - i as f64 * 9.0;
                canvas.text((*x, y), line, kind)?;
            }
        }
        Ok(())
    }
}

/// Colour of a row's name: that of its entity, otherwise that of text.
pub(crate) fn name_ink(ink: Ink) -> Token {
    match ink {
        Ink::Entity(_) | Ink::Others => Token::label(ink),
        Ink::Positive | Ink::Negative | Ink::Quiet => Token::Ink,
    }
}

/// Strong or not.
pub(crate) fn weight(strong: bool) -> Weight {
    if strong { Weight::Strong } else { Weight::Regular }
}

/// Words of a row for the pointer: its name and its values, in any language.
pub(crate) fn row_words(name: &str, values: &[String]) -> String {
    let parts = std::iter::once(name).chain(values.iter().map(String::as_str));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// Extent of an axis: ticks and numbers, and zero.
pub(crate) fn domain(ticks: &[Tick], numbers: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let levels = ticks.iter().map(|tick| tick.at).chain(numbers);
    let (low, high) = crate::curve::extent(levels.chain([0.0])).unwrap_or((0.0, 0.0));
    if low == high { (0.0, 1.0) } else { (low, high) }
}

fn columns(rows: &[Row<'_>], heads: &[String], fonts: &FontSet, format: &Format) -> (Vec<Vec<String>>, Vec<f64>) {
    let (long, short) = if format.narrow() { (34.0, 28.0) } else { (58.0, 46.0) };
    let mut lines = Vec::new();
    let mut widths = Vec::new();
    for (column, head) in heads.iter().enumerate() {
        let cells = rows.iter().filter_map(|row| row.columns.get(column));
        let cell = cells.map(|words| fonts.width(words, TEXT, Weight::Strong)).fold(0.0, f64::max);
        let whole = fonts.width(head, SMALL, Weight::Regular);
        let room = cell.max(if whole > long { short } else { whole });
        let head = wrap(fonts, head, (SMALL, Weight::Regular), room, 3);
        let widest = head.iter().map(|line| fonts.width(line, SMALL, Weight::Regular)).fold(cell, f64::max);
        widths.push(widest);
        lines.push(head);
    }
    (lines, widths)
}

fn name_lines(rows: &[Row<'_>], fonts: &FontSet, room: f64, format: &Format) -> (Vec<Vec<String>>, f64) {
    let most = if format.narrow() { 4 } else { 3 };
    let mut widest = 0.0_f64;
    let lines = rows
        .iter()
        .map(|row| {
            let weight = weight(row.strong);
            let lines = wrap(fonts, row.name, (TEXT, weight), room, most);
            for line in &lines {
                widest = widest.max(fonts.width(line, TEXT, weight));
            }
            lines
        })
        .collect();
    (lines, widest)
}

/// Heights where rows start and end.
fn limits(name_lines: &[Vec<String>], top: f64, format: &Format) -> Vec<f64> {
    let pitch = match (format.narrow(), name_lines.len()) {
        (true, ..=8) => 17.5,
        (false, ..=6) => 23.0,
        (false, ..=9) => 19.5,
        _ => 16.0,
    };
    let mut limits = vec![top];
    let mut y = top;
    for lines in name_lines {
        let words = lines.len() as f64 * TEXT * 1.15 + 3.0;
        y += format.height(pitch).max(words);
        limits.push(y);
    }
    limits
}
