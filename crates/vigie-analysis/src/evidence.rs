//! Which changes can be spoken of: one family of tests per report, and sizes that matter.
//!
//! Methods S5 and S6: every test computed counts, shown or not.

use std::collections::BTreeMap;

use vigie_model::estimate::Estimate;

use crate::multiple::q_values;

/// False discovery rate up to which a change is a finding.
pub const FINDING: f64 = 0.10;
/// False discovery rate up to which it is said without "appears".
pub const SURE: f64 = 0.01;

/// What a test is about; decides the size from which a change matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Change of share of voice, in points.
    ShareOfVoice,
    /// Lead over the next entity, in points of share of voice.
    Lead,
    /// Change of net sentiment, in points.
    NetSentiment,
    /// Ratio of daily averages.
    Volume,
    /// Change of a platform's share, in points.
    Platform,
}

impl Measure {
    /// Whether `estimate` is large enough to matter in practice.
    fn matters(self, estimate: &Estimate) -> bool {
        match self {
            Measure::ShareOfVoice | Measure::Platform => estimate.value.abs() >= 2.0,
            Measure::Lead => true,
            Measure::NetSentiment => estimate.value.abs() >= 5.0,
            Measure::Volume => estimate.value >= 1.15 || estimate.value <= 1.0 / 1.15,
        }
    }
}

/// How much a change can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Not told apart from none, or too small to matter.
    None,
    /// q from 0.01 to 0.10: "appears".
    Likely,
    /// q up to 0.01.
    Sure,
}

/// The tests of a report with their false discovery rates.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    q: BTreeMap<(Measure, usize), f64>,
    /// Tests computed.
    pub tests: usize,
    /// Tests kept at [`FINDING`].
    pub kept: usize,
}

impl Evidence {
    /// One family of all `tests`: measure, index of its subject, p-value.
    pub fn of(tests: &[(Measure, usize, f64)]) -> Self {
        let p: Vec<f64> = tests.iter().map(|t| t.2).collect();
        let q = q_values(&p);
        let kept = q.iter().filter(|q| **q <= FINDING).count();
        let q = tests.iter().zip(q).map(|((measure, subject, _), q)| ((*measure, *subject), q)).collect();
        Self { q, tests: tests.len(), kept }
    }

    /// q-value of a test; `None` when it was not computed.
    pub fn q(&self, measure: Measure, subject: usize) -> Option<f64> {
        self.q.get(&(measure, subject)).copied()
    }

    /// What can be said of a change: nothing when it is not displayable, too small, or not told
    /// apart from none.
    pub fn strength(&self, measure: Measure, subject: usize, change: Option<&Estimate>) -> Strength {
        if !change.is_some_and(|c| c.lo.is_some() && c.is_displayable() && measure.matters(c)) {
            return Strength::None;
        }
        match self.q(measure, subject) {
            Some(q) if q <= SURE => Strength::Sure,
            Some(q) if q <= FINDING => Strength::Likely,
            _ => Strength::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_model::estimate::Method;

    fn change(value: f64) -> Estimate {
        Estimate {
            value,
            lo: Some(value - 1.0),
            hi: Some(value + 1.0),
            level: 0.95,
            n: 1000,
            clusters: 800,
            n_eff: None,
            p: Some(0.0001),
            method: Method::GroupJackknife,
            flags: vec![],
        }
    }

    #[test]
    fn a_sure_but_tiny_change_is_not_a_finding() {
        let evidence = Evidence::of(&[(Measure::ShareOfVoice, 0, 0.0001), (Measure::NetSentiment, 0, 0.03)]);
        assert_eq!((evidence.tests, evidence.kept), (2, 2));
        assert_eq!(evidence.strength(Measure::ShareOfVoice, 0, Some(&change(8.0))), Strength::Sure);
        assert_eq!(evidence.strength(Measure::ShareOfVoice, 0, Some(&change(1.0))), Strength::None);
        assert_eq!(evidence.strength(Measure::NetSentiment, 0, Some(&change(-9.0))), Strength::Likely);
        assert_eq!(evidence.strength(Measure::Volume, 0, Some(&change(3.0))), Strength::None);
        assert_eq!(evidence.strength(Measure::ShareOfVoice, 0, None), Strength::None);
    }
}
