//! The editions a report can be written in.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Language and country of an edition; decides words, numbers, dates and typography.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Locale {
    /// French of Canada.
    #[serde(rename = "fr-CA")]
    FrCa,
    /// French of France.
    #[serde(rename = "fr-FR")]
    FrFr,
    /// English of Canada.
    #[serde(rename = "en-CA")]
    EnCa,
    /// English of the United States.
    #[serde(rename = "en-US")]
    EnUs,
}

/// One value per edition, written as `{"fr-CA": …, "en-CA": …}`.
pub type Localized<T> = BTreeMap<Locale, T>;

impl Locale {
    /// All locales vigie writes.
    pub const ALL: [Locale; 4] = [Locale::FrCa, Locale::FrFr, Locale::EnCa, Locale::EnUs];

    /// BCP-47 tag, as written in `vigie.toml` and file names.
    pub fn tag(self) -> &'static str {
        match self {
            Locale::FrCa => "fr-CA",
            Locale::FrFr => "fr-FR",
            Locale::EnCa => "en-CA",
            Locale::EnUs => "en-US",
        }
    }

    /// Whether the edition is written in French.
    pub fn is_french(self) -> bool {
        matches!(self, Locale::FrCa | Locale::FrFr)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// A tag that is none of [`Locale::ALL`].
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an edition vigie writes; use fr-CA, fr-FR, en-CA or en-US")]
pub struct UnknownLocale(pub String);

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|l| l.tag().eq_ignore_ascii_case(tag)).ok_or_else(|| UnknownLocale(tag.to_owned()))
    }
}
