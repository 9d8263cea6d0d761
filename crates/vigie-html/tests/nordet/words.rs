//! Short ways to write both languages of the test report.

use serde_json::Value;
use vigie_model::locale::{Locale, Localized};
use vigie_report::figure::{Cell, ColumnKind, Data, DataColumn};
use vigie_report::text::{Text, Words, paragraph};

/// The same thing in both editions.
pub(super) fn both<T: Clone>(value: T) -> Localized<T> {
    each(value.clone(), value)
}

/// One thing per edition.
pub(super) fn each<T>(fr: T, en: T) -> Localized<T> {
    Localized::from([(Locale::FrCa, fr), (Locale::EnCa, en)])
}

/// Words in French and English.
pub(super) fn words(fr: &str, en: &str) -> Words {
    each(spaced(fr), en.to_owned())
}

/// French words with the no-break spaces that the typographer of reports places.
fn spaced(fr: &str) -> String {
    let pairs = [(" :", "\u{A0}:"), (" ;", "\u{202F};"), (" ?", "\u{202F}?"), (" %", "\u{A0}%"), (" pts", "\u{A0}pts")];
    let quoted = fr.replace("« ", "«\u{A0}").replace(" »", "\u{A0}»");
    pairs.iter().fold(quoted, |text, (plain, kept)| text.replace(plain, kept))
}

/// The same words in both languages.
pub(super) fn same(name: &str) -> Words {
    words(name, name)
}

/// Text with `**emphasis**`.
pub(super) fn text(fr: &str, en: &str) -> Text {
    each(paragraph(&spaced(fr)), paragraph(en))
}

/// A number as printed in French; English gets a point, a comma and no space before `%`.
pub(super) fn number(raw: impl Into<Value>, fr: &str) -> Cell {
    let en = fr.replace(',', ".").replace('\u{202F}', ",").replace("\u{A0}%", "%").replace("\u{A0}pts", " pp");
    Cell { raw: raw.into(), shown: words(fr, &en) }
}

/// A cell of words.
pub(super) fn cell(fr: &str, en: &str) -> Cell {
    Cell { raw: Value::from(en), shown: words(fr, en) }
}

/// A column.
pub(super) fn column(id: &str, fr: &str, en: &str, kind: ColumnKind) -> DataColumn {
    DataColumn { id: id.to_owned(), title: words(fr, en), kind }
}

/// Rows of a table whose first column is words and the others numbers.
pub(super) fn table(heads: &[(&str, &str, &str)], rows: Vec<Vec<Cell>>) -> Data {
    let kind = |i| {
        if i == 0 { ColumnKind::Text } else { ColumnKind::Number }
    };
    let columns = heads.iter().enumerate().map(|(i, h)| column(h.0, h.1, h.2, kind(i))).collect();
    Data { columns, rows }
}
