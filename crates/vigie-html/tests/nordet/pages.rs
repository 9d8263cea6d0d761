//! The sections of the test report.

use vigie_report::figure::{ColumnKind, Data};
use vigie_report::report::{Block, Origin, Section};
use vigie_report::text::{Run, Text, Words};

use super::figures;
use super::words::{cell, column, each, number, text, words};

/// Six sections, every kind of block at least once.
pub(super) fn sections() -> Vec<Section> {
    vec![visibility(), share(), tone(), topics(), watch(), method()]
}

fn section(
    id: &str,
    number: &str,
    name: Words,
    question: Words,
    title: Words,
    lead: Text,
    blocks: Vec<Block>,
) -> Section {
    Section {
        id: id.into(),
        number: number.into(),
        name,
        question,
        title,
        title_id: format!("{id}.rule"),
        lead,
        blocks,
    }
}

fn so_what(columns: Vec<(Words, Text)>) -> Block {
    Block::SoWhat { columns, origin: Origin::Auto }
}

fn visibility() -> Section {
    section(
        "visibility",
        "1",
        words("Visibilité", "Visibility"),
        words("Combien parle-t-on de nous ?", "How much is said about us?"),
        words(
            "Le pic du 14 octobre atteint sept fois le volume attendu",
            "The October 14 peak is seven times the expected volume",
        ),
        text(
            "Nordet recueille **7 137 mentions**, plus du double de septembre. Deux événements suffisent à décrire tout ce qui sort de l’ordinaire.",
            "Nordet gathers **7,137 mentions**, more than twice September. Two events describe everything out of the ordinary.",
        ),
        vec![
            Block::Figure { figure: Box::new(figures::peak()) },
            Block::Heading { text: words("Ce qui sort de l’ordinaire", "Out of the ordinary") },
            Block::List {
                items: vec![
                    text(
                        "**14 au 20 octobre** : panne du réseau, 2 229 mentions au-dessus de l’attendu.",
                        "**October 14 to 20**: network outage, 2,229 mentions above expected.",
                    ),
                    text(
                        "**6 octobre** : lancement du Forfait Famille, 31 mentions au-dessus de l’attendu.",
                        "**October 6**: launch of the Family plan, 31 mentions above expected.",
                    ),
                ],
            },
            so_what(vec![
                (
                    words("Ce que cela signifie", "What it means"),
                    text(
                        "Le volume du mois **ne mesure pas un intérêt** : il mesure un incident.",
                        "The volume of the month **does not measure interest**: it measures an incident.",
                    ),
                ),
                (
                    words("À surveiller", "To watch"),
                    text(
                        "Un retour au-dessus de 199 mentions par jour sans annonce de notre part.",
                        "A return above 199 mentions a day without an announcement of ours.",
                    ),
                ),
            ]),
        ],
    )
}

fn share() -> Section {
    let events = Data {
        columns: vec![
            column("brand", "Marque", "Brand", ColumnKind::Text),
            column("event", "Événement", "Event", ColumnKind::Text),
            column("above", "Au-dessus de l’attendu", "Above expected", ColumnKind::Number),
            column("tone", "Tonalité nette", "Net tone", ColumnKind::Number),
        ],
        rows: vec![
            vec![
                cell("Telvia", "Telvia"),
                cell("Hausse tarifaire annoncée le 27", "Price increase announced on the 27th"),
                number(891, "+891"),
                number(-46, "−46\u{A0}pts"),
            ],
            vec![
                cell("Ondéa", "Ondéa"),
                cell("Ouverture du service en Abitibi", "Service opens in Abitibi"),
                number(132, "+132"),
                number(38, "+38\u{A0}pts"),
            ],
            vec![
                cell("Laurentia", "Laurentia"),
                cell("Aucun événement notable", "No notable event"),
                cell("—", "—"),
                cell("", ""),
            ],
        ],
    };
    section(
        "share-of-voice",
        "2",
        words("Part de voix", "Share of voice"),
        words("Quelle place tenons-nous face aux concurrents ?", "Where do we stand among competitors?"),
        words(
            "Nordet passe devant Telvia, mais redevient deuxième sans la panne",
            "Nordet overtakes Telvia, but is second again without the outage",
        ),
        each(
            vec![
                Run::T { t: "Sur 20 234 mentions de cinq marques, Nordet obtient ".into() },
                Run::B { t: "35,3 %".into() },
                Run::T { t: ". Voir aussi ".into() },
                Run::Ref { t: "la figure 1".into(), to: "FIG-01".into() },
                Run::T { t: ".".into() },
            ],
            vec![
                Run::T { t: "Of 20,234 mentions of five brands, Nordet gets ".into() },
                Run::B { t: "35.3%".into() },
                Run::T { t: ". See also ".into() },
                Run::Ref { t: "figure 1".into(), to: "FIG-01".into() },
                Run::T { t: ".".into() },
            ],
        ),
        vec![
            Block::Figure { figure: Box::new(figures::shares()) },
            Block::Table {
                id: "TAB-01".into(),
                title: words("Ce qui a fait parler les concurrents", "What competitors were talked about for"),
                note: words(
                    "Événements retenus : au moins deux jours hors de la bande attendue.",
                    "Events kept: at least two days out of the expected band.",
                ),
                data: events,
            },
        ],
    )
}

