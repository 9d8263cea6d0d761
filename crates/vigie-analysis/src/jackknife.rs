//! Delete-a-group jackknife: intervals that know that one author or one story is one voice.
//!
//! *What it measures* — how much a statistic would move if other people had spoken.
//! *How it is computed* — clusters (stories, authors) are spread over 64 groups by a fixed hash; the
//! statistic is computed again without each group, the sums that are left scaled by `G/(G-1)`; `se² = (G-1)/G · Σ (h(T₋g) - h(T))²`, with
//! `h` = logit for shares, ln for ratios, identity for differences; the interval is
//! `h⁻¹(h(T) ± t(0.975, G-1) · se)`. From 20 to 49 clusters each cluster is a group of its own; under 20
//! there is no interval.
//! *Reading it* — an interval that contains the value of last month says that nothing is proved.
//! *Limits* — errors of reading (tone, matching) and of coverage are not in it.
//! *References* — P. S. Kott, "The delete-a-group jackknife", Journal of Official Statistics 17(4), 2001.

use statrs::distribution::{ContinuousCDF, StudentsT};
use vigie_model::estimate::{Estimate, Flag, Method};

use crate::interval::wilson;

/// Groups clusters are spread over.
pub const GROUPS: usize = 64;
/// From here on, groups; below, one cluster at a time.
const MIN_FOR_GROUPS: usize = 50;
/// Below, no interval.
const MIN_FOR_CLUSTERS: usize = 20;
/// Effective sample size under which neither percentage nor rank is printed (methods S6).
pub const FLOOR: f64 = 30.0;
/// A cluster above this part of the weight is named.
const ONE_VOICE: f64 = 0.20;

/// What one cluster brings to the sums a statistic is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Voice<const K: usize> {
    /// Cluster, any stable number.
    pub cluster: u64,
    /// Its group, below [`GROUPS`].
    pub group: u32,
    /// Its part of each sum.
    pub sums: [f64; K],
}

/// Scale on which errors are symmetric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Shares, from 0 to 1 (logit).
    Share,
    /// Positive ratios (ln).
    Ratio,
    /// Differences (identity).
    Difference,
}

impl Scale {
    fn to(self, x: f64) -> Option<f64> {
        let y = match self {
            Scale::Share => libm::log(x / (1.0 - x)),
            Scale::Ratio => libm::log(x),
            Scale::Difference => x,
        };
        y.is_finite().then_some(y)
    }

    fn back(self, y: f64) -> f64 {
        match self {
            Scale::Share => 1.0 / (1.0 + libm::exp(-y)),
            Scale::Ratio => libm::exp(y),
            Scale::Difference => y,
        }
    }

    /// Derivative of the scale at `x`, to bring an error back to the value's unit.
    fn slope(self, x: f64) -> f64 {
        match self {
            Scale::Share => 1.0 / (x * (1.0 - x)),
            Scale::Ratio => 1.0 / x,
            Scale::Difference => 1.0,
        }
    }
}

/// A function of cluster sums; `None` where it is not defined.
pub type OfSums<'a, const K: usize> = &'a dyn Fn(&[f64; K]) -> Option<f64>;

/// A statistic of cluster sums.
pub struct Statistic<'a, const K: usize> {
    /// From the sums to the value; `None` where it is not defined (an empty base).
    pub value: OfSums<'a, K>,
    /// Which of the sums is the weight clusters are compared by.
    pub weight: usize,
    /// Scale of the interval.
    pub scale: Scale,
    /// Value tested against, where there is one.
    pub null: Option<f64>,
    /// Variance of one mention around the value, for the effective sample size.
    pub unit_variance: Option<OfSums<'a, K>>,
}

/// Estimates `statistic` from `voices`; `None` where the full sums do not define it.
///
/// `n` of the estimate is the rounded weight. Several voices of one cluster are merged.
pub fn estimate<const K: usize>(mut voices: Vec<Voice<K>>, statistic: &Statistic<'_, K>) -> Option<Estimate> {
    voices.sort_by_key(|v| v.cluster);
    voices.dedup_by(|later, kept| {
        let same = later.cluster == kept.cluster;
        if same {
            kept.sums.iter_mut().zip(later.sums).for_each(|(a, b)| *a += b);
        }
        same
    });
    voices.retain(|v| v.sums.iter().any(|s| *s != 0.0));
    // From here on the names of clusters decide nothing, not even an order of addition.
    voices.sort_by(|a, b| a.group.cmp(&b.group).then_with(|| by_size(&a.sums, &b.sums)));
    let total = sum(voices.iter());
    let value = (statistic.value)(&total)?;
    let weighty: Vec<&Voice<K>> = voices.iter().filter(|v| v.sums[statistic.weight] != 0.0).collect();
    let clusters = weighty.len();
    let weight = total[statistic.weight];
    let heaviest = weighty.iter().map(|v| v.sums[statistic.weight]).fold(0.0, f64::max);

    let mut estimate = Estimate {
        value,
        lo: None,
        hi: None,
        level: 0.95,
        n: weight.round() as u64,
        clusters: clusters as u64,
        n_eff: None,
        p: None,
        method: Method::None,
        flags: Vec::new(),
    };
    if clusters > 0 && heaviest > ONE_VOICE * weight {
        estimate.flags.push(Flag::OneVoice);
    }
    if clusters < MIN_FOR_CLUSTERS {
        estimate.flags.push(Flag::FewVoices);
    } else {
        let (method, groups) = groups(&voices, clusters);
        fill(&mut estimate, method, &total, &groups, statistic);
    }
    floor(&mut estimate);
    estimate.flags.sort();
    estimate.flags.dedup();
    Some(estimate)
}

