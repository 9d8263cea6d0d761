//! A document that owns its texts and facts, filled by the name of each field: lines of JSON, tests in TOML.

use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;

use crate::dates;
use crate::document::{Document, Fact, Moment};
use crate::field::{Field, Kind, choice};
use crate::problem::Message;

/// A value as it comes from a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing: the field is unknown.
    Missing,
    /// Words.
    Text(String),
    /// A number and how it was typed: identifiers may be longer than a float can hold.
    Number(f64, String),
    /// True or false.
    Flag(bool),
    /// Several values of one field.
    Many(Vec<Value>),
    /// A value of another shape, which no field takes.
    Other,
}

/// Why a value was not taken. The rest of the record is usable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No field has this name.
    UnknownName,
    /// The field does not take this value.
    BadValue(Message),
}

/// An owned fact.
#[derive(Debug, Clone, PartialEq)]
enum Owned {
    Text(String),
    Number(f64),
    Flag(bool),
    Moment(Moment),
}

impl Owned {
    fn borrow(&self) -> Fact<'_> {
        match self {
            Self::Text(text) => Fact::Text(text),
            Self::Number(n) => Fact::Number(*n),
            Self::Flag(flag) => Fact::Flag(*flag),
            Self::Moment(moment) => Fact::Moment(*moment),
        }
    }
}

/// A document under construction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    texts: Vec<(Field, String)>,
    facts: Vec<(Field, Owned)>,
}

/// Names that exports and the archive use for our fields.
const OTHER_NAMES: &[(&str, Field)] = &[
    ("published_at", Field::Date),
    ("author_handle", Field::Author),
    ("author_followers", Field::Followers),
    ("replies", Field::Comments),
    ("rating_raw", Field::Rating),
    ("first_seen_at", Field::Collected),
    ("batch_id", Field::Batch),
    ("kind", Field::Is),
];

/// The field that a column or key of this name holds, if any.
pub fn field_of(name: &str) -> Option<Field> {
    let other = || OTHER_NAMES.iter().find(|(known, _)| *known == name).map(|(_, field)| *field);
    Field::from_name(name).filter(|f| *f != Field::Any).or_else(other)
}

impl Record {
    /// An empty record: everything is unknown.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one value. Days and hours are those of `zone` when the value is a moment and a zone is given, else
    /// they are read as written.
    ///
    /// # Errors
    /// When no field has the name, or the field does not take the value; the record is then as before.
    pub fn set(&mut self, name: &str, value: &Value, zone: Option<&TimeZone>) -> Result<(), Refusal> {
        let field = field_of(name).ok_or(Refusal::UnknownName)?;
        let mut facts = Vec::new();
        self.take(field, value, zone, &mut facts)?;
        self.facts.extend(facts.into_iter().map(|fact| (field, fact)));
        Ok(())
    }

    fn take(
        &mut self,
        field: Field,
        value: &Value,
        zone: Option<&TimeZone>,
        out: &mut Vec<Owned>,
    ) -> Result<(), Refusal> {
        match (field.kind(), value) {
            (_, Value::Missing) => {}
            (Kind::Text, Value::Text(text)) => {
                self.texts.retain(|(known, _)| *known != field);
                self.texts.push((field, text.clone()));
            }
            (Kind::Text, _) | (_, Value::Other) => return Err(refusal(field, value)),
            (_, Value::Many(values)) => {
                for one in values {
                    self.take(field, one, zone, out)?;
                }
            }
            (_, Value::Text(text)) if text.trim().is_empty() => {}
            (_, value) => out.push(fact(field, value, zone).ok_or_else(|| refusal(field, value))?),
        }
        Ok(())
    }

    /// The facts, to be kept while the document is asked about.
    pub fn facts(&self) -> Vec<(Field, Fact<'_>)> {
        self.facts.iter().map(|(field, fact)| (*field, fact.borrow())).collect()
    }

    /// The document, with facts that come from [`Record::facts`].
    pub fn document<'a>(&'a self, facts: &'a [(Field, Fact<'a>)]) -> Document<'a> {
        Document {
            title: self.text(Field::Title),
            body: self.text(Field::Body),
            alt: self.text(Field::Alt),
            transcript: self.text(Field::Transcript),
            quoted: self.text(Field::Quoted),
            lead: self.text(Field::Lead),
            facts,
        }
    }

    /// One of the texts, if known.
    pub fn text(&self, field: Field) -> Option<&str> {
        self.texts.iter().find(|(known, _)| *known == field).map(|(_, text)| text.as_str())
    }
}

fn refusal(field: Field, value: &Value) -> Refusal {
    let shown: String = match value {
        Value::Text(text) | Value::Number(_, text) => text.chars().take(40).collect(),
        Value::Flag(flag) => flag.to_string(),
        Value::Missing | Value::Many(_) | Value::Other => "[…]".to_owned(),
    };
    let (en, fr) = match field.kind() {
        Kind::Text => ("a text".to_owned(), "un texte".to_owned()),
        Kind::Number => ("a number".to_owned(), "un nombre".to_owned()),
        Kind::Date => {
            ("2026-08-31 or 2026-08-31T14:00:00Z".to_owned(), "2026-08-31 ou 2026-08-31T14:00:00Z".to_owned())
        }
        Kind::Flag => ("true or false".to_owned(), "true ou false".to_owned()),
        Kind::Weekday => ("monday … sunday".to_owned(), "lundi … dimanche".to_owned()),
        Kind::Choice(names) => {
            let names: Vec<&str> = names.iter().map(|group| group[0]).collect();
            (names.join(", "), names.join(", "))
        }
        _ => ("a text, or a list of texts".to_owned(), "un texte, ou une liste de textes".to_owned()),
    };
    Refusal::BadValue(Message::new(
        format!("{field}: “{shown}” is not taken; wanted: {en}"),
        format!("{field} : « {shown} » n’est pas pris ; attendu : {fr}"),
    ))
}

