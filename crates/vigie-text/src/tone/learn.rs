//! Fits an adjustment to labels, and judges whether it reads better than the shipped weights.
//!
//! Six numbers for a language: a two-by-two matrix and two constants on the scores of the model. The fit is a
//! multinomial logistic in which the classes weigh the same, drawn towards changing nothing (normal priors); Newton's
//! method in a fixed order of `f64`, with exponentials of `libm`: the same labels give the same numbers everywhere.
//!
//! Judged by ten folds: each label is read by an adjustment that did not see it. The adjustment is worth keeping when
//! macro-recall (the mean over the classes of the share that is read right) rises by more than its standard error,
//! that of paired differences: `se² = Σ_c var_c(after − before)/n_c / C²` over the C classes met.

use super::adjustment::Adjustment;
use super::model::{Scores, probabilities_at};

/// Labels of a language from which it can be learnt from (methods T10).
pub const LEAST_LABELS: usize = 100;
/// Labels that the rarest class needs: fewer teach nothing of it.
pub const LEAST_OF_CLASS: usize = 10;
/// Parts of which each is left out once.
const FOLDS: u64 = 10;
/// Numbers of an adjustment.
const NUMBERS: usize = 6;
/// Inverse variances of the priors: of the matrix around that which changes nothing, of the constants around 0.
const PRIOR: [f64; NUMBERS] = [4.0, 4.0, 1.0, 4.0, 4.0, 1.0];
/// Where the fit starts and is drawn to: negative by (negative, positive, 1), then positive.
const START: [f64; NUMBERS] = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
/// Steps of Newton's method; it is done in fewer.
const STEPS: usize = 50;

/// A label and what the shipped weights said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Example {
    /// Logarithms of the probabilities of negative and of positive over that of neutral.
    pub scores: Scores,
    /// Class that a person gave: 0 negative, 1 neutral, 2 positive.
    pub class: usize,
    /// Number of the text, any stable one: labels of one text are left out together.
    pub text: u64,
}

impl Example {
    /// From the probabilities of negative, neutral and positive.
    pub fn new(p: [f64; 3], class: usize, text: u64) -> Self {
        let [negative, neutral, positive] = p.map(|p| libm::log(p.max(1e-9)));
        Self { scores: [negative - neutral, positive - neutral], class, text }
    }
}

/// An adjustment and how it reads labels it did not see.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Learnt {
    /// Fitted on all labels.
    pub adjustment: Adjustment,
    /// Labels.
    pub labels: usize,
    /// Macro-recall of the shipped weights.
    pub before: f64,
    /// Macro-recall of adjustments that did not see the label.
    pub after: f64,
    /// Standard error of the difference.
    pub error: f64,
}

impl Learnt {
    /// Whether it reads better by more than chance may give.
    pub fn is_better(&self) -> bool {
        self.after - self.before > self.error
    }
}

/// Why nothing can be learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooFew {
    /// Fewer than [`LEAST_LABELS`] labels; how many there are.
    Labels(usize),
    /// Fewer than [`LEAST_OF_CLASS`] labels of a class: which, and how many.
    OfClass(usize, usize),
}

/// Learns from the labels of one language.
///
/// # Errors
/// When there are too few of them.
pub fn learn(examples: &[Example]) -> Result<Learnt, TooFew> {
    if examples.len() < LEAST_LABELS {
        return Err(TooFew::Labels(examples.len()));
    }
    let counts: [usize; 3] = std::array::from_fn(|c| examples.iter().filter(|e| e.class == c).count());
    if let Some((class, n)) = (0..3).map(|c| (c, counts[c])).find(|(_, n)| *n < LEAST_OF_CLASS) {
        return Err(TooFew::OfClass(class, n));
    }
    let (mut before, mut after) = ([0.0; 3], [0.0; 3]);
    let (mut sums, mut squares) = ([0.0; 3], [0.0; 3]);
    for fold in 0..FOLDS {
        let kept: Vec<Example> = examples.iter().filter(|e| e.text % FOLDS != fold).copied().collect();
        let adjustment = fit(&kept);
        for e in examples.iter().filter(|e| e.text % FOLDS == fold) {
            let right = |scores| f64::from(u8::from(likeliest(scores) == e.class));
            let (was, is) = (right(e.scores), right(adjustment.of(e.scores)));
            before[e.class] += was;
            after[e.class] += is;
            sums[e.class] += is - was;
            squares[e.class] += (is - was) * (is - was);
        }
    }
    let recall = |right: [f64; 3]| (0..3).map(|c| right[c] / counts[c] as f64).sum::<f64>() / 3.0;
    let variance = |c: usize| {
        let n = counts[c] as f64;
        (squares[c] - sums[c] * sums[c] / n) / (n - 1.0) / n
    };
    let error = ((0..3).map(variance).sum::<f64>() / 9.0).sqrt();
    Ok(Learnt {
        adjustment: fit(examples),
        labels: examples.len(),
        before: recall(before),
        after: recall(after),
        error,
    })
}

