//! A sheet to draw on in points, and data planes placed on it. plotters does the mapping and the
//! elements; this file gives them tokens, tooltips and text. What a line or a text looks like is
//! in `pen.rs`.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::Cartesian2d;
use plotters::series::LineSeries;
use plotters::style::text_anchor::Pos;
use plotters::style::{Color, IntoFont, RGBColor, ShapeStyle, TextStyle};

use crate::backend::{GRID, Mark, Sheet, VigieSvg, escape, number, to_grid};
use crate::chart::{Caption, Drawing};
use crate::colour::Rgb;
use crate::error::Error;
use crate::labels::Rect;
use crate::metrics::FontSet;
use crate::pen::{Colour, Line, Type};
use crate::theme::{Mode, Palette, Token, fill_class, stroke_class, text_class};

/// Family written in drawings; both renderers have it.
const FAMILY: &str = "Vigie Sans";

/// A point of the sheet.
pub(crate) type Point = (f64, f64);

/// The sheet.
pub(crate) struct Canvas<'a> {
    area: DrawingArea<VigieSvg<'a>, Shift>,
    sheet: Rc<RefCell<Sheet>>,
    caption: &'a Caption,
    palette: &'a Palette,
    /// Measures of the text.
    pub fonts: &'a FontSet,
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
}

impl<'a> Canvas<'a> {
    /// An empty sheet.
    pub(crate) fn new(
        caption: &'a Caption,
        fonts: &'a FontSet,
        palette: &'a Palette,
        (width, height): (f64, f64),
    ) -> Self {
        let sheet = Rc::new(RefCell::new(Sheet::default()));
        let backend = VigieSvg::new(Rc::clone(&sheet), fonts, (width, height));
        Self { area: backend.into_drawing_area(), sheet, caption, palette, fonts, width, height }
    }

    /// A straight or broken line.
    pub(crate) fn line(&self, points: &[Point], line: Line) -> Result<(), Error> {
        let path = PathElement::new(on_grid(points), self.stroke(line, None));
        self.checked(self.area.draw(&path))
    }

    /// A line under which the background shows, so that it reads on any mark.
    pub(crate) fn line_with_halo(&self, points: &[Point], line: Line, halo: f64) -> Result<(), Error> {
        self.line(points, Line::new(Token::Bg, line.width + halo))?;
        self.line(points, line)
    }

    /// A filled rectangle, with its words if it carries a value.
    pub(crate) fn rect(&self, rect: Rect, colour: impl Into<Colour>, tooltip: Option<&str>) -> Result<(), Error> {
        let corners = [(to_grid(rect.left), to_grid(rect.top)), (to_grid(rect.right), to_grid(rect.bottom))];
        let rectangle = Rectangle::new(corners, self.fill(colour.into(), tooltip));
        self.checked(self.area.draw(&rectangle))
    }

    /// A filled shape.
    pub(crate) fn polygon(&self, points: &[Point], colour: impl Into<Colour>) -> Result<(), Error> {
        let polygon = Polygon::new(on_grid(points), self.fill(colour.into(), None));
        self.checked(self.area.draw(&polygon))
    }

    /// A full dot, with its words if it carries a value.
    pub(crate) fn dot(
        &self,
        (x, y): Point,
        radius: f64,
        colour: impl Into<Colour>,
        tooltip: Option<&str>,
    ) -> Result<(), Error> {
        let style = self.fill(colour.into(), tooltip);
        let circle = Circle::new((to_grid(x), to_grid(y)), to_grid(radius), style);
        self.checked(self.area.draw(&circle))
    }

    /// A hollow dot: the background inside a line.
    pub(crate) fn ring(&self, at: Point, radius: f64, line: Line) -> Result<(), Error> {
        self.dot(at, radius, Token::Bg, None)?;
        let centre = (to_grid(at.0), to_grid(at.1));
        let circle = Circle::new(centre, to_grid(radius), self.stroke(line, None));
        self.checked(self.area.draw(&circle))
    }

    /// A text on one line.
    pub(crate) fn text(&self, (x, y): Point, text: &str, kind: Type) -> Result<(), Error> {
        if text.is_empty() {
            return Ok(());
        }
        let (class, rgb) = self.resolve(kind.colour, text_class);
        self.sheet.borrow_mut().next = Mark { class, weight: kind.weight, ..Mark::default() };
        let style = TextStyle::from((FAMILY, kind.size * GRID).into_font()).color(&rgb).pos(Pos::new(kind.h, kind.v));
        let element = Text::new(text, (to_grid(x), to_grid(y)), style);
        self.checked(self.area.draw(&element))
    }

