//! One item of the service, read with care, or with one of the faults.

use serde_json::Value;
use vigie_plugin::time;

use crate::faults::Fault;

/// An item that can become a row.
pub(crate) struct Item {
    pub(crate) id: String,
    /// The id as the service counts.
    pub(crate) number: u64,
    pub(crate) text: String,
    pub(crate) created: i64,
    pub(crate) likes: Option<i64>,
    pub(crate) author: Option<String>,
}

impl Item {
    /// The item in `value`; `None` when something it cannot do without is missing or strange.
    pub(crate) fn of(value: &Value, fault: Fault, now: i64) -> Option<Self> {
        let number = whole(value.get("id")?)?;
        let id = if fault == Fault::DoubleIds { format!("{:.0}", number as f64) } else { number.to_string() };
        let created = value.get("created").and_then(Value::as_str).and_then(time::parse);
        let created = if fault == Fault::GuessesDates { created.unwrap_or(now) } else { created? };
        let likes = value.get("likes").and_then(whole).and_then(|n| i64::try_from(n).ok());
        let likes = if fault == Fault::ZeroForUnknown { Some(likes.unwrap_or(0)) } else { likes };
        Some(Self {
            id,
            number,
            text: value.get("text")?.as_str()?.to_owned(),
            created,
            likes,
            author: value.get("author").and_then(Value::as_str).map(str::to_owned),
        })
    }
}

/// A whole number, written as one or as text.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
