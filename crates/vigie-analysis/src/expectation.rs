//! What a day's count can be expected to be, from the days before it.
//!
//! The regression behind [`crate::peaks`], whose head comment gives its formulas.

use statrs::function::beta::beta_reg;
use statrs::function::gamma::gamma_lr;

/// Steps of the regression, by iteratively reweighted least squares.
const STEPS: usize = 12;
/// Steps before past peaks begin to weigh less: the first fits are too rough to tell them.
const ROUGH: usize = 3;
/// Standardised residual beyond which a past day weighs less: the 99.5th percentile of a normal day.
const UNUSUAL: f64 = 2.58;
/// Pull of the days of the week towards a common level.
const RIDGE_WEEKDAY: f64 = 0.5;
/// Pull of the trend towards none.
const RIDGE_TREND: f64 = 5.0;
/// Highest autocorrelation taken into account.
const MOST_RHO: f64 = 0.8;

/// Common level, seven days of the week, trend.
const TERMS: usize = 9;
type Row = [f64; TERMS];
type Matrix = [Row; TERMS];

/// One day of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Day {
    /// Days since 1970-01-01.
    pub(crate) date: i32,
    /// What was counted.
    pub(crate) count: f64,
    /// Part of the usual count that was within reach, above 0, 1 on an ordinary day.
    pub(crate) exposure: f64,
}

/// Distribution of a day's count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Expectation {
    /// Mean.
    pub(crate) mean: f64,
    /// Variance, at least the mean.
    pub(crate) variance: f64,
}

impl Expectation {
    /// The expectation for `day` from `past` days; `None` when no fit is found.
    pub(crate) fn of(past: &[Day], day: i32, exposure: f64) -> Option<Self> {
        let fit = Fit::of(past)?;
        let x = fit.row(day);
        let mean = exposure * libm::exp(dot(&x, &fit.beta));
        // φ x'H⁻¹x is the variance of the linear predictor.
        let uncertain = fit.dispersion * dot(&x, &solve(&fit.information, &x)?) * (1.0 + fit.rho) / (1.0 - fit.rho);
        let variance = fit.dispersion * mean + mean * mean * uncertain;
        (mean.is_finite() && variance.is_finite()).then_some(Self { mean, variance })
    }

    /// Probability of `count` or more: the upper tail of the negative binomial with this mean and variance.
    pub(crate) fn at_least(&self, count: u64) -> f64 {
        if count == 0 {
            return 1.0;
        }
        let excess = self.variance - self.mean;
        let tail = if excess <= 1e-9 * self.mean {
            gamma_lr(count as f64, self.mean)
        } else {
            let size = self.mean * self.mean / excess;
            beta_reg(count as f64, size, self.mean / (self.mean + size))
        };
        tail.clamp(0.0, 1.0)
    }

    /// Smallest and largest count outside which less than half of `1 - level` falls on each side.
    pub(crate) fn range(&self, level: f64) -> (u64, u64) {
        let side = (1.0 - level) / 2.0;
        // `at_least` only falls: the first count at which it is under `limit`, less one.
        let last_above = |limit: f64| {
            let mut high = 1_u64;
            while self.at_least(high) > limit && high < u64::MAX / 4 {
                high *= 2;
            }
            let mut low = 0;
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if self.at_least(middle) > limit { low = middle } else { high = middle }
            }
            low
        };
        (last_above(1.0 - side), last_above(side))
    }
}

/// A fitted regression.
struct Fit {
    beta: Row,
    /// `X'WX` with the ridge on its diagonal.
    information: Matrix,
    dispersion: f64,
    /// Autocorrelation of the residuals at one day.
    rho: f64,
    /// Middle and half length of the days it was fitted on, for the trend.
    centre: f64,
    reach: f64,
}

