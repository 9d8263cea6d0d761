//! Reads a sheet that a person filled in.

use std::collections::BTreeSet;
use std::path::Path;

use calamine::{Data, Reader, open_workbook_auto};
use vigie_model::diagnostic::Bilingual;

use super::Tag;
use super::sheet::COLUMNS;

/// What the labels of a sheet say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// What the sheet is a sample of.
    pub tag: Tag,
    /// Mentions that the query found.
    pub found: u64,
    /// Rows that say yes.
    pub relevant: u64,
    /// Rows that say no.
    pub irrelevant: u64,
    /// Rows that say neither.
    pub unsure: u64,
    /// Rows without a label.
    pub unread: u64,
    /// Rows that could not be used, each with its place.
    pub faults: Vec<Bilingual>,
}

/// Reads the labels of a CSV or XLSX sheet. Rows that cannot be used are told and left out.
///
/// # Errors
/// When the file cannot be read, or is no sheet of ours.
pub fn load(path: &Path) -> Result<Labels, Bilingual> {
    let shown = path.display();
    let refused = |en: String, fr: String| Bilingual::new(format!("`{shown}`: {en}"), format!("`{shown}` : {fr}"));
    let rows = rows(path).map_err(|e| refused(format!("cannot be read: {e}"), format!("illisible : {e}")))?;
    let mut lines = rows.iter();
    let header = lines.next().map(Vec::as_slice).unwrap_or_default();
    let column = |index: usize| {
        let (en, fr) = COLUMNS[index];
        header.iter().position(|name| [en, fr].contains(&name.trim().to_lowercase().as_str())).ok_or_else(|| {
            refused(
                format!("no column `{en}`; load a sheet that vigie query sample made"),
                format!("pas de colonne `{fr}` ; chargez une feuille faite par vigie query sample"),
            )
        })
    };
    let (id, label, sample, of) = (column(0)?, column(8)?, column(10)?, column(11)?);
    let mut labels: Option<Labels> = None;
    let mut seen = BTreeSet::new();
    for (index, row) in lines.enumerate() {
        let cell = |column: usize| row.get(column).map_or("", |c| c.trim().trim_start_matches('\''));
        if row.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        let own = tag(cell(sample)).zip(cell(of).parse::<u64>().ok());
        let place = index + 2;
        let Some((own, found)) = own else {
            return Err(refused(
                format!("row {place}: the columns `sample` and `of` were changed"),
                format!("ligne {place} : les colonnes `échantillon` et `sur` ont été modifiées"),
            ));
        };
        let labels = labels.get_or_insert_with(|| Labels {
            tag: own.clone(),
            found,
            relevant: 0,
            irrelevant: 0,
            unsure: 0,
            unread: 0,
            faults: Vec::new(),
        });
        let mut fault = |en: String, fr: String| {
            labels.faults.push(refused(format!("row {place}: {en}"), format!("ligne {place} : {fr}")));
        };
        if own != labels.tag {
            fault("of another sample; left out".to_owned(), "d'un autre échantillon ; laissée de côté".to_owned());
        } else if !seen.insert(cell(id).to_owned()) {
            fault("there twice; left out".to_owned(), "déjà lue ; laissée de côté".to_owned());
        } else {
            match cell(label).to_lowercase().as_str() {
                "" => labels.unread += 1,
                "yes" | "y" | "oui" | "o" | "1" | "true" | "vrai" => labels.relevant += 1,
                "no" | "n" | "non" | "0" | "false" | "faux" => labels.irrelevant += 1,
                "?" | "unsure" | "doute" => labels.unsure += 1,
                other => {
                    let other: String = other.chars().take(40).collect();
                    fault(
                        format!("`{other}` is not yes, no or ?; left out"),
                        format!("`{other}` n'est ni oui, ni non, ni ? ; laissée de côté"),
                    );
                }
            }
        }
    }
    labels.ok_or_else(|| refused("no row".to_owned(), "aucune ligne".to_owned()))
}

/// `NAME PERIOD FINGERPRINT`.
fn tag(cell: &str) -> Option<Tag> {
    let mut words = cell.rsplitn(3, ' ');
    let (fingerprint, period, query) = (words.next()?, words.next()?, words.next()?);
    Some(Tag { query: query.to_owned(), period: period.to_owned(), fingerprint: fingerprint.to_owned() })
}

