//! Which language a text is in, on what basis, with what confidence.
//!
//! Addresses, handles, hashtags and signs say nothing of the language: they are left out. Below
//! [`FEWEST_LETTERS`] letters no method is usable on posts, so only a hint decides; without one the
//! language is `und` (undetermined), never a guess.

use crate::segment::{Segments, TokenKind};
use crate::stop_words::{Known, evidence};
use crate::words::{Word, Words};

/// Fewest letters for which the model is asked.
pub const FEWEST_LETTERS: usize = 20;
/// Codes of the languages whose tone and terms are read.
pub const READ_LANGUAGES: [&str; 2] = ["fr", "en"];
/// The model reads at most this many bytes of a text: more changes nothing.
const MOST_BYTES: usize = 1_000;
/// What is read of one word: the rest of a very long one says nothing more.
const MOST_LETTERS_OF_A_WORD: usize = 60;
/// Length in bytes from which sentences may be in different languages.
const SWITCHING_BYTES: usize = 200;
/// Share of function words of French or English that overrules another Latin-script language.
const OVERRULE_SHARE: f32 = 0.35;

/// What a language rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The platform states it for this post.
    Declared,
    /// The model, on the text.
    Model,
    /// The language the author mostly writes in.
    Author,
    /// The default language of the source.
    Source,
    /// Nothing decides.
    Und,
}

impl Basis {
    /// The word written in tables: `declared`, `model`, `author`, `source`, `und`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Model => "model",
            Self::Author => "author",
            Self::Source => "source",
            Self::Und => "und",
        }
    }
}

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Language {
    /// ISO 639-1 code in lower case; `und` when nothing decides.
    pub code: &'static str,
    /// What it rests on.
    pub basis: Basis,
    /// Share of such readings that are right, 0 to 1, by length of text and agreement of the function
    /// words; 0 for `und`. Hints count as 1 when declared, 0.9 by author, 0.8 by source.
    pub confidence: f32,
}

impl Language {
    /// The undetermined language.
    pub const UND: Self = Self { code: "und", basis: Basis::Und, confidence: 0.0 };

    /// The language as one whose tone is read; `None` for all others.
    pub fn known(&self) -> Option<Known> {
        match self.code {
            "fr" => Some(Known::French),
            "en" => Some(Known::English),
            _ => None,
        }
    }
}

/// Language hints that come with a post, as BCP 47 tags (`fr`, `fr-CA`); `None` when unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LanguageHints<'a> {
    /// Stated by the platform for this post.
    pub declared: Option<&'a str>,
    /// Most frequent language of the author (at least 5 posts, at least 80 % of them).
    pub author: Option<&'a str>,
    /// Default language of the source.
    pub source: Option<&'a str>,
}

/// Codes that a hint may give. A hint outside this list is not followed.
const CODES: &[&str] = &[
    "am", "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga", "gl", "he",
    "hi", "hr", "ht", "hu", "hy", "id", "is", "it", "ja", "ka", "ko", "ln", "lt", "lv", "mg", "mk", "mr", "ms", "mt",
    "nl", "no", "pa", "pl", "pt", "ro", "ru", "rw", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "tl",
    "tr", "uk", "ur", "vi", "wo", "yo", "zh", "zu",
];

/// The code of a tag, without region or script; `None` when it is not a language code in our list.
///
/// ```
/// assert_eq!(vigie_text::language::code_of_tag("fr-CA"), Some("fr"));
/// assert_eq!(vigie_text::language::code_of_tag("und"), None);
/// ```
pub fn code_of_tag(tag: &str) -> Option<&'static str> {
    let base = tag.split(['-', '_']).next().unwrap_or("");
    CODES.iter().copied().find(|code| base.eq_ignore_ascii_case(code))
}

/// What the words of a text say of its language.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    letters: usize,
    latin: usize,
    words: u32,
    french: u32,
    english: u32,
}

