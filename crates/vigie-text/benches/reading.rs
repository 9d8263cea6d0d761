//! Speed of reading on made-up posts: whole reading, and stories from signatures.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use vigie_text::reading::{Hints, Scratch, read};
use vigie_text::signature::{Signature, stories};

const POSTS: &[&str] = &[
    "@nordet toujours pas de réseau à Laval depuis ce matin, ça commence à faire long… #panne https://t.co/abcdef",
    "Très satisfaite de mon nouveau forfait, la conseillère était adorable et tout a été réglé en dix minutes !",
    "Est-ce que quelqu'un sait si la boutique du centre-ville est ouverte lundi ?",
    "@skyblue been on hold for 45 minutes, still no answer. Worst customer service ever 😡",
    "The crew on our flight to Montreal was lovely and we landed early, thank you!",
    "Comparing home insurance quotes today, anyone happy with theirs?",
    "La hausse des tarifs annoncée hier concerne les abonnés internet et mobile dès le 1er mars.",
    "ben là, mon internet plante encore, c'est plate en maudit mais le technicien était ben fin",
];

fn posts(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("{} {}", POSTS[i % POSTS.len()], i / POSTS.len())).collect()
}

fn reading(c: &mut Criterion) {
    let posts = posts(4_000);
    let hints = Hints::default();
    let mut scratch = Scratch::default();
    let mut group = c.benchmark_group("reading");
    group.sample_size(20).throughput(Throughput::Elements(posts.len() as u64));
    group.bench_function("read", |b| {
        b.iter(|| {
            for post in &posts {
                black_box(read(black_box(post), None, &hints, &mut scratch));
            }
        });
    });
    let signatures: Vec<Signature> = posts.iter().map(|p| read(p, None, &hints, &mut scratch).signature).collect();
    let items: Vec<(i64, &Signature)> = signatures.iter().enumerate().map(|(i, s)| (i as i64 * 1_000_000, s)).collect();
    group.bench_function("stories", |b| b.iter(|| black_box(stories(black_box(&items)))));
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
