//! Tone towards each entity of a text: the words near its name, the whole text in the background, and
//! comparisons that name a winner and a loser.

use std::ops::Range;
use std::sync::LazyLock;

use super::rules::{Hit, evidence};
use super::scale::{Sums, tone_of};
use super::{Target, Tone, View};
use crate::hashing::word_hash;
use crate::normalize::fold;
use crate::stop_words::Known;
use crate::words::{Gap, Word};

/// Words looked at on each side of a name.
const WINDOW: usize = 8;
/// Part of the whole text that counts for an entity when several are named.
const BACKGROUND: f32 = 0.25;
/// Same, when nothing near its name weighs.
const BACKGROUND_ALONE: f32 = 0.7;
/// Fewest words around a name for its window to speak.
const FEWEST_AROUND: usize = 2;
/// What a comparison gives the winner and takes from the loser.
const COMPARED: f32 = 3.0;
/// Most words between two coordinated names.
const MOST_JOINS: usize = 3;
/// Most words between two names compared.
const COMPARISON_REACH: usize = 10;

/// What a text says near an entity.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stance {
    /// The text as a whole stands for the entity: no other is named, or it is not named itself.
    Whole,
    /// The words around its names.
    Near(Surroundings),
}

/// The words around the names of one entity.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Surroundings {
    /// Words looked at, as ranges that do not overlap.
    pub(super) windows: Vec<Range<usize>>,
    /// What weighs there.
    pub(super) hits: Vec<Hit>,
    /// Words around the names.
    pub(super) around: usize,
    /// Above 0 when a comparison makes it the winner, below 0 the loser.
    pub(super) compared: f32,
}

/// Where each target stands.
pub(super) fn stances(view: View<'_>, hits: &[Hit], targets: &[Target<'_>]) -> Vec<Stance> {
    let words = view.words.all();
    let named: Vec<Vec<Range<usize>>> =
        targets.iter().map(|t| t.spans.iter().filter_map(|s| word_range(words, s)).collect()).collect();
    let several = named.iter().filter(|n| !n.is_empty()).count() > 1;
    if !several {
        return targets.iter().map(|_| Stance::Whole).collect();
    }
    let compared = comparisons(words, &named);
    let groups = coordinated(words, &named);
    (0..targets.len())
        .map(|t| {
            if named[t].is_empty() {
                return Stance::Whole;
            }
            let (windows, hits, around) = surroundings(words, hits, &groups, t);
            Stance::Near(Surroundings { windows, hits, around, compared: compared[t] })
        })
        .collect()
}

