//! A monthly report about an invented operator, in both editions, with every kind of block.

mod drawings;
mod figures;
mod pages;
mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;
use vigie_model::diagnostic::Bilingual;
use vigie_model::estimate::{Estimate, Method};
use vigie_model::ledger::{RowCount, SourceLedger, SourceOutcome};
use vigie_model::locale::Locale;
use vigie_report::edition::edition;
use vigie_report::report::{
    Block, Brand, Cover, EntityStyle, Essentials, Finding, Goodness, Labels, Origin, Report, SCHEMA_VERSION, Tile,
};
use vigie_report::text::Words;

use words::{both, each, same, text, words};

/// Mentions of the client per day.
pub(crate) const DAYS: [f64; 31] = [
    142., 128., 131., 139., 150., 171., 166., 148., 137., 120., 133., 141., 155., 1051., 790., 521., 388., 301., 254.,
    212., 176., 168., 183., 160., 149., 141., 132., 145., 158., 163., 151.,
];

/// One edition as the renderer receives it.
pub(crate) fn json(locale: Locale) -> Value {
    static REPORT: LazyLock<Report> = LazyLock::new(report);
    edition(&REPORT, locale).unwrap()
}

/// The whole report.
fn report() -> Report {
    Report {
        schema: SCHEMA_VERSION,
        project: "nordet".into(),
        kind: "monthly".into(),
        period: "2026-10".into(),
        date: "2026-11-01".into(),
        title: words(
            "Nordet Mobile, intelligence sociale, octobre 2026",
            "Nordet Mobile, social intelligence, October 2026",
        ),
        editions: vec![Locale::FrCa, Locale::EnCa],
        entities: entities(),
        brand: Brand {
            accent: "#0B3D84".into(),
            accent_dark: "#8DB4F0".into(),
            deep: "#0F2A4D".into(),
            footer: words(
                "Confidentiel. Données fictives de démonstration.",
                "Confidential. Invented demonstration data.",
            ),
        },
        cover: cover(),
        essentials: essentials(),
        sections: pages::sections(),
        quantities: Vec::new(),
        ledger: ledger(),
        labels: labels(),
        manifest: BTreeMap::from([
            ("config".to_owned(), "sha256 4f0c9a7711d2".to_owned()),
            ("program".to_owned(), "vigie 0.1.0".to_owned()),
        ]),
    }
}

fn entities() -> Vec<EntityStyle> {
    let entity = |(i, name): (usize, &&str)| EntityStyle {
        id: name.to_lowercase(),
        name: (*name).to_owned(),
        slot: format!("e{}", i + 1),
    };
    drawings::NAMES.iter().enumerate().map(entity).collect()
}

/// The wording file of the monthly report.
pub(crate) fn labels() -> Labels {
    let file: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(include_str!("../../../../report-templates/monthly/labels.toml")).unwrap();
    file.into_iter().map(|(key, both)| (key, words(&both["fr"], &both["en"]))).collect()
}

fn cover() -> Cover {
    Cover {
        kind: words("Rapport mensuel d’intelligence sociale", "Monthly social intelligence report"),
        client: "Nordet Mobile".into(),
        sentence: words(
            "Le réseau tombe une journée, la réputation met une semaine à se relever",
            "The network failed for a day; the reputation took a week to recover",
        ),
        period: words("Octobre 2026", "October 2026"),
        facts: vec![
            (same("20 234"), words("mentions publiques", "public mentions")),
            (same("5"), words("marques comparées", "brands compared")),
            (same("8"), words("familles de sources", "families of sources")),
            (words("31 jours", "31 days"), words("du 1er au 31 octobre 2026", "October 1 to 31, 2026")),
        ],
        meta: vec![
            (words("Préparé pour", "Prepared for"), words("Direction de la marque", "Brand management")),
            (words("Préparé par", "Prepared by"), same("Atelier Méridien")),
            (words("Version", "Version"), words("1.0, relue le 4 novembre 2026", "1.0, reviewed November 4, 2026")),
            (words("Diffusion", "Distribution"), words("Usage interne", "Internal use")),
        ],
        method: words(
            "20 234 mentions publiques en français et en anglais, huit familles de sources, collecte complète sur 29 jours de 31.",
            "20,234 public mentions in French and English, eight families of sources, complete collection on 29 days out of 31.",
        ),
        ridge: each(
            drawings::ridge("Mentions par jour, du 1er au 31 octobre", "14 octobre : 1 051 mentions", &DAYS),
            drawings::ridge("Mentions per day, October 1 to 31", "October 14: 1,051 mentions", &DAYS),
        ),
        ridge_alt: words(
            "Volume quotidien des cinq marques, pic de Nordet le 14 octobre",
            "Daily volume of the five brands, peak of Nordet on October 14",
        ),
        disclaimer: Some(words("Données fictives : rapport de démonstration", "Invented data: demonstration report")),
        signature: "Atelier Méridien".into(),
        logo: None,
    }
}

