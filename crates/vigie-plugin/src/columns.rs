//! Rows of `mentions/1` on their way into Arrow buffers: one growing buffer per column that holds anything.

use std::ffi::{CStr, c_void};

use crate::mention::Mention;

/// Rows after which a batch leaves.
pub(crate) const BATCH_ROWS: usize = 8_192;

/// What the columns of a batch that holds nothing of them point at: zeroes for nulls, for values and for offsets.
static ZEROES: [u64; BATCH_ROWS + 1] = [0; BATCH_ROWS + 1];

/// Memory of one column, ready for an Arrow array.
#[derive(Debug)]
pub(crate) enum Buffer {
    Bytes(Vec<u8>),
    Offsets(Vec<i32>),
    Ints(Vec<i64>),
    Floats(Vec<f64>),
    Zeroes,
}

impl Buffer {
    pub(crate) fn as_ptr(&self) -> *const c_void {
        match self {
            Self::Bytes(v) => v.as_ptr().cast(),
            Self::Offsets(v) => v.as_ptr().cast(),
            Self::Ints(v) => v.as_ptr().cast(),
            Self::Floats(v) => v.as_ptr().cast(),
            Self::Zeroes => ZEROES.as_ptr().cast(),
        }
    }
}

/// A finished column.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) rows: usize,
    pub(crate) nulls: usize,
    /// The validity bitmap; `None` means no nulls.
    pub(crate) validity: Option<Buffer>,
    pub(crate) buffers: Vec<Buffer>,
    /// The texts of a column of lists.
    pub(crate) items: Option<Box<Finished>>,
}

impl Finished {
    /// A column of which no row says anything.
    fn nothing(rows: usize, buffers: usize, items: Option<Box<Finished>>) -> Self {
        let buffers = (0..buffers).map(|_| Buffer::Zeroes).collect();
        Self { rows, nulls: rows, validity: (rows > 0).then_some(Buffer::Zeroes), buffers, items }
    }
}

#[derive(Debug, Default)]
struct Validity {
    bits: Vec<u8>,
    rows: usize,
    nulls: usize,
}

impl Validity {
    fn push(&mut self, valid: bool) {
        if self.rows.is_multiple_of(8) {
            self.bits.push(0);
        }
        if valid {
            if let Some(last) = self.bits.last_mut() {
                *last |= 1 << (self.rows % 8);
            }
        } else {
            self.nulls += 1;
        }
        self.rows += 1;
    }

    fn finish(self, buffers: Vec<Buffer>, items: Option<Box<Finished>>) -> Finished {
        let validity = (self.nulls > 0).then_some(Buffer::Bytes(self.bits));
        Finished { rows: self.rows, nulls: self.nulls, validity, buffers, items }
    }
}

/// A column in the making. Rows before the first value cost nothing: most sources leave most columns out.
trait Growing: Default {
    type Value<'a>;
    /// Arrow format.
    const FORMAT: &'static CStr;
    /// Buffers besides the validity bitmap.
    const BUFFERS: usize;

    fn validity(&self) -> &Validity;
    fn push(&mut self, value: Option<Self::Value<'_>>);
    /// Bytes of values held.
    fn weight(&self) -> usize;
    fn finish_some(self) -> Finished;

    fn nothing_inside() -> Option<Box<Finished>> {
        None
    }

    fn set(&mut self, rows_before: usize, value: Option<Self::Value<'_>>) {
        if self.validity().rows == 0 {
            if value.is_none() {
                return;
            }
            (0..rows_before).for_each(|_| self.push(None));
        }
        self.push(value);
    }

    fn finish(self, rows: usize) -> Finished {
        if self.validity().rows == 0 {
            return Finished::nothing(rows, Self::BUFFERS, Self::nothing_inside());
        }
        self.finish_some()
    }
}

#[derive(Debug, Default)]
struct Text {
    validity: Validity,
    ends: Vec<i32>,
    bytes: Vec<u8>,
}

fn offsets(ends: &[i32]) -> Buffer {
    let mut offsets = Vec::with_capacity(ends.len() + 1);
    offsets.push(0);
    offsets.extend_from_slice(ends);
    Buffer::Offsets(offsets)
}

impl Growing for Text {
    type Value<'a> = &'a str;
    const FORMAT: &'static CStr = c"u";
    const BUFFERS: usize = 2;

