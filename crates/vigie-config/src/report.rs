//! Table `[report]`: what the report is and how it is printed.

use jiff::civil::date;
use toml::Spanned;
use vigie_model::diagnostic::Bilingual;
use vigie_model::locale::Locale;
use vigie_model::period::{Period, PeriodError};

use crate::fields::Fields;
use crate::settings::{Counting, Paper, ReportSettings};

/// Keys of the table.
pub(crate) const KEYS: &[&str] = &[
    "period",
    "kind",
    "counting",
    "paper",
    "version",
    "signature",
    "prepared_for",
    "prepared_by",
    "distribution",
    "disclaimer",
];

const COUNTINGS: [(&str, Counting); 3] =
    [("dedup", Counting::Dedup), ("originals", Counting::Originals), ("all", Counting::All)];

const PAPERS: [(&str, Paper); 2] = [("a4", Paper::A4), ("letter", Paper::Letter)];

/// The settings of a project without the table.
pub(crate) fn default(editions: &[Locale]) -> ReportSettings {
    ReportSettings {
        period: "last-month".to_owned(),
        kind: "monthly".to_owned(),
        counting: Counting::default(),
        paper: if editions.first() == Some(&Locale::FrFr) { Paper::A4 } else { Paper::Letter },
        version: None,
        signature: None,
        prepared_for: None,
        prepared_by: None,
        distribution: None,
        disclaimer: None,
    }
}

/// The table; values that are wrong are reported and keep their default.
pub(crate) fn read(fields: &Fields<'_, '_>, editions: &[Locale]) -> ReportSettings {
    let default = default(editions);
    ReportSettings {
        period: period(fields).unwrap_or(default.period),
        kind: fields.choice("kind", &[("monthly", "monthly")]).map_or(default.kind, |k| k.into_inner().to_owned()),
        counting: fields.choice("counting", &COUNTINGS).map_or(default.counting, Spanned::into_inner),
        paper: fields.choice("paper", &PAPERS).map_or(default.paper, Spanned::into_inner),
        version: fields.text("version").map(Spanned::into_inner),
        signature: fields.words("signature"),
        prepared_for: fields.words("prepared_for"),
        prepared_by: fields.words("prepared_by"),
        distribution: fields.words("distribution"),
        disclaimer: fields.words("disclaimer"),
    }
}

fn period(fields: &Fields<'_, '_>) -> Option<String> {
    let text = fields.text("period")?;
    // The day matters to `last-month` only, and that form is always valid.
    match Period::parse(text.get_ref(), date(2026, 1, 1)) {
        Ok(_) => return Some(text.into_inner()),
        Err(PeriodError::Order(_)) => {
            let why = ("ends before it starts", "finit avant de commencer");
            fields.invalid("period", text.span(), why, None);
        }
        Err(PeriodError::Form(_)) => {
            let hint = Bilingual::new(
                "write `2026-10`, `last-month` or `2026-10-01..2026-10-31`",
                "écrivez `2026-10`, `last-month` ou `2026-10-01..2026-10-31`",
            );
            fields.invalid("period", text.span(), ("is not a period", "n'est pas une période"), Some(hint));
        }
    }
    None
}
