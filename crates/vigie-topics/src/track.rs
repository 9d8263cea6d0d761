//! Topics of one month that carry on those of the month before.

/// Cosine of the terms of two topics, weighed by their authors, from which the later carries on the earlier.
pub const CARRIED_ON_AT: f64 = 0.5;

/// Where a topic comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// No topic of the month before is like it.
    New,
    /// It carries on a topic of the month before.
    CarriedOn,
}

/// A topic that keeps its number as long as it goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// Its number: never given to another.
    pub id: u32,
    /// Where it comes from.
    pub origin: Origin,
    /// Authors who use each of its terms, in ascending order of terms.
    pub users: Vec<(u64, u32)>,
}

/// Numbers the topics of a month, given as the authors of their terms, by what they carry on of the month
/// `before`: the most alike first, each topic once. New ones are numbered from `next`, which moves on. Topics of
/// `before` whose number does not come back have ended.
pub fn track(before: &[Followed], now: &[&[(u64, u32)]], next: &mut u32) -> Vec<Followed> {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (b, earlier) in before.iter().enumerate() {
        for (n, users) in now.iter().enumerate() {
            let likeness = cosine(&earlier.users, users);
            if likeness >= CARRIED_ON_AT {
                pairs.push((likeness, b, n));
            }
        }
    }
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let mut ids: Vec<Option<u32>> = vec![None; now.len()];
    let mut taken = vec![false; before.len()];
    for (_, b, n) in pairs {
        if !taken[b] && ids[n].is_none() {
            taken[b] = true;
            ids[n] = Some(before[b].id);
        }
    }
    let mut number = || {
        *next += 1;
        *next - 1
    };
    now.iter()
        .zip(ids)
        .map(|(users, id)| {
            let (id, origin) = id.map_or_else(|| (number(), Origin::New), |id| (id, Origin::CarriedOn));
            Followed { id, origin, users: users.to_vec() }
        })
        .collect()
}

/// Cosine of two lists of terms in ascending order, weighed by their authors; 0 when one is empty.
fn cosine(a: &[(u64, u32)], b: &[(u64, u32)]) -> f64 {
    let size = |list: &[(u64, u32)]| list.iter().map(|(_, n)| f64::from(*n).powi(2)).sum::<f64>().sqrt();
    let of = |term: u64| b.binary_search_by_key(&term, |(t, _)| *t).map_or(0.0, |at| f64::from(b[at].1));
    let dot: f64 = a.iter().map(|(term, n)| f64::from(*n) * of(*term)).sum();
    let sizes = size(a) * size(b);
    if sizes > 0.0 { dot / sizes } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_keep_their_number_as_long_as_they_go_on() {
        let (outage, price, fiber) = ([(1, 40), (2, 30), (3, 5)], [(10, 20), (11, 20)], [(20, 9), (21, 9)]);
        let mut next = 1;
        let first = track(&[], &[&outage, &price], &mut next);
        assert_eq!(first.iter().map(|f| (f.id, f.origin)).collect::<Vec<_>>(), [(1, Origin::New), (2, Origin::New)]);
        let outage_later = [(1, 10), (2, 12), (4, 3)];
        let second = track(&first, &[&fiber, &outage_later], &mut next);
        let found: Vec<_> = second.iter().map(|f| (f.id, f.origin)).collect();
        assert_eq!(found, [(3, Origin::New), (1, Origin::CarriedOn)]);
        // The topic of prices ended; when it comes back a month later it is another.
        let third = track(&second, &[&price], &mut next);
        assert_eq!((third[0].id, third[0].origin, next), (4, Origin::New, 5));
    }

    #[test]
    fn the_most_alike_go_first_and_each_once() {
        let before = [
            Followed { id: 7, origin: Origin::New, users: vec![(1, 10), (2, 10)] },
            Followed { id: 8, origin: Origin::New, users: vec![(1, 10)] },
        ];
        let mut next = 9;
        let found = track(&before, &[&[(1, 5)], &[(1, 5), (3, 1)]], &mut next);
        assert_eq!(found.iter().map(|f| f.id).collect::<Vec<_>>(), [8, 7]);
    }

    #[test]
    fn the_cosine_is_that_of_the_weights() {
        assert!((cosine(&[(1, 3), (2, 4)], &[(2, 1)]) - 0.8).abs() < 1e-12);
        assert_eq!((cosine(&[], &[(1, 1)]), cosine(&[(1, 1)], &[(2, 1)])), (0.0, 0.0));
    }
}
