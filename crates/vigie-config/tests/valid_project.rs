//! A project that uses every table gives settings, and none of its words is lost.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::fs;
use std::path::Path;

use jiff::civil::date;
use vigie_config::load;
use vigie_config::settings::{Counting, Paper};
use vigie_model::diagnostic::Language;
use vigie_model::diagnostic::render::{Color, render_all};
use vigie_model::entity::Role;
use vigie_model::locale::Locale;

const VIGIE: &str = r##"
[project]
id = "nordet"
name = "Nordet Mobile"
timezone = "America/Toronto"
editions = ["fr-FR", "en-US"]
contact = "mailto:veille@nordet.example"
emotion = true

[report]
period = "2026-10"
counting = "originals"
version = "1.0"
prepared_for = { fr = "Direction", en = "Management" }
signature = "Agence Boréale"

[[entity]]
id = "telvia"
name = "Telvia"
role = "competitor"
query = "$telvia"

[[entity]]
id = "nordet"
name = "Nordet Mobile"
short = "Nordet"
role = "client"
accounts = ["@NordetMobile"]
query = '''
nordet OR
  "nord et"'''

[query.telvia]
text = '''telvia NOT site:@jobs'''
[[query.telvia.test]]
text = "chez telvia"
match = true

[macros]
OFFER = "(offre OR promo*)"

[lists]
jobs = ["jobs.example", "emplois.example"]

[[source]]
id = "export"
plugin = "file"
name = { fr = "Exportation", en = "Export" }
[source.options]
paths = ["${DATA}/a.csv", "data/b.csv", "https://example.org/c.csv"]
columns = { "text/body" = "Texte", since = 2026-10-01, n = 0x10 }

[[source]]
id = "later"
plugin = "mastodon"
enabled = false
[source.options]
token = "${UNSET}"

[[gap]]
source = "export"
from = 2026-10-06
to = "2026-10-09"
reason = { fr = "Panne", en = "Outage" }

[brand]
primary = "#0a7d5c"
logo = "logo.svg"

[plugins]
path = ["plugins"]

[archive]
url = "s3://clients/nordet"
"##;