/// The tone towards each target by the rules alone.
pub(super) fn target_tones(
    view: View<'_>,
    language: Known,
    hits: &[Hit],
    document: &Tone,
    targets: &[Target<'_>],
) -> Vec<Tone> {
    let whole = Sums::of(hits, view.words.exclamations());
    let tone = |stance| match stance {
        Stance::Whole => document.clone(),
        Stance::Near(Surroundings { hits: near, around, compared, .. }) => {
            let part = if near.is_empty() { BACKGROUND_ALONE } else { BACKGROUND };
            let mut sums = if around < FEWEST_AROUND { whole } else { Sums::of(&near, 0).plus(whole, part) };
            if compared != 0.0 {
                sums = Sums { positive: compared.max(0.0), negative: (-compared).max(0.0) }.plus(sums, BACKGROUND);
            }
            let mut tone = tone_of(sums, language);
            tone.evidence = evidence(&near, view.words.all());
            tone
        }
    };
    stances(view, hits, targets).into_iter().map(tone).collect()
}

/// The words of a byte span.
fn word_range(words: &[Word], span: &Range<usize>) -> Option<Range<usize>> {
    let first = words.partition_point(|w| w.end as usize <= span.start);
    let end = words.partition_point(|w| (w.start as usize) < span.end);
    (first < end).then_some(first..end)
}

/// The spans of each target, widened to the names it is coordinated with: in « A et B sont nuls » what is
/// said of one is said of the other.
fn coordinated(words: &[Word], named: &[Vec<Range<usize>>]) -> Vec<Vec<Range<usize>>> {
    let mut all: Vec<Range<usize>> = named.iter().flatten().cloned().collect();
    all.sort_by_key(|s| (s.start, s.end));
    let mut groups: Vec<Range<usize>> = Vec::new();
    for span in all {
        match groups.last_mut() {
            Some(last) if span.start <= last.end || only_joins(&words[last.end..span.start], words[span.start].gap) => {
                last.end = last.end.max(span.end);
            }
            _ => groups.push(span),
        }
    }
    let group_of = |s: &Range<usize>| groups.iter().find(|g| g.start <= s.start && s.end <= g.end).unwrap_or(s).clone();
    named.iter().map(|spans| spans.iter().map(group_of).collect()).collect()
}

/// True when only « et », "and", a comma and articles stand between two names, one joining word at least
/// or a comma.
fn only_joins(between: &[Word], last_gap: Gap) -> bool {
    let comma = last_gap == Gap::Soft || between.iter().any(|w| w.gap == Gap::Soft);
    let joined = between.iter().any(|w| LISTS.coordinators.contains(&w.hash));
    let strong = last_gap == Gap::Strong || between.iter().any(|w| w.gap == Gap::Strong);
    between.len() <= MOST_JOINS
        && !strong
        && (comma || joined)
        && between.iter().all(|w| LISTS.coordinators.contains(&w.hash) || LISTS.articles.contains(&w.hash))
}

/// The windows of one target, the hits in them, and how many words they hold beside the names.
fn surroundings(
    words: &[Word],
    hits: &[Hit],
    named: &[Vec<Range<usize>>],
    target: usize,
) -> (Vec<Range<usize>>, Vec<Hit>, usize) {
    let mut windows: Vec<Range<usize>> = Vec::new();
    let mut around = 0;
    for span in &named[target] {
        let (low, high) = window(words, span, named, target);
        around += high - low - span.len();
        match windows.last_mut() {
            Some(last) if low <= last.end => last.end = last.end.max(high),
            _ => windows.push(low..high),
        }
    }
    let inside = |h: &&Hit| windows.iter().any(|w| w.contains(&(h.first as usize)));
    let near = hits.iter().filter(inside).copied().collect();
    (windows, near, around)
}

/// The window of a name: at most eight words each side, inside the clause, not across another name.
fn window(words: &[Word], span: &Range<usize>, named: &[Vec<Range<usize>>], target: usize) -> (usize, usize) {
    let foreign = |at: usize| {
        named.iter().enumerate().any(|(t, spans)| t != target && spans.iter().any(|s| s.contains(&at) && s != span))
    };
    let mut low = span.start;
    while low > 0
        && span.start - low < WINDOW
        && words[low].gap != Gap::Strong
        && !foreign(low - 1)
        && !is_cut(&words[low])
    {
        low -= 1;
    }
    if is_cut(&words[low]) && low < span.start {
        low += 1;
    }
    let mut high = span.end;
    while high < words.len()
        && high - span.end < WINDOW
        && words[high].gap != Gap::Strong
        && !foreign(high)
        && !is_cut(&words[high])
    {
        high += 1;
    }
    // Words between two names belong to the clause of the first: « A est nul, B est bien ».
    if low > 0 && foreign(low - 1) {
        low = clause_start(words, low, span.start);
    }
    if high < words.len() && foreign(high) {
        high = clause_end(words, span.end, high);
    }
    (low, high)
}

/// After a foreign name, the clause of a name begins at the last comma or joining word, else at itself.
fn clause_start(words: &[Word], low: usize, start: usize) -> usize {
    (low..=start)
        .rev()
        .find(|at| words[*at].gap == Gap::Soft || LISTS.joins.contains(&words[*at].hash))
        .unwrap_or(start)
}

/// Before a foreign name, the clause of a name ends at the last comma or joining word, else at the name.
fn clause_end(words: &[Word], end: usize, high: usize) -> usize {
    if words[high].gap == Gap::Soft {
        return high;
    }
    (end..high).rev().find(|at| words[*at].gap == Gap::Soft || LISTS.joins.contains(&words[*at].hash)).unwrap_or(high)
}

fn is_cut(word: &Word) -> bool {
    LISTS.contrasts.contains(&word.hash)
}

struct Lists {
    contrasts: Vec<u64>,
    joins: Vec<u64>,
    coordinators: Vec<u64>,
    articles: Vec<u64>,
    better: Vec<u64>,
    worse: Vec<u64>,
    beats: Vec<u64>,
    than: Vec<u64>,
    leave: Vec<u64>,
    prefer: Vec<u64>,
    to: Vec<u64>,
    instead: Vec<[u64; 2]>,
}

fn hashed(words: &str) -> Vec<u64> {
    words.split_whitespace().map(|w| word_hash(&fold(w))).collect()
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists {
    contrasts: hashed(
        "mais cependant pourtant toutefois néanmoins alors tandis contrairement but however although though whereas while unlike",
    ),
    joins: hashed("et and ou or puis then alors quand"),
    coordinators: hashed("et ou ni and or nor"),
    articles: hashed("le la les l un une des de d du the a an both"),
    better: hashed(
        "meilleur meilleure meilleurs meilleures mieux supérieur supérieure better superior faster cheaper nicer cleaner easier friendlier greater",
    ),
    worse: hashed("pire pires inférieur inférieure worse slower inferior ruder dirtier"),
    beats: hashed("beats beat outperforms outclasses bat surpasse surclasse dépasse devance écrase"),
    than: hashed("que qu than à"),
    leave: hashed(
        "quitté quitte quitter quittons quittent laissé lâché délaissé abandonné passé passe passer changé switched switching switch \
         moved moving left leaving leave ditched dumped dropped",
    ),
    prefer: hashed("préfère préférer préférons préférais prefer preferred"),
    to: hashed("pour chez à to for vers"),
    instead: [
        ("plutot", "que"),
        ("plutot", "qu"),
        ("rather", "than"),
        ("instead", "of"),
        ("lieu", "de"),
        ("lieu", "d"),
    ]
    .map(|(a, b)| [word_hash(a), word_hash(b)])
    .to_vec(),
});

/// What comparisons give each target: above 0 for a winner, below 0 for a loser.
fn comparisons(words: &[Word], named: &[Vec<Range<usize>>]) -> Vec<f32> {
    let mut spans: Vec<(Range<usize>, usize)> =
        named.iter().enumerate().flat_map(|(t, spans)| spans.iter().map(move |s| (s.clone(), t))).collect();
    spans.sort_by_key(|(s, t)| (s.start, *t));
    let mut out = vec![0.0_f32; named.len()];
    for pair in spans.windows(2) {
        let ((a, first), (b, second)) = (&pair[0], &pair[1]);
        if first == second
            || b.start < a.end
            || b.start - a.end > COMPARISON_REACH
            || words[a.end..=b.start].iter().any(|w| w.gap == Gap::Strong)
        {
            continue;
        }
        let sign = comparison(words, a, b.start);
        out[*first] += sign * COMPARED;
        out[*second] -= sign * COMPARED;
    }
    out
}

/// 1 when the first name wins, -1 when it loses, 0 when nothing is compared.
fn comparison(words: &[Word], first: &Range<usize>, second: usize) -> f32 {
    let between = &words[first.end..second];
    let hashes: Vec<u64> = between.iter().map(|w| w.hash).collect();
    let has_pair = |pairs: &[[u64; 2]]| hashes.windows(2).any(|w| pairs.iter().any(|p| w == p));
    if has_pair(&LISTS.instead) {
        return 1.0;
    }
    let before = &words[first.start.saturating_sub(4)..first.start];
    let near_before =
        |list: &[u64]| before.iter().rev().take_while(|w| w.gap != Gap::Strong).any(|w| list.contains(&w.hash));
    let has = |list: &[u64]| hashes.iter().any(|h| list.contains(h));
    if near_before(&LISTS.prefer) && has(&LISTS.to) {
        return 1.0;
    }
    if near_before(&LISTS.leave) && has(&LISTS.to) {
        return -1.0;
    }
    let turned = if hashes.iter().any(|h| *h == word_hash("pas") || *h == word_hash("not") || *h == word_hash("isn't"))
    {
        -1.0
    } else {
        1.0
    };
    let compared = |list: &[u64]| {
        hashes
            .iter()
            .position(|h| list.contains(h))
            .is_some_and(|at| hashes[at + 1..].iter().any(|h| LISTS.than.contains(h)))
    };
    if compared(&LISTS.better) || has(&LISTS.beats) {
        turned
    } else if compared(&LISTS.worse) {
        -turned
    } else {
        less_than(&hashes)
    }
}

/// « moins bon que », "less reliable than", « aussi »: the first loses.
fn less_than(hashes: &[u64]) -> f32 {
    let less = hashes.iter().position(|h| *h == word_hash("moins") || *h == word_hash("less"));
    match less {
        Some(at) if hashes[at + 1..].iter().any(|h| LISTS.than.contains(h)) => {
            let cheaper = hashes[at + 1..]
                .iter()
                .any(|h| *h == word_hash("cher") || *h == word_hash("chere") || *h == word_hash("expensive"));
            if cheaper { 1.0 } else { -1.0 }
        }
        _ => 0.0,
    }
}
