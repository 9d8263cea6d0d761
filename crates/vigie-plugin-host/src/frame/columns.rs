//! Rows as the payload of a frame: for each column its name, type, nulls and values, one behind the other.

use vigie_model::column::ColumnType;

use super::FrameError;
use crate::batch::{Batch, Column, MAX_COLUMNS, MAX_NAME, MAX_ROWS, Plain, TextColumn, TextListColumn, Values};

const TYPES: [ColumnType; 6] =
    [ColumnType::Text, ColumnType::Int, ColumnType::Float, ColumnType::Bool, ColumnType::Time, ColumnType::TextList];

fn type_byte(kind: ColumnType) -> u8 {
    TYPES.iter().position(|k| *k == kind).unwrap_or_default() as u8
}

/// The payload of rows `from..to` of a batch, into `out`, whose memory serves from one frame to the next.
pub fn encode_rows(batch: &Batch, from: usize, to: usize, out: &mut Vec<u8>) {
    let rows = to - from;
    out.clear();
    out.reserve(weight(batch, from, to));
    out.push(batch.table.len() as u8);
    out.extend_from_slice(batch.table.as_bytes());
    out.extend_from_slice(&(rows as u32).to_le_bytes());
    out.extend_from_slice(&(batch.columns.len() as u16).to_le_bytes());
    for column in &batch.columns {
        let valid = column.values.validity().map(|v| &v[from..to]).filter(|v| v.contains(&false));
        out.push(column.name.len() as u8);
        out.extend_from_slice(column.name.as_bytes());
        out.push(type_byte(column.values.kind()));
        out.push(u8::from(valid.is_some()));
        if let Some(valid) = valid {
            out.extend(valid.iter().map(|v| u8::from(*v)));
        }
        match &column.values {
            Values::Text(c) => encode_texts(c, from, to, out),
            Values::TextList(c) => {
                encode_ends(&c.offsets[from..=to], out);
                encode_texts(&c.items, c.offsets[from] as usize, c.offsets[to] as usize, out);
            }
            Values::Int(c) | Values::Time(c) => {
                c.values[from..to].iter().for_each(|v| out.extend_from_slice(&v.to_le_bytes()));
            }
            Values::Float(c) => c.values[from..to].iter().for_each(|v| out.extend_from_slice(&v.to_le_bytes())),
            Values::Bool(c) => out.extend(c.values[from..to].iter().map(|v| u8::from(*v))),
        }
    }
}

/// The ends of pieces; the first start is always 0 and is not sent.
fn encode_ends(offsets: &[i64], out: &mut Vec<u8>) {
    for offset in &offsets[1..] {
        out.extend_from_slice(&((offset - offsets[0]) as u32).to_le_bytes());
    }
}

fn encode_texts(column: &TextColumn, from: usize, to: usize, out: &mut Vec<u8>) {
    // Without rows a column may be without any offset.
    let Some(offsets) = column.offsets.get(from..=to) else { return };
    encode_ends(offsets, out);
    out.extend_from_slice(&column.bytes[offsets[0] as usize..offsets[offsets.len() - 1] as usize]);
}

/// Bytes that rows `from..to` take in a frame, a little overestimated.
pub fn weight(batch: &Batch, from: usize, to: usize) -> usize {
    let span = |offsets: &[i64], from: usize, to: usize| match (offsets.get(from), offsets.get(to)) {
        (Some(start), Some(end)) => (end - start) as usize,
        _ => 0,
    };
    let columns = batch.columns.iter().map(|c| match &c.values {
        Values::Text(t) => span(&t.offsets, from, to) + (to - from) * 5,
        Values::TextList(t) => {
            let (first, last) = (t.offsets[from] as usize, t.offsets[to] as usize);
            span(&t.items.offsets, first, last) + (last - first) * 4 + (to - from) * 5
        }
        _ => (to - from) * 9,
    });
    columns.sum::<usize>() + batch.columns.len() * (MAX_NAME + 16) + 512
}

