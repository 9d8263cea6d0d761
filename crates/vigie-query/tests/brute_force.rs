//! A slow evaluator that shares no code with the matcher must agree with it on random queries and texts, and
//! printing then reading any tree must give the same tree.
//!
//! `VIGIE_QUERY_CASES=100000 cargo test -p vigie-query --test brute_force --release` is the slow variant.

use proptest::prelude::*;
use vigie_query::syntax::{Expr, Function, Fuzzy, Near, Node, Phrase, Term};
use vigie_query::{Accents, Document, Field, Options, Query, QuerySet, Scratch};

/// Words of the random texts: few, so that they meet; folded forms in second place.
const WORDS: &[(&str, &str)] = &[
    ("panne", "panne"),
    ("Pannes", "pannes"),
    ("prêt", "pret"),
    ("pret", "pret"),
    ("café", "cafe"),
    ("CAFÉ", "cafe"),
    ("bon", "bon"),
    ("service", "service"),
    ("sevrice", "sevrice"),
    ("a", "a"),
    ("b", "b"),
    ("c", "c"),
];

/// A text as the slow evaluator sees it: fields of sentences of words (original, folded).
#[derive(Debug, Clone)]
struct Story {
    title: Vec<Vec<usize>>,
    body: Vec<Vec<usize>>,
}

fn print_text(sentences: &[Vec<usize>]) -> String {
    let mut out = String::new();
    for sentence in sentences {
        let words: Vec<&str> = sentence.iter().map(|w| WORDS[*w].0).collect();
        if !words.is_empty() {
            // A capital word begins each sentence after the first; "Fin" is no word of the queries.
            out.push_str("Fin ");
            out.push_str(&words.join(" "));
            out.push_str("! ");
        }
    }
    out
}

/// One token of the slow evaluator.
#[derive(Debug, Clone)]
struct Tok {
    original: String,
    folded: String,
    field: usize,
    sentence: usize,
}

fn tokens(story: &Story) -> Vec<Tok> {
    let mut out = Vec::new();
    let mut sentence = 0;
    for (field, sentences) in [&story.title, &story.body].into_iter().enumerate() {
        for words in sentences.iter().filter(|s| !s.is_empty()) {
            let fin = ("Fin".to_owned(), "fin".to_owned());
            let rest = words.iter().map(|w| (WORDS[*w].0.to_owned(), WORDS[*w].1.to_owned()));
            for (original, folded) in std::iter::once(fin).chain(rest) {
                out.push(Tok { original, folded, field, sentence });
            }
            sentence += 1;
        }
    }
    out
}

/// A span of token numbers, both ends in.
type Run = (usize, usize);

struct Slow<'a> {
    tokens: &'a [Tok],
    accents: Accents,
}

fn glob(pattern: &[char], word: &[char]) -> bool {
    match (pattern.first(), word.first()) {
        (None, None) => true,
        (Some('*'), _) => glob(&pattern[1..], word) || (!word.is_empty() && glob(pattern, &word[1..])),
        (Some('?'), Some(_)) => glob(&pattern[1..], &word[1..]),
        (Some(p), Some(w)) => p == w && glob(&pattern[1..], &word[1..]),
        _ => false,
    }
}

/// Damerau distance with recursion on its definition.
fn edits(a: &[char], b: &[char]) -> usize {
    if a.is_empty() || b.is_empty() {
        return a.len() + b.len();
    }
    let (n, m) = (a.len(), b.len());
    let mut table = vec![vec![0; m + 1]; n + 1];
    for (i, row) in table.iter_mut().enumerate() {
        row[0] = i;
    }
    table[0] = (0..=m).collect();
    for i in 1..=n {
        for j in 1..=m {
            let swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            let mut best = (table[i - 1][j] + 1)
                .min(table[i][j - 1] + 1)
                .min(table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]));
            if swap {
                best = best.min(table[i - 2][j - 2] + 1);
            }
            table[i][j] = best;
        }
    }
    table[n][m]
}

fn plain_fold(text: &str) -> String {
    text.to_lowercase().replace(['é', 'ê'], "e")
}

