//! Reading a text whole: its language, its tone, its signature, in one call.
//!
//! [`read`] is pure: the same text, hints and [`READER_VERSION`] give the same reading, so readings can
//! be kept by content hash and reader version.

use std::ops::Range;

use crate::crisis::{self, Crisis};
use crate::emotion::{self, Emotions};
use crate::intent::{self, Intents};
use crate::language::{Language, LanguageHints, detect};
use crate::noise::{self, Noise};
use crate::personal::{self, Personal};
use crate::segment::{Segments, TokenKind};
use crate::signature::{Signature, sign};
use crate::terms::{Term, candidates};
use crate::tone::features::Features;
use crate::tone::{Adjustments, Target, Tone, ToneEngine, TrainedEngine, View, features_of};
use crate::words::Words;

/// Changes whenever the same text may be read differently.
pub const READER_VERSION: &str = "reader-3";

/// Who reads, of a project: [`READER_VERSION`], and what its own labels changed. Readings are kept under this name.
pub fn reader_identity(adjustments: &Adjustments) -> String {
    match adjustments.fingerprint() {
        None => READER_VERSION.to_owned(),
        Some(fingerprint) => format!("{READER_VERSION}+{fingerprint}"),
    }
}

/// Characters read of a text; the rest is left out and [`Reading::cut`] says so.
pub const MOST_CHARS: usize = 10_000;
/// Characters read of a title.
const MOST_TITLE_CHARS: usize = 1_000;
/// Below this number of words a tone is little more than a guess.
pub const FEW_TOKENS: u32 = 3;

/// What is known of a text before reading it.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one thing is wanted")]
pub struct Hints<'a> {
    /// Its language, as others state it.
    pub language: LanguageHints<'a>,
    /// Byte ranges of the text whose words have no tone: brand names, whose words poison lexicons.
    pub masked: &'a [Range<usize>],
    /// Same, in the title.
    pub title_masked: &'a [Range<usize>],
    /// Entities named in the text, whose tone is wanted. Only ranges of the text, not of the title.
    pub targets: &'a [Target<'a>],
    /// Candidate terms are wanted as well.
    pub terms: bool,
    /// Intents, words of a crisis, noise and personal data are wanted as well.
    pub signals: bool,
    /// Noise is wanted, whether other signals are or not.
    pub noise: bool,
    /// The emotion is wanted as well.
    pub emotion: bool,
}

/// What was read in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Its language.
    pub language: Language,
    /// Its tone as a whole. Unknown when the language is not read.
    pub tone: Tone,
    /// The tone towards each target, in the order of the hints.
    pub targets: Vec<Tone>,
    /// The candidate terms, when the hints want them. See [`candidates`].
    pub terms: Vec<Term>,
    /// Its emotion, when the hints want it and its language is read.
    pub emotion: Option<Emotions>,
    /// What its author wants, when the hints want signals.
    pub intents: Intents,
    /// Words of a crisis, when the hints want signals.
    pub crises: Vec<Crisis>,
    /// Why it may be noise, when the hints want signals or noise.
    pub noise: Vec<Noise>,
    /// Personal data in the text (not the title), when the hints want signals.
    pub personal: Vec<Personal>,
    /// Number of words, numbers, handles and signs, title included.
    pub tokens: u32,
    /// Fewer than [`FEW_TOKENS`] words: the tone is weak.
    pub few_tokens: bool,
    /// The text was longer than [`MOST_CHARS`].
    pub cut: bool,
    /// It begins like a repost (`RT @…`).
    pub repost: bool,
    /// To find its copies. Made of the text without links, handles and title.
    pub signature: Signature,
}

/// Buffers kept from one text to the next.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    segments: Segments,
    words: Words,
    joined: String,
    clean: String,
    masked: Vec<Range<usize>>,
    hashes: Vec<u64>,
}

/// One text to read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    /// The text.
    pub text: &'a str,
    /// Its title, if it has one.
    pub title: Option<&'a str>,
    /// What is known of it.
    pub hints: Hints<'a>,
}

/// Reads a text with the engine of trained weights.
///
/// Evidence lies in the text, or in the title with [`crate::tone::Evidence::in_title`].
///
/// ```
/// use vigie_text::reading::{Hints, Scratch, read};
/// use vigie_text::tone::ToneClass;
///
/// let mut scratch = Scratch::default();
/// let reading = read("Encore en panne ce matin, je ne suis vraiment pas content du service.", None, &Hints::default(), &mut scratch);
/// assert_eq!(reading.language.code, "fr");
/// assert_eq!(reading.tone.class, ToneClass::Negative);
/// ```
pub fn read(text: &str, title: Option<&str>, hints: &Hints<'_>, scratch: &mut Scratch) -> Reading {
    read_with(&TrainedEngine::shipped(), text, title, hints, scratch)
}

