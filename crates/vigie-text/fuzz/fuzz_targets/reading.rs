//! A text with a title and a name in it, read with everything asked for. First byte: which language is declared
//! and how large a part of the text the name is; then the title up to the first line feed; then the text. Bytes
//! that are no UTF-8 are replaced, as every reader of files does.
//!
//! Promised: the same reading twice, from fresh and from used buffers; probabilities that sum to one; ranges that
//! lie on characters of the text or the title; a story of its own; a text cut where it says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_text::language::LanguageHints;
use vigie_text::reading::{Hints, MOST_CHARS, Scratch, read};
use vigie_text::signature::{BandKeys, Recent, stories};
use vigie_text::tone::{Target, ToneClass};

fuzz_target!(|data: &[u8]| {
    let Some((mode, rest)) = data.split_first() else { return };
    let whole = String::from_utf8_lossy(rest);
    let (title, text) = whole.split_once('\n').map_or((None, whole.as_ref()), |(t, x)| (Some(t), x));
    let declared = [None, Some("fr"), Some("en"), Some("de")][usize::from(mode & 3)];
    let part = usize::from(mode >> 2) + 1;
    let border = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let name = border(text.len() / part / 2)..border(text.len() / part);
    let spans = [name];
    let targets = [Target { spans: &spans }, Target { spans: &[] }];
    let hints = Hints {
        language: LanguageHints { declared, ..LanguageHints::default() },
        masked: &spans,
        targets: &targets,
        terms: true,
        signals: true,
        emotion: true,
        ..Hints::default()
    };
    let mut scratch = Scratch::default();
    let reading = read(text, title, &hints, &mut scratch);
    assert_eq!(reading, read(text, title, &hints, &mut scratch));
    assert_eq!(reading.cut, text.chars().nth(MOST_CHARS).is_some());

    let trimmed = title.unwrap_or_default().trim();
    let lies = |in_title: bool, span: std::ops::Range<u32>| {
        let field = if in_title { trimmed } else { text };
        assert!(field.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    };
    assert_eq!(reading.targets.len(), targets.len());
    for tone in reading.targets.iter().chain([&reading.tone]) {
        let sum = tone.p_neg + tone.p_neu + tone.p_pos;
        assert!(if tone.class == ToneClass::Unknown { sum == 0.0 } else { (sum - 1.0).abs() < 1e-4 });
        tone.evidence.iter().for_each(|e| lies(e.in_title, e.span.clone()));
    }
    reading.terms.iter().for_each(|t| lies(t.in_title, t.span.clone()));
    reading.crises.iter().for_each(|c| lies(c.in_title, c.span.clone()));
    for personal in &reading.personal {
        assert!(text.get(personal.span.clone()).is_some());
    }
    assert!((0.0..=1.0).contains(&reading.intents.complaint));
    if let Some(emotion) = &reading.emotion {
        assert!((emotion.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-4);
    }
    assert_eq!(stories(&[(0, &reading.signature)]), [0]);
    let keys = BandKeys::default().of(&reading.signature);
    let mut recent = Recent::new(2);
    assert_eq!(recent.story(1, reading.signature.clone(), keys.clone()), 1);
    let copied = !keys.is_empty();
    assert_eq!(recent.story(2, reading.signature, keys), if copied { 1 } else { 2 });
});