fn fact(field: Field, value: &Value, zone: Option<&TimeZone>) -> Option<Owned> {
    let text = match value {
        Value::Text(text) | Value::Number(_, text) => text.trim(),
        _ => "",
    };
    match (field.kind(), value) {
        (Kind::Number, Value::Number(n, _)) => Some(Owned::Number(*n)).filter(|_| n.is_finite()),
        (Kind::Number, Value::Text(_)) => text.parse::<f64>().ok().filter(|n| n.is_finite()).map(Owned::Number),
        (Kind::Flag, Value::Flag(flag)) => Some(Owned::Flag(*flag)),
        (Kind::Flag, _) => flag(text).map(Owned::Flag),
        (Kind::Date, Value::Text(_)) => moment(field, text, zone).map(Owned::Moment),
        (Kind::Weekday, Value::Text(_)) => dates::weekday(text).map(|_| Owned::Text(text.to_owned())),
        (Kind::Choice(_), Value::Text(_)) if field == Field::Is && text == "post" => {
            Some(Owned::Text("original".to_owned()))
        }
        (Kind::Choice(names), Value::Text(_)) => choice(names, text).map(|name| Owned::Text(name.to_owned())),
        (Kind::Number | Kind::Date | Kind::Weekday | Kind::Choice(_), _) => None,
        (_, Value::Text(_) | Value::Number(..)) => Some(Owned::Text(text.to_owned())),
        (_, Value::Flag(flag)) => Some(Owned::Text(flag.to_string())),
        _ => None,
    }
}

/// The words of true and false, French and English. None for others.
pub(crate) fn flag(text: &str) -> Option<bool> {
    match vigie_text::normalize::fold(text).as_str() {
        "true" | "yes" | "vrai" | "oui" | "1" => Some(true),
        "false" | "no" | "faux" | "non" | "0" => Some(false),
        _ => None,
    }
}

/// A day, or a day and an hour. Weeks and months stand for their first day.
fn moment(field: Field, text: &str, zone: Option<&TimeZone>) -> Option<Moment> {
    if let Ok(day) = text.parse::<Date>()
        && !text.contains(['T', 't', ' ', ':'])
    {
        return Some(Moment { day, hour: None });
    }
    if matches!(field, Field::Week | Field::Month) {
        return dates::parse(text, None).ok()?.first.map(|day| Moment { day, hour: None });
    }
    let at = |when: DateTime| Moment { day: when.date(), hour: Some(when.hour()) };
    let pieces = Pieces::parse(text).ok()?;
    let written = pieces.date().to_datetime(pieces.time()?);
    match (zone, pieces.to_numeric_offset()) {
        (Some(zone), Some(offset)) => {
            let moment = offset.to_timestamp(written).ok()?;
            Some(at(moment.to_zoned(zone.clone()).datetime()))
        }
        _ => Some(at(written)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> Value {
        Value::Text(t.to_owned())
    }

    #[test]
    fn every_field_of_the_table_can_be_given() {
        for row in crate::field::TABLE.iter().filter(|row| row.field != Field::Any) {
            let value = match row.kind {
                Kind::Number => Value::Number(3.0, "3".to_owned()),
                Kind::Date => text("2026-08-31"),
                Kind::Flag => Value::Flag(true),
                Kind::Weekday => text("lundi"),
                Kind::Choice(names) => text(names[0][0]),
                _ => text("x"),
            };
            let mut record = Record::new();
            assert_eq!(record.set(row.name, &value, None), Ok(()), "{}", row.name);
            assert_eq!(record.facts().len() + usize::from(record.text(row.field).is_some()), 1, "{}", row.name);
            assert!(matches!(record.set(row.name, &Value::Other, None), Err(Refusal::BadValue(_))), "{}", row.name);
        }
        assert_eq!(Record::new().set("nonsense", &text("x"), None), Err(Refusal::UnknownName));
    }

    #[test]
    fn moments_are_read_as_written_or_in_the_zone() {
        let hour = |t: &str, zone: Option<&str>| {
            let zone = zone.map(|z| TimeZone::get(z).unwrap());
            let mut record = Record::new();
            record.set("date", &text(t), zone.as_ref()).unwrap();
            match record.facts()[0].1 {
                Fact::Moment(m) => (m.day.to_string(), m.hour),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(hour("2026-08-31", None), ("2026-08-31".to_owned(), None));
        assert_eq!(hour("2026-08-31T22:15:00-04:00", None), ("2026-08-31".to_owned(), Some(22)));
        assert_eq!(hour("2026-08-31 22:15", None), ("2026-08-31".to_owned(), Some(22)));
        assert_eq!(hour("2026-09-01T02:15:00Z", Some("America/Toronto")), ("2026-08-31".to_owned(), Some(22)));
        assert!(Record::new().set("date", &text("soon"), None).is_err());
    }

    #[test]
    fn long_identifiers_keep_every_digit() {
        let mut record = Record::new();
        record.set("author_id", &Value::Number(1.23e18, "1234567890123456789".to_owned()), None).unwrap();
        assert_eq!(record.facts(), [(Field::AuthorId, Fact::Text("1234567890123456789"))]);
    }
}
