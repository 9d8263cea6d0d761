//! Many tests in one report: Benjamini-Hochberg.
//!
//! Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", JRSS B 57(1), 1995.

/// q-values of `p`, in the same order: the smallest false discovery rate at which each test is kept.
pub fn q_values(p: &[f64]) -> Vec<f64> {
    let m = p.len() as f64;
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]).then(a.cmp(b)));
    let mut q = vec![1.0; p.len()];
    let mut smallest = 1.0_f64;
    for (rank, index) in order.into_iter().enumerate().rev() {
        smallest = smallest.min(p[index] * m / (rank as f64 + 1.0));
        q[index] = smallest;
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fifteen p-values of the 1995 paper; four are kept at 5 %.
    #[test]
    fn the_1995_example() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let q = q_values(&p);
        let expected = [0.0015, 0.003, 0.0095, 0.035_62, 0.0603, 0.063_86, 0.063_86, 0.0645, 0.0765, 0.486];
        for (got, want) in q.iter().zip(expected) {
            assert!((got - want).abs() < 1e-4, "{got} {want}");
        }
        assert_eq!(q.iter().filter(|q| **q <= 0.05).count(), 4);
        assert!(q_values(&[]).is_empty());
    }
}
