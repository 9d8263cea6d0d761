//! Tone towards each entity of texts that name several.

use std::ops::Range;

use vigie_text::language::LanguageHints;
use vigie_text::reading::{Hints, Scratch, read};
use vigie_text::tone::{Target, Tone, ToneClass};

/// Reads the tone towards `Alba` and `Nordet`, wherever the text names them.
fn tones(code: &str, text: &str) -> Vec<Tone> {
    let spans =
        |name: &str| text.match_indices(name).map(|(at, found)| at..at + found.len()).collect::<Vec<Range<usize>>>();
    let (alba, nordet) = (spans("Alba"), spans("Nordet"));
    let masked: Vec<_> = alba.iter().chain(&nordet).cloned().collect();
    let targets = [Target { spans: &alba }, Target { spans: &nordet }];
    let language = LanguageHints { declared: Some(code), ..LanguageHints::default() };
    read(
        text,
        None,
        &Hints { language, masked: &masked, targets: &targets, ..Hints::default() },
        &mut Scratch::default(),
    )
    .targets
}

/// The signs wanted for Alba and for Nordet.
const TEXTS: &[(&str, char, char, &str)] = &[
    ("fr", '+', '-', "Alba est excellent, Nordet est nul."),
    ("fr", '-', '+', "Alba est en panne mais Nordet fonctionne bien."),
    ("fr", '+', '-', "Alba est bien meilleur que Nordet."),
    ("fr", '-', '+', "Alba est pire que Nordet."),
    ("fr", '-', '+', "J'ai quitté Alba pour Nordet."),
    ("fr", '-', '+', "Je suis passé de Alba à Nordet."),
    ("fr", '+', '-', "Choisissez Alba plutôt que Nordet."),
    ("fr", '+', '-', "Je préfère Alba à Nordet."),
    ("fr", '-', '+', "Alba est moins fiable que Nordet."),
    ("fr", '+', '-', "Alba est moins cher que Nordet."),
    ("fr", '-', '-', "Alba et Nordet sont nuls."),
    ("fr", '+', '-', "Très contente de Alba. Par contre Nordet, quelle arnaque !"),
    ("fr", '-', '+', "Alba n'est pas meilleur que Nordet."),
    ("en", '+', '-', "Alba is great, Nordet is terrible."),
    ("en", '-', '+', "Alba keeps crashing while Nordet works great."),
    ("en", '+', '-', "Alba is better than Nordet."),
    ("en", '-', '+', "Alba is so much worse than Nordet."),
    ("en", '-', '+', "I switched from Alba to Nordet."),
    ("en", '-', '+', "Just left Alba for Nordet."),
    ("en", '+', '-', "I would take Alba instead of Nordet."),
    ("en", '+', '-', "I prefer Alba to Nordet."),
    ("en", '-', '-', "Alba and Nordet are both awful."),
    ("en", '+', '-', "Thank you Alba for the quick answer, unlike Nordet who hung up on me."),
    ("en", '-', '+', "Nordet beats Alba: love their staff. Alba hung up on me."),
    ("fr", '0', '0', "Alba et Nordet ouvrent une boutique lundi."),
];

#[test]
fn each_entity_has_its_own_tone() {
    let side = |tone: &Tone| match tone.likeliest() {
        ToneClass::Positive => '+',
        ToneClass::Negative => '-',
        _ => '0',
    };
    let wrong: Vec<String> = TEXTS
        .iter()
        .filter_map(|(code, alba, nordet, text)| {
            let found: Vec<char> = tones(code, text).iter().map(side).collect();
            (found != [*alba, *nordet]).then(|| {
                format!("{text} {found:?} {:?}", tones(code, text).iter().map(|t| t.score).collect::<Vec<_>>())
            })
        })
        .collect();
    assert!(wrong.len() * 10 <= TEXTS.len(), "{} of {}:\n{}", wrong.len(), TEXTS.len(), wrong.join("\n"));
}

#[test]
fn a_single_entity_has_the_tone_of_the_text() {
    let text = "Alba : deux heures d'attente, aucune réponse. Je suis très déçue.";
    let language = LanguageHints { declared: Some("fr"), ..LanguageHints::default() };
    let name = 0..4;
    let spans = std::slice::from_ref(&name);
    let targets = [Target { spans }];
    let reading = read(
        text,
        None,
        &Hints { language, masked: spans, targets: &targets, ..Hints::default() },
        &mut Scratch::default(),
    );
    assert_eq!(reading.targets, [reading.tone]);
}
