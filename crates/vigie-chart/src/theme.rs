//! The colour tokens of reports, light and dark, in one table that charts and style sheets share.
//! Repairing the colours of a brand lives in `brand.rs`.

use std::fmt::Write;

use crate::chart::Ink;
use crate::colour::Rgb;

/// A colour by what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// Page.
    Bg,
    /// Boxes.
    Tint,
    /// Text.
    Ink,
    /// Secondary text.
    Sub,
    /// Muted text.
    Mut,
    /// Table and box lines.
    Rule,
    /// Grid lines of charts.
    Grid,
    /// Base lines of charts.
    Axis,
    /// Zero of diverging scales.
    Zero,
    /// Expected values.
    Band,
    /// Context bars and curves.
    Quiet,
    /// The other series behind a panel.
    Ghost,
    /// Colour of the brand: kickers, links, box border.
    Accent,
    /// Cover and decision box.
    Deep,
    /// Text on deep.
    Gold,
    /// Positive marks.
    Pos,
    /// Positive text.
    PosInk,
    /// Negative marks and text.
    Neg,
    /// Marks of an entity, 1 (client) to 6.
    Entity(u8),
    /// Labels of an entity, 1 (client) to 6.
    EntityInk(u8),
    /// Marks of the other entities.
    Others,
    /// Labels of the other entities.
    OthersInk,
    /// Tile of a matrix, from -8 (most negative) to 8, never 0.
    Tile(i8),
    /// Words in a tile.
    TileInk(i8),
}

/// Light or dark page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Print, and screens by default.
    Light,
    /// Screens that ask for it.
    Dark,
}

/// Every token with its name in style sheets, its light and its dark colour.
const TOKENS: [(Token, &str, u32, u32); 32] = [
    (Token::Bg, "bg", 0xff_ffff, 0x14_181d),
    (Token::Tint, "tint", 0xf6_f4ef, 0x1c_2229),
    (Token::Ink, "ink", 0x16_202b, 0xe8_eaed),
    (Token::Sub, "sub", 0x4a_525b, 0xc3_c9d0),
    (Token::Mut, "mut", 0x5c_646d, 0xa9_b1ba),
    (Token::Rule, "rule", 0xd8_d3c8, 0x39_424c),
    (Token::Grid, "grid", 0xe5_e2db, 0x2b_333c),
    (Token::Axis, "axis", 0x8a_9097, 0x66_707b),
    (Token::Zero, "zero", 0x6b_7178, 0x8a_939d),
    (Token::Band, "band", 0xe9_e5dc, 0x2a_2f34),
    (Token::Quiet, "quiet", 0xa9_b4c4, 0x58_6573),
    (Token::Ghost, "ghost", 0xd9_d5cc, 0x3a_424b),
    (Token::Accent, "accent", 0x0b_3d84, 0x8d_b4f0),
    (Token::Deep, "deep", 0x0f_2a4d, 0x0f_2a4d),
    (Token::Gold, "gold", 0xf2_b84b, 0xf2_b84b),
    (Token::Pos, "pos", 0x14_807a, 0x3f_b5ac),
    (Token::PosInk, "pos-ink", 0x04_7a74, 0x5c_c9c0),
    (Token::Neg, "neg", 0xb9_3a1e, 0xe5_8a6f),
    (Token::Entity(1), "e1", 0x0b_3d84, 0x69_99de),
    (Token::Entity(2), "e2", 0xb9_8832, 0xfc_c269),
    (Token::Entity(3), "e3", 0x94_4a70, 0xcb_6a99),
    (Token::Entity(4), "e4", 0x40_99d2, 0x9e_d4f6),
    (Token::Entity(5), "e5", 0x60_3c2b, 0x8d_684d),
    (Token::Entity(6), "e6", 0x60_7007, 0x93_9a36),
    (Token::EntityInk(1), "e1-ink", 0x0b_3d84, 0x8d_b4f0),
    (Token::EntityInk(2), "e2-ink", 0x93_660c, 0xfc_c269),
    (Token::EntityInk(3), "e3-ink", 0x94_4a70, 0xde_8fb5),
    (Token::EntityInk(4), "e4-ink", 0x20_74a6, 0x9e_d4f6),
    (Token::EntityInk(5), "e5-ink", 0x60_3c2b, 0xc4_9a7c),
    (Token::EntityInk(6), "e6-ink", 0x60_7007, 0x93_9a36),
    (Token::Others, "others", 0x85_888a, 0xae_b1b4),
    (Token::OthersInk, "others-ink", 0x6c_6f71, 0xae_b1b4),
];

