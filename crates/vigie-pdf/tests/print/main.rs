//! Prints whole reports and looks at the files that come out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod fixture;
mod hostile;
mod shape;

use fixture::{edition, keep, options};
use vigie_model::locale::Locale;
use vigie_pdf::{Error, Paper, render, typeset};

#[test]
fn both_languages_on_both_papers_have_the_same_pages() {
    let mut counts = Vec::new();
    for locale in [Locale::FrCa, Locale::EnCa] {
        for paper in [Paper::A4, Paper::Letter] {
            let pdf = typeset(&edition(locale), &options(paper)).unwrap();
            keep(&format!("{locale}-{paper:?}"), &pdf.bytes);
            assert!(pdf.bytes.starts_with(b"%PDF-"));
            assert_eq!(pdf.replaced, 0);
            counts.push(pdf.pages);
        }
    }
    // Cover, essentials, contents, five sections of which one of two lines shares a page.
    assert_eq!(counts, [7, 7, 7, 7]);
}

#[test]
fn the_same_edition_gives_the_same_bytes() {
    let edition = edition(Locale::FrCa);
    let first = render(&edition, &options(Paper::A4)).unwrap();
    assert!(first == render(&edition, &options(Paper::A4)).unwrap());
    assert!(first != render(&edition, &options(Paper::Letter)).unwrap());
}

#[test]
fn attachments_follow_the_option_and_the_standard_with_them() {
    let edition = edition(Locale::EnCa);
    let with = render(&edition, &options(Paper::A4)).unwrap();
    let without = render(&edition, &vigie_pdf::Options { attachments: false, ..options(Paper::A4) }).unwrap();
    assert!(contains(&with, b"figure-01.csv") && contains(&with, b"<pdfaid:part>3</pdfaid:part>"));
    assert!(!contains(&without, b"figure-01.csv") && contains(&without, b"<pdfaid:part>2</pdfaid:part>"));
    for file in [&with, &without] {
        assert!(contains(file, b"<pdfuaid:part>1</pdfuaid:part>"));
        assert!(contains(file, b"2026-11-01"), "the date of the file is the date of the report");
    }
}

#[test]
fn labels_of_the_repository_are_enough_in_both_languages() {
    let labels = fixture::labels();
    for key in vigie_pdf::LABELS {
        let words = labels.get(key).unwrap_or_else(|| panic!("labels.toml lacks {key}"));
        for language in ["fr", "en"] {
            assert!(words.get(language).is_some_and(|text| !text.is_empty()), "{key} lacks {language}");
        }
    }
}

#[test]
fn what_cannot_be_printed_is_named() {
    let mut lacking = edition(Locale::FrCa);
    lacking["labels"].as_object_mut().unwrap().remove("pdf_see_page");
    assert!(matches!(render(&lacking, &options(Paper::A4)), Err(Error::Label { key: "pdf_see_page" })));

    let mut dated = edition(Locale::FrCa);
    dated["date"] = "next month".into();
    assert!(matches!(render(&dated, &options(Paper::A4)), Err(Error::Date { .. })));

    let mut painted = edition(Locale::FrCa);
    painted["brand"]["accent"] = "blue".into();
    assert!(matches!(render(&painted, &options(Paper::A4)), Err(Error::Color { field: "accent", .. })));

    let mut signed = edition(Locale::FrCa);
    signed["cover"]["logo"] = "https://example.com/logo.png".into();
    assert!(matches!(render(&signed, &options(Paper::A4)), Err(Error::Logo { .. })));

    let mut cut = edition(Locale::FrCa);
    cut.as_object_mut().unwrap().remove("essentials");
    assert!(matches!(render(&cut, &options(Paper::A4)), Err(Error::Edition(_))));
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