/// The batch of a [`Kind::Columns`] payload, everything validated.
///
/// # Errors
/// Any length, offset, byte or text that breaks a rule, with column and row.
pub fn decode_batch(payload: &[u8]) -> Result<Batch, FrameError> {
    let mut reader = Reader { bytes: payload };
    let table = reader.name()?;
    let rows = reader.u32()? as usize;
    if rows > MAX_ROWS {
        return Err(FrameError::Payload("more rows than a batch may have"));
    }
    let count = reader.u16()? as usize;
    if count > MAX_COLUMNS {
        return Err(FrameError::Payload("more columns than a batch may have"));
    }
    let mut columns: Vec<Column> = Vec::with_capacity(count);
    for _ in 0..count {
        let column = reader.column(rows)?;
        if columns.iter().any(|c| c.name == column.name) {
            return Err(FrameError::Column { what: "two columns with one name", column: column.name, row: 0 });
        }
        columns.push(column);
    }
    if reader.bytes.is_empty() {
        Ok(Batch { table, rows, columns })
    } else {
        Err(FrameError::Payload("bytes after the last column"))
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], FrameError> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(FrameError::Payload("payload ends too early"))?;
        self.bytes = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], FrameError> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>().ok_or(FrameError::Payload("payload ends too early"))?;
        self.bytes = rest;
        Ok(*taken)
    }

    fn u8(&mut self) -> Result<u8, FrameError> {
        Ok(self.array::<1>()?[0])
    }

    fn u16(&mut self) -> Result<u16, FrameError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32, FrameError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn name(&mut self) -> Result<String, FrameError> {
        let length = self.u8()? as usize;
        if length == 0 || length > MAX_NAME {
            return Err(FrameError::Payload("name empty or too long"));
        }
        let text = std::str::from_utf8(self.take(length)?).map_err(|_| FrameError::Payload("name is not UTF-8"))?;
        Ok(text.to_owned())
    }

    fn column(&mut self, rows: usize) -> Result<Column, FrameError> {
        let name = self.name()?;
        let kind = *TYPES.get(self.u8()? as usize).ok_or(FrameError::Payload("unknown column type"))?;
        let has_nulls = self.u8()?;
        let valid = match has_nulls {
            0 => None,
            1 => Some(self.bools(&name, rows)?).filter(|valid| valid.contains(&false)),
            _ => return Err(FrameError::Payload("null flag is neither 0 nor 1")),
        };
        let values = match kind {
            ColumnType::Text => Values::Text(self.text(&name, rows, valid)?),
            ColumnType::TextList => Values::TextList(self.text_lists(&name, rows, valid)?),
            ColumnType::Int => Values::Int(Plain { values: self.eights(rows, i64::from_le_bytes)?, valid }),
            ColumnType::Time => Values::Time(Plain { values: self.eights(rows, i64::from_le_bytes)?, valid }),
            ColumnType::Float => Values::Float(Plain { values: self.eights(rows, f64::from_le_bytes)?, valid }),
            ColumnType::Bool => Values::Bool(Plain { values: self.bools(&name, rows)?, valid }),
        };
        Ok(Column { name, values })
    }

    fn bools(&mut self, column: &str, rows: usize) -> Result<Vec<bool>, FrameError> {
        let bytes = self.take(rows)?;
        match bytes.iter().position(|b| *b > 1) {
            None => Ok(bytes.iter().map(|b| *b == 1).collect()),
            Some(row) => Err(FrameError::Column { what: "boolean is neither 0 nor 1", column: column.into(), row }),
        }
    }

    fn eights<T>(&mut self, rows: usize, convert: fn([u8; 8]) -> T) -> Result<Vec<T>, FrameError> {
        let (chunks, _) = self.take(rows * 8)?.as_chunks::<8>();
        Ok(chunks.iter().map(|c| convert(*c)).collect())
    }

    /// Ends of pieces as offsets that start at 0; the order is the caller's to check.
    fn ends(&mut self, count: usize) -> Result<Vec<i64>, FrameError> {
        let (ends, _) = self.take(count * 4)?.as_chunks::<4>();
        let mut offsets = Vec::with_capacity(count + 1);
        offsets.push(0_i64);
        offsets.extend(ends.iter().map(|e| i64::from(u32::from_le_bytes(*e))));
        Ok(offsets)
    }

    fn text(&mut self, name: &str, rows: usize, valid: Option<Vec<bool>>) -> Result<TextColumn, FrameError> {
        let offsets = self.ends(rows)?;
        let bytes = self.take(offsets[rows] as usize)?;
        check_text(name, &offsets, bytes)?;
        Ok(TextColumn { offsets, bytes: bytes.to_vec(), valid })
    }

    fn text_lists(&mut self, name: &str, rows: usize, valid: Option<Vec<bool>>) -> Result<TextListColumn, FrameError> {
        let offsets = self.ends(rows)?;
        let bad = |what, row| FrameError::Column { what, column: name.to_owned(), row };
        if let Some(row) = offsets.windows(2).position(|w| w[1] < w[0]) {
            return Err(bad("offsets run backwards", row));
        }
        let null_with_items =
            |row: &usize| valid.as_ref().is_some_and(|v| !v[*row]) && offsets[*row] < offsets[row + 1];
        if let Some(row) = (0..rows).find(null_with_items) {
            return Err(bad("a null list has items", row));
        }
        let items = self.text(name, offsets[rows] as usize, None)?;
        Ok(TextListColumn { offsets, items, valid })
    }
}

