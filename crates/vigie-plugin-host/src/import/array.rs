//! One Arrow array copied into a validated column.

use vigie_plugin::abi::ArrowArray;

use super::{Format, TextWidth, Width, refuse, refuse_column};
use crate::batch::{MAX_ROWS, Plain, TextColumn, TextListColumn, Values};
use crate::frame::{FrameError, check_text};
use crate::stop::Stop;
use crate::table::BadRow;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// Most bytes of text in one column of one batch.
const MAX_TEXT_BYTES: i64 = 1 << 30;
/// Most texts inside the lists of one column of one batch, or in a dictionary.
const MAX_ITEMS: usize = 16 << 20;

/// One column of a batch, or the texts inside one.
pub(super) struct Child<'a> {
    name: &'a str,
    array: &'a ArrowArray,
    rows: usize,
    offset: usize,
}

impl<'a> Child<'a> {
    pub(super) fn new(name: &'a str, array: &'a ArrowArray, rows: usize) -> Result<Self, Stop> {
        if array.length != rows as i64 {
            return Err(refuse_column(
                name,
                &format!("{} rows, the batch has {rows}", array.length),
                &format!("{} lignes, le lot en a {rows}", array.length),
            ));
        }
        let offset = usize::try_from(array.offset).ok().filter(|o| *o <= MAX_ROWS);
        let offset = offset.ok_or_else(|| refuse_column(name, "an offset that cannot be", "un décalage impossible"))?;
        if array.buffers.is_null() {
            return Err(refuse_column(name, "no buffers", "aucun tampon"));
        }
        Ok(Self { name, array, rows, offset })
    }

    /// Buffer `index` as values of type `T`, from the offset on.
    ///
    /// # Safety
    /// The buffer holds `offset + count` values of type `T`.
    unsafe fn buffer<T: Copy>(&self, index: usize, count: usize) -> Result<Vec<T>, Stop> {
        if index as i64 >= self.array.n_buffers {
            return Err(refuse_column(self.name, "a buffer is missing", "il manque un tampon"));
        }
        // SAFETY: `buffers` leads to `n_buffers` pointers.
        let pointer = unsafe { *self.array.buffers.add(index) }.cast::<T>();
        if pointer.is_null() {
            return if count == 0 {
                Ok(Vec::new())
            } else {
                Err(refuse_column(self.name, "a buffer is null", "un tampon est nul"))
            };
        }
        if !pointer.is_aligned() {
            return Err(refuse_column(self.name, "a buffer is not aligned", "un tampon n'est pas aligné"));
        }
        // SAFETY: promised by the caller.
        Ok(unsafe { std::slice::from_raw_parts(pointer.add(self.offset), count) }.to_vec())
    }

    /// Bits of buffer `index` as booleans.
    ///
    /// # Safety
    /// The buffer holds `offset + rows` bits.
    unsafe fn bits(&self, index: usize) -> Result<Vec<bool>, Stop> {
        let whole = Self { offset: 0, ..*self };
        // SAFETY: promised by the caller.
        let bytes: Vec<u8> = unsafe { whole.buffer(index, (self.offset + self.rows).div_ceil(8)) }?;
        Ok((self.offset..self.offset + self.rows).map(|i| bytes[i / 8] >> (i % 8) & 1 == 1).collect())
    }

    /// # Safety
    /// As [`Child::bits`], for buffer 0 if it is not null.
    unsafe fn validity(&self) -> Result<Option<Vec<bool>>, Stop> {
        // SAFETY: `buffers` leads to at least one pointer when `n_buffers` is above zero.
        let absent = self.array.n_buffers < 1 || unsafe { *self.array.buffers }.is_null();
        if absent && self.array.null_count > 0 {
            return Err(refuse_column(
                self.name,
                "nulls are announced but not marked",
                "des nuls sont annoncés mais non marqués",
            ));
        }
        if absent || self.array.null_count == 0 {
            return Ok(None);
        }
        // SAFETY: promised by the caller.
        let valid = unsafe { self.bits(0) }?;
        Ok(valid.contains(&false).then_some(valid))
    }

