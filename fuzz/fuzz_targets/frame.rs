//! The host's side of the pipe: bytes that a plugin may have written into it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_plugin_host::frame::{decode_batch, encode_rows, numbers, parse_header};

fuzz_target!(|data: &[u8]| {
    if let Some(header) = data.first_chunk() {
        let _ = parse_header(*header);
    }
    let _ = numbers::<3>(data);
    if let Ok(batch) = decode_batch(data) {
        assert!(batch.columns.iter().all(|c| c.values.len() == batch.rows));
        let mut bytes = Vec::new();
        encode_rows(&batch, 0, batch.rows, &mut bytes);
        let again = decode_batch(&bytes).expect("what was decoded can be encoded");
        // NaN is not itself: its bytes are compared.
        assert_eq!(format!("{again:?}"), format!("{batch:?}"));
    }
});
