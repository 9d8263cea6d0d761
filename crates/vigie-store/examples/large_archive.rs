//! A large archive, and what reading a month of it costs.
//!
//!     cargo build --workspace --release --example large_archive
//!     target/release/examples/large_archive make FOLDER 5000000     24 monthly batches, two rows in a hundred edited later
//!     target/release/examples/large_archive month FOLDER 2025-06    the columns that a report reads, of one month
//!     target/release/examples/large_archive everything FOLDER       the same of all months
//!     target/release/examples/large_archive compact FOLDER
//!
//! Each prints rows, CPU and the highest resident size of its own process, so that any of them can be put under
//! `hyperfine`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints a line, and stops when it cannot run")]

use std::path::Path;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use polars::prelude::*;
use serde_json::json;
use vigie_model::mention::MENTIONS;
use vigie_store::{Archive, NewRows, Place, ROW_HASH, Slot, Stamp, polars_type, row_hashes};

const MONTHS: u64 = 24;
const FIRST: Date = date(2024, 1, 1);
/// Rows of one commit.
const COMMIT: u64 = 250_000;
/// One row in so many is edited in each of the two months after its own.
const EDITED: u64 = 100;
/// What a report reads of a mention, roughly.
const COLUMNS: [&str; 12] = [
    "uid",
    "platform",
    "source",
    "kind",
    "published_at",
    "author_id",
    "title",
    "text",
    "lang",
    "url",
    "likes",
    "first_seen_at",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let rows = match words.as_slice() {
        ["make", folder, rows] => make(Path::new(folder), rows.replace('_', "").parse().unwrap()),
        ["month", folder, month] => {
            let first: Date = format!("{month}-01").parse().unwrap();
            read(Path::new(folder), Some((micros(first), micros(first.saturating_add(1.month())))))
        }
        ["everything", folder] => read(Path::new(folder), None),
        ["compact", folder] => {
            let mut archive = open(Path::new(folder));
            archive.compact(Timestamp::now().as_microsecond(), &[]).unwrap().iter().map(|t| t.rows.1).sum()
        }
        _ => panic!("make FOLDER ROWS, month FOLDER 2025-06, everything FOLDER or compact FOLDER"),
    };
    println!("{rows} rows, {:.1} s of CPU, {} MiB", cpu_seconds(), peak_mib());
}

fn open(folder: &Path) -> Archive {
    Archive::open(Place::folder(folder).unwrap()).unwrap()
}

fn micros(day: Date) -> i64 {
    day.to_zoned(TimeZone::UTC).unwrap().timestamp().as_microsecond()
}

fn make(folder: &Path, rows: u64) -> u64 {
    std::fs::create_dir_all(folder).unwrap();
    let mut archive = open(folder);
    let slot = Slot::new("large", &MENTIONS, &json!({}));
    let each = rows / MONTHS;
    for month in 0..MONTHS {
        let first = FIRST.saturating_add((month as i64).months());
        let now = micros(first.saturating_add(1.month()));
        // What is new, and what was edited of the two months before, as a source finds it: at the head of its listing.
        let earlier = (1..=2_u64).filter(|back| *back <= month).map(|back| month - back);
        let edited = earlier.flat_map(|m| (0..each).filter(move |i| i % EDITED == month % EDITED).map(move |i| (m, i)));
        let all: Vec<(u64, u64)> = edited.chain((0..each).map(|i| (month, i))).collect();
        for (number, part) in all.chunks(COMMIT as usize).enumerate() {
            let (fresh, edited): (Vec<_>, Vec<_>) = part.iter().copied().partition(|(m, _)| *m == month);
            let new = [(fresh, false), (edited, true)].into_iter().filter(|(rows, _)| !rows.is_empty());
            let new = new.map(|(rows, replaces)| {
                let rows = mentions(&rows, month, each, now);
                NewRows { table: &MENTIONS, rows, replaces }
            });
            let before = archive.cursor(&slot).unwrap();
            let cursor = before.next(now + number as i64, json!({ "month": month }), before.rows.clone());
            archive.commit(&slot, Stamp { batch: &format!("run{month:02}"), now }, new.collect(), cursor).unwrap();
        }
    }
    rows
}