/// Reads a text with an engine of one's choice.
pub fn read_with(
    engine: &dyn ToneEngine,
    text: &str,
    title: Option<&str>,
    hints: &Hints<'_>,
    scratch: &mut Scratch,
) -> Reading {
    let body = first_chars(text, MOST_CHARS);
    let Scratch { segments, words, joined, clean, masked, hashes } = scratch;
    let title = title
        .map(|t| first_chars(t.trim(), MOST_TITLE_CHARS))
        .filter(|t| !t.is_empty() && !body.trim_start().starts_with(t));
    let offset = title.map_or(0, |t| t.len() + SEPARATOR.len());
    let whole = match title {
        None => body,
        Some(title) => {
            joined.clear();
            joined.extend([title, SEPARATOR, body]);
            joined.as_str()
        }
    };
    masked.clear();
    if title.is_some() {
        masked.extend(hints.title_masked.iter().cloned());
    }
    masked.extend(hints.masked.iter().map(|m| m.start + offset..m.end + offset));
    segments.read(whole);
    words.fill(whole, segments, masked);
    let language = detect(whole, segments, words, hints.language, clean);
    let view = View { text: whole, segments, words, language: language.known() };
    let moved: Vec<Vec<Range<usize>>>;
    let targets: Vec<Target<'_>>;
    let targets = if offset == 0 {
        hints.targets
    } else {
        moved =
            hints.targets.iter().map(|t| t.spans.iter().map(|s| s.start + offset..s.end + offset).collect()).collect();
        targets = moved.iter().map(|spans| Target { spans }).collect();
        &targets
    };
    let mut tones = engine.tones(view, targets);
    let mut terms = Vec::new();
    if hints.terms {
        candidates(view, &mut terms);
    }
    let emotion = if hints.emotion { emotion::read(view) } else { None };
    let mut signals = (Intents::default(), Vec::new(), Vec::new(), Vec::new());
    if hints.signals {
        signals = (intent::read(view, &tones.document), crisis::find(words), Vec::new(), personal::find(body));
    }
    if hints.signals || hints.noise {
        signals.2 = noise::find(segments, words);
    }
    let (intents, mut crises, noise, personal) = signals;
    if offset > 0 {
        let evidence = std::iter::once(&mut tones.document).chain(&mut tones.targets).flat_map(|t| &mut t.evidence);
        evidence.for_each(|e| e.in_title = place(&mut e.span, offset as u32));
        for term in &mut terms {
            term.in_title = place(&mut term.span, offset as u32);
        }
        for crisis in &mut crises {
            crisis.in_title = place(&mut crisis.span, offset as u32);
        }
    }
    let tokens = segments.positions();
    Reading {
        language,
        tone: tones.document,
        targets: tones.targets,
        terms,
        emotion,
        intents,
        crises,
        noise,
        personal,
        tokens,
        few_tokens: tokens < FEW_TOKENS,
        cut: body.len() < text.len(),
        repost: is_repost(body),
        signature: signature(segments, words, offset, hashes),
    }
}

/// What the trained engine sees of a text without title; `None` when its language is not read. For
/// trainers.
pub fn features(text: &str, hints: &Hints<'_>, scratch: &mut Scratch) -> Option<Features> {
    let body = first_chars(text, MOST_CHARS);
    let Scratch { segments, words, clean, .. } = scratch;
    segments.read(body);
    words.fill(body, segments, hints.masked);
    let language = detect(body, segments, words, hints.language, clean);
    features_of(View { text: body, segments, words, language: language.known() })
}