fn essentials() -> Essentials {
    Essentials {
        name: words("L’essentiel", "At a glance"),
        question: words("à lire en deux minutes", "a two-minute read"),
        title: words(
            "Nordet n’a jamais été aussi citée, ni aussi mal : −22 points de tonalité",
            "Nordet has never been mentioned so much, nor so badly: −22 points of tone",
        ),
        title_id: "essentials.volume_up_tone_down".into(),
        lead: text(
            "La part de voix atteint 35,3 % (+8,2 pts). Cette place est subie : **deux mentions négatives sur trois datent des six jours qui suivent la panne du 14 octobre**. Hors panne, la tonalité reste proche de zéro.",
            "Share of voice reaches 35.3% (+8.2 pp). It was not earned: **two negative mentions out of three fall in the six days after the October 14 outage**. Without it, tone stays close to zero.",
        ),
        tiles: tiles(),
        tiles_note: words(
            "Courbes : 13 mois ; bande grise : valeurs habituelles. Écart en brique si défavorable, en gris si sans jugement.",
            "Curves: 13 months; grey band: usual values. Brick means unfavourable, grey means no judgement.",
        ),
        findings_title: words("Quatre constats", "Four findings"),
        findings: findings(),
        caution: Some(text(
            "**Collecte partielle.** La source « Forums » a été muette les 22 et 23 octobre ; les volumes de ces deux jours sont des minimums.",
            "**Partial collection.** The source “Forums” was silent on October 22 and 23; volumes of these two days are minimums.",
        )),
        note: Some(Block::Note {
            byline: words("Camille Aubert, 4 novembre 2026", "Camille Aubert, November 4, 2026"),
            paragraphs: vec![text(
                "La panne a tout recouvert, y compris un lancement réussi. Je conseille d’attendre que le sujet du réseau soit revenu sous un quart du volume avant de relancer la campagne.",
                "The outage covered everything, including a successful launch. My advice is to wait until the network topic is back under a quarter of the volume before resuming the campaign.",
            )],
        }),
    }
}

fn tiles() -> Vec<Tile> {
    let history = [5., 6., 5., 5.5, 6.2, 6., 5.8, 5.9, 6.1, 5.7, 6., 6.2, 11.];
    let down: Vec<f64> = history.iter().map(|v| -v).collect();
    let tile = |label: Words, value: Words, detail: Words, delta: Words, goodness, curve: &[f64]| Tile {
        sparkline: both(drawings::spark(
            &format!("spark-{}", label[&Locale::EnCa].replace(' ', "-")),
            &label[&Locale::FrCa],
            curve,
            goodness == Goodness::Bad,
        )),
        sparkline_alt: words(
            "Treize mois ; octobre sort de l’ordinaire",
            "Thirteen months; October is out of the ordinary",
        ),
        label,
        value,
        detail,
        delta,
        goodness,
    };
    vec![
        tile(
            words("Mentions", "Mentions"),
            words("7 137", "7,137"),
            words("230 par jour", "230 per day"),
            words("▲ +136 % vs sept.", "▲ +136% vs Sept"),
            Goodness::Neutral,
            &history,
        ),
        tile(
            words("Part de voix", "Share of voice"),
            words("35,3 %", "35.3%"),
            words("34,1 à 36,5 %", "34.1 to 36.5%"),
            words("▲ +8,2 pts vs sept.", "▲ +8.2 pp vs Sept"),
            Goodness::Neutral,
            &history,
        ),
        tile(
            words("Tonalité nette", "Net tone"),
            words("−16 pts", "−16 pp"),
            words("± 3 pts, n = 5 902", "± 3 pp, n = 5,902"),
            words("▼ −22 pts vs sept.", "▼ −22 pp vs Sept"),
            Goodness::Bad,
            &down,
        ),
        tile(
            words("Engagement médian", "Median engagement per post"),
            words("14", "14"),
            words("par publication", "per post"),
            words("▲ +3 vs sept.", "▲ +3 vs Sept"),
            Goodness::Good,
            &history,
        ),
        tile(
            words("Vigilance", "Risk level"),
            words("3 sur 4", "3 of 4"),
            words("du 14 au 20 octobre", "October 14 to 20"),
            words("▲ +2 vs sept.", "▲ +2 vs Sept"),
            Goodness::Bad,
            &history,
        ),
    ]
}

