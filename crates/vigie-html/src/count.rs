//! Whole numbers, grouped as the language of the edition groups them.

/// `n` with its thousands grouped: `20 234` (narrow no-break space) in French, `20,234` in English.
pub(crate) fn grouped(n: u64, lang: &str) -> String {
    let separator = if lang == "fr" { '\u{202F}' } else { ',' };
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_by_language() {
        assert_eq!(grouped(0, "fr"), "0");
        assert_eq!(grouped(999, "en"), "999");
        assert_eq!(grouped(20_234, "fr"), "20\u{202F}234");
        assert_eq!(grouped(1_020_234, "en"), "1,020,234");
    }
}
