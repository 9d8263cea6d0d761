//! Where a sentence or a paragraph ends, decided when the next token arrives.

use super::abbreviations::{StopAfter, begins_sentence, stop_after};

/// The strongest mark after the last word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    #[default]
    None,
    /// A full stop.
    Stop,
    /// Three dots.
    Dots,
    /// An exclamation or question mark.
    Strong,
}

/// The strongest border of layout after the last word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Border {
    #[default]
    None,
    /// A new line that begins a list item.
    Item,
    /// A blank line or a block element.
    Paragraph,
}

/// What was seen since the last counted token.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pending {
    mark: Mark,
    border: Border,
    /// White space was seen after the mark.
    space: bool,
    /// A closing quote or bracket was seen after the mark.
    closer: bool,
}

impl Pending {
    /// Notes a punctuation mark written `run` times.
    pub(super) fn mark(&mut self, c: char, run: usize) {
        let mark = match c {
            '.' if run == 1 => Mark::Stop,
            '.' | '…' => Mark::Dots,
            '!' | '?' | '。' | '！' | '？' | '‼' | '⁉' => Mark::Strong,
            '"' | '”' | '»' | '’' | ')' | ']' | '}' => {
                self.closer = self.closer || self.mark != Mark::None;
                return;
            }
            _ => return,
        };
        self.mark = self.mark.max(mark);
        // Scripts that write no spaces end a sentence with the mark alone.
        self.space = matches!(c, '。' | '！' | '？');
    }

    /// Notes white space.
    pub(super) fn blank(&mut self) {
        self.space = true;
    }

    /// Notes a paragraph border.
    pub(super) fn paragraph(&mut self) {
        self.border = Border::Paragraph;
    }

    /// Notes a line that begins like a list item.
    pub(super) fn item(&mut self) {
        self.border = self.border.max(Border::Item);
    }

    /// True when something seen may end the sentence.
    pub(super) fn is_active(self) -> bool {
        self.mark != Mark::None || self.border != Border::None
    }

    /// True when a paragraph border was seen.
    pub(super) fn has_paragraph(self) -> bool {
        self.border == Border::Paragraph
    }

    /// True when the token that arrives begins a new sentence.
    ///
    /// `before` is the folded word before the mark, `next` the folded word that arrives and `capital`
    /// tells whether it begins with one (digits and symbols count as capitals).
    pub(super) fn ends(self, before: &str, before_joined: bool, next: &str, capital: bool) -> bool {
        if self.border != Border::None {
            return true;
        }
        if !self.space || (self.closer && !capital) {
            return false;
        }
        match self.mark {
            Mark::None => false,
            Mark::Strong => true,
            Mark::Dots => capital,
            Mark::Stop => match stop_after(before) {
                StopAfter::Ends => true,
                StopAfter::EndsBeforeCapital => capital,
                StopAfter::Continues => false,
                StopAfter::Initial => capital && (begins_sentence(next) || (before_joined && self.closer)),
            },
        }
    }
}
