//! From Arrow C structures to validated columns, in the child.
//!
//! The interface carries no buffer sizes, so validation cannot prove that memory is there: row limits are checked
//! before any buffer is touched, and a lie beyond that costs the child, not the host.

use std::ffi::CStr;

use vigie_plugin::abi::{ArrowArray, ArrowSchema};

use crate::batch::{Batch, Column, MAX_COLUMNS, MAX_NAME, MAX_ROWS};
use crate::stop::Stop;
use crate::table::{self, BadRow};

mod array;
#[cfg(test)]
mod tests;

use array::Child;

/// Storage of an accepted column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Text(TextWidth),
    /// Lists of texts, by the width of their offsets and that of their texts'.
    List(TextWidth, TextWidth),
    /// Texts by number: the width of the numbers and that of the texts' offsets.
    Dictionary(Width, TextWidth),
    Bool,
    Int(Width),
    Float32,
    Float64,
    Days,
    /// Ticks per second.
    Time(i64),
}

/// Width of the offsets of texts or lists, or views in their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextWidth {
    Offsets32,
    Offsets64,
    Views,
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
        // SAFETY: as above.
        fields.push((name.to_owned(), unsafe { field(name, format, child) }?));
    }
    Ok(Layout { fields })
}

/// # Safety
/// `schema` was filled by a producer that keeps the Arrow C data rules.
unsafe fn field(name: &str, format: &str, schema: &ArrowSchema) -> Result<Format, Stop> {
    // SAFETY: promised by the caller.
    if let Some(texts) = unsafe { schema.dictionary.as_ref() } {
        let indexes = parse_format(name, format)?;
        // SAFETY: as above.
        let texts = parse_format(name, unsafe { c_text(texts.format) }?)?;
        return match (indexes, texts) {
            (Format::Int(indexes), Format::Text(texts)) => Ok(Format::Dictionary(indexes, texts)),
            _ => Err(refuse_column(
                name,
                "a dictionary must be of text, its indexes whole numbers",
                "un dictionnaire doit contenir des textes, ses indices être entiers",
            )),
        };
    }
    let lists = match format {
        "+l" => TextWidth::Offsets32,
        "+L" => TextWidth::Offsets64,
        _ => return parse_format(name, format),
    };
    let of_text = || refuse_column(name, "a list must be of text", "une liste doit contenir des textes");
    if schema.n_children != 1 || schema.children.is_null() {
        return Err(of_text());
    }
    // SAFETY: `children` leads to one pointer.
    let items = unsafe { (*schema.children).as_ref() }.filter(|s| s.dictionary.is_null()).ok_or_else(of_text)?;
    // SAFETY: as above.
    match parse_format(name, unsafe { c_text(items.format) }?)? {
        Format::Text(items) => Ok(Format::List(lists, items)),
        _ => Err(of_text()),
    }
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
        "u" => Format::Text(TextWidth::Offsets32),
        "U" => Format::Text(TextWidth::Offsets64),
        "vu" => Format::Text(TextWidth::Views),
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

/// Copies and validates one batch; the rows that hold a value the archive cannot hold are named.
///
/// # Safety
/// `array` was filled by a producer that keeps the Arrow C data rules for the schema `layout` was read from.
pub(crate) unsafe fn batch(
    layout: &Layout,
    array: &ArrowArray,
    table_name: &str,
) -> Result<(Batch, Vec<BadRow>), Stop> {
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
    let mut bad = Vec::new();
    for (index, (name, format)) in layout.fields.iter().enumerate() {
        // SAFETY: `children` leads to `n_children` pointers.
        let child = unsafe { (*array.children.add(index)).as_ref() };
        let child = child.ok_or_else(|| refuse_column(name, "no array", "aucun tableau"))?;
        if child.length == array.length && (rows == 0 || child.null_count == child.length) {
            // Nothing in it: its name is checked, its buffers are not read. Most columns of most sources are so.
            table::given_type(table::named(table_name)?, name)?;
            continue;
        }
        // SAFETY: promised by the caller.
        let values = unsafe { Child::new(name, child, rows)?.values(*format, &mut bad) }?;
        columns.push(Column { name: name.clone(), values });
    }
    Ok((Batch { table: table_name.to_owned(), rows, columns }, bad))
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
