//! Draws SVG charts from already worded data. Knows geometry and type, not measures or languages.
//!
//! One drawing serves the page and the print: its attributes hold the colours of the light theme,
//! its classes let a style sheet replace them.

mod annotations;
mod axis;
mod backend;
mod bars;
mod brand;
mod calendar;
mod canvas;
mod changes;
pub mod chart;
pub mod colour;
mod columns;
mod curve;
mod error;
mod format;
mod gap_names;
mod labels;
mod lines;
mod marks;
mod metrics;
mod milestones;
mod multiples;
mod pen;
mod ridge;
mod rows;
mod sparkline;
pub mod theme;
mod tiles;
mod tone;

pub use brand::{Adaptation, Branded};
pub use error::Error;
pub use format::{CONTENT_WIDTH, Fit, Format, HALF_WIDTH, Width};
pub use metrics::{FontSet, Weight};

use chart::{Caption, Chart, Drawing};

/// Draws a chart at its normal height in the unbranded colours.
///
/// # Errors
///
/// [`Error::Drawing`] when the geometry engine refuses; no input is known to cause it.
pub fn draw(chart: &Chart, caption: &Caption, fonts: &FontSet, width: Width) -> Result<Drawing, Error> {
    draw_in(chart, caption, fonts, &Format::new(width))
}

/// Draws a chart in a given width, height and palette.
///
/// # Errors
///
/// Same as [`draw`].
pub fn draw_in(chart: &Chart, caption: &Caption, fonts: &FontSet, format: &Format) -> Result<Drawing, Error> {
    match chart {
        Chart::Lines(lines) => lines::draw(lines, caption, fonts, format),
        Chart::Bars(bars) => bars::draw(bars, caption, fonts, format),
        Chart::Tone(tone) => tone::draw(tone, caption, fonts, format),
        Chart::Changes(changes) => changes::draw(changes, caption, fonts, format),
        Chart::Multiples(multiples) => multiples::draw(multiples, caption, fonts, format),
        Chart::Calendar(calendar) => calendar::draw(calendar, caption, fonts, format),
        Chart::Sparkline(sparkline) => sparkline::draw(sparkline, caption, fonts, format),
        Chart::Ridge(ridge) => ridge::draw(ridge, caption, fonts, format),
        Chart::Columns(columns) => columns::draw(columns, caption, fonts, format),
        Chart::Tiles(tiles) => tiles::draw(tiles, caption, fonts, format),
    }
}
