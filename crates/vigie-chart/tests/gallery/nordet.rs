//! Data of Nordet Mobile and its market, an invented brand, in usual and extreme shapes.

use vigie_chart::chart::{
    Annotation, Band, Bar, Bars, Calendar, Caption, Change, Changes, Column, Columns, DayState, Ink, Lines, Multiples,
    Ridge, Series, Sparkline, Tick, Tile, TileRow, Tiles, Tone, ToneRow, Value,
};

/// Five brands, client first.
pub(crate) const BRANDS: [&str; 5] = ["Nordet", "Telvia", "Ondéa", "Fibrax", "Laurentia"];

/// Five names of 40 characters and more.
pub(crate) const LONG: [&str; 5] = [
    "Coopérative de télécommunications du Nord",
    "Société québécoise de la fibre régionale",
    "Laurentian Wireless Communications Group",
    "Anticonstitutionnellementinterminablemot",
    "Télé-Réseau & Câble <Saguenay–Lac-St-Jean>",
];

pub(crate) fn caption(id: &str) -> Caption {
    Caption {
        id: id.to_owned(),
        title: "Nordet gagne huit points & Telvia en perd trois".to_owned(),
        desc: "Part des mentions, octobre 2026. \"Trait\" : septembre <2026>.".to_owned(),
    }
}

/// Twelve names.
pub(crate) fn many() -> Vec<&'static str> {
    let others = ["Boréal", "Ondes 7", "Mistral", "Québectel", "Zénith", "Côte-Nord", "Autres"];
    BRANDS.into_iter().chain(others).collect()
}

fn ink(i: usize) -> Ink {
    if i < 6 { Ink::Entity(i as u8 + 1) } else { Ink::Others }
}

pub(crate) fn value(at: f64, shown: &str) -> Value {
    Value { at, shown: shown.to_owned() }
}

fn texts<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

/// A repeatable number between 0 and 1.
fn noise(seed: usize) -> f64 {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed >> 40) % 1000) as f64 / 1000.0
}

/// Daily mentions of a brand: ordinary days, and a failure on the 14th for the client.
fn daily(brand: usize, days: usize) -> Vec<Option<f64>> {
    let usual = [150.0, 190.0, 100.0, 70.0, 35.0][brand % 5];
    (0..days)
        .map(|day| {
            let week = if day % 7 > 4 { 0.8 } else { 1.0 };
            let event = match (brand, day % 60) {
                (0, 13) => 900.0,
                (0, 14) => 640.0,
                (0, 15) => 320.0,
                (0, 16) => 150.0,
                (1, 26..=28) => 380.0 - 60.0 * (day % 60 - 26) as f64,
                _ => 0.0,
            };
            let hole = (20..22).contains(&(day % 60));
            (!hole).then_some(usual * week * (0.8 + 0.4 * noise(day * 31 + brand)) + event)
        })
        .collect()
}

fn series(name: &str, i: usize, values: Vec<Option<f64>>, last: &str) -> Series {
    Series { name: name.to_owned(), ink: ink(i), values, last: last.to_owned() }
}

pub(crate) fn lines(names: &[&str], days: usize, facts: usize) -> Lines {
    let all = [
        (13, "14 oct.", "Panne du réseau, 9 h à 21 h"),
        (4, "5 oct.", "Forfait Famille 5G"),
        (26, "27 oct.", "Hausse tarifaire de Telvia de 4 $ par ligne"),
        (15, "16 oct.", "Excuses de la présidente"),
        (8, "9 oct.", "Boutique d’Alma"),
    ];
    let ticks: Vec<Tick> = [(0, "1er oct."), (7, "8"), (14, "15"), (21, "22"), (30, "31 oct.")]
        .iter()
        .filter(|(step, _)| *step < days)
        .map(|(step, words)| value(f64::from(*step as u32) * (days as f64 / 31.0).max(1.0), words))
        .collect();
    Lines {
        main: series(names[0], 0, daily(0, days), "142"),
        context: names[1..].iter().enumerate().map(|(i, name)| series(name, i + 1, daily(i + 1, days), "")).collect(),
        reference: Some(value(152.0, "médiane de septembre : 152")),
        band: None,
        x_ticks: ticks,
        y_ticks: vec![value(0.0, "0"), value(500.0, "500"), value(1000.0, "1 000")],
        annotations: all[..facts]
            .iter()
            .filter(|fact| fact.0 < days)
            .map(|(step, title, text)| Annotation { step: *step, title: (*title).to_owned(), text: (*text).to_owned() })
            .collect(),
        gap_label: "collecte interrompue".to_owned(),
        gaps: (0..days.div_ceil(60)).map(|i| (20 + 60 * i, 22 + 60 * i)).filter(|(_, to)| *to <= days).collect(),
        tooltips: (1..=days).map(|day| format!("{day} oct. : 1 051 mentions")).collect(),
    }
}