fn by_size(a: &[f64], b: &[f64]) -> std::cmp::Ordering {
    a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
}

fn sum<'v, const K: usize>(voices: impl Iterator<Item = &'v Voice<K>>) -> [f64; K] {
    let mut total = [0.0; K];
    for v in voices {
        total.iter_mut().zip(v.sums).for_each(|(a, b)| *a += b);
    }
    total
}

fn groups<const K: usize>(voices: &[Voice<K>], clusters: usize) -> (Method, Vec<[f64; K]>) {
    if clusters < MIN_FOR_GROUPS {
        return (Method::ClusterJackknife, voices.iter().map(|v| v.sums).collect());
    }
    let mut groups = vec![[0.0; K]; GROUPS];
    for v in voices {
        groups[v.group as usize % GROUPS].iter_mut().zip(v.sums).for_each(|(a, b)| *a += b);
    }
    (Method::GroupJackknife, groups)
}

fn fill<const K: usize>(
    estimate: &mut Estimate,
    method: Method,
    total: &[f64; K],
    groups: &[[f64; K]],
    statistic: &Statistic<'_, K>,
) {
    let scale = statistic.scale;
    let Some(centre) = scale.to(estimate.value) else {
        return at_the_border(estimate, scale);
    };
    let Some(se) = standard_error(centre, total, groups, statistic) else { return };
    let freedom = groups.len() as f64 - 1.0;
    let Ok(t) = StudentsT::new(0.0, 1.0, freedom) else { return };
    let reach = t.inverse_cdf(0.975) * se;
    estimate.lo = Some(scale.back(centre - reach));
    estimate.hi = Some(scale.back(centre + reach));
    estimate.method = method;
    if let Some(null) = statistic.null.and_then(|n| scale.to(n)) {
        let distance = (centre - null).abs();
        estimate.p = Some(match (distance == 0.0, se == 0.0) {
            (true, _) => 1.0,
            (false, true) => 0.0,
            (false, false) => 2.0 * t.sf(distance / se),
        });
    }
    let error = se / scale.slope(estimate.value);
    if let Some(variance) = statistic.unit_variance.and_then(|v| v(total)) {
        // Without any spread between groups, the mentions themselves are the sample.
        estimate.n_eff =
            Some(if error > 0.0 { (variance / (error * error)).min(estimate.n as f64) } else { estimate.n as f64 });
    }
}

/// A share of exactly 0 or 1 has no jackknife interval: Wilson's on the clusters.
fn at_the_border(estimate: &mut Estimate, scale: Scale) {
    if scale == Scale::Share {
        let clusters = estimate.clusters as f64;
        let (lo, hi) = wilson(estimate.value * clusters, clusters);
        (estimate.lo, estimate.hi, estimate.method) = (Some(lo), Some(hi), Method::Wilson);
        estimate.n_eff = Some(clusters);
    }
}

fn standard_error<const K: usize>(
    centre: f64,
    total: &[f64; K],
    groups: &[[f64; K]],
    statistic: &Statistic<'_, K>,
) -> Option<f64> {
    let g = groups.len() as f64;
    let mut squares = groups
        .iter()
        .map(|group| {
            // What is left stands for the whole: it matters for totals and cancels in ratios.
            let mut left = *total;
            left.iter_mut().zip(group).for_each(|(a, b)| *a = (*a - b) * g / (g - 1.0));
            let replicate = (statistic.value)(&left).and_then(|v| statistic.scale.to(v))?;
            Some((replicate - centre) * (replicate - centre))
        })
        .collect::<Option<Vec<f64>>>()?;
    // One order of addition, whatever names the clusters carry.
    squares.sort_by(f64::total_cmp);
    Some(((g - 1.0) / g * squares.iter().sum::<f64>()).sqrt())
}

