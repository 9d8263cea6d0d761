//! `vigie query match`: one query asked of a text, or of records.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use serde::Serialize;
use serde_json::{Value as Json, json};
use vigie_model::diagnostic::{Bilingual, Diagnostic};
use vigie_query::record::{Record, Refusal, Value};
use vigie_query::{Field, Parsed, QuerySet, Scratch, Span};

use super::input::{Asked, stdin};
use super::records;
use crate::exit;
use crate::print::Printer;

/// Longest line read as a record, in bytes.
const MOST_BYTES: u64 = 256 << 20;

/// The answer for one record.
#[derive(Serialize)]
struct Answer<'a> {
    record: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Json>,
    /// None when the record could not be read.
    #[serde(rename = "match")]
    found: Option<bool>,
    spans: Vec<Shown<'a>>,
    /// Codes of the warnings about the query.
    lints: &'a [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// A place of evidence: characters of the field, from `start` (in) to `end` (out).
#[derive(Serialize)]
struct Shown<'a> {
    field: &'static str,
    start: usize,
    end: usize,
    text: &'a str,
    #[serde(skip_serializing_if = "is_zero")]
    boost: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form serde asks for")]
fn is_zero(boost: &u32) -> bool {
    *boost == 0
}

/// A query ready to be asked.
struct Ready {
    set: QuerySet,
    lints: Vec<&'static str>,
    scratch: Scratch,
}

impl Ready {
    fn new(asked: &Asked, printer: &Printer) -> Result<Self, u8> {
        let (query, Parsed { diagnostics, .. }) = asked.usable(printer)?;
        let mut lints: Vec<&'static str> = diagnostics.iter().map(|p| p.code.as_str()).collect();
        lints.sort_unstable();
        lints.dedup();
        match QuerySet::new(vec![("query".to_owned(), query)]) {
            Ok(set) => Ok(Self { set, lints, scratch: Scratch::new() }),
            Err(error) => {
                let french = format!("la requête ne peut être compilée : {error}");
                printer.error("Q002", &Bilingual::new(error.to_string(), french));
                Err(exit::USAGE)
            }
        }
    }

    fn answer(&mut self, record: &Record, number: u64, id: Option<Json>) -> (bool, String) {
        let facts = record.facts();
        let hits = self.set.matches(&record.document(&facts), &mut self.scratch);
        let spans = hits.first().map(|hit| shown(&hit.spans, record)).unwrap_or_default();
        let found = !hits.is_empty();
        let answer = Answer { record: number, id, found: Some(found), spans, lints: &self.lints, error: None };
        (found, line(&answer))
    }
}

fn line(answer: &Answer<'_>) -> String {
    serde_json::to_string(answer).unwrap_or_else(|error| json!({"error": error.to_string()}).to_string())
}

/// Evidence with places counted in characters, in one walk through each field.
fn shown<'r>(spans: &[Span], record: &'r Record) -> Vec<Shown<'r>> {
    let mut at: (Option<Field>, usize, usize) = (None, 0, 0);
    let mut out = Vec::with_capacity(spans.len());
    for span in spans {
        let text = record.text(span.field).unwrap_or_default();
        let Some(found) = text.get(span.range.clone()) else { continue };
        if at.0 != Some(span.field) || at.1 > span.range.start {
            at = (Some(span.field), 0, 0);
        }
        at.2 += text.get(at.1..span.range.start).map_or(0, |t| t.chars().count());
        at.1 = span.range.start;
        out.push(Shown {
            field: span.field.row().name,
            start: at.2,
            end: at.2 + found.chars().count(),
            text: found,
            boost: span.boost,
        });
    }
    out
}

/// One text: status 0 when the query finds it, 1 when not.
pub(super) fn one(asked: &Asked, text: Option<&str>, fields: &[String], printer: &Printer) -> Result<u8, u8> {
    let mut record = Record::new();
    for field in fields {
        set(&mut record, field, printer)?;
    }
    let mut ready = Ready::new(asked, printer)?;
    // A document may have no body: then nothing waits for one.
    let body = match text {
        Some(text) => Some(text.to_owned()),
        None if fields.is_empty() => Some(stdin(printer)?),
        None => None,
    };
    if let Some(body) = body {
        let _ = record.set("body", &Value::Text(body), None);
    }
    let (found, line) = ready.answer(&record, 1, None);
    printer.data(&line);
    let words = if found { Bilingual::new("found", "trouvé") } else { Bilingual::new("not found", "non trouvé") };
    printer.say("query.match", &words, json!({"match": found}));
    Ok(if found { exit::COMPLETE } else { exit::NO_REPORT })
}

