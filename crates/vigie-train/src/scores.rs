//! Scores of what was read against what is true.

use crate::data::CLASSES;

/// Texts counted by true class and class read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Confusion {
    counts: [[f64; CLASSES]; CLASSES],
}

impl Confusion {
    pub(crate) fn add(&mut self, truth: usize, read: usize) {
        self.counts[truth][read] += 1.0;
    }

    /// Mean recall over `classes`.
    pub(crate) fn recall(&self, classes: &[usize]) -> f64 {
        let recall = |c: &usize| self.counts[*c][*c] / self.counts[*c].iter().sum::<f64>().max(1.0);
        classes.iter().map(recall).sum::<f64>() / classes.len() as f64
    }

    /// Mean F1 over `classes`.
    pub(crate) fn f1(&self, classes: &[usize]) -> f64 {
        let f1 = |c: &usize| {
            let truly: f64 = self.counts[*c].iter().sum();
            let said: f64 = self.counts.iter().map(|row| row[*c]).sum();
            2.0 * self.counts[*c][*c] / (truly + said).max(1.0)
        };
        classes.iter().map(f1).sum::<f64>() / classes.len() as f64
    }

    /// Share of texts read right.
    pub(crate) fn accuracy(&self) -> f64 {
        let right: f64 = (0..CLASSES).map(|c| self.counts[c][c]).sum();
        right / self.counts.iter().flatten().sum::<f64>().max(1.0)
    }

    pub(crate) fn texts(&self) -> f64 {
        self.counts.iter().flatten().sum()
    }
}

/// The likeliest class of probabilities.
pub(crate) fn likeliest(p: &[f64; CLASSES]) -> usize {
    if p[0] >= p[1] && p[0] >= p[2] {
        0
    } else if p[2] > p[1] {
        2
    } else {
        1
    }
}

/// How far stated probabilities are from the share that is right: the mean over ten classes of
/// confidence, weighted by their size.
pub(crate) fn calibration_error(read: &[([f64; CLASSES], usize)]) -> f64 {
    let mut bins = [[0.0_f64; 3]; 10];
    for (p, truth) in read {
        let class = likeliest(p);
        let bin = &mut bins[((p[class] * 10.0) as usize).min(9)];
        bin[0] += 1.0;
        bin[1] += p[class];
        bin[2] += f64::from(u8::from(class == *truth));
    }
    let total: f64 = bins.iter().map(|b| b[0]).sum();
    bins.iter().map(|b| (b[1] - b[2]).abs()).sum::<f64>() / total.max(1.0)
}

/// Area under the curve of true against false alarms, for scores of texts that are and are not.
pub(crate) fn area(scores: &mut [(f64, bool)]) -> f64 {
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positives = scores.iter().filter(|s| s.1).count() as f64;
    let negatives = scores.len() as f64 - positives;
    let (mut rank, mut sum) = (0.0, 0.0);
    for group in scores.chunk_by(|a, b| a.0 == b.0) {
        let size = group.len() as f64;
        let mean = rank + (size + 1.0) / 2.0;
        sum += mean * group.iter().filter(|s| s.1).count() as f64;
        rank += size;
    }
    (sum - positives * (positives + 1.0) / 2.0) / (positives * negatives).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_known_counts() {
        let mut c = Confusion::default();
        for (truth, read) in [(0, 0), (0, 1), (1, 1), (2, 2), (2, 2), (2, 0)] {
            c.add(truth, read);
        }
        assert!((c.recall(&[0, 1, 2]) - (0.5 + 1.0 + 2.0 / 3.0) / 3.0).abs() < 1e-12);
        assert!((c.f1(&[0, 1, 2]) - (0.5 + 2.0 / 3.0 + 0.8) / 3.0).abs() < 1e-12);
        assert!((c.accuracy() - 4.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn area_of_known_orders() {
        assert_eq!(area(&mut [(0.1, false), (0.9, true)]), 1.0);
        assert_eq!(area(&mut [(0.5, false), (0.5, true)]), 0.5);
        assert_eq!(area(&mut [(0.1, false), (0.4, true), (0.35, false), (0.8, true)]), 1.0);
    }
}