/// Reads texts in order.
pub fn read_batch(inputs: &[Input<'_>], scratch: &mut Scratch) -> Vec<Reading> {
    inputs.iter().map(|input| read(input.text, input.title, &input.hints, scratch)).collect()
}

/// Between a title and its text: a paragraph border.
const SEPARATOR: &str = "\n\n";

/// At most `most` characters from the start.
fn first_chars(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

fn is_repost(body: &str) -> bool {
    let body = body.trim_start();
    body.get(..3).is_some_and(|rt| rt.eq_ignore_ascii_case("rt ")) && body[3..].trim_start().starts_with('@')
}

/// Brings a range of the joined text back to the text or the title; true when it lies in the title.
fn place(span: &mut Range<u32>, offset: u32) -> bool {
    let in_title = span.start < offset;
    if !in_title {
        *span = span.start - offset..span.end - offset;
    }
    in_title
}

fn signature(segments: &Segments, words: &Words, offset: usize, hashes: &mut Vec<u64>) -> Signature {
    hashes.clear();
    let own = words.all().iter().filter(|w| w.start as usize >= offset && w.kind != TokenKind::Handle);
    hashes.extend(own.map(|w| w.hash));
    let begins_with_rt = words
        .all()
        .iter()
        .find(|w| w.start as usize >= offset)
        .is_some_and(|w| segments.tokens().get(w.token as usize).is_some_and(|t| segments.folded(t) == "rt"));
    sign(&hashes[usize::from(begins_with_rt)..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tone::ToneClass;

    fn read_fr(text: &str, title: Option<&str>, hints: Hints<'_>) -> Reading {
        let hints = Hints { language: LanguageHints { declared: Some("fr"), ..hints.language }, ..hints };
        read(text, title, &hints, &mut Scratch::default())
    }

    #[test]
    fn title_and_text_are_read_together_and_evidence_finds_its_place() {
        let reading = read_fr("Le conseiller était adorable.", Some("Service en panne"), Hints::default());
        let found: Vec<_> = reading.tone.evidence.iter().map(|e| (e.in_title, e.span.clone())).collect();
        assert!(found.contains(&(true, 8..16)) && found.contains(&(false, 21..29)), "{found:?}");
    }

    #[test]
    fn a_text_in_both_languages_is_read_in_both() {
        let text = "Le service à la clientèle est vraiment excellent et la livraison a été rapide, je suis très contente de \
                    mon achat. But the box that they have sent to us was broken and it is the worst of them all.";
        let evidence = read_fr(text, None, Hints::default()).tone.evidence;
        let found: Vec<&str> = evidence.iter().map(|e| &text[e.span.start as usize..e.span.end as usize]).collect();
        assert!(found.contains(&"excellent") && found.contains(&"broken") && found.contains(&"worst"), "{found:?}");
    }

    #[test]
    fn terms_come_when_wanted_and_find_their_place() {
        let hints = Hints { terms: true, ..Hints::default() };
        let reading = read_fr("Le modem est coupé", Some("Réseau"), hints);
        let found: Vec<_> = reading.terms.iter().map(|t| (t.in_title, t.span.clone())).collect();
        assert_eq!(found, [(true, 0..7), (false, 3..8), (false, 3..19), (false, 13..19)]);
        assert!(read_fr("Le modem est coupé", None, Hints::default()).terms.is_empty());
    }

    #[test]
    fn a_title_repeated_at_the_start_of_the_text_counts_once() {
        let alone = read_fr("Service en panne. Revenez demain.", None, Hints::default());
        assert_eq!(read_fr("Service en panne. Revenez demain.", Some("Service en panne"), Hints::default()), alone);
    }

    #[test]
    fn masked_names_have_no_tone() {
        let text = "Super Banque a fermé mon agence";
        let name = 0..12;
        let masked = read_fr(text, None, Hints { masked: std::slice::from_ref(&name), ..Hints::default() });
        assert!(masked.tone.score < read_fr(text, None, Hints::default()).tone.score);
    }

    #[test]
    fn copies_with_other_links_and_handles_have_one_signature() {
        let a = read_fr("Le réseau mobile est en panne à Laval https://t.co/aaa", None, Hints::default());
        let b = read_fr("RT @quelquun: Le réseau mobile est en panne à Laval https://t.co/bbb", None, Hints::default());
        assert_eq!(a.signature, b.signature);
        assert!(b.repost && !a.repost);
    }

    #[test]
    fn other_languages_and_empty_texts_are_unknown_not_neutral() {
        let mut scratch = Scratch::default();
        let german = read(
            "der Kundenservice ist leider nie erreichbar und die Leitung ist tot",
            None,
            &Hints::default(),
            &mut scratch,
        );
        assert_eq!((german.language.code, german.tone.class), ("de", ToneClass::Unknown));
        assert_eq!(read_fr("", None, Hints::default()).tone.class, ToneClass::Unknown);
        assert_eq!(german.tone.p_neu, 0.0);
    }

    #[test]
    fn long_texts_are_cut_and_say_so() {
        let text = "très bien ".repeat(2_000);
        let reading = read_fr(&text, None, Hints::default());
        assert!(reading.cut && reading.tokens == 2_000);
    }
}
