//! The valid name closest to a mistyped one.

/// The closest of `names` to `wrong`, when close enough to be what was meant.
pub(crate) fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = names.map(|name| (strsim::damerau_levenshtein(wrong, name), name));
    let (distance, name) = scored.min_by_key(|(distance, _)| *distance)?;
    let allowed = (wrong.chars().count() / 3).max(1);
    (distance <= allowed).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_close_names_are_offered() {
        let names = ["batch", "paths", "format"];
        assert_eq!(nearest("bacth", names.into_iter()), Some("batch"));
        assert_eq!(nearest("colour", names.into_iter()), None);
    }
}
