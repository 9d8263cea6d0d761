//! Numbers as people and tools write them: `12,345`, `12 345`, `12.3K`, `N/A`.

/// Which sign separates the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decimal {
    Auto,
    Point,
    Comma,
}

impl Decimal {
    pub(crate) fn new(option: &str) -> Self {
        match option {
            "." => Self::Point,
            "," => Self::Comma,
            _ => Self::Auto,
        }
    }

    /// The number `text` states; `None` when it states none (empty, `N/A`, words).
    pub(crate) fn number(self, text: &str) -> Option<f64> {
        let text = text.trim();
        // Plain digits are nearly all there is.
        if !text.is_empty() && text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit()) {
            return Some(text.bytes().fold(0_u64, |n, b| n * 10 + u64::from(b - b'0')) as f64);
        }
        let (body, factor) = suffix(text);
        let body: String = body
            .chars()
            .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' | '_'))
            .collect();
        if body.is_empty()
            || !body.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | 'e' | 'E'))
        {
            return None;
        }
        let number: f64 = self.plain(&body).parse().ok()?;
        number.is_finite().then_some(number * factor)
    }

    /// The text with a point for decimals and nothing for thousands.
    fn plain(self, text: &str) -> String {
        let decimal = match self {
            Self::Point => Some('.'),
            Self::Comma => Some(','),
            Self::Auto => guess(text),
        };
        text.chars()
            .filter_map(|c| match c {
                '.' | ',' if Some(c) == decimal => Some('.'),
                '.' | ',' => None,
                other => Some(other),
            })
            .collect()
    }
}

/// The decimal sign of a text that does not say: the last of two different ones; a single one unless exactly three
/// digits follow a comma (`12,345`). A point before three digits is a decimal point.
fn guess(text: &str) -> Option<char> {
    let marks: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| matches!(c, '.' | ',')).collect();
    let (last_at, last) = *marks.last()?;
    if marks.iter().any(|(_, c)| *c != last) {
        return Some(last);
    }
    if marks.len() > 1 {
        return None;
    }
    let after = text.len() - last_at - 1;
    (last == '.' || after != 3).then_some(last)
}

fn suffix(text: &str) -> (&str, f64) {
    let Some(last) = text.chars().last() else { return (text, 1.0) };
    let factor = match last {
        'k' | 'K' => 1e3,
        'm' | 'M' => 1e6,
        'b' | 'B' => 1e9,
        _ => return (text, 1.0),
    };
    (text[..text.len() - last.len_utf8()].trim_end(), factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, number) in [
            ("12345", 12_345.0),
            ("12,345", 12_345.0),
            ("12 345", 12_345.0),
            ("12\u{a0}345", 12_345.0),
            ("12\u{202f}345,5", 12_345.5),
            ("1,234,567", 1_234_567.0),
            ("1.234,5", 1_234.5),
            ("1,234.5", 1_234.5),
            ("12.3K", 12_300.0),
            ("1,5 M", 1_500_000.0),
            ("-3", -3.0),
            ("4.0", 4.0),
            ("1E3", 1_000.0),
        ] {
            assert_eq!(Decimal::Auto.number(text), Some(number), "{text}");
        }
        for nothing in ["", " ", "N/A", "n/a", "-", "abc", "inf", "NaN", "1e999"] {
            assert_eq!(Decimal::Auto.number(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_declared_decimal_mark_decides() {
        assert_eq!(Decimal::Comma.number("12,345"), Some(12.345));
        assert_eq!(Decimal::Comma.number("12.345"), Some(12_345.0));
        assert_eq!(Decimal::Point.number("12,345"), Some(12_345.0));
        assert_eq!(Decimal::Point.number("12.6"), Some(12.6));
    }
}
