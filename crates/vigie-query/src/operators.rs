//! The distance operators on sorted lists of places.

use crate::spans::Place;

/// Pairs kept exactly for one NEAR in one document. Beyond, each left place keeps its nearest right place
/// only, so that a hostile text cannot fill the memory.
const MAX_PAIRS: usize = 100_000;

/// Number of tokens between two places that follow each other; None when they overlap or are reversed.
fn gap(first: Place, second: Place) -> Option<u32> {
    second.start.checked_sub(first.end)?.checked_sub(1)
}

/// The right places, findable by start and by end.
struct Index<'a> {
    by_start: &'a [Place],
    by_end: Vec<Place>,
}

impl<'a> Index<'a> {
    fn new(list: &'a [Place], ordered: bool) -> Self {
        let mut by_end = if ordered { Vec::new() } else { list.to_vec() };
        by_end.sort_unstable_by_key(|p| p.end);
        Self { by_start: list, by_end }
    }

    /// Places that begin after this one, nearest first.
    fn after(&self, place: Place, distance: u32) -> impl Iterator<Item = Place> + '_ {
        let from = self.by_start.partition_point(|p| p.start <= place.end);
        self.by_start[from..].iter().copied().take_while(move |p| gap(place, *p).is_some_and(|g| g <= distance))
    }

    /// Places that end before this one, nearest first.
    fn before(&self, place: Place, distance: u32) -> impl Iterator<Item = Place> + '_ {
        let to = self.by_end.partition_point(|p| p.end < place.start);
        self.by_end[..to].iter().rev().copied().take_while(move |p| gap(*p, place).is_some_and(|g| g <= distance))
    }
}

/// True when some left place has a right place near it.
pub(crate) fn near_exists(left: &[Place], right: &[Place], distance: u32, ordered: bool) -> bool {
    if left.is_empty() || right.is_empty() {
        return false;
    }
    let index = Index::new(right, ordered);
    left.iter().any(|l| {
        index.after(*l, distance).next().is_some() || (!ordered && index.before(*l, distance).next().is_some())
    })
}

