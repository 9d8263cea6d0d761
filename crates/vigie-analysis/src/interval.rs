//! Wilson's interval of a proportion.

/// 95 % interval of `successes` out of `n`; `(0, 1)` without any trial.
///
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
pub fn wilson(successes: f64, n: f64) -> (f64, f64) {
    if n <= 0.0 {
        return (0.0, 1.0);
    }
    let z = 1.959_963_984_540_054;
    let (p, z2) = (successes / n, z * z);
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let reach = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    // At the borders the formula is exact, its arithmetic is not.
    let lo = if successes <= 0.0 { 0.0 } else { (centre - reach).max(0.0) };
    let hi = if successes >= n { 1.0 } else { (centre + reach).min(1.0) };
    (lo, hi)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of R's `prop.test(correct = FALSE)` and statsmodels' `proportion_confint(method="wilson")`.
    #[test]
    fn published_values() {
        let close = |(a, b): (f64, f64), (c, d): (f64, f64)| (a - c).abs() < 1e-6 && (b - d).abs() < 1e-6;
        assert!(close(wilson(83.0, 200.0), (0.348_943, 0.484_261)));
        assert!(close(wilson(0.0, 30.0), (0.0, 0.113_513)));
        assert_eq!(wilson(0.0, 0.0), (0.0, 1.0));
    }
}
