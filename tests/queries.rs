//! `vigie query` as an analyst types it: words, exit statuses, streams, files.
//!
//! Long answers are compared with files of `tests/queries/`. After a change of wording, run once with
//! `VIGIE_UPDATE_EXPECTED=1` and review the difference.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use workshop::{Project, Said};

const LANGUAGES: [&str; 2] = ["en", "fr"];

/// Compares `shown` with the file `name` of `tests/queries/`.
fn golden(name: &str, shown: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/queries").join(name);
    if std::env::var_os("VIGIE_UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, shown).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(shown == expected, "{name}\n--- shown\n{shown}\n--- expected\n{expected}");
}

fn room() -> Project {
    Project::bare("")
}

/// Runs `vigie query` with `input` on standard input.
fn fed(project: &Project, arguments: &[&str], input: &str) -> Said {
    let mut child = project.command(&[&["query"], arguments].concat()).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Said::from(child.wait_with_output().unwrap())
}

fn query(project: &Project, arguments: &[&str]) -> Said {
    project.vigie(&[&["query"], arguments].concat())
}

fn lines(said: &Said) -> Vec<Value> {
    said.out.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
}

#[test]
fn help_says_what_each_command_does() {
    let room = room();
    for language in LANGUAGES {
        let mut shown = query(&room, &["--help", "--language", language]).out;
        for command in ["check", "match", "test", "sample", "import", "explain"] {
            let said = query(&room, &[command, "--help", "--language", language]);
            write!(shown, "\n== {command}\n{}", said.expect(0).out).unwrap();
        }
        let shown: String = shown.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
        golden(&format!("help.{language}.txt"), &shown);
    }
}

/// Five mistakes of five kinds.
const FIVE_MISTAKES: &str =
    "titel:rappel AND followers:beaucoup AND service~9\nAND (panne NEAR/x lundi)\nAND \"jus de pomme";

#[test]
fn five_mistakes_are_all_shown_with_their_place_in_both_languages() {
    let room = room();
    room.write("five.txt", FIVE_MISTAKES);
    for (language, word) in [("en", "error["), ("fr", "erreur[")] {
        let said = query(&room, &["check", "five.txt", "--language", language]);
        said.expect(2);
        assert!(said.out.is_empty(), "{}", said.whole());
        for code in ["E04", "E06", "E07", "E17", "E18"] {
            assert_eq!(said.err.matches(&format!("{word}{code}]")).count(), 1, "{code}\n{}", said.err);
        }
        assert_eq!(said.err.matches(word).count(), 5, "{}", said.err);
        golden(&format!("five-mistakes.{language}.txt"), &said.err);
    }
}

#[test]
fn queries_come_from_the_command_line_a_file_standard_input_or_a_project() {
    let room = Project::brands("");
    room.write("good.txt", "apple AND pear");
    room.write("bad.txt", "\u{feff}apple AND");
    query(&room, &["check", "good.txt"]).expect(0);
    query(&room, &["check", "bad.txt"]).expect(2).says(&["E03", "bad.txt:1:"]);
    query(&room, &["check", "good.txt", "bad.txt"]).expect(2).says(&["queries: 2; errors: 1"]);
    query(&room, &["check", "-e", "apple", "-e", "AND"]).expect(2).says(&["queries: 2"]);
    query(&room, &["check", "apple AND (pear"]).expect(2).says(&["E01"]);
    fed(&room, &["check", "-"], "apple OR").expect(2).says(&["E03"]);
    query(&room, &["check", "."]).expect(0).says(&["queries: 3; errors: 0", "W10"]);
    query(&room, &["check", "vigie.toml"]).expect(0).says(&["queries: 3"]);
    // Without any input: the project of this folder.
    query(&room, &["check"]).expect(0).says(&["queries: 3"]);
    // A word alone is the name of a file; what to do is said.
    query(&room, &["check", "apple", "--language", "fr"]).expect(2).says(&["apple", "--query"]);
    room.write("latin.txt", b"caf\xe9 OR bar");
    query(&room, &["check", "latin.txt"]).expect(2).says(&["UTF-8"]);
    // A collection query must say what it wants.
    query(&room, &["check", "NOT apple"]).expect(0);
    query(&room, &["check", "NOT apple", "--collection"]).expect(2).says(&["E16"]);
}

#[test]
fn check_gives_json_for_machines() {
    let room = room();
    let said = query(&room, &["check", "--json", "-e", "pear OR titel:x", "-e", "plum", "--lang", "fr"]);
    said.expect(2);
    let answers = lines(&said);
    assert_eq!(answers.len(), 2);
    let problem = &answers[0]["problems"][0];
    assert_eq!((&problem["code"], &problem["column"], &problem["fix"]), (&"E06".into(), &9.into(), &"title:".into()));
    assert_eq!((&answers[0]["usable"], &answers[1]["usable"]), (&false.into(), &true.into()));
    assert!(problem["message"].as_str().unwrap().contains("aucun champ"));
}

#[test]
fn the_published_vectors_pass_through_the_program() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/vigie-query/tests/vectors/published.tsv");
    let room = room();
    let mut count = 0;
    for line in std::fs::read_to_string(table).unwrap().lines().filter(|l| !l.starts_with("//")) {
        let cells: Vec<&str> = line.split('\t').collect();
        let mut parts = cells[1].split("||").map(str::trim);
        let mut arguments = vec!["match", cells[0], "--text", parts.next().unwrap()];
        arguments.extend(parts.flat_map(|field| ["--field", field]));
        let said = query(&room, &arguments);
        said.expect(i32::from(cells[2] == "no"));
        let answer = &lines(&said)[0];
        assert_eq!(answer["match"], cells[2] == "yes", "{line}");
        count += 1;
    }
    assert_eq!(count, 28);
    let said = query(&room, &["match", "service client", "--text", "client du service"]);
    assert_eq!(lines(&said)[0]["lints"], serde_json::json!(["W01"]));
}

