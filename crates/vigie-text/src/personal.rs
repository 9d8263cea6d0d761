//! Personal data in a text: where it stands, so that it can be masked before anything is shown.

use std::ops::Range;

/// A kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A telephone number of North America or France, or one with its country code.
    Phone,
    /// A Canadian social insurance number (SIN, NAS): nine digits with a right check digit.
    Sin,
    /// A French social security number (NIR): thirteen digits and a right key.
    Nir,
    /// An account number (IBAN) with right check digits.
    Iban,
    /// A payment card number with a right check digit.
    Card,
    /// A street with its number, or a Canadian postal code.
    Address,
}

impl Kind {
    /// The word written in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Sin => "sin",
            Self::Nir => "nir",
            Self::Iban => "iban",
            Self::Card => "card",
            Self::Address => "address",
        }
    }
}

/// Personal data met in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personal {
    /// What it is.
    pub kind: Kind,
    /// Byte range in the text.
    pub span: Range<usize>,
}

/// Longest run of digits and separators looked at, in bytes.
const LONGEST_RUN: usize = 40;

/// Personal data in a text, in reading order, without overlaps.
pub fn find(text: &str) -> Vec<Personal> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    // Most texts have nothing of the kind: a digit or an @ is needed.
    if !bytes.iter().any(|b| *b == b'@' || b.is_ascii_digit()) {
        return found;
    }
    emails(text, &mut found);
    ibans(text, &mut found);
    numbers(text, &mut found);
    addresses(text, &mut found);
    found.sort_by_key(|p| (p.span.start, std::cmp::Reverse(p.span.end)));
    let mut end = 0;
    found.retain(|p| {
        let free = p.span.start >= end;
        end = if free { p.span.end } else { end };
        free
    });
    found
}

/// The text with each piece of personal data replaced by its kind between brackets.
///
/// ```
/// assert_eq!(vigie_text::personal::mask("Écrivez à luc@exemple.ca svp"), "Écrivez à [email] svp");
/// ```
pub fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for Personal { kind, span } in find(text) {
        masked.push_str(&text[from..span.start]);
        masked.push('[');
        masked.push_str(kind.as_str());
        masked.push(']');
        from = span.end;
    }
    masked.push_str(&text[from..]);
    masked
}

fn emails(text: &str, found: &mut Vec<Personal>) {
    let bytes = text.as_bytes();
    let local = |b: &u8| b.is_ascii_alphanumeric() || b"._%+-".contains(b);
    for (at, _) in text.match_indices('@') {
        let before = bytes[..at].iter().rev().take(64).take_while(|b| local(b)).count();
        let after =
            bytes[at + 1..].iter().take(255).take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).count();
        let domain = text[at + 1..at + 1 + after].trim_end_matches(['.', '-']);
        let dotted = domain.rsplit_once('.').is_some_and(|(host, top)| {
            !host.is_empty() && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic())
        });
        if before > 0 && dotted {
            found.push(Personal { kind: Kind::Email, span: at - before..at + 1 + domain.len() });
        }
    }
}

/// Two letters, two digits, then up to 30 letters and digits in groups, with a remainder of 1.
fn ibans(text: &str, found: &mut Vec<Personal>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 15 <= bytes.len() {
        let fresh = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let head = fresh
            && bytes[at..at + 2].iter().all(u8::is_ascii_uppercase)
            && bytes[at + 2..at + 4].iter().all(u8::is_ascii_digit);
        if !head {
            at += 1;
            continue;
        }
        let (mut code, mut end, mut best) = (Vec::new(), at, None);
        while end < bytes.len() && code.len() < 34 {
            match bytes[end] {
                b if b.is_ascii_digit() || b.is_ascii_uppercase() => code.push(b),
                b' ' if bytes.get(end + 1).is_some_and(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) => {
                    end += 1;
                    continue;
                }
                _ => break,
            }
            end += 1;
            if code.len() >= 15 && remainder(&code) == 1 {
                best = Some(end);
            }
        }
        match best {
            Some(end) => {
                found.push(Personal { kind: Kind::Iban, span: at..end });
                at = end;
            }
            None => at += 1,
        }
    }
}

/// ISO 7064: the first four characters last, letters from 10, modulo 97.
fn remainder(code: &[u8]) -> u32 {
    code[4..].iter().chain(&code[..4]).fold(0, |rest, b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        _ => (rest * 100 + u32::from(b - b'A') + 10) % 97,
    })
}

