//! `vigie topics` through the real program: subjects found, followed from month to month, told with their words.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use std::fmt::Write;

use serde_json::Value;
use workshop::Project;

/// Subjects, each with thirty words that none of the others uses: the name with a syllable.
const OUTAGE: &str = "reso";
const PRICE: &str = "tarifo";
const STORE: &str = "boutiko";

/// A CSV of `each` texts per subject and month, every text of a subject by its own author, in an order that mixes the
/// subjects. A text uses four words of its subject and one that no other has.
fn table(months: &[(&str, &[&str])], each: usize) -> String {
    let mut state = 1_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut out = String::from("quand;qui;avis\n");
    for (month, subjects) in months {
        for i in 0..each {
            for subject in *subjects {
                let mut word = || {
                    let at = random(30) as usize;
                    format!(
                        "{subject}{}{}",
                        ["b", "k", "d", "f", "g"][at % 5],
                        ["al", "or", "um", "ik", "ev", "an"][at / 5]
                    )
                };
                let words = [word(), word(), word(), word()].join(" et ");
                writeln!(out, "{month}-{:02};p{i};le {words} puis mot{i}{subject}", i % 28 + 1).unwrap();
            }
        }
    }
    out
}

fn rows(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn label(row: &Value) -> Vec<&str> {
    row["label"].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect()
}

const ARGUMENTS: [&str; 10] =
    ["topics", "avis.csv", "--text", "avis", "--date", "quand", "--author", "qui", "--source-lang", "fr"];

#[test]
fn subjects_are_found_and_followed() {
    let room = Project::bare("");
    room.write("avis.csv", table(&[("2026-09", &[OUTAGE, PRICE]), ("2026-10", &[PRICE, STORE])], 120));
    let said = room.vigie(&[&ARGUMENTS[..], &["--rows", "rows.ndjson"]].concat());
    let found = rows(&said.expect(0).out);
    let told: Vec<(&str, u64, &str)> = found
        .iter()
        .map(|r| (r["month"].as_str().unwrap(), r["topic"].as_u64().unwrap(), r["state"].as_str().unwrap()))
        .collect();
    let of = |subject: &str, month: &str| {
        let about = |r: &&Value| r["month"] == month && r["texts"] != 0 && label(r)[0].starts_with(subject);
        let about: Vec<&Value> = found.iter().filter(about).collect();
        assert_eq!(about.len(), 1, "{found:#?}");
        about[0].clone()
    };
    let (outage, price) = (of(OUTAGE, "2026-09"), of(PRICE, "2026-09"));
    let (later, store) = (of(PRICE, "2026-10"), of(STORE, "2026-10"));
    assert_eq!((&later["topic"], &later["state"]), (&price["topic"], &Value::from("continued")));
    assert_eq!(store["state"], "new");
    assert!(told.contains(&("2026-10", outage["topic"].as_u64().unwrap(), "ended")), "{told:?}");
    assert_eq!(told.len(), 5, "{told:?}");
    for topic in [&outage, &price, &later, &store] {
        assert_eq!(label(topic).len(), 5, "{topic}");
        assert!((95..=120).contains(&topic["authors"].as_u64().unwrap()), "{topic}");
        assert!((0.38..=0.5).contains(&topic["share"].as_f64().unwrap()), "{topic}");
        assert!(topic["stability"].as_f64().unwrap() >= 0.5 && topic["quote"].as_str().unwrap().starts_with("le "));
    }
    let of_rows = rows(&std::fs::read_to_string(room.dir().join("rows.ndjson")).unwrap());
    assert_eq!(of_rows.len(), 480);
    let right = of_rows.iter().enumerate().filter(|(at, row)| {
        let expected = match (at / 240, at % 2) {
            (0, 0) => &outage,
            (0, _) | (1, 0) => &price,
            _ => &store,
        };
        row["row"] == at + 1 && row["topic"] == expected["topic"]
    });
    assert!(right.count() >= 400);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let room = Project::bare("");
    room.write("avis.csv", table(&[("2026-09", &[OUTAGE, PRICE, STORE])], 60));
    let with = |threads: &str| {
        let output = room.command(&ARGUMENTS).env("RAYON_NUM_THREADS", threads).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let one = with("1");
    assert!(one.lines().count() == 3 && one == with("2"), "{one}");
}

#[test]
fn copies_count_once_and_few_people_make_no_topic() {
    let room = Project::bare("");
    let subjects = table(&[("2026-10", &[PRICE, STORE])], 100);
    let copy = |i: u32| format!("2026-10-01;p{i};la panne du réseau dure depuis ce matin à Laval\n");
    let copies: String = (0..80).map(copy).collect();
    room.write("avis.csv", format!("{subjects}{copies}"));
    let found = rows(&room.vigie(&ARGUMENTS).expect(0).out);
    let mut told: Vec<bool> = found.iter().map(|r| label(r)[0].starts_with(PRICE)).collect();
    told.sort_unstable();
    assert_eq!(told, [false, true], "{found:#?}");
    let by = |people: usize| {
        let line = |l: &str| {
            let [date, who, text] = l.splitn(3, ';').collect::<Vec<_>>().try_into().unwrap();
            let who = who.strip_prefix('p').map(|n| n.parse::<usize>().unwrap() % people);
            format!("{date};{};{text}\n", who.map_or("qui".to_owned(), |n| n.to_string()))
        };
        room.write("avis.csv", subjects.lines().map(line).collect::<String>());
        room.vigie(&ARGUMENTS).expect(0).out.lines().count()
    };
    assert_eq!((by(29), by(40)), (0, 2));
}

#[test]
fn what_is_left_out_is_said() {
    let room = Project::bare("");
    room.write("avis.csv", "quand;qui;avis\n31/10/2026;a;une panne de réseau\n2026-10-31;b;une autre panne\n;c;\n");
    let said = room.vigie(&[&ARGUMENTS[..], &["--language", "fr"]].concat());
    said.expect(3).says(&["1 lignes de avis.csv n'ont pas de date", "2026-10-31"]);
    let said = room.vigie(&["topics", "avis.csv", "--text", "avis", "--date", "jour", "--language", "en"]);
    said.expect(2).says(&["has no column `jour`", "`quand`"]);
}
