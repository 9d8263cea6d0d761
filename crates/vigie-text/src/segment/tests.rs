//! The edge cases of the text model, one by one.

use super::*;

fn words(text: &str) -> Vec<String> {
    let mut s = Segments::new();
    s.read(text);
    s.words().map(|(_, w)| w.to_owned()).collect()
}

fn sentences(text: &str) -> Vec<&str> {
    let mut s = Segments::new();
    s.read(text);
    s.sentences().map(|r| &text[r]).collect()
}

fn kinds(text: &str) -> Vec<(TokenKind, String)> {
    let mut s = Segments::new();
    s.read(text);
    s.tokens().iter().map(|t| (t.kind, s.folded(t).to_owned())).collect()
}

#[test]
fn elision_splits_and_joins() {
    let mut s = Segments::new();
    s.read("J’adore L'Oréal, lorsqu’il pleut aujourd'hui");
    let got: Vec<_> = s.words().map(|(t, w)| (w, t.joined_left)).collect();
    assert_eq!(
        got,
        [
            ("j", false),
            ("adore", true),
            ("l", false),
            ("oreal", true),
            ("lorsqu", false),
            ("il", true),
            ("pleut", false),
            ("aujourd'hui", false)
        ]
    );
}

#[test]
fn english_apostrophes() {
    assert_eq!(
        words("Apple's juice isn't John’s. The brands' O'Brien"),
        ["apple", "juice", "isn't", "john", "the", "brands", "o'brien"]
    );
}

#[test]
fn hyphens_digits_and_joiners() {
    assert_eq!(
        words("Coca-Cola S12 5G 3,5 % 1.2 foo_bar H&M"),
        ["coca", "cola", "s12", "5g", "3,5", "1.2", "foo", "bar", "h", "m"]
    );
    let mut s = Segments::new();
    s.read("coca-cola - bon");
    assert_eq!(s.words().map(|(t, _)| t.joined_left).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn social_tokens() {
    assert_eq!(
        kinds("#BonService @Marque_fr https://t.co/x $AAPL 😡🏽 :-)"),
        [
            (TokenKind::Hashtag, "#bonservice".to_owned()),
            (TokenKind::Word, "bon".to_owned()),
            (TokenKind::Word, "service".to_owned()),
            (TokenKind::Handle, "@marque_fr".to_owned()),
            (TokenKind::Url, String::new()),
            (TokenKind::Cashtag, "$aapl".to_owned()),
            (TokenKind::Word, "aapl".to_owned()),
            (TokenKind::Emoji, "😡".to_owned()),
            (TokenKind::Emoticon, ":)".to_owned()),
        ]
    );
    assert_eq!(words("jean@exemple.fr"), ["jean", "exemple", "fr"]);
}

#[test]
fn originals_map_back() {
    let text = "« L’Été » à 3,5 % #BonService &eacute;t&eacute; 😡🏽 fin";
    let mut s = Segments::new();
    s.read(text);
    let got: Vec<_> = s.words().map(|(t, w)| (w, &text[t.original()])).collect();
    assert_eq!(
        got,
        [
            ("l", "L"),
            ("ete", "Été"),
            ("a", "à"),
            ("3,5", "3,5"),
            ("bon", "Bon"),
            ("service", "Service"),
            ("ete", "&eacute;t&eacute;"),
            ("😡", "😡🏽"),
            ("fin", "fin")
        ]
    );
}

#[test]
fn sentences_in_both_languages() {
    assert_eq!(
        sentences("M. Dupont est venu. Mme Roy aussi, etc. et puis rien."),
        ["M. Dupont est venu.", "Mme Roy aussi, etc. et puis rien."]
    );
    assert_eq!(
        sentences("Dr. Smith (p. ex. hier) paid $3.50. It works!"),
        ["Dr. Smith (p. ex. hier) paid $3.50.", "It works!"]
    );
    assert_eq!(
        sentences("« Quel service ! » a-t-il dit. « Nul. » Fin"),
        ["« Quel service ! » a-t-il dit.", "« Nul. »", "Fin"]
    );
    assert_eq!(sentences("Super!!! 😡 Nul… vraiment... Oui"), ["Super!!! 😡", "Nul… vraiment...", "Oui"]);
    assert_eq!(sentences("plan B. Puis rien. J. Roy"), ["plan B.", "Puis rien.", "J. Roy"]);
}

#[test]
fn paragraphs_need_a_blank_line_or_a_block() {
    let mut s = Segments::new();
    s.read("un\ndeux\n\ntrois<p>quatre</p>");
    assert_eq!(s.words().map(|(t, _)| t.paragraph).collect::<Vec<_>>(), [0, 0, 1, 2]);
}

#[test]
fn hostile_texts_stay_bounded() {
    for text in [
        "<p".repeat(20_000),
        "&#".repeat(20_000),
        "'".repeat(20_000),
        "a\u{301}".repeat(20_000),
        "http://".repeat(9_000),
        ":(".repeat(20_000),
        "@a.".repeat(20_000),
        "\n \n".repeat(20_000),
        "«".repeat(20_000),
    ] {
        let mut s = Segments::new();
        s.read(&text);
        assert!(s.word_stream().len() <= text.len() * 2 + 2);
    }
}

#[test]
fn json_escapes_left_by_exports_are_read() {
    let text = r"School\u2019s don\u2019t l\u00e9ger\u002c C:\users \ud83d\ude21 \ud83d";
    let mut s = Segments::new();
    s.read(text);
    let words: Vec<_> = s.words().map(|(t, w)| (w, &text[t.original()])).collect();
    assert_eq!(
        words,
        [
            ("school", "School"),
            ("don't", r"don\u2019t"),
            ("leger", r"l\u00e9ger"),
            ("c", "C"),
            ("users", "users"),
            ("😡", r"\ud83d\ude21"),
            ("ud83d", "ud83d")
        ]
    );
}
