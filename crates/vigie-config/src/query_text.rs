//! A query as typed in a TOML string, and where each of its characters stands in the file.

use std::ops::Range;

use vigie_model::diagnostic::{Bilingual, Diagnostic, Location, Severity};
use vigie_query::{Accents, Dialect, Message, Problem};

/// A query text that remembers its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryText {
    /// The query, TOML escapes resolved.
    pub text: String,
    /// The TOML string, quotes included.
    pub location: Location,
    /// Which words are operators.
    pub dialect: Dialect,
    /// Whether accents count.
    pub accents: Accents,
    /// When the text was put together: which of its bytes were typed as what.
    pub parts: Vec<Part>,
}

/// A piece of a query that was typed on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its bytes in the whole.
    pub range: Range<usize>,
    /// As typed.
    pub typed: QueryText,
}

impl QueryText {
    /// A query that is a whole file, or stands on the command line under the name `file`.
    pub fn whole(text: String, file: impl Into<std::path::PathBuf>, dialect: Dialect, accents: Accents) -> Self {
        let location = Location { file: file.into(), text: text.clone(), span: 0..text.len() };
        Self { text, location, dialect, accents, parts: Vec::new() }
    }

    /// A query of the default dialect, accents folded.
    pub(crate) fn plain(text: String, location: Location) -> Self {
        Self { text, location, dialect: Dialect::default(), accents: Accents::default(), parts: Vec::new() }
    }

    /// Place in the file of the bytes `range` of [`QueryText::text`].
    pub fn locate(&self, range: Range<usize>) -> Location {
        let within = |part: &&Part| part.range.start <= range.start && range.end <= part.range.end;
        if let Some(part) = self.parts.iter().find(within) {
            return part.typed.locate(range.start - part.range.start..range.end - part.range.start);
        }
        let span = self.inner(&range).unwrap_or_else(|| self.location.span.clone());
        Location { span, ..self.location.clone() }
    }

    /// A problem of this query, shown in its file.
    pub fn diagnostic(&self, problem: &Problem) -> Diagnostic {
        let both = |m: &Message| Bilingual::new(&m.en, &m.fr);
        let severity = match problem.severity() {
            vigie_query::Severity::Error => Severity::Error,
            vigie_query::Severity::Warning => Severity::Warning,
        };
        let mut hints: Vec<Bilingual> = problem.hint.iter().map(both).collect();
        let said = |fix: &str| hints.iter().any(|hint| hint.en.contains(fix.trim()));
        if let Some(fix) = problem.fix.as_ref().filter(|fix| !said(fix)) {
            hints.push(Bilingual::new(format!("write `{fix}`"), format!("écrivez `{fix}`")));
        }
        Diagnostic {
            severity,
            code: problem.code.as_str(),
            message: both(&problem.message),
            location: Some(self.locate(problem.span.clone())),
            hints,
        }
    }

    fn inner(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let token = self.location.text.get(self.location.span.clone())?;
        if token == self.text {
            let base = self.location.span.start;
            return Some(base + range.start.min(token.len())..base + range.end.min(token.len()));
        }
        let places = decode(token, &self.text)?;
        let base = self.location.span.start;
        let start = places.get(range.start.min(self.text.len()))? + base;
        let end = places.get(range.end.min(self.text.len()))? + base;
        Some(start..end.max(start))
    }
}

/// For each byte of `text`, and for its end, the byte of `token` it was read from.
///
/// `None` when `token` is not the TOML string that reads as `text`.
fn decode(token: &str, text: &str) -> Option<Vec<usize>> {
    let (open, literal) = ["'''", "\"\"\"", "'", "\""].iter().find(|q| token.starts_with(**q)).map(|q| {
        // A line break right after the opening quotes is no part of the text.
        let body = &token[q.len()..];
        let skipped = match q.len() {
            3 if body.starts_with("\r\n") => 2,
            3 if body.starts_with('\n') => 1,
            _ => 0,
        };
        (q.len() + skipped, q.starts_with('\''))
    })?;
    let mut places = Vec::with_capacity(text.len() + 1);
    let mut at = open;
    for c in text.chars() {
        if !literal {
            at += joined_lines(&token[at..]);
        }
        let width = if literal { c.len_utf8() } else { unit(&token[at..], c)? };
        if literal && !token[at..].starts_with(c) {
            return None;
        }
        places.extend(std::iter::repeat_n(at, c.len_utf8()));
        at += width;
        token.get(at..)?;
    }
    places.push(at);
    Some(places)
}

/// Bytes taken by `\` at the end of a line and the blanks that follow it.
fn joined_lines(rest: &str) -> usize {
    let Some(after) = rest.strip_prefix('\\') else {
        return 0;
    };
    let blanks = after.len() - after.trim_start_matches([' ', '\t', '\r', '\n']).len();
    if blanks > 0 && after[..blanks].contains('\n') { 1 + blanks } else { 0 }
}

/// Bytes of the escape or character at the start of `rest`, which stands for `c`.
fn unit(rest: &str, c: char) -> Option<usize> {
    let Some(escape) = rest.strip_prefix('\\') else {
        return rest.starts_with(c).then(|| c.len_utf8());
    };
    match escape.chars().next()? {
        'u' => Some(6),
        'U' => Some(10),
        'x' => Some(4),
        other => Some(1 + other.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(file: &str, part: &str) -> String {
        let (table, errors) = toml::de::DeTable::parse_recoverable(file);
        assert!(errors.is_empty(), "{errors:?}");
        let value = table.get_ref().get("q").unwrap();
        let query = QueryText {
            text: value.get_ref().as_str().unwrap().to_owned(),
            location: Location { file: "vigie.toml".into(), text: file.to_owned(), span: value.span() },
            dialect: Dialect::default(),
            accents: Accents::default(),
            parts: Vec::new(),
        };
        let start = query.text.find(part).unwrap();
        let place = query.locate(start..start + part.len());
        place.text[place.span].to_owned()
    }

    #[test]
    fn characters_are_found_in_every_kind_of_string() {
        assert_eq!(shown("q = '(é OR b'", "OR"), "OR");
        assert_eq!(shown("q = '''\n\"Caisse\" OR\n  prêt'''", "prêt"), "prêt");
        assert_eq!(shown(r#"q = "\"Caisse\" \u00e9 OR x""#, "OR"), "OR");
        assert_eq!(shown(r#"q = "a \"b\" c""#, "\"b\""), r#"\"b\""#);
        assert_eq!(shown("q = \"\"\"\nun \\\n   deux OR trois\"\"\"", "OR"), "OR");
        assert_eq!(shown("q = '''\r\nun\r\ndeux OR'''", "deux"), "deux");
    }
}
