//! Widths of text as the reader will see it, read from the fonts of the report. Draws nothing.

use std::collections::BTreeMap;

use ttf_parser::Face;
use ttf_parser::cmap::Subtable;

use crate::error::Error;

/// Weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Weight {
    /// 400.
    #[default]
    Regular,
    /// 600.
    Strong,
}

/// Measures of the two fonts that charts use. Everything is kept in fractions of an em.
#[derive(Clone, Debug)]
pub struct FontSet {
    regular: Measures,
    strong: Measures,
}

#[derive(Clone, Debug)]
struct Measures {
    advances: BTreeMap<char, f64>,
    ascent: f64,
    descent: f64,
    cap_height: f64,
}

impl FontSet {
    /// Reads the regular (400) and the strong (600) font from the bytes of a TTF or OTF file.
    ///
    /// # Errors
    ///
    /// [`Error::Font`] when one of them is not a font.
    pub fn new(regular: &[u8], strong: &[u8]) -> Result<Self, Error> {
        Ok(Self { regular: Measures::read(regular, "regular")?, strong: Measures::read(strong, "strong")? })
    }

    /// Width of a text on one line, in the unit of `size`. Kerning is left out: it nearly always
    /// tightens, so labels are given slightly too much room, never too little.
    pub fn width(&self, text: &str, size: f64, weight: Weight) -> f64 {
        let font = self.font(weight);
        text.chars().map(|c| font.advance(c)).sum::<f64>() * size
    }

    /// Height above the base line that a line of text occupies.
    pub(crate) fn ascent(&self, size: f64, weight: Weight) -> f64 {
        self.font(weight).ascent * size
    }

    /// Depth under the base line.
    pub(crate) fn descent(&self, size: f64, weight: Weight) -> f64 {
        self.font(weight).descent * size
    }

    /// Height of capital letters, used to centre a text on a mark.
    pub(crate) fn cap_height(&self, size: f64, weight: Weight) -> f64 {
        self.font(weight).cap_height * size
    }

    fn font(&self, weight: Weight) -> &Measures {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Strong => &self.strong,
        }
    }
}

impl Measures {
    fn read(bytes: &[u8], role: &'static str) -> Result<Self, Error> {
        let face = Face::parse(bytes, 0).map_err(|error| Error::Font { role, reason: error.to_string() })?;
        let em = f64::from(face.units_per_em());
        let cap_height = face.capital_height().map_or(0.66, |h| f64::from(h) / em);
        Ok(Self {
            advances: advances(&face, em),
            // The line boxes of web fonts are generous; letters themselves need less.
            ascent: (cap_height + 0.1).min(f64::from(face.ascender()) / em),
            descent: (f64::from(-face.descender()) / em).min(0.25),
            cap_height,
        })
    }

    fn advance(&self, c: char) -> f64 {
        self.advances.get(&c).copied().unwrap_or_else(|| self.missing(c))
    }

    /// Room for a character that the font lacks: another font will draw it, or a box.
    fn missing(&self, c: char) -> f64 {
        match c {
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => 0.0,
            '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{2009}' => self.advances.get(&' ').copied().unwrap_or(0.25),
            '\u{1100}'.. => 1.0,
            _ => 0.6,
        }
    }
}

fn advances(face: &Face<'_>, em: f64) -> BTreeMap<char, f64> {
    let mut advances = BTreeMap::new();
    let Some(cmap) = face.tables().cmap else {
        return advances;
    };
    for table in cmap.subtables.into_iter().filter(Subtable::is_unicode) {
        table.codepoints(|code| {
            let Some(c) = char::from_u32(code) else {
                return;
            };
            if let Some(width) = face.glyph_index(c).and_then(|g| face.glyph_hor_advance(g)) {
                advances.insert(c, f64::from(width) / em);
            }
        });
    }
    advances
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn read(name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../report-templates/fonts/");
        std::fs::read(format!("{folder}{name}")).unwrap()
    }

    #[test]
    fn widths_are_those_of_the_fonts() {
        let (regular, strong) = (read("VigieSans-Regular.ttf"), read("VigieSans-SemiBold.ttf"));
        let fonts = FontSet::new(&regular, &strong).unwrap();
        let width = |text: &str| fonts.width(text, 100.0, Weight::Regular);
        assert_eq!(width("11"), width("00"), "figures line up in columns");
        assert!(fonts.width("Nordet", 8.0, Weight::Strong) > fonts.width("Nordet", 8.0, Weight::Regular));
        assert_eq!(width("e\u{200b}e"), width("ee"));
        assert_eq!(width("漢"), 100.0, "an uncovered ideograph is given a whole em");
    }

    #[test]
    fn what_is_not_a_font_is_named_in_both_languages() {
        let strong = read("VigieSans-SemiBold.ttf");
        let error = FontSet::new(b"not a font", &strong).unwrap_err();
        assert!(error.to_string().starts_with("the regular font of charts"));
        assert!(error.french().starts_with("la police normale des graphiques"));
    }
}