#[test]
fn a_text_gets_one_line_with_its_evidence_and_a_status() {
    let room = room();
    let said = query(&room, &["match", "loreal~ OR panne^5", "--text", "Ça ! L’Oréal en panne"]);
    said.expect(0);
    assert_eq!(
        said.out.trim_end(),
        r#"{"record":1,"match":true,"spans":[{"field":"body","start":5,"end":12,"text":"L’Oréal"},{"field":"body","start":16,"end":21,"text":"panne","boost":5}],"lints":[]}"#
    );
    query(&room, &["match", "retard", "--text", "une panne", "--lang", "fr"]).expect(1).says(&["non trouvé"]);
    fed(&room, &["match", "panne"], "une panne").expect(0);
    query(&room, &["match", "pomme ET jus", "--dialect", "fr", "--text", "jus de pomme"]).expect(0);
    query(&room, &["match", "cote", "--accents", "strict", "--text", "la côte"]).expect(1);
    query(&room, &["match", "date:last-month", "--today", "2026-09-15", "--field", "date=2026-08-03"]).expect(0);
    query(&room, &["match", "title:rappel", "--field", "titre=Rappel de produits"]).expect(0);
    room.write("q.txt", "apple\nAND juice #; a comment");
    query(&room, &["match", "--file", "q.txt", "--text", "juice, apple"]).expect(0);
    let wrong = query(&room, &["match", "apple AND", "--text", "apple"]);
    wrong.expect(2).says(&["E03"]);
    assert!(wrong.out.is_empty());
    query(&room, &["match", "apple", "--field", "colour=blue", "--language", "fr"]).expect(2).says(&["colour"]);
    query(&room, &["match", "apple", "--field", "likes=many"]).expect(2).says(&["likes"]);
    query(&room, &["match"]).expect(2);
}