fn project(dir: &Path) {
    fs::write(dir.join("vigie.toml"), VIGIE).unwrap();
    fs::write(dir.join("logo.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
    fs::write(
        dir.join("events.toml"),
        "[[event]]\ndate = 2026-10-14\nto = 2026-10-15\nkind = \"outage\"\ntitle = { fr = \"Panne\", en = \"Outage\" }\n\
         [[event]]\ndate = \"2026-10-02\"\nentity = \"telvia\"\nkind = \"launch\"\ntitle = \"Telvia Max\"\n",
    )
    .unwrap();
    fs::create_dir(dir.join("notes")).unwrap();
    fs::write(dir.join("notes/2026-10.fr.md"), "---\nauthor: Marie Roy\ndate: 2026-11-03\n---\nLe mois.\n").unwrap();
    fs::write(dir.join("notes/2026-10.md"), "The month.\n").unwrap();
}

#[test]
fn every_table_becomes_settings() {
    let dir = tempfile::tempdir().unwrap();
    project(dir.path());
    let loaded = load(dir.path(), &|name| (name == "DATA").then(|| "/srv/data".to_owned()));
    let shown = render_all(&loaded.diagnostics, Language::English, Color::Never);
    assert!(loaded.diagnostics.is_empty(), "{shown}");
    let p = loaded.project.unwrap();

    assert_eq!(
        (p.id.as_str(), p.name.as_str(), p.timezone_name.as_str()),
        ("nordet", "Nordet Mobile", "America/Toronto")
    );
    assert_eq!(p.editions, [Locale::FrFr, Locale::EnUs]);
    assert_eq!((p.contact.as_deref(), p.emotion), (Some("mailto:veille@nordet.example"), true));
    assert_eq!((p.report.counting, p.report.paper), (Counting::Originals, Paper::A4));
    assert_eq!(p.report.period(date(2026, 11, 24)).unwrap().to_string(), "2026-10");
    assert_eq!(p.report.prepared_for.as_ref().unwrap().fr, "Direction");
    assert_eq!(p.report.signature.as_ref().unwrap().en, "Agence Boréale");

    let ids: Vec<&str> = p.entities.iter().map(|e| e.entity.id.as_str()).collect();
    assert_eq!(ids, ["nordet", "telvia"], "client first");
    assert_eq!((p.client().role, p.client().short.as_str()), (Role::Client, "Nordet"));
    assert_eq!(p.client().accounts, ["nordetmobile"]);
    assert_eq!(p.entities[1].entity.short, "Telvia");
    assert_eq!(p.entities[1].entity.query, "telvia NOT site:@jobs");
    let place = p.entities[1].query.locate(7..10);
    assert_eq!(&place.text[place.span], "NOT");
    assert!(p.queries["telvia"].tests[0].expected);
    assert_eq!(p.macros["OFFER"].text, "(offre OR promo*)");
    assert_eq!(p.lists["jobs"].len(), 2);

    let source = p.source("export").unwrap();
    let b = dir.path().join("data/b.csv");
    assert_eq!(
        source.options,
        serde_json::json!({
            "paths": ["/srv/data/a.csv", b.to_str().unwrap(), "https://example.org/c.csv"],
            "columns": { "text/body": "Texte", "since": "2026-10-01", "n": 16 },
        })
    );
    let place = source.option_location("/columns/text~1body");
    assert_eq!(&place.text[place.span], "\"Texte\"");
    let place = source.option_location("/paths/7/missing");
    assert!(place.text[place.span].starts_with("[\"${DATA}"), "the nearest table or list");
    assert!(!p.source("later").unwrap().enabled);
    assert_eq!(p.source("later").unwrap().name.fr, "later");

    assert_eq!((p.gaps[0].period.days(), p.gaps[0].entity.as_deref()), (4, None));
    assert_eq!(p.brand.primary.as_deref(), Some("#0A7D5C"));
    assert_eq!(p.brand.logo.as_deref(), Some(dir.path().join("logo.svg").as_path()));
    assert_eq!(p.plugins.path, [dir.path().join("plugins")]);
    assert_eq!((p.plugins.at_once, p.plugins.retry_waits.len()), (4, 3));
    assert_eq!(p.archive_url.as_deref(), Some("s3://clients/nordet"));

    let kinds: Vec<&str> = p.events.iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(kinds, ["launch", "outage"], "by date");
    assert_eq!(p.events[1].period.days(), 2);
    let october = p.report.period(date(2026, 11, 24)).unwrap();
    let french = p.note(&october, Locale::FrFr).unwrap();
    assert_eq!((french.markdown.as_str(), french.author.as_deref()), ("Le mois.", Some("Marie Roy")));
    assert_eq!(french.date, Some(date(2026, 11, 3)));
    assert_eq!(p.note(&october, Locale::EnUs).unwrap().markdown, "The month.");
}

#[test]
fn a_french_project_needs_no_english_words() {
    let dir = tempfile::tempdir().unwrap();
    let text = VIGIE
        .replace("[\"fr-FR\", \"en-US\"]", "[\"fr-CA\"]")
        .replace(", en = \"Management\"", "")
        .replace(", en = \"Outage\"", "")
        .replace("logo = \"logo.svg\"", "");
    fs::write(dir.path().join("vigie.toml"), text).unwrap();
    let loaded = load(dir.path(), &|_| Some("x".to_owned()));
    assert!(loaded.diagnostics.is_empty(), "{}", render_all(&loaded.diagnostics, Language::French, Color::Never));
    let project = loaded.project.unwrap();
    assert_eq!(project.report.paper, Paper::Letter);
    assert_eq!(project.gaps[0].reason.fr, "Panne");
}