/// Display floors of methods S6.
fn floor(estimate: &mut Estimate) {
    let base = estimate.n_eff.unwrap_or(estimate.n as f64).min(estimate.n as f64);
    if base < FLOOR {
        estimate.flags.push(Flag::BelowFloor);
    } else if base < 100.0 {
        estimate.flags.push(Flag::LowBase);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share() -> Statistic<'static, 2> {
        Statistic {
            value: &|s| (s[1] > 0.0).then(|| s[0] / s[1]),
            weight: 1,
            scale: Scale::Share,
            null: None,
            unit_variance: Some(&|s| (s[1] > 0.0).then(|| s[0] / s[1] * (1.0 - s[0] / s[1]))),
        }
    }

    /// Four groups worked by hand: T = 46/150, replicates 34/110 37/115 31/105 36/120.
    #[test]
    fn four_groups_worked_by_hand() {
        let groups = [[12.0, 40.0], [9.0, 35.0], [15.0, 45.0], [10.0, 30.0]];
        let total = [46.0, 150.0];
        let centre = Scale::Share.to(46.0 / 150.0).unwrap();
        let se = standard_error(centre, &total, &groups, &share()).unwrap();
        assert!((se - 0.082_023_6).abs() < 1e-6, "{se}");
        let t = StudentsT::new(0.0, 1.0, 3.0).unwrap().inverse_cdf(0.975);
        assert!((t - 3.182_446).abs() < 1e-5, "{t}");
        let (lo, hi) = (Scale::Share.back(centre - t * se), Scale::Share.back(centre + t * se));
        assert!((lo - 0.254_115).abs() < 1e-5 && (hi - 0.364_771).abs() < 1e-5, "{lo} {hi}");
    }

    /// A total of independent mentions varies like a Poisson count: se(ln T) is about 1/√T.
    #[test]
    fn a_total_of_independent_voices_has_the_width_of_a_poisson_count() {
        let total = Statistic {
            value: &|s: &[f64; 2]| Some(s[1]),
            weight: 1,
            scale: Scale::Ratio,
            null: None,
            unit_variance: None,
        };
        let e = estimate(crowd(6400, 1.0), &total).unwrap();
        let half = libm::log(e.hi.unwrap() / e.lo.unwrap()) / 2.0;
        assert!(half > 0.01 && half < 0.05, "{half}");
    }

    /// The group a hash would give.
    fn spread(cluster: u64) -> u32 {
        (xxhash_rust::xxh3::xxh3_64(&cluster.to_le_bytes()) % 64) as u32
    }

    fn crowd(n: u64, each: f64) -> Vec<Voice<2>> {
        (0..n)
            .map(|c| Voice { cluster: c, group: spread(c), sums: [if c % 3 == 0 { each } else { 0.0 }, each] })
            .collect()
    }

    #[test]
    fn few_voices_get_no_interval_and_more_get_one() {
        let few = estimate(crowd(12, 10.0), &share()).unwrap();
        assert_eq!((few.lo, few.method), (None, Method::None));
        assert!(few.flags.contains(&Flag::FewVoices));
        assert_eq!(estimate(crowd(30, 1.0), &share()).unwrap().method, Method::ClusterJackknife);
        let many = estimate(crowd(3000, 1.0), &share()).unwrap();
        assert_eq!(many.method, Method::GroupJackknife);
        assert!(many.lo.unwrap() < 1.0 / 3.0 && many.hi.unwrap() > 1.0 / 3.0);
        assert!(many.flags.is_empty());
    }

    #[test]
    fn one_loud_voice_is_named_and_widens_the_interval() {
        let mut voices = crowd(600, 1.0);
        let calm = estimate(voices.clone(), &share()).unwrap();
        voices.push(Voice { cluster: 9_999, group: 5, sums: [300.0, 300.0] });
        let loud = estimate(voices, &share()).unwrap();
        assert!(loud.flags.contains(&Flag::OneVoice));
        assert!(loud.hi.unwrap() - loud.lo.unwrap() > 2.0 * (calm.hi.unwrap() - calm.lo.unwrap()));
    }

    #[test]
    fn nobody_says_it_or_everybody_does() {
        let nobody = estimate(crowd(200, 1.0).into_iter().map(|v| Voice { sums: [0.0, 1.0], ..v }).collect(), &share());
        let nobody = nobody.unwrap();
        assert_eq!((nobody.value, nobody.method), (0.0, Method::Wilson));
        assert!(nobody.hi.unwrap() > 0.0);
        assert_eq!(estimate(Vec::<Voice<2>>::new(), &share()), None);
    }
}
