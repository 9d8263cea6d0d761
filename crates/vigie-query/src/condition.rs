//! Conditions on typed fields, compiled once and asked of every document.

use vigie_text::normalize::{exact, fold};
use vigie_text::segment::{Segments, TokenKind};

use crate::dates;
use crate::document::{Document, Fact, Moment};
use crate::field::{Field, Kind, choice};
use crate::glob::Glob;
use crate::matcher::Text;
use crate::syntax::{Condition, NumberRange, Test};

/// A compiled condition.
#[derive(Debug, Clone)]
pub(crate) struct CompiledCondition {
    field: Field,
    tests: Vec<CompiledTest>,
}

#[derive(Debug, Clone)]
enum CompiledTest {
    Equal(String),
    Glob(Glob),
    Exact(String),
    /// A host and its sub-domains.
    Domain(String),
    /// A host alone. Hosts have no case.
    Host(String),
    /// Part of an address.
    Within(String),
    /// A code or the start of a longer one.
    Code(String),
    Number(NumberRange),
    Days(dates::DateRange),
    Weekday(jiff::civil::Weekday),
    Flag(bool),
}

impl CompiledCondition {
    pub(crate) fn new(condition: &Condition) -> Self {
        let mut tests = Vec::new();
        compile(condition.field, &condition.test, &mut tests);
        Self { field: condition.field, tests }
    }

    /// Which field is asked.
    pub(crate) fn field(&self) -> Field {
        self.field
    }

    /// Whether the condition holds, as far as it can be told without the addresses in the texts.
    pub(crate) fn holds_without_texts(&self, document: &Document<'_>) -> Option<bool> {
        if self.holds(document, &Addresses { texts: &[], segments: &[] }) {
            return Some(true);
        }
        let asks_texts = match self.field {
            Field::Url | Field::Links => true,
            Field::Has => self.tests.iter().any(|test| matches!(test, CompiledTest::Equal(part) if part == "link")),
            _ => false,
        };
        (!asks_texts).then_some(false)
    }

    /// True when one value of the field passes one test. Missing values pass none. `addresses` are those found
    /// in the texts.
    pub(crate) fn holds(&self, document: &Document<'_>, addresses: &Addresses<'_>) -> bool {
        self.tests.iter().any(|test| self.passes(test, document, addresses))
    }

    fn passes(&self, test: &CompiledTest, document: &Document<'_>, addresses: &Addresses<'_>) -> bool {
        let field = self.field;
        if document.values(field).any(|fact| test.fits(fact, field)) {
            return true;
        }
        // What other facts and the texts say of the field.
        match (field, test) {
            (Field::Has, CompiledTest::Equal(part)) => has(part, document, addresses),
            (Field::Week | Field::Month, _) => moments(document).any(|m| test.fits(Fact::Moment(m), field)),
            (Field::Hour, CompiledTest::Number(range)) => {
                moments(document).any(|m| m.hour.is_some_and(|h| range.contains(f64::from(h))))
            }
            (Field::Weekday, CompiledTest::Weekday(day)) => moments(document).any(|m| m.day.weekday() == *day),
            (Field::Engagement, CompiledTest::Number(range)) if document.values(field).next().is_none() => {
                reactions(document).is_some_and(|n| range.contains(n))
            }
            (Field::Site, _) if document.values(field).next().is_none() => {
                let mut hosts = document.values(Field::Host).chain(document.values(Field::Url));
                hosts.any(|fact| test.fits(fact, Field::Site))
            }
            (Field::Host, _) if document.values(field).next().is_none() => {
                document.values(Field::Url).any(|fact| test.fits(fact, Field::Site))
            }
            (Field::Url | Field::Links, _) => addresses.iter().any(|address| test.fits(Fact::Text(address), field)),
            _ => false,
        }
    }
}

/// The web addresses in the texts of a document that are searched by default.
#[derive(Clone, Copy)]
pub(crate) struct Addresses<'a> {
    pub(crate) texts: &'a [Text<'a>],
    pub(crate) segments: &'a [Segments],
}

impl<'a> Addresses<'a> {
    fn iter(&self) -> impl Iterator<Item = &'a str> {
        let segments = self.segments;
        let searched = self.texts.iter().filter(|t| !matches!(t.field, Field::Quoted | Field::Lead));
        searched.flat_map(move |text| {
            let tokens = segments[text.slot].tokens().iter().filter(|t| t.kind == TokenKind::Url);
            tokens.filter_map(|t| text.content.get(t.original()))
        })
    }
}

fn moments<'a>(document: &'a Document<'_>) -> impl Iterator<Item = Moment> + 'a {
    document.values(Field::Date).filter_map(|fact| if let Fact::Moment(m) = fact { Some(m) } else { None })
}

/// Likes, comments and shares together, as far as they are known.
fn reactions(document: &Document<'_>) -> Option<f64> {
    let parts = [Field::Likes, Field::Comments, Field::Shares];
    let known = parts.iter().flat_map(|field| document.values(*field));
    known.filter_map(|fact| if let Fact::Number(n) = fact { Some(n) } else { None }).reduce(|a, b| a + b)
}

/// What a document has, read from its other facts and its texts.
fn has(part: &str, document: &Document<'_>, addresses: &Addresses<'_>) -> bool {
    let present = |fields: &[Field]| fields.iter().any(|f| document.values(*f).next().is_some());
    match part {
        "link" => present(&[Field::Links]) || addresses.iter().next().is_some(),
        "rating" => present(&[Field::Rating]),
        "followers" => present(&[Field::Followers]),
        "engagement" => present(&[Field::Engagement, Field::Likes, Field::Comments, Field::Shares]),
        "location" => present(&[Field::Country, Field::Region, Field::City]),
        "text" => document.texts().iter().any(|(_, text)| text.is_some_and(|t| !t.trim().is_empty())),
        _ => false,
    }
}

