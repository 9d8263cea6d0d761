//! What a query is asked about: the texts and the facts of one document.

use jiff::civil::Date;

use crate::field::Field;

/// A day and, when known, an hour, both in the report's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Date,
    /// The hour, 0 to 23. None when only the day is known.
    pub hour: Option<i8>,
}

/// One value of a typed field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fact<'a> {
    /// Words: accounts, hosts, codes, labels, choices.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A point in time.
    Moment(Moment),
}

/// The texts and the facts of one document. An absent text or fact is unknown: no condition on it holds.
///
/// A field may have several facts (`links`, `tag`, `is`…): a condition holds when one of them does. Some are
/// read from others as well: `week`, `month`, `hour` and `weekday` from `date`; `site`, when not given, from `host`
/// and `url`, `host` from `url`; `engagement`, when not given, from `likes`, `comments` and `shares`; `url` and `links` from the addresses in the texts; `has:` from the other facts and the
/// texts, but `has:image` and `has:video` need a `has` fact.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'a> {
    /// Title.
    pub title: Option<&'a str>,
    /// Body.
    pub body: Option<&'a str>,
    /// Image description.
    pub alt: Option<&'a str>,
    /// Transcript.
    pub transcript: Option<&'a str>,
    /// Quoted parent text; searched only by `quoted:` and `any:`.
    pub quoted: Option<&'a str>,
    /// Marked lead; searched only by `lead:` and `any:`, since the body usually repeats it. None: `lead:`
    /// searches the first paragraph of the body.
    pub lead: Option<&'a str>,
    /// Typed values, in any order.
    pub facts: &'a [(Field, Fact<'a>)],
}

impl<'a> Document<'a> {
    /// A document with only a body.
    pub fn of_text(body: &'a str) -> Self {
        Self { body: Some(body), ..Self::default() }
    }

    /// The texts in search order. The order matters: default fields come first.
    pub(crate) fn texts(&self) -> [(Field, Option<&'a str>); 6] {
        [
            (Field::Title, self.title),
            (Field::Body, self.body),
            (Field::Alt, self.alt),
            (Field::Transcript, self.transcript),
            (Field::Quoted, self.quoted),
            (Field::Lead, self.lead),
        ]
    }

    /// The values of a field.
    pub(crate) fn values(&self, field: Field) -> impl Iterator<Item = Fact<'a>> {
        self.facts.iter().filter(move |(f, _)| *f == field).map(|(_, fact)| *fact)
    }
}
