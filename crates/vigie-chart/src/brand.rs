//! The colours of a brand put in the place of ours, repaired until they can be read and told
//! apart. Says what was adapted.

use crate::colour::{Rgb, Vision};
use crate::theme::{Mode, Palette, Token};

/// Smallest allowed distance between the client's colour and another one.
const APART: f64 = 0.10;
/// WCAG contrast of text.
const TEXT: f64 = 4.5;
/// WCAG contrast of marks.
const MARK: f64 = 3.0;

/// Something that was changed in the colours of a brand or of the report, for the annex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adaptation {
    /// The colour is too light for text: a darker one is used, the original stays on the cover.
    Darkened {
        /// Colour of the brand.
        from: Rgb,
        /// Colour of titles and links.
        to: Rgb,
    },
    /// A competitor's colour looked like the brand's: another one is used.
    CompetitorMoved {
        /// Slot of the competitor, 2 to 6.
        slot: u8,
        /// Colour before.
        from: Rgb,
        /// Colour now.
        to: Rgb,
    },
    /// The client's marks looked like positive or negative ones: their lightness is changed.
    MarksMoved {
        /// Colour of the brand.
        from: Rgb,
        /// Colour of the client's marks.
        to: Rgb,
    },
    /// White text cannot be read on the brand's colour: the cover keeps the dark blue.
    CoverKept {
        /// Colour of the brand.
        colour: Rgb,
    },
}

/// A palette adapted to a brand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branded {
    /// The colours to use.
    pub palette: Palette,
    /// What had to change.
    pub adaptations: Vec<Adaptation>,
}

impl Branded {
    /// Puts the brand's first colour in the place of the accent, of the client's marks and of the
    /// cover, and repairs what would not be readable any more. Positive and negative never move.
    pub fn new(primary: Rgb) -> Self {
        let mut branded = Self { palette: Palette::default(), adaptations: Vec::new() };
        branded.accent(primary);
        for mode in [Mode::Light, Mode::Dark] {
            branded.client_marks(primary, mode);
            branded.competitors(mode);
        }
        branded.cover(primary);
        branded.adaptations.dedup();
        branded
    }

    fn accent(&mut self, primary: Rgb) {
        for mode in [Mode::Light, Mode::Dark] {
            let accent = self.readable(primary, mode);
            if mode == Mode::Light && accent != primary {
                self.adaptations.push(Adaptation::Darkened { from: primary, to: accent });
            }
            self.palette.set(Token::Accent, mode, accent);
            self.palette.set(Token::EntityInk(1), mode, accent);
        }
    }

    /// The colour, moved away from the page until it passes for text on page and boxes.
    fn readable(&self, colour: Rgb, mode: Mode) -> Rgb {
        let grounds = [Token::Bg, Token::Tint].map(|t| self.palette.colour(t, mode));
        let reads = |rgb: Rgb| grounds.iter().all(|ground| rgb.contrast(*ground) >= TEXT);
        let (end, step) = match mode {
            Mode::Light => (0.0, -0.01),
            Mode::Dark => (1.0, 0.01),
        };
        moved(colour, end, step, reads)
    }

    fn client_marks(&mut self, primary: Rgb, mode: Mode) {
        let page = self.palette.colour(Token::Bg, mode);
        let tones = [Token::Pos, Token::Neg].map(|token| self.palette.colour(token, mode));
        let good =
            |rgb: Rgb| rgb.contrast(page) >= MARK && tones.iter().all(|t| rgb.distance(*t, Vision::Normal) >= APART);
        let from = match mode {
            Mode::Light => self.palette.colour(Token::Accent, mode),
            // Marks are larger than words: on a dark page they may stay closer to the brand.
            Mode::Dark => primary,
        };
        let (first, second) = match mode {
            Mode::Light => ((0.0, -0.01), (1.0, 0.01)),
            Mode::Dark => ((1.0, 0.01), (0.0, -0.01)),
        };
        let mut marks = moved(from, first.0, first.1, good);
        if !good(marks) {
            marks = moved(from, second.0, second.1, good);
        }
        if mode == Mode::Light && marks != from {
            self.adaptations.push(Adaptation::MarksMoved { from: primary, to: marks });
        }
        self.palette.set(Token::Entity(1), mode, marks);
    }

