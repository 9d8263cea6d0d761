//! From Arrow C structures to validated columns, in the child.
//!
//! The interface carries no buffer sizes, so validation cannot prove that memory is there: row limits are checked
//! before any buffer is touched, and a lie beyond that costs the child, not the host.

use std::ffi::CStr;

use vigie_plugin::abi::{ArrowArray, ArrowSchema};

use crate::batch::{Batch, Column, MAX_COLUMNS, MAX_NAME, MAX_ROWS, Plain, TextColumn, Values};
use crate::frame::check_text;
use crate::stop::Stop;

/// Most bytes of text in one column of one batch.
const MAX_TEXT_BYTES: i64 = 1 << 30;

/// Storage of an accepted column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Text32,
    Text64,
    Bool,
    Int(Width),
    Float32,
    Float64,
    Days,
    /// Ticks per second.
    Time(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

/// Names and storage of a stream's columns.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    fields: Vec<(String, Format)>,
}

fn refuse(en: impl Into<String>, fr: impl Into<String>) -> Stop {
    Stop::new("P501", en, fr)
}

fn refuse_column(name: &str, en: &str, fr: &str) -> Stop {
    refuse(format!("column `{name}`: {en}"), format!("colonne `{name}` : {fr}"))
}

/// Text of a C pointer, null as empty.
///
/// # Safety
/// `text` is null or NUL-terminated.
unsafe fn c_text<'a>(text: *const std::ffi::c_char) -> Result<&'a str, Stop> {
    if text.is_null() {
        return Ok("");
    }
    // SAFETY: promised by the caller.
    unsafe { CStr::from_ptr(text) }.to_str().map_err(|_| refuse("a name is not UTF-8", "un nom n'est pas en UTF-8"))
}

/// Reads the schema of a stream.
///
/// # Safety
/// `schema` was filled by a producer that keeps the Arrow C data rules.
pub(crate) unsafe fn layout(schema: &ArrowSchema) -> Result<Layout, Stop> {
    // SAFETY: promised by the caller.
    if unsafe { c_text(schema.format) }? != "+s" {
        return Err(refuse("the stream's schema is not a struct", "le schéma du flux n'est pas une structure"));
    }
    let count = usize::try_from(schema.n_children).unwrap_or(usize::MAX);
    if count == 0 || count > MAX_COLUMNS || schema.children.is_null() {
        return Err(refuse(
            format!("a schema of {} columns", schema.n_children),
            format!("un schéma de {} colonnes", schema.n_children),
        ));
    }
    let mut fields: Vec<(String, Format)> = Vec::with_capacity(count);
    for index in 0..count {
        // SAFETY: `children` leads to `n_children` pointers.
        let child = unsafe { (*schema.children.add(index)).as_ref() };
        let child = child.ok_or_else(|| refuse("a column without schema", "une colonne sans schéma"))?;
        // SAFETY: as above.
        let (name, format) = unsafe { (c_text(child.name)?, c_text(child.format)?) };
        if name.is_empty() || name.len() > MAX_NAME {
            return Err(refuse("a column name is empty or too long", "un nom de colonne est vide ou trop long"));
        }
        if fields.iter().any(|(other, _)| other == name) {
            return Err(refuse(
                format!("two columns are named `{name}`"),
                format!("deux colonnes se nomment `{name}`"),
            ));
        }
        if !child.dictionary.is_null() {
            return Err(refuse_column(
                name,
                "dictionary columns are not taken yet",
                "les colonnes à dictionnaire ne sont pas encore reçues",
            ));
        }
        fields.push((name.to_owned(), parse_format(name, format)?));
    }
    Ok(Layout { fields })
}

fn parse_format(name: &str, format: &str) -> Result<Format, Stop> {
    if let Some((unit, zone)) = format.strip_prefix("ts").and_then(|rest| rest.split_once(':')) {
        if zone.is_empty() {
            return Err(refuse_column(
                name,
                "times without a zone are refused",
                "les instants sans fuseau sont refusés",
            ));
        }
        let ticks = match unit {
            "s" => 1,
            "m" => 1_000,
            "u" => 1_000_000,
            "n" => 1_000_000_000,
            _ => return Err(refuse_column(name, "unknown unit of time", "unité de temps inconnue")),
        };
        return Ok(Format::Time(ticks));
    }
    Ok(match format {
        "u" => Format::Text32,
        "U" => Format::Text64,
        "b" => Format::Bool,
        "c" => Format::Int(Width::I8),
        "s" => Format::Int(Width::I16),
        "i" => Format::Int(Width::I32),
        "l" => Format::Int(Width::I64),
        "C" => Format::Int(Width::U8),
        "S" => Format::Int(Width::U16),
        "I" => Format::Int(Width::U32),
        "L" => Format::Int(Width::U64),
        "f" => Format::Float32,
        "g" => Format::Float64,
        "tdD" => Format::Days,
        other => {
            return Err(refuse_column(
                name,
                &format!("Arrow format `{other}` is not taken"),
                &format!("le format Arrow `{other}` n'est pas reçu"),
            ));
        }
    })
}

