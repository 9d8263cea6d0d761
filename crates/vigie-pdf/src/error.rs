//! Why a report could not be printed.

/// A failure to make the PDF. Nothing was written; the report itself is untouched.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The edition lacks a field or holds one of another type.
    #[error("the report cannot be printed: its model does not match this version of vigie ({0}); compose it again")]
    Edition(#[from] serde_json::Error),
    /// A word of the template is missing in the edition.
    #[error(
        "the report cannot be printed: label `{key}` is missing in this edition; add it to labels.toml in every language"
    )]
    Label {
        /// Key in `labels.toml`.
        key: &'static str,
    },
    /// A date that is no `YYYY-MM-DD`.
    #[error("the report cannot be printed: its date `{date}` is not a date written YYYY-MM-DD")]
    Date {
        /// What was found.
        date: String,
    },
    /// A colour that is no `#RRGGBB`.
    #[error("the report cannot be printed: brand.{field} is `{value}`, expected a colour written #RRGGBB")]
    Color {
        /// Field of the brand.
        field: &'static str,
        /// What was found.
        value: String,
    },
    /// A logo that is neither PNG nor SVG.
    #[error("the report cannot be printed: {reason}; use a PNG or SVG file, or remove the logo")]
    Logo {
        /// What is wrong with it.
        reason: String,
    },
    /// A font file that holds no usable font.
    #[error(
        "the report cannot be printed: extra font file number {number} holds no font; remove it or replace it with a TTF or OTF file"
    )]
    Font {
        /// Position in the list of extra fonts, from 1.
        number: usize,
    },
    /// The typesetter refused the template or the data.
    #[error("the report cannot be printed: {}", .0.join("; "))]
    Typeset(Vec<String>),
    /// The document does not meet the accessibility or archive standard.
    #[error("the PDF would not meet PDF/UA and PDF/A, so none was written: {}", .0.join("; "))]
    Standard(Vec<String>),
}