    /// A competitor that looks like the client takes the farthest of the unused colours.
    fn competitors(&mut self, mode: Mode) {
        let client = self.palette.colour(Token::Entity(1), mode);
        for slot in 2..=6 {
            let from = self.palette.colour(Token::Entity(slot), mode);
            if from.worst_distance(client) >= APART {
                continue;
            }
            let others: Vec<Rgb> = (1..=6)
                .filter(|other| *other != slot)
                .map(|other| self.palette.colour(Token::Entity(other), mode))
                .chain([self.palette.colour(Token::Others, mode)])
                .collect();
            let distance = |rgb: &Rgb| {
                let all = others.iter().map(|other| rgb.worst_distance(*other));
                all.fold(f64::INFINITY, f64::min)
            };
            let spare = self.spare(mode);
            let farthest = spare.into_iter().max_by(|a, b| distance(a).total_cmp(&distance(b)));
            let Some(to) = farthest else { continue };
            self.palette.set(Token::Entity(slot), mode, to);
            let ink = self.readable(to, mode);
            self.palette.set(Token::EntityInk(slot), mode, ink);
            if mode == Mode::Light {
                self.adaptations.push(Adaptation::CompetitorMoved { slot, from, to });
            }
        }
    }

    /// Colours that no entity has: the client's own, left free by the brand, and its hues at
    /// other lightnesses that stand out from the page.
    fn spare(&self, mode: Mode) -> Vec<Rgb> {
        let page = self.palette.colour(Token::Bg, mode);
        let ours = Palette::default();
        let slots = (1..=6).map(|slot| ours.colour(Token::Entity(slot), mode));
        let lightnesses = (20_u8..=90).step_by(5).map(|l| f64::from(l) / 100.0);
        let shades = lightnesses.flat_map(|l| slots.clone().map(move |rgb| rgb.at_lightness(l)));
        let own = std::iter::once(ours.colour(Token::Entity(1), mode));
        own.chain(shades).filter(|rgb| rgb.contrast(page) >= MARK).collect()
    }

    fn cover(&mut self, primary: Rgb) {
        if primary.contrast(Rgb(255, 255, 255)) < TEXT {
            self.adaptations.push(Adaptation::CoverKept { colour: primary });
            return;
        }
        let gold = self.palette.colour(Token::Gold, Mode::Light);
        let gold = if gold.contrast(primary) >= TEXT {
            gold
        } else {
            moved(gold, 1.0, 0.01, |rgb| rgb.contrast(primary) >= TEXT)
        };
        for mode in [Mode::Light, Mode::Dark] {
            self.palette.set(Token::Deep, mode, primary);
            self.palette.set(Token::Gold, mode, gold);
        }
    }
}

/// Changes the lightness step by step towards `end` until the colour is good. The last colour
/// tried is returned when none is.
fn moved(colour: Rgb, end: f64, step: f64, good: impl Fn(Rgb) -> bool) -> Rgb {
    let mut tried = colour;
    let mut lightness = colour.lightness();
    while !good(tried) && (end - lightness) * step > 0.0 {
        lightness = (lightness + step).clamp(0.0, 1.0);
        tried = colour.at_lightness(lightness);
    }
    tried
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn any_brand_keeps_the_guarantees() {
        let brands = ["#E30613", "#FFD500", "#000000", "#14807A", "#B98832", "#FFFFFF", "#0B3D84"];
        for brand in brands {
            let branded = Branded::new(Rgb::parse(brand).unwrap());
            for mode in [Mode::Light, Mode::Dark] {
                check(brand, &branded.palette, mode);
            }
            let deep = branded.palette.colour(Token::Deep, Mode::Light);
            let gold = branded.palette.colour(Token::Gold, Mode::Light);
            assert!(deep.contrast(Rgb(255, 255, 255)) >= TEXT, "{brand}: cover");
            assert!(deep.contrast(gold) >= TEXT, "{brand}: gold on cover");
        }
    }

    fn check(brand: &str, palette: &Palette, mode: Mode) {
        let colour = |token| palette.colour(token, mode);
        let marks: Vec<Rgb> = (1..=6).map(|slot| colour(Token::Entity(slot))).collect();
        for (i, mark) in marks.iter().enumerate() {
            let at = format!("{brand} {mode:?} e{}", i + 1);
            assert!(mark.contrast(colour(Token::Bg)) >= MARK, "{at}: mark");
            let ink = colour(Token::EntityInk(i as u8 + 1));
            for ground in [Token::Bg, Token::Tint] {
                assert!(ink.contrast(colour(ground)) >= TEXT, "{at}: words");
            }
            for (j, other) in marks.iter().enumerate().skip(i + 1) {
                let distance = mark.worst_distance(*other);
                assert!(distance >= 0.095, "{at} e{}: {distance:.3}", j + 1);
            }
        }
        for tone in [Token::Pos, Token::Neg] {
            let distance = marks[0].distance(colour(tone), Vision::Normal);
            assert!(distance >= APART, "{brand} {mode:?} {tone:?}: {distance:.3}");
        }
    }

    #[test]
    fn our_own_blue_changes_nothing_but_the_cover() {
        let branded = Branded::new(Rgb::parse("#0B3D84").unwrap());
        assert!(branded.adaptations.is_empty(), "{:?}", branded.adaptations);
    }
}
