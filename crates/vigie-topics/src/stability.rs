//! Whether other samples of the same documents show a topic.

use rayon::prelude::*;

/// For each topic, the mean over samples of the Jaccard similarity of its terms with those of the topic of the
/// sample that is most like it. `again` finds the topics of the sample of a seed; samples are taken side by side.
pub(crate) fn stability(topics: &[Vec<u64>], seeds: &[u64], again: impl Fn(u64) -> Vec<Vec<u64>> + Sync) -> Vec<f64> {
    let samples: Vec<Vec<Vec<u64>>> = seeds.par_iter().map(|seed| again(*seed)).collect();
    let nearest = |topic: &[u64], sample: &[Vec<u64>]| sample.iter().map(|t| jaccard(topic, t)).fold(0.0, f64::max);
    let mean = |topic: &Vec<u64>| {
        samples.iter().map(|sample| nearest(topic, sample)).sum::<f64>() / (samples.len() as f64).max(1.0)
    };
    topics.iter().map(mean).collect()
}

/// Terms of both over terms of either; 0 when there are none.
fn jaccard(a: &[u64], b: &[u64]) -> f64 {
    let both = a.iter().filter(|t| b.contains(t)).count();
    let either = a.len() + b.len() - both;
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_the_best_matches() {
        let topics = [vec![1, 2, 3, 4], vec![7, 8]];
        let again = |seed: u64| if seed == 0 { vec![vec![1, 2, 3, 4], vec![7, 9]] } else { vec![vec![3, 4, 5, 6]] };
        let found = stability(&topics, &[0, 1], again);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(
            near(found[0], f64::midpoint(1.0, 2.0 / 6.0)) && near(found[1], f64::midpoint(1.0 / 3.0, 0.0)),
            "{found:?}"
        );
    }
}
