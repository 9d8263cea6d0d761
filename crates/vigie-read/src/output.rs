//! Readings as NDJSON, CSV or Parquet.

use std::io::{BufWriter, Write};

use serde_json::Value;
use vigie_text::emotion::Emotion;
use vigie_text::tone::{Tone, ToneClass};

use crate::Job;
use crate::error::Error;
use crate::input::Row;
use crate::parquet_writer::ParquetTable;
use crate::reading::RowReading;

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per line.
    Ndjson,
    /// CSV; maps and lists are JSON in their cell, and words that a spreadsheet would take for a formula
    /// get an apostrophe.
    Csv,
    /// Parquet; maps and lists are JSON text.
    Parquet,
}

/// What every row says, in this order, after the kept columns.
const KEYS: [&str; 11] = [
    "lang",
    "lang_basis",
    "tone",
    "p_neg",
    "p_neu",
    "p_pos",
    "entities",
    "intents",
    "flags",
    "story_id",
    "p_complaint",
];

/// What it says as well when emotions are asked for.
const EMOTION_KEYS: [&str; 3] = ["emotion", "p_anger", "p_joy"];

/// What every row of a job says.
fn keys(emotion: bool) -> Vec<&'static str> {
    let more: &[&str] = if emotion { &EMOTION_KEYS } else { &[] };
    KEYS.iter().chain(more).copied().collect()
}

/// A table being written.
pub(crate) struct Table {
    form: Form,
    /// Names of the kept columns in the output.
    kept: Vec<String>,
    /// Names of what was read.
    keys: Vec<&'static str>,
    entities: Vec<String>,
    emotion: bool,
}

enum Form {
    Ndjson(BufWriter<Box<dyn Write + Send>>),
    Csv(Box<csv::Writer<Box<dyn Write + Send>>>),
    Parquet(Box<ParquetTable>),
}

impl Table {
    pub(crate) fn new(out: Box<dyn Write + Send>, job: &Job<'_>) -> Result<Self, Error> {
        let keys = keys(job.emotion);
        let kept: Vec<String> = job.columns.kept.iter().map(|name| kept_name(name)).collect();
        let form = match job.format {
            Format::Ndjson => Form::Ndjson(BufWriter::with_capacity(1 << 18, out)),
            Format::Csv => {
                let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(out);
                let head = kept.iter().map(String::as_str).chain(keys.iter().copied());
                writer.write_record(head).map_err(csv_failed)?;
                Form::Csv(Box::new(writer))
            }
            Format::Parquet => Form::Parquet(Box::new(ParquetTable::new(out, &kept, &keys)?)),
        };
        Ok(Self { form, kept, keys, entities: job.entities.ids.clone(), emotion: job.emotion })
    }

    pub(crate) fn write(&mut self, row: &Row, read: &RowReading, story: u64) -> Result<(), Error> {
        let values = values(row, read, story, &self.entities, self.emotion);
        match &mut self.form {
            Form::Ndjson(out) => {
                let read = self.keys.iter().copied().zip(&values);
                let pairs = self.kept.iter().map(String::as_str).zip(&row.kept).chain(read);
                for (at, (key, value)) in pairs.enumerate() {
                    let before = if at == 0 { "{" } else { "," };
                    write!(out, "{before}{}:{value}", Value::from(key))?;
                }
                out.write_all(b"}\n")?;
            }
            Form::Csv(out) => out.write_record(row.kept.iter().chain(&values).map(cell)).map_err(csv_failed)?,
            Form::Parquet(out) => out.write(row.kept.iter().map(plain).collect(), &values)?,
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<(), Error> {
        match self.form {
            Form::Ndjson(mut out) => out.flush()?,
            Form::Csv(mut out) => out.flush()?,
            Form::Parquet(out) => out.finish()?,
        }
        Ok(())
    }
}

/// A kept column never takes the place of a reading.
fn kept_name(name: &str) -> String {
    if KEYS.contains(&name) || EMOTION_KEYS.contains(&name) { format!("input_{name}") } else { name.to_owned() }
}

/// A reading as values, in the order of the keys.
fn values(row: &Row, read: &RowReading, story: u64, ids: &[String], emotion: bool) -> Vec<Value> {
    let reading = &read.reading;
    let tone = &reading.tone;
    let entities: serde_json::Map<String, Value> = read
        .entities
        .iter()
        .zip(&reading.targets)
        .filter_map(|(entity, tone)| Some((ids.get(*entity)?.clone(), tone.class.as_str().into())))
        .collect();
    let mut values = vec![
        reading.language.code.into(),
        reading.language.basis.as_str().into(),
        tone.class.as_str().into(),
        toned(tone, tone.p_neg),
        toned(tone, tone.p_neu),
        toned(tone, tone.p_pos),
        Value::Object(entities),
        reading.intents.found.iter().map(|i| Value::from(i.as_str())).collect(),
        flags(row, read).into_iter().map(Value::from).collect(),
        story.into(),
        toned(tone, reading.intents.complaint),
    ];
    if emotion {
        values.extend(match &reading.emotion {
            None => [Value::Null, Value::Null, Value::Null],
            Some(e) => {
                [e.likeliest().as_str().into(), probability(e.of(Emotion::Anger)), probability(e.of(Emotion::Joy))]
            }
        });
    }
    values
}

/// A probability; nothing when the tone was not read.
fn toned(tone: &Tone, p: f32) -> Value {
    if tone.class == ToneClass::Unknown { Value::Null } else { probability(p) }
}

/// Four decimals.
fn probability(p: f32) -> Value {
    ((f64::from(p) * 1e4).round() / 1e4).into()
}

fn flags(row: &Row, read: &RowReading) -> Vec<String> {
    let no_text = row.problem.is_none() && row.text.as_deref().is_none_or(|t| t.trim().is_empty());
    let all = [
        (row.problem.is_some(), "unreadable"),
        (no_text, "no_text"),
        (read.reading.few_tokens && row.problem.is_none() && !no_text, "short"),
        (read.reading.cut, "cut"),
        (read.reading.repost, "repost"),
        (read.reading.tone.is_unsure(), "unsure"),
    ];
    let mut flags: Vec<String> = all.iter().filter(|(holds, _)| *holds).map(|(_, name)| (*name).to_owned()).collect();
    flags.extend(read.reading.noise.iter().map(|n| n.as_str().to_owned()));
    flags.extend(read.reading.crises.iter().map(|c| format!("crisis:{}:{}", c.theme, c.severity)));
    let mut personal: Vec<&str> = read.reading.personal.iter().map(|p| p.kind.as_str()).collect();
    personal.sort_unstable();
    personal.dedup();
    flags.extend(personal.into_iter().map(|kind| format!("personal:{kind}")));
    flags
}

/// A value as the text of a cell.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// A cell of a CSV: what a spreadsheet would run as a formula is made text.
fn cell(value: &Value) -> String {
    match value {
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        other => plain(other).unwrap_or_default(),
    }
}

fn csv_failed(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => Error::Write(source),
        other => Error::Write(std::io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_columns_do_not_hide_readings() {
        assert_eq!((kept_name("tone"), kept_name("label")), ("input_tone".to_owned(), "label".to_owned()));
    }

    #[test]
    fn cells_are_never_formulas() {
        assert_eq!(cell(&"=1+1".into()), "'=1+1");
        assert_eq!((cell(&Value::Null), cell(&(-1).into())), (String::new(), "-1".to_owned()));
    }
}
