//! Wildcards in one word: `*` is any characters, `?` exactly one.

/// A word with wildcards, compared with whole words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Glob {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    Text(String),
    One,
    Many,
}

/// A fixed piece of a glob that an automaton can look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchor {
    /// The characters.
    pub(crate) text: String,
    /// They begin the word.
    pub(crate) at_start: bool,
    /// They end the word.
    pub(crate) at_end: bool,
}

impl Glob {
    /// Reads a pattern in which `star` and `mark` are the wildcards.
    pub(crate) fn new(pattern: &str, star: char, mark: char) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        for c in pattern.chars() {
            if c == star {
                if parts.last() != Some(&Part::Many) {
                    parts.push(Part::Many);
                }
            } else if c == mark {
                parts.push(Part::One);
            } else if let Some(Part::Text(text)) = parts.last_mut() {
                text.push(c);
            } else {
                parts.push(Part::Text(c.to_string()));
            }
        }
        Self { parts }
    }

    /// True when the pattern begins with this character.
    pub(crate) fn begins_with(&self, c: char) -> bool {
        matches!(self.parts.first(), Some(Part::Text(text)) if text.starts_with(c))
    }

    /// Number of fixed characters.
    pub(crate) fn fixed(&self) -> usize {
        self.parts.iter().map(|p| if let Part::Text(t) = p { t.chars().count() } else { 0 }).sum()
    }

    /// True when the whole word fits.
    pub(crate) fn matches(&self, word: &str) -> bool {
        let mut part = 0;
        let mut rest = word;
        let mut retry: Option<(usize, &str)> = None;
        loop {
            let stepped = match self.parts.get(part) {
                Some(Part::Many) => {
                    part += 1;
                    retry = Some((part, rest));
                    continue;
                }
                Some(Part::Text(text)) => rest.strip_prefix(text.as_str()),
                Some(Part::One) => next_char(rest),
                None if rest.is_empty() => return true,
                None => None,
            };
            if let Some(after) = stepped {
                rest = after;
                part += 1;
            } else {
                let Some((from, text)) = retry else { return false };
                let Some(after) = next_char(text) else { return false };
                part = from;
                rest = after;
                retry = Some((from, after));
            }
        }
    }

    /// The fixed parts, and whether each begins and ends the word.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, bool, bool)> {
        let last = self.parts.len().saturating_sub(1);
        self.parts.iter().enumerate().filter_map(move |(index, part)| match part {
            Part::Text(text) => Some((text.as_str(), index == 0, index == last)),
            _ => None,
        })
    }

    /// The best piece to look for: the longest, borders counted. None when there is no fixed character.
    pub(crate) fn anchor(&self) -> Option<Anchor> {
        let last = self.parts.len().checked_sub(1)?;
        self.parts
            .iter()
            .enumerate()
            .filter_map(|(index, part)| match part {
                Part::Text(text) => Some(Anchor { text: text.clone(), at_start: index == 0, at_end: index == last }),
                _ => None,
            })
            .max_by_key(|a| a.text.len() + usize::from(a.at_start) + usize::from(a.at_end))
    }
}

fn next_char(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    chars.next().map(|_| chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, word: &str) -> bool {
        Glob::new(pattern, '*', '?').matches(word)
    }

    #[test]
    fn stars_and_marks() {
        assert!(fits("luxemb*", "luxembourgeois"));
        assert!(fits("luxemb*", "luxemb"));
        assert!(!fits("luxemb*", "aluxemb"));
        assert!(fits("*phone", "telephone"));
        assert!(fits("reali?ation", "realization"));
        assert!(!fits("reali?ation", "realiation"));
        assert!(fits("a*b*c", "axxbyyc"));
        assert!(!fits("a*b*c", "axxbyy"));
        assert!(fits("a*ab", "aaab"));
        assert!(fits("*é*", "été"));
    }

    #[test]
    fn many_stars_stay_fast() {
        let pattern = "a*".repeat(200) + "b";
        assert!(!fits(&pattern, &"a".repeat(5000)));
    }
}
