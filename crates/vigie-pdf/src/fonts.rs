//! The fonts that may be used: those bundled with vigie, then those given by the project.

use std::collections::{BTreeSet, HashSet};

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};

use crate::error::Error;

/// Family of running text; the family of titles falls back on it.
pub(crate) const SANS: &str = "Vigie Sans";

macro_rules! bundled {
    ($($name:literal),+ $(,)?) => {
        [$(include_bytes!(concat!("../../../report-templates/fonts/", $name, ".ttf")) as &[u8]),+]
    };
}

static BUNDLED: [&[u8]; 6] = bundled![
    "VigieSans-Regular",
    "VigieSans-Italic",
    "VigieSans-SemiBold",
    "VigieSans-Bold",
    "VigieSerif-Regular",
    "VigieSerif-SemiBold",
];

/// Loaded fonts and what they can write.
pub(crate) struct Fonts {
    /// All faces, bundled ones first.
    pub(crate) faces: Vec<Font>,
    /// Families of the extra faces, in the order given, each once.
    pub(crate) extra_families: Vec<String>,
    /// What can be written in any role.
    covered: HashSet<u32>,
}

impl Fonts {
    /// The bundled fonts and `extra` files.
    ///
    /// # Errors
    /// When a file of `extra` holds no font.
    pub(crate) fn load(extra: &[Vec<u8>]) -> Result<Self, Error> {
        let mut faces: Vec<Font> = BUNDLED.iter().flat_map(|data| Font::iter(Bytes::new(*data))).collect();
        let mut extra_families: Vec<String> = Vec::new();
        for (position, data) in extra.iter().enumerate() {
            let before = faces.len();
            faces.extend(Font::iter(Bytes::new(data.clone())));
            if faces.len() == before {
                return Err(Error::Font { number: position + 1 });
            }
            for face in &faces[before..] {
                if !extra_families.contains(&face.info().family) {
                    extra_families.push(face.info().family.clone());
                }
            }
        }
        let covered = covered(&faces, std::iter::once(SANS).chain(extra_families.iter().map(String::as_str)));
        Ok(Self { faces, extra_families, covered })
    }

    /// Index for the typesetter.
    pub(crate) fn book(&self) -> FontBook {
        FontBook::from_fonts(&self.faces)
    }

    /// Whether `c` can be written wherever it occurs: by every face of the text family, which all
    /// roles fall back on, or by an extra family.
    pub(crate) fn covers(&self, c: char) -> bool {
        self.covered.contains(&u32::from(c))
    }
}

/// Characters that every face of one of `families` can write.
fn covered<'a>(faces: &[Font], families: impl Iterator<Item = &'a str>) -> HashSet<u32> {
    let by_family = |family: &str| {
        faces
            .iter()
            .filter(|face| face.info().family == family)
            .map(|face| face.info().coverage.iter().collect::<BTreeSet<u32>>())
            .reduce(|all, face| &all & &face)
            .unwrap_or_default()
    };
    families.flat_map(by_family).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundled_families_have_the_names_and_signs_the_template_uses() {
        let fonts = Fonts::load(&[]).unwrap();
        let book = fonts.book();
        assert!(book.contains_family("vigie sans") && book.contains_family("vigie serif"));
        for c in "éœŒÀ«»’“”–—…\u{a0}\u{202f}\u{2011}\u{200b}−±×≥≤≈→↗↘▲▼▶■●○€".chars()
        {
            assert!(fonts.covers(c), "U+{:04X} is not in the bundled fonts", c as u32);
        }
        assert!(!fonts.covers('🔥') && !fonts.covers('日'));
    }

    #[test]
    fn a_file_that_is_no_font_is_named() {
        let error = Fonts::load(&[b"not a font".to_vec()]).err().unwrap();
        assert!(matches!(error, Error::Font { number: 1 }));
    }
}
