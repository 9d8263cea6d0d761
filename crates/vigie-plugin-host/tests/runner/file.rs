//! The official file plugin end to end: found beside this executable, loaded in a child, rows from files.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use vigie_plugin_host::{Limits, Outcome, Plugin, SearchPath, Summary};

use crate::workshop::{Kept, read};

pub(crate) const TESTS: &[crate::Test] = &[
    ("file::rows_arrive_and_a_second_reading_adds_nothing", csv),
    ("file::stored_and_live_spec_agree", spec),
    ("file::a_bad_file_costs_itself_only", partial),
    ("file::no_file_at_all_is_a_failure", nothing),
];

fn plugin() -> Plugin {
    SearchPath::standard(&[], None).find("file").unwrap_or_else(|e| panic!("{:?} {:?}", e.problems, e.trace)).plugin
}

fn complete(config: &Value, state: Option<Value>) -> (Summary, Kept) {
    let plugin = plugin();
    assert_eq!(plugin.validate(config), []);
    let limits = Limits::of(&plugin.manifest);
    let (outcome, kept) = read(&plugin, config, state, &limits);
    match outcome {
        Outcome::Complete(summary) => (summary, kept),
        Outcome::Failed(failure) => panic!("{failure:?}"),
    }
}

fn config(paths: &[&Path]) -> Value {
    json!({"paths": paths, "timezone": "America/Toronto", "constants": {"platform": "x", "lang": "en"},
        "columns": {"native_id": "tweet_id", "published_at": "tweet_created", "text": "text", "author_handle": "name", "shares": "retweet_count"}})
}

fn csv() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mentions.csv");
    let mut text = "tweet_id,name,retweet_count,text,tweet_created\n".to_owned();
    for i in 0..25_000_u64 {
        write!(
            text,
            "57030613367776{i:04},user{},{},\"un café, s'il\nvous plaît\",2015-02-24 11:35:52 -0800\n",
            i % 7,
            i % 3
        )
        .unwrap();
    }
    text.push_str("5.70306E+17,a,0,x,2015-02-24 11:35:52 -0800\n1,a,0,x,yesterday\n2,a,0\n");
    std::fs::write(&file, text).unwrap();
    let (summary, kept) = complete(&config(&[&file]), None);
    assert_eq!((summary.rows, summary.rejected, summary.partial()), (25_000, 3, false));
    let reasons: Vec<(&str, u64)> = summary.rejected_by_reason.iter().map(|(r, n)| (r.as_str(), *n)).collect();
    assert_eq!(reasons, [("bad_id", 1), ("no_date", 1), ("ragged", 1)]);
    assert_eq!(kept.rejects[1].place.as_deref(), Some("mentions.csv:50003"));
    assert!(kept.rejects[1].raw.contains("yesterday"));
    assert!(summary.checkpoints >= 3, "{summary:?}");
    assert_eq!(kept.committed.len(), 25_000);
    assert_eq!(kept.batches[0].text("text").unwrap().get(0), Some("un café, s'il\nvous plaît"));
    assert!(kept.batches.iter().all(|b| b.rows <= 8_192));

    let (again, second) = complete(&config(&[&file]), kept.state.clone());
    assert_eq!((again.rows, again.rejected), (0, 0));
    assert_eq!(second.state, kept.state);
}

fn spec() {
    let plugin = plugin();
    let live = vigie_plugin_host::Runner::current().unwrap().spec(&plugin, &Limits::of(&plugin.manifest)).unwrap();
    assert_eq!(serde_json::from_value::<vigie_plugin_host::Spec>(live).unwrap(), plugin.spec);
    assert_eq!(plugin.spec.version, plugin.manifest.version);
    let found = plugin.validate(&json!({"paths": ["a"], "columns": {"txt": "Message"}, "delimeter": ";"}));
    let nearest: Vec<Option<&str>> = found.iter().map(|p| p.nearest.as_deref()).collect();
    assert_eq!(nearest, [Some("text"), Some("delimiter")]);
}

fn partial() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.csv");
    std::fs::write(&good, "tweet_id,name,retweet_count,text,tweet_created\n1,a,0,x,2015-02-24 11:35\n").unwrap();
    let empty = folder.path().join("empty.csv");
    std::fs::write(&empty, "").unwrap();
    let missing = folder.path().join("missing.csv");
    let (summary, kept) = complete(&config(&[&missing, &good, &empty]), None);
    assert_eq!(kept.committed, ["1"]);
    assert!(summary.partial());
    let codes: Vec<&str> = summary.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(codes, ["file_missing", "file_empty"]);
    assert!(summary.warnings.iter().all(|w| !w.message.fr.is_empty()));
}

fn nothing() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "nothing that was mapped").unwrap();
    let plugin = plugin();
    let (outcome, kept) = read(&plugin, &config(&[file.path()]), None, &Limits::of(&plugin.manifest));
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.code, "P303");
    assert!(failure.message.en.contains("no row with the mapped columns"), "{failure:?}");
    assert!(kept.committed.is_empty());
}