/// Offsets start at 0, never fall, end at the last byte; every text is UTF-8.
///
/// # Errors
/// The first row that breaks a rule.
pub fn check_text(column: &str, offsets: &[i64], bytes: &[u8]) -> Result<(), FrameError> {
    let bad = |what, row| FrameError::Column { what, column: column.to_owned(), row };
    if let Some(row) = offsets.windows(2).position(|w| w[1] < w[0]) {
        return Err(bad("offsets run backwards", row));
    }
    if offsets.first() != Some(&0) || offsets.last() != Some(&(bytes.len() as i64)) {
        return Err(bad("offsets do not cover the text", 0));
    }
    // One pass over all bytes is fast; that no text starts inside a character is a second rule.
    match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => match offsets.iter().position(|o| !text.is_char_boundary(*o as usize)) {
            None => Ok(()),
            Some(row) => Err(bad("a text starts inside a character", row)),
        },
        Err(error) => {
            let at = error.valid_up_to() as i64;
            Err(bad("text is not UTF-8", offsets.iter().rposition(|o| *o <= at).unwrap_or_default()))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn sample(rows: usize) -> Batch {
        let mut text = Values::empty(ColumnType::Text);
        let mut time = Values::empty(ColumnType::Time);
        let mut float = Values::empty(ColumnType::Float);
        let mut flag = Values::empty(ColumnType::Bool);
        let mut tags = Values::empty(ColumnType::TextList);
        for i in 0..rows {
            if let Values::Text(c) = &mut text {
                c.push((i % 5 != 1).then_some(["é", "", "abc", "日本"][i % 4]));
            }
            if let Values::Time(c) = &mut time {
                c.push(Some(i as i64 - 3));
            }
            if let Values::Float(c) = &mut float {
                c.push((i % 2 == 0).then_some(i as f64 / 3.0));
            }
            if let Values::Bool(c) = &mut flag {
                c.push(Some(i % 3 == 0));
            }
            if let Values::TextList(c) = &mut tags {
                c.push((i % 4 != 2).then(|| ["hiver", "été", ""].into_iter().take(i % 4)));
            }
        }
        let named = [("text", text), ("published_at", time), ("tags", tags), ("rating", float), ("own", flag)];
        let columns = named.into_iter().map(|(name, values)| Column { name: name.into(), values }).collect();
        Batch { table: "mentions/1".into(), rows, columns }
    }

    fn encoded(batch: &Batch, from: usize, to: usize) -> Vec<u8> {
        let mut bytes = b"of the frame before".to_vec();
        encode_rows(batch, from, to, &mut bytes);
        bytes
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        for rows in [0, 1, 7, 300] {
            let batch = sample(rows);
            assert_eq!(decode_batch(&encoded(&batch, 0, rows)).unwrap(), batch);
        }
    }

    #[test]
    fn a_slice_holds_its_rows() {
        let batch = sample(20);
        let slice = decode_batch(&encoded(&batch, 5, 12)).unwrap();
        assert_eq!(slice.rows, 7);
        for row in 0..7 {
            assert_eq!(slice.row(row), batch.row(row + 5));
        }
        assert!(slice.row(0).contains_key("tags"));
    }

    #[test]
    fn every_cut_is_an_error() {
        let bytes = encoded(&sample(9), 0, 9);
        for end in 0..bytes.len() {
            assert!(decode_batch(&bytes[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn text_rules_are_named() {
        let message = |offsets: &[i64], bytes: &[u8]| check_text("text", offsets, bytes).unwrap_err().to_string();
        assert_eq!(message(&[0, 2, 1, 3], b"abc"), "offsets run backwards (column text, row 1)");
        assert_eq!(message(&[0, 1], b"abc"), "offsets do not cover the text (column text, row 0)");
        assert_eq!(message(&[0, 1, 2], "é".as_bytes()), "a text starts inside a character (column text, row 1)");
        assert_eq!(message(&[0, 1, 3], b"a\xff\xff"), "text is not UTF-8 (column text, row 1)");
    }

    #[test]
    fn mutated_frames_never_panic() {
        // Mutations are weighted to the head of the payload: most other bytes are only data.
        let originals: Vec<Vec<u8>> = [1, 7, 40].map(|rows| encoded(&sample(rows), 0, rows)).into();
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        };
        let (mut accepted, mut refused) = (0_u32, 0_u32);
        for round in 0..120_000_usize {
            let mut bytes = originals[round % originals.len()].clone();
            for _ in 0..=next() % 3 {
                let range = if next() % 4 == 0 { bytes.len() } else { bytes.len().min(64) };
                let at = (next() % range as u64) as usize;
                match next() % 4 {
                    0 => bytes[at] = next() as u8,
                    1 => bytes[at] = 0xff,
                    2 => bytes[at] ^= 1 << (next() % 8),
                    _ => bytes.truncate(at.max(1)),
                }
            }
            match decode_batch(&bytes) {
                Ok(batch) => {
                    accepted += 1;
                    assert!(batch.columns.iter().all(|c| c.values.len() == batch.rows));
                }
                Err(_) => refused += 1,
            }
        }
        assert!(accepted > 1_000 && refused > 1_000, "{accepted} accepted, {refused} refused");
    }
}
