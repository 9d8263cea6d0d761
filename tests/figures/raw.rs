//! The rows of the examples' files, read with nothing of the product: what each file means is written here by hand.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use crate::dates::{MICROS, Zone, day_number, numbers};

/// A row that became a mention.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// Index of the source in the project.
    pub(crate) source: usize,
    /// Platform and id: two rows of one identity are one mention.
    pub(crate) uid: String,
    pub(crate) platform: String,
    pub(crate) kind: &'static str,
    /// Microseconds since 1970.
    pub(crate) at: i64,
    /// Who wrote it, as the file tells people apart.
    pub(crate) account: Option<String>,
    /// Every name the writer goes by.
    pub(crate) names: Vec<String>,
    pub(crate) title: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) lang: Option<String>,
}

/// What became of a source's rows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) read: u64,
    pub(crate) kept: u64,
    pub(crate) duplicates: u64,
}

/// All mentions, each identity once, and the ledger of each source.
pub(crate) struct Mentions {
    pub(crate) rows: Vec<Row>,
    pub(crate) ledgers: Vec<Ledger>,
}

/// Joins what the sources gave: a row seen before with the same words is a duplicate, with other words its newest
/// version counts.
pub(crate) fn join(sources: Vec<Vec<Row>>) -> Mentions {
    let mut versions: BTreeMap<String, Row> = BTreeMap::new();
    let mut ledgers = Vec::new();
    for rows in sources {
        let mut ledger = Ledger::default();
        for row in rows {
            ledger.read += 1;
            let known = versions.get(&row.uid);
            if known.is_some_and(|before| before.title == row.title && before.text == row.text) {
                ledger.duplicates += 1;
            } else {
                ledger.kept += 1;
                versions.insert(row.uid.clone(), row);
            }
        }
        ledgers.push(ledger);
    }
    let mut rows: Vec<Row> = versions.into_values().collect();
    rows.sort_by(|a, b| (a.at, &a.uid).cmp(&(b.at, &b.uid)));
    Mentions { rows, ledgers }
}

/// The four files of the Nordet example, in the project's order.
pub(crate) fn nordet(folder: &Path) -> Mentions {
    let data = folder.join("data");
    join(vec![
        social(&data.join("reseaux-sociaux.csv.gz")),
        forums(&data.join("forums.ndjson.zst")),
        reviews(&data.join("avis.xlsx")),
        press(&data.join("presse.csv.gz")),
    ])
}

/// The tweets of the airlines example.
pub(crate) fn airlines(data: &Path) -> Mentions {
    let text = String::from_utf8(gunzipped(&data.join("airlines-us-2015/Tweets.csv.gz"))).expect("UTF-8");
    let (header, records) = records(&text, b',', "tweet_id");
    let rows = records.iter().map(|record| {
        let field = |name: &str| field(&header, record, name);
        // 2015-02-24 11:35:52 -0800: every time of the file carries that offset.
        let created = field("tweet_created").expect("every tweet has a date");
        let (time, offset) = created.rsplit_once(' ').expect("a date ends with its offset");
        assert_eq!(offset, "-0800");
        let n = numbers(time);
        let second = n[3] * 3600 + n[4] * 60 + n[5] + 8 * 3600;
        let name = field("name");
        Row {
            source: 0,
            uid: format!("x:{}", field("tweet_id").expect("every tweet has an id")),
            platform: "x".to_owned(),
            kind: "post",
            at: (day_number(n[0], n[1], n[2]) * 86_400 + second) * MICROS,
            names: name.iter().cloned().collect(),
            account: name,
            title: None,
            text: field("text"),
            lang: Some("en".to_owned()),
        }
    });
    join(vec![rows.collect()])
}

fn social(path: &Path) -> Vec<Row> {
    let text = String::from_utf8(gunzipped(path)).expect("UTF-8");
    let (header, records) = records(text.trim_start_matches('\u{feff}'), b',', "Resource Id");
    let row = |record: &csv::StringRecord| {
        let field = |name: &str| field(&header, record, name);
        let platform = match field("Page Type").as_deref() {
            Some("twitter") => "x".to_owned(),
            Some(other) => other.to_owned(),
            None => panic!("a row without platform"),
        };
        let n = numbers(&field("Date").expect("a date"));
        let (author, name) = (field("Author"), field("Full Name"));
        Row {
            source: 0,
            uid: format!("{platform}:{}", field("Resource Id").expect("an id")),
            platform,
            kind: "post",
            at: (day_number(n[0], n[1], n[2]) * 86_400 + n[3] * 3600 + n[4] * 60 + n[5]) * MICROS,
            names: author.iter().chain(&name).cloned().collect(),
            account: author.or(name),
            title: field("Title"),
            text: field("Full Text"),
            lang: field("Language"),
        }
    };
    records.iter().map(row).collect()
}