/// One record with every field that a query can ask about, and a condition on each.
#[test]
fn every_field_can_be_given_in_a_record() {
    let room = room();
    let record = r#"{ "title": "Rappel", "lead": "En bref", "body": "une panne", "quoted": "remboursement",
        "alt": "logo", "transcript": "boycott", "author": "@JRoy", "author_name": "Julie Roy",
        "author_id": 1234567890123456789, "author_type": "person", "verified": true, "owned": false,
        "to": ["nordet", "telvia"], "repost_of": "nordet", "site": "forum.example.com",
        "host": "forum.example.com", "url": "https://forum.example.com/promo/1",
        "links": ["https://a.example/x"], "source": "rss", "channel": "forum", "platform": "mastodon",
        "lang": "fr-CA", "country": "ca", "region": "Québec", "city": "Trois-Rivières",
        "date": "2026-08-31T22:15:00-04:00", "is": "reply", "has": ["image"], "engagement": 150, "likes": 10,
        "comments": 5, "shares": 1, "views": 2000, "followers": 120, "reach": 6000, "rating": 1.5,
        "copies": 6, "sentiment": "neg", "entity": "nordet", "topic": "livraison", "tag": ["crise",
        "retard"], "tier": 1, "prominence": "title", "risk": "safety", "collected": "2026-09-01",
        "batch": "2026-09-01", "rule": "nordet"}"#
        .replace('\n', " ");
    room.write("all.jsonl", format!("{record}\n{{\"text\": \"une panne\"}}\n"));
    let conditions = [
        "title:rappel",
        "lead:bref",
        "body:panne",
        "quoted:remboursement",
        "alt:logo",
        "transcript:boycott",
        "author:jroy",
        "author_name:\"Julie Roy\"",
        "author_id:1234567890123456789",
        "author_type:person",
        "verified:true",
        "owned:false",
        "to:telvia",
        "repost_of:nordet",
        "site:example.com",
        "host:forum.example.com",
        "url:\"/promo/\"",
        "links:a.example",
        "source:rss",
        "channel:forum",
        "platform:mastodon",
        "lang:fr",
        "country:ca",
        "region:quebec",
        "city:\"trois-rivieres\"",
        "date:2026-08",
        "week:2026-W36",
        "month:2026-08",
        "hour:22",
        "weekday:monday",
        "is:reply",
        "has:image",
        "has:rating",
        "engagement:>100",
        "likes:10",
        "comments:1..9",
        "shares:>0",
        "views:>1000",
        "followers:>100",
        "reach:>5000",
        "rating:<=2",
        "copies:>5",
        "sentiment:neg",
        "entity:nordet",
        "topic:livraison",
        "tag:retard",
        "tier:1",
        "prominence:title",
        "risk:safety",
        "collected:>=2026-09",
        "batch:2026-09-01",
        "rule:nordet",
    ];
    for condition in conditions {
        let said = query(&room, &["match", condition, "--jsonl", "all.jsonl"]);
        said.expect(0);
        let found: Vec<bool> = lines(&said).iter().map(|l| l["match"].as_bool().unwrap()).collect();
        assert_eq!(found, [true, condition == "body:panne"], "{condition}\n{}", said.whole());
    }
    // Every field of the table but `any` is among them.
    for row in vigie_query::field::TABLE.iter().filter(|row| row.name != "any") {
        assert!(conditions.iter().any(|c| c.starts_with(&format!("{}:", row.name))), "{}", row.name);
    }
}

#[test]
fn bad_records_are_told_and_the_others_answered() {
    let room = room();
    let mut content = b"{\"id\": \"a\", \"text\": \"panne\"}\nnot json\n\n[1]\n{\"text\": 3}\n".to_vec();
    content.extend(b"{\"text\": \"panne caf\xe9\", \"colour\": 1}\n{\"text\": null, \"title\": \"panne\"}");
    room.write("mixed.jsonl", &content);
    let said = query(&room, &["match", "panne", "--jsonl", "mixed.jsonl", "--lang", "fr"]);
    said.expect(3).says(&["mixed.jsonl:2", "mixed.jsonl:4", "mixed.jsonl:5", "mixed.jsonl:6", "colour", "fautifs : 4"]);
    let answers = lines(&said);
    let found: Vec<&Value> = answers.iter().map(|a| &a["match"]).collect();
    assert_eq!(found, [&true.into(), &Value::Null, &Value::Null, &false.into(), &true.into(), &true.into()]);
    assert_eq!(answers[0]["id"], "a");
    assert!(answers[1]["error"].as_str().unwrap().contains("JSON"));
    let piped = fed(&room, &["match", "panne", "--jsonl", "-"], "{\"text\":\"panne\"}\n");
    piped.expect(0);
    assert_eq!(lines(&piped)[0]["match"], true);
    query(&room, &["match", "panne", "--jsonl", "gone.jsonl"]).expect(2).says(&["gone.jsonl"]);
}

