//! Agreement of labels: of a person with the machine, and of persons with each other.
//!
//! *What it measures* — how often two readings of one text give it the same tone, beyond what chance would.
//! *How it is computed* — of the labelled mentions: accuracy with Wilson's interval; the mean of the F1 of the classes
//! (delete-one jackknife); Cohen's κ = (pₒ − pₑ)/(1 − pₑ) with the large-sample variance of Fleiss, Cohen and Everitt;
//! Krippendorff's α = 1 − Dₒ/Dₑ for any number of persons and missing labels.
//! *Reading it* — 1 is full agreement, 0 what chance gives. Below 0.4 between persons, the labels themselves are in
//! doubt, and so is everything computed from them.
//! *Limits* — the mentions of an audit are drawn by entity and by what the machine read: these are figures of the
//! labelled mentions, the corrected shares of [`crate::audit`] are those of the month.
//! *References* — J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement
//! 20, 1960; J. L. Fleiss, J. Cohen, B. S. Everitt, "Large sample standard errors of kappa and weighted kappa",
//! Psychological Bulletin 72, 1969; K. Krippendorff, *Content Analysis*, 2004, chapter 11.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{CLASSES, Level, Z};
use crate::interval::wilson;

/// Kappa between persons under which the labels are in doubt (methods S4).
pub const DOUBTFUL: f64 = 0.4;

/// Mentions by the class one reading gives (row) and the class another gives (column).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion(pub [[u64; CLASSES]; CLASSES]);

impl Confusion {
    /// One more mention.
    pub fn add(&mut self, row: usize, column: usize) {
        self.0[row][column] += 1;
    }

    /// Mentions counted.
    pub fn n(&self) -> u64 {
        self.0.iter().flatten().sum()
    }

    fn row(&self, class: usize) -> f64 {
        self.0[class].iter().sum::<u64>() as f64
    }

    fn column(&self, class: usize) -> f64 {
        self.0.iter().map(|row| row[class]).sum::<u64>() as f64
    }

    fn diagonal(&self) -> f64 {
        (0..CLASSES).map(|c| self.0[c][c]).sum::<u64>() as f64
    }

    /// Share on which both agree, from 0 to 1; `None` without any mention.
    pub fn accuracy(&self) -> Option<Level> {
        let n = self.n() as f64;
        let (lo, hi) = wilson(self.diagonal(), n);
        (n > 0.0).then(|| Level { value: self.diagonal() / n, lo, hi })
    }

    /// Mean of the F1 of the classes that either reading gives, from 0 to 1; `None` without any mention.
    pub fn macro_f1(&self) -> Option<Level> {
        let value = self.mean_f1()?;
        let n = self.n() as f64;
        let mut left_out = Vec::new();
        for (row, column) in (0..CLASSES).flat_map(|r| (0..CLASSES).map(move |c| (r, c))) {
            let times = self.0[row][column];
            if times > 0 {
                let mut without = *self;
                without.0[row][column] -= 1;
                left_out.push((times as f64, without.mean_f1().unwrap_or(value)));
            }
        }
        let mean = left_out.iter().map(|(times, f1)| times * f1).sum::<f64>() / n;
        let squares: f64 = left_out.iter().map(|(times, f1)| times * (f1 - mean) * (f1 - mean)).sum();
        let reach = Z * ((n - 1.0) / n * squares).sqrt();
        Some(Level { value, lo: (value - reach).max(0.0), hi: (value + reach).min(1.0) })
    }

    fn mean_f1(&self) -> Option<f64> {
        let met = (0..CLASSES).map(|c| (c, self.row(c) + self.column(c))).filter(|(_, sum)| *sum > 0.0);
        let f1: Vec<f64> = met.map(|(c, sum)| 2.0 * self.0[c][c] as f64 / sum).collect();
        (!f1.is_empty()).then(|| f1.iter().sum::<f64>() / f1.len() as f64)
    }