/// The places that cover each pair, sorted.
pub(crate) fn near_pairs(left: &[Place], right: &[Place], distance: u32, ordered: bool) -> Vec<Place> {
    if left.is_empty() || right.is_empty() {
        return Vec::new();
    }
    let index = Index::new(right, ordered);
    let cover = |a: Place, b: Place| Place { start: a.start.min(b.start), end: a.end.max(b.end) };
    let mut out = Vec::new();
    for l in left {
        out.extend(index.after(*l, distance).map(|r| cover(*l, r)));
        if !ordered {
            out.extend(index.before(*l, distance).map(|r| cover(*l, r)));
        }
        if out.len() > MAX_PAIRS {
            out = nearest(left, &index, distance, ordered).map(|(l, r)| cover(l, r)).collect();
            break;
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn nearest<'a>(
    left: &'a [Place],
    index: &'a Index<'a>,
    distance: u32,
    ordered: bool,
) -> impl Iterator<Item = (Place, Place)> + 'a {
    left.iter().filter_map(move |l| {
        let after = index.after(*l, distance).next();
        let before = if ordered { None } else { index.before(*l, distance).next() };
        after.or(before).map(|r| (*l, r))
    })
}

/// The left places that have no right place near them. A right place that overlaps without being the same
/// counts as near.
pub(crate) fn not_near(left: &[Place], right: &[Place], distance: u32, ordered: bool) -> Vec<Place> {
    if right.is_empty() {
        return left.to_vec();
    }
    let index = Index::new(right, ordered);
    let reach = reach(right);
    let overlaps = |l: Place| {
        let before = right.partition_point(|p| p.start <= l.end);
        let Some((furthest, second)) = before.checked_sub(1).map(|last| reach[last]) else { return false };
        let other = if furthest == l { second } else { Some(furthest) };
        other.is_some_and(|p| p.end >= l.start)
    };
    left.iter()
        .copied()
        .filter(|l| {
            let after = index.after(*l, distance).next().is_some();
            let before = !ordered && index.before(*l, distance).next().is_some();
            !(after || before || overlaps(*l))
        })
        .collect()
}

/// For each place of a sorted list, the one that ends last among those up to it, and the next one that differs.
fn reach(list: &[Place]) -> Vec<(Place, Option<Place>)> {
    let mut out: Vec<(Place, Option<Place>)> = Vec::with_capacity(list.len());
    for place in list {
        let next = match out.last().copied() {
            None => (*place, None),
            Some((first, second)) if *place == first => (first, second),
            Some((first, _)) if place.end > first.end => (*place, Some(first)),
            Some((first, second)) => (first, Some(second.filter(|s| s.end >= place.end).unwrap_or(*place))),
        };
        out.push(next);
    }
    out
}

/// The tightest runs that hold one different place of each list, with at most `slop` other tokens inside.
/// Every place is one token long.
pub(crate) fn loose(lists: &[&[Place]], slop: u32) -> Vec<Place> {
    let width = lists.len() as u32;
    // A word that is there twice has one list twice.
    let different = lists.iter().enumerate().filter(|(i, list)| !lists[..*i].iter().any(|l| std::ptr::eq(*l, **list)));
    let mut ends: Vec<u32> = different.flat_map(|(_, list)| list.iter().map(|p| p.start)).collect();
    ends.sort_unstable();
    ends.dedup();
    // Of each list, its places up to the end looked at.
    let mut upto = vec![0usize; lists.len()];
    let mut out: Vec<Place> = Vec::new();
    let mut found = 0;
    for end in ends {
        let mut events: Vec<(u32, usize)> = Vec::new();
        for (index, list) in lists.iter().enumerate() {
            while list.get(upto[index]).is_some_and(|p| p.start <= end) {
                upto[index] += 1;
            }
            // Others take at most all but one of its latest places: earlier ones make no run tighter.
            let latest = &list[upto[index].saturating_sub(lists.len())..upto[index]];
            events.extend(latest.iter().filter(|p| p.start + slop + width > end).map(|p| (p.start, index)));
        }
        events.sort_unstable();
        if let Some(start) = latest_start(&events, lists.len()) {
            out.push(Place { start, end });
            found += 1;
            if found > MAX_PAIRS {
                break;
            }
        }
    }
    out.dedup_by(|later, kept| later.start == kept.start);
    out
}

/// The latest token from which the events can give each list a different token. None when they cannot.
fn latest_start(events: &[(u32, usize)], lists: usize) -> Option<u32> {
    let mut starts: Vec<u32> = events.iter().map(|e| e.0).collect();
    starts.dedup();
    if !can_assign(events, lists) {
        return None;
    }
    let found = starts.partition_point(|start| {
        let from = events.partition_point(|e| e.0 < *start);
        can_assign(&events[from..], lists)
    });
    starts.get(found.checked_sub(1)?).copied()
}

/// True when each list can take a token of its own (bipartite matching by augmenting paths).
fn can_assign(events: &[(u32, usize)], lists: usize) -> bool {
    let mut options: Vec<Vec<u32>> = vec![Vec::new(); lists];
    for (token, list) in events {
        if options[*list].len() < lists {
            options[*list].push(*token);
        }
    }
    if options.iter().any(Vec::is_empty) {
        return false;
    }
    let mut owner: std::collections::BTreeMap<u32, usize> = std::collections::BTreeMap::new();
    (0..lists).all(|list| augment(list, &options, &mut owner, &mut vec![false; lists]))
}

fn augment(
    list: usize,
    options: &[Vec<u32>],
    owner: &mut std::collections::BTreeMap<u32, usize>,
    seen: &mut [bool],
) -> bool {
    if std::mem::replace(&mut seen[list], true) {
        return false;
    }
    for token in &options[list] {
        let free = match owner.get(token).copied() {
            None => true,
            Some(other) => augment(other, options, owner, seen),
        };
        if free {
            owner.insert(*token, list);
            return true;
        }
    }
    false
}

/// Number of places that can be taken without overlap, counted up to `enough`.
pub(crate) fn count_apart(places: &[Place], enough: u32) -> u32 {
    let mut by_end = places.to_vec();
    by_end.sort_unstable_by_key(|p| p.end);
    let mut count = 0;
    let mut free_from = 0;
    for place in by_end {
        if place.start >= free_from {
            count += 1;
            free_from = place.end + 1;
            if count == enough {
                break;
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(positions: &[u32]) -> Vec<Place> {
        positions.iter().map(|p| Place { start: *p, end: *p }).collect()
    }

    #[test]
    fn pairs_are_exact_under_the_limit_and_bounded_above() {
        assert_eq!(near_pairs(&at(&[0, 9]), &at(&[2, 8]), 1, false).len(), 2);
        let all: Vec<u32> = (0..2_000).collect();
        let many = near_pairs(&at(&all), &at(&all), 10_000, false);
        assert!(many.len() <= MAX_PAIRS);
        assert!(!many.is_empty());
    }

    #[test]
    fn loose_runs_need_a_token_for_each_word() {
        let paris = at(&[0, 4]);
        assert_eq!(loose(&[&paris, &paris], 3), [Place { start: 0, end: 4 }]);
        assert!(loose(&[&paris, &paris], 2).is_empty());
        assert!(loose(&[&at(&[0]), &at(&[0])], 9).is_empty());
    }

    #[test]
    fn a_place_that_overlaps_another_is_near_it() {
        let span = |start, end| Place { start, end };
        let right = [span(0, 9), span(2, 2), span(2, 3), span(20, 20)];
        for (left, lone) in [(span(5, 5), false), (span(2, 2), false), (span(20, 20), true), (span(12, 12), true)] {
            assert_eq!(not_near(&[left], &right, 0, false), if lone { vec![left] } else { vec![] }, "{left:?}");
        }
        assert_eq!(not_near(&[span(0, 9)], &right[..1], 3, false), [span(0, 9)]);
    }

    #[test]
    fn overlapping_places_count_once() {
        let places = [Place { start: 0, end: 2 }, Place { start: 1, end: 1 }, Place { start: 2, end: 3 }];
        assert_eq!(count_apart(&places, 9), 2);
    }
}
