//! A table as rows of texts, whatever its form: what it is shows in its first bytes.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;
use serde_json::Value;

use crate::error::Error;
use crate::{delimited, json_lines, parquet_rows};

/// How much of a file is looked at to find its form and encoding.
const SAMPLE: u64 = 1 << 20;

/// Which columns hold what.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The texts.
    pub text: String,
    /// Their titles.
    pub title: Option<String>,
    /// Their languages, as the platform states them.
    pub lang: Option<String>,
    /// Columns copied to the output.
    pub kept: Vec<String>,
}

/// One row of a table.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// Where it begins: a line, or a row number in Parquet.
    pub(crate) line: u64,
    pub(crate) text: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) lang: Option<String>,
    /// The kept columns, in their order.
    pub(crate) kept: Vec<Value>,
    /// Why the row could not be read.
    pub(crate) problem: Option<String>,
}

/// The rows of a table in order.
pub(crate) type Rows = Box<dyn Iterator<Item = Result<Row, Error>>>;

/// Opens a table.
pub(crate) fn open(path: &Path, columns: &Columns) -> Result<Rows, Error> {
    let failed = |source| Error::Open { file: path.to_owned(), source };
    let mut file = File::open(path).map_err(failed)?;
    let mut first = Vec::new();
    (&mut file).take(4).read_to_end(&mut first).map_err(failed)?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    if first == b"PAR1" {
        return parquet_rows::open(path, file, columns);
    }
    let file = BufReader::with_capacity(1 << 18, file);
    let bytes: Box<dyn Read> = if first.starts_with(&[0x1f, 0x8b]) {
        Box::new(flate2::bufread::MultiGzDecoder::new(file))
    } else if first == [0x28, 0xb5, 0x2f, 0xfd] {
        Box::new(zstd::stream::read::Decoder::with_buffer(file).map_err(failed)?)
    } else {
        Box::new(file)
    };
    let (sample, bytes) = sampled(bytes).map_err(failed)?;
    let encoding = encoding_of(&sample);
    let decoded = encoding.decode(&sample).0;
    let text = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).strip_bom(true).build(bytes);
    if decoded.trim_start().starts_with('{') {
        Ok(Box::new(json_lines::open(path, text, columns)))
    } else {
        delimited::open(path, text, &decoded, columns)
    }
}

/// The beginning of a stream, and the whole stream.
fn sampled(mut bytes: Box<dyn Read>) -> io::Result<(Vec<u8>, impl Read + 'static)> {
    let mut sample = Vec::new();
    bytes.by_ref().take(SAMPLE).read_to_end(&mut sample)?;
    Ok((sample.clone(), Cursor::new(sample).chain(bytes)))
}

/// A byte order mark decides, then UTF-8 with at most a few spoiled bytes, then the likeliest.
fn encoding_of(sample: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(sample) {
        return encoding;
    }
    let beyond_ascii = sample.iter().filter(|b| **b >= 0x80).count();
    let spoiled: usize = sample.utf8_chunks().map(|c| c.invalid().len()).sum();
    if spoiled * 20 <= beyond_ascii {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Where each wanted column stands among `names`.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) text: usize,
    pub(crate) title: Option<usize>,
    pub(crate) lang: Option<usize>,
    pub(crate) kept: Vec<usize>,
}

impl Places {
    /// Finds the columns by name: as written, else without case and blanks around.
    pub(crate) fn find(path: &Path, columns: &Columns, names: &[String]) -> Result<Self, Error> {
        let find = |name: &String| {
            let even = |n: &str| n.trim().trim_start_matches('\u{feff}').to_lowercase();
            names
                .iter()
                .position(|n| n == name)
                .or_else(|| names.iter().position(|n| even(n) == even(name)))
                .ok_or_else(|| Error::Column { file: path.to_owned(), column: name.clone(), there: names.to_vec() })
        };
        Ok(Self {
            text: find(&columns.text)?,
            title: columns.title.as_ref().map(find).transpose()?,
            lang: columns.lang.as_ref().map(find).transpose()?,
            kept: columns.kept.iter().map(find).collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn encodings_are_found() {
        assert_eq!(encoding_of("déjà vu".as_bytes()).name(), "UTF-8");
        assert_eq!(encoding_of(b"\xff\xfea\0").name(), "UTF-16LE");
        let latin: Vec<u8> = "L'été dernier, j'ai changé de forfait à Québec".chars().map(|c| c as u8).collect();
        assert_eq!(encoding_of(&latin).name(), "windows-1252");
        assert_eq!(encoding_of(b"").name(), "UTF-8");
    }

    #[test]
    fn columns_are_found_as_written_then_without_case() {
        let names = ["Text".to_owned(), "text ".to_owned(), "\u{feff}Id".to_owned()];
        let columns = Columns { text: "text".into(), kept: vec!["id".into()], ..Columns::default() };
        let places = Places::find(Path::new("a.csv"), &columns, &names).unwrap();
        assert_eq!((places.text, places.kept), (0, vec![2]));
        let missing = Columns { text: "texte".into(), ..Columns::default() };
        assert!(matches!(Places::find(Path::new("a.csv"), &missing, &names), Err(Error::Column { .. })));
    }
}
