//! MinHash bands: texts that share a band key are proposed as near-copies.

use super::Register;
use crate::hashing::mix;

/// How a register cuts its MinHash into bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bands {
    /// Number of bands.
    pub bands: u32,
    /// Hashes per band.
    pub rows: u32,
}

impl Bands {
    /// The cut of a register; `None` when near-copies are not searched for.
    pub fn of(register: Register) -> Option<Self> {
        match register {
            Register::None | Register::Exact => None,
            Register::Short => Some(Self { bands: 25, rows: 5 }),
            Register::Long => Some(Self { bands: 14, rows: 8 }),
        }
    }

    /// Probability that two texts of Jaccard similarity `j` share at least one band.
    ///
    /// One minus this, at the threshold, is the share of near-copies that go unseen.
    pub fn proposal_probability(self, j: f64) -> f64 {
        let miss_one = 1.0 - power(j, self.rows);
        1.0 - power(miss_one, self.bands)
    }
}

/// Repeated products, so that every machine gives the same bytes.
fn power(base: f64, exponent: u32) -> f64 {
    (0..exponent).fold(1.0, |product, _| product * base)
}

/// One hash of a band: an odd multiplier and an offset (multiply-shift on well mixed values).
pub(super) type Hash = (u64, u64);

/// The hashes of one band.
pub(super) fn band_hashes(cut: Bands, band: u32) -> Vec<Hash> {
    (0..cut.rows)
        .map(|row| {
            let index = u64::from(band * cut.rows + row);
            (mix(2 * index + 1) | 1, mix(2 * index + 2))
        })
        .collect()
}

/// The key of one band of one text: the smallest value of each of its hashes, folded. `spread` holds the
/// [`spread`] shingles of the text.
pub(super) fn band_key(spread: &[u64], hashes: &[Hash]) -> u64 {
    hashes.iter().fold(hashes.len() as u64, |key, (multiplier, offset)| {
        let values = spread.iter().map(|s| s.wrapping_mul(*multiplier).wrapping_add(*offset) >> 32);
        mix(key.rotate_left(29) ^ values.min().unwrap_or(0))
    })
}

/// Spreads a 32-bit shingle over 64 bits.
pub(super) fn spread(shingle: u32) -> u64 {
    let wide = u64::from(shingle).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    wide ^ (wide >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposal_probabilities_are_those_of_the_formula() {
        let long = Bands { bands: 14, rows: 8 };
        let short = Bands { bands: 25, rows: 5 };
        let near = |a: f64, b: f64| assert!((a - b).abs() < 5e-6, "{a} is not {b}");
        near(long.proposal_probability(0.8), 0.92355);
        near(long.proposal_probability(0.7), 0.56450);
        near(long.proposal_probability(0.5), 0.05332);
        near(short.proposal_probability(0.7), 0.98995);
        near(short.proposal_probability(0.5), 0.54784);
        near(short.proposal_probability(0.3), 0.05901);
    }

    /// Sets of 90 shingles of which `common` are shared: J = common / (180 - common).
    fn proposed(register: Register, common: u32, trials: u32) -> f64 {
        let cut = Bands::of(register).unwrap();
        let set = |trial: u32, from: u32| -> Vec<u64> {
            (from..from + 90).map(|i| spread((mix(u64::from(trial) << 20 | u64::from(i)) >> 32) as u32)).collect()
        };
        let hits = (0..trials)
            .filter(|t| {
                let (a, b) = (set(*t, 0), set(*t, 90 - common));
                (0..cut.bands).any(|band| {
                    let hashes = band_hashes(cut, band);
                    band_key(&a, &hashes) == band_key(&b, &hashes)
                })
            })
            .count();
        hits as f64 / f64::from(trials)
    }

    #[test]
    fn the_hashes_behave_like_the_formula() {
        // 80 of 100 shared: J = 0.8; 60 of 120 shared: J = 0.5.
        let at = |register, common, j: f64| {
            let expected = Bands::of(register).unwrap().proposal_probability(j);
            let seen = proposed(register, common, 600);
            assert!((seen - expected).abs() < 0.06, "seen {seen}, expected {expected}");
        };
        at(Register::Long, 80, 0.8);
        at(Register::Long, 60, 0.5);
        at(Register::Short, 60, 0.5);
        at(Register::Short, 80, 0.8);
    }
}