    /// The values; rows with a value that the archive cannot hold are added to `bad`.
    ///
    /// # Safety
    /// The buffers hold what the format and the length promise.
    pub(super) unsafe fn values(&self, format: Format, bad: &mut Vec<BadRow>) -> Result<Values, Stop> {
        // SAFETY: promised by the caller, here and below.
        let valid = unsafe { self.validity() }?;
        let rows = self.rows;
        Ok(match format {
            // SAFETY: as above.
            Format::Text(width) => Values::Text(unsafe { self.texts(width, valid) }?),
            // SAFETY: as above.
            Format::List(lists, items) => Values::TextList(unsafe { self.lists(lists, items, valid.as_deref()) }?),
            // SAFETY: as above.
            Format::Dictionary(indexes, texts) => {
                // SAFETY: as above.
                Values::Text(unsafe { self.dictionary(indexes, texts, valid.as_deref()) }?)
            }
            // SAFETY: as above.
            Format::Bool => Values::Bool(Plain { values: unsafe { self.bits(1) }?, valid }),
            Format::Int(width) => {
                // SAFETY: as above.
                let (values, lossy) = unsafe { self.ints(width) }?;
                self.note(bad, lossy, valid.as_deref());
                Values::Int(Plain { values, valid })
            }
            // SAFETY: as above.
            Format::Float64 => Values::Float(Plain { values: unsafe { self.buffer(1, rows) }?, valid }),
            Format::Float32 => {
                // SAFETY: as above.
                let values: Vec<f32> = unsafe { self.buffer(1, rows) }?;
                Values::Float(Plain { values: values.into_iter().map(f64::from).collect(), valid })
            }
            Format::Days => {
                // SAFETY: as above.
                let days: Vec<i32> = unsafe { self.buffer(1, rows) }?;
                let (values, lossy) = multiplied(days.into_iter().map(i64::from).collect(), DAY);
                self.note(bad, lossy, valid.as_deref());
                Values::Time(Plain { values, valid })
            }
            Format::Time(ticks) => {
                // SAFETY: as above.
                let (values, lossy) = micros(unsafe { self.buffer(1, rows) }?, ticks);
                self.note(bad, lossy, valid.as_deref());
                Values::Time(Plain { values, valid })
            }
        })
    }

    fn note(&self, bad: &mut Vec<BadRow>, rows: Vec<usize>, valid: Option<&[bool]>) {
        let held = rows.into_iter().filter(|row| valid.is_none_or(|v| v[*row]));
        bad.extend(held.map(|row| BadRow { row, reason: format!("bad_{}", self.name) }));
    }

    /// # Safety
    /// Buffer 1 holds `offset + rows` values of that width.
    unsafe fn ints(&self, width: Width) -> Result<(Vec<i64>, Vec<usize>), Stop> {
        fn widen<T: Into<i64>>(values: Vec<T>) -> Vec<i64> {
            values.into_iter().map(Into::into).collect()
        }
        let mut lossy = Vec::new();
        // SAFETY: promised by the caller, for each width.
        let values = unsafe {
            match width {
                Width::I8 => widen(self.buffer::<i8>(1, self.rows)?),
                Width::I16 => widen(self.buffer::<i16>(1, self.rows)?),
                Width::I32 => widen(self.buffer::<i32>(1, self.rows)?),
                Width::I64 => self.buffer(1, self.rows)?,
                Width::U8 => widen(self.buffer::<u8>(1, self.rows)?),
                Width::U16 => widen(self.buffer::<u16>(1, self.rows)?),
                Width::U32 => widen(self.buffer::<u32>(1, self.rows)?),
                Width::U64 => {
                    let wide = self.buffer::<u64>(1, self.rows)?;
                    lossy.extend((0..self.rows).filter(|row| i64::try_from(wide[*row]).is_err()));
                    wide.into_iter().map(|v| v as i64).collect()
                }
            }
        };
        Ok((values, lossy))
    }

    /// # Safety
    /// The buffers hold texts of that width.
    unsafe fn texts(&self, width: TextWidth, valid: Option<Vec<bool>>) -> Result<TextColumn, Stop> {
        if width == TextWidth::Views {
            // SAFETY: promised by the caller.
            return unsafe { self.views(valid.as_deref()) };
        }
        // SAFETY: promised by the caller.
        let offsets = unsafe { self.offsets(width) }?;
        // SAFETY: promised by the caller.
        unsafe { self.text(offsets, valid) }
    }

