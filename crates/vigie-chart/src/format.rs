//! How large a chart is drawn and in which colours.

use crate::theme::Palette;

/// Width of the text column of a report, in points (166 mm).
pub const CONTENT_WIDTH: f64 = 470.6;

/// Width of one of two charts side by side, in points.
pub const HALF_WIDTH: f64 = 225.0;

/// Width of a drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Width {
    /// The whole text column.
    Full,
    /// One of a pair.
    Half,
    /// Anything else, in points: the tile of a key figure, the page of a cover.
    Points(f64),
}

impl Width {
    /// In points, between 24 and 2000.
    pub fn points(self) -> f64 {
        match self {
            Self::Half => HALF_WIDTH,
            Self::Points(points) if points.is_finite() => points.clamp(24.0, 2000.0),
            Self::Full | Self::Points(_) => CONTENT_WIDTH,
        }
    }
}

/// Height of a drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// As designed.
    #[default]
    Normal,
    /// 0.85 of it, when a section must be brought back on one page.
    Compact,
}

/// Everything about a drawing that is not its data.
#[derive(Clone, Debug, PartialEq)]
pub struct Format {
    /// Width.
    pub width: Width,
    /// Height.
    pub fit: Fit,
    /// Colours.
    pub palette: Palette,
}

impl Format {
    /// Normal height and unbranded colours.
    pub fn new(width: Width) -> Self {
        Self { width, fit: Fit::Normal, palette: Palette::default() }
    }

    /// Width in points.
    pub(crate) fn points(&self) -> f64 {
        self.width.points()
    }

    /// A height of the design, in this fit.
    pub(crate) fn height(&self, normal: f64) -> f64 {
        match self.fit {
            Fit::Normal => normal,
            Fit::Compact => normal * 0.85,
        }
    }

    /// Whether there is little room sideways.
    pub(crate) fn narrow(&self) -> bool {
        self.points() < 320.0
    }
}
