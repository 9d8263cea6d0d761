//! Renders a report as a tagged PDF with the embedded typesetter.
//!
//! One edition of a report goes in, as JSON; the bytes of a PDF come out. The template is fixed
//! (`report-templates/monthly/pdf`) and reads data only as strings: nothing of a report is ever
//! evaluated. This crate computes no number and writes no sentence.

mod csv;
mod emoji;
mod error;
mod fit;
mod fonts;
mod glyphs;
mod material;
mod sheet;
mod typeset;
mod world;

pub use error::Error;
pub use typeset::{Pdf, typeset};

use serde_json::Value;

/// Size of the pages. Both have the same text width, so drawings are printed at 1:1 on either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 215.9 × 279.4 mm.
    Letter,
}

impl Paper {
    /// Height of the text on a page, in points, as the template's margins leave it.
    fn text_height(self) -> f64 {
        let millimetres = match self {
            Paper::A4 => 297.0 - 27.0 - 21.0,
            Paper::Letter => 279.4 - 23.0 - 17.0,
        };
        millimetres / 25.4 * 72.0
    }
}

/// How the PDF is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Size of the pages.
    pub paper: Paper,
    /// Attach the numbers behind each figure as CSV. With them the file is PDF/UA-1 and PDF/A-3a;
    /// without, PDF/UA-1 and PDF/A-2a, which forbids attachments.
    pub attachments: bool,
    /// Print a page with the titles of all sections and figures after the essentials.
    pub contents: bool,
    /// More font files (TTF, OTF, TTC), for names or quotes in other scripts. Used after the
    /// bundled ones, in this order.
    pub fonts: Vec<Vec<u8>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { paper: Paper::A4, attachments: true, contents: true, fonts: Vec::new() }
    }
}

/// Words the template needs in `edition.labels`, in the language of the edition.
pub const LABELS: [&str; 8] = [
    "figure",
    "pdf_caution",
    "pdf_contents",
    "pdf_contents_question",
    "pdf_contents_title",
    "pdf_figure_data",
    "pdf_replaced_characters",
    "pdf_see_page",
];

/// The PDF of one edition (the value made by `vigie_report::edition::edition`).
///
/// # Errors
/// See [`typeset`], which also tells how many pages there are and what had to be replaced.
pub fn render(edition: &Value, options: &Options) -> Result<Vec<u8>, Error> {
    typeset(edition, options).map(|pdf| pdf.bytes)
}
