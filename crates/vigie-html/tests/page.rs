//! The page as a reader's browser receives it: closed to the outside, complete, readable by machines.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod nordet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use vigie_html::{Assets, Error, REQUIRED_LABELS, render};
use vigie_model::locale::Locale;

fn page(locale: Locale) -> String {
    render(&nordet::json(locale), &Assets::default()).unwrap()
}

/// The page without its style and script, where rules about markup apply.
fn markup(page: &str) -> String {
    let cut = |text: &str, open: &str, close: &str| {
        let start = text.find(open).unwrap() + open.len();
        let end = start + text[start..].find(close).unwrap();
        (text[..start].to_owned() + &text[end..], text[start..end].to_owned())
    };
    cut(&cut(page, "<style>", "</style>").0, "<script>", "</script>").0
}

fn between<'a>(page: &'a str, open: &str, close: &str) -> &'a str {
    let start = page.find(open).unwrap() + open.len();
    &page[start..start + page[start..].find(close).unwrap()]
}

#[test]
fn both_editions_are_written_for_a_look() {
    for (locale, name) in [(Locale::FrCa, "nordet_fr-CA.html"), (Locale::EnCa, "nordet_en-CA.html")] {
        let page = page(locale);
        let lang = format!("<html lang=\"{locale}\">");
        assert!(page.contains(&lang));
        assert!(page.len() < 800_000, "{name}: {} bytes", page.len());
        std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), page).unwrap();
    }
}

#[test]
fn the_policy_allows_the_two_blocks_and_nothing_else() {
    let page = page(Locale::FrCa);
    let head = between(&page, "<head>", "</head>");
    assert!(head.trim_start().starts_with("<meta http-equiv=\"Content-Security-Policy\""), "the policy comes first");
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"").replace("&#39;", "'");
    for (open, close, rule) in [("<style>", "</style>", "style-src"), ("<script>", "</script>", "script-src")] {
        let hash = STANDARD.encode(Sha256::digest(between(&page, open, close)));
        assert!(policy.contains(&format!("{rule} 'sha256-{hash}'")), "{rule}");
        assert_eq!(page.matches(open).count(), 1);
    }
    assert!(policy.starts_with("default-src 'none'"));
    assert!(!policy.contains("unsafe"));
}

#[test]
fn nothing_is_loaded_run_or_styled_from_attributes() {
    for locale in [Locale::FrCa, Locale::EnCa] {
        let markup = markup(&page(locale));
        for refused in
            [" style=", "<script src", "<link ", "<iframe", "http://www.w3.org/1999/xlink", "href=\"http", "src=\"http"]
        {
            assert!(!markup.contains(refused), "{refused}");
        }
        let handler = markup.split(" on").skip(1).any(|rest| {
            let name: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
            !name.is_empty() && rest[name.len()..].starts_with("=\"")
        });
        assert!(!handler);
    }
}

#[test]
fn hostile_words_stay_words() {
    let hostile = "<script>alert(1)</script>{{ 7*7 }}\" onclick=\"x <img src=x onerror=y>";
    let mut edition = nordet::json(Locale::FrCa);
    edition["sections"][0]["id"] = Value::from("javascript:alert(1)\"><b>");
    edition["sections"][0]["lead"] = serde_json::json!([{"k": "t", "t": hostile}, {"k": "b", "t": hostile}, {"k": "ref", "t": hostile, "to": "javascript:alert(1)"}]);
    edition["cover"]["client"] = Value::from(hostile);
    edition["entities"][0]["name"] = Value::from(hostile);
    edition["entities"][1]["slot"] = Value::from("e2\" onclick=\"x");
    edition["sections"][1]["blocks"][1]["data"]["rows"][0][0]["shown"] = Value::from(hostile);
    edition["manifest"]["config"] = Value::from(hostile);
    let markup = markup(&render(&edition, &Assets::default()).unwrap());
    assert!(!markup.contains("<script>alert"));
    assert!(!markup.contains("<img src=x"));
    assert!(!markup.contains("onclick=\"x"));
    assert!(!markup.contains("href=\"javascript"));
    assert!(markup.contains("{{ 7*7 }}"), "template syntax in words is not evaluated");
    assert!(markup.matches("&lt;script&gt;alert(1)").count() >= 7);
}

#[test]
fn a_hostile_drawing_is_refused_by_name() {
    let mut edition = nordet::json(Locale::EnCa);
    edition["sections"][0]["blocks"][0]["figure"]["svg"] = Value::from("<svg><script>alert(1)</script></svg>");
    let error = render(&edition, &Assets::default()).unwrap_err();
    assert!(matches!(&error, Error::Drawing { id, found } if id == "FIG-01" && found == "script"), "{error}");
}

