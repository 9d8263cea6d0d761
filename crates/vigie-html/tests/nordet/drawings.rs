//! Drawings of the test report, by the same program as those of real reports.

use vigie_chart::chart::{
    Annotation, Bar, Bars, Caption, Chart, Ink, Lines, Ridge, Series, Sparkline, Tick, Tone, ToneRow, Value,
};
use vigie_chart::{FontSet, Width, draw};

/// Entity names in slot order.
pub(super) const NAMES: [&str; 5] = ["Nordet", "Telvia", "Ondéa", "Fibrax", "Laurentia"];

fn drawn(chart: &Chart, id: &str, title: &str, width: Width) -> String {
    let fonts = FontSet::new(
        include_bytes!("../../../../report-templates/fonts/VigieSans-Regular.ttf"),
        include_bytes!("../../../../report-templates/fonts/VigieSans-SemiBold.ttf"),
    );
    let caption = Caption { id: id.to_owned(), title: title.to_owned(), desc: title.to_owned() };
    draw(chart, &caption, &fonts.unwrap(), width).unwrap().svg
}

fn ink(name: &str) -> Ink {
    Ink::Entity(NAMES.iter().position(|n| *n == name).map_or(1, |i| i as u8 + 1))
}

fn value(at: f64, shown: &str) -> Value {
    Value { at, shown: shown.to_owned() }
}

fn ticks(levels: &[f64], unit: &str) -> Vec<Tick> {
    levels.iter().map(|at| value(*at, &format!("{at}{unit}").replace('-', "−"))).collect()
}

/// Sorted bars; `(name, value, previous, shown)`.
pub(super) fn bars(id: &str, title: &str, width: Width, rows: &[(&str, f64, f64, &str)]) -> String {
    let row = |(i, (name, at, before, shown)): (usize, &(&str, f64, f64, &str))| Bar {
        name: (*name).to_owned(),
        ink: ink(name),
        strong: i == 0,
        value: Some(*at),
        interval: Some((at - 1.1, at + 1.1)),
        previous: Some(*before),
        shown: String::new(),
        columns: vec![(*shown).to_owned()],
    };
    let chart = Chart::Bars(Bars {
        rows: rows.iter().enumerate().map(row).collect(),
        columns: vec!["%".to_owned()],
        ticks: ticks(&[0.0, 10.0, 20.0, 30.0, 40.0], "\u{A0}%"),
    });
    drawn(&chart, id, title, width)
}

/// A daily curve with a reference level, a dated fact and missing days.
pub(super) fn line(id: &str, title: &str, fact: (&str, &str), day: impl Fn(usize) -> String, values: &[f64]) -> String {
    let silent = |i: usize| (21..23).contains(&i);
    let chart = Chart::Lines(Lines {
        main: Series {
            name: "Nordet".to_owned(),
            ink: Ink::Entity(1),
            values: values.iter().enumerate().map(|(i, v)| (!silent(i)).then_some(*v)).collect(),
            last: "151".to_owned(),
        },
        context: Vec::new(),
        reference: Some(value(148.0, "148")),
        band: None,
        x_ticks: (0..values.len()).step_by(5).map(|i| value(i as f64, &day(i))).collect(),
        y_ticks: ticks(&[0.0, 250.0, 500.0, 750.0, 1000.0], ""),
        annotations: vec![Annotation { step: 13, title: fact.0.to_owned(), text: fact.1.to_owned() }],
        gap_label: String::new(),
        gaps: vec![(21, 23)],
        tooltips: values.iter().enumerate().map(|(i, v)| format!("{} : {v}", day(i))).collect(),
    });
    drawn(&chart, id, title, Width::Full)
}

/// Diverging bars; `(name, negative, positive, net)`.
pub(super) fn tone(id: &str, title: &str, sides: (&str, &str), rows: &[(&str, f64, f64, &str)]) -> String {
    let row = |(i, (name, negative, positive, net)): (usize, &(&str, f64, f64, &str))| ToneRow {
        name: (*name).to_owned(),
        ink: ink(name),
        strong: i == 0,
        negative: Some(value(*negative, &format!("{negative}\u{A0}%"))),
        positive: Some(value(*positive, &format!("{positive}\u{A0}%"))),
        columns: vec![(*net).to_owned()],
    };
    let chart = Chart::Tone(Tone {
        rows: rows.iter().enumerate().map(row).collect(),
        sides: (sides.0.to_owned(), sides.1.to_owned()),
        columns: vec!["Net".to_owned()],
        ticks: ticks(&[-40.0, -20.0, 0.0, 20.0, 40.0], "\u{A0}%"),
    });
    drawn(&chart, id, title, Width::Full)
}

/// The small curve of a tile.
pub(super) fn spark(id: &str, title: &str, values: &[f64], bad: bool) -> String {
    let chart = Chart::Sparkline(Sparkline {
        values: values.iter().copied().map(Some).collect(),
        band: Some((5.5, 6.2)).filter(|_| values[0] > 0.0),
        ink: if bad { Ink::Negative } else { Ink::Entity(1) },
    });
    drawn(&chart, id, title, Width::Points(84.0))
}

/// The cover: four quiet curves behind the client's.
pub(super) fn ridge(legend: &str, peak: &str, client: &[f64]) -> String {
    let behind =
        (1..5_usize).map(|k| (0..client.len()).map(|i| Some(90.0 + ((i * (k + 2)) % 9) as f64 * 14.0)).collect());
    let mut series: Vec<Vec<Option<f64>>> = behind.collect();
    series.push(client.iter().copied().map(Some).collect());
    let chart = Chart::Ridge(Ridge { series, peak: Some((13, peak.to_owned())), legend: legend.to_owned() });
    drawn(&chart, "cover", legend, Width::Points(595.3))
}
