//! What is no talk about a brand, or cannot be read, ends where it should: rows planted into a copy of the Nordet example
//! move the path from rows to mentions by exactly what they are.

#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "figures/run.rs"]
mod run;
#[allow(dead_code, reason = "other test targets use other parts")]
#[path = "figures/table.rs"]
mod table;

use std::collections::BTreeMap;
use std::fmt::Write;

/// The source of the planted rows.
const SOURCE: &str = r#"
[[source]]
id = "planted"
plugin = "file"
name = { en = "Planted", fr = "Semis" }
[source.options]
paths = ["data/planted.csv"]
format = "csv"
timezone = "America/Toronto"
date_formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d"]
[source.options.columns]
native_id = "id"
published_at = "date"
author_handle = "author"
author_id = "author"
text = "text"
[source.options.constants]
platform = "bluesky"
kind = "post"
"#;

const COPIED: &str =
    "Nordet Mobile augmente ses prix de trente pour cent sans prévenir personne, partagez avant que ça disparaisse";

/// Copied as often, but only the day is known.
const COPIED_SOME_DAY: &str = "Telvia fermera sa boutique de la rue principale au printemps selon trois employés qui parlent sous couvert d'anonymat";

const ADVERTS: [&str; 3] = [
    "GAGNEZ un iPhone gratuit avec Nordet Mobile ! cliquez ici https://exemple.org/a #concours",
    "Carte cadeau de 500 $ #nordetmobile, répondez au sondage https://exemple.org/b",
    "Crypto: double your savings in 24h, guaranteed profit https://exemple.org/c #nordetmobile",
];

const HOMONYMS: [&str; 2] =
    ["le nordet se lève, attachez vos chaloupes à la grève", "strong nordet on the river tonight, ferry cancelled"];

/// One sentence in each of ten languages that are not read.
const OTHERS: [&str; 10] = [
    "der Kundenservice von Nordet Mobile ist leider nie erreichbar und die Leitung ist schon wieder tot",
    "el servicio de Nordet Mobile no funciona desde hace tres días y nadie responde al teléfono",
    "il servizio clienti di Nordet Mobile non risponde mai e la linea cade continuamente da giorni",
    "o serviço da Nordet Mobile não funciona há três dias e ninguém atende o telefone da empresa",
    "de klantenservice van Nordet Mobile is nooit bereikbaar en de verbinding valt steeds weer weg",
    "kundtjänsten hos Nordet Mobile svarar aldrig och uppkopplingen är nere igen sedan i går kväll",
    "Nordet Mobile müşteri hizmetleri hiç cevap vermiyor ve bağlantı üç gündür sürekli kesiliyor",
    "служба поддержки Nordet Mobile никогда не отвечает, и связь снова пропала уже третий день",
    "خدمة عملاء Nordet Mobile لا ترد أبدا والاتصال مقطوع منذ ثلاثة أيام متتالية في مدينتنا",
    "dịch vụ khách hàng của Nordet Mobile không bao giờ trả lời và đường truyền lại bị mất ba ngày nay",
];

fn planted() -> String {
    let mut csv = String::from("id,date,author,text\n");
    let mut add = |date: &str, author: &str, text: &str| {
        let id = csv.lines().count();
        writeln!(csv, "p{id},{date},{author},\"{text}\"").expect("writing to a String");
    };
    for minute in 0..8 {
        add(&format!("2026-10-20 10:0{minute}"), &format!("semeur{}", minute % 4), COPIED);
    }
    // Copies as well, but an hour later.
    add("2026-10-20 11:30", "semeur8", COPIED);
    add("2026-10-20 11:45", "semeur9", COPIED);
    for author in 0..6 {
        add("2026-10-21", &format!("jour{author}"), COPIED_SOME_DAY);
    }
    for (day, text) in ADVERTS.iter().chain(&HOMONYMS).chain(&OTHERS).enumerate() {
        add(&format!("2026-10-{:02} 12:00", day + 10), &format!("autre{day}"), text);
    }
    csv
}

/// Rows at each step from rows to mentions.
fn funnel(copy: &run::Copy) -> BTreeMap<String, i64> {
    copy.run_whole(&[]);
    let tables = table::read_all(&copy.report());
    let steps = table::with_columns(&tables, &["step", "rows"]);
    steps.rows.iter().map(|row| (row[0].clone(), row[1].parse().expect("a count"))).collect()
}

#[test]
fn a_storm_adverts_homonyms_and_ten_languages_end_where_they_should() {
    let without = funnel(&run::Copy::of_example("nordet"));
    let copy = run::Copy::of_example("nordet");
    let file = copy.path().join("vigie.toml");
    let settings = std::fs::read_to_string(&file).expect("the example has a project file");
    std::fs::write(&file, settings + SOURCE).expect("the project file is written");
    std::fs::write(copy.path().join("data/planted.csv"), planted()).expect("the rows are written");
    let with = funnel(&copy);
    let moved: BTreeMap<&str, i64> = with.iter().map(|(step, rows)| (step.as_str(), rows - without[step])).collect();
    let expected = [
        ("collected", 31),
        ("own", 0),
        ("unrelated", 2),
        // Ten copies and six count once each; eight of the ten came within ten minutes.
        ("copies", 14),
        ("storm", 8),
        ("kept", 15),
        ("noise", 3),
        ("unread", 10),
    ];
    assert_eq!(moved, BTreeMap::from(expected));
}