    /// Cohen's kappa with its interval; `None` when both always give one class, where chance explains everything.
    pub fn kappa(&self) -> Option<Level> {
        let n = self.n() as f64;
        let share = |count: f64| count / n;
        let observed = share(self.diagonal());
        let expected: f64 = (0..CLASSES).map(|c| share(self.row(c)) * share(self.column(c))).sum();
        if n == 0.0 || expected >= 1.0 {
            return None;
        }
        let value = (observed - expected) / (1.0 - expected);
        let (mut same, mut other) = (0.0, 0.0);
        for (row, column) in (0..CLASSES).flat_map(|r| (0..CLASSES).map(move |c| (r, c))) {
            let p = share(self.0[row][column] as f64);
            if row == column {
                let part = 1.0 - (share(self.row(row)) + share(self.column(row))) * (1.0 - value);
                same += p * part * part;
            } else {
                let part = share(self.column(row)) + share(self.row(column));
                other += p * part * part;
            }
        }
        let by_chance = value - expected * (1.0 - value);
        let variance = (same + (1.0 - value) * (1.0 - value) * other - by_chance * by_chance)
            / ((1.0 - expected) * (1.0 - expected) * n);
        let reach = Z * variance.max(0.0).sqrt();
        Some(Level { value, lo: (value - reach).max(-1.0), hi: (value + reach).min(1.0) })
    }
}

/// Krippendorff's alpha for classes without order: `units` are the labels that persons gave to each mention. `None`
/// when no mention has two labels, or all labels are of one class.
pub fn alpha(units: &[Vec<usize>]) -> Option<f64> {
    let classes = units.iter().flatten().max().map_or(0, |highest| highest + 1);
    let mut coincidences = vec![vec![0.0_f64; classes]; classes];
    for labels in units.iter().filter(|l| l.len() > 1) {
        let weight = 1.0 / (labels.len() as f64 - 1.0);
        for (i, a) in labels.iter().enumerate() {
            for (j, b) in labels.iter().enumerate() {
                if i != j {
                    coincidences[*a][*b] += weight;
                }
            }
        }
    }
    let totals: Vec<f64> = coincidences.iter().map(|row| row.iter().sum()).collect();
    let n: f64 = totals.iter().sum();
    let (mut observed, mut expected) = (0.0, 0.0);
    for (a, b) in (0..classes).flat_map(|a| (0..classes).map(move |b| (a, b))).filter(|(a, b)| a != b) {
        observed += coincidences[a][b];
        expected += totals[a] * totals[b];
    }
    (expected > 0.0).then(|| 1.0 - (n - 1.0) * observed / expected)
}

/// Agreement of the persons who read the same mentions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Between {
    /// Mentions that at least two persons read.
    pub mentions: u64,
    /// For two persons who read the same mentions: their numbers, and how they agree.
    pub pairs: Vec<(usize, usize, Confusion)>,
    /// Krippendorff's alpha over all of them.
    pub alpha: Option<f64>,
}

impl Between {
    /// What is printed: kappa of two persons, alpha of more.
    pub fn value(&self) -> Option<f64> {
        match self.pairs.as_slice() {
            [] => None,
            [(.., confusion)] => confusion.kappa().map(|k| k.value),
            _ => self.alpha,
        }
    }
}