fn compile(field: Field, test: &Test, out: &mut Vec<CompiledTest>) {
    match test {
        Test::OneOf(list) => list.iter().for_each(|t| compile(field, t, out)),
        Test::InList(_, values) => values.iter().for_each(|value| compile(field, &Test::Is(value.clone()), out)),
        Test::Number(range) => out.push(CompiledTest::Number(*range)),
        Test::Days(range) => out.push(CompiledTest::Days(range.clone())),
        Test::Exactly(value) if matches!(field, Field::Site | Field::Host) => {
            out.push(CompiledTest::Host(host_of(&fold(value.trim())).to_owned()));
        }
        Test::Exactly(value) => out.push(CompiledTest::Exact(exact(value))),
        Test::Is(value) => out.extend(compile_value(field.kind(), value)),
    }
}

fn compile_value(kind: Kind, value: &str) -> Option<CompiledTest> {
    let folded = fold(value.trim());
    if let Kind::Flag = kind {
        return Some(CompiledTest::Flag(folded == "true"));
    }
    if let Kind::Weekday = kind {
        return dates::weekday(&folded).map(CompiledTest::Weekday);
    }
    let bare = match kind {
        Kind::Account => folded.trim_start_matches('@').to_owned(),
        Kind::Site => host_of(&folded).to_owned(),
        _ => folded,
    };
    if bare.contains(['*', '?']) && kind != Kind::Address {
        return Some(CompiledTest::Glob(Glob::new(&bare, '*', '?')));
    }
    Some(match kind {
        Kind::Site => CompiledTest::Domain(bare),
        Kind::Address if bare.contains('*') => CompiledTest::Glob(Glob::new(&format!("*{bare}*"), '*', '\0')),
        Kind::Address => CompiledTest::Within(bare),
        Kind::LocaleCode => CompiledTest::Code(bare.replace('_', "-")),
        _ => CompiledTest::Equal(bare),
    })
}

/// `https://www.example.com/x` and `example.com/` both give a host.
fn host_of(value: &str) -> &str {
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest).trim_end_matches('.')
}

impl CompiledTest {
    fn fits(&self, fact: Fact<'_>, field: Field) -> bool {
        match (self, fact) {
            (Self::Number(range), Fact::Number(value)) => range.contains(value),
            (Self::Days(range), Fact::Moment(moment)) => range.contains(moment.day),
            (Self::Flag(wanted), Fact::Flag(value)) => *wanted == value,
            (Self::Flag(wanted), Fact::Text(value)) => fold(value) == wanted.to_string(),
            (Self::Weekday(wanted), Fact::Text(value)) => dates::weekday(value) == Some(*wanted),
            (Self::Exact(wanted), Fact::Text(value)) => exact(value.trim()) == *wanted,
            (Self::Equal(wanted), Fact::Number(value)) => value.to_string() == *wanted,
            (_, Fact::Text(value)) => self.fits_text(value, field),
            _ => false,
        }
    }

    fn fits_text(&self, value: &str, field: Field) -> bool {
        let folded = fold(value.trim());
        let value = match field.kind() {
            Kind::Account => folded.trim_start_matches('@'),
            Kind::Site => host_of(&folded),
            Kind::Keyword if field == Field::Host => host_of(&folded),
            Kind::Choice(names) => choice(names, &folded).unwrap_or(&folded),
            _ => folded.as_str(),
        };
        match self {
            Self::Equal(wanted) | Self::Host(wanted) => value == wanted,
            Self::Glob(glob) => glob.matches(value),
            Self::Domain(domain) => {
                let wanted = domain.strip_prefix("www.").unwrap_or(domain);
                value == wanted || value.strip_suffix(wanted).is_some_and(|sub| sub.ends_with('.'))
            }
            Self::Within(part) => value.contains(part.as_str()),
            Self::Code(code) => {
                let value = value.replace('_', "-");
                value == *code || value.strip_prefix(code.as_str()).is_some_and(|rest| rest.starts_with('-'))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(field: Field, test: Test, facts: &[(Field, Fact<'_>)]) -> bool {
        let none = Addresses { texts: &[], segments: &[] };
        CompiledCondition::new(&Condition { field, test }).holds(&Document { facts, ..Document::default() }, &none)
    }

    #[test]
    fn sites_match_sub_domains_and_exact_hosts_do_not() {
        let facts = [(Field::Site, Fact::Text("forum.example.com"))];
        assert!(holds(Field::Site, Test::Is("example.com".into()), &facts));
        assert!(!holds(Field::Site, Test::Is("ample.com".into()), &facts));
        assert!(!holds(Field::Site, Test::Exactly("example.com".into()), &facts));
        assert!(holds(Field::Site, Test::Exactly("forum.example.com".into()), &facts));
    }

    #[test]
    fn missing_values_pass_nothing() {
        let range = NumberRange { low: Some(100.0), low_in: false, high: None, high_in: true };
        assert!(!holds(Field::Followers, Test::Number(range), &[]));
        assert!(holds(Field::Followers, Test::Number(range), &[(Field::Followers, Fact::Number(101.0))]));
        assert!(!holds(Field::Followers, Test::Number(range), &[(Field::Followers, Fact::Number(100.0))]));
    }

    #[test]
    fn codes_match_their_regions() {
        assert!(holds(Field::Lang, Test::Is("fr".into()), &[(Field::Lang, Fact::Text("fr-CA"))]));
        assert!(!holds(Field::Lang, Test::Is("fr".into()), &[(Field::Lang, Fact::Text("fro"))]));
    }
}
