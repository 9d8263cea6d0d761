//! One file on its way to the host: rows mapped, rejects told, checkpoints set.

use vigie_plugin::{Context, Mode, Output, Reject, Result};

use crate::cell::Cells;
use crate::config::Config;
use crate::header::Header;
use crate::notices::{self, Trouble};
use crate::plan::Plan;
use crate::state::State;

/// Rows between two checkpoints.
const CHECKPOINT_ROWS: u64 = 10_000;

/// What all files of a reading share.
pub(crate) struct Shared<'a> {
    pub(crate) config: &'a Config,
    pub(crate) plan: &'a Plan,
    pub(crate) output: &'a mut Output<State>,
    pub(crate) context: &'a Context,
    pub(crate) state: State,
    pub(crate) mode: Mode,
    /// Half-open interval wanted, microseconds.
    pub(crate) window: Option<(i64, i64)>,
}

/// One file being read.
pub(crate) struct Reading<'a, 'b> {
    pub(crate) shared: &'b mut Shared<'a>,
    pub(crate) name: &'b str,
    hash: &'b str,
    skip: u64,
    /// Rows seen, rejected ones included.
    pub(crate) rows: u64,
    pub(crate) ids_from_url: u64,
}

impl<'a, 'b> Reading<'a, 'b> {
    pub(crate) fn new(shared: &'b mut Shared<'a>, name: &'b str, hash: &'b str) -> Self {
        let skip = shared.state.covered(hash);
        Self { shared, name, hash, skip, rows: 0, ids_from_url: 0 }
    }

    /// Maps and gives one row, which starts at `line` of the file.
    pub(crate) fn row(&mut self, line: u64, cells: &Cells<'_>, raw: impl FnOnce() -> String) -> Result<()> {
        if self.covered() {
            return Ok(());
        }
        let plan = self.shared.plan;
        match plan.map(cells) {
            Ok(row) => {
                self.ids_from_url += u64::from(row.id_from_url);
                let at = row.published_at();
                if self.shared.window.is_none_or(|(from, to)| (from..to).contains(&at)) {
                    self.shared.output.mention(&row.mention())?;
                }
            }
            Err(reason) => {
                let id = cells[0].text().map(std::borrow::Cow::into_owned);
                self.give_reject(line, reason.name(), id, raw())?;
            }
        }
        self.after_row()
    }

    /// Tells of a row that cannot even be read.
    pub(crate) fn reject(&mut self, line: u64, reason: &str, raw: String) -> Result<()> {
        if self.covered() {
            return Ok(());
        }
        self.give_reject(line, reason, None, raw)?;
        self.after_row()
    }

    /// Counts the row; true when an earlier reading had it.
    fn covered(&mut self) -> bool {
        self.rows += 1;
        self.rows <= self.skip
    }

    fn give_reject(&mut self, line: u64, reason: &str, native_id: Option<String>, raw: String) -> Result<()> {
        self.shared.output.reject(Reject {
            table: "mentions/1".into(),
            native_id,
            reason: reason.into(),
            raw,
            place: Some(format!("{}:{line}", self.name)),
        })
    }

    fn after_row(&mut self) -> Result<()> {
        if self.rows.is_multiple_of(CHECKPOINT_ROWS) {
            self.shared.context.progress(self.rows, 0, "rows");
        }
        if self.shared.mode == Mode::Incremental && self.shared.output.since_checkpoint() >= CHECKPOINT_ROWS {
            self.shared.state.current = Some((self.hash.to_owned(), self.rows));
            self.shared.output.checkpoint(&self.shared.state)?;
        }
        Ok(())
    }

    /// Warns of what the header lacks; refuses the file when it cannot give mentions.
    pub(crate) fn check_header(&self, header: &Header, names: &[String]) -> std::result::Result<(), Trouble> {
        if let Some((column, first, second)) = &header.twice {
            return Err(notices::column_twice(self.name, column, *first, *second).into());
        }
        let there = names.iter().map(|n| n.trim()).filter(|n| !n.is_empty()).collect::<Vec<_>>().join(", ");
        let has = |field: &str| crate::config::field(field).is_some_and(|i| header.sources[i].is_some());
        let mapped = |field: &str| {
            let written = self.shared.config.columns.get(field).map_or(field, String::as_str);
            format!("`{written}` (`{field}`)")
        };
        if !has("published_at") {
            return Err(notices::essential_missing(self.name, &mapped("published_at"), &there).into());
        }
        if !["native_id", "url", "title", "text"].into_iter().any(has) {
            return Err(notices::essential_missing(self.name, &mapped("text"), &there).into());
        }
        for missing in &header.missing {
            self.shared.context.warn(&notices::column_missing(self.name, &format!("`{missing}`")));
        }
        if !header.other_twice.is_empty() {
            let list = header.other_twice.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
            self.shared.context.warn(&notices::other_twice(self.name, &list));
        }
        Ok(())
    }
}