#[test]
fn large_texts_and_queries_are_read() {
    let room = room();
    let text = "une panne de réseau, ".repeat(500_000);
    fed(&room, &["match", "ATLEAST/400000(panne) NOT retard"], &text).expect(0);
    let words: Vec<String> = (0..85_000).map(|i| format!("mot{i:05}")).collect();
    room.write("long.txt", words.join(" OR "));
    query(&room, &["match", "--file", "long.txt", "--text", "le mot84999 est là"]).expect(0);
    room.write("too_long.txt", "mot OR ".repeat(200_000) + "fin");
    query(&room, &["check", "too_long.txt", "--lang", "fr"]).expect(2).says(&["E11", "1048576"]);
    room.write("deep.txt", "(".repeat(200_000));
    query(&room, &["check", "deep.txt"]).expect(2).says(&["E10"]);
}

const TESTED: &str = r#"
[query.caisse]
text = '''("Caisse Populaire" OR {CP}) PRES/8 ($credit) SAUF site:@jobs'''
dialect = "fr"

[[query.caisse.test]]
text = "Ma caisse populaire m'a refusé un prêt"
match = true

[[query.caisse.test]]
text = "CP rail annonce un prêt de wagons"
match = false

[[query.caisse.test]]
text = "La CP offre un prêt"
site = "emplois.example"
match = false

[query.cote]
text = "côte"
accents = "strict"

[[query.cote.test]]
text = "la cote"
match = false

[query.sans]
text = "sans"

[macros]
credit = "prêt OR loan OR hypothè*"

[lists]
jobs = ["emplois.example"]
"#;

#[test]
fn tests_of_a_project_run_and_failures_show_why() {
    let project = Project::brands(TESTED);
    let said = query(&project, &["test", "--lang", "fr"]);
    said.expect(1).says(&[
        "trouve ce texte, et ne devrait pas",
        "trouvé par : `CP`, `prêt`",
        "3 essais réussis sur 4",
        "sans essais : sans",
    ]);
    let results: Vec<&str> = said.out.lines().map(|l| l.split('\t').next().unwrap()).collect();
    assert_eq!(results, ["ok", "failed", "ok", "ok"]);
    assert!(said.out.contains("\tcaisse\tvigie.toml:"), "{}", said.out);

    let mended = TESTED.replace("CP rail annonce un prêt de wagons", "La CPU annonce un prêt");
    let project = Project::brands(&mended);
    query(&project, &["test"]).expect(0).says(&["4 of 4 tests pass"]);

    let wrong = TESTED.replace("site = \"emplois.example\"", "sitte = \"emplois.example\"\nlikes = \"many\"");
    let project = Project::brands(&wrong);
    query(&project, &["test", "--lang", "fr"]).expect(2).says(&[
        "`sitte`",
        "vouliez-vous écrire `site`",
        "likes",
        "vigie.toml:",
    ]);
    query(&room(), &["test", "nowhere"]).expect(2);
}

#[test]
fn a_projects_queries_macros_and_lists_may_be_used() {
    let project = Project::brands(TESTED);
    let found = |arguments: &[&str]| query(&project, &[&["match"], arguments, &["--project", "."]].concat());
    found(&["$caisse", "--text", "La CP offre un prêt"]).expect(0);
    found(&["$caisse", "--text", "La CP offre un prêt", "--field", "site=emplois.example"]).expect(1);
    found(&["$alto", "--text", "Merci @alto"]).expect(0);
    found(&["panne AND ($credit)", "--text", "une panne et un prêt"]).expect(0);
    found(&["$nothing", "--text", "x"]).expect(2).says(&["E12", "credit"]);
    query(&project, &["match", "panne AND ($nom_long)", "--text", "x"]).expect(2).says(&["E12"]);
}

#[test]
fn a_query_is_explained_in_words_in_both_languages() {
    let room = room();
    let text = "((prêt OR loan~1) NEAR/3 {BT} OR \"service * clientèle\"^9) NOT site:example.com AND ATLEAST/2(pann*) \
                AND OSENTENCE(a b) AND followers:>100 AND date:2026-08 AND title:(x NOT NEAR/2 y) AND lang:(fr OR en)";
    for language in LANGUAGES {
        let said = query(&room, &["explain", text, "--language", language]);
        golden(&format!("explain.{language}.txt"), &said.expect(0).out);
    }
    query(&room, &["explain", "apple AND"]).expect(2).says(&["E03"]);
    let project = Project::brands(TESTED);
    let said = query(&project, &["explain", "."]);
    assert!(said.expect(0).out.contains("caisse:\n- ") && said.out.contains("alto:\n- "), "{}", said.out);
}