pub(crate) fn expected() -> Lines {
    let mut lines = lines(&BRANDS[..1], 31, 2);
    let range = |day: usize| {
        let usual = if day % 7 > 4 { 110.0 } else { 150.0 };
        (day != 6).then_some((usual * 0.7, usual * 1.35))
    };
    lines.reference = None;
    lines.band = Some(Box::new(Band { ranges: (0..31).map(range).collect(), name: "attendu".to_owned() }));
    lines
}

pub(crate) fn none_lines() -> Lines {
    let mut lines = lines(&BRANDS[..2], 31, 1);
    lines.main.values = vec![None; 31];
    lines.context[0].values = vec![None; 31];
    lines.gaps = vec![(0, 31)];
    lines
}

pub(crate) fn share() -> Bars {
    let rows = [
        (35.3, 34.2, 36.4, 27.1, ["35,3 %", "+8,2 pts", "7 137"]),
        (31.5, 30.6, 32.5, 34.5, ["31,5 %", "−3,0 pts", "6 379"]),
        (16.2, 15.4, 17.0, 18.7, ["16,2 %", "−2,5 pts", "3 282"]),
        (11.4, 10.8, 12.1, 12.7, ["11,4 %", "−1,3 pt", "2 303"]),
        (5.6, 5.1, 6.1, 6.9, ["5,6 %", "−1,3 pt", "1 133"]),
    ];
    let rows = rows.into_iter().enumerate();
    Bars {
        rows: rows
            .map(|(i, (now, low, high, before, words))| Bar {
                name: BRANDS[i].to_owned(),
                ink: ink(i),
                strong: i == 0,
                value: Some(now),
                interval: Some((low, high)),
                previous: Some(before),
                shown: words[0].to_owned(),
                columns: texts(words),
            })
            .collect(),
        columns: texts(["Part", "Écart vs sept.", "n"]),
        ticks: percents(&[0, 10, 20, 30, 40]),
    }
}

fn percents(levels: &[i32]) -> Vec<Tick> {
    let words = |level: i32| match level {
        0 => "0".to_owned(),
        level if level < 0 => format!("{} %", -level),
        level => format!("{level} %"),
    };
    levels.iter().map(|level| value(f64::from(*level), &words(*level))).collect()
}

pub(crate) fn channels() -> Bars {
    let rows = [
        ("Reddit", 29.0, 7.0, true),
        ("X", 24.0, 14.0, true),
        ("Facebook (public)", 19.0, 21.0, false),
        ("Presse en ligne", 15.0, 12.0, false),
        ("Forums", 8.0, 20.0, false),
        ("Avis, autres", 5.0, 25.0, false),
    ];
    Bars {
        rows: rows
            .into_iter()
            .map(|(name, now, before, over)| Bar {
                name: name.to_owned(),
                ink: if over { Ink::Negative } else { Ink::Quiet },
                strong: over,
                value: Some(now),
                interval: None,
                previous: Some(before),
                shown: format!("{now} %"),
                columns: Vec::new(),
            })
            .collect(),
        columns: Vec::new(),
        ticks: Vec::new(),
    }
}

pub(crate) fn topics() -> Bars {
    let mut bars = channels();
    for (i, bar) in bars.rows.iter_mut().enumerate() {
        bar.ink = if i == 0 { Ink::Entity(1) } else { Ink::Quiet };
        bar.strong = i == 0;
        bar.interval = bar.value.map(|v| (v - 2.0, v + 3.0));
    }
    bars.ticks = percents(&[0, 10, 20, 30]);
    bars
}

pub(crate) fn bars_of(names: &[&str], columns: usize) -> Bars {
    let heads = ["Part", "Écart vs sept.", "n"];
    let rows = names.iter().enumerate();
    Bars {
        rows: rows
            .map(|(i, name)| {
                let now = 36.0 / (i as f64 + 1.0);
                let known = i != 3;
                let words = texts(["35,3 %", "+8,2 pts", "20 234"]);
                Bar {
                    name: (*name).to_owned(),
                    ink: ink(i),
                    strong: i == 0,
                    value: known.then_some(now),
                    interval: Some((now - 1.5, now + 1.5)),
                    previous: known.then_some(now * 0.9 + 2.0),
                    shown: words[0].clone(),
                    columns: words[..columns].to_vec(),
                }
            })
            .collect(),
        columns: texts(heads)[..columns].to_vec(),
        ticks: percents(&[0, 10, 20, 30, 40]),
    }
}

