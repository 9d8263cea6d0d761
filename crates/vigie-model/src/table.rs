//! The tables a source may fill: mentions, measured points, events, and what was heard at all.
//!
//! A table's number is part of its name; columns may be added under a number, never changed.

use crate::column::{Column, Given};
use crate::{coverage, event, mention, metric_point};

/// One table of the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name and number, `mentions/1`.
    pub name: &'static str,
    /// Columns in the archive's order, the transient ones among them.
    pub columns: &'static [Column],
    /// Columns that together say which row it is: a later row with the same values replaces the earlier one.
    pub key: &'static [&'static str],
}

/// Every table.
pub const TABLES: &[&Table] = &[&mention::MENTIONS, &metric_point::METRIC_POINTS, &event::EVENTS, &coverage::COVERAGE];

/// The table called `name`, its number included.
pub fn find(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|t| t.name == name).copied()
}

impl Table {
    /// The column called `name`.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The columns that are stored, in order.
    pub fn stored(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.columns.iter().filter(|c| c.given != Given::Transient)
    }

    /// The columns a plugin gives, in order.
    pub fn given(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.columns.iter().filter(|c| c.given != Given::Host)
    }

    /// The columns a plugin must give on every row, in order.
    pub fn required(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.columns.iter().filter(|c| c.given == Given::Required)
    }

    /// The name without its number, `mentions`.
    pub fn short(&self) -> &'static str {
        self.name.split('/').next().unwrap_or(self.name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_keys_are_columns() {
        for table in TABLES {
            let names: BTreeSet<&str> = table.columns.iter().map(|c| c.name).collect();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
            for key in table.key {
                let column = table.column(key).copied();
                assert!(column.is_some_and(|c| c.given != Given::Transient), "{} {key}", table.name);
            }
            assert!(table.required().count() > 0, "{}", table.name);
            assert!(names.iter().all(|n| !n.starts_with("x_")), "{}", table.name);
        }
        assert_eq!(find("coverage/1").map(Table::short), Some("coverage"));
        assert_eq!(find("coverage/2"), None);
    }

    #[test]
    fn no_account_is_stored_as_the_platform_names_it() {
        let mentions = &mention::MENTIONS;
        for account in ["author_handle", "author_name", "in_reply_to_author", "mentions_of"] {
            assert_eq!(mentions.column(account).map(|c| c.given), Some(Given::Transient), "{account}");
        }
    }
}
