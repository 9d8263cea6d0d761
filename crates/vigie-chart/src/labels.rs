//! Where words go so that they touch neither marks nor each other, and how long names are cut in
//! lines. Draws nothing.

use crate::metrics::{FontSet, Weight};

/// A box on the sheet, in points, `y` downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    /// Left side.
    pub left: f64,
    /// Upper side.
    pub top: f64,
    /// Right side.
    pub right: f64,
    /// Lower side.
    pub bottom: f64,
}

impl Rect {
    /// A box from its sides.
    pub(crate) fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self { left, top, right, bottom }
    }

    /// Width.
    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Height.
    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Whether two boxes share an inner point.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    fn holds(&self, other: &Self) -> bool {
        self.left <= other.left && self.top <= other.top && self.right >= other.right && self.bottom >= other.bottom
    }

    /// Whether a segment passes through the box (Liang and Barsky's clipping).
    fn crossed(&self, (a, b): (Point, Point)) -> bool {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        let sides = [(-dx, a.0 - self.left), (dx, self.right - a.0), (-dy, a.1 - self.top), (dy, self.bottom - a.1)];
        for (step, room) in sides {
            if step == 0.0 {
                if room < 0.0 {
                    return false;
                }
            } else if step < 0.0 {
                enter = enter.max(room / step);
            } else {
                leave = leave.min(room / step);
            }
        }
        enter <= leave
    }
}

type Point = (f64, f64);

/// What is already on a part of the sheet.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    bounds: Rect,
    boxes: Vec<Rect>,
    holes: Vec<Rect>,
    main: Vec<(Point, Point)>,
    context: Vec<(Point, Point)>,
}

/// Whether words may cover a curve when there is no other place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    /// Never.
    Main,
    /// If need be.
    Context,
}

impl Taken {
    /// An empty part of the sheet.
    pub(crate) fn new(bounds: Rect) -> Self {
        Self { bounds, boxes: Vec::new(), holes: Vec::new(), main: Vec::new(), context: Vec::new() }
    }

    /// A mark or a label is there.
    pub(crate) fn add_box(&mut self, rect: Rect) {
        self.boxes.push(rect);
    }

    /// Hatches are there: no place for words, but a thin line may cross.
    pub(crate) fn add_hole(&mut self, rect: Rect) {
        self.holes.push(rect);
    }

    /// A curve is there.
    pub(crate) fn add_curve(&mut self, points: &[Point], rank: Rank) {
        let pairs = points.windows(2).map(|pair| (pair[0], pair[1]));
        match rank {
            Rank::Main => self.main.extend(pairs),
            Rank::Context => self.context.extend(pairs),
        }
    }

    /// Whether words may be put there, touching nothing.
    pub(crate) fn free(&self, rect: &Rect) -> bool {
        self.bearable(rect) && !self.context.iter().any(|s| rect.crossed(*s))
    }

    /// Whether words may be put there, touching context curves at worst.
    pub(crate) fn bearable(&self, rect: &Rect) -> bool {
        self.bounds.holds(rect)
            && !self.boxes.iter().any(|taken| taken.meets(rect))
            && !self.holes.iter().any(|taken| taken.meets(rect))
            && !self.main.iter().any(|segment| rect.crossed(*segment))
    }

    /// Whether a thin line may pass there: over curves, not over words.
    pub(crate) fn clear_of_words(&self, rect: &Rect) -> bool {
        !self.boxes.iter().any(|taken| taken.meets(rect))
    }

    /// Places for words of this size near a mark: right, left, above, then below it, each time
    /// also slid along the side.
    pub(crate) fn near((x, y): Point, (w, h): Point, gap: f64) -> Vec<Rect> {
        let along = [0.5, 0.85, 0.15, 1.0, 0.0];
        let right = along.map(|s| Rect::new(x + gap, y - h * s, x + gap + w, y + h * (1.0 - s)));
        let left = along.map(|s| Rect::new(x - gap - w, y - h * s, x - gap, y + h * (1.0 - s)));
        let above = along.map(|s| Rect::new(x - w * s, y - gap - h, x + w * (1.0 - s), y - gap));
        let below = along.map(|s| Rect::new(x - w * s, y + gap, x + w * (1.0 - s), y + gap + h));
        [right, left, above, below].concat()
    }

