//! The charts that are drawn: usual and extreme ones, small ones, and ones with broken numbers.

use vigie_chart::Width;
use vigie_chart::chart::{Band, Chart};

use crate::nordet::{
    BRANDS, LONG, bars_of, calendar, changes, channels, columns, expected, flat_bars, lines, many, multiples,
    no_sparkline, none_lines, ridge, share, sparkline, tiles, tone, topics, value,
};

/// A chart with the name of its file and its width.
pub(crate) struct Plate {
    pub(crate) name: String,
    pub(crate) chart: Chart,
    pub(crate) width: Width,
}

/// Everything.
pub(crate) fn plates() -> Vec<Plate> {
    let mut plates = Vec::new();
    let mut add = |name: &str, width: Width, chart: Chart| {
        plates.push(Plate { name: name.to_owned(), chart, width });
    };
    add("lines", Width::Full, Chart::Lines(lines(&BRANDS, 31, 3)));
    add("lines-band", Width::Full, Chart::Lines(expected()));
    add("lines-half", Width::Half, Chart::Lines(lines(&BRANDS[..1], 31, 1)));
    add("lines-facts", Width::Full, Chart::Lines(lines(&BRANDS[..2], 31, 5)));
    add("lines-long", Width::Full, Chart::Lines(lines(&LONG, 31, 2)));
    add("lines-long-half", Width::Half, Chart::Lines(lines(&LONG, 31, 2)));
    add("lines-12", Width::Full, Chart::Lines(lines(&many(), 31, 2)));
    add("lines-400", Width::Full, Chart::Lines(lines(&many(), 400, 5)));
    add("lines-day", Width::Full, Chart::Lines(lines(&BRANDS, 1, 1)));
    add("lines-none", Width::Full, Chart::Lines(none_lines()));
    add("bars", Width::Full, Chart::Bars(share()));
    add("bars-half", Width::Half, Chart::Bars(channels()));
    add("bars-topics", Width::Half, Chart::Bars(topics()));
    add("bars-long", Width::Full, Chart::Bars(bars_of(&LONG, 3)));
    add("bars-long-half", Width::Half, Chart::Bars(bars_of(&LONG, 2)));
    add("bars-12", Width::Full, Chart::Bars(bars_of(&many(), 3)));
    add("bars-one", Width::Full, Chart::Bars(bars_of(&BRANDS[..1], 3)));
    add("bars-zero", Width::Half, Chart::Bars(flat_bars(Some(0.0))));
    add("bars-none", Width::Half, Chart::Bars(flat_bars(None)));
    add("bars-empty", Width::Half, Chart::Bars(bars_of(&[], 1)));
    add("tone", Width::Full, Chart::Tone(tone(&BRANDS)));
    add("tone-half", Width::Half, Chart::Tone(tone(&BRANDS)));
    add("tone-long", Width::Full, Chart::Tone(tone(&LONG)));
    add("tone-12", Width::Full, Chart::Tone(tone(&many())));
    add("tone-empty", Width::Full, Chart::Tone(tone(&[])));
    add("changes", Width::Full, Chart::Changes(changes(&BRANDS)));
    add("changes-half", Width::Half, Chart::Changes(changes(&BRANDS)));
    add("changes-long", Width::Full, Chart::Changes(changes(&LONG)));
    add("changes-12", Width::Full, Chart::Changes(changes(&many())));
    add("multiples", Width::Full, Chart::Multiples(multiples(&BRANDS, 13)));
    add("multiples-half", Width::Half, Chart::Multiples(multiples(&BRANDS[..3], 13)));
    add("multiples-long", Width::Full, Chart::Multiples(multiples(&LONG, 13)));
    add("multiples-400", Width::Full, Chart::Multiples(multiples(&many()[..6], 400)));
    add("multiples-one", Width::Full, Chart::Multiples(multiples(&BRANDS[..1], 1)));
    add("calendar", Width::Full, Chart::Calendar(calendar(8, 31)));
    add("calendar-half", Width::Half, Chart::Calendar(calendar(5, 31)));
    add("calendar-400", Width::Full, Chart::Calendar(calendar(12, 400)));
    add("calendar-day", Width::Full, Chart::Calendar(calendar(2, 1)));
    add("sparkline", Width::Points(84.0), Chart::Sparkline(sparkline(13)));
    add("sparkline-one", Width::Points(84.0), Chart::Sparkline(sparkline(1)));
    add("sparkline-none", Width::Points(84.0), Chart::Sparkline(no_sparkline()));
    add("ridge", Width::Points(595.3), Chart::Ridge(ridge(5, 31)));
    add("ridge-12-400", Width::Points(595.3), Chart::Ridge(ridge(12, 400)));
    add("columns", Width::Full, Chart::Columns(columns(63, 4)));
    add("columns-half", Width::Half, Chart::Columns(columns(31, 2)));
    add("columns-6", Width::Full, Chart::Columns(columns(63, 6)));
    add("columns-400", Width::Full, Chart::Columns(columns(400, 3)));
    add("columns-empty", Width::Full, Chart::Columns(columns(0, 0)));
    add("tiles", Width::Full, Chart::Tiles(tiles(&BRANDS)));
    add("tiles-long", Width::Full, Chart::Tiles(tiles(&LONG)));
    add("tiles-half", Width::Half, Chart::Tiles(tiles(&BRANDS)));
    add("tiles-empty", Width::Half, Chart::Tiles(tiles(&[])));
    plates
}