/// Runs of digits with single separators between them.
fn numbers(text: &str, found: &mut Vec<Personal>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let starts = bytes[at].is_ascii_digit()
            || (matches!(bytes[at], b'+' | b'(') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit));
        let fresh = at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || b"#_/".contains(&bytes[at - 1]));
        if !starts || !fresh {
            at += 1;
            continue;
        }
        let end = run_end(bytes, at);
        let run = &text[at..end];
        if let Some(kind) = kind_of(run) {
            found.push(Personal { kind, span: at..end });
        }
        at = end.max(at + 1);
    }
}

/// The end of a run: digits, with one blank, dot, hyphen or bracket between them.
fn run_end(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut end) = (start, start);
    let mut separators = 0;
    while at < bytes.len() && at - start < LONGEST_RUN {
        match bytes[at] {
            b'0'..=b'9' => {
                separators = 0;
                end = at + 1;
            }
            b'+' if at == start => {}
            b' ' | b'.' | b'-' | b'(' | b')' if separators < 2 => separators += 1,
            _ => break,
        }
        at += 1;
    }
    if bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) { start } else { end }
}

fn kind_of(run: &str) -> Option<Kind> {
    let digits: Vec<u8> = run.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    let groups: Vec<usize> = run.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|len| *len > 0).collect();
    let plus = run.starts_with('+');
    if (13..=19).contains(&digits.len()) && luhn(&digits) && matches!(digits[0], 3..=6) {
        return Some(Kind::Card);
    }
    if digits.len() == 15 && matches!(digits[0], 1 | 2) && nir_key(&digits) {
        return Some(Kind::Nir);
    }
    if groups == [3, 3, 3] && luhn(&digits) && !run.contains('(') {
        return Some(Kind::Sin);
    }
    let phone = match digits.len() {
        10 if digits[0] == 0 => {
            matches!(digits[1], 1..=9) && (groups.len() == 1 || groups == [2; 5] || groups.starts_with(&[4]))
        }
        10 => digits[0] >= 2 && digits[3] >= 2 && groups == [3, 3, 4],
        11 if digits[0] == 1 => digits[1] >= 2 && (groups == [1, 3, 3, 4] || plus),
        11..=15 => plus,
        _ => false,
    };
    phone.then_some(Kind::Phone)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| {
            let d = u32::from(*d) * if i % 2 == 1 { 2 } else { 1 };
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|d| *d != 0)
}

/// The key of a French number is 97 minus the rest of its thirteen digits.
fn nir_key(digits: &[u8]) -> bool {
    let number = |d: &[u8]| d.iter().fold(0_u64, |n, d| n * 10 + u64::from(*d));
    97 - number(&digits[..13]) % 97 == number(&digits[13..])
}

/// Words that name a street after its number (French) or after its name (English).
const STREETS_FR: [&str; 14] = [
    "rue",
    "avenue",
    "av",
    "boulevard",
    "boul",
    "bd",
    "chemin",
    "ch",
    "place",
    "impasse",
    "allée",
    "quai",
    "route",
    "rang",
];
const STREETS_EN: [&str; 14] = [
    "street",
    "st",
    "avenue",
    "ave",
    "road",
    "rd",
    "boulevard",
    "blvd",
    "drive",
    "lane",
    "court",
    "crescent",
    "way",
    "parkway",
];

/// A number and a street, and Canadian postal codes.
fn addresses(text: &str, found: &mut Vec<Personal>) {
    let mut words: Vec<(usize, &str)> = Vec::new();
    for (at, word) in text.split_whitespace().map(|w| (w.as_ptr() as usize - text.as_ptr() as usize, w)) {
        words.push((at, word));
    }
    let even = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    for (i, (start, word)) in words.iter().enumerate() {
        let number = word.trim_end_matches([',', '.', ';']);
        let is_number = (1..=5).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        if is_number {
            let after = &words[i + 1..words.len().min(i + 6)];
            if let Some(length) = street(after, &even) {
                let (at, last) = after[length - 1];
                found.push(Personal {
                    kind: Kind::Address,
                    span: *start..at + last.trim_end_matches([',', '.', ';', '!', '?']).len(),
                });
            }
        }
        let joined = words.get(i + 1).map_or("", |(_, w)| *w);
        let tail = joined.trim_end_matches([',', '.', ';', '!', '?', ')']);
        if is_postal(word, tail) {
            found.push(Personal { kind: Kind::Address, span: *start..words[i + 1].0 + tail.len() });
        }
    }
}