/// Steps of the ramp on each side of zero.
const STEPS: i8 = 8;

/// Names of the tiles in style sheets, from the most negative to the most positive.
const TILES: [(&str, &str); 16] = [
    ("n8", "n8-ink"),
    ("n7", "n7-ink"),
    ("n6", "n6-ink"),
    ("n5", "n5-ink"),
    ("n4", "n4-ink"),
    ("n3", "n3-ink"),
    ("n2", "n2-ink"),
    ("n1", "n1-ink"),
    ("p1", "p1-ink"),
    ("p2", "p2-ink"),
    ("p3", "p3-ink"),
    ("p4", "p4-ink"),
    ("p5", "p5-ink"),
    ("p6", "p6-ink"),
    ("p7", "p7-ink"),
    ("p8", "p8-ink"),
];

impl Token {
    /// Every token, in the order of style sheets.
    pub fn all() -> impl Iterator<Item = Self> {
        let steps = (-STEPS..=STEPS).filter(|step| *step != 0);
        let tiles = steps.clone().map(Self::Tile);
        let tokens = TOKENS.iter().map(|row| row.0);
        tokens.chain(tiles).chain(steps.map(Self::TileInk))
    }

    /// Step of the ramp for a level from -1 to 1; zero counts as positive.
    pub(crate) fn tile_step(level: f64) -> i8 {
        let size = (level.abs().min(1.0) * f64::from(STEPS)).ceil().max(1.0) as i8;
        if level < 0.0 { -size } else { size }
    }

    /// Name in style sheets: `e1`, `e1-ink`, `grid`. An unknown entity is one of the others.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tile(step) => TILES[tile_index(step)].0,
            Self::TileInk(step) => TILES[tile_index(step)].1,
            _ => TOKENS[self.row()].1,
        }
    }

    /// Token of the marks of an ink.
    pub fn mark(ink: Ink) -> Self {
        match ink {
            Ink::Entity(slot @ 1..=6) => Self::Entity(slot),
            Ink::Entity(_) | Ink::Others => Self::Others,
            Ink::Positive => Self::Pos,
            Ink::Negative => Self::Neg,
            Ink::Quiet => Self::Quiet,
        }
    }

    /// Token of the words of an ink.
    pub fn label(ink: Ink) -> Self {
        match ink {
            Ink::Entity(slot @ 1..=6) => Self::EntityInk(slot),
            Ink::Entity(_) | Ink::Others => Self::OthersInk,
            Ink::Positive => Self::PosInk,
            Ink::Negative => Self::Neg,
            Ink::Quiet => Self::Ink,
        }
    }

    /// Place of its colours in a palette.
    fn row(self) -> usize {
        match self {
            Self::Tile(step) => return TOKENS.len() + tile_index(step),
            Self::TileInk(step) => return TOKENS.len() + TILES.len() + tile_index(step),
            _ => {}
        }
        let known = |token: Self| TOKENS.iter().position(|row| row.0 == token);
        known(self).unwrap_or_else(|| {
            let others = match self {
                Self::EntityInk(_) => Self::OthersInk,
                _ => Self::Others,
            };
            known(others).unwrap_or(0)
        })
    }
}

fn tile_index(step: i8) -> usize {
    let step = step.clamp(-STEPS, STEPS);
    let index = if step < 0 { step + STEPS } else { step.max(1) + STEPS - 1 };
    usize::from(index.unsigned_abs())
}