    /// Several lines centred vertically on the point.
    pub(crate) fn lines_of_text(&self, (x, y): Point, lines: &[String], kind: Type) -> Result<(), Error> {
        let leading = kind.size * 1.15;
        let first = y - leading * (lines.len().saturating_sub(1)) as f64 / 2.0;
        for (i, line) in lines.iter().enumerate() {
            self.text((x, first + leading * i as f64), line, kind)?;
        }
        Ok(())
    }

    /// Width of a text.
    pub(crate) fn measure(&self, text: &str, kind: Type) -> f64 {
        self.fonts.width(text, kind.size, kind.weight)
    }

    /// Invisible zones with words, for the pointer: over each other zone, in order.
    pub(crate) fn zones(&self, zones: &[(Rect, &str)]) {
        if zones.is_empty() {
            return;
        }
        let mut sheet = self.sheet.borrow_mut();
        sheet.body.push_str("<g class=\"hit\" fill=\"none\" pointer-events=\"all\">");
        for (rect, words) in zones {
            let _ = write!(
                sheet.body,
                "<path d=\"M{} {}h{}v{}h-{}z\"><title>{}</title></path>",
                number(to_grid(rect.left)),
                number(to_grid(rect.top)),
                number(to_grid(rect.right) - to_grid(rect.left)),
                number(to_grid(rect.bottom) - to_grid(rect.top)),
                number(to_grid(rect.right) - to_grid(rect.left)),
                escape(words),
            );
        }
        sheet.body.push_str("</g>");
    }

    /// Many small rectangles of one colour as a single mark: tiles of a calendar.
    pub(crate) fn tiles(&self, rects: &[Rect], colour: impl Into<Colour>) {
        let (class, rgb) = self.resolve(colour.into(), fill_class);
        let data: String = rects.iter().map(tile).collect();
        if !data.is_empty() {
            let colour = Rgb(rgb.0, rgb.1, rgb.2);
            let mut sheet = self.sheet.borrow_mut();
            let _ = write!(sheet.body, "<path class=\"{class}\" d=\"{data}\" fill=\"{colour}\"/>");
        }
    }

    /// Many short lines as a single mark: hatches and crosses.
    pub(crate) fn strokes(&self, segments: &[(Point, Point)], line: Line) {
        let (class, rgb) = self.resolve(line.colour, stroke_class);
        let mut data = String::new();
        for (a, b) in segments {
            let [ax, ay, bx, by] = [a.0, a.1, b.0, b.1].map(|v| number(to_grid(v)));
            let _ = write!(data, "M{ax} {ay}L{bx} {by}");
        }
        if !data.is_empty() {
            let colour = Rgb(rgb.0, rgb.1, rgb.2);
            let width = number(to_grid(line.width));
            let mut sheet = self.sheet.borrow_mut();
            let _ = write!(
                sheet.body,
                "<path class=\"{class}\" d=\"{data}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>"
            );
        }
    }

    /// Opens a group that [`Canvas::repeat`] can draw again elsewhere.
    pub(crate) fn open_group(&self, name: &str) {
        let id = escape(&self.caption.id);
        let mut sheet = self.sheet.borrow_mut();
        let _ = write!(sheet.body, "<g id=\"{id}-{name}\">");
    }

    /// Closes the group opened last.
    pub(crate) fn close_group(&self) {
        self.sheet.borrow_mut().body.push_str("</g>");
    }

    /// Draws a closed group again, moved.
    pub(crate) fn repeat(&self, name: &str, (dx, dy): Point) {
        let id = escape(&self.caption.id);
        let (x, y) = (number(to_grid(dx)), number(to_grid(dy)));
        let mut sheet = self.sheet.borrow_mut();
        let _ = write!(sheet.body, "<use href=\"#{id}-{name}\" x=\"{x}\" y=\"{y}\"/>");
    }

    /// A data plane over a part of the sheet. An empty range is widened around its value.
    pub(crate) fn plane(
        &self,
        place: Rect,
        (x0, x1): (f64, f64),
        (y0, y1): (f64, f64),
    ) -> Result<Plane<'a, '_>, Error> {
        let area = self
            .area
            .clone()
            .shrink((to_grid(place.left), to_grid(place.top)), (to_grid(place.width()), to_grid(place.height())));
        let (x0, x1) = widened(x0, x1);
        let (y0, y1) = widened(y0, y1);
        let chart = ChartBuilder::on(&area).build_cartesian_2d(x0..x1, y0..y1);
        Ok(Plane { chart: self.checked(chart)?, canvas: self, limits: [reach(x0, x1), reach(y0, y1)] })
    }

