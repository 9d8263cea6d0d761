//! Texts made to break a reader: each is read in bounded time, whole or cut, without a panic.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use vigie_text::reading::{Hints, MOST_CHARS, Reading, Scratch, read};
use vigie_text::signature::stories;
use vigie_text::tone::Target;

/// Far above what any machine needs for a text cut at ten thousand characters.
const LIMIT: Duration = Duration::from_secs(5);

fn read_bounded(name: &str, text: &str) -> Reading {
    let start = Instant::now();
    let reading = read(text, None, &Hints::default(), &mut Scratch::default());
    assert!(start.elapsed() < LIMIT, "{name}: {:?}", start.elapsed());
    reading
}

#[test]
fn hostile_texts_are_bounded() {
    let many = |s: &str, n: usize| s.repeat(n);
    let texts = [
        ("10 MB in one word", many("a", 10_000_000)),
        ("10 MB line", many("panne du réseau ", 600_000)),
        ("zero-width flood", many("p\u{200B}a\u{200B}\u{FEFF}", 100_000)),
        ("only zero-width", many("\u{200B}", 100_000)),
        ("emoji flood", many("😡", 100_000)),
        ("joined emoji", many("👩\u{200D}", 50_000)),
        ("bidi controls", many("\u{202E}nul\u{202C} ", 50_000)),
        ("stacked accents", format!("e{}", many("\u{301}", 100_000))),
        ("negations", many("pas ", 50_000)),
        ("swear words", many("tabarnak ", 50_000)),
        ("commas", many(",", 100_000)),
        ("exclamations", many("!", 100_000)),
        ("hashtags", many("#a", 50_000)),
        ("handles", many("@a ", 50_000)),
        ("phrase beginnings", many("ne fonctionne ", 50_000)),
        ("contrasts", many("bien mais nul ", 20_000)),
        ("NUL bytes", many("\0", 100_000)),
    ];
    for (name, text) in &texts {
        let reading = read_bounded(name, text);
        assert_eq!(reading.cut, text.chars().count() > MOST_CHARS, "{name}");
        assert!(reading.signature.shingles.len() <= MOST_CHARS, "{name}");
    }
}

#[test]
fn the_tone_of_an_emoji_flood_stays_a_probability() {
    let text = format!("voici donc une phrase française {}", "😡".repeat(5_000));
    let tone = read_bounded("emoji", &text).tone;
    assert!((tone.p_neg + tone.p_neu + tone.p_pos - 1.0).abs() < 1e-5 && tone.p_neg > 0.5);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_reads_twice_the_same_and_evidence_is_inside(text in "\\PC{0,80}|[a-zé ,.!?'@#😡:)(]{0,120}", title in proptest::option::of("\\PC{0,20}"), cut in 0usize..60) {
        let name = 0..text.char_indices().nth(cut).map_or(text.len(), |(at, _)| at);
        let spans = [name];
        let targets = [Target { spans: &spans }, Target { spans: &[] }];
        let mut hints = Hints { masked: &spans, targets: &targets, ..Hints::default() };
        hints.language.declared = Some("fr");
        let mut scratch = Scratch::default();
        let first = read(&text, title.as_deref(), &hints, &mut scratch);
        prop_assert_eq!(&first, &read(&text, title.as_deref(), &hints, &mut scratch));
        prop_assert_eq!(first.targets.len(), 2);
        for tone in first.targets.iter().chain([&first.tone]) {
            for evidence in &tone.evidence {
                let field = if evidence.in_title { title.as_deref().unwrap_or("").trim() } else { text.as_str() };
                prop_assert!(field.get(evidence.span.start as usize..evidence.span.end as usize).is_some());
            }
        }
        prop_assert_eq!(stories(&[(0, &first.signature)]), vec![0]);
    }
}
