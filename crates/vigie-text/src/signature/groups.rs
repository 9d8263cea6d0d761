//! From signatures to stories: exact runs, band proposals, verification, union-find.

use rayon::prelude::*;

use super::bands::{Hash, band_hashes, band_key, spread};
use super::{Bands, Register, Signature, WINDOW_MICROS, jaccard};

/// How many earlier texts of a band group each text is compared with. A group of true copies has one
/// root after the first comparison, so this only bounds the work on groups of strangers.
const LOOK_BACK: usize = 16;

/// Bands whose keys are in memory at a time. Each such pass fetches every signature once, which is what
/// costs when there are millions of them.
const TOGETHER: usize = 5;

/// A run of exact copies: each within 30 days of the one before.
struct Run {
    /// Index of the earliest copy.
    item: u32,
    first: i64,
    last: i64,
}

/// Gives each text the number of its story.
///
/// Items are `(time in microseconds since 1970, signature)`. Two texts are linked if they are copies or
/// verified near-copies at most 30 days apart; a story is a set of linked texts. Stories are numbered
/// from 0 by the time of their first text (equal times: by index), so the origin of a story is its
/// earliest text. A text too short to be compared is a story by itself.
///
/// Memory: about 150 bytes per text beside the signatures, whatever the number of bands. The number of threads
/// changes nothing.
///
/// ```
/// use vigie_text::signature::{sign, stories, token_hash};
/// let sig = |t: &str| sign(&t.split(' ').map(token_hash).collect::<Vec<_>>());
/// let (a, b) = (sig("panne du réseau ce matin"), sig("très content de mon forfait"));
/// assert_eq!(stories(&[(10, &a), (20, &b), (30, &a)]), [0, 1, 0]);
/// ```
pub fn stories(items: &[(i64, &Signature)]) -> Vec<u32> {
    let mut links = Links::new(items.len());
    let runs = exact_runs(items, &mut links);
    for register in [Register::Short, Register::Long] {
        link_near(items, &runs, register, &mut links);
    }
    number(items, &mut links)
}

/// Links exact copies and returns one run per set of linked copies, in order of first index.
fn exact_runs(items: &[(i64, &Signature)], links: &mut Links) -> Vec<Run> {
    let mut order: Vec<(u64, i64, u32)> = items
        .iter()
        .enumerate()
        .filter(|(_, (_, s))| s.register != Register::None)
        .map(|(i, (time, s))| (s.exact, *time, i as u32))
        .collect();
    order.sort_unstable();
    let mut runs: Vec<Run> = Vec::new();
    let mut previous = None;
    for (exact, time, item) in order {
        match (previous, runs.last_mut()) {
            (Some(same), Some(run)) if same == exact && time.saturating_sub(run.last) <= WINDOW_MICROS => {
                run.last = time;
                links.join(run.item, item);
            }
            _ => runs.push(Run { item, first: time, last: time }),
        }
        previous = Some(exact);
    }
    runs
}

/// Proposes pairs, some bands at a time, and links those that are near-copies.
fn link_near(items: &[(i64, &Signature)], runs: &[Run], register: Register, links: &mut Links) {
    let Some(cut) = Bands::of(register) else { return };
    let mut members: Vec<u32> =
        (0..runs.len() as u32).filter(|r| items[runs[*r as usize].item as usize].1.register == register).collect();
    // In the order of time, so that a member's place says which of two came first.
    members.sort_unstable_by_key(|r| (runs[*r as usize].first, *r));
    let bands: Vec<Vec<Hash>> = (0..cut.bands).map(|band| band_hashes(cut, band)).collect();
    for some in bands.chunks(TOGETHER) {
        let mut keys = keys(items, runs, &members, some);
        keys.par_iter_mut().for_each(|band| band.sort_unstable());
        for group in keys.iter().flat_map(|band| band.chunk_by(|a, b| a.0 == b.0)) {
            link_group(items, runs, &members, group, register.threshold(), links);
        }
    }
}

/// For each of `bands`, the key and the place of every member.
fn keys(items: &[(i64, &Signature)], runs: &[Run], members: &[u32], bands: &[Vec<Hash>]) -> Vec<Vec<(u64, u32)>> {
    let of_members: Vec<[u64; TOGETHER]> = members
        .par_iter()
        .map_init(Vec::new, |spread_shingles, run| {
            spread_shingles.clear();
            spread_shingles.extend(items[runs[*run as usize].item as usize].1.shingles.iter().map(|s| spread(*s)));
            let mut keys = [0; TOGETHER];
            for (key, hashes) in keys.iter_mut().zip(bands) {
                *key = band_key(spread_shingles, hashes);
            }
            keys
        })
        .collect();
    let band = |at: usize| of_members.iter().enumerate().map(|(place, keys)| (keys[at], place as u32)).collect();
    (0..bands.len()).into_par_iter().map(band).collect()
}

fn link_group(
    items: &[(i64, &Signature)],
    runs: &[Run],
    members: &[u32],
    group: &[(u64, u32)],
    threshold: f64,
    links: &mut Links,
) {
    let run = |(_, place): (u64, u32)| &runs[members[place as usize] as usize];
    for at in 1..group.len() {
        let later = run(group[at]);
        for earlier in group[at.saturating_sub(LOOK_BACK)..at].iter().rev() {
            let earlier = run(*earlier);
            if later.first.saturating_sub(earlier.last) > WINDOW_MICROS || links.same(later.item, earlier.item) {
                continue;
            }
            let (a, b) = (items[later.item as usize].1, items[earlier.item as usize].1);
            if jaccard(&a.shingles, &b.shingles) >= threshold {
                links.join(earlier.item, later.item);
            }
        }
    }
}

