//! `events.toml` and the client's weekly figures: what the project knows beside the mentions.

use std::fmt::Write as _;

use crate::world::World;

pub(super) fn kpi(world: &World) -> Vec<u8> {
    let mut out = String::from("semaine,abonnements,desabonnements_pct\n");
    for week in &world.kpi {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{},{},{:.3}", week.monday, week.subscriptions, week.churn_pct);
    }
    out.into_bytes()
}

/// Date, end, brand, kind, French title, English title.
const EVENTS: [(&str, &str, &str, &str, &str, &str); 9] = [
    ("2025-11-28", "2025-12-01", "telvia", "campaign", "Vendredi fou de Telvia", "Telvia Black Friday"),
    (
        "2026-02-03",
        "",
        "fibrax",
        "other",
        "Fibrax nomme une nouvelle directrice du réseau",
        "Fibrax names a new network head",
    ),
    (
        "2026-04-20",
        "",
        "laurentia",
        "other",
        "Laurentia ouvre un centre d'appels à Rimouski",
        "Laurentia opens a call centre in Rimouski",
    ),
    (
        "2026-08-17",
        "2026-09-07",
        "nordet",
        "campaign",
        "Campagne de la rentrée de Nordet",
        "Nordet back-to-school campaign",
    ),
    ("2026-09-15", "", "nordet", "launch", "Lancement de la carte eSIM voyage", "Travel eSIM launched"),
    ("2026-10-09", "2026-10-10", "ondea", "launch", "Ondéa ouvre son service en Abitibi", "Ondéa opens in Abitibi"),
    (
        "2026-10-14",
        "2026-10-19",
        "nordet",
        "incident",
        "Panne du réseau après une mise à jour du cœur de réseau à Lévis",
        "Network outage after a core update in Lévis",
    ),
    ("2026-10-15", "", "nordet", "other", "Premier communiqué de Nordet, 14 h", "First statement by Nordet, 2 p.m."),
    (
        "2026-10-27",
        "",
        "telvia",
        "price",
        "Telvia annonce une hausse de 6 $ par mois",
        "Telvia announces a $6 monthly increase",
    ),
];

pub(super) fn events() -> String {
    let mut out =
        String::from("# What happened on the market, as the project knows it. Days are local (America/Toronto).\n");
    for (date, to, entity, kind, fr, en) in EVENTS {
        let _ = writeln!(out, "\n[[event]]\ndate = {date}");
        if !to.is_empty() {
            let _ = writeln!(out, "to = {to}");
        }
        let _ = writeln!(out, "entity = \"{entity}\"\nkind = \"{kind}\"\ntitle = {{ fr = \"{fr}\", en = \"{en}\" }}");
    }
    out
}