/// The cells of a CSV or XLSX file, its header first.
pub(crate) fn rows(path: &Path) -> Result<Vec<Vec<String>>, Box<dyn std::error::Error>> {
    let is_csv = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv") || e.eq_ignore_ascii_case("txt"));
    if is_csv {
        return csv_rows(&std::fs::read(path)?);
    }
    let mut workbook = open_workbook_auto(path)?;
    let range = workbook.worksheet_range_at(0).ok_or("no sheet")??;
    Ok(range.rows().map(|row| row.iter().map(text).collect()).collect())
}

fn text(cell: &Data) -> String {
    match cell {
        // A spreadsheet turns 1 and 0 into numbers.
        Data::Float(n) if n.fract() == 0.0 => format!("{n:.0}"),
        other => other.to_string(),
    }
}

/// Spreadsheets save with commas, semicolons or tabs, by country.
fn csv_rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, Box<dyn std::error::Error>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let head = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |mark: u8| head.split(|b| *b == mark).count();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',');
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes);
    let mut rows = Vec::new();
    for record in reader.byte_records() {
        rows.push(record?.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect());
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{Row, Sample, write};
    use jiff::civil::date;

    fn sample() -> (Tag, Sample) {
        let row = |n: usize| Row {
            uid: format!("uid{n}"),
            day: date(2026, 10, 14),
            source: "export".to_owned(),
            lang: "fr".to_owned(),
            url: "https://a.example/".to_owned(),
            title: "=1+1".to_owned(),
            text: "Une panne, \"encore\"\nune".to_owned(),
            found: "panne".to_owned(),
        };
        let tag = Tag { query: "brand".to_owned(), period: "2026-10".to_owned(), fingerprint: "a1b2".to_owned() };
        (tag, Sample { found: 120, strata: 1, rows: (0..6).map(row).collect() })
    }

    #[test]
    fn what_a_person_writes_is_counted_and_what_cannot_be_read_is_told() {
        let dir = tempfile::tempdir().unwrap();
        for (french, comma) in [(false, ","), (true, ";")] {
            let (tag, sample) = sample();
            let folder = dir.path().join(if french { "fr" } else { "en" });
            let [csv, _] = write(&folder, &tag, &sample, french).unwrap();
            let bytes = std::fs::read(&csv).unwrap();
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains("'=1+1"));
            // As a spreadsheet of either country saves it.
            let mut reader = ::csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
            let mut writer = ::csv::WriterBuilder::new().delimiter(comma.as_bytes()[0]).from_writer(Vec::new());
            writer.write_record(reader.headers().unwrap()).unwrap();
            for (record, label) in reader.records().zip(["Yes", " oui ", "NON", "?", "peut-être", ""]) {
                let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
                cells[8] = label.to_owned();
                writer.write_record(&cells).unwrap();
            }
            std::fs::write(&csv, writer.into_inner().unwrap()).unwrap();
            let labels = load(&csv).unwrap();
            let counts = (labels.relevant, labels.irrelevant, labels.unsure, labels.unread);
            assert_eq!((labels.tag, labels.found, counts), (tag, 120, (2, 1, 1, 1)));
            assert_eq!(labels.faults.len(), 1);
            assert!(labels.faults[0].fr.contains("ligne 6") && labels.faults[0].fr.contains("peut-être"));
        }
    }

    #[test]
    fn workbooks_are_read_back_and_sheets_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let (tag, sample) = sample();
        let [_, xlsx] = write(dir.path(), &tag, &sample, true).unwrap();
        let labels = load(&xlsx).unwrap();
        assert_eq!((labels.tag.clone(), labels.found, labels.unread), (tag.clone(), 120, 6));
        let mut workbook = open_workbook_auto(&xlsx).unwrap();
        let formulas = workbook.worksheet_formula("Sheet1").unwrap();
        assert!(formulas.is_empty(), "{formulas:?}");
        assert!(write(dir.path(), &tag, &sample, true).is_err());
    }

    #[test]
    fn other_files_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in [("a.csv", "x,y\n1,2\n"), ("b.csv", ""), ("c.xlsx", "no workbook")] {
            std::fs::write(dir.path().join(name), content).unwrap();
            assert!(load(&dir.path().join(name)).is_err(), "{name}");
        }
        assert!(load(&dir.path().join("gone.csv")).is_err());
    }
}
