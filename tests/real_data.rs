//! The two examples over real data, and files as people damage them, run when `VIGIE_DATA` names the folder that holds
//! them. Nothing of that data is repeated here but counts.

#[path = "figures/run.rs"]
mod run;
#[path = "figures/table.rs"]
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;

use table::{Found, read_all, with_columns};

const AIRLINES: [&str; 6] = ["jetblue", "united", "usairways", "american", "southwest", "virgin"];
const LEDGER: [&str; 6] = ["source", "read", "kept", "duplicates", "rejected", "state"];
const SHARES: [&str; 9] =
    ["entity", "mentions", "sov", "sov_lo", "sov_hi", "previous", "change", "change_lo", "change_hi"];

/// A tweet of the file: id, text, the file's own brand, local day.
struct Tweet {
    id: String,
    text: String,
    airline: String,
    day: String,
}

fn tweets(data: &Path) -> Vec<Tweet> {
    let file = std::fs::File::open(data.join("airlines-us-2015/Tweets.csv.gz")).expect("the file is there");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("gzip and UTF-8");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let at = |name: &str| header.iter().position(|h| h == name).expect("the column is there");
    let columns = ["tweet_id", "text", "airline", "tweet_created"].map(at);
    let tweet = |record: csv::StringRecord| {
        let [id, text, airline, created] = columns.map(|c| record[c].to_owned());
        Tweet { id, text: text.to_lowercase(), airline, day: created.chars().take(10).collect() }
    };
    reader.records().map(|r| tweet(r.expect("a record"))).collect()
}

fn airlines(test: &str) -> Option<(std::path::PathBuf, run::Copy, BTreeMap<String, Found>)> {
    let data = run::real_data(test)?;
    let copy = run::Copy::of_example("us-airlines");
    copy.run_whole(&[]);
    let found = read_all(&copy.report());
    Some((data, copy, found))
}

#[test]
fn jetblue_is_found_where_the_file_says_delta() {
    let Some((data, _copy, found)) = airlines("jetblue_is_found_where_the_file_says_delta") else { return };
    let tweets = tweets(&data);
    let period = "2015-02-17".."2015-02-24";
    let named: Vec<&Tweet> =
        tweets.iter().filter(|t| t.text.contains("jetblue") && period.contains(&t.day.as_str())).collect();
    let delta = named.iter().filter(|t| t.airline == "Delta").count();
    assert!(delta * 100 >= named.len() * 95, "the file calls it Delta: {delta} of {}", named.len());
    let distinct: BTreeSet<&str> = named.iter().map(|t| t.id.as_str()).collect();
    let counted = with_columns(&found, &SHARES).number("jetblue", "mentions").expect("a count");
    // Copies of one text count once: a few fewer than there are tweets, never more.
    let (least, most) = (0.95 * distinct.len() as f64, distinct.len() as f64 + 5.0);
    assert!((least..=most).contains(&counted), "{counted} mentions of JetBlue, {} tweets", distinct.len());
}

#[test]
fn american_is_missing_before_the_22nd_and_not_silent() {
    let Some((_, _copy, found)) = airlines("american_is_missing_before_the_22nd_and_not_silent") else { return };
    let columns: Vec<&str> = std::iter::once("day").chain(AIRLINES).collect();
    let daily = with_columns(&found, &columns);
    assert_eq!(daily.rows.len(), 7);
    for row in &daily.rows {
        for (airline, count) in AIRLINES.iter().zip(&row[1..]) {
            let missing = *airline == "american" && row[0].as_str() < "2015-02-22";
            assert_eq!(count.is_empty(), missing, "{airline} on {}: `{count}`", row[0]);
            assert_ne!(count, "0", "{airline} on {}", row[0]);
        }
    }
}

#[test]
fn repeated_tweets_are_duplicates() {
    let Some((data, _copy, found)) = airlines("repeated_tweets_are_duplicates") else { return };
    let tweets = tweets(&data);
    let distinct: BTreeSet<&str> = tweets.iter().map(|t| t.id.as_str()).collect();
    assert_eq!((tweets.len(), tweets.len() - distinct.len()), (14_640, 155));
    let ledger = with_columns(&found, &LEDGER);
    assert_eq!(ledger.rows, [["tweets", "14640", "14485", "155", "0", "complete"]]);
}

/// The archive begins with four tweets in the last hour of the week before: nothing can be said against them.
#[test]
fn nothing_is_compared_with_a_week_that_was_not_collected() {
    let test = "nothing_is_compared_with_a_week_that_was_not_collected";
    let Some((_, copy, _found)) = airlines(test) else { return };
    let report = std::fs::read_to_string(copy.report().join("report.json")).expect("the report is there");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let mut titles = BTreeSet::new();
    title_ids(&report["sections"], &mut titles);
    let moves = ["ups", "downs", "both", "multiplied", "divided", "mover", "lead_lost", "lead_won"];
    let moved: Vec<&String> = titles.iter().filter(|t| moves.iter().any(|m| t.ends_with(m))).collect();
    assert!(moved.is_empty(), "titles speak of moves: {moved:?}");
    let findings = report["essentials"]["findings"].as_array().expect("findings");
    let changes: Vec<&serde_json::Value> =
        findings.iter().map(|f| &f["key"]).filter(|k| k.as_str().is_some_and(|k| k.contains("change"))).collect();
    assert!(changes.is_empty(), "changes are found: {changes:?}");
}

fn title_ids(value: &serde_json::Value, into: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => {
            into.extend(map.get("title_id").and_then(|id| id.as_str()).map(str::to_owned));
            map.values().for_each(|v| title_ids(v, into));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|v| title_ids(v, into)),
        _ => {}
    }
}

