//! Tables as files that anything opens.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use polars::prelude::*;

use crate::cells::{cells, row_json};
use crate::compact::monthly;
use crate::retention::before_export;
use crate::{Error, Snapshot};

/// Form of exported files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// One JSON object per line.
    Ndjson,
    /// Comma-separated values, UTF-8.
    Csv,
}

impl Format {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Parquet, Self::Ndjson, Self::Csv];

    /// Extension of its files, and its name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }
}

/// Writes the newest version of every row of `snapshot` to `folder/<table>.<extension>`, month by month in the order
/// of time. Rows that may only be counted leave without their content. Gives the file and its rows.
///
/// # Errors
/// When a file cannot be read or written; an earlier export is then as it was.
pub fn export(snapshot: &Snapshot, folder: &Path, format: Format) -> Result<(PathBuf, u64), Error> {
    std::fs::create_dir_all(folder).map_err(Error::io("cannot create", folder))?;
    let path = folder.join(format!("{}.{}", snapshot.table.short(), format.extension()));
    let draft = path.with_extension("new");
    let file = File::create(&draft).map_err(Error::io("cannot write", &draft))?;
    let mut months = monthly(snapshot)?.map(|rows| {
        let rows = before_export(rows?.lazy(), snapshot.table).collect();
        rows.map_err(|e| snapshot.unusable(e))
    });
    let file = BufWriter::new(file);
    let rows = match format {
        Format::Parquet => parquet(snapshot, file, &mut months)?,
        Format::Ndjson => ndjson(snapshot, file, &draft, &mut months)?,
        Format::Csv => csv(snapshot, file, &draft, &mut months)?,
    };
    std::fs::rename(&draft, &path).map_err(Error::io("cannot write", &path))?;
    Ok((path, rows))
}

type Months<'m> = dyn Iterator<Item = Result<DataFrame, Error>> + 'm;

fn parquet(snapshot: &Snapshot, file: BufWriter<File>, months: &mut Months<'_>) -> Result<u64, Error> {
    let unusable = |e| snapshot.unusable(e);
    let writer = ParquetWriter::new(file).with_compression(ParquetCompression::Zstd(None));
    let mut writer = writer.batched(snapshot.columns()).map_err(unusable)?;
    let mut count = 0;
    for rows in months {
        let mut rows = rows?;
        rows.rechunk_mut();
        writer.write_batch(&rows).map_err(unusable)?;
        count += rows.height() as u64;
    }
    writer.finish().map_err(unusable)?;
    Ok(count)
}

fn ndjson(snapshot: &Snapshot, mut file: BufWriter<File>, path: &Path, months: &mut Months<'_>) -> Result<u64, Error> {
    let mut count = 0;
    for rows in months {
        let rows = rows?;
        let columns =
            rows.columns().iter().map(|c| Ok((c.name().as_str(), cells(c)?))).collect::<PolarsResult<Vec<_>>>();
        let columns = columns.map_err(|e| snapshot.unusable(e))?;
        for row in 0..rows.height() {
            let line = row_json(columns.iter().map(|(name, cells)| (*name, &cells[row])));
            writeln!(file, "{line}").map_err(Error::io("cannot write", path))?;
        }
        count += rows.height() as u64;
    }
    file.flush().map_err(Error::io("cannot write", path))?;
    Ok(count)
}

fn csv(snapshot: &Snapshot, file: BufWriter<File>, path: &Path, months: &mut Months<'_>) -> Result<u64, Error> {
    let failed = |e: csv::Error| Error::io("cannot write", path)(std::io::Error::other(e));
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(snapshot.columns().iter_names().map(PlSmallStr::as_str)).map_err(failed)?;
    let mut count = 0;
    for rows in months {
        let rows = rows?;
        let columns = rows.columns().iter().map(cells).collect::<PolarsResult<Vec<_>>>();
        let columns = columns.map_err(|e| snapshot.unusable(e))?;
        for row in 0..rows.height() {
            let record = columns.iter().map(|c| c[row].as_ref().map(crate::cells::Cell::csv).unwrap_or_default());
            writer.write_record(record).map_err(failed)?;
        }
        count += rows.height() as u64;
    }
    writer.flush().map_err(Error::io("cannot write", path))?;
    Ok(count)
}
