//! The row of the table `coverage` that says that a run could not ask for everything.

use vigie_model::coverage::COVERAGE;
use vigie_plugin_host::{Batch, Column, Plain, TextColumn, Values};

/// What is known of a run whose budget of requests was spent.
pub(crate) struct Spent {
    /// Requests made.
    pub(crate) requests: u64,
    /// Rows read.
    pub(crate) items: u64,
    /// When the source was last read before; 1970 when it never was. Microseconds since then.
    pub(crate) since: i64,
    /// When the run began.
    pub(crate) now: i64,
}

impl Spent {
    /// The row, as a plugin would give it.
    pub(crate) fn row(&self) -> Batch {
        let time = |micros| Values::Time(Plain { values: vec![micros], valid: None });
        let int =
            |number: u64| Values::Int(Plain { values: vec![i64::try_from(number).unwrap_or(i64::MAX)], valid: None });
        let mut reason = TextColumn::default();
        reason.push(Some("budget"));
        let columns = [
            ("window_start", time(self.since)),
            ("window_end", time(self.now)),
            ("requests", int(self.requests)),
            ("items", int(self.items)),
            ("truncated", Values::Bool(Plain { values: vec![true], valid: None })),
            ("reason", Values::Text(reason)),
        ];
        let columns = columns.into_iter().map(|(name, values)| Column { name: name.to_owned(), values }).collect();
        Batch { table: COVERAGE.name.to_owned(), rows: 1, columns }
    }
}
