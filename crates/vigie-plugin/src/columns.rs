//! Rows of `mentions/1` on their way into Arrow buffers: one growing buffer per column.

use std::ffi::CStr;

/// One public utterance, borrowed from wherever the source has it; nothing is allocated per row.
///
/// Times are microseconds since 1970-01-01T00:00:00Z. `None` means unknown, which is never zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mention<'a> {
    /// Id, unique inside the platform. Never empty.
    pub native_id: &'a str,
    /// What readers call the place: `x`, `reddit`, `news`, …
    pub platform: &'a str,
    /// `post`, `comment`, `reply`, `repost`, `article`, `review`, `video`, `audio` or `photo`.
    pub kind: &'a str,
    /// Best public link.
    pub url: Option<&'a str>,
    /// When it was published.
    pub published_at: i64,
    /// How exact that is: `us`, `s`, `min`, `hour`, `day`, `month`.
    pub published_precision: Option<&'a str>,
    /// Stable id of the author on the platform.
    pub author_id: Option<&'a str>,
    /// Handle without `@`.
    pub author_handle: Option<&'a str>,
    /// Name as displayed.
    pub author_name: Option<&'a str>,
    /// Followers at the time of collection.
    pub author_followers: Option<i64>,
    /// Subreddit, channel, outlet, application, …
    pub venue_name: Option<&'a str>,
    /// Title, plain text.
    pub title: Option<&'a str>,
    /// Text, plain.
    pub text: Option<&'a str>,
    /// `full`, `excerpt`, `title_only`, `transcript` or `id_only`.
    pub text_origin: Option<&'a str>,
    /// Language the platform states, BCP 47 primary subtag.
    pub lang: Option<&'a str>,
    /// Likes.
    pub likes: Option<i64>,
    /// Shares, reposts.
    pub shares: Option<i64>,
    /// Replies, comments.
    pub replies: Option<i64>,
    /// Views.
    pub views: Option<i64>,
    /// Rating as given, 4.
    pub rating_raw: Option<f64>,
    /// Best rating possible, 5.
    pub rating_scale: Option<f64>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<&'a str>,
    /// `keep`, `refresh_30d`, `refresh_or_delete`, `ids_only` or `aggregate_only`.
    pub retention: Option<&'a str>,
    /// `yes`, `attribution`, `link_only` or `no`.
    pub quote_ok: Option<&'a str>,
}

/// Memory of one column, ready for an Arrow array.
#[derive(Debug)]
pub(crate) enum Buffer {
    Bytes(Vec<u8>),
    Offsets(Vec<i32>),
    Ints(Vec<i64>),
    Floats(Vec<f64>),
}

impl Buffer {
    pub(crate) fn as_ptr(&self) -> *const std::ffi::c_void {
        match self {
            Self::Bytes(v) => v.as_ptr().cast(),
            Self::Offsets(v) => v.as_ptr().cast(),
            Self::Ints(v) => v.as_ptr().cast(),
            Self::Floats(v) => v.as_ptr().cast(),
        }
    }
}

/// A finished column. `buffers[0]` is the validity bitmap; `None` means no nulls.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) nulls: i64,
    pub(crate) validity: Option<Buffer>,
    pub(crate) buffers: Vec<Buffer>,
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

    fn finish(self) -> (i64, Option<Buffer>) {
        (self.nulls as i64, (self.nulls > 0).then_some(Buffer::Bytes(self.bits)))
    }
}

#[derive(Debug, Default)]
struct Text {
    validity: Validity,
    ends: Vec<i32>,
    bytes: Vec<u8>,
}

impl Text {
    const FORMAT: &'static CStr = c"u";

    fn push(&mut self, value: Option<&str>) {
        self.validity.push(value.is_some());
        self.bytes.extend_from_slice(value.unwrap_or_default().as_bytes());
        self.ends.push(self.bytes.len() as i32);
    }

    fn weight(&self) -> usize {
        self.bytes.len()
    }

    fn finish(self) -> Finished {
        let (nulls, validity) = self.validity.finish();
        let mut offsets = Vec::with_capacity(self.ends.len() + 1);
        offsets.push(0);
        offsets.extend_from_slice(&self.ends);
        // The Arrow rules want a real address even for an empty buffer.
        let bytes = if self.bytes.is_empty() { vec![0] } else { self.bytes };
        Finished { nulls, validity, buffers: vec![Buffer::Offsets(offsets), Buffer::Bytes(bytes)] }
    }
}

macro_rules! plain_column {
    ($name:ident, $type:ty, $buffer:ident, $format:literal) => {
        #[derive(Debug, Default)]
        struct $name {
            validity: Validity,
            values: Vec<$type>,
        }

        impl $name {
            const FORMAT: &'static CStr = $format;

            fn push(&mut self, value: Option<$type>) {
                self.validity.push(value.is_some());
                self.values.push(value.unwrap_or_default());
            }

            fn weight(&self) -> usize {
                self.values.len() * 8
            }

            fn finish(self) -> Finished {
                let (nulls, validity) = self.validity.finish();
                Finished { nulls, validity, buffers: vec![Buffer::$buffer(self.values)] }
            }
        }
    };
}

plain_column!(Int, i64, Ints, c"l");
plain_column!(Float, f64, Floats, c"g");
plain_column!(Time, i64, Ints, c"tsu:UTC");

macro_rules! mention_columns {
    ($($name:ident: $column:ident $label:literal),+ $(,)?) => {
        /// The rows gathered since the last batch.
        #[derive(Debug, Default)]
        pub(crate) struct MentionColumns {
            rows: usize,
            $($name: $column),+
        }

        impl MentionColumns {
            pub(crate) fn push(&mut self, mention: &Mention<'_>) {
                $(self.$name.push(mention.$name.into());)+
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
                vec![$(self.$name.finish()),+]
            }
        }

        /// Name and Arrow format of each column, in the order of `MentionColumns::finish`.
        pub(crate) const FIELDS: &[(&CStr, &CStr)] = &[$(($label, $column::FORMAT)),+];
    };
}

mention_columns! {
    native_id: Text c"native_id", platform: Text c"platform", kind: Text c"kind", url: Text c"url",
    published_at: Time c"published_at", published_precision: Text c"published_precision",
    author_id: Text c"author_id", author_handle: Text c"author_handle", author_name: Text c"author_name",
    author_followers: Int c"author_followers", venue_name: Text c"venue_name", title: Text c"title", text: Text c"text",
    text_origin: Text c"text_origin", lang: Text c"lang", likes: Int c"likes", shares: Int c"shares",
    replies: Int c"replies", views: Int c"views", rating_raw: Float c"rating_raw", rating_scale: Float c"rating_scale",
    country: Text c"country", retention: Text c"retention", quote_ok: Text c"quote_ok",
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
            column.push((i % 3 != 0).then_some(i));
        }
        let finished = column.finish();
        assert_eq!(finished.nulls, 3);
        let Some(Buffer::Bytes(bits)) = finished.validity else { panic!("no bitmap") };
        assert_eq!(bits, [0b1011_0110, 0b1]);
    }

    #[test]
    fn empty_text_is_not_null() {
        let mut column = Text::default();
        column.push(Some(""));
        column.push(Some("é"));
        let finished = column.finish();
        assert_eq!(finished.nulls, 0);
        assert!(finished.validity.is_none());
        let Buffer::Offsets(offsets) = &finished.buffers[0] else { panic!("no offsets") };
        assert_eq!(offsets, &[0, 0, 2]);
    }
}
