//! Rows as JSON, as any plugin may give them.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| vigie_plugin_host::fuzzing::json_rows(data));
