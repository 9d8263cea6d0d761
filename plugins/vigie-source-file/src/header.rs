//! Which column of a file is which column of a mention.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::config::{FIELDS, field};

/// What a header row offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    /// Position in the row of each field of [`FIELDS`].
    pub(crate) sources: [Option<usize>; FIELDS.len()],
    /// Wanted columns that are not there, as the user wrote them.
    pub(crate) missing: Vec<String>,
    /// A wanted column that is there twice: its name and both positions, from 1.
    pub(crate) twice: Option<(String, usize, usize)>,
    /// Other names that are there twice.
    pub(crate) other_twice: BTreeSet<String>,
}

/// A column name as it is compared: no case, blanks, underscores, hyphens or accents.
pub(crate) fn folded(name: &str) -> String {
    let letters =
        name.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c) && !matches!(c, '\u{feff}'));
    letters.filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// What is looked for: field position and folded name, and the name as written.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    columns: Vec<(usize, String, String)>,
    /// Nothing was mapped: columns called like ours are taken.
    by_name: bool,
}

impl Wanted {
    pub(crate) fn new(columns: &BTreeMap<String, String>) -> Self {
        if columns.is_empty() {
            let own = FIELDS.iter().enumerate().map(|(i, name)| (i, folded(name), (*name).to_owned()));
            return Self { columns: own.collect(), by_name: true };
        }
        let mapped = columns.iter().filter_map(|(name, source)| Some((field(name)?, folded(source), source.clone())));
        Self { columns: mapped.collect(), by_name: false }
    }

    /// How many wanted columns the row `names` holds.
    pub(crate) fn score(&self, names: &[String]) -> usize {
        let names: BTreeSet<String> = names.iter().map(|n| folded(n)).collect();
        self.columns.iter().filter(|(_, wanted, _)| names.contains(wanted)).count()
    }

    /// Number of wanted columns.
    pub(crate) fn count(&self) -> usize {
        self.columns.len()
    }

    /// Reads the row `names` as a header.
    pub(crate) fn header(&self, names: &[String]) -> Header {
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, name) in names.iter().enumerate() {
            places.entry(folded(name)).or_default().push(index);
        }
        let mut header = Header::default();
        for (position, wanted, written) in &self.columns {
            match places.get(wanted).map(Vec::as_slice) {
                Some([index]) => header.sources[*position] = Some(*index),
                Some([first, second, ..]) => header.twice = Some((written.clone(), first + 1, second + 1)),
                _ if self.by_name => {}
                _ => header.missing.push(written.clone()),
            }
        }
        let wanted: BTreeSet<&String> = self.columns.iter().map(|(_, wanted, _)| wanted).collect();
        let doubled = places.iter().filter(|(name, at)| at.len() > 1 && !name.is_empty() && !wanted.contains(name));
        header.other_twice = doubled.map(|(_, at)| names[at[0]].trim().to_owned()).collect();
        header
    }

    /// Each wanted column with the field it fills, for files whose rows name their values (JSON).
    pub(crate) fn paths(&self) -> impl Iterator<Item = (usize, &str)> {
        self.columns.iter().map(|(position, _, written)| (*position, written.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|n| (*n).to_owned()).collect()
    }

    fn wanted(list: &[(&str, &str)]) -> Wanted {
        Wanted::new(&list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
    }

    #[test]
    fn names_match_whatever_their_dress() {
        let wanted = wanted(&[("text", "Texte intégral"), ("published_at", "date_publication")]);
        let header = wanted.header(&names(&["Id", "TEXTE_INTEGRAL ", "Date Publication"]));
        assert_eq!(header.sources[field("text").unwrap_or(99)], Some(1));
        assert_eq!(header.sources[field("published_at").unwrap_or(99)], Some(2));
        assert!(header.missing.is_empty() && header.twice.is_none());
    }

    #[test]
    fn a_name_that_is_there_twice_is_told_with_both_places() {
        let wanted = wanted(&[("text", "text")]);
        assert_eq!(wanted.header(&names(&["text", "id", "Text"])).twice, Some(("text".to_owned(), 1, 3)));
        let other = wanted.header(&names(&["text", "id", "Id"]));
        assert!(other.twice.is_none());
        assert_eq!(other.other_twice, BTreeSet::from(["id".to_owned()]));
    }

    #[test]
    fn without_a_mapping_our_own_names_are_taken() {
        let header = Wanted::new(&BTreeMap::new()).header(&names(&["Native ID", "text", "whatever"]));
        assert_eq!(header.sources[0], Some(0));
        assert!(header.missing.is_empty());
    }
}