    fn validity(&self) -> &Validity {
        &self.validity
    }

    fn push(&mut self, value: Option<&str>) {
        self.validity.push(value.is_some());
        self.bytes.extend_from_slice(value.unwrap_or_default().as_bytes());
        self.ends.push(self.bytes.len() as i32);
    }

    fn weight(&self) -> usize {
        self.bytes.len()
    }

    fn finish_some(self) -> Finished {
        // The Arrow rules want a real address even for an empty buffer.
        let bytes = if self.bytes.is_empty() { Buffer::Zeroes } else { Buffer::Bytes(self.bytes) };
        self.validity.finish(vec![offsets(&self.ends), bytes], None)
    }
}

#[derive(Debug, Default)]
struct TextList {
    validity: Validity,
    ends: Vec<i32>,
    items: Text,
}

impl Growing for TextList {
    type Value<'a> = &'a [&'a str];
    const FORMAT: &'static CStr = c"+l";
    const BUFFERS: usize = 1;

    fn validity(&self) -> &Validity {
        &self.validity
    }

    fn push(&mut self, value: Option<&[&str]>) {
        self.validity.push(value.is_some());
        for text in value.unwrap_or_default() {
            self.items.push(Some(text));
        }
        self.ends.push(self.items.ends.len() as i32);
    }

    fn weight(&self) -> usize {
        self.items.weight()
    }

    fn nothing_inside() -> Option<Box<Finished>> {
        Some(Box::new(Text::default().finish(0)))
    }

    fn finish_some(self) -> Finished {
        let items = self.items.finish(0);
        self.validity.finish(vec![offsets(&self.ends)], Some(Box::new(items)))
    }
}

macro_rules! plain_column {
    ($name:ident, $type:ty, $buffer:ident, $format:literal) => {
        #[derive(Debug, Default)]
        struct $name {
            validity: Validity,
            values: Vec<$type>,
        }

        impl Growing for $name {
            type Value<'a> = $type;
            const FORMAT: &'static CStr = $format;
            const BUFFERS: usize = 1;

            fn validity(&self) -> &Validity {
                &self.validity
            }

            fn push(&mut self, value: Option<$type>) {
                self.validity.push(value.is_some());
                self.values.push(value.unwrap_or_default());
            }

            fn weight(&self) -> usize {
                self.values.len() * 8
            }

            fn finish_some(self) -> Finished {
                self.validity.finish(vec![Buffer::$buffer(self.values)], None)
            }
        }
    };
}

plain_column!(Int, i64, Ints, c"l");
plain_column!(Float, f64, Floats, c"g");
plain_column!(Time, i64, Ints, c"tsu:UTC");

/// True or false, one bit each.
#[derive(Debug, Default)]
struct Flag {
    validity: Validity,
    values: Validity,
}

impl Growing for Flag {
    type Value<'a> = bool;
    const FORMAT: &'static CStr = c"b";
    const BUFFERS: usize = 1;

    fn validity(&self) -> &Validity {
        &self.validity
    }

    fn push(&mut self, value: Option<bool>) {
        self.validity.push(value.is_some());
        self.values.push(value.unwrap_or_default());
    }

    fn weight(&self) -> usize {
        self.values.bits.len()
    }