    /// The finished drawing.
    pub(crate) fn finish(&self, omitted: Vec<String>) -> Drawing {
        let id = escape(&self.caption.id);
        let (width, height) = (to_grid(self.width), to_grid(self.height));
        let (w, h) = (number(width), number(height));
        let sheet = self.sheet.borrow();
        let class = if entities(&sheet.body) > 1 { "chart multi" } else { "chart" };
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" viewBox=\"0 0 {w} {h}\" \
             width=\"{w}\" height=\"{h}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
             font-family=\"{FAMILY}\"><title id=\"{id}-title\">{}</title>\
             <desc id=\"{id}-desc\">{}</desc>{}</svg>",
            escape(&self.caption.title),
            escape(&self.caption.desc),
            sheet.body,
        );
        Drawing { svg, width: f64::from(width) / GRID, height: f64::from(height) / GRID, omitted }
    }

    fn resolve(&self, colour: Colour, class: fn(Token) -> String) -> (String, RGBColor) {
        let (class, rgb) = match colour {
            Colour::Token(token) => (class(token), self.palette.colour(token, Mode::Light)),
            Colour::Fixed(rgb) => (String::new(), rgb),
        };
        (class, RGBColor(rgb.0, rgb.1, rgb.2))
    }

    fn fill(&self, colour: Colour, tooltip: Option<&str>) -> ShapeStyle {
        let (class, rgb) = self.resolve(colour, fill_class);
        self.sheet.borrow_mut().next =
            Mark { class, tooltip: tooltip.filter(|t| !t.is_empty()).map(str::to_owned), ..Mark::default() };
        rgb.filled()
    }

    fn stroke(&self, line: Line, tooltip: Option<&str>) -> ShapeStyle {
        let (class, rgb) = self.resolve(line.colour, stroke_class);
        self.sheet.borrow_mut().next =
            Mark { class, tooltip: tooltip.map(str::to_owned), dash: line.dash, round: line.round, ..Mark::default() };
        rgb.stroke_width(to_grid(line.width) as u32)
    }

    fn checked<T, E: std::fmt::Display>(&self, result: Result<T, E>) -> Result<T, Error> {
        result.map_err(|error| Error::Drawing { id: self.caption.id.clone(), reason: error.to_string() })
    }
}

type Numbers = Cartesian2d<RangedCoordf64, RangedCoordf64>;

/// A part of the sheet where positions are data.
pub(crate) struct Plane<'a, 'c> {
    chart: ChartContext<'c, VigieSvg<'a>, Numbers>,
    canvas: &'c Canvas<'a>,
    limits: [(f64, f64); 2],
}

impl Plane<'_, '_> {
    /// Where a position falls on the sheet, in points.
    pub(crate) fn at(&self, x: f64, y: f64) -> Point {
        let (x, y) = self.chart.backend_coord(&self.near((x, y)));
        (f64::from(x) / GRID, f64::from(y) / GRID)
    }

    /// Positions far outside the plane are brought nearer, so that the grid cannot overflow.
    fn near(&self, (x, y): Point) -> Point {
        let [across, down] = self.limits;
        (x.clamp(across.0, across.1), y.clamp(down.0, down.1))
    }

    /// A curve through data.
    pub(crate) fn curve(&mut self, points: &[Point], line: Line) -> Result<(), Error> {
        let style = self.canvas.stroke(line, None);
        let points: Vec<Point> = points.iter().map(|point| self.near(*point)).collect();
        let series = LineSeries::new(points, style);
        let drawn = self.chart.draw_series(series).map(|_| ());
        self.canvas.checked(drawn)
    }

    /// A bar between two corners in data.
    pub(crate) fn bar(&mut self, corners: [Point; 2], colour: impl Into<Colour>, tooltip: &str) -> Result<(), Error> {
        let style = self.canvas.fill(colour.into(), Some(tooltip));
        let bar = Rectangle::new(corners.map(|corner| self.near(corner)), style);
        let drawn = self.chart.draw_series(std::iter::once(bar)).map(|_| ());
        self.canvas.checked(drawn)
    }
}

fn on_grid(points: &[Point]) -> Vec<(i32, i32)> {
    let cells = points.iter().map(|(x, y)| (to_grid(*x), to_grid(*y)));
    cells.collect()
}

/// How many entities have marks: only drawings of several can put one forward.
fn entities(body: &str) -> usize {
    (1_u8..=6)
        .filter(|slot| {
            let marks = [format!("f-e{slot}\""), format!("s-e{slot}\"")];
            marks.iter().any(|class| body.contains(class))
        })
        .count()
}

fn tile(rect: &Rect) -> String {
    let [x, y, w, h] = [rect.left, rect.top, rect.width(), rect.height()].map(|v| number(to_grid(v)));
    format!("M{x} {y}h{w}v{h}h-{w}z")
}

/// A range with as much again on both sides, lowest first.
fn reach(from: f64, to: f64) -> (f64, f64) {
    let (low, high) = (from.min(to), from.max(to));
    let span = high - low;
    (low - span, high + span)
}

fn widened(from: f64, to: f64) -> (f64, f64) {
    if from == to { (from - 0.5, to + 0.5) } else { (from, to) }
}
