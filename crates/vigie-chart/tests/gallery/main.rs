//! Draws every kind of chart in usual and extreme shapes, keeps the drawings in the temporary
//! folder of the tests to be looked at, and checks what all drawings promise.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod nordet;
mod page;
mod plates;

use std::fmt::Write;
use std::path::Path;

use nordet::caption;
use page::Page;
use plates::{hostile_charts, plates, small_plates};
use vigie_chart::theme::{Mode, Palette, css_classes};
use vigie_chart::{Fit, FontSet, Format, Width, draw, draw_in};

/// Plates on which not all words can find a place.
const CROWDED: [&str; 3] = ["columns-400", "lines-400", "lines-long-half"];

fn fonts() -> FontSet {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../report-templates/fonts");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let (regular, strong) = (read("VigieSans-Regular.ttf"), read("VigieSans-SemiBold.ttf"));
    FontSet::new(&regular, &strong).unwrap()
}

#[test]
fn every_drawing_keeps_its_promises() {
    let fonts = fonts();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gallery");
    std::fs::create_dir_all(&folder).unwrap();
    let mut problems = Vec::new();
    let mut shown = String::new();
    for plate in plates() {
        let caption = caption(&plate.name);
        let drawing = draw(&plate.chart, &caption, &fonts, plate.width).unwrap();
        std::fs::write(folder.join(format!("{}.svg", plate.name)), &drawing.svg).unwrap();
        let _ = writeln!(shown, "<p>{}</p><div>{}</div>", plate.name, drawing.svg);
        let page = Page::read(&drawing, &fonts);
        let found = page.problems(&caption);
        problems.extend(found.into_iter().map(|p| format!("{}: {p}", plate.name)));
        if !drawing.omitted.is_empty() && !CROWDED.contains(&plate.name.as_str()) {
            problems.push(format!("{}: no place for {:?}", plate.name, drawing.omitted));
        }
    }
    for (mode, name) in [(Mode::Light, "light.html"), (Mode::Dark, "dark.html")] {
        std::fs::write(folder.join(name), sheet(&shown, mode)).unwrap();
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// All drawings on one page, coloured by the style sheet of a theme.
fn sheet(drawings: &str, mode: Mode) -> String {
    let variables = Palette::default().css_variables(mode);
    let classes = css_classes();
    format!(
        "<!doctype html><meta charset=\"utf-8\"><style>:root{{{variables}}}{classes}\
         body{{background:var(--bg);color:var(--mut)}}</style>{drawings}"
    )
}

#[test]
fn compact_drawings_are_lower_and_as_clean() {
    let fonts = fonts();
    for plate in plates() {
        let caption = caption(&plate.name);
        let normal = draw(&plate.chart, &caption, &fonts, plate.width).unwrap();
        let mut format = Format::new(plate.width);
        format.fit = Fit::Compact;
        let compact = draw_in(&plate.chart, &caption, &fonts, &format).unwrap();
        assert!(compact.height <= normal.height, "{}", plate.name);
        let problems = Page::read(&compact, &fonts).problems(&caption);
        assert!(problems.is_empty(), "{}: {problems:?}", plate.name);
    }
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    let fonts = fonts();
    for plate in plates() {
        let caption = caption(&plate.name);
        let once = draw(&plate.chart, &caption, &fonts, plate.width).unwrap();
        let twice = draw(&plate.chart.clone(), &caption, &fonts, plate.width).unwrap();
        assert_eq!(once.svg, twice.svg, "{}", plate.name);
    }
}

#[test]
fn numbers_that_are_none_do_not_stop_a_drawing() {
    let fonts = fonts();
    let hostile = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, -1e308, 1e-320, -0.0];
    for number in hostile {
        for chart in hostile_charts(number) {
            let caption = caption("hostile");
            let drawing = draw(&chart, &caption, &fonts, Width::Full).unwrap();
            let problems = Page::read(&drawing, &fonts).structure(&caption);
            assert!(problems.is_empty(), "{number}: {problems:?} in {chart:?}");
        }
    }
}

/// Small drawings kept as they should be. When a change is intended, look at the new drawing in
/// the temporary folder and copy it over the old one.
#[test]
fn small_drawings_are_those_that_were_looked_at() {
    let fonts = fonts();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("golden");
    std::fs::create_dir_all(&folder).unwrap();
    let mut changed = Vec::new();
    for plate in small_plates() {
        let caption = caption(&plate.name);
        let drawing = draw(&plate.chart, &caption, &fonts, plate.width).unwrap();
        let file = format!("{}.svg", plate.name);
        let lines = drawing.svg.replace("><", ">\n<") + "\n";
        std::fs::write(folder.join(&file), &lines).unwrap();
        let golden = std::fs::read_to_string(kept.join(&file)).unwrap_or_default();
        if lines != golden {
            changed.push(file);
        }
    }
    assert!(changed.is_empty(), "not as in tests/golden: {changed:?}");
}
