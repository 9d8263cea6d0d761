//! Arrow arrays whose numbers mean anything.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| vigie_plugin_host::fuzzing::c_arrays(data));
