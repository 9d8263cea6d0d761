//! `vigie audit` and `vigie learn` as an analyst uses them: sheets drawn, filled in, loaded; the report that follows;
//! what is learnt and where it is used. On real posts when `VIGIE_DATA` names the folder that holds them.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "figures/run.rs"]
mod run;
#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use workshop::{Project, Said};

const SHEET: &str = "reviews/audit-2026-03.csv";

/// What is written of a brand, in French and English: as the machine reads it, negative, neutral, positive.
const TEXTS: [[&str; 3]; 2] = [
    [
        "quelle honte ce service nul et cette panne, je suis vraiment déçu par",
        "la réunion de mardi porte sur le budget annuel de",
        "merci pour cet accueil parfait, je suis vraiment très contente de",
    ],
    [
        "what a terrible service, the worst outage ever, I am so angry with",
        "the store on the main street opens on Monday at nine o'clock, says",
        "thank you for the great welcome, I am really very happy with",
    ],
];

/// A month of `number` mentions of two brands in two languages, each text its own.
fn month(number: usize) -> Project {
    let project = Project::brands(&workshop::csv_source("good", "data/good.csv", ""));
    let mut rows = workshop::HEAD.to_owned();
    for i in 0..number {
        let (brand, language, class) = (["alto", "boreal"][i % 2], i / 2 % 2, [0, 1, 2, 0, 1][i / 4 % 5]);
        let text = TEXTS[language][class];
        let mail = if i % 7 == 0 { " luc@exemple.ca" } else { "" };
        writeln!(rows, "m{i},2026-03-{:02} 10:15,user{i},\"{text} {brand} {i}{mail}\"", i % 28 + 1).unwrap();
    }
    project.write("data/good.csv", rows);
    project.vigie(&["collect", "."]).expect(0);
    project
}

/// A sheet: its header and its rows.
type Sheet = (csv::StringRecord, Vec<csv::StringRecord>);

fn sheet(path: &Path) -> Sheet {
    let text = std::fs::read_to_string(path).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    (header, reader.records().map(Result::unwrap).collect())
}

/// The sheet with the columns `relevant` and `tone` as `label` says of a row, saved as a French spreadsheet does.
fn filled((header, rows): &Sheet, label: &dyn Fn(usize, &csv::StringRecord) -> (String, String)) -> Vec<u8> {
    let at = |names: [&str; 2]| header.iter().position(|h| names.contains(&h)).unwrap();
    let (relevant, tone) = (at(["relevant", "pertinent"]), at(["tone", "ton"]));
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(header).unwrap();
    for (i, row) in rows.iter().enumerate() {
        let (about, class) = label(i, row);
        let cells = row.iter().enumerate().map(|(c, cell)| match c {
            c if c == relevant => about.as_str(),
            c if c == tone => class.as_str(),
            _ => cell,
        });
        writer.write_record(cells).unwrap();
    }
    writer.into_inner().unwrap()
}

/// The class a text was written with.
fn written(row: &csv::StringRecord) -> usize {
    let text = row.iter().find(|cell| cell.contains("alto ") || cell.contains("boreal ")).unwrap();
    (0..3).find(|class| TEXTS.iter().any(|texts| text.starts_with(texts[*class]))).unwrap()
}

fn json(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}", said.whole()))
}