/// Rows `(month, number)` as they are read in `now_month`: about 150 bytes of text each, no two alike.
fn mentions(rows: &[(u64, u64)], now_month: u64, each: u64, now: i64) -> DataFrame {
    const WORDS: [&str; 24] = [
        "service", "encore", "la", "panne", "and", "very", "merci", "forfait", "price", "again", "réseau", "appel",
        "the", "boutique", "question", "answered", "facture", "de", "network", "slow", "hier", "content", "agent",
        "minutes",
    ];
    let text = |name: &str, of: &dyn Fn(u64, u64) -> String| {
        Column::new(name.into(), rows.iter().map(|(m, i)| of(*m, *i)).collect::<Vec<_>>())
    };
    let number = |name: &str, of: &dyn Fn(u64, u64) -> i64| {
        Column::new(name.into(), rows.iter().map(|(m, i)| of(*m, *i)).collect::<Vec<_>>())
    };
    let said = |m: u64, i: u64| {
        let mut seed = (m << 40 | i).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut words = format!("dossier {m}-{i}:");
        for _ in 0..20 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            words.push(' ');
            words.push_str(WORDS[(seed % 24) as usize]);
        }
        words
    };
    let start = |m: u64| micros(FIRST.saturating_add((m as i64).months()));
    let columns = vec![
        text("uid", &|m, i| format!("forum:{m:02}{i:08}")),
        text("native_id", &|m, i| format!("{m:02}{i:08}")),
        text("platform", &|_, i| ["forum", "x", "reddit"][(i % 3) as usize].to_owned()),
        text("kind", &|_, _| "post".to_owned()),
        text("source", &|_, _| "large".to_owned()),
        text("batch_id", &|_, _| format!("run{now_month:02}")),
        text("url", &|m, i| format!("https://forum.example/t/{m}/{i}")),
        text("title", &|m, i| if i % 5 == 0 { format!("sujet {m}-{i}") } else { String::new() }),
        text("text", &|m, i| if m == now_month { said(m, i) } else { format!("{} (edited)", said(m, i)) }),
        text("lang", &|_, i| ["fr", "en"][(i % 2) as usize].to_owned()),
        text("author_id", &|_, i| format!("{:032x}", (i % 50_000).wrapping_mul(0x9e37_79b9_7f4a_7c15))),
        text("content_hash", &|m, i| format!("{:032x}", (m << 40 | i).wrapping_mul(0x2545_f491_4f6c_dd1d))),
        text("retention", &|_, _| "keep".to_owned()),
        // Spread over the month, in the order in which a listing gives them.
        number("published_at", &|m, i| start(m) + (i * (28 * 86_400_000_000 / each.max(1))) as i64),
        number("first_seen_at", &|_, _| now),
        number("collected_at", &|_, _| now),
        number("likes", &|_, i| (i % 97) as i64),
    ];
    let frame = DataFrame::new(rows.len(), columns).unwrap().lazy();
    let given = |name: &str| frame.clone().collect_schema().is_ok_and(|schema| schema.contains(name));
    let all: Vec<Expr> = MENTIONS
        .stored()
        .map(|c| {
            let column = if given(c.name) { col(c.name) } else { lit(NULL).alias(c.name) };
            column.cast(polars_type(c.kind))
        })
        .collect();
    let frame = frame.clone().select(all).collect().unwrap();
    let hashes = Series::new(ROW_HASH.into(), row_hashes(&frame, &MENTIONS).unwrap());
    frame.lazy().with_column(lit(hashes)).collect().unwrap()
}

fn read(folder: &Path, between: Option<(i64, i64)>) -> u64 {
    let snapshot = open(folder).snapshot(&MENTIONS).unwrap();
    let rows = match between {
        Some((from, to)) => snapshot.rows_between(from, to).unwrap(),
        None => snapshot.rows().unwrap(),
    };
    rows.select(COLUMNS.map(col)).collect().unwrap().height() as u64
}

/// Of this process, user and system.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| after_name.get(index).and_then(|t| t.parse::<f64>().ok()).unwrap_or_default();
    // A tick is a hundredth of a second wherever Linux runs today.
    (ticks(11) + ticks(12)) / 100.0
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1_024
}
