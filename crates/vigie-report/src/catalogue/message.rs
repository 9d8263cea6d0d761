//! One message: its wordings with slots, typeset and ready to be filled.

use std::collections::BTreeSet;

use vigie_model::locale::Locale;

use super::Error;
use super::read::{Entry, Forms};
use crate::number::{Plural, typeset};

/// A piece of a wording.
#[derive(Clone, Debug)]
enum Part {
    Words(String),
    Slot(String),
}

type Wording = Vec<Part>;

/// A message, complete in both languages.
#[derive(Clone, Debug)]
pub(super) struct Message {
    fr: Forms<Wording>,
    en: Forms<Wording>,
    /// Slots a caller must fill.
    pub(super) slots: BTreeSet<String>,
}

impl Message {
    /// Checks that both languages are there and have the same slots.
    pub(super) fn new(key: &str, file: &str, entry: Entry) -> Result<Option<Self>, Error> {
        if entry.broken {
            return Ok(None);
        }
        let missing = |language| Error::MissingLanguage { key: key.to_owned(), file: file.to_owned(), language };
        let fr = read(key, file, "fr", entry.fr.ok_or_else(|| missing("fr"))?)?;
        let en = read(key, file, "en", entry.en.ok_or_else(|| missing("en"))?)?;
        let (slots, english) = (slots(&fr), self::slots(&en));
        if let Some(slot) = slots.symmetric_difference(&english).next() {
            return Err(Error::SlotsDiffer { key: key.to_owned(), file: file.to_owned(), slot: slot.clone() });
        }
        Ok(Some(Self { fr, en, slots }))
    }

    /// Puts the wordings of an override in place of its own.
    pub(super) fn replace(&mut self, key: &str, file: &str, entry: Entry) -> Result<(), Error> {
        let own = [("fr", entry.fr, &mut self.fr), ("en", entry.en, &mut self.en)];
        for (language, forms, place) in own {
            let Some(forms) = forms else { continue };
            let forms = read(key, file, language, forms)?;
            if let Some(slot) = slots(&forms).difference(&self.slots).next() {
                return Err(Error::UnknownSlot {
                    key: key.to_owned(),
                    file: Some(file.to_owned()),
                    slot: slot.clone(),
                });
            }
            *place = forms;
        }
        Ok(())
    }

    /// The wording of `locale` for `plural`, filled.
    pub(super) fn say(
        &self,
        key: &str,
        locale: Locale,
        plural: Option<Plural>,
        values: &[(&str, &str)],
    ) -> Result<String, Error> {
        if let Some((slot, _)) = values.iter().find(|(slot, _)| !self.slots.contains(*slot)) {
            return Err(Error::UnknownSlot { key: key.to_owned(), file: None, slot: (*slot).to_owned() });
        }
        let forms = if locale.is_french() { &self.fr } else { &self.en };
        let wording = match (forms, plural) {
            (Forms::Plain(wording), _) => wording,
            (Forms::Plural { .. }, None) => {
                return Err(Error::NeedsNumber { key: key.to_owned() });
            }
            (Forms::Plural { one, many, other }, Some(plural)) => match plural {
                Plural::One => one.as_ref().unwrap_or(other),
                Plural::Many => many.as_ref().unwrap_or(other),
                Plural::Other => other,
            },
        };
        let value = |slot: &str| {
            let found = values.iter().find(|(name, _)| *name == slot).map(|(_, value)| *value);
            found.ok_or_else(|| Error::MissingSlot { key: key.to_owned(), slot: slot.to_owned() })
        };
        // A slot must have a value even where this form does not show it: the other edition does.
        for slot in &self.slots {
            value(slot)?;
        }
        let parts = wording.iter().map(|part| match part {
            Part::Words(words) => Ok(words.as_str()),
            Part::Slot(slot) => value(slot),
        });
        parts.collect()
    }
}

fn read(key: &str, file: &str, language: &'static str, forms: Forms<String>) -> Result<Forms<Wording>, Error> {
    let locale = if language == "fr" { Locale::FrCa } else { Locale::EnCa };
    let wording = |text: String| {
        parse(&typeset(locale, &text)).ok_or_else(|| Error::Brace {
            key: key.to_owned(),
            file: file.to_owned(),
            language,
        })
    };
    Ok(match forms {
        Forms::Plain(text) => Forms::Plain(wording(text)?),
        Forms::Plural { one, many, other } => Forms::Plural {
            one: one.map(wording).transpose()?,
            many: many.map(wording).transpose()?,
            other: wording(other)?,
        },
    })
}

/// Words and slots; `None` when a brace has no pair.
fn parse(text: &str) -> Option<Wording> {
    let mut parts = Vec::new();
    let mut words = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.peek() == Some(&c) => {
                chars.next();
                words.push(c);
            }
            '}' => return None,
            '{' => {
                let mut slot = String::new();
                loop {
                    match chars.next()? {
                        '}' => break,
                        c if c.is_alphanumeric() || c == '_' => slot.push(c),
                        _ => return None,
                    }
                }
                parts.push(Part::Words(std::mem::take(&mut words)));
                parts.push(Part::Slot(slot));
            }
            c => words.push(c),
        }
    }
    parts.push(Part::Words(words));
    Some(parts)
}

fn slots(forms: &Forms<Wording>) -> BTreeSet<String> {
    let wordings: Vec<&Wording> = match forms {
        Forms::Plain(wording) => vec![wording],
        Forms::Plural { one, many, other } => one.iter().chain(many).chain([other]).collect(),
    };
    let parts = wordings.into_iter().flatten();
    parts.filter_map(|p| if let Part::Slot(slot) = p { Some(slot.clone()) } else { None }).collect()
}