impl Slow<'_> {
    fn seen(&self, token: usize) -> String {
        match self.accents {
            Accents::Folded => self.tokens[token].folded.clone(),
            Accents::Strict => self.tokens[token].original.to_lowercase(),
        }
    }

    fn wanted(&self, text: &str) -> String {
        match self.accents {
            Accents::Folded => plain_fold(text),
            Accents::Strict => text.to_lowercase(),
        }
    }

    fn fits(&self, pattern: &str, token: usize) -> bool {
        let pattern: Vec<char> = self.wanted(pattern).chars().collect();
        let word: Vec<char> = self.seen(token).chars().collect();
        glob(&pattern, &word)
    }

    fn in_row(&self, words: &[&str], inside: &[usize]) -> Vec<Run> {
        let fits_at = |start: usize| {
            words.iter().enumerate().all(|(i, w)| {
                let t = start + i;
                inside.contains(&t)
                    && self.tokens[t].field == self.tokens[start].field
                    && (*w == "*" || self.fits(w, t))
            })
        };
        inside.iter().copied().filter(|s| fits_at(*s)).map(|s| (s, s + words.len() - 1)).collect()
    }

    fn between(&self, a: Run, b: Run) -> Option<usize> {
        (a.1 < b.0 && self.tokens[a.1].field == self.tokens[b.0].field).then(|| b.0 - a.1 - 1)
    }

    fn close(&self, a: Run, b: Run, near: &Near) -> bool {
        let forward = self.between(a, b).is_some_and(|g| g <= near.distance as usize);
        let backward = !near.ordered && self.between(b, a).is_some_and(|g| g <= near.distance as usize);
        forward || backward
    }

    fn runs(&self, node: &Node, inside: &[usize]) -> Vec<Run> {
        let mut out = match &node.expr {
            Expr::Term(Term { text, fuzzy: None, .. }) => self.in_row(&[text], inside),
            Expr::Term(Term { text, fuzzy: Some(Fuzzy::Edits(n)), .. }) => {
                let wanted: Vec<char> = self.wanted(text).chars().collect();
                let good = |t: &usize| {
                    let word: Vec<char> = self.seen(*t).chars().collect();
                    word.first() == wanted.first() && edits(&wanted, &word) <= usize::from(*n)
                };
                inside.iter().copied().filter(good).map(|t| (t, t)).collect()
            }
            Expr::Term(Term { text, fuzzy: Some(Fuzzy::Compound), .. }) => {
                let wanted = self.wanted(text);
                let mut out = Vec::new();
                for start in inside {
                    for end in *start..self.tokens.len() {
                        let same = self.tokens[end].sentence == self.tokens[*start].sentence && inside.contains(&end);
                        let joined: String = (*start..=end).map(|t| self.seen(t)).collect();
                        if same && joined == wanted {
                            out.push((*start, end));
                        }
                    }
                }
                out
            }
            Expr::Phrase(Phrase { text, slop: None, .. }) => self.in_row(&text.split(' ').collect::<Vec<_>>(), inside),
            Expr::Phrase(Phrase { text, slop: Some(slop), .. }) => {
                self.scattered(&text.split(' ').collect::<Vec<_>>(), *slop as usize, inside)
            }
            Expr::Exact(text) => {
                inside.iter().copied().filter(|t| self.tokens[*t].original == *text).map(|t| (t, t)).collect()
            }
            Expr::Or(list) => list.iter().flat_map(|n| self.runs(n, inside)).collect(),
            Expr::Near(near) => {
                let (left, right) = (self.runs(&near.left, inside), self.runs(&near.right, inside));
                if near.negated {
                    let apart = |l: &Run| {
                        right.iter().all(|r| !(self.close(*l, *r, near) || (r != l && r.0 <= l.1 && l.0 <= r.1)))
                    };
                    left.iter().copied().filter(apart).collect()
                } else {
                    let mut out = Vec::new();
                    for l in &left {
                        for r in right.iter().filter(|r| self.close(*l, **r, near)) {
                            out.push((l.0.min(r.0), l.1.max(r.1)));
                        }
                    }
                    out
                }
            }
            Expr::Scope(field, inner) => self.runs(inner, &self.scope(*field, inside)),
            other => panic!("no runs for {other:?}"),
        };
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Every choice of one token for each word; the tightest for each end are what the language keeps.
    fn scattered(&self, words: &[&str], slop: usize, inside: &[usize]) -> Vec<Run> {
        let mut choices: Vec<Vec<usize>> = vec![Vec::new()];
        for word in words {
            let mut next = Vec::new();
            for choice in &choices {
                for t in inside.iter().filter(|t| self.fits(word, **t) && !choice.contains(t)) {
                    next.push(choice.iter().copied().chain([*t]).collect());
                }
            }
            choices = next;
        }
        let runs: Vec<Run> = choices
            .iter()
            .filter_map(|c| Some((*c.iter().min()?, *c.iter().max()?)))
            .filter(|r| self.tokens[r.0].field == self.tokens[r.1].field && r.1 - r.0 < slop + words.len())
            .collect();
        // Keep the runs that hold no other run.
        let tight = |r: &Run| !runs.iter().any(|o| o != r && o.0 >= r.0 && o.1 <= r.1);
        runs.iter().copied().filter(tight).collect()
    }

    fn scope(&self, field: Field, inside: &[usize]) -> Vec<usize> {
        let wanted = usize::from(field != Field::Title);
        inside.iter().copied().filter(|t| self.tokens[*t].field == wanted).collect()
    }

    fn sentences(&self, inside: &[usize]) -> Vec<Vec<usize>> {
        let count = self.tokens.last().map_or(0, |t| t.sentence + 1);
        (0..count)
            .map(|s| {
                self.tokens.iter().enumerate().filter(|(_, t)| t.sentence == s).map(|(i, _)| i).collect::<Vec<_>>()
            })
            .filter(|s: &Vec<usize>| s.iter().all(|t| inside.contains(t)))
            .collect()
    }

    fn holds(&self, node: &Node, inside: &[usize]) -> bool {
        match &node.expr {
            Expr::And(list) => list.iter().all(|n| self.holds(n, inside)),
            Expr::Or(list) => list.iter().any(|n| self.holds(n, inside)),
            Expr::Not(inner) => !self.holds(inner, inside),
            Expr::Scope(field, inner) => self.holds(inner, &self.scope(*field, inside)),
            Expr::Function(Function::Sentence | Function::Paragraph, inner) => {
                self.sentences(inside).iter().any(|s| self.holds(inner, s))
            }
            Expr::Function(Function::OrderedSentence, inner) => {
                self.sentences(inside).iter().any(|s| self.ordered(inner, s))
            }
            Expr::Function(Function::AtLeast(n), inner) => Self::most_apart(&self.runs(inner, inside)) >= *n as usize,
            _ => !self.runs(node, inside).is_empty(),
        }
    }

    fn ordered(&self, inner: &Node, sentence: &[usize]) -> bool {
        let Expr::And(list) = &inner.expr else { return self.holds(inner, sentence) };
        let (nots, parts): (Vec<&Node>, Vec<&Node>) = list.iter().partition(|n| matches!(n.expr, Expr::Not(_)));
        let lists: Vec<Vec<Run>> = parts.iter().map(|p| self.runs(p, sentence)).collect();
        chain(&lists, None) && nots.iter().all(|n| self.holds(n, sentence))
    }

    /// The largest number of runs without overlap, by trying all.
    fn most_apart(runs: &[Run]) -> usize {
        let Some((first, rest)) = runs.split_first() else { return 0 };
        let apart: Vec<Run> = rest.iter().copied().filter(|r| r.0 > first.1 || r.1 < first.0).collect();
        Self::most_apart(rest).max(1 + Self::most_apart(&apart))
    }
}