fn forums(path: &Path) -> Vec<Row> {
    let file = std::fs::File::open(path).expect("the file is there");
    let text = String::from_utf8(zstd::decode_all(file).expect("zstd")).expect("UTF-8");
    let row = |line: &str| {
        let post: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let words = |value: &serde_json::Value| match value {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => filled(text),
            number => Some(number.to_string()),
        };
        let platform = words(&post["site"]).expect("a site");
        let (author, name) = (words(&post["author"]["id"]), words(&post["author"]["name"]));
        Row {
            source: 1,
            uid: format!("{platform}:{}", words(&post["id"]).expect("an id")),
            platform,
            kind: "post",
            at: post["created_utc"].as_i64().expect("seconds") * MICROS,
            names: author.iter().chain(&name).cloned().collect(),
            account: author.or(name),
            title: words(&post["title"]),
            text: words(&post["body"]),
            lang: None,
        }
    };
    text.lines().map(row).collect()
}

fn reviews(path: &Path) -> Vec<Row> {
    use calamine::{Data, Reader as _};
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).expect("a workbook");
    let sheet = book.worksheet_range("Avis").expect("the sheet");
    let mut lines = sheet.rows();
    let header: Vec<String> = lines.next().expect("a header").iter().map(ToString::to_string).collect();
    let at = |name: &str| header.iter().position(|h| h == name).expect("the column is there");
    let columns = ["Identifiant", "Date", "Auteur", "Titre", "Avis"].map(at);
    let row = |line: &[Data]| {
        let words = |column: usize| match &line[columns[column]] {
            Data::Empty => None,
            Data::String(text) => filled(text),
            other => panic!("a text is expected, not {other:?}"),
        };
        let Data::DateTime(date) = &line[columns[1]] else { panic!("a date is expected") };
        // Days since 30 December 1899, the time of day behind the point.
        let serial = date.as_f64();
        let second = (serial.fract() * 86_400.0).round() as i64;
        let author = words(2);
        Row {
            source: 2,
            uid: format!("review:{}", words(0).expect("an id")),
            platform: "review".to_owned(),
            kind: "review",
            at: Zone::EASTERN.instant(serial.trunc() as i64 + day_number(1899, 12, 30), second),
            names: author.iter().cloned().collect(),
            account: author,
            title: words(3),
            text: words(4),
            lang: None,
        }
    };
    lines.map(row).collect()
}

fn press(path: &Path) -> Vec<Row> {
    let bytes = gunzipped(path);
    let (text, _, damaged) = encoding_rs::WINDOWS_1252.decode(&bytes);
    assert!(!damaged);
    let (header, records) = records(&text, b';', "Identifiant");
    let row = |record: &csv::StringRecord| {
        let field = |name: &str| field(&header, record, name);
        let platform = match field("Type").as_deref() {
            Some("presse") => "news",
            Some("blogue") => "blog",
            other => panic!("an unknown type: {other:?}"),
        };
        let n = numbers(&field("Date").expect("a date"));
        let author = field("Auteur");
        Row {
            source: 3,
            uid: format!("{platform}:{}", field("Identifiant").expect("an id")),
            platform: platform.to_owned(),
            kind: "article",
            at: Zone::EASTERN.instant(day_number(n[2], n[1], n[0]), n[3] * 3600 + n[4] * 60),
            names: author.iter().cloned().collect(),
            account: author,
            title: field("Titre"),
            text: field("Chapô"),
            lang: field("Langue"),
        }
    };
    records.iter().map(row).collect()
}

fn gunzipped(path: &Path) -> Vec<u8> {
    let file = std::fs::File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes).expect("gzip");
    bytes
}

/// The header that holds `known`, whatever stands before it, and the records after it.
fn records(text: &str, delimiter: u8, known: &str) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let text = text.replace("\r\n", "\n");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut all = reader.records().map(|r| r.expect("a record"));
    let header = all.by_ref().find(|r| r.iter().any(|name| name == known)).expect("the header is there");
    (header, all.collect())
}

fn field(header: &csv::StringRecord, record: &csv::StringRecord, name: &str) -> Option<String> {
    assert_eq!(header.len(), record.len(), "a ragged row");
    let column = header.iter().position(|h| h == name).unwrap_or_else(|| panic!("no column {name}"));
    filled(&record[column])
}

/// Words without the blanks around them; `None` when there are none.
fn filled(text: &str) -> Option<String> {
    Some(text.trim()).filter(|t| !t.is_empty()).map(str::to_owned)
}