/// Copies and validates one batch.
///
/// # Safety
/// `array` was filled by a producer that keeps the Arrow C data rules for the schema `layout` was read from.
pub(crate) unsafe fn batch(layout: &Layout, array: &ArrowArray, table: &str) -> Result<Batch, Stop> {
    let rows = checked_rows(array.length)?;
    if array.offset != 0 || array.null_count > 0 {
        return Err(refuse(
            "a batch with an offset or nulls of its own",
            "un lot avec un décalage ou des nuls propres",
        ));
    }
    if array.n_children != layout.fields.len() as i64 || array.children.is_null() {
        return Err(refuse(
            format!("a batch of {} columns, the schema has {}", array.n_children, layout.fields.len()),
            format!("un lot de {} colonnes, le schéma en a {}", array.n_children, layout.fields.len()),
        ));
    }
    let mut columns = Vec::with_capacity(layout.fields.len());
    for (index, (name, format)) in layout.fields.iter().enumerate() {
        // SAFETY: `children` leads to `n_children` pointers.
        let child = unsafe { (*array.children.add(index)).as_ref() };
        let child = child.ok_or_else(|| refuse_column(name, "no array", "aucun tableau"))?;
        // SAFETY: promised by the caller.
        let values = unsafe { Child::new(name, child, rows)?.values(*format) }?;
        columns.push(Column { name: name.clone(), values });
    }
    Ok(Batch { table: table.to_owned(), rows, columns })
}

fn checked_rows(length: i64) -> Result<usize, Stop> {
    usize::try_from(length).ok().filter(|rows| *rows <= MAX_ROWS).ok_or_else(|| {
        Stop::new(
            "P315",
            format!("a batch of {length} rows; at most {MAX_ROWS} are allowed"),
            format!("un lot de {length} lignes ; {MAX_ROWS} au plus sont permises"),
        )
    })
}

struct Child<'a> {
    name: &'a str,
    array: &'a ArrowArray,
    rows: usize,
    offset: usize,
}

impl<'a> Child<'a> {
    fn new(name: &'a str, array: &'a ArrowArray, rows: usize) -> Result<Self, Stop> {
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

    /// # Safety
    /// The buffers hold what the format and the length promise.
    unsafe fn values(&self, format: Format) -> Result<Values, Stop> {
        // SAFETY: promised by the caller, here and below.
        let valid = unsafe { self.validity() }?;
        let rows = self.rows;
        Ok(match format {
            Format::Text32 => {
                // SAFETY: as above.
                let offsets: Vec<i32> = unsafe { self.buffer(1, rows + 1) }?;
                // SAFETY: as above.
                Values::Text(unsafe { self.text(offsets.into_iter().map(i64::from).collect(), valid) }?)
            }
            // SAFETY: as above.
            Format::Text64 => Values::Text(unsafe { self.text(self.buffer(1, rows + 1)?, valid) }?),
            // SAFETY: as above.
            Format::Bool => Values::Bool(Plain { values: unsafe { self.bits(1) }?, valid }),
            // SAFETY: as above.
            Format::Int(width) => Values::Int(Plain { values: unsafe { self.ints(width) }?, valid }),
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
                Values::Time(Plain { values: days.into_iter().map(|d| i64::from(d) * 86_400_000_000).collect(), valid })
            }
            Format::Time(ticks) => {
                // SAFETY: as above.
                let values: Vec<i64> = unsafe { self.buffer(1, rows) }?;
                Values::Time(Plain { values: self.micros(values, ticks, valid.as_deref())?, valid })
            }
        })
    }

    fn micros(&self, values: Vec<i64>, ticks: i64, valid: Option<&[bool]>) -> Result<Vec<i64>, Stop> {
        if ticks == 1_000_000 {
            return Ok(values);
        }
        let convert = |(row, value): (usize, i64)| {
            if ticks > 1_000_000 {
                return Ok(value.div_euclid(ticks / 1_000_000));
            }
            match value.checked_mul(1_000_000 / ticks) {
                Some(micros) => Ok(micros),
                None if valid.is_some_and(|v| !v[row]) => Ok(0),
                None => Err(refuse_column(
                    self.name,
                    &format!("row {row} is no possible time"),
                    &format!("la ligne {row} n'est pas un instant possible"),
                )),
            }
        };
        values.into_iter().enumerate().map(convert).collect()
    }

    /// # Safety
    /// Buffer 1 holds `offset + rows` values of that width.
    unsafe fn ints(&self, width: Width) -> Result<Vec<i64>, Stop> {
        fn widen<T: Into<i64>>(values: Vec<T>) -> Vec<i64> {
            values.into_iter().map(Into::into).collect()
        }
        // SAFETY: promised by the caller, for each width.
        unsafe {
            Ok(match width {
                Width::I8 => widen(self.buffer::<i8>(1, self.rows)?),
                Width::I16 => widen(self.buffer::<i16>(1, self.rows)?),
                Width::I32 => widen(self.buffer::<i32>(1, self.rows)?),
                Width::I64 => self.buffer(1, self.rows)?,
                Width::U8 => widen(self.buffer::<u8>(1, self.rows)?),
                Width::U16 => widen(self.buffer::<u16>(1, self.rows)?),
                Width::U32 => widen(self.buffer::<u32>(1, self.rows)?),
                Width::U64 => {
                    let wide = self.buffer::<u64>(1, self.rows)?;
                    let fits = wide.iter().map(|v| i64::try_from(*v)).collect::<Result<Vec<i64>, _>>();
                    fits.map_err(|_| refuse_column(self.name, "a number above 2^63", "un nombre au-delà de 2^63"))?
                }
            })
        }
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
        check_text(self.name, &offsets, &bytes).map_err(|error| {
            refuse(format!("bad text from the plugin: {error}"), format!("texte défectueux venu du greffon : {error}"))
        })?;
        Ok(TextColumn { offsets, bytes, valid })
    }
}