/// Agreement of persons: `labels` are mention, person and class, one of each mention and person.
pub fn between(labels: &[(usize, usize, usize)]) -> Between {
    let mut units: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
    for (mention, person, class) in labels {
        units.entry(*mention).or_default().insert(*person, *class);
    }
    units.retain(|_, given| given.len() > 1);
    let persons: BTreeSet<usize> = units.values().flat_map(|given| given.keys().copied()).collect();
    let mut pairs = Vec::new();
    for first in &persons {
        for second in persons.range(first + 1..) {
            let mut confusion = Confusion::default();
            for given in units.values() {
                if let (Some(a), Some(b)) = (given.get(first), given.get(second)) {
                    confusion.add(*a, *b);
                }
            }
            if confusion.n() > 0 {
                pairs.push((*first, *second, confusion));
            }
        }
    }
    let all: Vec<Vec<usize>> = units.values().map(|given| given.values().copied().collect()).collect();
    Between { mentions: units.len() as u64, pairs, alpha: alpha(&all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confusion(pairs: &[(usize, usize)]) -> Confusion {
        let mut confusion = Confusion::default();
        for (a, b) in pairs {
            confusion.add(*a, *b);
        }
        confusion
    }

    fn near(level: Option<Level>, value: f64, lo: f64, hi: f64) {
        let level = level.unwrap();
        for (found, wanted) in [(level.value, value), (level.lo, lo), (level.hi, hi)] {
            assert!((found - wanted).abs() < 1e-6, "{level:?}");
        }
    }

    /// Values of statsmodels' `cohens_kappa` and of scikit-learn's `cohen_kappa_score` and `f1_score`.
    #[test]
    fn reference_implementations_agree() {
        let a = [0, 1, 2, 2, 1, 0, 0, 2];
        let b = [0, 1, 2, 1, 1, 0, 2, 2];
        let pairs: Vec<(usize, usize)> = a.into_iter().zip(b).collect();
        let small = confusion(&pairs);
        near(small.kappa(), 0.627_906_977, 0.187_798_578, 1.0);
        let large = Confusion([[52, 9, 4], [11, 40, 8], [3, 12, 61]]);
        near(large.kappa(), 0.646_124_308, 0.558_166_775, 0.734_081_842);
        assert!((large.macro_f1().unwrap().value - 0.759_783_914).abs() < 1e-6);
        assert!((large.accuracy().unwrap().value - 0.765).abs() < 1e-12);
    }

    /// The jackknife of macro-F1 is as wide as a bootstrap of 20,000 draws (numpy).
    #[test]
    fn macro_f1_is_as_doubtful_as_a_bootstrap_says() {
        let level = Confusion([[52, 9, 4], [11, 40, 8], [3, 12, 61]]).macro_f1().unwrap();
        assert!(((level.hi - level.lo) / (2.0 * Z) - 0.030_285).abs() < 0.001, "{level:?}");
    }

    /// The example with three persons and missing labels of Wikipedia's article on the measure (nominal: 0.691), and
    /// three classes by the Python package `krippendorff` 0.9.
    #[test]
    fn alpha_of_three_persons_with_missing_labels() {
        let published: [&[usize]; 15] = [
            &[1],
            &[],
            &[2, 2],
            &[1, 1],
            &[3, 3],
            &[3, 3, 4],
            &[4, 4, 4],
            &[1, 3],
            &[2, 2],
            &[1, 1],
            &[1, 1],
            &[3, 3],
            &[3, 3],
            &[],
            &[3, 4],
        ];
        let of = |units: &[&[usize]]| alpha(&units.iter().map(|u| u.to_vec()).collect::<Vec<_>>());
        assert!((of(&published).unwrap() - 0.691_358_025).abs() < 1e-6);
        let three: [&[usize]; 6] = [&[0, 0], &[2, 2, 1], &[1, 1, 1], &[0, 1, 0], &[1, 1, 2], &[2]];
        assert!((of(&three).unwrap() - 0.360_655_738).abs() < 1e-6);
        assert_eq!(alpha(&[vec![1], vec![2]]), None);
        assert_eq!(alpha(&[vec![1, 1], vec![1, 1]]), None);
        assert!((alpha(&[vec![0, 0], vec![2, 2], vec![1, 1]]).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn persons_are_compared_on_what_both_read() {
        let labels = [(0, 0, 0), (0, 1, 0), (1, 0, 2), (1, 1, 1), (2, 0, 2), (3, 1, 1), (4, 0, 1), (4, 1, 1)];
        let found = between(&labels);
        assert_eq!((found.mentions, found.pairs.len()), (3, 1));
        assert_eq!(found.pairs[0].2.n(), 3);
        assert_eq!(found.value(), found.pairs[0].2.kappa().map(|k| k.value));
        assert_eq!(between(&labels[..1]), Between::default());
    }

    #[test]
    fn one_class_has_no_kappa() {
        assert_eq!(confusion(&[(1, 1), (1, 1)]).kappa(), None);
        assert_eq!(Confusion::default().kappa(), None);
        assert_eq!(Confusion::default().accuracy(), None);
    }
}