/// One small drawing of each kind.
pub(crate) fn small_plates() -> Vec<Plate> {
    let mut line = lines(&BRANDS[..2], 7, 1);
    line.gaps = vec![(2, 3)];
    line.main.values[2] = None;
    let charts = [
        ("small-bars", Width::Half, Chart::Bars(bars_of(&BRANDS[..2], 2))),
        ("small-lines", Width::Half, Chart::Lines(line)),
        ("small-tone", Width::Half, Chart::Tone(tone(&BRANDS[..2]))),
        ("small-changes", Width::Half, Chart::Changes(changes(&BRANDS[..2]))),
        ("small-multiples", Width::Half, Chart::Multiples(multiples(&BRANDS[..2], 5))),
        ("small-calendar", Width::Half, Chart::Calendar(calendar(2, 4))),
        ("small-sparkline", Width::Points(84.0), Chart::Sparkline(sparkline(13))),
        ("small-columns", Width::Half, Chart::Columns(columns(12, 1))),
        ("small-tiles", Width::Half, Chart::Tiles(tiles(&BRANDS[..2]))),
        ("small-ridge", Width::Points(300.0), Chart::Ridge(ridge(2, 7))),
    ];
    let plate = |(name, width, chart): (&str, Width, Chart)| Plate { name: name.to_owned(), chart, width };
    charts.map(plate).into_iter().collect()
}

/// One chart of each kind with this number among the others.
pub(crate) fn hostile_charts(number: f64) -> Vec<Chart> {
    let mut line = lines(&BRANDS, 31, 2);
    line.main.values[4] = Some(number);
    line.context[0].values[5] = Some(number);
    line.x_ticks.push(value(number, "x"));
    line.y_ticks.push(value(number, "y"));
    line.reference = Some(value(number, "médiane"));
    line.band =
        Some(Box::new(Band { ranges: vec![Some((number, 3.0)), Some((1.0, number))], name: "attendu".to_owned() }));
    line.annotations[0].step = 4000;
    line.gaps.push((900, 20));
    let mut bar = bars_of(&BRANDS, 2);
    bar.rows[1].value = Some(number);
    bar.rows[2].interval = Some((number, 4.0));
    bar.rows[4].previous = Some(number);
    bar.ticks.push(value(number, "x"));
    let mut tones = tone(&BRANDS);
    tones.rows[0].negative = Some(value(number, "?"));
    tones.rows[1].positive = Some(value(number, "?"));
    let mut change = changes(&BRANDS);
    change.rows[0].before = Some(number);
    change.rows[1].after = Some(number);
    change.rows[2].interval = Some((number, number));
    let mut panels = multiples(&BRANDS, 13);
    panels.panels[1].values[2] = Some(number);
    let mut days = calendar(2, 31);
    days.x_ticks.push(value(number, "x"));
    let mut small = sparkline(13);
    small.values[2] = Some(number);
    small.band = Some((number, 4.0));
    let mut waves = ridge(3, 31);
    waves.series[0][3] = Some(number);
    waves.series[2][13] = Some(number);
    let mut hours = columns(30, 2);
    hours.columns[2].value = Some(number);
    hours.threshold[3] = Some(number);
    hours.divisions.push(5000);
    hours.milestones[0].step = 5000;
    let mut matrix = tiles(&BRANDS);
    matrix.rows[0].tiles[0].level = Some(number);
    vec![
        Chart::Lines(line),
        Chart::Bars(bar),
        Chart::Tone(tones),
        Chart::Changes(change),
        Chart::Multiples(panels),
        Chart::Calendar(days),
        Chart::Sparkline(small),
        Chart::Ridge(waves),
        Chart::Columns(hours),
        Chart::Tiles(matrix),
    ]
}