/// True when one run of each list can be taken, each after the one before.
fn chain(lists: &[Vec<Run>], after: Option<usize>) -> bool {
    let Some(first) = lists.first() else { return true };
    first.iter().any(|r| after.is_none_or(|a| r.0 > a) && chain(&lists[1..], Some(r.1)))
}

fn node(expr: Expr) -> Node {
    Node::new(expr, 0..0)
}

fn term(text: &str, fuzzy: Option<Fuzzy>) -> Node {
    node(Expr::Term(Term { text: text.to_owned(), fuzzy, boost: None }))
}

fn leaf() -> impl Strategy<Value = Node> {
    let word = prop::sample::select(vec!["panne", "Prêt", "pret", "cafe", "bon", "service", "a", "b", "c"]);
    let wild = prop::sample::select(vec!["pan*", "*ne", "p*t", "ser?ice", "*nn*", "pr?t", "ca*"]);
    let phrase = prop::collection::vec(prop::sample::select(vec!["panne", "prêt", "bon", "a", "b", "c", "*"]), 2..4)
        .prop_filter("a word", |w| w.iter().any(|x| *x != "*"));
    let loose = (prop::collection::vec(prop::sample::select(vec!["panne", "pan*", "a", "b", "c"]), 2..4), 0u32..4);
    prop_oneof![
        8 => word.prop_map(|w| term(w, None)),
        2 => wild.prop_map(|w| term(w, None)),
        1 => (prop::sample::select(vec!["service", "pannes", "bom"]), 1u8..3).prop_map(|(w, n)| term(w, Some(Fuzzy::Edits(n)))),
        1 => prop::sample::select(vec!["ab", "bonservice", "abc"]).prop_map(|w| term(w, Some(Fuzzy::Compound))),
        2 => phrase.prop_map(|w| node(Expr::Phrase(Phrase { text: w.join(" "), slop: None, boost: None }))),
        1 => loose.prop_map(|(w, s)| node(Expr::Phrase(Phrase { text: w.join(" "), slop: Some(s), boost: None }))),
        1 => prop::sample::select(vec!["Pannes", "prêt", "CAFÉ", "café"]).prop_map(|w| node(Expr::Exact(w.to_owned()))),
    ]
}

