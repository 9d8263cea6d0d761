//! The hand-written stock of fragments and its notation. `[a|b]` picks one branch, branches nest and may be
//! empty; `{name}` is filled in by a [`Fill`]. What is picked, and how fragments are joined, is decided elsewhere.

use std::collections::BTreeMap;

use crate::dice::Dice;

const FILES: [(&str, &str); 5] = [
    ("fr.", include_str!("../stock/fr_topics.txt")),
    ("fr.", include_str!("../stock/fr_voice.txt")),
    ("en.", include_str!("../stock/en_topics.txt")),
    ("en.", include_str!("../stock/en_voice.txt")),
    ("", include_str!("../stock/other.txt")),
];

/// Fills the `{name}` places of a fragment.
pub(crate) trait Fill {
    /// Appends the value of `name` to `out`.
    fn fill(&mut self, name: &str, dice: &mut Dice, out: &mut String);
}

/// All fragments by key, such as `fr.reseau.neg`.
#[derive(Debug)]
pub(crate) struct Stock(BTreeMap<String, Vec<&'static str>>);

impl Stock {
    /// Reads the files that are compiled in.
    pub(crate) fn load() -> Self {
        let mut sections: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
        for (prefix, file) in FILES {
            let mut key = String::new();
            for line in file.lines().map(str::trim_end) {
                if let Some(name) = line.strip_prefix("= ") {
                    key = format!("{prefix}{name}");
                } else if !line.is_empty() && !line.starts_with(";;") {
                    sections.entry(key.clone()).or_default().push(line);
                }
            }
        }
        Self(sections)
    }

    /// The fragments under a key; none when the key is unknown.
    pub(crate) fn lines(&self, key: &str) -> &[&'static str] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// One raw fragment, not expanded; empty when the key is unknown.
    pub(crate) fn line(&self, key: &str, dice: &mut Dice) -> &'static str {
        let lines = self.lines(key);
        if lines.is_empty() { "" } else { dice.pick::<&str>(lines) }
    }

    /// One fragment, expanded.
    pub(crate) fn say(&self, key: &str, dice: &mut Dice, fill: &mut dyn Fill) -> String {
        let mut out = String::new();
        expand(self.line(key, dice), dice, fill, &mut out);
        out.trim().to_owned()
    }
}

/// Expands one fragment into `out`.
pub(crate) fn expand(mut rest: &str, dice: &mut Dice, fill: &mut dyn Fill, out: &mut String) {
    while let Some(open) = rest.find(['[', '{']) {
        out.push_str(&rest[..open]);
        let tail = &rest[open..];
        let end = if tail.starts_with('{') { tail.find('}') } else { closing(tail) };
        let Some(end) = end else { break };
        let inner = &tail[1..end];
        if tail.starts_with('{') {
            fill.fill(inner, dice, out);
        } else {
            let branches = split_top(inner);
            expand(branches[dice.below(branches.len())], dice, fill, out);
        }
        rest = &tail[end + 1..];
    }
    out.push_str(rest);
}

/// Position of the bracket that closes the one at the start.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Splits at the bars that stand in no inner bracket.
fn split_top(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            '|' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Upper;
    impl Fill for Upper {
        fn fill(&mut self, name: &str, _dice: &mut Dice, out: &mut String) {
            out.push_str(&name.to_uppercase());
        }
    }

    #[test]
    fn brackets_nest_and_places_are_filled() {
        let mut dice = Dice::new(3, 0);
        for _ in 0..50 {
            let mut out = String::new();
            expand("a [b|[c|d] e] {f}", &mut dice, &mut Upper, &mut out);
            assert!(["a b F", "a c e F", "a d e F"].contains(&out.as_str()), "{out}");
        }
    }

    #[test]
    fn every_line_of_the_stock_is_well_formed() {
        for (key, lines) in &Stock::load().0 {
            for line in lines {
                let mut depth = 0_i32;
                for c in line.chars() {
                    depth += i32::from(c == '[') - i32::from(c == ']');
                    assert!(depth >= 0, "{key}: {line}");
                }
                assert_eq!(depth, 0, "{key}: {line}");
                assert_eq!(line.matches('{').count(), line.matches('}').count(), "{key}: {line}");
            }
        }
    }
}
