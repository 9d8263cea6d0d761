//! Text as runs: words, emphasis, references. Never markup.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vigie_model::locale::Localized;

/// A piece of text with one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "k", rename_all = "snake_case")]
pub enum Run {
    /// Plain words.
    T {
        /// The words.
        t: String,
    },
    /// Words that matter (bold).
    B {
        /// The words.
        t: String,
    },
    /// A reference to a section or figure of the same report.
    Ref {
        /// The words.
        t: String,
        /// Section or figure id.
        to: String,
    },
}

/// A paragraph of one edition.
pub type Paragraph = Vec<Run>;

/// A paragraph in every edition of the report.
pub type Text = Localized<Paragraph>;

/// Words without any emphasis, in every edition.
pub type Words = Localized<String>;

/// A paragraph read from a catalogue: `**…**` marks emphasis, nothing else is special.
pub fn paragraph(text: &str) -> Paragraph {
    text.split("**")
        .enumerate()
        .filter(|(_, t)| !t.is_empty())
        .map(|(i, t)| if i % 2 == 1 { Run::B { t: t.to_owned() } } else { Run::T { t: t.to_owned() } })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_mark_emphasis() {
        assert_eq!(
            paragraph("Nordet obtient **35 %** du total"),
            vec![Run::T { t: "Nordet obtient ".into() }, Run::B { t: "35 %".into() }, Run::T { t: " du total".into() }]
        );
    }
}
