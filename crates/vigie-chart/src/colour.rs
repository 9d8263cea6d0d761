//! Colours as the eye and its deficiencies see them: contrast, distance, lightness. No token here.

use std::fmt;

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// How the colours are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vision {
    /// All three cones.
    Normal,
    /// Without red cones.
    Protan,
    /// Without green cones.
    Deutan,
    /// Without blue cones.
    Tritan,
}

impl Vision {
    /// The four of them.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Protan, Self::Deutan, Self::Tritan];
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }
}

impl Rgb {
    /// From a number, `0xRRGGBB`.
    pub const fn hex(value: u32) -> Self {
        Self((value >> 16) as u8, (value >> 8) as u8, value as u8)
    }

    /// Reads `#RRGGBB`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(digits, 16).ok().map(Self::hex)
    }

    /// WCAG contrast ratio, 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Euclidean distance in `OKLab` under one vision.
    pub fn distance(self, other: Self, vision: Vision) -> f64 {
        let (a, b) = (oklab(self.seen(vision)), oklab(other.seen(vision)));
        a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt()
    }

    /// Smallest distance over the four visions.
    pub fn worst_distance(self, other: Self) -> f64 {
        Vision::ALL.iter().map(|v| self.distance(other, *v)).fold(f64::INFINITY, f64::min)
    }

    /// Mix of two colours in sRGB; `share` of `other`, 0 to 1.
    #[must_use]
    pub fn mix(self, other: Self, share: f64) -> Self {
        let one = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Self(one(self.0, other.0), one(self.1, other.1), one(self.2, other.2))
    }

    /// Same hue at another `OKLab` lightness (0 to 1); chroma is reduced until the colour exists.
    #[must_use]
    pub fn at_lightness(self, lightness: f64) -> Self {
        let [_, a, b] = oklab(self.linear());
        let mut chroma = 1.0;
        loop {
            let rgb = from_oklab([lightness, a * chroma, b * chroma]);
            if chroma <= 0.0 || rgb.iter().all(|c| (-0.0005..=1.0005).contains(c)) {
                return encode(rgb);
            }
            chroma -= 0.02;
        }
    }

    /// `OKLab` lightness, 0 to 1.
    pub fn lightness(self) -> f64 {
        oklab(self.linear())[0]
    }

    fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn linear(self) -> [f64; 3] {
        [self.0, self.1, self.2].map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn seen(self, vision: Vision) -> [f64; 3] {
        let linear = self.linear();
        let Some(matrix) = deficiency(vision) else {
            return linear;
        };
        matrix.map(|row| {
            let sum: f64 = row.iter().zip(linear).map(|(m, c)| m * c).sum();
            sum.clamp(0.0, 1.0)
        })
    }
}

/// Full-severity matrices of Machado, Oliveira and Fernandes (2009), on linear sRGB.
fn deficiency(vision: Vision) -> Option<[[f64; 3]; 3]> {
    match vision {
        Vision::Normal => None,
        Vision::Protan => Some([
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ]),
        Vision::Deutan => Some([
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ]),
        Vision::Tritan => Some([
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ]),
    }
}

fn oklab([red, green, blue]: [f64; 3]) -> [f64; 3] {
    let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
    let medium = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
    let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
    [
        0.210_454_255_3 * long + 0.793_617_785_0 * medium - 0.004_072_046_8 * short,
        1.977_998_495_1 * long - 2.428_592_205_0 * medium + 0.450_593_709_9 * short,
        0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766_0 * short,
    ]
}

fn from_oklab([l, a, b]: [f64; 3]) -> [f64; 3] {
    let long = (l + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let medium = (l - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (l - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701_0 * short,
    ]
}

fn encode(linear: [f64; 3]) -> Rgb {
    let [r, g, b] = linear.map(|c| {
        let c = c.clamp(0.0, 1.0);
        let c = if c <= 0.003_130_8 { c * 12.92 } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
        (c * 255.0).round() as u8
    });
    Rgb(r, g, b)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn black_on_white_is_21() {
        let (black, white) = (Rgb(0, 0, 0), Rgb(255, 255, 255));
        assert!((black.contrast(white) - 21.0).abs() < 1e-9);
        assert!((black.distance(white, Vision::Deutan) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn same_lightness_gives_the_same_colour_back() {
        for text in ["#0B3D84", "#B93A1E", "#F2B84B", "#000000"] {
            let rgb = Rgb::parse(text).unwrap();
            assert!(rgb.at_lightness(rgb.lightness()).distance(rgb, Vision::Normal) < 0.01);
        }
    }

    #[test]
    fn only_six_digits_are_a_colour() {
        assert_eq!(Rgb::parse("#0B3D84"), Some(Rgb(11, 61, 132)));
        for bad in ["0B3D84", "#0B3D8", "#0B3D8é", "#+B3D84", ""] {
            assert_eq!(Rgb::parse(bad), None, "{bad}");
        }
    }
}
