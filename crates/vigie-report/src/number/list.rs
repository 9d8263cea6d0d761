//! Enumerations, ranks and elision.

use vigie_model::locale::Locale;

/// `a, b et c`; `a, b, and c` in the United States, `a, b and c` in Canada.
pub fn and<S: AsRef<str>>(locale: Locale, items: &[S]) -> String {
    join(locale, items, if locale.is_french() { "et" } else { "and" })
}

/// `a, b ou c`; `a, b, or c` in the United States, `a, b or c` in Canada.
pub fn or<S: AsRef<str>>(locale: Locale, items: &[S]) -> String {
    join(locale, items, if locale.is_french() { "ou" } else { "or" })
}

fn join<S: AsRef<str>>(locale: Locale, items: &[S], word: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first, second] => format!("{first} {word} {second}"),
        [head @ .., last] => {
            let comma = if locale == Locale::EnUs { "," } else { "" };
            format!("{}{comma} {word} {last}", head.join(", "))
        }
    }
}

/// A rank: `1re`, `2e`; `1st`, `2nd`. French ranks are feminine (`place`, `position`).
pub fn rank(locale: Locale, n: u64) -> String {
    if locale.is_french() {
        return if n == 1 { "1re".to_owned() } else { format!("{n}e") };
    }
    let suffix = match (n % 10, n % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

/// `de Nordet`, `d’Ondéa`; `of Nordet` in English.
///
/// A name that begins with h is not elided: whether its h is aspirated cannot be told.
pub fn of(locale: Locale, name: &str) -> String {
    if !locale.is_french() {
        return format!("of {name}");
    }
    let vowel = |c: char| "aeiouyàâäéèêëîïôöùûüœæ".contains(c);
    let elided = name.chars().next().is_some_and(|c| c.to_lowercase().all(vowel));
    if elided { format!("d\u{2019}{name}") } else { format!("de {name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_one_conjunction() {
        let three = ["a", "b", "c"];
        assert_eq!(Locale::ALL.map(|l| and(l, &three)), ["a, b et c", "a, b et c", "a, b and c", "a, b, and c"]);
        assert_eq!(Locale::ALL.map(|l| or(l, &three[..2])), ["a ou b", "a ou b", "a or b", "a or b"]);
        assert_eq!(and(Locale::FrCa, &["a"]), "a");
        assert_eq!(and::<&str>(Locale::FrCa, &[]), "");
    }

    #[test]
    fn ranks() {
        let english = |n| rank(Locale::EnCa, n);
        assert_eq!(
            [1, 2, 3, 4, 11, 12, 13, 21, 112].map(english),
            ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th"]
        );
        assert_eq!([1, 2, 21].map(|n| rank(Locale::FrCa, n)), ["1re", "2e", "21e"]);
    }

    #[test]
    fn elision_looks_at_the_first_letter() {
        assert_eq!(
            ["Nordet", "Ondéa", "Éclair", "Hydro", "3M"].map(|n| of(Locale::FrFr, n)),
            ["de Nordet", "d\u{2019}Ondéa", "d\u{2019}Éclair", "de Hydro", "de 3M"]
        );
        assert_eq!(of(Locale::EnUs, "Ondéa"), "of Ondéa");
    }
}
