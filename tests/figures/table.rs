//! The CSV files of a report.

use std::collections::BTreeMap;
use std::path::Path;

/// A CSV file as it is.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Found {
    /// The field in `column` of the row whose first field is `key`.
    #[allow(dead_code, reason = "only some of the test targets look up single values")]
    pub(crate) fn get(&self, key: &str, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|c| c == column)?;
        self.rows.iter().find(|row| row[0] == key).map(|row| row[at].as_str())
    }

    /// The same as a number.
    #[allow(dead_code, reason = "only some of the test targets look up single values")]
    pub(crate) fn number(&self, key: &str, column: &str) -> Option<f64> {
        self.get(key, column)?.parse().ok()
    }
}

/// Every CSV file of a report's figures, by file name.
pub(crate) fn read_all(report: &Path) -> BTreeMap<String, Found> {
    let entries = std::fs::read_dir(report.join("figures")).expect("the report has figures");
    entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv"))
        .map(|path| {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&path).expect("a CSV file");
            let mut rows: Vec<Vec<String>> =
                reader.records().map(|r| r.expect("a record").iter().map(str::to_owned).collect()).collect();
            let columns = rows.remove(0);
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, Found { columns, rows })
        })
        .collect()
}

/// The only table with these columns.
#[allow(dead_code, reason = "only some of the test targets look up single tables")]
pub(crate) fn with_columns<'t>(found: &'t BTreeMap<String, Found>, columns: &[&str]) -> &'t Found {
    let matching: Vec<&Found> = found.values().filter(|t| t.columns == columns).collect();
    assert_eq!(matching.len(), 1, "one table must have the columns {columns:?}");
    matching[0]
}
