//! The drawing backend that plotters writes to: SVG on a grid of 1/20 point, with classes beside
//! the attributes of the light theme. Knows neither charts nor tokens.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use crate::metrics::{FontSet, Weight};

/// Grid steps in a point.
pub(crate) const GRID: f64 = 20.0;

type Outcome = Result<(), DrawingErrorKind<std::fmt::Error>>;

/// What the next mark carries besides its geometry and colour; taken by the mark that is drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mark {
    /// Classes, ready to be written.
    pub class: String,
    /// Words shown when the pointer rests on the mark.
    pub tooltip: Option<String>,
    /// Dash pattern.
    pub dash: Option<&'static str>,
    /// Weight of a text.
    pub weight: Weight,
    /// Round ends and joins.
    pub round: bool,
}

/// What is written so far, shared between the backend (owned by plotters) and the canvas.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// Elements.
    pub body: String,
    /// The next mark.
    pub next: Mark,
}

/// SVG backend of plotters.
pub(crate) struct VigieSvg<'a> {
    sheet: Rc<RefCell<Sheet>>,
    fonts: &'a FontSet,
    size: (u32, u32),
}

impl<'a> VigieSvg<'a> {
    /// A backend of this size in points.
    pub(crate) fn new(sheet: Rc<RefCell<Sheet>>, fonts: &'a FontSet, (width, height): (f64, f64)) -> Self {
        Self { sheet, fonts, size: (to_grid(width) as u32, to_grid(height) as u32) }
    }

    /// Writes one element; `attributes` starts with a space or is empty.
    fn write(&self, name: &str, geometry: &str, paint: &str) {
        let mut sheet = self.sheet.borrow_mut();
        let mark = std::mem::take(&mut sheet.next);
        let _ = write!(sheet.body, "<{name}");
        if !mark.class.is_empty() {
            let _ = write!(sheet.body, " class=\"{}\"", escape(&mark.class));
        }
        sheet.body.push_str(geometry);
        sheet.body.push_str(paint);
        if let Some(dash) = mark.dash {
            let _ = write!(sheet.body, " stroke-dasharray=\"{dash}\"");
        }
        if mark.round {
            let round = " stroke-linecap=\"round\" stroke-linejoin=\"round\"";
            sheet.body.push_str(round);
        }
        match mark.tooltip {
            Some(words) => {
                let words = escape(&words);
                let _ = write!(sheet.body, "><title>{words}</title></{name}>");
            }
            None => sheet.body.push_str("/>"),
        }
    }
}

impl DrawingBackend for VigieSvg<'_> {
    type ErrorType = std::fmt::Error;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Outcome {
        Ok(())
    }

    fn present(&mut self) -> Outcome {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Outcome {
        self.draw_rect(point, (point.0 + 1, point.1 + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Outcome {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Outcome {
        let geometry = format!(
            " x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            number(upper_left.0),
            number(upper_left.1),
            number(bottom_right.0 - upper_left.0),
            number(bottom_right.1 - upper_left.1),
        );
        self.write("rect", &geometry, &paint(style, fill));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Outcome {
        let geometry = format!(" d=\"{}\"", path_data(path));
        self.write("path", &geometry, &paint(style, false));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Outcome {
        let geometry =
            format!(" cx=\"{}\" cy=\"{}\" r=\"{}\"", number(center.0), number(center.1), number(radius as i32));
        self.write("circle", &geometry, &paint(style, fill));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, vert: I, style: &S) -> Outcome {
        let geometry = format!(" d=\"{}z\"", path_data(vert));
        self.write("path", &geometry, &paint(style, true));
        Ok(())
    }

    /// The anchor's vertical position is that of the capital letters; `Bottom` is the base line.
    fn draw_text<TStyle: BackendTextStyle>(&mut self, text: &str, style: &TStyle, pos: BackendCoord) -> Outcome {
        let size = style.size() / GRID;
        let anchor = style.anchor();
        let mut sheet = self.sheet.borrow_mut();
        let mark = std::mem::take(&mut sheet.next);
        let cap = self.fonts.cap_height(size, mark.weight);
        let drop = match anchor.v_pos {
            VPos::Top => cap,
            VPos::Center => cap / 2.0,
            VPos::Bottom => 0.0,
        };
        let _ = write!(
            sheet.body,
            "<text class=\"{}\" x=\"{}\" y=\"{}\" fill=\"{}\" font-size=\"{}\"",
            escape(&mark.class),
            number(pos.0),
            number(pos.1 + to_grid(drop)),
            hex(style.color()),
            number(to_grid(size)),
        );
        sheet.body.push_str(match anchor.h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        });
        if mark.weight == Weight::Strong {
            sheet.body.push_str(" font-weight=\"600\"");
        }
        let _ = write!(sheet.body, ">{}</text>", escape(text));
        Ok(())
    }

    fn estimate_text_size<TStyle: BackendTextStyle>(
        &self,
        text: &str,
        style: &TStyle,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        let weight = self.sheet.borrow().next.weight;
        let size = style.size();
        let width = self.fonts.width(text, size, weight);
        let height = self.fonts.ascent(size, weight) + self.fonts.descent(size, weight);
        Ok((width.ceil() as u32, height.ceil() as u32))
    }
}

/// Nearest grid step of a length in points.
pub(crate) fn to_grid(points: f64) -> i32 {
    (points * GRID).round() as i32
}

/// A grid length in points, two decimals at most, no trailing zero.
pub(crate) fn number(grid: i32) -> String {
    let hundredths = i64::from(grid) * 5;
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
    match rest {
        0 => format!("{sign}{whole}"),
        rest if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
        rest => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Text made safe inside elements and attributes; characters that XML forbids are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\0'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => safe.push(c),
        }
    }
    safe
}

/// Absolute start, then relative steps: exact on the grid, and half as long as absolute ones.
fn path_data(points: impl IntoIterator<Item = BackendCoord>) -> String {
    let mut data = String::new();
    let mut pen = None;
    for (x, y) in points {
        match pen.replace((x, y)) {
            None => {
                let _ = write!(data, "M{} {}", number(x), number(y));
            }
            Some((from_x, from_y)) => {
                let (dx, dy) = (step(x - from_x), step(y - from_y));
                let apart = if dy.starts_with('-') { "" } else { " " };
                let _ = write!(data, "l{dx}{apart}{dy}");
            }
        }
    }
    data
}

/// A number of a path, without the zero before the point.
fn step(grid: i32) -> String {
    let text = number(grid);
    match text.strip_prefix("-0.").or(text.strip_prefix("0.")) {
        Some(decimals) if grid < 0 => format!("-.{decimals}"),
        Some(decimals) => format!(".{decimals}"),
        None => text,
    }
}

fn paint<S: BackendStyle>(style: &S, fill: bool) -> String {
    let colour = hex(style.color());
    if fill {
        return format!(" fill=\"{colour}\"");
    }
    let width = number(style.stroke_width() as i32);
    format!(" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"")
}

fn hex(color: BackendColor) -> String {
    let (r, g, b) = color.rgb;
    format!("#{r:02X}{g:02X}{b:02X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_two_decimals_at_most() {
        let cases = [(0, "0"), (1, "0.05"), (-1, "-0.05"), (2, "0.1"), (25, "1.25"), (-41, "-2.05")];
        for (grid, text) in cases {
            assert_eq!(number(grid), text);
        }
    }

    #[test]
    fn hostile_words_stay_words() {
        assert_eq!(escape("<script>'\"&\u{7}\n"), "&lt;script&gt;&#39;&quot;&amp; ");
    }
}