/// The colours of a report: the tokens, or the tokens adapted to a brand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    light: Vec<Rgb>,
    dark: Vec<Rgb>,
}

impl Default for Palette {
    fn default() -> Self {
        let mut palette = Self {
            light: TOKENS.iter().map(|row| Rgb::hex(row.2)).collect(),
            dark: TOKENS.iter().map(|row| Rgb::hex(row.3)).collect(),
        };
        for mode in [Mode::Light, Mode::Dark] {
            let steps = (-STEPS..=STEPS).filter(|step| *step != 0);
            let (tiles, inks): (Vec<_>, Vec<_>) = steps.map(|step| palette.tile(step, mode)).unzip();
            let colours = match mode {
                Mode::Light => &mut palette.light,
                Mode::Dark => &mut palette.dark,
            };
            colours.extend(tiles);
            colours.extend(inks);
        }
        palette
    }
}

impl Palette {
    /// Colour of a token.
    pub fn colour(&self, token: Token, mode: Mode) -> Rgb {
        match mode {
            Mode::Light => self.light[token.row()],
            Mode::Dark => self.dark[token.row()],
        }
    }

    /// A tile of the ramp and its words: the page mixed with 10 to 82 % of a tone, brought back
    /// towards the page until the words can be read.
    fn tile(&self, step: i8, mode: Mode) -> (Rgb, Rgb) {
        let page = self.colour(Token::Bg, mode);
        let ink = self.colour(Token::Ink, mode);
        let tone = if step < 0 { Token::Neg } else { Token::Pos };
        let tone = self.colour(tone, mode);
        let rank = f64::from(step.unsigned_abs() - 1) / f64::from(STEPS - 1);
        let mut share = 0.10 + 0.72 * rank;
        loop {
            let tile = page.mix(tone, share);
            let words = if ink.contrast(tile) >= page.contrast(tile) { ink } else { page };
            if words.contrast(tile) >= 4.5 || share <= 0.10 {
                return (tile, words);
            }
            share -= 0.01;
        }
    }

    pub(crate) fn set(&mut self, token: Token, mode: Mode, rgb: Rgb) {
        match mode {
            Mode::Light => self.light[token.row()] = rgb,
            Mode::Dark => self.dark[token.row()] = rgb,
        }
    }

    /// Declarations of all tokens as custom properties, to be put inside a rule:
    /// `--bg:#FFFFFF;--tint:#F6F4EF;…`.
    pub fn css_variables(&self, mode: Mode) -> String {
        let mut css = String::new();
        for token in Token::all() {
            let _ = write!(css, "--{}:{};", token.name(), self.colour(token, mode));
        }
        css
    }
}

/// Rules that give the classes of drawings their variables: `.f-e1{fill:var(--e1)}` for filled
/// marks, `.s-e1{stroke:…}` for lines and `.t-e1{fill:…}` for words.
pub fn css_classes() -> String {
    let rule = |token: Token| {
        let name = token.name();
        if let Some(entity) = name.strip_suffix("-ink") {
            return format!(".t-{entity}{{fill:var(--{name})}}");
        }
        let words = match token {
            Token::Entity(_) | Token::Others | Token::Pos | Token::Tile(_) => String::new(),
            _ => format!(".t-{name}{{fill:var(--{name})}}"),
        };
        format!(".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}{words}")
    };
    Token::all().map(rule).collect()
}

/// Class of a filled mark.
pub(crate) fn fill_class(token: Token) -> String {
    format!("f-{}", token.name())
}

/// Class of a line.
pub(crate) fn stroke_class(token: Token) -> String {
    format!("s-{}", token.name())
}

