//! The words that say what hatched days are: over them, or beside them, on one line or two.

use crate::canvas::Canvas;
use crate::chart::Lines;
use crate::error::Error;
use crate::labels::{Rect, Taken, wrap};
use crate::lines::LEADING;
use crate::pen::Type;
use crate::rows::SMALL;
use crate::theme::Token;

/// Names the widest hatches first; narrow neighbours may stay without words, one of them may not.
pub(crate) fn draw(
    canvas: &Canvas<'_>,
    mut holes: Vec<Rect>,
    lines: &Lines,
    taken: &mut Taken,
    omitted: &mut Vec<String>,
) -> Result<(), Error> {
    let kind = Type::new(SMALL, Token::Sub);
    let blocks = blocks(canvas, &lines.gap_label, kind);
    holes.sort_by(|a, b| b.width().total_cmp(&a.width()));
    let mut named = holes.is_empty();
    for hole in &holes {
        let Some((block, place)) = find_place(taken, *hole, &blocks) else {
            continue;
        };
        taken.add_box(place);
        let middle = f64::midpoint(place.top, place.bottom);
        canvas.lines_of_text((place.left, middle), &block.lines, kind)?;
        named = true;
    }
    if !named {
        omitted.push(lines.gap_label.clone());
    }
    Ok(())
}

struct Block {
    lines: Vec<String>,
    width: f64,
}

impl Block {
    fn height(&self) -> f64 {
        self.lines.len() as f64 * LEADING
    }
}

/// The words on one line, then on two.
fn blocks(canvas: &Canvas<'_>, words: &str, kind: Type) -> [Block; 2] {
    let whole = canvas.measure(words, kind);
    [whole, whole * 0.62].map(|room| {
        let room = room + 0.1;
        let lines = wrap(canvas.fonts, words, (kind.size, kind.weight), room, 3);
        let widths = lines.iter().map(|line| canvas.measure(line, kind));
        let width = widths.fold(0.0, f64::max);
        Block { lines, width }
    })
}

fn find_place<'b>(taken: &Taken, hole: Rect, blocks: &'b [Block]) -> Option<(&'b Block, Rect)> {
    let alone = |place: &Rect| {
        let (left, right) = (place.left - 4.0, place.right + 4.0);
        let around = Rect::new(left, place.top, right, place.bottom);
        taken.free(place) && taken.clear_of_words(&around)
    };
    [over, at_right, at_left].iter().find_map(|places| {
        blocks.iter().find_map(|block| {
            let place = places(hole, block).into_iter().find(alone)?;
            Some((block, place))
        })
    })
}

fn over(hole: Rect, block: &Block) -> Vec<Rect> {
    let middle = f64::midpoint(hole.left, hole.right);
    let bottom = hole.top - 1.5;
    let shares = [0.5, 0.3, 0.7, 0.1, 0.9, 0.0, 1.0];
    let place = |share: f64| {
        let left = middle - block.width * share;
        Rect::new(left, bottom - block.height(), left + block.width, bottom)
    };
    shares.map(place).to_vec()
}

fn at_right(hole: Rect, block: &Block) -> Vec<Rect> {
    let left = hole.right + 4.0;
    downwards(hole, block, left)
}

fn at_left(hole: Rect, block: &Block) -> Vec<Rect> {
    let left = hole.left - 4.0 - block.width;
    downwards(hole, block, left)
}

fn downwards(hole: Rect, block: &Block, left: f64) -> Vec<Rect> {
    let room = hole.height() - block.height() - 4.0;
    let place = |i: u8| {
        let top = hole.top + 2.0 + room * f64::from(i) / 10.0;
        Rect::new(left, top, left + block.width, top + block.height())
    };
    (0..=10).map(place).collect()
}
