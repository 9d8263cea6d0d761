//! Message catalogues: every sentence of a report, in French and English.
//!
//! A catalogue is TOML: `[sov.lead]` with `fr = "…"` and `en = "…"`, or with the forms of a plural
//! (`fr = { one = "…", other = "…" }`), chosen by the number behind `{n}`. Slots are `{name}`;
//! `{{` and `}}` are braces. `**…**` is kept for [`crate::text::paragraph`]. Our words get the
//! typography of the edition when the catalogue is loaded; what fills a slot is left as it is.

mod error;
mod message;
mod read;

use std::collections::BTreeMap;

use vigie_model::locale::Locale;

pub use error::{Error, LoadErrors};
use message::Message;

use crate::number::{self, Plural};

/// One text file of messages.
#[derive(Clone, Copy, Debug)]
pub struct File<'t> {
    /// Name for messages (`locale/monthly.toml`).
    pub name: &'t str,
    /// TOML text.
    pub text: &'t str,
}

/// All messages of a report, complete in both languages.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    messages: BTreeMap<String, Message>,
}

impl Catalogue {
    /// Reads the catalogues of the program, then the wordings a project puts in their place.
    ///
    /// An override may give one language of a message, and may leave slots out; it may not bring a
    /// key or a slot that the program does not have.
    ///
    /// # Errors
    /// Everything wrong in all files at once.
    pub fn load(files: &[File<'_>], overrides: &[File<'_>]) -> Result<Self, LoadErrors> {
        let mut errors = Vec::new();
        let mut messages = BTreeMap::new();
        for file in files {
            for (key, entry) in read::entries(file, &mut errors) {
                add(&mut messages, file, key, entry, &mut errors);
            }
        }
        for file in overrides {
            for (key, entry) in read::entries(file, &mut errors) {
                replace(&mut messages, file, &key, entry, &mut errors);
            }
        }
        if errors.is_empty() { Ok(Self { messages }) } else { Err(LoadErrors(errors)) }
    }

    /// The message in the language of `locale`, its slots filled.
    ///
    /// # Errors
    /// When there is no such key, when a slot has no value or a value no slot, and when the message
    /// has plural forms ([`Catalogue::say_number`] chooses among them).
    pub fn say(&self, key: &str, locale: Locale, slots: &[(&str, &str)]) -> Result<String, Error> {
        self.find(key)?.say(key, locale, None, slots)
    }

    /// [`Catalogue::say`] for a number of things: fills `{n}` and chooses the plural form.
    ///
    /// # Errors
    /// As [`Catalogue::say`].
    pub fn say_count(&self, key: &str, locale: Locale, n: u64, slots: &[(&str, &str)]) -> Result<String, Error> {
        let shown = number::count(locale, n);
        self.say_driven(key, locale, number::plural(locale, n as f64, 0), &shown, slots)
    }

    /// [`Catalogue::say`] for a value shown with `decimals` digits: fills `{n}` and chooses the
    /// plural form.
    ///
    /// # Errors
    /// As [`Catalogue::say`].
    pub fn say_number(
        &self,
        key: &str,
        locale: Locale,
        (value, decimals): (f64, u8),
        slots: &[(&str, &str)],
    ) -> Result<String, Error> {
        let shown = number::decimal(locale, value, decimals);
        self.say_driven(key, locale, number::plural(locale, value, decimals), &shown, slots)
    }

    fn say_driven(
        &self,
        key: &str,
        locale: Locale,
        plural: Plural,
        shown: &str,
        slots: &[(&str, &str)],
    ) -> Result<String, Error> {
        let mut all = slots.to_vec();
        // A message may use the number for its form only ("marques comparées" beside a big 5).
        if self.slots(key).any(|slot| slot == "n") {
            all.push(("n", shown));
        }
        self.find(key)?.say(key, locale, Some(plural), &all)
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.messages.keys().map(String::as_str)
    }

    /// Names of the slots of a message, in order; nothing when there is no such key.
    pub fn slots(&self, key: &str) -> impl Iterator<Item = &str> {
        self.messages.get(key).into_iter().flat_map(|m| m.slots.iter().map(String::as_str))
    }

    fn find(&self, key: &str) -> Result<&Message, Error> {
        self.messages.get(key).ok_or_else(|| Error::UnknownKey { key: key.to_owned(), file: None })
    }
}

fn add(
    messages: &mut BTreeMap<String, Message>,
    file: &File<'_>,
    key: String,
    entry: read::Entry,
    errors: &mut Vec<Error>,
) {
    match Message::new(&key, file.name, entry) {
        Err(error) => errors.push(error),
        Ok(_) if messages.contains_key(&key) => errors.push(Error::Duplicate { key, file: file.name.to_owned() }),
        Ok(message) => messages.extend(message.map(|m| (key, m))),
    }
}