/// Reads the language of a text cut into tokens and words. `clean` is a buffer, kept between calls.
pub fn detect(
    text: &str,
    segments: &Segments,
    words: &Words,
    hints: LanguageHints<'_>,
    clean: &mut String,
) -> Language {
    if let Some(code) = hints.declared.and_then(code_of_tag) {
        return Language { code, basis: Basis::Declared, confidence: 1.0 };
    }
    let found = gather(text, segments, words, clean);
    if found.letters >= FEWEST_LETTERS
        && let Some(language) = by_model(clean, found)
    {
        return language;
    }
    if let Some(code) = hints.author.and_then(code_of_tag) {
        return Language { code, basis: Basis::Author, confidence: 0.9 };
    }
    if let Some(code) = hints.source.and_then(code_of_tag) {
        return Language { code, basis: Basis::Source, confidence: 0.8 };
    }
    Language::UND
}

/// Copies the words of the text into `clean` and counts what they say.
fn gather(text: &str, segments: &Segments, words: &Words, clean: &mut String) -> Evidence {
    clean.clear();
    let mut found = Evidence::default();
    for word in words.all().iter().filter(|w| w.kind == TokenKind::Word && !w.in_tag) {
        count(text, segments, word, &mut found, clean);
        if clean.len() > MOST_BYTES {
            break;
        }
    }
    found
}

fn count(text: &str, segments: &Segments, word: &Word, found: &mut Evidence, clean: &mut String) {
    let Some(token) = segments.tokens().get(word.token as usize) else { return };
    let folded = segments.folded(token);
    let Some(original) = text.get(token.original()).filter(|_| folded != "rt") else { return };
    if !clean.is_empty() {
        clean.push(if token.joined_left { '\'' } else { ' ' });
    }
    let cut = original.char_indices().nth(MOST_LETTERS_OF_A_WORD).map_or(original.len(), |(at, _)| at);
    clean.push_str(&original[..cut]);
    found.letters += folded.chars().filter(|c| c.is_alphabetic()).count();
    found.latin += folded.bytes().filter(u8::is_ascii_alphabetic).count();
    let (french, english) = evidence(word.hash);
    found.words += 1;
    found.french += u32::from(french);
    found.english += u32::from(english);
}

fn by_model(clean: &str, found: Evidence) -> Option<Language> {
    let code = model_code(clean);
    let words = found.words.max(1) as f32;
    let (french, english) = (found.french as f32 / words, found.english as f32 / words);
    let latin = found.latin * 2 >= found.letters;
    if latin != is_latin(code) {
        // The model knows sixteen languages and answers one of them to any script.
        return None;
    }
    let code = overrule(code, french, english);
    let own = match code {
        "fr" => french,
        "en" => english,
        _ => return Some(by_length(code, found.letters)),
    };
    if own == 0.0 && found.words >= 8 && !(code == "fr" && has_french_letters(clean)) {
        // A sentence of eight words without one function word of its language is in another.
        return None;
    }
    let base = by_length(code, found.letters);
    let confidence = if own >= 0.2 {
        base.confidence.max(0.99)
    } else if own == 0.0 {
        base.confidence.min(0.8)
    } else {
        base.confidence
    };
    Some(Language { confidence, ..base })
}