pub(crate) fn flat_bars(at: Option<f64>) -> Bars {
    let mut bars = bars_of(&BRANDS, 1);
    for bar in &mut bars.rows {
        bar.value = at;
        bar.previous = at;
        bar.interval = None;
    }
    bars.ticks = Vec::new();
    bars
}

pub(crate) fn tone(names: &[&str]) -> Tone {
    let shares = [(47.0, 31.0), (42.0, 18.0), (19.0, 34.0), (28.0, 25.0), (0.0, 25.0)];
    let rows = names.iter().enumerate();
    Tone {
        rows: rows
            .map(|(i, name)| {
                let (negative, positive) = shares[i % 5];
                let known = i != 4;
                ToneRow {
                    name: (*name).to_owned(),
                    ink: ink(i),
                    strong: i == 0,
                    negative: known.then(|| value(negative, &format!("{negative} %"))),
                    positive: known.then(|| value(positive, &format!("{positive} %"))),
                    columns: texts(["−16 ± 3", "−22 pts", "7 137"]),
                }
            })
            .collect(),
        sides: ("Négatif".to_owned(), "Positif".to_owned()),
        columns: texts(["Solde net", "Écart vs sept.", "n"]),
        ticks: percents(&[-60, -40, -20, 0, 20, 40]),
    }
}

pub(crate) fn changes(names: &[&str]) -> Changes {
    let nets = [(6.0, -16.0), (-20.0, -24.0), (11.0, 15.0), (-4.0, -3.0), (25.0, 25.0)];
    let rows = names.iter().enumerate();
    Changes {
        rows: rows
            .map(|(i, name)| {
                let (before, after) = nets[i % 5];
                Change {
                    name: (*name).to_owned(),
                    ink: ink(i),
                    strong: i == 0,
                    before: (i != 2).then_some(before),
                    after: (i != 7).then_some(after),
                    interval: Some((after - 3.0 - i as f64, after + 3.0 + i as f64)),
                    columns: texts(["+6", "−16", "−22 pts"]),
                }
            })
            .collect(),
        columns: texts(["Sept.", "Oct.", "Écart"]),
        ticks: vec![value(-40.0, "−40"), value(-20.0, "−20"), value(0.0, "0"), value(20.0, "+20"), value(40.0, "+40")],
    }
}

pub(crate) fn multiples(names: &[&str], steps: usize) -> Multiples {
    let usual = [27.0, 35.0, 18.0, 12.0, 7.0, 3.0];
    let rows = names.iter().enumerate();
    Multiples {
        panels: rows
            .map(|(i, name)| {
                let values = (0..steps).map(|step| {
                    let jump = if i == 0 && step + 1 == steps { 8.0 } else { 0.0 };
                    let hole = i == 1 && step == 4;
                    (!hole).then_some(usual[i % 6] + noise(step * 7 + i) * 2.0 + jump)
                });
                series(name, i, values.collect(), &format!("{}", usual[i % 6]))
            })
            .collect(),
        x_ticks: vec![value(0.0, "oct. 25"), value(steps.saturating_sub(1) as f64, "26")],
        y_ticks: vec![value(0.0, "0"), value(20.0, "20 %"), value(40.0, "40 %")],
    }
}

pub(crate) fn calendar(sources: usize, days: usize) -> Calendar {
    let names = [
        "Reddit",
        "Mastodon",
        "Bluesky",
        "Presse en ligne",
        "Avis Google (App Store et Play Store)",
        "Forums",
        "YouTube",
        "Exports importés",
    ];
    let state = |source: usize, day: usize| match (source, day % 31) {
        (3, 6) | (6, 12..=14) => DayState::Partial,
        (5, 0..=8) => DayState::Outside,
        (1, 20 | 21) | (7, 25..) => DayState::Missing,
        _ => DayState::Complete,
    };
    Calendar {
        rows: (0..sources)
            .map(|source| {
                let states = (0..days).map(|day| state(source, day)).collect();
                (names[source % 8].to_owned(), states, "29 jours sur 31".to_owned())
            })
            .collect(),
        x_ticks: [(0, "1er oct."), (7, "8"), (14, "15"), (21, "22"), (28, "29")]
            .into_iter()
            .filter(|(day, _)| *day < days)
            .map(|(day, words)| value(f64::from(day as u32), words))
            .collect(),
        legend: ("complet".to_owned(), "partiel".to_owned(), "aucune collecte".to_owned()),
    }
}

