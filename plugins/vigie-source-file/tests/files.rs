//! Every form of file through the real host: this test's own executable is the runner, the library lies beside it.
//!
//! It has its own `main` because a child is this program again.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise and says what it does")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Trial};
use serde_json::{Value, json};
use vigie_plugin_host::{
    Batch, Failure, Level, Limits, Outcome, Reject, Request, SearchPath, Sink, SinkError, Summary, Values, Window,
    run_child_if_asked,
};

type Test = (&'static str, fn());

const TESTS: &[Test] = &[
    ("semicolons_in_windows_1252_after_a_preamble", semicolons),
    ("utf16_with_tabs", utf16),
    ("packed_files_and_patterns", packed),
    ("a_truncated_gzip_keeps_the_rows_before_the_cut", truncated),
    ("ndjson_with_dotted_paths_and_a_bad_line", ndjson),
    ("workbook_dates_numbers_and_sheets", workbook),
    ("parquet", parquet_file),
    ("a_column_that_is_there_twice", twice),
    ("reading_goes_on_inside_a_file", resume),
    ("a_window_keeps_its_rows_only", window),
    ("options_that_cannot_work_are_explained", options_that_cannot_work),
];

fn main() {
    run_child_if_asked();
    let trials = TESTS.iter().map(|(name, test)| {
        Trial::test(*name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// Rows as `column=value` texts, in the plugin's column order, and the states with the rows before them.
#[derive(Default)]
struct Kept {
    rows: Vec<String>,
    states: Vec<(usize, Value)>,
    rejects: Vec<Reject>,
}

impl Sink for Kept {
    fn batch(&mut self, batch: Batch) -> Result<(), SinkError> {
        for row in 0..batch.rows {
            let cells = batch.columns.iter().filter_map(|c| Some(format!("{}={}", c.name, shown(&c.values, row)?)));
            self.rows.push(cells.collect::<Vec<_>>().join(" "));
        }
        Ok(())
    }

    fn checkpoint(&mut self, state: Value) -> Result<(), SinkError> {
        self.states.push((self.rows.len(), state));
        Ok(())
    }

    fn reject(&mut self, reject: Reject) {
        self.rejects.push(reject);
    }

    fn log(&mut self, _level: Level, _text: &str) {}

    fn progress(&mut self, _done: u64, _total: u64, _unit: &str) {}
}

fn shown(values: &Values, row: usize) -> Option<String> {
    match values {
        Values::Text(c) => c.get(row).map(str::to_owned),
        Values::Int(c) => c.get(row).map(|v| v.to_string()),
        Values::Float(c) => c.get(row).map(|v| v.to_string()),
        Values::Bool(c) => c.get(row).map(|v| v.to_string()),
        Values::Time(c) => c.get(row).map(|v| jiff::Timestamp::from_microsecond(v).unwrap().to_string()),
        Values::TextList(c) => c.get(row).map(|items| items.collect::<Vec<_>>().join(" ")),
    }
}

fn run(options: &Value, request: &Request<Value>) -> (Outcome, Kept) {
    let plugin = SearchPath::standard(&[], None).find("file").unwrap().plugin;
    assert_eq!(plugin.validate(options), []);
    let mut kept = Kept::default();
    let outcome = vigie_plugin_host::read(
        &plugin,
        &plugin.spec.with_defaults(options),
        request,
        &Limits::of(&plugin.manifest),
        &mut kept,
    );
    (outcome, kept)
}

fn complete(options: &Value) -> (Summary, Kept) {
    match run(options, &Request::incremental("2026-11-22T05:00:00Z", None)) {
        (Outcome::Complete(summary), kept) => (summary, kept),
        (Outcome::Failed(failure), _) => panic!("{failure:?}"),
    }
}

fn failed(options: &Value) -> Failure {
    match run(options, &Request::incremental("2026-11-22T05:00:00Z", None)) {
        (Outcome::Failed(failure), _) => *failure,
        (Outcome::Complete(summary), _) => panic!("{summary:?}"),
    }
}

fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn options(path: &Path) -> Value {
    json!({"paths": [path], "constants": {"platform": "forum"},
        "columns": {"native_id": "Id", "published_at": "Date", "text": "Texte", "likes": "J'aime"}})
}

fn codes(summary: &Summary) -> Vec<&str> {
    summary.warnings.iter().map(|w| w.code.as_str()).collect()
}

fn semicolons() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Rapport:;;;\r\nMarque:;Nordet;;\r\n\r\nid;DATE;TEXTE;J\u{92}aime;J'aime\r\n1;31/01/2026 08:15;\"L\u{92}\u{e9}t\u{e9}; d\u{e9}j\u{e0} \u{9c}uf, \u{e7}a va tr\u{e8}s bien\";x;1 234\r\n2;32/01/2026 08:15;bof;x;0\r\n3;01/02/2026;court\r\n";
    let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let path = file(folder.path(), "a.csv", &bytes);
    let mut config = options(&path);
    config["timezone"] = json!("Europe/Paris");
    config["date_formats"] = json!(["%d/%m/%Y %H:%M", "%d/%m/%Y"]);
    let (summary, kept) = complete(&config);
    assert_eq!(
        kept.rows,
        [
            "native_id=1 platform=forum kind=post published_at=2026-01-31T07:15:00Z published_precision=min text=L’été; déjà œuf, ça va très bien likes=1234"
        ]
    );
    let rejects: Vec<(&str, Option<&str>)> =
        kept.rejects.iter().map(|r| (r.reason.as_str(), r.place.as_deref())).collect();
    assert_eq!(rejects, [("no_date", Some("a.csv:6")), ("ragged", Some("a.csv:7"))]);
    assert!(!summary.partial());
}

fn utf16() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Id\tDate\tTexte\tJ'aime\n1\t2026-01-31\té\0è\tN/A\n";
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let (_, kept) = complete(&options(&file(folder.path(), "a.csv", &bytes)));
    assert_eq!(
        kept.rows,
        ["native_id=1 platform=forum kind=post published_at=2026-01-31T00:00:00Z published_precision=day text=éè"]
    );
}

fn rows(from: u32, to: u32) -> String {
    let mut text = "Id,Date,Texte,J'aime\n".to_owned();
    for i in from..to {
        writeln!(
            text,
            "{i},2026-01-01 00:00:{:02},texte numéro {i} et un peu de bruit {},{i}",
            i % 60,
            i.wrapping_mul(2_654_435_761)
        )
        .unwrap();
    }
    text
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn packed() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "part-1.csv.gz", &gzip(&rows(0, 10)));
    file(folder.path(), "part-2.csv.zst", &zstd::encode_all(rows(10, 20).as_bytes(), 3).unwrap());
    file(folder.path(), "copy-of-1.csv.gz", &gzip(&rows(0, 10)));
    let mut config = options(&folder.path().join("part-*"));
    config["paths"] =
        json!([folder.path().join("part-*"), folder.path().join("copy*"), folder.path().join("nothing-*")]);
    let (summary, kept) = complete(&config);
    assert_eq!(kept.rows.len(), 20);
    assert!(kept.rows[19].contains("native_id=19 "));
    assert_eq!(codes(&summary), ["no_match"]);
}

fn truncated() {
    let folder = tempfile::tempdir().unwrap();
    let whole = gzip(&rows(0, 30_000));
    let path = file(folder.path(), "a.csv.gz", &whole[..whole.len() / 2]);
    let (summary, kept) = complete(&options(&path));
    assert!((5_000..30_000).contains(&kept.rows.len()), "{}", kept.rows.len());
    assert_eq!(codes(&summary), ["file_cut"]);
    assert!(summary.partial());
    let state = kept.states.last().unwrap().1.clone();
    let (again, second) = run(&options(&path), &Request::incremental("2026-11-22T05:00:00Z", Some(state)));
    let Outcome::Complete(again) = again else { panic!("{again:?}") };
    assert!(second.rows.is_empty() && again.partial(), "the damage is told again: {again:?}");
}

fn ndjson() {
    let folder = tempfile::tempdir().unwrap();
    let text = "{\"id\":570306133677760513,\"user\":{\"name\":\"@léa\"},\"at\":1767225600123,\"texte\":\"a\\nb\"}\n\nnot json\n{\"id\":2,\"at\":null}\n";
    let path = file(folder.path(), "a.ndjson", text.as_bytes());
    let config = json!({"paths": [path], "constants": {"platform": "x"}, "date_formats": ["unix_ms"],
        "columns": {"native_id": "id", "author_handle": "user.name", "published_at": "at", "text": "texte"}});
    let (_, kept) = complete(&config);
    assert_eq!(
        kept.rows,
        [
            "native_id=570306133677760513 platform=x kind=post published_at=2026-01-01T00:00:00.123Z published_precision=us author_handle=léa text=a\nb"
        ]
    );
    let rejects: Vec<(&str, Option<&str>)> =
        kept.rejects.iter().map(|r| (r.reason.as_str(), r.place.as_deref())).collect();
    assert_eq!(rejects, [("bad_json", Some("a.ndjson:3")), ("no_date", Some("a.ndjson:4"))]);
}

fn workbook() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xlsx");
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Notes").unwrap().write(0, 0, "rien ici").unwrap();
    let sheet = book.add_worksheet().set_name("Avis").unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    for (column, name) in ["Id", "Date", "Texte", "J'aime"].iter().enumerate() {
        sheet.write(2, column as u16, *name).unwrap();
    }
    sheet.write(3, 0, 12.0).unwrap();
    sheet
        .write_with_format(3, 1, ExcelDateTime::from_ymd(2026, 1, 31).unwrap().and_hms(8, 15, 0).unwrap(), &date)
        .unwrap();
    sheet.write(3, 2, "déjà").unwrap();
    sheet.write(3, 3, 3.0).unwrap();
    sheet.write(4, 0, 5.703_061_336_777_605e17).unwrap();
    sheet.write(4, 1, "2026-02-01").unwrap();
    sheet.write(4, 2, "abîmé").unwrap();
    book.save(&path).unwrap();
    let mut config = options(&path);
    config["timezone"] = json!("Europe/Paris");
    let (_, kept) = complete(&config);
    assert_eq!(
        kept.rows,
        [
            "native_id=12 platform=forum kind=post published_at=2026-01-31T07:15:00Z published_precision=min text=déjà likes=3"
        ]
    );
    assert_eq!((kept.rejects[0].reason.as_str(), kept.rejects[0].place.as_deref()), ("bad_id", Some("a.xlsx:5")));
    config["sheet"] = json!("Absente");
    assert!(failed(&config).message.en.contains("no sheet `Absente`; it has Notes, Avis"));
}

fn parquet_file() {
    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::writer::SerializedFileWriter;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let schema = "message m { required binary Id (UTF8); required int64 Date (TIMESTAMP(MICROS,true)); optional binary Texte (UTF8); required int64 likes; }";
    let schema = std::sync::Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut writer =
        SerializedFileWriter::new(std::fs::File::create(&path).unwrap(), schema, std::sync::Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let texts = |list: &[&str]| list.iter().map(|t| ByteArray::from(*t)).collect::<Vec<_>>();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&texts(&["a", "b"]), None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&[1_767_225_600_000_000, 1_767_225_601_500_000], None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&texts(&["é"]), Some(&[0, 1]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&[7, 8], None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    let mut config = options(&path);
    config["columns"]["likes"] = json!("likes");
    let (_, kept) = complete(&config);
    assert_eq!(
        kept.rows,
        [
            "native_id=a platform=forum kind=post published_at=2026-01-01T00:00:00Z published_precision=s likes=7",
            "native_id=b platform=forum kind=post published_at=2026-01-01T00:00:01.5Z published_precision=us text=é likes=8"
        ]
    );
}

fn twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a.csv", b"Id,Date,Texte,texte\n1,2026-01-01,a,b\n");
    let failure = failed(&options(&path));
    assert!(failure.message.en.contains("column `Texte` is there twice, at positions 3 and 4"), "{failure:?}");
    let path = file(folder.path(), "b.csv", b"Id,Date,Texte,J'aime,Note,note\n1,2026-01-01,a,3,b,c\n");
    let (summary, kept) = complete(&options(&path));
    assert_eq!(kept.rows.len(), 1);
    assert_eq!((codes(&summary), summary.partial()), (vec!["column_twice"], false));
}

fn resume() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a.csv", rows(0, 25_000).as_bytes());
    let (_, whole) = complete(&options(&path));
    assert!(whole.states.len() >= 3);
    for (before, state) in &whole.states {
        let (outcome, rest) = run(&options(&path), &Request::incremental("2026-11-22T05:00:00Z", Some(state.clone())));
        assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
        assert_eq!(rest.rows, whole.rows[*before..], "from {before}");
    }
}

fn window() {
    let folder = tempfile::tempdir().unwrap();
    let path =
        file(folder.path(), "a.csv", b"Id,Date,Texte,J'aime\n1,2026-01-01,a,1\n2,2026-02-01,b,\n3,2026-03-01,c,\n");
    let mut request = Request::incremental("2026-11-22T05:00:00Z", None);
    request.mode = vigie_plugin_host::Mode::Window;
    request.window = Some(Window { from: "2026-02-01T00:00:00Z".into(), to: "2026-03-01T00:00:00Z".into() });
    let (outcome, kept) = run(&options(&path), &request);
    assert!(matches!(outcome, Outcome::Complete(_)), "{outcome:?}");
    assert!(kept.rows.len() == 1 && kept.rows[0].starts_with("native_id=2 "), "{:?}", kept.rows);
    assert!(kept.states.is_empty());
}

fn options_problem(change: impl FnOnce(&mut Value)) -> (Option<String>, String) {
    let mut config = options(Path::new("/nowhere/a.csv"));
    change(&mut config);
    let failure = failed(&config);
    assert_eq!(failure.code, "P301", "{failure:?}");
    assert!(failure.hint.is_some(), "{failure:?}");
    (failure.option, failure.message.en)
}

fn options_that_cannot_work() {
    assert_eq!(options_problem(|c| c["encoding"] = json!("utf-9")).0.as_deref(), Some("/encoding"));
    assert_eq!(options_problem(|c| c["date_formats"] = json!(["auto", "dd/mm"])).0.as_deref(), Some("/date_formats/1"));
    assert_eq!(options_problem(|c| c["constants"] = json!({})).0.as_deref(), Some("/constants"));
    assert_eq!(options_problem(|c| c["columns"] = json!({"text": "Texte"})).0.as_deref(), Some("/columns"));
}