/// The likeliest class of scores, by the rule of [`super::Tone::likeliest`].
fn likeliest(scores: Scores) -> usize {
    let [negative, positive] = scores;
    if negative >= 0.0 && negative >= positive {
        0
    } else if positive > 0.0 {
        2
    } else {
        1
    }
}

/// The adjustment that makes the labels likeliest.
fn fit(examples: &[Example]) -> Adjustment {
    let counts: [f64; 3] = std::array::from_fn(|c| examples.iter().filter(|e| e.class == c).count() as f64);
    let total = examples.len() as f64;
    let balance = counts.map(|n| if n == 0.0 { 0.0 } else { total / (3.0 * n) });
    let mut numbers = START;
    let mut best = loss(&numbers, examples, &balance);
    for _ in 0..STEPS {
        let (gradient, curvature) = slopes(&numbers, examples, &balance);
        let step = solve(curvature, gradient);
        // Half as far until it gets better: far from the end the curve is no parabola.
        let shorter = (0..30).map(|halvings| 0.5_f64.powi(halvings)).find_map(|length| {
            let moved: [f64; NUMBERS] = std::array::from_fn(|i| numbers[i] - length * step[i]);
            let found = loss(&moved, examples, &balance);
            (found < best).then_some((moved, found))
        });
        let Some((moved, found)) = shorter else { break };
        let gained = best - found;
        (numbers, best) = (moved, found);
        if gained < 1e-10 * total {
            break;
        }
    }
    adjustment(&numbers)
}

fn adjustment(numbers: &[f64; NUMBERS]) -> Adjustment {
    let [of_negative, of_positive] = [0, 3].map(|first| [numbers[first], numbers[first + 1], numbers[first + 2]]);
    Adjustment::from_rows(of_negative, of_positive)
}

fn loss(numbers: &[f64; NUMBERS], examples: &[Example], balance: &[f64; 3]) -> f64 {
    let adjustment = adjustment(numbers);
    let of = |e: &Example| {
        let p = probabilities_at(adjustment.of(e.scores), 1.0)[e.class];
        -balance[e.class] * libm::log(p.max(1e-15))
    };
    let away = numbers.iter().zip(START).zip(PRIOR).map(|((n, s), p)| 0.5 * p * (n - s) * (n - s));
    examples.iter().map(of).sum::<f64>() + away.sum::<f64>()
}

/// First and second derivatives of the loss.
fn slopes(
    numbers: &[f64; NUMBERS],
    examples: &[Example],
    balance: &[f64; 3],
) -> ([f64; NUMBERS], [[f64; NUMBERS]; NUMBERS]) {
    let adjustment = adjustment(numbers);
    let mut gradient: [f64; NUMBERS] = std::array::from_fn(|i| PRIOR[i] * (numbers[i] - START[i]));
    let mut curvature = [[0.0; NUMBERS]; NUMBERS];
    for (i, row) in curvature.iter_mut().enumerate() {
        row[i] = PRIOR[i];
    }
    for e in examples {
        let [negative, _, positive] = probabilities_at(adjustment.of(e.scores), 1.0);
        let p = [negative, positive];
        let x = [e.scores[0], e.scores[1], 1.0];
        let weight = balance[e.class];
        for (k, class) in [0, 2].into_iter().enumerate() {
            let wrong = weight * (p[k] - f64::from(u8::from(e.class == class)));
            for (i, value) in x.iter().enumerate() {
                gradient[3 * k + i] += wrong * value;
            }
            for (l, other) in p.iter().enumerate() {
                let spread = weight * p[k] * (f64::from(u8::from(k == l)) - other);
                for (i, first) in x.iter().enumerate() {
                    for (j, second) in x.iter().enumerate() {
                        curvature[3 * k + i][3 * l + j] += spread * first * second;
                    }
                }
            }
        }
    }
    (gradient, curvature)
}