fn findings() -> Vec<Finding> {
    let finding = |key: &str, title: Words, body, confidence: u8, section: &str, figures: &[&str]| Finding {
        key: key.into(),
        rule: key.into(),
        title,
        body,
        confidence,
        confidence_word: match confidence {
            3 => words("Confiance élevée", "High confidence"),
            2 => words("Confiance moyenne", "Medium confidence"),
            _ => words("À confirmer", "To be confirmed"),
        },
        section: section.into(),
        figures: figures.iter().map(|f| (*f).to_owned()).collect(),
        score: f64::from(confidence),
        estimate: estimate(),
        origin: Origin::Auto,
    };
    vec![
        finding(
            "volume.peak",
            words(
                "Le pic du 14 octobre atteint sept fois le volume attendu",
                "The October 14 peak is seven times the expected volume",
            ),
            text(
                "1 051 mentions en un jour, pour 108 à 199 attendues. Le volume est revenu dans sa bande le 21.",
                "1,051 mentions in one day, when 108 to 199 were expected. Volume was back in its band on the 21st.",
            ),
            3,
            "visibility",
            &["FIG-01"],
        ),
        finding(
            "sov.lead",
            words(
                "Nordet passe devant Telvia, mais pas sans la panne",
                "Nordet overtakes Telvia, but not without the outage",
            ),
            text(
                "35,3 % contre 31,5 %. Sans les 1 690 mentions de la panne, Nordet serait à 29,4 %.",
                "35.3% against 31.5%. Without the 1,690 mentions of the outage, Nordet would be at 29.4%.",
            ),
            3,
            "share-of-voice",
            &["FIG-02"],
        ),
        finding(
            "tone.drop",
            words(
                "La tonalité nette perd 22 points et passe sous zéro",
                "Net tone loses 22 points and falls below zero",
            ),
            text(
                "De +6 à −16 points ; les intervalles sont disjoints. Les autres marques ne bougent pas.",
                "From +6 to −16 points; the intervals do not overlap. Other brands do not move.",
            ),
            2,
            "tone",
            &["FIG-03"],
        ),
        finding(
            "topics.rise",
            words("La facturation pourrait devenir le prochain irritant", "Billing may become the next irritant"),
            text(
                "De 404 à 656 mentions, avec la tonalité la plus basse après le réseau. Un mois ne suffit pas à conclure.",
                "From 404 to 656 mentions, with the lowest tone after the network. One month is not enough to conclude.",
            ),
            1,
            "topics",
            &[],
        ),
    ]
}

fn estimate() -> Estimate {
    Estimate {
        value: 35.3,
        lo: Some(34.1),
        hi: Some(36.5),
        level: 0.95,
        n: 7_137,
        clusters: 5_210,
        n_eff: Some(6_020.0),
        p: Some(0.001),
        method: Method::GroupJackknife,
        flags: Vec::new(),
    }
}

fn ledger() -> Vec<SourceLedger> {
    let line = |source: &str, read: u64, rejected: u64, outcome, warnings: Vec<Bilingual>| SourceLedger {
        source: source.into(),
        plugin: "file 0.1.0".into(),
        rows: RowCount {
            read,
            mapped: read - rejected,
            kept: read - rejected - read / 20,
            duplicates: read / 20,
            rejected,
            rejected_by_reason: BTreeMap::from([("no_date".to_owned(), rejected)]),
        },
        outcome,
        warnings,
    };
    vec![
        line("presse", 4_120, 12, SourceOutcome::Complete, Vec::new()),
        line(
            "forums",
            6_803,
            41,
            SourceOutcome::Partial {
                reason: Bilingual::new(
                    "two files are missing (October 22 and 23)",
                    "deux fichiers manquent (22 et 23 octobre)",
                ),
            },
            vec![Bilingual::new("2 days without a single row", "2 jours sans une seule ligne")],
        ),
        line(
            "avis",
            1_377,
            0,
            SourceOutcome::Failed {
                reason: Bilingual::new(
                    "the file cannot be read after row 1,377",
                    "fichier illisible après la ligne 1 377",
                ),
            },
            Vec::new(),
        ),
    ]
}
