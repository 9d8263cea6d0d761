//! Projects of unusual size: nothing at all, next to nothing, one brand, one day, many days, many long names.

use serde_json::Value;

use crate::workshop::{HEAD, PERIOD, Project, csv_source, row};

/// Three brands and one source with `rows`.
fn project(rows: &str) -> Project {
    let project = Project::brands(&csv_source("good", "data/good.csv", ""));
    project.write("data/good.csv", format!("{HEAD}{rows}"));
    project
}

fn march(count: u32) -> String {
    (0..count).map(|i| row("m", i, 3)).collect()
}

/// Runs `arguments` and looks at what was made for `period`.
fn whole(project: &Project, arguments: &[&str], period: &str) {
    let said = project.vigie(arguments);
    assert!(matches!(said.status, Some(0 | 3)), "{}", said.whole());
    assert!(!said.err.contains("panicked at"), "{}", said.whole());
    let folder = project.dir().join("reports").join(period);
    let named = period.replace("..", "_");
    for locale in ["fr-CA", "en-CA"] {
        for extension in ["html", "pdf"] {
            let file = folder.join(format!("trial_{named}_monthly_{locale}.{extension}"));
            assert!(file.metadata().is_ok_and(|m| m.len() > 1_000), "{}\n{}", file.display(), said.whole());
        }
    }
    no_broken_number(&crate::workshop::json(&folder.join("report.json")), "report.json");
}

/// No text of the report, drawings included, holds a number that is none.
fn no_broken_number(value: &Value, place: &str) {
    match value {
        Value::String(text) => {
            let broken = |word: &str| matches!(word, "NaN" | "nan" | "inf" | "Inf" | "Infinity" | "infinity");
            let word = text.split(|c: char| !c.is_alphanumeric()).find(|w| broken(w));
            let piece: String = text.chars().take(300).collect();
            assert!(word.is_none() && !text.contains('∞'), "{place}: {piece}");
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| no_broken_number(v, &format!("{place}/{i}"))),
        Value::Object(fields) => fields.iter().for_each(|(k, v)| no_broken_number(v, &format!("{place}/{k}"))),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn an_empty_archive() {
    whole(&project(""), &["report", "."], PERIOD);
}

#[test]
fn mentions_outside_the_period_only() {
    whole(&project(&(0..40).map(|i| row("m", i, 1)).collect::<String>()), &["run", "."], PERIOD);
}

#[test]
fn one_mention() {
    let project = project(&march(1));
    whole(&project, &["run", "."], PERIOD);
    assert_eq!(project.ledger("good")["rows"]["kept"], 1);
}

#[test]
fn one_mention_of_no_brand() {
    whole(&project("m1,2026-03-05 10:00,ana,nothing about anybody\n"), &["run", "."], PERIOD);
}

#[test]
fn three_mentions() {
    whole(&project(&march(3)), &["run", "."], PERIOD);
}

#[test]
fn one_brand_only() {
    let brand = "\n[[entity]]\nid = \"alto\"\nname = \"Alto\"\nrole = \"client\"\nquery = \"alto\"\n";
    let project = Project::bare(&format!("{brand}{}", csv_source("good", "data/good.csv", "")));
    project.write("data/good.csv", format!("{HEAD}{}", march(90)));
    whole(&project, &["run", "."], PERIOD);
}

#[test]
fn one_day() {
    whole(&project(&march(400)), &["run", ".", "--period", "2026-03-05..2026-03-05"], "2026-03-05..2026-03-05");
}

#[test]
fn four_hundred_days() {
    let mut rows = String::new();
    for month in 1..=12 {
        (0..60).for_each(|i| rows.push_str(&row(&format!("y{month}x"), i, month).replace("2026-", "2025-")));
        (0..60).for_each(|i| rows.push_str(&row(&format!("z{month}x"), i, month)));
    }
    whole(&project(&rows), &["run", ".", "--period", "2025-03-01..2026-04-04"], "2025-03-01..2026-04-04");
}

#[test]
fn a_period_before_any_mention_and_one_far_ahead() {
    let project = project(&march(30));
    whole(&project, &["run", ".", "--period", "1999-12"], "1999-12");
    whole(&project, &["report", ".", "--period", "2090-02"], "2090-02");
}

#[test]
fn twelve_brands_with_names_of_forty_characters() {
    let mut tables = String::new();
    for i in 0..12_u8 {
        let letter = char::from(b'a' + i);
        let name = format!("Société {letter}{} internationale de téléphonie", letter.to_string().repeat(2));
        let name: String = name.chars().chain("x".repeat(40).chars()).take(40).collect();
        let role = if i == 0 { "client" } else { "competitor" };
        tables.push_str(&format!(
            "\n[[entity]]\nid = \"brand-{letter}\"\nname = \"{name}\"\nrole = \"{role}\"\nquery = \"brand{letter}\"\n"
        ));
    }
    let project = Project::bare(&format!("{tables}{}", csv_source("good", "data/good.csv", "")));
    let rows: String = (0..1_200)
        .map(|i| row("t", i, 2 + i % 2).replace("dossier", &format!("brand{}", char::from(b'a' + (i % 12) as u8))))
        .collect();
    project.write("data/good.csv", format!("{HEAD}{rows}"));
    whole(&project, &["run", "."], PERIOD);
}

#[test]
fn every_row_on_one_minute_and_one_author() {
    let rows: String = (0..500).map(|i| format!("s{i},2026-03-10 12:00,bot,Alto is terrible number {i}\n")).collect();
    whole(&project(&rows), &["run", "."], PERIOD);
}