/// Expressions that have places.
fn spanned() -> impl Strategy<Value = Node> {
    leaf().prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|l| node(Expr::Or(l))),
            (inner.clone(), inner, 0u32..5, any::<bool>(), prop::bool::weighted(0.2)).prop_map(
                |(l, r, distance, ordered, negated)| {
                    node(Expr::Near(Near { left: Box::new(l), right: Box::new(r), distance, ordered, negated }))
                }
            ),
        ]
    })
}

fn query() -> impl Strategy<Value = Node> {
    let function = (spanned(), prop::collection::vec(spanned(), 2..4), prop::option::of(leaf()), 0u8..5, 1u32..4)
        .prop_map(|(one, mut many, not, kind, n)| {
            many.extend(not.map(|l| node(Expr::Not(Box::new(l)))));
            let (function, inner) = match kind {
                0 => (Function::AtLeast(n), one),
                1 => (Function::OrderedSentence, node(Expr::And(many))),
                2 => (Function::OrderedSentence, one),
                3 => (Function::Sentence, one),
                _ => (Function::Sentence, node(Expr::And(many))),
            };
            node(Expr::Function(function, Box::new(inner)))
        });
    prop_oneof![3 => spanned(), 1 => function].prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|l| node(Expr::And(l))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|l| node(Expr::Or(l))),
            inner.clone().prop_map(|n| node(Expr::Not(Box::new(n)))),
            (prop::sample::select(vec![Field::Title, Field::Body]), inner.clone())
                .prop_map(|(f, n)| node(Expr::Scope(f, Box::new(n)))),
            inner.prop_map(|n| node(Expr::Function(Function::Sentence, Box::new(n)))),
        ]
    })
}

fn story() -> impl Strategy<Value = Story> {
    let sentence = || prop::collection::vec(0..WORDS.len(), 0..7);
    (prop::collection::vec(sentence(), 0..2), prop::collection::vec(sentence(), 0..4))
        .prop_map(|(title, body)| Story { title, body })
}

fn cases(default: u32) -> u32 {
    std::env::var("VIGIE_QUERY_CASES").ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(5_000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn matcher_agrees_with_the_slow_evaluator(root in query(), story in story(), strict in any::<bool>()) {
        let accents = if strict { Accents::Strict } else { Accents::Folded };
        let tokens = tokens(&story);
        let slow = Slow { tokens: &tokens, accents };
        let all: Vec<usize> = (0..tokens.len()).collect();
        let expected = slow.holds(&root, &all);
        let (title, body) = (print_text(&story.title), print_text(&story.body));
        let document = Document { title: Some(&title), body: Some(&body), ..Document::default() };
        let set = QuerySet::new(vec![("q".to_owned(), Query { root: root.clone(), accents })]).unwrap();
        let mut scratch = Scratch::new();
        let hits = set.matches(&document, &mut scratch).to_vec();
        // With a fuzzy word, which may be anywhere, no text is sifted before it is cut.
        let fuzzy = Query::parse("zzzz~1", &Options::default()).query.unwrap();
        let query = Query { root: root.clone(), accents };
        let cut = QuerySet::new(vec![("q".to_owned(), query), ("fuzzy".to_owned(), fuzzy)]).unwrap();
        prop_assert_eq!(cut.matches(&document, &mut scratch), hits.as_slice(), "sifted · {:?}", root);
        prop_assert_eq!(!hits.is_empty(), expected, "{} · {:?} · {:?} · {}", root, accents, title, body);
        for span in hits.iter().flat_map(|h| &h.spans) {
            let text = if span.field == Field::Title { &title } else { &body };
            prop_assert!(text.get(span.range.clone()).is_some_and(|t| !t.is_empty()));
        }
    }

    #[test]
    fn printing_then_reading_gives_the_same_tree(root in query()) {
        let printed = root.to_string();
        let parsed = Query::parse(&printed, &Options::default());
        prop_assert_eq!(parsed.query.map(|q| q.root), Some(root), "{}: {:?}", printed, parsed.diagnostics);
    }

    #[test]
    fn any_characters_are_read_without_panic(text in "[ a-zé\"“»(){}:*?~^#@$/\\-!0-9ANDORTE]{0,60}", body in "\\PC{0,80}") {
        let parsed = Query::parse(&text, &Options::default());
        for problem in &parsed.diagnostics {
            prop_assert!(text.get(problem.span.clone()).is_some(), "{:?}", problem);
        }
        if let Some(query) = parsed.query {
            let printed = query.to_string();
            let again = Query::parse(&printed, &Options::default());
            prop_assert_eq!(again.query.as_ref(), Some(&query), "{} → {} {:?}", text, printed, again.diagnostics);
            let set = QuerySet::new(vec![("q".to_owned(), query)]).unwrap();
            set.matches(&Document::of_text(&body), &mut Scratch::new());
        }
    }
}
