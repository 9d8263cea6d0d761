//! Dated facts on a curve: beside their point where that is free, otherwise hung on a stem above
//! the plot, otherwise left to the table.

use crate::canvas::{Canvas, Plane};
use crate::chart::{Annotation, Lines};
use crate::error::Error;
use crate::labels::{Rect, Taken, wrap};
use crate::metrics::Weight;
use crate::pen::{Line, Type};
use crate::rows::TEXT;
use crate::theme::Token;

const LEADING: f64 = 9.2;
/// Widest line of a fact: as designed, then narrower where there is less room.
const ROOMS: [f64; 3] = [118.0, 84.0, 58.0];

/// Draws the facts in the order given, which is that of their importance.
pub(crate) fn draw(
    canvas: &Canvas<'_>,
    plane: &Plane<'_, '_>,
    plot: Rect,
    lines: &Lines,
    taken: &mut Taken,
    omitted: &mut Vec<String>,
) -> Result<(), Error> {
    let points: Vec<_> = lines.annotations.iter().map(|fact| point(plane, plot, lines, fact)).collect();
    for (x, y) in &points {
        taken.add_box(Rect::new(x - 3.0, y - 3.0, x + 3.0, y + 3.0));
    }
    for (fact, at) in lines.annotations.iter().zip(points) {
        let blocks = ROOMS.map(|room| Block::new(canvas, fact, room.min(plot.width() * 0.6)));
        let Some((block, place, stem)) = find_place(taken, at, &blocks, plot) else {
            omitted.push(format!("{} {}", fact.title, fact.text));
            continue;
        };
        taken.add_box(place);
        if let Some(stem) = stem {
            taken.add_box(stem);
            let line = Line::new(Token::Ink, 0.75);
            canvas.line(&[(at.0, place.top), at], line)?;
        }
        block.write(canvas, place)?;
        canvas.dot(at, 3.2, Token::Bg, None)?;
        canvas.dot(at, 2.2, Token::Ink, None)?;
    }
    Ok(())
}

/// The best place of a fact and the stem it hangs on, if any: words that touch nothing are better
/// than words over a grey curve, beside the point is better than on a stem, long lines are better
/// than short ones.
fn find_place<'b>(
    taken: &Taken,
    at: (f64, f64),
    blocks: &'b [Block],
    plot: Rect,
) -> Option<(&'b Block, Rect, Option<Rect>)> {
    let beside = |allowed: fn(&Taken, &Rect) -> bool| {
        blocks.iter().find_map(|block| {
            let places = Taken::near(at, block.size, 6.0);
            let place = places.into_iter().find(|place| allowed(taken, place))?;
            Some((block, place, None))
        })
    };
    let hung = |allowed: fn(&Taken, &Rect) -> bool| {
        blocks.iter().find_map(|block| {
            let (place, stem) = on_stem(taken, at, block, plot, allowed)?;
            Some((block, place, Some(stem)))
        })
    };
    beside(Taken::free)
        .or_else(|| hung(Taken::free))
        .or_else(|| beside(Taken::bearable))
        .or_else(|| hung(Taken::bearable))
}

/// Where a fact is: on the curve, or on the base line on a day without value.
fn point(plane: &Plane<'_, '_>, plot: Rect, lines: &Lines, fact: &Annotation) -> (f64, f64) {
    let value = lines.main.values.get(fact.step).copied().flatten();
    if let Some(value) = value.filter(|v| v.is_finite()) {
        return plane.at(fact.step as f64, value);
    }
    let (x, _) = plane.at(fact.step as f64, 0.0);
    (x.min(plot.right).max(plot.left), plot.bottom)
}

/// The words of a fact.
struct Block {
    lines: Vec<(String, Type)>,
    size: (f64, f64),
}

impl Block {
    fn new(canvas: &Canvas<'_>, fact: &Annotation, room: f64) -> Self {
        let title = Type::new(TEXT, Token::Ink).strong();
        let text = Type::new(TEXT, Token::Sub);
        let cut = |words: &str, weight: Weight, most: usize| wrap(canvas.fonts, words, (TEXT, weight), room, most);
        let titles = cut(&fact.title, Weight::Strong, 1).into_iter();
        let texts = cut(&fact.text, Weight::Regular, 3).into_iter();
        let lines: Vec<_> = titles
            .map(|line| (line, title))
            .chain(texts.map(|line| (line, text)))
            .filter(|(line, _)| !line.is_empty())
            .collect();
        let widths = lines.iter().map(|(line, kind)| canvas.measure(line, *kind));
        let size = (widths.fold(0.0, f64::max), lines.len() as f64 * LEADING);
        Self { lines, size }
    }

    /// Grid lines and context curves stop around the words.
    fn write(&self, canvas: &Canvas<'_>, place: Rect) -> Result<(), Error> {
        let (left, right) = (place.left - 1.0, place.right + 1.0);
        let ground = Rect::new(left, place.top, right, place.bottom);
        canvas.rect(ground, Token::Bg, None)?;
        for (i, (line, kind)) in self.lines.iter().enumerate() {
            let y = place.top + LEADING * (i as f64 + 0.5);
            canvas.text((place.left, y), line, *kind)?;
        }
        Ok(())
    }
}

/// A place higher than the point, at either side of a stem that crosses no other words.
fn on_stem(
    taken: &Taken,
    at: (f64, f64),
    block: &Block,
    plot: Rect,
    allowed: fn(&Taken, &Rect) -> bool,
) -> Option<(Rect, Rect)> {
    let (w, h) = block.size;
    let mut top = 0.0;
    while top + h < at.1.min(plot.bottom) {
        let right = Rect::new(at.0 + 4.0, top, at.0 + 4.0 + w, top + h);
        let left = Rect::new(at.0 - 4.0 - w, top, at.0 - 4.0, top + h);
        let stem = Rect::new(at.0 - 0.5, top, at.0 + 0.5, at.1 - 4.0);
        let found = [right, left].into_iter().find(|place| allowed(taken, place));
        if let Some(place) = found.filter(|_| taken.clear_of_words(&stem)) {
            return Some((place, stem));
        }
        top += 4.0;
    }
    None
}
