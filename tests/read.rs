//! `vigie read` through the real program: one reading per row, in order, whatever the form of the table.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "bad_input/workshop.rs"]
mod workshop;

use serde_json::Value;
use workshop::Project;

const KEYS: [&str; 11] = [
    "lang",
    "lang_basis",
    "tone",
    "p_neg",
    "p_neu",
    "p_pos",
    "entities",
    "intents",
    "flags",
    "story_id",
    "p_complaint",
];

const POSTS: &str = "id;avis;tone\n\
    1;\"Encore en panne ce matin, trois heures d'attente : c'est inacceptable @nordet !\";x\n\
    2;Très satisfaite du technicien de Nordet, service impeccable;y\n\
    3;The store in Laval opens on Monday at nine o'clock;z\n\
    4;der Kundenservice ist leider nie erreichbar und die Leitung ist tot;t\n\
    5;;\n\
    6;\"Encore en panne ce matin, trois heures d'attente : c'est inacceptable @nordet !\";x\n\
    7;\"Telvia est nul, Nordet est excellent\";x\n\
    8;\"Mon NAS : 046 454 286, écrivez à luc@exemple.ca, mon modem a pris feu\";x\n";

fn rows(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts(row: &Value, key: &str) -> Vec<String> {
    row[key].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_row_has_its_reading_in_order() {
    let room = Project::bare("");
    room.write("posts.csv", POSTS);
    let entities = ["--entity", "Nordet=nordet OR @nordet", "--entity", "Telvia"];
    let arguments = [&["read", "posts.csv", "--text", "avis", "--keep", "id,tone"][..], &entities[..]].concat();
    let said = room.vigie(&arguments);
    let rows = rows(&said.expect(0).out);
    assert_eq!(rows.len(), 8);
    for (at, row) in rows.iter().enumerate() {
        let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(keys.len(), KEYS.len() + 2, "{keys:?}");
        assert!(KEYS.iter().all(|k| row.get(k).is_some()), "{row}");
        assert_eq!(row["id"], (at + 1).to_string());
    }
    let column = |key: &str| rows.iter().map(|r| r[key].clone()).collect::<Vec<Value>>();
    assert_eq!(column("lang")[..4], ["fr", "fr", "en", "de"]);
    assert_eq!(column("input_tone")[..4], ["x", "y", "z", "t"]);
    assert_eq!(column("tone")[..5], ["negative", "positive", "neutral", "unknown", "unknown"]);
    let sum = |row: &Value| ["p_neg", "p_neu", "p_pos"].iter().map(|k| row[*k].as_f64().unwrap()).sum::<f64>();
    assert!((sum(&rows[0]) - 1.0).abs() < 3e-4 && rows[3]["p_neg"].is_null());
    assert_eq!(rows[6]["entities"], serde_json::json!({"Nordet": "positive", "Telvia": "negative"}));
    assert_eq!(rows[2]["entities"], serde_json::json!({}));
    assert!(texts(&rows[0], "intents").contains(&"complaint".to_owned()));
    let complaint = |row: &Value| row["p_complaint"].as_f64().unwrap();
    assert!(complaint(&rows[0]) > 0.8 && complaint(&rows[1]) < 0.3 && complaint(&rows[2]) < 0.3, "{rows:?}");
    assert!(rows[3]["p_complaint"].is_null());
    assert_eq!(column("story_id")[..6], [1, 2, 3, 4, 5, 1]);
    assert_eq!(texts(&rows[4], "flags"), ["no_text"]);
    let flags = texts(&rows[7], "flags");
    for flag in ["crisis:safety:3", "personal:email", "personal:sin"] {
        assert!(flags.contains(&flag.to_owned()), "{flags:?}");
    }
}

#[test]
fn all_forms_of_tables_say_the_same() {
    let room = Project::bare("");
    room.write("posts.csv", POSTS);
    let csv = room.vigie(&["read", "posts.csv", "--text", "avis", "--keep", "avis"]);
    room.write("posts.ndjson", csv.expect(0).out.clone());
    room.vigie(&["read", "posts.csv", "--text", "avis", "--keep", "avis", "-o", "posts.parquet"]).expect(0);
    let direct = rows(&room.vigie(&["read", "posts.csv", "--text", "avis"]).expect(0).out);
    for file in ["posts.ndjson", "posts.parquet"] {
        let again = rows(&room.vigie(&["read", file, "--text", "avis"]).expect(0).out);
        assert_eq!(again, direct, "{file}");
    }
    let table = room.vigie(&["read", "posts.csv", "--text", "avis", "--keep", "id", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(table.expect(0).out.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(head, [&["id"][..], &KEYS[..]].concat());
    let cells: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((cells.len(), &cells[5][10]), (8, "1"));
}

#[test]
fn emotions_are_read_when_asked_for_or_when_the_project_wants_them() {
    let room = Project::bare("");
    room.write("posts.csv", POSTS);
    let plain = rows(&room.vigie(&["read", "posts.csv", "--text", "avis"]).expect(0).out);
    let asked = rows(&room.vigie(&["read", "posts.csv", "--text", "avis", "--emotion"]).expect(0).out);
    for (plain, asked) in plain.iter().zip(&asked) {
        let (mut left, all) = (asked.as_object().unwrap().clone(), ["emotion", "p_anger", "p_joy"]);
        let emotion: Vec<Value> = all.iter().map(|key| left.remove(*key).unwrap()).collect();
        assert_eq!(&Value::Object(left), plain);
        assert_eq!(emotion.iter().all(Value::is_null), plain["tone"] == "unknown", "{asked}");
    }
    let number = |row: &Value, key: &str| row[key].as_f64().unwrap();
    assert!(number(&asked[0], "p_anger") > number(&asked[1], "p_anger"), "{asked:?}");
    assert!(number(&asked[1], "p_joy") > number(&asked[0], "p_joy"), "{asked:?}");
    let wanting = Project::brands("");
    let file = std::fs::read_to_string(wanting.dir().join("vigie.toml")).unwrap();
    wanting.write("vigie.toml", file.replacen("[project]", "[project]\nemotion = true", 1));
    wanting.write("posts.csv", POSTS);
    let said = wanting.vigie(&["read", "posts.csv", "--text", "avis", "--project", "."]);
    assert!(rows(&said.expect(0).out)[0]["p_joy"].is_f64());
    let table = room.vigie(&["read", "posts.csv", "--text", "avis", "--emotion", "--format", "csv"]);
    assert!(table.expect(0).out.starts_with("lang,") && table.out.contains("p_complaint,emotion,p_anger,p_joy\n"));
}

#[test]
fn a_language_may_be_stated_or_assumed() {
    let room = Project::bare("");
    room.write("short.ndjson", "{\"t\":\"merci !\",\"l\":\"fr-CA\"}\n{\"t\":\"super\"}\n");
    let read = |more: &[&str]| {
        let said = room.vigie(&[&["read", "short.ndjson", "--text", "t"][..], more].concat());
        rows(&said.expect(0).out)
            .iter()
            .map(|r| format!("{} {}", r["lang"], r["lang_basis"]).replace('"', ""))
            .collect::<Vec<_>>()
    };
    assert_eq!(read(&[]), ["und und", "und und"]);
    assert_eq!(read(&["--lang", "l", "--source-lang", "en"]), ["fr declared", "en source"]);
}

#[test]
fn queries_of_a_project_are_read_as_the_project_says() {
    let room = Project::bare(
        "[[entity]]\nid = \"nordet\"\nname = \"Nordet\"\nrole = \"client\"\ndialect = \"fr\"\naccents = \"strict\"\n\
         query = \"nordet ET côte\"\n",
    );
    room.write(
        "posts.ndjson",
        "{\"t\":\"Nordet sur la côte\"}\n{\"t\":\"Nordet, la cote\"}\n{\"t\":\"Telvia et Nordet\"}\n",
    );
    let said = room.vigie(&["read", "posts.ndjson", "--text", "t", "--project", ".", "--entity", "Telvia"]);
    let found: Vec<Vec<String>> = rows(&said.expect(0).out)
        .iter()
        .map(|r| r["entities"].as_object().unwrap().keys().cloned().collect())
        .collect();
    assert_eq!(found, [vec!["nordet"], vec![], vec!["Telvia"]]);
}

#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    let room = Project::bare("");
    room.write("bad.ndjson", "{\"t\":\"Le service est vraiment excellent\"}\nnot json\n{\"t\":\"ok\"}\n");
    let said = room.vigie(&["read", "bad.ndjson", "--text", "t", "--language", "en"]);
    let found = rows(&said.expect(3).out);
    assert_eq!((found.len(), texts(&found[1], "flags")), (3, vec!["unreadable".to_owned()]));
    said.says(&["1 rows of bad.ndjson are not readable, the first at line 2"]);
    room.write("posts.csv", POSTS);
    let said = room.vigie(&["read", "posts.csv", "--text", "texte", "--language", "fr"]);
    said.expect(2).says(&["n'a pas de colonne `texte`", "`avis`"]);
    assert!(said.out.is_empty());
    room.vigie(&["read", "absent.csv", "--text", "a", "--language", "en"]).expect(2).says(&["cannot be opened"]);
    let said = room.vigie(&["read", "posts.csv", "--text", "avis", "--entity", "x=(nordet", "--language", "en"]);
    said.expect(2).says(&["never closed"]);
}

#[test]
fn hostile_texts_are_read_in_bounded_time() {
    let room = Project::bare("");
    let line = |text: &str| format!("{}\n", serde_json::json!({ "t": text }));
    let texts = [
        "panne ".repeat(1_700_000),
        "\u{200B}".repeat(200_000),
        "\u{202E}abc\u{202C}".repeat(50_000),
        "😡".repeat(100_000),
        format!("a{}", "\u{0301}".repeat(100_000)),
        "\\ud83d".repeat(10_000),
        "@a #b ".repeat(50_000),
        "1 ".repeat(500_000),
        "a@".repeat(500_000),
    ];
    room.write("hostile.ndjson", texts.iter().map(|t| line(t)).collect::<String>());
    let start = std::time::Instant::now();
    let said = room.vigie(&["read", "hostile.ndjson", "--text", "t"]);
    let found = rows(&said.expect(0).out);
    assert_eq!(found.len(), texts.len());
    assert!(found.iter().all(|r| r.get("flags").is_some()));
    assert!(start.elapsed() < std::time::Duration::from_secs(30), "{:?}", start.elapsed());
}
