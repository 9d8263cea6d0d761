//! The sheet a person fills in, as CSV and XLSX. Nothing in it can act as a formula.

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Workbook, XlsxError};

use super::{Row, Sample, Tag};
use crate::Error;

/// Columns, English and French; the order of the sheet.
pub(crate) const COLUMNS: [(&str, &str); 12] = [
    ("id", "id"),
    ("date", "date"),
    ("source", "source"),
    ("language", "langue"),
    ("url", "adresse"),
    ("title", "titre"),
    ("text", "texte"),
    ("found by", "trouvé par"),
    ("relevant", "pertinent"),
    ("remark", "remarque"),
    ("sample", "échantillon"),
    ("of", "sur"),
];
/// Widths of the columns, in characters.
const WIDTHS: [f64; 12] = [14.0, 11.0, 14.0, 9.0, 24.0, 30.0, 70.0, 20.0, 10.0, 24.0, 16.0, 8.0];
/// Index of the column to be filled in.
const LABEL: usize = 8;

/// A sheet before it is written.
pub(crate) struct Sheet {
    /// Names of the columns.
    pub(crate) columns: Vec<&'static str>,
    /// Their widths, in characters.
    pub(crate) widths: &'static [f64],
    /// The rows.
    pub(crate) rows: Vec<Vec<String>>,
    /// Columns to be filled in, with the words that can be chosen there.
    pub(crate) choices: Vec<(usize, Vec<&'static str>)>,
}

/// Writes `NAME-PERIOD.csv` and `.xlsx` into `folder`. A sheet that is there already may hold hours of work: it is
/// never replaced.
///
/// # Errors
/// When a sheet is there already, or cannot be written.
pub fn write(folder: &Path, tag: &Tag, sample: &Sample, french: bool) -> Result<[PathBuf; 2], Error> {
    let sheet = Sheet {
        columns: COLUMNS.iter().map(|(en, fr)| if french { *fr } else { *en }).collect(),
        widths: &WIDTHS,
        rows: sample.rows.iter().map(|row| cells(row, tag, sample.found).to_vec()).collect(),
        choices: vec![(LABEL, if french { vec!["oui", "non", "?"] } else { vec!["yes", "no", "?"] })],
    };
    save(folder, &format!("{}-{}", tag.query, tag.period), &sheet)
}

/// Writes a sheet as CSV and XLSX, called `stem`, into `folder`; one that is there already is never replaced.
pub(crate) fn save(folder: &Path, stem: &str, sheet: &Sheet) -> Result<[PathBuf; 2], Error> {
    std::fs::create_dir_all(folder).map_err(|source| Error::Write { path: folder.to_owned(), source })?;
    let stem: String = stem
        .replace("..", "_")
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' })
        .collect();
    let paths = ["csv", "xlsx"].map(|extension| folder.join(format!("{stem}.{extension}")));
    if let Some(path) = paths.iter().find(|p| p.symlink_metadata().is_ok()) {
        return Err(Error::SheetExists(path.clone()));
    }
    let workbook = xlsx(sheet).map_err(|e| Error::Sheet(e.to_string()))?;
    for (path, bytes) in paths.iter().zip([csv(sheet)?, workbook]) {
        std::fs::write(path, bytes).map_err(|source| Error::Write { path: path.clone(), source })?;
    }
    Ok(paths)
}

fn cells(row: &Row, tag: &Tag, found: u64) -> [String; 12] {
    let Row { uid, day, source, lang, url, title, text, found: places } = row;
    [
        uid.clone(),
        day.to_string(),
        source.clone(),
        lang.clone(),
        url.clone(),
        title.clone(),
        text.clone(),
        places.clone(),
        String::new(),
        String::new(),
        format!("{} {} {}", tag.query, tag.period, tag.fingerprint),
        found.to_string(),
    ]
}

/// With a byte order mark, without which spreadsheets take the accents for something else.
fn csv(sheet: &Sheet) -> Result<Vec<u8>, Error> {
    let mut writer = ::csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
    let failed = |e: &dyn std::fmt::Display| Error::Sheet(e.to_string());
    writer.write_record(&sheet.columns).map_err(|e| failed(&e))?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(|e| failed(&e))?;
    }
    writer.into_inner().map_err(|e| failed(&e))
}

/// A cell that a spreadsheet takes as words, whatever it begins with.
pub(crate) fn harmless(cell: &str) -> String {
    let acts = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || cell.starts_with(['\t', '\r', '\n']);
    if acts { format!("'{cell}") } else { cell.to_owned() }
}

fn xlsx(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let Sheet { columns, widths, rows, choices } = sheet;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let bold = Format::new().set_bold();
    // Words, also once the sheet is saved by a program that would read `=…` again.
    let words = Format::new().set_quote_prefix().set_text_wrap().set_align(FormatAlign::Top);
    for (column, (name, width)) in columns.iter().zip(*widths).enumerate() {
        sheet.set_column_width(column as u16, *width)?;
        sheet.write_string_with_format(0, column as u16, *name, &bold)?;
    }
    for (index, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            if !cell.is_empty() {
                sheet.write_string_with_format(index as u32 + 1, column as u16, cell, &words)?;
            }
        }
    }
    for (column, words) in choices {
        let validation = DataValidation::new().allow_list_strings(words)?;
        sheet.add_data_validation(1, *column as u16, rows.len().max(1) as u32, *column as u16, &validation)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_cannot_act_as_formulas() {
        for cell in ["=HYPERLINK(\"http://x\")", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", " =1", "＝1"] {
            assert!(harmless(cell).starts_with('\''), "{cell}");
        }
        assert_eq!(harmless("l'offre = 5"), "l'offre = 5");
    }
}