    /// Takes the first of some places that touches nothing, otherwise the first that touches
    /// context curves only. `None` when there is none.
    pub(crate) fn take(&mut self, places: &[Rect]) -> Option<Rect> {
        let free = places.iter().find(|place| self.free(place));
        let found = *free.or_else(|| places.iter().find(|place| self.bearable(place)))?;
        self.add_box(found);
        Some(found)
    }
}

/// Moves labels apart so that they share no height, inside `[low, high]`, as little as possible
/// and keeping their order. A label is its wanted centre and its height. Those that do not fit
/// (the last ones given) become `None`.
pub(crate) fn spread(wanted: &[(f64, f64)], low: f64, high: f64) -> Vec<Option<f64>> {
    let mut room = high - low + 1e-9;
    let kept = wanted.iter().take_while(|(_, height)| {
        room -= height;
        room >= 0.0
    });
    let mut order: Vec<usize> = (0..kept.count()).collect();
    order.sort_by(|a, b| wanted[*a].0.total_cmp(&wanted[*b].0));
    // Counted from where the stack of labels would put them, "in order and apart" becomes "never
    // decreasing": pool what decreases.
    let mut stack = Vec::with_capacity(order.len());
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    let mut total = 0.0;
    for index in &order {
        let (centre, height) = wanted[*index];
        stack.push(total + height / 2.0);
        blocks.push((centre - total - height / 2.0, 1));
        total += height;
        while let [.., (before, n), (last, m)] = blocks[..] {
            if before <= last {
                break;
            }
            let mean = (before * n as f64 + last * m as f64) / (n + m) as f64;
            blocks.truncate(blocks.len() - 2);
            blocks.push((mean, n + m));
        }
    }
    let levels = blocks.iter().flat_map(|(level, n)| std::iter::repeat_n(*level, *n));
    let mut placed = vec![None; wanted.len()];
    for ((index, offset), level) in order.iter().zip(stack).zip(levels) {
        placed[*index] = Some(level.min(high - total).max(low) + offset);
    }
    placed
}