impl Fit {
    fn of(past: &[Day]) -> Option<Self> {
        let (first, last) = (past.first()?.date, past.last()?.date);
        let (centre, reach) = (f64::from(first + last) / 2.0, (f64::from(last - first) / 2.0).max(1.0));
        let total: f64 = past.iter().map(|d| d.count).sum();
        let exposed: f64 = past.iter().map(|d| d.exposure).sum();
        let mut fit =
            Self { beta: [0.0; TERMS], information: [[0.0; TERMS]; TERMS], dispersion: 1.0, rho: 0.0, centre, reach };
        fit.beta[0] = libm::log((total / exposed).max(1e-6));
        let rows: Vec<Row> = past.iter().map(|d| fit.row(d.date)).collect();
        let mut weights = vec![1.0; past.len()];
        for step in 0..STEPS {
            fit.step(past, &rows, &weights)?;
            let residuals = fit.judge(past, &rows, &weights)?;
            if step + 1 >= ROUGH && step + 1 < STEPS {
                for (weight, r) in weights.iter_mut().zip(&residuals) {
                    let r = r / fit.dispersion.sqrt();
                    *weight = if r > UNUSUAL { (UNUSUAL / r) * (UNUSUAL / r) } else { 1.0 };
                }
            }
        }
        let residuals = fit.judge(past, &rows, &weights)?;
        // A past peak must not pass for a habit.
        let tamed: Vec<f64> = residuals.iter().zip(&weights).map(|(r, weight)| r * weight.sqrt()).collect();
        fit.rho = autocorrelation(past, &tamed);
        Some(fit)
    }

    fn row(&self, day: i32) -> Row {
        let mut row = [0.0; TERMS];
        row[0] = 1.0;
        row[1 + day.rem_euclid(7) as usize] = 1.0;
        row[TERMS - 1] = (f64::from(day) - self.centre) / self.reach;
        row
    }

    fn mean(&self, day: &Day, row: &Row) -> f64 {
        // Far from any count there is: keeps a wild step of the fit finite.
        day.exposure * libm::exp(dot(row, &self.beta).clamp(-20.0, 20.0))
    }

    /// One weighted least-squares step.
    fn step(&mut self, past: &[Day], rows: &[Row], weights: &[f64]) -> Option<()> {
        let mut information = [[0.0; TERMS]; TERMS];
        for (i, line) in information.iter_mut().enumerate().skip(1) {
            line[i] = if i == TERMS - 1 { RIDGE_TREND } else { RIDGE_WEEKDAY };
        }
        let mut right = [0.0; TERMS];
        for ((day, row), weight) in past.iter().zip(rows).zip(weights) {
            let mean = self.mean(day, row);
            let working = dot(row, &self.beta) + (day.count - mean) / mean;
            for i in 0..TERMS {
                for j in 0..TERMS {
                    information[i][j] += weight * mean * row[i] * row[j];
                }
                right[i] += weight * mean * row[i] * working;
            }
        }
        self.beta = solve(&information, &right)?;
        self.information = information;
        Some(())
    }

    /// The Pearson residuals; the dispersion follows from them and the degrees of freedom that the ridge leaves.
    fn judge(&mut self, past: &[Day], rows: &[Row], weights: &[f64]) -> Option<Vec<f64>> {
        let residual = |(day, row): (&Day, &Row)| {
            let mean = self.mean(day, row);
            (day.count - mean) / mean.sqrt()
        };
        let residuals: Vec<f64> = past.iter().zip(rows).map(residual).collect();
        let mut used = 0.0;
        for ((day, row), weight) in past.iter().zip(rows).zip(weights) {
            used += weight * self.mean(day, row) * dot(row, &solve(&self.information, row)?);
        }
        let left = weights.iter().sum::<f64>() - used;
        let squares: f64 = residuals.iter().zip(weights).map(|(r, w)| w * r * r).sum();
        self.dispersion = if left > 1.0 { (squares / left).max(1.0) } else { 1.0 };
        Some(residuals)
    }
}

/// Autocorrelation at one day, corrected for the bias of a short series (Kendall 1954), from 0 to 0.8.
fn autocorrelation(past: &[Day], residuals: &[f64]) -> f64 {
    let squares: f64 = residuals.iter().map(|r| r * r).sum();
    if squares <= 0.0 {
        return 0.0;
    }
    let neighbours = past.windows(2).zip(residuals.windows(2)).filter(|(d, _)| d[1].date == d[0].date + 1);
    let rho = neighbours.map(|(_, r)| r[0] * r[1]).sum::<f64>() / squares;
    (rho + (1.0 + 3.0 * rho) / residuals.len() as f64).clamp(0.0, MOST_RHO)
}

