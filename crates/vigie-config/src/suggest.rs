//! The closest valid name, for a word that is none of those expected.

use vigie_model::diagnostic::Bilingual;

/// The advice for `word`: the name it most likely stands for, else all of them.
pub(crate) fn advice(word: &str, valid: &[&str]) -> Bilingual {
    closest(word, valid.iter().copied()).map_or_else(|| valid_names(valid), did_you_mean)
}

/// "did you mean `a`?"
pub(crate) fn did_you_mean(name: &str) -> Bilingual {
    Bilingual::new(format!("did you mean `{name}`?"), format!("vouliez-vous écrire `{name}` ?"))
}

/// "valid names: `a`, `b`".
pub(crate) fn valid_names(names: &[&str]) -> Bilingual {
    let list = names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    Bilingual::new(format!("valid names: {list}"), format!("noms valides : {list}"))
}

/// The name of `valid` that `word` most likely stands for; nothing when none is near.
pub(crate) fn closest<'n>(word: &str, valid: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let typed = word.to_lowercase();
    let allowed = (typed.chars().count() / 3).max(1);
    valid
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&typed, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= allowed && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let valid = ["period", "paper", "kind", "id"];
        assert_eq!(closest("periode", valid), Some("period"));
        assert_eq!(closest("Kind", valid), Some("kind"));
        assert_eq!(closest("papre", valid), Some("paper"));
        assert_eq!(closest("colour", valid), None);
        assert_eq!(closest("xy", valid), None);
    }
}
