//! Doors for the fuzz targets in `fuzz/`: what a plugin gives, as bytes that mean anything.

use std::ffi::{CStr, c_void};

use vigie_plugin::abi::{ArrowArray, ArrowSchema};

use crate::import;
use crate::json_rows;
use crate::table;

/// Bytes behind every buffer: no offset made here leads further.
const ROOM: usize = 1 << 15;
/// More than the longest length, the largest offset and the one at the end together.
const MOST_OFFSETS: usize = 512;

/// Takes rows as JSON; the first byte chooses the table.
pub fn json_rows(data: &[u8]) {
    let Some((choice, json)) = data.split_first() else { return };
    let tables = vigie_model::table::TABLES;
    let table = tables[*choice as usize % tables.len()].name;
    if let Ok((mut batch, _)) = json_rows::parse(table, json) {
        assert!(batch.columns.iter().all(|c| c.values.len() == batch.rows));
        let rows = batch.rows;
        let fitted = table::fit(&mut batch, Vec::new()).expect("JSON rows are of their table's types");
        assert_eq!(batch.rows + fitted.rejects.len(), rows);
        crosses_the_pipe(&batch);
    }
}

/// What was taken reaches the host as it is.
fn crosses_the_pipe(batch: &crate::batch::Batch) {
    let mut payload = Vec::new();
    crate::frame::encode_rows(batch, 0, batch.rows, &mut payload);
    let arrived = crate::frame::decode_batch(&payload).expect("a batch that was taken can be sent");
    // NaN is not itself: what it looks like is compared.
    assert_eq!(format!("{arrived:?}"), format!("{batch:?}"));
}

/// Takes Arrow arrays whose numbers and bytes are anything, but whose buffers are as long as they must be: the C
/// interface carries no lengths, so a lie about those costs the child and cannot be found out.
pub fn c_arrays(data: &[u8]) {
    let mut source = Source { data };
    let rows = i64::from(source.byte() % 65);
    let columns = usize::from(source.byte() % 6);
    let mut schemas: Vec<Box<ArrowSchema>> = Vec::new();
    let mut arrays: Vec<Made> = Vec::new();
    for _ in 0..columns {
        let (schema, array) = column(&mut source, rows, 0);
        schemas.push(schema);
        arrays.push(array);
    }
    let mut pointers: Vec<*mut ArrowSchema> = schemas.iter_mut().map(|s| &raw mut **s).collect();
    let mut schema = ArrowSchema::empty();
    schema.format = c"+s".as_ptr();
    schema.n_children = columns as i64;
    schema.children = pointers.as_mut_ptr();
    let mut children: Vec<*mut ArrowArray> = arrays.iter_mut().map(|a| &raw mut *a.array).collect();
    let mut array = ArrowArray::empty();
    array.length = rows;
    array.n_children = columns as i64;
    array.children = children.as_mut_ptr();
    // SAFETY: every pointer leads to memory that lives until the end of this function, long enough for any number
    // made here.
    let taken = unsafe { import::layout(&schema).and_then(|layout| import::batch(&layout, &array, "mentions/1")) };
    for schema in schemas {
        free_schema(*schema);
    }
    let Ok((mut batch, bad)) = taken else { return };
    assert!(batch.columns.iter().all(|c| c.values.len() == batch.rows));
    if let Ok(fitted) = table::fit(&mut batch, bad) {
        assert_eq!(batch.rows + fitted.rejects.len(), rows as usize);
        crosses_the_pipe(&batch);
    }
}

struct Source<'a> {
    data: &'a [u8],
}

impl Source<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.data.split_first() else { return 0 };
        self.data = rest;
        *first
    }

    /// A buffer with `count` values of `size` bytes from the data, and room behind.
    fn buffer(&mut self, count: usize, size: usize) -> Vec<u64> {
        let wanted = (count * size).min(self.data.len());
        let (taken, rest) = self.data.split_at(wanted);
        self.data = rest;
        let mut bytes = taken.to_vec();
        bytes.resize(ROOM, 0);
        bytes.as_chunks::<8>().0.iter().map(|c| u64::from_le_bytes(*c)).collect()
    }

    /// Offsets that lead into the room and may run backwards, and as many more as any length made here may ask for.
    fn offsets(&mut self, count: usize, wide: bool) -> Vec<u64> {
        let mut last = 0_i64;
        let mut offsets: Vec<i64> = (0..count)
            .map(|_| {
                last += i64::from(self.byte() as i8 >> 1).max(-2);
                last
            })
            .collect();
        offsets.resize(count.max(MOST_OFFSETS), last);
        if wide {
            return offsets.into_iter().map(|o| o as u64).collect();
        }
        let narrow: Vec<u8> = offsets.into_iter().flat_map(|o| (o as i32).to_le_bytes()).chain([0; 8]).collect();
        narrow.as_chunks::<8>().0.iter().map(|c| u64::from_le_bytes(*c)).collect()
    }
}

