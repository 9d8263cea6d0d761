//! What lines and texts look like: colour, width, dash, size, weight, anchor.

use plotters::style::text_anchor::{HPos, VPos};

use crate::colour::Rgb;
use crate::metrics::Weight;
use crate::theme::Token;

/// A colour that follows the theme, or one that never changes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Colour {
    /// Token of the theme.
    Token(Token),
    /// Same in light and dark.
    Fixed(Rgb),
}

impl From<Token> for Colour {
    fn from(token: Token) -> Self {
        Self::Token(token)
    }
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// Colour.
    pub colour: Colour,
    /// Width in points.
    pub width: f64,
    /// Dash pattern.
    pub dash: Option<&'static str>,
    /// Round ends and joins.
    pub round: bool,
}

impl Line {
    /// A plain line of this width in points.
    pub(crate) fn new(colour: impl Into<Colour>, width: f64) -> Self {
        Self { colour: colour.into(), width, dash: None, round: false }
    }

    /// Radius of the dot that stands for a curve of one point.
    pub(crate) fn dot_radius(self) -> f64 {
        (self.width * 0.9).max(1.3)
    }

    /// The same, dashed.
    pub(crate) fn dashed(mut self) -> Self {
        self.dash = Some("3 2.4");
        self
    }

    /// The same, with round joins: for curves.
    pub(crate) fn round(mut self) -> Self {
        self.round = true;
        self
    }
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(crate) struct Type {
    /// Size in points.
    pub size: f64,
    /// Weight.
    pub weight: Weight,
    /// Colour.
    pub colour: Colour,
    /// Which side of the text is at its point.
    pub h: HPos,
    /// Which height of the capital letters is at its point.
    pub v: VPos,
}

impl Type {
    /// Regular text starting at its point, centred on it vertically.
    pub(crate) fn new(size: f64, colour: impl Into<Colour>) -> Self {
        Self { size, weight: Weight::Regular, colour: colour.into(), h: HPos::Left, v: VPos::Center }
    }

    /// The same in 600.
    pub(crate) fn strong(self) -> Self {
        self.weight(Weight::Strong)
    }

    /// The same in this weight.
    pub(crate) fn weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    /// The same, ending at its point.
    pub(crate) fn end(mut self) -> Self {
        self.h = HPos::Right;
        self
    }

    /// The same, centred on its point.
    pub(crate) fn middle(mut self) -> Self {
        self.h = HPos::Center;
        self
    }

    /// The same, standing on its point.
    pub(crate) fn standing(mut self) -> Self {
        self.v = VPos::Bottom;
        self
    }

    /// The same, hanging from its point.
    pub(crate) fn hanging(mut self) -> Self {
        self.v = VPos::Top;
        self
    }
}
