//! How fast 200 queries of 2,000 literals read short posts and long articles, beside the steps alone: folding into an
//! outline, cutting into tokens, and the bare automaton of all the literals over the folded bytes (folding left out). Run `cargo bench -p vigie-query --bench matching`.
//!
//! Texts are made here, from a fixed seed; with `VIGIE_QUERY_TEXTS` they are those that `side_by_side.py` prepared
//! from real ones, which Python and tantivy read as well.

use std::hint::black_box;
use std::path::Path;

use aho_corasick::{AhoCorasickBuilder, AhoCorasickKind};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use vigie_query::{Document, Options, Query, QuerySet, Scratch};
use vigie_text::segment::Segments;
use vigie_text::segment::outline::Outline;

/// A small generator of numbers (xorshift), so that every run reads the same texts.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }
}

const SYLLABLES: &[&str] = &[
    "ba", "cor", "dé", "fi", "gran", "ho", "ju", "ka", "lou", "mon", "né", "por", "qui", "res", "sol", "ta", "ver",
    "xo", "yen", "zè", "tion", "ment", "er", "age", "ing",
];
const COMMON: &[&str] = &[
    "le", "la", "de", "et", "un", "les", "pour", "dans", "the", "of", "and", "to", "is", "on", "for", "avec", "l'",
    "d’",
];

fn vocabulary(numbers: &mut Numbers, size: usize) -> Vec<String> {
    (0..size).map(|_| (0..2 + numbers.next(3)).map(|_| SYLLABLES[numbers.next(SYLLABLES.len())]).collect()).collect()
}

/// Texts of `words` words: half common ones, half from the vocabulary with frequent ones first.
fn texts(numbers: &mut Numbers, vocabulary: &[String], count: usize, words: usize) -> Vec<String> {
    (0..count)
        .map(|_| {
            let mut out = String::new();
            for index in 0..words {
                let common = numbers.next(2) == 0;
                let rank = numbers.next(vocabulary.len()).min(numbers.next(vocabulary.len()));
                let word = if common { COMMON[numbers.next(COMMON.len())] } else { &vocabulary[rank] };
                out.push_str(word);
                if !word.ends_with(['\'', '’']) {
                    out.push_str(if index % 11 == 10 { ". " } else { " " });
                }
            }
            out
        })
        .collect()
}

/// A name, a phrase and a prefix near context, and exclusions: ten words.
fn query(w: &[String], index: usize) -> (String, Query) {
    let text = format!(
        "({} OR \"{} {}\" OR {}*) NEAR/8 ({} OR {}) NOT ({} OR {} OR \"{} {}\")",
        w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9]
    );
    let query = Query::parse(&text, &Options::default()).query.expect("the bench builds good queries");
    (format!("q{index}"), query)
}

/// What is measured: ten words for each of 200 queries, and two sets of texts.
struct Material {
    words: Vec<Vec<String>>,
    texts: [(&'static str, Vec<String>); 2],
}

/// Made-up texts. Half the words of the queries occur in them.
fn made() -> Material {
    let mut numbers = Numbers(42);
    let vocabulary = vocabulary(&mut numbers, 20_000);
    let others: Vec<String> = vocabulary.iter().map(|w| format!("{w}ax")).collect();
    let word = |numbers: &mut Numbers| {
        let list = if numbers.next(2) == 0 { &vocabulary } else { &others };
        list[numbers.next(list.len())].clone()
    };
    let words = (0..200).map(|_| (0..10).map(|_| word(&mut numbers)).collect()).collect();
    let posts = texts(&mut numbers, &vocabulary, 5_000, 18);
    let articles = texts(&mut numbers, &vocabulary, 100, 900);
    Material { words, texts: [("posts", posts), ("articles", articles)] }
}

/// Real texts, prepared by `side_by_side.py`.
fn read(folder: &Path) -> Material {
    let lines = |name: &str| -> Vec<String> {
        let path = folder.join(name);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        text.lines().map(str::to_owned).collect()
    };
    let words = lines("queries.tsv").iter().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    Material { words, texts: [("posts", lines("posts.txt")), ("articles", lines("articles.txt"))] }
}

fn bench(c: &mut Criterion) {
    let material = std::env::var_os("VIGIE_QUERY_TEXTS").map_or_else(made, |folder| read(Path::new(&folder)));
    let queries: Vec<(String, Query)> = material.words.iter().enumerate().map(|(i, w)| query(w, i)).collect();
    let set = QuerySet::new(queries).expect("the set fits");
    let literals: Vec<String> = material.words.iter().flatten().map(|w| format!("\0{w}\0")).collect();
    let automaton = AhoCorasickBuilder::new()
        .kind(Some(AhoCorasickKind::DFA))
        .prefilter(false)
        .build(&literals)
        .expect("the automaton fits");
    for (name, texts) in &material.texts {
        let bytes: usize = texts.iter().map(String::len).sum();
        let mut group = c.benchmark_group(*name);
        group.throughput(Throughput::Bytes(bytes as u64));
        group.sample_size(20);
        group.bench_function("match 200 queries", |b| {
            let mut scratch = Scratch::new();
            b.iter(|| texts.iter().map(|t| set.matches(&Document::of_text(t), &mut scratch).len()).sum::<usize>());
        });
        group.bench_function("cut into tokens", |b| {
            let mut segments = Segments::new();
            b.iter(|| {
                for text in texts {
                    segments.read(black_box(text));
                }
                segments.positions()
            });
        });
        group.bench_function("fold into an outline", |b| {
            let mut outline = Outline::default();
            b.iter(|| texts.iter().filter(|text| outline.read(black_box(text))).count());
        });
        let folded: Vec<Vec<u8>> = texts
            .iter()
            .map(|text| {
                let mut outline = Outline::default();
                outline.read(text);
                outline.words().to_vec()
            })
            .collect();
        group.bench_function("bare automaton", |b| {
            b.iter(|| folded.iter().map(|t| automaton.find_overlapping_iter(black_box(t)).count()).sum::<usize>());
        });
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