fn replace(
    messages: &mut BTreeMap<String, Message>,
    file: &File<'_>,
    key: &str,
    entry: read::Entry,
    errors: &mut Vec<Error>,
) {
    let Some(message) = messages.get_mut(key) else {
        errors.push(Error::UnknownKey { key: key.to_owned(), file: Some(file.name.to_owned()) });
        return;
    };
    if let Err(error) = message.replace(key, file.name, entry) {
        errors.push(error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = r#"
[sov.lead]
fr = "**{subject}** obtient {share} des mentions : c'est plus que {other}"
en = "**{subject}** gets {share} of mentions: more than {other}"

[mentions]
fr = { one = "{n} mention de {subject}", many = "{n} de mentions de {subject}", other = "{n} mentions de {subject}" }
en = { one = "{n} mention of {subject}", other = "{n} mentions of {subject}" }

[mentions.title]
fr = "Part de voix ? {{brut}}"
en = "Share of voice? {{raw}}"
"#;

    fn load(text: &str, overrides: &str) -> Result<Catalogue, LoadErrors> {
        Catalogue::load(&[File { name: "base.toml", text }], &[File { name: "own.toml", text: overrides }])
    }

    fn check_errors(text: &str, overrides: &str, expected: &[&str]) {
        let errors = load(text, overrides).unwrap_err();
        let shown: Vec<String> = errors.0.iter().map(ToString::to_string).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn sentences_are_filled_in_both_languages() {
        let c = load(BASE, "").unwrap();
        let slots = [("subject", "L'Ondéa"), ("share", "35,3\u{a0}%"), ("other", "Nordet")];
        assert_eq!(
            c.say("sov.lead", Locale::FrCa, &slots).unwrap(),
            "**L'Ondéa** obtient 35,3\u{a0}% des mentions\u{a0}: c\u{2019}est plus que Nordet"
        );
        assert_eq!(
            c.say("sov.lead", Locale::EnUs, &slots).unwrap(),
            "**L'Ondéa** gets 35,3\u{a0}% of mentions: more than Nordet"
        );
        assert_eq!(c.say("mentions.title", Locale::FrFr, &[]).unwrap(), "Part de voix\u{202f}? {brut}");
        assert_eq!(c.keys().collect::<Vec<_>>(), ["mentions", "mentions.title", "sov.lead"]);
        assert_eq!(c.slots("mentions").collect::<Vec<_>>(), ["n", "subject"]);
    }

    #[test]
    fn a_number_chooses_the_form() {
        let c = load(BASE, "").unwrap();
        let say = |locale, n| c.say_count("mentions", locale, n, &[("subject", "Nordet")]).unwrap();
        assert_eq!(say(Locale::FrCa, 0), "0 mention de Nordet");
        assert_eq!(say(Locale::FrCa, 1234), "1\u{202f}234 mentions de Nordet");
        assert_eq!(say(Locale::FrCa, 2_000_000), "2\u{202f}000\u{202f}000 de mentions de Nordet");
        assert_eq!(say(Locale::EnCa, 0), "0 mentions of Nordet");
        assert_eq!(say(Locale::EnCa, 1), "1 mention of Nordet");
        let half = c.say_number("mentions", Locale::FrCa, (1.5, 1), &[("subject", "X")]).unwrap();
        assert_eq!(half, "1,5 mention de X");
    }

    #[test]
    fn use_is_checked() {
        let c = load(BASE, "").unwrap();
        let slots = [("subject", "a"), ("share", "b")];
        let error = |r: Result<String, Error>| r.unwrap_err().to_string();
        assert_eq!(error(c.say("sov.lead", Locale::FrCa, &slots)), "message `sov.lead`: slot `{other}` has no value");
        let more = [slots[0], slots[1], ("other", "c"), ("else", "d")];
        assert_eq!(error(c.say("sov.lead", Locale::FrCa, &more)), "message `sov.lead` has no slot `{else}`");
        assert_eq!(error(c.say("sov.leed", Locale::FrCa, &slots)), "no message has the key `sov.leed`");
        assert_eq!(
            error(c.say("mentions", Locale::FrCa, &[("subject", "a"), ("n", "2")])),
            "message `mentions` has plural forms; it needs the number behind `{n}`"
        );
    }

    #[test]
    fn everything_wrong_is_told_at_load() {
        check_errors(
            "[a]\nfr = \"x\"\n[b]\nfr = \"{x} et {y}\"\nen = \"{x}\"\n[c]\nfr = { one = \"{n}\" }\nen = \"{n}\"\n[d]\nfr = \"{x\"\nen = 3\n[f]\nfr = \"{x\"\nen = \"x\"\n[e]\nfr = \"é\"\nen = \"e\"\nde = \"e\"",
            "",
            &[
                "base.toml:7: message `c`: plural form `other` is missing in `fr`",
                "base.toml:11: message `d`: `en` must be a text or a table of plural forms",
                "base.toml:18: message `e`: unknown field `de`; write `fr` and `en`",
                "base.toml: message `a` has no `en`",
                "base.toml: message `b`: slot `{y}` is in one language only",
                "base.toml: message `f`: brace without its pair in `fr`",
            ],
        );
        check_errors("[a]\nfr = x", "", &["base.toml:2: string values must be quoted, expected literal string"]);
        check_errors(
            BASE,
            "[sov.lead]\nfr = \"{sujet} mène\"\n[sov.leed]\nfr = \"x\"",
            &["own.toml: message `sov.lead` has no slot `{sujet}`", "own.toml: no message has the key `sov.leed`"],
        );
    }

    #[test]
    fn a_project_may_say_it_otherwise() {
        let c = load(BASE, "[sov.lead]\nfr = \"{subject} mène !\"").unwrap();
        let slots = [("subject", "Nordet"), ("share", "35 %"), ("other", "Telvia")];
        assert_eq!(c.say("sov.lead", Locale::FrCa, &slots).unwrap(), "Nordet mène\u{202f}!");
        assert!(c.say("sov.lead", Locale::EnCa, &slots).unwrap().starts_with("**Nordet** gets"));
    }
}
