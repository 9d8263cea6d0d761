//! One quantity has one value in the whole report.

use std::collections::BTreeMap;

use vigie_model::estimate::Estimate;
use vigie_model::metric::Metric;
use vigie_report::report::Quantity;
use vigie_report::text::Words;

use crate::Error;

/// The quantities printed so far, by key.
#[derive(Default)]
pub(crate) struct Quantities {
    cells: BTreeMap<String, Quantity>,
}

impl Quantities {
    /// Registers a quantity; asking twice for one key must give one value.
    ///
    /// # Errors
    /// [`Error::Unreconciled`] when the key already has another value.
    pub(crate) fn register(
        &mut self,
        key: String,
        metric: Metric,
        unit: &str,
        estimate: &Estimate,
        shown: Words,
        shown_interval: Option<Words>,
    ) -> Result<(), Error> {
        if let Some(existing) = self.cells.get(&key) {
            if existing.estimate.value.to_bits() == estimate.value.to_bits() {
                return Ok(());
            }
            return Err(Error::Unreconciled { key, first: existing.estimate.value, second: estimate.value });
        }
        let quantity = Quantity {
            key: key.clone(),
            metric: metric.to_string(),
            unit: unit.to_owned(),
            estimate: estimate.clone(),
            shown,
            shown_interval,
        };
        self.cells.insert(key, quantity);
        Ok(())
    }

    pub(crate) fn into_vec(self) -> Vec<Quantity> {
        self.cells.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_model::estimate::Method;

    #[test]
    fn one_key_has_one_value() {
        let metric = Metric { id: "sov", version: "1.0" };
        let estimate = |value| Estimate {
            value,
            lo: None,
            hi: None,
            level: 0.95,
            n: 1,
            clusters: 1,
            n_eff: None,
            p: None,
            method: Method::None,
            flags: vec![],
        };
        let mut quantities = Quantities::default();
        let mut register =
            |value| quantities.register("sov.a".into(), metric, "percent", &estimate(value), Words::new(), None);
        register(35.3).unwrap();
        register(35.3).unwrap();
        assert!(matches!(register(35.4), Err(Error::Unreconciled { .. })));
    }
}