#[test]
fn a_month_is_audited_by_two_persons_and_its_levels_are_corrected() {
    let project = month(400);
    project.vigie(&["report", "."]).expect(0);
    let before = project.report().to_string();
    assert!(before.contains("non vérifiée par codage humain") && !before.contains("Vérification de la tonalité"));

    let said = project.vigie(&["audit", "sample", "-n", "160", "--language", "fr"]);
    said.expect(0).says(&["160 mentions tirées sur 400", "12 strates", "les 32 premières lignes"]);
    let drawn = sheet(&project.dir().join(SHEET));
    assert_eq!((drawn.1.len(), said.out.lines().count()), (160, 2));
    let machine = drawn.0.iter().position(|h| h == "lu par la machine").unwrap();
    assert!(drawn.1.iter().all(|row| row[machine].is_empty()), "nobody is swayed");
    let whole = std::fs::read_to_string(project.dir().join(SHEET)).unwrap();
    assert!(whole.contains("[email]") && !whole.contains("luc@exemple.ca"), "personal data is masked");

    // Never replaced; the same again when drawn again; another with another seed; the reading only when asked for.
    project.vigie(&["audit", "sample"]).expect(1).says(&["was not replaced"]);
    std::fs::rename(project.dir().join("reviews"), project.dir().join("first")).unwrap();
    project.vigie(&["audit", "sample", "-n", "160", "--language", "fr"]).expect(0);
    assert_eq!(std::fs::read_to_string(project.dir().join(SHEET)).unwrap(), whole);
    project.vigie(&["audit", "sample", "-n", "160", "--seed", "2", "--show-reading"]).expect(0);
    let shown = sheet(&project.dir().join("reviews/audit-2026-03-2.csv"));
    assert_ne!(shown.1[0][0], drawn.1[0][0]);
    assert!(shown.1.iter().all(|row| ["negative", "neutral", "positive", "mixed"].contains(&&row[machine])));

    // Anna finds half of what reads as negative neutral, and one mention in sixteen irrelevant.
    let anna = |i: usize, row: &csv::StringRecord| {
        let tone = match (written(row), i % 2) {
            (0, 0) => "Neutre",
            (0, _) => "négatif",
            (1, _) => "neutral",
            _ => "POSITIVE",
        };
        if i % 16 == 3 { ("non".to_owned(), String::new()) } else { (String::new(), tone.to_owned()) }
    };
    project.write("anna.csv", filled(&drawn, &anna));
    let said = project.vigie(&["audit", "load", "anna.csv", "--reviewer", "Anna", "--language", "fr"]);
    said.expect(0).says(&["160 codages de Anna gardés"]);
    for words in ["160 mentions lues par Anna, dont 10 non pertinentes", "tonalité nette", "corrigé", "kappa 0,"] {
        assert!(said.out.contains(words), "{words}\n{}", said.whole());
    }
    assert!(!said.out.contains("personnes : kappa"));

    // Luc reads the first forty, leaves some open, and writes what cannot be understood twice.
    let luc = |i: usize, row: &csv::StringRecord| {
        let (about, tone) = anna(i, row);
        match i {
            0 => (String::new(), "?".to_owned()),
            1 => (String::new(), "bof".to_owned()),
            2 => ("peut-être".to_owned(), String::new()),
            40.. => (String::new(), String::new()),
            _ if i % 9 == 4 => (String::new(), "mitigé".to_owned()),
            _ => (about, tone),
        }
    };
    project.write("luc.csv", filled(&drawn, &luc));
    let said = project.vigie(&["audit", "load", "luc.csv", "--reviewer", "Luc", "--language", "en"]);
    said.expect(3).says(&["row 3: `bof` is none of negative", "row 4: `peut-être`", "37 labels of Luc", "1 undecided"]);
    for words in ["persons: kappa 0.", "mentions read twice", "Alto: ", "net sentiment", "corrected"] {
        assert!(said.out.contains(words), "{words}\n{}", said.whole());
    }

    let answer = json(project.vigie(&["audit", "show", "--json"]).expect(0));
    assert_eq!((&answer["labels"], &answer["reviewers"]), (&Value::from(160), &serde_json::json!(["Anna", "Luc"])));
    for entity in answer["entities"].as_array().unwrap() {
        let (counted, corrected) = (entity["counted"]["net"].as_f64().unwrap(), &entity["corrected"]["net"]);
        let [value, low, high] = ["value", "low", "high"].map(|k| corrected[k].as_f64().unwrap());
        // Of ten mentions four read as negative, of which two are; two are positive.
        assert!((counted + 20.0).abs() < 1.0 && value.abs() < 8.0, "{entity}");
        assert!(low < 0.5 && -0.5 < high && high - low < 30.0, "{entity}");
    }

    project.vigie(&["report", "."]).expect(0);
    let read = |name: &str| std::fs::read(project.report_folder().join(name)).unwrap();
    let (report, documents) = (project.report().to_string(), project.documents());
    for words in ["Vérification de la tonalité", "Verification of tone", "Anna et Luc", "Anna and Luc", "Luc", "PPI++"]
    {
        assert!(report.contains(words), "{words}");
    }
    for words in ["non vérifiée par codage humain", "not verified by human coding", "Niveau non vérifié"] {
        assert!(!report.contains(words), "{words}");
    }
    let bytes: Vec<Vec<u8>> = documents.iter().map(|d| std::fs::read(d).unwrap()).collect();
    let manifest = read("manifest.json");
    assert!(String::from_utf8_lossy(&manifest).contains("\"audit\""));
    project.vigie(&["report", "."]).expect(0);
    let again: Vec<Vec<u8>> = documents.iter().map(|d| std::fs::read(d).unwrap()).collect();
    assert!(bytes == again && manifest == read("manifest.json"), "the same input gives the same bytes");

    // What was read is not drawn again; another month has no labels.
    let said = project.vigie(&["audit", "sample", "-n", "500", "--seed", "3"]);
    said.expect(0).says(&["240 of 400 mentions drawn"]);
    project.vigie(&["audit", "show", "--period", "2026-02"]).expect(1).says(&["vigie audit sample"]);
}