/// Class of words.
pub(crate) fn text_class(token: Token) -> String {
    let name = token.name();
    format!("t-{}", name.strip_suffix("-ink").unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKS: [Token; 7] = [
        Token::Entity(1),
        Token::Entity(2),
        Token::Entity(3),
        Token::Entity(4),
        Token::Entity(5),
        Token::Entity(6),
        Token::Others,
    ];
    const WORDS: [Token; 13] = [
        Token::Ink,
        Token::Sub,
        Token::Mut,
        Token::Accent,
        Token::PosInk,
        Token::Neg,
        Token::EntityInk(1),
        Token::EntityInk(2),
        Token::EntityInk(3),
        Token::EntityInk(4),
        Token::EntityInk(5),
        Token::EntityInk(6),
        Token::OthersInk,
    ];

    #[test]
    fn marks_stand_out_from_the_page() {
        let palette = Palette::default();
        for mode in [Mode::Light, Mode::Dark] {
            let page = palette.colour(Token::Bg, mode);
            for token in MARKS.into_iter().chain([Token::Pos, Token::Neg]) {
                let ratio = palette.colour(token, mode).contrast(page);
                assert!(ratio >= 3.0, "{token:?} {mode:?}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn words_are_readable_on_page_and_box() {
        let palette = Palette::default();
        for mode in [Mode::Light, Mode::Dark] {
            for ground in [Token::Bg, Token::Tint] {
                for token in WORDS {
                    let ratio = palette.colour(token, mode).contrast(palette.colour(ground, mode));
                    assert!(ratio >= 4.5, "{token:?} on {ground:?} {mode:?}: {ratio:.2}");
                }
            }
        }
        let deep = palette.colour(Token::Deep, Mode::Light);
        assert!(palette.colour(Token::Gold, Mode::Light).contrast(deep) >= 4.5);
    }

    #[test]
    fn entities_stay_apart_in_every_vision() {
        let palette = Palette::default();
        for mode in [Mode::Light, Mode::Dark] {
            for (i, a) in MARKS.iter().enumerate() {
                for b in &MARKS[i + 1..] {
                    let distance = palette.colour(*a, mode).worst_distance(palette.colour(*b, mode));
                    assert!(distance >= 0.095, "{a:?} {b:?} {mode:?}: {distance:.3}");
                }
            }
        }
    }

    #[test]
    fn style_sheets_know_every_class_of_drawings() {
        let rules = css_classes();
        for token in Token::all() {
            for class in [fill_class(token), stroke_class(token)] {
                let drawn = !token.name().ends_with("-ink");
                assert_eq!(rules.contains(&format!(".{class}{{")), drawn, "{class}");
            }
            assert!(rules.contains(&format!(".{}{{", text_class(token))), "{token:?}");
        }
        let variables = Palette::default().css_variables(Mode::Dark);
        assert!(variables.contains("--e1-ink:#8DB4F0;"));
    }

    #[test]
    fn words_in_tiles_are_readable_and_the_ramp_goes_one_way() {
        let palette = Palette::default();
        for mode in [Mode::Light, Mode::Dark] {
            let page = palette.colour(Token::Bg, mode);
            for side in [-1_i8, 1] {
                let mut last = 0.0;
                for size in 1..=STEPS {
                    let tile = palette.colour(Token::Tile(side * size), mode);
                    let words = palette.colour(Token::TileInk(side * size), mode);
                    assert!(words.contrast(tile) >= 4.5, "{side} {size} {mode:?}");
                    assert!(tile.contrast(page) >= last, "{side} {size} {mode:?}");
                    last = tile.contrast(page);
                }
            }
        }
        let steps = [-1.0, -0.5, -0.01, 0.0, 0.01, 0.5, 7.0].map(Token::tile_step);
        assert_eq!(steps, [-8, -4, -1, 1, 1, 4, 8]);
    }

    #[test]
    fn an_unknown_entity_is_one_of_the_others() {
        assert_eq!(Token::mark(Ink::Entity(9)), Token::Others);
        assert_eq!(Token::Entity(0).name(), "others");
        assert_eq!(Token::EntityInk(7).name(), "others-ink");
    }
}