    /// # Safety
    /// Buffer 1 holds `offset + rows + 1` offsets of that width.
    unsafe fn offsets(&self, width: TextWidth) -> Result<Vec<i64>, Stop> {
        if width == TextWidth::Offsets64 {
            // SAFETY: promised by the caller.
            return unsafe { self.buffer(1, self.rows + 1) };
        }
        // SAFETY: promised by the caller.
        let offsets: Vec<i32> = unsafe { self.buffer(1, self.rows + 1) }?;
        Ok(offsets.into_iter().map(i64::from).collect())
    }

    /// Text views: 16 bytes each, short texts inside, longer ones in one of the buffers that follow.
    ///
    /// # Safety
    /// Buffer 1 holds `offset + rows` views; the last buffer holds the sizes of those between.
    unsafe fn views(&self, valid: Option<&[bool]>) -> Result<TextColumn, Stop> {
        // SAFETY: promised by the caller.
        let views: Vec<[u32; 4]> = unsafe { self.buffer(1, self.rows) }?;
        let blocks = usize::try_from(self.array.n_buffers - 3).unwrap_or_default().min(MAX_ROWS);
        // SAFETY: promised by the caller; the sizes are not shifted by the offset.
        let sizes: Vec<i64> = unsafe { Self { offset: 0, ..*self }.buffer(blocks + 2, blocks) }?;
        let mut column = TextColumn::default();
        for (row, view) in views.into_iter().enumerate() {
            if valid.is_some_and(|v| !v[row]) {
                column.push(None);
                continue;
            }
            let length = view[0] as usize;
            let inside;
            let bytes = if length <= 12 {
                inside = [view[1].to_le_bytes(), view[2].to_le_bytes(), view[3].to_le_bytes()].concat();
                &inside[..length]
            } else {
                let (block, start) = (view[2] as usize, view[3] as usize);
                let outside =
                    || refuse_column(self.name, "a view leads outside its buffer", "une vue sort de son tampon");
                if sizes.get(block).is_none_or(|size| (start + length) as i64 > *size) {
                    return Err(outside());
                }
                // SAFETY: `buffers` leads to `n_buffers` pointers, `block` is below their number less three.
                let pointer = unsafe { *self.array.buffers.add(block + 2) }.cast::<u8>();
                if pointer.is_null() {
                    return Err(outside());
                }
                // SAFETY: inside the size the producer gave for this buffer.
                unsafe { std::slice::from_raw_parts(pointer.add(start), length) }
            };
            let text = std::str::from_utf8(bytes).map_err(|_| {
                let error = FrameError::Column { what: "text is not UTF-8", column: self.name.to_owned(), row };
                bad_text(&error)
            })?;
            self.push(&mut column, Some(text))?;
        }
        Ok(column)
    }

    /// Adds a text that the producer holds once and may name a million times.
    fn push(&self, column: &mut TextColumn, text: Option<&str>) -> Result<(), Stop> {
        column.push(text);
        if column.bytes.len() as i64 > MAX_TEXT_BYTES {
            return Err(refuse_column(self.name, "more than 1 GiB of text", "plus de 1 Gio de texte"));
        }
        Ok(())
    }

    /// # Safety
    /// Buffer 1 holds offsets, child 0 the texts they cut.
    unsafe fn lists(&self, lists: TextWidth, items: TextWidth, valid: Option<&[bool]>) -> Result<TextListColumn, Stop> {
        // SAFETY: promised by the caller.
        let offsets = unsafe { self.offsets(lists) }?;
        let child = if self.array.n_children == 1 && !self.array.children.is_null() {
            // SAFETY: `children` leads to `n_children` pointers.
            unsafe { (*self.array.children).as_ref() }
        } else {
            None
        };
        let child = child.ok_or_else(|| refuse_column(self.name, "a list without items", "une liste sans éléments"))?;
        // SAFETY: promised by the caller.
        let texts = unsafe { self.inner(child, items) }?;
        if offsets[0] < 0 || offsets.windows(2).any(|w| w[1] < w[0]) || offsets[self.rows] > texts.len() as i64 {
            return Err(refuse_column(
                self.name,
                "lists run backwards or beyond their items",
                "des listes reculent ou dépassent leurs éléments",
            ));
        }
        let mut column = TextListColumn::default();
        for row in 0..self.rows {
            let span = offsets[row] as usize..offsets[row + 1] as usize;
            // A null item is no item.
            column.push(valid.is_none_or(|v| v[row]).then(|| span.filter_map(|item| texts.get(item))));
        }
        Ok(column)
    }