fn dot(a: &Row, b: &Row) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves `m x = right` for a positive definite `m` (Cholesky); `None` when it is not.
fn solve(m: &Matrix, right: &Row) -> Option<Row> {
    let mut lower = [[0.0; TERMS]; TERMS];
    for i in 0..TERMS {
        for j in 0..=i {
            let rest = m[i][j] - (0..j).map(|k| lower[i][k] * lower[j][k]).sum::<f64>();
            lower[i][j] = if i == j { if rest > 0.0 { rest.sqrt() } else { return None } } else { rest / lower[j][j] };
        }
    }
    let mut x = *right;
    for i in 0..TERMS {
        x[i] = (x[i] - (0..i).map(|k| lower[i][k] * x[k]).sum::<f64>()) / lower[i][i];
    }
    for i in (0..TERMS).rev() {
        x[i] = (x[i] - (i + 1..TERMS).map(|k| lower[k][i] * x[k]).sum::<f64>()) / lower[i][i];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: [i32; 63] = [
        31, 32, 42, 39, 31, 18, 22, 41, 34, 38, 26, 28, 12, 1, 19, 23, 24, 25, 25, 17, 17, 42, 40, 48, 44, 33, 15, 20,
        33, 33, 28, 21, 27, 12, 4, 27, 25, 35, 35, 32, 21, 22, 45, 48, 44, 43, 31, 15, 13, 32, 24, 29, 24, 28, 14, 10,
        33, 41, 42, 44, 37, 22, 25,
    ];

    fn days(counts: &[i32]) -> Vec<Day> {
        let day = |(i, n): (usize, &i32)| {
            // Three days on which a source with a fifth of the mentions was down.
            let exposure = if (10..13).contains(&i) { 0.8 } else { 1.0 };
            Day { date: 20_000 + i as i32, count: f64::from(*n), exposure }
        };
        counts.iter().enumerate().map(day).collect()
    }

    /// The same penalised likelihood maximised by `scipy.optimize.minimize`, moments and tail by numpy and scipy.
    #[test]
    fn the_fit_is_that_of_a_general_optimiser() {
        let e = Expectation::of(&days(&COUNTS), 20_065, 1.0).unwrap();
        assert!((e.mean - 38.884_463_365_688).abs() < 1e-6, "{e:?}");
        assert!((e.variance - 193.191_399_470_568).abs() < 1e-4, "{e:?}");
        assert!((e.at_least(77) - 0.011_454_073_739).abs() < 1e-8);
        assert_eq!(e.range(0.95), (16, 70));
    }

    /// Oracle O17 of the methods: negative binomial with mean 30 and dispersion 3.
    #[test]
    fn the_tail_is_the_negative_binomial_one() {
        let e = Expectation { mean: 30.0, variance: 90.0 };
        assert!((e.at_least(58) - 0.006_890_597_651).abs() < 1e-10);
        assert_eq!(e.range(0.95), (14, 51));
        let poisson = Expectation { mean: 3.0, variance: 3.0 };
        assert!((poisson.at_least(8) - 0.011_904_503_856).abs() < 1e-9);
        assert_eq!(poisson.at_least(0), 1.0);
    }

    #[test]
    fn a_past_peak_does_not_hide_the_next_one() {
        let mut counts = COUNTS;
        counts[40] = 400;
        let (calm, after) =
            (Expectation::of(&days(&COUNTS), 20_065, 1.0), Expectation::of(&days(&counts), 20_065, 1.0));
        let (calm, after) = (calm.unwrap(), after.unwrap());
        assert!(after.mean < 1.2 * calm.mean && after.at_least(150) < 0.001, "{calm:?} {after:?}");
    }

    #[test]
    fn extreme_series_give_finite_numbers_or_none() {
        for counts in [vec![0; 63], vec![1_000_000; 63], [vec![0; 62], vec![5_000]].concat(), vec![7], vec![]] {
            if let Some(e) = Expectation::of(&days(&counts), 20_065, 1.0) {
                assert!(e.mean.is_finite() && e.variance >= e.mean && e.at_least(3).is_finite(), "{counts:?} {e:?}");
            }
        }
    }
}