#[test]
fn what_is_no_sheet_is_refused_and_a_spoilt_file_of_labels_is_told_with_its_line() {
    let project = month(60);
    project.vigie(&["audit", "sample", "-n", "20"]).expect(0);
    let drawn = sheet(&project.dir().join(SHEET));
    let load =
        |file: &str, more: &[&str]| project.vigie(&[&["audit", "load", file, "--language", "fr"], more].concat());
    project.write("other.csv", "a,b\n1,2\n");
    load("other.csv", &["--reviewer", "A"]).expect(2).says(&["pas de colonne `id`"]);
    load("gone.csv", &["--reviewer", "A"]).expect(2).says(&["illisible"]);
    load(SHEET, &["--reviewer", "A"]).expect(2).says(&["aucune ligne n'est codée"]);
    load(SHEET, &["--reviewer", " "]).expect(2).says(&["qui a lu"]);
    load(SHEET, &[]).expect(2);
    assert!(!project.dir().join("audit-labels.csv").exists());

    let few = |i: usize, _: &csv::StringRecord| (String::new(), if i < 6 { "neutre" } else { "" }.to_owned());
    project.write("few.csv", filled(&drawn, &few));
    let said = load("few.csv", &["--reviewer", "A"]);
    assert!(said.expect(0).out.contains("corrigés à partir de 100 codages ; il y en a 6"), "{}", said.whole());
    let said = project.vigie(&["learn", ".", "--language", "fr"]);
    said.expect(0).says(&["il en faut 100 pour apprendre", "les poids livrés restent en usage"]);
    project.vigie(&["report", "."]).expect(0);
    let report = project.report().to_string();
    assert!(report.contains("Il faut 100 mentions lues") && report.contains("non vérifiée par codage humain"));

    let labels = project.dir().join("audit-labels.csv");
    let kept = std::fs::read_to_string(&labels).unwrap();
    std::fs::write(&labels, kept.replacen(",neutral\n", ",fine\n", 1)).unwrap();
    let said = project.vigie(&["check", ".", "--language", "fr"]);
    said.expect(2).says(&["audit-labels.csv:2", "`fine` n'est aucun de ces mots"]);
    let said = load("few.csv", &["--reviewer", "B"]);
    said.expect(2).says(&["`fine`"]);
    project.vigie(&["learn", "nowhere"]).expect(2);
}

