//! The figures of the test report.

use std::collections::BTreeMap;

use vigie_chart::Width;
use vigie_model::locale::Localized;
use vigie_report::figure::{Data, Figure};
use vigie_report::text::Words;

use super::DAYS;
use super::drawings::{self, NAMES};
use super::words::{both, cell, each, number, same, table, words};

struct Wording {
    title: Words,
    subtitle: Words,
    note: Words,
}

fn figure(number: u32, wording: Wording, svg: Localized<String>, width: f64, data: Data, entities: usize) -> Figure {
    Figure {
        id: format!("FIG-{number:02}"),
        number,
        metrics: vec!["volume@1.0".into(), "sov@1.0".into()],
        title_id: "neutral".into(),
        alt: wording.title.clone(),
        title: wording.title,
        subtitle: wording.subtitle,
        note: wording.note,
        svg,
        size: (width, 160.0),
        n: 20_234,
        entities: NAMES[..entities].iter().map(|n| n.to_lowercase()).collect(),
        data,
        method: BTreeMap::from([
            (
                "definition".to_owned(),
                words(
                    "Mentions d’une marque rapportées à celles de toutes les marques suivies",
                    "Mentions of a brand divided by those of all tracked brands",
                ),
            ),
            ("formula".to_owned(), same("sov = n / Σ n")),
        ]),
    }
}

fn source() -> Words {
    words(
        "Source : vigie, 8 familles de sources publiques. n = 20 234. Intervalles à 95 %, par fil de discussion.",
        "Source: vigie, 8 families of public sources. n = 20,234. 95% intervals, by thread.",
    )
}

/// Daily volume, with the peak and two silent days.
pub(super) fn peak() -> Figure {
    let title =
        words("Un seul jour concentre un mois de visibilité ordinaire", "One day holds a month of ordinary visibility");
    let fr = drawings::line(
        "fig-01",
        "Pic du 14 octobre",
        ("14 oct.", "Panne du réseau"),
        |i| format!("{} oct.", i + 1),
        &DAYS,
    );
    let en =
        drawings::line("fig-01", "October 14 peak", ("Oct 14", "Network outage"), |i| format!("Oct {}", i + 1), &DAYS);
    let rows = DAYS.iter().enumerate().map(|(i, v)| {
        vec![
            cell(&format!("{} oct.", i + 1), &format!("Oct {}", i + 1)),
            number(*v, &format!("{v}")),
            number(108, "108"),
            number(199, "199"),
        ]
    });
    let data = table(
        &[
            ("day", "Jour", "Day"),
            ("mentions", "Mentions", "Mentions"),
            ("low", "Attendu, bas", "Expected, low"),
            ("high", "Attendu, haut", "Expected, high"),
        ],
        rows.collect(),
    );
    let wording = Wording {
        title,
        subtitle: words(
            "Mentions de Nordet par jour, octobre 2026. Tireté : médiane de septembre. Hachures : jours sans collecte.",
            "Mentions of Nordet per day, October 2026. Dashed: median of September. Hatched: days without collection.",
        ),
        note: source(),
    };
    figure(1, wording, each(fr, en), 470.6, data, 1)
}

const SHARES: [(&str, f64, f64, &str); 5] = [
    ("Nordet", 35.3, 27.1, "35,3 %"),
    ("Telvia", 31.5, 34.5, "31,5 %"),
    ("Ondéa", 16.2, 18.7, "16,2 %"),
    ("Fibrax", 11.4, 12.7, "11,4 %"),
    ("Laurentia", 5.6, 6.9, "5,6 %"),
];

/// Share of voice, with the month before.
pub(super) fn shares() -> Figure {
    let rows = SHARES.iter().map(|(name, now, before, shown)| {
        vec![
            cell(name, name),
            number(*now, &shown.replace(' ', "\u{A0}")),
            number(now - before, &format!("{:+.1}\u{A0}pts", now - before).replace('.', ",").replace('-', "−")),
        ]
    });
    let data = table(
        &[("brand", "Marque", "Brand"), ("sov", "Part", "Share"), ("delta", "Écart vs sept.", "Change vs Sept")],
        rows.collect(),
    );
    let wording = Wording {
        title: words("Nordet gagne huit points, Telvia en perd trois", "Nordet gains eight points, Telvia loses three"),
        subtitle: words(
            "Part des mentions des cinq marques, octobre 2026, en %. Trait vertical : septembre.",
            "Share of the mentions of the five brands, October 2026, in %. Vertical tick: September.",
        ),
        note: source(),
    };
    let svg = drawings::bars("fig-02", "Part de voix", Width::Full, &SHARES);
    figure(2, wording, both(svg), 470.6, data, 5)
}

const TONES: [(&str, f64, f64, &str); 5] = [
    ("Nordet", 41.0, 25.0, "−16"),
    ("Telvia", 34.0, 22.0, "−12"),
    ("Ondéa", 18.0, 27.0, "+9"),
    ("Fibrax", 26.0, 21.0, "−5"),
    ("Laurentia", 9.0, 34.0, "+25"),
];

/// Negative and positive shares.
pub(super) fn tones() -> Figure {
    let rows = TONES.iter().map(|(name, bad, good, net)| {
        vec![
            cell(name, name),
            number(*bad, &format!("{bad}")),
            number(*good, &format!("{good}")),
            number(good - bad, net),
        ]
    });
    let data = table(
        &[
            ("brand", "Marque", "Brand"),
            ("neg", "Négatif, %", "Negative, %"),
            ("pos", "Positif, %", "Positive, %"),
            ("net", "Net, pts", "Net, pp"),
        ],
        rows.collect(),
    );
    let wording = Wording {
        title: words(
            "Trois marques sur cinq sont plus critiquées que louées",
            "Three brands out of five get more blame than praise",
        ),
        subtitle: words(
            "Part des mentions négatives (à gauche) et positives (à droite), octobre 2026.",
            "Share of negative (left) and positive (right) mentions, October 2026.",
        ),
        note: source(),
    };
    let svg = drawings::tone("fig-03", "Tonalité", ("Négatif", "Positif"), &TONES);
    figure(3, wording, both(svg), 470.6, data, 5)
}

/// One of two figures side by side.
pub(super) fn half(number_: u32) -> Figure {
    let rows: [(&str, f64, f64, &str); 3] =
        [("Nordet", 29.0, 12.0, "29"), ("Telvia", 24.0, 20.0, "24"), ("Fibrax", 15.0, 18.0, "15")];
    let data = table(
        &[("brand", "Marque", "Brand"), ("share", "Part, %", "Share, %")],
        rows.iter().map(|r| vec![cell(r.0, r.0), number(r.1, r.3)]).collect(),
    );
    let wording = Wording {
        title: if number_ == 4 {
            words("Les forums s’emportent", "Forums lose their temper")
        } else {
            words("La presse reste factuelle", "The press stays factual")
        },
        subtitle: words("Part du négatif, en %. Trait : septembre.", "Share of negative, in %. Tick: September."),
        note: words("n = 1 204", "n = 1,204"),
    };
    let svg = drawings::bars(&format!("fig-{number_:02}"), "Part", Width::Half, &rows);
    figure(number_, wording, both(svg), 225.0, data, 3)
}
