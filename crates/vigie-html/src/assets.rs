//! What a page is made of besides the report: templates, fonts and colours.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use vigie_chart::theme::Palette;

use crate::Error;

/// A web font placed inside the page.
#[derive(Clone, Copy, Debug)]
pub struct Font {
    /// Family as the style names it.
    pub family: &'static str,
    /// Weight, 400 to 700.
    pub weight: u16,
    /// Whether it is the italic.
    pub italic: bool,
    /// The WOFF2 file.
    pub woff2: &'static [u8],
}

/// Templates, fonts and colours of a page.
#[derive(Clone, Debug)]
pub struct Assets {
    /// Templates of the project by name ([`TEMPLATE_NAMES`]); each replaces the built-in one.
    pub templates: BTreeMap<String, String>,
    /// Fonts; without any, the reader's own serif and sans-serif are used.
    pub fonts: Vec<Font>,
    /// Colours of the page: those the drawings of the report were made with.
    pub palette: Palette,
}

impl Default for Assets {
    /// The built-in templates, the Vigie fonts and the unbranded colours.
    fn default() -> Self {
        Self { templates: BTreeMap::new(), fonts: FONTS.to_vec(), palette: Palette::default() }
    }
}

macro_rules! builtin {
    ($($name:literal),+ $(,)?) => {
        /// Names of the templates, style sheets and script a project may replace.
        pub const TEMPLATE_NAMES: &[&str] = &[$($name),+];
        const BUILT_IN: &[&str] = &[$(include_str!(concat!("../../../report-templates/monthly/html/", $name))),+];
    };
}

builtin!(
    "block.html",
    "essentials.html",
    "figure.html",
    "finding.html",
    "footer.html",
    "nav.html",
    "page.html",
    "plate.html",
    "print.css",
    "screen.css",
    "script.js",
    "section.html",
    "table.html",
);

macro_rules! font {
    ($family:literal, $weight:literal, $italic:literal, $file:literal) => {
        Font {
            family: $family,
            weight: $weight,
            italic: $italic,
            woff2: include_bytes!(concat!("../../../report-templates/fonts/web/", $file, ".woff2")),
        }
    };
}

const FONTS: &[Font] = &[
    font!("Vigie Sans", 400, false, "VigieSans-Regular"),
    font!("Vigie Sans", 400, true, "VigieSans-Italic"),
    font!("Vigie Sans", 600, false, "VigieSans-SemiBold"),
    font!("Vigie Sans", 700, false, "VigieSans-Bold"),
    font!("Vigie Serif", 400, false, "VigieSerif-Regular"),
    font!("Vigie Serif", 600, false, "VigieSerif-SemiBold"),
];

impl Assets {
    /// Every template by name, the project's own before the built-in one.
    pub(crate) fn resolved(&self) -> Result<BTreeMap<&'static str, &str>, Error> {
        if let Some(name) = self.templates.keys().find(|n| !TEMPLATE_NAMES.contains(&n.as_str())) {
            return Err(Error::UnknownTemplate { name: name.clone(), known: TEMPLATE_NAMES.to_vec() });
        }
        let pairs = TEMPLATE_NAMES.iter().zip(BUILT_IN);
        Ok(pairs.map(|(name, text)| (*name, self.templates.get(*name).map_or(*text, String::as_str))).collect())
    }

    /// `@font-face` rules with the fonts inside.
    pub(crate) fn font_faces(&self) -> String {
        self.fonts.iter().map(face).collect()
    }
}

fn face(font: &Font) -> String {
    let style = if font.italic { "italic" } else { "normal" };
    format!(
        "@font-face{{font-family:\"{}\";font-weight:{};font-style:{style};font-display:block;\
         src:url(data:font/woff2;base64,{}) format(\"woff2\")}}\n",
        font.family,
        font.weight,
        STANDARD.encode(font.woff2)
    )
}
