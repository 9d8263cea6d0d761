//! Arrow C structures made from finished columns; no Arrow crate. Only producing lives here, the host consumes.

use std::ffi::{CStr, c_void};

use crate::abi::{ArrowArray, ArrowSchema};
use crate::columns::{Buffer, FIELDS, Finished};

const NULLABLE: i64 = 2;

struct SchemaHolder {
    children: Vec<*mut ArrowSchema>,
}

struct ArrayHolder {
    _buffers: Vec<Buffer>,
    pointers: Vec<*const c_void>,
    children: Vec<*mut ArrowArray>,
}

fn schema_of(name: &CStr, format: &CStr, children: Vec<*mut ArrowSchema>) -> ArrowSchema {
    let mut schema = ArrowSchema::empty();
    schema.format = format.as_ptr();
    schema.name = name.as_ptr();
    schema.flags = NULLABLE;
    schema.n_children = children.len() as i64;
    if !children.is_empty() {
        let mut holder = Box::new(SchemaHolder { children });
        schema.children = holder.children.as_mut_ptr();
        schema.private_data = Box::into_raw(holder).cast();
    }
    schema.release = Some(release_schema);
    schema
}

/// The schema of a batch of mentions.
pub(crate) fn schema() -> ArrowSchema {
    let leaked = |schema: ArrowSchema| Box::into_raw(Box::new(schema));
    let fields = FIELDS.iter().map(|(name, format)| {
        let items = if *format == c"+l" { vec![leaked(schema_of(c"item", c"u", Vec::new()))] } else { Vec::new() };
        leaked(schema_of(name, format, items))
    });
    let mut schema = schema_of(c"", c"+s", fields.collect());
    schema.flags = 0;
    schema
}

/// One batch of `rows` rows.
pub(crate) fn array(rows: usize, columns: Vec<Finished>) -> ArrowArray {
    let children = columns.into_iter().map(|c| Box::into_raw(Box::new(column(c)))).collect();
    filled(rows, 0, Vec::new(), vec![std::ptr::null()], children)
}

fn column(finished: Finished) -> ArrowArray {
    let mut pointers = vec![finished.validity.as_ref().map_or(std::ptr::null(), Buffer::as_ptr)];
    pointers.extend(finished.buffers.iter().map(Buffer::as_ptr));
    let buffers = finished.validity.into_iter().chain(finished.buffers).collect();
    let items = finished.items.map(|items| Box::into_raw(Box::new(column(*items)))).into_iter().collect();
    filled(finished.rows, finished.nulls as i64, buffers, pointers, items)
}

fn filled(
    rows: usize,
    nulls: i64,
    buffers: Vec<Buffer>,
    pointers: Vec<*const c_void>,
    children: Vec<*mut ArrowArray>,
) -> ArrowArray {
    let mut holder = Box::new(ArrayHolder { _buffers: buffers, pointers, children });
    let mut array = ArrowArray::empty();
    array.length = rows as i64;
    array.null_count = nulls;
    array.n_buffers = holder.pointers.len() as i64;
    array.n_children = holder.children.len() as i64;
    array.buffers = holder.pointers.as_mut_ptr();
    array.children = holder.children.as_mut_ptr();
    array.private_data = Box::into_raw(holder).cast();
    array.release = Some(release_array);
    array
}

unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: the consumer gives back a structure made by `schema`, not yet released.
    let Some(schema) = (unsafe { schema.as_mut() }) else { return };
    if !schema.private_data.is_null() {
        // SAFETY: `private_data` is the holder that `schema` leaked.
        let holder = unsafe { Box::from_raw(schema.private_data.cast::<SchemaHolder>()) };
        for child in &holder.children {
            // SAFETY: each child was leaked by `schema`; its release is null when the consumer moved it out.
            let mut child = unsafe { Box::from_raw(*child) };
            if let Some(release) = child.release {
                // SAFETY: as above, not yet released.
                unsafe { release(&raw mut *child) }
            }
        }
    }
    schema.release = None;
}

unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: the consumer gives back a structure made by `filled`, not yet released.
    let Some(array) = (unsafe { array.as_mut() }) else { return };
    if !array.private_data.is_null() {
        // SAFETY: `private_data` is the holder that `filled` leaked.
        let holder = unsafe { Box::from_raw(array.private_data.cast::<ArrayHolder>()) };
        for child in &holder.children {
            // SAFETY: each child was leaked by `array`; its release is null when the consumer moved it out.
            let mut child = unsafe { Box::from_raw(*child) };
            if let Some(release) = child.release {
                // SAFETY: as above, not yet released.
                unsafe { release(&raw mut *child) }
            }
        }
    }
    array.release = None;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::MentionColumns;
    use crate::mention::Mention;

    #[test]
    fn a_batch_can_be_read_and_released() {
        let mut columns = MentionColumns::default();
        columns.push(&Mention { native_id: "a", text: Some("é"), ..Mention::default() });
        let mut array = array(1, columns.finish());
        let mut schema = schema();
        assert_eq!(array.n_children, schema.n_children);
        assert_eq!(array.length, 1);
        // SAFETY: the structures were just made; child 0 is `native_id` with three buffers.
        unsafe {
            let child = &**array.children;
            let bytes = *child.buffers.add(2);
            assert_eq!(*bytes.cast::<u8>(), b'a');
            release_array(&raw mut array);
            release_schema(&raw mut schema);
        }
        assert!(array.release.is_none() && schema.release.is_none());
    }
}