#[test]
fn french_reviews_are_reported_on() {
    let Some(_) = run::real_data("french_reviews_are_reported_on") else { return };
    let copy = run::Copy::of_example("assurances-fr");
    copy.run_whole(&[]);
    let found = read_all(&copy.report());
    assert_eq!(with_columns(&found, &LEDGER).rows, [["avis", "1000", "1000", "0", "0", "complete"]]);
    let shares = with_columns(&found, &SHARES);
    assert_eq!(shares.rows[0][0], "direct-assurance", "the most reviewed insurer of the file comes first");
    // Net sentiment lies between -100 and 100, and so must what is printed of its doubt.
    let tone = with_columns(&found, &["entity", "read", "positive", "negative", "net", "net_lo", "net_hi"]);
    for bound in tone.rows.iter().flat_map(|r| &r[4..]).filter(|b| !b.is_empty()) {
        let points: f64 = bound.parse().expect("a number");
        assert!((-100.0..=100.0).contains(&points), "{points} points of net sentiment");
    }
    for name in ["fr-FR.html", "fr-FR.pdf", "en-US.html", "en-US.pdf"] {
        let written = std::fs::read_dir(copy.report()).expect("the report is there");
        let there = written.filter(|e| e.as_ref().is_ok_and(|e| e.file_name().to_string_lossy().ends_with(name)));
        assert_eq!(there.count(), 1, "{name}");
    }
}

/// One source over a file of `airlines-us-2015-quirks`.
fn quirk(id: &str, file: &str, columns: &str, more: &str) -> String {
    format!(
        r#"
[[source]]
id = "{id}"
plugin = "file"
name = {{ en = "{id}", fr = "{id}" }}
[source.options]
paths = ["${{VIGIE_DATA}}/airlines-us-2015-quirks/{file}"]
format = "csv"
timezone = "America/Los_Angeles"
{more}
[source.options.columns]
published_at = "tweet_created"
text = "text"
{columns}
[source.options.constants]
platform = "{id}"
kind = "post"
lang = "en"
"#
    )
}

/// Rejected rows by source and reason, from the quarantine.
fn rejects(project: &Path) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for source in std::fs::read_dir(project.join("archive/quarantine")).expect("a quarantine").flatten() {
        let id = source.file_name().to_string_lossy().into_owned();
        for file in std::fs::read_dir(source.path()).expect("a folder").flatten() {
            for line in std::fs::read_to_string(file.path()).expect("text").lines() {
                let reject: serde_json::Value = serde_json::from_str(line).expect("JSON");
                let reason = reject["reason"].as_str().expect("a reason").to_owned();
                assert!(reject["place"].as_str().is_some_and(|p| p.contains(".csv:")), "no place: {reject}");
                *counts.entry((id.clone(), reason)).or_default() += 1;
            }
        }
    }
    counts
}

#[test]
fn damaged_ids_and_undeclared_dates_are_rejected_row_by_row_and_the_rest_is_reported() {
    let test = "damaged_ids_and_undeclared_dates_are_rejected_row_by_row_and_the_rest_is_reported";
    let Some(_) = run::real_data(test) else { return };
    let id = r#"native_id = "tweet_id""#;
    let mut text = r#"
[project]
id = "quirks"
name = "Virgin America"
timezone = "America/Los_Angeles"
editions = ["en-US"]
[report]
period = "2015-02-17..2015-02-24"
[[entity]]
id = "virgin"
name = "Virgin America"
role = "client"
query = '@virginamerica OR "virgin america"'
"#
    .to_owned();
    text += &quirk("mangled", "quirk_scientific_ids_500.csv", id, r#"date_formats = ["%Y-%m-%d %H:%M:%S %z"]"#);
    text += &quirk("undeclared", "quirk_dmy_dots_500.csv", id, "");
    text += &quirk("dots", "quirk_dmy_dots_500.csv", "", r#"date_formats = ["%d-%m-%Y %H.%M"]"#);
    text += &quirk("minutes", "quirk_mdy_minutes_500.csv", id, r#"date_formats = ["%m/%d/%Y %H:%M"]"#);
    let copy = run::Copy::of_text(&text);
    let output = copy.run(&[]);
    let said = run::said(&output);
    assert_eq!(output.status.code(), Some(3), "rows were left out, and a report made:\n{said}");
    // Five rows of the first file are shifted by a column as well: no date stands where dates should.
    let expected = [("mangled", "bad_id", 495), ("mangled", "no_date", 5), ("undeclared", "no_date", 500)];
    assert_eq!(rejects(copy.path()), expected.map(|(s, r, n)| ((s.to_owned(), r.to_owned()), n)).into());
    let found = read_all(&copy.report());
    let ledger = with_columns(&found, &LEDGER);
    for (source, kept, rejected) in [("mangled", 0, 500), ("undeclared", 0, 500), ("dots", 500, 0), ("minutes", 500, 0)]
    {
        let number = |column| ledger.number(source, column).expect("a count");
        assert_eq!((number("read"), number("rejected")), (500.0, f64::from(rejected)), "{source}");
        // Rows of one content, or of one id, are one mention.
        assert_eq!(number("kept") + number("duplicates"), f64::from(kept), "{source}");
        assert!(number("duplicates") <= 10.0, "{source}");
    }
    // Both files hold the same tweets: each pair is one mention and its copy.
    let step = |name| with_columns(&found, &["step", "rows"]).number(name, "rows").expect("a count");
    let spoken = step("kept") + step("copies");
    assert!(spoken > 900.0, "{spoken} mentions of the two sources that could be read");
}