    fn finish_some(self) -> Finished {
        self.validity.finish(vec![Buffer::Bytes(self.values.bits)], None)
    }
}

macro_rules! mention_columns {
    ($($name:ident: $column:ident $label:literal),+ $(,)?) => {
        /// The rows gathered since the last batch, at most [`BATCH_ROWS`].
        #[derive(Debug, Default)]
        pub(crate) struct MentionColumns {
            rows: usize,
            $($name: $column),+
        }

        impl MentionColumns {
            pub(crate) fn push(&mut self, mention: &Mention<'_>) {
                $(self.$name.set(self.rows, mention.$name.into());)+
                self.rows += 1;
            }

            pub(crate) fn rows(&self) -> usize {
                self.rows
            }

            /// Bytes of values held.
            pub(crate) fn weight(&self) -> usize {
                0 $(+ self.$name.weight())+
            }

            pub(crate) fn finish(self) -> Vec<Finished> {
                vec![$(self.$name.finish(self.rows)),+]
            }
        }

        /// Name and Arrow format of each column, in the order of `MentionColumns::finish`.
        pub(crate) const FIELDS: &[(&CStr, &CStr)] = &[$(($label, $column::FORMAT)),+];
    };
}

mention_columns! {
    native_id: Text c"native_id", platform: Text c"platform", query_ids: TextList c"query_ids", kind: Text c"kind",
    url: Text c"url", canonical_url: Text c"canonical_url", published_at: Time c"published_at",
    published_precision: Text c"published_precision", published_source: Text c"published_source",
    edited_at: Time c"edited_at", status: Text c"status", status_at: Time c"status_at", author_id: Text c"author_id",
    author_handle: Text c"author_handle", author_name: Text c"author_name", author_kind: Text c"author_kind",
    author_followers: Int c"author_followers", author_verified: Flag c"author_verified", venue_id: Text c"venue_id",
    venue_name: Text c"venue_name", venue_followers: Int c"venue_followers", title: Text c"title", text: Text c"text",
    text_origin: Text c"text_origin", text_truncated: Flag c"text_truncated", lang: Text c"lang",
    parent_id: Text c"parent_id", conversation_id: Text c"conversation_id", quoted_id: Text c"quoted_id",
    in_reply_to_author: Text c"in_reply_to_author", mentions_of: TextList c"mentions_of",
    hashtags: TextList c"hashtags", links: TextList c"links", media_urls: TextList c"media_urls", likes: Int c"likes",
    dislikes: Int c"dislikes", shares: Int c"shares", quotes: Int c"quotes", replies: Int c"replies",
    bookmarks: Int c"bookmarks", views: Int c"views", score: Int c"score", reactions: Text c"reactions",
    engagement_total: Int c"engagement_total", metrics_at: Time c"metrics_at", rating: Float c"rating",
    rating_raw: Float c"rating_raw", rating_scale: Float c"rating_scale", reach_est: Float c"reach_est",
    reach_kind: Text c"reach_kind", country: Text c"country", country_of: Text c"country_of", region: Text c"region",
    lat: Float c"lat", lon: Float c"lon", tool_sentiment: Float c"tool_sentiment", retention: Text c"retention",
    quote_ok: Text c"quote_ok",
}

/// Names of the columns a [`Mention`] fills, in order.
pub fn mention_columns() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter_map(|(name, _)| name.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_and_values_land_in_their_bits() {
        let mut column = Int::default();
        for i in 0..9 {
            column.set(i as usize, (i % 3 == 2).then_some(i));
        }
        let finished = column.finish(9);
        assert_eq!((finished.rows, finished.nulls), (9, 6));
        let Some(Buffer::Bytes(bits)) = finished.validity else { panic!("no bitmap") };
        assert_eq!(bits, [0b0010_0100, 0b1]);
        let Buffer::Ints(values) = &finished.buffers[0] else { panic!("no values") };
        assert_eq!(values, &[0, 0, 2, 0, 0, 5, 0, 0, 8]);
    }

    #[test]
    fn empty_text_is_not_null() {
        let mut column = Text::default();
        column.set(0, Some(""));
        column.set(1, Some("é"));
        let finished = column.finish(2);
        assert_eq!(finished.nulls, 0);
        assert!(finished.validity.is_none());
        let Buffer::Offsets(offsets) = &finished.buffers[0] else { panic!("no offsets") };
        assert_eq!(offsets, &[0, 0, 2]);
    }

    #[test]
    fn a_column_nobody_fills_holds_no_memory() {
        let mut column = TextList::default();
        (0..5).for_each(|row| column.set(row, None));
        assert_eq!(column.weight(), 0);
        let finished = column.finish(5);
        assert_eq!((finished.rows, finished.nulls), (5, 5));
        assert!(matches!((&finished.validity, &finished.buffers[0]), (Some(Buffer::Zeroes), Buffer::Zeroes)));
        assert_eq!(finished.items.map(|i| (i.rows, i.nulls)), Some((0, 0)));
    }

    #[test]
    fn lists_keep_their_ends() {
        let mut column = TextList::default();
        column.set(0, None);
        column.set(1, Some(&["a", "bc"]));
        column.set(2, Some(&[]));
        let finished = column.finish(3);
        let Buffer::Offsets(ends) = &finished.buffers[0] else { panic!("no offsets") };
        assert_eq!((finished.nulls, ends.as_slice()), (1, [0, 0, 2, 2].as_slice()));
        assert_eq!(finished.items.map(|i| i.rows), Some(2));
    }
}