#[test]
fn headings_figures_and_tables_are_in_order() {
    for locale in [Locale::FrCa, Locale::EnCa] {
        let markup = markup(&page(locale));
        assert_eq!(markup.matches("<h1").count(), 1);
        let mut level = 0;
        for rest in markup.split("<h").skip(1) {
            let Some(next) = rest.chars().next().and_then(|c| c.to_digit(10)) else {
                continue;
            };
            assert!(next <= level + 1, "h{next} after h{level}");
            level = next;
        }
        let figures: Vec<&str> = markup.split("<figure").skip(1).map(|f| &f[..f.find("</figure>").unwrap()]).collect();
        assert_eq!(figures.len(), 5);
        for figure in figures {
            assert!(figure.contains("<table") && figure.contains("<caption") && figure.contains("scope=\"row\""));
            assert!(figure.contains("<title id=") && figure.contains("<desc id="));
        }
    }
}

#[test]
fn every_link_has_a_target_and_every_id_is_unique() {
    let markup = markup(&page(Locale::FrCa));
    let values = |name: &str| -> Vec<&str> { markup.split(name).skip(1).map(|r| &r[..r.find('"').unwrap()]).collect() };
    let ids = values(" id=\"");
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    let links = values(" href=\"#");
    assert!(links.len() > 15);
    for link in links {
        assert!(unique.contains(&link), "#{link}");
    }
}

#[test]
fn wording_is_complete_in_both_languages_and_missing_words_are_named() {
    let labels = nordet::labels();
    for key in REQUIRED_LABELS {
        let words = labels.get(key).unwrap_or_else(|| panic!("{key} is not in labels.toml"));
        assert!(words.values().all(|w| !w.trim().is_empty()), "{key}");
    }
    let mut edition = nordet::json(Locale::FrCa);
    edition["labels"].as_object_mut().unwrap().remove("skip");
    let error = render(&edition, &Assets::default()).unwrap_err();
    assert!(matches!(&error, Error::MissingLabels { keys } if keys == &["skip"]));
    assert!(error.bilingual().fr.contains("libellé"));
}

#[test]
fn a_project_replaces_a_template_and_is_told_of_a_wrong_name() {
    let mut assets = Assets::default();
    assets.templates.insert("plate.html".into(), "<header><h1>{{ cover.client }} !</h1></header>".into());
    let page = render(&nordet::json(Locale::FrCa), &assets).unwrap();
    assert!(page.contains("<h1>Nordet Mobile !</h1>"));
    assets.templates.insert("plaet.html".into(), String::new());
    assert!(
        matches!(render(&nordet::json(Locale::FrCa), &assets), Err(Error::UnknownTemplate { name, .. }) if name == "plaet.html")
    );
    let broken =
        Assets { templates: [("plate.html".to_owned(), "{{ cover.nothing }}".to_owned())].into(), ..Assets::default() };
    let error = render(&nordet::json(Locale::FrCa), &broken).unwrap_err().to_string();
    assert!(error.contains("plate.html"), "{error}");
}

#[test]
fn a_month_with_nothing_to_say_is_still_a_page() {
    let mut edition = nordet::json(Locale::FrCa);
    for list in ["sections", "entities"] {
        edition[list] = serde_json::json!([]);
    }
    for list in ["tiles", "findings"] {
        edition["essentials"][list] = serde_json::json!([]);
    }
    for absent in ["caution", "note"] {
        edition["essentials"][absent] = Value::Null;
    }
    edition["cover"]["ridge"] = serde_json::json!({});
    edition["cover"]["disclaimer"] = Value::Null;
    let markup = markup(&render(&edition, &Assets::default()).unwrap());
    assert!(!markup.contains("<figure") && !markup.contains("class=\"findings") && !markup.contains("<fieldset"));
    assert_eq!(markup.matches("<h1").count(), 1);
}

#[test]
fn a_logo_is_a_picture_inside_the_page_or_nothing() {
    let mut edition = nordet::json(Locale::FrCa);
    edition["cover"]["logo"] = Value::from("data:image/png;base64,iVBORw0KGgo=");
    assert!(render(&edition, &Assets::default()).unwrap().contains("src=\"data:image/png;base64,"));
    edition["cover"]["logo"] = Value::from("https://example.org/logo.png");
    assert!(render(&edition, &Assets::default()).is_err());
}

#[test]
fn the_same_edition_gives_the_same_bytes() {
    assert_eq!(page(Locale::EnCa), page(Locale::EnCa));
}

#[test]
fn the_script_stays_small() {
    assert!(between(&page(Locale::FrCa), "<script>", "</script>").len() < 4096);
}
