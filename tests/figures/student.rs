//! The distributions behind intervals and tests, from their integrals.

/// Student's t.
#[derive(Clone, Copy)]
pub(crate) struct Student {
    pub(crate) freedom: f64,
}

impl Student {
    /// Probability of a value at least `t` away from zero, `t` positive: the regularised incomplete beta function.
    pub(crate) fn two_sided(self, t: f64) -> f64 {
        let x = self.freedom / (self.freedom + t * t);
        incomplete_beta(x, self.freedom / 2.0, 0.5)
    }

    /// The value under which a part `below` (over one half) of the distribution lies, found by halving.
    pub(crate) fn quantile(self, below: f64) -> f64 {
        let (mut lo, mut hi) = (0.0, 1e3);
        for _ in 0..200 {
            let middle = f64::midpoint(lo, hi);
            if 1.0 - self.two_sided(middle) / 2.0 < below { lo = middle } else { hi = middle }
        }
        f64::midpoint(lo, hi)
    }
}

/// `I_x(a, b)` by Lentz's continued fraction.
#[allow(clippy::many_single_char_names, reason = "the names of every book")]
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp() / a;
    let (mut c, mut d) = (1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0)));
    let mut product = d;
    for m in 1..500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for term in [even, odd] {
            d = 1.0 / (1.0 + term * d);
            c = 1.0 + term / c;
            product *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    front * product
}

/// Logarithm of the gamma function: Stirling's series, after moving the argument above 20.
fn ln_gamma(x: f64) -> f64 {
    let steps = (20.0 - x).ceil().max(0.0);
    let z = x + steps;
    let stirling = (z - 0.5) * z.ln() - z + 0.5 * (2.0 * std::f64::consts::PI).ln() + 1.0 / (12.0 * z)
        - 1.0 / (360.0 * z.powi(3))
        + 1.0 / (1260.0 * z.powi(5))
        - 1.0 / (1680.0 * z.powi(7));
    stirling - (0..steps as u32).map(|i| (x + f64::from(i)).ln()).sum::<f64>()
}

/// Probability of a standard normal value at least `z` away from zero: Simpson's rule over the density.
pub(crate) fn normal_two_sided(z: f64) -> f64 {
    let z = z.abs();
    let steps = 20_000;
    let width = (40.0 - z.min(39.0)) / f64::from(steps);
    let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let weight = |i: i32| if i == 0 || i == steps { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
    let sum: f64 = (0..=steps).map(|i| weight(i) * density(z + f64::from(i) * width)).sum();
    2.0 * sum * width / 3.0
}

/// Wilson's 95 % interval: the proportions `p` with `(x/n - p)² = z² p (1 - p) / n`.
pub(crate) fn wilson(successes: f64, trials: f64) -> (f64, f64) {
    let z2 = 1.959_963_984_540_054_f64.powi(2);
    // n·(n+z²)·p² - n·(2x+z²)·p + x² = 0
    let square = trials * (trials + z2);
    let linear = trials * (2.0 * successes + z2);
    let root = (linear * linear - 4.0 * square * successes * successes).max(0.0).sqrt();
    (((linear - root) / (2.0 * square)).max(0.0), ((linear + root) / (2.0 * square)).min(1.0))
}

/// Tables of any textbook.
#[test]
fn textbook_values() {
    for (freedom, quantile) in [(3.0, 3.182_446_305), (19.0, 2.093_024_054), (63.0, 1.998_340_543)] {
        assert!((Student { freedom }.quantile(0.975) - quantile).abs() < 1e-8, "{freedom}");
    }
    assert!((normal_two_sided(1.959_963_984_540_054) - 0.05).abs() < 1e-12);
    assert!((normal_two_sided(5.0) - 5.733_031_437e-7).abs() < 1e-15);
    let (lo, hi) = wilson(83.0, 200.0);
    assert!((lo - 0.348_943).abs() < 1e-6 && (hi - 0.484_261).abs() < 1e-6);
}