#[test]
fn queries_of_other_tools_come_with_a_diff_and_notes() {
    let room = room();
    let cases = [
        ("brandwatch", "apple juice\nAND raw:BT\nOR continent:europe", 3),
        ("talkwalker", "\"a b\"~3 AND +NASA AND sourcecountry:ca", 0),
        ("meltwater", "apple NEAR juice", 0),
        ("mention", "apple -juice", 0),
        ("x", "apple (juice OR pie) -is:retweet from:nordet", 0),
        ("mediacloud", "apple juice AND text:pie", 0),
    ];
    for language in LANGUAGES {
        let mut shown = String::new();
        for (tool, text, status) in cases {
            let said = fed(&room, &["import", "--from", tool, "--language", language], text);
            said.expect(status);
            query(&room, &["check", "-e", said.out.trim_end()]).expect(0);
            write!(shown, "== {tool}\n{}\n{}\n", said.out, said.err).unwrap();
        }
        golden(&format!("import.{language}.txt"), &shown);
    }
    room.write("old.txt", "apple NEAR juice");
    let said = query(&room, &["import", "--from", "meltwater", "old.txt"]);
    said.expect(0).says(&["- apple NEAR juice", "+ apple NEAR/4 juice"]);
    assert_eq!(said.out, "apple NEAR/4 juice\n");
    query(&room, &["import", "--from", "altavista", "old.txt"]).expect(2);
}

/// Rows of one brand: hostile texts among them, and one that an exclusion removes in most of them.
fn reviewed_project() -> Project {
    let project = Project::brands(&workshop::csv_source("good", "data/good.csv", ""));
    let mut rows = workshop::HEAD.to_owned();
    for i in 0..40 {
        let text = match i % 4 {
            0 => "=HYPERLINK(\"\"http://x\"\") alto",
            1 => "@alto -1+1|cmd",
            _ => "alto et sa promo du jour",
        };
        writeln!(rows, "n{i},2026-03-{:02} 10:15,user{i},\"{text} {i}\"", i % 28 + 1).unwrap();
    }
    project.write("data/good.csv", rows);
    project.vigie(&["collect", "."]).expect(0);
    project
}

#[test]
fn a_sample_keeps_the_shares_of_predicted_tones() {
    let project = Project::brands(&workshop::csv_source("good", "data/good.csv", ""));
    let mut rows = workshop::HEAD.to_owned();
    for i in 0..40 {
        let text = if i % 4 == 0 {
            "je déteste alto, une arnaque, service nul"
        } else {
            "merci alto, excellent service, j'adore"
        };
        writeln!(rows, "n{i},2026-03-{:02} 10:15,user{i},\"{text} {i}\"", i % 28 + 1).unwrap();
    }
    project.write("data/good.csv", rows);
    project.vigie(&["collect", "."]).expect(0);
    query(&project, &["sample", "alto", "-n", "8"]).expect(0).says(&["in 2 strata (source, language, predicted tone)"]);
    let text = std::fs::read_to_string(project.dir().join("reviews/alto-2026-03.csv")).unwrap();
    assert_eq!(text.matches("arnaque").count(), 2, "a quarter of the sample, as of the mentions");
    assert_eq!(text.matches("excellent").count(), 6);
    assert!(!text.contains("negative"), "the sheet does not sway the person who reads");
}

