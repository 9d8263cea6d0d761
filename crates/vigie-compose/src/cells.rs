//! Cells of tables: the raw value for files, the words for readers.

use serde_json::Value;
use vigie_model::estimate::Estimate;
use vigie_model::locale::Locale;
use vigie_report::figure::{Cell, ColumnKind, DataColumn};
use vigie_report::number;
use vigie_report::text::Words;

use crate::Error;
use crate::builder::Builder;

/// A column headed with words that exist already.
pub(crate) fn column_titled(id: &str, title: Words, kind: ColumnKind) -> DataColumn {
    DataColumn { id: id.to_owned(), title, kind }
}

/// Words.
pub(crate) fn text_cell(raw: &str, shown: Words) -> Cell {
    Cell { raw: Value::from(raw), shown }
}

impl Builder<'_> {
    /// A column whose heading is a message without slots.
    pub(crate) fn column(&self, id: &str, key: &str, kind: ColumnKind) -> Result<DataColumn, Error> {
        Ok(DataColumn { id: id.to_owned(), title: self.say(key, |_| vec![])?, kind })
    }

    /// The name of an entity.
    pub(crate) fn entity_cell(&self, entity: usize) -> Cell {
        let id = self.analyses().names.entities.get(entity).map_or("", String::as_str);
        text_cell(id, self.same(self.short(entity)))
    }

    /// A number of things.
    pub(crate) fn count_cell(&self, n: u64) -> Cell {
        Cell { raw: Value::from(n), shown: self.each(|l| number::count(l, n)) }
    }

    /// A number written by `shown`; a dash when it does not exist, with a null for files.
    pub(crate) fn number_cell(&self, value: Option<f64>, shown: impl Fn(Locale, f64) -> String) -> Cell {
        match value.filter(|v| v.is_finite()) {
            Some(v) => Cell { raw: Value::from(v), shown: self.each(|l| shown(l, v)) },
            None => self.no_cell(),
        }
    }

    /// The value of an estimate: the number always goes to files, but a base under the floor is
    /// not printed.
    pub(crate) fn estimate_cell(&self, e: Option<&Estimate>, shown: impl Fn(Locale, f64) -> String) -> Cell {
        let cell = self.number_cell(e.map(|e| e.value), shown);
        if e.is_some_and(Estimate::is_displayable) { cell } else { Cell { shown: self.same("—"), ..cell } }
    }

    /// A bound of an interval, for files; printed elsewhere.
    pub(crate) fn bound_cell(&self, bound: Option<f64>, shown: impl Fn(Locale, f64) -> String) -> Cell {
        self.number_cell(bound, shown)
    }

    /// Not applicable.
    pub(crate) fn no_cell(&self) -> Cell {
        Cell { raw: Value::Null, shown: self.same("—") }
    }
}
