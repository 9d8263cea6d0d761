//! Storms: many copies of one text by several authors within minutes, as when accounts are told what to write.

use std::collections::{BTreeMap, HashMap};

use crate::hashing::ByHash;

/// Longest time between the first and the last copy looked at together: ten minutes, in microseconds.
const WITHIN_MICROS: i64 = 10 * 60 * 1_000_000;
/// Fewest copies of a storm.
const FEWEST_COPIES: usize = 5;
/// Fewest authors of a storm.
const FEWEST_AUTHORS: usize = 3;

/// One text as it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Its story, as [`super::stories`] numbers it.
    pub story: u32,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// By whom; one who is not known counts as a person of their own.
    pub author: Option<u64>,
    /// It shares another's text and says so.
    pub repost: bool,
}

/// Which texts belong to a storm: at least five copies of one story by at least three authors within ten minutes,
/// reposts left out. In the order of `texts`, which is that of nothing in particular.
pub fn storms(texts: &[Published]) -> Vec<bool> {
    let mut stories: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, text) in texts.iter().enumerate().filter(|(_, t)| !t.repost) {
        stories.entry(text.story).or_default().push(at);
    }
    let mut stormy = vec![false; texts.len()];
    for copies in stories.values_mut().filter(|c| c.len() >= FEWEST_COPIES) {
        copies.sort_by_key(|at| (texts[*at].at, *at));
        mark(texts, copies, &mut stormy);
    }
    stormy
}

/// Marks the copies of one story, in the order of time, that lie in a window full enough.
fn mark(texts: &[Published], copies: &[usize], stormy: &mut [bool]) {
    let mut writing: HashMap<u64, usize, ByHash> = HashMap::default();
    let (mut first, mut marked, mut unknown) = (0, 0, 0);
    for last in 0..copies.len() {
        match texts[copies[last]].author {
            Some(author) => *writing.entry(author).or_default() += 1,
            None => unknown += 1,
        }
        while texts[copies[last]].at - texts[copies[first]].at > WITHIN_MICROS {
            match texts[copies[first]].author {
                None => unknown -= 1,
                Some(author) => {
                    if let Some(count) = writing.get_mut(&author) {
                        *count -= 1;
                        if *count == 0 {
                            writing.remove(&author);
                        }
                    }
                }
            }
            first += 1;
        }
        if last + 1 - first >= FEWEST_COPIES && writing.len() + unknown >= FEWEST_AUTHORS {
            for copy in &copies[first.max(marked)..=last] {
                stormy[*copy] = true;
            }
            marked = last + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: i64 = 60 * 1_000_000;

    fn text(story: u32, minute: i64, author: u64) -> Published {
        Published { story, at: minute * MINUTE, author: Some(author), repost: false }
    }

    #[test]
    fn five_copies_by_three_within_ten_minutes_are_a_storm() {
        let storm: Vec<Published> = (0..5).map(|i| text(1, 2 * i, i as u64 % 3)).collect();
        assert_eq!(storms(&storm), [true; 5]);
        assert_eq!(storms(&storm[..4]), [false; 4]);
        let slow: Vec<Published> = storm.iter().map(|t| Published { at: t.at * 3, ..*t }).collect();
        let two: Vec<Published> = storm.iter().map(|t| Published { author: t.author.map(|a| a % 2), ..*t }).collect();
        let reposts: Vec<Published> = storm.iter().map(|t| Published { repost: t.author == Some(0), ..*t }).collect();
        let stories: Vec<Published> =
            storm.iter().enumerate().map(|(i, t)| Published { story: i as u32 % 2, ..*t }).collect();
        for calm in [slow, two, reposts, stories] {
            assert_eq!(storms(&calm), [false; 5], "{calm:?}");
        }
        let unknown: Vec<Published> = storm.iter().map(|t| Published { author: None, ..*t }).collect();
        assert_eq!(storms(&unknown), [true; 5]);
    }

    #[test]
    fn copies_before_and_after_a_storm_are_not_of_it() {
        let minutes = [0, 100, 101, 102, 103, 104, 115];
        let texts: Vec<Published> = minutes.iter().zip(0..).map(|(m, author)| text(3, *m, author)).collect();
        assert_eq!(storms(&texts), [false, true, true, true, true, true, false]);
    }

    /// Straight from the definition.
    fn plain(texts: &[Published]) -> Vec<bool> {
        let window = |start: i64, story: u32| {
            let inside =
                move |t: &&Published| !t.repost && t.story == story && (start..=start + WITHIN_MICROS).contains(&t.at);
            texts.iter().filter(inside)
        };
        let full = |start: i64, story: u32| {
            let unknown = window(start, story).filter(|t| t.author.is_none()).count();
            let mut known: Vec<u64> = window(start, story).filter_map(|t| t.author).collect();
            known.sort_unstable();
            known.dedup();
            window(start, story).count() >= FEWEST_COPIES && known.len() + unknown >= FEWEST_AUTHORS
        };
        let of = |t: &Published| {
            !t.repost && texts.iter().any(|s| (0..=WITHIN_MICROS).contains(&(t.at - s.at)) && full(s.at, t.story))
        };
        texts.iter().map(of).collect()
    }

    proptest! {
        #[test]
        fn windows_that_slide_are_those_of_the_definition(
            texts in prop::collection::vec((0_u32..3, 0_i64..40, prop::option::weighted(0.8, 0_u64..4), prop::bool::weighted(0.2)), 0..40)
        ) {
            let texts: Vec<Published> = texts
                .into_iter()
                .map(|(story, minute, author, repost)| Published { story, at: minute * MINUTE, author, repost })
                .collect();
            prop_assert_eq!(storms(&texts), plain(&texts));
        }
    }
}
