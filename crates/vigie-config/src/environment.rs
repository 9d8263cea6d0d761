//! `${NAME}` in option texts: the only place where settings meet the environment.

use std::ops::Range;

/// Value of a variable of this process; `None` when it is not set or is not Unicode.
///
/// Give it to [`crate::load`]; nothing else in the program reads the environment for settings.
pub fn process_environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A variable that is named but has no value, and the bytes of the text that name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The variable is not set, or is empty.
    Unset { name: String, at: Range<usize> },
    /// `${` without `}`, or a name that no variable may have.
    Form { at: Range<usize> },
}

/// `text` with every `${NAME}` replaced by the variable's value; `$${` stands for `${` itself.
///
/// # Errors
/// Every variable that is unset and every reference that is malformed, all at once.
pub(crate) fn expand(text: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<String, Vec<Problem>> {
    let mut out = String::with_capacity(text.len());
    let mut problems = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let start = text.len() - rest.len() + at;
        if let Some(before) = rest[..at].strip_suffix('$') {
            out.push_str(before);
            out.push_str("${");
            rest = &rest[at + 2..];
            continue;
        }
        out.push_str(&rest[..at]);
        let Some(length) = rest[at..].find('}') else {
            problems.push(Problem::Form { at: start..text.len() });
            rest = "";
            break;
        };
        let name = &rest[at + 2..at + length];
        let span = start..start + length + 1;
        if !is_name(name) {
            problems.push(Problem::Form { at: span });
        } else if let Some(value) = env(name).filter(|v| !v.is_empty()) {
            out.push_str(&value);
        } else {
            problems.push(Problem::Unset { name: name.to_owned(), at: span });
        }
        rest = &rest[at + length + 1..];
    }
    out.push_str(rest);
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(name: &str) -> Option<String> {
        match name {
            "DATA" => Some("/données".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        }
    }

    #[test]
    fn set_variables_are_replaced_and_dollars_kept() {
        assert_eq!(expand("${DATA}/é.csv", &env).unwrap(), "/données/é.csv");
        assert_eq!(expand("15 $ et $${DATA}", &env).unwrap(), "15 $ et ${DATA}");
    }

    #[test]
    fn every_missing_variable_is_named() {
        let problems = expand("é${A}/${EMPTY}/${1x}/${B", &env).unwrap_err();
        assert_eq!(
            problems,
            vec![
                Problem::Unset { name: "A".into(), at: 2..6 },
                Problem::Unset { name: "EMPTY".into(), at: 7..15 },
                Problem::Form { at: 16..21 },
                Problem::Form { at: 22..25 },
            ]
        );
    }
}