fn tone() -> Section {
    section(
        "tone",
        "3",
        words("Tonalité", "Tone"),
        words("Comment parle-t-on de nous ?", "How are we spoken of?"),
        words("Nordet perd 22 points de tonalité", "Nordet loses 22 points of net tone"),
        text(
            "La tonalité nette passe de +6 à **−16 points**. Aucun concurrent ne bouge au-delà de son intervalle.",
            "Net tone goes from +6 to **−16 points**. No competitor moves beyond its interval.",
        ),
        vec![
            Block::Figure { figure: Box::new(figures::tones()) },
            Block::Pair { figures: vec![figures::half(4), figures::half(5)] },
            so_what(vec![(
                words("Ce que cela ne prouve pas", "What it does not prove"),
                text(
                    "La baisse coïncide avec la panne ; rien ici ne mesure son poids auprès de ceux qui n’écrivent pas.",
                    "The drop coincides with the outage; nothing here measures its weight among those who do not write.",
                ),
            )]),
        ],
    )
}

fn topics() -> Section {
    section(
        "topics",
        "4",
        words("Sujets", "Topics"),
        words("De quoi parle-t-on, et qu’est-ce qui pèse ?", "What is it about, and what weighs?"),
        words("Le réseau porte près de la moitié du négatif", "The network carries nearly half of the negatives"),
        text(
            "« Réseau et couverture » quadruple en un mois. « Facturation » monte sans bruit.",
            "“Network and coverage” grows fourfold in a month. “Billing” rises quietly.",
        ),
        vec![
            Block::Paragraph {
                text: text(
                    "La facturation reste loin derrière en volume, mais c’est le seul sujet qui monte aussi dans la presse.",
                    "Billing stays far behind in volume, but it is the only topic that also rises in the press.",
                ),
                origin: Origin::Human,
            },
            Block::Paragraph {
                text: text(
                    "Les sujets sont ceux de la taxonomie du client ; une mention a un seul sujet principal.",
                    "Topics are those of the client’s taxonomy; a mention has one main topic.",
                ),
                origin: Origin::Auto,
            },
        ],
    )
}

fn watch() -> Section {
    section(
        "risk-watch",
        "5",
        words("Vigilance et risques", "Risk watch"),
        words("L’avons-nous vu venir ?", "Did we see it coming?"),
        words(
            "L’alerte était visible douze heures avant la confirmation",
            "The alert was visible twelve hours before confirmation",
        ),
        text(
            "Trois signaux sur sept étaient actifs le 14 à 7 h.",
            "Three signals out of seven were active on the 14th at 7 a.m.",
        ),
        vec![Block::Note {
            byline: words("Camille Aubert, 4 novembre 2026", "Camille Aubert, November 4, 2026"),
            paragraphs: vec![text(
                "Le premier message public est arrivé trente et une heures après le signal.",
                "The first public message came thirty-one hours after the signal.",
            )],
        }],
    )
}

fn method() -> Section {
    section(
        "method",
        "",
        words("Méthode et qualité", "Method and quality"),
        words("Peut-on se fier à ces chiffres ?", "Can these figures be trusted?"),
        words("Vingt-neuf jours sur trente et un sont complets", "Twenty-nine days out of thirty-one are complete"),
        text(
            "Une source a été muette deux jours ; les comparaisons en tiennent compte.",
            "One source was silent for two days; comparisons take it into account.",
        ),
        vec![Block::Definitions {
            items: vec![
                (
                    words("Mention", "Mention"),
                    text(
                        "Publication, commentaire, article ou avis public qui nomme une marque suivie.",
                        "Public post, comment, article or review that names a tracked brand.",
                    ),
                ),
                (
                    words("Part de voix", "Share of voice"),
                    text(
                        "Mentions d’une marque rapportées à celles de **toutes** les marques suivies.",
                        "Mentions of a brand over those of **all** tracked brands.",
                    ),
                ),
                (
                    words("Tonalité nette", "Net tone"),
                    text(
                        "Part des mentions positives moins part des négatives, en points.",
                        "Share of positive mentions minus share of negative ones, in points.",
                    ),
                ),
            ],
        }],
    )
}
