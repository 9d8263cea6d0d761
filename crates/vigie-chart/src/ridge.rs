//! The drawing of the cover: the daily curves of the market behind that of the client, in gold.
//! Made for a dark ground, which the page paints; its colours are the same in both themes.

use crate::canvas::{Canvas, Plane, Point};
use crate::chart::{Caption, Drawing, Ridge};
use crate::curve::{extent, runs, thinned};
use crate::error::Error;
use crate::format::{CONTENT_WIDTH, Format};
use crate::labels::{Rank, Rect, Taken, wrap};
use crate::metrics::{FontSet, Weight};
use crate::pen::{Colour, Line, Type};
use crate::rows::SMALL;
use crate::theme::{Mode, Palette, Token};

/// Height of the highest peak over its own base line.
const REACH: f64 = 112.0;

/// Draws the ridge.
pub(crate) fn draw(ridge: &Ridge, caption: &Caption, fonts: &FontSet, format: &Format) -> Result<Drawing, Error> {
    let width = format.points();
    let count = ridge.series.len();
    let behind = count.saturating_sub(1) as f64;
    // Base lines get closer when there are many, so that the drawing keeps its height.
    let shift = format.height(34.0_f64.min(150.0 / behind.max(1.0)));
    let reach = format.height(REACH);
    let base = (reach + 12.0).max(shift * behind + 24.0);
    let left = ((width - CONTENT_WIDTH) / 2.0).max(0.0);
    let room = width - 2.0 * left;
    let legend = wrap(fonts, &ridge.legend, (SMALL, Weight::Regular), room, 3);
    let size = (width, base + 11.0 + 9.2 * legend.len() as f64);
    let canvas = Canvas::new(caption, fonts, &format.palette, size);
    let bottoms: Vec<f64> = (0..count).map(|i| base - shift * (behind - i as f64)).collect();
    let highest = highest(ridge, &bottoms, reach);
    let steps = ridge.series.iter().map(Vec::len).max().unwrap_or(0);
    let across = (0.0, steps.saturating_sub(1) as f64);
    let mut taken = Taken::new(Rect::new(4.0, 0.0, width - 4.0, base));
    let budget = 1250 / count.max(1);
    let mut peak = None;
    for (i, values) in ridge.series.iter().enumerate() {
        let bottom = bottoms[i];
        let place = Rect::new(0.0, bottom - reach, width, bottom);
        let mut plane = canvas.plane(place, across, (0.0, highest))?;
        let front = i + 1 == count;
        let colours = Colours::new(&format.palette, i, count);
        draw_curve(&canvas, &mut plane, values, (bottom, budget), &colours)?;
        for run in runs(values) {
            let points: Vec<Point> = run.iter().map(|(x, y)| plane.at(*x, *y)).collect();
            taken.add_curve(&points, if front { Rank::Main } else { Rank::Context });
        }
        if front {
            peak = peak_of(ridge, values, &plane);
        }
    }
    let mut omitted = Vec::new();
    if let Some((at, words)) = peak {
        let kind = Type::new(8.4, Token::Gold).strong();
        let size = (canvas.measure(words, kind), 10.0);
        match taken.take(&Taken::near(at, size, 7.0)) {
            Some(place) => {
                let middle = f64::midpoint(place.top, place.bottom);
                canvas.text((place.left, middle), words, kind)?;
            }
            None => omitted.push(words.to_owned()),
        }
        canvas.dot(at, 4.2, Token::Deep, None)?;
        canvas.dot(at, 3.0, Token::Gold, None)?;
    }
    let kind = Type::new(SMALL, Colours::tinted(&format.palette, 0.72));
    for (i, line) in legend.iter().enumerate() {
        let y = base + 7.0 + 9.2 * i as f64;
        canvas.text((left, y), line, kind.hanging())?;
    }
    Ok(canvas.finish(omitted))
}

/// Value at the top of the planes: one scale for all curves, at which none leaves the drawing.
fn highest(ridge: &Ridge, bottoms: &[f64], reach: f64) -> f64 {
    let needed = ridge.series.iter().zip(bottoms).map(|(values, bottom)| {
        let top = extent(values.iter().copied().flatten()).map_or(0.0, |(_, high)| high);
        top * (reach / (bottom - 10.0)).max(1.0)
    });
    let highest = needed.fold(0.0, f64::max);
    if highest > 0.0 { highest } else { 1.0 }
}

/// Colours of one curve on the dark ground.
struct Colours {
    line: Colour,
    base: Colour,
    width: f64,
    front: bool,
}

impl Colours {
    fn new(palette: &Palette, index: usize, count: usize) -> Self {
        if index + 1 == count {
            let gold = Colour::Token(Token::Gold);
            return Self { line: gold, base: gold, width: 2.0, front: true };
        }
        let nearness = (index + 1) as f64 / count as f64;
        Self {
            line: Self::tinted(palette, 0.12 + 0.28 * nearness),
            base: Self::tinted(palette, 0.1 + 0.24 * nearness),
            width: 1.3,
            front: false,
        }
    }

    /// The dark ground, lightened.
    fn tinted(palette: &Palette, share: f64) -> Colour {
        let deep = palette.colour(Token::Deep, Mode::Light);
        let light = crate::colour::Rgb(0x9d, 0xc4, 0xf5);
        let white = crate::colour::Rgb(0xff, 0xff, 0xff);
        Colour::Fixed(deep.mix(light.mix(white, share), share))
    }
}

fn draw_curve(
    canvas: &Canvas<'_>,
    plane: &mut Plane<'_, '_>,
    values: &[Option<f64>],
    (bottom, budget): (f64, usize),
    colours: &Colours,
) -> Result<(), Error> {
    let curves: Vec<Vec<Point>> =
        runs(values).iter().map(|run| thinned(run, (budget * run.len()).div_ceil(values.len()))).collect();
    for run in &curves {
        let mut shape: Vec<Point> = run.iter().map(|(x, y)| plane.at(*x, *y)).collect();
        if let (Some(first), Some(last)) = (shape.first().copied(), shape.last().copied()) {
            // The ground under a curve hides the curves behind it.
            shape.push((last.0, bottom - 0.5));
            shape.push((first.0, bottom - 0.5));
            canvas.polygon(&shape, Token::Deep)?;
        }
    }
    let base = Line::new(colours.base, if colours.front { 1.0 } else { 0.5 });
    canvas.line(&[(0.0, bottom), (canvas.width, bottom)], base)?;
    for run in &curves {
        plane.curve(run, Line::new(colours.line, colours.width).round())?;
    }
    Ok(())
}

fn peak_of<'r>(ridge: &'r Ridge, values: &[Option<f64>], plane: &Plane<'_, '_>) -> Option<(Point, &'r str)> {
    let (step, words) = ridge.peak.as_ref()?;
    let value = values.get(*step).copied().flatten()?;
    let finite = value.is_finite().then(|| plane.at(*step as f64, value))?;
    Some((finite, words))
}