/// French or English when their function words fill the text, whatever the model said.
fn overrule(code: &'static str, french: f32, english: f32) -> &'static str {
    if !is_latin(code) {
        return code;
    }
    if french >= OVERRULE_SHARE && french > english {
        "fr"
    } else if english >= OVERRULE_SHARE && english > french {
        "en"
    } else {
        code
    }
}

/// The language of each sentence of a French or English text, when some sentence is in the other of the
/// two: « The English follows. » `None` for texts below [`SWITCHING_BYTES`] and texts in one language.
pub(crate) fn sentence_languages(text: &str, words: &[Word], language: Known) -> Option<Vec<Known>> {
    if text.len() < SWITCHING_BYTES {
        return None;
    }
    let mut counts = vec![[0_u32; 3]; words.last()?.sentence as usize + 1];
    for word in words.iter().filter(|w| w.kind == TokenKind::Word) {
        let (french, english) = evidence(word.hash);
        let count = &mut counts[word.sentence as usize];
        count[0] += 1;
        count[1] += u32::from(french);
        count[2] += u32::from(english);
    }
    let languages: Vec<Known> = counts
        .iter()
        .map(|[all, french, english]| {
            let fills = |own: u32, other: u32| own > 2 * other && own as f32 >= OVERRULE_SHARE * *all as f32;
            match language {
                Known::French if fills(*english, *french) => Known::English,
                Known::English if fills(*french, *english) => Known::French,
                same => same,
            }
        })
        .collect();
    languages.iter().any(|l| *l != language).then_some(languages)
}

/// Letters that French headlines are full of, even without function words.
fn has_french_letters(clean: &str) -> bool {
    clean.chars().any(|c| matches!(c, 'é' | 'è' | 'ê' | 'œ' | 'É' | 'È' | 'Ê' | 'Œ'))
}

fn by_length(code: &'static str, letters: usize) -> Language {
    let confidence = if letters >= 50 { 0.98 } else { 0.95 };
    Language { code, basis: Basis::Model, confidence }
}

fn is_latin(code: &str) -> bool {
    !matches!(code, "ar" | "zh" | "hi" | "ja" | "ko" | "ru")
}

fn model_code(clean: &str) -> &'static str {
    use whichlang::Lang;
    match whichlang::detect_language(clean) {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, hints: LanguageHints<'_>) -> Language {
        let mut segments = Segments::new();
        segments.read(text);
        let mut words = Words::default();
        words.fill(text, &segments, &[]);
        detect(text, &segments, &words, hints, &mut String::new())
    }

    const POSTS: &[(&str, &str)] = &[
        ("fr", "RT @truc: le réseau est encore tombé ce matin #panne https://t.co/abc"),
        ("fr", "deux heures d'attente au téléphone et personne ne répond, bravo"),
        ("fr", "ben là, le service est vraiment plate pis ça coûte cher en titi"),
        ("fr", "super accueil en boutique, merci à toute l'équipe de Laval !"),
        ("fr", "jai recu ma facture elle a doublé sans explication"),
        ("fr", "Est-ce que quelqu'un a reçu son colis aujourd'hui ?"),
        ("fr", "le mec du support m'a dit d'upgrader mon box, lol"),
        ("fr", "Trois semaines sans internet, je résilie demain."),
        ("en", "still on hold with customer support after 50 minutes #fail"),
        ("en", "the crew on my flight to Montreal was lovely, thank you all"),
        ("en", "why is the app so slow today? anyone else having this issue"),
        ("en", "Got my claim paid in three days. Would buy again!"),
        ("en", "im done with this company they never answer their emails"),
        ("en", "Just switched from the old provider and it works great"),
        ("en", "new phone plan costs more than my rent smh https://t.co/xyz"),
        ("en", "Can someone tell me when the store in Laval opens on Sunday?"),
        ("es", "el servicio al cliente nunca contesta y llevo tres días esperando"),
        ("de", "der Kundenservice ist leider nie erreichbar und die Leitung ist tot"),
        ("it", "il servizio clienti non risponde mai, sono molto delusa"),
        ("pt", "o atendimento ao cliente nunca responde, estou muito decepcionado"),
    ];

    #[test]
    fn posts_are_recognised() {
        let wrong: Vec<_> = POSTS
            .iter()
            .map(|(code, text)| (code, read(text, LanguageHints::default()).code, text))
            .filter(|(a, b, _)| *a != b)
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn short_texts_need_a_hint() {
        assert_eq!(read("merci @toto", LanguageHints::default()), Language::UND);
        let hint = LanguageHints { author: Some("fr-CA"), ..LanguageHints::default() };
        assert_eq!(read("merci @toto", hint), Language { code: "fr", basis: Basis::Author, confidence: 0.9 });
        let hint = LanguageHints { source: Some("en"), author: Some("und"), ..LanguageHints::default() };
        assert_eq!(read("😀😀", hint).basis, Basis::Source);
    }

    #[test]
    fn a_declared_language_wins_and_an_unknown_tag_does_not() {
        let declared = |tag| LanguageHints { declared: Some(tag), ..LanguageHints::default() };
        let text = "deux heures d'attente au téléphone et personne ne répond";
        assert_eq!(read(text, declared("EN")).code, "en");
        assert_eq!(read(text, declared("qme")).basis, Basis::Model);
    }

    #[test]
    fn scripts_unknown_to_the_model_are_undetermined() {
        assert_eq!(read("Η εξυπηρέτηση πελατών δεν απαντά ποτέ στο τηλέφωνο", LanguageHints::default()).code, "und");
        assert_eq!(read("客服从来不接电话我等了三天非常失望他们应该改进服务", LanguageHints::default()).code, "zh");
    }
}