/// `followers=120`, `title=Rappel`.
fn set(record: &mut Record, typed: &str, printer: &Printer) -> Result<(), u8> {
    let (name, value) = typed.split_once('=').unwrap_or((typed, ""));
    let refused = match record.set(name, &Value::Text(value.to_owned()), None) {
        Ok(()) => return Ok(()),
        Err(Refusal::UnknownName) => Bilingual::new(
            format!("`{name}` is no field of the query language; write NAME=VALUE, as in title=Recall"),
            format!("`{name}` n'est pas un champ du langage de requête ; écrivez NOM=VALEUR, comme title=Rappel"),
        ),
        Err(Refusal::BadValue(words)) => Bilingual::new(words.en, words.fr),
    };
    printer.error("Q003", &refused);
    Err(exit::USAGE)
}

/// Records of a file: one answer per line. Lines that cannot be read are told, and the others are answered.
pub(super) fn many(asked: &Asked, path: &Path, printer: &Printer) -> Result<u8, u8> {
    let mut ready = Ready::new(asked, printer)?;
    let source: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(path).map_err(|error| unreadable(path, &error, printer))?)
    };
    let mut source = BufReader::new(source);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut bytes, mut others) = (Vec::new(), BTreeSet::new());
    let (mut number, mut found, mut bad) = (0u64, 0u64, 0u64);
    let mut place = 0u64;
    loop {
        bytes.clear();
        let read = source.by_ref().take(MOST_BYTES).read_until(b'\n', &mut bytes);
        if read.map_err(|error| unreadable(path, &error, printer))? == 0 {
            break;
        }
        place += 1;
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_start_matches('\u{FEFF}').trim();
        if text.is_empty() {
            continue;
        }
        number += 1;
        let is_utf8 = std::str::from_utf8(&bytes).is_ok();
        let line = match records::read(text, &mut others) {
            Ok(record) => {
                for words in &record.refused {
                    tell(path, place, words, printer);
                }
                bad += u64::from(!record.refused.is_empty() || !is_utf8);
                if !is_utf8 {
                    tell(path, place, &not_utf8(), printer);
                }
                let (is_found, line) = ready.answer(&record.record, number, record.id);
                found += u64::from(is_found);
                line
            }
            Err(words) => {
                tell(path, place, &words, printer);
                bad += 1;
                let error = words.get(printer.language);
                line(&Answer {
                    record: number,
                    id: None,
                    found: None,
                    spans: Vec::new(),
                    lints: &ready.lints,
                    error: Some(error),
                })
            }
        };
        // A reader that goes away (`| head`) has what it wanted.
        if writeln!(out, "{line}").is_err() {
            return Ok(exit::COMPLETE);
        }
    }
    let _ = out.flush();
    sum_up(number, found, bad, &others, printer);
    Ok(if bad > 0 { exit::INCOMPLETE } else { exit::COMPLETE })
}

fn sum_up(number: u64, found: u64, bad: u64, others: &BTreeSet<String>, printer: &Printer) {
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().take(20).map(String::as_str).collect();
        let names = names.join(", ");
        let words = Bilingual::new(
            format!("keys that are no field of the query language were not read: {names}"),
            format!("des clés qui ne sont pas des champs du langage de requête n'ont pas été lues : {names}"),
        );
        printer.diagnostic(&Diagnostic::warning("Q004", words));
    }
    let words = Bilingual::new(
        format!("records: {number}; found: {found}; with a fault: {bad}"),
        format!("enregistrements : {number} ; trouvés : {found} ; fautifs : {bad}"),
    );
    printer.say("query.match", &words, json!({"records": number, "found": found, "faulty": bad}));
}

/// Said of a line in another encoding.
fn not_utf8() -> Bilingual {
    Bilingual::new(
        "not UTF-8; characters that cannot be read were replaced",
        "pas en UTF-8 ; les caractères illisibles ont été remplacés",
    )
}

fn tell(path: &Path, place: u64, words: &Bilingual, printer: &Printer) {
    let file = path.display();
    let words = Bilingual::new(format!("{file}:{place}: {}", words.en), format!("{file}:{place} : {}", words.fr));
    printer.diagnostic(&Diagnostic::warning("Q005", words));
}

fn unreadable(path: &Path, error: &std::io::Error, printer: &Printer) -> u8 {
    let shown = path.display();
    let words =
        Bilingual::new(format!("`{shown}` cannot be read: {error}"), format!("`{shown}` ne peut être lu : {error}"));
    printer.error("Q001", &words);
    exit::USAGE
}