#[test]
fn a_sample_is_drawn_filled_in_loaded_and_printed_on_the_method_page() {
    let project = reviewed_project();
    let said = query(&project, &["sample", "alto", "-n", "12", "--lang", "fr"]);
    said.expect(0).says(&["12 mentions tirées sur 40"]);
    let files: Vec<String> = said.out.lines().map(str::to_owned).collect();
    assert_eq!(files.len(), 2);
    let text = std::fs::read_to_string(project.dir().join("reviews/alto-2026-03.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), 12);
    for cell in records.iter().flat_map(|r| r.iter()) {
        assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{cell}");
    }
    // Hours of work are never replaced, and a second draw is the same.
    query(&project, &["sample", "alto", "-n", "12"]).expect(1).says(&["was not replaced"]);
    std::fs::rename(project.dir().join("reviews"), project.dir().join("first")).unwrap();
    query(&project, &["sample", "alto", "-n", "12", "--lang", "fr"]).expect(0);
    assert_eq!(std::fs::read_to_string(project.dir().join("reviews/alto-2026-03.csv")).unwrap(), text);

    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(reader.headers().unwrap()).unwrap();
    for (record, label) in records.iter().zip(["oui"; 9].into_iter().chain(["non", "?", "bof"])) {
        let cells = record.iter().enumerate().map(|(i, cell)| if i == 8 { label } else { cell });
        writer.write_record(cells).unwrap();
    }
    project.write("filled.csv", writer.into_inner().unwrap());
    let said = query(&project, &["sample", "alto", "--load", "filled.csv", "--lang", "fr"]);
    said.expect(3).says(&["précision de `alto` : 90 %", "60 à 98 %", "9 pertinentes sur 10 lues", "bof"]);
    let answer = &lines(&said)[0];
    let near = |key: &str, wanted: f64| (answer[key].as_f64().unwrap() - wanted).abs() < 5e-4;
    assert!(near("precision", 0.9) && near("low", 0.5958) && near("high", 0.9821), "{answer}");

    project.vigie(&["report", "."]).expect(0);
    let report = std::fs::read_to_string(project.report_folder().join("report.json")).unwrap();
    assert!(report.contains("Précision 90") && report.contains("Precision 90"), "the method page says it");
    // Another query is not the one that was read.
    let settings = std::fs::read_to_string(project.dir().join("vigie.toml")).unwrap();
    project.write("vigie.toml", settings.replace("alto OR @alto", "alto OR @alto OR altto"));
    project.vigie(&["report", "."]).expect(0);
    let report = std::fs::read_to_string(project.report_folder().join("report.json")).unwrap();
    assert!(!report.contains("Precision 90"));
    query(&project, &["sample", "alto", "--load", "filled.csv"]).expect(3).says(&["Q035"]);

    query(&project, &["sample", "boreal"]).expect(1).says(&["finds no mention"]);
    query(&project, &["sample", "nobody"]).expect(2).says(&["alto", "boreal"]);
    query(&project, &["sample", "boreal", "--load", "filled.csv"]).expect(2).says(&["of the query `alto`"]);
    query(&project, &["sample", "alto", "--load", "vigie.toml"]).expect(2);
    query(&project, &["sample", "alto", "--period", "soon"]).expect(2);
}

#[test]
fn an_exclusion_that_removes_much_of_the_archive_is_told() {
    let project = reviewed_project();
    let settings = std::fs::read_to_string(project.dir().join("vigie.toml")).unwrap();
    project.write("vigie.toml", settings.replace("alto OR @alto", "(alto OR @alto) NOT promo"));
    query(&project, &["check", ".", "--lang", "fr"]).expect(0).says(&["W10", "retire 20 des 40 textes", "50 %"]);
    project.write("vigie.toml", settings.replace("alto OR @alto", "(alto OR @alto) NOT retard"));
    let said = query(&project, &["check", "."]);
    assert!(!said.expect(0).err.contains("W10"), "{}", said.err);
}

#[test]
fn conditions_on_the_columns_of_the_archive_hold_in_reports() {
    let project = Project::brands(&workshop::csv_source("good", "data/good.csv", ""));
    project.write("data/good.csv", workshop::good_rows(60));
    let settings = std::fs::read_to_string(project.dir().join("vigie.toml")).unwrap();
    project
        .write("vigie.toml", settings.replace("alto OR @alto", "(alto OR @alto) AND hour:12..23 AND date:last-month"));
    // Of 30 rows of March, 6 are about Alto alone and were written in the morning.
    project.vigie(&["run", ".", "--language", "en"]).expect(0).says(&["24 mentions kept"]);
    project.write("vigie.toml", settings);
    project.vigie(&["report", ".", "--language", "en"]).expect(0).says(&["30 mentions kept"]);
}
