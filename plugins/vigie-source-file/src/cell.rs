//! One value of a file, whatever the form of the file.

use std::borrow::Cow;

use crate::config::FIELDS;
use crate::dates::Moment;

/// One value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Cell<'a> {
    #[default]
    Empty,
    Text(Cow<'a, str>),
    Number(f64),
    Moment(Moment),
}

/// The values of one row, in the order of [`FIELDS`].
pub(crate) type Cells<'a> = [Cell<'a>; FIELDS.len()];

impl<'a> Cell<'a> {
    pub(crate) fn borrowed(text: &'a str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(Cow::Borrowed(text)) }
    }

    pub(crate) fn owned(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(Cow::Owned(text)) }
    }

    /// The value as text, without blanks around it; `None` when there is none.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Empty | Self::Moment(_) => None,
            Self::Text(text) => Some(text.trim()).filter(|t| !t.is_empty()).map(Cow::Borrowed),
            Self::Number(number) => Some(Cow::Owned(number_text(*number))),
        }
    }
}

/// A spreadsheet's number as its reader sees it: `12`, not `12.0`. Above 2^53 digits are lost already.
pub(crate) fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        return format!("{number:.0}");
    }
    if number.abs() >= 9_007_199_254_740_992.0 { format!("{number:E}") } else { number.to_string() }
}