/// Numbers the stories by their first text.
fn number(items: &[(i64, &Signature)], links: &mut Links) -> Vec<u32> {
    let mut order: Vec<u32> = (0..items.len() as u32).collect();
    order.sort_by_key(|i| (items[*i as usize].0, *i));
    let mut number_of_root = vec![u32::MAX; items.len()];
    let mut next = 0;
    let mut out = vec![0; items.len()];
    for item in order {
        let root = links.root(item) as usize;
        if number_of_root[root] == u32::MAX {
            number_of_root[root] = next;
            next += 1;
        }
        out[item as usize] = number_of_root[root];
    }
    out
}

/// Union-find with path halving; the smallest index of a set is its root.
struct Links {
    parent: Vec<u32>,
}

impl Links {
    fn new(len: usize) -> Self {
        Self { parent: (0..len as u32).collect() }
    }

    fn root(&mut self, mut item: u32) -> u32 {
        while self.parent[item as usize] != item {
            let above = self.parent[self.parent[item as usize] as usize];
            self.parent[item as usize] = above;
            item = above;
        }
        item
    }

    fn same(&mut self, a: u32, b: u32) -> bool {
        self.root(a) == self.root(b)
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high as usize] = low;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{sign, token_hash};
    use super::*;
    use crate::hashing::mix;

    const DAY: i64 = 24 * 3600 * 1_000_000;

    fn signature(text: &str) -> Signature {
        sign(&text.split(' ').map(token_hash).collect::<Vec<_>>())
    }

    fn number_texts(texts: &[(i64, &str)]) -> Vec<u32> {
        let signed: Vec<(i64, Signature)> = texts.iter().map(|(t, s)| (*t, signature(s))).collect();
        stories(&signed.iter().map(|(t, s)| (*t, s)).collect::<Vec<_>>())
    }

    const NEWS: &str = "le fournisseur annonce une panne nationale de son réseau mobile depuis ce matin six heures dans toutes les grandes villes";

    #[test]
    fn near_copies_join_and_the_origin_is_the_earliest() {
        let edited = format!("{NEWS} précise-t-il");
        let found = number_texts(&[
            (5 * DAY, &edited),
            (0, "un tout autre texte sur un autre sujet bien différent du premier"),
            (DAY, NEWS),
        ]);
        assert_eq!(found, [1, 0, 1]);
    }

    #[test]
    fn copies_more_than_thirty_days_apart_stay_apart_unless_chained() {
        assert_eq!(number_texts(&[(0, NEWS), (31 * DAY, NEWS)]), [0, 1]);
        assert_eq!(number_texts(&[(0, NEWS), (20 * DAY, NEWS), (40 * DAY, NEWS)]), [0, 0, 0]);
    }

    #[test]
    fn short_texts_are_never_merged() {
        assert_eq!(number_texts(&[(0, "merci beaucoup"), (1, "merci beaucoup")]), [0, 1]);
        assert_eq!(number_texts(&[(0, "toujours aucune réponse reçue"), (1, "toujours aucune réponse reçue")]), [0, 0]);
        assert_eq!(
            number_texts(&[(0, "toujours aucune réponse reçue hier"), (1, "toujours aucune réponse reçue ici")]),
            [0, 1]
        );
    }

    /// Texts of 30 words of which the last `changed` differ.
    fn storm(copies: u32) -> Vec<(i64, Signature)> {
        (0..copies)
            .map(|i| {
                let words: Vec<u64> =
                    (0..30).map(|w| if w == 29 { mix(u64::from(i)) } else { mix(1000 + w) }).collect();
                (i64::from(i) * 1000, sign(&words))
            })
            .collect()
    }

    #[test]
    fn a_storm_of_near_copies_is_one_story_in_any_order() {
        let signed = storm(3000);
        let forward: Vec<_> = signed.iter().map(|(t, s)| (*t, s)).collect();
        let backward: Vec<_> = forward.iter().rev().copied().collect();
        assert!(stories(&forward).iter().all(|s| *s == 0));
        assert_eq!(stories(&forward).len(), stories(&backward).iter().filter(|s| **s == 0).count());
    }

    #[test]
    fn links_are_only_those_of_the_definition() {
        // Against brute force on texts that share more or less of their words.
        let signed: Vec<(i64, Signature)> = (0..120_u64)
            .map(|i| {
                let family = i % 12;
                let words: Vec<u64> = (0..40)
                    .map(|w| if mix(i * 64 + w) % 40 < i / 24 { mix(i << 8 | w) } else { mix(family << 32 | w) })
                    .collect();
                (i as i64, sign(&words))
            })
            .collect();
        let items: Vec<_> = signed.iter().map(|(t, s)| (*t, s)).collect();
        let found = stories(&items);
        let mut links = Links::new(items.len());
        for a in 0..items.len() {
            for b in 0..a {
                if jaccard(&items[a].1.shingles, &items[b].1.shingles) >= 0.7 {
                    links.join(a as u32, b as u32);
                }
            }
        }
        let expected = number(&items, &mut links);
        let pairs = |v: &[u32]| {
            (0..v.len()).flat_map(|a| (0..a).filter(move |b| v[a] == v[*b]).map(move |b| (a, b))).collect::<Vec<_>>()
        };
        let (found, expected) = (pairs(&found), pairs(&expected));
        assert!(found.iter().all(|p| expected.contains(p)), "a pair below the threshold was linked");
        assert!(found.len() * 100 >= expected.len() * 97, "{} of {} pairs found", found.len(), expected.len());
        assert!(expected.len() > 100);
    }
}
