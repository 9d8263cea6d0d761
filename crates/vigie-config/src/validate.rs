//! Checks that several tables share: unique identifiers, references, days in order.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::ToSpan;
use toml::Spanned;
use vigie_model::diagnostic::Bilingual;
use vigie_model::period::Period;

use crate::fields::Fields;
use crate::page::Page;
use crate::suggest::advice;

/// Reports every identifier that appears a second time.
pub(crate) fn unique<'i>(page: &Page<'_>, table: &str, ids: impl Iterator<Item = &'i Spanned<String>>) {
    let mut first: BTreeMap<&str, Range<usize>> = BTreeMap::new();
    for id in ids {
        let Some(before) = first.get(id.get_ref().as_str()) else {
            first.insert(id.get_ref(), id.span());
            continue;
        };
        let line = page.text.get(..before.start).map_or(1, |t| t.matches('\n').count() + 1);
        let message = Bilingual::new(
            format!("two `[[{table}]]` have the id `{}`", id.get_ref()),
            format!("deux `[[{table}]]` ont l'identifiant `{}`", id.get_ref()),
        );
        let hint =
            Bilingual::new(format!("the first one is on line {line}"), format!("la première est à la ligne {line}"));
        page.error("C107", id.span(), message, Some(hint));
    }
}

/// The identifier when it is one of `known`; reported otherwise.
pub(crate) fn reference(page: &Page<'_>, table: &str, id: &Spanned<String>, known: &[&str]) -> Option<String> {
    let name = id.get_ref();
    if known.contains(&name.as_str()) {
        return Some(name.clone());
    }
    let hint = advice(name, known);
    let message = Bilingual::new(
        format!("no `[[{table}]]` has the id `{name}`"),
        format!("aucune `[[{table}]]` n'a l'identifiant `{name}`"),
    );
    page.error("C108", id.span(), message, Some(hint));
    None
}

/// Days from `first` to `last`, both included; `last` alone may be absent when it may equal `first`.
pub(crate) fn days(fields: &Fields<'_, '_>, first: &str, last: &str) -> Option<Period> {
    let start = fields.date(first);
    let end = fields.date(last);
    let start = start?;
    let Some(end) = end else {
        return Some(Period { start: *start.get_ref(), end: start.get_ref().saturating_add(1.day()) });
    };
    if end.get_ref() < start.get_ref() {
        let why = (format!("is before `{first}`"), format!("est avant `{first}`"));
        fields.invalid(last, end.span(), (&why.0, &why.1), None);
        return None;
    }
    Some(Period { start: *start.get_ref(), end: end.get_ref().saturating_add(1.day()) })
}