/// Solves `a x = b` for a positive definite `a` (Gauss, without exchange of rows).
fn solve(mut a: [[f64; NUMBERS]; NUMBERS], mut b: [f64; NUMBERS]) -> [f64; NUMBERS] {
    for column in 0..NUMBERS {
        for row in column + 1..NUMBERS {
            let factor = a[row][column] / a[column][column];
            let above = a[column];
            a[row].iter_mut().zip(above).for_each(|(x, y)| *x -= factor * y);
            b[row] -= factor * b[column];
        }
    }
    for row in (0..NUMBERS).rev() {
        let known: f64 = (row + 1..NUMBERS).map(|c| a[row][c] * b[c]).sum();
        b[row] = (b[row] - known) / a[row][row];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hashing::mix;

    /// A share from 0 to 1 by number.
    fn chance(seed: u64) -> f64 {
        mix(mix(seed)) as f64 / u64::MAX as f64
    }

    /// Labels that follow the shipped probabilities after an adjustment.
    fn labels(number: u64, hidden: &Adjustment) -> Vec<Example> {
        (0..number)
            .map(|n| {
                let scores = [4.0 * chance(3 * n) - 2.5, 4.0 * chance(3 * n + 1) - 2.5];
                let [negative, neutral, _] = probabilities_at(hidden.of(scores), 1.0);
                let x = chance(3 * n + 2);
                let class = if x < negative { 0 } else { 1 + usize::from(x >= negative + neutral) };
                Example { scores, class, text: n }
            })
            .collect()
    }

    #[test]
    fn a_hidden_adjustment_is_found_and_worth_keeping() {
        let hidden = Adjustment { matrix: [[1.3, -0.2], [0.1, 0.8]], constant: [1.2, -0.9] };
        let learnt = learn(&labels(20_000, &hidden)).unwrap();
        assert!(learnt.is_better() && learnt.after > learnt.before + 0.02, "{learnt:?}");
        // Classes weigh the same: constants move by the logarithms of their shares, the matrix does not.
        for (found, wanted) in learnt.adjustment.matrix.iter().flatten().zip(hidden.matrix.iter().flatten()) {
            assert!((found - wanted).abs() < 0.12, "{learnt:?}");
        }
        let few = learn(&labels(2_000, &hidden)).unwrap();
        assert!(few.is_better(), "{few:?}");
    }

    /// Where there is nothing to learn, what is learnt is kept about as often as chance goes beyond one standard error
    /// (16 % were it normal and unbiased).
    #[test]
    fn nothing_to_learn_is_seldom_kept() {
        let kept = (0..60)
            .filter(|world| {
                let mut examples = labels(300 * (world + 1), &Adjustment::NONE).split_off(300 * *world as usize);
                // As balanced as the weights expect: each class as often as the others.
                let mut left = [60; 3];
                examples.retain(|e| {
                    let wanted = left[e.class] > 0;
                    left[e.class] -= i32::from(wanted);
                    wanted
                });
                learn(&examples).is_ok_and(|l| l.is_better())
            })
            .count();
        assert!(kept <= 20, "{kept} of 60");
    }

    #[test]
    fn the_order_of_labels_changes_next_to_nothing_and_too_few_are_refused() {
        let mut examples = labels(300, &Adjustment { constant: [1.0, 0.0], ..Adjustment::NONE });
        let learnt = learn(&examples).unwrap();
        assert_eq!(learn(&examples), Ok(learnt));
        examples.reverse();
        let turned = learn(&examples).unwrap();
        assert!((turned.adjustment.constant[0] - learnt.adjustment.constant[0]).abs() < 1e-6);
        assert_eq!(learn(&examples[..99]), Err(TooFew::Labels(99)));
        let one_class: Vec<Example> = examples.iter().filter(|e| e.class != 2).cycle().take(200).copied().collect();
        assert_eq!(learn(&one_class), Err(TooFew::OfClass(2, 0)));
    }
}
