//! Which form of a noun a number takes.

use icu_locale_core::locale;
use icu_plurals::{PluralCategory, PluralRules};
use vigie_model::locale::Locale;

use super::quantity::round;

/// Form of a noun after a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plural {
    /// `1 mention`; in French also `0 mention` and `1,9 mention`.
    One,
    /// `1 000 000 de mentions`: French after whole millions.
    Many,
    /// `2 mentions`.
    Other,
}

thread_local! {
    static FRENCH: PluralRules = rules(&locale!("fr"));
    static ENGLISH: PluralRules = rules(&locale!("en"));
}

fn rules(locale: &icu_locale_core::Locale) -> PluralRules {
    PluralRules::try_new_cardinal(locale.into()).expect("French and English plural rules are compiled in")
}

/// Form of the noun that follows `value` as shown with `decimals` digits.
pub fn plural(locale: Locale, value: f64, decimals: u8) -> Plural {
    let Some(number) = round(value, decimals) else {
        return Plural::Other;
    };
    let rules = if locale.is_french() { &FRENCH } else { &ENGLISH };
    match rules.with(|r| r.category_for(&number)) {
        PluralCategory::One => Plural::One,
        PluralCategory::Many => Plural::Many,
        _ => Plural::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Plural::{Many, One, Other};

    #[test]
    fn french_and_english_disagree_about_zero_and_fractions() {
        let cases = [(0.0, 0), (1.0, 0), (1.9, 1), (2.0, 0), (-1.0, 0), (0.96, 1), (1_000_000.0, 0), (f64::NAN, 0)];
        assert_eq!(cases.map(|(v, d)| plural(Locale::FrCa, v, d)), [One, One, One, Other, One, One, Many, Other]);
        assert_eq!(
            cases.map(|(v, d)| plural(Locale::EnCa, v, d)),
            [Other, One, Other, Other, One, Other, Other, Other]
        );
    }
}
