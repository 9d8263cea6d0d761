//! Readings kept from one report to the next, so that next month only new texts are read.
//!
//! One Parquet file per month (UTC) and reader: `<folder>/<reader>/2026-10.parquet`, rows of a key (hash of all that a
//! reading depends on: texts, stated language, spans of the entities' names) and a reading as bytes, in the order of
//! keys. A file that is missing or damaged costs time, never a figure. It holds no text, and what no mention of the
//! month needs any more goes the next time its month is written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use vigie_text::signature::{Register, Signature};
use vigie_text::terms::Term;
use xxhash_rust::xxh3::Xxh3;

use crate::reading::Found;

const HIGH: &str = "high";
const LOW: &str = "low";
const READING: &str = "reading";
/// Readings written at once.
const BATCH: usize = 1 << 16;

/// What is kept of the reading of one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TextReading {
    /// It begins like a repost.
    pub(crate) repost: bool,
    /// It looks like advertising or another noise.
    pub(crate) noise: bool,
    /// Tone towards each entity found, in the entities' order.
    pub(crate) tones: Vec<i8>,
    /// To find its copies.
    pub(crate) signature: Signature,
    /// Its candidate terms, when they were asked for.
    pub(crate) terms: Option<Vec<Term>>,
}

/// The key of a reading: everything that [`vigie_text::reading::read`] is given, but whether terms are wanted.
pub(crate) fn key(text: &str, title: Option<&str>, lang: Option<&str>, found: &[Found]) -> u128 {
    let mut hash = Xxh3::new();
    let mut part = |bytes: &[u8]| {
        hash.update(&(bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    part(text.as_bytes());
    for optional in [title, lang] {
        part(&[u8::from(optional.is_some())]);
        part(optional.unwrap_or_default().as_bytes());
    }
    for (_, body, title) in found {
        for spans in [body, title] {
            let ends = spans.iter().flat_map(|s| [s.start as u64, s.end as u64]);
            part(&ends.flat_map(u64::to_le_bytes).collect::<Vec<u8>>());
        }
    }
    hash.digest128()
}

/// Where one reader's readings are kept.
pub(crate) struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// In `folder`, by the reader of this name.
    pub(crate) fn new(folder: &Path, reader: &str) -> Self {
        Self { folder: folder.join(reader) }
    }

    /// What is kept of a month (`2026-10`); nothing when there is no such file, or it is damaged.
    pub(crate) fn month(&self, month: &str) -> Month {
        let read = || {
            let file = fs::File::open(self.file(month)).ok()?;
            let mut frame = ParquetReader::new(file).finish().ok()?;
            frame.rechunk_mut();
            Month::of(&frame)
        };
        read().unwrap_or_default()
    }

    /// Keeps these readings of a month instead of what was kept of it.
    pub(crate) fn put(&self, month: &str, readings: &[(u128, &[u8])]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let part = self.folder.join(format!(".{month}.part"));
        let write = || {
            let file = fs::File::create(&part)?;
            parquet(&file, readings).map_err(io::Error::other)?;
            fs::rename(&part, self.file(month))
        };
        let written = write();
        if written.is_err() {
            // Nothing is left of what could not be written whole; when even that fails, the next attempt overwrites it.
            let _ = fs::remove_file(&part);
        }
        written
    }

    /// Forgets what other readers kept: their readings are of no use to this one.
    pub(crate) fn forget_others(&self) -> io::Result<()> {
        let Some(all) = self.folder.parent() else { return Ok(()) };
        for entry in fs::read_dir(all)? {
            let path = entry?.path();
            if path != self.folder {
                fs::remove_dir_all(path)?;
            }
        }
        Ok(())
    }

    fn file(&self, month: &str) -> PathBuf {
        self.folder.join(format!("{month}.parquet"))
    }
}

/// Writes readings batch by batch, so that they are not all held twice.
fn parquet(file: &fs::File, readings: &[(u128, &[u8])]) -> PolarsResult<()> {
    let writer = ParquetWriter::new(file).with_compression(ParquetCompression::Uncompressed);
    let mut batches = writer.batched(frame(&[])?.schema())?;
    for batch in readings.chunks(BATCH) {
        batches.write_batch(&frame(batch)?)?;
    }
    batches.finish().map(|_| ())
}

fn frame(readings: &[(u128, &[u8])]) -> PolarsResult<DataFrame> {
    let high: Vec<u64> = readings.iter().map(|(key, _)| (key >> 64) as u64).collect();
    let low: Vec<u64> = readings.iter().map(|(key, _)| *key as u64).collect();
    let bytes: BinaryChunked = readings.iter().map(|(_, bytes)| Some(*bytes)).collect();
    let bytes = bytes.with_name(READING.into()).into_column();
    DataFrame::new(readings.len(), vec![Column::new(HIGH.into(), high), Column::new(LOW.into(), low), bytes])
}

/// The readings kept of one month.
#[derive(Default)]
pub(crate) struct Month {
    keys: Vec<u128>,
    bytes: BinaryChunked,
}

impl Month {
    fn of(frame: &DataFrame) -> Option<Self> {
        let numbers = |name: &str| frame.column(name).ok()?.u64().ok().cloned();
        let (high, low) = (numbers(HIGH)?, numbers(LOW)?);
        let keys: Vec<u128> = high
            .iter()
            .zip(low.iter())
            .map(|(h, l)| Some(u128::from(h?) << 64 | u128::from(l?)))
            .collect::<Option<_>>()?;
        let bytes = frame.column(READING).ok()?.binary().ok()?.clone();
        keys.is_sorted().then_some(Self { keys, bytes })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Their keys, in order.
    #[cfg(test)]
    pub(crate) fn keys(&self) -> impl Iterator<Item = u128> {
        self.keys.iter().copied()
    }

    /// The bytes kept under a key.
    pub(crate) fn bytes(&self, key: u128) -> Option<&[u8]> {
        self.bytes.get(self.keys.binary_search(&key).ok()?)
    }

    /// The reading kept under a key; `None` when there is none, or terms are wanted and were not read.
    pub(crate) fn get(&self, key: u128, terms: bool) -> Option<TextReading> {
        let reading = TextReading::from_bytes(self.bytes(key)?)?;
        (reading.terms.is_some() || !terms).then_some(reading)
    }
}

impl TextReading {
    /// As bytes, little end first: repost and noise, register, tones, exact hash, shingles, terms.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![u8::from(self.repost) | u8::from(self.noise) << 1, register_number(self.signature.register)];
        out.extend((self.tones.len() as u32).to_le_bytes());
        out.extend(self.tones.iter().map(|tone| *tone as u8));
        out.extend(self.signature.exact.to_le_bytes());
        out.extend((self.signature.shingles.len() as u32).to_le_bytes());
        out.extend(self.signature.shingles.iter().flat_map(|s| s.to_le_bytes()));
        for term in self.terms.iter().flatten() {
            out.extend(term.id.to_le_bytes());
            out.extend(term.span.start.to_le_bytes());
            out.extend(term.span.end.to_le_bytes());
            out.extend([term.words, u8::from(term.hashtag) | u8::from(term.in_title) << 1]);
        }
        // Said at the end, so that a text without terms costs one byte.
        out.push(u8::from(self.terms.is_some()));
        out
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (asked_terms, mut rest) = bytes.split_last()?;
        let rest = &mut rest;
        let [flags, register] = *take::<2>(rest)?;
        let count = u32::from_le_bytes(*take(rest)?) as usize;
        let (tones, after) = rest.split_at_checked(count)?;
        *rest = after;
        let exact = u64::from_le_bytes(*take(rest)?);
        let count = u32::from_le_bytes(*take(rest)?) as usize;
        let (shingles, after) = rest.split_at_checked(count.checked_mul(4)?)?;
        *rest = after;
        let mut terms = Vec::new();
        while !rest.is_empty() {
            let id = u64::from_le_bytes(*take(rest)?);
            let (start, end) = (u32::from_le_bytes(*take(rest)?), u32::from_le_bytes(*take(rest)?));
            let [words, flags] = *take::<2>(rest)?;
            terms.push(Term { id, words, hashtag: flags & 1 == 1, span: start..end, in_title: flags & 2 == 2 });
        }
        Some(Self {
            repost: flags & 1 == 1,
            noise: flags & 2 == 2,
            tones: tones.iter().map(|tone| *tone as i8).collect(),
            signature: Signature {
                exact,
                register: register_of(register)?,
                shingles: shingles.as_chunks().0.iter().map(|s| u32::from_le_bytes(*s)).collect(),
            },
            terms: (*asked_terms == 1).then_some(terms),
        })
    }
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (first, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(first)
}

fn register_number(register: Register) -> u8 {
    match register {
        Register::None => 0,
        Register::Exact => 1,
        Register::Short => 2,
        Register::Long => 3,
    }
}

fn register_of(number: u8) -> Option<Register> {
    [Register::None, Register::Exact, Register::Short, Register::Long].get(usize::from(number)).copied()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use proptest::collection::vec;
    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::*;

    fn term() -> impl Strategy<Value = Term> {
        (any::<u64>(), 1..4_u8, any::<bool>(), any::<u32>(), any::<u32>(), any::<bool>()).prop_map(
            |(id, words, hashtag, start, end, in_title)| Term { id, words, hashtag, span: start..end, in_title },
        )
    }

    fn reading() -> impl Strategy<Value = TextReading> {
        let signature = (any::<u64>(), 0..4_u8, vec(any::<u32>(), 0..60)).prop_map(|(exact, register, shingles)| {
            Signature { exact, register: register_of(register).unwrap(), shingles: shingles.into() }
        });
        (any::<[bool; 2]>(), vec(any::<i8>(), 0..5), signature, proptest::option::of(vec(term(), 0..9))).prop_map(
            |([repost, noise], tones, signature, terms)| TextReading { repost, noise, tones, signature, terms },
        )
    }

    proptest! {
        #[test]
        fn bytes_give_the_reading_back(reading in reading()) {
            prop_assert_eq!(TextReading::from_bytes(&reading.to_bytes()), Some(reading));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..80)) {
            let _ = TextReading::from_bytes(&bytes);
        }
    }

    #[test]
    fn the_key_tells_apart_all_that_a_reading_depends_on() {
        let (first, second) = (0..2_usize, 3..8_usize);
        let one = |body: &[&std::ops::Range<usize>], title: &[&std::ops::Range<usize>]| -> Found {
            (0, body.iter().map(|s| (*s).clone()).collect(), title.iter().map(|s| (*s).clone()).collect())
        };
        let keys = [
            key("un texte", None, None, &[]),
            key("un", Some(" texte"), None, &[]),
            key("un texte", Some(""), None, &[]),
            key("un texte", None, Some("fr"), &[]),
            key("un texte", None, None, &[one(&[&first], &[])]),
            key("un texte", None, None, &[one(&[], &[&first])]),
            key("un texte", None, None, &[one(&[&first, &second], &[])]),
            key("un texte", None, None, &[one(&[&first], &[]), one(&[&second], &[])]),
        ];
        let distinct: std::collections::BTreeSet<u128> = keys.into();
        assert_eq!(distinct.len(), keys.len());
    }

    #[test]
    fn what_was_put_is_found_again_until_another_reader_comes() {
        let room = TempDir::new().unwrap();
        let kept = Kept::new(room.path(), "reader-7");
        let reading = TextReading { tones: vec![-1, 2], terms: Some(Vec::new()), ..TextReading::default() };
        let bytes = reading.to_bytes();
        kept.put("2026-10", &[(3, &bytes), (u128::MAX, &bytes)]).unwrap();
        let month = kept.month("2026-10");
        assert_eq!((month.len(), month.get(3, true), month.get(4, false)), (2, Some(reading), None));
        assert_eq!(kept.month("2026-09").len(), 0);

        let next = Kept::new(room.path(), "reader-8");
        next.put("2026-10", &[]).unwrap();
        next.forget_others().unwrap();
        assert_eq!(kept.month("2026-10").len(), 0);
    }

    #[test]
    fn damage_is_as_if_nothing_had_been_kept() {
        let room = TempDir::new().unwrap();
        let kept = Kept::new(room.path(), "reader-7");
        let bytes = TextReading::default().to_bytes();
        kept.put("2026-10", &[(9, &bytes), (5, &bytes)]).unwrap();
        assert_eq!(kept.month("2026-10").len(), 0, "keys out of order");
        fs::write(kept.file("2026-10"), b"PAR1 not at all").unwrap();
        assert_eq!(kept.month("2026-10").len(), 0);
    }
}
