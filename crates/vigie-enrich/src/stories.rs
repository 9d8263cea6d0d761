//! Copies of one text are one story; its first publication is the one that counts.

use vigie_text::signature::{Published, stories, storms};
use xxhash_rust::xxh3::xxh3_64;

use crate::mentions::Mentions;
use crate::reading::RowReading;

/// Story of each row about an entity; `None` for the others.
pub(crate) struct Stories {
    of_row: Vec<Option<u32>>,
    /// First row of each story, in time.
    origins: Vec<u32>,
    sizes: Vec<u32>,
}

impl Stories {
    pub(crate) fn find(mentions: &Mentions, readings: &[RowReading]) -> Self {
        let mut rows = Vec::new();
        let mut items = Vec::new();
        for (row, reading) in readings.iter().enumerate() {
            if let Some(signature) = &reading.signature {
                rows.push(row);
                items.push((mentions.get(row).published, signature));
            }
        }
        let numbers = stories(&items);
        let count = numbers.iter().max().map_or(0, |n| *n as usize + 1);
        let mut found =
            Self { of_row: vec![None; readings.len()], origins: vec![u32::MAX; count], sizes: vec![0; count] };
        // Rows come in the order of time, so the first one met is the origin.
        for (row, story) in rows.into_iter().zip(numbers) {
            found.of_row[row] = Some(story);
            found.sizes[story as usize] += 1;
            let origin = &mut found.origins[story as usize];
            *origin = (*origin).min(row as u32);
        }
        found
    }

    /// Whether each row is one of many copies published within minutes; never for one whose hour is not known.
    pub(crate) fn storms(&self, mentions: &Mentions, readings: &[RowReading]) -> Vec<bool> {
        let shared = |row: &usize| self.shared_origin(*row).is_some() && !mentions.is_dated_to_the_day(*row);
        let rows: Vec<usize> = (0..readings.len()).filter(shared).collect();
        let published = |row: &usize| {
            let mention = mentions.get(*row);
            Some(Published {
                story: self.of_row[*row]?,
                at: mention.published,
                author: mention.author.map(|a| xxh3_64(a.as_bytes())),
                repost: readings[*row].repost,
            })
        };
        let texts: Vec<Published> = rows.iter().filter_map(published).collect();
        let mut stormy = vec![false; readings.len()];
        for (row, storm) in rows.into_iter().zip(storms(&texts)) {
            stormy[row] = storm;
        }
        stormy
    }

    /// Whether the row is the first of its story.
    pub(crate) fn is_origin(&self, row: usize) -> bool {
        self.of_row[row].is_none_or(|s| self.origins[s as usize] as usize == row)
    }

    /// First row of a story that has copies; `None` for a text of its own.
    pub(crate) fn shared_origin(&self, row: usize) -> Option<usize> {
        let story = self.of_row[row]? as usize;
        (self.sizes[story] > 1).then_some(self.origins[story] as usize)
    }
}