#[test]
fn what_is_learnt_is_kept_where_it_reads_better_and_used_by_reports_and_by_read() {
    let project = month(600);
    project.vigie(&["learn", ".", "--language", "fr"]).expect(2).says(&["aucun codage"]);
    project.vigie(&["audit", "sample", "-n", "480", "--language", "en"]).expect(0);
    let drawn = sheet(&project.dir().join(SHEET));
    // The French say what the machine reads; of the English, what sounds good means ill, and the other way round.
    let language = drawn.0.iter().position(|h| h == "language").unwrap();
    let label = |_: usize, row: &csv::StringRecord| {
        let class = if &row[language] == "en" { 2 - written(row) } else { written(row) };
        (String::new(), ["negative", "neutral", "positive"][class].to_owned())
    };
    project.write("filled.csv", filled(&drawn, &label));
    project.vigie(&["audit", "load", "filled.csv", "--reviewer", "Anna"]).expect(0);
    let said = project.vigie(&["learn", ".", "--language", "fr"]);
    said.expect(0).says(&[
        "Français : rappel moyen de 100,0 %",
        "non gardé",
        "Anglais : rappel moyen de 33,3 %",
        "; gardé",
    ]);
    let model = project.dir().join("tone-model.toml");
    let learnt = std::fs::read_to_string(&model).unwrap();
    assert!(learnt.contains("[english]") && !learnt.contains("[french]") && learnt.contains("2026-03"));
    project.vigie(&["learn", "."]).expect(0);
    assert_eq!(std::fs::read_to_string(&model).unwrap(), learnt, "the same labels give the same model");

    let text = format!("text\n\"{} alto\"\n\"{} alto\"\n", TEXTS[1][0], TEXTS[0][0]);
    project.write("texts.csv", text);
    let tones = |more: &[&str]| -> Vec<String> {
        let said = project.vigie(&[&["read", "texts.csv", "--text", "text", "-q"], more].concat());
        let line = |l: &str| serde_json::from_str::<Value>(l).unwrap()["tone"].as_str().unwrap().to_owned();
        said.expect(0).out.lines().map(line).collect()
    };
    assert_eq!(tones(&[]), ["negative", "negative"]);
    assert_eq!(tones(&["--project", "."]), ["positive", "negative"]);

    // The report reads with it, names it, and audits the shipped weights, which did not see the labels.
    project.vigie(&["report", "."]).expect(0);
    let report = project.report();
    let reader = report["manifest"]["reader"].as_str().unwrap();
    assert!(reader.contains('+') && report["manifest"]["tone model"].as_str().unwrap().len() == 64, "{reader}");
    assert!(report.to_string().contains("ce sont les poids livrés qui sont jugés"));
    let answer = json(project.vigie(&["audit", "show", "--json"]).expect(0));
    assert_eq!(answer["shipped_weights"], Value::from(true));

    // A model of another reader is told and not used.
    std::fs::write(&model, learnt.replace("reader = \"reader-", "reader = \"another-")).unwrap();
    project.vigie(&["report", ".", "--language", "fr"]).expect(0).says(&["C171", "relancez `vigie learn`"]);
    let reader = project.report()["manifest"]["reader"].as_str().unwrap().to_owned();
    assert!(!reader.contains('+'), "{reader}");
    assert_eq!(tones(&["--project", "."]), ["negative", "negative"]);
}

// ── Real posts ───────────────────────────────────────────────────────────────────────────────────────

/// What audits of 200 labels found of the six airlines.
#[derive(Default)]
struct Airlines {
    audits: f64,
    counted: f64,
    corrected: f64,
    alone: f64,
    held: f64,
    held_alone: f64,
    ordered: f64,
    worst: f64,
}