/// An array with everything it points at.
struct Made {
    array: Box<ArrowArray>,
    _buffers: Vec<Vec<u64>>,
    _pointers: Vec<*const c_void>,
    _inner: Vec<Made>,
    _children: Vec<*mut ArrowArray>,
}

const FORMATS: [&CStr; 20] = [
    c"u", c"U", c"vu", c"b", c"c", c"s", c"i", c"l", c"C", c"S", c"I", c"L", c"f", c"g", c"tdD", c"tss:UTC",
    c"tsu:UTC", c"+l", c"+L", c"z",
];
const NAMES: [&CStr; 8] =
    [c"native_id", c"platform", c"kind", c"published_at", c"likes", c"hashtags", c"author_verified", c"x_mine"];

fn column(source: &mut Source<'_>, rows: i64, depth: u8) -> (Box<ArrowSchema>, Made) {
    let format = FORMATS[source.byte() as usize % FORMATS.len()];
    let offset = usize::from(source.byte() % 9);
    let count = rows as usize + offset + 1;
    let mut schema = Box::new(ArrowSchema::empty());
    schema.format = format.as_ptr();
    schema.name = NAMES[source.byte() as usize % NAMES.len()].as_ptr();
    let flags = source.byte();
    let validity = source.buffer(count, 1);
    let mut buffers = vec![validity];
    match format.to_bytes() {
        b"u" | b"z" | b"+l" => buffers.push(source.offsets(count, false)),
        b"U" | b"+L" => buffers.push(source.offsets(count, true)),
        b"vu" => buffers.push(source.buffer(count, 16)),
        _ => buffers.push(source.buffer(count, 8)),
    }
    if matches!(format.to_bytes(), b"u" | b"U" | b"z" | b"vu") {
        buffers.push(source.buffer(64, 1));
    }
    if format.to_bytes() == b"vu" {
        buffers.push(vec![ROOM as u64; 4]);
    }
    let mut inner = Vec::new();
    let mut children = Vec::new();
    let mut array = Box::new(ArrowArray::empty());
    let lists = format.to_bytes().starts_with(b"+");
    if (lists || flags & 2 != 0) && depth < 2 {
        let length = i64::from(source.byte());
        let (inner_schema, made) = column(source, length, depth + 1);
        let leaked = Box::into_raw(inner_schema);
        inner.push(made);
        let pointer: *mut ArrowArray = &raw mut *inner[0].array;
        if lists {
            schema.n_children = 1;
            schema.children = Box::into_raw(Box::new(leaked));
            children.push(pointer);
            array.n_children = 1;
        } else {
            schema.dictionary = leaked;
            array.dictionary = pointer;
        }
    }
    let mut pointers: Vec<*const c_void> = buffers.iter().map(|b| b.as_ptr().cast()).collect();
    if flags & 1 == 0 {
        pointers[0] = std::ptr::null();
    }
    array.length = if flags & 4 == 0 { rows } else { i64::from(flags) - 8 };
    array.null_count = i64::from(flags as i8 >> 6);
    array.offset = offset as i64;
    array.n_buffers = pointers.len() as i64 - i64::from(flags & 8 != 0);
    array.buffers = pointers.as_mut_ptr();
    array.children = children.as_mut_ptr();
    (schema, Made { array, _buffers: buffers, _pointers: pointers, _inner: inner, _children: children })
}

fn free_schema(schema: ArrowSchema) {
    // SAFETY: both were leaked by `column`, once.
    unsafe {
        if !schema.children.is_null() {
            free_schema(*Box::from_raw(*Box::from_raw(schema.children)));
        }
        if !schema.dictionary.is_null() {
            free_schema(*Box::from_raw(schema.dictionary));
        }
    }
}