/// Cuts a name in at most `most` lines of this width, between words where possible. What does not
/// fit in the last line ends with an ellipsis.
pub(crate) fn wrap(fonts: &FontSet, text: &str, (size, weight): (f64, Weight), width: f64, most: usize) -> Vec<String> {
    let fits = |line: &str| fonts.width(line, size, weight) <= width;
    let mut lines: Vec<String> = Vec::new();
    let mut words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).rev().collect();
    let mut line = String::new();
    while let Some(word) = words.pop() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
        } else if lines.len() + 1 >= most {
            words.push(word);
            let rest: Vec<&str> = words.into_iter().rev().collect();
            let last = format!("{line} {}", rest.join(" "));
            lines.push(shorten(last.trim(), fits));
            return lines;
        } else if line.is_empty() {
            let (head, tail) = broken(word, fits);
            words.push(tail);
            lines.push(head);
        } else {
            words.push(word);
            lines.push(std::mem::take(&mut line));
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Beginning and rest of a word longer than a line: after one of its own dashes, otherwise
/// anywhere, with a hyphen.
fn broken(word: &str, fits: impl Fn(&str) -> bool) -> (String, &str) {
    let head = longest_head(word, &fits);
    let dash = |c: char| matches!(c, '-' | '–' | '/' | '\u{2011}');
    let own = head.char_indices().rfind(|(_, c)| dash(*c));
    if let Some((at, c)) = own {
        let (head, tail) = word.split_at(at + c.len_utf8());
        if !tail.is_empty() {
            return (head.to_owned(), tail);
        }
    }
    let shorter = longest_head(word, |head| fits(&format!("{head}-")));
    let tail = word.strip_prefix(shorter).unwrap_or_default();
    if tail.is_empty() {
        return (word.to_owned(), tail);
    }
    (format!("{shorter}-"), tail)
}

fn shorten(text: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let head = longest_head(text, |head| fits(&format!("{}…", head.trim_end())));
    format!("{}…", head.trim_end())
}

/// Longest beginning that fits, one character at least.
fn longest_head(text: &str, fits: impl Fn(&str) -> bool) -> &str {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let mut head = "";
    for end in ends {
        let longer = text.get(..end).unwrap_or(text);
        if !head.is_empty() && !fits(longer) {
            break;
        }
        head = longer;
    }
    head
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn a_label_goes_right_then_left_then_above() {
        let mut taken = Taken::new(Rect::new(0.0, 0.0, 100.0, 100.0));
        let places = Taken::near((50.0, 50.0), (20.0, 10.0), 3.0);
        let right = taken.take(&places).unwrap();
        assert_eq!(right, Rect::new(53.0, 45.0, 73.0, 55.0));
        taken.add_curve(&[(60.0, 0.0), (60.0, 100.0)], Rank::Main);
        assert_eq!(taken.take(&places).unwrap().right, 47.0);
        taken.add_curve(&[(40.0, 0.0), (40.0, 100.0)], Rank::Main);
        assert_eq!(taken.take(&places), None);
    }

    #[test]
    fn words_cover_context_only_when_there_is_no_other_place() {
        let mut taken = Taken::new(Rect::new(0.0, 0.0, 100.0, 100.0));
        taken.add_curve(&[(60.0, 0.0), (60.0, 100.0)], Rank::Context);
        let places = Taken::near((50.0, 50.0), (20.0, 10.0), 3.0);
        assert_eq!(taken.take(&places).unwrap().right, 47.0);
        assert_eq!(taken.take(&places[..5]).unwrap().left, 53.0);
    }

    #[test]
    fn spread_keeps_order_height_and_bounds() {
        let wanted = [50.0, 52.0, 10.0, 51.0, 95.0].map(|y| (y, 10.0));
        let placed: Vec<f64> = spread(&wanted, 0.0, 100.0).into_iter().map(Option::unwrap).collect();
        assert_eq!(placed, [41.0, 61.0, 10.0, 51.0, 95.0]);
        let crowded = spread(&[(5.0, 10.0); 8], 0.0, 45.0);
        assert_eq!(crowded.iter().flatten().count(), 4);
        assert_eq!(crowded.iter().flatten().copied().fold(0.0, f64::max), 35.0);
        assert_eq!(spread(&[(1.0, 2.0)], 5.0, 0.0), [None]);
    }

    fn fonts() -> FontSet {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../report-templates/fonts/");
        let read = |name: &str| std::fs::read(format!("{folder}{name}")).unwrap();
        FontSet::new(&read("VigieSans-Regular.ttf"), &read("VigieSans-SemiBold.ttf")).unwrap()
    }

    #[test]
    fn names_are_cut_between_words_then_after_dashes_then_anywhere() {
        let fonts = fonts();
        let cut = |text: &str, width: f64, most: usize| {
            let lines = wrap(&fonts, text, (8.0, Weight::Regular), width, most);
            for line in &lines {
                let shown = fonts.width(line, 8.0, Weight::Regular);
                assert!(shown <= width, "`{line}` is wider than {width}");
            }
            lines
        };
        assert_eq!(cut("Forfait Famille 5G", 200.0, 3), ["Forfait Famille 5G"]);
        assert_eq!(cut("Forfait Famille 5G", 34.0, 3), ["Forfait", "Famille", "5G"]);
        assert_eq!(cut("Saguenay–Lac-St-Jean", 60.0, 3), ["Saguenay–Lac-", "St-Jean"]);
        assert_eq!(cut("Télécommunications", 50.0, 3).len(), 2);
        assert!(cut("Télécommunications", 50.0, 3)[0].ends_with('-'));
        assert!(cut("Forfait Famille 5G illimité", 40.0, 2)[1].ends_with('…'));
        // A no-break space holds words together.
        assert_eq!(cut("à 20\u{a0}234 h", 26.0, 3), ["à", "20\u{a0}234", "h"]);
        assert_eq!(cut("", 34.0, 3), [""]);
    }

    #[test]
    fn the_narrowest_room_still_ends() {
        let fonts = fonts();
        for width in [0.0, 0.1, 3.0] {
            let lines = wrap(&fonts, "é W-–ij", (8.0, Weight::Strong), width, 3);
            assert!((1..=3).contains(&lines.len()), "{lines:?}");
        }
    }
}