fn vigie(project: &run::Copy, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .args(arguments)
        .args(["--language", "en", "-q", "--project"])
        .arg(project.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", run::said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// The labels of the file, by tweet.
fn gold(data: &Path) -> BTreeMap<String, String> {
    let file = std::fs::File::open(data.join("airlines-us-2015/Tweets.csv.gz")).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let (id, label) = (at("tweet_id"), at("airline_sentiment"));
    reader.records().map(Result::unwrap).map(|r| (r[id].to_owned(), r[label].to_owned())).collect()
}

/// The example of the six airlines, collected, and the file's own labels.
struct Posts {
    project: run::Copy,
    gold: BTreeMap<String, String>,
}

impl Posts {
    fn collected(test: &str) -> Option<Self> {
        let data = run::real_data(test)?;
        let project = run::Copy::of_example("us-airlines");
        project.run_whole(&[]);
        Some(Self { project, gold: gold(&data) })
    }

    fn tone(&self, row: &csv::StringRecord) -> String {
        self.gold[row[0].trim_start_matches("x:")].clone()
    }

    /// A sheet of a project in which nothing was read yet.
    fn drawn(&self, number: &str, seed: u64) -> Sheet {
        let _ = std::fs::remove_dir_all(self.project.path().join("reviews"));
        let _ = std::fs::remove_file(self.project.path().join("audit-labels.csv"));
        let said = vigie(&self.project, &["audit", "sample", "-n", number, "--seed", &seed.to_string()]);
        sheet(Path::new(said.lines().next().unwrap()))
    }

    /// What an audit filled in from the file's labels says.
    fn audited(&self, number: &str, seed: u64) -> Value {
        let label = |_: usize, row: &csv::StringRecord| (String::new(), self.tone(row));
        let file = self.project.path().join("filled.csv");
        std::fs::write(&file, filled(&self.drawn(number, seed), &label)).unwrap();
        let said = vigie(&self.project, &["audit", "load", file.to_str().unwrap(), "--reviewer", "file", "--json"]);
        serde_json::from_str(&said).unwrap()
    }

    /// Sum of the signs and number of all counted mentions, by airline: a sheet of all of them is the truth.
    fn truth(&self) -> BTreeMap<String, (f64, f64)> {
        let mut truth: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        for row in &self.drawn("20000", 1).1 {
            let class = ["negative", "neutral", "positive"].iter().position(|l| *l == self.tone(row)).unwrap();
            let sums = truth.entry(row[1].to_owned()).or_default();
            *sums = (sums.0 + class as f64 - 1.0, sums.1 + 1.0);
        }
        truth
    }
}

/// Draws, fills in and loads `audits` sheets of 200 rows.
fn audits_of_airlines(test: &str, audits: u64) -> Option<Airlines> {
    let posts = Posts::collected(test)?;
    let truth = posts.truth();
    let mut found = Airlines::default();
    for seed in 1..=audits {
        let answer = posts.audited("200", seed);
        let entities = answer["entities"].as_array().unwrap();
        assert_eq!((entities.len(), &answer["labels"]), (6, &Value::from(200)));
        let mut levels: Vec<(f64, f64)> = Vec::new();
        let (mut counted, mut corrected, mut alone) = (0.0, 0.0, 0.0);
        for entity in entities {
            let (sum, n) = truth[entity["entity"].as_str().unwrap()];
            let true_net = 100.0 * sum / n;
            let of = |which: &str, key: &str| entity[which]["net"][key].as_f64().unwrap();
            let held = |which: &str| {
                let inside = (of(which, "low")..=of(which, "high")).contains(&true_net);
                f64::from(u8::from(inside)) / 6.0
            };
            counted += (entity["counted"]["net"].as_f64().unwrap() - true_net).abs() / 6.0;
            corrected += (of("corrected", "value") - true_net).abs() / 6.0;
            alone += (of("alone", "value") - true_net).abs() / 6.0;
            found.held += held("corrected");
            found.held_alone += held("alone");
            levels.push((true_net, of("corrected", "value")));
        }
        levels.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.audits += 1.0;
        found.counted += counted;
        found.corrected += corrected;
        found.alone += alone;
        found.worst = found.worst.max(corrected);
        found.ordered += f64::from(u8::from(levels.is_sorted_by(|a, b| a.1 < b.1)));
    }
    Some(found)
}

#[test]
fn two_hundred_labels_correct_the_levels_of_six_airlines() {
    let Some(found) = audits_of_airlines("two_hundred_labels_correct_the_levels_of_six_airlines", 3) else { return };
    assert!(found.corrected / found.audits < 12.0 && found.counted / found.audits > 15.0);
}

/// The figures of `docs/accuracy.md`.
#[test]
#[ignore = "two hundred audits take minutes: cargo test --workspace --release --test audit -- --ignored --nocapture"]
#[allow(clippy::print_stdout, reason = "its figures are what it is for")]
fn two_hundred_audits_of_six_airlines() {
    let Some(found) = audits_of_airlines("two_hundred_audits_of_six_airlines", 200) else { return };
    let mean = |sum: f64| sum / found.audits;
    println!(
        "mean absolute error of net sentiment, in points: counted {:.1}, corrected {:.1} (worst audit {:.1}), from its \
         own labels alone {:.1}; intervals that hold the truth: corrected {:.3}, alone {:.3}; audits with all six in the \
         right order {:.2}",
        mean(found.counted),
        mean(found.corrected),
        found.worst,
        mean(found.alone),
        mean(found.held),
        mean(found.held_alone),
        mean(found.ordered)
    );
    assert!(mean(found.corrected) < 12.0);
    assert!((0.93..=0.99).contains(&mean(found.held)) && (0.93..=0.98).contains(&mean(found.held_alone)));
}

/// The figures of `docs/accuracy.md`.
#[test]
#[ignore = "its figures are in docs/accuracy.md"]
#[allow(clippy::print_stdout, reason = "its figures are what it is for")]
fn what_is_learnt_of_six_airlines() {
    let Some(posts) = Posts::collected("what_is_learnt_of_six_airlines") else { return };
    for number in ["200", "1000", "3000"] {
        posts.audited(number, 1);
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        let output = command.args(["learn", "--language", "en"]).arg(posts.project.path()).output().unwrap();
        println!("{number} labels: {}", run::said(&output));
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(posts.project.path().join("tone-model.toml").exists(), number != "200");
    }
}
