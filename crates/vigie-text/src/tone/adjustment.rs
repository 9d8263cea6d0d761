//! What a project's own labels change in the scores of the model: a small linear map for each language.

use xxhash_rust::xxh3::xxh3_64;

use super::model::Scores;
use crate::stop_words::Known;

/// From the scores of the model, divided by its temperature, to those of the project: negative and positive, each
/// against neutral.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adjustment {
    /// Parts of both scores in the new negative, then in the new positive one.
    pub matrix: [[f64; 2]; 2],
    /// Constants of both.
    pub constant: [f64; 2],
}

impl Adjustment {
    /// Changes nothing.
    pub const NONE: Self = Self { matrix: [[1.0, 0.0], [0.0, 1.0]], constant: [0.0, 0.0] };

    /// From what makes the new negative, then the new positive score: parts of both scores, and a constant.
    pub fn from_rows(negative: [f64; 3], positive: [f64; 3]) -> Self {
        let rows = [negative, positive];
        Self { matrix: rows.map(|[n, p, _]| [n, p]), constant: rows.map(|[.., c]| c) }
    }

    /// The inverse of [`Adjustment::from_rows`].
    pub fn rows(&self) -> [[f64; 3]; 2] {
        std::array::from_fn(|i| [self.matrix[i][0], self.matrix[i][1], self.constant[i]])
    }

    /// The adjusted scores.
    pub fn of(&self, scores: Scores) -> Scores {
        std::array::from_fn(|i| {
            let [negative, positive] = self.matrix[i];
            negative * scores[0] + positive * scores[1] + self.constant[i]
        })
    }
}

/// The adjustments of a project.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Adjustments {
    /// For French; none: as shipped.
    pub french: Option<Adjustment>,
    /// For English.
    pub english: Option<Adjustment>,
}

impl Adjustments {
    pub(super) fn get(&self, language: Known) -> Option<&Adjustment> {
        match language {
            Known::French => self.french.as_ref(),
            Known::English => self.english.as_ref(),
        }
    }

    /// Sixteen hexadecimal digits that change with every number; `None` when nothing is adjusted.
    pub fn fingerprint(&self) -> Option<String> {
        let mut bytes = Vec::new();
        for (name, adjustment) in [(b'f', self.french), (b'e', self.english)] {
            if let Some(adjustment) = adjustment {
                bytes.push(name);
                let numbers = adjustment.matrix.iter().flatten().chain(&adjustment.constant);
                numbers.for_each(|n| bytes.extend(n.to_le_bytes()));
            }
        }
        (!bytes.is_empty()).then(|| format!("{:016x}", xxh3_64(&bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_number_is_another_fingerprint_and_none_has_none() {
        let one = Adjustment { constant: [0.5, 0.0], ..Adjustment::NONE };
        let french = Adjustments { french: Some(one), english: None };
        let english = Adjustments { french: None, english: Some(one) };
        assert_eq!(Adjustments::default().fingerprint(), None);
        assert_ne!(french.fingerprint(), english.fingerprint());
        assert_eq!(french.fingerprint().map(|f| f.len()), Some(16));
        assert_eq!(Adjustment::NONE.of([1.5, -2.0]), [1.5, -2.0]);
        assert_eq!(one.of([1.5, -2.0]), [2.0, -2.0]);
    }
}
