//! Edit distance with transpositions (Damerau, optimal string alignment), cut at a small limit.

/// The distance between two words, or None when it is over `limit`.
///
/// Insertions, deletions, substitutions and swaps of neighbours cost 1 each; no part is edited twice.
pub(crate) fn within(a: &str, b: &str, limit: usize) -> Option<usize> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut row: Vec<usize> = vec![0; b.len() + 1];
    for i in 1..=a.len() {
        row[0] = i;
        let mut best = i;
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut cost = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(before[j - 2] + 1);
            }
            row[j] = cost;
            best = best.min(cost);
        }
        if best > limit + 1 {
            return None;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    Some(above[b.len()]).filter(|d| *d <= limit)
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn known_distances() {
        assert_eq!(within("service", "service", 2), Some(0));
        assert_eq!(within("service", "sevrice", 1), Some(1));
        assert_eq!(within("service", "servic", 1), Some(1));
        assert_eq!(within("service", "sevice s", 2), None);
        assert_eq!(within("ca", "abc", 3), Some(3));
        assert_eq!(within("", "ab", 2), Some(2));
    }
}
