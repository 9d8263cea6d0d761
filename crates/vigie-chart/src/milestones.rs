//! Numbered facts above columns, in descending steps: each hangs on its own stem, and no stem
//! crosses the words of another.

use crate::canvas::Canvas;
use crate::chart::Annotation;
use crate::error::Error;
use crate::labels::{Rect, wrap};
use crate::metrics::{FontSet, Weight};
use crate::pen::{Line, Type};
use crate::rows::TEXT;
use crate::theme::Token;

const LEADING: f64 = 9.2;
/// Radius of the numbers.
const RADIUS: f64 = 5.4;
/// Facts nearer than this to the right side have their words at the left of their stem.
const TURN: f64 = 74.0;

/// All facts, placed.
pub(crate) struct Milestones {
    placed: Vec<Milestone>,
    height: f64,
}

struct Milestone {
    number: usize,
    x: f64,
    top: f64,
    turned: bool,
    titles: Vec<String>,
    texts: Vec<String>,
}

impl Milestones {
    /// Places facts. `middle` is where a step is on the sheet.
    pub(crate) fn new(facts: &[Annotation], middle: impl Fn(usize) -> f64, width: f64, fonts: &FontSet) -> Self {
        let numbered = facts.iter().enumerate();
        let (mut turned, mut running): (Vec<_>, Vec<_>) =
            numbered.map(|(i, fact)| (i + 1, middle(fact.step), fact)).partition(|(_, x, _)| *x > width - TURN);
        // Words at the left of a stem are above all those whose stems they pass.
        turned.sort_by(|a, b| b.1.total_cmp(&a.1));
        running.sort_by(|a, b| a.1.total_cmp(&b.1));
        let limit = turned.iter().map(|(_, x, _)| *x).fold(width, f64::min);
        let mut height = 0.0;
        let all = turned.into_iter().map(|fact| (fact, true));
        let all = all.chain(running.into_iter().map(|fact| (fact, false)));
        let placed = all
            .map(|((number, x, fact), turned)| {
                let space = if turned { x } else { limit - x };
                let room = (space - RADIUS - 8.0).clamp(40.0, 170.0);
                let cut = |words: &str, weight| wrap(fonts, words, (TEXT, weight), room, 2);
                let milestone = Milestone {
                    number,
                    x,
                    top: height,
                    turned,
                    titles: cut(&fact.title, Weight::Strong),
                    texts: cut(&fact.text, Weight::Regular),
                };
                height += milestone.lines() as f64 * LEADING + 2.5;
                milestone
            })
            .collect();
        Self { placed, height }
    }

    /// Room above the plot.
    pub(crate) fn height(&self) -> f64 {
        self.height
    }

    /// Where the stems are.
    pub(crate) fn stems(&self) -> impl Iterator<Item = f64> {
        self.placed.iter().map(|fact| fact.x)
    }

    /// Draws stems down to the base line, numbers and words.
    pub(crate) fn draw(&self, canvas: &Canvas<'_>, base: f64) -> Result<(), Error> {
        for fact in &self.placed {
            let y = fact.top + RADIUS + 0.5;
            canvas.line(&[(fact.x, y), (fact.x, base)], Line::new(Token::Ink, 0.9))?;
        }
        for fact in &self.placed {
            fact.write(canvas)?;
        }
        Ok(())
    }
}

impl Milestone {
    fn lines(&self) -> usize {
        self.titles.len() + self.texts.len()
    }

    fn write(&self, canvas: &Canvas<'_>) -> Result<(), Error> {
        let y = self.top + RADIUS + 0.5;
        canvas.dot((self.x, y), RADIUS, Token::Ink, None)?;
        let number = Type::new(7.5, Token::Bg).strong().middle();
        canvas.text((self.x, y), &self.number.to_string(), number)?;
        let title = Type::new(TEXT, Token::Ink).strong();
        let text = Type::new(TEXT, Token::Sub);
        let titles = self.titles.iter().map(|line| (line, title));
        let texts = self.texts.iter().map(|line| (line, text));
        for (i, (line, kind)) in titles.chain(texts).enumerate() {
            let middle = self.top + LEADING * (i as f64 + 0.55);
            let width = canvas.measure(line, kind);
            let start = if self.turned { self.x - RADIUS - 4.0 - width } else { self.x + RADIUS + 4.0 };
            // Grid lines and day limits stop around the words.
            let (left, right) = (start - 1.0, start + width + 1.0);
            let ground = Rect::new(left, middle - 4.6, right, middle + 4.6);
            canvas.rect(ground, Token::Bg, None)?;
            canvas.text((start, middle), line, kind)?;
        }
        Ok(())
    }
}
