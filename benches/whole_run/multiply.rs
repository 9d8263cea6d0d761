//! A CSV of tweets multiplied to any number of rows: new ids, times moved within their day, same texts.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

/// Seconds by which each copy is later than the one before, within its day: prime to a day, so that copies spread.
const STEP: u64 = 7_919;
const DAY: u64 = 86_400;

/// What was made.
pub(crate) struct Made {
    /// Rows of the original.
    pub(crate) original: u64,
    /// Rows of the new file.
    pub(crate) rows: u64,
}

/// Writes `rows` rows made from the file `from` into `to`.
pub(crate) fn multiply(from: &Path, to: &Path, rows: u64) -> Made {
    let file = File::open(from).unwrap_or_else(|e| panic!("{}: {e}", from.display()));
    let mut reader = csv::Reader::from_reader(MultiGzDecoder::new(BufReader::new(file)));
    let header = reader.byte_headers().unwrap().clone();
    let column = |name: &str| {
        let found = header.iter().position(|h| h == name.as_bytes());
        found.unwrap_or_else(|| panic!("{} has no column {name}", from.display()))
    };
    let (id, time) = (column("tweet_id"), column("tweet_created"));
    let original: Vec<csv::ByteRecord> = reader.byte_records().map(Result::unwrap).collect();
    assert!(!original.is_empty(), "{} has no rows", from.display());

    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    let packed = GzEncoder::new(BufWriter::new(File::create(to).unwrap()), Compression::fast());
    let mut writer = csv::Writer::from_writer(packed);
    writer.write_byte_record(&header).unwrap();
    for number in 0..rows {
        let (copy, row) = (number / original.len() as u64, number as usize % original.len());
        let mut fields: Vec<Vec<u8>> = original[row].iter().map(<[u8]>::to_vec).collect();
        if copy > 0 {
            fields[id] = (600_000_000_000_000_000 + number).to_string().into_bytes();
            fields[time] = later(&fields[time], copy * STEP);
        }
        writer.write_record(&fields).unwrap();
    }
    let packed = writer.into_inner().unwrap_or_else(|e| panic!("{}: {}", to.display(), e.error()));
    packed.finish().unwrap().into_inner().unwrap().sync_all().unwrap();
    Made { original: original.len() as u64, rows }
}

/// `2015-02-24 11:35:52 -0800` some seconds later, on the same day.
fn later(time: &[u8], seconds: u64) -> Vec<u8> {
    let text = std::str::from_utf8(time).unwrap();
    let (date, rest) = text.split_once(' ').unwrap_or_else(|| panic!("not a time: {text}"));
    let (clock, zone) = rest.split_once(' ').unwrap_or((rest, ""));
    let parts: Vec<u64> = clock.split(':').map(|p| p.parse().unwrap()).collect();
    let [hours, minutes, second] = parts[..] else { panic!("not a time: {text}") };
    let moved = (hours * 3_600 + minutes * 60 + second + seconds) % DAY;
    let clock = format!("{:02}:{:02}:{:02}", moved / 3_600, moved / 60 % 60, moved % 60);
    format!("{date} {clock} {zone}").trim_end().to_owned().into_bytes()
}