/// How many of the words after a number make a street with a name.
fn street(after: &[(usize, &str)], even: &impl Fn(&str) -> String) -> Option<usize> {
    let skip = usize::from(after.first().is_some_and(|(_, w)| matches!(even(w).as_str(), "bis" | "ter")));
    let first = even(after.get(skip)?.1);
    if STREETS_FR.contains(&first.as_str()) {
        // A name follows: at most three words, up to the first capital.
        let named = (skip + 1..after.len().min(skip + 4)).find(|i| after[*i].1.starts_with(char::is_uppercase))?;
        return Some(named + 1);
    }
    let capital = after.get(skip)?.1.starts_with(char::is_uppercase);
    let at = (skip + 1..after.len().min(skip + 4)).find(|i| STREETS_EN.contains(&even(after[*i].1).as_str()))?;
    capital.then_some(at + 1)
}

/// `H2X 1Y4`: letter, digit, letter, blank, digit, letter, digit.
fn is_postal(first: &str, second: &str) -> bool {
    let (a, b) = (first.as_bytes(), second.as_bytes());
    a.len() == 3
        && b.len() == 3
        && a[0].is_ascii_uppercase()
        && a[1].is_ascii_digit()
        && a[2].is_ascii_uppercase()
        && b[0].is_ascii_digit()
        && b[1].is_ascii_uppercase()
        && b[2].is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        find(text).into_iter().map(|p| (p.kind, &text[p.span])).collect()
    }

    #[test]
    fn each_kind_is_found() {
        let cases: &[(&str, Kind, &str)] = &[
            ("écrivez-moi : jean.tremblay+avis@exemple.qc.ca.", Kind::Email, "jean.tremblay+avis@exemple.qc.ca"),
            ("call me at (514) 555-0199 please", Kind::Phone, "(514) 555-0199"),
            ("mon numéro : 514-555-0199", Kind::Phone, "514-555-0199"),
            ("appelle le 06 12 34 56 78 vite", Kind::Phone, "06 12 34 56 78"),
            ("le 0612345678", Kind::Phone, "0612345678"),
            ("+33 6 12 34 56 78", Kind::Phone, "+33 6 12 34 56 78"),
            ("1-800-555-0199", Kind::Phone, "1-800-555-0199"),
            ("mon NAS est 046 454 286", Kind::Sin, "046 454 286"),
            ("sécu 2 55 08 14 168 025 38 ok", Kind::Nir, "2 55 08 14 168 025 38"),
            ("IBAN FR76 3000 6000 0112 3456 7890 189 merci", Kind::Iban, "FR76 3000 6000 0112 3456 7890 189"),
            ("GB82WEST12345698765432", Kind::Iban, "GB82WEST12345698765432"),
            ("carte 4111 1111 1111 1111 refusée", Kind::Card, "4111 1111 1111 1111"),
            ("j'habite au 12 rue des Érables, venez", Kind::Address, "12 rue des Érables"),
            ("4120 Elm Street is mine", Kind::Address, "4120 Elm Street"),
            ("livré à H2X 1Y4.", Kind::Address, "H2X 1Y4"),
        ];
        for (text, kind, piece) in cases {
            assert_eq!(kinds(text), [(*kind, *piece)], "{text}");
        }
    }

    #[test]
    fn ordinary_numbers_are_nobody_s() {
        for text in [
            "en panne depuis 45 minutes, 3 appels, 2026-10-14 à 12:30",
            "commande 123456789 du 14.10.2026 à 49,99 $",
            "vol 1234 567 890 retardé",
            "@nordet répondez",
            "il y a 12 places libres",
            "4111 1111 1111 1112",
            "prix : 1 299 999 999 €",
            "10 000 abonnés",
            "ratio 3.14159265358979",
            "https://t.co/5145550199",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn masking_leaves_the_rest() {
        assert_eq!(mask("Tél. 514-555-0199 ou a@b.ca, merci"), "Tél. [phone] ou [email], merci");
        assert_eq!(mask("rien ici"), "rien ici");
    }
}
