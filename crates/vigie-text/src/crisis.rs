//! Words of a crisis: which theme, how severe, where in the text.

use std::ops::Range;
use std::sync::LazyLock;

use crate::phrases::Phrases;
use crate::words::Words;

static TERMS: LazyLock<Phrases> = LazyLock::new(|| Phrases::compile(include_str!("crisis/terms.tsv")));

/// Words that a crisis begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crisis {
    /// `safety`, `health`, `legal`, `data_leak`, `discrimination`, `boycott`, `recall`, `strike`,
    /// `environment` or `outage`.
    pub theme: &'static str,
    /// 1: worth a look; 2: serious; 3: at once.
    pub severity: u8,
    /// Byte range of the words in the text as given.
    pub span: Range<u32>,
    /// The range lies in the title instead.
    pub in_title: bool,
}

/// The words of a crisis in a text, the most severe of each theme, in the order of themes met.
///
/// They say what is spoken of, not whether it is true: « pas de boycott » is met too, and is shown with
/// its words.
pub(crate) fn find(words: &Words) -> Vec<Crisis> {
    let mut found: Vec<Crisis> = Vec::new();
    for met in TERMS.find(words.all()) {
        let Some((theme, severity)) = met.sign.split_once(':') else { continue };
        let severity = severity.parse().unwrap_or(1);
        let span = words.all()[met.first].start..words.all()[met.end - 1].end;
        match found.iter_mut().find(|c| c.theme == theme) {
            Some(known) if known.severity >= severity => {}
            Some(known) => *known = Crisis { theme: known.theme, severity, span, in_title: false },
            None => found.extend(theme_of(theme).map(|theme| Crisis { theme, severity, span, in_title: false })),
        }
    }
    found
}

const THEMES: [&str; 10] = [
    "safety",
    "health",
    "legal",
    "data_leak",
    "discrimination",
    "boycott",
    "recall",
    "strike",
    "environment",
    "outage",
];

fn theme_of(name: &str) -> Option<&'static str> {
    THEMES.into_iter().find(|t| *t == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::Segments;

    fn themes(text: &str) -> Vec<(&'static str, u8)> {
        let mut segments = Segments::new();
        segments.read(text);
        let mut words = Words::default();
        words.fill(text, &segments, &[]);
        find(&words).into_iter().map(|c| (c.theme, c.severity)).collect()
    }

    #[test]
    fn the_list_is_read_whole_and_every_theme_is_known() {
        assert_eq!(TERMS.rejected_lines(), 0);
        let lines = include_str!("crisis/terms.tsv").lines().filter(|l| !l.starts_with('#'));
        for line in lines {
            let (theme, severity) =
                line.split_once('\t').and_then(|(sign, _)| sign.split_once(':')).unwrap_or(("", ""));
            assert!(theme_of(theme).is_some() && matches!(severity, "1" | "2" | "3"), "{line}");
        }
    }

    #[test]
    fn themes_and_severities() {
        let cases: &[(&str, &[(&str, u8)])] = &[
            ("Mon chargeur a pris feu cette nuit", &[("safety", 3)]),
            ("my charger caught fire last night", &[("safety", 3)]),
            ("Intoxication alimentaire après le souper, mon avocat va appeler", &[("health", 3), ("legal", 2)]),
            ("Fuite de données chez mon assureur : piratage confirmé", &[("data_leak", 3)]),
            ("they discriminated against us, boycott!", &[("discrimination", 2), ("boycott", 3)]),
            ("rappel de produits chez ce fabricant", &[("recall", 3)]),
            ("les employés sont en grève depuis lundi", &[("strike", 2)]),
            ("oil spill near the plant, pure greenwashing", &[("environment", 3)]),
            ("panne nationale du réseau", &[("outage", 3)]),
            ("Merci pour votre accueil", &[]),
            ("I love this phone", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(&themes(text), expected, "{text}");
        }
    }
}