pub(crate) fn sparkline(months: usize) -> Sparkline {
    let values = (0..months).map(|month| {
        let last = if month + 1 == months { 40.0 } else { 0.0 };
        (month != 3).then_some(20.0 + noise(month) * 8.0 + last)
    });
    Sparkline { values: values.collect(), band: Some((21.0, 27.0)), ink: Ink::Negative }
}

pub(crate) fn no_sparkline() -> Sparkline {
    Sparkline { values: vec![None; 13], band: None, ink: Ink::Entity(1) }
}

pub(crate) fn ridge(brands: usize, days: usize) -> Ridge {
    Ridge {
        series: (0..brands).rev().map(|brand| daily(brand, days)).collect(),
        peak: Some((13, "14 octobre : 1 051 mentions en un jour".to_owned())),
        legend: "Mentions par jour, du 1er au 31 octobre. De haut en bas : Laurentia, Fibrax, Ondéa, Telvia, Nordet"
            .to_owned(),
    }
}

pub(crate) fn columns(hours: usize, facts: usize) -> Columns {
    let all = [
        (6, "14 oct., 7 h · Signal", "trois alertes vigie sur quatre"),
        (16, "19 h · Panne confirmée", "premier article de presse"),
        (27, "15 oct., 7 h · Presse nationale", "quatorze articles en 24 h"),
        (33, "14 h · Communiqué", "31 h après le signal"),
        (55, "16 oct., 7 h · Excuses de la présidente", "rediffusées par six médias"),
        (61, "20 h · Fin de l’alerte", "niveau 1"),
    ];
    let height = |hour: usize| {
        let age = (hour % 24) as f64;
        let wave = if hour % 24 > 5 { 110.0 * (-(age - 9.0).abs() / 9.0).exp() } else { 6.0 };
        (wave * (0.6 + 0.4 * noise(hour))).round()
    };
    Columns {
        columns: (0..hours)
            .map(|hour| Column {
                value: (hour % 40 != 39).then(|| height(hour)),
                over: height(hour) > 30.0,
                tooltip: format!("{hour} h : {} mentions", height(hour)),
            })
            .collect(),
        threshold: (0..hours).map(|hour| Some(if hour % 24 > 5 { 24.0 } else { 8.0 })).collect(),
        threshold_name: "Seuil d’alerte".to_owned(),
        x_ticks: [(0, "14 oct."), (12, "12 h"), (24, "15 oct."), (36, "12 h"), (48, "16 oct.")]
            .into_iter()
            .filter(|(hour, _)| *hour < hours)
            .map(|(hour, words)| value(f64::from(hour as u32), words))
            .collect(),
        y_ticks: vec![value(0.0, "0"), value(50.0, "50"), value(100.0, "100")],
        divisions: (1..hours.div_ceil(24)).map(|day| day * 24).collect(),
        milestones: all[..facts]
            .iter()
            .map(|(step, title, text)| Annotation { step: *step, title: (*title).to_owned(), text: (*text).to_owned() })
            .collect(),
    }
}

pub(crate) fn tiles(names: &[&str]) -> Tiles {
    let topics = [
        "Réseau et couverture",
        "Service à la clientèle",
        "Prix et forfaits",
        "Facturation",
        "Boutique en ligne et application",
        "Engagement local et emploi",
    ];
    let row = |(i, topic): (usize, &&str)| TileRow {
        name: (*topic).to_owned(),
        tiles: (0..names.len())
            .map(|j| {
                let net = ((noise(i * 11 + j * 3) - 0.5) * 110.0).round();
                let known = (i, j) != (4, 4);
                let sign = if net < 0.0 { "−" } else { "+" };
                Tile {
                    level: known.then_some(net / 60.0),
                    shown: if known { format!("{sign}{}", net.abs()) } else { "n = 22".to_owned() },
                    strong: net.abs() > 35.0,
                }
            })
            .collect(),
    };
    Tiles {
        columns: names.iter().enumerate().map(|(i, name)| ((*name).to_owned(), ink(i))).collect(),
        rows: topics.iter().enumerate().map(row).collect(),
    }
}