    /// # Safety
    /// Buffer 1 holds indexes into the dictionary's texts.
    unsafe fn dictionary(&self, indexes: Width, texts: TextWidth, valid: Option<&[bool]>) -> Result<TextColumn, Stop> {
        // SAFETY: promised by the caller.
        let (indexes, _) = unsafe { self.ints(indexes) }?;
        // SAFETY: the pointer is null or leads to an array filled by the producer.
        let texts_array = unsafe { self.array.dictionary.as_ref() };
        let texts_array = texts_array.ok_or_else(|| refuse_column(self.name, "no dictionary", "aucun dictionnaire"))?;
        // SAFETY: promised by the caller.
        let texts = unsafe { self.inner(texts_array, texts) }?;
        let mut column = TextColumn::default();
        for (row, index) in indexes.into_iter().enumerate() {
            if valid.is_some_and(|v| !v[row]) {
                column.push(None);
                continue;
            }
            let index = usize::try_from(index).ok().filter(|i| *i < texts.len()).ok_or_else(|| {
                refuse_column(
                    self.name,
                    &format!("row {row} points outside the dictionary"),
                    &format!("la ligne {row} sort du dictionnaire"),
                )
            })?;
            self.push(&mut column, texts.get(index))?;
        }
        Ok(column)
    }

    /// The texts behind lists or a dictionary.
    ///
    /// # Safety
    /// `array` holds texts of that width.
    unsafe fn inner(&self, array: &ArrowArray, width: TextWidth) -> Result<TextColumn, Stop> {
        let length = usize::try_from(array.length).ok().filter(|n| *n <= MAX_ITEMS);
        let length = length.ok_or_else(|| {
            refuse_column(
                self.name,
                &format!("{} texts inside; at most {MAX_ITEMS} are allowed", array.length),
                &format!("{} textes à l'intérieur ; {MAX_ITEMS} au plus sont permis", array.length),
            )
        })?;
        let texts = Child::new(self.name, array, length)?;
        // SAFETY: promised by the caller, here and below.
        let valid = unsafe { texts.validity() }?;
        // SAFETY: as above.
        unsafe { texts.texts(width, valid) }
    }

    /// # Safety
    /// Buffer 2 holds as many bytes as the last offset says.
    unsafe fn text(&self, mut offsets: Vec<i64>, valid: Option<Vec<bool>>) -> Result<TextColumn, Stop> {
        let first = offsets.first().copied().unwrap_or_default();
        let last = offsets.last().copied().unwrap_or_default();
        // Order is checked before the bytes are touched: a lie about the length often shows here.
        if first < 0 || last - first > MAX_TEXT_BYTES || offsets.windows(2).any(|w| w[1] < w[0]) {
            let row = offsets.windows(2).position(|w| w[1] < w[0]).unwrap_or_default();
            return Err(refuse_column(
                self.name,
                &format!("offsets run backwards at row {row}"),
                &format!("les positions reculent à la ligne {row}"),
            ));
        }
        let start = Self { offset: first as usize, ..*self };
        // SAFETY: promised by the caller.
        let bytes: Vec<u8> = unsafe { start.buffer(2, (last - first) as usize) }?;
        for offset in &mut offsets {
            *offset -= first;
        }
        check_text(self.name, &offsets, &bytes).map_err(|error| bad_text(&error))?;
        Ok(TextColumn { offsets, bytes, valid })
    }
}

fn bad_text(error: &FrameError) -> Stop {
    refuse(format!("bad text from the plugin: {error}"), format!("texte défectueux venu du greffon : {error}"))
}

/// Times as microseconds, and the rows that no microsecond can say. What lies below a microsecond is cut off: no
/// platform tells time that finely.
fn micros(values: Vec<i64>, ticks: i64) -> (Vec<i64>, Vec<usize>) {
    if ticks > 1_000_000 {
        return (values.into_iter().map(|value| value.div_euclid(ticks / 1_000_000)).collect(), Vec::new());
    }
    multiplied(values, 1_000_000 / ticks)
}

/// The products, and the rows in which they do not fit.
fn multiplied(values: Vec<i64>, factor: i64) -> (Vec<i64>, Vec<usize>) {
    let mut lossy = Vec::new();
    let convert = |(row, value): (usize, i64)| {
        value.checked_mul(factor).unwrap_or_else(|| {
            lossy.push(row);
            0
        })
    };
    let products = values.into_iter().enumerate().map(convert).collect();
    (products, lossy)
}
